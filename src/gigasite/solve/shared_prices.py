"""What a variable costs at the prices of rows that are not its own feature's: of power, slots, land, emissions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gigasite.solve.compiled import Array, CompiledLP, Group, Numbering
from gigasite.solve.room import parts_of


def paid_by_shared_rows(lp: CompiledLP, row_duals: Array) -> Array:
    """What rows outside a column's own feature pay for a unit of it: sum of coefficient times dual, USD per unit.

    The feature is the part of a name before its first point: rows 'gas_turbine.…' are those of column
    'gas_turbine.capacity_mw' itself and left out.

    Args:
        lp: the problem, with its matrix.
        row_duals: price of every kept row.
    """
    number_of: dict[str, int] = {}
    of_row = _features(lp.rows, lp.row_numbering, number_of)
    of_column = _features(lp.columns, lp.column_numbering, number_of)
    paid = np.zeros(lp.shape[1])
    for part in parts_of(lp.shape[0]):
        starts = lp.row_starts[part.start : part.stop + 1]
        entries = slice(int(starts[0]), int(starts[-1]))
        row = part.start + np.repeat(np.arange(len(starts) - 1), np.diff(starts))
        column = lp.column_indices[entries]
        shared = (of_row[row] != of_column[column]) & (row_duals[row] != 0)
        worth = lp.values[entries][shared] * row_duals[row[shared]]
        paid += np.bincount(column[shared], worth, minlength=len(paid))
    return paid


def _features(groups: Sequence[Group], numbering: Numbering, number_of: dict[str, int]) -> Array:
    """Number of the feature of every kept row or column."""
    found = np.empty(numbering.count, dtype=np.int32)
    for group in groups:
        first, last = numbering.places_of(group.full)
        found[first:last] = number_of.setdefault(group.name.partition(".")[0], len(number_of))
    return found
