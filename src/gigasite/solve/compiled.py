"""A linear programme as arrays, with the names that lead back to the model.

    minimise    c'x + constant
    subject to  row_lower <= A x <= row_upper,   column_lower <= x <= column_upper

| symbol | name | unit | dimensions |
|---|---|---|---|
| x | columns: one variable each | MW, MWh, USD ... as declared | kept columns |
| A | `row_starts`, `column_indices`, `values` (compressed rows) | row unit per column unit | kept rows x kept columns |
| c | `column_cost` | USD per column unit | kept columns |

Two numberings: *full* counts every index of every declared component, in the order they were declared; *kept* leaves
out what is not there: columns whose bounds are both zero, and rows that hold without any column. All arrays are in kept
numbering.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import prod
from typing import Any, TypeVar

import numpy as np

Array = np.ndarray[Any, Any]
Label = str | int

MW_PER_GW = 1e3
USD_PER_MILLION_USD = 1e6


@dataclass(frozen=True)
class Group:
    """The indices of one declared component, in C order from `offset` in the full numbering.

    Attributes:
        name: the component with its block, 'gas_turbine.output_mw'.
        dims: the names of its sets.
        labels: the members of each set.
        offset: full number of its first index.
        planning: whether it is decided once per site and year; False where one of its sets is the hour.
    """

    name: str
    dims: tuple[str, ...]
    labels: tuple[tuple[Label, ...], ...]
    offset: int
    planning: bool

    @cached_property
    def shape(self) -> tuple[int, ...]:
        """How many members each set has."""
        return tuple(len(members) for members in self.labels)

    @cached_property
    def size(self) -> int:
        """How many indices there are."""
        return prod(self.shape)

    @property
    def full(self) -> slice:
        """Its place in the full numbering."""
        return slice(self.offset, self.offset + self.size)

    def label(self, position: int) -> str:
        """The name of one index: 'gas_turbine.output_mw[piketon,2030,17]'."""
        if not self.labels:
            return self.name
        where = np.unravel_index(position, self.shape)
        return f"{self.name}[{','.join(str(members[int(i)]) for members, i in zip(self.labels, where, strict=True))}]"


class ColumnGroup(Group):
    """The columns of one variable."""


class RowGroup(Group):
    """The rows of one constraint."""


GroupKind = TypeVar("GroupKind", bound=Group)


@dataclass(frozen=True)
class Numbering:
    """Which of `full_count` things are kept; `kept` lists them in order, None keeps all."""

    full_count: int
    kept: Array | None = None

    @classmethod
    def of(cls, keep: Array) -> Numbering:
        """The numbering that keeps what is True."""
        if bool(keep.all()):
            return cls(keep.size)
        small = keep.size <= np.iinfo(np.int32).max
        return cls(keep.size, np.flatnonzero(keep).astype(np.int32 if small else np.int64))

    @property
    def count(self) -> int:
        """How many are kept."""
        return self.full_count if self.kept is None else len(self.kept)

    def take(self, full: Array) -> Array:
        """From an array over all to one over the kept."""
        return full if self.kept is None else full[self.kept]

    def spread(self, values: Array) -> Array:
        """From an array over the kept to one over all, 0 for what was dropped."""
        if self.kept is None:
            return values
        full = np.zeros(self.full_count, dtype=values.dtype)
        full[self.kept] = values
        return full

    def within(self, part: slice, values: Array) -> Array:
        """The values of one range of the full numbering, 0 for what was dropped."""
        if self.kept is None:
            return np.array(values[part])
        first, last = self.places_of(part)
        found = np.zeros(part.stop - part.start, dtype=values.dtype)
        found[self.kept[first:last] - part.start] = values[first:last]
        return found

    def places_of(self, part: slice) -> tuple[int, int]:
        """First and last place among the kept of one range of the full numbering."""
        if self.kept is None:
            return part.start, part.stop
        # numbers of another type would have the kept ones copied for every search
        first, last = np.searchsorted(self.kept, np.array([part.start, part.stop], dtype=self.kept.dtype))
        return int(first), int(last)

    def full_number(self, number: int) -> int:
        """From kept to full."""
        return number if self.kept is None else int(self.kept[number])


@dataclass(frozen=True)
class CompiledLP:
    """The arrays of one linear or mixed-integer programme; see the head of this file."""

    column_cost: Array
    column_lower: Array
    column_upper: Array
    row_lower: Array
    row_upper: Array
    row_starts: Array
    column_indices: Array
    values: Array
    objective_constant: float
    integrality: Array
    columns: tuple[ColumnGroup, ...]
    rows: tuple[RowGroup, ...]
    column_numbering: Numbering
    row_numbering: Numbering

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns kept."""
        return self.row_numbering.count, self.column_numbering.count

    @property
    def nonzeros(self) -> int:
        """Entries of the matrix."""
        return len(self.values)

    def column_group(self, name: str) -> ColumnGroup:
        """The columns of a variable."""
        return _named(self.columns, name, "variable")

    def row_group(self, name: str) -> RowGroup:
        """The rows of a constraint."""
        return _named(self.rows, name, "constraint")

    def values_of(self, name: str, x: Array) -> Array:
        """One variable's values out of a solution, shaped like its sets; 0 where a column was dropped."""
        group = self.column_group(name)
        return self.column_numbering.within(group.full, x).reshape(group.shape)

    def duals_of(self, name: str, row_dual: Array) -> Array:
        """One constraint's shadow prices, shaped like its sets; 0 where a row was dropped.

        The change of cost, USD, for one unit more on the right of the row, which is stored as left minus right.
        """
        group = self.row_group(name)
        return self.row_numbering.within(group.full, row_dual).reshape(group.shape)

    def column_name(self, column: int) -> str:
        """The label of a kept column: 'gas_turbine.output_mw[piketon,2030,17]'."""
        return full_name(self.columns, self.column_numbering.full_number(column))

    def row_name(self, row: int) -> str:
        """The label of a kept row."""
        return full_name(self.rows, self.row_numbering.full_number(row))

    def names_only(self) -> CompiledLP:
        """The same without its numbers: sizes, names and numberings stay."""
        none = np.empty(0)
        return replace(
            self,
            column_cost=none,
            column_lower=none,
            column_upper=none,
            row_lower=none,
            row_upper=none,
            row_starts=none,
            column_indices=none,
            values=none,
            integrality=none,
        )

    def scaled(
        self, column: float = MW_PER_GW, row: float = MW_PER_GW, objective: float = USD_PER_MILLION_USD
    ) -> ScaledLP:
        """The same programme in units that suit a solver: by default GW and million USD from MW and USD.

        Whole numbers (machines) keep their unit.
        """
        whole = self.integrality != 0
        mixed = bool(whole.any())
        factors = np.where(whole, 1.0, column) if mixed else np.broadcast_to(np.float64(column), whole.shape)
        values = self.values
        if mixed:
            values = values * (factors / row)[self.column_indices]
        elif column != row:
            values = values * (column / row)
        arrays = replace(
            self,
            column_cost=self.column_cost * (factors / objective),
            column_lower=self.column_lower / factors,
            column_upper=self.column_upper / factors,
            row_lower=self.row_lower / row,
            row_upper=self.row_upper / row,
            values=values,
            objective_constant=self.objective_constant / objective,
        )
        return ScaledLP(arrays, factors, row, objective)


@dataclass(frozen=True)
class ScaledLP:
    """A programme in a solver's units, and the way back.

    x            = x' * column_factor
    dual         = dual' * objective_factor / row_factor
    reduced cost = d' * objective_factor / column_factor
    """

    lp: CompiledLP
    column_factor: Array
    row_factor: float
    objective_factor: float

    def values(self, scaled_values: Any) -> Array:
        """Column values in the model's units (MW)."""
        return np.asarray(scaled_values, dtype=float) * self.column_factor

    def row_duals(self, scaled_duals: Any) -> Array:
        """Shadow prices in the model's units (USD per MW)."""
        return np.asarray(scaled_duals, dtype=float) * (self.objective_factor / self.row_factor)

    def reduced_costs(self, scaled_costs: Any) -> Array:
        """Reduced costs in the model's units (USD per MW)."""
        return np.asarray(scaled_costs, dtype=float) * (self.objective_factor / self.column_factor)

    def objective(self, scaled_objective: float) -> float:
        """The cost in USD."""
        return scaled_objective * self.objective_factor


def hand_over(lp: CompiledLP, highs: Any) -> Any:
    """Give the arrays to a `highspy.Highs` object as they stand, and return its status."""
    rowwise, minimise = 2, 1
    rows, columns = lp.shape
    return highs.passModel(
        columns,
        rows,
        lp.nonzeros,
        rowwise,
        minimise,
        lp.objective_constant,
        lp.column_cost,
        lp.column_lower,
        lp.column_upper,
        lp.row_lower,
        lp.row_upper,
        lp.row_starts,
        lp.column_indices,
        lp.values,
        lp.integrality,
    )


def full_name(groups: Sequence[Group], number: int) -> str:
    """The label of a row or column by its full number."""
    group = groups[bisect_right([group.offset + group.size for group in groups], number)]
    return group.label(number - group.offset)


def _named(groups: Sequence[GroupKind], name: str, what: str) -> GroupKind:
    for group in groups:
        if group.name == name:
            return group
    message = f"The model has no {what} '{name}'."
    raise KeyError(message)
