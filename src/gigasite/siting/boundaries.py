"""Outlines of the states and counties of the United States, from a package: nothing is fetched.

The outlines are those of the Census Bureau (TIGER/Line, public domain) of about 2009, as `bokeh_sampledata` carries
them, in NAD83. NAD83 and WGS84 lie within 2 m of each other in the contiguous states, so they are given as EPSG:4326
without a shift.

Counties that changed their code since then keep the old one: Connecticut has its eight counties (the Census Bureau
counts nine planning regions since 2022), Oglala Lakota is Shannon (46113, now 46102), Kusilvak is Wade Hampton (02270,
now 02158), Bedford City (51515, now part of 51019) still stands alone, and the Alaskan areas divided after 2008 stand
undivided. The 3,142 of them cover the states; territories are left out.

The outlines are legal ones: on the sea and the Great Lakes they reach out over the water to the border of the state.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gigasite.inputs.folders import data_folder
from gigasite.siting.place_tables import place_table

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

OUTLINES_SOURCE = "US Census Bureau, TIGER/Line outlines of about 2009, as in bokeh_sampledata"
OUTLINES_CRS = "EPSG:4326"
_TERRITORIES = ("AS", "GU", "MP", "PR", "VI")


def states() -> GeoDataFrame:
    """Return the 50 states and the District of Columbia: columns state, fips, name, geometry; index 0, 1, 2 ..."""
    return _states().copy()


def counties() -> GeoDataFrame:
    """Return the counties and what counts as one: columns fips, state, name, latitude, longitude, geometry.

    Five-digit `fips`, two-letter `state`; `latitude` and `longitude` in degrees are those of `county_points.csv`: the
    centroid of the outline, or the most central of its places where the centroid may lie in water (no place of it
    within 5 km, in a county at the edge of the country or in a state on the Great Lakes).
    """
    return _counties().copy()


@lru_cache(maxsize=1)
def _states() -> GeoDataFrame:
    import geopandas
    import shapely

    fips = dict(zip(_counties()["state"], _counties()["fips"].str[:2], strict=True))
    rows, blobs = _records("us_states")
    table = {
        "state": [row["code"] for row in rows],
        "fips": [fips[row["code"]] for row in rows],
        "name": [row["name"] for row in rows],
    }
    return geopandas.GeoDataFrame(table, geometry=shapely.from_wkb(blobs), crs=OUTLINES_CRS)


@lru_cache(maxsize=1)
def _counties() -> GeoDataFrame:
    import geopandas
    import shapely

    rows, blobs = _records("us_counties")
    kept = [number for number, row in enumerate(rows) if row["state"] not in _TERRITORIES]
    shapes = shapely.from_wkb([blobs[number] for number in kept])
    table: dict[str, Any] = {column: [rows[number][column] for number in kept] for column in ("fips", "state", "name")}
    points = place_table("county_points", (data_folder(),)).set_index("fips").loc[table["fips"]]
    table["latitude"], table["longitude"] = points["latitude"].to_numpy(), points["longitude"].to_numpy()
    return geopandas.GeoDataFrame(table, geometry=shapes, crs=OUTLINES_CRS)


def _records(table: str) -> tuple[list[dict[str, Any]], list[bytes]]:
    """Return what the package says of every outline, and the outlines as WKB."""
    import bokeh_sampledata

    file = Path(bokeh_sampledata.__file__).parent / "_data" / "geographic_boundaries.db"
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as connection:
        found = connection.execute(f"SELECT metadata, geometry FROM {table} ORDER BY id").fetchall()
    return [json.loads(metadata) for metadata, _ in found], [blob for _, blob in found]
