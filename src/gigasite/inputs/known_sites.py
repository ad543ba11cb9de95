"""The known sites: one GeoJSON layer of points beside the tables, read into plain rows and held to what it must say.

GeoJSON is JSON, and twenty points need no library of shapes: without it a scenario is read in half the memory.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from gigasite.foundation.errors import InputError, Origin, Problem
from gigasite.inputs.folders import display_path
from gigasite.inputs.text_file import read_text

SITES_FILE = "sites.geojson"

_WORLD_CRS = ("CRS84", "EPSG::4326", "EPSG:4326")
"""Ends of the names that longitude and latitude of WGS 84 go by; a layer that names none is in them (RFC 7946)."""

_MOST_EAST, _MOST_NORTH = 180.0, 90.0

Site = Mapping[str, Any]
"""Properties of a site, with `latitude` and `longitude` in degrees."""


@dataclass(frozen=True)
class SitesFile:
    """A layer of sites, each by its id, and the file's fingerprint."""

    sites: Mapping[str, Site]
    sha256: str


def known_sites(folders: Sequence[Path]) -> dict[str, Site]:
    """Return the properties of every known site by its id, with `latitude` and `longitude` in degrees.

    Args:
        folders: input folders, the first to have a site winning.

    Raises:
        InputError: a layer with faults, all of them at once.
    """
    sites: dict[str, Site] = {}
    for folder in reversed(folders):
        if (folder / SITES_FILE).is_file():
            sites.update(read_sites_file(folder / SITES_FILE).sites)
    return sites


def read_sites_file(path: Path) -> SitesFile:
    """Return a layer of sites; read again only when the file has changed.

    Raises:
        InputError: no GeoJSON, other coordinates than WGS 84, a site without id or point, or one that stands twice.
    """
    status = path.stat()
    return _read_sites_file(path, display_path(path), (status.st_mtime_ns, status.st_size))


@lru_cache(maxsize=16)
def _read_sites_file(path: Path, shown: str, _stamp: tuple[int, int]) -> SitesFile:
    text = read_text(path)
    try:
        layer = json.loads(text)
    except json.JSONDecodeError as error:
        where = Origin(shown, error.lineno, error.colno)
        raise InputError(Problem(f"the layer of sites is not JSON: {error.msg}", where)) from None
    except (RecursionError, ValueError) as error:  # lists in lists in lists, or a number of thousands of digits
        raise InputError(Problem(f"the layer of sites cannot be read: {error}", Origin(shown))) from None
    features = layer.get("features") if isinstance(layer, dict) else None
    if not isinstance(features, list):
        message, allowed = "the layer of sites is not a collection of features", "a GeoJSON FeatureCollection of points"
        raise InputError(Problem(message, Origin(shown), allowed=allowed))
    problems = list(_problem_of_crs(layer.get("crs"), shown))
    sites: dict[str, Site] = {}
    for number, feature in enumerate(features, start=1):
        faults, site = _site(feature, f"feature {number:,}", shown)
        if not faults and site["site_id"] in sites:
            faults = [_problem("this site stands twice", f"feature {number:,}", shown, given=site["site_id"])]
        problems.extend(faults)
        if not faults:
            sites[site["site_id"]] = site
    if problems:
        raise InputError(problems)
    return SitesFile(sites, hashlib.sha256(text.encode()).hexdigest())


def _problem_of_crs(crs: Any, shown: str) -> Iterator[Problem]:
    if crs is None:
        return
    said = crs.get("properties") if isinstance(crs, dict) else None
    named = said.get("name") if isinstance(said, dict) else None
    if not str(named).endswith(_WORLD_CRS):
        allowed, remedy = "longitude and latitude (EPSG:4326)", "export the layer in that coordinate system"
        yield Problem(f"the layer of sites is in {named or crs}", Origin(shown), "crs", None, allowed, remedy)


def _site(feature: Any, which: str, shown: str) -> tuple[list[Problem], dict[str, Any]]:
    """Return what is wrong with a feature, and the site it is where nothing is."""
    inside = feature if isinstance(feature, dict) else {}
    properties, geometry = (inside.get(part) or {} for part in ("properties", "geometry"))
    properties = properties if isinstance(properties, dict) else {}
    name = properties.get("site_id")
    if not isinstance(name, str) or not name:
        return [_problem("this site has no `site_id`", which, shown, remedy="name it as a scenario would")], {}
    point = geometry.get("coordinates") if isinstance(geometry, dict) and geometry.get("type") == "Point" else None
    if not isinstance(point, list) or not all(_is_number(degrees) for degrees in point) or len(point) not in {2, 3}:
        message, allowed = f"the site {name} is no point", '{"type": "Point", "coordinates": [longitude, latitude]}'
        return [_problem(message, which, shown, allowed=allowed)], {}
    east, north = point[:2]
    if abs(east) > _MOST_EAST or abs(north) > _MOST_NORTH:
        remedy = "longitude comes first: swap them" if abs(north) <= _MOST_EAST and abs(east) <= _MOST_NORTH else None
        message, allowed = f"the site {name} is not on earth", "longitude -180 to 180, latitude -90 to 90"
        return [_problem(message, which, shown, given=f"{east:g}, {north:g}", allowed=allowed, remedy=remedy)], {}
    return [], {**properties, "latitude": float(north), "longitude": float(east)}


def _problem(
    message: str,
    which: str,
    shown: str,
    *,
    given: str | None = None,
    allowed: str | None = None,
    remedy: str | None = None,
) -> Problem:
    return Problem(message, Origin(shown), which, given, allowed, remedy)


def _is_number(value: Any) -> bool:
    try:
        return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    except OverflowError:  # more digits than any number of degrees
        return False
