"""Distances: by hand, against the ellipsoid walked point by point, and fast enough for every county."""

from __future__ import annotations

import math
import time

import geopandas
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely

from gigasite.foundation.errors import InputError
from gigasite.siting.boundaries import counties
from gigasite.siting.distances import SEARCH_PLANE, coordinates_of, geodesic_km, nearest_km
from gigasite.siting.layers import Layer
from gigasite.siting.voltage_classes import VOLTAGE_CLASSES, distance_column, nearest_lines

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the ellipsoid."""
GEOD = pyproj.Geod(ellps="WGS84")
PLACES = {
    "piketon": (39.01, -83.0),
    "abilene": (32.5, -99.79),
    "lordstown": (41.15, -80.87),
    "dona_ana": (31.86, -106.68),
    "tomakomai": (42.72, 141.7),
}


def haversine(one: str, other: str) -> float:
    """Return sin^2(dlat / 2) + cos(lat) cos(other lat) sin^2(dlon / 2)."""
    (lat1, lon1), (lat2, lon2) = (tuple(map(math.radians, PLACES[name])) for name in (one, other))
    across = math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return math.sin((lat2 - lat1) / 2) ** 2 + across


def layer(kind: str, geometries: list[object], **columns: object) -> Layer:
    frame = geopandas.GeoDataFrame(columns, geometry=geometries, crs=4326)
    return Layer("drawn", kind, frame, "drawn for this test", "2026")


def at(*places: tuple[float, float]) -> pd.DataFrame:
    return pd.DataFrame(places, columns=["latitude", "longitude"])


@pytest.fixture(scope="module")
def many_lines() -> Layer:
    random = np.random.default_rng(7)
    number = 50_000
    start = random.uniform((-124, 25), (-67, 49), (number, 2))
    way, length = random.uniform(0, 2 * np.pi, number), random.uniform(0.05, 0.5, number)
    end = start + length[:, None] * np.column_stack([np.cos(way), np.sin(way)])
    lines = shapely.linestrings(np.stack([start, end], axis=1))
    return layer("lines", lines, voltage=random.choice([115, 138, 230, 345, 500, 765], number))


@pytest.mark.parametrize(
    ("one", "other", "worked", "worked_km"),
    [
        # sin^2(1.07) + cos(39.01) cos(41.15) sin^2(1.065) = 3.48711e-4 + 0.585102 x 3.45461e-4
        ("piketon", "lordstown", 5.50841e-4, 299.08),
        # sin^2(3.255) + cos(39.01) cos(32.5) sin^2(8.395) = 0.00322404 + 0.655345 x 0.0213148
        ("piketon", "abilene", 0.0171926, 1675.57),
        # sin^2(0.32) + cos(32.5) cos(31.86) sin^2(3.445) = 3.11923e-5 + 0.716326 x 0.00361080
        ("abilene", "dona_ana", 0.00261770, 652.22),
    ],
)
def test_three_sites_lie_as_far_apart_as_the_great_circle_by_hand_says(one, other, worked, worked_km):
    assert haversine(one, other) == pytest.approx(worked, rel=1e-4)
    assert 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(worked)) == pytest.approx(worked_km, abs=0.02)
    # A sphere is up to 0.56 % off the ellipsoid.
    assert geodesic_km(*PLACES[one], *PLACES[other]) == pytest.approx(worked_km, rel=5.6e-3)


def test_the_geodesic_is_that_of_the_ellipsoid_and_takes_arrays():
    # One degree of the meridian from the equator on WGS84, and of the equator: tables of the ellipsoid.
    assert geodesic_km(0.0, 0.0, 1.0, 0.0) == pytest.approx(110.5744, abs=1e-4)
    assert geodesic_km(0.0, 0.0, 0.0, 1.0) == pytest.approx(111.3195, abs=1e-4)
    assert geodesic_km([39.01, 32.5], [-83.0, -99.79], 39.01, -83.0).shape == (2,)


def test_the_nearest_point_is_found_with_its_geodesic():
    sites = layer("points", [shapely.Point(lon, lat) for lat, lon in PLACES.values()])
    found = nearest_km(at((39.2, -83.1), PLACES["abilene"], (43.0, 141.3)), sites)
    assert found["feature"].tolist() == [0, 1, 4]
    assert found["distance_km"].iloc[0] == pytest.approx(float(geodesic_km(39.2, -83.1, 39.01, -83.0)), abs=1e-6)
    assert found["distance_km"].iloc[1] == pytest.approx(0.0, abs=1e-6)
    assert found[["latitude", "longitude"]].iloc[0].tolist() == pytest.approx([39.01, -83.0], abs=1e-9)


def test_a_line_along_a_meridian_is_as_far_as_the_parallel_is_long():
    # At 40 degrees north a degree of longitude is 85.39 km on WGS84; the foot lies a little north of the parallel.
    line = layer("lines", [shapely.LineString([(-100, 30), (-100, 50)])])
    found = nearest_km(at((40.0, -99.0)), line)
    assert found["distance_km"].iloc[0] == pytest.approx(85.39, abs=0.01)
    assert found["latitude"].iloc[0] == pytest.approx(40.0, abs=0.01)


def test_inside_an_area_the_distance_is_nothing():
    park = layer("areas", [shapely.box(-84, 39, -83, 40)])
    found = nearest_km(at((39.5, -83.5), (39.5, -82.0)), park)["distance_km"]
    assert found.iloc[0] == 0.0
    assert found.iloc[1] == pytest.approx(float(geodesic_km(39.5, -82.0, 39.5, -83.0)), abs=0.01)


def test_against_the_ellipsoid_walked_along_every_line_the_distance_is_right(many_lines):
    few = Layer("few", "lines", many_lines.frame.iloc[:20].reset_index(drop=True), "drawn for this test", "2026")
    points = counties().iloc[::60][["state", "latitude", "longitude"]]
    points = points[~points["state"].isin(["AK", "HI"])]
    found = nearest_km(points, few)["distance_km"].to_numpy()
    to_plane = pyproj.Transformer.from_crs(4326, SEARCH_PLANE, always_xy=True)
    ends = shapely.get_coordinates(few.frame.geometry)
    x, y = (values.reshape(-1, 2) for values in to_plane.transform(ends[:, 0], ends[:, 1]))
    share = np.linspace(0, 1, 1001)
    along = [values[:, :1] * (1 - share) + values[:, 1:] * share for values in (x, y)]
    lon, lat = to_plane.transform(*along, direction="INVERSE")
    walked = np.full(len(points), np.inf)
    for number in range(len(lon)):
        km = geodesic_km(points["latitude"].to_numpy()[:, None], points["longitude"].to_numpy()[:, None], lat[number],
                         lon[number])  # fmt: skip
        walked = np.minimum(walked, km.min(axis=1))
    near = (walked > 5) & (walked < 500)
    assert near.sum() > 20
    assert np.abs(found / walked - 1)[near].max() < 2e-5
    assert np.abs(found / walked - 1).max() < 2e-4


def test_lengths_in_a_plane_alone_would_be_up_to_two_percent_off():
    points = counties()
    points = points[~points["state"].isin(["AK", "HI"])]
    lat, lon = points["latitude"].to_numpy(), points["longitude"].to_numpy()
    far_lon, far_lat, _ = GEOD.fwd(lon, lat, np.linspace(0, 360, len(lon)), np.full(len(lon), 100_000.0))
    errors = {}
    for name in (SEARCH_PLANE, "EPSG:5070"):
        plane = pyproj.Transformer.from_crs("EPSG:4326", name, always_xy=True)
        (x, y), (far_x, far_y) = plane.transform(lon, lat), plane.transform(far_lon, far_lat)
        errors[name] = np.abs(np.hypot(far_x - x, far_y - y) / 100_000.0 - 1).max()
    assert errors[SEARCH_PLANE] == pytest.approx(0.022, abs=0.002)
    assert errors["EPSG:5070"] == pytest.approx(0.011, abs=0.001)


def test_only_the_features_that_fit_count():
    lines = [shapely.LineString([(lon, 38), (lon, 40)]) for lon in (-82.5, -82.0, -81.0, -80.0)]
    drawn = layer("lines", lines, voltage=[138, 345, 765, None], owner=["AEP", "AEP", "AEP", None])
    here = at((39.0, -83.0))

    def nearest(**where: object) -> int:
        return int(nearest_km(here, drawn, where=where)["feature"].iloc[0])

    assert nearest() == 0
    assert nearest(voltage=345) == 1
    assert nearest(voltage=[345, 765]) == 1
    assert nearest(voltage=(300, None)) == 1
    assert nearest(voltage=(400.0, 800.0)) == 2
    assert nearest(voltage=(None, 200), owner="AEP") == 0
    nothing = nearest_km(here, drawn, where={"owner": "Dominion"})
    assert nothing["distance_km"].tolist() == [math.inf]
    assert nothing["feature"].tolist() == [-1]
    with pytest.raises(InputError, match="did you mean 'voltage'"):
        nearest(voltge=345)


def test_the_nearest_line_of_each_voltage_class():
    lines = [shapely.LineString([(lon, 38), (lon, 40)]) for lon in (-82.5, -82.0, -81.0, -80.0)]
    drawn = layer("lines", lines, voltage=[161, 345, 735, 69])
    found = nearest_lines(at((39.0, -83.0)), drawn).iloc[0]
    assert list(found.index) == [distance_column(kv) for kv in VOLTAGE_CLASSES]
    degree = float(geodesic_km(39.0, -83.0, 39.0, -82.0))
    assert found["line_138kv_km"] == pytest.approx(degree / 2, rel=1e-3)
    assert found["line_345kv_km"] == pytest.approx(degree, rel=1e-3)
    assert found["line_765kv_km"] == pytest.approx(degree * 2, rel=1e-3)
    assert math.isinf(found["line_230kv_km"])
    assert math.isinf(found["line_500kv_km"])


def test_points_may_come_as_columns_or_geometry_and_must_lie_on_the_world():
    places = [shapely.Point(-83.0, 39.01), shapely.Point(-99.79, 32.5)]
    frame = geopandas.GeoDataFrame(geometry=places, crs=4326, index=["a", "b"])
    for points in (frame, frame.to_crs(5070)):
        latitude, longitude = coordinates_of(points)
        assert latitude == pytest.approx([39.01, 32.5], abs=1e-9)
        assert longitude == pytest.approx([-83.0, -99.79], abs=1e-9)
    sites = layer("points", [shapely.Point(-83, 39)])
    assert nearest_km(frame, sites).index.tolist() == ["a", "b"]
    assert nearest_km(at(), sites).empty
    for wrong in ((91.0, 0.0), (0.0, -181.0), (math.nan, 0.0)):
        with pytest.raises(InputError, match="not on the world"):
            nearest_km(at(wrong), sites)
    with pytest.raises(InputError, match="no points"):
        nearest_km(pd.DataFrame({"lat": [1.0]}), sites)


def test_every_county_against_fifty_thousand_lines_takes_two_seconds(many_lines):
    points = counties()
    begun = time.process_time()
    found = nearest_km(points, many_lines)
    assert time.process_time() - begun < 2.0
    assert np.isfinite(found["distance_km"]).all()
