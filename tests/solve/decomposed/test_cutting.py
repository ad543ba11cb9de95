"""A row over one operation column becomes a bound, a row of planning stays there, a block is a site in a month."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.solve.decomposed.small_models import names_of, with_output
from tests.solve.decomposed.systems import dense

from gigasite.solve.decomposed.planning import planning_arrays


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
