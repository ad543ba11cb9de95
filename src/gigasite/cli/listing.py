"""Lists: what a scenario is, which tables a run has, which runs and scenarios there are."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.markup import escape

from gigasite.cli.frames import ShownColumn, rich_table, show_frame, show_row
from gigasite.cli.screen import answers, remark
from gigasite.foundation.errors import InputError, Problem, did_you_mean

if TYPE_CHECKING:
    import pandas as pd

    from gigasite.api import ShippedScenario
    from gigasite.inputs import LoadedScenario
    from gigasite.results.run import Run

HOURLY = "hourly"
MOST_NAMED = 8


def describe(argument: str, loaded: LoadedScenario) -> list[str]:
    """Return what a checked scenario is, and the hints on it."""
    scenario, horizon = loaded.scenario, loaded.scenario.horizon
    years = f"{horizon.years[0]}-{horizon.years[-1]}" if len(horizon.years) > 1 else str(horizon.years[0])
    days = f", {horizon.days} days" if horizon.days is not None else ""
    parts = [
        f"{len(scenario.sites)} site" + ("s" if len(scenario.sites) != 1 else ""),
        f"{len(horizon.years)} years {years}",
        f"{horizon.resolution_h} h steps{days}",
    ]
    if scenario.national is not None:
        parts.append(f"national account {scenario.national.trajectory or 'of its own'}")
    if scenario.futures is not None:
        parts.append(f"{len(scenario.futures.cases)} futures, known in {scenario.futures.known_in}")
    title = escape(scenario.title or scenario.name)
    lines = [f"[green]ok[/]  [bold]{escape(argument)}[/]  {title} [dim]({', '.join(parts)})[/]"]
    lines += [f"    [yellow]note[/] {note.origin}: {note.message}" for note in loaded.notes]
    return lines


def print_tables(run: Run) -> None:
    """List the tables of a run with their sizes."""
    names = [*run.table_names, *([HOURLY] if run.hourly_keys else [])]
    sizes = [f"{len(run.table(name)):,}" if name != HOURLY else f"{len(run.hourly_keys)} site-years" for name in names]
    columns = [_named((run.table(name) if name != HOURLY else run.hourly()).columns) for name in names]
    answers().print(f"[bold]{escape(run.scenario)}[/]  {escape(str(run.path))}", soft_wrap=True)
    answers().print(
        rich_table(
            [
                ShownColumn("table", "table", tuple(names), is_number=False),
                ShownColumn("rows", "rows", tuple(sizes), is_number=True),
                ShownColumn("columns", "columns", tuple(columns), is_number=False),
            ]
        )
    )


def _named(columns: Iterable[str]) -> str:
    """Return the first names of columns, and how many more there are."""
    names = [str(name) for name in columns]
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED + 1 else ""
    return ", ".join(names[:MOST_NAMED] if more else names) + more


def print_table(run: Run, name: str, *, rows: int, site: str | None, year: int | None) -> None:
    """Show one table of a run."""
    hourly = name == HOURLY
    frame = run.hourly(site, year) if hourly else _only(_only(run.table(name), "site", site), "year", year)
    if frame.empty:
        answers().print(f"{name} of {run.scenario} has no rows", markup=False)
        return
    if len(frame) == 1 and name == "summary":
        answers().print(show_row(frame))
        return
    shown = frame.head(rows) if rows else frame
    table, hidden = show_frame(shown, answers().width)
    answers().print(table)
    if len(shown) < len(frame):
        remark(f"{len(frame) - len(shown):,} more rows (--rows 0 shows all)")
    if hidden:
        remark(f"Not shown: {', '.join(hidden)}")


def print_runs(runs: Sequence[Run], results: Path) -> None:
    """List runs, newest last."""
    from rich.text import Text

    if not runs:
        answers().print(f"No runs in {results}/ yet.", markup=False)
        return
    rows = [_costs(run) for run in runs]
    costs = tuple(f"{usd / 1e9:,.2f}" if usd == usd else "" for usd, _ in rows)  # noqa: PLR0124
    levelised = tuple(f"{each:,.1f}" if each == each else "" for _, each in rows)  # noqa: PLR0124
    answers().print(Text(f"Runs in {results}/", style="bold"))
    answers().print(
        rich_table(
            [
                ShownColumn("scenario", "scenario", tuple(run.scenario for run in runs), is_number=False),
                ShownColumn("run", "run", tuple(run.run_id for run in runs), is_number=False),
                ShownColumn("cost", "present\nvalue\nbn USD", costs, is_number=True),
                ShownColumn("levelised", "levelised\ncost\nUSD/MWh", levelised, is_number=True),
                ShownColumn("status", "status", tuple(_status(run) for run in runs), is_number=False),
            ]
        )
    )


def print_scenarios(scenarios: Sequence[ShippedScenario], what: str = "Scenarios") -> None:
    """List the scenarios, or the studies, that come with gigasite."""
    from rich.text import Text

    answers().print(Text(f"{what} that come with gigasite", style="bold"))
    answers().print(
        rich_table(
            [
                ShownColumn("name", "name", tuple(scenario.name for scenario in scenarios), is_number=False),
                ShownColumn("title", "title", tuple(scenario.title for scenario in scenarios), is_number=False),
            ]
        )
    )


def _costs(run: Run) -> tuple[float, float]:
    """Present value and levelised cost; no numbers where the run has lost its summary."""
    try:
        row = run.summary.iloc[0]
        return float(row["present_value_usd"]), float(row["levelised_cost_usd_per_mwh"])
    except (InputError, LookupError):
        return math.nan, math.nan


def _status(run: Run) -> str:
    if "summary" not in run.table_names:
        return "damaged: no summary"
    checked = "checked" if run.checks_passed else "check failed"
    status = run.manifest.get("status", "status not told")
    return checked if status == "optimal" else f"{status}, {checked}"


def _only(frame: pd.DataFrame, column: str, value: str | int | None) -> pd.DataFrame:
    if value is None or column not in frame:
        return frame
    kept = frame[frame[column] == value]
    if kept.empty:
        known = [str(each) for each in frame[column].unique()]
        near = did_you_mean(str(value), known)
        raise InputError(Problem(f"no row has this {column}", given=str(value), allowed=", ".join(known), remedy=near))
    return kept
