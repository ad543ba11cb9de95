"""A block: the operation of one site in one month of a modelled year, given its planning variables.

    theta(x) = min c'y + p's
    subject to row lower <= A y + P x + S s <= row upper
               l + L x <= y <= u + U x,   s >= 0

| symbol | name                                            | unit           | dimensions              |
|--------|-------------------------------------------------|----------------|-------------------------|
| y      | operation: `columns` of the whole problem       | GW             | block columns           |
| x      | planning columns the block sees: `planning`     | GW             | planning of the block   |
| A      | `matrix`                                        | 1              | block rows x columns    |
| P      | `row_planning`                                  | 1              | block rows x planning   |
| u, U   | `upper`, and `upper_bounds` for affine ones     | GW             | columns (x planning)    |
| l, L   | `lower`, and `lower_bounds`                     | GW             | columns (x planning)    |
| c      | `cost`                                          | million USD/GW | columns                 |
| s, p   | slack of rows that cross blocks, and its price  |                | `slack_rows`            |

Capacity rows with one operation column have become bounds: a warm month is then solved in milliseconds. A column may
have several affine bounds; the tightest counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from gigasite.solve.compiled import Array


@dataclass(frozen=True)
class AffineBounds:
    """Bounds that move with the plan: y[column] against constant + matrix x; sorted by column.

    Attributes:
        column: block column of each bound.
        constant: its part that does not move.
        matrix: its coefficients on the block's planning columns, a CSR array.
        rows: the kept row of the whole problem that each came from.
        factors: coefficient of the column in that row.
    """

    column: Array
    constant: Array
    matrix: Any
    rows: Array
    factors: Array

    @property
    def firsts(self) -> Array:
        """Where the bounds of each column begin."""
        return np.flatnonzero(np.r_[True, self.column[1:] != self.column[:-1]]) if len(self.column) else self.column

    def at(self, x: Array) -> Array:
        """Value of every bound at a plan."""
        value: Array = self.constant + self.matrix @ x
        return value


@dataclass(frozen=True)
class Segment:
    """Rows of a block that one name covers: a constraint and the labels that are neither place nor time.

    Attributes:
        name: the same in every block, scenario and resolution.
        positions: block rows.
        steps: place of each row on the month's time axis; 0 where the row has no time.
    """

    name: str
    positions: Array
    steps: Array


@dataclass
class Block:
    """The arrays of one block; see the head of this file.

    Attributes:
        name: site (or sites joined by a line), year and month: 'piketon 2030-07'.
        steps: how many steps the month has.
        row_numbers: kept rows of the whole problem, -1 for rows made for what crosses blocks.
        slack_signs: +1, -1 for each slack: how it enters its row.
        slack_size: largest coefficient of each slack's row: what one unit of its columns adds to it.
        segments: its rows by name.
    """

    name: str
    steps: int
    columns: Array
    cost: Array
    lower: Array
    upper: Array
    matrix: Any
    row_lower: Array
    row_upper: Array
    row_numbers: Array
    planning: Array
    row_planning: Any
    upper_bounds: AffineBounds
    lower_bounds: AffineBounds
    slack_rows: Array
    slack_signs: Array
    slack_cost: Array
    slack_size: Array
    segments: tuple[Segment, ...]

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and operation columns."""
        return len(self.row_lower), len(self.columns)

    def column_bounds(self, x: Array) -> tuple[Array, Array]:
        """Lower and upper bounds of the operation columns at a plan."""
        lower, upper = self.lower, self.upper
        if len(self.upper_bounds.column):
            upper = upper.copy()
            np.minimum.at(upper, self.upper_bounds.column, self.upper_bounds.at(x))
        if len(self.lower_bounds.column):
            lower = lower.copy()
            np.maximum.at(lower, self.lower_bounds.column, self.lower_bounds.at(x))
        return lower, upper

    def row_bounds(self, x: Array) -> tuple[Array, Array]:
        """Lower and upper sides of the rows at a plan, planning taken to the right."""
        taken = self.row_planning @ x
        return self.row_lower - taken, self.row_upper - taken
