"""The Python API: one verb for each thing a planner does; the command line calls them and prints what they return.

Large libraries load inside the verbs, so that `import gigasite` and `gigasite --help` answer at once.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from gigasite.foundation.errors import InputError, Problem, did_you_mean

if TYPE_CHECKING:
    from gigasite.inputs import LoadedScenario
    from gigasite.report.comparison_with_charts import Comparison
    from gigasite.report.run_with_charts import RunWithCharts
    from gigasite.results.run import Run
    from gigasite.run.crosscheck import CrossCheck
    from gigasite.run.replay import Replayed
    from gigasite.solve.decomposed.memory import Memory
    from gigasite.studies.finance_bridge import FinanceBridge
    from gigasite.studies.financing import FinanceStudy
    from gigasite.studies.flexibility import FlexibilityStudy
    from gigasite.studies.partnership import PartnershipStudy
    from gigasite.studies.programmes import Programmes
    from gigasite.studies.screening.output import Screening

RESULTS = Path("results")
"""Folder of runs, in the working folder."""

LARGE_MODEL_SITE_STEPS = 20_000
"""Sites x years x time steps above which an ordinary Pyomo model takes many seconds and more than a gigabyte."""

Progress = Callable[[str, "float | None"], None]
"""Told each stage as it begins, with None, and as it ends, with its seconds."""


class ShippedScenario(NamedTuple):
    """A scenario that comes with gigasite; its name serves wherever a scenario file is asked for."""

    name: str
    title: str
    path: Path


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
        memory: what earlier solves of this call left, from `new_memory`; makes the next solve faster, never different.

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
    _refuse_unwritable(folder)

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


def load(run: str | Path, *, results: str | Path | None = None) -> RunWithCharts:
    """Read a run: its folder, or the name of a scenario for its latest run in `results`.

    Raises:
        InputError: there is no such run.
    """
    from gigasite.report.run_with_charts import RunWithCharts
    from gigasite.results.store import latest_run, read_run

    path = Path(run)
    if path.is_dir() or path.name != str(run):
        return RunWithCharts.of(read_run(path))
    return RunWithCharts.of(latest_run(RESULTS if results is None else Path(results), path.stem))


def runs(results: str | Path | None = None) -> list[RunWithCharts]:
    """Every run in a folder of runs, the newest last."""
    from gigasite.report.run_with_charts import RunWithCharts
    from gigasite.results.store import find_runs

    return [RunWithCharts.of(run) for run in find_runs(RESULTS if results is None else Path(results))]


def compare(runs: Iterable[Run | str | Path], *, results: str | Path | None = None) -> Comparison:
    """Set runs side by side: one row for each figure, one column for each run and for its difference to the first.

    The table draws what makes the difference in cost, `comparison.plot.waterfall()`.

    Args:
        runs: runs, their folders, or names of scenarios for their latest runs in `results`.
        results: folder of runs; `results` in the working folder where not given.
    """
    from gigasite.report.comparison_with_charts import Comparison

    return Comparison.of([load(run, results=results) if isinstance(run, str | Path) else run for run in runs])


def draw_map(
    run: Run | str | Path,
    path: str | Path | None = None,
    *,
    year: int | None = None,
    dark: bool = False,
    results: str | Path | None = None,
) -> Any:
    """Draw the sites of a run on outlines of states: supply mix, load, what waits and cost.

    Args:
        run: a run, its folder, or the name of a scenario for its latest run in `results`.
        path: file to write it to, ending in .html, .png, .svg or .pdf; not written where not given.
        year: the modelled year; the last one where not given.
        dark: for dark pages.
        results: folder of runs; `results` in the working folder where not given.

    Returns:
        Plotly's figure.

    Raises:
        InputError: there is no such run or year, or the file cannot be written.
    """
    from gigasite.report.charts import Charts

    loaded = load(run, results=results) if isinstance(run, str | Path) else run
    figure = Charts(loaded, is_dark=dark).map(year=year)
    if path is not None:
        save_figure(figure, path)
    return figure


def save_figure(figure: Any, path: str | Path) -> Path:
    """Write a chart or a map by the suffix of its file: .html that needs no network, .png, .svg or .pdf.

    Raises:
        InputError: another suffix, a file that cannot be written, or, for images, kaleido (`gigasite[images]`) or a
            Chrome or Chromium is missing.
    """
    from gigasite.report.images import save

    return save(figure, path)


def workbook(runs: Run | str | Path | Sequence[Run], path: str | Path, *, results: str | Path | None = None) -> Path:
    """Write a run as a workbook, or several beside each other: units, a sheet of contents, totals that live.

    Args:
        runs: a run, its folder, the name of a scenario for its latest run in `results`, or several runs.
        path: the file, which ends in `.xlsx`; one that is there is replaced.
        results: folder of runs; `results` in the working folder where not given.

    Raises:
        InputError: there is no such run, or the file cannot be written.
    """
    from gigasite.report.workbook import write_comparison, write_workbook

    if isinstance(runs, Sequence) and not isinstance(runs, str):
        return write_comparison(runs, compare(runs), Path(path))
    return write_workbook(load(runs, results=results) if isinstance(runs, str | Path) else runs, Path(path))


def report(
    runs: Run | str | Path | Sequence[Run | str | Path],
    path: str | Path | None = None,
    *,
    results: str | Path | None = None,
) -> Path:
    """Write a run, or several side by side, as one page that needs nothing but a browser.

    Args:
        runs: a run, its folder, or the name of a scenario for its latest run in `results`; or several of them.
        path: the file, which ends in `.html`; `report.html` in the folder of the first run where not given.
        results: folder of runs; `results` in the working folder where not given.

    Raises:
        InputError: there is no such run, or the file cannot be written.
    """
    from gigasite.report.page.write import write_page

    several = list(runs) if isinstance(runs, Sequence) and not isinstance(runs, str) else [runs]
    loaded = [load(run, results=results) if isinstance(run, str | Path) else run for run in several]
    return write_page(loaded, loaded[0].path / "report.html" if path is None else Path(path))


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
    _refuse_unwritable(folder)

    from gigasite.studies.flexibility import flexibility as study

    return study(path, shares=shares, results=folder, progress=progress, memory=memory)


def partnership(
    run: Run | str | Path, *, prices: Sequence[float] | None = None, results: str | Path | None = None
) -> PartnershipStudy:
    """Share the cash of a run's project between Japan and the United States, over a range of power prices.

    Args:
        run: a run, its folder, or the name of a scenario for its latest run in `results`.
        prices: USD of 2024 per MWh, rising with prices; 60 to 150 where not given.
        results: folder of runs; `results` in the working folder where not given.

    Raises:
        InputError: there is no such run, its scenario has no `partnership:`, or a price is none.
    """
    from gigasite.studies.partnership import PRICES
    from gigasite.studies.partnership import partnership as study

    loaded = load(run, results=results) if isinstance(run, str | Path) else run
    return study(loaded, prices=PRICES if prices is None else prices)


def programmes(runs: Iterable[Run | str | Path] = (), *, results: str | Path | None = None) -> Programmes:
    """Set the announced programmes side by side, and tell what of each the runs explain.

    Args:
        runs: runs, their folders, or names of scenarios for their latest runs in `results`.
        results: folder of runs; `results` in the working folder where not given.
    """
    from gigasite.studies.programmes import programmes as study

    return study([load(run, results=results) if isinstance(run, str | Path) else run for run in runs])


def screen(
    study: str | Path,
    *,
    results: str | Path | None = None,
    image: str | Path | None = None,
    progress: Progress | None = None,
) -> Screening:
    """Screen places for sites: what rules them out, and distances, costs and reasons of those that stay.

    Args:
        study: a study file, or the name of a shipped study.
        results: folder of results; `results` in the working folder where not given.
        image: writes the map to this file too: .png, .svg, .pdf (needs `gigasite[images]`) or .html.
        progress: told each stage as it begins (with None) and as it ends (with its seconds).

    Returns:
        The written screen: `candidates`, `excluded` and `rules` as DataFrames, and its folder as `path`.

    Raises:
        InputError: the study or a layer it names is faulty; nothing is written.
    """
    path = study_file(study)
    folder = RESULTS if results is None else Path(results)
    _refuse_unwritable(folder)

    from gigasite.report.screening_map import map_page, save_map
    from gigasite.studies.screening.run_screening import run_screening

    found = run_screening(path, results=folder, draw=map_page, progress=progress)
    if image is not None:
        save_map(found, Path(image))
    return found


def finance(
    run: Run | str | Path,
    *,
    price: float | None = None,
    returns: Sequence[float] | None = None,
    block: str | None = None,
    results: str | Path | None = None,
) -> FinanceStudy:
    """Finance a run: the price its power must fetch, its cash by year, what the price is made of; writes the tables.

    Args:
        run: a run, its folder, or the name of a scenario for its latest run in `results`.
        price: USD/MWh to look at, as the scenario's terms mean it; what the last return needs where not given.
        returns: what the owners ask, nominal and after tax; those of the scenario where not given.
        block: a block of tranches (utility, contracted, merchant, nuclear_first, japan_us) in place of the scenario's.
        results: folder of runs; `results` in the working folder where not given.

    Raises:
        InputError: there is no such run, its inputs have changed, or nothing is built or sold.
    """
    from gigasite.results.finance_store import write_finance
    from gigasite.studies.financing import finance_study

    loaded = load(run, results=results) if isinstance(run, str | Path) else run
    found = finance_study(loaded, price=price, returns=returns, block=block)
    write_finance(loaded, found.tables)
    return found


def finance_bridge(
    runs: Iterable[Run | str | Path],
    *,
    returns: Sequence[float] | None = None,
    block: str | None = None,
    results: str | Path | None = None,
) -> FinanceBridge:
    """Tell where the price of a second run differs from that of a first, term by term; nothing is written.

    Args:
        runs: two runs, their folders, or names of scenarios for their latest runs in `results`.
        returns: what the owners ask; the last counts.
        block: a block of tranches in place of the scenarios'.
        results: folder of runs; `results` in the working folder where not given.

    Raises:
        InputError: not two runs, or one that cannot be financed.
    """
    from gigasite.studies.finance_bridge import finance_bridge as bridge

    loaded = [load(run, results=results) if isinstance(run, str | Path) else run for run in runs]
    return bridge(loaded, returns=returns, block=block)


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a scenario file, for editors."""
    from gigasite.formulation.registry import requirement_specs, technology_specs
    from gigasite.inputs import scenario_json_schema, scenario_type

    return scenario_json_schema(scenario_type(technology_specs(), requirement_specs()))


def scenarios() -> list[ShippedScenario]:
    """Every scenario that comes with gigasite, by name; templates are left out."""
    from gigasite.inputs.yaml_source import read_scenario_yaml

    found = []
    for path in _shipped_files():
        data = read_scenario_yaml(path).data
        if not data.get("template", False):
            found.append(ShippedScenario(path.stem, str(data.get("title", "")), path))
    return found


def scenario_file(scenario: str | Path) -> Path:
    """Return the file that is meant: a path, or the name of a scenario here, in `scenarios/` or among the shipped ones.

    Raises:
        InputError: it looks like a name, and no scenario is called so.
    """
    path = Path(scenario)
    if path.is_file() or path.suffix or path.name != str(scenario):
        return path
    from gigasite.inputs.folders import scenarios_folder

    name = path.name
    for folder in (Path(), Path("scenarios"), scenarios_folder()):
        if (folder / f"{name}.yaml").is_file():
            return folder / f"{name}.yaml"
    shipped = [file.stem for file in _shipped_files()]
    local = [file.stem for file in sorted(Path().glob("*.yaml"))]
    known = list(dict.fromkeys([*local, *shipped]))
    raise InputError(
        Problem(
            f"there is no file and no scenario called {name}",
            given=name,
            allowed=f"a path such as scenarios/{name}.yaml, or a name: {', '.join(known)}",
            remedy=did_you_mean(name, known),
        )
    )


def studies() -> list[ShippedScenario]:
    """Every study that comes with gigasite, by name."""
    from gigasite.inputs.yaml_source import read_scenario_yaml

    return [
        ShippedScenario(path.stem, str(read_scenario_yaml(path).data.get("title", "")), path)
        for path in _shipped_studies()
    ]


def study_file(study: str | Path) -> Path:
    """Return the file that is meant: a path, or the name of a study here, in `studies/` or among the shipped ones.

    Raises:
        InputError: it looks like a name, and no study is called so.
    """
    path = Path(study)
    if path.is_file() or path.suffix or path.name != str(study):
        return path
    shipped = _shipped_studies()
    for file in (Path(f"{path.name}.yaml"), Path("studies") / f"{path.name}.yaml", *shipped):
        if file.stem == path.name and file.is_file():
            return file
    known = list(dict.fromkeys([*(file.stem for file in sorted(Path().glob("*.yaml"))), *(f.stem for f in shipped)]))
    raise InputError(
        Problem(
            f"there is no file and no study called {path.name}",
            given=path.name,
            allowed=f"a path such as studies/{path.name}.yaml, or a name: {', '.join(known)}",
            remedy=did_you_mean(path.name, known),
        )
    )


def _shipped_studies() -> Sequence[Path]:
    from gigasite.inputs.folders import scenarios_folder

    return sorted((scenarios_folder() / "studies").glob("*.yaml"))


def _shipped_files() -> Sequence[Path]:
    from gigasite.inputs.folders import scenarios_folder

    return sorted(scenarios_folder().glob("*.yaml"))


def _refuse_unwritable(results: Path) -> None:
    """Say before the solve, not after it, that a run could not be written; creates nothing."""
    nearest = next(folder for folder in (results, *results.absolute().parents) if folder.exists())
    if not nearest.is_dir():
        raise InputError(Problem(f"{nearest} is a file, so no run can be written to {results}", given=str(results)))
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise InputError(Problem(f"the folder {nearest} cannot be written", given=str(results)))
