"""A run, or several beside each other, as a workbook: a sheet for each table, units, and totals that live.

    total of a column = SUBTOTAL(109, its rows), so that a filter changes it
    cost of a technology and component = SUMIFS over the sheet `costs`

Text never becomes a formula, whatever it begins with. Hours are left out: a year of one site has 8,760 rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gigasite.foundation.errors import InputError, Problem
from gigasite.report.sheets import TOTALS, Sheets, put_text
from gigasite.report.totals_sheet import add_totals
from gigasite.results.compare import run_labels
from gigasite.results.finance_store import FOLDER, read_finance
from gigasite.results.sentences import answer

if TYPE_CHECKING:
    import pandas as pd

    from gigasite.results.run import Run

FIRST = ("summary", "load", "capacity", "energy", "costs", "cash_flow", "prices", "breakeven", "demand", "checks")
"""Tables a planner looks for first; the others follow by name."""

MONEY = "finance"
"""Begins the names of sheets of money."""

HOURS = "Hours are in the folder of the run, in hourly/, one file for each site and year."


def write_workbook(run: Run, path: Path) -> Path:
    """Write a run as a workbook.

    Args:
        run: the run.
        path: the file, which ends in `.xlsx`; one that is there is replaced.

    Raises:
        InputError: the file is not called so, or cannot be written.
    """
    version = (run.manifest.get("versions") or {}).get("gigasite", "of a version not told")
    made = f"Run {run.run_id}, gigasite {version}; dollars of 2024, real."
    sheets = Sheets(run.title, [*_told(run), made, HOURS])
    try:
        add_totals(sheets, run)
    except (InputError, LookupError) as fault:
        put_text(sheets.add("totals", "cannot be made"), TOTALS, 1, str(fault))
    names = [*FIRST, *(name for name in run.table_names if name not in FIRST)]
    for name in names:
        if name in run.table_names:
            _add(sheets, name, partial(run.table, name))
    for name in _money_tables(run):
        _add(sheets, f"{MONEY} {name}", partial(read_finance, run, name))
    return _save(sheets, path)


def _money_tables(run: Run) -> list[str]:
    """Tables that `gigasite finance` wrote into the run."""
    folder = run.path / FOLDER
    return sorted(path.stem for path in folder.glob("*.parquet")) if folder.is_dir() else []


def _add(sheets: Sheets, name: str, read: Callable[[], pd.DataFrame]) -> None:
    """Add a table; a damaged one is told in its place."""
    try:
        table = read()
    except InputError as fault:
        put_text(sheets.add(name, "cannot be read"), TOTALS, 1, fault.problems[0].message)
    else:
        sheets.add_table(name, table)


def _told(run: Run) -> list[str]:
    """The answer in sentences; what it lacks where a table is damaged or of an older version."""
    try:
        return [run.question, *answer(run)]
    except (InputError, LookupError) as fault:
        return [f"The answer cannot be told in sentences: {fault}"]


def write_comparison(runs: Sequence[Run], comparison: pd.DataFrame, path: Path) -> Path:
    """Write a comparison as a workbook, with the capacity and the cost of every run beside it.

    Args:
        runs: the runs.
        comparison: the table that `gigasite compare` prints.
        path: the file, which ends in `.xlsx`; one that is there is replaced.

    Raises:
        InputError: the file is not called so, or cannot be written.
    """
    import pandas as pd

    sheets = Sheets("Runs side by side", [f"{run.scenario}: {run.title}" for run in runs])
    sheets.add_table("comparison", comparison)
    for name in ("capacity", "costs", "load"):
        frames = [run.table(name).assign(scenario=label) for run, label in zip(runs, run_labels(runs), strict=True)]
        frame = pd.concat([one for one in frames if not one.empty] or frames[:1], ignore_index=True)
        sheets.add_table(name, frame[["scenario", *(column for column in frame.columns if column != "scenario")]])
    return _save(sheets, path)


def _save(sheets: Sheets, path: Path) -> Path:
    if path.suffix.lower() != ".xlsx":
        raise InputError(
            Problem("a workbook is a file that ends in .xlsx", given=str(path), remedy=f"{path.with_suffix('.xlsx')}")
        )
    book: Any = sheets.finished()
    partial = path.with_name(f".{path.name}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        book.save(partial)
        partial.replace(path)
    except OSError as error:
        if partial.is_file():
            partial.unlink()
        raise InputError(Problem(f"{path} cannot be written: {error.strerror}", given=str(path))) from None
    return path
