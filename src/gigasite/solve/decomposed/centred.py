"""Plans from within: for large problems whose places compete, where the next corner teaches little.

    lower bound   the planning problem with its cuts, by an interior point method stopped early
    next plan     where it stopped: the middle of all plans that the cuts hold to be nearly as good
    stopped at    a tenth of the gap, so that plan and bound are as fine as they need to be

A corner of the planning problem rests on the cuts of a few plans and moves far when one is added, the further the more
places there are; the level method takes small steps for that reason, and more of them the more places there are. The
middle of what is left open moves little, and each cut there halves it: the number of rounds hardly depends on the
number of places. Nearly all of a large plan fits before all of it does; what does not is mended place by place
(`repair`).

Source: J. Gondzio, P. Gonzalez-Brevis and P. Munari, New developments in the primal-dual column generation technique,
    European Journal of Operational Research 224, 2013.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gigasite.solve.compiled import Array
from gigasite.solve.decomposed.block import Block
from gigasite.solve.decomposed.master import Master
from gigasite.solve.decomposed.progress import Clock, Limits, Progress, end_round, gap_between, held_cuts
from gigasite.solve.decomposed.repair import MOST_SHARE, Tried, repaired
from gigasite.solve.decomposed.workers import Workers
from gigasite.solve.solver import FEASIBLE_GW

OF_GAP = 0.1
"""Tolerance of the planning problem as a share of the gap that is open."""

WIDEST, FINEST = 1e-2, 1e-9
"""Widest and finest tolerance."""

BEGUN = 1e-3
"""Tolerance where there are cuts from another solve to begin with."""

HOLDS, IDLE_FOR = 1e-3, 2
"""Share from which a cut holds, and the rounds after which one that does not goes."""

NEARER = 0.9
"""A round brings the bounds nearer where it leaves at most this share of what was open."""

MOST_IN_VAIN = 10
"""Rounds in a row that bring the bounds no nearer, after which small steps are taken instead."""


def improve_centred(
    master: Master,
    blocks: Sequence[Block],
    workers: Workers,
    start: Array,
    limits: Limits,
    known: Progress | None,
    *,
    rounds: int,
) -> Progress:
    """Try plans until the gap is small enough, a limit is reached or rounds bring nothing; see `method.improve`.

    What is known already, from level steps, goes on being counted.

    Returns:
        Where it stands; without a reason to stop where rounds bring nothing.

    Raises:
        InfeasibleScenario: no plan satisfies the planning rows.
        SolverFailure: a block or the planning problem has no answer, or their bounds contradict each other.
    """
    if known is not None:
        first = OF_GAP * gap_between(known.lower, known.cheapest)
    else:
        first = WIDEST if len(master.cuts) <= len(blocks) else min(BEGUN, OF_GAP * limits.gap)
    bound = master.centre(max(FINEST, min(WIDEST, first)))
    state = known or Progress(bound.x, allowed=limits.slack)
    state.raise_to(bound)
    master.forget_idle(bound.shares, holds=HOLDS, after=IDLE_FOR)
    clock, tolerance, open_before, in_vain = Clock.after(state), WIDEST, np.inf, 0
    x = master.completed(start)
    if master.misses(x) > FEASIBLE_GW:
        x = master.inside(bound.x)
    for number in range(rounds):
        with clock.of_blocks():
            tried = Tried.of(master, x, dict(enumerate(workers.dispatch(x))))
        state.tried(x, tried.cost, tried.slack)
        master.add(held_cuts(blocks, tried.answers, x))
        good_enough = gap_between(state.lower, tried.cost) <= limits.gap and not state.is_proven(limits.gap)
        late = not state.fits and limits.reached()  # a plan is wanted now, however long mending takes
        if tried.slack > state.allowed and (good_enough or late):
            most = 1.0 if late else MOST_SHARE
            with clock.of_blocks():
                mended = repaired(master, blocks, workers, tried, state.allowed, most_share=most)
            state.slack_is_dearer()
            if mended is not None:
                state.tried(mended.x, mended.cost, mended.slack)
        still_open = gap_between(state.lower, state.cheapest)
        nearer = still_open <= NEARER * open_before
        if not state.is_proven(limits.gap):  # else the bound it began with proves it
            tolerance = max(FINEST, min(WIDEST, OF_GAP * still_open) if nearer else OF_GAP * tolerance)
            bound = master.centre(tolerance)
            state.raise_to(bound)
        end_round(state, limits, clock, len(master.cuts), last=number == rounds - 1)
        in_vain = 0 if nearer else in_vain + 1
        if state.stopped or in_vain >= MOST_IN_VAIN:
            break
        if nearer:  # forgotten without that, a cut comes back
            master.forget_idle(bound.shares, holds=HOLDS, after=IDLE_FOR)
            open_before = still_open
        x = master.inside(bound.x)
    return state
