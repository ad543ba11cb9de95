"""One scenario from its file to a written run: read, assemble, solve, tabulate, check, write."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gigasite.formulation.registry import preparers, requirement_specs, technology_specs
from gigasite.foundation.errors import InfeasibleScenario, InputError, Problem
from gigasite.inputs.load import LoadedScenario, load_scenario

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from gigasite.results.rounds import BoundsOfRound
    from gigasite.results.run import Run
    from gigasite.run.agreement import Solved
    from gigasite.solve.decomposed.memory import Memory
    from gigasite.system.quantity import FeatureData
    from gigasite.system.system import System

Progress = Callable[[str, float | None], None]
"""Told each stage as it begins, with None, and as it ends, with its seconds."""

DECOMPOSED_FROM_STEPS = 8_760
"""Sites x years x steps from which `auto` decomposes: measured, both take a few seconds there; see decision 8."""

FORBIDDEN_SHARE = 1e-6
"""A priced slack below this, in its own unit, is numerical dust."""


@dataclass
class Stages:
    """Names and seconds of what has been done so far."""

    progress: Progress | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    _begun: float = 0.0
    _name: str = ""

    def begin(self, name: str) -> None:
        """End the stage before and begin another."""
        self.end()
        self._name, self._begun = name, time.perf_counter()
        if self.progress is not None:
            self.progress(name, None)

    def end(self) -> None:
        """End the stage under way."""
        if self._name:
            spent = time.perf_counter() - self._begun
            self.seconds[self._name] = self.seconds.get(self._name, 0.0) + spent
            if self.progress is not None:
                self.progress(self._name, spent)
        self._name = ""


def check_scenario_file(path: Path | str) -> LoadedScenario:
    """Read, check and assemble a scenario without solving it, so that a figure that is missing is told too.

    Raises:
        InputError: with every fault, each where it stands.
    """
    loaded = _loaded(path)
    if loaded.futures:
        from gigasite.run.fan_inputs import assemble_fan

        assemble_fan(loaded)
    else:
        assemble_loaded(loaded)
    return loaded


def assemble_file(path: Path | str) -> tuple[LoadedScenario, System]:
    """Read, check and assemble a scenario."""
    loaded = _loaded(path)
    return loaded, assemble_loaded(loaded)


def _loaded(path: Path | str) -> LoadedScenario:
    return load_scenario(path, technology_specs=technology_specs(), requirement_specs=requirement_specs())


def assemble_loaded(loaded: LoadedScenario, load_room_mw: Mapping[str, float] | None = None) -> System:
    """Bring a checked scenario and its figures to one set of arrays; of one future, with room for the loads of all."""
    from gigasite.system.assemble import assemble

    written = loaded.scenario.sites  # the rest of each state joins later and brings no files

    def hourly(site: str, kind: str) -> NDArray[np.float64] | None:
        return loaded.hourly(site, kind) if site in written else None

    prepared = preparers(loaded.scenario)
    return assemble(loaded.scenario, loaded.tables, prepared, hourly=hourly, load_room_mw=load_room_mw)


def build_ordinary_model(path: Path | str) -> Any:
    """The whole problem of a scenario as an ordinary Pyomo model, for any solver Pyomo knows."""
    from gigasite.formulation.build import build_model

    loaded, system = assemble_file(path)
    if loaded.futures:
        message = "an ordinary Pyomo model holds one future, and this scenario has several"
        remedy = "take `futures:` out, or solve the scenario with gigasite"
        raise InputError(Problem(message, loaded.origin("futures"), "futures", remedy=remedy))
    return build_model(system, traced=False).model


def solve_scenario(
    path: Path | str,
    *,
    results: Path | None = None,
    progress: Progress | None = None,
    log: Callable[[str], None] | None = None,
    memory: Memory | None = None,
) -> Run:
    """Solve a scenario and write its run.

    Args:
        path: the scenario file.
        results: folder of runs; `results` in the working folder where not given.
        progress: told each stage and its seconds.
        log: takes each line the solver writes, where the problem is solved whole.
        memory: what earlier solves left; this one adds to it.

    Raises:
        InputError: the scenario or a figure it needs is faulty; nothing is written.
        InfeasibleScenario: no plan satisfies it; nothing is written.
        LimitReached: the time limit came before any plan.
        SolverFailure: the solver gave no answer that holds.
    """
    started = time.perf_counter()
    stages = Stages(progress)
    stages.begin("read the scenario")
    loaded = _loaded(path)
    if loaded.futures:
        from gigasite.run.fan_run import solve_fan

        return solve_fan(loaded, results or Path("results"), stages, started, log=log, memory=memory)
    stages.begin("assemble inputs")
    system = assemble_loaded(loaded)
    solved, bounds, replayed = _solve_and_replay(loaded, system, stages, log, memory)
    refuse_slack(solved)
    run = _write(loaded, solved, bounds, replayed, stages, results or Path("results"), started)
    stages.end()
    return run


def _solve_and_replay(
    loaded: LoadedScenario,
    system: System,
    stages: Stages,
    log: Callable[[str], None] | None,
    memory: Memory | None,
) -> tuple[Solved, list[BoundsOfRound], Mapping[str, pd.DataFrame]]:
    """Solve, and where an uptime is asked for, replay and solve again until it is kept; with the tables of that."""
    if getattr(loaded.scenario.requirements, "uptime", None) is None:
        return *solve_system(loaded, system, stages, log, memory), {}

    from gigasite.run.uptime import solve_until_kept
    from gigasite.solve.decomposed.memory import Memory

    learnt = Memory() if memory is None else memory

    def again(arrays: FeatureData) -> tuple[Solved, list[BoundsOfRound]]:
        return solve_system(loaded, system.with_feature("uptime", arrays), stages, log, learnt)

    kept = solve_until_kept(again({}), again, stages.begin)
    return kept.solved, kept.bounds, kept.tables


def solve_system(
    loaded: LoadedScenario,
    system: System,
    stages: Stages,
    log: Callable[[str], None] | None,
    memory: Memory | None,
) -> tuple[Solved, list[BoundsOfRound]]:
    """Solve whole or decomposed, as the scenario says or by its size."""
    if decomposes(loaded.scenario.solve.method, system):
        return _solve_decomposed(loaded, system, stages, memory)

    from gigasite.run.agreement import solve_in_agreement
    from gigasite.solve.whole import SolverOptions

    wanted = loaded.scenario.solve
    options = SolverOptions(time_limit_s=wanted.time_limit_s, threads=wanted.threads, log=log, gap=wanted.gap)
    solved = solve_in_agreement(system, options, stages.begin)
    from gigasite.results.rounds import BoundsOfRound

    found, hours = solved.solution, system.context.time.resolution_h
    only = BoundsOfRound(hours, found.passes, found.solve_seconds, found.objective_usd, found.bound_usd, 0, True)
    return solved, [only]


def decomposes(method: str, system: System, futures: int = 1) -> bool:
    """Whether a scenario is solved decomposed: as it says, or from a full site-year of steps of all futures on."""
    time = system.context.time
    steps = futures * len(system.sites) * len(time.years) * time.hours
    return method == "decomposed" or (method == "auto" and steps >= DECOMPOSED_FROM_STEPS)


def _solve_decomposed(
    loaded: LoadedScenario, system: System, stages: Stages, memory: Memory | None
) -> tuple[Solved, list[BoundsOfRound]]:
    from gigasite.run.by_levels import LevelOptions, solve_by_levels

    wanted = loaded.scenario.solve
    resolution = system.context.time.resolution_h

    def system_at(width: int) -> System:
        if width == resolution:
            return system
        horizon = loaded.scenario.horizon.model_copy(update={"resolution_h": width})
        coarse = assemble_loaded(replace(loaded, scenario=loaded.scenario.model_copy(update={"horizon": horizon})))
        return coarse.with_feature("uptime", system.features["uptime"])

    options = LevelOptions(gap=wanted.gap, time_limit_s=wanted.time_limit_s, processes=wanted.threads)
    return solve_by_levels(system_at, resolution, options, memory=memory, step=stages.begin)


def refuse_slack(solved: Solved) -> None:
    """A plan that pays for breaking a limit is no answer."""
    problems = []
    for slack in solved.builder.forbidden:
        used = solved.solution.values(slack.variable_name)
        if used.max(initial=0.0) > FORBIDDEN_SHARE:
            problems.append(
                Problem(message=f"no plan avoids {slack.what}", given=f"{used.max():,.6g}", remedy=slack.remedy)
            )
    if problems:
        raise InfeasibleScenario(problems)


def _write(
    loaded: LoadedScenario,
    solved: Solved,
    bounds: Sequence[BoundsOfRound],
    replayed: Mapping[str, pd.DataFrame],
    stages: Stages,
    results: Path,
    started: float,
) -> Run:
    from gigasite.inputs.scenario import resolved
    from gigasite.results.assumptions import assumptions_table
    from gigasite.results.checks import run_checks
    from gigasite.results.outcome import Outcome
    from gigasite.results.rounds import bounds_table
    from gigasite.results.store import read_run, write_run
    from gigasite.results.tables import make_tables

    stages.begin("make tables")
    solution = solved.solution
    tables = make_tables(Outcome(solved.system, solved.builder, solution))
    tables["bounds"] = bounds_table(bounds)
    tables["assumptions"] = assumptions_table(loaded.tables)
    tables |= replayed
    stages.begin("check the answer")
    tables["checks"] = run_checks(solved.system, tables, objective_usd=solution.objective_usd, gap=solution.gap)
    stages.begin("write the run")
    manifest = manifest_of(loaded, solved, stages, bool(tables["checks"]["passed"].all()), started)
    folder = write_run(results, loaded.scenario.name, tables, manifest, resolved(loaded.scenario))
    return read_run(folder)


def manifest_of(loaded: LoadedScenario, solved: Solved, stages: Stages, passed: bool, started: float) -> dict[str, Any]:
    """What a run was made from and how."""
    solution, scenario = solved.solution, loaded.scenario
    return {
        "scenario": scenario.name,
        "title": scenario.title,
        "status": solution.status,
        "checks_passed": passed,
        "objective_usd": solution.objective_usd,
        "bound_usd": solution.bound_usd,
        "gap": solution.gap,
        "method": solution.method,
        "algorithm": solution.algorithm,
        "iterations": solution.iterations,
        "passes": solution.passes,
        "prices_conditional": solution.conditional,
        "rows": solution.lp.shape[0],
        "columns": solution.lp.shape[1],
        "resolution_h": scenario.horizon.resolution_h,
        "days": solved.system.context.time.days,
        "solve_seconds": solution.solve_seconds,
        "total_seconds": time.perf_counter() - started,
        "stage_seconds": dict(stages.seconds),
        "written_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": versions(),
        "scenario_files": [str(file) for file in loaded.source.files],
        "input_sha256": {**loaded.tables.sha256, **_hashes(loaded)},
        "overrides": [str(override) for override in loaded.tables.applied_overrides],
    }


def _hashes(loaded: LoadedScenario) -> dict[str, str]:
    """SHA-256 of what a run read besides the tables and the layers of sites: scenario files, own hours, candidates."""
    hourly = [
        loaded.source.files[-1].parent / str(path)
        for site in loaded.scenario.sites.values()
        for path in site.hourly.model_dump(exclude_none=True).values()
    ]
    candidates = [Path(loaded.scenario.candidates.file)] if loaded.scenario.candidates is not None else []
    read = [Path(file) for file in (*loaded.source.files, *hourly, *candidates)]
    return {str(path): sha256(path.read_bytes()).hexdigest() for path in read if path.is_file()}


def versions() -> dict[str, str]:
    """Versions of gigasite and of the libraries that shape an answer."""
    from importlib.metadata import version

    names = ("gigasite", "highspy", "pyomo", "numpy", "pandas", "scipy", "geopandas", "pydantic")
    return {"python": platform.python_version(), **{name: version(name) for name in names}}
