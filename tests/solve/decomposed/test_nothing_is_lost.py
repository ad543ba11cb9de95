"""Every row and column of a problem finds its place: bounds, rows of blocks, planning, and what crosses."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from tests.solve.decomposed.systems import KINDS, Small, dense, small, whole_matrix

from gigasite.solve.compiled import ColumnGroup, CompiledLP, Group, Numbering, RowGroup
from gigasite.solve.decomposed.cutting import cut, make_block
from gigasite.solve.decomposed.planning import bounds_of_copies, planning_arrays


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
