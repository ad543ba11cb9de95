"""A planner's own hourly series: 8,760 numbers from one column of a CSV file, or a message that names the line."""

from __future__ import annotations

import csv
import io
import math
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gigasite.foundation.errors import InputError, Origin, Problem, did_you_mean
from gigasite.foundation.units import HOURS_PER_YEAR
from gigasite.inputs.folders import display_path
from gigasite.inputs.text_file import read_text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_LEAP_YEAR_HOURS = 8784

HOURLY_COLUMNS: Final = {
    "load": ("load_per_unit", 0.0, 1.0),
    "price": ("price_usd_per_mwh", 0.0, None),
    "wind": ("wind_per_unit", 0.0, 1.0),
    "solar": ("solar_per_unit", 0.0, 1.0),
    "temperature": ("temperature_c", -60.0, 60.0),
}
"""Column of a planner's hourly file by kind, and its smallest and largest value (None: any).

Load is a share of the contracted peak, which reserve and billing take as the most there is. A negative price would pay
a battery for burning energy, which no linear row forbids.
"""


def read_hourly_csv(
    path: Path,
    column: str,
    origin: Origin | None = None,
    *,
    minimum: float | None = None,
    maximum: float | None = None,
    key: str | None = None,
) -> NDArray[np.float64]:
    """Return the 8,760 values of a column, hour 0 being the first of 1 January.

    A column `hour` (0 to 8759) or `time` (2023-01-01T00:00 and on) is checked for missing and repeated hours; without
    one the rows are taken in their order.

    Args:
        path: the CSV file.
        column: the column to read.
        origin: where the scenario names the file.
        minimum: smallest value allowed, None for any.
        maximum: largest value allowed, None for any.
        key: key path under which the scenario names the file.

    Raises:
        InputError: a missing file, column or hour, a value that is no number or outside its limits, another length.
    """
    import numpy as np

    shown = display_path(path)
    rows = _rows(read_text(path, origin, key=key), shown, key)
    header = [name.strip() for name in rows[0]] if rows else []
    if column not in header:
        remedy = did_you_mean(column, header) or f"name the column {column}"
        message = f"there is no column {column}"
        raise InputError(Problem(message, Origin(shown, 1), key, ", ".join(header) or "(empty file)", column, remedy))
    numbered = [(line, cells) for line, cells in enumerate(rows[1:], start=2) if any(cell.strip() for cell in cells)]
    problems = _width_problems(header, numbered, shown, key) or _clock_problems(header, numbered, shown, key)
    values: list[float] = []
    at = header.index(column)
    for line, cells in numbered:
        text = cells[at].strip() if at < len(cells) else ""
        values.append(_checked(text, Origin(shown, line), column, (minimum, maximum), problems))
    if not problems and len(values) != HOURS_PER_YEAR:
        problems.append(_length_problem(len(values), shown, key))
    if problems:
        raise InputError(problems[:20])
    if column == HOURLY_COLUMNS["load"][0] and not any(values):
        message = "the load is 0 in every hour"
        raise InputError(Problem(message, Origin(shown), key, "0", "an hour with load", "give the share of the peak"))
    return np.array(values, dtype=np.float64)


def _rows(text: str, shown: str, key: str | None) -> list[list[str]]:
    """Return the cells of every line."""
    reader = csv.reader(io.StringIO(text), strict=True)
    rows: list[list[str]] = []
    try:
        rows.extend(reader)
    except csv.Error as error:
        remedy = "close the quote, or take it out: numbers need none"
        raise InputError(
            Problem(f"this is not CSV: {error}", Origin(shown, len(rows) + 1), key, remedy=remedy)
        ) from None
    return rows


def _width_problems(
    header: list[str], numbered: list[tuple[int, list[str]]], shown: str, key: str | None
) -> list[Problem]:
    """Return the first row that has not one cell for each column: a decimal comma cuts a number in two."""
    for line, cells in numbered:
        if len(cells) != len(header):
            allowed = f"{len(header)} cells, as in the header"
            remedy = "use a point for decimals, and one cell for each column"
            message = "the row does not fit the columns"
            return [Problem(message, Origin(shown, line), key, ",".join(cells), allowed, remedy)]
    return []


def _checked(
    text: str, origin: Origin, column: str, limits: tuple[float | None, float | None], problems: list[Problem]
) -> float:
    minimum, maximum = limits
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        message = "the value of this hour is missing" if not text else "not a number"
        problems.append(Problem(message, origin, column, text or "(empty)", "a finite number", "fill the gap"))
    elif minimum is not None and value < minimum:
        problems.append(Problem("the value is too small", origin, column, text, f"{minimum:g} or more"))
    elif maximum is not None and value > maximum:
        problems.append(Problem("the value is too large", origin, column, text, f"{maximum:g} or less"))
    return value


def _clock_problems(
    header: list[str], numbered: list[tuple[int, list[str]]], shown: str, key: str | None
) -> list[Problem]:
    """Return the first hour that is missing, repeated or unreadable, if the file says its hours."""
    clock = next((name for name in ("hour", "time") if name in header), None)
    if clock is None:
        return []
    at = header.index(clock)
    expected: int | datetime | None = 0 if clock == "hour" else None
    for line, cells in numbered:
        text = cells[at].strip() if at < len(cells) else ""
        try:
            found = int(text) if clock == "hour" else datetime.fromisoformat(text)
        except ValueError:
            allowed = "0 to 8759" if clock == "hour" else "2023-01-01T00:00"
            return [Problem(f"not a {clock}", Origin(shown, line), clock, text or "(empty)", allowed)]
        if isinstance(found, datetime):
            expected = _hour_expected(found, expected)
        if found != expected:
            message = f"the {clock} {expected} is missing or stands elsewhere"
            remedy = "fill the gap: one row for each hour, in order, without 29 February"
            return [Problem(message, Origin(shown, line), key or clock, text, str(expected), remedy)]
        expected = found + 1 if isinstance(found, int) else found + timedelta(hours=1)
    return []


def _hour_expected(found: datetime, following: int | datetime | None) -> datetime:
    """Return the time that must stand here: the first hour of a year, then hour by hour without 29 February."""
    if not isinstance(following, datetime):
        return found.replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    leap_day = (following.month, following.day) == (2, 29)
    return following + timedelta(days=1) if leap_day else following


def _length_problem(count: int, shown: str, key: str | None) -> Problem:
    missing = HOURS_PER_YEAR - count
    what = f"{missing} hours are missing" if missing > 0 else f"{-missing} hours too many"
    remedy = "leave out 29 February" if count == _LEAP_YEAR_HOURS else "give one row for each hour of the year"
    return Problem(what, Origin(shown), key, f"{count} rows", f"{HOURS_PER_YEAR} rows", remedy)
