"""Several futures solved together: a model for each, arrays merged, plan-dependent arrays taken again for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from gigasite.formulation.build import build_model
from gigasite.formulation.builder import Builder
from gigasite.formulation.commitments import Mask, committed
from gigasite.foundation.errors import InfeasibleScenario, Problem
from gigasite.run.agreement import built, plan_dependent, planned_capacity, taken_again
from gigasite.run.explain import explained
from gigasite.run.kinds import Changes, Kind, Plan
from gigasite.solve.compiled import Array, CompiledLP
from gigasite.solve.fan import Merged, Part, common_columns, held_to, merge, values_in
from gigasite.solve.plain import compile_model
from gigasite.solve.whole import SolverOptions, solve_whole
from gigasite.system.futures import Fan
from gigasite.system.system import System

if TYPE_CHECKING:
    from gigasite.solve.solution import Solution


@dataclass(frozen=True)
class Models:
    """The models of all futures, by name."""

    fan: Fan
    builders: Mapping[str, Builder]

    def merged(self) -> Merged:
        """The problem of all futures, compiled anew."""
        refined = plan_dependent()
        undivided = self.fan.undivided_years(refined)
        binding, parts = self.binding(), []
        for one in self.fan.futures:
            builder = self.builders[one.name]
            lp = compile_model(builder.model, builder.maker)
            parts.append(Part(one.name, one.probability, lp, common_columns(lp, binding, undivided)))
        return merge(parts, apart=refined)

    def binding(self) -> dict[str, Mask]:
        """Of every variable that binds, what is decided before the futures part in any of them, and so in all.

        Futures may differ in how long an order takes. What one of them has to order before it is known is ordered, or
        not, in every one: until then nobody can tell them apart.
        """
        found: dict[str, Mask] = {}
        for one in self.fan.futures:
            for name, mask in committed(self.builders[one.name], self.fan.known_in, by_order=self.fan.by_order).items():
                found[name] = mask | found[name] if name in found else mask
        return found


def built_fan(fan: Fan) -> tuple[Models, Callable[[], CompiledLP]]:
    """The models of a fan, and what compiles them into one problem."""
    models = Models(fan, {one.name: build_model(one.system, traced=True) for one in fan.futures})
    return models, lambda: models.merged().lp


def taken_again_in_each(fan: Fan, models: Models, plan: Plan, settle: bool) -> Changes:
    """Plan-dependent arrays of every future at its part of a plan, as far as they change."""
    found: dict[str, dict[str, object]] = {}
    for one in fan.futures:
        seen = partial(values_in, plan.lp, one.name, x=plan.values)
        capacity = planned_capacity(models.builders[one.name], seen)
        for name, arrays in taken_again(one.system, capacity, settle=settle).items():
            if arrays:
                found.setdefault(name, {})[one.name] = arrays
    return found


def explained_fan(_lp: CompiledLP, fan: Fan) -> InfeasibleScenario:
    """Why futures have no plan together: one has none by itself, or what they share does not suit them all."""
    problems: list[Problem] = []
    for one in fan.futures:
        reason = _why_alone(one.system)
        if reason is not None:
            problems.append(Problem(f"the future {one.name} has no plan, even by itself"))
            problems.extend(reason.problems)
    if problems:
        return InfeasibleScenario(problems)
    message = f"each future has a plan by itself, but none of what is decided before {fan.known_in} suits them all"
    remedy = "move `known_in` earlier, or let capacity before it be chosen freely"
    return InfeasibleScenario(Problem(message, remedy=remedy))


def _why_alone(system: System) -> InfeasibleScenario | None:
    _, compiled = built(system)
    lp = compiled()
    try:
        solve_whole(lp)
    except InfeasibleScenario:
        return explained(lp, system)
    return None


def _no_start(_lp: CompiledLP, _models: Models, _options: SolverOptions) -> Solution | None:
    return None


def following(plan: Mapping[str, Array]) -> Kind:
    """Futures solved together with what is decided before they part held to a plan.

    Args:
        plan: value of every variable that is held, by name, over its sets.
    """

    def build(fan: Fan) -> tuple[Models, Callable[[], CompiledLP]]:
        models, compiled = built_fan(fan)
        return models, lambda: held_to(compiled(), plan)

    def explained_not(_lp: CompiledLP, _fan: Fan) -> InfeasibleScenario:
        return InfeasibleScenario("a future has no plan that begins like the one that is followed")

    return Kind(build, taken_again_in_each, explained_not, _no_start)


FAN = Kind(built_fan, taken_again_in_each, explained_fan, _no_start)
"""Futures of one scenario, solved together."""
