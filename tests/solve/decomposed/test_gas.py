"""Gas contracts, tanks and regions level by level: the cost of the whole problem."""

from __future__ import annotations

from typing import Any

import pytest
from tests.solve.decomposed.test_scenarios import assert_agrees, both, system_at

__all__ = ["system_at"]

GAS = """sites:
  piketon:
    load_ramp_mw: {2030: 600, 2035: 900}
    technologies: {gas_engine: {}, gas_turbine: {}, grid_connection: {capacity_mw: 300}, battery: {}}
    gas:
      basis: hub
      trunk_distance_km: 20
      existing_pipe_mmbtu_per_h: 2000
      transport: {firm_max_mmbtu_per_h: 3000, interruptible_stops_days: 40}
      dual_fuel: {refill_mmbtu_per_day: 20000}
  homer_city:
    load_ramp_mw: {2035: 500}
    gas: {trunk: false}
    technologies: [combined_cycle, gas_engine, grid_connection, battery]
"""
REGION = "gas_regions: {basin: {sites: [piketon, homer_city], limit_bcf_per_day: 0.2}}"


@pytest.mark.parametrize("region", ["", REGION], ids=["contracts and tanks", "a region besides"])
def test_gas_in_blocks_of_a_month_costs_the_same(system_at: Any, region: str) -> None:
    mine, whole = both(system_at(region, sites=GAS, days=24), 24)
    assert_agrees(mine, whole)
    found, known = (each.solution.values("dual_fuel.tank_mmbtu").sum() for each in (mine, whole))
    assert found == pytest.approx(known, rel=1e-2)
    assert known > 0
