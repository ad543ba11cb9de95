"""Plans from within: hardly more rounds for more places; what nearly fits is mended, what stalls goes on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.solve.decomposed.systems import choose_way, level_of, small

from gigasite.solve.decomposed import centred, method
from gigasite.solve.decomposed.level import Carried
from gigasite.solve.decomposed.method import FAR
from gigasite.solve.decomposed.progress import SLACK_LEFT, Limits, Progress
from gigasite.solve.decomposed.repair import DEAREST, Tried, _dearer, repaired
from gigasite.solve.whole import solve_whole

KINDS = ("store", "fuel", "clean")


@pytest.fixture(autouse=True)
def always_from_within(monkeypatch: Any) -> None:
    choose_way(monkeypatch, from_within=True)


def rounds(sites: int, monkeypatch: Any, *, from_within: bool) -> int:
    choose_way(monkeypatch, from_within=from_within)
    level = level_of(small(5, KINDS, sites=sites), slack_price=300.0)
    progress = level.improve(level.begin(Carried()), Limits(gap=1e-4))
    assert progress.gap <= 1e-4
    return len(progress.rounds)


def test_many_places_take_hardly_more_rounds_than_few(monkeypatch: Any) -> None:
    few, many = (rounds(sites, monkeypatch, from_within=True) for sites in (2, 16))
    assert many <= 1.5 * few
    assert many < rounds(16, monkeypatch, from_within=False)


@pytest.mark.parametrize(
    ("blocks", "steps", "far", "calls"),
    [(13, 1, -1.0, 0), (12, 1, -1.0, 1), (12, 1, 1e300, 0), (12, 500, -1.0, 0)],
    ids=["small", "far apart after a step", "near by then", "ended by then"],
)
def test_a_large_problem_whose_bounds_stay_far_apart_goes_on_from_within(
    monkeypatch: Any, blocks: int, steps: int, far: float, calls: int
) -> None:
    asked: list[int] = []
    real = centred.improve_centred
    monkeypatch.setattr(method, "improve_centred", lambda *a, **k: asked.append(1) or real(*a, **k))
    monkeypatch.setattr(method, "CENTRED_FROM", blocks)
    monkeypatch.setattr(method, "STEPS_TRIED", steps)
    monkeypatch.setattr(method, "FAR", far)
    level = level_of(small(5, KINDS), slack_price=300.0)
    assert len(level.blocks) == 12
    progress = level.improve(level.begin(Carried()), Limits(gap=1e-3))
    assert progress.stopped == "gap"
    assert len(asked) == calls
    assert level.leave(progress).from_within == level.master.from_within == bool(calls)


@pytest.mark.parametrize(
    ("steps", "gap", "is_far"),
    [
        (7, 0.9, False),  # not yet asked
        (8, 0.021, True),  # two per cent after eight steps
        (8, 0.019, False),
        (16, 0.0051, True),  # a quarter of that after eight more
        (16, 0.0049, False),
    ],
)
def test_bounds_are_far_apart_by_how_many_steps_were_tried(
    monkeypatch: Any, steps: int, gap: float, is_far: bool
) -> None:
    monkeypatch.setattr(method, "FAR", FAR)  # as shipped
    state = Progress(np.zeros(1), upper=100.0, cheapest=100.0, lower=100.0 * (1 - gap))
    assert method._is_far(state, steps, 8) is is_far
    assert not method._is_far(state, steps, None)


def test_what_a_solve_found_out_holds_for_the_next_large_one_and_its_rounds_are_counted(monkeypatch: Any) -> None:
    system = small(5, KINDS)
    first, second, little = (level_of(system, slack_price=300.0) for _ in range(3))
    known: list[Progress | None] = []
    real = centred.improve_centred
    monkeypatch.setattr(
        method,
        "improve_centred",
        lambda *a, **k: known.append(a[5] and replace(a[5], rounds=[*a[5].rounds])) or real(*a, **k),
    )
    found = first.improve(first.begin(Carried()), Limits(gap=1e-3))
    (steps,) = known
    assert steps is not None
    assert len(steps.rounds) == 1
    assert found.rounds[:1] == steps.rounds
    assert found.lower >= steps.lower
    second.begin(Carried().beside(first.leave(found)))
    assert second.master.from_within
    second.takes_planning_rows_of(lambda: system.lp)
    assert second.master.from_within
    second.improve(found.best, Limits(gap=1e-3))
    assert known[1] is None  # no level step was tried again
    monkeypatch.setattr(method, "CENTRED_FROM", 10**9)
    little.begin(first.leave(found))
    assert not little.master.from_within


def test_a_limit_during_level_steps_mends_what_the_last_plan_lacks(monkeypatch: Any) -> None:
    monkeypatch.setattr(method, "STEPS_TRIED", 500)
    level = level_of(small(0, ("store", "fuel")), slack_price=1e-2)
    progress = level.improve(level.begin(Carried()), Limits(gap=1e-9, until=-1e9))
    assert progress.stopped == "time"
    assert progress.fits
    assert not level.master.from_within  # steps were not too many


def test_where_the_middle_teaches_nothing_more_level_steps_go_on(monkeypatch: Any) -> None:
    system = small(7)
    optimum = solve_whole(system.lp).objective_usd / 1e6
    monkeypatch.setattr(centred, "MOST_IN_VAIN", 1)
    monkeypatch.setattr(centred, "NEARER", 0.0)  # nothing is ever near enough
    level = level_of(system, slack_price=300.0)
    progress = level.improve(level.begin(Carried()), Limits(gap=1e-6))
    assert progress.stopped == "gap"
    assert progress.upper == pytest.approx(optimum, rel=2e-6)
    assert [one.seconds for one in progress.rounds] == sorted(one.seconds for one in progress.rounds)
    assert all(one.lower <= optimum * (1 + 1e-9) for one in progress.rounds)


def test_a_rough_plan_may_use_slack_and_is_not_taken_for_one_that_fits() -> None:
    level = level_of(small(0, ("store", "fuel")), slack_price=1e-2)
    rough = level.improve(level.begin(Carried()), Limits(gap=1e-4).roughly(5e-3))
    assert rough.stopped == "gap"
    assert rough.gap <= 5e-3
    assert rough.slack > SLACK_LEFT
    assert Limits(gap=1e-2).roughly(5e-3).gap == 1e-2  # never finer than asked


# -- mending -----------------------------------------------------------------------------------------------------------


def missing(sites: int = 6) -> tuple[Any, Tried]:
    """A problem, and a plan that fits but for one site and year: its months are to carry over what they cannot."""
    level = level_of(small(0, ("store",), sites=sites), slack_price=300.0)
    found = level.improve(level.begin(Carried()), Limits(gap=1e-6))
    x = found.best.copy()
    place = level.blocks[0].name.rpartition("-")[0]
    first = [n for n, name in enumerate(level.names) if name.startswith("carried over") and place in name]
    x[first] = level.arrays.upper[first]
    tried = Tried.of(level.master, x, dict(enumerate(level.workers.dispatch(x))))
    assert tried.slack > 1e-3
    return level, tried


def test_a_place_whose_months_miss_each_other_is_mended_and_the_others_stay() -> None:
    level, tried = missing()
    mended = repaired(level.master, level.blocks, level.workers, tried, SLACK_LEFT)
    assert mended is not None
    assert mended.slack <= SLACK_LEFT
    assert mended.cost < tried.cost
    assert level.master.misses(mended.x) <= 1e-9
    place = level.blocks[0].name.rpartition("-")[0]
    for n, block in enumerate(level.blocks):
        if block.name.rpartition("-")[0] != place:
            np.testing.assert_array_equal(mended.x[block.planning], tried.x[block.planning])
            assert mended.answers[n] is tried.answers[n]
    true = Tried.of(level.master, mended.x, dict(enumerate(level.workers.dispatch(mended.x))))
    assert true.cost == pytest.approx(mended.cost, rel=1e-9)


def test_where_most_places_miss_another_round_is_made_instead_and_slack_is_dearer() -> None:
    level, tried = missing()
    before = [block.slack_cost.copy() for block in level.blocks]
    assert repaired(level.master, level.blocks, level.workers, tried, SLACK_LEFT, most_share=0.05) is None
    using = [n for n, answer in tried.answers.items() if answer.slack > SLACK_LEFT]
    for n, block in enumerate(level.blocks):
        assert (block.slack_cost > before[n]).any() == (n in using)


def test_slack_has_a_dearest_price_and_never_becomes_cheaper() -> None:
    block = level_of(small(0, ("store",))).blocks[0]
    most = DEAREST * np.abs(block.cost).max()
    for _ in range(12):
        dearer = _dearer(block)
        assert (dearer >= block.slack_cost).all()
        block.slack_cost = dearer
    assert block.slack_cost.max() <= max(most, 1e-12) * (1 + 1e-12)


def test_what_plans_with_slack_cost_is_forgotten_once_slack_is_dearer() -> None:
    state = Progress(np.zeros(1))
    state.tried(np.ones(1), 7.0, 1.0)
    state.slack_is_dearer()
    assert (state.upper, state.cheapest) == (np.inf, np.inf)
    state.tried(np.ones(1), 9.0, 0.0)
    state.tried(np.ones(1), 8.0, 1.0)
    state.slack_is_dearer()
    assert (state.upper, state.cheapest, state.fits) == (9.0, 9.0, True)
