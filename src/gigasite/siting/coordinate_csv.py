"""A CSV with coordinates as a layer of points."""

from __future__ import annotations

import csv
import re
from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gigasite.foundation.errors import InputError, Origin, Problem, did_you_mean
from gigasite.inputs.folders import display_path

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame

DEGREES = {
    "latitude": ("latitude", "lat", "latdd", "latitudedd", "latdeg", "latitudedeg", "latitudedegrees", "latwgs"),
    "longitude": ("longitude", "lon", "long", "lng", "londd", "longitudedd", "londeg", "longitudedeg", "longwgs"),
}
PLANE = {"y": ("y", "ycoord", "ycoordinate", "northing"), "x": ("x", "xcoord", "xcoordinate", "easting")}
_SEPARATORS = (",", ";", "\t", "|")
_HEADER_LINE = 1
_SHOWN_COLUMNS = 30
_EMPTY = ("", "nan", "None", "<NA>")


def read_coordinates(
    path: Path, *, kind: str, crs: Any, columns: Sequence[str] | None, where: Origin
) -> tuple[GeoDataFrame, list[str]]:
    """Return the rows as points, and the repairs made: none.

    Columns latitude and longitude (near names are understood: lat, lon, lng, ...) are degrees in WGS84 unless `crs`
    says otherwise; columns x and y need `crs`.

    Raises:
        InputError: no points, no columns of coordinates, a coordinate that is no number, no rows, a row of more cells
            than columns, not UTF-8.
    """
    import geopandas
    import pandas as pd

    shown = display_path(path)
    header, separator = _header(path, shown, where)
    problems = _kind_problems(shown, kind, where)
    pair = _coordinate_columns(header, shown, where, problems)
    in_plane = pair is not None and _normal(pair[0]) in PLANE["y"]
    if in_plane and crs is None:
        remedy = "say it, as crs: EPSG:5070; degrees are columns named latitude and longitude"
        problems.append(Problem(f"{shown} has x and y but no coordinate system", where, "crs", "(none)", remedy=remedy))
    for column in columns or ():
        if column not in header:
            allowed, remedy_ = ", ".join(header[:_SHOWN_COLUMNS]), did_you_mean(column, header)
            problems.append(Problem(f"{shown} has no such column", where, column, column, allowed, remedy_))
    if problems or pair is None:
        raise InputError(problems)
    _refuse_long_rows(path, shown, header, separator)
    kept = header if columns is None else list(dict.fromkeys((*pair, *columns)))
    # Codes keep their zeros: 01001 is Autauga County, 1001 is none.
    codes: dict[Hashable, str] = {name: "str" for name in kept if "fips" in name.casefold()}
    try:
        rows = pd.read_csv(
            path, sep=separator, header=0, names=header, usecols=kept, dtype=codes, encoding="utf-8-sig",
            low_memory=False, index_col=False,
        )  # fmt: skip
    except (UnicodeDecodeError, pd.errors.ParserError) as error:
        message = f"{shown} is not a CSV in UTF-8: {str(error).strip()}"
        raise InputError(Problem(message, where, "path", remedy="save it as CSV in UTF-8")) from None
    if rows.empty:
        raise InputError(Problem(f"{shown} holds no rows", where, "path", remedy="export the table again"))
    north, east = (_numbers(rows[name], name, shown) for name in pair)
    points = geopandas.points_from_xy(east, north)
    return geopandas.GeoDataFrame(rows[kept], geometry=points, crs="EPSG:4326" if crs is None else crs), []


def _header(path: Path, shown: str, where: Origin) -> tuple[list[str], str]:
    """Return the names of the columns and what separates them."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            line = file.readline().rstrip("\r\n")
    except UnicodeDecodeError as error:
        message = f"{shown} is not UTF-8 text: {error.reason}"
        raise InputError(Problem(message, where, "path", remedy="save it as CSV in UTF-8")) from None
    separator = max(_SEPARATORS, key=line.count)
    names = [name.strip() for name in next(csv.reader([line], delimiter=separator))] if line else []
    if not names:
        raise InputError(Problem(f"{shown} is empty", where, "path", allowed="a line of column names, then rows"))
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InputError(Problem(f"{shown} has two columns of one name", where, "path", twice, remedy="rename one"))
    return names, separator


def _refuse_long_rows(path: Path, shown: str, header: Sequence[str], separator: str) -> None:
    """Refuse a row with more cells than columns: decimal commas between commas would shift every cell."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        for number, line in enumerate(file, start=1):
            if line.count(separator) >= len(header):
                cells = next(csv.reader([line.rstrip("\r\n")], delimiter=separator))
                if any(cell.strip() for cell in cells[len(header) :]):
                    message = f"the row has {len(cells)} cells, but there are {len(header)} columns"
                    remedy = "write decimal points, and a cell with a separator in it in quotes"
                    raise InputError(Problem(message, Origin(shown, number), given=line.strip()[:60], remedy=remedy))


def _kind_problems(shown: str, kind: str, where: Origin) -> list[Problem]:
    if kind == "points":
        return []
    remedy = "say kind: points, or give the layer as GeoPackage, GeoJSON or Shapefile"
    return [Problem(f"{shown} is a CSV with coordinates and holds no {kind}", where, "kind", kind, "points", remedy)]


def _coordinate_columns(
    header: Sequence[str], shown: str, where: Origin, problems: list[Problem]
) -> tuple[str, str] | None:
    """Return the columns of northing and easting, or None with the reason added to `problems`."""
    for names in (DEGREES, PLANE):
        found = [[column for column in header if _normal(column) in known] for known in names.values()]
        if all(len(columns) == 1 for columns in found):
            return found[0][0], found[1][0]
        if all(found):
            given = ", ".join(column for columns in found for column in columns)
            remedy = "rename those that do not count"
            problems.append(Problem(f"{shown} has several columns of coordinates", where, "path", given, remedy=remedy))
            return None
    given = ", ".join(header[:_SHOWN_COLUMNS])
    allowed = "columns latitude and longitude in degrees, or x and y with crs"
    problems.append(Problem(f"{shown} has no coordinates", where, "path", given, allowed, "name the columns so"))
    return None


def _normal(column: str) -> str:
    return re.sub(r"[^a-z]", "", column.casefold())


def _numbers(cells: pd.Series[str], name: str, shown: str) -> Any:
    """Return the numbers of a column; InputError with the first rows that hold none."""
    import numpy as np
    import pandas as pd

    numbers = pd.to_numeric(cells, errors="coerce").to_numpy(dtype=float)
    wrong = np.flatnonzero(~np.isfinite(numbers))
    if len(wrong):
        first = int(wrong[0])
        cell = str(cells.iloc[first]).strip()
        given = "(empty)" if cell in _EMPTY else cell
        more = "" if len(wrong) == 1 else f", in {len(wrong):,} rows, here first"
        message = f"the coordinate is no number{more}"
        line = Origin(shown, first + _HEADER_LINE + 1)
        remedy = "give every row both coordinates, with a decimal point, or delete the row"
        raise InputError(Problem(message, line, name, given, "a number like 39.01", remedy))
    return numbers
