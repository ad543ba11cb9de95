"""A problem cut into blocks part by part, so that the arrays of the whole are never held.

Each part (`solve.year_part`) is compiled, cut like a problem of its own, and its arrays are let go. Its planning
columns are those of every part, and stand first; what is made for rows that cross its blocks stands behind what was
made for the parts before.

    planning columns    own of all | copies, shares of the 1st part | copies, shares of the 2nd | ...
    planning rows       own, shared, derived of the 1st part | own, shared, derived of the 2nd | ...

A small problem is one part: the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from gigasite.solve.compiled import Array, CompiledLP, Numbering, ScaledLP
from gigasite.solve.compiler import Compiler
from gigasite.solve.decomposed.block import Block
from gigasite.solve.decomposed.cutting import Pieces, cut, make_block
from gigasite.solve.decomposed.planning import (
    DerivedRow,
    PlanningArrays,
    bounds_of_copies,
    bounds_that_may_cross,
    planning_arrays,
    planning_box,
)
from gigasite.solve.decomposed.shared import SharedArrays
from gigasite.solve.room import give_back_memory
from gigasite.solve.traced_rule import UntraceableRule
from gigasite.solve.year_part import NotInParts, YearPart

Compiled = Callable[..., CompiledLP]
"""Gives the problem in the model's units, the same whenever asked; a `Compiler` also gives its parts."""


@dataclass(frozen=True)
class LevelPart:
    """What stays of a part whose blocks are cut out.

    Attributes:
        part: which it is, None for the whole.
        pieces: how it was cut, without numbers.
        units: the solver's units, without arrays.
        first_block: number of its first block among those of all parts.
        first_row: its first row of the planning of all parts.
        derived: planning rows that follow from bounds of its operation.
    """

    part: YearPart | None
    pieces: Pieces
    units: ScaledLP
    first_block: int
    first_row: int
    derived: tuple[DerivedRow, ...]

    @property
    def blocks(self) -> range:
        """Numbers of its blocks."""
        return range(self.first_block, self.first_block + self.pieces.count)

    def compiled(self, compiled: Compiled) -> CompiledLP:
        """Its arrays, in the model's units."""
        return compiled() if self.part is None else compiled(self.part)

    def planning_of(self, lp: CompiledLP) -> PlanningArrays:
        """The planning rows of a problem in the model's units that differs in nothing else."""
        return planning_arrays(replace(self.pieces, lp=lp.scaled().lp), self.derived)

    def has_rows_of(self, lp: CompiledLP) -> bool:
        """Whether a problem has the same rows and columns, whatever their numbers."""
        mine = self.pieces.lp
        return mine.shape == lp.shape and all(
            one is two or np.array_equal(one, two)
            for one, two in (
                (_kept(mine.row_numbering), _kept(lp.row_numbering)),
                (_kept(mine.column_numbering), _kept(lp.column_numbering)),
            )
        )


@dataclass(frozen=True)
class CutLevel:
    """A problem cut into blocks: its parts, the blocks of all of them, and the planning of each."""

    parts: list[LevelPart]
    blocks: list[Block]
    planning: list[PlanningArrays]


def cut_by_parts(compiled: Compiled, month_of_step: Array, slack_price: float) -> CutLevel:
    """Cut a problem, in parts where it is large and they hold nothing of each other.

    Args:
        compiled: gives the problem or its parts.
        month_of_step: month, 1 to 12, of every step.
        slack_price: what a slack costs, as a multiple of a typical operating cost.
    """
    parts = compiled.parts if isinstance(compiled, Compiler) else (None,)
    if parts != (None,):
        try:
            return _cut(compiled, parts, month_of_step, slack_price)
        except (NotInParts, UntraceableRule):
            parts = (None,)
    return _cut(compiled, parts, month_of_step, slack_price)


def _cut(compiled: Compiled, parts: tuple[YearPart | None, ...], month_of_step: Array, slack_price: float) -> CutLevel:
    arrays = SharedArrays()
    level = CutLevel([], [], [])
    made = rows = 0
    for part in parts:
        scaled = (compiled() if part is None else compiled(part)).scaled()
        pieces = replace(cut(scaled.lp, month_of_step), slack_price=slack_price, made_before=made)
        blocks = [arrays.of(make_block(pieces, number)) for number in range(pieces.count)]
        derived = tuple(_derived(pieces, blocks))
        level.planning.append(planning_arrays(pieces, derived))
        # the blocks hold the numbers; whoever needs them again compiles the part anew
        named = replace(scaled, lp=scaled.lp.names_only())
        level.parts.append(LevelPart(part, pieces.without_numbers(), named, len(level.blocks), rows, derived))
        level.blocks.extend(blocks)
        made += pieces.width - pieces.first_copy
        rows += len(level.planning[-1].row_lower)
        size = scaled.lp.shape[0]
        del scaled, pieces
        give_back_memory(size)
    return level


def _derived(pieces: Pieces, blocks: list[Block]) -> Iterator[DerivedRow]:
    box = planning_box(pieces)
    for block in blocks:
        yield from bounds_of_copies(pieces, block)
        yield from bounds_that_may_cross(block, box)


def _kept(numbering: Numbering) -> Array:
    """Which things are kept; empty where all are."""
    return np.empty(0, dtype=np.int64) if numbering.kept is None else numbering.kept
