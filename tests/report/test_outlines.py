"""Outlines below a map: in place, small, and from packages and files of the project alone."""

import json
import socket

import numpy as np
import pytest
import shapely

from gigasite.report import outlines as module
from gigasite.report.outlines import JAPAN, JAPAN_FILE, UNITED_STATES, extent, extent_of_states, outlines, project


def test_albers_puts_its_origin_at_zero_and_keeps_areas() -> None:
    x, y = project(UNITED_STATES, [-96.0], [23.0])
    assert (float(x[0]), float(y[0])) == (pytest.approx(0.0, abs=0.01), pytest.approx(0.0, abs=0.01))
    for latitude in (30.0, 45.0):  # a degree by a degree on the ellipsoid: 10,710 and 8,769 km2
        corners = np.array([(-100, latitude), (-99, latitude), (-99, latitude + 1), (-100, latitude + 1)])
        edge = shapely.segmentize(shapely.Polygon(corners), 0.01).exterior.coords
        drawn = shapely.Polygon(np.column_stack(project(UNITED_STATES, *np.array(edge).T))).area
        from pyproj import Geod

        true = abs(Geod(ellps="GRS80").polygon_area_perimeter(*np.array(edge).T)[0]) / 1e6
        assert drawn == pytest.approx(true, rel=2e-4)


def test_a_site_lies_in_its_state() -> None:
    west, south, east, north = extent_of_states(["OH"]) or (0, 0, 0, 0)
    x, y = project(UNITED_STATES, [-83.0], [39.01])
    assert west < x[0] < east
    assert south < y[0] < north
    assert extent_of_states(["OH", "Hokkaido"]) is None
    assert extent_of_states([]) is None


def test_the_lower_48_states_are_small_and_whole() -> None:
    found = outlines(UNITED_STATES, extent(UNITED_STATES), 2.5)
    assert len(found.names) == 49  # with the District of Columbia
    assert len(found.land_x) + len(found.border_x) < 9000
    assert found.land_x.dtype == np.float32
    pieces = np.split(np.column_stack([found.land_x, found.land_y]), np.flatnonzero(np.isnan(found.land_x)))
    land = sum(shapely.Polygon(piece[~np.isnan(piece[:, 0])]).area for piece in pieces)
    assert land == pytest.approx(8.08e6, rel=0.02)  # Census Bureau: 8.08 million km2 with inland and coastal water


def test_only_what_lies_in_the_frame_is_drawn() -> None:
    frame = extent_of_states(["OH"])
    assert frame is not None
    found = outlines(UNITED_STATES, frame, 1.0)
    assert np.nanmin(found.land_x) >= frame[0] - 0.1
    assert np.nanmax(found.land_y) <= frame[3] + 0.1
    assert "OH" in {name for name, _, _ in found.names}
    assert "TX" not in {name for name, _, _ in found.names}


def test_japan_is_the_outline_that_its_file_cites() -> None:
    feature = json.loads(JAPAN_FILE.read_text(encoding="utf-8"))["features"][0]
    assert "Natural Earth" in feature["properties"]["source"]
    shape = shapely.from_geojson(json.dumps(feature["geometry"]))
    assert shape.is_valid
    for longitude, latitude in ((141.7, 42.72), (135.44, 34.6)):  # Tomakomai and Sakai, both on the coast
        assert shape.distance(shapely.Point(longitude, latitude)) < 0.35  # as coarse as 1:110m is
    found = outlines(JAPAN, extent(JAPAN), 1.0)
    assert found.names == ()
    assert len(found.land_x) < 80


def test_outlines_need_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was opened")

    module._area.cache_clear()
    module._extents.cache_clear()
    module._transformer.cache_clear()
    monkeypatch.setattr(socket, "socket", refuse)
    assert len(outlines(UNITED_STATES, extent_of_states(["RI"]) or extent(UNITED_STATES), 1.0).land_x) > 10
