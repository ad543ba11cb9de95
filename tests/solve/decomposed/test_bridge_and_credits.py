"""Bridge power and tax credits, decomposed: the cost of the whole problem."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.solve.decomposed.test_scenarios import assert_agrees, both

from gigasite.inputs.folders import scenarios_folder
from gigasite.run.solve_run import _loaded, assemble_loaded
from gigasite.system.system import System

BRIDGED = """extends: {base}
name: short
horizon: {{years: [2028, 2029, 2030, 2031], days: 6, resolution_h: 24}}
requirements: {{units_lost: 0, build_slots: false}}
sites:
  piketon:
    load_ramp_mw: {{2028: 800, 2029: 1500}}
    gas: {{trunk: false}}
    technologies:
      bridge_power: {{capacity_max_mw: 1000, permit_years: 3}}
      gas_turbine: {{earliest_year: 2031}}
      battery: {{}}
      grid_connection: {{capacity_max_mw: 400}}
"""
CREDITED = """extends: {base}
name: short
horizon: {{years: [2035, 2040], days: 6, resolution_h: 24}}
requirements: {{units_lost: 0, build_slots: false, tax_credits: true}}
sites:
  piketon:
    load_ramp_mw: {{2035: 1000, 2040: 2000}}
    gas: {{trunk: false}}
    technologies:
      combined_cycle: {{machine_class: h_class_2x1_ccs95, construction_months: 12, capacity_max_mw: 500}}
      gas_turbine: {{}}
      small_modular_reactor: {{capex_usd_per_kw: 2500}}
      solar: {{capacity_max_mw: 500}}
      battery: {{capacity_min_mw: 100}}
      grid_connection: {{capacity_max_mw: 400}}
"""


def system_at(path: Path, text: str) -> Callable[[int], System]:
    """The arrays of the scenario at any resolution."""
    path.write_text(text.format(base=scenarios_folder() / "base.yaml"), encoding="utf-8")
    loaded = _loaded(path)

    def at(width: int) -> System:
        horizon = loaded.scenario.horizon.model_copy(update={"resolution_h": width})
        return assemble_loaded(replace(loaded, scenario=loaded.scenario.model_copy(update={"horizon": horizon})))

    return at


def test_a_site_with_bridge_power(tmp_path: Path) -> None:
    mine, whole = both(system_at(tmp_path / "short.yaml", BRIDGED), 6)
    assert_agrees(mine, whole)
    rented = whole.solution.values("bridge_power.capacity_mw")[0]
    assert rented[1] > rented[0] > 100
    assert rented[3] == pytest.approx(0, abs=1e-6)
    assert whole.solution.values("bridge_power.removed_mw")[0, 3] == pytest.approx(rented[2], rel=1e-6)


def test_a_site_with_tax_credits(tmp_path: Path) -> None:
    mine, whole = both(system_at(tmp_path / "short.yaml", CREDITED), 6)
    assert_agrees(mine, whole)
    for solved in (mine, whole):
        assert solved.solution.values("tax_credits.credited_mwh__45y__small_modular_reactor").max() > 1e6
        assert solved.solution.values("tax_credits.produces_mw__small_modular_reactor").max() > 100
