"""Plans are tried until the best one is proven to be good enough: by level steps, where these are too many from within.

    upper bound = true cost of the best plan over all steps
    lower bound = the planning problem with its cuts
    gap         = (upper - lower) / upper
    level       = lower + fraction * (upper - lower)

In each round every block is solved for a plan and gives one cut. By level steps the next plan is the one nearest to the
best whose cost, as far as the cuts know, reaches the level. Where a plan costs what the cuts said, they are trusted
more and the fraction falls; where it costs much more, the fraction returns to one half and the next plan stays closer.
How many steps there are depends on the places that compete for the same demand, rather than on the size: a large
problem shows by its first ones whether it is to go on from within (`centred`).

Source: the level bundle method, C. Lemarechal, A. Nemirovskii and Y. Nesterov, New variants of bundle methods,
    Mathematical Programming 69, 1995.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gigasite.solve.compiled import Array
from gigasite.solve.decomposed.block import Block
from gigasite.solve.decomposed.centred import improve_centred
from gigasite.solve.decomposed.cut import cut_of
from gigasite.solve.decomposed.held import HeldCut
from gigasite.solve.decomposed.master import Master
from gigasite.solve.decomposed.packed import packing_for
from gigasite.solve.decomposed.progress import Clock, Limits, Progress, end_round, gap_between, held_cuts
from gigasite.solve.decomposed.workers import Workers

FRACTION = 0.5
LEAST_FRACTION = 0.02
TRUSTED, DOUBTED = 0.1, 0.5
"""Miss of the cuts, as a share of the distance between the bounds, below which they are trusted and above doubted."""

MOST_ROUNDS = 500

CENTRED_FROM = 600
"""Blocks from which plans may come from within (`centred`): decision 16."""

STEPS_TRIED, FAR, NEARER = 8, 2e-2, 0.25
"""Level steps after which a large problem goes on from within where its bounds are still so far apart; and the share of
that after as many steps again."""


def is_large(blocks: Sequence[Block]) -> bool:
    """Whether a problem has so many blocks that its plans may come from within."""
    return len(blocks) >= CENTRED_FROM


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
        master: the planning problem, with whatever cuts there are; says whether its plans come from within, and is told
            where they are to from now on.
        blocks: the blocks, for their planning columns.
        workers: who solves them.
        start: the first plan; the nearest one that the planning rows allow is taken.
        limits: when to stop.
        rounds: most rounds.

    Raises:
        InfeasibleScenario: no plan satisfies the planning rows.
        SolverFailure: a block or the planning problem has no answer, or their bounds contradict each other.
    """
    state = None
    if is_large(blocks):
        if not master.from_within:
            state = _by_levels(master, blocks, workers, start, limits, None, rounds, steps_tried=STEPS_TRIED)
            if state.stopped == "rounds" or (state.stopped and state.fits):
                return state
            start, master.from_within = state.best, not state.stopped  # else the last plan only needs mending
        state = improve_centred(master, blocks, workers, start, limits, state, rounds=_left(rounds, state))
        if state.stopped:
            return state
        start = state.best  # small steps, where the middle of what is left open taught too little
    return _by_levels(master, blocks, workers, start, limits, state, _left(rounds, state))


def _left(rounds: int, state: Progress | None) -> int:
    """Rounds that are left, one at least."""
    return rounds if state is None else max(1, rounds - len(state.rounds))


def _by_levels(
    master: Master,
    blocks: Sequence[Block],
    workers: Workers,
    start: Array,
    limits: Limits,
    known: Progress | None,
    rounds: int,
    *,
    steps_tried: int | None = None,
) -> Progress:
    """Level steps from a start; what is known of it already goes on being counted.

    Returns:
        Where it stands; without a reason to stop where the steps tried left the bounds far apart.
    """
    projected = master.nearest(start)
    state = known or Progress(master.bound().x if projected is None else projected, allowed=limits.slack)
    x, fraction, level = master.completed(state.best if projected is None else projected), FRACTION, np.inf
    clock = Clock.after(state)
    for number in range(rounds):
        with clock.of_blocks():
            answers = workers.dispatch(x)
        cost = float(master.arrays.constant + master.arrays.cost @ x + sum(answer.cost for answer in answers))
        fraction = _fraction(fraction, (cost - level) / max(state.cheapest - state.lower, 1e-9))
        state.tried(x, cost, max(answer.slack for answer in answers))
        master.add(held_cuts(blocks, dict(enumerate(answers)), x))
        bound = master.bound()
        state.raise_to(bound)
        end_round(state, limits, clock, len(master.cuts), last=number == rounds - 1)
        if state.stopped or _is_far(state, number + 1, steps_tried):
            return state
        level = state.lower + fraction * (state.cheapest - state.lower)
        nearest = master.nearest(state.best, level)
        master.forget_idle(bound.shares)
        x = bound.x if nearest is None else master.completed(nearest)
    return state


def _is_far(state: Progress, steps: int, tried: int | None) -> bool:
    """Whether the bounds are so far apart after the steps tried, or a multiple of them, that more would be too many."""
    if tried is None or steps % tried:
        return False
    return bool(gap_between(state.lower, state.cheapest) > FAR * NEARER ** (steps / tried - 1.0))


def _fraction(before: float, miss: float) -> float:
    """Where the next level lies between the bounds, by how far the cuts missed the cost of the last plan."""
    if not np.isfinite(miss) or miss > DOUBTED:
        return FRACTION
    return max(LEAST_FRACTION, before * 0.4) if miss < TRUSTED else before
