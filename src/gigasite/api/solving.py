"""Check, build and solve a scenario."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gigasite.api.places import RESULTS, Progress, refuse_unwritable, scenario_file

if TYPE_CHECKING:
    from gigasite.formulation.registry import Technology
    from gigasite.inputs import LoadedScenario
    from gigasite.report.run_with_charts import RunWithCharts
    from gigasite.solve.decomposed.memory import Memory

LARGE_MODEL_SITE_STEPS = 20_000
"""Sites x years x time steps above which an ordinary Pyomo model takes many seconds and more than a gigabyte."""


def solve(
    scenario: str | Path,
    *,
    results: str | Path | None = None,
    progress: Progress | None = None,
    log: Callable[[str], None] | None = None,
    memory: Memory | None = None,
) -> RunWithCharts:
    """Solve a scenario, check the answer and write the run.

    Args:
        scenario: a scenario file, or the name of a shipped scenario.
        results: folder of runs; `results` in the working folder where not given.
        progress: told each stage as it begins (with None) and as it ends (with its seconds).
        log: takes each line the solver writes, where the problem is solved whole.
        memory: what earlier solves of this call left, from `new_memory`; makes the next solve faster;
            its answer differs within the gap, and by where tangents of unit loss settle.

    Returns:
        The run, with its tables as DataFrames (`run.costs`, `run.capacity` ...) and charts (`run.plot.capacity()` ...).

    Raises:
        InputError: the scenario or a figure it needs is faulty; nothing is written.
        InfeasibleScenario: no plan satisfies it; nothing is written.
        LimitReached: the time limit came before any plan.
        SolverFailure: the solver gave no answer that holds.
    """
    path = scenario_file(scenario)
    folder = RESULTS if results is None else Path(results)
    refuse_unwritable(folder)

    from gigasite.report.run_with_charts import RunWithCharts
    from gigasite.run.solve_run import solve_scenario

    return RunWithCharts.of(solve_scenario(path, results=folder, progress=progress, log=log, memory=memory))


def new_memory(folder: str | Path | None = None) -> Memory:
    """What solves leave for one another: hand it to every `solve` of a family of scenarios.

    Args:
        folder: where it is kept from call to call; in memory only where not given.
    """
    from gigasite.solve.decomposed.memory import Memory

    return Memory(None if folder is None else Path(folder))


def check(scenario: str | Path) -> LoadedScenario:
    """Read a scenario and check it without solving; raises InputError with every fault, each where it stands."""
    path = scenario_file(scenario)

    from gigasite.run.solve_run import check_scenario_file

    return check_scenario_file(path)


def build(scenario: str | Path) -> Any:
    """Build a scenario as an ordinary Pyomo model, which any solver that Pyomo knows takes; warns where it is large."""
    loaded = check(scenario)
    horizon = loaded.scenario.horizon
    steps = -(-(horizon.days or 365) * 24 // horizon.resolution_h)
    size = max(len(loaded.scenario.sites), 1) * len(horizon.years) * steps
    if size > LARGE_MODEL_SITE_STEPS or loaded.scenario.national is not None:
        warnings.warn(
            f"a large Pyomo model: {len(loaded.scenario.sites)} sites x {len(horizon.years)} years x {steps:,} time "
            "steps; it takes minutes and gigabytes. `horizon: {days: ...}` or a coarser `resolution_h` makes it "
            "smaller, and gigasite.solve() does without it.",
            stacklevel=2,
        )

    from gigasite.run.solve_run import build_ordinary_model

    return build_ordinary_model(scenario_file(scenario))


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a scenario file, for editors."""
    from gigasite.formulation.registry import requirement_specs, technology_specs
    from gigasite.inputs import scenario_json_schema, scenario_type

    return scenario_json_schema(scenario_type(technology_specs(), requirement_specs()))


def register(technology: Technology) -> None:
    """Add a technology of your own to those that a scenario may list, for as long as this program runs.

    The command finds one that an installed package brings as an entry point of `gigasite.technologies`.

    Args:
        technology: what a file in `gigasite/formulation/technologies/` declares as its TECHNOLOGY.

    Raises:
        InputError: it is no technology, or its name, colour or label cannot serve.
    """
    from gigasite.formulation.added_technologies import register as add

    add(technology)
