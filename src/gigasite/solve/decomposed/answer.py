"""From the best plan to a solution of the whole problem: operation in every hour, and prices.

    operation   every block solved for the best plan
    y_i         sum over the cuts that hold of weight * multiplier of row i
    y_i         of a row that became a bound: sum of weight * (part of the reduced cost it takes) / coefficient
    d           c - A'y

The weights are the planning problem's own prices of its cuts; they add up to one in every block, so that y is a convex
combination of multiplier paths and satisfies every condition the paths do. The lower bound worked out from y and the
whole problem's arrays must be that of the planning problem, and is what is reported where it is the lower one.
"""

from __future__ import annotations

import numpy as np

from gigasite.foundation.errors import SolverFailure
from gigasite.solve.compiled import Array, CompiledLP
from gigasite.solve.decomposed.block import Block
from gigasite.solve.decomposed.cut import clipped, held_bounds
from gigasite.solve.decomposed.level import Level
from gigasite.solve.decomposed.master import Bound
from gigasite.solve.decomposed.method import Progress
from gigasite.solve.solution import Solution, violations_of

ACCEPTED_VIOLATION = 1e-5
"""Largest violation of a bound or row in an accepted answer: 1e-5 GW is 10 kW."""

NOT_WHOLE = 1e-6
"""Share of a machine by which a number of machines may miss a whole one."""


def solution_of(level: Level, progress: Progress, *, seconds: float, status: str) -> Solution:
    """The solution of the whole problem that a level found.

    Raises:
        SolverFailure: the blocks put together violate a row of the whole problem.
    """
    scaled, lp = level.scaled, level.scaled.lp
    values = _values(level, progress.best)
    broken = violations_of(lp, values)
    if max(broken.column, broken.row) > ACCEPTED_VIOLATION and progress.slack <= ACCEPTED_VIOLATION:
        worst = max(broken.row, broken.column)
        raise SolverFailure(f"the months put together violate {broken.worst_row or 'a bound'} by {worst:.1e}")
    conditional = bool(level.whole.integrality.any())
    numbers = values[level.whole.integrality != 0]
    if progress.bound is None or np.abs(numbers - np.round(numbers)).max(initial=0.0) > NOT_WHOLE:
        raise SolverFailure("the best plan has no prices, or machines that are not whole")
    prices = _prices(level, progress.bound)
    reduced = lp.column_cost - level.pieces.matrix.T @ prices
    lower = progress.lower if conditional else min(progress.lower, _proven(lp, prices, reduced))
    return Solution(
        lp=level.whole,
        column_values=scaled.values(values),
        row_duals=scaled.row_duals(prices),
        reduced_costs=scaled.reduced_costs(reduced),
        objective_usd=scaled.objective(float(lp.column_cost @ values) + lp.objective_constant),
        bound_usd=scaled.objective(lower),
        status=status,
        method="decomposed",
        algorithm="level method, dual simplex",
        solve_seconds=seconds,
        iterations=len(progress.rounds),
        conditional=conditional,
    )


def _proven(lp: CompiledLP, prices: Array, reduced: Array) -> float:
    """Cost that no plan undercuts, from the prices and the arrays of the whole problem alone."""
    prices = np.where((prices > 0) & np.isinf(lp.row_lower), 0.0, prices)
    prices = np.where((prices < 0) & np.isinf(lp.row_upper), 0.0, prices)
    sides = np.where(prices > 0, lp.row_lower, np.where(prices < 0, lp.row_upper, 0.0))
    ends = np.where(reduced > 0, lp.column_lower, np.where(reduced < 0, lp.column_upper, 0.0))
    return float(lp.objective_constant + prices @ sides + reduced @ ends)


def _values(level: Level, x: Array) -> Array:
    """Every column of the whole problem at a plan."""
    pieces = level.pieces
    values = np.zeros(pieces.lp.shape[1])
    values[pieces.planning_columns] = x[: pieces.first_copy]
    for block, (operation, _) in zip(level.blocks, level.workers.values(x), strict=True):
        values[block.columns] = operation
    return values


def _prices(level: Level, bound: Bound) -> Array:
    """Price of every row of the whole problem."""
    pieces, crossings = level.pieces, level.pieces.crossings
    prices = np.zeros(pieces.lp.shape[0])
    own = np.flatnonzero(crossings.home == -1)
    prices[own] = bound.row_duals[: len(own)]
    prices[crossings.shared_rows] = bound.row_duals[len(own) : len(own) + len(crossings.shared_rows)]
    of_derived = bound.row_duals[len(own) + len(crossings.shared_rows) :]
    for derived, price in zip(level.derived, of_derived, strict=True):
        for row, factor in derived.origins:
            prices[row] += price * factor
    for held, weight in zip(bound.cuts, bound.weights, strict=True):
        _add(prices, level.blocks[held.block], held.multipliers, held.at, weight)
    return prices


def _add(prices: Array, block: Block, multipliers: Array, x: Array, weight: float) -> None:
    """Add a weighted path: its rows, and the rows that became bounds with the part of the reduced costs they take."""
    pi = clipped(block, np.asarray(multipliers, dtype=float))
    own = block.row_numbers >= 0
    prices[block.row_numbers[own]] += weight * pi[own]
    reduced = block.cost - pi @ block.matrix
    for bounds, fixed, part, sign in (
        (block.upper_bounds, block.upper, np.minimum(reduced, 0.0), 1.0),
        (block.lower_bounds, block.lower, np.maximum(reduced, 0.0), -1.0),
    ):
        _, chosen = held_bounds(bounds, fixed, x, sign)
        prices[bounds.rows[chosen]] += weight * part[bounds.column[chosen]] / bounds.factors[chosen]
