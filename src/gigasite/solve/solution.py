"""What a solver gave back, in the model's own units and names."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from gigasite.solve.compiled import CompiledLP
from gigasite.solve.room import parts_of
from gigasite.solve.shared_prices import paid_by_shared_rows

Array = npt.NDArray[np.float64]

NEXT_TO_NOTHING = 1e-9
"""A miss that is rounding, whatever the coefficients."""


@dataclass(frozen=True)
class Solution:
    """A plan with its prices.

    Attributes:
        lp: the problem it solves.
        column_values: value of every kept column, model units; within its bounds where `lp` comes without them.
        row_duals: shadow price of every kept row, USD per unit of its right side.
        reduced_costs: of every kept column, USD per unit.
        objective_usd: cost of the plan, present value.
        bound_usd: no plan costs less than this.
        status: `optimal`, or `limit` for a plan found before a limit was reached.
        method: `whole`.
        algorithm: what HiGHS ran.
        solve_seconds: seconds inside the solver.
        iterations: iterations of the solver.
        passes: how often the problem was solved until it agreed with its own plan.
        basis: the basis HiGHS ended with, for a quick start of a problem of the same shape.
        conditional: whether prices and reduced costs hold for the whole machines of this plan only: one machine more or
            less would change them.
        at_shared_prices: of every kept column, its cost less what rows outside its own feature pay for it, USD per
            unit, where `lp` comes without its matrix.
    """

    lp: CompiledLP = field(repr=False)
    column_values: Array = field(repr=False)
    row_duals: Array = field(repr=False)
    reduced_costs: Array = field(repr=False)
    objective_usd: float
    bound_usd: float
    status: str
    method: str
    algorithm: str
    solve_seconds: float
    iterations: int
    passes: int = 1
    basis: Any = field(default=None, repr=False)
    conditional: bool = False
    at_shared_prices: Array | None = field(default=None, repr=False)

    @property
    def gap(self) -> float:
        """How far the plan may be from the best one, as a share of its cost."""
        return abs(self.objective_usd - self.bound_usd) / max(abs(self.objective_usd), 1.0)

    def values(self, name: str) -> Array:
        """Values of a variable over its sets; zero where it does not exist."""
        return self.lp.values_of(name, self.column_values)

    def duals(self, name: str) -> Array:
        """Shadow prices of a constraint over its sets, USD per unit of its right side."""
        return self.lp.duals_of(name, self.row_duals)

    def reduced(self, name: str) -> Array:
        """Reduced costs of a variable over its sets, USD per unit."""
        return self.lp.values_of(name, self.reduced_costs)

    def at_shared(self, name: str) -> Array:
        """Costs of a variable over its sets, less what the rows of all other features pay for it, USD per unit."""
        return self.lp.values_of(name, self._at_shared)

    @cached_property
    def _at_shared(self) -> Array:
        if self.at_shared_prices is not None:
            return self.at_shared_prices
        return self.lp.column_cost - paid_by_shared_rows(self.lp, self.row_duals)


@dataclass(frozen=True)
class Violations:
    """How far a point breaks the problem it should satisfy, in the solver's units.

    Attributes:
        column: largest step outside a bound.
        row: largest step outside a row.
        worst_row: name of that row, or an empty text.
    """

    column: float
    row: float
    worst_row: str


def violations_of(
    lp: CompiledLP,
    column_values: Array,
    column_unit: Array | float = 1.0,
    row_unit: float = 1.0,
    *,
    in_columns: bool = False,
) -> Violations:
    """Largest violations of bounds and rows, computed from the arrays and not taken from the solver.

    Args:
        lp: the problem.
        column_values: the point, in its units.
        column_unit: what one unit of the violations of columns is in those of the problem.
        row_unit: the same of rows.
        in_columns: whether a miss of a row counts as what its columns would have to give: divided by its largest
            coefficient where that is above one, as in tonnes per gigawatt. So is slack measured, of which each
            block may leave what counts as none.
    """
    from scipy.sparse import csr_array

    units = np.broadcast_to(column_unit, column_values.shape)
    column = row = 0.0
    name = ""
    for part in parts_of(len(column_values)):
        values = column_values[part]
        outside = np.maximum(lp.column_lower[part] - values, values - lp.column_upper[part]) / units[part]
        column = float(outside.max(initial=column))
    for part in parts_of(lp.shape[0]):
        starts = lp.row_starts[part.start : part.stop + 1]
        entries = slice(int(starts[0]), int(starts[-1]))
        matrix = csr_array(
            (lp.values[entries], lp.column_indices[entries], starts - starts[0]), shape=(len(starts) - 1, lp.shape[1])
        )
        activity = matrix @ column_values
        outside = np.maximum(lp.row_lower[part] - activity, activity - lp.row_upper[part]) / row_unit
        broken = np.flatnonzero(outside > NEXT_TO_NOTHING) if in_columns else ()
        if len(broken):
            sizes = abs(matrix[broken]).multiply(units[None, :]).max(axis=1).toarray().ravel() / row_unit
            outside[broken] /= np.maximum(sizes, 1.0)
        worst = int(np.argmax(outside))
        if outside[worst] > row:
            row, name = float(outside[worst]), lp.row_name(part.start + worst)
    return Violations(column, row, name)
