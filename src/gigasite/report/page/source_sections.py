"""Checks of a run, and the cited figures it rests on, with the row of inputs/ that each stands in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

import pandas as pd

from gigasite.foundation.errors import InputError
from gigasite.report.page.section import Section
from gigasite.report.page.shown_table import Finding, ShownTable, sentence_case, shown_table
from gigasite.results.run import Run

WORDS_OF_TECHNOLOGY = {"grid_connection": "grid_zones:", "gas_trunk": "pipeline", "line": "line"}
WORDS_OF_COMPONENT = {
    "capital": "capex",
    "fixed_om": "fixed_om",
    "variable_om": "variable_om",
    "fuel": "fuels:",
    "pipeline": "pipeline",
    "grid_connection": "connection_cost",
    "grid_energy": "energy_price",
    "grid_capacity": "capacity_price",
    "grid_demand_charge": "demand_charge",
    "co2": "co2",
    "idle_load": "idle",
    "unserved_energy": "unserved_cost",
}
"""What to look for among the figures behind a row or a column of costs; a technology is looked for by its name."""

CONFIDENCE = ("published", "derived", "reported", "estimate")


@dataclass(frozen=True)
class Sources:
    """The cited figures of a run as a page lists them, and whether something is among them.

    Attributes:
        section: name of the element that holds them.
        table: the list; None where the run has none.
        texts: each row in small letters, as the page searches it.
    """

    section: str
    table: ShownTable | None
    texts: tuple[str, ...]

    @classmethod
    def of(cls, run: Run, key: str) -> Self:
        """The figures of a run."""
        section = f"{key}assumptions"
        try:
            table = assumption_rows(run.table("assumptions"), key)
        except (InputError, LookupError):
            return cls(section, None, ())
        return cls(section, table, tuple(" ".join(row).lower() for row in table.rows))

    def of_technologies(self, names: Iterable[str]) -> tuple[Finding | None, ...]:
        """Where the figures of each technology are found."""
        return tuple(self._finding(WORDS_OF_TECHNOLOGY.get(name, f"technologies: {name}")) for name in names)

    def of_components(self, names: Iterable[str]) -> Mapping[str, Finding]:
        """Where the figures of each kind of cost are found."""
        found = {name: self._finding(WORDS_OF_COMPONENT.get(name, "")) for name in names}
        return {name: finding for name, finding in found.items() if finding is not None}

    def _finding(self, words: str) -> Finding | None:
        parts = words.split()
        found = bool(parts) and any(all(part in text for part in parts) for text in self.texts)
        return Finding(self.section, words) if found else None


def check_section(run: Run, key: str) -> Section:
    """Every check, and how many failed."""
    checks = run.checks[["check", "passed", "sentence", "value", "limit", "unit"]].copy()
    checks["check"] = [sentence_case(str(name).replace("_", " ")) for name in checks["check"]]
    checks["passed"] = ["passed" if passed else "FAILED" for passed in checks["passed"].astype(bool)]
    failed = int((checks["passed"] != "passed").sum())
    told = f"All {len(checks)} passed." if not failed else f"{failed} of {len(checks)} failed: do not use this answer."
    section = Section(f"{key}checks", "Checks made without the model", "Checks", sentences=[told])
    words = {"sentence": "What was recomputed"}
    if failed:
        section.tables.append(shown_table(checks[checks["passed"] != "passed"], "Checks that failed", words=words))
    section.long_tables.append(shown_table(checks, "Every check", words=words))
    return section


def assumption_section(run: Run, key: str, sources: Sources) -> Section:
    """Every cited figure; raises InputError where the run has no table of them."""
    told = run.table("assumptions")
    kinds = told["confidence"].value_counts()
    counted = ", ".join(f"{int(kinds[name]):,} {name}" for name in CONFIDENCE if name in kinds)
    sentence = (
        f"{len(told):,} cited figures were looked up: {counted}. Each names the row of inputs/ it stands in; names in "
        "the tables of cost and capacity lead to those they rest on."
    )
    title = "Assumptions with their sources"
    section = Section(f"{key}assumptions", title, "Assumptions", sentences=[sentence], kind="assumptions")
    section.long_tables.append(assumption_rows(told, key) if sources.table is None else sources.table)
    return section


def assumption_rows(told: pd.DataFrame, key: str = "") -> ShownTable:
    """Figures of the same row of inputs/ in one line: what of, the value, and where it was read."""
    keys = ["input_file", "input_line", "table", "figure", "unit", "confidence", "source", "locator", "note"]
    rows, names = [], []
    for at, group in told.groupby(keys, sort=False, dropna=False):
        named = dict(zip(keys, at, strict=True))
        values = list(dict.fromkeys(f"{value:g}" for value in group["value"]))
        shown = values[0] if len(values) == 1 else f"{values[0]} to {values[-1]}"
        years = group["year"].dropna()
        of = f"{named['table']}: {named['figure']}" + (f", {int(years.min())}" if len(years) == 1 else "")
        number: Any = named["input_line"]
        line = "" if pd.isna(number) else f":{int(number)}"
        row = f"{named['input_file']}{line}"
        rows.append((of, shown, named["unit"], named["confidence"], f"{named['source']}. {named['locator']}",
                     named["note"], row))  # fmt: skip
        names.append(f"{key}{re.sub(r'[^A-Za-z0-9]+', '-', row)}")
    frame = pd.DataFrame(rows, columns=["of", "value", "in", "confidence", "source", "note", "row"])
    words = {
        "of": "Figure",
        "value": "Value",
        "in": "Unit",
        "source": "Read in",
        "note": "Note",
        "row": "Row of inputs/",
    }
    return replace(shown_table(frame, "Every figure that was looked up", words=words), row_names=_once(names))


def _once(names: Iterable[str]) -> tuple[str, ...]:
    """Names of which each comes once: the second of a kind ends in -2."""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name}-{seen[name]}")
    return tuple(found)
