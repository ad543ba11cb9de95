"""A system solved in months costs what it costs solved whole."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.solve.decomposed.systems import KINDS, Small, level_of, small, solved

from gigasite.solve.decomposed.answer import solution_of
from gigasite.solve.decomposed.level import Level
from gigasite.solve.decomposed.progress import Limits
from gigasite.solve.solution import Solution, violations_of
from gigasite.solve.whole import solve_whole

GAP = 1e-6

BELOW = {"level": 1e-9, "centred": 0.25 * GAP}
"""Share by which a plan may cost less than the best one, for the watts by which it misses rows: plans from within end
before they meet each of them."""


def assert_agrees(system: Small, way: str = "level") -> tuple[Level, Solution]:
    level = level_of(system)
    progress = solved(level, Limits(gap=GAP))
    assert progress.stopped == "gap"
    assert progress.slack <= 1e-6
    mine, whole = solution_of(level, progress, seconds=0.0, status="optimal"), solve_whole(system.lp)
    assert mine.objective_usd >= whole.objective_usd * (1 - BELOW[way])
    assert mine.objective_usd <= whole.objective_usd * (1 + 1.01 * GAP)
    assert mine.bound_usd <= whole.objective_usd * (1 + 1e-9)
    assert mine.gap <= 1.01 * GAP
    broken = violations_of(level.scaled.lp, mine.column_values / level.scaled.column_factor)
    assert max(broken.column, broken.row) < 1e-5
    return level, mine


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_row_by_itself(kind: str, way: str) -> None:
    assert_agrees(small(11, (kind,)), way)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.integers(0, 10**6),
    kinds=st.sets(st.sampled_from(KINDS)),
    months=st.sampled_from([(1, 12), (2, 3, 9)]),
    steps=st.integers(1, 3),
)
def test_any_small_system(way: str, seed: int, kinds: set[str], months: tuple[int, ...], steps: int) -> None:
    assert_agrees(small(seed, tuple(sorted(kinds)), months=months, steps=steps), way)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(15))
def test_every_row_at_three_sites_in_three_years(seed: int, way: str) -> None:
    system = small(seed, sites=3, years=(2028, 2030, 2035), months=(1, 2, 6, 12), steps=3)
    assert_agrees(system, way)


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
