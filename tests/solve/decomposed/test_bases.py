"""Bases find the columns and rows they belong to, and whatever they are, the cost stays the same."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.solve.decomposed.random_blocks import plans, random_block
from tests.solve.decomposed.systems import KINDS, Small, level_of, small, solved, true_cost

from gigasite.solve.compiled import CompiledLP, Numbering
from gigasite.solve.decomposed import dispatch
from gigasite.solve.decomposed.bases import AT_LOWER, BASIC, Basis, basis_for_highs, start_from, statuses_of
from gigasite.solve.decomposed.block import Block, Segment
from gigasite.solve.decomposed.dispatch import Dispatcher
from gigasite.solve.decomposed.level import Carried, Level
from gigasite.solve.decomposed.progress import Limits
from gigasite.solve.decomposed.row_names import column_segments

UPPER, FREE, ANY = 2, 3, 4


def block_of(steps: int, *, slack_rows: tuple[int, ...] = (), signs: tuple[float, ...] = ()) -> Block:
    """A block with a row 'balance' at every step and one 'cap' of the month, of which only the names matter."""
    return replace(
        random_block(0),
        steps=steps,
        columns=np.arange(steps + 1),
        row_lower=np.zeros(steps + 1),
        segments=(
            Segment("balance", np.arange(steps), np.arange(steps)),
            Segment("cap", np.array([steps]), np.array([0])),
        ),
        slack_rows=np.array(slack_rows, dtype=np.int64),
        slack_signs=np.array(signs),
    )


def columns_of(steps: int) -> tuple[Segment, ...]:
    """A column 'output' at every step, and one 'peak' of the month."""
    return (
        Segment("output", np.arange(steps), np.arange(steps)),
        Segment("peak", np.array([steps]), np.array([0])),
    )


def bytes_of(*numbers: int) -> np.ndarray[Any, Any]:
    return np.array(numbers, dtype=np.int8)


def test_what_a_coarse_step_ended_with_its_fine_steps_begin_with() -> None:
    known = Basis.of(block_of(2), columns_of(2), (bytes_of(BASIC, UPPER, BASIC), bytes_of(AT_LOWER, BASIC, UPPER)))
    columns, rows = start_from(known, block_of(6), columns_of(6))
    assert columns.tolist() == [BASIC] * 3 + [UPPER] * 3 + [BASIC]
    assert rows.tolist() == [AT_LOWER] * 3 + [BASIC] * 3 + [UPPER]


def test_on_its_own_steps_a_basis_is_what_it_was() -> None:
    block = block_of(3, slack_rows=(3, 0, 3), signs=(1.0, -1.0, -1.0))
    statuses = bytes_of(BASIC, UPPER, AT_LOWER, BASIC, UPPER, BASIC, FREE), bytes_of(BASIC, UPPER, AT_LOWER, BASIC)
    columns, rows = start_from(Basis.of(block, columns_of(3), statuses), block, columns_of(3))
    assert columns.tolist() == statuses[0].tolist()
    assert rows.tolist() == statuses[1].tolist()


def test_slack_goes_with_its_row_and_its_sign() -> None:
    coarse = block_of(1, slack_rows=(0, 1, 0), signs=(1.0, 1.0, -1.0))
    known = Basis.of(coarse, columns_of(1), (bytes_of(0, 0, BASIC, FREE, UPPER), bytes_of(BASIC, BASIC)))
    fine = block_of(2, slack_rows=(2, 1, 0, 1), signs=(1.0, -1.0, 1.0, 1.0))
    columns, _ = start_from(known, fine, columns_of(2))
    assert columns[3:].tolist() == [FREE, UPPER, BASIC, BASIC]


def test_an_unknown_column_begins_at_its_lower_bound_and_an_unknown_row_basic() -> None:
    known = Basis(2, {"output": bytes_of(UPPER)}, {}, {"balance": bytes_of(-1, UPPER)})
    columns, rows = start_from(known, block_of(2, slack_rows=(0,), signs=(1.0,)), columns_of(2))
    assert columns.tolist() == [UPPER, AT_LOWER, AT_LOWER, AT_LOWER]
    assert rows.tolist() == [BASIC, UPPER, BASIC]


def test_a_month_without_steps_has_a_basis_too() -> None:
    known = Basis.of(block_of(0), columns_of(0), (bytes_of(UPPER), bytes_of(AT_LOWER)))
    columns, rows = start_from(known, block_of(0), columns_of(0))
    assert (columns.tolist(), rows.tolist()) == ([UPPER], [AT_LOWER])


def names_of(lp: CompiledLP, level: Level, number: int) -> dict[str, str]:
    """Segment and step of each column of a block, by the name of the column."""
    block, keys = level.blocks[number], level.pieces.keys
    found: dict[str, str] = {}
    for one in column_segments(lp, keys, block.columns, joined=bool(keys.joined[number])):
        for position, step in zip(one.positions, one.steps, strict=True):
            name = lp.column_name(int(block.columns[position]))
            assert name not in found
            found[name] = f"{one.name} {step}"
    assert len(found) == len(block.columns)
    return found


def test_columns_are_named_without_their_time_and_told_apart_by_the_step_of_the_month() -> None:
    level = level_of(small(0, ("store", "peak"), sites=2, months=(1, 7), steps=2))
    number = next(n for n, block in enumerate(level.blocks) if block.name == "s1 2033-07")
    found = names_of(level.pieces.lp, level, number)
    assert found["plant.output_mw[s1,2033,2]"] == "plant.output_mw[] 0"
    assert found["plant.output_mw[s1,2033,3]"] == "plant.output_mw[] 1"
    assert found["grid.peak_mw[s1,2033,7]"] == "grid.peak_mw[] 0"


def test_columns_of_joined_places_keep_their_places() -> None:
    level = level_of(small(0, ("line",), sites=2, months=(1,), steps=2))
    found = names_of(level.pieces.lp, level, 0)
    assert found["plant.output_mw[s1,2030,1]"] == "plant.output_mw[s1] 1"
    assert found["wire.flow_mw[back,2030,0]"] == "wire.flow_mw[back] 0"


def test_columns_are_found_where_some_were_dropped() -> None:
    level = level_of(small(0, ("store", "peak"), sites=1))
    lp = level.pieces.lp
    everywhere = [names_of(lp, level, n) for n in range(len(level.blocks))]
    count = lp.column_numbering.count
    kept = np.arange(count) if lp.column_numbering.kept is None else lp.column_numbering.kept
    shifted = replace(lp, column_numbering=Numbering(lp.column_numbering.full_count, kept[1:]))
    for block in level.blocks:
        block.columns = block.columns - 1
    assert [names_of(shifted, level, n) for n in range(len(level.blocks))] == everywhere


def test_highs_takes_a_basis_and_gives_it_back() -> None:
    statuses = bytes_of(AT_LOWER, BASIC, UPPER, FREE, ANY), bytes_of(BASIC, UPPER)
    basis = basis_for_highs(statuses)
    assert basis.alien
    assert [part.tolist() for part in statuses_of(basis)] == [part.tolist() for part in statuses]


def iterations(level: Level, x: np.ndarray[Any, Any]) -> int:
    return sum(answer.iterations for answer in level.workers.dispatch(x))


def left_by(system: Small) -> Carried:
    level = level_of(system, slack_price=300.0)
    return level.leave(solved(level, Limits(gap=1e-6)))


def begun(system: Small, carried: Carried) -> tuple[Level, np.ndarray[Any, Any]]:
    level = level_of(system, slack_price=300.0)
    return level, level.begin(carried)


def test_a_block_that_begins_where_it_ended_has_nothing_to_do() -> None:
    level, again, cold = (level_of(small(1), slack_price=300.0) for _ in range(3))
    x = solved(level, Limits(gap=1e-6)).best
    level.workers.dispatch(x)
    again._starts = level.workers.bases()
    for one in (again, cold):
        for block, ended in zip(one.blocks, level.blocks, strict=True):
            block.slack_cost = ended.slack_cost
    assert iterations(again, x) < 0.1 * iterations(cold, x)


@pytest.mark.parametrize("kinds", [(), ("store",), KINDS], ids=["plants", "a store", "everything"])
def test_a_basis_of_coarser_steps_saves_work_and_changes_no_cost(kinds: tuple[str, ...]) -> None:
    coarse, fine = (small(3, kinds, steps=steps) for steps in (4, 24))
    left = left_by(coarse)
    warm, x = begun(fine, left)
    cold, _ = begun(fine, replace(left, bases={}))
    assert set(left.bases) == {block.name for block in warm.blocks}
    mine, theirs = warm.workers.dispatch(x), cold.workers.dispatch(x)
    assert [one.cost for one in mine] == pytest.approx([one.cost for one in theirs], rel=1e-8, abs=1e-8)
    assert sum(one.iterations for one in mine) < 0.75 * sum(one.iterations for one in theirs)


def test_with_bases_carried_up_the_answer_is_the_same() -> None:
    coarse, fine = (small(2, steps=steps) for steps in (2, 4))
    left = left_by(coarse)
    limits = Limits(gap=1e-7)
    warm = solved(level_of(fine, slack_price=300.0), limits, left)
    cold = solved(level_of(fine, slack_price=300.0), limits, replace(left, bases={}))
    assert warm.stopped == cold.stopped == "gap"
    assert warm.upper == pytest.approx(cold.upper, rel=2e-7)


@pytest.mark.parametrize("seed", range(40))
def test_a_foreign_basis_does_no_harm(seed: int) -> None:
    block, chance = random_block(seed), np.random.default_rng(seed)
    columns = len(block.columns) + len(block.slack_rows)
    start = tuple(chance.integers(0, 5, count).astype(np.int8) for count in (columns, len(block.row_lower)))
    for x in plans(block, seed):
        truth = true_cost(block, x)
        if np.isfinite(truth):
            found = Dispatcher({0: block}, {0: (start[0], start[1])}).dispatch(0, x)
            assert found.cost == pytest.approx(truth, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("status", [AT_LOWER, BASIC, UPPER])
def test_too_many_basic_ones_or_none_do_no_harm(status: int) -> None:
    level = level_of(small(1))
    x = 0.2 * level.arrays.upper
    for block in level.blocks:
        sizes = (len(block.columns) + len(block.slack_rows), len(block.row_lower))
        start = (np.full(sizes[0], status, dtype=np.int8), np.full(sizes[1], status, dtype=np.int8))
        here = x[block.planning]
        found = Dispatcher({0: block}, {0: start}).dispatch(0, here)
        assert found.cost == pytest.approx(true_cost(block, here), rel=1e-8, abs=1e-8)


def test_a_basis_of_the_wrong_size_is_refused_and_the_block_starts_cold() -> None:
    block = level_of(small(1)).blocks[0]
    x = np.zeros(len(block.planning))
    start = (np.zeros(3, dtype=np.int8), np.ones(2, dtype=np.int8))
    assert Dispatcher({0: block}, {0: start}).dispatch(0, x).cost == pytest.approx(true_cost(block, x), rel=1e-8)


@pytest.mark.parametrize("own", [0, 60], ids=["objects shared by shape", "an object of each block"])
def test_every_block_that_was_solved_hands_its_basis_back(monkeypatch: Any, own: int) -> None:
    monkeypatch.setattr(dispatch, "OWN_OBJECTS", own)
    monkeypatch.setattr(dispatch, "MOST_OBJECTS", 1)
    level = level_of(small(2, sites=3))
    blocks, x = dict(enumerate(level.blocks)), 0.1 * level.arrays.upper
    dispatcher = Dispatcher(blocks)
    assert dispatcher.bases() == {}
    for number in list(blocks)[1:]:
        dispatcher.dispatch(number, x[blocks[number].planning])
    ended = dispatcher.bases()
    assert set(ended) == set(blocks) - {0}
    for number, (columns, rows) in ended.items():
        block = blocks[number]
        assert len(columns) == len(block.columns) + len(block.slack_rows)
        assert (columns == BASIC).sum() + (rows == BASIC).sum() == len(rows) == len(block.row_lower)
    again = Dispatcher(blocks, ended)
    done = [again.dispatch(number, x[blocks[number].planning]).iterations for number in ended]
    assert sum(done) == 0
