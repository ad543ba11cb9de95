"""What stands on the page of a run, from its tables alone: the answer, key figures, and every section in its order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from gigasite.foundation.errors import InputError
from gigasite.report.numbers import style_of
from gigasite.report.page.future_section import future_section
from gigasite.report.page.hours import Hours, hours_of
from gigasite.report.page.money_section import money_section
from gigasite.report.page.national_section import national_section
from gigasite.report.page.price_section import price_section
from gigasite.report.page.reliability_section import reliability_section
from gigasite.report.page.section import Section, lack, section_or_gap
from gigasite.report.page.shown_table import sentence_case
from gigasite.report.page.site_section import place_names, site_section
from gigasite.report.page.source_sections import Sources, assumption_section, check_section
from gigasite.report.page.supply_sections import capacity_section, cost_section, energised_section
from gigasite.results.run import FUTURES, Run
from gigasite.results.sentences import answer, headline

SMALLEST_GAP_PERCENT = 1e-3
OF_ONE_FUTURE = frozenset({"operation", "prices", "map", "reliability", "assumptions"})
"""Sections of what has no mean over futures."""

OPERATION = "Operation, week by week"


@dataclass
class Tile:
    """A key figure: label, number, unit, and the section it comes from."""

    label: str
    number: str
    unit: str
    section: str


@dataclass
class Content:
    """A run ready for a page.

    Attributes:
        key: begins the names of its elements.
        title: what a planner reads above the answer.
        question: what the scenario asks.
        status: how it was solved, in a line.
        good: whether it was solved to its gap and every check passed.
        first: the answer in three sentences.
        rest: the other sentences.
        tiles: key figures.
        sections: everything below.
        hours: hours for the week that can be moved.
    """

    key: str
    title: str
    question: str
    status: str
    good: bool
    first: list[str]
    rest: list[str]
    tiles: list[Tile]
    sections: list[Section]
    hours: Hours


def content_of(run: Run, key: str, room: int) -> Content:
    """Everything the page shows of a run; what its tables do not hold is told in its place.

    Args:
        run: the run.
        key: begins the names of its elements.
        room: bytes there are for its hours.
    """
    first, rest = _answer(run)
    likely, of = _likeliest(run)
    hours, operation = _hours(likely, key, room)
    sources = Sources.of(likely, key)
    parts: tuple[tuple[str, str, Callable[[], Section | None]], ...] = (
        ("futures", "The futures", lambda: future_section(run, key)),
        ("national", "The national account", lambda: national_section(run, key)),
        ("costs", "What it costs", lambda: cost_section(run, key, sources)),
        ("money", "Who pays, and what price it takes", lambda: money_section(run, key)),
        ("capacity", "What is built, and when", lambda: capacity_section(run, key, sources)),
        ("energised", "What is energised, and what waits for what", lambda: energised_section(run, key)),
        ("operation", OPERATION, lambda: operation),
        ("prices", "What binds, and what would change the answer", lambda: price_section(likely, key)),
        ("map", "The sites", lambda: site_section(likely, key)),
        ("reliability", "How sure it is", lambda: reliability_section(likely, key)),
        ("checks", "Checks made without the model", lambda: check_section(run, key)),
        ("assumptions", "Assumptions with their sources", lambda: assumption_section(likely, key, sources)),
    )
    made = (section_or_gap(f"{key}{name}", title, make) for name, title, make in parts)
    sections = [part for part in made if part is not None]
    for section in sections:
        if of and section.name.removeprefix(key) in OF_ONE_FUTURE:
            section.sentences.insert(0, of)
    good, status = _status(run)
    return Content(key, run.title, _question(run), status, good, first, rest, _tiles(run, key), sections, hours)


def _likeliest(run: Run) -> tuple[Run, str]:
    """Of a run with futures that of the most probable one, for what has no mean, and a sentence that says so."""
    shares = run.manifest.get(FUTURES)
    if not shares:
        return run, ""
    name = max(shares, key=lambda one: float(shares[one]))
    try:
        return run.futures[name], f"Of {name}, the most probable future."
    except (InputError, LookupError):
        return run, ""


def _answer(run: Run) -> tuple[list[str], list[str]]:
    try:
        first = headline(run)
        said = " ".join(first)
        return first, [sentence for sentence in answer(run) if sentence not in said]
    except (InputError, LookupError) as fault:
        return [f"The answer cannot be told in sentences: {lack(fault)}"], []


def _question(run: Run) -> str:
    try:
        return run.question
    except InputError:
        return ""


def _hours(run: Run, key: str, room: int) -> tuple[Hours, Section]:
    name = f"{key}operation"
    try:
        hours = hours_of(run, room, place_names(run))
    except (InputError, LookupError) as fault:
        return Hours(), Section(name, OPERATION, "Operation", [f"No week can be shown: {lack(fault)}"], kind="missing")
    if hours.packs:
        return hours, Section(name, OPERATION, "Operation", kind="hours")
    told = "Nothing is energised, so there is no week to look at."
    if not run.hourly_keys:
        told = "This run holds no hours: they are written by a solve, into the folder hourly/ of the run."
    return hours, Section(name, OPERATION, "Operation", [told])


def _status(run: Run) -> tuple[bool, str]:
    """Whether the answer may be used, and how it was found."""
    manifest = run.manifest
    resolution, gap, status = (manifest.get(name) for name in ("resolution_h", "gap", "status"))
    steps = "every hour" if resolution == 1 else f"{resolution}-hour means" if resolution else "steps not told"
    solved = "solved" if status == "optimal" else str(status or "status not told").replace("_", " ")
    try:
        checks = run.checks["passed"].astype(bool)
        failed = int((~checks).sum())
        told = f"{failed} of {len(checks)} checks failed" if failed else f"all {len(checks)} checks passed"
        good = status == "optimal" and not failed and run.checks_passed
    except (InputError, LookupError):
        told, good = "its checks cannot be read, so do not use this answer", False
    version = (manifest.get("versions") or {}).get("gigasite", "of a version not told")
    return good, (
        f"{sentence_case(solved)} over {steps}, {_gap(gap)}, {told}. Run {run.run_id}, gigasite {version}. "
        "Dollars of 2024, real, unless said."
    )


def _gap(gap: float | None) -> str:
    """The certified gap in words.

    >>> _gap(0.00012), _gap(1e-15), _gap(None)
    ('gap 0.012 %', 'gap under 0.001 %', 'gap not told')
    """
    if gap is None:
        return "gap not told"
    percent = 100 * float(gap)
    return f"gap {percent:.2g} %" if percent >= SMALLEST_GAP_PERCENT else f"gap under {SMALLEST_GAP_PERCENT:g} %"


def _tiles(run: Run, key: str) -> list[Tile]:
    try:
        return list(_key_figures(run, key))
    except (InputError, LookupError):
        return []


def _key_figures(run: Run, key: str) -> Iterator[Tile]:
    row, load = run.summary.iloc[0], run.load
    last = int(load["year"].max())
    energised, waiting = (float(load.loc[load["year"] == last, name].sum()) for name in ("energised_mw", "waiting_mw"))
    named: list[tuple[str, str, Any, str]] = [
        ("Present value of supply", "present_value_usd", row["present_value_usd"], "costs"),
        ("Levelised cost", "levelised_cost_usd_per_mwh", row["levelised_cost_usd_per_mwh"], "costs"),
        (f"Energised in {last}", "energised_mw", energised, "energised"),
        (f"Waiting in {last}", "waiting_mw", waiting, "energised"),
        ("First power", "year", row["first_power_year"], "energised"),
        ("Carbon dioxide", "co2_t", row["co2_t"], "assumptions"),
    ]
    for label, name, value, section in named:
        if not pd.isna(value):
            style = style_of(name, [float(value)])
            yield Tile(label, style.text(float(value)), style.unit, f"{key}{section}")
