"""Whole machines: the same as trying every number of them, with a bound that never promises too much."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import pairwise, product
from typing import Any

import numpy as np
import pytest
from tests.solve.decomposed.systems import Small, level_of, small

from gigasite.foundation.errors import InfeasibleScenario, LimitReached, SolverFailure
from gigasite.solve.decomposed.answer import solution_of
from gigasite.solve.decomposed.level import Carried, Level
from gigasite.solve.decomposed.mixed import has_whole_numbers, improve_on_the_way
from gigasite.solve.decomposed.progress import Limits, Progress, Round
from gigasite.solve.whole import solve_whole

GAP = 1e-5
MOST = 6
"""Machines at each site: four loads of at most 480 MW are never worth more."""


def machines(seed: int = 0, kinds: tuple[str, ...] = ("store", "cap"), **said: Any) -> Small:
    """Machines at two sites in one year."""
    return small(seed, kinds, years=(2030,), whole=True, **said)


def enumerated(system: Small) -> tuple[float, tuple[int, ...]]:
    """The cheapest of all numbers of machines, each solved as a linear problem; USD."""
    whole = np.flatnonzero(system.lp.integrality)
    found = []
    for numbers in product(range(MOST + 1), repeat=len(whole)):
        lower, upper = system.lp.column_lower.copy(), system.lp.column_upper.copy()
        lower[whole] = upper[whole] = numbers
        held = replace(
            system.lp, column_lower=lower, column_upper=upper, integrality=np.zeros_like(system.lp.integrality)
        )
        try:
            found.append((solve_whole(held).objective_usd, numbers))
        except InfeasibleScenario:
            continue
    return min(found)


def improved(level: Level, limits: Limits | None = None, carried: Carried | None = None) -> Progress:
    return level.improve(level.begin(carried or Carried()), limits or Limits(gap=GAP))


@pytest.mark.parametrize(("seed", "kinds"), [(0, ("store", "cap")), (1, ("take", "clean")), (2, ("line", "ramp"))])
def test_whole_machines_are_those_of_trying_them_all(seed: int, kinds: tuple[str, ...]) -> None:
    system = machines(seed, kinds)
    best, _ = enumerated(system)
    level = level_of(system, slack_price=300.0)
    progress = improved(level)
    assert progress.stopped == "gap"
    assert progress.slack <= 1e-6
    assert best * (1 - 1e-9) <= progress.upper * 1e6 <= best * (1 + 1.01 * GAP)
    assert progress.lower * 1e6 <= best * (1 + 1e-9)
    assert progress.gap <= GAP
    chosen = progress.best[level.master.whole_columns]
    assert chosen == pytest.approx(np.round(chosen), abs=1e-9)
    mine = solution_of(level, progress, seconds=0.0, status="optimal")
    assert mine.objective_usd == pytest.approx(progress.upper * 1e6, rel=1e-9)
    # the linear relaxation is cheaper: there was something to find
    relaxed = solve_whole(replace(system.lp, integrality=np.zeros_like(system.lp.integrality)))
    assert relaxed.objective_usd < best * (1 - 2 * GAP)


@pytest.mark.parametrize("seed", range(4))
def test_no_round_promises_more_than_the_best_machines_cost(seed: int) -> None:
    system = machines(seed)
    best = solve_whole(system.lp).objective_usd / 1e6
    level = level_of(system, slack_price=300.0)
    progress = improved(level)
    for one in progress.rounds:
        assert one.lower <= best * (1 + 1e-4)  # the whole MIP has a gap of 1e-4 itself
    assert all(b.lower >= a.lower for a, b in pairwise(progress.rounds))
    assert progress.upper == pytest.approx(best, rel=1e-4 + GAP)


def test_an_upper_bound_is_never_that_of_fractions() -> None:
    system = machines(0)
    best, _ = enumerated(system)
    progress = improved(level_of(system, slack_price=300.0))
    assert all(one.upper * 1e6 >= best * (1 - 1e-9) for one in progress.rounds)


def test_held_machines_are_held_in_the_bound_too() -> None:
    """The bound with numbers held is that of those numbers, from above and from below; let go, it is the old one."""
    system = machines(0)
    level = level_of(system, slack_price=300.0)
    improved(level)
    before = level.master.bound().value
    whole = level.master.whole_columns
    for numbers in ((2, 5), (5, 2)):
        held = np.zeros(len(level.arrays.cost))
        held[whole] = numbers
        lower, upper = system.lp.column_lower.copy(), system.lp.column_upper.copy()
        columns = np.flatnonzero(system.lp.integrality)
        lower[columns] = upper[columns] = numbers
        no_integers = np.zeros_like(system.lp.integrality)
        truth = solve_whole(replace(system.lp, column_lower=lower, column_upper=upper, integrality=no_integers))
        level.master.hold(held)
        bound = level.master.bound()
        assert bound.x[whole].tolist() == pytest.approx(list(numbers))
        assert before <= bound.value <= truth.objective_usd / 1e6 * (1 + 1e-9)
        start = level.master.nearest(held)
        assert start is not None
        assert start[whole].tolist() == pytest.approx(list(numbers))
        assert level.master.completed(start)[whole].tolist() == pytest.approx(list(numbers))
        level.master.hold(None)
    assert level.master.bound().value == pytest.approx(before, rel=1e-9)


def test_the_plan_of_the_coarser_level_is_tried_first() -> None:
    system = machines(1)
    level = level_of(system, slack_price=300.0)
    first = improved(level)
    again = level_of(system, slack_price=300.0)
    second = improved(again, carried=level.leave(first))
    assert second.upper == pytest.approx(first.upper, rel=2 * GAP)
    assert len(second.rounds) < len(first.rounds)


def test_on_the_way_whole_numbers_stay_as_they_are_found() -> None:
    system = machines(1)
    level = level_of(system, slack_price=300.0)
    first = improved(level)
    start = first.best.copy()
    whole = level.master.whole_columns
    start[whole] += 1.0
    between = improve_on_the_way(level.master, level.blocks, level.workers, start, Limits(gap=1e-4))
    assert between.best[whole].tolist() == pytest.approx(start[whole].tolist())
    free = improve_on_the_way(level.master, level.blocks, level.workers, start + 0.3, Limits(gap=1e-4))
    assert free.lower <= first.upper * (1 + 1e-9)


def test_whole_numbers_are_told_from_fractions_and_from_none() -> None:
    level = level_of(machines(0))
    x = np.zeros(len(level.arrays.cost))
    assert not has_whole_numbers(level.master, x)
    x[level.master.whole_columns] = 2.0 + 1e-9
    assert has_whole_numbers(level.master, x)
    x[level.master.whole_columns[0]] = 2.4
    assert not has_whole_numbers(level.master, x)


def test_a_wish_to_stop_gives_the_whole_machines_found_so_far() -> None:
    system = machines(0)
    best, _ = enumerated(system)
    level = level_of(system, slack_price=300.0)
    told: list[Round] = []
    found = Limits(gap=1e-9, interrupted=lambda: any(np.isfinite(one.upper) for one in told), told=told.append)
    progress = improved(level, found)
    assert progress.stopped == "interrupt"
    chosen = progress.best[level.master.whole_columns]
    assert chosen == pytest.approx(np.round(chosen), abs=1e-9)
    assert progress.lower * 1e6 <= best * (1 + 1e-9)
    assert best <= progress.upper * 1e6 * (1 + 1e-9)


def test_a_wish_to_stop_before_any_whole_machines_ends_at_once() -> None:
    level = level_of(machines(0), slack_price=300.0)
    with pytest.raises(KeyboardInterrupt):
        improved(level, Limits(gap=1e-9, interrupted=lambda: True))


def test_a_time_limit_before_any_whole_machines_is_told_as_such() -> None:
    level = level_of(machines(0), slack_price=300.0)
    with pytest.raises(LimitReached, match="time_limit_s"):
        improved(level, Limits(gap=1e-9, until=time.perf_counter()))


def test_no_whole_machines_in_time_are_no_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan with fractions of machines is never handed out as one that a limit cut short."""
    level = level_of(machines(0), slack_price=300.0)
    monkeypatch.setattr(level.master, "mixed", lambda *_: None)
    with pytest.raises((LimitReached, SolverFailure)):
        solution_of(level, improved(level), seconds=0.0, status="limit")
