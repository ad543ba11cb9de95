"""A first plan with whole machines, near the best one with fractions of them.

A solver that knows nothing of fleets finds its first plans far from the best. So the fractions are taken first; then
each fleet may only change to the pieces beside the one it is in (`lost_machines`), again and again until it stays; and
last the whole numbers are found among those pieces. The plan that comes out is a plan of the whole problem: its cost is
an upper bound, and the search for the best one starts from it.
"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from gigasite.formulation.builder import Builder
from gigasite.formulation.lost_machines import pieces_near
from gigasite.foundation.errors import InfeasibleScenario, LimitReached, SolverFailure
from gigasite.solve.compiled import CompiledLP
from gigasite.solve.solution import Solution
from gigasite.solve.whole import SolverOptions, solve_whole
from gigasite.system.quantity import Array

MOST_STEPS = 12
STAYED = 1e-6
"""Share of the cost by which it still falls when the pieces have settled."""

START_GAP = 0.02
"""A start need not be good: what is left is found by the search that begins there."""

START_SHARE = 0.25
"""Share of the time limit that a start may take, all its steps together."""


def whole_start(lp: CompiledLP, builder: Builder, options: SolverOptions) -> Solution | None:
    """A plan with whole machines to start from; None where there is none, or none was found in time."""
    if not builder.hubs.units.terms:
        return None
    until = None if options.time_limit_s is None else time.perf_counter() + START_SHARE * options.time_limit_s
    limited = replace(options, gap=max(options.gap, START_GAP), start=None)
    fractions = replace(lp, integrality=np.zeros_like(lp.integrality))
    try:
        near = solve_whole(fractions, _within(limited, until))
        for _ in range(MOST_STEPS):
            before = near
            within = replace(fractions, column_upper=_upper_near(lp, builder, before))
            near = solve_whole(within, replace(_within(limited, until), start=before))
            if abs(near.objective_usd - before.objective_usd) <= STAYED * abs(near.objective_usd):
                break
        return solve_whole(replace(lp, column_upper=_upper_near(lp, builder, near)), _within(limited, until))
    except (InfeasibleScenario, LimitReached, SolverFailure):
        return None  # the whole problem will tell


def _within(options: SolverOptions, until: float | None) -> SolverOptions:
    """Options with what is left of the time of a start.

    Raises:
        LimitReached: nothing is left.
    """
    if until is None:
        return options
    left = until - time.perf_counter()
    if left <= 0:
        raise LimitReached("no time is left for a start")
    return replace(options, time_limit_s=left)


def _upper_near(lp: CompiledLP, builder: Builder, plan: Solution) -> Array:
    """Upper bounds that leave the pieces of a plan and those beside them."""
    allowed = np.ones(lp.column_numbering.full_count)
    for name, near in pieces_near(builder, plan.values).items():
        allowed[lp.column_group(name).full] = near.ravel()
    upper: Array = lp.column_upper * lp.column_numbering.take(allowed)
    return upper
