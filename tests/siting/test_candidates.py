"""Candidates: counties of states, and features of a planner's layer, each with an id a scenario can use."""

import re

import pytest
import shapely
from tests.siting.grounds import layer

from gigasite.siting.candidates import counties_of, features_of, site_id


def test_ohio_has_88_counties() -> None:
    found = counties_of(["OH"])
    assert len(found) == 88
    assert set(found.table["state"]) == {"OH"}
    pike = found.table.set_index("site").loc["pike_oh"]
    assert pike["county_fips"] == "39131"
    assert pike["name"] == "Pike, OH"
    # the published centroid is that of other outlines
    assert (pike["latitude"], pike["longitude"]) == pytest.approx((39.0768, -83.088), abs=0.03)
    assert found.areas is not None
    assert len(found.areas) == 88


def test_every_county_has_an_id_of_its_own_that_a_scenario_takes() -> None:
    ids = counties_of(None).table["site"]
    assert ids.is_unique
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", each) for each in ids)


def test_counties_that_share_a_name_carry_their_code_whichever_states_are_asked_for() -> None:
    alone, all_of_them = counties_of(["MD"]).table["site"], counties_of(None).table["site"]
    assert {"baltimore_md_24005", "baltimore_md_24510"} <= set(alone)
    assert set(alone) <= set(all_of_them)


def test_features_of_areas_stand_at_a_point_within() -> None:
    ring = shapely.box(0, 0, 3, 3).difference(shapely.box(0.5, 0.5, 2.5, 3))
    found = features_of(layer("areas", [ring], parcel=["A 1"]), id_column="parcel", name_column=None)
    assert found.table["site"].tolist() == ["a_1"]
    assert ring.contains(shapely.Point(found.table["longitude"].item(), found.table["latitude"].item()))
    assert found.areas is not None


def test_features_without_a_column_of_ids_are_numbered() -> None:
    found = features_of(
        layer("points", [shapely.Point(-83, 39), shapely.Point(-82, 40)]), id_column=None, name_column=None
    )
    assert found.table["site"].tolist() == ["drawn_1", "drawn_2"]
    assert found.table["latitude"].tolist() == [39.0, 40.0]
    assert found.areas is None


def test_columns_of_a_layer_stay_beside_the_candidates() -> None:
    shapes = [shapely.Point(-83, 39)]
    found = features_of(
        layer("points", shapes, site=["x"], owner=["AEP"], state=["OH"]), id_column=None, name_column="owner"
    )
    assert found.table["owner"].item() == "AEP"
    assert found.table["name"].item() == "AEP"
    assert found.table["state"].item() == "OH"
    assert found.table["site"].item() == "drawn_1"


@pytest.mark.parametrize(
    ("text", "found"),
    [("Pike, OH", "pike_oh"), ("O'Brien", "o_brien"), ("--", "site"), ("3rd", "site_3rd"), ("Ñ", "n")],
)
def test_any_text_becomes_an_id(text: str, found: str) -> None:
    assert site_id(text) == found


def test_a_feature_of_several_points_stands_at_the_most_central_of_them() -> None:
    several = shapely.MultiPoint([(-83, 39), (-82.9, 39.1), (-80, 39)])
    found = features_of(layer("points", [several, shapely.MultiPoint([(-82, 40)])]), id_column=None, name_column=None)
    assert found.table["longitude"].tolist() == [-82.9, -82.0]
    assert found.table["latitude"].tolist() == [39.1, 40.0]


def test_an_earlier_screen_can_be_screened_again() -> None:
    """A candidates.csv as a layer: its rank and reasons are those of the earlier screen."""
    again = layer("points", [shapely.Point(-83, 39)], site=["pike_oh"], rank=[1], reasons=["land"], campus_km=[3.0])
    found = features_of(again, id_column="site", name_column=None)
    assert found.table["site"].tolist() == ["pike_oh"]
    assert not {"rank", "reasons"} & set(found.table.columns)
    assert found.table["campus_km"].tolist() == [3.0]
