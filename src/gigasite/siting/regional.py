"""What the model needs to know of any place: state, county, zone, hub, weather, temperature, regional cost.

| what                | how it is found                                                    | confidence   |
|---------------------|--------------------------------------------------------------------|--------------|
| state, county       | the outline the point lies in; up to 25 km offshore the nearest    | derived      |
| census division     | of the state                                                       | published    |
| grid zone, gas hub, | those of the nearest of the state's points in `state_zones.csv`,   | estimate     |
| wind, solar         | where the choice of each point is explained                        |              |
| cost multipliers    | of the county in `county_multipliers.csv`; else linear between the | published or |
|                     | counties around it (:mod:`gigasite.siting.multipliers`)            | derived      |
| temperature         | monthly means of the nearest known site, however far that is       | estimate     |
| elevation           | of a known site within 25 km, else unknown                         | estimate     |

A place outside the United States takes zone, hub and weather of the nearest known site within 300 km and has no
multipliers; farther away it has none of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from gigasite.foundation.errors import InputError, Problem
from gigasite.inputs.folders import data_folder
from gigasite.siting.distances import coordinates_of, geodesic_km
from gigasite.siting.multipliers import MULTIPLIERS, county_multipliers
from gigasite.siting.place_tables import known_site_frame, place_table
from gigasite.siting.planes import Floats

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "state", "county_fips", "county", "census_division", "grid_zone", "gas_hub", "wind_series", "solar_series",
    "temperature_series", "temperature_site", "temperature_site_km", "design_temperature_c", "elevation_m",
    *MULTIPLIERS, "multiplier_confidence", "zone_point", "zone_point_km", "zone_confidence",
)  # fmt: skip
"""The columns of :func:`describe`, in this order."""

OFFSHORE_KM = 25.0
"""A point this far from the nearest outline counts to it: outlines are generalised, and piers stand in the water."""
SAME_ELEVATION_KM = 25.0
SAME_REGION_KM = 300.0

Texts = npt.NDArray[np.object_]

_OF_ZONE_POINT = ("grid_zone", "gas_hub", "wind_series", "solar_series", "temperature_series")


def describe(points: pd.DataFrame, *, folders: Sequence[Path] | None = None) -> pd.DataFrame:
    """Return what is known of each place.

    Args:
        points: columns `latitude` and `longitude` in degrees, or a GeoDataFrame of points. Where there is a column
            `county_fips` (or `fips`) with the code of a county, that county counts, wherever the point lies.
        folders: folders of figures, the first winning; the shipped ones if None.

    Returns:
        A table with the index of `points` and the columns of :data:`COLUMNS`. Multipliers are the ratio of the
        overnight cost there to the national one. `temperature_site_km` and `zone_point_km` say how far the point is
        that stands for the place. What is not known is missing (`isna`).

    Raises:
        InputError: points outside the world, a county code that is none.
    """
    import pandas as pd

    places = (data_folder(),) if folders is None else tuple(folders)
    latitude, longitude = coordinates_of(points)
    counties = _counties_of(points, latitude, longitude, places)
    known = known_site_frame(places)
    found: dict[str, Any] = dict(counties)
    found |= _zone_of(counties["state"], latitude, longitude, places, known)
    site, site_km = _nearest(latitude, longitude, known)
    found["temperature_site"] = known["site_id"].to_numpy()[site]
    found["temperature_site_km"] = site_km
    found["design_temperature_c"] = known["design_temperature_c"].to_numpy(dtype=float)[site]
    elevation = known["elevation_m"].to_numpy(dtype=float)[site]
    found["elevation_m"] = np.where(site_km <= SAME_ELEVATION_KM, elevation, np.nan)
    found |= county_multipliers(counties["county_fips"], places)
    return pd.DataFrame(found, index=points.index)[list(COLUMNS)]


def _counties_of(
    points: pd.DataFrame, latitude: Floats, longitude: Floats, folders: tuple[Path, ...]
) -> dict[str, Texts]:
    """Return state, county_fips and county of each point: as it says, else by the outlines; None where none is."""
    import pandas as pd

    named = next((column for column in ("county_fips", "fips") if column in points.columns), None)
    known_counties = place_table("county_points", folders).set_index("fips")
    fips = np.full(len(points), None, dtype=object)
    if named is not None:
        fips = _codes(points[named], named, known_counties.index)
    missing = np.array([code is None for code in fips], dtype=bool)
    if missing.any():
        fips[missing] = _fips_at(latitude[missing], longitude[missing])
    row = known_counties.index.get_indexer(pd.Index(fips))
    texts = {name: _where(row >= 0, known_counties[name].to_numpy(dtype=object)[row]) for name in ("state", "county")}
    return {"state": texts["state"], "county_fips": fips, "county": texts["county"]}


def _codes(said: pd.Series[Any], column: str, known: pd.Index[Any]) -> Texts:
    """Return the county codes that points say, with five digits, None where they say none."""
    texts = [
        None if missing else str(code).strip().removesuffix(".0")
        for code, missing in zip(said, said.isna(), strict=True)
    ]
    codes = [None if not text else text.zfill(len("00000")) for text in texts]
    wrong = [code for code in codes if code is not None and code not in known]
    if wrong:
        remedy = "leave it empty to find the county by its outline; Connecticut has its eight counties here"
        message = f"{len(wrong):,} points name a county that the outlines do not have"
        raise InputError(
            Problem(message, key=column, given=wrong[0], allowed="the five digits of a FIPS code", remedy=remedy)
        )
    return np.array(codes, dtype=object)


def _fips_at(latitude: Floats, longitude: Floats) -> Texts:
    """Return the code of the county each point lies in, of the nearest one a little offshore, else None."""
    import geopandas
    import pandas as pd

    from gigasite.siting.boundaries import OUTLINES_CRS, OUTLINES_SOURCE, counties
    from gigasite.siting.distances import nearest_km
    from gigasite.siting.layers import Layer

    outlines = counties()
    points = geopandas.points_from_xy(longitude, latitude, crs=OUTLINES_CRS)
    point, county = outlines.sindex.query(points, predicate="intersects")
    fips = np.full(len(latitude), None, dtype=object)
    # Backwards, so that a point on a border counts to the first of the counties.
    fips[point[::-1]] = outlines["fips"].to_numpy(dtype=object)[county[::-1]]
    outside = np.array([code is None for code in fips], dtype=bool)
    if outside.any():
        layer = Layer("counties", "areas", outlines, OUTLINES_SOURCE, "2009")
        places = pd.DataFrame({"latitude": latitude[outside], "longitude": longitude[outside]})
        nearest = nearest_km(places, layer)
        near = nearest["distance_km"].to_numpy() <= OFFSHORE_KM
        codes = outlines["fips"].to_numpy(dtype=object)[nearest["feature"].to_numpy()]
        fips[outside] = _where(near, codes)
    return fips


def _zone_of(
    state: Texts, latitude: Floats, longitude: Floats, folders: tuple[Path, ...], known: pd.DataFrame
) -> dict[str, Any]:
    """Return what the nearest of the state's zone points says, of the nearest known site outside the states."""
    points = place_table("state_zones", folders)
    wanted = ("zone_point", "census_division", *_OF_ZONE_POINT)
    found: dict[str, Any] = {name: np.full(len(state), None, dtype=object) for name in wanted}
    found["zone_confidence"] = np.full(len(state), None, dtype=object)
    found["zone_point_km"] = np.full(len(state), np.nan)
    abroad = known.assign(zone_point=known["site_id"])
    for name in dict.fromkeys(state):
        here = np.array([other == name for other in state], dtype=bool)
        choice = (points[points["state"] == name] if name is not None else abroad).reset_index(drop=True)
        if choice.empty:
            continue
        row, km = _nearest(latitude[here], longitude[here], choice)
        near = np.ones(len(km), dtype=bool) if name is not None else km <= SAME_REGION_KM
        for column in wanted:
            found[column][here] = _where(near, choice[column].to_numpy(dtype=object)[row])
        found["zone_point_km"][here] = np.where(near, km, np.nan)
        found["zone_confidence"][here] = _where(near, choice["confidence"].to_numpy(dtype=object)[row])
    return found


def _nearest(latitude: Floats, longitude: Floats, places: pd.DataFrame) -> tuple[npt.NDArray[np.intp], Floats]:
    """Return the number of the nearest place and its distance in km, by geodesics to all of them."""
    there = places["latitude"].to_numpy(dtype=float), places["longitude"].to_numpy(dtype=float)
    km = geodesic_km(latitude[:, None], longitude[:, None], there[0][None, :], there[1][None, :])
    nearest = km.argmin(axis=1)
    return nearest, km[np.arange(len(km)), nearest]


def _where(known: npt.NDArray[np.bool_], texts: Texts) -> Texts:
    """Return the texts where they are known, else None."""
    found = np.full(len(texts), None, dtype=object)
    found[known] = texts[known]
    return found
