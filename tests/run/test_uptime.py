"""Solve, replay, tighten: whole and decomposed end at plans whose replay agrees, or say that it does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from gigasite.inputs.folders import scenarios_folder
from gigasite.results.run import Run
from gigasite.results.sentences import answer
from gigasite.run import uptime
from gigasite.run.agreement import solve_in_agreement
from gigasite.run.replay import replay_run
from gigasite.run.replay.credit import credits_of
from gigasite.run.replay.site_year import Shortage
from gigasite.run.solve_run import assemble_file, solve_scenario
from gigasite.run.uptime import margin_mw, solve_until_kept
from gigasite.solve.whole import SolverOptions

TEXT = """\
horizon: {{years: [2030, 2035], resolution_h: 24}}
solve: {{method: {method}, gap: 1.0e-5}}
requirements: {{uptime: 0.999, reserve_margin: 0, units_lost: 0}}
sites:
  piketon:
    load_ramp_mw: {{2030: 300, 2035: 500}}
    gas: {{trunk: false}}
    technologies: {{gas_engine: {{}}, grid_connection: {{capacity_max_mw: 100}}, battery: {{}}}}
"""


def solved(folder: Path, method: str = "whole", extra: str = "") -> Run:
    path = folder / "short.yaml"
    base = scenarios_folder() / "base.yaml"
    path.write_text(f"extends: {base}\nname: short\n{TEXT.format(method=method)}{extra}", encoding="utf-8")
    return solve_scenario(path, results=folder / "results")


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Run]:
    made: dict[str, Run] = {}

    def solve(method: str) -> Run:
        if method not in made:
            made[method] = solved(tmp_path_factory.mktemp(method), method)
        return made[method]

    return solve


@pytest.mark.parametrize("method", ["whole", "decomposed"])
def test_the_plan_is_tightened_until_its_replay_agrees(method: str, runs: Callable[[str], Run]) -> None:
    run = runs(method)
    turns, found = run.table("uptime_turns"), run.table("replay")
    assert run.manifest["method"] == method
    assert run.manifest["checks_passed"]
    assert turns["availability_low"].iloc[0] < 0.999 <= found["availability_low"].min()
    assert 1 < len(turns) <= uptime.MOST_TURNS
    assert turns["objective_usd"].is_monotonic_increasing


def test_whole_and_decomposed_pay_the_same_for_the_uptime(runs: Callable[[str], Run]) -> None:
    whole, decomposed = (runs(method) for method in ("whole", "decomposed"))
    assert decomposed.manifest["objective_usd"] == pytest.approx(whole.manifest["objective_usd"], rel=5e-4)


def test_a_replay_of_the_run_finds_what_the_solve_found(runs: Callable[[str], Run]) -> None:
    run = runs("whole")
    before = run.table("replay")
    years, seed = int(before["outage_years"].iloc[0]), int(before["seed"].iloc[0])
    again = replay_run(run, years=years, seed=seed).table
    assert again.equals(run.table("replay"))
    for column in ("availability", "unserved_mwh_per_year", "events_per_year"):
        assert again[column].tolist() == pytest.approx(before[column].tolist(), rel=1e-6)


def test_another_seed_finds_the_uptime_kept_too(runs: Callable[[str], Run]) -> None:
    found = replay_run(runs("whole"), years=4_000, seed=77).table
    assert (found["availability"] >= 0.999).all()


def test_the_answer_says_what_the_uptime_costs(runs: Callable[[str], Run]) -> None:
    told = answer(runs("whole"))
    (first,) = [sentence for sentence in told if sentence.startswith("Uptime: 99.9 % of the hours is asked for.")]
    assert "In 1,000 replayed outage years the worst, piketon in" in first
    (cost,) = [sentence for sentence in told if sentence.startswith("It took ")]
    assert "of present value more than the plan without it" in cost
    assert "for a nine" in cost
    assert "The plan keeps its uptime, but is not proven the cheapest of all plans that do." in told


def test_an_uptime_that_is_not_reached_fails_its_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uptime, "MOST_TURNS", 0)
    run = solved(tmp_path)
    assert not run.manifest["checks_passed"]
    failed = run.checks[~run.checks["passed"]]
    assert failed["check"].tolist() == ["uptime_is_kept"]


def test_a_plan_that_keeps_its_uptime_at_once_is_solved_once(tmp_path: Path) -> None:
    run = solved(tmp_path, extra="    capacity_floor_mw: [{technologies: [gas_engine], mw: {2030: 900}}]\n")
    assert len(run.table("uptime_turns")) == 1
    assert "The first plan keeps it, so it costs nothing more." in answer(run)


def test_a_scenario_that_energises_nothing_has_nothing_to_replay(tmp_path: Path) -> None:
    text = (
        f"extends: {scenarios_folder() / 'base.yaml'}\nname: dark\n"
        "horizon: {years: [2030], resolution_h: 24, days: 4}\nrequirements: {uptime: 0.999}\n"
        "sites: {piketon: {load_ramp_mw: {2030: 300}, technologies: [solar]}}\n"
    )
    (tmp_path / "dark.yaml").write_text(text, encoding="utf-8")
    run = solve_scenario(tmp_path / "dark.yaml", results=tmp_path / "results")
    assert "uptime_turns" not in run.table_names
    assert run.manifest["checks_passed"]


def test_a_solve_that_ended_at_its_limit_is_replayed_and_not_solved_again(tmp_path: Path) -> None:
    path = tmp_path / "short.yaml"
    base = scenarios_folder() / "base.yaml"
    path.write_text(f"extends: {base}\nname: short\n{TEXT.format(method='whole')}", encoding="utf-8")
    _, system = assemble_file(path)
    solved = solve_in_agreement(system, SolverOptions())
    stopped = replace(solved, solution=replace(solved.solution, status="limit"))
    kept = solve_until_kept((stopped, []), lambda _: pytest.fail("solved again"), lambda _: None)
    assert kept.solved is stopped
    assert kept.tables["uptime_turns"]["site_years_short"].tolist() == [1]


# -- the margin --------------------------------------------------------------------------------------------------------


def shortage(mw: list[float], years: int = 100) -> Shortage:
    """In each of some years one hour that misses so many MW."""
    number = np.arange(len(mw))
    return Shortage(years, number, number, np.array(mw), np.ones(len(mw)))


def test_the_margin_is_the_least_power_that_leaves_no_more_hours_than_allowed() -> None:
    """Sixty of 100 years miss 1 to 60 MW for an hour. With x MW more, 60 - x hours are left in 100 years."""
    found = shortage([float(mw) for mw in range(1, 61)])
    margin = margin_mw(found, allowed_h=0.4, unseen_h=1.0)
    left = int((found.unserved_mw > margin).sum())
    assert 25 < left < 40  # 0.4 hours a year lie at the upper end of the interval
    assert margin == pytest.approx(60 - left, abs=0.1)


def test_no_margin_is_needed_where_all_hours_are_allowed() -> None:
    assert margin_mw(shortage([5.0, 8.0]), allowed_h=10.0, unseen_h=1.0) == pytest.approx(0.0, abs=0.1)


def test_the_largest_deficit_is_the_margin_where_nothing_may_be_missed() -> None:
    assert margin_mw(shortage([5.0, 8.0]), allowed_h=0.0, unseen_h=1.0) == 8.0


# -- credit ------------------------------------------------------------------------------------------------------------


def test_credit_is_what_one_more_megawatt_would_have_given() -> None:
    """Two unserved hours, one in January and one in July, the circuit down in one, both in an event of two hours."""
    rating = np.where(np.arange(8760) < 4344, 1.0, 0.9)
    data = {
        "gas_engine": {
            "firm_rating": SimpleNamespace(values=np.array([0.8])),
        },
        "battery": {"firm_hours": SimpleNamespace(values=np.array([1.0]))},
    }
    books = SimpleNamespace(sites=("alpha",), data=lambda name: data[name], with_data=lambda _: ["gas_engine"])
    technologies = {"gas_engine": None, "grid_connection": None, "battery": None}
    scenario = SimpleNamespace(sites={"alpha": SimpleNamespace(technologies=technologies)}, lines={})
    stocks = SimpleNamespace(
        books=books,
        context=SimpleNamespace(scenario=scenario),
        at=lambda *_: SimpleNamespace(machines=(SimpleNamespace(technology="grid_connection"),)),
        circuit_outage_rate=lambda _: 0.01,
        planned_rate=lambda *_: np.r_[0.2, np.zeros(11)],
        rating=lambda *_: rating,
        outage_rate=lambda *_: np.full(8760, 0.1),
    )
    found = Shortage(10, np.array([0, 0]), np.array([743, 744]), np.array([1.0, 1.0]), np.array([1.0, 0.0]))
    found_credits = credits_of(stocks, found, "alpha", 2030)
    assert found_credits["gas_engine"] == pytest.approx(0.9 * (0.8 + 1.0) / 2 / 0.8)
    assert found_credits["grid_connection"] == 0.5
    assert found_credits["battery"] == 0.5  # it lasts an hour
    assert found_credits["line"] == pytest.approx(0.99)


def test_a_grid_that_is_not_there_yet_is_credited_with_its_mean() -> None:
    books = SimpleNamespace(sites=("alpha",), with_data=lambda _: [])
    scenario = SimpleNamespace(sites={"alpha": SimpleNamespace(technologies={"grid_connection": None})}, lines={})
    stocks = SimpleNamespace(
        books=books,
        context=SimpleNamespace(scenario=scenario),
        at=lambda *_: SimpleNamespace(machines=()),
        circuit_outage_rate=lambda _: 0.01,
    )
    found = Shortage(10, np.array([0]), np.array([5]), np.array([1.0]), np.array([1.0]))
    assert credits_of(stocks, found, "alpha", 2030)["grid_connection"] == pytest.approx(0.99)
