"""The smallest change to chosen rows and bounds that makes an infeasible problem feasible."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from gigasite.foundation.errors import SolverFailure
from gigasite.solve.compiled import CompiledLP, hand_over
from gigasite.solve.solver import new_highs

SMALLEST_SHOWN = 1e-6
FIXED = -1.0
"""HiGHS reads a negative penalty as: this may not give way."""


@dataclass(frozen=True)
class Shortage:
    """A row or a bound that cannot be met.

    Attributes:
        component: name of the constraint or variable.
        label: its full name with the index.
        missing: by how much, in the model's unit.
    """

    component: str
    label: str
    missing: float


def least_change(lp: CompiledLP, may_give: Callable[[str], bool]) -> list[Shortage]:
    """The smallest sum of shortages, over the rows and lower bounds that may give way, largest first.

    Args:
        lp: the problem in the model's units.
        may_give: whether a constraint's rows, or a variable's lower bounds, may give way, by name.

    Returns:
        An empty list where even that does not make it feasible.
    """
    import highspy

    scaled = lp.scaled()
    highs = new_highs()
    if hand_over(scaled.lp, highs) == highspy.HighsStatus.kError:
        raise SolverFailure("HiGHS refused the arrays of the problem")
    rows = _penalties(lp.rows, lp.row_numbering, may_give)
    lower = _penalties(lp.columns, lp.column_numbering, may_give)
    highs.feasibilityRelaxation(FIXED, FIXED, 1.0, lower, np.full(len(lower), FIXED), rows)
    answer = highs.getSolution()
    if not answer.value_valid:
        return []
    return sorted(_shortages(lp, scaled.values(answer.col_value), may_give), key=lambda short: -short.missing)


def _penalties(groups: Any, numbering: Any, may_give: Callable[[str], bool]) -> np.ndarray[Any, Any]:
    full = np.concatenate([np.full(group.size, 1.0 if may_give(group.name) else FIXED) for group in groups])
    return np.asarray(numbering.take(full))


def _shortages(lp: CompiledLP, values: np.ndarray[Any, Any], may_give: Callable[[str], bool]) -> list[Shortage]:
    from scipy.sparse import csr_array

    activity = csr_array((lp.values, lp.column_indices, lp.row_starts), shape=lp.shape) @ values
    outside = np.maximum(lp.row_lower - activity, activity - lp.row_upper)
    below = lp.column_lower - values
    found = [
        Shortage(name.partition("[")[0], name, float(outside[row]))
        for row in np.flatnonzero(outside > SMALLEST_SHOWN)
        if may_give((name := lp.row_name(int(row))).partition("[")[0])
    ]
    return found + [
        Shortage(name.partition("[")[0], name, float(below[column]))
        for column in np.flatnonzero(below > SMALLEST_SHOWN)
        if may_give((name := lp.column_name(int(column))).partition("[")[0])
    ]
