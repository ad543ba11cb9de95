"""The layer of sites: the planner's rows first, read again once it changes, refused with every fault in words."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from gigasite.foundation.errors import InputError
from gigasite.inputs.folders import data_folder
from gigasite.inputs.known_sites import known_sites, read_sites_file
from gigasite.inputs.tables import load_tables
from gigasite.run.solve_run import check_scenario_file

OURS = {"site_id": "ours", "grid_zone": "pjm_aep"}
POINT = {"type": "Point", "coordinates": [-83.0, 39.0]}
SCENARIO = """\
name: a
horizon: {years: [2034], resolution_h: 24, days: 2}
sites:
  ours:
    load_ramp_mw: {2034: 400}
    technologies: [combined_cycle, grid_connection, wind]
"""
KNOWN = {
    **OURS,
    "temperature_series": "temperature_diurnal_humid", "temperature_like_site": "piketon", "design_temperature_c": 33.0,
    "census_division": "east_north_central", "gas_hub": "columbia_tco", "wind_series": "wind_pjm_west",
}  # fmt: skip


def written(folder: Path, *features: Any, **more: Any) -> Path:
    folder.mkdir(exist_ok=True, parents=True)
    path = folder / "sites.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features, **more}), encoding="utf-8")
    return path


def feature(properties: Any = OURS, geometry: Any = POINT) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def messages(path: Path) -> list[str]:
    with pytest.raises(InputError) as refused:
        read_sites_file(path)
    assert all(
        problem.origin is not None and "sites.geojson" in str(problem.origin) for problem in refused.value.problems
    )
    return [problem.message for problem in refused.value.problems]


def test_a_site_has_its_properties_and_where_it_lies(tmp_path: Path) -> None:
    sites = read_sites_file(written(tmp_path, feature())).sites
    assert sites == {"ours": {**OURS, "latitude": 39.0, "longitude": -83.0}}


def test_the_sites_of_the_first_folder_win_and_the_others_stay(tmp_path: Path) -> None:
    written(tmp_path, feature({"site_id": "piketon", "name": "Mine"}), feature())
    sites = known_sites((tmp_path, data_folder()))
    assert len(sites) == 21
    assert sites["piketon"]["name"] == "Mine"
    assert sites["abilene"]["latitude"] == 32.5


def test_a_layer_that_changed_is_read_again(tmp_path: Path) -> None:
    path = written(tmp_path, feature())
    before = read_sites_file(path)
    written(tmp_path, feature(OURS | {"grid_zone": "tva"}))
    os.utime(path, ns=(1, 1))
    after = read_sites_file(path)
    assert (before.sites["ours"]["grid_zone"], after.sites["ours"]["grid_zone"]) == ("pjm_aep", "tva")
    assert before.sha256 != after.sha256


@pytest.mark.parametrize(
    "name",
    [
        "urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:OGC::CRS84", "urn:ogc:def:crs:EPSG::4326", "EPSG:4326",
        "urn:ogc:def:crs:EPSG:6.9:4326", "epsg:4326", "http://www.opengis.net/def/crs/EPSG/0/4326", "WGS84", "WGS 84",
    ],
)  # fmt: skip
def test_longitude_and_latitude_go_by_several_names(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, feature(), crs={"type": "name", "properties": {"name": name}})
    assert list(read_sites_file(path).sites) == ["ours"]
    assert list(read_sites_file(written(tmp_path / "more", feature(), crs=name)).sites) == ["ours"]


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (feature({"grid_zone": "tva"}), "this site has no `site_id`"),
        (feature({"site_id": 7}), "this value does not fit here"),
        (feature({"site_id": "Our site"}), "this value does not fit here"),
        (feature({"site_id": ""}), "this value does not fit here"),
        (feature(None), "this site has no `site_id`"),
        ("a site", "this site has no `site_id`"),
        (feature(geometry=None), "the site ours is no point"),
        (feature(geometry={"type": "Polygon", "coordinates": [[[1, 2]]]}), "the site ours is no point"),
        (feature(geometry={"type": "Point", "coordinates": [1]}), "the site ours is no point"),
        (feature(geometry={"type": "Point", "coordinates": ["1", 2]}), "the site ours is no point"),
        (feature(geometry={"type": "Point", "coordinates": [float("nan"), 2]}), "the site ours is no point"),
        (feature(geometry={"type": "Point", "coordinates": [10**400, 2]}), "the site ours is no point"),
        (feature(geometry={"type": "Point", "coordinates": {"x": 1}}), "the site ours is no point"),
        (feature(geometry=[1, 2]), "the site ours is no point"),
        (feature(["site_id"]), "this site has no `site_id`"),
        (feature(geometry={"type": "Point", "coordinates": [39.0, -183.0]}), "the site ours is not on earth"),
    ],
)
def test_a_faulty_site_is_told(tmp_path: Path, one: Any, told: str) -> None:
    assert messages(written(tmp_path, one)) == [told]


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    elsewhere = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}
    path = written(tmp_path, feature(), feature(), feature(geometry=None), crs=elsewhere)
    crs, twice, no_point = messages(path)
    assert crs == "the layer of sites is in urn:ogc:def:crs:EPSG::3857"
    assert (twice, no_point) == ("this site stands twice", "the site ours is no point")


@pytest.mark.parametrize("name", ["EPSG:3857", "urn:ogc:def:crs:EPSG::43260", "NOTEPSG:4326", "CRS84x", ""])
def test_coordinates_in_another_system_are_refused(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, feature(), crs={"type": "name", "properties": {"name": name}})
    assert messages(path) == [f"the layer of sites is in {name}"]


@pytest.mark.parametrize("crs", [4326, {"properties": None}, {"properties": ["name"]}, {"properties": {}}, {}, []])
def test_a_coordinate_system_without_a_name_is_told(tmp_path: Path, crs: Any) -> None:
    assert messages(written(tmp_path, feature(), crs=crs)) == ["the layer of sites does not name its coordinate system"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("design_temperature_c", "hot"), ("design_temperature_c", [33]), ("design_temperature_c", 1e9),
        ("trunk_distance_km", "far"), ("trunk_distance_km", -1), ("capex_multiplier_combined_cycle", -3),
        ("capex_multiplier_combined_cycle", True), ("capex_multiplier_nuclear", float("inf")),
        ("agreed_connection_year", "soon"), ("agreed_connection_year", 28), ("agreed_connection_mw", "x"),
        ("grid_zone", 7), ("wind_series", ["a"]), ("elevation_m", 1e6),
    ],
)  # fmt: skip
def test_a_property_that_no_site_can_have_is_told(tmp_path: Path, key: str, value: Any) -> None:
    with pytest.raises(InputError) as refused:
        read_sites_file(written(tmp_path, feature(), feature({"site_id": "second", key: value})))
    (problem,) = refused.value.problems
    assert problem.key == f"feature 2, {key}"


def test_a_number_that_is_none_is_not_said(tmp_path: Path) -> None:
    (site,) = read_sites_file(written(tmp_path, feature(OURS | {"elevation_m": float("nan")}))).sites.values()
    assert site["elevation_m"] is None


def test_what_stands_in_place_of_a_layer_is_told(tmp_path: Path) -> None:
    (tmp_path / "sites.geojson").mkdir()
    with pytest.raises(InputError, match="is a folder, not a file"):
        known_sites((tmp_path,))
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "sites.geojson").symlink_to(tmp_path / "nowhere")
    with pytest.raises(InputError, match="does not exist"):
        known_sites((tmp_path / "other",))


def test_swapped_coordinates_get_their_remedy(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        read_sites_file(written(tmp_path, feature(geometry={"type": "Point", "coordinates": [32.5, -99.8]})))
    assert refused.value.problems[0].remedy == "longitude comes first: swap them"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"features": 3', "the layer of sites is not JSON"),
        ("", "the layer of sites is not JSON"),
        ("[]", "is not a collection of features"),
        ("[" * 100_000, "the layer of sites is nested too deeply"),
        ('{"features": [' + "9" * 5000 + "]}", "thousands of digits"),
    ],
)
def test_what_is_no_layer_is_told(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "sites.geojson"
    path.write_text(text, encoding="utf-8")
    assert told in messages(path)[0]


def test_a_layer_is_among_the_figures_a_run_is_known_by(tmp_path: Path) -> None:
    path = written(tmp_path / "inputs", feature())
    tables = load_tables([path.parent, data_folder()])
    assert read_sites_file(path).sha256 in tables.sha256.values()
    path.write_text("[]", encoding="utf-8")
    with pytest.raises(InputError, match="not a collection of features"):
        load_tables([path.parent, data_folder()])


@pytest.mark.parametrize("key", ["grid_zone", "design_temperature_c", "temperature_series", "wind_series"])
def test_what_the_row_of_a_site_does_not_say_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").write_text(SCENARIO, encoding="utf-8")
    written(tmp_path / "inputs", feature(KNOWN))
    check_scenario_file("a.yaml")
    written(tmp_path / "inputs", feature({name: said for name, said in KNOWN.items() if name != key}))
    with pytest.raises(InputError) as refused:
        check_scenario_file("a.yaml")
    (problem,) = refused.value.problems
    assert problem.message == f"nothing says the {key} of this site"
    assert problem.key == f"sites.ours.place.{key}"


def test_a_scenario_is_read_without_libraries_of_tables_and_shapes() -> None:
    asked = (
        "import sys; from gigasite.run.solve_run import assemble_file; assemble_file('scenarios/abilene.yaml');"
        "print(sorted({'pandas', 'geopandas', 'pyogrio', 'pyproj', 'shapely', 'pyarrow'} & set(sys.modules)))"
    )
    told = subprocess.run(
        [sys.executable, "-c", asked], cwd=data_folder().parent, capture_output=True, text=True, timeout=120, check=True
    )
    assert told.stdout.strip() == "[]"
