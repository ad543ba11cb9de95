"""A plan of many places nearly fits: the few places whose months miss each other are planned again, the rest stays.

Slack is dear, but not as dear as a whole nation's gap allows, so plans within the gap still use a little of it here and
there. The places that do are given their columns back, all others keep theirs; slack is made dearer there, and their
blocks alone are solved until they fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gigasite.solve.compiled import Array
from gigasite.solve.decomposed.block import Block
from gigasite.solve.decomposed.dispatch import Dispatch
from gigasite.solve.decomposed.master import Master
from gigasite.solve.decomposed.progress import held_cuts
from gigasite.solve.decomposed.workers import Workers

MOST_TURNS = 12
DEARER, DEAREST = 10.0, 30.0
"""Slack that is used becomes so many times dearer, up to so many times the dearest hour of its block."""

MOST_SHARE = 0.5
"""Share of the blocks up to which mending is cheaper than another round."""


@dataclass(frozen=True)
class Tried:
    """A plan and the answer of every block.

    Attributes:
        x: the plan.
        planning_cost: its cost without operation, million USD.
        answers: of every block by number.
    """

    x: Array
    planning_cost: float
    answers: dict[int, Dispatch]

    @classmethod
    def of(cls, master: Master, x: Array, answers: dict[int, Dispatch]) -> Tried:
        """A plan with the answers to it."""
        return cls(x, float(master.arrays.constant + master.arrays.cost @ x), answers)

    @property
    def cost(self) -> float:
        """What it costs, million USD."""
        return self.planning_cost + sum(answer.cost for answer in self.answers.values())

    @property
    def slack(self) -> float:
        """Largest slack of a block."""
        return max((answer.slack for answer in self.answers.values()), default=0.0)


def repaired(
    master: Master,
    blocks: Sequence[Block],
    workers: Workers,
    tried: Tried,
    allowed: float,
    *,
    most_share: float = MOST_SHARE,
) -> Tried | None:
    """A plan with less slack, or none; its cuts are taken in. Slack is dearer after it where it was used.

    Args:
        master: the planning problem with the cuts of the plan.
        blocks: all blocks.
        workers: who solves them.
        tried: the plan.
        allowed: slack that is none.
        most_share: share of the blocks that may be planned again.

    Returns:
        The last plan tried; None where so many places use slack that another round is as quick.
    """
    places = _places(blocks)
    mended: set[str] = set()
    for _ in range(MOST_TURNS):
        using = [n for n, answer in tried.answers.items() if answer.slack > allowed]
        if not using:
            break
        workers.charge({n: _dearer(blocks[n]) for n in using})
        mended |= {places[n] for n in using}
        there = [n for n in range(len(blocks)) if places[n] in mended]
        if len(there) > most_share * len(blocks):
            return None
        x = master.within(_free(master, blocks, there), tried.x)
        if x is None:
            return None
        answers = workers.dispatch_some(there, x)
        master.add(held_cuts(blocks, answers, x))
        tried = Tried.of(master, x, {**tried.answers, **answers})
    return tried


def _places(blocks: Sequence[Block]) -> list[str]:
    """The site and year of every block: its name without the month."""
    return [block.name.rpartition("-")[0] for block in blocks]


def _dearer(block: Block) -> Array:
    """Dearer slack of a block that uses it."""
    dearest = DEAREST * float(np.abs(block.cost).max(initial=0.0))
    return np.maximum(block.slack_cost, np.minimum(block.slack_cost * DEARER, dearest))


def _free(master: Master, blocks: Sequence[Block], there: Sequence[int]) -> Array:
    """Planning columns that no block elsewhere sees."""
    seen = np.zeros(len(master.arrays.cost), dtype=bool)
    elsewhere = set(range(len(blocks))) - set(there)
    for n in elsewhere:
        seen[blocks[n].planning] = True
    return np.flatnonzero(~seen)
