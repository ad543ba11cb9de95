"""Every row and column of a problem finds its place: bounds, rows of blocks, planning, and what crosses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from tests.solve.decomposed.systems import KINDS, Small, dense, small, whole_matrix

from gigasite.formulation.modelling import Maker, new_model
from gigasite.solve.compiled import ColumnGroup, CompiledLP, Group, Numbering, RowGroup
from gigasite.solve.decomposed.block import Block
from gigasite.solve.decomposed.cutting import Pieces, cut, make_block
from gigasite.solve.decomposed.dispatch import Dispatcher
from gigasite.solve.decomposed.planning import bounds_of_copies, planning_arrays
from gigasite.solve.plain import compile_model

MONTH = np.array([1, 1, 2])
"""Two steps in January and one in February."""


class Model:
    """Declares a model over one or two sites, one or two years and three steps."""

    def __init__(self, sites: Iterable[str] = ("a",), years: Iterable[int] = (2030,)) -> None:
        self.model = new_model(traced=True)
        self.make = Maker(self.model, traced=True)
        self.site = self.make.set(self.model, "site", sites)
        self.year = self.make.set(self.model, "year", years)
        self.month = self.make.set(self.model, "month", range(1, 13))
        self.hour = self.make.set(self.model, "hour", range(3))
        self.planned, self.hourly = (self.site, self.year), (self.site, self.year, self.hour)
        self.make.param(self.model, "before", np.array([2, 0, 1]), (self.hour,))
        self.make.param(self.model, "month_of", MONTH, (self.hour,))

    def var(self, name: str, sets: Any, **said: Any) -> Any:
        return self.make.var(self.model, name, sets, **{"upper": 1000.0, **said})

    def rows(self, name: str, sets: Any, rule: Any) -> None:
        self.make.constraint(self.model, name, sets, rule)

    def cut(self) -> tuple[Pieces, list[Block]]:
        lp = compile_model(self.model, self.make)
        pieces = cut(lp, MONTH)
        return pieces, [make_block(pieces, number) for number in range(pieces.count)]


def with_output(**sets: Any) -> Model:
    """Capacity `x`, decided once, and output `y` of every step."""
    made = Model(**sets)
    made.var("x", made.planned, upper=500.0)
    made.var("y", made.hourly)
    return made


def names_of(lp: CompiledLP, columns: Any) -> list[str]:
    return [lp.column_name(int(column)) for column in columns]


# -- columns -----------------------------------------------------------------------------------------------------------


def test_a_block_is_a_site_in_a_month_of_a_year() -> None:
    made = with_output(sites=("a", "b"), years=(2028, 2035))
    pieces, blocks = made.cut()
    assert [block.name for block in blocks] == [
        f"{site} {year}-{month}" for site in "ab" for year in (2028, 2035) for month in ("01", "02")
    ]
    assert names_of(pieces.lp, blocks[2].columns) == ["y[a,2035,0]", "y[a,2035,1]"]
    assert [block.steps for block in blocks[:2]] == [2, 1]
    assert names_of(pieces.lp, pieces.planning_columns) == [f"x[{s},{y}]" for s in "ab" for y in (2028, 2035)]


def test_a_monthly_peak_belongs_to_the_block_of_its_month() -> None:
    made = with_output()
    made.var("peak", (*made.planned, made.month), upper=np.array([[[9.0, 9.0, *[0.0] * 10]]]))
    made.rows("below", made.hourly, lambda b, s, y, h: b.y[s, y, h] <= b.peak[s, y, b.month_of[h]])
    pieces, (january, february) = made.cut()
    assert names_of(pieces.lp, january.columns) == ["y[a,2030,0]", "y[a,2030,1]", "peak[a,2030,1]"]
    assert names_of(pieces.lp, february.columns) == ["y[a,2030,2]", "peak[a,2030,2]"]
    assert not len(pieces.crossings.copied)
    assert not len(pieces.crossings.share_row)
    assert january.shape == (2, 3)


def test_a_line_that_joins_two_sites_makes_one_block_of_three_places() -> None:
    made = with_output(sites=("a", "b", "c"))
    line = made.make.set(made.model, "line", ["a-b"])
    made.make.param(made.model, "gain", np.array([[1.0], [-1.0], [0.0]]), (made.site, line))
    made.var("flow", (line, made.year, made.hour), lower=-50.0, upper=50.0)
    made.rows(
        "balance",
        made.hourly,
        lambda b, s, y, h: b.y[s, y, h] + sum(b.gain[s, e] * b.flow[e, y, h] for e in b.line) == 5.0,
    )
    pieces, blocks = made.cut()
    assert len(blocks) == 4
    joined = next(block for block in blocks if block.name.endswith("2030-02") and "+" in block.name)
    assert set(joined.name.split()[0].split("+")) == {"a", "b", "a-b"}
    assert set(names_of(pieces.lp, joined.columns)) == {"y[a,2030,2]", "y[b,2030,2]", "flow[a-b,2030,2]"}
    assert [block.name for block in blocks if "+" not in block.name] == ["c 2030-01", "c 2030-02"]
    assert not len(pieces.crossings.copied)
    # rows of joined places are told apart by them, rows of one place are not
    assert {one.name for one in joined.segments} == {"balance[a]", "balance[b]"}
    assert {one.name for one in blocks[-1].segments} <= {"balance[]"}


def test_a_yearly_row_over_two_sites_does_not_join_them() -> None:
    made = with_output(sites=("a", "b"))
    made.rows("cap", (), lambda b: sum(sum(sum(b.y[s, y, h] for h in b.hour) for y in b.year) for s in b.site) <= 9.0)
    _, blocks = made.cut()
    assert [block.name for block in blocks] == ["a 2030-01", "a 2030-02", "b 2030-01", "b 2030-02"]


# -- rows with one operation column ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "upper", "lower"),
    [
        # 2 y <= 6 + x: y <= 3 + x / 2
        (lambda b, s, y, h: 2.0 * b.y[s, y, h] <= 6.0 + b.x[s, y], (3.0, 0.5), None),
        # x - 4 y <= 8, the coefficient is negative: y >= x / 4 - 2
        (lambda b, s, y, h: b.x[s, y] - 4.0 * b.y[s, y, h] <= 8.0, None, (-2.0, 0.25)),
        # 5 y + x >= 10: y >= 2 - x / 5
        (lambda b, s, y, h: 5.0 * b.y[s, y, h] + b.x[s, y] >= 10.0, None, (2.0, -0.2)),
        # 3 x - y >= -7, the coefficient is negative: y <= 7 + 3 x
        (lambda b, s, y, h: 3.0 * b.x[s, y] - b.y[s, y, h] >= -7.0, (7.0, 3.0), None),
    ],
)
def test_a_row_with_one_operation_column_becomes_a_bound(rule: Any, upper: Any, lower: Any) -> None:
    made = with_output()
    made.rows("limit", made.hourly, rule)
    pieces, blocks = made.cut()
    january = blocks[0]
    assert january.shape == (0, 2)
    for bounds, expected in ((january.upper_bounds, upper), (january.lower_bounds, lower)):
        if expected is None:
            assert len(bounds.column) == 0
            continue
        assert bounds.column.tolist() == [0, 1]
        assert bounds.constant == pytest.approx(expected[0])
        assert dense(bounds.matrix) == pytest.approx(np.array([[expected[1]]] * 2))
        assert [pieces.lp.row_name(int(row)) for row in bounds.rows] == ["limit[a,2030,0]", "limit[a,2030,1]"]
    x = np.array([40.0])
    low, high = january.column_bounds(x)
    assert high == pytest.approx(1000.0 if upper is None else upper[0] + 40.0 * upper[1])
    assert low == pytest.approx(0.0 if lower is None else max(lower[0] + 40.0 * lower[1], 0.0))


def test_of_several_bounds_of_a_column_the_tightest_counts() -> None:
    made = with_output()
    made.var("z", made.planned)
    made.rows("one", made.hourly, lambda b, s, y, h: b.y[s, y, h] <= b.x[s, y])
    made.rows("two", made.hourly, lambda b, s, y, h: b.y[s, y, h] <= 0.5 * b.z[s, y] + 10.0)
    made.rows("three", made.hourly, lambda b, s, y, h: b.y[s, y, h] >= 0.1 * b.x[s, y])
    _, blocks = made.cut()
    bounds = blocks[0].upper_bounds
    assert bounds.column.tolist() == [0, 0, 1, 1]
    assert bounds.firsts.tolist() == [0, 2]
    for x, least, most in ((30.0, 3.0, 30.0), (60.0, 6.0, 35.0)):
        lower, upper = blocks[0].column_bounds(np.array([x, 50.0]))
        assert lower == pytest.approx([least] * 2)
        assert upper == pytest.approx([most] * 2)
    assert blocks[0].column_bounds(np.array([9e3, 9e3]))[1] == pytest.approx([1000.0] * 2)


@pytest.mark.parametrize(
    "rule",
    [
        lambda b, s, y, h: b.y[s, y, h] + b.w[s, y, h] <= b.x[s, y],
        lambda b, s, y, h: b.y[s, y, h] == 0.3 * b.x[s, y],
        lambda b, s, y, h: (1.0, b.y[s, y, h] - b.x[s, y], 7.0),
    ],
    ids=["two operation columns", "equal", "between two sides"],
)
def test_what_does_not_bound_one_column_from_one_side_stays_a_row(rule: Any) -> None:
    made = with_output()
    made.var("w", made.hourly)
    made.rows("limit", made.hourly, rule)
    pieces, blocks = made.cut()
    assert blocks[0].shape == (2, 4)
    assert not len(blocks[0].upper_bounds.column)
    assert not len(blocks[0].lower_bounds.column)
    assert names_of(pieces.lp, blocks[0].planning) == ["x[a,2030]"]
    assert not len(blocks[0].slack_rows)


def test_a_row_of_planning_stays_with_planning() -> None:
    made = with_output(sites=("a", "b"))
    made.rows("together", (made.year,), lambda b, y: sum(b.x[s, y] for s in b.site) <= 70.0)
    made.rows("within", made.hourly, lambda b, s, y, h: b.y[s, y, h] <= b.x[s, y])
    pieces, blocks = made.cut()
    arrays = planning_arrays(pieces, [])
    assert dense(arrays.matrix) == pytest.approx(np.array([[1.0, 1.0]]))
    assert (arrays.row_lower.tolist(), arrays.row_upper.tolist()) == ([-np.inf], [70.0])
    assert all(block.shape[0] == 0 for block in blocks)


# -- rows that cross ---------------------------------------------------------------------------------------------------


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


def in_one_month(made: Model) -> tuple[Pieces, Block]:
    """All three steps in January: with a few days modelled, a year may have a single month."""
    pieces = cut(compile_model(made.model, made.make), np.array([1, 1, 1]))
    assert pieces.count == 1
    return pieces, make_block(pieces, 0)


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


# -- nothing is lost ---------------------------------------------------------------------------------------------------


def assert_nothing_is_lost(lp: CompiledLP, month: Any) -> None:  # noqa: PLR0912, PLR0915 - one account of everything
    """Blocks and planning put together give every entry, side, cost and bound of the whole exactly once."""
    pieces = cut(lp, month)
    blocks = [make_block(pieces, number) for number in range(pieces.count)]
    copies = [one for block in blocks for one in bounds_of_copies(pieces, block)]
    arrays = planning_arrays(pieces, copies)
    found: Counter[tuple[int, int]] = Counter()
    matrix, rows_seen = np.zeros(lp.shape), Counter[int]()
    low, high = np.full(lp.shape[0], np.nan), np.full(lp.shape[0], np.nan)

    def column_of(planning: int) -> int:
        if planning < pieces.first_copy:
            return int(pieces.planning_columns[planning])
        assert planning < pieces.first_share, "a share stands in no row of the whole"
        return int(pieces.crossings.copied[planning - pieces.first_copy])

    def put(row: int, column: int, value: float) -> None:
        found[row, column] += 1
        matrix[row, column] += value

    def side(row: int, lower: float, upper: float) -> None:
        rows_seen[row] += 1
        low[row], high[row] = lower, upper

    columns_seen: Counter[int] = Counter(int(column) for column in pieces.planning_columns)
    shares_seen: Counter[int] = Counter()
    for number, block in enumerate(blocks):
        columns_seen.update(int(column) for column in block.columns)
        np.testing.assert_array_equal(block.cost, lp.column_cost[block.columns])
        np.testing.assert_array_equal(block.upper, lp.column_upper[block.columns])
        np.testing.assert_array_equal(block.lower, lp.column_lower[block.columns])
        operation, planned = block.matrix.tocoo(), block.row_planning.tocoo()
        made: dict[int, int] = {}
        for place, column, value in zip(*planned.coords, planned.data, strict=True):
            row = int(block.row_numbers[place])
            if row >= 0:
                put(row, column_of(int(block.planning[column])), value)
            else:
                assert value == -1.0
                made[int(place)] = int(block.planning[column])
        for place, column, value in zip(*operation.coords, operation.data, strict=True):
            row, whole = int(block.row_numbers[place]), int(block.columns[column])
            if row >= 0:
                put(row, whole, value)
            elif made[int(place)] >= pieces.first_share:
                share = made[int(place)] - pieces.first_share
                assert pieces.crossings.share_block[share] == number
                shares_seen[share] += 1
                put(int(pieces.crossings.shared_rows[pieces.crossings.share_row[share]]), whole, value)
            else:
                assert (whole, value) == (column_of(made[int(place)]), 1.0)
        for place, row in enumerate(block.row_numbers):
            if row >= 0:
                side(int(row), block.row_lower[place], block.row_upper[place])
        for bounds, is_upper in ((block.upper_bounds, True), (block.lower_bounds, False)):
            assert all(a <= b for a, b in pairwise(bounds.column))
            moves = dense(bounds.matrix)
            for place, (column, row, factor) in enumerate(zip(bounds.column, bounds.rows, bounds.factors, strict=True)):
                put(int(row), int(block.columns[column]), factor)
                for planning in np.flatnonzero(moves[place]):
                    put(int(row), column_of(int(block.planning[planning])), -moves[place, planning] * factor)
                limit = bounds.constant[place] * factor
                side(int(row), *((-np.inf, limit) if is_upper == (factor > 0) else (limit, np.inf)))
    own = np.flatnonzero(pieces.crossings.home == -1)
    planning = csr_array(arrays.matrix).tocoo()
    total = len(own) + len(pieces.crossings.shared_rows)
    for place, column, value in zip(*planning.coords, planning.data, strict=True):
        if place >= total:
            continue  # what copies take over is said in their block already
        if column >= pieces.first_share:
            assert value == 1.0
            assert pieces.crossings.share_row[column - pieces.first_share] == place - len(own)
            continue
        row = own[place] if place < len(own) else pieces.crossings.shared_rows[place - len(own)]
        put(int(row), column_of(int(column)), value)
    for place, row in enumerate([*own, *pieces.crossings.shared_rows]):
        side(int(row), arrays.row_lower[place], arrays.row_upper[place])
    assert set(columns_seen) == set(range(lp.shape[1]))
    assert set(columns_seen.values()) <= {1}
    assert set(rows_seen) == set(range(lp.shape[0]))
    assert set(rows_seen.values()) <= {1}
    assert set(found.values()) <= {1}
    assert sum(found.values()) == lp.nonzeros
    np.testing.assert_allclose(matrix, whole_matrix(lp), rtol=1e-13, atol=0)
    np.testing.assert_allclose(low, lp.row_lower, rtol=1e-13, atol=0)
    np.testing.assert_allclose(high, lp.row_upper, rtol=1e-13, atol=0)
    assert set(shares_seen) == set(range(len(pieces.crossings.share_row)))
    first = pieces.first_copy
    np.testing.assert_array_equal(arrays.cost[:first], lp.column_cost[pieces.planning_columns])
    assert not arrays.cost[first:].any()
    assert arrays.constant == lp.objective_constant


@settings(max_examples=25)
@given(
    seed=st.integers(0, 10**6),
    kinds=st.sets(st.sampled_from(KINDS)),
    months=st.sets(st.integers(1, 12), min_size=1, max_size=4),
    steps=st.integers(1, 3),
    sites=st.integers(2, 3),
    whole=st.booleans(),
)
def test_nothing_of_a_system_is_lost(
    seed: int, kinds: set[str], months: set[int], steps: int, sites: int, whole: bool
) -> None:
    system: Small = small(
        seed, tuple(sorted(kinds)), months=tuple(sorted(months)), steps=steps, sites=sites, whole=whole
    )
    assert_nothing_is_lost(system.lp.scaled().lp, system.month)


SETS: dict[str, tuple[Any, ...]] = {
    "site": ("a", "b"), "year": (2028, 2035), "month": tuple(range(1, 13)), "hour": (0, 1, 2, 3), "line": ("a-b",),
    "step": (1, 2),
}  # fmt: skip
DIMS = (
    (), ("site", "year"), ("site", "year", "hour"), ("site", "year", "month"), ("line", "year", "hour"), ("year",),
    ("site", "year", "step"), ("site", "step", "year", "hour"), ("year", "hour"),
)  # fmt: skip


@st.composite
def any_problem(draw: Any) -> CompiledLP:
    """Rows over any sets with entries on any columns, some columns and rows left out."""
    chance = np.random.default_rng(draw(st.integers(0, 10**6)))

    def groups(kind: type[Group], name: str) -> tuple[Any, ...]:
        made: list[Any] = []
        offset = 0
        for number in range(draw(st.integers(1, 4))):
            dims = DIMS[chance.integers(len(DIMS))]
            group = kind(f"{name}{number}", dims, tuple(SETS[d] for d in dims), offset, "hour" not in dims)
            made.append(group)
            offset += group.size
        return tuple(made)

    columns, rows = groups(ColumnGroup, "v"), groups(RowGroup, "c")
    width, height = (sum(group.size for group in made) for made in (columns, rows))
    some = chance.random(width) < 0.8
    some[chance.integers(width)] = True
    numbering, row_numbering = Numbering.of(some), Numbering.of(np.r_[True, chance.random(height - 1) < 0.7])
    n, m = numbering.count, row_numbering.count
    picked = [np.sort(chance.choice(n, min(n, int(chance.integers(1, 5))), replace=False)) for _ in range(m)]
    side, kind = chance.normal(size=m), chance.integers(0, 4, m)
    return CompiledLP(
        column_cost=chance.normal(size=n),
        column_lower=-chance.random(n),
        column_upper=1.0 + chance.random(n),
        row_lower=np.where(kind == 0, -np.inf, side),
        row_upper=np.where(kind == 1, np.inf, np.where(kind == 3, side + 1.0, side)),
        row_starts=np.r_[0, np.cumsum([len(one) for one in picked])].astype(np.int32),
        column_indices=np.concatenate(picked).astype(np.int32),
        values=chance.choice([-3.0, -1.0, 0.5, 2.0], sum(len(one) for one in picked)),
        objective_constant=3.0,
        integrality=np.zeros(n, dtype=np.int32),
        columns=columns,
        rows=rows,
        column_numbering=numbering,
        row_numbering=row_numbering,
    )


@settings(max_examples=60)
@given(lp=any_problem())
def test_nothing_of_any_problem_is_lost(lp: CompiledLP) -> None:
    assert_nothing_is_lost(lp, np.array([2, 2, 5, 7]))
