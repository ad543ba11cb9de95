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
from scipy.sparse import csr_array

from gigasite.foundation.errors import SolverFailure
from gigasite.solve.compiled import Array, CompiledLP
from gigasite.solve.decomposed.block import Block
from gigasite.solve.decomposed.cut import clipped, held_bounds
from gigasite.solve.decomposed.level import Level
from gigasite.solve.decomposed.master import Bound
from gigasite.solve.decomposed.method import Progress
from gigasite.solve.room import give_back_memory, parts_of
from gigasite.solve.solution import Solution, violations_of

ACCEPTED_VIOLATION = 1e-5
"""Largest violation of a bound or row in an accepted answer: 1e-5 GW is 10 kW."""

NOT_WHOLE = 1e-6
"""Share of a machine by which a number of machines may miss a whole one."""


def solution_of(level: Level, progress: Progress, *, seconds: float, status: str, keep_blocks: bool = True) -> Solution:
    """The solution of the whole problem that a level found.

    Args:
        level: the level.
        progress: where it ended.
        seconds: how long it took.
        status: what the solution is to say of itself.
        keep_blocks: whether the level is asked for anything more; otherwise its blocks and cuts make room.

    Raises:
        SolverFailure: the blocks put together violate a row of the whole problem.
    """
    units = level.units
    values = units.values(_values(level, progress.best))
    level.close()
    prices = None if progress.bound is None else units.row_duals(_prices(level, progress.bound))
    if not keep_blocks:
        level.blocks.clear()
        level.master.cuts.clear()
        give_back_memory(level.pieces.lp.shape[0])
    lp = level.whole
    broken = violations_of(lp, values, units.column_factor, units.row_factor)
    worst = max(broken.row, broken.column)
    if worst > ACCEPTED_VIOLATION and progress.slack <= ACCEPTED_VIOLATION:
        raise SolverFailure(f"the months put together violate {broken.worst_row or 'a bound'} by {worst:.1e}")
    conditional = bool(lp.integrality.any())
    numbers = values[lp.integrality != 0]
    if prices is None or np.abs(numbers - np.round(numbers)).max(initial=0.0) > NOT_WHOLE:
        raise SolverFailure("the best plan has no prices, or machines that are not whole")
    reduced = lp.column_cost - csr_array((lp.values, lp.column_indices, lp.row_starts), shape=lp.shape).T @ prices
    lower = units.objective(progress.lower)
    return Solution(
        lp=lp,
        column_values=values,
        row_duals=prices,
        reduced_costs=reduced,
        objective_usd=float(lp.column_cost @ values) + lp.objective_constant,
        bound_usd=lower if conditional else min(lower, _proven(lp, prices, reduced)),
        status=status,
        method="decomposed",
        algorithm="level method, dual simplex",
        solve_seconds=seconds,
        iterations=len(progress.rounds),
        conditional=conditional,
    )


def _proven(lp: CompiledLP, prices: Array, reduced: Array) -> float:
    """Cost that no plan undercuts, from the prices and the arrays of the whole problem alone."""
    of_rows = of_columns = 0.0
    for part in parts_of(len(prices)):
        sides = _ends(prices[part], lp.row_lower[part], lp.row_upper[part])
        of_rows += float(prices[part] @ np.where(np.isinf(sides), 0.0, sides))
    for part in parts_of(len(reduced)):
        of_columns += float(reduced[part] @ _ends(reduced[part], lp.column_lower[part], lp.column_upper[part]))
    return lp.objective_constant + of_rows + of_columns


def _ends(prices: Array, lower: Array, upper: Array) -> Array:
    """What each price is multiplied by: the lower end where it is positive, the upper one where it is negative."""
    return np.where(prices > 0, lower, np.where(prices < 0, upper, 0.0))


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
        _add(prices, level.blocks[held.block], held.path.unpacked(), held.at, weight)
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
