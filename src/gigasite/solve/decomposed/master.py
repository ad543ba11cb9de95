"""The planning problem with its cuts, in HiGHS: what no plan undercuts, and the next plan to try.

    min  cost x + sum_b theta_b        subject to planning rows and cuts

`bound` solves it by the simplex method and ends in a corner, `centre` by an interior point method that ends, stopped
early, in the middle of all plans that the cuts hold to be nearly as good. Whatever their prices, the bound is worked
out from them by weak duality, not taken from HiGHS. What lies nearest to a plan is asked of `nearest`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_array, hstack, vstack

from gigasite.foundation.errors import InfeasibleScenario, SolverFailure
from gigasite.solve.compiled import Array
from gigasite.solve.decomposed.held import HeldCut, cut_rows, is_usable
from gigasite.solve.decomposed.nearest import Nearest, add_rows, planning_highs
from gigasite.solve.decomposed.planning import PlanningArrays
from gigasite.solve.solver import FEASIBLE_GW, run, run_to_optimum, stop_mip_where

LEAST_THETA = -1e7
"""Operation earns less than this, million USD: it only keeps the first planning problem bounded."""

IDLE_FOR = 10
"""Rounds after which a cut that held nothing goes."""

HOLDS = 1e-9
"""Price from which a cut holds."""

HALF = 0.5
"""Weights of a block's cuts add up to one where it has any that hold, and to nothing otherwise."""

LEAST_SHARE = 1e-5
"""Prices from within give every cut a share; smaller ones do not count."""


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
    """HiGHS objects over the same rows and cuts.

    Attributes:
        arrays: planning without cuts.
        cuts: the cuts there are.
        from_within: whether the next plans come from within, see `method`.
    """

    def __init__(self, arrays: PlanningArrays, blocks: int, seen: Array) -> None:
        """Hand the planning rows over.

        Args:
            arrays: planning without cuts.
            blocks: number of blocks.
            seen: planning columns that any block sees.
        """
        self.arrays = arrays
        self.cuts: list[HeldCut] = []
        self.from_within = False
        self._allowed = (arrays.lower, arrays.upper)
        self._width, self._blocks, self._seen = len(arrays.cost), blocks, seen
        self._cost = np.r_[arrays.cost, np.ones(blocks)]
        self._lower = np.r_[arrays.lower, np.full(blocks, LEAST_THETA)]
        self._upper = np.r_[arrays.upper, np.full(blocks, np.inf)]
        self._rows = hstack([arrays.matrix, csr_array((arrays.matrix.shape[0], blocks))]).tocsr()
        self._bound = planning_highs(
            self._cost, self._lower, self._upper, self._rows, arrays.row_lower, arrays.row_upper
        )
        self._nearest: Nearest | None = None
        self._rest = planning_highs(
            arrays.cost, arrays.lower, arrays.upper, arrays.matrix.tocsr(), arrays.row_lower, arrays.row_upper
        )

    def add(self, cuts: Sequence[HeldCut]) -> None:
        """Take cuts in; those with numbers no solver can use are left out."""
        cuts = [held for held in cuts if is_usable(held.cut)]
        if not cuts:
            return
        rows, sides = cut_rows(cuts, self._width, self._blocks, self.arrays)
        add_rows(self._bound, rows, sides)
        if self._nearest is not None:
            self._nearest.add(rows, sides)
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
        return self._answer(least_share=0.0)

    def centre(self, tolerance: float) -> Bound:
        """Solve the planning problem from within, to the middle of what is left open.

        Args:
            tolerance: distance of the two bounds of the interior point method at which it stops, as a share; the wider,
                the further its plan from the corners that the next cuts are about to take away.

        Raises:
            InfeasibleScenario: no plan satisfies the planning rows.
            SolverFailure: HiGHS gives no optimum.
        """
        from highspy import HighsModelStatus as Status

        highs = self._bound
        with _from_within(highs, tolerance):
            status = run(highs)
            answer = highs.getSolution()
        sound = status in (Status.kOptimal, Status.kUnknown) and answer.value_valid and answer.dual_valid
        if not sound or not np.isfinite(np.r_[answer.col_value, answer.row_dual]).all():
            return self.bound()
        return self._answer(least_share=LEAST_SHARE)

    def _answer(self, least_share: float) -> Bound:
        """What HiGHS found; shares below the least do not count."""
        answer = self._bound.getSolution()
        duals = np.asarray(answer.row_dual)
        first = self._rows.shape[0]
        prices = _signed(duals[:first], self.arrays)
        of = np.array([held.block for held in self.cuts], dtype=int)
        shares = np.maximum(duals[first:], 0.0)
        shares = _summing_to_one(np.where(shares < least_share, 0.0, shares), of, self._blocks)
        holding = np.flatnonzero(shares)
        x = np.clip(np.asarray(answer.col_value)[: self._width], *self._allowed)
        value = self._bound_of(prices, shares)
        return Bound(value, x, prices, shares[holding], tuple(self.cuts[n] for n in holding), shares)

    def within(self, free: Array, x: Array) -> Array | None:
        """The plan that costs least as far as the cuts know, of those that change some columns of a plan only.

        Args:
            free: planning columns that may change.
            x: the plan.

        Returns:
            The plan, satisfying the planning rows as finely as blocks are solved; None where HiGHS finds none.
        """
        from highspy import HighsModelStatus as Status

        highs, columns = self._bound, np.arange(self._width, dtype=np.int32)
        lower, upper = x.copy(), x.copy()
        lower[free], upper[free] = (side[free] for side in self._allowed)
        highs.changeColsBounds(self._width, columns, lower, upper)
        highs.clearSolver()
        try:
            if run_to_optimum(highs) != Status.kOptimal:
                return None
            found: Array = np.clip(np.asarray(highs.getSolution().col_value)[: self._width], lower, upper)
            return found
        finally:
            highs.changeColsBounds(self._width, columns, *self._allowed)
            highs.clearSolver()

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
        held_in = (self._bound, self._rest, *((self._nearest.highs,) if self._nearest is not None else ()))
        for highs in held_in:
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
        cuts = cut_rows(self.cuts, self._width, self._blocks, self.arrays)
        rows = vstack([self._rows, cuts[0]]).tocsr()
        free = np.full(len(self.cuts), np.inf)
        highs = planning_highs(
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
        if self._nearest is None:
            self._nearest = self._nearest_without_cuts()
            self._nearest.add(*cut_rows(self.cuts, self._width, self._blocks, self.arrays))
        return self._nearest.plan(best, level - self.arrays.constant)

    def misses(self, x: Array) -> float:
        """By how much a plan misses the planning row it misses most, GW or GWh."""
        act = self.arrays.matrix @ x
        return float(np.maximum(self.arrays.row_lower - act, act - self.arrays.row_upper).max(initial=0.0))

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

    def inside(self, x: Array) -> Array:
        """A plan completed, and where it misses planning rows the nearest one that does not.

        What stops early from within meets rows to a share of their sides only; it rarely shows.
        """
        completed = self.completed(x)
        if self.misses(completed) <= FEASIBLE_GW:
            return completed
        nearest = self._nearest_without_cuts().plan(x, np.inf)
        return completed if nearest is None else self.completed(nearest)

    def _nearest_without_cuts(self) -> Nearest:
        thetas = self._lower[self._width :], self._upper[self._width :]
        box = np.r_[self._allowed[0], thetas[0]], np.r_[self._allowed[1], thetas[1]]
        return Nearest(self.arrays, box, self._rows, self._cost, self._seen)

    def let_go(self) -> None:
        """Give back what HiGHS and the cuts hold: nothing is planned with it any more."""
        self.cuts.clear()
        self._bound.clear()
        self._rest.clear()
        self._nearest = None

    def forget_idle(self, weights: Array, *, holds: float = HOLDS, after: int = IDLE_FOR) -> None:
        """Drop cuts that have held nothing for some rounds.

        Args:
            weights: share of every cut in its block's price.
            holds: share from which a cut holds.
            after: rounds after which it goes.
        """
        held = weights > holds
        if self._nearest is not None:
            held |= self._nearest.holds(len(held), holds)
        for cut, is_held in zip(self.cuts, held, strict=True):
            cut.idle = 0 if is_held else cut.idle + 1
        gone = np.array([n for n, cut in enumerate(self.cuts) if cut.idle > after and not cut.pinned], dtype=np.int32)
        if len(gone) <= 0.15 * len(self.cuts):
            return
        self._bound.deleteRows(len(gone), (gone + self._rows.shape[0]).astype(np.int32))
        if self._nearest is not None:
            self._nearest.forget(gone)
        leaving = set(gone.tolist())
        self.cuts = [cut for n, cut in enumerate(self.cuts) if n not in leaving]


@contextmanager
def _from_within(highs: Any, tolerance: float) -> Iterator[None]:
    """Let a HiGHS object solve by its interior point method, without a corner at the end."""
    for option, value in (
        ("solver", "ipx"),
        ("run_crossover", "off"),
        ("ipm_optimality_tolerance", tolerance),
    ):
        highs.setOptionValue(option, value)
    highs.clearSolver()
    try:
        yield
    finally:
        for option, value in (
            ("solver", "simplex"),
            ("run_crossover", "on"),
        ):
            highs.setOptionValue(option, value)


def _signed(prices: Array, arrays: PlanningArrays) -> Array:
    """Prices with the signs their rows allow."""
    prices = np.where((prices > 0) & np.isinf(arrays.row_lower), 0.0, prices)
    return np.where((prices < 0) & np.isinf(arrays.row_upper), 0.0, prices)


def _summing_to_one(weights: Array, block: Array, blocks: int) -> Array:
    """Weights of each block's cuts brought to a sum of one, so that they are a convex combination."""
    total = np.bincount(block, weights, minlength=blocks)
    share: Array = weights / np.where(total > HALF, total, 1.0)[block]
    return np.where(total[block] > HALF, share, 0.0)
