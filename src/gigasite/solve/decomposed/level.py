"""A problem at one resolution, in pieces and ready to be solved; and what goes from one resolution to the next.

What is carried up is a lower bound's worth of multipliers and the best plan, both by name: multipliers by the names of
rows, the plan by the names of planning columns. Costs found on coarse steps are for looking; only the level that is
asked for is certified.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from gigasite.solve.compiled import Array, CompiledLP, Numbering, ScaledLP
from gigasite.solve.decomposed.block import Block
from gigasite.solve.decomposed.cut import plausible
from gigasite.solve.decomposed.cutting import LINK, SHARE, Pieces, cut, make_block
from gigasite.solve.decomposed.master import HeldCut, Master
from gigasite.solve.decomposed.method import Limits, Progress, first_cuts, improve
from gigasite.solve.decomposed.mixed import improve_mixed, improve_on_the_way
from gigasite.solve.decomposed.multipliers import REPEATED, Path, on, ways_between
from gigasite.solve.decomposed.planning import (
    PlanningArrays,
    bounds_of_copies,
    bounds_that_may_cross,
    planning_arrays,
    planning_box,
)
from gigasite.solve.decomposed.row_names import series_name
from gigasite.solve.decomposed.workers import Workers, hire

KEPT_PATHS = 12
"""Paths of a block that go to the next level or scenario: those that held last."""

SLACK_ABOVE = 4.0
"""Slack costs so many times what its row was worth at the level before."""

SLACK_DEAREST = 100.0
"""Slack never starts dearer than so many times its first price: what is too dear drowns in rounding."""

TRIED_BLOCKS = 6
"""Blocks on which the ways of multipliers to finer steps are tried."""


@dataclass
class Carried:
    """What one solve leaves for another.

    Attributes:
        plan: value of every planning column by name, model units of the solver.
        paths: multiplier paths of every block by its name, the latest last.
    """

    plan: dict[str, float] = field(default_factory=dict)
    paths: dict[str, list[Path]] = field(default_factory=dict)

    def beside(self, other: Carried) -> Carried:
        """This plan, with the paths of both; those of the other first."""
        names = dict.fromkeys((*other.paths, *self.paths))
        return Carried(
            {**other.plan, **self.plan}, {n: [*other.paths.get(n, ()), *self.paths.get(n, ())] for n in names}
        )


class Level:
    """One resolution of one scenario."""

    def __init__(self, lp: CompiledLP, month_of_step: Array, *, processes: int | None, slack_price: float) -> None:
        """Cut the problem and hire the workers.

        Args:
            lp: the problem in the model's units.
            month_of_step: month, 1 to 12, of every step.
            processes: worker processes; the cores there are where not given.
            slack_price: what a slack costs, as a multiple of a typical operating cost.
        """
        self.whole = lp
        self.scaled: ScaledLP = lp.scaled()
        self.pieces: Pieces = replace(cut(self.scaled.lp, month_of_step), slack_price=slack_price)
        self.blocks: list[Block] = [make_block(self.pieces, number) for number in range(self.pieces.count)]
        self.pieces.forget()
        box = planning_box(self.pieces)
        self.derived = [
            row
            for block in self.blocks
            for row in (*bounds_of_copies(self.pieces, block), *bounds_that_may_cross(block, box))
        ]
        self.arrays: PlanningArrays = planning_arrays(self.pieces, self.derived)
        self._processes = processes
        self._workers: Workers | None = None
        self.master = self._new_master([])

    @property
    def workers(self) -> Workers:
        """Who solves the blocks; hired when first asked."""
        if self._workers is None:
            self._workers = hire(self.blocks, self._processes)
        return self._workers

    def _new_master(self, cuts: Sequence[HeldCut]) -> Master:
        seen = np.unique(np.concatenate([block.planning for block in self.blocks]))
        master = Master(self.arrays, len(self.blocks), seen)
        master.add(cuts)
        return master

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Name of every planning column."""
        pieces, lp = self.pieces, self.pieces.lp
        own = [lp.column_name(int(column)) for column in pieces.planning_columns]
        copies = [
            f"{LINK}{series_name(lp.columns, lp.column_numbering.full_number(int(column)), joined=True)} "
            f"of {pieces.keys.names[pieces.keys.column[column]]}"
            for column in pieces.crossings.copied
        ]
        shares = [
            f"{SHARE}{lp.row_name(int(pieces.crossings.shared_rows[row]))} of {pieces.keys.names[block]}"
            for row, block in zip(pieces.crossings.share_row, pieces.crossings.share_block, strict=True)
        ]
        return (*own, *copies, *shares)

    # -- start ---------------------------------------------------------------------------------------------------------

    def begin(self, carried: Carried) -> Array:
        """Take over what another solve left: cuts from its paths, and its plan.

        Returns:
            The plan to start from.
        """
        self._charge_at_least(carried)
        known = np.array([carried.plan.get(name, np.nan) for name in self.names])
        lower, upper = self.arrays.lower, self.arrays.upper
        start = np.clip(np.where(np.isnan(known), lower, known), lower, upper)
        self.master.add(first_cuts(self.blocks, start))
        self._recycle(carried, start)
        if np.isnan(known).any():
            chosen = self.master.bound().x
            start = np.where(np.isnan(known), chosen, start)
        return start

    def _charge_at_least(self, carried: Carried) -> None:
        """Price slack well above what its row was worth before, so that it is not used where it need not be."""
        for block in self.blocks:
            for path in carried.paths.get(block.name, ())[-1:]:
                known = plausible(block, on(block, path, dict.fromkeys(path.parts, REPEATED)))
                worth = SLACK_ABOVE * np.abs(known[block.slack_rows])
                block.slack_cost = np.clip(worth, block.slack_cost, SLACK_DEAREST * block.slack_cost)

    def _recycle(self, carried: Carried, start: Array) -> None:
        """Cuts from the paths of another solve."""
        having = [(n, block) for n, block in enumerate(self.blocks) if carried.paths.get(block.name)]
        if not having:
            return
        every = max(1, len(having) // TRIED_BLOCKS)
        tried = [(b, carried.paths[b.name][-1], start[b.planning]) for _, b in having[::every]]
        ways = ways_between(tried)
        laid = {
            n: [(plausible(block, on(block, path, ways)), start[block.planning]) for path in carried.paths[block.name]]
            for n, block in having
        }
        for n, cuts in sorted(self.workers.cuts(laid).items()):
            planning = self.blocks[n].planning
            self.master.add([HeldCut(n, c, planning, pi, at) for c, (pi, at) in zip(cuts, laid[n], strict=True)])

    # -- solve ---------------------------------------------------------------------------------------------------------

    def improve(self, start: Array, limits: Limits, *, on_the_way: bool = False) -> Progress:
        """Try plans until the gap is small enough; see `method.improve` and `mixed.improve_mixed`.

        Args:
            start: the first plan.
            limits: when to stop.
            on_the_way: whether the level is one between the first and the last.
        """
        way: Callable[..., Progress] = improve
        if self.arrays.whole.any():
            way = improve_on_the_way if on_the_way else improve_mixed
        return way(self.master, self.blocks, self.workers, start, limits)

    def planned(self, x: Array) -> Callable[[str], Array]:
        """Gives the values of planning variables at a plan by name, model units."""
        values = np.zeros(self.whole.shape[1])
        columns = self.pieces.planning_columns
        values[columns] = x[: len(columns)] * self.scaled.column_factor[columns]
        return lambda name: self.whole.values_of(name, values)

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

    def with_planning_rows_of(self, lp: CompiledLP) -> None:
        """Take the planning rows of a problem that differs in nothing else; all cuts stay."""
        scaled = lp.scaled()
        self.whole, self.scaled = lp, scaled
        self.pieces = replace(self.pieces, lp=scaled.lp)
        self.arrays = planning_arrays(self.pieces, self.derived)
        self.master = self._new_master(self.master.cuts)

    def charge_more_for_slack(self, factor: float) -> None:
        """Make every slack dearer; cuts stay valid, since they hold for a lower price too."""
        for block in self.blocks:
            block.slack_cost = block.slack_cost * factor
        self.close()

    def leave(self, progress: Progress) -> Carried:
        """What the next level or scenario can use: the best plan, and the paths that held last."""
        plan = dict(zip(self.names, progress.best.tolist(), strict=True))
        order = sorted(range(len(self.master.cuts)), key=lambda n: -self.master.cuts[n].idle)
        paths: dict[str, list[Path]] = {}
        for number in order:
            held = self.master.cuts[number]
            block = self.blocks[held.block]
            if held.multipliers.any():
                paths.setdefault(block.name, []).append(Path.of(block, held.multipliers))
        return Carried(plan, {name: of[-KEPT_PATHS:] for name, of in paths.items()})

    def close(self) -> None:
        """Let the workers go."""
        if self._workers is not None:
            self._workers.close()
            self._workers = None


def _kept(numbering: Numbering) -> Array:
    """Which things are kept; empty where all are."""
    return np.empty(0, dtype=np.int64) if numbering.kept is None else numbering.kept
