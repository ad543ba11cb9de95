"""What crosses a month goes through copies and shares, and its slack has a price."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.solve.decomposed.small_models import in_one_month, names_of, with_output
from tests.solve.decomposed.systems import dense, whole_matrix

from gigasite.solve.decomposed.dispatch import Dispatcher
from gigasite.solve.decomposed.planning import bounds_of_copies, planning_arrays


def test_stored_energy_crosses_by_a_copy_of_the_last_step_of_the_month_before() -> None:
    made = with_output()
    made.var("stored", made.hourly, upper=80.0)
    made.rows("within", made.hourly, lambda b, s, y, h: b.stored[s, y, h] <= 2.0 * b.x[s, y])
    made.rows(
        "carries", made.hourly, lambda b, s, y, h: b.stored[s, y, h] == b.stored[s, y, b.before[h]] - b.y[s, y, h]
    )
    pieces, (january, february) = made.cut()
    # hour 0 follows hour 2 (the ring), hour 2 follows hour 1: both reach into the other month
    assert names_of(pieces.lp, pieces.crossings.copied) == ["stored[a,2030,1]", "stored[a,2030,2]"]
    assert {pieces.lp.row_name(int(row)) for row in pieces.crossings.reaching} == {
        "carries[a,2030,0]",
        "carries[a,2030,2]",
    }
    assert (pieces.first_copy, pieces.width) == (1, 3)
    # January: two rows of its own, and one that holds its last step to the copy
    assert january.shape == (3, 4)
    link = {one.name: one.positions.tolist() for one in january.segments}["carried over: stored[]"]
    assert link == [2]
    assert dense(january.matrix)[2].tolist() == [0.0, 0.0, 0.0, 1.0]
    at = january.planning.tolist().index(pieces.first_copy)
    assert dense(january.row_planning)[2, at] == -1.0
    # the row of hour 0 takes the copy of hour 2, with the sign of the whole row
    borrowed = january.planning.tolist().index(pieces.first_copy + 1)
    whole = whole_matrix(pieces.lp)
    row = next(int(r) for r in pieces.crossings.reaching if pieces.lp.row_name(int(r)) == "carries[a,2030,0]")
    place = january.row_numbers.tolist().index(row)
    assert dense(january.row_planning)[place, borrowed] == whole[row, pieces.crossings.copied[1]]
    # rows that cross have slack both ways, others none
    assert sorted(january.slack_rows.tolist()) == [place, place, 2, 2]
    assert sorted(january.slack_signs.tolist()) == [-1.0, -1.0, 1.0, 1.0]
    assert (january.slack_cost > 0).all()
    # a copy stays within the bounds of what it copies, the moving one too
    arrays = planning_arrays(pieces, [one for block in (january, february) for one in bounds_of_copies(pieces, block)])
    assert arrays.upper[1:].tolist() == [80.0, 80.0]
    assert dense(arrays.matrix).tolist() == [[-2.0, 1.0, 0.0], [-2.0, 0.0, 1.0]]
    assert arrays.row_upper.tolist() == [0.0, 0.0]


def test_a_ramp_crosses_by_a_copy_and_both_its_rows_share_it() -> None:
    made = with_output()
    made.rows("rises", made.hourly, lambda b, s, y, h: b.y[s, y, h] - b.y[s, y, b.before[h]] <= 0.2 * b.x[s, y])
    made.rows("falls", made.hourly, lambda b, s, y, h: b.y[s, y, b.before[h]] - b.y[s, y, h] <= 0.2 * b.x[s, y])
    pieces, blocks = made.cut()
    assert names_of(pieces.lp, pieces.crossings.copied) == ["y[a,2030,1]", "y[a,2030,2]"]
    assert [len(block.row_lower) for block in blocks] == [5, 3]
    home = {pieces.lp.row_name(row): int(pieces.crossings.home[row]) for row in range(pieces.lp.shape[0])}
    assert home["rises[a,2030,0]"] == home["falls[a,2030,1]"] == 0
    assert home["rises[a,2030,2]"] == home["falls[a,2030,2]"] == 1


def test_a_row_of_one_month_that_only_reads_another_is_a_bound_of_the_other() -> None:
    made = with_output()
    made.rows("after", made.hourly, lambda b, s, y, h: b.y[s, y, b.before[h]] <= 0.5 * b.x[s, y])
    pieces, (january, february) = made.cut()
    assert not len(pieces.crossings.copied)
    assert [len(block.upper_bounds.column) for block in (january, february)] == [2, 1]
    assert pieces.lp.row_name(int(february.upper_bounds.rows[0])) == "after[a,2030,0]"


@pytest.mark.parametrize(
    ("compare", "sides", "signs"),
    [
        (lambda total, x: total <= x, (-np.inf, 0.0), [-1.0]),
        (lambda total, x: total >= x, (-np.inf, 0.0), [-1.0]),
        (lambda total, x: total == x, (0.0, 0.0), [1.0, -1.0]),
    ],
    ids=["at most", "at least", "equal"],
)
def test_a_yearly_sum_is_taken_apart_into_shares(compare: Any, sides: tuple[float, float], signs: list[float]) -> None:
    made = with_output()
    made.rows("sum", made.planned, lambda b, s, y: compare(sum(2.0 * b.y[s, y, h] for h in b.hour), b.x[s, y]))
    pieces, (january, february) = made.cut()
    lp, whole = pieces.lp, whole_matrix(pieces.lp)
    flip = np.sign(whole[0, 1])  # a row x <= sum is kept as x - sum <= 0
    assert pieces.crossings.shared_rows.tolist() == [0]
    assert pieces.crossings.share_block.tolist() == [0, 1]
    arrays = planning_arrays(pieces, [])
    assert dense(arrays.matrix).tolist() == [[whole[0, 0], 1.0, 1.0]]
    assert (arrays.row_lower[0], arrays.row_upper[0]) == (lp.row_lower[0], lp.row_upper[0])
    # a share lies between the block's columns at their bounds: 2 x 1000 for each step
    assert sorted([abs(arrays.lower[1]), abs(arrays.upper[1])]) == [0.0, 4000.0]
    assert sorted([abs(arrays.lower[2]), abs(arrays.upper[2])]) == [0.0, 2000.0]
    assert dense(january.matrix).tolist() == [[2.0 * flip, 2.0 * flip]]
    assert dense(january.row_planning)[0, january.planning.tolist().index(1)] == -1.0
    assert (january.row_lower[0], january.row_upper[0]) == sides
    assert january.slack_signs.tolist() == signs
    assert february.row_numbers.tolist() == [-1]
    assert [one.name for one in january.segments] == ["share of: sum[]"]


def test_a_sum_between_two_sides_is_shared_exactly() -> None:
    made = with_output()
    made.rows("sum", made.planned, lambda b, s, y: (3.0, sum(b.y[s, y, h] for h in b.hour), 8.0))
    pieces, (january, _) = made.cut()
    assert (january.row_lower[0], january.row_upper[0]) == (0.0, 0.0)
    arrays = planning_arrays(pieces, [])
    assert (arrays.row_lower[0], arrays.row_upper[0]) == (3.0, 8.0)


def test_a_sum_over_years_and_sites_has_a_share_of_every_block() -> None:
    made = with_output(sites=("a", "b"), years=(2028, 2035))
    made.rows("cap", (), lambda b: sum(sum(sum(b.y[s, y, h] for h in b.hour) for y in b.year) for s in b.site) <= 9.0)
    pieces, blocks = made.cut()
    assert pieces.crossings.share_block.tolist() == list(range(8))
    assert all([one.name for one in block.segments] == ["share of: cap[]"] for block in blocks)


def test_a_yearly_sum_within_one_block_is_a_share_too() -> None:
    """As a row of the block it would leave plans without an answer; planning is to meet it."""
    made = with_output()
    made.rows("within", made.hourly, lambda b, s, y, h: b.y[s, y, h] <= b.x[s, y])
    made.rows("sum", made.planned, lambda b, s, y: sum(2.0 * b.y[s, y, h] for h in b.hour) >= 30.0)
    pieces, block = in_one_month(made)
    whole = whole_matrix(pieces.lp)
    (row,) = pieces.crossings.shared_rows
    assert pieces.lp.row_name(int(row)) == "sum[a,2030]"
    assert pieces.crossings.share_block.tolist() == [0]
    assert [one.name for one in block.segments] == ["share of: sum[]"]
    assert dense(block.matrix).tolist() == [whole[row, block.columns].tolist()]
    assert block.slack_rows.tolist() == [0]
    assert block.slack_size.tolist() == [2.0]
    arrays = planning_arrays(pieces, [])
    assert dense(arrays.matrix).tolist() == [[0.0, 1.0]]
    assert (arrays.row_lower[0], arrays.row_upper[0]) == (pieces.lp.row_lower[row], pieces.lp.row_upper[row])
    # any plan has an answer: without capacity a share of 30 is missed, which is 15 MW in one of the steps
    x = np.zeros(len(block.planning))
    x[block.planning.tolist().index(pieces.first_share)] = np.sign(whole[row, block.columns[0]]) * 30.0
    assert Dispatcher({0: block}).dispatch(0, x).slack == pytest.approx(15.0)
    assert Dispatcher({0: block}).dispatch(0, 0.0 * x).slack == 0.0


def test_a_yearly_row_on_one_step_is_a_bound_where_it_has_one_side_and_a_share_where_it_has_two() -> None:
    made = with_output()
    made.rows("first", made.planned, lambda b, s, y: b.y[s, y, 0] <= 0.5 * b.x[s, y])
    made.rows("last", made.planned, lambda b, s, y: b.y[s, y, 2] == 0.2 * b.x[s, y])
    pieces, block = in_one_month(made)
    assert [pieces.lp.row_name(int(row)) for row in block.upper_bounds.rows] == ["first[a,2030]"]
    assert [pieces.lp.row_name(int(row)) for row in pieces.crossings.shared_rows] == ["last[a,2030]"]
    assert (block.row_lower.tolist(), block.row_upper.tolist()) == ([0.0], [0.0])
    assert block.slack_signs.tolist() == [1.0, -1.0]


def test_a_row_of_an_hour_within_one_block_is_no_share() -> None:
    made = with_output()
    made.var("w", made.hourly)
    made.rows("balance", made.hourly, lambda b, s, y, h: b.y[s, y, h] + b.w[s, y, h] == b.x[s, y])
    pieces, block = in_one_month(made)
    assert not len(pieces.crossings.shared_rows)
    assert [one.name for one in block.segments] == ["balance[]"]
    assert not len(block.slack_rows)


def test_slack_is_priced_by_what_a_unit_of_its_columns_adds() -> None:
    prices = []
    for factor in (1.0, 8.0):
        made = with_output()
        made.rows("sum", made.planned, lambda b, s, y, k=factor: sum(k * b.y[s, y, h] for h in b.hour) >= b.x[s, y])
        _, (january, _) = made.cut()
        assert january.slack_size.tolist() == [factor]
        prices.append(january.slack_cost)
    assert prices[0] == pytest.approx(8.0 * prices[1])
