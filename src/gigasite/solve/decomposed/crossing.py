"""Rows that cross blocks: what planning has to decide so that blocks stay separate.

A row of an hour that reaches into another month (stored energy, ramps) keeps its place; every operation column it
borrows from another block gets a *copy* among the planning columns, and its own block a row that holds it to the copy:

    y[column] - copy + up - down = 0

A row without hour or month that adds operation up over several blocks (a cap, a share of a year) is taken apart: each
block has a *share* of it, a planning column, and the row itself is left to planning:

    sum over the block's columns of a y - share - over + under  (<=, =, >= as the row)  0
    row lower <= sum of the shares + planning part <= row upper

The slack of both is priced, so that every block has an answer for every plan; what is left of it in the end is no
answer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gigasite.solve.compiled import Array, CompiledLP
from gigasite.solve.decomposed.keys import PLANNING, Keys, row_ranges

SHARED = -2
"""Home of a row that adds up over blocks."""


@dataclass(frozen=True)
class Crossings:
    """Homes of rows, and what was made for those that cross.

    Attributes:
        home: block of every kept row, -1 for planning, -2 for a row that adds up over blocks.
        planning_rows: rows without operation, whose home is -1.
        operation_entries: number of operation columns in every row.
        reaching: rows of a block that borrow columns of another.
        copied: kept columns that have a copy, in order of their copies.
        shared_rows: rows that add up over blocks.
        share_row, share_block: row (place in `shared_rows`) and block of every share.
    """

    home: Array
    planning_rows: Array
    operation_entries: Array
    reaching: Array
    copied: Array
    shared_rows: Array
    share_row: Array
    share_block: Array


def find_crossings(lp: CompiledLP, keys: Keys) -> Crossings:
    """Sort the rows of a problem by the blocks whose columns they hold."""
    home = np.empty(lp.shape[0], dtype=np.int32)
    counts = np.empty(lp.shape[0], dtype=np.int32)
    for _, first, last in row_ranges(lp):
        if first < last:
            home[first:last], counts[first:last] = _homes(lp, keys, first, last)
    candidates = np.flatnonzero((home >= 0) & (counts > 1) & (keys.row_period >= 0))
    rows, columns = _entries(lp, candidates)
    block = keys.column[columns]
    borrowed = (block >= 0) & (block != home[rows])
    reaching, copied = np.unique(rows[borrowed]), np.unique(columns[borrowed])
    shared = np.flatnonzero(home == SHARED)
    rows, columns = _entries(lp, shared)
    block = keys.column[columns]
    held = block >= 0
    place = np.searchsorted(shared, rows[held])
    blocks = len(keys.names)
    share = np.unique(place.astype(np.int64) * blocks + block[held])
    return Crossings(
        home, np.flatnonzero(home == PLANNING), counts, reaching, copied, shared, *np.divmod(share, max(blocks, 1))
    )


def _homes(lp: CompiledLP, keys: Keys, first: int, last: int) -> tuple[Array, Array]:
    """Home and number of operation entries of a range of rows."""
    start = lp.row_starts[first]
    columns = lp.column_indices[start : lp.row_starts[last]]
    starts = lp.row_starts[first:last] - start
    block = keys.column[columns]
    held = block >= 0
    count = np.add.reduceat(held, starts, dtype=np.int32)
    most = np.maximum.reduceat(block, starts)
    big = np.iinfo(np.int32).max
    least = np.minimum.reduceat(np.where(held, block, big), starts)
    home = np.where(count > 0, most, -1)
    period = keys.row_period[first:last]
    mixed = (count > 0) & (least != most)
    one_sided = np.isinf(lp.row_lower[first:last]) != np.isinf(lp.row_upper[first:last])
    mixed |= (count > 0) & (period < 0) & ~((count == 1) & one_sided)  # a sum within one block may fail there too
    if mixed.any():
        lengths = np.diff(np.r_[starts, len(columns)])
        own = held & (keys.block_period[np.maximum(block, 0)] == np.repeat(period, lengths))
        at_home = np.minimum.reduceat(np.where(own, block, big), starts)
        timed = np.where(at_home == big, least, at_home)
        home = np.where(mixed, np.where(period >= 0, timed, SHARED), home)
    return home.astype(np.int32), count


def _entries(lp: CompiledLP, rows: Array) -> tuple[Array, Array]:
    """Row and column of every entry of some rows."""
    if not len(rows):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    starts, lengths = lp.row_starts[rows].astype(np.int64), np.diff(lp.row_starts)[rows]
    where = np.repeat(starts - np.r_[0, np.cumsum(lengths)[:-1]], lengths) + np.arange(lengths.sum())
    return np.repeat(rows, lengths), lp.column_indices[where]


def entries_of(lp: CompiledLP, rows: Array) -> tuple[Array, Array, Array]:
    """Place in `rows`, column and value of every entry of some rows."""
    if not len(rows):
        empty = np.empty(0, dtype=np.int64)
        return empty, empty, np.empty(0)
    starts, lengths = lp.row_starts[rows].astype(np.int64), np.diff(lp.row_starts)[rows]
    where = np.repeat(starts - np.r_[0, np.cumsum(lengths)[:-1]], lengths) + np.arange(lengths.sum())
    return np.repeat(np.arange(len(rows)), lengths), lp.column_indices[where], lp.values[where]
