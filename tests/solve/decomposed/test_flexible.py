"""Load that moves and load that gives way: level by level as in the whole problem."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gigasite.inputs.folders import scenarios_folder
from gigasite.run.agreement import solve_in_agreement
from gigasite.run.by_levels import LevelOptions, solve_by_levels
from gigasite.run.solve_run import _loaded, assemble_loaded
from gigasite.solve.whole import SolverOptions
from gigasite.system.system import System

GAP = 1e-6
SITE = """sites:
  piketon:
    load_ramp_mw: {2030: 800, 2031: 1500}
    start_month: {2030: 4}
    gas: {trunk: false}
    grid: {flexible_connection: {curtailed_share: 0.01, headroom_share: 0.05, load_share: 0.7}}
    technologies:
      grid_connection: {}
      gas_turbine: {}
      battery: {}
      flexible_load: {}
      shiftable_load: {shift_share: 0.3, shift_window_h: 12, shift_price_usd_per_mwh: 2, shift_rebound: 0.05}
"""


def test_cost_and_what_moves_are_those_of_the_whole_problem(tmp_path: Path) -> None:
    path = tmp_path / "short.yaml"
    path.write_text(
        f"extends: {scenarios_folder() / 'base.yaml'}\nname: short\ntitle: Short\n"
        "horizon: {years: [2030, 2031], days: 24, resolution_h: 6}\n"
        f"requirements: {{units_lost: 1}}\n{SITE}",
        encoding="utf-8",
    )
    loaded = _loaded(path)

    def at(width: int) -> System:
        horizon = loaded.scenario.horizon.model_copy(update={"resolution_h": width})
        return assemble_loaded(replace(loaded, scenario=loaded.scenario.model_copy(update={"horizon": horizon})))

    mine, history = solve_by_levels(at, 6, LevelOptions(gap=GAP, processes=1))
    whole = solve_in_agreement(at(6), SolverOptions(algorithms=("simplex",)))
    found, known = mine.solution, whole.solution
    assert history[-1].resolution_h == 6
    assert (found.status, known.status) == ("optimal", "optimal")
    assert known.objective_usd * (1 - 1e-8) <= found.objective_usd <= known.objective_usd * (1 + 1.01 * GAP)
    assert found.bound_usd <= known.objective_usd * (1 + 1e-8)
    for name in ("shiftable_load.shifted_down_mw", "flexible_connection.gives_way_mw"):
        values = [one.values(name) for one in (found, known)]
        assert min(each.sum() for each in values) > 1
        np.testing.assert_allclose(*(each.sum(axis=-1) for each in values), rtol=2e-2)
    # two steps of six hours to a window: what moves down in one of them comes back in the other
    moved = found.values("shiftable_load.moved_mwh").reshape(1, 2, -1, 2)
    assert np.abs(moved[..., 1]).max() == pytest.approx(0.0, abs=1e-9)
    assert np.abs(moved[..., 0]).max() > 1
