"""Parts of a large problem: the rows and the operation of one modelled year, compiled without those of the others.

    part of year y   every planning column; columns over hours or months whose label is y; rows whose label is y
    first part       also the rows that have no year

A part is a problem of its own, with a numbering of its own and names that are those of the whole: the sets of what it
leaves out are shorter. All parts together hold every row and every column of operation once, and the planning columns
each. A row of one year that holds operation of another has no part it belongs to: such a problem is not parted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from gigasite.formulation.modelling import ConstraintRecord, Maker
from gigasite.foundation.errors import GigasiteError
from gigasite.solve.compiled import Label

DIM = "year"
OPERATION_DIMS = frozenset(("hour", "month"))
"""A variable over one of these is operation, every other one is planning."""

LARGE_ROWS = 5_000_000
"""Rows, before those that ask nothing are left out, from which a problem is compiled part by part.

Below, the arrays of the whole take some hundred megabytes and less time than those of every part.
"""

OUTSIDE = -2
"""Number of a column that another part holds; -1 is that of a column held at zero."""


class NotInParts(GigasiteError):
    """A row holds operation of several parts, so the problem can only be compiled as a whole."""


@dataclass(frozen=True)
class YearPart:
    """One member of the set that a problem is parted by.

    Attributes:
        label: the member, a modelled year.
        first: whether the rows without that set come with it.
    """

    label: Label
    first: bool

    def shortens(self, names: Sequence[str]) -> bool:
        """Whether a variable over some sets is operation, of which the part holds its own only."""
        return DIM in names and not OPERATION_DIMS.isdisjoint(names)

    def has_rows(self, names: Sequence[str]) -> bool:
        """Whether the part holds rows of a constraint over some sets."""
        return DIM in names or self.first


def parts_of_model(maker: Maker, large_rows: int = LARGE_ROWS) -> tuple[YearPart | None, ...]:
    """The parts to compile a problem in; only the whole, None, where it is small or cannot be parted.

    Args:
        maker: the Maker that declared the model.
        large_rows: rows from which it is parted.
    """
    if not maker.traced or sum(prod(maker.shape_of(one.sets)) for one in maker.constraints) < large_rows:
        return (None,)
    over_variables = [[maker.set_record(one) for one in record.sets] for record in maker.variables]
    over_rows = [[maker.set_record(one) for one in record.sets] for record in maker.constraints]
    labels = {one.labels for sets in (*over_variables, *over_rows) for one in sets if one.name == DIM}
    names = [{one.name for one in sets} for sets in over_variables]
    every_year = any(not OPERATION_DIMS.isdisjoint(over) and DIM not in over for over in names)
    years = labels.pop() if len(labels) == 1 and not every_year else ()
    if len(years) <= 1:
        return (None,)
    return tuple(YearPart(year, first=number == 0) for number, year in enumerate(years))


def rows_in(part: YearPart | None, maker: Maker) -> list[ConstraintRecord]:
    """The constraints that a part has rows of, all of them where there is none."""
    if part is None:
        return maker.constraints
    return [
        record for record in maker.constraints if part.has_rows([maker.set_record(one).name for one in record.sets])
    ]
