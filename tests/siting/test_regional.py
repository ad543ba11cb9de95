"""What is known of any place: the known sites come out as they are, everything else says what stands for it."""

from __future__ import annotations

import csv
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from gigasite.foundation.errors import InputError
from gigasite.inputs.folders import data_folder
from gigasite.inputs.tables import load_tables
from gigasite.siting.boundaries import counties
from gigasite.siting.distances import geodesic_km
from gigasite.siting.multipliers import MULTIPLIERS
from gigasite.siting.place_tables import known_site_frame, place_table
from gigasite.siting.regional import COLUMNS, describe

FOLDERS = (data_folder(),)
OF_SITE = ("grid_zone", "census_division", "gas_hub", "wind_series", "solar_series", "temperature_series")


@pytest.fixture(scope="module")
def sites() -> pd.DataFrame:
    return known_site_frame(FOLDERS)


def at(*places: tuple[float, float]) -> pd.DataFrame:
    return pd.DataFrame(places, columns=["latitude", "longitude"])


@pytest.mark.parametrize("column", [*OF_SITE, *MULTIPLIERS])
def test_the_twenty_sites_come_out_as_their_layer_says(sites, column):
    found = describe(sites)
    assert len(found) == 20
    said, got = sites[column], found[column]
    same = [a == b or (pd.isna(a) and pd.isna(b)) for a, b in zip(said, got, strict=True)]
    assert all(same), sites.loc[~np.array(same), "site_id"].tolist()


def test_by_their_points_alone_the_sites_lie_in_their_counties(sites):
    american = sites[sites["country"] == "US"]
    found = describe(american[["latitude", "longitude"]])
    same = found["county_fips"] == american["fips"]
    # Amarillo's point, known to 3 km, lies 2 km over the border of Carson County.
    assert american.loc[~same, "site_id"].tolist() == ["amarillo"]
    assert found.loc[~same, "county"].tolist() == ["Potter"]
    assert (found.loc[same, "state"] == american.loc[same, "state"]).all()


def test_the_nearest_temperature_site_and_its_distance(sites):
    found = describe(at((39.96, -83.0), (37.35, -121.95)))
    assert found["temperature_site"].tolist() == ["new_albany", "inl"]
    new_albany = sites.set_index("site_id").loc["new_albany"]
    km = float(geodesic_km(39.96, -83.0, new_albany["latitude"], new_albany["longitude"]))
    assert found["temperature_site_km"].tolist() == [pytest.approx(km), pytest.approx(1035, abs=3)]
    assert found["design_temperature_c"].iloc[0] == 31.5
    assert found["elevation_m"].iloc[0] == 330.0  # 25 km away
    assert np.isnan(found["elevation_m"].iloc[1])


@pytest.mark.parametrize(
    ("place", "state", "zone", "hub"),
    [
        ((41.5, -81.7), "OH", "pjm_atsi", "eastern_gas_south"),  # Cleveland
        ((39.96, -83.0), "OH", "pjm_aep", "columbia_tco"),  # Columbus
        ((40.44, -79.99), "PA", "pjm_penelec", "eastern_gas_south"),  # Pittsburgh
        ((39.04, -77.49), "VA", "pjm_dominion", "transco_zone_6_non_ny"),  # Ashburn
        ((36.6, -82.2), "VA", "pjm_aep", "columbia_tco"),  # Bristol
        ((32.78, -96.8), "TX", "ercot_north", "houston_ship_channel"),  # Dallas
        ((29.76, -95.37), "TX", "ercot_south", "houston_ship_channel"),  # Houston
        ((31.76, -106.45), "TX", "wecc_epe", "el_paso_permian"),  # El Paso
        ((35.2, -101.83), "TX", "spp_sps", "panhandle"),  # Amarillo
        ((46.54, -87.4), "MI", "miso_lrz2", "chicago_citygate"),  # Marquette
        ((34.73, -86.59), "AL", "tva", "perryville"),  # Huntsville
        ((44.98, -93.27), "MN", "us_other", "chicago_citygate"),  # Minneapolis
    ],
)
def test_states_of_several_zones_are_divided_by_the_nearest_zone_point(place, state, zone, hub):
    found = describe(at(place)).iloc[0]
    assert (found["state"], found["grid_zone"], found["gas_hub"]) == (state, zone, hub)
    assert found["zone_confidence"] == "estimate"
    assert found["zone_point_km"] < 250


def test_every_county_has_what_the_model_needs():
    found = describe(counties())
    assert list(found.columns) == list(COLUMNS)
    assert len(found) == 3142
    unknown = found.isna().sum()
    assert unknown.drop(["elevation_m", *MULTIPLIERS, "multiplier_confidence"]).sum() == 0
    abroad = found["state"].isin(["AK", "HI"])
    assert found.loc[~abroad, list(MULTIPLIERS)].notna().all().all()
    assert found.loc[abroad, list(MULTIPLIERS)].isna().all().all()


def test_a_place_offshore_belongs_to_its_shore_and_one_abroad_to_nothing():
    found = describe(at((41.75, -81.7), (48.85, 2.35), (43.0, 141.5)))
    assert found["county"].iloc[0] == "Cuyahoga"
    assert found.loc[1, ["state", "county_fips", "grid_zone", "zone_confidence"]].isna().all()
    assert found.loc[1, list(MULTIPLIERS)].isna().all()
    assert found.loc[2, "grid_zone"] == "occto_hokkaido"
    assert found.loc[2, ["state", "county_fips"]].isna().all()


def test_a_county_code_that_points_bring_counts_and_must_exist():
    places = at((35.32, -101.64), (35.32, -101.64), (32.5, -86.6))
    found = describe(places.assign(county_fips=["48065", None, 1001.0]))
    assert found["county"].tolist() == ["Carson", "Potter", "Autauga"]
    with pytest.raises(InputError, match="1 points name a county"):
        describe(places.assign(county_fips=["48065", "99999", "48065"]))


def test_the_index_of_the_points_is_kept_and_none_may_be_off_the_world():
    places = at((39.0, -83.0), (32.5, -99.79)).set_axis(["b", "a"])
    assert describe(places).index.tolist() == ["b", "a"]
    assert describe(places.iloc[:0]).empty
    with pytest.raises(InputError, match="not on the world"):
        describe(at((139.0, -83.0)))


def test_every_county_is_described_in_a_second():
    points = counties()[["latitude", "longitude"]]
    describe(points.head(1))
    begun = time.process_time()
    describe(points)
    assert time.process_time() - begun < 1.0


def test_zones_hubs_and_series_of_the_zone_points_are_shipped_ones():
    points, tables = place_table("state_zones", FOLDERS), load_tables(FOLDERS)
    assert set(points["grid_zone"]) <= set(tables.values("grid_zones", "zone"))
    assert set(points["gas_hub"]) <= set(tables.values("fuels", "region", fuel="gas_basis"))
    series = set(tables.values("hourly_shapes", "series"))
    for column in ("wind_series", "solar_series", "temperature_series"):
        assert set(points[column]) <= series
    assert set(points["state"]) == set(counties()["state"])
    assert (points.groupby("state")["census_division"].nunique() == 1).all()


def test_every_zone_point_lies_in_its_state():
    points = place_table("state_zones", FOLDERS)
    found = describe(points[["latitude", "longitude"]])
    assert (found["state"].to_numpy() == points["state"].to_numpy()).all()
    assert (found["zone_point"].to_numpy() == points["zone_point"].to_numpy()).all()


def test_rest_of_state_points_take_the_zone_the_national_account_gives_them():
    rest = load_tables(FOLDERS).frame("rest_of_state_sites")
    rest = rest[rest["state"] != "other_us"]
    found = describe(
        rest.rename(columns={"lat": "latitude", "lon": "longitude"})[["latitude", "longitude"]].astype(float)
    )
    assert found["grid_zone"].tolist() == rest["grid_zone"].tolist()
    assert found["census_division"].tolist() == rest["census_division"].tolist()


def test_a_planners_multiplier_wins(tmp_path: Path):
    shipped = data_folder() / "county_multipliers.csv"
    with shipped.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    own = next(row for row in rows if row[0] == "39131")
    own[3] = "1.25"
    with (tmp_path / "county_multipliers.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([rows[0], own])
    piketon = at((39.01, -83.0))
    assert describe(piketon, folders=(tmp_path, *FOLDERS))[MULTIPLIERS[0]].iloc[0] == 1.25
    assert describe(piketon)[MULTIPLIERS[0]].iloc[0] == 0.9965
