"""What a replay of outages found, in the terminal or as JSON."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gigasite import api
from gigasite.cli.frames import ShownColumn, rich_table
from gigasite.cli.progress import Interrupts, Stages
from gigasite.cli.screen import answers, print_json, remark

if TYPE_CHECKING:
    import pandas as pd

    from gigasite.run.replay import Replayed

MONTHS = ("none", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def replay_and_tell(run: str, results: Path, *, years: int, seed: int, as_json: bool, quiet: bool) -> None:
    """Replay a run and print what was found."""
    with Interrupts() as interrupts, Stages(interrupts, quiet=quiet) as stages:
        found = api.replay(run, results=results, years=years, seed=seed, progress=stages)
    if as_json:
        print_json(_json(found))
    else:
        _print(found)


def _json(found: Replayed) -> dict[str, object]:
    from gigasite.results.run import plain_json

    rows = plain_json(found.table.to_dict(orient="records"))
    head = {"run": found.run, "outage_years": found.outage_years, "seed": found.seed, "seconds": found.seconds}
    return {**head, "replay": rows}


def _print(found: Replayed) -> None:
    if found.table.empty:
        answers().print("Nothing is energised, so there is nothing to replay.")
        return
    answers().print(rich_table(_columns(found.table)))
    remark(
        f"{found.outage_years:,} outage years for every site and year, seed {found.seed}, {found.seconds:.1f} s; in "
        "brackets the 95 % interval. Up: hours in which all load is served, load shed by contract counted as served."
    )
    remark("Not replayed: loss of the gas trunk, days without interruptible gas, weather of other years, mistakes.")
    answers().print(f"Table replay written to {found.run}", soft_wrap=True, markup=False)


def _columns(table: pd.DataFrame) -> list[ShownColumn]:
    def texts(heading: str, cells: list[str]) -> ShownColumn:
        return ShownColumn(heading, heading, tuple(cells), is_number=False)

    def numbers(heading: str, cells: list[str]) -> ShownColumn:
        return ShownColumn(heading, heading, tuple(cells), is_number=True)

    rows = table.to_dict(orient="records")
    return [
        texts("site", [str(row["site"]) for row in rows]),
        numbers("year", [str(row["year"]) for row in rows]),
        numbers("up\n%", [f"{100 * row['availability']:.4f}" for row in rows]),
        numbers("nines", [nines_in_words(row["nines"], row["nines_low"]) for row in rows]),
        numbers("unserved\nh/year", [_interval(row, "hours") for row in rows]),
        numbers("unserved\nMWh/year", [_interval(row, "mwh") for row in rows]),
        numbers("events\na year", [_short(row["events_per_year"]) for row in rows]),
        numbers("longest\nh", [f"{row['longest_event_h']:,}" for row in rows]),
        numbers("largest\nMW", [f"{row['largest_unserved_mw']:,.0f}" for row in rows]),
        texts("worst\nmonth", [MONTHS[int(row["worst_month"])] for row in rows]),
    ]


def nines_in_words(nines: float, at_least: float) -> str:
    """The number of nines and the least it may be.

    >>> nines_in_words(4.31, 4.02), nines_in_words(float("inf"), 4.7)
    ('4.3 (4.0 at least)', 'more than 4.7')
    """
    if math.isinf(nines):
        return f"more than {at_least:.1f}"
    return f"{nines:.1f} ({at_least:.1f} at least)"


def _interval(row: dict[Any, Any], what: str) -> str:
    mean, low, high = (float(row[f"unserved_{what}{part}_per_year"]) for part in ("", "_low", "_high"))
    return f"{_short(mean)} ({_short(low)} - {_short(high)})"


def _short(value: float) -> str:
    """Two figures of a small number, whole ones of a large.

    >>> [_short(value) for value in (0.0, 0.0312, 1.26, 431.7)]
    ['0', '0.031', '1.3', '432']
    """
    return f"{value:,.0f}" if value >= 10 or value == 0 else f"{value:.2g}"  # noqa: PLR2004
