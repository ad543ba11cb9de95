"""From the best plan to a solution of the whole problem: operation in every hour, and prices.

    operation   every block solved for the best plan
    y_i         sum over the cuts that hold of weight * multiplier of row i
    y_i         of a row that became a bound: sum of weight * (part of the reduced cost it takes) / coefficient
    d           c - A'y

The weights are the planning problem's own prices of its cuts; they add up to one in every block, so that y is a convex
combination of multiplier paths and satisfies every condition the paths do. The lower bound worked out from y and the
whole problem's arrays must be that of the planning problem, and is what is reported where it is the lower one. Arrays
are compiled for this once more, of a problem that was cut in parts one part at a time: each row is in one of them, and
what the rows of all pay for a planning column is added up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from gigasite.foundation.errors import SolverFailure
from gigasite.solve.compiled import Array, CompiledLP
from gigasite.solve.decomposed.block import Block
from gigasite.solve.decomposed.cut import clipped, held_bounds
from gigasite.solve.decomposed.level import Level
from gigasite.solve.decomposed.master import Bound
from gigasite.solve.decomposed.parts import LevelPart
from gigasite.solve.decomposed.progress import Progress
from gigasite.solve.decomposed.together import PartAnswer, put_together, without_matrix
from gigasite.solve.room import give_back_memory, parts_of
from gigasite.solve.shared_prices import paid_by_shared_rows
from gigasite.solve.solution import Solution, violations_of

ACCEPTED_VIOLATION = 1e-5
"""Largest violation of a bound or row in an accepted answer: 1e-5 GW is 10 kW."""

NO_PRICES = "the best plan has no prices, or machines that are not whole"
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
    algorithm = "interior point cuts, dual simplex" if level.master.from_within else "level method, dual simplex"
    operation = [found for found, _ in level.workers.values(progress.best)]
    level.close()
    points = [_values(level, part, progress.best, operation) for part in level.parts]
    del operation
    if progress.bound is None:
        raise SolverFailure(NO_PRICES)
    prices = [part.units.row_duals(_prices(level, progress.bound, part)) for part in level.parts]
    if not keep_blocks:
        level.blocks.clear()
        level.master.let_go()
        give_back_memory(level.rows)
    proof = _Proof(accepted=ACCEPTED_VIOLATION if progress.slack <= ACCEPTED_VIOLATION else np.inf)
    answers: list[PartAnswer] = []
    while points:
        part = level.parts[len(answers)]
        answers.append(proof.of_part(part, part.compiled(level.compiled), points.pop(0), prices.pop(0)))
        give_back_memory(level.rows)
    parted = len(answers) > 1
    if parted:
        proof.add_planning(level, answers)
    found = put_together(answers) if parted else answers[0]
    lower = level.units.objective(progress.lower)
    return Solution(
        lp=found.lp,
        column_values=found.values,
        row_duals=found.prices,
        reduced_costs=found.reduced,
        objective_usd=proof.cost_usd,
        bound_usd=lower if proof.conditional else min(lower, proof.bound_usd),
        status=status,
        method="decomposed",
        algorithm=algorithm,
        solve_seconds=seconds,
        iterations=len(progress.rounds),
        conditional=proof.conditional,
        at_shared_prices=found.at_shared,
    )


@dataclass
class _Proof:
    """What the arrays say of an answer: that no row is violated, what it costs, and what no plan undercuts.

    Attributes:
        accepted: largest violation of a bound or row, in the solver's units.
        cost_usd: cost of the plan so far.
        bound_usd: cost that no plan undercuts so far, from prices and arrays alone.
        conditional: whether some columns are whole numbers.
        planning: of a problem in parts, what the rows of all pay for planning columns, and what shared rows do.
        box: of a problem in parts, lower and upper bounds of planning columns.
    """

    accepted: float
    cost_usd: float = 0.0
    bound_usd: float = 0.0
    conditional: bool = False
    planning: tuple[Array, Array] | None = None
    box: tuple[Array, Array] | None = None

    def of_part(self, part: LevelPart, lp: CompiledLP, values: Array, prices: Array) -> PartAnswer:
        """Check a part of the answer, or the whole, and add what it costs and proves.

        Raises:
            SolverFailure: the blocks put together violate a row, or machines are not whole.
        """
        broken = violations_of(lp, values, part.units.column_factor, part.units.row_factor, in_columns=True)
        worst = max(broken.row, broken.column)
        if worst > self.accepted:
            raise SolverFailure(f"the months put together violate {broken.worst_row or 'a bound'} by {worst:.1e}")
        numbers = values[lp.integrality != 0]
        if np.abs(numbers - np.round(numbers)).max(initial=0.0) > NOT_WHOLE:
            raise SolverFailure(NO_PRICES)
        self.conditional |= bool(len(numbers))
        matrix = csr_array((lp.values, lp.column_indices, lp.row_starts), shape=lp.shape)
        reduced = lp.column_cost - matrix.T @ prices
        self.bound_usd += _rows_prove(lp, prices)
        if part.part is None:
            self.cost_usd = float(lp.column_cost @ values) + lp.objective_constant
            self.bound_usd += lp.objective_constant + _columns_prove(lp, reduced)
            return PartAnswer(lp, values, prices, reduced, None)
        at_shared = lp.column_cost - paid_by_shared_rows(lp, prices)
        self._add_operation(part, lp, values, reduced, at_shared)
        np.clip(values, lp.column_lower, lp.column_upper, out=values)  # so that nobody needs the bounds any more
        return PartAnswer(without_matrix(lp), values, prices, reduced, at_shared)

    def _add_operation(self, part: LevelPart, lp: CompiledLP, values: Array, reduced: Array, at_shared: Array) -> None:
        """Add the operation of a part; its planning waits for what the rows of the other parts pay."""
        planning = part.pieces.planning_columns
        of_planning = lp.column_cost[planning]
        before = (of_planning, of_planning) if self.planning is None else self.planning
        if self.planning is None:
            self.cost_usd += float(of_planning @ values[planning]) + lp.objective_constant
            self.bound_usd += lp.objective_constant
            self.box = lp.column_lower[planning], lp.column_upper[planning]
        self.planning = (
            before[0] - (of_planning - reduced[planning]),
            before[1] - (of_planning - at_shared[planning]),
        )
        self.cost_usd += float(lp.column_cost @ values) - float(of_planning @ values[planning])
        reduced[planning] = 0.0
        self.bound_usd += _columns_prove(lp, reduced)

    def add_planning(self, level: Level, answers: Sequence[PartAnswer]) -> None:
        """Add what the planning columns prove, once the rows of all parts have been seen."""
        for part, answer in zip(level.parts, answers, strict=True):
            columns = part.pieces.planning_columns
            if self.planning is not None and answer.at_shared is not None:
                answer.reduced[columns], answer.at_shared[columns] = self.planning
        if self.planning is not None and self.box is not None:
            self.bound_usd += float(self.planning[0] @ _ends(self.planning[0], *self.box))


def _rows_prove(lp: CompiledLP, prices: Array) -> float:
    """What rows add to the cost that no plan undercuts: every price at the side it points to."""
    proven = 0.0
    for part in parts_of(len(prices)):
        sides = _ends(prices[part], lp.row_lower[part], lp.row_upper[part])
        proven += float(prices[part] @ np.where(np.isinf(sides), 0.0, sides))
    return proven


def _columns_prove(lp: CompiledLP, reduced: Array) -> float:
    """What columns add to it: every one at the bound its reduced cost points to."""
    proven = 0.0
    for part in parts_of(len(reduced)):
        proven += float(reduced[part] @ _ends(reduced[part], lp.column_lower[part], lp.column_upper[part]))
    return proven


def _ends(prices: Array, lower: Array, upper: Array) -> Array:
    """What each price is multiplied by: the lower end where it is positive, the upper one where it is negative."""
    return np.where(prices > 0, lower, np.where(prices < 0, upper, 0.0))


def _values(level: Level, part: LevelPart, x: Array, operation: Sequence[Array]) -> Array:
    """Every column of a part at a plan, model units."""
    pieces = part.pieces
    values = np.zeros(pieces.lp.shape[1])
    values[pieces.planning_columns] = x[: len(pieces.planning_columns)]
    for number in part.blocks:
        values[level.blocks[number].columns] = operation[number]
    return part.units.values(values)


def _prices(level: Level, bound: Bound, part: LevelPart | None = None) -> Array:
    """Price of every row of a part, the first where none is named."""
    part = part or level.parts[0]
    crossings = part.pieces.crossings
    prices = np.zeros(part.pieces.lp.shape[0])
    own, shared = crossings.planning_rows, crossings.shared_rows
    duals = bound.row_duals[part.first_row :]
    prices[own] = duals[: len(own)]
    prices[shared] = duals[len(own) : len(own) + len(shared)]
    first = len(own) + len(shared)
    for derived, price in zip(part.derived, duals[first : first + len(part.derived)], strict=True):
        for row, factor in derived.origins:
            prices[row] += price * factor
    for held, weight in zip(bound.cuts, bound.weights, strict=True):
        if held.block in part.blocks:
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
