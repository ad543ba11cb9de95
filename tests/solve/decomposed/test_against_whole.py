"""A system solved in months costs what it costs solved whole."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from tests.solve.decomposed.systems import KINDS, Small, level_of, small, solved

from gigasite.solve.compiled import Array, CompiledLP
from gigasite.solve.decomposed.answer import solution_of
from gigasite.solve.decomposed.level import Level
from gigasite.solve.decomposed.progress import Limits
from gigasite.solve.solution import Solution, violations_of
from gigasite.solve.whole import solve_whole

GAP = 1e-6


def worth_of_misses(lp: CompiledLP, values: Array, whole: Solution) -> float:
    """What a plan may at most save by missing rows and bounds, USD: each miss at the price of the whole problem.

    Prices that satisfy the dual bound every relaxed problem from below, so that no plan that misses rows by r and
    bounds by s costs less than the best one - sum |y| r - sum |d| s.
    """
    matrix = csr_array((lp.values, lp.column_indices, lp.row_starts), shape=lp.shape)
    activity = matrix @ values
    rows = np.maximum(np.maximum(lp.row_lower - activity, activity - lp.row_upper), 0.0)
    columns = np.maximum(np.maximum(lp.column_lower - values, values - lp.column_upper), 0.0)
    return float(np.abs(whole.row_duals) @ rows + np.abs(whole.reduced_costs) @ columns)


def assert_agrees(system: Small) -> tuple[Level, Solution]:
    level = level_of(system)
    progress = solved(level, Limits(gap=GAP))
    assert progress.stopped == "gap"
    assert progress.slack <= 1e-6
    mine, whole = solution_of(level, progress, seconds=0.0, status="optimal"), solve_whole(system.lp)
    saved = worth_of_misses(system.lp, mine.column_values, whole)
    assert mine.objective_usd >= whole.objective_usd * (1 - 1e-9) - saved
    assert saved <= 10 * GAP * whole.objective_usd
    assert mine.objective_usd <= whole.objective_usd * (1 + 1.01 * GAP)
    assert mine.bound_usd <= whole.objective_usd * (1 + 1e-9)
    assert mine.gap <= 1.01 * GAP
    broken = violations_of(level.scaled.lp, mine.column_values / level.scaled.column_factor)
    assert max(broken.column, broken.row) < 1e-5
    return level, mine


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_row_by_itself(kind: str) -> None:
    assert_agrees(small(11, (kind,)))


@pytest.mark.usefixtures("way")
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.integers(0, 10**6),
    kinds=st.sets(st.sampled_from(KINDS)),
    months=st.sampled_from([(1, 12), (2, 3, 9)]),
    steps=st.integers(1, 3),
)
def test_any_small_system(seed: int, kinds: set[str], months: tuple[int, ...], steps: int) -> None:
    assert_agrees(small(seed, tuple(sorted(kinds)), months=months, steps=steps))


@pytest.mark.slow
@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("seed", range(15))
def test_every_row_at_three_sites_in_three_years(seed: int) -> None:
    system = small(seed, sites=3, years=(2028, 2030, 2035), months=(1, 2, 6, 12), steps=3)
    assert_agrees(system)


def test_processes_find_the_same(monkeypatch: Any) -> None:
    system = small(3)
    level = level_of(system, processes=2)
    try:
        progress = solved(level, Limits(gap=GAP))
    finally:
        level.close()
    assert progress.upper * 1e6 == pytest.approx(solve_whole(system.lp).objective_usd, rel=2 * GAP)


def test_a_row_with_one_month_that_planning_must_meet() -> None:
    """The minimum take of a year with one month: no capacity may be chosen that cannot meet it."""
    assert_agrees(small(2, ("take", "clean", "cap", "fuel"), months=(5,)))
