"""A problem at one resolution, in pieces and ready to be solved; and what goes from one resolution to the next.

What is carried up is a lower bound's worth of multipliers, the best plan and the bases the blocks ended with, all by
name: multipliers by the names of rows, the plan by the names of planning columns, bases by the names of rows and
columns. Costs found on coarse steps are for looking; only the level that is asked for is certified.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from gigasite.solve.compiled import Array, CompiledLP, ScaledLP
from gigasite.solve.decomposed.bases import Basis, Statuses, start_from
from gigasite.solve.decomposed.block import Block, Segment
from gigasite.solve.decomposed.cut import plausible
from gigasite.solve.decomposed.cutting import LINK, SHARE, Pieces
from gigasite.solve.decomposed.held import HeldCut
from gigasite.solve.decomposed.master import Master
from gigasite.solve.decomposed.method import first_cuts, improve, is_large
from gigasite.solve.decomposed.mixed import improve_mixed, improve_on_the_way
from gigasite.solve.decomposed.multipliers import REPEATED, Path, on, ways_between
from gigasite.solve.decomposed.packed import packing_for
from gigasite.solve.decomposed.parts import Compiled, LevelPart, cut_by_parts
from gigasite.solve.decomposed.planning import DerivedRow, PlanningArrays, joined
from gigasite.solve.decomposed.progress import Limits, Progress
from gigasite.solve.decomposed.row_names import column_segments, series_name
from gigasite.solve.decomposed.workers import Workers, hire
from gigasite.solve.room import give_back_memory

KEPT_PATHS = 12
"""Paths of a block that go to the next level or scenario: those that held last."""

SLACK_ABOVE = 4.0
"""Slack costs so many times what its row was worth at the level before."""

SLACK_DEAREST = 100.0
"""Slack never starts dearer than so many times its first price: what is too dear drowns in rounding."""

RECYCLED_AT_ONCE = 100
"""Blocks whose paths are laid and sent to the workers at once: those of a thousand months take half a gigabyte."""

TRIED_BLOCKS = 6
"""Blocks on which the ways of multipliers to finer steps are tried."""


@dataclass
class Carried:
    """What one solve leaves for another.

    Attributes:
        plan: value of every planning column by name, model units of the solver.
        paths: multiplier paths of every block by its name, the latest last.
        bases: the basis every block ended with by its name; never on disk, since it is soon found again.
        from_within: whether its plans came from within in the end.
    """

    plan: dict[str, float] = field(default_factory=dict)
    paths: dict[str, list[Path]] = field(default_factory=dict)
    bases: dict[str, Basis] = field(default_factory=dict)
    from_within: bool = False

    def beside(self, other: Carried) -> Carried:
        """This plan, with the paths of both, those of the other first; of two bases of a block the other's."""
        names = dict.fromkeys((*other.paths, *self.paths))
        return Carried(
            {**other.plan, **self.plan},
            {n: [*other.paths.get(n, ()), *self.paths.get(n, ())] for n in names},
            {**self.bases, **other.bases},
            self.from_within or other.from_within,
        )


class Level:
    """One resolution of one scenario."""

    def __init__(self, compiled: Compiled, month_of_step: Array, *, processes: int | None, slack_price: float) -> None:
        """Cut the problem and hire the workers.

        Args:
            compiled: gives the problem in the model's units, the same whenever asked, or its parts.
            month_of_step: month, 1 to 12, of every step.
            processes: worker processes; the cores there are where not given.
            slack_price: what a slack costs, as a multiple of a typical operating cost.
        """
        self.compiled = compiled
        found = cut_by_parts(compiled, month_of_step, slack_price)
        self.parts: list[LevelPart] = found.parts
        self.blocks: list[Block] = found.blocks
        self.arrays: PlanningArrays = joined(found.planning)
        self._processes = processes
        self._workers: Workers | None = None
        self._starts: dict[int, Statuses] = {}
        del found
        give_back_memory(self.rows)  # before the workers inherit it
        self.master = self._new_master([])

    @property
    def rows(self) -> int:
        """Rows of the problem, over all parts."""
        return sum(one.pieces.lp.shape[0] for one in self.parts)

    @property
    def pieces(self) -> Pieces:
        """How the problem was cut, or its first part, which holds every planning column."""
        return self.parts[0].pieces

    @property
    def units(self) -> ScaledLP:
        """The solver's units of the problem, or of its first part."""
        return self.parts[0].units

    @property
    def derived(self) -> list[DerivedRow]:
        """Planning rows that follow from bounds of operation."""
        return [row for one in self.parts for row in one.derived]

    @property
    def whole(self) -> CompiledLP:
        """The whole problem in the model's units, compiled anew: it is several times the size of its blocks."""
        return self.compiled()

    @property
    def scaled(self) -> ScaledLP:
        """The same in the solver's units."""
        return self.whole.scaled()

    @property
    def workers(self) -> Workers:
        """Who solves the blocks; hired when first asked."""
        if self._workers is None:
            self._workers = hire(self.blocks, self._processes, self._starts)
        return self._workers

    def _new_master(self, cuts: Sequence[HeldCut]) -> Master:
        seen = np.unique(np.concatenate([block.planning for block in self.blocks]))
        master = Master(self.arrays, len(self.blocks), seen)
        master.add(cuts)
        return master

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Name of every planning column."""
        lp = self.pieces.lp
        own = [lp.column_name(int(column)) for column in self.pieces.planning_columns]
        return (*own, *(name for part in self.parts for name in _made_names(part.pieces)))

    # -- start ---------------------------------------------------------------------------------------------------------

    def begin(self, carried: Carried) -> Array:
        """Take over what another solve left: cuts from its paths, its plan, and bases to begin with.

        Returns:
            The plan to start from.
        """
        self.master.from_within = carried.from_within and is_large(self.blocks)
        self._charge_at_least(carried)
        self._starts = {
            n: start_from(carried.bases[block.name], block, self._column_segments(n))
            for n, block in enumerate(self.blocks)
            if block.name in carried.bases
        }
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
        ways, packed = ways_between(tried), packing_for(len(self.blocks))
        for first in range(0, len(having), RECYCLED_AT_ONCE):
            laid = {
                n: [
                    (plausible(block, on(block, path, ways)), start[block.planning])
                    for path in carried.paths[block.name]
                ]
                for n, block in having[first : first + RECYCLED_AT_ONCE]
            }
            for n, cuts in sorted(self.workers.cuts(laid).items()):
                planning = self.blocks[n].planning
                self.master.add(
                    [HeldCut(n, c, planning, packed(pi), at) for c, (pi, at) in zip(cuts, laid[n], strict=True)]
                )

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

    def values_at(self, x: Array) -> Array:
        """Value of every column of planning at a plan, model units; 0 for operation."""
        columns = self.pieces.planning_columns
        values = np.zeros(self.pieces.lp.shape[1])
        values[columns] = x[: len(columns)] * self.units.column_factor[columns]
        return values

    def planned(self, x: Array) -> Callable[[str], Array]:
        """Gives the values of planning variables at a plan by name, model units."""
        values = self.values_at(x)
        return lambda name: self.pieces.lp.values_of(name, values)

    def has_rows_of(self, lp: CompiledLP) -> bool:
        """Whether a problem of one part has the same rows and columns, whatever their numbers."""
        return self.parts[0].has_rows_of(lp)

    def with_planning_rows_of(self, lp: CompiledLP, compiled: Compiled | None = None) -> None:
        """Take the planning rows of a problem of one part that differs in nothing else; all cuts stay.

        Args:
            lp: that problem, in the model's units.
            compiled: gives it again.
        """
        self._plan_anew(compiled or (lambda: lp), [self.parts[0].planning_of(lp)])

    def takes_planning_rows_of(self, compiled: Compiled) -> bool:
        """Take the planning rows of a problem that differs in nothing else, part by part; all cuts stay.

        Returns:
            Whether it has the same rows and columns; if not, nothing is taken.
        """
        planning = []
        for part in self.parts:
            lp = part.compiled(compiled)
            if not part.has_rows_of(lp):
                return False
            planning.append(part.planning_of(lp))
        self._plan_anew(compiled, planning)
        return True

    def _plan_anew(self, compiled: Compiled, planning: Sequence[PlanningArrays]) -> None:
        self.compiled = compiled
        self.arrays = joined(planning)
        before, self.master = self.master, self._new_master(self.master.cuts)
        self.master.from_within = before.from_within

    def charge_more_for_slack(self, factor: float) -> None:
        """Make every slack dearer; cuts stay valid, since they hold for a lower price too."""
        for block in self.blocks:
            block.slack_cost = block.slack_cost * factor
        self.close()

    def leave(self, progress: Progress, *, bases: bool = True) -> Carried:
        """What the next level or scenario can use: the best plan, the paths that held last, and bases if wanted."""
        plan = dict(zip(self.names, progress.best.tolist(), strict=True))
        order = sorted(range(len(self.master.cuts)), key=lambda n: -self.master.cuts[n].idle)
        paths: dict[str, list[Path]] = {}
        for number in order:
            held = self.master.cuts[number]
            block = self.blocks[held.block]
            if held.path.any:
                paths.setdefault(block.name, []).append(Path.of(block, held.path.unpacked()))
        return Carried(
            plan,
            {name: of[-KEPT_PATHS:] for name, of in paths.items()},
            self._bases_by_name() if bases else {},
            self.master.from_within,
        )

    def _bases_by_name(self) -> dict[str, Basis]:
        ended = {} if self._workers is None else self._workers.bases()
        return {
            self.blocks[n].name: Basis.of(self.blocks[n], self._column_segments(n), statuses)
            for n, statuses in ended.items()
        }

    def _column_segments(self, number: int) -> Iterator[Segment]:
        part = next(part for part in self.parts if number in part.blocks)
        lp, keys = part.pieces.lp, part.pieces.keys
        several = bool(keys.joined[number - part.first_block])
        return column_segments(lp, keys, self.blocks[number].columns, joined=several)

    def close(self) -> None:
        """Let the workers go."""
        if self._workers is not None:
            self._workers.close()
            self._workers = None


def _made_names(pieces: Pieces) -> Iterator[str]:
    """Names of the copies and shares of a part."""
    lp, crossings = pieces.lp, pieces.crossings
    for column in crossings.copied:
        of = series_name(lp.columns, lp.column_numbering.full_number(int(column)), joined=True)
        yield f"{LINK}{of} of {pieces.keys.names[pieces.keys.column[column]]}"
    for row, block in zip(crossings.share_row, crossings.share_block, strict=True):
        yield f"{SHARE}{lp.row_name(int(crossings.shared_rows[row]))} of {pieces.keys.names[block]}"
