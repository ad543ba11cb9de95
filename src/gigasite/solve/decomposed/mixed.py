"""Whole machines: the planning problem becomes a mixed-integer one, and the gap stays certified.

    1  solved with fractions, to its gap
    2  the planning problem with its cuts and whole numbers: its best bound is the lower bound
    3  its whole numbers held, level steps on the rest: the true cost is an upper bound, and there are new cuts
    2 and 3 again until the bounds meet

Rounding is no answer: a plan counts only with its true cost over all steps, a bound only if it is that of the
mixed-integer problem. Prices are those of the linear problem with the whole numbers held.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from gigasite.foundation.errors import InfeasibleScenario
from gigasite.solve.compiled import Array
from gigasite.solve.decomposed.block import Block
from gigasite.solve.decomposed.master import Master
from gigasite.solve.decomposed.method import Limits, Progress, Round, improve
from gigasite.solve.decomposed.workers import Workers

SHARE_OF_GAP = 0.2
"""Gap of the mixed-integer problem as a share of the gap that is open, and never below this share of what is asked."""

HELD_GAP = 1e-3
"""With whole numbers held, the rest is never solved more coarsely than this."""

MOST_TURNS = 60
ROUNDS_HELD = 20
NEARLY_WHOLE = 1e-6


def improve_mixed(master: Master, blocks: Sequence[Block], workers: Workers, start: Array, limits: Limits) -> Progress:
    """As `method.improve`, with the whole numbers of planning; a start that has whole numbers is tried first."""
    begun = time.perf_counter()
    relaxed = improve(master, blocks, workers, start, limits)
    state = replace(relaxed, upper=np.inf, rounds=list(relaxed.rounds), stopped="", bound=None)
    known = start if has_whole_numbers(master, start) else None
    tried = known
    for _ in range(MOST_TURNS):
        if tried is None:
            tried = _next_numbers(master, state, limits, known)
            if tried is None:
                return state
        held = _with_numbers_held(master, blocks, workers, tried, state, limits)
        tried = None
        if held is None:
            known = None
            continue
        if held.upper < state.upper:
            state.best, state.upper, state.slack, state.bound = held.best, held.upper, held.slack, held.bound
            known = held.best
        spent, last = time.perf_counter() - begun, held.rounds[-1]
        state.rounds.append(
            Round(spent, state.upper, state.lower, last.cuts, last.block_seconds, last.planning_seconds)
        )
        limits.told(state.rounds[-1])
        if state.gap <= limits.gap:
            state.stopped = "gap"
        elif held.stopped in ("interrupt", "time"):
            state.stopped = held.stopped
        if state.stopped:
            return state
    state.stopped = "rounds"
    return state


def has_whole_numbers(master: Master, x: Array) -> bool:
    """Whether a plan has whole numbers where it should, and any at all."""
    numbers = x[master.whole_columns]
    return bool(numbers.any() and (np.abs(numbers - np.round(numbers)) < NEARLY_WHOLE).all())


def improve_on_the_way(
    master: Master, blocks: Sequence[Block], workers: Workers, start: Array, limits: Limits
) -> Progress:
    """As `method.improve`, at a level between the first and the last: whole numbers stay as they are found."""
    if not has_whole_numbers(master, start):
        return improve(master, blocks, workers, start, limits)
    master.hold(start)
    try:
        return improve(master, blocks, workers, start, limits)
    except InfeasibleScenario:
        master.hold(None)
        return improve(master, blocks, workers, start, limits)
    finally:
        master.hold(None)


def _next_numbers(master: Master, state: Progress, limits: Limits, known: Array | None) -> Array | None:
    """The best whole numbers as far as the cuts know, and a better lower bound; None where that is the end."""
    asked = SHARE_OF_GAP * max(SHARE_OF_GAP * min(state.gap, 1.0), limits.gap)
    found = master.mixed(asked, limits.until - time.perf_counter(), known)
    if found is None:
        state.stopped = "time"
        return None
    state.lower = max(state.lower, found[1])
    if state.gap <= limits.gap:
        state.stopped = "gap"
        state.rounds.append(replace(state.rounds[-1], lower=state.lower))
        limits.told(state.rounds[-1])
        return None
    return found[0]


def _with_numbers_held(
    master: Master, blocks: Sequence[Block], workers: Workers, numbers: Array, state: Progress, limits: Limits
) -> Progress | None:
    """The rest of the plan for some whole numbers; None where the planning rows allow none."""
    gap = min(max(0.3 * min(state.gap, 1.0), limits.gap / 3), HELD_GAP)
    master.hold(numbers)
    try:
        held = improve(
            master, blocks, workers, numbers, replace(limits, gap=gap, told=lambda _: None), rounds=ROUNDS_HELD
        )
    except InfeasibleScenario:
        return None
    finally:
        master.hold(None)
    for cut in held.bound.cuts if held.bound is not None else ():
        cut.pinned = True  # without them these whole numbers would look cheap again
    return held
