"""Lays the terms of one constraint out as rows, many rows at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import prod
from typing import Any, NoReturn

import numpy as np

from gigasite.solve.assembly import InvalidNumber, Rows
from gigasite.solve.compiled import Array, ColumnGroup, full_name
from gigasite.solve.year_part import DIM, OUTSIDE, NotInParts

# Entries worked out at a time: enough for numpy to be quick, little beside the result.
CHUNK_ENTRIES = 1 << 20


@dataclass(frozen=True)
class Term:
    """Coefficients times columns of one variable over a chunk of rows.

    Both arrays broadcast over the axes: first those of the constraint's sets, then those summed over.

    Attributes:
        group: the variable.
        columns: column numbers, kept numbering, -1 for a dropped column, -2 for one of another part.
        coefficient: a number or an array.
        sums: the axes summed over along which the columns vary, with their members.
        distinct: no column comes twice along the summed axes.
        whole: no column of the variable is dropped.
    """

    group: ColumnGroup
    columns: Array
    coefficient: Any
    sums: tuple[tuple[int, int], ...]
    distinct: bool
    whole: bool

    @property
    def width(self) -> int:
        """Entries in each row."""
        return prod(members for _, members in self.sums)


@dataclass(frozen=True)
class Chunk:
    """Some rows of a constraint: how many along each of its sets, and how many axes the terms have."""

    sizes: tuple[int, ...]
    axes: int

    @property
    def count(self) -> int:
        """How many rows."""
        return prod(self.sizes)

    def flat(self, values: Any) -> Any:
        """Values of the rows one after the other; a single number stays one."""
        if np.ndim(values) == 0:
            return values
        return np.broadcast_to(values.reshape(values.shape[: len(self.sizes)]), self.sizes).ravel()

    def part_of(self, table: Array, first: int, term: Term) -> Array:
        """The view of a table (rows x entries) that takes a term, from entry `first` on, along the chunk's axes."""
        summed = dict(term.sums)
        inner = [summed.get(axis, 1) for axis in range(len(self.sizes), self.axes)]
        rows = table.reshape((*self.sizes, table.shape[1]))
        return rows[..., first : first + term.width].reshape((*self.sizes, *inner))


def chunks_of(shape: tuple[int, ...], width: int) -> Iterator[tuple[slice, ...]]:
    """Parts of a full product, in the order of its rows, that hold about `CHUNK_ENTRIES` entries each."""
    limit = max(1, CHUNK_ENTRIES // max(width, 1))
    if prod(shape) <= limit:
        yield tuple(slice(0, members) for members in shape)
        return
    inner = prod(shape[1:])
    if inner <= limit:
        step = limit // inner
        for start in range(0, shape[0], step):
            yield (slice(start, min(start + step, shape[0])), *(slice(0, members) for members in shape[1:]))
        return
    for start in range(shape[0]):
        for rest in chunks_of(shape[1:], width):
            yield (slice(start, start + 1), *rest)


def add_chunk(rows: Rows, terms: Sequence[Term], chunk: Chunk, lower: Any, upper: Any) -> None:
    """Add the rows of one chunk: zeros and dropped columns left out, columns that come twice summed."""
    present: list[tuple[Term, Array | None]] = []
    for term in terms:
        if not bool(np.isfinite(term.coefficient).all()):
            _refuse(rows, term, chunk)
        _refuse_other_parts(rows, term)
        keep = _kept_entries(term)
        if keep is None or bool(keep.any()):
            present.append((term, keep))
    kept_terms = [term for term, _ in present]
    width = sum(term.width for term in kept_terms)
    doubled = _may_double(kept_terms)
    if not doubled and all(keep is None for _, keep in present):
        columns, values = rows.dense(chunk.count, width)
        _fill(columns, values, kept_terms, chunk)
        rows.close_dense(chunk.count, width, lower, upper)
        return
    columns = np.empty((chunk.count, width), dtype=rows.columns.index_type)
    values = np.empty((chunk.count, width))
    _fill(columns, values, kept_terms, chunk)
    stays = _table_of_kept(present, chunk, width)
    if doubled:
        rows.append(*_merged(columns, values, stays), lower, upper)
    else:
        rows.append(np.count_nonzero(stays, axis=1), columns[stays], values[stays], lower, upper)


def _kept_entries(term: Term) -> Array | None:
    """Which entries of a term count, along its axes; None if all do."""
    keep: Any = None
    if np.count_nonzero(term.coefficient) != np.size(term.coefficient):
        keep = np.asarray(term.coefficient) != 0
    if not term.whole:
        there = term.columns >= 0
        if not bool(there.all()):
            keep = there if keep is None else keep & there
    return None if keep is None else np.asarray(keep)


def _refuse_other_parts(rows: Rows, term: Term) -> None:
    """A row may hold operation of its own part only, unless the coefficient is nothing."""
    if term.whole or rows.columns.part is None:
        return
    if bool(((term.columns == OUTSIDE) & (np.asarray(term.coefficient) != 0)).any()):
        message = f"'{full_name(rows.groups, rows.count)}' holds '{term.group.name}' of another {DIM}."
        raise NotInParts(message)


def _may_double(terms: Sequence[Term]) -> bool:
    """Whether a column may come twice in a row."""
    if not all(term.distinct for term in terms):
        return True
    return any(one.group is two.group and _coincide(one, two) for one, two in combinations(terms, 2))


def _coincide(one: Term, two: Term) -> bool:
    """Whether two terms of one variable may name the same column in a row; sums are not looked into."""
    if one.sums or two.sums:
        return True
    return bool(((one.columns == two.columns) & (one.columns >= 0)).any())


def _fill(columns: Array, values: Array, terms: Sequence[Term], chunk: Chunk) -> None:
    first = 0
    for term in terms:
        chunk.part_of(columns, first, term)[...] = term.columns
        chunk.part_of(values, first, term)[...] = term.coefficient
        first += term.width


def _table_of_kept(present: Sequence[tuple[Term, Array | None]], chunk: Chunk, width: int) -> Array:
    table = np.ones((chunk.count, width), dtype=bool)
    first = 0
    for term, keep in present:
        if keep is not None:
            chunk.part_of(table, first, term)[...] = keep
        first += term.width
    return table


def _merged(columns: Array, values: Array, stays: Array) -> tuple[Array, Array, Array]:
    """Rows with each column once: lengths, columns, values."""
    count = len(columns)
    row_of = np.repeat(np.arange(count, dtype=np.int64), np.count_nonzero(stays, axis=1))
    flat_columns, flat_values = columns[stays], values[stays]
    span = int(flat_columns.max(initial=0)) + 1
    order = np.argsort(row_of * span + flat_columns, kind="stable")
    row_of, flat_columns, flat_values = row_of[order], flat_columns[order], flat_values[order]
    if not len(order):
        return np.zeros(count, dtype=np.int64), flat_columns, flat_values
    new = np.ones(len(order), dtype=bool)
    new[1:] = (row_of[1:] != row_of[:-1]) | (flat_columns[1:] != flat_columns[:-1])
    summed = np.add.reduceat(flat_values, np.flatnonzero(new))
    left = summed != 0
    lengths = np.bincount(row_of[new][left], minlength=count)
    return lengths, flat_columns[new][left], summed[left]


def _refuse(rows: Rows, term: Term, chunk: Chunk) -> NoReturn:
    """Name the row of a coefficient that is not a finite number."""
    coefficient = np.asarray(term.coefficient).reshape(np.shape(term.coefficient) or (1,) * chunk.axes)
    where = tuple(int(i) for i in np.argwhere(~np.isfinite(coefficient))[0])
    row = int(np.ravel_multi_index(where[: len(chunk.sizes)], chunk.sizes)) if chunk.sizes else 0
    name = full_name(rows.groups, rows.count + row)
    message = f"The coefficient of '{term.group.name}' in {name} is {coefficient[where]}."
    raise InvalidNumber(message)


def times(first: Any, second: Any) -> Any:
    """A product that makes no copy for a factor of one."""
    if first.__class__ in (int, float) and first == 1:
        return second
    if second.__class__ in (int, float) and second == 1:
        return first
    return first * second


def summed(values: Any, sums: Sequence[tuple[int, int]]) -> Any:
    """The sum along axes, where a value that does not vary along an axis counts once for each member."""
    for axis, members in sums:
        if members == 1:
            continue
        if np.ndim(values) == 0 or np.shape(values)[axis] == 1:
            values = values * members
        else:
            values = values.sum(axis=axis, keepdims=True)
    return values
