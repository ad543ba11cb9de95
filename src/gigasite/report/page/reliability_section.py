"""What a plan lives through, and what outages replayed at random found."""

from __future__ import annotations

import math

import pandas as pd

from gigasite.report.page.section import Section
from gigasite.report.page.shown_table import Heading, ShownTable, shown_table
from gigasite.results.run import Run

MONTHS = ("none", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MOST_ROWS = 24
WHOLE_FROM = 10.0


def reliability_section(run: Run, key: str) -> Section:
    """Losses that were asked for, and the replay where there is one."""
    section = Section(f"{key}reliability", "How sure it is", "Reliability")
    losses = run.table("reliability") if "reliability" in run.table_names else pd.DataFrame()
    if len(losses):
        _add(section, shown_table(losses, "Losses that the plan lives through"))
    else:
        section.sentences.append("No loss beside that of machines was asked for.")
    replayed = run.table("replay") if "replay" in run.table_names else pd.DataFrame()
    if len(replayed):
        _add(section, _replay_table(replayed))
        section.sentences.append(
            "Outages of machines, grid circuits and lines were replayed at random over every hour. Not replayed: loss "
            "of the gas trunk, days without interruptible gas, weather of other years, mistakes."
        )
    else:
        section.sentences.append(
            f"Outages were not replayed: `gigasite replay {_asked(run)}` does it and adds the hours and energy "
            "unserved to the run; make this page again afterwards."
        )
    return section


def _asked(run: Run) -> str:
    """How a run is asked for: its scenario, or the future of one."""
    future = run.manifest.get("future")
    return f"{run.manifest.get('future_of', run.scenario)}/{future}" if future else run.scenario


def _add(section: Section, table: ShownTable) -> None:
    (section.tables if len(table.rows) <= MOST_ROWS else section.long_tables).append(table)


def _replay_table(replayed: pd.DataFrame) -> ShownTable:
    words = ("Site", "Year", "Served in full", "Nines", "Unserved", "Unserved", "Longest", "Worst month")
    units = ("", "", "% of hours", "", "h/year", "MWh/year", "h", "")
    headings = tuple(
        Heading(word, unit, is_number=word not in {"Site", "Worst month"})
        for word, unit in zip(words, units, strict=True)
    )
    rows = tuple(
        (
            str(row["site"]),
            str(row["year"]),
            f"{100 * float(row['availability']):.4f}",
            f"more than {row['nines_low']:.1f}" if math.isinf(float(row["nines"])) else f"{row['nines']:.1f}",
            _interval(row["unserved_hours_per_year"], row["unserved_hours_low_per_year"],
                      row["unserved_hours_high_per_year"]),
            _interval(row["unserved_mwh_per_year"], row["unserved_mwh_low_per_year"],
                      row["unserved_mwh_high_per_year"]),
            f"{row['longest_event_h']:,}",
            MONTHS[int(row["worst_month"])],
        )
        for row in replayed.to_dict(orient="records")
    )  # fmt: skip
    return ShownTable("Outages replayed at random, in brackets the 95 % interval", headings, rows)


def _interval(mean: float, low: float, high: float) -> str:
    return f"{_short(mean)} ({_short(low)} to {_short(high)})"


def _short(value: float) -> str:
    """Two figures of a small number, whole ones of a large.

    >>> [_short(value) for value in (0.0, 0.0312, 1.26, 431.7)]
    ['0', '0.031', '1.3', '432']
    """
    return f"{value:,.0f}" if value >= WHOLE_FROM or value == 0 else f"{value:.2g}"
