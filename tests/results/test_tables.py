"""Tables are tidy, their columns are in the dictionary, and their figures follow from each other."""

import numpy as np
import pandas as pd
import pytest

from gigasite.foundation.names import column
from gigasite.foundation.units import MMBTU_PER_BCF
from gigasite.results.tables import AUDIT

BINDING = ("summary", "costs", "capacity", "energy", "demand", "cash_flow", "prices", "breakeven")
ENVIRONMENT = ("environment", "clean_energy")
NATION = ("placement", "obstacles")
WAITS = ("idle_by_bottleneck", "energised_by_quarter")
GAS = ("gas_supply", "gas_stops", "gas_regions")
KEYS = {
    "costs": ["site", "year", "technology", "component"],
    "capacity": ["site", "year", "technology"],
    "energy": ["site", "year", "technology"],
    "load": ["site", "year"],
    "places": ["site"],
    "idle_by_bottleneck": ["site", "year", "bottleneck"],
    "energised_by_quarter": ["site", "quarter"],
    "demand": ["year"],
    "placement": ["site", "year"],
    "obstacles": ["year", "obstacle", "place"],
    "cash_flow": ["year", "party", "item"],
    "prices": ["site", "year", "requirement"],
    "environment": ["site", "year", "burden"],
    "clean_energy": ["site", "year"],
    "breakeven": ["site", "year", "technology"],
    "investment": ["site", "technology", "vintage"],
    "vintages": ["site", "technology", "vintage", "year"],
    "grid": ["site", "year", "step"],
    "contract": ["site", "year"],
    "billed_demand": ["site", "year", "month"],
    "lines": ["line", "year"],
    "gas_supply": ["site", "year"],
    "gas_stops": ["site", "day"],
    "gas_regions": ["gas_region", "year"],
    "gas_steps": ["site", "year", "gas_step"],
    "tax_credits": ["site", "technology", "credit", "vintage", "year"],
    "reliability": ["site", "year", "loss"],
}


def frames(solved):
    plain = {name: table for name, table in solved.tables.items() if name != "hourly"}
    return plain | {f"hourly {key}": frame for key, frame in solved.tables["hourly"].items()}


def rows(table, **where):
    for name, value in where.items():
        table = table[table[name] == value]
    return table


def test_every_table_of_the_design_is_made(everything):
    assert {
        *BINDING,
        *GAS,
        *AUDIT,
        *WAITS,
        *ENVIRONMENT,
        *NATION,
        "load",
        "places",
        "hourly",
        "reliability",
        "tax_credits",
        "investment",
        "checks",
    } == set(everything.tables)


@pytest.mark.parametrize("name", ["everything", "unserved", "waiting"])
def test_every_column_is_in_the_dictionary(name, request):
    for table, frame in frames(request.getfixturevalue(name)).items():
        for each in frame.columns:
            assert column(each).meaning, f"{each} of {table}"


@pytest.mark.parametrize("table", KEYS)
def test_rows_are_unique_by_their_keys(everything, table):
    assert not everything.tables[table].duplicated(KEYS[table]).any()


def test_tables_have_the_same_columns_whatever_the_scenario(everything, waiting):
    fixed = [name for name in everything.tables if name not in ("summary", "hourly")]
    assert {name: list(everything.tables[name]) for name in fixed} == {
        name: list(waiting.tables[name]) for name in fixed
    }


def test_cost_per_year_is_present_value_over_the_weight_of_the_year(everything):
    costs = everything.tables["costs"]
    weight = costs["year"].map(dict(zip(everything.outcome.years, everything.outcome.year_weight, strict=True)))
    assert costs["cost_usd_per_year"].to_numpy() == pytest.approx((costs["cost_usd_present_value"] / weight).to_numpy())


def test_cost_per_mwh_is_cost_over_energy_served_at_the_site(everything):
    row = rows(everything.tables["costs"], site="piketon", year=2036, technology="gas_turbine", component="fuel").iloc[
        0
    ]
    served = rows(everything.tables["load"], site="piketon", year=2036)["served_mwh"].iloc[0]
    assert row["usd_per_mwh"] == pytest.approx(row["cost_usd_per_year"] / served)


def test_cost_of_a_line_stands_where_it_ends_and_of_the_nation_at_no_site(everything):
    costs = everything.tables["costs"]
    assert set(rows(costs, component="line")["site"]) == {"piketon"}
    assert set(rows(costs, component="national_shortfall")["site"]) == {"national"}
    assert rows(costs, site="field")["usd_per_mwh"].isna().all()


def test_pipeline_is_called_gas_trunk_in_costs_as_in_capacity(everything):
    assert set(rows(everything.tables["costs"], component="pipeline")["technology"]) == {"gas_trunk"}


def test_given_capacity_says_that_it_is_given(waiting):
    capacity = waiting.tables["capacity"]
    assert capacity["bound"].tolist() == ["given", "given"]
    assert capacity["units"].tolist() == [15, 15]
    assert capacity["new_mw"].tolist() == pytest.approx([800.0, 0.0])


def test_capacity_says_what_holds_it(everything):
    capacity = everything.tables["capacity"].set_index(["site", "technology", "year"])["bound"]
    assert capacity["piketon", "grid_connection", 2032] == "at its upper limit"
    assert capacity["field", "gas_engine", 2032] == "at its floor"
    assert capacity["piketon", "small_modular_reactor", 2032] == "not before 2033"
    assert capacity["abilene", "gas_turbine", 2032] == "not built"


def test_firm_part_of_machines_is_their_rating_at_the_design_temperature(waiting):
    firm = waiting.tables["capacity"]["firm_mw"].iloc[0]
    assert firm == pytest.approx(800.0 * (1 - 0.006 * 18))


def test_energy_of_a_year_is_the_sum_of_its_hours(everything):
    hourly = everything.tables["hourly"]["piketon", 2036]
    energy = rows(everything.tables["energy"], site="piketon", year=2036).set_index("technology")
    step = everything.outcome.step_hours
    assert energy.loc["gas_turbine", "energy_mwh"] == pytest.approx(
        hourly["gas_turbine_output_mw"].sum() * step, rel=1e-5
    )
    off_grid = rows(everything.tables["energy"], site="off_grid", year=2036).set_index("technology").loc["battery"]
    assert 0 < off_grid["energy_mwh"] < off_grid["energy_used_mwh"]


def test_fuel_and_carbon_follow_from_output(waiting):
    energy = waiting.tables["energy"].iloc[0]
    data = waiting.system.features["gas_turbine"]
    assert energy["fuel_mmbtu"] == pytest.approx(energy["energy_mwh"] * data["heat_rate_mmbtu_per_mwh"].values[0, 0])
    assert energy["co2_t"] == pytest.approx(energy["energy_mwh"] * data["co2_t_per_mwh"].values[0, 0])


def test_hourly_table_is_float32_with_the_series_of_its_site(everything):
    hourly = everything.tables["hourly"]
    assert set(hourly) == {(s, y) for s in everything.outcome.sites for y in (2032, 2036)}
    frame = hourly["abilene", 2036]
    assert list(frame) == [
        "hour",
        "month",
        "load_mw",
        "unserved_mw",
        "gas_turbine_output_mw",
        "grid_connection_import_mw",
        "grid_connection_export_mw",
        "marginal_cost_usd_per_mwh",
    ]
    assert all(frame[name].dtype == np.float32 for name in list(frame)[2:])
    assert frame["hour"].tolist()[:5] == [0, 6, 12, 18, 91 * 24]


def test_import_over_all_grid_steps_is_one_series(everything):
    imported = everything.outcome.values("grid_connection.import_mw")[0, 0].sum(axis=0)
    told = everything.tables["hourly"]["piketon", 2032]["grid_connection_import_mw"]
    assert told.to_numpy() == pytest.approx(imported, rel=1e-6, abs=1e-3)


def test_shortfall_comes_from_served_energy(everything):
    demand, load = everything.tables["demand"].iloc[1], rows(everything.tables["load"], year=2036)
    served = load[load["site"].isin(["piketon", "abilene"])]["served_mwh"].sum() / 1e6
    assert demand["campuses_twh"] == pytest.approx(served)
    assert demand["shortfall_twh"] == pytest.approx(demand["trajectory_twh"] - demand["existing_twh"] - served)
    assert demand["binding"] == "2 of 2 sites are energised in full"


def test_without_a_national_account_the_demand_table_is_empty_but_has_its_columns(everything, waiting):
    demand = waiting.tables["demand"]
    assert len(demand) == 0
    assert list(demand) == list(everything.tables["demand"])


def test_cash_flow_is_what_supply_costs_with_the_sign_of_a_payment(waiting):
    flow, costs = waiting.tables["cash_flow"], waiting.tables["costs"]
    fuel = rows(flow, year=2032, item="fuel").iloc[0]
    assert fuel["amount_usd_real_2024"] == pytest.approx(
        -rows(costs, year=2032, component="fuel")["cost_usd_per_year"].sum()
    )
    assert set(flow["party"]) == {"project"}
    assert "idle_load" not in set(flow["item"])


def test_nominal_payment_follows_the_deflator_to_2025_and_inflation_after(waiting):
    fuel = rows(waiting.tables["cash_flow"], year=2032, item="fuel").iloc[0]
    level = 0.602782158 / 0.587506977 * 1.025**7
    assert fuel["amount_usd_nominal"] == pytest.approx(fuel["amount_usd_real_2024"] * level)


def test_waiting_load_says_what_it_waits_for(waiting):
    load = waiting.tables["load"]
    assert load["waits_for"].tolist() == ["gas turbine (given)", "gas turbine (given)"]
    assert load["energised_mw"].iloc[1] + load["waiting_mw"].iloc[1] == pytest.approx(1000.0)


def test_summary_counts_every_calendar_year(waiting):
    summary, load = waiting.tables["summary"].iloc[0], waiting.tables["load"]
    assert summary["idle_mw_years"] == pytest.approx(4 * load["waiting_mw"].iloc[0] + 10 * load["waiting_mw"].iloc[1])
    energy = waiting.tables["energy"]
    assert summary["co2_t"] == pytest.approx(4 * energy["co2_t"].iloc[0] + 10 * energy["co2_t"].iloc[1])


def test_levelised_cost_is_supply_over_served_energy(waiting):
    summary, load, costs = waiting.tables["summary"].iloc[0], waiting.tables["load"], waiting.tables["costs"]
    supply = costs[~costs["component"].isin(["idle_load"])]["cost_usd_present_value"].sum()
    energy = float(load["served_mwh"].to_numpy() @ waiting.outcome.year_weight)
    assert summary["present_value_usd"] == pytest.approx(supply)
    assert summary["levelised_cost_usd_per_mwh"] == pytest.approx(supply / energy)
    assert summary["objective_usd"] == pytest.approx(costs["cost_usd_present_value"].sum())


def test_level_nominal_price_pays_the_cost_in_money_of_each_day(waiting):
    """By hand: r = 5.358 %, i = 2.5 %, years 2028 to 2031 and 2032 to 2041, money of 2024."""
    outcome, costs = waiting.outcome, waiting.tables["costs"]
    supply = costs[costs["component"] != "idle_load"].groupby("year")["cost_usd_per_year"].sum()
    served = waiting.tables["load"].set_index("year")["served_mwh"]
    paid = bought = 0.0
    for year in range(2028, 2042):
        modelled = 2028 if year < 2032 else 2032
        worth = (1.05358 * 1.025) ** -(year + 0.5 - 2026)
        paid += supply[modelled] * 0.602782158 / 0.587506977 * 1.025 ** (year - 2025) * worth
        bought += served[modelled] * worth
    assert waiting.tables["summary"]["levelised_cost_nominal_usd_per_mwh"].iloc[0] == pytest.approx(paid / bought)
    assert outcome.span_years.tolist() == [4, 10]


def test_gas_at_full_output_is_capacity_times_heat_rate(waiting):
    heat_rate = waiting.system.features["gas_turbine"]["heat_rate_mmbtu_per_mwh"].values[0, -1]
    full = waiting.tables["summary"]["gas_full_output_bcf_per_day"].iloc[0]
    assert full == pytest.approx(800 * 24 * heat_rate / MMBTU_PER_BCF)


def test_announced_capital_stays_in_the_money_of_the_announcement(waiting, everything):
    summary = waiting.tables["summary"].iloc[0]
    assert summary["announced_capex_usd"] == pytest.approx(800e3 * 3619.565217)
    assert summary["overnight_capex_usd"] < summary["announced_capex_usd"]
    assert pd.isna(everything.tables["summary"]["announced_capex_usd"].iloc[0])


def test_shares_of_cost_by_confidence_add_up(everything):
    summary = everything.tables["summary"].iloc[0]
    shares = [summary[f"cost_share_{name}"] for name in ("published", "derived", "reported", "estimate")]
    assert sum(shares) == pytest.approx(1.0)
    assert min(shares) >= 0
