"""Puts the columns and rows of a compiled model together; shared by the traced and the plain route."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gigasite.formulation.modelling import ConstraintRecord, Maker, VariableRecord
from gigasite.foundation.errors import GigasiteError, InfeasibleScenario, Problem
from gigasite.solve.compiled import Array, ColumnGroup, CompiledLP, Group, Numbering, RowGroup, full_name
from gigasite.solve.year_part import DIM, YearPart, rows_in

# A row without columns holds if 0 lies within its bounds to this tolerance, relative to 1 MW or 1 USD.
EMPTY_ROW_TOLERANCE = 1e-9


class InvalidNumber(GigasiteError):
    """A coefficient, bound or cost is not a finite number."""


@dataclass(frozen=True)
class Row:
    """One row, in full numbering."""

    columns: Sequence[int]
    values: Sequence[float]
    lower: float
    upper: float


class Columns:
    """Every column of the model, or of a part of it: its place in the full numbering, and in the kept one."""

    def __init__(self, maker: Maker, part: YearPart | None = None) -> None:
        self.part = part
        self._maker = maker
        self.groups = tuple(_groups(maker, maker.variables, ColumnGroup, part))
        total = self.groups[-1].full.stop if self.groups else 0
        self.lower, self.upper = np.zeros(total), np.zeros(total)
        self.integrality = np.zeros(total, dtype=np.int32)
        for record, group in zip(maker.variables, self.groups, strict=True):
            self.lower[group.full].reshape(group.shape)[...] = self.of_part(record, record.lower)
            self.upper[group.full].reshape(group.shape)[...] = self.of_part(record, record.upper)
            self.integrality[group.full] = int(record.integer)
        self.numbering = Numbering.of((self.lower != 0) | (self.upper != 0))
        self.index_type = np.int32 if total < np.iinfo(np.int32).max else np.int64
        self._group_of: dict[int, ColumnGroup] = {
            id(r.component): g for r, g in zip(maker.variables, self.groups, strict=True)
        }
        self.kept_number = self._number_kept(total)

    def _number_kept(self, total: int) -> Array | None:
        """Full to kept number, -1 for a dropped column; None where all are kept."""
        if self.numbering.kept is None:
            return None
        numbers = np.full(total, -1, dtype=self.index_type)
        numbers[self.numbering.kept] = np.arange(self.numbering.count, dtype=self.index_type)
        return numbers

    def of_part(self, record: VariableRecord, values: Array) -> Array:
        """Values over the sets of a variable, those of the part in hand."""
        where = self.place_in(record)
        if where is None:
            return values
        axis, position = where
        return values[(slice(None),) * axis + (slice(position, position + 1),)]

    def place_in(self, record: VariableRecord) -> tuple[int, int] | None:
        """The axis along which the part in hand holds one member only, and that member; None where it holds all."""
        sets = [self._maker.set_record(one) for one in record.sets]
        if self.part is None or not self.part.shortens([one.name for one in sets]):
            return None
        axis = next(axis for axis, one in enumerate(sets) if one.name == DIM)
        return axis, sets[axis].positions[self.part.label]

    def group_of(self, variable: Any) -> ColumnGroup:
        """The columns of a variable."""
        return self._group_of[id(variable)]

    def first_kept(self, group: ColumnGroup) -> int | None:
        """The kept number of a group's first column if the whole group is kept, so that its numbers run on."""
        if self.kept_number is None:
            return group.offset
        numbers = self.kept_number[group.full]
        if numbers.size and bool((numbers >= 0).all()):
            return int(numbers[0])
        return None


class Rows:
    """Every row of the model, filled constraint by constraint in the order of declaration."""

    def __init__(self, maker: Maker, columns: Columns) -> None:
        self.records = rows_in(columns.part, maker)
        self.groups = tuple(_groups(maker, self.records, RowGroup, columns.part))
        self.columns = columns
        total = self.groups[-1].full.stop if self.groups else 0
        self.lower, self.upper = np.empty(total), np.empty(total)
        self.lengths = np.zeros(total, dtype=np.int32)
        self._rows = 0
        self._entries = 0
        self._capacity = 0
        self._indices = np.empty(0, dtype=columns.index_type)
        self._values = np.empty(0)

    @property
    def count(self) -> int:
        """How many rows there are so far."""
        return self._rows

    def rewind(self, row: int) -> None:
        """Forget the rows from `row` on."""
        self._entries -= int(self.lengths[row : self._rows].sum())
        self._rows = row

    def reserve(self, entries: int) -> None:
        """Make room for so many entries in all; memory is taken only as it is filled."""
        self._indices = np.empty(entries, dtype=self.columns.index_type)
        self._values = np.empty(entries)
        self._capacity = entries

    def dense(self, rows: int, width: int) -> tuple[Array, Array]:
        """The next `rows` rows of `width` entries each, to be filled in place and then closed with `close_dense`."""
        first, last = self._room(rows * width)
        return self._indices[first:last].reshape(rows, width), self._values[first:last].reshape(rows, width)

    def close_dense(self, rows: int, width: int, lower: Any, upper: Any) -> None:
        """Count rows that were filled in place."""
        self._close(np.full(rows, width), rows * width, lower, upper)

    def append(self, lengths: Array, indices: Array, values: Array, lower: Any, upper: Any) -> None:
        """Add rows whose entries are given one after the other, in kept numbering."""
        first, last = self._room(len(indices))
        self._indices[first:last] = indices
        self._values[first:last] = values
        self._close(lengths, len(indices), lower, upper)

    def append_each(self, rows: Sequence[Row]) -> None:
        """Add rows given one by one in full numbering: duplicates are summed, zeros and dropped columns left out."""
        for row in rows:
            summed: dict[int, float] = {}
            for column, value in zip(row.columns, row.values, strict=True):
                kept = column if self.columns.kept_number is None else int(self.columns.kept_number[column])
                if not np.isfinite(value):
                    name = full_name(self.groups, self._rows)
                    message = f"The coefficient of {full_name(self.columns.groups, column)} in {name} is {value}."
                    raise InvalidNumber(message)
                if kept >= 0:
                    summed[kept] = summed.get(kept, 0.0) + value
            entries = {column: value for column, value in summed.items() if value != 0.0}
            numbers = np.fromiter(entries, dtype=self.columns.index_type, count=len(entries))
            values = np.fromiter(entries.values(), dtype=float, count=len(entries))
            self.append(np.array([len(entries)]), numbers, values, row.lower, row.upper)

    def _room(self, entries: int) -> tuple[int, int]:
        last = self._entries + entries
        if last > self._capacity:
            more = max(last, 2 * self._capacity, 1024)
            for name in ("_indices", "_values"):
                old = getattr(self, name)
                new = np.empty(more, dtype=old.dtype)
                new[: self._entries] = old[: self._entries]
                setattr(self, name, new)
            self._capacity = more
        return self._entries, last

    def _close(self, lengths: Array, entries: int, lower: Any, upper: Any) -> None:
        rows = slice(self._rows, self._rows + len(lengths))
        self.lengths[rows] = lengths
        self.lower[rows] = lower
        self.upper[rows] = upper
        self._check_bounds(rows)
        self._rows = rows.stop
        self._entries += entries

    def _check_bounds(self, rows: slice) -> None:
        lower, upper = self.lower[rows], self.upper[rows]
        faulty = np.isnan(lower) | np.isnan(upper) | (lower == np.inf) | (upper == -np.inf)
        if bool(faulty.any()):
            name = full_name(self.groups, rows.start + int(np.argmax(faulty)))
            message = f"The constant side of {name} is not a finite number."
            raise InvalidNumber(message)

    def finish(self, cost: Array, constant: float) -> CompiledLP:
        """The arrays, without rows that ask nothing; `cost` is in kept numbering.

        It ends the filling: what is taken over is let go of at once, since each is a large part of the whole.
        """
        empty = self.lengths == 0
        self._refuse_impossible(empty)
        free = (self.lower == -np.inf) & (self.upper == np.inf)
        indices, values = self._indices[: self._entries], self._values[: self._entries]
        if bool((free & ~empty).any()):
            stays = np.repeat(~free, self.lengths)
            indices, values = indices[stays], values[stays]
        numbering = Numbering.of(~(empty | free))
        lengths = numbering.take(self.lengths)
        starts = np.zeros(len(lengths) + 1, dtype=np.int32 if len(values) < np.iinfo(np.int32).max else np.int64)
        np.cumsum(lengths, out=starts[1:])
        _refuse_infinite_cost(self.columns, cost, constant)
        del lengths, empty, free, self.lengths, self._indices, self._values
        columns = self.columns.numbering
        row_lower, row_upper = numbering.take(self.lower), numbering.take(self.upper)
        del self.lower, self.upper
        return CompiledLP(
            column_cost=cost,
            column_lower=columns.take(self.columns.lower),
            column_upper=columns.take(self.columns.upper),
            row_lower=row_lower,
            row_upper=row_upper,
            row_starts=starts,
            column_indices=indices,
            values=values,
            objective_constant=float(constant),
            integrality=columns.take(self.columns.integrality),
            columns=self.columns.groups,
            rows=self.groups,
            column_numbering=columns,
            row_numbering=numbering,
        )

    def _refuse_impossible(self, empty: Array) -> None:
        impossible = empty & ((self.lower > EMPTY_ROW_TOLERANCE) | (self.upper < -EMPTY_ROW_TOLERANCE))
        if not bool(impossible.any()):
            return
        problems = [
            Problem(
                f"nothing in the scenario can satisfy {full_name(self.groups, int(row))}",
                given=f"nothing that counts towards it, where {self._need(int(row))} is asked",
                remedy="allow a technology or a site that can, or ask for less",
            )
            for row in np.flatnonzero(impossible)[:20]
        ]
        raise InfeasibleScenario(problems)

    def _need(self, row: int) -> str:
        lower, upper = self.lower[row], self.upper[row]
        return f"at least {lower:g}" if lower > 0 else f"at most {upper:g}"


def _refuse_infinite_cost(columns: Columns, cost: Array, constant: float) -> None:
    if not np.isfinite(constant):
        message = f"The constant of the objective is {constant}."
        raise InvalidNumber(message)
    faulty = ~np.isfinite(cost)
    if bool(faulty.any()):
        column = int(np.argmax(faulty))
        name = full_name(columns.groups, columns.numbering.full_number(column))
        message = f"The coefficient of {name} in the objective is {cost[column]}."
        raise InvalidNumber(message)


def _groups(
    maker: Maker,
    records: Sequence[VariableRecord] | Sequence[ConstraintRecord],
    kind: type[Any],
    part: YearPart | None,
) -> Iterator[Any]:
    offset = 0
    for record in records:
        sets = [maker.set_record(one) for one in record.sets]
        names = tuple(one.name for one in sets)
        planning = record.planning if isinstance(record, VariableRecord) else "hour" not in names
        shorter = part is not None and (isinstance(record, ConstraintRecord) or part.shortens(names))
        labels = tuple((part.label,) if part and shorter and one.name == DIM else one.labels for one in sets)
        group: Group = kind(record.name, names, labels, offset, planning)
        yield group
        offset += group.size
