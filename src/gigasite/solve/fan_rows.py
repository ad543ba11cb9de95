"""Rows that several futures share: found by name and compared entry by entry, so that each is kept once."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from gigasite.foundation.errors import InfeasibleScenario, Problem
from gigasite.solve.compiled import Array, CompiledLP, Group, Numbering, full_name


def full_numbers(numbering: Numbering) -> Array:
    """The full number of everything kept."""
    return np.arange(numbering.full_count) if numbering.kept is None else numbering.kept.astype(np.int64)


ALONE = np.iinfo(np.int64).min // 4
"""Shift of what the first future does not have."""


def shift_to(first: Sequence[Group], mine: Sequence[Group], count: int, required: Array | None = None) -> Array:
    """What to add to a future's full numbers to find the same name in the first future."""
    known = {group.name: group for group in first}
    shift = np.full(count, ALONE, dtype=np.int64)
    for group in mine:
        other = known.get(group.name)
        if other is not None and other.dims == group.dims and other.labels == group.labels:
            shift[group.full] = other.offset - group.offset
    if required is not None and len(required) and (shift[required] == ALONE).any():
        name = full_name(mine, int(required[np.argmax(shift[required] == ALONE)]))
        message = f"{name} is decided before the futures part, but not every future has it"
        raise InfeasibleScenario(
            Problem(message, remedy="give every future the same sites, zones, technologies and requirements")
        )
    return shift


def rows_kept_once(
    lps: Sequence[CompiledLP], maps: Sequence[Array], width: int, apart: Collection[str]
) -> tuple[Array, list[Array], list[Array]]:
    """Rows that every future has, over common columns alone, and that are equal in all.

    Args:
        lps: each future's own problem.
        maps: number in the whole of each of its columns.
        width: common columns have the numbers below it.
        apart: features whose rows are never kept once.

    Returns:
        Their full numbers in the first future, the number in the whole of every row of every future, and of every
        future the rows over common columns alone that all have, in the same order.
    """
    first = lps[0]
    rows = [
        full_numbers(lp.row_numbering)
        + shift_to(first.rows, lp.rows, lp.row_numbering.full_count)[full_numbers(lp.row_numbering)]
        for lp in lps
    ]
    over_common = [_holds_only_below(lp, columns, width) for lp, columns in zip(lps, maps, strict=True)]
    may = np.ones(first.row_numbering.full_count, dtype=bool)
    for group in first.rows:
        may[group.full] = group.name.partition(".")[0] not in apart
    ids = np.sort(rows[0][over_common[0]])
    for numbers, candidate in zip(rows[1:], over_common[1:], strict=True):
        ids = np.intersect1d(ids, numbers[candidate], assume_unique=True)
    places = [_places(numbers, ids) for numbers in rows]
    alike = may[ids]
    for lp, columns, place in zip(lps[1:], maps[1:], places[1:], strict=True):
        alike &= _equal_rows((first, maps[0], places[0]), (lp, columns, place))
    once = ids[alike]
    placed, count = [], len(once)
    for numbers in rows:
        alone = ~np.isin(numbers, once)
        target = np.searchsorted(once, numbers).astype(np.int64)
        target[alone] = count + np.arange(int(alone.sum()))
        count += int(alone.sum())
        placed.append(target)
    return once, placed, places


def _places(numbers: Array, wanted: Array) -> Array:
    """Where each wanted number stands; what only one future has stands out of order."""
    order = np.argsort(numbers, kind="stable")
    return np.asarray(order[np.searchsorted(numbers[order], wanted)])


def _holds_only_below(lp: CompiledLP, columns: Array, width: int) -> Array:
    """Which rows hold columns below a number only."""
    if not lp.shape[0]:
        return np.zeros(0, dtype=bool)
    over = columns[lp.column_indices] >= width
    return np.asarray(np.add.reduceat(over, lp.row_starts[:-1].astype(np.int64), dtype=np.int64) == 0)


_Rows = tuple[CompiledLP, Array, Array]
"""A problem, its columns in the whole, and some of its rows."""


def _equal_rows(one: _Rows, other: _Rows) -> Array:
    """Which of some rows, given in pairs, are the same in entries and sides."""
    (a, _, in_a), (b, _, in_b) = one, other
    same: Array = (a.row_lower[in_a] == b.row_lower[in_b]) & (a.row_upper[in_a] == b.row_upper[in_b])
    same &= np.diff(a.row_starts)[in_a] == np.diff(b.row_starts)[in_b]
    pairs = np.flatnonzero(same)
    if not len(pairs):
        return same
    left, right = _entries(one, in_a[pairs]), _entries(other, in_b[pairs])
    equal = (left[1] == right[1]) & (left[2] == right[2])
    same[pairs] = np.bincount(left[0], weights=~equal, minlength=len(pairs)) == 0
    return same


def _entries(of: _Rows, rows: Array) -> tuple[Array, Array, Array]:
    """Row (place in `rows`), column in the whole and value of every entry, in the order of both."""
    lp, columns, _ = of
    starts, lengths = lp.row_starts[rows].astype(np.int64), np.diff(lp.row_starts)[rows]
    where = np.repeat(starts - np.r_[0, np.cumsum(lengths)[:-1]], lengths) + np.arange(lengths.sum())
    row, column, value = np.repeat(np.arange(len(rows)), lengths), columns[lp.column_indices[where]], lp.values[where]
    order = np.lexsort((column, row))
    return row[order], column[order], value[order]
