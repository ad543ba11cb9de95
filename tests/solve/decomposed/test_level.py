"""A problem in pieces, and what goes from one resolution to the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from tests.solve.decomposed.systems import KINDS, Small, level_of, small, solved

from gigasite.solve.compiled import CompiledLP, Numbering
from gigasite.solve.decomposed.level import KEPT_PATHS, SLACK_ABOVE, SLACK_DEAREST, Carried, Level
from gigasite.solve.decomposed.multipliers import Path, on
from gigasite.solve.decomposed.progress import Limits
from gigasite.solve.whole import solve_whole

GAP = 1e-6


def path(value: float) -> Path:
    return Path(1, {"balance[]": (np.array([0]), np.array([value], dtype=np.float32))})


def test_of_two_that_are_carried_this_plan_counts_and_its_paths_come_last() -> None:
    mine = Carried({"a": 1.0, "b": 2.0}, {"x": [path(1)], "y": [path(2)]})
    other = Carried({"b": 9.0, "c": 3.0}, {"y": [path(3)], "z": [path(4)]})
    both = mine.beside(other)
    assert both.plan == {"a": 1.0, "b": 2.0, "c": 3.0}
    values = {name: [float(one.parts["balance[]"][1][0]) for one in of] for name, of in both.paths.items()}
    assert values == {"x": [1.0], "y": [3.0, 2.0], "z": [4.0]}


def test_every_planning_column_has_a_name_of_its_own() -> None:
    for system in (small(0), small(0, ("store", "ramp", "cap"), sites=3)):
        level = level_of(system)
        assert len(level.names) == level.pieces.width
        assert len(set(level.names)) == len(level.names)
        assert level.names[0] == "plant.capacity_mw[s0,2030]"


def test_names_are_the_same_at_every_resolution() -> None:
    names = [set(level_of(small(0, steps=steps)).names) for steps in (2, 8)]
    assert names[0] == names[1]


def test_what_a_solve_leaves_gives_its_own_plan_and_nearly_its_own_bound_before_any_block_is_solved() -> None:
    system = small(0)
    level, again = level_of(system, slack_price=300.0), level_of(system, slack_price=300.0)
    first = level.improve(level.begin(Carried()), Limits(gap=GAP))
    start = again.begin(level.leave(first))
    assert first.stopped == "gap"
    assert 0.99 * first.upper <= again.master.bound().value <= first.upper * (1 + 1e-9)
    second = again.improve(start, Limits(gap=GAP))
    assert second.rounds[0].upper == pytest.approx(first.upper, rel=2 * GAP)
    assert len(second.rounds) < 0.5 * len(first.rounds)


def test_the_plan_of_a_coarser_level_is_where_the_finer_one_starts() -> None:
    coarse, fine = (level_of(small(2, steps=steps)) for steps in (2, 4))
    progress = solved(coarse, Limits(gap=1e-4))
    start = fine.begin(coarse.leave(progress))
    known = dict(zip(coarse.names, progress.best, strict=True))
    for name, value in zip(fine.names, start, strict=True):
        number = fine.names.index(name)
        assert value == pytest.approx(np.clip(known[name], fine.arrays.lower[number], fine.arrays.upper[number]))


def test_paths_of_a_coarser_level_lift_the_first_bound() -> None:
    coarse, fine, cold = (level_of(small(2, steps=steps), slack_price=300.0) for steps in (2, 4, 4))
    left = coarse.leave(coarse.improve(coarse.begin(Carried()), Limits(gap=1e-4)))
    assert {len(of) <= KEPT_PATHS for of in left.paths.values()} == {True}
    assert set(left.paths) == {block.name for block in coarse.blocks}
    fine.begin(left)
    cold.begin(Carried())
    truth = solve_whole(small(2, steps=4).lp).objective_usd / 1e6
    assert cold.master.bound().value < 0.9 * fine.master.bound().value
    assert fine.master.bound().value <= truth * (1 + 1e-9)


def dearer(system: Small, by: float) -> Small:
    """The same system with other coefficients in its planning rows: more of the cap may be exceeded for a price."""
    lp = system.lp
    upper, number = lp.row_upper.copy(), next(i for i in range(lp.shape[0]) if lp.row_name(i) == "cap")
    upper[number] *= by
    return replace(system, lp=replace(lp, row_upper=upper))


@pytest.mark.parametrize("by", [0.5, 2.0])
def test_other_planning_rows_are_taken_over_and_every_cut_stays(by: float) -> None:
    system = small(0)
    level = level_of(system, slack_price=300.0)
    first = level.improve(level.begin(Carried()), Limits(gap=GAP))
    cuts = len(level.master.cuts)
    changed = dearer(system, by)
    level.with_planning_rows_of(changed.lp)
    assert len(level.master.cuts) == cuts
    second = level.improve(first.best, Limits(gap=GAP))
    truth = solve_whole(changed.lp).objective_usd / 1e6
    assert second.lower <= truth * (1 + 1e-9)
    assert second.upper == pytest.approx(truth, rel=2 * GAP)
    assert len(second.rounds) < len(first.rounds)


def test_a_problem_has_the_same_rows_whatever_its_figures_are() -> None:
    level, system = level_of(small(0)), small(0)
    assert level.has_rows_of(system.lp)
    assert level.has_rows_of(dearer(system, 0.5).lp)
    assert level.has_rows_of(small(1).lp)


def shifted(numbering: Numbering) -> Numbering:
    """As many kept things, each one place later."""
    kept = np.arange(numbering.count) if numbering.kept is None else numbering.kept
    return Numbering(numbering.full_count + 1, kept + 1)


OTHER_ROWS: dict[str, Callable[[CompiledLP], CompiledLP]] = {
    "fewer kinds": lambda _: small(0, ("store",)).lp,
    "more steps": lambda _: small(0, steps=3).lp,
    "as many rows, but others": lambda lp: replace(lp, row_numbering=shifted(lp.row_numbering)),
    "as many columns, but others": lambda lp: replace(lp, column_numbering=shifted(lp.column_numbering)),
}


@pytest.mark.parametrize("changed", OTHER_ROWS.values(), ids=OTHER_ROWS.keys())
def test_a_problem_with_other_rows_or_columns_is_told_from_it(changed: Callable[[CompiledLP], CompiledLP]) -> None:
    system = small(0)
    assert not level_of(system).has_rows_of(changed(system.lp))


def test_rows_taken_over_are_still_those_of_the_next_problem() -> None:
    """Pass after pass is compared with the problem of the pass before."""
    system = small(0)
    level = level_of(system)
    level.with_planning_rows_of(dearer(system, 2.0).lp)
    assert level.has_rows_of(system.lp)
    assert not level.has_rows_of(small(0, ("store",)).lp)


def test_dearer_slack_is_told_to_the_workers() -> None:
    level = level_of(small(0, ("store",)), slack_price=1e-3)
    x = np.where(np.arange(len(level.arrays.upper)) >= level.pieces.first_copy, level.arrays.upper, 0.0)
    before = sum(one.cost for one in level.workers.dispatch(x))
    level.charge_more_for_slack(10.0)
    assert sum(one.cost for one in level.workers.dispatch(x)) > before


@pytest.fixture(scope="module")
def left() -> Carried:
    """What a solve of the first system leaves."""
    level = level_of(small(0), slack_price=300.0)
    return level.leave(level.improve(level.begin(Carried()), Limits(gap=GAP)))


def charged(left: Carried, slack_price: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Price of every slack at first, what its row was worth in the last path, and its price after that is known."""
    level = level_of(small(0), slack_price=slack_price)
    first = np.concatenate([block.slack_cost for block in level.blocks])
    worth = np.concatenate([np.abs(on(b, left.paths[b.name][-1]))[b.slack_rows] for b in level.blocks])
    level.begin(left)
    return first, worth, np.concatenate([block.slack_cost for block in level.blocks])


def test_slack_costs_well_more_than_its_row_was_worth(left: Carried) -> None:
    first, worth, after = charged(left, 30.0)
    assert (SLACK_ABOVE * worth < SLACK_DEAREST * first).all()  # the cap is no part of this
    assert (SLACK_ABOVE * worth > first).sum() > 0.2 * len(first)
    assert (SLACK_ABOVE * worth < first).sum() > 0.2 * len(first)
    np.testing.assert_allclose(after, np.maximum(SLACK_ABOVE * worth, first), rtol=1e-6)


def test_slack_never_starts_dearer_than_a_multiple_of_its_first_price(left: Carried) -> None:
    first, worth, after = charged(left, 1.0)
    capped = SLACK_ABOVE * worth > SLACK_DEAREST * first
    assert 0.1 * len(first) < capped.sum() < 0.9 * len(first)
    np.testing.assert_allclose(after[capped], SLACK_DEAREST * first[capped], rtol=1e-12)
    np.testing.assert_allclose(after[~capped], np.maximum(SLACK_ABOVE * worth, first)[~capped], rtol=1e-6)


@pytest.mark.parametrize("size", [1e30, np.inf, np.nan])
def test_a_path_of_absurd_size_makes_no_absurd_slack(left: Carried, size: float) -> None:
    absurd = {
        name: [Path(of[-1].steps, {part: (steps, 0 * v + size) for part, (steps, v) in of[-1].parts.items()})]
        for name, of in left.paths.items()
    }
    level = level_of(small(0))
    first = [block.slack_cost.copy() for block in level.blocks]
    level.begin(Carried(paths=absurd))
    for block, before in zip(level.blocks, first, strict=True):
        assert len(before)
        assert (before <= block.slack_cost).all()
        assert (block.slack_cost <= SLACK_DEAREST * before).all()


def test_planned_values_come_in_megawatts() -> None:
    system = small(0)
    level: Level = level_of(system)
    x = np.zeros(level.pieces.width)
    x[level.names.index("sun.capacity_mw[s1,2033]")] = 0.25
    assert level.planned(x)("sun.capacity_mw").tolist() == [[0.0, 0.0], [0.0, 250.0]]


def test_everything_that_crosses_is_there() -> None:
    """The systems of these tests have what they are meant to test."""
    pieces = level_of(small(0, KINDS)).pieces
    rows = {pieces.lp.row_name(int(row)).split("[")[0] for row in pieces.crossings.shared_rows}
    assert rows == {"cap", "clean", "grid.takes_at_least", "plant.burns"}
    copied = {pieces.lp.column_name(int(column)).split("[")[0] for column in pieces.crossings.copied}
    assert copied == {"plant.output_mw", "store.stored"}
