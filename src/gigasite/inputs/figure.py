"""One cited number, and how it is taken from rows of several years."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

from gigasite.foundation.errors import InputError, Origin, Problem
from gigasite.inputs.figure_rows import COMMON_COLUMNS, CONFIDENCES
from gigasite.inputs.figure_table import DatedRows, Row


@dataclass(frozen=True)
class Figure:
    """One cited number. `low` and `high` are its range where the source gives one, `origin` is the row it stands in."""

    value: float
    unit: str
    currency_year: int | None
    confidence: str
    source: str
    locator: str
    note: str
    low: float | None = None
    high: float | None = None
    origin: Origin | None = None


def figure_of_year(rows: DatedRows, year: int | None) -> Figure | None:
    """Return the figure of a year; None if there is none, or several and no year is asked for."""
    undated, dated = rows
    if not dated or (year is None and undated is not None):
        return _figure(undated) if undated is not None else None
    if year is None:
        return _figure(dated[0][1]) if len(dated) == 1 else None
    for (earlier, before), (later, after) in pairwise(dated):
        if earlier < year < later:
            return _between(_figure(before), _figure(after), (year - earlier) / (later - earlier))
    nearest = min(dated, key=lambda pair: abs(pair[0] - year))
    return _figure(nearest[1])


def _figure(row: Row) -> Figure:
    cells = dict(zip(COMMON_COLUMNS, row.cells[-len(COMMON_COLUMNS) :], strict=True))
    return Figure(
        value=row.value,
        unit=cells["unit"],
        currency_year=int(cells["currency_year"]) if cells["currency_year"] else None,
        confidence=cells["confidence"],
        source=cells["source"],
        locator=cells["locator"],
        note=cells["note"],
        low=row.low,
        high=row.high,
        origin=row.origin,
    )


def _between(before: Figure, after: Figure, share: float) -> Figure:
    """Return the figure on the straight line between two years."""
    if (before.unit, before.currency_year) != (after.unit, after.currency_year):
        given = f"{before.unit} ({before.currency_year}) and {after.unit} ({after.currency_year})"
        raise InputError(Problem("two rows between which a year lies have different units or money", given=given))
    confidence = max(before.confidence, after.confidence, "derived", key=CONFIDENCES.index)

    def line(low: float | None, high: float | None) -> float | None:
        return None if low is None or high is None else low + (high - low) * share

    return replace(
        before,
        value=before.value + (after.value - before.value) * share,
        confidence=confidence,
        low=line(before.low, after.low),
        high=line(before.high, after.high),
        note=f"linear between two given years. {before.note}".strip(),
    )
