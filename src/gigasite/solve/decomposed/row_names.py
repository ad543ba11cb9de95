"""Names of a block's rows and columns, the same in every scenario, year and resolution, so that what is known of them
can be matched.

A name is the constraint or variable and its labels without year, month and hour, and without the site where a block
holds one only: two sites with the same technologies then share their names. Within a name, rows and columns are told
apart by the step of the month.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from gigasite.solve.compiled import Array, CompiledLP, Group
from gigasite.solve.decomposed.block import Segment
from gigasite.solve.decomposed.keys import HOUR_OF_MONTH, MONTHS, NOT_NAMED, Keys, row_ranges


@dataclass(frozen=True)
class RowLabels:
    """Segment of every kept row, its step in the month, and the names of segments with and without places."""

    segment: Array
    step: Array
    with_place: tuple[str, ...]
    without_place: tuple[str, ...]

    def segments(self, rows: Array, *, joined: bool) -> Iterator[Segment]:
        """Some rows by name, positions counted in `rows`."""
        names = self.with_place if joined else self.without_place
        mine = self.segment[rows]
        order = np.argsort(mine, kind="stable")
        firsts = np.flatnonzero(np.diff(mine[order], prepend=-1))
        for part in np.split(order, firsts[1:]) if len(order) else ():
            yield Segment(names[mine[part[0]]], part, self.step[rows[part]])


def row_labels(lp: CompiledLP, keys: Keys) -> RowLabels:
    """Name every kept row of a problem."""
    segment = np.empty(lp.shape[0], dtype=np.int32)
    step = np.zeros(lp.shape[0], dtype=np.int32)
    with_place: list[str] = []
    without_place: list[str] = []
    for group, first, last in row_ranges(lp):
        kept = lp.row_numbering.kept
        inside = np.arange(group.size) if kept is None else kept[first:last] - group.offset
        others = [dim for dim in group.dims if dim not in NOT_NAMED]
        lengths = [len(_labels(group, dim)) for dim in others]
        where = np.unravel_index(inside, group.shape) if group.dims else ()
        segment[first:last] = len(with_place) + _series(group, others, lengths, where, len(inside))
        with_place.extend(_names(group, others, lengths, joined=True))
        without_place.extend(_names(group, others, lengths, joined=False))
        if "hour" in group.dims:
            hour = where[group.dims.index("hour")]
            step[first:last] = hour - keys.first_step[keys.row_period[first:last] % MONTHS]
        elif HOUR_OF_MONTH in group.dims:
            step[first:last] = where[group.dims.index(HOUR_OF_MONTH)]
    return RowLabels(segment, step, tuple(with_place), tuple(without_place))


def column_segments(lp: CompiledLP, keys: Keys, columns: Array, *, joined: bool) -> Iterator[Segment]:
    """Columns of a block by name, positions counted in `columns`.

    Made when asked for: for all columns of a problem the names would take more memory than what is matched by them.

    Args:
        lp: the problem.
        keys: its blocks and months.
        columns: kept columns of one block, ascending.
        joined: whether the block holds several places.
    """
    kept = lp.column_numbering.kept
    full = columns if kept is None else kept[columns]
    step_of_hour = np.concatenate([np.arange(count) for count in keys.steps])
    for group in lp.columns:
        first, last = np.searchsorted(full, [group.offset, group.offset + group.size])
        if first == last:
            continue
        where = np.unravel_index(full[first:last] - group.offset, group.shape)
        others = [dim for dim in group.dims if dim not in NOT_NAMED]
        lengths = [len(_labels(group, dim)) for dim in others]
        series = _series(group, others, lengths, where, last - first)
        step = np.zeros(last - first, dtype=np.int64)
        if "hour" in group.dims:
            step = step_of_hour[where[group.dims.index("hour")]]
        elif HOUR_OF_MONTH in group.dims:
            step = where[group.dims.index(HOUR_OF_MONTH)]
        for number in np.unique(series):
            labels = np.unravel_index(number, lengths) if others else ()
            name = _name(group, {dim: int(i) for dim, i in zip(others, labels, strict=True)}, joined=joined)
            mine = np.flatnonzero(series == number)
            yield Segment(name, first + mine, step[mine])


def _series(group: Group, others: list[str], lengths: list[int], where: Sequence[Array], count: int) -> Array:
    """Number of the series, the labels without time, that each index of a group belongs to."""
    if not others:
        return np.zeros(count, dtype=np.int64)
    return np.asarray(np.ravel_multi_index([where[group.dims.index(dim)] for dim in others], lengths))


def series_name(groups: Sequence[Group], number: int, *, joined: bool) -> str:
    """Name of a row or column without its time."""
    group = next(g for g in groups if g.offset <= number < g.offset + g.size)
    where = np.unravel_index(number - group.offset, group.shape) if group.dims else ()
    positions = {dim: int(i) for dim, i in zip(group.dims, where, strict=True) if dim not in NOT_NAMED}
    return _name(group, positions, joined=joined)


def _names(group: Group, others: list[str], lengths: list[int], *, joined: bool) -> Iterator[str]:
    for number in range(int(np.prod(lengths)) if lengths else 1):
        where = np.unravel_index(number, lengths) if lengths else ()
        yield _name(group, {dim: int(i) for dim, i in zip(others, where, strict=True)}, joined=joined)


def _name(group: Group, positions: dict[str, int], *, joined: bool) -> str:
    told = [str(_labels(group, dim)[i]) for dim, i in positions.items() if joined or dim != "site"]
    return f"{group.name}[{','.join(told)}]"


def _labels(group: Group, dim: str) -> Sequence[str | int]:
    return group.labels[group.dims.index(dim)]
