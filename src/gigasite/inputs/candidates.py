"""Sites from the rows of a candidates file: one more site of the scenario for each row that is taken.

A row gives the place, and what the screen found it to cost to bring a line and a pipe there; `each:` gives what is said
of all of them; what `sites:` says of one of them wins over both.

| column of the file        | key of the site                                                                   |
|---------------------------|-----------------------------------------------------------------------------------|
| site                      | its id                                                                            |
| latitude, longitude       | place.lat, place.lon                                                              |
| temperature_site          | place.temperature_like_site                                                       |
| name, state, grid_zone ... | the key of the same name below `place:`                                          |
| trunk_distance_km         | gas.trunk_distance_km                                                             |
| line_usd_per_kw           | grid.contribution_usd_per_kw                                                      |

Other columns are left aside, an empty cell is not said.
"""

from __future__ import annotations

import copy
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from gigasite.foundation.errors import InputError, Origin, Problem, did_you_mean
from gigasite.inputs.folders import display_path
from gigasite.inputs.quantities import Frozen
from gigasite.inputs.site import PlaceSpec, SiteId, SiteSpec
from gigasite.inputs.source_map import Branch, Items, KeyPath, Leaf, SourceMap, dotted, flatten, merged
from gigasite.inputs.text_file import read_text

SECTION = "candidates"
ID_COLUMN = "site"
_PLACE: Mapping[str, KeyPath] = {key: ("place", key) for key in PlaceSpec.model_fields}
COLUMNS: Mapping[str, KeyPath] = {
    **_PLACE,
    "latitude": ("place", "lat"),
    "longitude": ("place", "lon"),
    "temperature_site": ("place", "temperature_like_site"),
    "trunk_distance_km": ("gas", "trunk_distance_km"),
    "line_usd_per_kw": ("grid", "contribution_usd_per_kw"),
}
"""Columns that say something of a site, and the key each of them is."""

_TEXTS = ("name", "state", "grid_zone", "census_division", "gas_hub", "temperature_like_site", "temperature_site",
          "temperature_series", "wind_series", "solar_series")  # fmt: skip


class CandidatesSpec(Frozen):
    """Sites taken from a candidates file, such as `gigasite screen` writes."""

    file: Annotated[str, Field(min_length=1)]
    """CSV file with one row per site, the best first; relative to the file that names it."""

    take: Annotated[int, Field(ge=1, le=10_000)] | None = None
    """So many rows from the top [sites]; left out: all."""

    only: tuple[SiteId, ...] = ()
    """Only these sites of the file, in its order; left out: all."""

    each: SiteSpec = SiteSpec()
    """What is said of every one of them, as of a site; what `sites:` says of one of them wins."""


@dataclass(frozen=True)
class Taken:
    """A source with the sites of its candidates file in it.

    Attributes:
        source: the source; as it was where it has no candidates.
        sites: ids of the sites taken from the file.
        problems: faults in the file and in what is said of it.
        notes: hints that are no faults.
        readable: whether the rows could be read, or there are none to be read.
    """

    source: SourceMap
    sites: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()
    readable: bool = True

    def as_written(self, problem: Problem) -> Problem:
        """Return a problem of a taken site with the key as it is written: below `each:` where it stands there."""
        named = (problem.key or "").split(".")
        if len(named) < 2 or named[0] != "sites" or named[1] not in self.sites:  # noqa: PLR2004
            return problem
        places = (*self.source.origins.items(), *self.source.key_origins.items())
        each = {origin for path, origin in places if path[:2] == (SECTION, "each")}
        key = ".".join((SECTION, "each", *named[2:]))
        if problem.origin in each:
            return replace(problem, key=key)
        said_nowhere = tuple(named) not in self.source.origins and named[2:3] not in ([], ["place"])
        if said_nowhere and problem.origin == self.source.origins.get(("sites", named[1])):
            return replace(problem, key=key, origin=self.source.origin_of((SECTION, "each")))
        return problem


def candidates_file(source: SourceMap) -> Path | None:
    """Return the candidates file that a scenario names, or None."""
    said = source.data.get(SECTION)
    named = said.get("file") if isinstance(said, dict) else None
    if not isinstance(named, str) or not named:
        return None
    return source.folders.get(source.origin_of((SECTION, "file")).file, Path()) / named


def with_candidates(source: SourceMap) -> Taken:
    """Return the source with one more site for every row taken, each key with its place; what is amiss is gathered."""
    path = candidates_file(source)
    said = source.data.get(SECTION)
    if path is None or not isinstance(said, dict):
        return Taken(source)
    origin, key = source.origin_of((SECTION, "file")), f"{SECTION}.file"
    try:
        rows = _rows(read_text(path, origin, key=key), display_path(path))
    except InputError as error:
        return Taken(source, problems=error.problems, readable=False)
    chosen, problems, notes = _chosen(rows, said, source)
    each = _branch(source, (SECTION, "each"))
    sites = source.data.get("sites")
    written = _branch(source, ("sites",)) if isinstance(sites, dict) else Branch({}, source.origin_of((SECTION,)))
    children = dict(written.children)
    for name, row in chosen.items():
        own = children.get(name, (row.origin, Branch({}, row.origin)))[1]
        if isinstance(own, Branch):  # what is no table there is told as such
            children[name] = (row.origin, merged(merged(row, each), own))
    if sites is not None and not isinstance(sites, dict):
        return Taken(source, problems=tuple(problems), notes=tuple(notes))
    data, origins, key_origins = flatten(Branch({"sites": (written.origin, Branch(children, written.origin))}, origin))
    kept = {path: place for path, place in source.origins.items() if path[:1] != ("sites",)}
    kept_keys = {path: place for path, place in source.key_origins.items() if path[:1] != ("sites",)}
    del origins[()]
    grown = replace(source, data={**source.data, **data}, origins=kept | origins, key_origins=kept_keys | key_origins)
    return Taken(grown, tuple(chosen), tuple(problems), tuple(notes))


# -- the rows ----------------------------------------------------------------------------------------------------------


def _rows(text: str, shown: str) -> dict[str, Branch]:
    """Return what every row says of its site, by id; raises InputError with every fault of the file."""
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    rows: dict[str, Branch] = {}
    problems: list[Problem] = []
    try:
        header = [str(name).strip() for name in reader.fieldnames or ()]
        problems.extend(_missing_columns(header, shown))
        for cells in () if problems else reader:
            origin = Origin(shown, reader.line_num)
            name = str(cells.get(ID_COLUMN) or "").strip()
            if None in cells or None in cells.values():
                problems.append(Problem("the row does not fit the columns", origin, allowed=f"{len(header)} cells"))
            elif not name:
                problems.append(Problem("the row names no site", origin, ID_COLUMN, remedy="give every row an id"))
            elif name in rows:
                message = f"this site has a row already, line {rows[name].origin.line}"
                problems.append(Problem(message, origin, ID_COLUMN, name, remedy="keep one of them"))
            else:
                rows[name] = _site(cells, origin)
    except csv.Error as error:
        problems.append(Problem(f"this is not CSV: {error}", Origin(shown, reader.line_num)))
    if problems:
        raise InputError(problems[:20])
    if not rows:
        remedy = "screen again with milder rules" if header else "write it with `gigasite screen STUDY`"
        raise InputError(Problem("the file holds no candidate", Origin(shown), remedy=remedy))
    return rows


def _missing_columns(header: Sequence[str], shown: str) -> Iterator[Problem]:
    for column in (ID_COLUMN, "latitude", "longitude"):
        if column not in header:
            remedy = did_you_mean(column, header) or f"name the column {column}"
            given = ", ".join(header) or "(empty file)"
            yield Problem(f"there is no column {column}", Origin(shown, 1), None, given, column, remedy)


def _site(cells: Mapping[str | Any, str | Any], origin: Origin) -> Branch:
    """Return what a row says of its site, every key at the place of the row."""
    site: dict[str | int, tuple[Origin, Any]] = {}
    for column, (section, key) in COLUMNS.items():
        text = str(cells.get(column) or "").strip()
        if text:
            below = site.setdefault(section, (origin, Branch({}, origin)))[1]
            below.children[key] = (origin, Leaf(text if column in _TEXTS else _number(text), origin))
    return Branch(site, origin)


def _number(text: str) -> float | str:
    """Return a number, or the text that is none: told where keys are checked."""
    try:
        return float(text)
    except ValueError:
        return text


def _chosen(
    rows: Mapping[str, Branch], said: Mapping[str, Any], source: SourceMap
) -> tuple[dict[str, Branch], list[Problem], list[Problem]]:
    """Return the rows that are taken, and what is amiss with `only` and `take`."""
    problems: list[Problem] = []
    notes: list[Problem] = []
    chosen = dict(rows)
    only = said.get("only")
    if isinstance(only, list) and only:
        for index, name in enumerate(only):
            if isinstance(name, str) and name not in rows:
                path: KeyPath = (SECTION, "only", index)
                message, near = "the candidates file has no such site", did_you_mean(name, rows)
                problems.append(Problem(message, source.origin_of(path), dotted(path), name, None, near))
        chosen = {name: row for name, row in rows.items() if name in only}
    take = said.get("take")
    if isinstance(take, int) and not isinstance(take, bool) and take > 0:
        if take > len(chosen):
            message = f"{take} candidates are to be taken, but there are {len(chosen)}: all of them are"
            notes.append(Problem(message, source.origin_of((SECTION, "take")), f"{SECTION}.take", str(take)))
        chosen = dict(list(chosen.items())[:take])
    return chosen, problems, notes


def _branch(source: SourceMap, path: KeyPath) -> Branch:
    """Return a part of the source as the tree it was; an empty one where it is no table."""

    def tree(value: Any, at: KeyPath) -> Any:
        origin = source.origins.get(at, source.origin_of(at))
        if isinstance(value, dict):
            below = {key: (source.key_origin_of((*at, key)), tree(item, (*at, key))) for key, item in value.items()}
            return Branch(below, origin)
        if isinstance(value, list):
            return Items(tuple(tree(item, (*at, index)) for index, item in enumerate(value)), origin)
        return Leaf(value, origin)

    try:
        value = copy.deepcopy(source.value_at(path))
    except KeyError:
        value = {}
    return tree(value if isinstance(value, dict) else {}, path)  # type: ignore[no-any-return]
