"""Permits and the clean share by the hour, decomposed: the cost of the whole problem."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.solve.decomposed.test_scenarios import assert_agrees, both

from gigasite.inputs.folders import scenarios_folder
from gigasite.run.solve_run import _loaded, assemble_loaded
from gigasite.system.system import System

UNDER_PERMITS = """extends: {base}
name: short
horizon: {{years: [2030, 2035], days: 6, resolution_h: 24}}
requirements: {{units_lost: 0, build_slots: false, {requirements}}}
sites:
  piketon:
    load_ramp_mw: {{2030: 1000, 2035: 2000}}
    gas: {{trunk: false}}
    technologies:
      combined_cycle: {{cooling: dry}}
      gas_turbine: {{}}
      small_modular_reactor: {{}}
      solar: {{}}
      battery: {{}}
      backup_generator: {{capacity_mw: 50}}
      grid_connection: {{capacity_max_mw: 400}}
    permits:
      nox_t_per_year: {{2030: 700, 2035: 350}}
      co2_t_per_year: 3.0e+6
      water_m3_per_year: 1.0e+7
      water_withdrawal_m3_per_year: 1.5e+7
      land_ha: 2000
      backup_run_h_per_year: 50
"""
SHARE = "clean_share_hourly: {2035: 0.6}, co2_price_usd_per_t: {2030: 25, 2035: 60}"


def system_at(path: Path, requirements: str) -> Callable[[int], System]:
    """The arrays of the scenario at any resolution."""
    text = UNDER_PERMITS.format(base=scenarios_folder() / "base.yaml", requirements=requirements)
    path.write_text(text, encoding="utf-8")
    loaded = _loaded(path)

    def at(width: int) -> System:
        horizon = loaded.scenario.horizon.model_copy(update={"resolution_h": width})
        return assemble_loaded(replace(loaded, scenario=loaded.scenario.model_copy(update={"horizon": horizon})))

    return at


@pytest.mark.parametrize("requirements", ["", SHARE], ids=["permits", "clean share by the hour"])
def test_a_site_under_permits(tmp_path: Path, requirements: str) -> None:
    mine, whole = both(system_at(tmp_path / "short.yaml", requirements), 6)
    assert_agrees(mine, whole)
    assert whole.solution.duals("permits.nox_within_permit").min() < 0
    if requirements:
        assert whole.solution.duals("clean_share_hourly.matched_at_least_share").min() < 0
