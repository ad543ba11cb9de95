"""A scenario solved level by level: one gap told everywhere, bounds that hold, and limits that leave a plan."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from tests.solve.decomposed.systems import choose_way

from gigasite.foundation.errors import InfeasibleScenario
from gigasite.inputs.folders import scenarios_folder
from gigasite.results.run import Run
from gigasite.results.sentences import answer
from gigasite.run import agreement, by_levels
from gigasite.run.by_levels import LevelOptions, resolutions_up_to, solve_by_levels
from gigasite.run.solve_run import assemble_file, solve_scenario
from gigasite.solve.compiler import Compiler
from gigasite.solve.decomposed import level
from gigasite.solve.decomposed.level import Level
from gigasite.solve.decomposed.progress import Progress, Round
from gigasite.system.system import System

ROUNDING = 1e-9
HOURLY = {
    "abilene": "horizon: {years: [2030]}\n",
    "idaho-smr": "horizon: {years: [2030]}\n",
    "portsmouth-grid-only": "horizon: {years: [2035]}\n",
}
"""One site over all hours of one year."""


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Run]:
    """Solves a shipped scenario with some text added, once."""
    folder, runs = tmp_path_factory.mktemp("levels"), dict[tuple[str, str], Run]()

    def solve(name: str, text: str) -> Run:
        if (name, text) not in runs:
            path = folder / f"{name}-{len(runs)}.yaml"
            path.write_text(f"extends: {scenarios_folder() / name}.yaml\nname: {path.stem}\n{text}", encoding="utf-8")
            runs[name, text] = solve_scenario(path, results=folder / "results")
        return runs[name, text]

    return solve


def hourly(solved: Callable[..., Run], name: str) -> Run:
    return solved(name, HOURLY[name] + "solve: {gap: 1.0e-6}\n")


def system_at(name: str, folder: Path, text: str = "") -> Callable[[int], System]:
    def at(width: int) -> System:
        path = folder / f"at-{width}.yaml"
        path.write_text(
            f"extends: {scenarios_folder() / name}.yaml\nname: at\nhorizon: {{resolution_h: {width}}}\n{text}",
            encoding="utf-8",
        )
        return assemble_file(path)[1]

    return at


def relative_crossing(bounds: pd.DataFrame) -> float:
    return float(((bounds["lower_usd"] - bounds["upper_usd"]) / bounds["upper_usd"].abs()).max())


# -- levels ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "levels"), [(1, (24, 6, 1)), (2, (24, 6, 2)), (3, (24, 6, 3)), (6, (24, 6)), (24, (24,))]
)
def test_levels_come_coarse_first_and_end_at_the_resolution_asked_for(asked: int, levels: tuple[int, ...]) -> None:
    assert resolutions_up_to(asked) == levels


@pytest.mark.parametrize("name", HOURLY)
def test_a_gap_of_one_in_a_million_is_reached_over_all_hours(name: str, solved: Callable[..., Run]) -> None:
    run = hourly(solved, name)
    assert run.manifest["status"] == "optimal"
    assert run.manifest["gap"] <= 1e-6
    assert run.manifest["checks_passed"]
    levels = run.table("bounds")["resolution_h"].drop_duplicates().tolist()
    assert [width for width in levels if width != 3] == [24, 6, 1]


@pytest.mark.parametrize("name", HOURLY)
def test_summary_manifest_json_and_bounds_tell_one_gap(name: str, solved: Callable[..., Run]) -> None:
    run = hourly(solved, name)
    manifest, last = run.manifest, run.table("bounds").iloc[-1]
    cost = manifest["objective_usd"]
    assert manifest["gap"] == pytest.approx((cost - manifest["bound_usd"]) / cost, rel=1e-6, abs=ROUNDING)
    assert run.summary["gap"].item() == manifest["gap"]
    assert run.json_summary()["gap"] == manifest["gap"]
    assert last["gap"] == pytest.approx(manifest["gap"], rel=1e-6, abs=ROUNDING)
    assert last["upper_usd"] == pytest.approx(cost, rel=ROUNDING)
    assert last["lower_usd"] == pytest.approx(manifest["bound_usd"], rel=ROUNDING)


@pytest.mark.parametrize("name", HOURLY)
def test_bounds_close_and_never_cross(name: str, solved: Callable[..., Run]) -> None:
    bounds = hourly(solved, name).table("bounds")
    assert relative_crossing(bounds) <= ROUNDING
    assert bounds["seconds"].is_monotonic_increasing
    assert ((bounds["gap"] >= 0.0) & bounds["gap"].notna()).all()
    if hourly(solved, name).manifest["passes"] == 1:
        for _, level in bounds.groupby("resolution_h"):
            assert level["upper_usd"].is_monotonic_decreasing
            assert level["lower_usd"].is_monotonic_increasing


def test_bounds_of_passes_never_cross_and_hold_the_answer(solved: Callable[..., Run]) -> None:
    run = solved("portsmouth", "horizon: {resolution_h: 24}\nsolve: decomposed\n")
    bounds = run.table("bounds")
    assert run.manifest["passes"] > 1
    assert relative_crossing(bounds) <= ROUNDING
    told = bounds[bounds["lower_usd"].sub(run.manifest["bound_usd"]).abs() <= ROUNDING * run.manifest["bound_usd"]]
    assert told["gap"].min() == pytest.approx(run.manifest["gap"], rel=1e-6, abs=ROUNDING)


def test_the_last_bounds_are_those_of_the_answer_where_an_earlier_pass_is_the_best(solved: Callable[..., Run]) -> None:
    run = solved("portsmouth", "horizon: {resolution_h: 24}\nsolve: decomposed\n")
    bounds = run.table("bounds")
    last = bounds[bounds["of_answer"]].iloc[-1]
    assert last["of_pass"] < bounds["of_pass"].iloc[-1]  # else this shows nothing
    assert last["gap"] == pytest.approx(run.manifest["gap"], rel=1e-6, abs=ROUNDING)


def test_a_tighter_gap_gives_no_dearer_plan_than_the_looser_one_allows(solved: Callable[..., Run]) -> None:
    text = HOURLY["idaho-smr"]
    loose, tight = solved("idaho-smr", text + "solve: {gap: 0.01}\n"), hourly(solved, "idaho-smr")
    assert loose.manifest["gap"] <= 0.01
    assert loose.manifest["bound_usd"] <= tight.manifest["objective_usd"] * (1 + ROUNDING)
    assert tight.manifest["bound_usd"] <= loose.manifest["objective_usd"] * (1 + ROUNDING)
    assert loose.manifest["objective_usd"] >= tight.manifest["bound_usd"]
    assert len(loose.table("bounds")) <= len(tight.table("bounds"))


def test_the_number_of_processes_does_not_change_the_answer_beyond_the_gap(tmp_path: Path) -> None:
    at = system_at("idaho-smr", tmp_path)
    one, two = (solve_by_levels(at, 6, LevelOptions(gap=1e-6, processes=n))[0].solution for n in (1, 2))
    assert one.objective_usd == pytest.approx(two.objective_usd, rel=2e-6)


def test_a_level_more_where_the_one_before_was_hard_counting_rounds_before_slack_was_dearer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(by_levels, "SLACK_PRICE", 0.1)  # so that it is made dearer, at every level anew
    monkeypatch.setattr(level, "SLACK_ABOVE", 0.0)
    since_dearer: dict[int, int] = {}
    real = by_levels._without_slack

    def spied(at: Level, *given: Any, **more: Any) -> Progress:
        found = real(at, *given, **more)
        since_dearer.setdefault(at.rows, len(found.rounds))  # of the first pass
        return found

    monkeypatch.setattr(by_levels, "_without_slack", spied)
    path = tmp_path / "short.yaml"
    text = "horizon: {years: [2035], days: 28}\nsolve: {method: decomposed, gap: 1.0e-3}\n"
    path.write_text(
        f"extends: {scenarios_folder() / 'portsmouth-grid-only'}.yaml\nname: short\n{text}", encoding="utf-8"
    )

    def rounds(hard_from: int) -> dict[int, int]:
        monkeypatch.setattr(by_levels, "HARD_ROUNDS", hard_from)
        bounds = solve_scenario(path, results=tmp_path / "results").table("bounds")
        return dict(bounds[bounds["of_pass"] == 1].groupby("resolution_h").size())

    plain = rounds(10**6)
    assert set(plain) == {24, 6, 1}
    assert list(since_dearer.values())[1] < plain[6]
    assert set(rounds(plain[6])) == {24, 6, 3, 1}
    assert set(rounds(plain[6] + 1)) == {24, 6, 1}


# -- large problems ----------------------------------------------------------------------------------------------------


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every problem is taken for a large one whose plans come from within."""
    choose_way(monkeypatch, from_within=True)


@pytest.mark.usefixtures("large")
def test_a_large_problem_takes_rough_plans_first_and_the_last_one_is_solved_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(by_levels, "ROUGH_GAP", 0.1)
    path = tmp_path / "large.yaml"
    text = "horizon: {resolution_h: 6}\nsolve: {method: decomposed, gap: 1.0e-4}\n"
    path.write_text(f"extends: {scenarios_folder()}/portsmouth.yaml\nname: large\n{text}", encoding="utf-8")
    run = solve_scenario(path, results=tmp_path / "results")
    assert run.manifest["status"] == "optimal"
    assert run.manifest["checks_passed"]
    assert run.manifest["gap"] <= 1e-4
    bounds = run.table("bounds")
    assert relative_crossing(bounds) <= ROUNDING
    ends = bounds.groupby(["resolution_h", "of_pass"], sort=False)["gap"].last()
    assert ends[24].iloc[0] > by_levels.COARSE_GAP  # else no plan was rough
    assert ends[24].max() <= by_levels.ROUGH_GAP
    assert ends[24].iloc[-1] <= by_levels.COARSE_GAP
    assert ends[6].iloc[-1] <= 1e-4


def test_a_problem_solved_in_parts_by_year_has_the_same_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "parted.yaml"
    text = "horizon: {resolution_h: 24}\nsolve: {method: decomposed, gap: 1.0e-6}\n"
    path.write_text(f"extends: {scenarios_folder() / 'portsmouth'}.yaml\nname: parted\n{text}", encoding="utf-8")
    whole = solve_scenario(path, results=tmp_path / "whole")
    made: list[Compiler] = []

    def parted(*given: Any) -> Compiler:
        made.append(Compiler(*given, large_rows=1))
        return made[-1]

    monkeypatch.setattr(agreement, "Compiler", parted)
    run = solve_scenario(path, results=tmp_path / "parted")
    assert {len(one.parts) for one in made} == {run.table("load")["year"].nunique()}
    assert run.manifest["checks_passed"]
    assert run.manifest["objective_usd"] == pytest.approx(whole.manifest["objective_usd"], rel=2e-6)
    for name, column in (("capacity", "total_mw"), ("costs", "cost_usd_present_value")):
        mine, known = run.table(name), whole.table(name)
        assert list(mine.columns) == list(known.columns)
        assert mine[column].sum() == pytest.approx(known[column].sum(), rel=1e-3)
    assert set(run.table("prices").columns) == set(whole.table("prices").columns)


@pytest.mark.usefixtures("large")
def test_both_ways_to_the_next_plan_cost_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at = system_at("idaho-smr", tmp_path)
    within, _ = solve_by_levels(at, 6, LevelOptions(gap=1e-6, processes=1))
    choose_way(monkeypatch, from_within=False)
    steps, _ = solve_by_levels(at, 6, LevelOptions(gap=1e-6, processes=1))
    assert within.solution.objective_usd == pytest.approx(steps.solution.objective_usd, rel=2e-6)
    assert within.solution.algorithm != steps.solution.algorithm


# -- limits ------------------------------------------------------------------------------------------------------------


def limited(solved: Callable[..., Run]) -> Run:
    return solved("portsmouth-grid-only", "solve: {method: decomposed, time_limit_s: 0.000001, gap: 1.0e-9}\n")


def test_a_time_limit_leaves_the_best_plan_with_its_gap(solved: Callable[..., Run]) -> None:
    run = limited(solved)
    manifest, last = run.manifest, run.table("bounds").iloc[-1]
    assert manifest["status"] == "limit"
    assert 1e-9 < manifest["gap"] < 1.0
    assert manifest["bound_usd"] < manifest["objective_usd"]
    assert run.summary["gap"].item() == manifest["gap"] == run.json_summary()["gap"]
    assert last["gap"] == pytest.approx(manifest["gap"], rel=1e-6)
    assert last["resolution_h"] == 1
    assert any("this is a plan, but one up to" in sentence for sentence in answer(run))


def test_a_plan_at_a_limit_fails_no_check_but_that_of_its_gap(solved: Callable[..., Run]) -> None:
    checks = limited(solved).checks
    assert checks.loc[~checks["passed"].astype(bool), "check"].tolist() == ["gap_within_limit"]


def test_a_plan_at_a_limit_and_its_bound_hold_the_cheapest(solved: Callable[..., Run]) -> None:
    stopped, ended = limited(solved).manifest, solved("portsmouth-grid-only", "solve: {gap: 1.0e-4}\n").manifest
    assert stopped["passes"] == ended["passes"] == 1
    assert stopped["bound_usd"] <= ended["objective_usd"] * (1 + ROUNDING)
    assert ended["bound_usd"] <= stopped["objective_usd"] * (1 + ROUNDING)


@pytest.mark.parametrize("from_within", [True, False])
def test_a_time_limit_is_kept_to_within_a_round(
    from_within: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose_way(monkeypatch, from_within=from_within)
    begun = time.perf_counter()
    at = system_at("abilene", tmp_path)
    solved, history = solve_by_levels(at, 6, LevelOptions(gap=1e-12, time_limit_s=1.0, processes=1))
    assert time.perf_counter() - begun < 20.0
    assert solved.solution.status == "limit"
    assert history[-1].resolution_h == 6


def test_an_infeasible_scenario_is_told_as_it_is_where_it_is_solved_whole(tmp_path: Path) -> None:
    text = "sites: {inl: {capital_budget_usd: 1}}\n"
    told = []
    for way in ("whole", "decomposed"):
        written = tmp_path / f"{way}.yaml"
        written.write_text(
            f"extends: {scenarios_folder()}/idaho-smr.yaml\nname: {way}\nhorizon: {{resolution_h: 24}}\n"
            f"solve: {way}\n{text}",
            encoding="utf-8",
        )
        with pytest.raises(InfeasibleScenario) as refused:
            solve_scenario(written, results=tmp_path / "results")
        told.append([(problem.message, problem.remedy) for problem in refused.value.problems])
    assert told[0] == told[1]
    assert not (tmp_path / "results").exists()


# -- Ctrl-C ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("from_within", [True, False])
def test_ctrl_c_while_the_hours_are_solved_gives_the_plan_of_that_round(
    from_within: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose_way(monkeypatch, from_within=from_within)
    pressed: list[Round] = []

    def told(width: int, one: Round) -> None:
        if width == 1 and not pressed:
            pressed.append(one)
            os.kill(os.getpid(), signal.SIGINT)

    before = signal.getsignal(signal.SIGINT)
    at = system_at("idaho-smr", tmp_path)
    solved, history = solve_by_levels(at, 1, LevelOptions(gap=1e-12, processes=1, told=told))
    assert signal.getsignal(signal.SIGINT) is before
    assert solved.solution.status == "interrupted"
    assert [one.resolution_h for one in history].count(1) <= 2
    assert solved.solution.gap == pytest.approx(history[-1].upper_usd / history[-1].lower_usd - 1.0, rel=1e-2)
