"""The level method: plans are tried until the best one is proven to be good enough.

    upper bound = true cost of the best plan over all steps
    lower bound = the planning problem with its cuts
    gap         = (upper - lower) / upper
    level       = lower + fraction * (upper - lower)

In each round every block is solved for a plan and gives one cut; the next plan is the one nearest to the best whose
cost, as far as the cuts know, reaches the level. Where a plan costs what the cuts said, they are trusted more and the
fraction falls; where it costs much more, the fraction returns to one half and the next plan stays closer.

Source: the level bundle method, C. Lemarechal, A. Nemirovskii and Y. Nesterov, New variants of bundle methods,
    Mathematical Programming 69, 1995.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from gigasite.foundation.errors import SolverFailure
from gigasite.solve.compiled import Array
from gigasite.solve.decomposed.block import Block
from gigasite.solve.decomposed.cut import cut_of
from gigasite.solve.decomposed.master import Bound, HeldCut, Master
from gigasite.solve.decomposed.packed import packing_for
from gigasite.solve.decomposed.workers import Workers

FRACTION = 0.5
LEAST_FRACTION = 0.02
TRUSTED, DOUBTED = 0.1, 0.5
"""Miss of the cuts, as a share of the distance between the bounds, below which they are trusted and above doubted."""

MOST_ROUNDS = 500
SLACK_LEFT = 1e-6
"""Slack below this, in GW or GWh, is rounding."""

GRACE_ROUNDS, GRACE_SECONDS = 8, 60.0
"""How long a limit waits while every plan so far uses slack, and so is none."""

SLACK_GAP = 0.5
"""Share of the gap within which the cheapest plan must be known before its slack is called too cheap."""

CROSSED = 1e-5
"""Share of the cost by which the lower bound may pass the cost of a plan before one of them must be wrong."""


@dataclass(frozen=True)
class Round:
    """One round of the method: seconds since the start, bounds in million USD, and what it took."""

    seconds: float
    upper: float
    lower: float
    cuts: int
    block_seconds: float
    planning_seconds: float

    @property
    def gap(self) -> float:
        """How far the best plan may be from the cheapest, as a share of its cost."""
        return gap_between(self.lower, self.upper)


@dataclass
class Progress:
    """Where a solve stands.

    Attributes:
        best: the best plan, over all planning columns: the cheapest without slack, or with it where there is none.
        upper: its cost, million USD.
        slack: largest priced slack it uses.
        cheapest: cost of the cheapest plan, slack or not.
        bound: the last planning problem that gave the lower bound.
        lower: no plan costs less.
        rounds: the history.
        stopped: why it ended: `gap`, `slack` (the cheapest plan uses it), `time`, `interrupt` or `rounds`.
    """

    best: Array
    upper: float = np.inf
    slack: float = np.inf
    cheapest: float = np.inf
    bound: Bound | None = None
    lower: float = -np.inf
    rounds: list[Round] = field(default_factory=list)
    stopped: str = ""

    @property
    def gap(self) -> float:
        """How far the best plan may be from the cheapest, as a share of its cost."""
        return gap_between(self.lower, self.upper)

    @property
    def fits(self) -> bool:
        """Whether the best plan uses no slack to speak of, and so is one."""
        return self.slack <= SLACK_LEFT

    def tried(self, x: Array, cost: float, slack: float) -> None:
        """Take a plan as the best one where it is: one without slack before any with it, then the cheaper."""
        self.cheapest = min(self.cheapest, cost)
        if (slack <= SLACK_LEFT, -cost) > (self.fits, -self.upper):
            self.best, self.upper, self.slack = x, cost, slack


def gap_between(lower: float, upper: float) -> float:
    """How far a plan that costs `upper` may be from the cheapest, as a share of its cost."""
    return max(upper - lower, 0.0) / max(abs(upper), 1e-6) if np.isfinite(upper) else np.inf


@dataclass(frozen=True)
class Limits:
    """When to stop.

    Attributes:
        gap: as soon as the gap is this small.
        until: clock (`time.perf_counter`) at which to stop.
        interrupted: asked after every round whether the user wants to stop.
        told: given every round as it ends.
    """

    gap: float = 1e-4
    until: float = np.inf
    interrupted: Callable[[], bool] = lambda: False
    told: Callable[[Round], None] = lambda _: None


def first_cuts(blocks: Sequence[Block], x: Array) -> list[HeldCut]:
    """The cut of no multipliers at all for every block: it costs nothing and keeps theta from below."""
    made = []
    packed = packing_for(len(blocks))
    for number, block in enumerate(blocks):
        none = np.zeros(len(block.row_lower), dtype=np.float32)
        at = x[block.planning]
        made.append(HeldCut(number, cut_of(block, none, at), block.planning, packed(none), at))
    return made


def improve(
    master: Master,
    blocks: Sequence[Block],
    workers: Workers,
    start: Array,
    limits: Limits,
    *,
    rounds: int = MOST_ROUNDS,
) -> Progress:
    """Try plans until the gap is small enough or a limit is reached.

    Args:
        master: the planning problem, with whatever cuts there are.
        blocks: the blocks, for their planning columns.
        workers: who solves them.
        start: the first plan; the nearest one that the planning rows allow is taken.
        limits: when to stop.
        rounds: most rounds.

    Raises:
        InfeasibleScenario: no plan satisfies the planning rows.
        SolverFailure: a block or the planning problem has no answer, or their bounds contradict each other.
    """
    begun = time.perf_counter()
    projected = master.nearest(start)
    state = Progress(master.bound().x if projected is None else projected)
    x, fraction, level = master.completed(state.best), FRACTION, np.inf
    block_seconds, packed = 0.0, packing_for(len(blocks))
    for number in range(rounds):
        asked = time.perf_counter()
        answers = workers.dispatch(x)
        block_seconds += time.perf_counter() - asked
        cost = float(master.arrays.constant + master.arrays.cost @ x + sum(answer.cost for answer in answers))
        fraction = _fraction(fraction, (cost - level) / max(state.cheapest - state.lower, 1e-9))
        state.tried(x, cost, max(answer.slack for answer in answers))
        master.add(
            [
                HeldCut(n, answer.cut, block.planning, packed(answer.multipliers), x[block.planning])
                for n, (block, answer) in enumerate(zip(blocks, answers, strict=True))
            ]
        )
        bound = master.bound()
        if bound.value > state.lower:
            state.lower, state.bound = bound.value, bound
        _refuse_crossed(state)
        spent = time.perf_counter() - begun
        state.rounds.append(
            Round(spent, state.upper, state.lower, len(master.cuts), block_seconds, spent - block_seconds)
        )
        limits.told(state.rounds[-1])
        state.stopped = _reason(state, limits, last=number == rounds - 1)
        if state.stopped:
            return state
        level = state.lower + fraction * (state.cheapest - state.lower)
        nearest = master.nearest(state.best, level)
        master.forget_idle(bound.shares)
        x = bound.x if nearest is None else master.completed(nearest)
    return state


def _fraction(before: float, miss: float) -> float:
    """Where the next level lies between the bounds, by how far the cuts missed the cost of the last plan."""
    if not np.isfinite(miss) or miss > DOUBTED:
        return FRACTION
    return max(LEAST_FRACTION, before * 0.4) if miss < TRUSTED else before


def _refuse_crossed(state: Progress) -> None:
    """A plan cheaper than what no plan undercuts: one of the two numbers is wrong, and so would be the answer."""
    if state.lower - state.cheapest > CROSSED * max(abs(state.cheapest), 1.0):
        raise SolverFailure(
            f"a plan that costs {state.cheapest:,.6g} million USD lies below the lower bound {state.lower:,.6g}; "
            "solve it whole (solve: whole)"
        )


def _reason(state: Progress, limits: Limits, *, last: bool) -> str:
    if state.fits and state.gap <= limits.gap:
        return "gap"
    late = time.perf_counter() - limits.until
    if state.fits or len(state.rounds) >= GRACE_ROUNDS or late >= GRACE_SECONDS:
        if limits.interrupted():
            return "interrupt"
        if late >= 0:
            return "time"
    if gap_between(state.lower, state.cheapest) <= SLACK_GAP * limits.gap:
        return "slack"
    return "rounds" if last else ""
