"""The planning problem with its cuts, in HiGHS: what no plan undercuts, and the next plan to try.

    bound: min  cost x + sum_b theta_b                      subject to planning rows and cuts
    next:  min  sum_j |x_j - best_j| / width_j              subject to the same, and cost x + sum_b theta_b <= level

The second is a level set in the L1 norm: of all plans the cuts hold to be good enough, the one nearest to the best plan
known. Only columns that blocks see count in the distance. The bound is worked out from the prices, not taken from
HiGHS.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_array, hstack, vstack

from gigasite.foundation.errors import InfeasibleScenario, SolverFailure
from gigasite.solve.compiled import Array
from gigasite.solve.decomposed.cut import Cut
from gigasite.solve.decomposed.packed import Packed, Squeezed
from gigasite.solve.decomposed.planning import PlanningArrays
from gigasite.solve.solver import FEASIBLE_GW, MINIMISE, ROWWISE, new_highs, run, run_to_optimum, stop_mip_where

SMALLEST_SLOPE = 1e-8
"""HiGHS leaves smaller coefficients out without a word; here they leave on the side that keeps a cut valid."""

LEAST_THETA = -1e7
"""Operation earns less than this, million USD: it only keeps the first planning problem bounded."""

IDLE_FOR = 10
"""Rounds after which a cut that held nothing goes."""

LARGEST_NUMBER = 1e12
"""HiGHS refuses coefficients from 1e15 on, and loses its way before."""

HOLDS = 1e-9
"""Price from which a cut holds."""

HALF = 0.5
"""Weights of a block's cuts add up to one where it has any that hold, and to nothing otherwise."""

WIDTH_GW = 0.3
"""Distance that counts as one step of a planning column."""


@dataclass
class HeldCut:
    """A cut in the planning problem, and where it came from.

    Attributes:
        block: its block.
        constant, slope: on the planning columns in `planning`.
        path: the multipliers it was made from.
        at: the block's planning values its choice of bounds was made at.
        idle: rounds since it last held.
        pinned: whether it proves the cost of whole numbers that were tried, and so must stay.
    """

    block: int
    cut: Cut
    planning: Array
    path: Packed | Squeezed
    at: Array
    idle: int = 0
    pinned: bool = False


@dataclass(frozen=True)
class Bound:
    """What the planning problem says.

    Attributes:
        value: no plan costs less, million USD.
        x: the plan it would choose.
        row_duals: prices of the planning rows.
        weights: share of every held cut in its block's price; they add up to one in each block.
        cuts: the cuts those weights belong to, where they are not zero.
        shares: the same over all cuts of the planning problem.
    """

    value: float
    x: Array
    row_duals: Array
    weights: Array
    cuts: tuple[HeldCut, ...]
    shares: Array


class Master:
    """HiGHS objects over the same rows and cuts."""

    def __init__(self, arrays: PlanningArrays, blocks: int, seen: Array) -> None:
        """Hand the planning rows over.

        Args:
            arrays: planning without cuts.
            blocks: number of blocks.
            seen: planning columns that any block sees.
        """
        self.arrays = arrays
        self.cuts: list[HeldCut] = []
        self._allowed = (arrays.lower, arrays.upper)
        self._width, self._blocks, self._seen = len(arrays.cost), blocks, seen
        self._cost = np.r_[arrays.cost, np.ones(blocks)]
        self._lower = np.r_[arrays.lower, np.full(blocks, LEAST_THETA)]
        self._upper = np.r_[arrays.upper, np.full(blocks, np.inf)]
        self._rows = hstack([arrays.matrix, csr_array((arrays.matrix.shape[0], blocks))]).tocsr()
        self._bound = _highs(self._cost, self._lower, self._upper, self._rows, arrays.row_lower, arrays.row_upper)
        self._next = self._level_problem()
        self._rest = _highs(
            arrays.cost, arrays.lower, arrays.upper, arrays.matrix.tocsr(), arrays.row_lower, arrays.row_upper
        )

    def _level_problem(self) -> Any:
        arrays, seen = self.arrays, self._seen
        count, near = self._rows.shape[0], len(seen)
        pick = csr_array((np.ones(near), seen, np.arange(near + 1)), shape=(near, self._rows.shape[1]))
        steps = csr_array((np.full(near, WIDTH_GW), np.arange(near), np.arange(near + 1)), shape=(near, near))
        rows = vstack(
            [
                hstack([self._rows, csr_array((count, near))]),
                hstack([csr_array(self._cost[None, :]), csr_array((1, near))]),
                hstack([pick, -steps]),
                hstack([pick, steps]),
            ]
        ).tocsr()
        self._level_row = count
        self._above = (count + 1 + np.arange(near)).astype(np.int32)
        self._below = (count + 1 + near + np.arange(near)).astype(np.int32)
        free = np.full(near, np.inf)
        return _highs(
            np.r_[np.zeros(len(self._cost)), np.ones(near)],
            np.r_[self._lower, np.zeros(near)],
            np.r_[self._upper, free],
            rows,
            np.r_[arrays.row_lower, -np.inf, -free, -free],
            np.r_[arrays.row_upper, np.inf, free, free],
        )

    @property
    def _first_cut(self) -> tuple[int, int]:
        return self._rows.shape[0], self._rows.shape[0] + 1 + 2 * len(self._seen)

    def add(self, cuts: Sequence[HeldCut]) -> None:
        """Take cuts in; those with numbers no solver can use are left out."""
        from highspy import HighsStatus

        cuts = [held for held in cuts if _usable(held.cut)]
        if not cuts:
            return
        rows, sides = _cut_rows(cuts, self._width, self._blocks, self.arrays)
        free, first = np.full(len(cuts), np.inf), rows.indptr[:-1].astype(np.int32)
        for highs in (self._bound, self._next):
            status = highs.addRows(len(cuts), sides, free, rows.nnz, first, rows.indices.astype(np.int32), rows.data)
            if status == HighsStatus.kError:
                raise SolverFailure("HiGHS refused the cuts of the planning problem")
        self.cuts.extend(cuts)

    def bound(self) -> Bound:
        """Solve the planning problem.

        Raises:
            InfeasibleScenario: no plan satisfies the planning rows.
            SolverFailure: HiGHS gives no optimum.
        """
        from highspy import HighsModelStatus as Status

        status = run_to_optimum(self._bound)
        if status in (Status.kInfeasible, Status.kUnboundedOrInfeasible):
            raise InfeasibleScenario("no plan satisfies the scenario")
        if status != Status.kOptimal:
            raise SolverFailure(f"the planning problem has no answer: {self._bound.modelStatusToString(status)}")
        answer = self._bound.getSolution()
        duals = np.asarray(answer.row_dual)
        first = self._first_cut[0]
        prices = _signed(duals[:first], self.arrays)
        of = np.array([held.block for held in self.cuts], dtype=int)
        shares = _summing_to_one(np.maximum(duals[first:], 0.0), of, self._blocks)
        holding = np.flatnonzero(shares)
        x = np.asarray(answer.col_value)[: self._width]
        value = self._bound_of(prices, shares)
        return Bound(value, x, prices, shares[holding], tuple(self.cuts[n] for n in holding), shares)

    def _bound_of(self, prices: Array, weights: Array) -> float:
        """Cost that no plan undercuts, by weak duality: every column and row at the side its price points to."""
        arrays = self.arrays
        reduced = arrays.cost - arrays.matrix.T @ prices
        value = arrays.constant
        for weight, held in zip(weights, self.cuts, strict=True):
            if weight > 0:
                reduced[held.planning] += weight * held.cut.slope
                value += weight * held.cut.constant
        without = np.bincount([h.block for h in self.cuts], weights, minlength=self._blocks) < HALF
        value += LEAST_THETA * int(without.sum())
        sides = np.where(prices > 0, arrays.row_lower, np.where(prices < 0, arrays.row_upper, 0.0))
        lower, upper = self._allowed
        ends = np.where(reduced > 0, lower, np.where(reduced < 0, upper, 0.0))
        return float(value + prices @ sides + reduced @ ends)

    @property
    def whole_columns(self) -> Array:
        """Planning columns that come in whole numbers."""
        return np.flatnonzero(self.arrays.whole)

    def hold(self, x: Array | None) -> None:
        """Hold the whole numbers of a plan; None lets them go."""
        columns = self.whole_columns.astype(np.int32)
        arrays = self.arrays
        lower = arrays.lower[columns] if x is None else np.round(x[columns])
        upper = arrays.upper[columns] if x is None else lower
        self._allowed = (arrays.lower.copy(), arrays.upper.copy())
        self._allowed[0][columns], self._allowed[1][columns] = lower, upper
        for highs in (self._bound, self._next, self._rest):
            highs.changeColsBounds(len(columns), columns, lower, upper)

    def mixed(
        self, gap: float, seconds: float, known: Array | None, interrupted: Callable[[], bool]
    ) -> tuple[Array, float] | None:
        """The planning problem with its whole numbers.

        Args:
            gap: how far its plan may be from its best one.
            seconds: longest time.
            known: a plan with whole numbers to start from.
            interrupted: asked on the way whether the user wants to stop.

        Returns:
            Its plan and what no plan with whole numbers undercuts, million USD; None where no plan was found in time.

        Raises:
            InfeasibleScenario: no whole numbers satisfy the planning rows.
        """
        from highspy import HighsModelStatus as Status

        highs = self._with_cuts(np.r_[self.arrays.whole, np.zeros(self._blocks, dtype=np.int32)])
        highs.setOptionValue("mip_rel_gap", gap)
        highs.setOptionValue("mip_abs_gap", 0.0)
        if np.isfinite(seconds):
            highs.setOptionValue("time_limit", max(seconds, 0.1))
        if known is not None:
            columns = self.whole_columns.astype(np.int32)
            highs.setSolution(len(columns), columns, np.round(known[columns]))
        stop_mip_where(highs, interrupted)
        status = run(highs)
        if status in (Status.kInfeasible, Status.kUnboundedOrInfeasible):
            raise InfeasibleScenario("no plan with whole machines satisfies the scenario")
        if not highs.getSolution().value_valid:
            return None
        x = np.asarray(highs.getSolution().col_value)[: self._width]
        x = np.clip(x, self.arrays.lower, self.arrays.upper)
        x[self.whole_columns] = np.round(x[self.whole_columns])
        return x, float(highs.getInfo().mip_dual_bound) + self.arrays.constant

    def _with_cuts(self, integrality: Array) -> Any:
        """A fresh HiGHS object over planning rows and cuts."""
        cuts = _cut_rows(self.cuts, self._width, self._blocks, self.arrays)
        rows = vstack([self._rows, cuts[0]]).tocsr()
        free = np.full(len(self.cuts), np.inf)
        highs = _highs(
            self._cost,
            self._lower,
            self._upper,
            rows,
            np.r_[self.arrays.row_lower, cuts[1]],
            np.r_[self.arrays.row_upper, free],
            integrality,
        )
        highs.setOptionValue("solver", "choose")
        return highs

    def nearest(self, best: Array, level: float = np.inf) -> Array | None:
        """The plan nearest to another whose cost the cuts hold to be at most `level`; None where HiGHS finds none."""
        from highspy import HighsModelStatus as Status

        highs, near = self._next, len(self._seen)
        free, at = np.full(near, np.inf), best[self._seen]
        highs.changeRowBounds(self._level_row, -np.inf, level - self.arrays.constant)
        highs.changeRowsBounds(near, self._above, -free, at)
        highs.changeRowsBounds(near, self._below, at, free)
        if run_to_optimum(highs) != Status.kOptimal:
            return None
        x: Array = np.asarray(highs.getSolution().col_value)[: self._width]
        found: Array = np.clip(x, self.arrays.lower, self.arrays.upper)
        return found

    def completed(self, x: Array) -> Array:
        """A plan with the columns that no block sees (vintages, reinforcement) chosen at least cost.

        The distance says nothing about them, so that they may be dearer than they need be.
        """
        from highspy import HighsModelStatus as Status

        seen = self._seen.astype(np.int32)
        self._rest.changeColsBounds(len(seen), seen, x[seen], x[seen])
        if run_to_optimum(self._rest) != Status.kOptimal:
            return x
        found = np.asarray(self._rest.getSolution().col_value)
        found[seen] = x[seen]
        inside: Array = np.clip(found, self.arrays.lower, self.arrays.upper)
        return inside

    def forget_idle(self, weights: Array) -> None:
        """Drop cuts that have held nothing for some rounds."""
        held = weights > HOLDS
        level = np.asarray(self._next.getSolution().row_dual)[self._first_cut[1] :]
        if len(level) == len(held):
            held |= np.abs(level) > HOLDS
        for cut, holds in zip(self.cuts, held, strict=True):
            cut.idle = 0 if holds else cut.idle + 1
        gone = np.array(
            [n for n, cut in enumerate(self.cuts) if cut.idle > IDLE_FOR and not cut.pinned], dtype=np.int32
        )
        if len(gone) <= 0.15 * len(self.cuts):
            return
        for highs, first in zip((self._bound, self._next), self._first_cut, strict=True):
            highs.deleteRows(len(gone), (gone + first).astype(np.int32))
        leaving = set(gone.tolist())
        self.cuts = [cut for n, cut in enumerate(self.cuts) if n not in leaving]


def _usable(cut: Cut) -> bool:
    """Whether a solver can work with the numbers of a cut."""
    largest = float(np.abs(cut.slope).max(initial=0.0))
    return bool(np.isfinite(cut.constant) and abs(cut.constant) < LARGEST_NUMBER and largest < LARGEST_NUMBER)


def _signed(prices: Array, arrays: PlanningArrays) -> Array:
    """Prices with the signs their rows allow."""
    prices = np.where((prices > 0) & np.isinf(arrays.row_lower), 0.0, prices)
    return np.where((prices < 0) & np.isinf(arrays.row_upper), 0.0, prices)


def _summing_to_one(weights: Array, block: Array, blocks: int) -> Array:
    """Weights of each block's cuts brought to a sum of one, so that they are a convex combination."""
    total = np.bincount(block, weights, minlength=blocks)
    share: Array = weights / np.where(total > HALF, total, 1.0)[block]
    return np.where(total[block] > HALF, share, 0.0)


def _cut_rows(cuts: Sequence[HeldCut], width: int, blocks: int, arrays: PlanningArrays) -> tuple[Any, Array]:
    """Cuts as rows theta - slope x >= constant: a CSR array over planning columns and thetas, and the constants."""
    columns: list[Array] = []
    values: list[Array] = []
    starts, sides = [0], []
    for held in cuts:
        cut, where = _without_dust(held, arrays)
        columns += [where, np.array([width + held.block])]
        values += [-cut.slope, np.ones(1)]
        starts.append(starts[-1] + len(where) + 1)
        sides.append(cut.constant)
    flat = np.concatenate(columns) if columns else np.empty(0, dtype=np.int64)
    numbers = np.concatenate(values) if values else np.empty(0)
    return csr_array((numbers, flat, np.array(starts)), shape=(len(cuts), width + blocks)), np.array(sides)


def _without_dust(held: HeldCut, arrays: PlanningArrays) -> tuple[Cut, Array]:
    """A cut without tiny slopes, lowered by the most they could have added."""
    slope = held.cut.slope
    dust = np.abs(slope) < SMALLEST_SLOPE
    where = held.planning[dust]
    least = np.minimum(slope[dust] * arrays.lower[where], slope[dust] * arrays.upper[where]).sum()
    return Cut(held.cut.constant + float(least), slope[~dust]), held.planning[~dust]


def _highs(
    cost: Array,
    lower: Array,
    upper: Array,
    rows: Any,
    row_lower: Array,
    row_upper: Array,
    integrality: Array | None = None,
) -> Any:
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
