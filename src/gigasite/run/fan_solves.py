"""Every solve that a scenario with futures takes: all together, each alone, and after the plan of one of them.

A rule that bends (machines lost) stands in each problem by straight lines taken at a plan, so what one solve finds may
be undercut by another that took its lines elsewhere. So the best of them is the answer: a future costs no more, known
from the start, than its part of the fan, which is a plan for it too; and where the plan for one future, followed by
all, costs less than the plan for all, the futures are solved together once more from the lines of that plan.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from gigasite.formulation.commitments import ordered
from gigasite.foundation.errors import InfeasibleScenario, LimitReached, SolverFailure
from gigasite.inputs.load import LoadedScenario
from gigasite.results.fan import has_vintages, in_life_mw
from gigasite.results.outcome import Outcome
from gigasite.results.rounds import BoundsOfRound
from gigasite.run.agreement import Solved, plan_dependent, solve_in_agreement
from gigasite.run.by_levels import LevelOptions, solve_by_levels
from gigasite.run.fan_inputs import assemble_fan
from gigasite.run.fan_kind import FAN, following
from gigasite.run.kinds import Kind
from gigasite.run.solve_run import Stages, decomposes, refuse_slack, solve_system
from gigasite.solve.decomposed.memory import Memory
from gigasite.solve.whole import SolverOptions
from gigasite.system.futures import Fan
from gigasite.system.quantity import Array

SAME_COST = 1e-4
"""Share of the cost by which two plans may differ and count as equally good."""

Log = Callable[[str], None]
Bounds = list[BoundsOfRound]


@dataclass(frozen=True)
class Known:
    """What a future would cost, and have, known from the start; nothing where that was not solved.

    Attributes:
        cost_usd: cost of the best plan found for it, its part of the fan among them.
        bound_usd: what no plan for it undercuts, as far as its own solve proved it.
        capacity_mw: what that plan has, by technology.
    """

    cost_usd: float = float("nan")
    bound_usd: float = float("-inf")
    capacity_mw: Mapping[str, Array] = field(default_factory=dict)


@dataclass(frozen=True)
class Alone:
    """A future as if it had been known from the start.

    Attributes:
        best: the cheaper of what was found so and of its part of the fan.
        bound_usd: what no plan for it undercuts.
    """

    best: Solved
    bound_usd: float


@dataclass(frozen=True)
class SolvedFan:
    """A fan with all that was solved for it.

    Attributes:
        solved: all futures together.
        bounds: its bounds, round by round.
        parts: each future's part of it, as if it had been solved for itself.
        known: each future, known from the start.
        followed: cost of each future where the plan of one is followed until it is known; not a number where that
            leaves a future without a plan, and None where it was not asked for.
    """

    solved: Solved
    bounds: Bounds
    parts: Mapping[str, Solved]
    known: Mapping[str, Known]
    followed: Mapping[str, float] | None


def solve_futures(
    loaded: LoadedScenario, fan: Fan, stages: Stages, log: Log | None = None, memory: Memory | None = None
) -> SolvedFan:
    """Solve all futures together, each alone, and after the plan of one of them where the scenario asks for it.

    Raises:
        InfeasibleScenario: a future has no plan, or no common plan suits them all.
        LimitReached: the time limit came before any plan.
        SolverFailure: the solver gave no answer that holds.
    """
    followed, chosen = None, loaded.scenario.futures
    if memory is None and chosen is not None and chosen.follow is not None:
        memory = Memory()  # for the second solve of all
    solved, bounds = solve_together(loaded, fan, stages, log, memory)
    cut_short = solved.solution.status != "optimal"
    alone = {} if cut_short else _each_alone(loaded, parts_of(solved), stages)
    if chosen is not None and chosen.follow is not None and chosen.follow in alone:
        followed = _followed(loaded, chosen.follow, alone[chosen.follow].best, solved, stages)
        if followed is not None and followed.solution.objective_usd < solved.solution.objective_usd:
            stages.begin(f"solve all futures again, from the plan of {chosen.follow}")
            again, rounds = solve_together(loaded, followed.system, Stages(), memory=memory)
            if again.solution.objective_usd < solved.solution.objective_usd:
                solved, bounds = again, rounds
    parts = parts_of(solved)
    for part in parts.values():
        refuse_slack(part)
    known = {name: _known(part, alone[name]) if name in alone else Known() for name, part in parts.items()}
    asked = chosen is not None and chosen.follow is not None and chosen.follow in alone
    return SolvedFan(solved, bounds, parts, known, _costs(followed, parts) if asked else None)


def solve_together(
    loaded: LoadedScenario,
    fan: Fan,
    stages: Stages,
    log: Log | None = None,
    memory: Memory | None = None,
    kind: Kind = FAN,
) -> tuple[Solved, Bounds]:
    """All futures as one problem, whole or decomposed, as the scenario says or by its size."""
    wanted, resolution = loaded.scenario.solve, fan.context.time.resolution_h
    if not decomposes(wanted.method, fan.futures[0].system, len(fan.futures)):
        whole = SolverOptions(time_limit_s=wanted.time_limit_s, threads=wanted.threads, log=log, gap=wanted.gap)
        solved = solve_in_agreement(fan, whole, stages.begin, kind=kind)
        found = solved.solution
        seconds, cost, bound = found.solve_seconds, found.objective_usd, found.bound_usd
        return solved, [BoundsOfRound(resolution, found.passes, seconds, cost, bound, 0, True)]

    def fan_at(width: int) -> Fan:
        if width == resolution:
            return fan
        coarse = assemble_fan(loaded, width)
        for name in plan_dependent():
            coarse = coarse.with_feature(name, fan.features[name])
        return coarse

    options = LevelOptions(gap=wanted.gap, time_limit_s=wanted.time_limit_s, processes=wanted.threads)
    return solve_by_levels(fan_at, resolution, options, memory=memory, step=stages.begin, kind=kind)


def parts_of(solved: Solved) -> dict[str, Solved]:
    """Each future's part of what was solved together, as if it had been solved for itself."""
    merged = solved.builder.merged()
    return {
        one.name: Solved(one.system, solved.builder.builders[one.name], part.solution(solved.solution))
        for one, part in zip(solved.system.futures, merged.slices, strict=True)
    }


def _each_alone(loaded: LoadedScenario, parts: Mapping[str, Solved], stages: Stages) -> dict[str, Alone]:
    """Every future as if it had been known from the start; none where that has no answer: its regret is not known."""
    found = {}
    for name, part in parts.items():
        stages.begin(f"solve {name} alone, known from the start")
        try:
            solved, _ = solve_system(loaded.futures[name], part.system, Stages(), None, None)
        except (LimitReached, SolverFailure):
            continue
        cheaper = solved.solution.objective_usd < part.solution.objective_usd
        found[name] = Alone(solved if cheaper else part, solved.solution.bound_usd)
    return found


def _known(part: Solved, alone: Alone) -> Known:
    """The cheaper of a future alone and its part of the fan; where both cost the same, nothing is stranded."""
    cost, best = part.solution.objective_usd, alone.best.solution.objective_usd
    same = best > cost - SAME_COST * abs(cost)
    return Known(min(cost, best), alone.bound_usd, _capacity(part if same else alone.best))


def _followed(loaded: LoadedScenario, name: str, alone: Solved, together: Solved, stages: Stages) -> Solved | None:
    """All futures with what is ordered before they part held to the plan of one; None where one then has no plan."""
    stages.begin(f"follow the plan of {name}")
    held = {variable: alone.solution.values(variable) for variable in ordered(alone.builder)}
    try:
        solved, _ = solve_together(loaded, together.system, Stages(), kind=following(held))
    except (InfeasibleScenario, LimitReached, SolverFailure):
        return None
    return solved


def _costs(followed: Solved | None, parts: Mapping[str, Solved]) -> dict[str, float]:
    if followed is None:
        return dict.fromkeys(parts, float("nan"))
    return {name: part.solution.objective_usd for name, part in parts_of(followed).items()}


def _capacity(solved: Solved) -> dict[str, Array]:
    """What was bought by each year and is in its life, whether kept or retired, by technology."""
    outcome = Outcome(solved.system, solved.builder, solved.solution)
    return {
        term.feature: in_life_mw(outcome.system, term.feature, outcome.term(term, ("site", "vintage")))
        for term in outcome.builder.hubs.built
        if has_vintages(outcome.system, term.feature)
    }
