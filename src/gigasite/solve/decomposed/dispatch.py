"""Solves blocks with HiGHS: the cost of operating a plan, and the multipliers that price it.

Blocks with the same matrix share one HiGHS object, which is given the costs and bounds of the block in hand and the
basis that block ended with before. A block that has none begins with the one that a coarser resolution left it, or else
with that of the block before it. Only the dual simplex is used: it starts from a basis whatever bounds have changed,
and the other algorithms were unreliable here.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import numpy as np

from gigasite.foundation.errors import SolverFailure
from gigasite.solve.compiled import Array
from gigasite.solve.decomposed.bases import Statuses, basis_for_highs, statuses_of
from gigasite.solve.decomposed.block import Block
from gigasite.solve.decomposed.cut import Cut, cut_of, summed
from gigasite.solve.solver import FEASIBLE_GW, MINIMISE, ROWWISE, new_highs, run_to_optimum

OWN_OBJECTS = 60
"""Up to so many blocks each keep a HiGHS object, some megabytes; more share them by shape."""

MOST_OBJECTS = 24
"""Most HiGHS objects a worker keeps when blocks share them; the one used longest ago goes first."""

ROUNDING_GW = 1e-6
DUAL_SIMPLEX = 1


@dataclass(frozen=True)
class Dispatch:
    """A block's answer to a plan.

    Attributes:
        cost: theta(x), million USD.
        cut: its cut, tight at the plan.
        multipliers: of its rows.
        slack: largest slack in use, in the unit of the columns of its row.
        seconds: time it took.
        iterations: of the simplex.
    """

    cost: float
    cut: Cut
    multipliers: Array
    slack: float
    seconds: float
    iterations: int


@dataclass
class _Machine:
    """A HiGHS object, and the block it holds at the moment."""

    highs: Any
    holds: int


class Dispatcher:
    """Solves some blocks, one after the other, and remembers their bases."""

    def __init__(self, blocks: Mapping[int, Block], starts: Mapping[int, Statuses] | None = None) -> None:
        """Take some blocks, and the statuses that some of them begin with."""
        self.blocks = blocks
        self._starts = dict(starts or {})
        self._shares = len(blocks) > OWN_OBJECTS
        self._shapes = {number: _shape(block) if self._shares else str(number) for number, block in blocks.items()}
        times = Counter(self._shapes.values())
        several = self._shares and len(times) > MOST_OBJECTS
        self._alone = {shape for shape, count in times.items() if several and count == 1}
        self._machines: dict[str, _Machine] = {}
        self._bases: dict[int, Any] = {}
        self._moving = {number: _moving(block) for number, block in blocks.items()}

    def dispatch(self, number: int, x: Array) -> Dispatch:
        """Solve one block for a plan.

        Args:
            number: the block.
            x: values of the planning columns the block sees.

        Raises:
            SolverFailure: HiGHS gives no optimal answer, from the basis or without one.
        """
        started = time.perf_counter()
        block = self.blocks[number]
        highs = self._machine(number, x)
        _solve(highs, block)
        answer = highs.getSolution()
        multipliers = np.asarray(answer.row_dual)
        values, slack = _split(block, answer.col_value)
        return Dispatch(
            summed(block.cost, values) + summed(block.slack_cost, slack),
            cut_of(block, multipliers, x),
            multipliers,
            float((slack / block.slack_size).max(initial=0.0)),
            time.perf_counter() - started,
            int(highs.getInfo().simplex_iteration_count),
        )

    def values(self, number: int, x: Array) -> tuple[Array, float]:
        """Operation columns of one block at a plan, and the largest slack."""
        block = self.blocks[number]
        highs = self._machine(number, x)
        _solve(highs, block)
        values, slack = _split(block, highs.getSolution().col_value)
        return values, float((slack / block.slack_size).max(initial=0.0))

    def charge(self, prices: Mapping[int, Array]) -> None:
        """Price the slack of some blocks anew."""
        for number, price in prices.items():
            block = self.blocks[number]
            block.slack_cost = price
            machine = self._machines.get(self._shapes[number])
            if machine is not None and machine.holds == number:
                columns = len(block.columns) + np.arange(len(price), dtype=np.int32)
                machine.highs.changeColsCost(len(price), columns, price)

    def _machine(self, number: int, x: Array) -> Any:
        """The HiGHS object of a block's shape, holding the block with the plan's bounds."""
        block, shape = self.blocks[number], self._shapes[number]
        machine = self._machines.pop(shape, None)
        if machine is None:
            for other in self._alone & self._machines.keys():  # it comes round after all the others only
                self._retire(other)
            if self._shares and len(self._machines) >= MOST_OBJECTS:
                self._retire(next(iter(self._machines)))
            machine = _Machine(_loaded(block), number)
            self._go_on(machine.highs, number)
        self._machines[shape] = machine  # the last one used stands last
        highs = machine.highs
        moved_columns, moved_rows = self._moving[number]
        if machine.holds != number:
            self._bases[machine.holds] = highs.getBasis()
            _take(highs, block)
            self._go_on(highs, number)
            machine.holds = number
        lower, upper = block.column_bounds(x)
        # a bound of the plan may lie a rounding error below another; more than that is no plan, and HiGHS says so
        upper = np.where((upper < lower) & (upper > lower - ROUNDING_GW), lower, upper)
        highs.changeColsBounds(len(moved_columns), moved_columns, lower[moved_columns], upper[moved_columns])
        below, above = block.row_bounds(x)
        highs.changeRowsBounds(len(moved_rows), moved_rows, below[moved_rows], above[moved_rows])
        return highs

    def _go_on(self, highs: Any, number: int) -> None:
        """Give an object the basis a block ended with; one that HiGHS refuses is as good as none."""
        start = self._starts.pop(number, None)
        if number in self._bases:
            highs.setBasis(self._bases[number])
        elif start is not None:
            highs.setBasis(basis_for_highs(start))

    def bases(self) -> dict[int, Statuses]:
        """The basis every block ended with, where it has one."""
        held = {machine.holds: machine.highs.getBasis() for machine in self._machines.values()}
        return {number: statuses_of(basis) for number, basis in (self._bases | held).items() if basis.valid}

    def _retire(self, shape: str) -> None:
        """Let a HiGHS object go, and remember the basis of the block it holds."""
        machine = self._machines.pop(shape)
        self._bases[machine.holds] = machine.highs.getBasis()
        machine.highs.clear()


def _split(block: Block, column_values: Any) -> tuple[Array, Array]:
    """Operation and slack of an answer, the slack never below zero: HiGHS lets it fall there by a tolerance."""
    values = np.asarray(column_values)
    return values[: len(block.columns)], np.maximum(values[len(block.columns) :], 0.0)


def _solve(highs: Any, block: Block) -> None:
    """Run HiGHS to an optimum, which every plan has."""
    from highspy import HighsModelStatus as Status

    status = run_to_optimum(highs)
    if status != Status.kOptimal:
        raise SolverFailure(
            f"the operation of {block.name} has no answer: HiGHS says {highs.modelStatusToString(status)}"
        )


def _moving(block: Block) -> tuple[Array, Array]:
    """Columns and rows whose bounds depend on the plan."""
    columns = np.unique(np.r_[block.upper_bounds.column, block.lower_bounds.column]).astype(np.int32)
    return columns, np.flatnonzero(np.diff(block.row_planning.indptr)).astype(np.int32)


def _loaded(block: Block) -> Any:
    from highspy import HighsStatus

    highs = new_highs()
    for option, value in (
        ("threads", 1),
        ("solver", "simplex"),
        ("simplex_strategy", DUAL_SIMPLEX),
        ("primal_feasibility_tolerance", FEASIBLE_GW),
    ):
        highs.setOptionValue(option, value)
    starts, indices, values = with_slacks(block)
    cost, lower, upper = _column_data(block)
    status = highs.passModel(
        len(cost), len(block.row_lower), len(indices), ROWWISE, MINIMISE, 0.0, cost, lower, upper,
        block.row_lower, block.row_upper, starts, indices, values, np.zeros(len(cost), dtype=np.int32),
    )  # fmt: skip
    if status == HighsStatus.kError:
        raise SolverFailure(f"HiGHS refused the arrays of {block.name}")
    return highs


def _take(highs: Any, block: Block) -> None:
    """Give the costs, bounds and sides of a block to an object of its shape."""
    cost, lower, upper = _column_data(block)
    columns, rows = np.arange(len(cost), dtype=np.int32), np.arange(len(block.row_lower), dtype=np.int32)
    highs.changeColsCost(len(cost), columns, cost)
    highs.changeColsBounds(len(cost), columns, lower, upper)
    highs.changeRowsBounds(len(rows), rows, block.row_lower, block.row_upper)


def _column_data(block: Block) -> tuple[Array, Array, Array]:
    slacks = len(block.slack_rows)
    return (
        np.r_[block.cost, block.slack_cost],
        np.r_[block.lower, np.zeros(slacks)],
        np.r_[block.upper, np.full(slacks, np.inf)],
    )


def with_slacks(block: Block) -> tuple[Array, Array, Array]:
    """The block's matrix with its slack columns behind the operation columns: row starts, column numbers, values."""
    matrix, columns = block.matrix, len(block.columns)
    extra = np.bincount(block.slack_rows, minlength=len(block.row_lower))
    lengths = np.diff(matrix.indptr)
    starts = np.r_[0, np.cumsum(lengths + extra)].astype(np.int32)
    indices, values = np.empty(starts[-1], dtype=np.int32), np.empty(starts[-1])
    own = np.repeat(starts[:-1] - matrix.indptr[:-1], lengths) + np.arange(matrix.nnz)
    indices[own], values[own] = matrix.indices, matrix.data
    free = starts[1:] - extra
    for number, (row, sign) in enumerate(zip(block.slack_rows, block.slack_signs, strict=True)):
        indices[free[row]], values[free[row]] = columns + number, sign
        free[row] += 1
    return starts, indices, values


def _shape(block: Block) -> str:
    """The same text for blocks whose matrices are the same, entry by entry."""
    digest = blake2b(digest_size=16)
    parts: Sequence[Array] = (
        block.matrix.indptr, block.matrix.indices, block.matrix.data, block.slack_rows, block.slack_signs,
    )  # fmt: skip
    for part in parts:
        digest.update(np.ascontiguousarray(part).tobytes())
    return f"{len(block.columns)} {digest.hexdigest()}"
