"""Look at a run or a scenario once more: in another program, under outages, with a grid that curtails."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gigasite.api.places import RESULTS, Progress, refuse_unwritable, scenario_file
from gigasite.api.reading import load

if TYPE_CHECKING:
    from gigasite.results.run import Run
    from gigasite.run.crosscheck import CrossCheck
    from gigasite.run.replay import Replayed
    from gigasite.solve.decomposed.memory import Memory
    from gigasite.studies.flexibility import FlexibilityStudy


def crosscheck(
    run: str | Path,
    *,
    results: str | Path | None = None,
    resolution_h: int = 24,
    progress: Progress | None = None,
) -> CrossCheck:
    """Rebuild a run in PyPSA and compare: dispatch of its plan over all its steps, and sizing of its last year alone.

    Args:
        run: folder of a run, or the name of a scenario for its latest run in `results`; nothing is written to it.
        results: folder of runs; `results` in the working folder where not given.
        resolution_h: hours in a step of the sizing.
        progress: told each stage as it begins (with None) and as it ends (with its seconds).

    Raises:
        InputError: there is no such run, its inputs have changed, or PyPSA is not installed (`gigasite[crosscheck]`).
        SolverFailure: a solve ended without an optimum.
    """
    from gigasite.run.crosscheck import crosscheck_run

    return crosscheck_run(load(run, results=results), resolution_h=resolution_h, progress=progress)


def replay(
    run: Run | str | Path,
    *,
    results: str | Path | None = None,
    years: int = 1_000,
    seed: int = 1,
    progress: Progress | None = None,
) -> Replayed:
    """Replay unit outages at random over all hours of a run; writes the table `replay` into it.

    Args:
        run: a run, its folder, or the name of a scenario for its latest run in `results`.
        results: folder of runs; `results` in the working folder where not given.
        years: outage years for every site and year.
        seed: seed of every random stream; the same seed finds the same.
        progress: told each stage as it begins (with None) and as it ends (with its seconds).

    Raises:
        InputError: there is no such run, its inputs have changed, or there is no such number of years.
    """
    from gigasite.run.replay import replay_run

    loaded = load(run, results=results) if isinstance(run, str | Path) else run
    return replay_run(loaded, years=years, seed=seed, progress=progress)


def flexibility(
    scenario: str | Path,
    *,
    shares: Sequence[float] = (0.0025, 0.005, 0.01),
    results: str | Path | None = None,
    progress: Progress | None = None,
    memory: Memory | None = None,
) -> FlexibilityStudy:
    """Solve a scenario with a grid connection that may be curtailed, at several shares, beside the same without.

    Args:
        scenario: a scenario file, or the name of a shipped scenario.
        shares: shares of yearly energy that the grid may curtail, up to 0.01.
        results: folder of runs; `results` in the working folder where not given.
        progress: told each stage as it begins (with None) and as it ends (with its seconds).
        memory: what earlier solves left, from `new_memory`.

    Returns:
        The study: its table, one row per share, and its runs.

    Raises:
        InputError: the scenario, a figure it needs or a share is faulty.
        InfeasibleScenario: no plan satisfies it.
    """
    path = scenario_file(scenario)
    folder = RESULTS if results is None else Path(results)
    refuse_unwritable(folder)

    from gigasite.studies.flexibility import flexibility as study

    return study(path, shares=shares, results=folder, progress=progress, memory=memory)
