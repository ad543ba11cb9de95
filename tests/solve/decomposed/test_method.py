"""The level method ends with a proven gap, or with the best plan and its gap where it was stopped."""

from __future__ import annotations

import time
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from tests.solve.decomposed.systems import Small, level_of, small, solved

from gigasite.foundation.errors import InfeasibleScenario, SolverFailure
from gigasite.solve.decomposed import method
from gigasite.solve.decomposed.level import Carried, Level
from gigasite.solve.decomposed.method import improve
from gigasite.solve.decomposed.progress import GRACE_ROUNDS, Limits, Progress, Round, refuse_crossed
from gigasite.solve.whole import solve_whole

pytestmark = pytest.mark.usefixtures("way")


@pytest.fixture(scope="module")
def system() -> Small:
    return small(7)


@pytest.fixture(scope="module")
def optimum(system: Small) -> float:
    """Million USD."""
    return solve_whole(system.lp).objective_usd / 1e6


@pytest.fixture
def level(system: Small) -> Level:
    return level_of(system, slack_price=300.0)


def begun(level: Level, limits: Limits) -> Progress:
    return level.improve(level.begin(Carried()), limits)


def test_bounds_only_close_in_on_the_cheapest_plan(level: Level, optimum: float) -> None:
    told: list[Round] = []
    progress = begun(level, Limits(gap=1e-7, told=told.append))
    assert told == progress.rounds
    assert all(b.upper <= a.upper for a, b in pairwise(told))
    assert all(b.lower >= a.lower for a, b in pairwise(told))
    assert all(b.seconds >= a.seconds for a, b in pairwise(told))
    for one in told:
        assert one.lower <= optimum * (1 + 1e-9)
        assert one.upper >= optimum * (1 - 1e-9)
    assert progress.stopped == "gap"
    assert progress.gap <= 1e-7
    assert progress.upper == pytest.approx(optimum, rel=2e-7)


def test_a_looser_gap_takes_fewer_rounds_and_is_kept(level: Level, optimum: float, system: Small) -> None:
    loose = solved(level, Limits(gap=1e-2))
    tight = solved(level_of(system, slack_price=300.0), Limits(gap=1e-6))
    assert len(loose.rounds) < len(tight.rounds)
    assert 0 <= loose.upper / optimum - 1 <= 1e-2


def assert_marked(progress: Progress, optimum: float, way: str) -> None:
    """The best plan so far, with a gap that is what it says it is."""
    assert progress.gap == pytest.approx((progress.upper - progress.lower) / progress.upper)
    assert progress.rounds[-1].gap == pytest.approx(progress.gap)
    assert progress.gap > 1e-6
    assert progress.lower <= optimum * (1 + 1e-9)
    assert progress.upper == progress.rounds[-1].upper
    if way == "level":  # from within, what a plan with slack cost is forgotten when slack becomes dearer
        assert progress.upper == min(one.upper for one in progress.rounds)
    assert progress.upper >= optimum * (1 - 1e-9)


def test_a_time_limit_gives_the_best_plan_with_its_gap(level: Level, optimum: float, way: str) -> None:
    progress = begun(level, Limits(gap=1e-9, until=time.perf_counter()))
    assert progress.stopped == "time"
    assert len(progress.rounds) <= GRACE_ROUNDS  # it goes on for a little until the months fit together
    assert_marked(progress, optimum, way)


def test_a_time_limit_between_rounds_ends_after_the_round(
    level: Level, optimum: float, way: str, monkeypatch: Any
) -> None:
    clock = iter(range(10**6))
    monkeypatch.setattr(time, "perf_counter", lambda: float(next(clock)))
    progress = begun(level, Limits(gap=1e-9, until=25.0))
    assert progress.stopped == "time"
    assert 1 < len(progress.rounds) < 20
    assert_marked(progress, optimum, way)


def test_a_wish_to_stop_gives_the_best_plan_with_its_gap(level: Level, optimum: float, way: str) -> None:
    told: list[Round] = []
    progress = begun(level, Limits(gap=1e-9, interrupted=lambda: len(told) >= 4, told=told.append))
    assert progress.stopped == "interrupt"
    assert 4 <= len(progress.rounds) <= GRACE_ROUNDS
    assert_marked(progress, optimum, way)


def test_the_best_plan_costs_what_is_said(level: Level) -> None:
    told: list[Round] = []
    progress = begun(level, Limits(gap=1e-9, interrupted=lambda: len(told) >= 6, told=told.append))
    arrays = level.arrays
    cost = arrays.constant + arrays.cost @ progress.best
    cost += sum(one.cost for one in level.workers.dispatch(progress.best))
    assert cost == pytest.approx(progress.upper, rel=1e-9)
    activity = arrays.matrix @ progress.best
    assert np.maximum(arrays.row_lower - activity, activity - arrays.row_upper).max() <= 1e-6
    assert (arrays.lower <= progress.best).all()
    assert (progress.best <= arrays.upper).all()


def test_the_last_round_is_told_as_such(level: Level) -> None:
    start = level.begin(Carried())
    progress = improve(level.master, level.blocks, level.workers, start, Limits(gap=0.0), rounds=3)
    assert (progress.stopped, len(progress.rounds)) == ("rounds", 3)


def test_a_start_outside_of_what_planning_allows_is_brought_inside(level: Level, optimum: float) -> None:
    level.begin(Carried())
    wild = np.random.default_rng(0).normal(size=len(level.arrays.cost)) * 1e6
    progress = level.improve(wild, Limits(gap=1e-6))
    assert progress.stopped == "gap"
    assert progress.upper == pytest.approx(optimum, rel=2e-6)


def test_no_plan_is_told_as_such(level: Level) -> None:
    from dataclasses import replace

    arrays = level.arrays
    rows = np.full(len(arrays.row_upper), np.inf)
    level.arrays = replace(
        arrays, lower=np.full(len(arrays.lower), 9.0), upper=np.full(len(arrays.upper), 9.0), row_upper=rows
    )
    level.arrays.row_lower[:] = 1e6
    level.master = level._new_master([])
    with pytest.raises(InfeasibleScenario):
        begun(level, Limits())


@pytest.mark.parametrize(
    ("before", "miss", "after"),
    [(0.5, 0.05, 0.2), (0.04, 0.0, 0.02), (0.2, 0.3, 0.2), (0.02, 0.6, 0.5), (0.2, np.inf, 0.5), (0.2, np.nan, 0.5)],
)
def test_cuts_that_hold_are_trusted_more(before: float, miss: float, after: float) -> None:
    assert method._fraction(before, miss) == pytest.approx(after)


def test_slack_that_is_too_cheap_is_found_out() -> None:
    """The cheapest plan pays for it: that proves nothing about plans without it, and the method says so."""
    system = small(0, ("store", "fuel"))
    level = level_of(system, slack_price=1e-3)
    optimum = solve_whole(system.lp).objective_usd / 1e6
    progress = begun(level, Limits(gap=1e-6))
    assert progress.stopped == "slack"
    assert progress.cheapest < optimum * (1 - 1e-3)
    assert progress.gap > 1e-3
    assert progress.lower <= progress.cheapest * (1 + 1e-9)
    again = solved(level)
    assert (again.stopped, again.fits) == ("gap", True)
    assert again.upper == pytest.approx(optimum, rel=1e-6)


def test_a_plan_without_slack_comes_before_any_with_it_and_then_the_cheaper() -> None:
    progress = Progress(np.zeros(1))
    for cost, slack, best in (
        (9.0, 2.0, 9.0),
        (8.0, 5.0, 8.0),
        (20.0, 0.0, 20.0),
        (7.0, 1e-3, 20.0),
        (15.0, 0.0, 15.0),
    ):
        progress.tried(np.array([cost]), cost, slack)
        assert (progress.best[0], progress.upper) == (best, best)
    assert (progress.slack, progress.cheapest, progress.fits) == (0.0, 7.0, True)
    progress.tried(np.array([16.0]), 16.0, 0.0)
    assert progress.upper == 15.0


def test_bounds_that_contradict_each_other_are_no_answer() -> None:
    refuse_crossed(Progress(np.zeros(1), cheapest=100.0, lower=100.0 * (1 + 1e-7)))  # rounding
    with pytest.raises(SolverFailure, match="lies below the lower bound"):
        refuse_crossed(Progress(np.zeros(1), cheapest=100.0, lower=100.1))


def test_dear_slack_does_not_make_the_best_plan_look_cheaper_than_the_cheapest(system: Small, optimum: float) -> None:
    """HiGHS lets a slack fall 1e-7 below zero; at a high price that is money."""
    progress = begun(level_of(system, slack_price=3000.0), Limits(gap=1e-7))
    assert progress.upper >= optimum * (1 - 1e-9)
    assert progress.upper == pytest.approx(optimum, rel=1e-6)
