"""Stock on order, samples a year early and a year that begins in April: level by level as in the whole problem."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gigasite.inputs.folders import scenarios_folder
from gigasite.run.agreement import solve_in_agreement
from gigasite.run.by_levels import LevelOptions, solve_by_levels
from gigasite.run.solve_run import _loaded, assemble_loaded
from gigasite.solve.whole import SolverOptions
from gigasite.system.system import System

GAP = 1e-6
ROW = "lead_times.built_before_lead_time__gas_turbine"
SITE = """sites:
  piketon:
    load_ramp_mw: {2028: 800, 2029: 2000, 2031: 3000}
    start_month: {2028: 4, 2029: 8}
    gas: {trunk: false}
    technologies:
      gas_turbine: {delivery_months: 48, construction_months: 12, ordered_mw: {2029: 1082.4}}
      gas_engine: {capacity_max_mw: 700}
      battery: {}
      flexible_load: {}
"""


@pytest.fixture
def system_at(tmp_path: Path) -> Callable[[int], System]:
    path = tmp_path / "short.yaml"
    path.write_text(
        f"extends: {scenarios_folder() / 'base.yaml'}\nname: short\ntitle: Short\n"
        "horizon: {years: [2028, 2029, 2030, 2031], days: 12, resolution_h: 6}\n"
        f"requirements: {{units_lost: 0, price_lead_times: true, clean_share: 0}}\n{SITE}",
        encoding="utf-8",
    )
    loaded = _loaded(path)

    def at(width: int) -> System:
        horizon = loaded.scenario.horizon.model_copy(update={"resolution_h": width})
        return assemble_loaded(replace(loaded, scenario=loaded.scenario.model_copy(update={"horizon": horizon})))

    return at


def test_cost_and_prices_of_a_year_are_those_of_the_whole_problem(system_at: Any) -> None:
    mine, _ = solve_by_levels(system_at, 6, LevelOptions(gap=GAP, processes=1))
    whole = solve_in_agreement(system_at(6), SolverOptions(algorithms=("simplex",)))
    found, known = mine.solution, whole.solution
    assert (found.status, known.status) == ("optimal", "optimal")
    assert known.objective_usd * (1 - 1e-8) <= found.objective_usd <= known.objective_usd * (1 + 1.01 * GAP)
    assert found.bound_usd <= known.objective_usd * (1 + 1e-8)
    waits = [one.values("idle_load.waiting_mw") for one in (found, known)]
    np.testing.assert_allclose(*waits, rtol=1e-3, atol=0.5)
    assert waits[0][0, 0] > 10
    # stock that comes in 2029 is there in 2030 too: only the sum of the two prices is one number
    prices = [(-one.duals(ROW)[0, 0], -one.duals(ROW)[0, 1:].sum()) for one in (found, known)]
    assert min(prices[1]) > 0
    np.testing.assert_allclose(*prices, rtol=1e-4)
