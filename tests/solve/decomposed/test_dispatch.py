"""Blocks are solved for a plan, each from the basis it ended with, whether they share an object of HiGHS or not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.solve.decomposed.systems import dense, level_of, small, true_cost
from tests.solve.decomposed.test_cut import one_plant

from gigasite.foundation.errors import SolverFailure
from gigasite.solve.decomposed import dispatch
from gigasite.solve.decomposed.block import Block
from gigasite.solve.decomposed.dispatch import Dispatcher, with_slacks


def test_a_block_worked_by_hand() -> None:
    # 10 - 1 MW are needed; 6 MW at 2 and 3 MW at 50
    found = Dispatcher({0: one_plant()}).dispatch(0, np.array([6.0, 1.0]))
    assert found.cost == pytest.approx(162.0)
    assert found.multipliers.tolist() == [50.0]
    assert found.multipliers.dtype == np.float64  # at single precision dear slack would drown in rounding
    assert found.cut.slope.tolist() == [-48.0, -50.0]
    assert found.slack == 0.0


def test_slack_is_told() -> None:
    block = one_plant(slack=True)  # slack costs 30, less than the second plant
    found = Dispatcher({0: block}).dispatch(0, np.array([6.0, 1.0]))
    assert found.cost == pytest.approx(12.0 + 90.0)
    assert found.slack == pytest.approx(3.0)
    operation, slack = Dispatcher({0: block}).values(0, np.array([6.0, 1.0]))
    assert operation.tolist() == pytest.approx([6.0, 0.0])
    assert slack == pytest.approx(3.0)


def test_slack_is_told_in_the_unit_of_the_columns_of_its_row() -> None:
    # 200 y1 + 200 y2 >= 200 (10 - x2): 600 of its unit are missed, which are 3 MW
    block = one_plant(slack=True)
    block = replace(
        block,
        matrix=block.matrix * 200.0,
        row_planning=block.row_planning * 200.0,
        row_lower=block.row_lower * 200.0,
        slack_cost=block.slack_cost / 200.0,
        slack_size=np.array([200.0]),
    )
    dispatcher, x = Dispatcher({0: block}), np.array([6.0, 1.0])
    found = dispatcher.dispatch(0, x)
    assert found.cost == pytest.approx(12.0 + 90.0)
    assert found.slack == pytest.approx(3.0)
    assert dispatcher.values(0, x)[1] == pytest.approx(3.0)


def test_a_slack_below_zero_earns_nothing() -> None:
    operation, slack = dispatch._split(one_plant(slack=True), [6.0, 3.0, -1e-7])
    assert (operation.tolist(), slack.tolist()) == ([6.0, 3.0], [0.0])


def test_slack_stands_behind_the_columns_in_its_row() -> None:
    block = level_of(small(1)).blocks[0]
    starts, indices, values = with_slacks(block)
    made = np.zeros((len(block.row_lower), len(block.columns) + len(block.slack_rows)))
    for row in range(len(starts) - 1):
        part = slice(starts[row], starts[row + 1])
        assert len(set(indices[part])) == len(indices[part])
        made[row, indices[part]] = values[part]
    assert (made[:, : len(block.columns)] == dense(block.matrix)).all()
    for number, (row, sign) in enumerate(zip(block.slack_rows, block.slack_signs, strict=True)):
        column = made[:, len(block.columns) + number]
        assert column[row] == sign
        assert np.count_nonzero(column) == 1


@pytest.mark.parametrize("own", [0, 60], ids=["objects shared by shape", "an object of each block"])
def test_blocks_visited_again_and_again_cost_what_they_cost_alone(monkeypatch: Any, own: int) -> None:
    monkeypatch.setattr(dispatch, "OWN_OBJECTS", own)
    level = level_of(small(2, sites=3))
    chance = np.random.default_rng(0)
    dispatcher = Dispatcher(dict(enumerate(level.blocks)))
    for _ in range(3):
        x = level.arrays.upper * chance.random(len(level.arrays.upper)) * 0.3
        for number, block in enumerate(level.blocks):
            here = x[block.planning]
            assert dispatcher.dispatch(number, here).cost == pytest.approx(true_cost(block, here), rel=1e-8, abs=1e-8)
    assert len(dispatcher._machines) == len(level.blocks) if own else len(dispatcher._machines) < len(level.blocks)


def test_months_of_one_length_share_an_object_and_other_coefficients_do_not() -> None:
    blocks = level_of(small(0, ("store",), sites=2)).blocks
    shapes = {dispatch._shape(block) for block in blocks}
    assert len(shapes) < len(blocks)
    changed = level_of(small(0, ("store",), sites=2)).blocks[0]
    changed.matrix.data[0] *= 1.0 + 1e-12
    assert dispatch._shape(changed) not in shapes


def test_a_block_without_an_answer_is_a_failure_with_its_name() -> None:
    block = one_plant()
    block.upper = np.array([1.0, 1.0])
    with pytest.raises(SolverFailure, match="by hand"):
        Dispatcher({0: block}).dispatch(0, np.zeros(2))


def test_bounds_that_cross_are_no_operation() -> None:
    # A plan of 5 MW that must run at 8 MW or more has no answer; only a rounding error may be passed over.
    block: Block = one_plant()
    upper = block.upper_bounds
    block = replace(block, lower_bounds=replace(upper, constant=np.array([8.0, 8.0]), matrix=0.0 * upper.matrix))
    assert true_cost(block, np.array([5.0, 0.0])) == np.inf
    with pytest.raises(SolverFailure):
        Dispatcher({0: block}).dispatch(0, np.array([5.0, 0.0]))


def test_a_rounding_error_between_two_bounds_is_passed_over() -> None:
    block: Block = one_plant()
    upper = block.upper_bounds
    block = replace(block, lower_bounds=replace(upper, constant=upper.constant + 1e-13))
    # at x1 = 8 both bounds are 8 MW: 8 x 2 + 1 x 50
    assert Dispatcher({0: block}).dispatch(0, np.array([8.0, 1.0])).cost == pytest.approx(66.0)


def test_dear_slack_does_not_make_a_plan_look_cheaper_than_it_is() -> None:
    """HiGHS lets a slack fall 1e-7 below zero; at a high price that is money, and the upper bound would be too low."""
    level = level_of(small(2, ("ramp", "store", "fuel", "cap"), steps=6))
    for block in level.blocks:
        block.slack_cost = block.slack_cost * 1e4
    chance = np.random.default_rng(0)
    dispatcher = Dispatcher(dict(enumerate(level.blocks)))
    for _ in range(10):
        x = 0.3 * level.arrays.upper * chance.random(len(level.arrays.upper))
        for number, block in enumerate(level.blocks):
            found = dispatcher.dispatch(number, x[block.planning])
            values = np.asarray(dispatcher._machines[str(number)].highs.getSolution().col_value)
            operation, slack = np.split(values, [len(block.columns)])
            truth = block.cost @ operation + block.slack_cost @ np.maximum(slack, 0.0)
            assert found.cost == pytest.approx(truth, rel=1e-12, abs=1e-12)
            assert found.slack == pytest.approx((np.maximum(slack, 0.0) / block.slack_size).max(), rel=1e-12)
