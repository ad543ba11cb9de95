"""Layers of a map: sound ones come out the same from every format, bad ones are refused or repaired, and say so."""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely

from gigasite.foundation.errors import InputError, Origin
from gigasite.siting import layer_files
from gigasite.siting.layers import Layer, read_layer

SAID = {"source": "written for this test", "date": "2026-03"}
HERE = Origin("studies/screen.yaml", 7, 5)
BOW_TIE = shapely.Polygon([(-83, 39), (-82, 40), (-82, 39), (-83, 40)])
SQUARE = shapely.box(-84, 39, -83, 40)


def points() -> geopandas.GeoDataFrame:
    places = [shapely.Point(-83.0, 39.01), shapely.Point(-99.79, 32.5), shapely.Point(-80.87, 41.15)]
    return geopandas.GeoDataFrame({"name": ["a", "b", "c"], "voltage": [345, 138, 765]}, geometry=places, crs=4326)


def shapes(*geometries: object, crs: object = 4326) -> geopandas.GeoDataFrame:
    return geopandas.GeoDataFrame({"number": range(len(geometries))}, geometry=list(geometries), crs=crs)


def written(folder: Path, frame: geopandas.GeoDataFrame, name: str = "layer.gpkg", **options: object) -> Path:
    frame.to_file(folder / name, **options)
    return folder / name


def text(folder: Path, content: str, name: str = "layer.csv") -> Path:
    (folder / name).write_text(content, encoding="utf-8")
    return folder / name


def refusal(path: Path, **asked: object) -> str:
    with pytest.raises(InputError) as refused:
        read_layer(path, **{"kind": "points", **SAID, **asked})
    return str(refused.value)


@pytest.mark.parametrize("name", ["layer.gpkg", "layer.geojson", "layer.shp", "layer.csv"])
def test_the_same_points_come_out_of_every_format(tmp_path: Path, name: str) -> None:
    frame = points()
    if name.endswith("csv"):
        table = frame.drop(columns="geometry").assign(Latitude=frame.geometry.y, Longitude=frame.geometry.x)
        table.to_csv(tmp_path / name, index=False)
    else:
        written(tmp_path, frame, name)
    layer = read_layer(tmp_path / name, kind="points", **SAID)
    assert isinstance(layer, Layer)
    assert (layer.name, layer.kind, layer.source, layer.date, layer.repairs) == ("layer", "points", *SAID.values(), ())
    assert layer.frame.crs == "EPSG:4326"
    assert shapely.get_coordinates(layer.frame.geometry) == pytest.approx(
        shapely.get_coordinates(frame.geometry), abs=1e-12
    )
    assert layer.frame["voltage"].tolist() == [345, 138, 765]


def test_only_the_columns_that_are_needed_are_read(tmp_path: Path) -> None:
    for name in ("layer.gpkg", "layer.geojson"):
        layer = read_layer(written(tmp_path, points(), name), kind="points", columns=["voltage"], **SAID)
        assert list(layer.frame.columns) == ["voltage", "geometry"]


def test_a_layer_in_metres_comes_out_in_degrees(tmp_path: Path) -> None:
    path = written(tmp_path, points().to_crs(5070))
    there = shapely.get_coordinates(read_layer(path, kind="points", **SAID).frame.geometry)
    assert there == pytest.approx(shapely.get_coordinates(points().geometry), abs=1e-8)


def test_a_csv_may_separate_by_semicolons_and_keeps_the_zeros_of_codes(tmp_path: Path) -> None:
    path = text(tmp_path, "\ufefflat;lng;county_fips\n32.5;-86.6;01001\n")
    frame = read_layer(path, kind="points", **SAID).frame
    assert frame.geometry.iloc[0] == shapely.Point(-86.6, 32.5)
    assert frame["county_fips"].tolist() == ["01001"]


def test_a_csv_in_metres_needs_its_coordinate_system(tmp_path: Path) -> None:
    there = points().to_crs(5070).geometry
    path = text(tmp_path, "x,y\n" + "".join(f"{p.x},{p.y}\n" for p in there))
    told = refusal(path, origin=HERE)
    assert told.startswith("studies/screen.yaml:7:5: crs")
    assert "x and y but no coordinate system" in told
    frame = read_layer(path, kind="points", crs="EPSG:5070", **SAID).frame
    assert frame.geometry.iloc[0].distance(points().geometry.iloc[0]) < 1e-7


def test_three_dimensions_become_two(tmp_path: Path) -> None:
    path = written(tmp_path, shapes(shapely.Point(-83, 39, 205.0)))
    assert not read_layer(path, kind="points", **SAID).frame.geometry.has_z.any()


def test_no_coordinate_system_is_refused_until_it_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, points(), "layer.shp")
    path.with_suffix(".prj").unlink()
    told = refusal(path, origin=HERE)
    assert told.startswith("studies/screen.yaml:7:5: crs")
    assert "does not say its coordinate system" in told
    assert "crs: EPSG:4326" in told
    assert len(read_layer(path, kind="points", crs="EPSG:4326", **SAID).frame) == 3


def test_another_coordinate_system_than_the_files_own_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, points())
    assert len(read_layer(path, kind="points", crs="EPSG:4326", **SAID).frame) == 3
    assert "says another coordinate system itself" in refusal(path, crs="EPSG:5070")
    assert "names no coordinate system" in refusal(path, crs="EPSG:999999")


def test_the_wrong_kind_of_geometry_is_told_with_what_is_there(tmp_path: Path) -> None:
    told = refusal(written(tmp_path, points()), kind="lines", origin=HERE)
    assert "holds no lines" in told
    assert "given:   Point" in told
    assert "kind: points" in told
    line = shapely.LineString([(-83, 39), (-82, 40)])
    mixed = refusal(written(tmp_path, shapes(line, SQUARE, SQUARE), "mixed.geojson"), kind="areas")
    assert "1 of 3 features" in mixed
    assert "no areas" in mixed
    assert "holds no lines" in refusal(text(tmp_path, "lat,lon\n39,-83\n"), kind="lines")
    assert "no known kind" in refusal(written(tmp_path, points()), kind="point")


def test_an_empty_layer_is_refused(tmp_path: Path) -> None:
    assert "holds no features" in refusal(written(tmp_path, points().iloc[:0]))
    assert "holds no rows" in refusal(text(tmp_path, "lat,lon\n"))
    assert "is empty" in refusal(text(tmp_path, "", "none.csv"))
    nothing = written(tmp_path, shapes(None, shapely.Point()), "nothing.geojson")
    assert "no feature" in refusal(nothing)


def test_features_without_geometry_are_left_out_and_told(tmp_path: Path) -> None:
    layer = read_layer(
        written(tmp_path, shapes(shapely.Point(-83, 39), None, shapely.Point(-84, 40))), kind="points", **SAID
    )
    assert layer.repairs == ("1 feature without a geometry that can be read left out",)
    assert layer.frame.index.tolist() == [0, 1]
    assert layer.frame["number"].tolist() == [0, 2]


def test_areas_that_cross_themselves_are_repaired_and_told(tmp_path: Path) -> None:
    layer = read_layer(written(tmp_path, shapes(SQUARE, BOW_TIE)), kind="areas", **SAID)
    assert len(layer.repairs) == 1
    assert "1 area that crossed itself repaired by make_valid (feature 2)" in layer.repairs[0]
    assert layer.frame.is_valid.all()
    assert set(layer.frame.geom_type) <= {"Polygon", "MultiPolygon"}
    # Two triangles of half a degree of height and one degree of base.
    assert layer.frame.geometry.iloc[1].area == pytest.approx(2 * 0.5 * 0.5 * 1.0)


def test_an_area_without_extent_is_left_out(tmp_path: Path) -> None:
    flat = shapely.Polygon([(-83, 39), (-82, 40), (-83, 39), (-83, 39)])
    layer = read_layer(written(tmp_path, shapes(SQUARE, flat)), kind="areas", **SAID)
    assert len(layer.frame) == 1
    assert any("without any extent" in repair for repair in layer.repairs)


def test_swapped_coordinates_are_recognised_and_repaired_on_request(tmp_path: Path) -> None:
    swapped = shapely.transform(points().geometry.array, lambda pairs: pairs[:, ::-1])
    path = written(tmp_path, points().set_geometry(swapped))
    told = refusal(path, origin=HERE)
    assert told.startswith("studies/screen.yaml:7:5: swap_coordinates")
    assert "stand in each other's place" in told
    layer = read_layer(path, kind="points", swap_coordinates=True, **SAID)
    assert layer.frame.geometry.iloc[0] == shapely.Point(-83.0, 39.01)
    assert layer.repairs == ("latitude and longitude swapped, as swap_coordinates says",)
    csv = text(tmp_path, "latitude,longitude\n-83,39\n-120.5,45.7\n")
    assert "stand in each other's place" in refusal(csv)
    japan = text(tmp_path, "latitude,longitude\n42.72,141.7\n", "japan.csv")
    assert "stand in each other's place" in refusal(japan, swap_coordinates=True)


def test_coordinates_outside_the_world_are_refused(tmp_path: Path) -> None:
    metres = [(point.x, point.y) for point in points().to_crs(5070).geometry]
    path = text(tmp_path, "latitude,longitude\n" + "".join(f"{y},{x}\n" for x, y in metres))
    told = refusal(path)
    assert "outside the world" in told
    assert "say crs: and the system they are in, as EPSG:5070" in told
    assert "exported again" in told  # crs: is refused beside a file that says degrees itself
    one = text(tmp_path, "latitude,longitude\n39,-83\n39.1,-83.2\n139,-83\n", "one.csv")
    assert "feature 3 first" in refusal(one)


def test_degrees_under_the_name_of_metres_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path, points().set_crs(5070, allow_override=True))
    assert "look like degrees" in refusal(path)


def test_a_coordinate_that_is_no_number_is_told_with_its_line(tmp_path: Path) -> None:
    told = refusal(text(tmp_path, "lat,lon\n39,-83\n,-84\n40;1,-85\n"))
    assert "layer.csv:3: lat" in told
    assert "(empty)" in told
    assert "in 2 rows, here first" in told
    line = {"type": "LineString", "coordinates": [[-83, 39], ["nan", 39]]}
    content = {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": line}]}
    path = text(tmp_path, json.dumps(content).replace('"nan"', "NaN"), "nan.geojson")
    assert "feature 1 of" in refusal(path, kind="lines")


def test_decimal_commas_between_commas_do_not_become_a_place_in_the_sea(tmp_path: Path) -> None:
    """Read as they stand, 40,5 and -83,2 would be 40 north and 5 east."""
    told = refusal(text(tmp_path, "name,latitude,longitude\nhere,39,-83\nthere,40,5,-83,2\n"))
    assert ".csv:3" in told
    assert "the row has 5 cells, but there are 3 columns" in told
    sound = text(tmp_path, 'name,latitude,longitude\n"here, or there",39,-83,\n', "sound.csv")
    assert len(read_layer(sound, kind="points", **SAID).frame) == 1


def test_a_file_of_several_layers_needs_one_named(tmp_path: Path) -> None:
    written(tmp_path, points(), layer="substations")
    path = written(tmp_path, shapes(SQUARE), layer="parks", mode="a")
    told = refusal(path, origin=HERE)
    assert "holds 2 layers" in told
    assert "substations, parks" in told
    assert len(read_layer(path, kind="areas", layer="parks", **SAID).frame) == 1
    assert "did you mean 'parks'?" in refusal(path, layer="park")


def test_a_table_without_geometry_beside_the_layer_is_passed_over(tmp_path: Path) -> None:
    path = written(tmp_path, points(), layer="substations")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE layer_styles (id INTEGER PRIMARY KEY, style TEXT)")
        connection.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES ('layer_styles', 'attributes', 's')"
        )
        connection.commit()
    assert len(read_layer(path, kind="points", **SAID).frame) == 3


def test_a_missing_file_column_source_and_date_are_told(tmp_path: Path) -> None:
    path = written(tmp_path, points())
    assert "did you mean" in refusal(tmp_path / "layr.gpkg", origin=HERE)
    assert "did you mean 'voltage'?" in refusal(path, columns=["voltge"])
    assert "did you mean 'voltage'?" in refusal(text(tmp_path, "lat,lon,voltage\n1,2,3\n"), columns=["voltge"])
    told = refusal(path, source="", date="20 March", origin=HERE)
    assert "has no source" in told
    assert "20 March" in told
    for date in ("2026", "2026-03", "2026-03-20"):
        assert read_layer(path, kind="points", source="x", date=date).date == date
    for date in ("", "2026-13", "2026-02-30", "26"):
        assert "date" in refusal(path, date=date)


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    assert "cannot be read as a GeoPackage" in refusal(text(tmp_path, "no map", "layer.gpkg"))
    assert "cannot be read as a GeoJSON" in refusal(text(tmp_path, '{"type": "FeatureColl', "layer.geojson"))
    assert "is no layer of a map" in refusal(text(tmp_path, "no map", "layer.kml"))
    shape = written(tmp_path, points(), "lost.shp")
    shape.with_suffix(".shx").unlink()
    assert ".shx" in refusal(shape)
    assert "has no coordinates" in refusal(text(tmp_path, "name,voltage\na,345\n"))
    assert "several columns of coordinates" in refusal(text(tmp_path, "lat,latitude,lon\n1,1,2\n"))
    latin = tmp_path / "latin.csv"
    latin.write_bytes("lat,lon,name\n31.9,-106.7,Do\u00f1a Ana\n".encode("latin-1"))
    assert "UTF-8" in refusal(latin)


def test_a_file_too_large_is_refused_with_how_to_cut_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layer_files, "LARGEST_MB", 0.01)
    told = refusal(written(tmp_path, points()), origin=HERE)
    assert "too large" in told
    assert "ogr2ogr -spat" in told


def test_several_faults_of_one_file_are_told_together(tmp_path: Path) -> None:
    path = written(tmp_path, points(), "layer.shp")
    path.with_suffix(".prj").unlink()
    told = refusal(path, kind="areas", columns=["voltge"])
    for part in ("holds no areas", "coordinate system", "no such column"):
        assert part in told


@pytest.mark.slow
def test_a_geojson_of_200_megabytes_is_read_within_a_minute(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    feature = '{{"type":"Feature","properties":{{"voltage":{}}},"geometry":{{"type":"LineString","coordinates":{}}}}}'
    steps = np.round(random.normal(0.0, 0.004, (60, 2)).cumsum(axis=0), 6)
    starts = random.uniform((-120, 28), (-70, 47), (1000, 2)).round(3)
    thousand = "".join(feature.format(345, np.round(start + steps, 6).tolist()) + ",\n" for start in starts)
    path = tmp_path / "lines.geojson"
    copies = int(200e6 / len(thousand)) + 1
    with path.open("w", encoding="utf-8") as file:
        file.write('{"type":"FeatureCollection","features":[\n')
        for _ in range(copies):
            file.write(thousand)
        file.write(feature.format(500, [[-83, 39], [-82, 40]]) + "\n]}")
    assert path.stat().st_size > 200e6
    begun = time.process_time()
    layer = read_layer(path, kind="lines", columns=["voltage"], **SAID)
    assert time.process_time() - begun < 60
    assert len(layer.frame) == copies * 1000 + 1
    assert layer.frame["voltage"].iloc[-1] == 500
