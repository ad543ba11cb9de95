"""From the best plan back to the whole problem: its operation, and prices that prove its bound."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.solve.decomposed.systems import KINDS, level_of, small, solved, whole_matrix

from gigasite.foundation.errors import SolverFailure
from gigasite.solve.decomposed.answer import _prices, solution_of
from gigasite.solve.solution import violations_of
from gigasite.solve.whole import _bound, solve_whole

EVERY_KIND = (KINDS, ("store",), ("ramp", "fuel"), ("cap", "clean"), ("take", "peak"), ("store", "line"))


@pytest.mark.parametrize("kinds", EVERY_KIND, ids="+".join)
@pytest.mark.parametrize("seed", [0, 1])
def test_the_whole_arrays_and_the_prices_give_the_bound_of_planning(both_ways: Any, kinds: Any, seed: int) -> None:
    system, level, progress, mine, _ = both_ways(seed, kinds)
    assert progress.bound is not None
    assert _bound(system.lp, mine.row_duals) == pytest.approx(progress.lower * 1e6, rel=1e-6)
    scaled = level.scaled.row_duals(_prices(level, progress.bound))
    np.testing.assert_array_equal(scaled, mine.row_duals)


@pytest.mark.parametrize("kinds", EVERY_KIND, ids="+".join)
def test_the_operation_holds_every_row_and_costs_what_is_said(both_ways: Any, kinds: Any) -> None:
    system, level, progress, mine, _ = both_ways(0, kinds)
    broken = violations_of(level.scaled.lp, mine.column_values / level.scaled.column_factor)
    assert max(broken.column, broken.row) <= 1e-7
    cost = system.lp.column_cost @ mine.column_values + system.lp.objective_constant
    assert mine.objective_usd == pytest.approx(cost, rel=1e-12)
    assert mine.objective_usd == pytest.approx(progress.upper * 1e6, rel=1e-9)
    assert (mine.method, mine.status) == ("decomposed", "optimal")


def test_reduced_costs_are_what_the_prices_leave(both_ways: Any) -> None:
    system, _, _, mine, _ = both_ways()
    left = system.lp.column_cost - whole_matrix(system.lp).T @ np.asarray(mine.row_duals)
    np.testing.assert_allclose(mine.reduced_costs, left, rtol=1e-9, atol=1e-6 * np.abs(system.lp.column_cost).max())


@pytest.mark.parametrize("seed", range(4))
def test_prices_of_power_are_those_of_the_whole_problem(both_ways: Any, seed: int) -> None:
    """They may differ where a load can be met at the same cost in several ways."""
    _, _, _, mine, whole = both_ways(seed, ("ramp", "take", "peak", "clean"), 2, 4)
    ours, theirs = mine.duals("balance").ravel(), whole.duals("balance").ravel()
    size = np.abs(theirs).mean()
    assert np.median(np.abs(ours - theirs)) <= 1e-4 * size
    assert (np.abs(ours - theirs) <= 1e-4 * size).mean() >= 0.6


def sign_and_place(lp: Any, name: str) -> tuple[int, float]:
    number = next(i for i in range(lp.shape[1]) if lp.column_name(i) == name)
    return number, float(lp.column_cost[number])


def unbuilt(seed: int) -> Callable[[float], Any]:
    """A system in which sun at the first site costs so many times what it does, and nothing else of its kind."""

    def at(times: float) -> Any:
        system = small(seed, ("cap", "store"), years=(2030,))
        number, cost = sign_and_place(system.lp, "sun.capacity_mw[s0,2030]")
        costs = system.lp.column_cost.copy()
        costs[number] = cost * times
        return replace(system, lp=replace(system.lp, column_cost=costs)), number

    return at


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_just_below_the_break_even_cost_it_is_built_and_just_above_it_is_not(seed: int) -> None:
    at = unbuilt(seed)
    system, number = at(30.0)
    level = level_of(system)
    mine = solution_of(level, solved(level), seconds=0.0, status="optimal")
    assert mine.column_values[number] == pytest.approx(0.0, abs=1e-6)
    cost = system.lp.column_cost[number]
    even = cost - mine.reduced_costs[number]
    assert 0.0 < even < cost
    for share, built in ((0.99, True), (1.01, False)):
        costs = system.lp.column_cost.copy()
        costs[number] = share * even
        again = solve_whole(replace(system.lp, column_cost=costs))
        assert (again.column_values[number] > 0.1) == built


def test_months_that_do_not_fit_together_are_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    level = level_of(small(0))
    progress = solved(level)
    values = level.workers.values

    def spoilt(x: Any) -> Any:
        found = values(x)
        found[0][0][:] += 0.01
        return found

    monkeypatch.setattr(level.workers, "values", spoilt)
    with pytest.raises(SolverFailure, match="the months put together violate"):
        solution_of(level, progress, seconds=0.0, status="optimal")
