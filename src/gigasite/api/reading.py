"""Read runs, set them side by side, and write them as files to send on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gigasite.api.places import RESULTS

if TYPE_CHECKING:
    from gigasite.report.comparison_with_charts import Comparison
    from gigasite.report.run_with_charts import RunWithCharts
    from gigasite.results.run import Run


def load(run: str | Path, *, results: str | Path | None = None) -> RunWithCharts:
    """Read a run: its folder, or the name of a scenario for its latest run in `results`.

    `portsmouth-fan/low` is the future `low` of the latest run of `portsmouth-fan`.

    Raises:
        InputError: there is no such run.
    """
    from gigasite.report.run_with_charts import RunWithCharts
    from gigasite.results.store import latest_run, read_run

    path = Path(run)
    scenario, _, future = path.as_posix().partition("/")
    folder = RESULTS if results is None else Path(results)
    if future and not path.exists() and (folder / scenario).is_dir():
        futures = latest_run(folder, scenario).futures
        if future in futures:
            return RunWithCharts.of(futures[future])
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
