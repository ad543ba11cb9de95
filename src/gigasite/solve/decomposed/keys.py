"""Which block every column and row belongs to, read from their labels.

A column over hours or months is operation; its block is that of its place, year and month. The place is its site, or
else the first label that is no time and no step (a line). Places that hourly rows join become one. Where several
futures are solved together (`solve.fan`), the place of what only one of them has is a place of that future alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np

from gigasite.solve.compiled import Array, CompiledLP, Group, Numbering
from gigasite.solve.fan import FUTURE

MONTHS = 12
PLANNING = -1
NO_TIME = -1
HOUR_OF_MONTH = "hour_of_month"
"""Steps counted from the first of a month, which may go on past its end; stands beside `month`."""

TIME_DIMS = ("year", "month", "hour", HOUR_OF_MONTH)
NOT_NAMED = (*TIME_DIMS, FUTURE)
"""Sets whose labels say which block a row or column is in, and so are no part of its name there."""

NOT_A_PLACE = (*NOT_NAMED, "vintage", "step")


@dataclass(frozen=True)
class Keys:
    """Blocks of columns, and months of rows.

    Attributes:
        column: block of every kept column, -1 for planning.
        row_period: year and month of every kept row as one number, -1 where it has neither hour nor month.
        block_period: the same of every block.
        names: name of every block.
        months: month, from 0, of every block.
        joined: whether a block holds several places, whose labels then belong to the names of its rows.
        first_step: first step of every month in a year.
        steps: number of steps of every month.
    """

    column: Array
    row_period: Array
    block_period: Array
    names: tuple[str, ...]
    months: Array
    joined: Array
    first_step: Array
    steps: Array


def block_keys(lp: CompiledLP, month_of_step: Array) -> Keys:
    """Sort the columns of a problem into blocks.

    Args:
        lp: the problem.
        month_of_step: month, 1 to 12, of every member of the set `hour`.
    """
    month = np.asarray(month_of_step) - 1
    labels = _year_labels(lp)
    years = len(labels)
    number_of = {label: number for number, label in enumerate(labels)}
    places = _Places()
    place = _over_kept(lp.columns, lp.column_numbering, places.of_group)
    period = _over_kept(lp.columns, lp.column_numbering, lambda group: _period(group, month, number_of))
    row_period = _over_kept(lp.rows, lp.row_numbering, lambda group: _period(group, month, number_of))
    operation = period >= 0
    _join(lp, places, place, operation)
    place = places.root()[place]
    key = np.where(operation, place.astype(np.int64) * (years * MONTHS) + period, PLANNING)
    present = np.unique(key[operation])
    column = np.where(operation, np.searchsorted(present, key), PLANNING).astype(np.int32)
    where, when = np.divmod(present, years * MONTHS)
    steps = np.bincount(month, minlength=MONTHS)
    return Keys(
        column,
        row_period,
        when,
        tuple(f"{places.name(w)} {labels[t // MONTHS]}-{t % MONTHS + 1:02d}" for w, t in zip(where, when, strict=True)),
        when % MONTHS,
        np.array([len(places.members(w)) > 1 for w in where], dtype=bool),
        np.cumsum(steps) - steps,
        steps,
    )


def _year_labels(lp: CompiledLP) -> tuple[Any, ...]:
    """Every year of a problem; in a part of it most columns have but one of them."""
    over = [g.labels[g.dims.index("year")] for g in (*lp.columns, *lp.rows) if "year" in g.dims]
    return tuple(dict.fromkeys(chain(*sorted(over, key=len, reverse=True)))) or ("",)


def _over_kept(groups: Any, numbering: Numbering, of_group: Any) -> Array:
    """An array over all kept indices, put together group by group."""
    parts = []
    for group in groups:
        found = of_group(group)
        spread = np.broadcast_to(found, group.shape).reshape(-1)
        if numbering.kept is None:
            parts.append(spread)
            continue
        first, last = numbering.places_of(group.full)
        parts.append(spread[numbering.kept[first:last] - group.offset])
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.int32)


def _along(group: Group, dim: str, values: Array) -> Array:
    """Values of one set laid along its axis of a group."""
    axis = group.dims.index(dim)
    laid: Array = np.asarray(values, dtype=np.int32).reshape([-1 if a == axis else 1 for a in range(len(group.dims))])
    return laid


def _period(group: Group, month_of_step: Array, number_of: Mapping[Any, int]) -> Array:
    """Year and month as one number, -1 where a group has neither hour nor month."""
    if "hour" in group.dims:
        month = _along(group, "hour", month_of_step)
    elif "month" in group.dims:
        month = _along(group, "month", np.array(group.labels[group.dims.index("month")]) - 1)
    else:
        return np.full((1,) * len(group.dims), NO_TIME, dtype=np.int32)
    if "year" not in group.dims:
        return month
    years = np.array([number_of[label] for label in group.labels[group.dims.index("year")]])
    return _along(group, "year", years * MONTHS) + month


class _Places:
    """Sites and lines by number, joined where hourly rows join them."""

    def __init__(self) -> None:
        self._number: dict[tuple[str, str, Any], int] = {}
        self._parent: list[int] = []

    def of_group(self, group: Group) -> Array:
        """Number of the place of every index of a group."""
        dim = "site" if "site" in group.dims else next((d for d in group.dims if d not in NOT_A_PLACE), None)
        future = str(group.labels[group.dims.index(FUTURE)][0]) if FUTURE in group.dims else ""
        if dim is None:
            return np.full((1,) * len(group.dims), self._numbered((future, "", "")), dtype=np.int32)
        labels = group.labels[group.dims.index(dim)]
        return _along(group, dim, np.array([self._numbered((future, dim, label)) for label in labels]))

    def _numbered(self, place: tuple[str, str, Any]) -> int:
        if place not in self._number:
            self._number[place] = len(self._parent)
            self._parent.append(len(self._parent))
        return self._number[place]

    def find(self, number: int) -> int:
        """The place that stands for all joined with this one."""
        while self._parent[number] != number:
            number = self._parent[number]
        return number

    def join(self, one: int, two: int) -> None:
        """Make two places one."""
        first, second = sorted((self.find(one), self.find(two)))
        self._parent[second] = first

    def root(self) -> Array:
        """The standing place of every place."""
        return np.array([self.find(number) for number in range(len(self._parent))], dtype=np.int32)

    def members(self, root: int) -> list[str]:
        """Labels of the places joined under one."""
        return [str(label) for (_, _, label), n in self._number.items() if self.find(n) == root]

    def name(self, root: int) -> str:
        """Labels of the places joined under one, in words, the future they belong to first."""
        futures = dict.fromkeys(future for (future, _, _), n in self._number.items() if self.find(n) == root)
        return " ".join(part for part in ("+".join(futures), "+".join(self.members(root))) if part)


def _join(lp: CompiledLP, places: _Places, place: Array, operation: Array) -> None:
    """Join the places whose operation meets in a row of an hour or month."""
    if len(places.root()) == 1:
        return
    for group, first, last in row_ranges(lp):
        if not ({"hour", "month"} & set(group.dims)) or first == last:
            continue
        entries = slice(lp.row_starts[first], lp.row_starts[last])
        columns = lp.column_indices[entries]
        starts = lp.row_starts[first:last] - lp.row_starts[first]
        mine = np.where(operation[columns], place[columns], np.iinfo(np.int32).max)
        least = np.minimum.reduceat(mine, starts)
        most = np.maximum.reduceat(np.where(operation[columns], place[columns], -1), starts)
        mixed = (most >= 0) & (least != most)
        if not mixed.any():
            continue
        lengths = np.diff(np.r_[starts, len(columns)])
        inside = np.repeat(mixed, lengths) & operation[columns]
        pairs = np.unique(np.stack([np.repeat(least, lengths)[inside], place[columns][inside]]), axis=1)
        for one, two in pairs.T:
            places.join(int(one), int(two))


def row_ranges(lp: CompiledLP) -> Any:
    """Each constraint with its first and last kept row."""
    for group in lp.rows:
        yield group, *lp.row_numbering.places_of(group.full)
