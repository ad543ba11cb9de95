"""The plan nearest to another, of all plans that the cuts hold to be good enough: a level set in the L1 norm.

    min  sum_j |x_j - best_j| / width      subject to planning rows and cuts, cost x + sum_b theta_b <= level

Only columns that blocks see count in the distance.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import csr_array, hstack, vstack

from gigasite.foundation.errors import SolverFailure
from gigasite.solve.compiled import Array
from gigasite.solve.decomposed.planning import PlanningArrays
from gigasite.solve.solver import FEASIBLE_GW, MINIMISE, ROWWISE, new_highs, run_to_optimum

WIDTH_GW = 0.3
"""Distance that counts as one step of a planning column."""


class Nearest:
    """A HiGHS object over the planning rows, a row for the level, the distances and the cuts."""

    def __init__(self, arrays: PlanningArrays, box: tuple[Array, Array], rows: Any, cost: Array, seen: Array) -> None:
        """Hand the planning rows over.

        Args:
            arrays: planning without cuts.
            box: lower and upper bounds of planning columns and thetas.
            rows: planning rows over both.
            cost: of both.
            seen: planning columns that count in the distance.
        """
        count, near = rows.shape[0], len(seen)
        pick = csr_array((np.ones(near), seen, np.arange(near + 1)), shape=(near, rows.shape[1]))
        steps = csr_array((np.full(near, WIDTH_GW), np.arange(near), np.arange(near + 1)), shape=(near, near))
        matrix = vstack(
            [
                hstack([rows, csr_array((count, near))]),
                hstack([csr_array(cost[None, :]), csr_array((1, near))]),
                hstack([pick, -steps]),
                hstack([pick, steps]),
            ]
        ).tocsr()
        self._arrays, self._seen, self._level_row = arrays, seen, count
        self._above = (count + 1 + np.arange(near)).astype(np.int32)
        self._below = (count + 1 + near + np.arange(near)).astype(np.int32)
        self._first_cut = count + 1 + 2 * near
        free = np.full(near, np.inf)
        self.highs = planning_highs(
            np.r_[np.zeros(len(cost)), np.ones(near)],
            np.r_[box[0], np.zeros(near)],
            np.r_[box[1], free],
            matrix,
            np.r_[arrays.row_lower, -np.inf, -free, -free],
            np.r_[arrays.row_upper, np.inf, free, free],
        )

    def add(self, rows: Any, sides: Array) -> None:
        """Take cuts in, as rows over planning columns and thetas."""
        add_rows(self.highs, rows, sides)

    def forget(self, gone: Array) -> None:
        """Drop cuts by their numbers."""
        self.highs.deleteRows(len(gone), (gone + self._first_cut).astype(np.int32))

    def holds(self, cuts: int, least: float) -> Array:
        """Whether each of so many cuts held the last plan; none where there was none since they came."""
        prices = np.abs(np.asarray(self.highs.getSolution().row_dual)[self._first_cut :])
        return prices > least if len(prices) == cuts else np.zeros(cuts, dtype=bool)

    def plan(self, best: Array, level: float) -> Array | None:
        """The plan nearest to `best` that costs at most `level`, without the constant; None where HiGHS finds none."""
        from highspy import HighsModelStatus as Status

        near, at = len(self._seen), best[self._seen]
        free = np.full(near, np.inf)
        self.highs.changeRowBounds(self._level_row, -np.inf, level)
        self.highs.changeRowsBounds(near, self._above, -free, at)
        self.highs.changeRowsBounds(near, self._below, at, free)
        if run_to_optimum(self.highs) != Status.kOptimal:
            return None
        x: Array = np.asarray(self.highs.getSolution().col_value)[: len(self._arrays.lower)]
        found: Array = np.clip(x, self._arrays.lower, self._arrays.upper)
        return found


def add_rows(highs: Any, rows: Any, sides: Array) -> None:
    """Add rows >= sides to a HiGHS object.

    Raises:
        SolverFailure: HiGHS refuses them.
    """
    from highspy import HighsStatus

    free, first = np.full(len(sides), np.inf), rows.indptr[:-1].astype(np.int32)
    status = highs.addRows(len(sides), sides, free, rows.nnz, first, rows.indices.astype(np.int32), rows.data)
    if status == HighsStatus.kError:
        raise SolverFailure("HiGHS refused the cuts of the planning problem")


def planning_highs(
    cost: Array,
    lower: Array,
    upper: Array,
    rows: Any,
    row_lower: Array,
    row_upper: Array,
    integrality: Array | None = None,
) -> Any:
    """A HiGHS object over planning arrays; of whole numbers where `integrality` says so."""
    from highspy import HighsStatus

    whole = np.zeros(len(cost), dtype=np.int32) if integrality is None else integrality.astype(np.int32)
    highs = new_highs()
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("solver", "simplex")
    if integrality is None:  # whole numbers are fixed before the rest is solved so finely
        highs.setOptionValue("primal_feasibility_tolerance", FEASIBLE_GW)
    status = highs.passModel(
        len(cost), rows.shape[0], rows.nnz, ROWWISE, MINIMISE, 0.0, cost, lower, upper, row_lower, row_upper,
        rows.indptr.astype(np.int32), rows.indices.astype(np.int32), rows.data, whole,
    )  # fmt: skip
    if status == HighsStatus.kError:
        raise SolverFailure("HiGHS refused the arrays of the planning problem")
    return highs
