"""The known sites: one GeoJSON layer of points beside the tables, read into plain rows and held to what it must say.

GeoJSON is JSON, and twenty points need no library of shapes: without it a scenario is read in half the memory.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import ConfigDict, Field, ValidationError

from gigasite.foundation.errors import InputError, Origin, Problem
from gigasite.inputs.folders import display_path
from gigasite.inputs.quantities import STRICT, NonNegative
from gigasite.inputs.schema_faults import problems_of
from gigasite.inputs.site import PlaceSpec, SiteId
from gigasite.inputs.source_map import KeyPath, SourceMap
from gigasite.inputs.text_file import read_text

SITES_FILE = "sites.geojson"

_WORLD_CRS = re.compile(r"(?i)(?:.*[:/])?(?:crs84|epsg[:/]{1,2}(?:[\d.]+[:/])?4326)|wgs ?84")
"""Names that longitude and latitude of WGS 84 go by; a layer that names none is in them (RFC 7946)."""

_MOST_EAST_DEGREES, _MOST_NORTH_DEGREES = 180.0, 90.0


class SiteRow(PlaceSpec):
    """What the model reads of a site's properties; the layer may hold others beside them."""

    model_config = ConfigDict(**{**STRICT, "extra": "allow"})

    site_id: SiteId
    """Id by which a scenario names the site."""

    country: str | None = None
    """Country, US where left out."""

    elevation_m: Annotated[float, Field(ge=-430.0, le=8900.0)] | None = None
    """Height above the sea [m]."""

    trunk_distance_km: NonNegative | None = None
    """Distance to a gas trunk [km]."""

    line_distance_km: NonNegative | None = None
    """Distance to a high-voltage line [km]."""

    agreed_connection_mw: NonNegative | None = None
    """Grid connection agreed already [MW]."""

    agreed_connection_year: Annotated[float, Field(ge=1990.0, le=2150.0)] | None = None
    """Year from which that holds [year]."""


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
        if is_there(folder / SITES_FILE):
            sites.update(read_sites_file(folder / SITES_FILE).sites)
    return sites


def read_sites_file(path: Path) -> SitesFile:
    """Return a layer of sites; read again only when the file has changed.

    Raises:
        InputError: no GeoJSON, other coordinates than WGS 84, a site without id or point, or one that stands twice.
    """
    status = path.stat() if path.is_file() else None
    stamp = (status.st_mtime_ns, status.st_size) if status else (0, 0)
    return _read_sites_file(path, display_path(path), stamp)


def is_there(path: Path) -> bool:
    """Whether there is a layer, or something in its place that is none, which reading it tells."""
    return path.exists() or path.is_symlink()


@lru_cache(maxsize=16)
def _read_sites_file(path: Path, shown: str, _stamp: tuple[int, int]) -> SitesFile:
    text = read_text(path)
    try:
        layer = json.loads(text)
    except json.JSONDecodeError as error:
        where = Origin(shown, error.lineno, error.colno)
        raise InputError(Problem(f"the layer of sites is not JSON: {error.msg}", where)) from None
    except (RecursionError, ValueError):
        message = "the layer of sites is nested too deeply, or has a number of thousands of digits"
        raise InputError(Problem(message, Origin(shown), remedy="export it again from where it was drawn")) from None
    features = layer.get("features") if isinstance(layer, dict) else None
    if not isinstance(features, list):
        message, allowed = "the layer of sites is not a collection of features", "a GeoJSON FeatureCollection of points"
        raise InputError(Problem(message, Origin(shown), allowed=allowed))
    where = Origin(shown)
    problems = list(_problem_of_crs(layer.get("crs"), where))
    sites: dict[str, Site] = {}
    for number, feature in enumerate(features, start=1):
        which = f"feature {number:,}"
        faults, site = _site(feature, which, where)
        if not faults and site["site_id"] in sites:
            faults = [Problem("this site stands twice", where, which, site["site_id"])]
        problems.extend(faults)
        if not faults:
            sites[site["site_id"]] = site
    if problems:
        raise InputError(problems)
    return SitesFile(sites, hashlib.sha256(text.encode()).hexdigest())


def _problem_of_crs(crs: Any, where: Origin) -> Iterator[Problem]:
    if crs is None:
        return
    said = crs.get("properties") if isinstance(crs, dict) else None
    named = said.get("name") if isinstance(said, dict) else crs
    if not isinstance(named, str):
        message, remedy = "the layer of sites does not name its coordinate system", "export it in EPSG:4326"
        yield Problem(message, where, "crs", json.dumps(crs), 'none, or "EPSG:4326"', remedy)
    elif not _WORLD_CRS.fullmatch(named.strip()):
        allowed, remedy = "longitude and latitude (EPSG:4326)", "export the layer in that coordinate system"
        yield Problem(f"the layer of sites is in {named}", where, "crs", None, allowed, remedy)


def _site(feature: Any, which: str, where: Origin) -> tuple[list[Problem], dict[str, Any]]:
    """Return what is wrong with a feature, and the site it is where nothing is."""
    inside = feature if isinstance(feature, dict) else {}
    properties, geometry = (inside.get(part) or {} for part in ("properties", "geometry"))
    properties = properties if isinstance(properties, dict) else {}
    name = properties.get("site_id")
    if name is None:
        return [Problem("this site has no `site_id`", where, which, remedy="name it as a scenario would")], {}
    known = {
        key: None if isinstance(value, float) and math.isnan(value) else value for key, value in properties.items()
    }
    faults = _faults(known, which, where)
    if faults:
        return faults, {}
    point = geometry.get("coordinates") if isinstance(geometry, dict) and geometry.get("type") == "Point" else None
    if not isinstance(point, list) or not all(_is_number(degrees) for degrees in point) or len(point) not in {2, 3}:
        message, allowed = f"the site {name} is no point", '{"type": "Point", "coordinates": [longitude, latitude]}'
        return [Problem(message, where, which, allowed=allowed)], {}
    east, north = point[:2]
    if abs(east) > _MOST_EAST_DEGREES or abs(north) > _MOST_NORTH_DEGREES:
        remedy = (
            "longitude comes first: swap them"
            if abs(north) <= _MOST_EAST_DEGREES and abs(east) <= _MOST_NORTH_DEGREES
            else None
        )
        message, allowed = f"the site {name} is not on earth", "longitude -180 to 180, latitude -90 to 90"
        return [Problem(message, where, which, f"{east:g}, {north:g}", allowed, remedy)], {}
    return [], {**known, "latitude": float(north), "longitude": float(east)}


def _faults(properties: dict[str, Any], which: str, where: Origin) -> list[Problem]:
    """Return what is wrong with the properties of a site."""
    try:
        SiteRow.model_validate(properties)
    except ValidationError as error:
        keys: list[KeyPath] = [(), *((key,) for key in properties)]
        origins = dict.fromkeys(keys, where)
        found = problems_of(error, SourceMap(properties, origins, origins, ()), SiteRow)
        return [replace(problem, key=f"{which}, {problem.key}") for _, problem in found]
    return []


def _is_number(value: Any) -> bool:
    try:
        return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    except OverflowError:  # more digits than any number of degrees
        return False
