"""A scenario solved decomposed: on daily means, on six-hour means, on hours, each level helped by the one before.

    level      24 -> 6 -> the resolution asked for
    carried    the best plan, multiplier paths, bases of the blocks, and the arrays that depend on the plan (unit loss)

Within a level the problem is solved until the plan agrees with the arrays it was made from, as `agreement` describes;
only planning rows change from pass to pass, so every cut stays. The lower bound of the last level certifies the
answer.
"""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from gigasite.foundation.errors import InfeasibleScenario, LimitReached, SolverFailure
from gigasite.results.rounds import BoundsOfRound
from gigasite.run.agreement import (
    MOST_PASSES,
    ONE,
    SETTLE_FROM,
    Solved,
    Step,
    plan_dependent,
)
from gigasite.run.kinds import Kind, Plan
from gigasite.solve.compiled import USD_PER_MILLION_USD, Array, CompiledLP
from gigasite.solve.decomposed.answer import solution_of
from gigasite.solve.decomposed.level import Carried, Level
from gigasite.solve.decomposed.memory import Memory
from gigasite.solve.decomposed.method import is_large
from gigasite.solve.decomposed.progress import GRACE_SECONDS, Limits, Progress, Round
from gigasite.solve.room import give_back_memory
from gigasite.solve.solution import Solution

FIRST, BETWEEN, WHERE_HARD = 24, (6,), 3
"""Hours of a step at the first level, at those between, and at one more where the one before was hard."""

HARD_ROUNDS = 15
"""Rounds from which a level was hard: yearly rows and ramps. Then rounds on three hours save dearer ones on hours."""

COARSE_GAP = 1e-3
"""Gap at which a coarse level has said what it can."""

ROUGH_GAP = 5e-3
"""Gap at which a large problem's first plans have shown how many machines they lose."""

SLACK_PRICE = 30.0
"""Price of slack between blocks at first, as a multiple of a typical operating cost."""

SETTLE_LATER = 2
"""Pass from which arrays only settle where a coarser level has agreed on them before."""

SLACK_DEARER = 10.0
MOST_RAISES = 4
ROUNDING = 1e-9

logger = logging.getLogger(__name__)

SystemAt = Callable[[int], Any]
"""The scenario's arrays at a resolution, or a fan of them."""


@dataclass(frozen=True)
class LevelOptions:
    """What a scenario may say about a decomposed solve.

    Attributes:
        gap: gap that ends the last level.
        time_limit_s: longest time, seconds; the best plan until then is the answer.
        processes: worker processes; the cores there are where not given.
        told: given every round, with the resolution it belongs to.
    """

    gap: float = 1e-4
    time_limit_s: float | None = None
    processes: int | None = None
    told: Callable[[int, Round], None] = lambda *_: None


@dataclass(frozen=True)
class _Attempt:
    """A plan at one level: its problem, how good it is, its pass, how many there were, whether arrays bent in any."""

    system: Any
    builder: Any
    level: Level
    compiled: Callable[[], CompiledLP]
    progress: Progress
    of_pass: int
    passes: int
    bent: bool = False


def resolutions_up_to(resolution_h: int) -> tuple[int, ...]:
    """Levels on the way to a resolution, coarse first."""
    return (*(width for width in (FIRST, *BETWEEN) if width > resolution_h), resolution_h)


def _levels_needed(resolution_h: int, memory: Memory | None, system_at: SystemAt) -> tuple[int, ...]:
    """Levels on the way; the first and the last are enough where the last one is known from another solve.

    The first stays: passes of the unit loss settle there, and would settle elsewhere without it.
    """
    widths = resolutions_up_to(resolution_h)
    if memory is None or len(widths) < len((FIRST, *BETWEEN)):
        return widths
    system = system_at(resolution_h)
    futures = [one.name for one in getattr(system, "futures", ())]
    known = memory.knows(resolution_h, system.sites, system.years, futures)
    return (widths[0], widths[-1]) if known else widths


def solve_by_levels(
    system_at: SystemAt,
    resolution_h: int,
    options: LevelOptions,
    *,
    memory: Memory | None = None,
    step: Step = lambda _: None,
    kind: Kind = ONE,
) -> tuple[Solved, list[BoundsOfRound]]:
    """Solve a scenario level by level.

    Args:
        system_at: gives the scenario's arrays at a resolution.
        resolution_h: the resolution asked for.
        options: gap and limits.
        memory: what earlier solves left at each resolution; this one adds to it.
        step: told the name of every stage as it begins.
        kind: whether that is one system or several futures.

    Returns:
        The plan with its operation and prices, and the bounds round by round.

    Raises:
        InfeasibleScenario: no plan satisfies the planning rows, or none avoids a priced slack.
    """
    begun = time.perf_counter()
    until = float("inf") if options.time_limit_s is None else begun + options.time_limit_s
    history: list[BoundsOfRound] = []
    agreed: Any = None
    bends = True
    left = Carried()
    with _listening() as interrupted:
        widths = list(_levels_needed(resolution_h, memory, system_at))
        while widths:
            width = widths.pop(0)
            last = not widths
            if left.plan and not last and (interrupted() or time.perf_counter() >= until + GRACE_SECONDS):
                continue  # what time there is belongs to the level that is asked for
            story = _Story(history, options, width, begun)
            limits = Limits(
                gap=options.gap if last else max(COARSE_GAP, options.gap),
                until=until,
                interrupted=interrupted,
                told=story.told,
            )
            known = None if memory is None else memory.recall(width)
            if known is not None:
                left = left.beside(known)
            system = _agreeing(system_at(width), agreed)
            settle_from = SETTLE_FROM if agreed is None else SETTLE_LATER
            attempt = _solve_level(system, limits, story, left, step, settle_from, kind, last=last, bends=bends)
            bends = attempt.bent
            try:
                if memory is not None or not last:
                    left = attempt.level.leave(attempt.progress)
                if memory is not None:
                    memory.keep(width, left)
                agreed = attempt.system
                hard = story.rounds_of(attempt.of_pass) >= HARD_ROUNDS
                if hard and width == BETWEEN[-1] and resolution_h < WHERE_HARD:
                    widths.insert(0, WHERE_HARD)
                if last:
                    step("put the hours together")
                    solution = _solution(attempt, time.perf_counter() - begun, options.gap)
                    answer = Solved(attempt.system, attempt.builder, solution), story.ending_in(attempt)
            finally:
                attempt.level.close()
            rows = attempt.level.rows
            del attempt  # its arrays make room for those of the next level, or for tables
            give_back_memory(rows)
            if last:
                return answer
    raise AssertionError("the last level returns")


def _agreeing(system: Any, agreed: Any) -> Any:
    """A system with the plan-dependent arrays another resolution has agreed on."""
    if agreed is None:
        return system
    for name in plan_dependent():
        system = system.with_feature(name, agreed.features[name])
    return system


@dataclass
class _Story:
    """Writes down the rounds of a level, pass by pass, and tells them."""

    rounds: list[BoundsOfRound]
    options: LevelOptions
    width: int
    begun: float
    of_pass: int = 1

    def told(self, one: Round) -> None:
        """Take a round in."""
        spent, million = time.perf_counter() - self.begun, USD_PER_MILLION_USD
        self.rounds.append(
            BoundsOfRound(self.width, self.of_pass, spent, one.upper * million, one.lower * million, one.cuts)
        )
        self.options.told(self.width, one)

    def rounds_of(self, of_pass: int) -> int:
        """How many rounds a pass of this level took, those before slack was made dearer too."""
        return sum((one.resolution_h, one.of_pass) == (self.width, of_pass) for one in self.rounds)

    def ending_in(self, attempt: _Attempt) -> list[BoundsOfRound]:
        """All rounds, those of the answer marked."""
        own = (self.width, attempt.of_pass)
        return [one._replace(of_answer=(one.resolution_h, one.of_pass) == own) for one in self.rounds]


def _solve_level(
    system: Any,
    limits: Limits,
    story: _Story,
    carried: Carried,
    step: Step,
    settle_from: int,
    kind: Kind,
    *,
    last: bool,
    bends: bool,
) -> _Attempt:
    """Solve one resolution until plan and arrays agree; the cheapest plan that counts on no more than there is.

    Where the resolution before had no arrays that bend with the plan, no rough plan is needed to take them at.
    """
    width, processes = system.context.time.resolution_h, story.options.processes
    step(f"build {_words(width)}")
    builder, compiled = kind.build(system)
    level = Level(compiled, system.context.time.month, processes=processes, slack_price=SLACK_PRICE)
    step(f"solve {_words(width)}: {len(level.blocks):,} months, {level.rows:,} rows")
    best: _Attempt | None = None
    bent = False
    try:
        start = level.begin(carried)
        carried.paths.clear()  # they are cuts now
        carried.bases.clear()
        large = is_large(level.blocks)
        rough_before = settle_from if large and bends else 0
        for number in range(1, MOST_PASSES + 1):
            story.of_pass, rough = number, number < rough_before
            asked = limits.roughly(ROUGH_GAP) if rough else limits
            progress = _without_slack(level, start, asked, on_the_way=width != FIRST and not last)
            attempt = _Attempt(system, builder, level, compiled, progress, number, number)
            plan = Plan(level.pieces.lp, level.values_at(progress.best))
            ended = progress.stopped != "gap"
            if not rough:
                agrees = not any(kind.taken_again(system, builder, plan, True).values())
                if agrees and (best is None or _is_better(progress, best.progress)):
                    best = attempt
                if (not last and (ended or large)) or (ended and agrees):
                    break  # on the way up a large problem need not agree to the last machine
            settle = not rough and (ended or number >= settle_from)
            changed = {} if rough and ended else kind.taken_again(system, builder, plan, settle)
            if not any(changed.values()):
                if not rough:
                    break
                rough_before, start = 0, progress.best  # it is solved out
                continue
            bent = True
            for name, arrays in changed.items():
                system = system.with_feature(name, arrays)
            builder, compiled = kind.build(system)
            level, start = _with_planning_rows_of(compiled, level, progress, system, processes)
        else:
            if last:
                logger.warning("after %d passes the plan still differs from the arrays it was made with", MOST_PASSES)
        return replace(best or attempt, passes=number, bent=bent)
    except InfeasibleScenario as without_reason:
        level.close()
        raise kind.explained(compiled(), system) from without_reason
    except BaseException:
        level.close()
        raise


def _is_better(one: Progress, other: Progress) -> bool:
    """Whether one plan is better than another: without slack before with it, then the cheaper."""
    return (one.fits, -one.upper) > (other.fits, -other.upper)


def _with_planning_rows_of(
    compiled: Callable[[], CompiledLP], level: Level, progress: Progress, system: Any, processes: int | None
) -> tuple[Level, Array]:
    """The level with other planning rows, and where to start; cut anew in the rare case that rows came or went."""
    if level.takes_planning_rows_of(compiled):
        return level, progress.best
    left = level.leave(progress)
    level.close()
    anew = Level(compiled, system.context.time.month, processes=processes, slack_price=SLACK_PRICE)
    return anew, anew.begin(left)


def _without_slack(level: Level, start: Array, limits: Limits, *, on_the_way: bool) -> Progress:
    """Improve, and again with dearer slack while the cheapest plan uses any."""
    progress = level.improve(start, limits, on_the_way=on_the_way)
    for _ in range(MOST_RAISES):
        if progress.stopped != "slack":
            break
        level.charge_more_for_slack(SLACK_DEARER)
        progress = level.improve(progress.best, limits, on_the_way=on_the_way)
    return progress


def _solution(attempt: _Attempt, seconds: float, gap: float) -> Solution:
    """The answer of the last level; its status says what its own numbers hold."""
    level, progress = attempt.level, attempt.progress
    _refuse_leftover_slack(progress)
    level.compiled = attempt.compiled
    status = {"gap": "optimal", "interrupt": "interrupted"}.get(progress.stopped, "limit")
    found = solution_of(level, progress, seconds=seconds, status=status, keep_blocks=False)
    if status == "optimal" and found.gap > gap + ROUNDING:
        logger.warning("put together, the hours prove a gap of %.1e only", found.gap)
        found = replace(found, status="limit")
    return replace(found, passes=attempt.passes)


def _refuse_leftover_slack(progress: Progress) -> None:
    """A plan whose months do not fit together is no answer."""
    if progress.fits:
        return
    if progress.stopped == "interrupt":
        raise KeyboardInterrupt
    if progress.stopped == "time":
        raise LimitReached(
            "the time limit was reached before the months of any plan fitted together; give it more time "
            "(solve: time_limit_s)"
        )
    raise SolverFailure(
        f"the months of the best plan miss what they share by {progress.slack:.2g} GW or GWh, however dear that is; "
        "solve it whole (solve: whole)"
    )


def _words(width: int) -> str:
    return {1: "hours", 24: "daily means"}.get(width, f"{width}-hour means")


@contextmanager
def _listening() -> Iterator[Callable[[], bool]]:
    """Take the first Ctrl-C as a wish to stop with the best plan so far; the second ends at once."""
    if threading.current_thread() is not threading.main_thread():
        yield lambda: False
        return
    came: list[int] = []

    def heard(number: int, _: object) -> None:
        came.append(number)
        if len(came) > 1:
            raise KeyboardInterrupt
        logger.warning("stopping with the best plan so far; press Ctrl-C again to end at once")

    def wished() -> bool:
        if len(came) > 1:  # it was raised where it could not be heard
            raise KeyboardInterrupt
        return bool(came)

    before = signal.signal(signal.SIGINT, heard)
    try:
        yield wished
    finally:
        signal.signal(signal.SIGINT, before)
