"""The cited figures of inputs/, looked up by their keys and by year.

Tables come from several folders; a row of an earlier folder replaces the row with the same keys of a later one, so
that a planner's `inputs/` beside a scenario wins row by row over the shipped figures. Overrides come last.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from gigasite.foundation.errors import InputError, Origin, Problem, did_you_mean
from gigasite.inputs.figure import Figure, figure_of_year
from gigasite.inputs.figure_limits import overlay_problems, value_problem
from gigasite.inputs.figure_rows import TableFile, read_table_file
from gigasite.inputs.figure_table import Row, Table
from gigasite.inputs.folders import data_folder, display_path, scenarios_folder
from gigasite.inputs.hourly_csv import read_hourly_csv
from gigasite.inputs.known_sites import SITES_FILE, Site, is_there, known_sites, read_sites_file
from gigasite.inputs.overrides import AppliedOverride, apply_overrides

if TYPE_CHECKING:
    import pandas as pd

    from gigasite.inputs.scenario import Override

__all__ = ["Figure", "Tables", "data_folder", "load_tables", "read_hourly_csv", "scenarios_folder"]


class Tables:
    """All tables of inputs/ that hold for one scenario."""

    def __init__(
        self,
        tables: Mapping[str, Table],
        folders: Sequence[Path] = (),
        sha256: Mapping[str, str] | None = None,
        applied_overrides: Sequence[AppliedOverride] = (),
    ) -> None:
        self._tables = dict(tables)
        self.folders = tuple(folders)
        self.sha256 = dict(sha256 or {})
        self.applied_overrides = tuple(applied_overrides)
        self._found: dict[tuple[str, int | None, tuple[tuple[str, str], ...]], Figure | None] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all tables."""
        return tuple(sorted(self._tables))

    def has(self, name: str) -> bool:
        """Return whether there is such a table."""
        return name in self._tables

    def table(self, name: str) -> Table:
        """Return the rows of a table; InputError if there is no such table."""
        if name not in self._tables:
            places = ", ".join(display_path(folder) for folder in self.folders)
            remedy = did_you_mean(name, self._tables)
            raise InputError(Problem(f"there is no table {name}.csv in {places or 'inputs'}", remedy=remedy))
        return self._tables[name]

    def frame(self, name: str) -> pd.DataFrame:
        """Return all rows of a table: numbers as floats, years, months and hours as whole numbers, texts as text."""
        return self.table(name).frame.copy()

    def values(self, name: str, column: str, **where: str) -> tuple[str, ...]:
        """Return the different texts of a column, in file order, over the rows whose other columns fit `where`."""
        table = self.table(name)
        wanted = [(table.position(key), text) for key, text in where.items()]
        at = table.position(column)
        fitting = (row for row in table.rows if all(row.cells[position] == text for position, text in wanted))
        return tuple(dict.fromkeys(row.cells[at] for row in fitting if row.cells[at]))

    def site_ids(self) -> tuple[str, ...]:
        """Return the sites of sites.geojson, those of the last folder first."""
        return tuple(known_sites(self.folders))

    def site(self, name: str) -> Site:
        """Return what sites.geojson says of a site; empty if it does not hold it."""
        return known_sites(self.folders).get(name, {})

    def figure(self, table: str, *, year: int | None = None, default: float | None = None, **keys: object) -> Figure:
        """Return the figure whose keys fit.

        A key that a row leaves empty fits every value; rows that name the value come first. A key that is not given
        fits only rows that leave it empty. By year: the row of the year, else linear between the neighbouring years
        (confidence at best `derived`), else the nearest end; a row without year serves every year.

        Raises InputError if nothing fits and there is no `default`, with the nearest spelling.
        """
        asked = (table, year, tuple(sorted((key, str(value)) for key, value in keys.items() if value is not None)))
        if asked not in self._found:
            texts = {key: str(value) for key, value in keys.items() if value is not None}
            self._found[asked] = self._look_up(self.table(table), year, texts)
        found = self._found[asked]
        if found is not None:
            return found
        if default is not None:
            return Figure(default, "", None, "estimate", "default of gigasite", "", "no row in the inputs")
        raise InputError(self._missing(self.table(table), year, {key: str(value) for key, value in keys.items()}))

    def used(self) -> Iterator[tuple[str, int | None, Mapping[str, str], Figure]]:
        """Return every figure that was looked up and found: its table, the year asked for, its keys and itself."""
        for (table, year, keys), figure in self._found.items():
            if figure is not None:
                yield table, year, dict(keys), figure

    def _look_up(self, table: Table, year: int | None, keys: Mapping[str, str]) -> Figure | None:
        group_keys = [key for key in table.keys if key != "year"]
        unknown = [key for key in keys if key not in group_keys]
        if unknown or not table.has_figures:
            allowed = ", ".join(table.keys)
            raise InputError(Problem(f"{table.name}.csv has no key {', '.join(unknown)}", allowed=allowed))
        groups = table.dated
        for wanted in product(*((keys[key], "") if keys.get(key) else ("",) for key in group_keys)):
            if wanted in groups:
                return figure_of_year(groups[wanted], year)
        return None

    def _missing(self, table: Table, year: int | None, keys: Mapping[str, str]) -> Problem:
        """Tell which key has no row, what it may be, and what comes near."""
        asked = ", ".join(f"{key}={value}" for key, value in keys.items())
        message = f"{table.name}.csv has no row for {asked or 'no keys'}" + (f", year={year}" if year else "")
        origin = Origin(table.rows[0].origin.file) if table.rows else None
        rows: Iterable[Row] = table.rows
        for key in table.keys:
            given = keys.get(key, "")
            if key == "year":
                continue
            at = table.position(key)
            fitting = [row for row in rows if row.cells[at] in (given, "")]
            if not fitting:
                known = sorted({row.cells[at] for row in rows})
                remedy = did_you_mean(given, known) or "add a row, or take a value that is there"
                allowed = ", ".join(known[:20])
                return Problem(message, origin, key, given or "(none)", allowed, remedy)
            rows = fitting
        return Problem(message, origin, remedy="name a year" if year is None else "add a row")


def load_tables(
    folders: Sequence[Path], overrides: Sequence[Override] = (), origins: Sequence[Origin] | None = None
) -> Tables:
    """Return the tables of the folders, the first folder winning row by row, with the overrides applied.

    `origins` says where each override is written. Raises one InputError with every bad row and every override that fits
    nothing.
    """
    problems: list[Problem] = []
    tables: dict[str, Table] = {}
    sha256: dict[str, str] = {}
    shipped = folders[-1] if folders else Path()
    for folder in reversed(folders):
        own = folder != shipped
        if own:
            problems.extend(unknown_files(folder, shipped))
        for path in sorted(folder.glob("*.csv")):
            try:
                file = read_table_file(path)
            except InputError as error:
                problems.extend(error.problems)
                continue
            problems.extend(file.problems)
            problems.extend(_value_problems(file.table))
            if own and path.stem in tables:
                problems.extend(overlay_problems(tables[path.stem], file.table))
            sha256[display_path(path)] = file.sha256
            tables[path.stem] = _laid_over(tables.get(path.stem), file, problems)
        if is_there(folder / SITES_FILE):
            try:
                sha256[display_path(folder / SITES_FILE)] = read_sites_file(folder / SITES_FILE).sha256
            except InputError as error:
                problems.extend(error.problems)
    places = tuple(origins) if origins is not None else (None,) * len(overrides)
    tables, applied = apply_overrides(tables, overrides, places, problems)
    if problems:
        raise InputError(problems)
    return Tables(tables, folders, sha256, applied)


def _value_problems(table: Table) -> list[Problem]:
    if not table.has_figures:
        return []
    found = (
        value_problem(table.name, dict(zip(table.columns, row.cells, strict=True)), row.value, row.origin)
        for row in table.rows
    )
    return [problem for problem in found if problem is not None]


def unknown_files(folder: Path, shipped: Path) -> list[Problem]:
    """Return the files of a planner's folder that no shipped file of figures is named like."""
    known = sorted({path.name for path in shipped.glob("*.csv")} | {SITES_FILE, "README.md"})
    return [
        Problem(
            "no shipped file of figures has this name, so nothing would read it",
            Origin(display_path(path)),
            None,
            path.name,
            ", ".join(known),
            did_you_mean(path.name, known) or "keep other files in another folder",
        )
        for path in sorted(folder.iterdir())
        if path.is_file() and path.name not in known and not path.name.startswith(".")
    ]


def _laid_over(below: Table | None, file: TableFile, problems: list[Problem]) -> Table:
    """Return the rows below with those of the file in place of rows with the same keys."""
    above = file.table
    if below is None:
        return above
    if below.columns != above.columns:
        origin = Origin(above.rows[0].origin.file if above.rows else f"{above.name}.csv", 1)
        given, allowed = ", ".join(above.columns), ", ".join(below.columns)
        problems.append(Problem("the columns differ from those of the shipped file", origin, None, given, allowed))
        return below
    rows = {below.key_of(row): row for row in below.rows}
    rows.update({above.key_of(row): row for row in above.rows})
    return replace(below, rows=tuple(rows.values()))
