"""Solve until a plan agrees with the arrays it was made from.

A few arrays depend on the plan itself: how many machines of a fleet are lost depends on how many there are. They are
taken at a reference, the problem is solved, they are taken again at the plan, and so on until they stay. In the last
passes they only settle: they move to the safe side where the plan counted on more than there is.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from gigasite.formulation.build import build_model
from gigasite.formulation.builder import Builder
from gigasite.formulation.registry import requirements
from gigasite.foundation.errors import InfeasibleScenario, LimitReached
from gigasite.run.explain import explained
from gigasite.run.kinds import Changes, Kind, Plan
from gigasite.run.whole_start import whole_start
from gigasite.solve.compiled import CompiledLP
from gigasite.solve.compiler import Compiler
from gigasite.solve.solution import Solution
from gigasite.solve.whole import SolverOptions, solve_whole
from gigasite.system.quantity import Array, FeatureData
from gigasite.system.system import System

MOST_PASSES = 20
SETTLE_FROM = 6
LEAST_SECONDS = 1e-6

logger = logging.getLogger(__name__)

Step = Callable[[str], None]


@dataclass(frozen=True)
class Solved:
    """A system that agrees with its plan.

    Attributes:
        system: the arrays, as the plan was made from them; of several futures a `Fan`.
        builder: the model's shared sums and costs; of several futures those of each, by name.
        solution: the plan.
    """

    system: Any
    builder: Any
    solution: Solution


def built(system: System) -> tuple[Builder, Callable[[], CompiledLP]]:
    """The model of a system, and what compiles it: that is quick, and its arrays are too large to be kept."""
    builder = build_model(system, traced=True)
    return builder, Compiler(builder.model, builder.maker)


def taken_again_at(system: System, builder: Builder, plan: Plan, settle: bool) -> Changes:
    """Plan-dependent arrays of one system at a plan, as far as they change."""
    capacity = planned_capacity(builder, lambda name: plan.lp.values_of(name, plan.values))
    return taken_again(system, capacity, settle=settle)


ONE = Kind(built, taken_again_at, explained, whole_start)
"""One system, solved for itself."""


def solve_in_agreement(system: Any, options: SolverOptions, step: Step = lambda _: None, *, kind: Kind = ONE) -> Solved:
    """Build and solve a system, again and again until its plan-dependent arrays agree with its plan.

    Args:
        system: the scenario's arrays, or a fan of them.
        options: limits of the solver.
        step: told the name of every stage as it begins.
        kind: which of the two it is.

    Returns:
        The cheapest plan of all passes that counted on no more than there is.
    """
    best: Solved | None = None
    until = None if options.time_limit_s is None else time.perf_counter() + options.time_limit_s
    for number in range(1, MOST_PASSES + 1):
        try:
            solved = _solve_once(system, _within(options, until), step, number, kind)
        except LimitReached:
            if best is None:
                raise
            break
        if solved.solution.status != "optimal":
            break
        agrees = not any(_taken_again(solved, kind, settle=True).values())
        if agrees and (best is None or solved.solution.objective_usd < best.solution.objective_usd):
            best = solved
        changed = _taken_again(solved, kind, settle=number >= SETTLE_FROM)
        if not any(changed.values()):
            break
        for name, arrays in changed.items():
            system = system.with_feature(name, arrays)
        options = replace(options, start=solved.solution)  # only planning rows have changed: its basis is nearly right
    else:
        logger.warning("after %d passes the plan still differs from the arrays it was made with", MOST_PASSES)
    chosen = best or solved
    return replace(chosen, solution=replace(chosen.solution, passes=number))


def _within(options: SolverOptions, until: float | None) -> SolverOptions:
    """Options with what is left of the time limit: it holds for all passes together."""
    if until is None:
        return options
    return replace(options, time_limit_s=max(until - time.perf_counter(), LEAST_SECONDS))


def _solve_once(system: Any, options: SolverOptions, step: Step, number: int, kind: Kind) -> Solved:
    again = "" if number == 1 else f", pass {number}"
    step(f"build{again}")
    begun = time.perf_counter()
    builder, compiled = kind.build(system)
    lp = compiled()
    rows, columns = lp.shape
    step(f"solve {columns:,} columns, {rows:,} rows{again}")
    until = None if options.time_limit_s is None else begun + options.time_limit_s
    if bool(lp.integrality.any()):
        options = replace(options, start=kind.whole_start(lp, builder, options))
    try:
        return Solved(system, builder, solve_whole(lp, _within(options, until)))
    except InfeasibleScenario as without_reason:
        raise kind.explained(lp, system) from without_reason


def planned_capacity(builder: Builder, values: Callable[[str], Array]) -> Mapping[str, Array]:
    """Planned capacity by technology, shape (site, year).

    Args:
        builder: the model's shared sums.
        values: gives the plan's values of a variable by name.
    """
    return {
        term.feature: values(term.variable_name)
        for term in builder.hubs.capacity
        if term.variable_dims == ("site", "year")
    }


def plan_dependent() -> tuple[str, ...]:
    """Requirements whose arrays depend on the plan."""
    return tuple(name for name, requirement in requirements().items() if requirement.refine is not None)


def taken_again(system: System, capacity_mw: Mapping[str, Array], *, settle: bool) -> dict[str, FeatureData]:
    """Plan-dependent arrays at a plan, as far as they change."""
    return {
        name: requirement.refine(system.context, system.features[name], capacity_mw, settle=settle)
        for name, requirement in requirements().items()
        if requirement.refine is not None
    }


def _taken_again(solved: Solved, kind: Kind, *, settle: bool) -> Changes:
    plan = Plan(solved.solution.lp, solved.solution.column_values)
    return kind.taken_again(solved.system, solved.builder, plan, settle)
