"""The planning problem: everything decided once per site and year, and a cost of operation for every block.

min  cost x + sum_b theta_b
subject to  planning rows, shared rows over their shares, copies within the bounds of what they copy
            theta_b >= constant + slope x          for every cut of block b
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.sparse import csr_array, vstack

from gigasite.solve.compiled import Array
from gigasite.solve.decomposed.block import AffineBounds, Block
from gigasite.solve.decomposed.crossing import entries_of
from gigasite.solve.decomposed.cutting import Pieces

CROSSED = 1e-9
"""Bounds closer than this, in GW, do not cross."""


@dataclass(frozen=True)
class DerivedRow:
    """A planning row that follows from bounds of operation columns: columns x <= upper.

    Attributes:
        columns, values: its entries, on planning columns.
        upper: its upper side; it has no lower one.
        origins: rows of the whole problem it follows from, each with the factor its price has there.
    """

    columns: Array
    values: Array
    upper: float
    origins: tuple[tuple[int, float], ...]


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


def planning_arrays(pieces: Pieces, derived: Sequence[DerivedRow]) -> PlanningArrays:
    """Planning rows as they stand, shared rows over their shares, and rows that follow from bounds of operation.

    Args:
        pieces: the problem in pieces.
        derived: from `bounds_of_copies` and `bounds_that_may_cross`, of every block.
    """
    lp, crossings, columns = pieces.lp, pieces.crossings, pieces.planning_columns
    lower, upper = planning_box(pieces)
    cost = np.r_[lp.column_cost[columns], np.zeros(pieces.width - len(columns))]  # of what was made: nothing
    whole = np.r_[lp.integrality[columns], np.zeros(pieces.width - len(columns), dtype=np.int32)]
    own = crossings.planning_rows
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
    for number, one in enumerate(derived):
        rows.append(np.full(len(one.columns), count + number))
        cols.append(one.columns)
        vals.append(one.values)
    low.append(np.full(len(derived), -np.inf))
    high.append(np.array([one.upper for one in derived]))
    count += len(derived)
    matrix = csr_array(
        (np.concatenate(vals), (np.concatenate(rows), np.concatenate(cols))), shape=(count, pieces.width)
    )
    return PlanningArrays(
        cost, lower, upper, whole, matrix, np.concatenate(low), np.concatenate(high), lp.objective_constant
    )


def joined(parts: Sequence[PlanningArrays]) -> PlanningArrays:
    """The planning of all parts: rows one under the other, and what each was made beside what is common to all."""
    first, *others = parts
    if not others:
        return first
    widths = [len(part.cost) for part in parts]
    new = [slice(0, widths[0]), *(slice(before, width) for before, width in pairwise(widths))]

    def columns(name: str) -> Array:
        return np.concatenate([getattr(part, name)[where] for part, where in zip(parts, new, strict=True)])

    matrices = [
        csr_array((m.data, m.indices, m.indptr), shape=(m.shape[0], widths[-1])) for m in (p.matrix for p in parts)
    ]
    return PlanningArrays(
        columns("cost"),
        columns("lower"),
        columns("upper"),
        columns("whole"),
        vstack(matrices).tocsr(),
        np.concatenate([part.row_lower for part in parts]),
        np.concatenate([part.row_upper for part in parts]),
        first.constant,
    )


def planning_box(pieces: Pieces) -> tuple[Array, Array]:
    """Lower and upper bounds of every planning column; 0 for what was made for other parts."""
    lp, columns, copied = pieces.lp, pieces.planning_columns, pieces.crossings.copied
    least, most = _share_bounds(pieces)
    elsewhere = np.zeros(pieces.made_before)
    return (
        np.r_[lp.column_lower[columns], elsewhere, lp.column_lower[copied], least],
        np.r_[lp.column_upper[columns], elsewhere, lp.column_upper[copied], most],
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


def bounds_of_copies(pieces: Pieces, block: Block) -> list[DerivedRow]:
    """Rows that hold every copy to the affine bounds of the column it copies: z - U x <= u, and L x - z <= -l."""
    made = []
    copied = pieces.crossings.copied
    first, last = np.searchsorted(copied, [block.columns[0], block.columns[-1] + 1])
    among = first + np.flatnonzero(np.isin(copied[first:last], block.columns, assume_unique=True))
    for number in among:
        place = np.searchsorted(block.columns, copied[number])
        for bounds, sign in ((block.upper_bounds, 1.0), (block.lower_bounds, -1.0)):
            for of in np.flatnonzero(bounds.column == place):
                where, what = _row(bounds, int(of), block)
                made.append(
                    DerivedRow(
                        np.r_[pieces.first_copy + number, where],
                        np.r_[sign, -sign * what],
                        sign * float(bounds.constant[of]),
                        ((int(bounds.rows[of]), sign / float(bounds.factors[of])),),
                    )
                )
    return made


def bounds_that_may_cross(block: Block, box: tuple[Array, Array]) -> list[DerivedRow]:
    """Rows l + L x <= u + U x for operation columns whose bounds some plan would cross: no such plan is one."""
    x_low, x_high = box[0][block.planning], box[1][block.planning]
    upper, lower = block.upper_bounds, block.lower_bounds
    least, most = _least(upper, x_low, x_high), -_least(_negated(lower), x_low, x_high)
    made = []
    for of in np.flatnonzero(least < block.lower[upper.column] - CROSSED):
        where, what = _row(upper, int(of), block)
        side = float(upper.constant[of] - block.lower[upper.column[of]])
        made.append(DerivedRow(where, -what, side, ((int(upper.rows[of]), 1.0 / float(upper.factors[of])),)))
    for of in np.flatnonzero(most > block.upper[lower.column] + CROSSED):
        where, what = _row(lower, int(of), block)
        side = float(block.upper[lower.column[of]] - lower.constant[of])
        made.append(DerivedRow(where, what, side, ((int(lower.rows[of]), -1.0 / float(lower.factors[of])),)))
    for low in range(len(lower.column)):
        for high in np.flatnonzero((upper.column == lower.column[low]) & (least < most[low] - CROSSED)):
            (where, what), (there, that) = _row(lower, low, block), _row(upper, int(high), block)
            origins = (
                (int(lower.rows[low]), -1.0 / float(lower.factors[low])),
                (int(upper.rows[high]), 1.0 / float(upper.factors[high])),
            )
            side = float(upper.constant[high] - lower.constant[low])
            made.append(DerivedRow(np.r_[where, there], np.r_[what, -that], side, origins))
    return made


def _row(bounds: AffineBounds, number: int, block: Block) -> tuple[Array, Array]:
    """Planning columns and coefficients of one affine bound."""
    part = slice(bounds.matrix.indptr[number], bounds.matrix.indptr[number + 1])
    return block.planning[bounds.matrix.indices[part]], bounds.matrix.data[part]


def _least(bounds: AffineBounds, x_low: Array, x_high: Array) -> Array:
    """The least that each affine bound can be."""
    rising, falling = bounds.matrix.copy(), bounds.matrix.copy()
    rising.data = np.maximum(rising.data, 0.0)
    falling.data = np.minimum(falling.data, 0.0)
    least: Array = bounds.constant + rising @ x_low + falling @ x_high
    return least


def _negated(bounds: AffineBounds) -> AffineBounds:
    return replace(bounds, constant=-bounds.constant, matrix=-bounds.matrix)
