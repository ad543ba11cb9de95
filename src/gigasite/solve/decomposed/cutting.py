"""Cuts a whole problem into its planning part and blocks of one month, whatever wrote its rows.

A column over hours or months is operation and belongs to the block of its place, year and month; every other column is
planning. Then each row is one of four:

    no operation column              planning row
    one operation column of a block  a bound of that column that moves with the plan, where it bounds from one side
    columns of one block             row of the block
    columns of several blocks        crosses: see `crossing`
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from gigasite.foundation.errors import SolverFailure
from gigasite.solve.compiled import Array, CompiledLP
from gigasite.solve.decomposed.block import AffineBounds, Block, Segment
from gigasite.solve.decomposed.crossing import Crossings, find_crossings
from gigasite.solve.decomposed.keys import Keys, block_keys
from gigasite.solve.decomposed.row_names import RowLabels, row_labels, series_name

LINK = "carried over: "
SHARE = "share of: "


@dataclass(frozen=True)
class Pieces:
    """A problem in pieces; blocks are made when asked for, so that each worker makes its own.

    Attributes:
        lp: the whole problem, in the solver's units.
        keys: blocks of columns and months of rows.
        crossings: how rows that cross blocks are taken apart.
        slack_price: multiple of a typical operating cost that a slack is charged.
        made_before: copies and shares of the parts cut before, where a problem is cut part by part.
    """

    lp: CompiledLP
    keys: Keys
    crossings: Crossings
    slack_price: float = 30.0
    made_before: int = 0

    @property
    def count(self) -> int:
        """Number of blocks."""
        return len(self.keys.names)

    @cached_property
    def planning_columns(self) -> Array:
        """Kept columns of planning, in order; copies and shares follow them."""
        return np.flatnonzero(self.keys.column < 0)

    @cached_property
    def planning_number(self) -> Array:
        """Planning number of every kept column, -1 for operation."""
        numbers = np.full(len(self.keys.column), -1, dtype=np.int32)
        numbers[self.planning_columns] = np.arange(len(self.planning_columns))
        return numbers

    @property
    def first_copy(self) -> int:
        """Planning number of the first copy."""
        return len(self.planning_columns) + self.made_before

    @property
    def first_share(self) -> int:
        """Planning number of the first share."""
        return self.first_copy + len(self.crossings.copied)

    @property
    def width(self) -> int:
        """Number of planning columns in all, those made for parts cut later apart."""
        return self.first_share + len(self.crossings.share_row)

    @cached_property
    def _rows_by_home(self) -> tuple[Array, Array]:
        home = self.crossings.home
        order = np.argsort(home, kind="stable").astype(np.int32)
        return order, np.searchsorted(home[order], np.arange(self.count + 1))

    @cached_property
    def _columns_by_block(self) -> tuple[Array, Array]:
        order = np.argsort(self.keys.column, kind="stable").astype(np.int32)
        return order, np.searchsorted(self.keys.column[order], np.arange(self.count + 1))

    def rows_of(self, block: int) -> Array:
        """Kept rows of a block."""
        order, firsts = self._rows_by_home
        return np.asarray(order[firsts[block] : firsts[block + 1]])

    def columns_of(self, block: int) -> Array:
        """Kept columns of a block."""
        order, firsts = self._columns_by_block
        return np.asarray(order[firsts[block] : firsts[block + 1]])

    def without_numbers(self) -> Pieces:
        """The pieces without what only the making of blocks and of planning rows needs, by far the most of it."""
        none = np.empty(0, dtype=np.int32)
        block_type = np.int16 if self.count <= np.iinfo(np.int16).max else np.int32
        return replace(
            self,
            lp=self.lp.names_only(),
            keys=replace(self.keys, row_period=none, column=self.keys.column.astype(block_type)),
            crossings=replace(self.crossings, home=none, operation_entries=none),
        )

    @cached_property
    def matrix(self) -> Any:
        """The whole matrix."""
        lp = self.lp
        return csr_array((lp.values, lp.column_indices, lp.row_starts), shape=lp.shape)

    @cached_property
    def row_labels(self) -> RowLabels:
        """Segment and step of every kept row."""
        return row_labels(self.lp, self.keys)


def cut(lp: CompiledLP, month_of_step: Array) -> Pieces:
    """Take a problem apart.

    Args:
        lp: the problem in the solver's units.
        month_of_step: month, 1 to 12, of every member of the set `hour`.

    Raises:
        SolverFailure: operation comes in whole numbers.
    """
    keys = block_keys(lp, month_of_step)
    if lp.integrality[keys.column >= 0].any():
        raise SolverFailure("whole numbers that change by the hour cannot be solved in blocks; say `solve: whole`")
    return Pieces(lp, keys, find_crossings(lp, keys))


def make_block(pieces: Pieces, number: int) -> Block:
    """The arrays of one block."""
    lp, keys = pieces.lp, pieces.keys
    columns, rows = pieces.columns_of(number), pieces.rows_of(number)
    entries = _Entries.of(pieces, number, rows, columns)
    bounds = _bound_rows(pieces, rows)
    upper, lower = _affine_bounds(pieces, rows, entries, bounds)
    made = _made_rows(pieces, number, columns)
    kept = np.flatnonzero(~bounds)
    matrix = _stack(entries.operation[kept], made.matrix)
    planning_rows = _stack(entries.planning[kept], made.planning)
    used = np.unique(np.concatenate([planning_rows.indices, upper.matrix.indices, lower.matrix.indices]))
    crossing = np.flatnonzero(np.isin(rows[kept], pieces.crossings.reaching))
    slack_rows, slack_signs = _slacks(crossing, made, len(kept))
    sizes = _sizes(matrix, slack_rows)
    row_lower = np.r_[lp.row_lower[rows[kept]], made.lower]
    row_upper = np.r_[lp.row_upper[rows[kept]], made.upper]
    return Block(
        name=keys.names[number],
        steps=int(keys.steps[keys.months[number]]),
        columns=columns,
        cost=lp.column_cost[columns],
        lower=lp.column_lower[columns],
        upper=lp.column_upper[columns],
        matrix=matrix,
        row_lower=row_lower,
        row_upper=row_upper,
        row_numbers=np.r_[rows[kept], np.full(len(made.lower), -1, dtype=np.int32)],
        planning=used,
        row_planning=_narrowed(planning_rows, used),
        upper_bounds=replace(upper, matrix=_narrowed(upper.matrix, used)),
        lower_bounds=replace(lower, matrix=_narrowed(lower.matrix, used)),
        slack_rows=slack_rows,
        slack_signs=slack_signs,
        slack_cost=pieces.slack_price * _typical(lp.column_cost[columns]) / sizes,
        slack_size=sizes,
        segments=(
            *pieces.row_labels.segments(rows[kept], joined=bool(keys.joined[number])),
            *(Segment(one.name, one.positions + len(kept), one.steps) for one in made.segments),
        ),
    )


@dataclass(frozen=True)
class _Entries:
    """The entries of a block's rows, on its own columns and on planning columns."""

    operation: Any
    planning: Any

    @classmethod
    def of(cls, pieces: Pieces, number: int, rows: Array, columns: Array) -> _Entries:
        keys, crossings = pieces.keys, pieces.crossings
        part = pieces.matrix[rows]
        row = np.repeat(np.arange(len(rows)), np.diff(part.indptr))
        block = keys.column[part.indices]
        own = block == number
        local = np.searchsorted(columns, part.indices[own])
        there = pieces.planning_number[part.indices]
        foreign = (block >= 0) & ~own
        if foreign.any():
            there = there.copy()
            there[foreign] = pieces.first_copy + np.searchsorted(crossings.copied, part.indices[foreign])
        shape = (len(rows), len(columns))
        return cls(
            _csr(part.data[own], local, _starts(row[own], len(rows)), shape),
            _csr(part.data[~own], there[~own], _starts(row[~own], len(rows)), (len(rows), pieces.width)),
        )


def _csr(data: Array, indices: Array, starts: Array, shape: tuple[int, int]) -> Any:
    """A CSR array with numbers of four bytes, which are enough for a block."""
    return csr_array((data, indices.astype(np.int32), starts.astype(np.int32)), shape=shape)


def _starts(row: Array, count: int) -> Array:
    starts: Array = np.r_[0, np.cumsum(np.bincount(row, minlength=count))].astype(np.int32)
    return starts


def _bound_rows(pieces: Pieces, rows: Array) -> Array:
    """Which rows bound one operation column from one side."""
    lp, crossings = pieces.lp, pieces.crossings
    one_sided = np.isinf(lp.row_lower[rows]) != np.isinf(lp.row_upper[rows])
    alone = (crossings.operation_entries[rows] == 1) & one_sided
    return np.asarray(alone & ~np.isin(rows, crossings.reaching))


def _affine_bounds(pieces: Pieces, rows: Array, entries: _Entries, bounds: Array) -> tuple[AffineBounds, AffineBounds]:
    """Upper and lower bounds from rows a y + p x <= b: y <= (b - p x) / a for a > 0, y >= for a < 0."""
    lp = pieces.lp
    chosen = np.flatnonzero(bounds)
    factor = entries.operation[chosen].data
    column = entries.operation[chosen].indices
    high, low = lp.row_upper[rows[chosen]], lp.row_lower[rows[chosen]]
    side = np.where(np.isfinite(high), high, low)
    is_upper = np.isfinite(high) == (factor > 0)
    scale = csr_array((-1.0 / factor, np.arange(len(chosen)), np.arange(len(chosen) + 1)), shape=(len(chosen),) * 2)
    matrix = (scale @ entries.planning[chosen]).tocsr()
    made = []
    for mask in (is_upper, ~is_upper):
        order = np.flatnonzero(mask)[np.argsort(column[mask], kind="stable")]
        made.append(
            AffineBounds(
                column[order].astype(np.int32),
                side[order] / factor[order],
                matrix[order],
                rows[chosen[order]].astype(np.int32),
                factor[order],
            )
        )
    return made[0], made[1]


@dataclass(frozen=True)
class _MadeRows:
    """Links and shares of a block."""

    matrix: Any
    planning: Any
    lower: Array
    upper: Array
    segments: tuple[Segment, ...]


def _made_rows(pieces: Pieces, number: int, columns: Array) -> _MadeRows:
    lp, crossings = pieces.lp, pieces.crossings
    mine = np.flatnonzero(pieces.keys.column[crossings.copied] == number)
    copied = crossings.copied[mine]
    shares = np.flatnonzero(crossings.share_block == number)
    of_rows = crossings.shared_rows[crossings.share_row[shares]]
    width = len(columns)
    links = csr_array(
        (np.ones(len(mine)), np.searchsorted(columns, copied), np.arange(len(mine) + 1)), shape=(len(mine), width)
    )
    part = pieces.matrix[of_rows]
    row = np.repeat(np.arange(len(of_rows)), np.diff(part.indptr))
    own = pieces.keys.column[part.indices] == number
    sums = csr_array(
        (part.data[own], np.searchsorted(columns, part.indices[own]), _starts(row[own], len(of_rows))),
        shape=(len(of_rows), width),
    )
    there = np.r_[pieces.first_copy + mine, pieces.first_share + shares]
    count = len(there)
    taken = csr_array((-np.ones(count), there, np.arange(count + 1)), shape=(count, pieces.width))
    lower = np.where(np.isfinite(lp.row_lower[of_rows]), 0.0, -np.inf)
    upper = np.where(np.isfinite(lp.row_upper[of_rows]), 0.0, np.inf)
    joined = bool(pieces.keys.joined[number])
    names = [LINK + series_name(lp.columns, lp.column_numbering.full_number(int(c)), joined=joined) for c in copied]
    names += [SHARE + series_name(lp.rows, lp.row_numbering.full_number(int(r)), joined=joined) for r in of_rows]
    return _MadeRows(
        _stack(links, sums),
        taken,
        np.r_[np.zeros(len(mine)), lower],
        np.r_[np.zeros(len(mine)), upper],
        _by_name(names),
    )


def _by_name(names: list[str]) -> tuple[Segment, ...]:
    """Segments of made rows, positions counted from the first made row."""
    found: dict[str, list[int]] = {}
    for position, name in enumerate(names):
        found.setdefault(name, []).append(position)
    return tuple(Segment(n, np.array(p), np.arange(len(p))) for n, p in found.items())


def _slacks(crossing: Array, made: _MadeRows, first_made: int) -> tuple[Array, Array]:
    """Rows with slack and its signs: up (+1) where a row has a lower side, down (-1) where it has an upper one."""
    links = first_made + np.arange(len(made.lower))
    up = np.r_[crossing, links[np.isfinite(made.lower)]]
    down = np.r_[crossing, links[np.isfinite(made.upper)]]
    return np.r_[up, down].astype(np.int64), np.r_[np.ones(len(up)), -np.ones(len(down))]


def _typical(cost: Array) -> float:
    """A typical operating cost."""
    paid = cost[cost > 0]
    return float(np.median(paid)) if len(paid) else 1.0


def _sizes(matrix: Any, rows: Array) -> Array:
    """Largest coefficient of some rows."""
    sizes = np.array([np.abs(matrix.data[matrix.indptr[r] : matrix.indptr[r + 1]]).max(initial=0.0) for r in rows])
    return np.where(sizes > 0, sizes, 1.0)


def _stack(one: Any, two: Any) -> Any:
    """Rows of two CSR arrays, one under the other."""
    return _csr(
        np.r_[one.data, two.data],
        np.r_[one.indices, two.indices],
        np.r_[one.indptr, one.indptr[-1] + two.indptr[1:]],
        (one.shape[0] + two.shape[0], one.shape[1]),
    )


def _narrowed(matrix: Any, used: Array) -> Any:
    """The same entries on the columns that are used."""
    return _csr(matrix.data, np.searchsorted(used, matrix.indices), matrix.indptr, (matrix.shape[0], len(used)))
