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
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from gigasite.foundation.errors import InfeasibleScenario, LimitReached, SolverFailure
from gigasite.solve.compiled import Array
from gigasite.solve.decomposed.block import Block
from gigasite.solve.decomposed.master import Master
from gigasite.solve.decomposed.method import improve
from gigasite.solve.decomposed.progress import Limits, Progress, Round
from gigasite.solve.decomposed.workers import Workers

SHARE_OF_GAP = 0.2
"""Gap of the mixed-integer problem as a share of the gap that is open, and never below this share of what is asked."""

HELD_GAP = 1e-3
"""With whole numbers held, the rest is never solved more coarsely than this."""

MOST_TURNS = 60
AGAIN_GAP, MOST_AGAIN = 0.1, 3
"""What the gap of the rest shrinks by when the same whole numbers come back, and how often they may."""

ROUNDS_HELD = 20
NEARLY_WHOLE = 1e-6


def improve_mixed(master: Master, blocks: Sequence[Block], workers: Workers, start: Array, limits: Limits) -> Progress:
    """As `method.improve`, with the whole numbers of planning; a start that has whole numbers is tried first.

    Raises:
        InfeasibleScenario: no plan with whole numbers satisfies the planning rows.
        KeyboardInterrupt: the user stopped before any plan with whole numbers.
        LimitReached: the time limit came before any.
    """
    begun = time.perf_counter()
    fractional = replace(limits, told=lambda one: limits.told(replace(one, upper=np.inf)))
    relaxed = improve(master, blocks, workers, start, fractional)
    history = [replace(one, upper=np.inf) for one in relaxed.rounds]
    state = replace(relaxed, upper=np.inf, cheapest=np.inf, slack=np.inf, rounds=history, stopped="", bound=None)
    known = start if has_whole_numbers(master, start) else None
    numbers, times = known, Counter[bytes]()
    for _ in range(MOST_TURNS):
        state.stopped = _limit(limits)
        if not state.stopped and numbers is None:
            numbers = _next_numbers(master, state, limits, known)
        if numbers is None or state.stopped:
            break
        same = numbers[master.whole_columns].round().tobytes()
        if times[same] > MOST_AGAIN:
            state.stopped = "rounds"
            break
        held = _with_numbers_held(master, blocks, workers, numbers, _held_limits(state, limits, times[same]))
        times[same] += 1
        numbers = None
        if held is None:
            known = None
            continue
        if (held.fits, -held.upper) > (state.fits, -state.upper):
            state.best, state.upper, state.slack, state.bound = held.best, held.upper, held.slack, held.bound
            known = held.best
        state.cheapest = min(state.cheapest, held.cheapest)
        spent, last = time.perf_counter() - begun, held.rounds[-1]
        state.rounds.append(
            Round(spent, state.upper, state.lower, last.cuts, last.block_seconds, last.planning_seconds)
        )
        limits.told(state.rounds[-1])
        if held.stopped in ("interrupt", "time"):
            state.stopped = held.stopped
        if state.gap <= limits.gap:
            state.stopped = "gap" if state.fits else "slack"
        if state.stopped:
            break
    return _with_a_plan(state)


def _limit(limits: Limits) -> str:
    """The limit that has been reached, if any."""
    if limits.interrupted():
        return "interrupt"
    return "time" if time.perf_counter() >= limits.until else ""


def _with_a_plan(state: Progress) -> Progress:
    """A progress that has a plan with whole numbers."""
    state.stopped = state.stopped or "rounds"
    if np.isfinite(state.upper):
        return state
    if state.stopped == "interrupt":
        raise KeyboardInterrupt
    if state.stopped == "time":
        raise LimitReached(
            "the time limit was reached before any plan with whole machines; give it more time (solve: time_limit_s)"
        )
    raise SolverFailure("no plan with whole machines was found, though the planning problem has one")


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
    found = master.mixed(asked, limits.until - time.perf_counter(), known, limits.interrupted)
    if found is None:
        state.stopped = _limit(limits) or "rounds"
        return None
    state.lower = max(state.lower, found[1])
    if state.gap <= limits.gap:
        state.stopped = "gap" if state.fits else "slack"
        state.rounds.append(replace(state.rounds[-1], lower=state.lower))
        limits.told(state.rounds[-1])
        return None
    return found[0]


def _held_limits(state: Progress, limits: Limits, times: int) -> Limits:
    """When the rest of a plan is good enough; better each time the same whole numbers come back."""
    gap = min(max(0.3 * min(state.gap, 1.0), limits.gap / 3), HELD_GAP) * AGAIN_GAP**times
    return replace(limits, gap=gap, told=lambda _: None)


def _with_numbers_held(
    master: Master, blocks: Sequence[Block], workers: Workers, numbers: Array, limits: Limits
) -> Progress | None:
    """The rest of the plan for some whole numbers; None where the planning rows allow none."""
    master.hold(numbers)
    try:
        held = improve(master, blocks, workers, numbers, limits, rounds=ROUNDS_HELD)
    except InfeasibleScenario:
        return None
    finally:
        master.hold(None)
    for cut in held.bound.cuts if held.bound is not None else ():
        cut.pinned = True  # without them these whole numbers would look cheap again
    return held
