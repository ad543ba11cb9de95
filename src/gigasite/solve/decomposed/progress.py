"""Where a decomposed solve stands: its rounds, its best plan, its bounds, and what ends it.

upper bound = true cost of the best plan over all steps
lower bound = the planning problem with its cuts
gap         = (upper - lower) / upper
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import numpy as np

from gigasite.foundation.errors import SolverFailure
from gigasite.solve.compiled import Array
from gigasite.solve.decomposed.block import Block
from gigasite.solve.decomposed.dispatch import Dispatch
from gigasite.solve.decomposed.held import HeldCut
from gigasite.solve.decomposed.master import Bound
from gigasite.solve.decomposed.packed import packing_for

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
        allowed: slack that a plan may use.
    """

    best: Array
    upper: float = np.inf
    slack: float = np.inf
    cheapest: float = np.inf
    bound: Bound | None = None
    lower: float = -np.inf
    rounds: list[Round] = field(default_factory=list)
    stopped: str = ""
    allowed: float = SLACK_LEFT

    @property
    def gap(self) -> float:
        """How far the best plan may be from the cheapest, as a share of its cost."""
        return gap_between(self.lower, self.upper)

    @property
    def fits(self) -> bool:
        """Whether the best plan uses no slack to speak of, and so is one."""
        return self.slack <= self.allowed

    def is_proven(self, gap: float) -> bool:
        """Whether the best plan is one, and near enough to the cheapest."""
        return self.fits and self.gap <= gap

    def tried(self, x: Array, cost: float, slack: float) -> None:
        """Take a plan as the best one where it is: one without slack before any with it, then the cheaper."""
        self.cheapest = min(self.cheapest, cost)
        if (slack <= self.allowed, -cost) > (self.fits, -self.upper):
            self.best, self.upper, self.slack = x, cost, slack

    def raise_to(self, bound: Bound) -> None:
        """Take a lower bound where it is higher."""
        if bound.value > self.lower:
            self.lower, self.bound = bound.value, bound

    def slack_is_dearer(self) -> None:
        """Forget what plans with slack cost before."""
        if not self.fits:
            self.upper = self.slack = np.inf
        self.cheapest = self.upper


@dataclass
class Clock:
    """Seconds since rounds began, and how many of them blocks took."""

    begun: float
    block_seconds: float = 0.0

    @classmethod
    def after(cls, state: Progress) -> Clock:
        """A clock that goes on where earlier rounds ended."""
        last = state.rounds[-1] if state.rounds else None
        now = time.perf_counter()
        return cls(now) if last is None else cls(now - last.seconds, last.block_seconds)

    @contextmanager
    def of_blocks(self) -> Iterator[None]:
        """Counts what is done under it as time of blocks."""
        asked = time.perf_counter()
        yield
        self.block_seconds += time.perf_counter() - asked


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
        slack: slack that a plan may use, GW or GWh.
    """

    gap: float = 1e-4
    until: float = np.inf
    interrupted: Callable[[], bool] = lambda: False
    told: Callable[[Round], None] = lambda _: None
    slack: float = SLACK_LEFT

    def reached(self) -> bool:
        """Whether the time is over, or the user wants to stop."""
        return self.interrupted() or time.perf_counter() >= self.until

    def roughly(self, gap: float) -> Limits:
        """For a plan that only has to show where it leads: to a wider gap, with whatever slack it uses."""
        return replace(self, gap=max(self.gap, gap), slack=np.inf)


def held_cuts(blocks: Sequence[Block], answers: Mapping[int, Dispatch], x: Array) -> list[HeldCut]:
    """The cut of every answer of some blocks at a plan, with what it was made from."""
    packed = packing_for(len(blocks))
    return [
        HeldCut(n, answer.cut, blocks[n].planning, packed(answer.multipliers), x[blocks[n].planning])
        for n, answer in answers.items()
    ]


def end_round(state: Progress, limits: Limits, clock: Clock, cuts: int, *, last: bool) -> None:
    """Write a round down, tell it, and say why the solve ends with it where it does.

    Raises:
        SolverFailure: the bounds contradict each other.
    """
    refuse_crossed(state)
    spent = time.perf_counter() - clock.begun
    state.rounds.append(Round(spent, state.upper, state.lower, cuts, clock.block_seconds, spent - clock.block_seconds))
    limits.told(state.rounds[-1])
    state.stopped = reason_to_stop(state, limits, last=last)


def refuse_crossed(state: Progress) -> None:
    """A plan cheaper than what no plan undercuts: one of the two numbers is wrong, and so would be the answer."""
    if state.lower - state.cheapest > CROSSED * max(abs(state.cheapest), 1.0):
        raise SolverFailure(
            f"a plan that costs {state.cheapest:,.6g} million USD lies below the lower bound {state.lower:,.6g}; "
            "solve it whole (solve: whole)"
        )


def reason_to_stop(state: Progress, limits: Limits, *, last: bool) -> str:
    """Why a solve ends here; empty where it goes on."""
    if state.is_proven(limits.gap):
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
