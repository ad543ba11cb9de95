"""The tables of sites, grid, demand and hours: complete, consistent, and each figure with its source."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

INPUTS = Path(__file__).parents[2] / "inputs"
FIGURE_TABLES = [
    "site_months",
    "grid_zones",
    "grid_steps",
    "demand",
    "existing_fleet",
    "rest_of_state_limits",
    "hourly_shapes",
    "hourly_variability",
]
TEXT_TABLES = ["grid_zone_series", "rest_of_state_sites", "county_multipliers", "county_points", "state_zones"]
COMMON = [
    "value",
    "low",
    "high",
    "unit",
    "currency_year",
    "source",
    "locator",
    "source_year",
    "confidence",
    "note",
]
CONFIDENCES = {"published", "derived", "reported", "estimate"}
SUPPLY = {"inl", "clinch_river", "susquehanna", "crane"}
ZONE_PARAMETERS = {
    "energy_price_usd_per_mwh",
    "capacity_price_usd_per_mw_day",
    "transmission_charge_usd_per_mw_month",
    "transmission_charge_on_coincident_peak",
    "demand_charge_floor",
    "queue_year_firm",
    "queue_year_nonfirm",
    "queue_year_rest_of_state",
    "reinforcement_usd_per_kw",
    "wheeling_usd_per_mwh",
    "export_discount_usd_per_mwh",
    "nonfirm_curtailed_share",
    "co2_kg_per_mwh",
}
PARAMETERS_OF_SOME_ZONES = {
    "headroom_mw",
    "capacity_delivery_start_month",
    "coincident_peaks_per_year",
    "coincident_candidate_hours_per_peak",
    "minimum_billing_demand_share",
}
SERIES_KINDS = {"region", "price", "load", "wind", "solar", "temperature"}


def table(name):
    return pd.read_csv(INPUTS / f"{name}.csv", dtype=str, keep_default_na=False)


def values(frame):
    return frame["value"].astype(float)


@pytest.fixture(scope="module")
def sites():
    return gpd.read_file(INPUTS / "sites.geojson")


@pytest.mark.parametrize("name", FIGURE_TABLES)
def test_every_figure_has_a_number_a_unit_a_source_and_a_confidence(name):
    frame = table(name)
    assert list(frame.columns[-10:]) == COMMON
    assert np.isfinite(values(frame)).all()
    for column in ("unit", "source"):
        assert (frame[column].str.strip() != "").all()
    assert set(frame["confidence"]) <= CONFIDENCES


@pytest.mark.parametrize("name", FIGURE_TABLES + TEXT_TABLES)
def test_every_estimate_and_derived_row_carries_its_reason(name):
    frame = table(name)
    thought = frame[frame["confidence"].isin(["estimate", "derived"])]
    if name == "grid_zone_series":
        thought = thought[thought["confidence"] == "estimate"]
    assert (thought["note"].str.strip() != "").all()


@pytest.mark.parametrize("name", [*(f"{n}.csv" for n in FIGURE_TABLES + TEXT_TABLES), "sites.geojson"])
def test_nothing_unverified_ships_and_nothing_points_outside_the_project(name):
    text = (INPUTS / name).read_text(encoding="utf-8")
    assert "unverified" not in text.lower()
    assert "shared/" not in text


@pytest.mark.parametrize("name", FIGURE_TABLES)
def test_no_key_appears_twice(name):
    frame = table(name)
    assert not frame.duplicated(list(frame.columns[:-10])).any()


@pytest.mark.parametrize("name", FIGURE_TABLES)
def test_money_states_the_year_of_its_currency(name):
    frame = table(name)
    assert (frame.loc[frame["unit"].str.contains("USD"), "currency_year"] != "").all()


@pytest.mark.parametrize("name", FIGURE_TABLES)
def test_the_range_of_a_figure_holds_the_figure(name):
    frame = table(name)
    low, high = pd.to_numeric(frame["low"]), pd.to_numeric(frame["high"])
    assert not (low > values(frame)).any()
    assert not (high < values(frame)).any()


def test_there_are_twenty_sites_and_four_of_them_supply(sites):
    assert len(sites) == 20
    assert sites["site_id"].is_unique
    assert set(sites.loc[sites["role"] == "supply", "site_id"]) == SUPPLY
    assert set(sites["role"]) == {"load", "supply"}
    assert sites.crs.to_epsg() == 4326
    assert (sites.geometry.geom_type == "Point").all()
    assert set(sites["confidence"]) <= CONFIDENCES


def test_every_site_has_what_the_model_needs(sites):
    needed = ["grid_zone", "wind_series", "solar_series", "design_temperature_c", "planned_capacity_mw", "source"]
    assert sites[[*needed, "trunk_distance_km", "line_distance_km"]].notna().all().all()
    american = sites[sites["country"] == "US"]
    assert len(american) == 18
    multipliers = [column for column in sites.columns if column.startswith("capex_multiplier_")]
    assert american[[*multipliers, "fips", "census_division", "hdd65_f_days"]].notna().all().all()
    assert american[multipliers].to_numpy().min() > 0.9


def test_piketon_is_the_campus_of_ten_gigawatts_at_33_degrees(sites):
    piketon = sites.set_index("site_id").loc["piketon"]
    assert piketon["planned_capacity_mw"] == 10000
    assert piketon["design_temperature_c"] == 33.0


def test_named_load_of_the_united_states_comes_to_about_44_gigawatts(sites):
    named = sites[(sites["role"] == "load") & (sites["country"] == "US")]
    assert len(named) == 14
    assert named["planned_capacity_mw"].sum() / 1000 == pytest.approx(44, abs=0.5)


def test_every_zone_that_is_named_has_every_parameter_and_series(sites):
    zones, series = table("grid_zones"), table("grid_zone_series")
    named = set(sites["grid_zone"]) | set(table("rest_of_state_sites")["grid_zone"])
    kinds = series.groupby("zone")["series_kind"].agg(set)
    parameters = zones.groupby("zone")["parameter"].agg(set)
    assert named == set(series["zone"])
    for zone in named:
        assert parameters[zone] - PARAMETERS_OF_SOME_ZONES == ZONE_PARAMETERS, zone
        assert kinds[zone] == SERIES_KINDS, zone


def test_every_region_has_its_headroom_and_the_united_states_98_gigawatts():
    zones, series = table("grid_zones"), table("grid_zone_series")
    headroom = zones[zones["parameter"] == "headroom_mw"].set_index("zone")["value"].astype(float)
    assert set(headroom.index) == set(series.loc[series["series_kind"] == "region", "series"])
    assert headroom["pjm"] == 17800
    assert headroom["ercot"] == 10000
    assert headroom[~headroom.index.str.startswith("occto")].sum() == pytest.approx(98000)


def test_every_series_that_is_named_is_in_the_hourly_shapes(sites):
    series = table("grid_zone_series")
    named = set(series.loc[series["series_kind"] != "region", "series"])
    named |= set(sites["wind_series"]) | set(sites["solar_series"]) | set(sites["temperature_series"])
    assert named <= set(table("hourly_shapes")["series"])


def test_cited_grid_figures_are_carried_exactly():
    zones = table("grid_zones").set_index(["zone", "parameter", "year"])["value"].astype(float)
    assert [zones["pjm_aep", "capacity_price_usd_per_mw_day", y] for y in ("2025", "2026", "2027")] == [
        269.92,
        329.17,
        333.44,
    ]
    assert zones["pjm_aep", "capacity_price_usd_per_mw_day", "2024"] == 28.92
    assert zones["pjm_aep", "demand_charge_floor", ""] == 0.85
    assert zones["miso_lrz7", "demand_charge_floor", ""] == 0.8
    assert zones["pjm_aep", "energy_price_usd_per_mwh", "2025"] == 44
    assert zones["ercot_west", "energy_price_usd_per_mwh", "2025"] == 33.73


def test_a_sale_never_earns_more_than_a_purchase_less_wheeling():
    zones = table("grid_zones").pivot_table(index="zone", columns="parameter", values="value", aggfunc="first")
    known = zones.dropna(subset=["wheeling_usd_per_mwh"])
    assert (known["export_discount_usd_per_mwh"].astype(float) >= known["wheeling_usd_per_mwh"].astype(float)).all()


def test_load_steps_are_ten_gigawatts_wide_and_only_get_dearer():
    steps = table("grid_steps").pivot_table(index="step", columns="parameter", values="value", aggfunc="first")
    steps = steps.astype(float).sort_index()
    assert steps["width_mw"].tolist() == [1000, 2000, 3000, 4000]
    assert steps["price_multiplier"].tolist() == [1.0, 1.1, 1.25, 1.5]
    assert steps["reinforcement_multiplier"].is_monotonic_increasing


def test_four_steps_of_reinforcement_cost_the_works_announced_for_piketon():
    steps = table("grid_steps").pivot_table(index="step", columns="parameter", values="value", aggfunc="first")
    steps = steps.astype(float)
    zones = table("grid_zones").set_index(["zone", "parameter", "year"])["value"].astype(float)
    base = zones["pjm_aep", "reinforcement_usd_per_kw", ""]
    cost = 1000 * base * (steps["width_mw"] * steps["reinforcement_multiplier"]).sum()
    assert cost == pytest.approx(4.2e9, rel=1e-3)


def test_existing_fleet_sums_to_176_terawatt_hours():
    fleet = table("existing_fleet")
    assert values(fleet).sum() == pytest.approx(176, abs=1e-9)
    assert set(fleet["year"]) == {"2023"}
    assert fleet.loc[values(fleet).idxmax(), "state"] == "VA"


def test_the_trajectories_run_from_176_to_325_and_580_terawatt_hours():
    demand = table("demand")
    demand["twh"] = values(demand)
    low, high = (demand[demand["trajectory"] == t].set_index("year") for t in ("lbnl_low", "lbnl_high"))
    years = [*(str(year) for year in range(2023, 2036)), "2040"]
    for path, end in ((low, 325), (high, 580)):
        assert path.index.tolist() == years
        assert path.loc["2023", "twh"] == 176
        assert path.loc["2028", "twh"] == end
        assert set(path.loc[["2023", "2028"], "confidence"]) == {"published"}
        assert set(path.loc["2024":"2027", "confidence"]) == {"derived"}
        assert set(path.loc["2029":, "confidence"]) == {"estimate"}
        ratio = path["twh"].to_numpy()[1:6] / path["twh"].to_numpy()[:5]
        assert ratio == pytest.approx(ratio[0], rel=1e-4)
    observed = demand[demand["trajectory"] == "observed"].set_index("year")
    assert observed.loc["2024", "twh"] == 183


def test_growth_of_the_rest_of_the_states_only_rises_and_fits_the_reported_growth():
    limits = table("rest_of_state_limits")
    limits["mw"] = values(limits)
    wide = limits.pivot_table(index="year", columns="state", values="mw")
    assert set(wide.columns) == set(table("rest_of_state_sites")["state"])
    assert wide.index.tolist() == ["2023", "2025", "2026", "2027", "2028", "2029", "2030", "2035"]
    assert (wide.diff().dropna() > 0).all().all()
    growth_gw = (wide.loc["2030"].sum() - wide.loc["2025"].sum()) / 1000
    assert 55 < growth_gw < 90


def test_rest_of_state_points_name_known_sites(sites):
    rest = table("rest_of_state_sites")
    assert set(rest["temperature_like_site"]) <= set(sites["site_id"])
    assert "other_us" in set(rest["state"])


def test_every_series_has_every_hour_of_every_month():
    shapes = table("hourly_shapes")
    counts = shapes.groupby("series").agg(
        rows=("value", "size"), months=("month", "nunique"), hours=("hour", "nunique")
    )
    assert (counts["rows"] == 288).all()
    assert (counts["months"] == 12).all()
    assert (counts["hours"] == 24).all()


def test_every_series_has_its_variability_in_every_month():
    variability, shapes = table("hourly_variability"), table("hourly_shapes")
    for parameter in ("standard_deviation", "autocorrelation_1h"):
        rows = variability[variability["parameter"] == parameter]
        assert (rows.groupby("series").size() == 12).all()
        assert set(rows["series"]) == set(shapes["series"])
    correlation = values(variability[variability["parameter"] == "autocorrelation_1h"])
    assert correlation.between(-1, 1).all()


def test_capacity_factors_lie_between_zero_and_one():
    shapes = table("hourly_shapes")
    factors = values(shapes[shapes["unit"] == "per unit"])
    assert factors.between(0, 1).all()


def test_monthly_temperatures_reproduce_the_degree_days_of_the_county(sites):
    """HDD_m = 1.8 N sigma (z Phi(z) + phi(z)), z = (18.33 - T)/sigma, sigma = 5.355 - 0.0795 T; CDD with -z."""
    days = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    months = table("site_months")
    for site in sites[sites["country"] == "US"].itertuples():
        rows = months[months["site_id"] == site.site_id].sort_values("month", key=lambda column: column.astype(int))
        mean = values(rows).to_numpy()
        sigma = 5.355 - 0.0795 * mean
        z = ((65 - 32) / 1.8 - mean) / sigma
        heating = 1.8 * (days * sigma * (z * norm.cdf(z) + norm.pdf(z))).sum()
        cooling = 1.8 * (days * sigma * (-z * norm.cdf(-z) + norm.pdf(z))).sum()
        assert heating == pytest.approx(site.hdd65_f_days, rel=0.01)
        assert cooling == pytest.approx(site.cdd65_f_days, rel=0.01)


def test_every_site_has_twelve_monthly_temperatures(sites):
    months = table("site_months")
    assert (months.groupby("site_id").size() == 12).all()
    assert set(months["site_id"]) == set(sites["site_id"])
    japan = months[months["site_id"].isin(["tomakomai", "sakai"])]
    assert set(japan["confidence"]) == {"estimate"}
