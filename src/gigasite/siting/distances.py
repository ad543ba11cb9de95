"""Distances in kilometres: geodesic on WGS84, point to point and to the nearest point, line or area.

One way for all of them. The nearest feature is looked for in a Lambert conformal plane (standard parallels 33 and 45
degrees north, middle 39 north 96 west), since a search tree needs a plane; the distance that is given is the geodesic
on WGS84 from the point to the nearest point of that feature:

    plane_km[p, f]    = distance in the plane from point p to feature f,   nearest_plane[p] = min over f
    candidates[p]     = the features f with plane_km[p, f] <= 1.02 * nearest_plane[p]
    foot[p, f]        = the point of f that is nearest to p in the plane, brought back to degrees
    distance_km[p]    = min over candidates f of geodesic(p, foot[p, f])

| symbol      | name          | unit | dimensions     |
|-------------|---------------|------|----------------|
| distance_km | `distance_km` | km   | point          |
| foot        | `latitude`, `longitude` | degrees | point |

Error: a plane that keeps angles shifts the foot along the line a little, and the distance to the foot changes with the
square of the shift. Against feet found on the ellipsoid the distance is right to 0.002 % within 500 km in the
contiguous states, to 0.02 % beyond (measured in `tests/siting/test_distances.py`); lengths in the plane itself are up
to 2.2 % off, in equal-area EPSG:5070 up to 1.1 %. Between two vertices of a line the plane's straight line counts: it
stays within 0.05 km of the geodesic over 100 km, 0.13 km in Alaska, and 1.2 km over 500 km. The plane is sound north of
10 degrees north, Alaska, Hawaii and Japan included; it is cut at 84 degrees east.

Source: geodesic of Karney (2013) as in PROJ; Snyder, Map Projections (USGS Professional Paper 1395), Lambert conformal
conic.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from gigasite.foundation.errors import InputError, Problem, did_you_mean
from gigasite.siting.planes import Floats, moved

if TYPE_CHECKING:
    import pandas as pd

    from gigasite.siting.layers import Layer

DEGREES = "EPSG:4326"
SEARCH_PLANE = "+proj=lcc +lat_1=33 +lat_2=45 +lat_0=39 +lon_0=-96 +datum=WGS84 +units=m"
CANDIDATES_WITHIN = 1.02
"""Features up to this multiple of the nearest in the plane are measured: the scale of the plane varies less nearby."""

_WORLD = {"latitude": 90.0, "longitude": 180.0}
_RANGE_ENDS = 2
_SOUTHERNMOST = -89.0


def geodesic_km(latitude: Any, longitude: Any, other_latitude: Any, other_longitude: Any) -> Floats:
    """Return the geodesic distance on WGS84 between points in degrees, element by element, in km."""
    import pyproj

    given = _as_floats(latitude, longitude, other_latitude, other_longitude)
    from_lat, from_lon, to_lat, to_lon = np.broadcast_arrays(*given)
    ways = [values.ravel() for values in (from_lon, from_lat, to_lon, to_lat)]
    # One point as an array would be taken for a number, which old numpy warns of.
    here_lon, here_lat, there_lon, there_lat = ways if from_lat.size > 1 else [list(values) for values in ways]
    metres = pyproj.Geod(ellps="WGS84").inv(here_lon, here_lat, there_lon, there_lat)[2]
    return np.reshape(np.asarray(metres, dtype=float) / 1000.0, from_lat.shape)


def coordinates_of(points: pd.DataFrame) -> tuple[Floats, Floats]:
    """Return latitude and longitude in degrees: the columns of those names, else the geometry of a GeoDataFrame.

    Raises:
        InputError: there are neither, or one of them is missing, nan or outside the world.
    """
    if "latitude" in points.columns and "longitude" in points.columns:
        latitude, longitude = _as_floats(points["latitude"], points["longitude"])
    elif "geometry" in points.columns:
        shapes: Any = points["geometry"]
        pairs = np.column_stack(_as_floats(shapes.x, shapes.y))
        longitude, latitude = (pairs if shapes.crs is None else moved(pairs, shapes.crs, DEGREES)).T
    else:
        given = ", ".join(str(name) for name in points.columns)
        raise InputError(Problem("these are no points", given=given, allowed="columns latitude and longitude"))
    for name, values in (("latitude", latitude), ("longitude", longitude)):
        wrong = ~(np.abs(values) <= _WORLD[name])
        if wrong.any():
            label = points.index[int(np.argmax(wrong))]
            allowed = f"-{_WORLD[name]:g} to {_WORLD[name]:g} degrees"
            message = f"the {name} of point {label} is not on the world"
            raise InputError(Problem(message, key=name, given=f"{values[wrong][0]:g}", allowed=allowed))
    return latitude, longitude


def nearest_km(points: pd.DataFrame, layer: Layer, *, where: Mapping[str, object] | None = None) -> pd.DataFrame:
    """Return for each point the distance to the nearest feature of a layer.

    Args:
        points: columns `latitude` and `longitude` in degrees, or a GeoDataFrame of points.
        layer: points, lines or areas; inside an area the distance is 0.
        where: the features that count, by column: a value, a list of values, or a pair (from, below) of numbers, of
            which either may be None.

    Returns:
        A table with the index of `points`: `distance_km`, `feature` (index of the layer's frame, -1 where none counts),
        `latitude` and `longitude` of the nearest point of it. Where no feature counts, the distance is infinite.

    Raises:
        InputError: a column of `where` that the layer does not have; points outside the world.
    """
    import pandas as pd

    latitude, longitude = coordinates_of(points)
    rows = np.arange(len(layer.frame)) if where is None else np.flatnonzero(_counting(layer, where))
    found = {
        "distance_km": np.full(len(points), np.inf),
        "feature": np.full(len(points), -1),
        "latitude": np.full(len(points), np.nan),
        "longitude": np.full(len(points), np.nan),
    }
    if len(rows) and len(points):
        features = np.asarray(layer.frame.geometry.array)[rows]
        point, feature, feet, km = _measured(latitude, longitude, features)
        order = np.lexsort((feature, km, point))
        _, first = np.unique(point[order], return_index=True)
        best = order[first]
        found["distance_km"], found["feature"] = km[best], layer.frame.index.to_numpy()[rows[feature[best]]]
        found["latitude"], found["longitude"] = feet[best, 1], feet[best, 0]
    return pd.DataFrame(found, index=points.index)


def _measured(latitude: Floats, longitude: Floats, features: Any) -> tuple[Any, Any, Floats, Floats]:
    """Return candidates as pairs: number of the point, number of the feature, its foot (degrees), distance in km."""
    import shapely

    def flat(degrees: Floats) -> Floats:
        # The south pole lies at infinity in this plane.
        return moved(np.maximum(degrees, [-np.inf, _SOUTHERNMOST]), DEGREES, SEARCH_PLANE)

    at: Any = shapely.points(flat(np.column_stack([longitude, latitude])))
    shapes: Any = shapely.transform(features, flat)
    tree = shapely.STRtree(shapes)
    nearest = shapely.distance(at, shapes[tree.nearest(at)])
    # One metre more than the nearest, so that rounding never loses the nearest itself.
    point, feature = tree.query(at, predicate="dwithin", distance=nearest * CANDIDATES_WITHIN + 1.0)
    ends = shapely.get_coordinates(shapely.shortest_line(at[point], shapes[feature]))[1::2]
    feet = moved(ends, SEARCH_PLANE, DEGREES)
    km = geodesic_km(latitude[point], longitude[point], feet[:, 1], feet[:, 0])
    return point, feature, feet, np.where(shapely.intersects(at[point], shapes[feature]), 0.0, km)


def _counting(layer: Layer, where: Mapping[str, object]) -> npt.NDArray[np.bool_]:
    """Return which features of a layer fit every condition."""
    counts = np.ones(len(layer.frame), dtype=bool)
    known = [str(column) for column in layer.frame.columns if column != layer.frame.geometry.name]
    for column, wanted in where.items():
        if column not in known:
            remedy = did_you_mean(column, known)
            allowed = ", ".join(known) or "(no columns)"
            raise InputError(
                Problem(f"the layer {layer.name} has no such column", None, column, column, allowed, remedy)
            )
        values = layer.frame[column]
        if isinstance(wanted, tuple) and len(wanted) == _RANGE_ENDS:
            counts &= _within(values, *wanted)
        elif isinstance(wanted, Sequence) and not isinstance(wanted, str):
            counts &= values.isin(list(wanted)).to_numpy()
        else:
            counts &= (values == wanted).fillna(value=False).to_numpy(dtype=bool)
    return counts


def _within(values: pd.Series[Any], low: float | None, below: float | None) -> npt.NDArray[np.bool_]:
    import pandas as pd

    numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype=float)
    reached = np.ones(len(numbers), dtype=bool) if low is None else numbers >= low
    counts: npt.NDArray[np.bool_] = reached & ~np.isnan(numbers)
    return counts if below is None else counts & (numbers < below)


def _as_floats(*values: Any) -> tuple[Floats, ...]:
    return tuple(np.asarray(value, dtype=float) for value in values)
