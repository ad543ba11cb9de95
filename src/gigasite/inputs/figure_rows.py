"""One CSV file of inputs/: its key columns, its figures, and the rule that no figure stands without unit and source."""

from __future__ import annotations

import csv
import gc
import hashlib
import io
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from gigasite.foundation.errors import InputError, Origin, Problem, did_you_mean
from gigasite.inputs.figure_table import Row, Table
from gigasite.inputs.folders import display_path
from gigasite.inputs.text_file import read_text

COMMON_COLUMNS = (
    "value", "low", "high", "unit", "currency_year", "source", "locator", "source_year", "confidence", "note",
)  # fmt: skip
"""Columns that every file of figures ends with, in this order; the columns before them are its keys."""

CONFIDENCES = ("published", "derived", "reported", "estimate")
"""From the best known to the least."""

_TIMES = {"month": frozenset(map(str, range(1, 13))), "hour": frozenset(map(str, range(24)))}
"""Columns of times within a year, and what stands in them."""

_WITH_REASON = ("derived", "estimate")
_TEXT_KEYS = {"grid_zone_series": 2, "programme_sites": 2}


@dataclass(frozen=True)
class TableFile:
    """A table as one file holds it, the file's fingerprint and the faults in it."""

    table: Table
    sha256: str
    problems: tuple[Problem, ...]


def read_table_file(path: Path) -> TableFile:
    """Return the table of a CSV file with all faults of its rows; raises InputError if it is no table at all."""
    status = path.stat() if path.is_file() else None
    stamp = (status.st_mtime_ns, status.st_size) if status else (0, 0)
    return _read_table_file(path, display_path(path), stamp)


@lru_cache(maxsize=256)
def _read_table_file(path: Path, shown: str, _stamp: tuple[int, int]) -> TableFile:
    text = read_text(path)
    lines, problems = _csv_lines(text, shown)
    if not lines:
        raise InputError(Problem("the file is empty", Origin(shown), allowed="a line of column names, then rows"))
    header = tuple(name.strip() for name in lines[0][1])
    has_figures = "value" in header
    if has_figures and header[-len(COMMON_COLUMNS) :] != COMMON_COLUMNS:
        raise InputError(_header_problem(header, shown))
    key_count = len(header) - len(COMMON_COLUMNS) if has_figures else _TEXT_KEYS.get(path.stem, 1)
    with _nothing_collected():
        rows = _rows(lines[1:], header, key_count, _Places.of(header) if has_figures else None, shown, problems)
    table = Table(path.stem, header, header[:key_count], tuple(rows), has_figures)
    return TableFile(table, hashlib.sha256(text.encode()).hexdigest(), tuple(problems))


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Have Python not look for garbage: among ten thousands of new rows there is none, and the search takes as long."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def _rows(
    lines: list[tuple[int, list[str]]],
    header: tuple[str, ...],
    key_count: int,
    at: _Places | None,
    shown: str,
    problems: list[Problem],
) -> list[Row]:
    """Return the rows that are sound, the reasons against the others added to `problems`."""
    rows: list[Row] = []
    first: dict[tuple[str, ...], int] = {}
    for number, cells in lines:
        origin = Origin(shown, number)
        if len(cells) != len(header):
            message, given = "the row does not fit the columns", f"{len(cells)} cells"
            problems.append(Problem(message, origin, given=given, allowed=str(len(header))))
            continue
        stripped = tuple(map(str.strip, cells))
        row = Row(stripped, origin) if at is None else _figure(stripped, at, origin, problems)
        if row is None:
            continue
        earlier = first.setdefault(row.cells[:key_count], number)
        if earlier != number:
            keys = ", ".join(cell or "(empty)" for cell in row.cells[:key_count])
            message = f"the row {keys} stands twice, first in line {earlier}"
            problems.append(Problem(message, row.origin, remedy="keep one of them"))
            continue
        rows.append(row)
    return rows


def _csv_lines(text: str, shown: str) -> tuple[list[tuple[int, list[str]]], list[Problem]]:
    """Return (line number, cells) of every row that is not empty."""
    reader = csv.reader(io.StringIO(text), strict=True)
    lines: list[tuple[int, list[str]]] = []
    begins = 1
    try:
        for cells in reader:
            if any(cells):
                lines.append((begins, cells))
            begins = reader.line_num + 1
    except csv.Error as error:
        remedy = "check the quotes and commas of this line"
        return lines, [Problem(f"this line is not CSV: {error}", Origin(shown, begins), remedy=remedy)]
    return lines, []


def _header_problem(header: tuple[str, ...], shown: str) -> Problem:
    missing = [name for name in COMMON_COLUMNS if name not in header]
    what = f"columns are missing: {', '.join(missing)}" if missing else "the columns stand in another order"
    allowed = f"key columns, then {', '.join(COMMON_COLUMNS)}"
    return Problem(what, Origin(shown, 1, 1), given=", ".join(header), allowed=allowed)


@dataclass(frozen=True)
class _Places:
    """Where the columns of figures stand that every row is held to: tens of thousands of rows are."""

    value: int
    low: int
    high: int
    confidence: int
    note: int
    cited: tuple[tuple[str, int], ...]
    years: tuple[tuple[str, int], ...]
    times: tuple[tuple[str, int, frozenset[str]], ...]

    @classmethod
    def of(cls, header: tuple[str, ...]) -> _Places:
        """Return the places in a header."""
        value, low, high, confidence, note = map(header.index, ("value", "low", "high", "confidence", "note"))
        cited = tuple((name, header.index(name)) for name in ("unit", "source"))
        years = tuple((name, header.index(name)) for name in ("year", "currency_year") if name in header)
        times = tuple((name, header.index(name), allowed) for name, allowed in _TIMES.items() if name in header)
        return cls(value, low, high, confidence, note, cited, years, times)


def _figure(cells: tuple[str, ...], at: _Places, origin: Origin, problems: list[Problem]) -> Row | None:
    """Return the row of a figure, or None with the reasons added to `problems`."""
    known = len(problems)
    value = _number(cells[at.value], "value", origin, problems)
    low = _number(cells[at.low], "low", origin, problems) if cells[at.low] else None
    high = _number(cells[at.high], "high", origin, problems) if cells[at.high] else None
    if low is not None and high is not None and low > high:
        problems.append(Problem("low is above high", origin, "low", given=f"{low:g} > {high:g}"))
    for column, place in at.cited:
        if not cells[place]:
            problems.append(Problem(f"a figure without {column}", origin, column, given="(empty)", remedy="cite it"))
    for column, place in at.years:
        if cells[place] and not cells[place].isdigit():
            problems.append(Problem("not a year", origin, column, given=cells[place], allowed="2030, or empty"))
    for column, place, times in at.times:
        if cells[place] and cells[place] not in times:
            span = f"{min(map(int, times))} to {max(map(int, times))}, or empty"
            problems.append(Problem(f"there is no such {column}", origin, column, given=cells[place], allowed=span))
    confidence = cells[at.confidence]
    if confidence not in CONFIDENCES:
        allowed = ", ".join(CONFIDENCES)
        remedy = did_you_mean(confidence, CONFIDENCES)
        message = "this confidence is not known"
        problems.append(Problem(message, origin, "confidence", confidence or "(empty)", allowed, remedy))
    elif confidence in _WITH_REASON and not cells[at.note]:
        message = f"a figure of confidence {confidence} without its reason"
        problems.append(Problem(message, origin, "note", given="(empty)", remedy="write formula or reason"))
    if len(problems) > known or value is None:
        return None
    return Row(cells, origin, value, low, high)


def _number(text: str, column: str, origin: Origin, problems: list[Problem]) -> float | None:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if math.isfinite(number):
        return number
    message = "the cell is empty" if not text else "not a number"
    problems.append(Problem(message, origin, column, given=text or "(empty)", allowed="a finite number like 12.5"))
    return None
