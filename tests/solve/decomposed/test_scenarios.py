"""Scenarios level by level: the cost of the whole problem, within the gap, and ends that are told for what they are."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gigasite.foundation.errors import InfeasibleScenario, SolverFailure
from gigasite.inputs.folders import scenarios_folder
from gigasite.run.agreement import Solved, solve_in_agreement
from gigasite.run.by_levels import LevelOptions, solve_by_levels
from gigasite.run.solve_run import _loaded, assemble_loaded
from gigasite.solve.decomposed.level import Level
from gigasite.solve.decomposed.memory import Memory
from gigasite.solve.solution import violations_of
from gigasite.solve.whole import SolverOptions, _bound
from gigasite.system.system import System

GAP = 1e-6

SITE = """sites:
  piketon:
    load_ramp_mw: {2030: 2000, 2035: 5000}
    gas: {trunk: false}
    technologies: [combined_cycle, gas_turbine, small_modular_reactor, grid_connection, solar, battery, flexible_load]
"""
TWO_SITES = (
    SITE
    + """  homer_city:
    load_ramp_mw: {2035: 4400}
    gas: {trunk: false}
    technologies: [combined_cycle, gas_turbine, large_reactor, grid_connection, wind, battery]
"""
)
RAMP = "ramp_share_per_hour: {combined_cycle: 0.05, small_modular_reactor: 0.02}"
LOSSES = "survive_trunk_loss: true, survive_grid_loss: true, critical_share: 0.6, outage_survival_h: 72, cold_snap: {}"
REQUIREMENTS = {
    "as it comes": "",
    "carbon cap": "co2_cap_t_per_year: 4000000",
    "clean share": "clean_share: 0.6",
    "minimum take": "minimum_take_share: 0.7",
    "ramps": RAMP,
    "losses": LOSSES,
    "everything": f"co2_cap_t_per_year: 4000000, clean_share: 0.5, minimum_take_share: 0.6, {RAMP}",
}


@pytest.fixture
def system_at(tmp_path: Path) -> Callable[..., Callable[[int], System]]:
    """Writes a short scenario and gives its arrays at any resolution."""

    def write(requirements: str = "", *, sites: str = SITE, days: int = 12, extra: str = "") -> Any:
        path = tmp_path / "short.yaml"
        path.write_text(
            f"extends: {scenarios_folder() / 'base.yaml'}\nname: short\ntitle: Short\n"
            f"horizon: {{years: [2030, 2035], days: {days}, resolution_h: 24}}\n"
            f"requirements: {{units_lost: 1, build_slots: false, {requirements}}}\n{extra}{sites}",
            encoding="utf-8",
        )
        loaded = _loaded(path)

        def at(width: int) -> System:
            horizon = loaded.scenario.horizon.model_copy(update={"resolution_h": width})
            return assemble_loaded(replace(loaded, scenario=loaded.scenario.model_copy(update={"horizon": horizon})))

        return at

    return write


def both(at: Any, resolution_h: int, memory: Memory | None = None) -> tuple[Solved, Solved]:
    options = LevelOptions(gap=GAP, processes=1)
    mine, history = solve_by_levels(at, resolution_h, options, memory=memory)
    assert history[-1].resolution_h == resolution_h
    whole = solve_in_agreement(at(resolution_h), SolverOptions(algorithms=("simplex",)))
    return mine, whole


def assert_agrees(mine: Solved, whole: Solved) -> None:
    found, known = mine.solution, whole.solution
    assert (found.status, known.status) == ("optimal", "optimal")
    assert known.objective_usd * (1 - 1e-8) <= found.objective_usd <= known.objective_usd * (1 + 1.01 * GAP)
    assert found.bound_usd <= known.objective_usd * (1 + 1e-8)
    assert found.gap <= 1.01 * GAP
    scaled = found.lp.scaled()
    broken = violations_of(scaled.lp, found.column_values / scaled.column_factor, in_columns=True)
    assert max(broken.column, broken.row) < 1e-5
    assert _bound(found.lp, found.row_duals) == pytest.approx(found.bound_usd, rel=1e-6)


@pytest.mark.parametrize(
    "requirements", ["", REQUIREMENTS["everything"], LOSSES], ids=["as it comes", "everything", "losses"]
)
def test_a_site_of_daily_means(system_at: Any, requirements: str) -> None:
    mine, whole = both(system_at(requirements), 24)
    assert_agrees(mine, whole)


@pytest.mark.slow
@pytest.mark.parametrize("requirements", REQUIREMENTS.values(), ids=REQUIREMENTS.keys())
@pytest.mark.parametrize(("sites", "days", "resolution_h"), [(SITE, 24, 6), (TWO_SITES, 12, 6), (SITE, 12, 1)])
def test_levels_up_to_the_resolution_asked_for(
    system_at: Any, requirements: str, sites: str, days: int, resolution_h: int
) -> None:
    mine, whole = both(system_at(requirements, sites=sites, days=days), resolution_h)
    assert_agrees(mine, whole)


@pytest.mark.slow
def test_prices_of_power_are_those_of_the_whole_problem(system_at: Any) -> None:
    mine, whole = both(system_at(REQUIREMENTS["clean share"], days=24), 6)
    name = next(group.name for group in mine.solution.lp.rows if group.name.startswith("power_balance."))
    ours, theirs = (np.abs(one.solution.duals(name)).ravel() for one in (mine, whole))
    size = theirs.mean()
    assert np.median(np.abs(ours - theirs)) <= 1e-3 * size
    assert np.quantile(np.abs(ours - theirs), 0.99) <= 0.1 * size


@pytest.mark.slow
def test_days_of_one_month_only(system_at: Any) -> None:
    """One day a year: every yearly sum lies in a single block."""
    mine, whole = both(system_at(REQUIREMENTS["everything"], days=1), 6)
    assert_agrees(mine, whole)


@pytest.mark.slow
def test_what_another_scenario_left_changes_nothing_but_the_time(system_at: Any) -> None:
    memory = Memory()
    solve_by_levels(
        system_at("clean_share: 0.9", sites=TWO_SITES), 6, LevelOptions(gap=GAP, processes=1), memory=memory
    )
    assert memory.recall(6) is not None
    mine, whole = both(system_at(REQUIREMENTS["everything"]), 6, memory)
    assert_agrees(mine, whole)


def test_what_no_plan_can_meet_is_told_with_its_reason(system_at: Any) -> None:
    floor = "    capacity_floor_mw:\n      - {technologies: [combined_cycle], mw: {2035: 5000}}\n"
    at = system_at(sites=SITE + floor + "    capital_budget_usd: 1000\n", days=2)
    with pytest.raises(InfeasibleScenario) as whole:
        solve_in_agreement(at(24), SolverOptions())
    with pytest.raises(InfeasibleScenario) as mine:
        solve_by_levels(at, 24, LevelOptions(gap=GAP, processes=1))
    assert str(mine.value) == str(whole.value)


def test_a_plan_that_cannot_do_without_slack_is_no_answer(system_at: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    improve = Level.improve

    def with_slack(self: Level, *said: Any, **options: Any) -> Any:
        progress = improve(self, *said, **options)
        progress.slack = 0.5
        return progress

    monkeypatch.setattr(Level, "improve", with_slack)
    with pytest.raises((InfeasibleScenario, SolverFailure)):
        solve_by_levels(system_at(days=2), 24, LevelOptions(gap=1e-3, processes=1))


def test_a_time_limit_gives_the_best_plan_marked_with_its_gap(system_at: Any) -> None:
    options = LevelOptions(gap=1e-9, time_limit_s=0.0, processes=1)
    solved, history = solve_by_levels(system_at(), 24, options)
    found = solved.solution
    assert found.status == "limit"
    assert found.gap == pytest.approx((found.objective_usd - found.bound_usd) / found.objective_usd)
    assert found.gap > 1e-9
    assert len(history) >= 1


def test_ctrl_c_gives_the_best_plan_marked(system_at: Any) -> None:
    rounds: list[Any] = []

    def told(*said: Any) -> None:
        rounds.append(said)
        if len(rounds) == 2:
            os.kill(os.getpid(), signal.SIGINT)

    before = signal.getsignal(signal.SIGINT)
    solved, _ = solve_by_levels(system_at(), 24, LevelOptions(gap=1e-9, processes=1, told=told))
    assert solved.solution.status == "interrupted"
    assert len(rounds) <= 4  # the arrays that depend on the plan may be taken again once
    assert signal.getsignal(signal.SIGINT) is before


def test_the_second_ctrl_c_ends_at_once_and_leaves_no_worker(system_at: Any) -> None:
    def told(*_: Any) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        solve_by_levels(system_at(), 24, LevelOptions(gap=1e-9, processes=2, told=told))
    assert multiprocessing.active_children() == []
