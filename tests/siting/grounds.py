"""Small grounds for the rules: candidates and layers a reader can draw on paper."""

from collections.abc import Mapping, Sequence

import geopandas
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from gigasite.siting.candidates import Candidates
from gigasite.siting.ground import Ground
from gigasite.siting.layers import Kind, Layer

CRS = "EPSG:4326"


def points(places: Sequence[tuple[float, float]], **columns: Sequence[object]) -> Candidates:
    """Candidates at (latitude, longitude), named a, b, c ..."""
    latitude, longitude = np.array(places, dtype=float).T
    ids = [chr(ord("a") + number) for number in range(len(places))]
    own = {
        "site": ids,
        "name": ids,
        "state": "OH",
        "county_fips": "39131",
        "latitude": latitude,
        "longitude": longitude,
    }
    return Candidates(pd.DataFrame({**own, **columns}))


def areas(boxes: Sequence[tuple[float, float, float, float]], **columns: Sequence[object]) -> Candidates:
    """Candidates that are boxes (west, south, east, north), their points in the middle."""
    middles = [((south + north) / 2, (west + east) / 2) for west, south, east, north in boxes]
    shapes = geopandas.GeoSeries([shapely.box(*box) for box in boxes], crs=CRS)
    return Candidates(points(middles, **columns).table, shapes)


def layer(kind: Kind, shapes: Sequence[BaseGeometry], **columns: Sequence[object]) -> Layer:
    """A layer of shapes in degrees."""
    frame = geopandas.GeoDataFrame(dict(columns), geometry=list(shapes), crs=CRS)
    return Layer("drawn", kind, frame, "drawn by hand", "2026")


def ground(candidates: Candidates, layers: Mapping[str, Layer] | None = None) -> Ground:
    return Ground(candidates, layers or {})
