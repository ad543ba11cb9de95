"""Small systems that are solved once for all tests of a session."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest
from tests.solve.decomposed.systems import KINDS, Small, choose_way, level_of, small, solved

from gigasite.solve.decomposed.answer import solution_of
from gigasite.solve.decomposed.level import Level
from gigasite.solve.decomposed.progress import Progress
from gigasite.solve.solution import Solution
from gigasite.solve.whole import solve_whole

WAYS = ("level", "centred")
"""How the next plan is chosen."""

BothWays = tuple[Small, Level, Progress, Solution, Solution]


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each way in which the next plan is chosen, whatever the size of the problem."""
    choose_way(monkeypatch, from_within=request.param == "centred")
    return str(request.param)


@pytest.fixture(scope="session")
def both_ways() -> Callable[..., BothWays]:
    """Solves a small system decomposed and whole; see `small` for what may be asked."""

    @cache
    def solve(seed: int = 0, kinds: tuple[str, ...] = KINDS, sites: int = 2, steps: int = 2) -> BothWays:
        system = small(seed, kinds, sites=sites, steps=steps)
        level = level_of(system)
        progress = solved(level)
        mine = solution_of(level, progress, seconds=0.0, status="optimal")
        return system, level, progress, mine, solve_whole(system.lp)

    return solve
