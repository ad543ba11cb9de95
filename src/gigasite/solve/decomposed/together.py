"""The answers of all parts of a problem laid where they stand in the whole, whose matrix is never made.

A set that each part has one member of is put together again from them; planning columns are those of any part.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

import numpy as np

from gigasite.solve.compiled import Array, CompiledLP, Group, Numbering


@dataclass
class PartAnswer:
    """A part's names and sides of rows, and what was found for its columns and rows, all in the model's units.

    Attributes:
        lp: the part without its matrix and the bounds of its columns.
        values: of its columns, within their bounds.
        prices: of its rows.
        reduced: reduced costs of its columns.
        at_shared: costs of its columns less what rows outside their own feature pay for them; None of the whole, whose
            matrix tells.
    """

    lp: CompiledLP
    values: Array
    prices: Array
    reduced: Array
    at_shared: Array | None


@dataclass(frozen=True)
class Together:
    """The whole problem without its matrix, and the arrays of an answer over it; see `PartAnswer`."""

    lp: CompiledLP
    values: Array
    prices: Array
    reduced: Array
    at_shared: Array


def without_matrix(lp: CompiledLP) -> CompiledLP:
    """A problem of which names and the sides of rows are kept."""
    return replace(lp.names_only(), row_lower=lp.row_lower, row_upper=lp.row_upper)


def put_together(answers: Sequence[PartAnswer]) -> Together:
    """Lay the answers of all parts where they stand in the whole; each array goes from them as it is laid."""
    columns = _Side(answers, [one.lp.columns for one in answers], [one.lp.column_numbering for one in answers])
    rows = _Side(answers, [one.lp.rows for one in answers], [one.lp.row_numbering for one in answers])
    lp = replace(
        answers[0].lp.names_only(),
        columns=columns.groups,
        rows=rows.groups,
        column_numbering=columns.numbering,
        row_numbering=rows.numbering,
        row_lower=rows.laid(lambda one: one.lp.row_lower),
        row_upper=rows.laid(lambda one: one.lp.row_upper),
    )
    for one in answers:
        one.lp = one.lp.names_only()
    return Together(
        lp,
        _gone(answers, "values", columns),
        _gone(answers, "prices", rows),
        _gone(answers, "reduced", columns),
        _gone(answers, "at_shared", columns),
    )


def _gone(answers: Sequence[PartAnswer], name: str, side: _Side) -> Array:
    laid = side.laid(lambda one: getattr(one, name))
    for one in answers:
        setattr(one, name, np.empty(0))
    return laid


class _Side:
    """The columns or the rows of the whole, and where those of each part stand in it."""

    def __init__(
        self, answers: Sequence[PartAnswer], groups: Sequence[Sequence[Group]], numberings: Sequence[Numbering]
    ) -> None:
        self._answers, self._parts, self._numberings = answers, groups, numberings
        self.groups: tuple[Any, ...] = tuple(_whole_groups(groups))
        self._place = {group.name: group for group in self.groups}
        self._count = self.groups[-1].full.stop if self.groups else 0
        self.numbering = Numbering(self._count)
        there = [np.ones(numbering.count, dtype=bool) for numbering in numberings]
        self.numbering = Numbering.of(self._laid(there))

    def laid(self, of: Callable[[PartAnswer], Array]) -> Array:
        """An array over what is kept of the whole, from those of the parts."""
        return self.numbering.take(self._laid([of(one) for one in self._answers]))

    def _laid(self, values: Sequence[Array]) -> Array:
        full = np.zeros(self._count, dtype=values[0].dtype)
        for groups, numbering, mine in zip(self._parts, self._numberings, values, strict=True):
            for group in groups:
                whole = self._place[group.name]
                target = full[whole.full].reshape(whole.shape)
                target[_where(group, whole)] = numbering.within(group.full, mine).reshape(group.shape)
        return full


def _whole_groups(parts: Sequence[Sequence[Group]]) -> list[Group]:
    """Names over all parts, in the order of the first, which has every one."""
    others = [{group.name: group for group in groups} for groups in parts[1:]]
    made: list[Group] = []
    offset = 0
    for group in parts[0]:
        alike = [group, *(other[group.name] for other in others if group.name in other)]
        labels = tuple(
            tuple(dict.fromkeys(chain(*(one.labels[axis] for one in alike)))) for axis in range(len(group.dims))
        )
        made.append(replace(group, labels=labels, offset=offset))
        offset += made[-1].size
    return made


def _where(group: Group, whole: Group) -> tuple[slice, ...]:
    """The place of a part's labels among those of the whole."""
    firsts = [large.index(small[0]) if small else 0 for small, large in zip(group.labels, whole.labels, strict=True)]
    return tuple(slice(first, first + count) for first, count in zip(firsts, group.shape, strict=True))
