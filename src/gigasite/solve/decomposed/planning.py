"""The planning problem: everything decided once per site and year, and a cost of operation for every block.

min  cost x + sum_b theta_b
subject to  planning rows, shared rows over their shares, copies within the bounds of what they copy
            theta_b >= constant + slope x          for every cut of block b
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from gigasite.solve.compiled import Array
from gigasite.solve.decomposed.block import Block
from gigasite.solve.decomposed.crossing import entries_of
from gigasite.solve.decomposed.cutting import Pieces

SMALL = 1e-9
"""HiGHS drops smaller coefficients without a word; we drop them on the safe side."""


@dataclass(frozen=True)
class CopyBound:
    """A row that holds a copy to an affine bound of the column it copies.

    Attributes:
        columns, values: its entries, on planning columns.
        lower, upper: its sides.
        row: the row of the whole problem it comes from.
        factor: coefficient of the copied column in that row.
    """

    columns: Array
    values: Array
    lower: float
    upper: float
    row: int
    factor: float


@dataclass(frozen=True)
class PlanningArrays:
    """Columns and rows of planning, without cuts."""

    cost: Array
    lower: Array
    upper: Array
    whole: Array
    matrix: Any
    row_lower: Array
    row_upper: Array
    constant: float


def planning_arrays(pieces: Pieces, copy_bounds: Sequence[CopyBound]) -> PlanningArrays:
    """Planning rows as they stand, shared rows over their shares, and the bounds that copies take over.

    Args:
        pieces: the problem in pieces.
        copy_bounds: from `bounds_of_copies`, of every block.
    """
    lp, crossings, columns = pieces.lp, pieces.crossings, pieces.planning_columns
    copied = crossings.copied
    activity_low, activity_high = _share_bounds(pieces)
    cost = np.r_[lp.column_cost[columns], np.zeros(pieces.width - len(columns))]
    lower = np.r_[lp.column_lower[columns], lp.column_lower[copied], activity_low]
    upper = np.r_[lp.column_upper[columns], lp.column_upper[copied], activity_high]
    whole = np.r_[lp.integrality[columns], np.zeros(pieces.width - len(columns), dtype=np.int32)]
    own = np.flatnonzero(crossings.home == -1)
    row, column, value = entries_of(lp, own)
    rows, cols, vals = [row], [pieces.planning_number[column]], [value]
    low, high = [lp.row_lower[own]], [lp.row_upper[own]]
    count = len(own)
    row, column, value = entries_of(lp, crossings.shared_rows)
    planned = pieces.keys.column[column] < 0
    rows += [count + row[planned], count + crossings.share_row]
    cols += [pieces.planning_number[column[planned]], pieces.first_share + np.arange(len(crossings.share_row))]
    vals += [value[planned], np.ones(len(crossings.share_row))]
    low.append(lp.row_lower[crossings.shared_rows])
    high.append(lp.row_upper[crossings.shared_rows])
    count += len(crossings.shared_rows)
    for number, bound in enumerate(copy_bounds):
        rows.append(np.full(len(bound.columns), count + number))
        cols.append(bound.columns)
        vals.append(bound.values)
    low.append(np.array([bound.lower for bound in copy_bounds]))
    high.append(np.array([bound.upper for bound in copy_bounds]))
    count += len(copy_bounds)
    matrix = csr_array(
        (np.concatenate(vals), (np.concatenate(rows), np.concatenate(cols))), shape=(count, pieces.width)
    )
    return PlanningArrays(
        cost, lower, upper, whole, matrix, np.concatenate(low), np.concatenate(high), lp.objective_constant
    )


def _share_bounds(pieces: Pieces) -> tuple[Array, Array]:
    """Least and most that each share can be: the block's columns at their bounds."""
    lp, crossings = pieces.lp, pieces.crossings
    row, column, value = entries_of(lp, crossings.shared_rows)
    block = pieces.keys.column[column]
    held = block >= 0
    row, column, value, block = row[held], column[held], value[held], block[held]
    blocks = max(pieces.count, 1)
    share = np.searchsorted(
        crossings.share_row.astype(np.int64) * blocks + crossings.share_block, row.astype(np.int64) * blocks + block
    )
    one, two = value * lp.column_lower[column], value * lp.column_upper[column]
    count = len(crossings.share_row)
    return (
        np.bincount(share, np.minimum(one, two), minlength=count),
        np.bincount(share, np.maximum(one, two), minlength=count),
    )


def bounds_of_copies(pieces: Pieces, block: Block) -> list[CopyBound]:
    """Rows that hold every copy to the affine bounds of the column it copies."""
    made = []
    copied = pieces.crossings.copied
    first, last = np.searchsorted(copied, [block.columns[0], block.columns[-1] + 1])
    among = first + np.flatnonzero(np.isin(copied[first:last], block.columns, assume_unique=True))
    for number in among:
        place = np.searchsorted(block.columns, copied[number])
        for bounds, is_upper in ((block.upper_bounds, True), (block.lower_bounds, False)):
            for of in np.flatnonzero(bounds.column == place):
                part = slice(bounds.matrix.indptr[of], bounds.matrix.indptr[of + 1])
                where = np.r_[pieces.first_copy + number, block.planning[bounds.matrix.indices[part]]]
                what = np.r_[1.0, -bounds.matrix.data[part]]
                side = float(bounds.constant[of])
                sides = (-np.inf, side) if is_upper else (side, np.inf)
                made.append(CopyBound(where, what, *sides, int(bounds.rows[of]), float(bounds.factors[of])))
    return made
