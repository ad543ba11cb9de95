"""Outlines below a map: the lower 48 states, and Japan, projected to kilometres; nothing is fetched.

A region is drawn in an equal-area projection, so that areas on a map can be compared:

| region        | projection                                 | outlines                                     |
|---------------|--------------------------------------------|----------------------------------------------|
| united_states | Albers equal-area conic, EPSG:5070         | Census Bureau, see `siting.boundaries`       |
| japan         | Lambert azimuthal equal-area at 37 N 137 E | Natural Earth 1:110m (public domain), 65     |
|               |                                            | points in `japan.geojson`: without provinces |

States are unions of their counties, simplified below what the eye sees. They take in the waters of their states, so the
Great Lakes are drawn as land.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from gigasite.system.quantity import Array

UNITED_STATES, JAPAN = "united_states", "japan"
PROJECTIONS = {UNITED_STATES: "EPSG:5070", JAPAN: "+proj=laea +lat_0=37 +lon_0=137 +ellps=WGS84 +units=m"}
TITLES = {UNITED_STATES: "United States", JAPAN: "Japan"}
JAPAN_FILE = Path(__file__).with_name("japan.geojson")
JAPAN_BOX = (122.0, 154.0, 20.0, 46.0)
"""West, east, south and north of what is drawn with Japan [degrees]."""
BEYOND_THE_LOWER_48 = ("AK", "HI")
M_PER_KM = 1000.0

Frame = tuple[float, float, float, float]
"""West, south, east and north of what is seen [km]."""


@dataclass(frozen=True)
class Outlines:
    """What is drawn below the sites.

    Attributes:
        land_x, land_y: filled areas [km], nan between them.
        border_x, border_y: borders [km], nan between them.
        names: (text, x, y) of every area that has a name, such as a state.
    """

    land_x: Array
    land_y: Array
    border_x: Array
    border_y: Array
    names: tuple[tuple[str, float, float], ...]


def region_of(longitude: float, latitude: float) -> str:
    """Return the region a point is drawn in.

    >>> region_of(-83.0, 39.0), region_of(141.6, 42.6)
    ('united_states', 'japan')
    """
    west, east, south, north = JAPAN_BOX
    return JAPAN if west <= longitude <= east and south <= latitude <= north else UNITED_STATES


def project(region: str, longitude: Any, latitude: Any) -> tuple[Array, Array]:
    """Return x and y [km] of points in degrees."""
    x, y = _transformer(region).transform(np.asarray(longitude, dtype=float), np.asarray(latitude, dtype=float))
    return np.asarray(x) / M_PER_KM, np.asarray(y) / M_PER_KM


def outlines(region: str, frame: Frame, tolerance_km: float) -> Outlines:
    """Return what of a region lies in a frame, with borders moved by no more than the tolerance."""
    import shapely

    seen = shapely.box(*frame)
    names = [name for name, bounds in _extents(region).items() if shapely.box(*bounds).intersects(seen)]
    rings: list[Any] = []
    paths: list[Any] = []
    named = []
    for name in names:
        area = shapely.simplify(_area(region, name), tolerance_km)
        areas = shapely.get_parts(shapely.clip_by_rect(area, *frame))
        rings += [a.exterior.coords for a in areas if a.geom_type == "Polygon" and a.area > tolerance_km**2]
        lines = shapely.get_parts(shapely.clip_by_rect(area.boundary, *frame))
        paths += [line.coords for line in lines if line.geom_type == "LineString" and line.length > tolerance_km]
        named += _named(name, area, frame)
    return Outlines(*joined(rings), *joined(paths), names=tuple(named))


def clipped(region: str, shapes: Any, frame: Frame, tolerance_km: float) -> list[Any]:
    """Return what of some areas in degrees lies in a frame, as one set of paths [km]; neighbours are drawn as one."""
    import shapely

    whole = shapely.simplify(_projected(region, shapely.union_all(shapes)), tolerance_km)
    parts = shapely.get_parts(shapely.clip_by_rect(whole, *frame))
    polygons = [part for part in parts if part.geom_type == "Polygon" and part.area > tolerance_km**2]
    return [ring.coords for part in polygons for ring in (part.exterior, *part.interiors)]


def extent(region: str) -> Frame:
    """Return the smallest frame that holds a whole region."""
    return _around(list(_extents(region).values()))


def extent_of_states(names: Sequence[str]) -> Frame | None:
    """Return the smallest frame that holds some states; None where one of them is not drawn."""
    known = _extents(UNITED_STATES)
    return _around([known[name] for name in names]) if names and set(names) <= set(known) else None


def _around(frames: Sequence[Frame]) -> Frame:
    bounds = np.array(frames)
    west, south = bounds[:, :2].min(axis=0)
    east, north = bounds[:, 2:].max(axis=0)
    return float(west), float(south), float(east), float(north)


def joined(paths: Sequence[Any]) -> tuple[Any, Any]:
    """Return x and y of several paths as one, nan between them, to a tenth of a kilometre."""
    pieces = [np.asarray(path, dtype=float).reshape(-1, 2) for path in paths]
    gap = np.full((1, 2), np.nan)
    rows = [row for piece in pieces for row in (piece, gap)]
    whole = np.concatenate(rows[:-1]) if rows else np.empty((0, 2))
    rounded = np.round(whole, 1).astype(np.float32)
    return rounded[:, 0], rounded[:, 1]


@lru_cache(maxsize=4)
def _extents(region: str) -> dict[str, Frame]:
    """Return the frame of every state, or of a whole region without states under an empty name."""
    if region == JAPAN:
        return {"": tuple(_area(region, "").bounds)}
    from gigasite.siting.boundaries import states

    table = states()
    kept = table[~table["state"].isin(BEYOND_THE_LOWER_48)]
    return {
        str(name): tuple(_projected(region, shape).bounds)
        for name, shape in zip(kept["state"], kept.geometry, strict=True)
    }


@lru_cache(maxsize=64)
def _area(region: str, name: str) -> Any:
    """Return a state as the union of its counties, whose coasts are finer than those of the states; or Japan."""
    import shapely

    if region == JAPAN:
        (feature,) = json.loads(JAPAN_FILE.read_text(encoding="utf-8"))["features"]
        return _projected(region, shapely.from_geojson(json.dumps(feature["geometry"])))
    from gigasite.siting.boundaries import counties

    table = counties()
    whole = shapely.union_all(table.geometry[table["state"] == name].to_numpy())
    parts = [shapely.Polygon(part.exterior) for part in shapely.get_parts(whole)]
    return _projected(region, shapely.MultiPolygon(parts))


def _projected(region: str, shape: Any) -> Any:
    import shapely

    return shapely.transform(shape, lambda points: np.column_stack(project(region, points[:, 0], points[:, 1])))


def _named(name: str, area: Any, frame: Frame) -> list[tuple[str, float, float]]:
    """Return the name of a state where most of what is seen of it lies; nothing where none of it is seen."""
    import shapely

    seen = shapely.clip_by_rect(area, *frame)
    if not name or seen.is_empty or seen.area <= 0:
        return []
    largest = max(shapely.get_parts(seen), key=lambda part: float(part.area))
    inside = largest.contains(largest.centroid)
    point = largest.centroid if inside else largest.representative_point()
    return [(name, float(point.x), float(point.y))]


@lru_cache(maxsize=4)
def _transformer(region: str) -> Any:
    from pyproj import Transformer

    return Transformer.from_crs("EPSG:4326", PROJECTIONS[region], always_xy=True)
