"""Layers of a map: points, lines or areas with their coordinate system, source and date, or what to do about them.

A planner brings substations, lines, pipelines, plants, water, protected land or people as a GeoPackage, GeoJSON,
Shapefile (also zipped) or CSV with coordinates. :func:`read_layer` gives every one of them in one shape, in EPSG:4326:

| fault                                  | what happens                                                            |
|----------------------------------------|-------------------------------------------------------------------------|
| no coordinate system                   | refused: name it with `crs: EPSG:...`; a CSV of degrees is in EPSG:4326 |
| another `crs` than the file's own      | refused                                                                 |
| wrong kind of geometry, no features    | refused, with what the file holds                                       |
| a feature without geometry             | left out, and said in `repairs`                                         |
| an area that crosses itself            | repaired by `make_valid`, only areas kept, and said in `repairs`        |
| latitude and longitude swapped         | refused; with `swap_coordinates` repaired, and said in `repairs`        |
| coordinates outside the world, or nan  | refused, with the first of them                                         |
| several layers in one file             | refused until one is named with `layer`                                 |
| a CSV row of more cells than columns   | refused: decimal commas between commas would shift every cell           |
| a missing file, column, source or date | refused, with the nearest spelling                                      |
| a file of more than 1,000 MB           | refused, with how to cut it                                             |

Faults that can be seen together are told together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as calendar_date
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from gigasite.foundation.errors import InputError, Origin, Problem, did_you_mean
from gigasite.inputs.folders import display_path
from gigasite.siting.layer_files import read_features
from gigasite.siting.layer_geometry import in_degrees, sound_geometry

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

Kind = Literal["points", "lines", "areas"]
KINDS: tuple[str, ...] = get_args(Kind)
LAYER_CRS = "EPSG:4326"
"""The coordinate system of every layer once read: degrees of longitude and latitude, WGS84."""

_DATE = re.compile(r"\d{4}(-\d{2}){0,2}")
_FIRST_OF_YEAR = "-01-01"


@dataclass(frozen=True)
class Layer:
    """One layer of a map.

    Attributes:
        name: what messages and tables call it.
        kind: points, lines or areas.
        frame: features in EPSG:4326, two-dimensional, sound, none empty; index 0, 1, 2 ... in the order of the file.
        source: who published it.
        date: its year, month or day, as 2026, 2026-03 or 2026-03-20.
        repairs: one sentence for each repair that was made while reading; empty where the file was sound.
    """

    name: str
    kind: Kind
    frame: GeoDataFrame
    source: str
    date: str
    repairs: tuple[str, ...] = ()


def read_layer(
    path: str | Path,
    *,
    kind: Kind,
    name: str = "",
    crs: str | None = None,
    source: str = "",
    date: str = "",
    columns: Sequence[str] | None = None,
    origin: Origin | None = None,
    layer: str | None = None,
    swap_coordinates: bool = False,
) -> Layer:
    """Return the layer of a file, in EPSG:4326.

    Args:
        path: GeoPackage (.gpkg), GeoJSON (.geojson, .json), Shapefile (.shp, or .zip with one) or CSV (.csv) with
            columns latitude and longitude, or x and y together with `crs`.
        kind: points, lines or areas: what the file must hold.
        name: what messages call it; the file's name if empty.
        crs: the coordinate system, as EPSG:5070, where the file does not say it.
        source: who published it; every layer has one.
        date: year, month or day of what it shows; every layer has one.
        columns: the columns that are needed and read; all of them if None. Fewer columns take less memory.
        origin: where a study names the layer, for messages; the file itself if None.
        layer: which layer of a file of several.
        swap_coordinates: repair a layer whose latitude and longitude stand in each other's place.

    Raises:
        InputError: any fault of the table above, located at `origin`.
    """
    file = Path(path)
    shown = display_path(file)
    where = origin or Origin(shown)
    title = name or file.stem
    problems = _unsaid(title, kind, source, date, where)
    if problems:
        raise InputError(problems)
    features, repairs = read_features(file, kind=kind, crs=crs, columns=columns, layer=layer, where=where)
    features = in_degrees(features, LAYER_CRS, where, shown, swap_coordinates, repairs)
    features = sound_geometry(features, kind, where, shown, repairs)
    return Layer(title, kind, features, source, date, tuple(repairs))


def _unsaid(title: str, kind: str, source: str, date: str, where: Origin) -> list[Problem]:
    """Return what a layer must say of itself and does not."""
    problems = []
    if kind not in KINDS:
        allowed, remedy = ", ".join(KINDS), did_you_mean(kind, KINDS)
        problems.append(Problem(f"the layer {title} is of no known kind", where, "kind", kind, allowed, remedy))
    if not source.strip():
        remedy = "say who published it, as source: US Energy Atlas, EIA"
        problems.append(Problem(f"the layer {title} has no source", where, "source", "(empty)", remedy=remedy))
    if not _is_date(date):
        allowed = "a year, month or day, as 2026, 2026-03 or 2026-03-20"
        message = f"the layer {title} has no date" if not date.strip() else f"the date of the layer {title} is none"
        problems.append(Problem(message, where, "date", date or "(empty)", allowed))
    return problems


def _is_date(text: str) -> bool:
    if not _DATE.fullmatch(text):
        return False
    try:
        calendar_date.fromisoformat(text + _FIRST_OF_YEAR[len(text) - len("2026") :])
    except ValueError:
        return False
    return True
