"""Coordinates and shapes of a layer put right, each repair said in a sentence, or refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from gigasite.foundation.errors import InputError, Origin, Problem
from gigasite.siting.layer_files import GEOMETRY, wrong_kind
from gigasite.siting.planes import moved

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

HOME = ((-180.0, 15.0, -64.0, 72.0), (122.0, 20.0, 154.0, 46.0))
"""West, south, east and north of the United States and of Japan: where swapped coordinates can be told."""

_LATITUDE_MAX, _LONGITUDE_MAX = 90.0, 180.0
_ROUNDING = 1e-9
_SHOWN = 3
_HALF = 0.5
_OTHER_SYSTEM = (
    "these are not degrees: say crs: and the system they are in, as EPSG:5070; a GeoPackage, GeoJSON or Shapefile that "
    "says degrees itself has to be exported again"
)

Coordinates = npt.NDArray[np.float64]


def in_degrees(
    features: GeoDataFrame, crs: str, where: Origin, shown: str, swap_coordinates: bool, repairs: list[str]
) -> GeoDataFrame:
    """Return the features that have a geometry, in degrees, with a fresh index.

    Raises:
        InputError: nothing is left; coordinates are nan, swapped, in degrees where the coordinate system is in metres,
            or outside the world.
    """
    import shapely
    from geopandas import GeoSeries

    kept = features.loc[~(features.geometry.isna() | features.geometry.is_empty)]
    if len(kept) < len(features):
        repairs.append(f"{_count(len(features) - len(kept), 'feature')} without a geometry that can be read left out")
    if not len(kept):
        raise InputError(Problem(f"no feature of {shown} has a geometry that can be read", where, "path"))
    kept = kept.reset_index(drop=True)
    if swap_coordinates:
        kept = kept.set_geometry(_swapped(kept))
        repairs.append("latitude and longitude swapped, as swap_coordinates says")
    _refuse_nan(kept, where, shown)
    _refuse_unit(kept, where, shown)
    shapes = shapely.force_2d(np.asarray(kept.geometry.array))
    if kept.crs != crs:
        shapes = shapely.transform(shapes, lambda pairs: moved(pairs, kept.crs, crs))
    degrees = kept.set_geometry(GeoSeries(shapes, index=kept.index, crs=crs))
    _refuse_swapped(degrees, where, shown)
    _refuse_outside(degrees, kept, where, shown)
    return degrees


def sound_geometry(features: GeoDataFrame, kind: str, where: Origin, shown: str, repairs: list[str]) -> GeoDataFrame:
    """Return the features of the kind, areas that cross themselves repaired.

    An area is sound if its rings neither cross themselves nor each other. `make_valid` of GEOS cuts it where it
    crosses; of what comes out only areas are kept.

    Raises:
        InputError: a feature is of another kind.
    """
    import shapely

    types = features.geometry.geom_type
    other = types[~types.isin(GEOMETRY[kind])]
    if len(other):
        held = ", ".join(f"{name}" for name in sorted(other.unique()))
        problem = wrong_kind(shown, kind, held, where)
        if len(other) < len(features):
            message = f"{len(other):,} of {len(features):,} features of {shown} are no {kind}"
            problem = Problem(message, where, "kind", held, problem.allowed, "keep one kind of geometry in a layer")
        raise InputError(problem)
    if kind != "areas":
        return features
    shapes = np.asarray(features.geometry.array)
    broken = ~shapely.is_valid(shapes)
    if not broken.any():
        return features
    shapes = shapes.copy()
    shapes[broken] = [_areas_only(shape) for shape in shapely.make_valid(shapes[broken])]
    places = ", ".join(str(number + 1) for number in np.flatnonzero(broken)[:_SHOWN])
    more = ", ..." if broken.sum() > _SHOWN else ""
    repairs.append(
        f"{_count(int(broken.sum()), 'area')} that crossed itself repaired by make_valid (feature {places}{more})"
    )
    whole = features.set_geometry(shapes)
    left = ~shapely.is_empty(shapes)
    if not left.all():
        repairs.append(f"{_count(int((~left).sum()), 'area')} without any extent left out")
    if not left.any():
        raise InputError(Problem(f"no area of {shown} has an extent", where, "path"))
    return whole.loc[left].reset_index(drop=True)


def _areas_only(shape: Any) -> Any:
    import shapely

    parts = shapely.get_parts(shapely.get_parts(shape))
    return shapely.union_all(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON])


def _swapped(features: GeoDataFrame) -> Any:
    import shapely

    return shapely.transform(np.asarray(features.geometry.array), lambda pairs: pairs[:, ::-1])


def _refuse_nan(features: GeoDataFrame, where: Origin, shown: str) -> None:
    import shapely

    pairs, number = shapely.get_coordinates(features.geometry.array, return_index=True)
    wrong = ~np.isfinite(pairs).all(axis=1)
    if wrong.any():
        first = int(number[np.argmax(wrong)])
        message = f"feature {first + 1} of {shown} has a coordinate that is no number"
        remedy = "delete the feature or mend it in a GIS"
        raise InputError(Problem(message, where, "path", "nan", "finite coordinates", remedy))


def _refuse_unit(features: GeoDataFrame, where: Origin, shown: str) -> None:
    """Refuse degrees under the name of a coordinate system in metres: all of them would lie within 200 m."""
    west, south, east, north = features.total_bounds
    degrees = max(-west, east) <= _LONGITUDE_MAX and max(-south, north) <= _LATITUDE_MAX
    if features.crs.is_projected and degrees:
        given = f"{features.crs.to_string()[:40]}, coordinates {west:g} to {east:g} and {south:g} to {north:g}"
        message = f"the coordinates of {shown} look like degrees, but its coordinate system counts in metres or feet"
        remedy = "say crs: EPSG:4326, and export the file again if it says otherwise itself"
        raise InputError(Problem(message, where, "crs", given, remedy=remedy))


def _refuse_swapped(features: GeoDataFrame, where: Origin, shown: str) -> None:
    bounds = features.geometry.bounds.to_numpy()
    with np.errstate(invalid="ignore"):
        across, up = (bounds[:, 0] + bounds[:, 2]) / 2.0, (bounds[:, 1] + bounds[:, 3]) / 2.0
    if _share_at_home(across, up) < _HALF < _share_at_home(up, across):
        given = f"longitude {across[0]:g}, latitude {up[0]:g} of the first feature"
        remedy = "say swap_coordinates: true, or swap the columns"
        message = f"latitude and longitude of {shown} stand in each other's place"
        raise InputError(Problem(message, where, "swap_coordinates", given, remedy=remedy))


def _share_at_home(longitude: Coordinates, latitude: Coordinates) -> float:
    """Return the share of points inside the box of the United States or of Japan."""
    inside = np.zeros(len(longitude), dtype=bool)
    for west, south, east, north in HOME:
        inside |= (longitude >= west) & (longitude <= east) & (latitude >= south) & (latitude <= north)
    return float(inside.mean())


def _refuse_outside(degrees: GeoDataFrame, before: GeoDataFrame, where: Origin, shown: str) -> None:
    bounds = degrees.geometry.bounds.to_numpy()
    limits = np.array([_LONGITUDE_MAX, _LATITUDE_MAX, _LONGITUDE_MAX, _LATITUDE_MAX]) + _ROUNDING
    outside = ~(np.abs(bounds) <= limits).all(axis=1)
    if not outside.any():
        return
    first = int(np.argmax(outside))
    x, y = before.geometry.iloc[first].bounds[:2]
    how_many = _count(int(outside.sum()), "feature")
    message = f"{how_many} of {shown} outside the world, feature {first + 1} first"
    allowed = "longitude -180 to 180, latitude -90 to 90 degrees"
    system = degrees.crs if before.crs is None else before.crs
    remedy = "mend the feature" if outside.mean() < _HALF else _OTHER_SYSTEM
    given = f"{x:g}, {y:g} in {system.to_string()[:40]}"
    raise InputError(Problem(message, where, "crs", given, allowed, remedy))


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"
