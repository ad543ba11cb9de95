"""Gas under contract, distillate and regions: tables, prices, and checks that fail for a spoilt run."""

import numpy as np
import pytest
from tests.results.conftest import solve
from tests.results.spoilt import LAST, PIKETON, Spoilt
from tests.results.test_prices import cost_with_right_side, price_of

from gigasite.foundation.units import DAYS_PER_YEAR, HOURS_PER_YEAR, MMBTU_PER_BCF
from gigasite.results.sentences import answer

GAS = """
extends: {base}
name: gas
horizon: {{years: [2032, 2036], resolution_h: 24, final_span_years: 10}}
sites:
  piketon:
    load_ramp_mw: {{2032: 500}}
    technologies: {{gas_turbine: {{}}, gas_engine: {{}}, grid_connection: {{capacity_mw: 100}}}}
    gas:
      basis: hub
      trunk_distance_km: 10
      trunk_earliest_year: 2036
      existing_pipe_mmbtu_per_h: 3500
      transport: {{firm_max_mmbtu_per_h: 2000, interruptible_stops_days: 20}}
      dual_fuel: {{refill_mmbtu_per_day: 5000}}
  homer_city:
    load_ramp_mw: {{2032: 300}}
    technologies: {{gas_engine: {{}}, grid_connection: {{}}}}
    gas: {{trunk: false}}
requirements:
  co2_price_usd_per_t: 20
  gas_regions:
    appalachia:
      sites: [piketon, homer_city]
      limit_bcf_per_day: 0.07
      price_steps: [{{bcf_per_day: 0.05, adder_usd_per_mmbtu: 0.1}}, {{bcf_per_day: 0.05, adder_usd_per_mmbtu: 0.2}}]
"""
NAMES = {
    "gas_is_carried",
    "interruptible_stops_when_cold",
    "only_firm_gas_counts",
    "distillate_follows",
    "distillate_within_limits",
    "firm_distillate_lasts",
    "regional_gas_is_bought",
    "regional_gas_within_limits",
}


@pytest.fixture(scope="module")
def gas(tmp_path_factory):
    return solve(GAS, tmp_path_factory.mktemp("gas"))


def at(table, year=LAST):
    return table[(table["site"] == PIKETON) & (table["year"] == year)].iloc[0]


def test_every_part_is_checked_and_holds(gas):
    checks = gas.checks()
    assert set(checks["check"]) >= NAMES
    assert checks.loc[~checks["passed"], "sentence"].tolist() == []


def test_nothing_is_checked_that_nobody_asks_for(waiting):
    assert not NAMES & set(waiting.checks()["check"])
    assert all(len(waiting.tables[f"gas_{name}"]) == 0 for name in ("supply", "stops", "regions", "steps"))


def test_the_plan_uses_contract_interruptible_gas_and_distillate(gas):
    supply = at(gas.tables["gas_supply"])
    assert supply["firm_contract_mmbtu_per_h"] == pytest.approx(2000, rel=1e-6)
    assert min(supply["interruptible_mmbtu"], supply["liquid_mmbtu"], supply["tank_mmbtu"]) > 0
    assert supply["firm_flow_mmbtu"] + supply["interruptible_mmbtu"] == pytest.approx(
        supply["pipeline_mmbtu"], rel=1e-6
    )
    heat = 1.02
    assert supply["refill_mmbtu"] == pytest.approx(heat * supply["liquid_mmbtu"], rel=1e-6)


def test_interruptible_gas_stops_on_the_days_of_the_table(gas):
    stops = gas.tables["gas_stops"]
    assert (len(stops), set(stops["site"])) == (20, {PIKETON})
    flow = gas.tables["hourly"][PIKETON, LAST]["gas_transport_interruptible_mmbtu_per_h"].to_numpy()
    days = stops["day"].to_numpy(dtype=int) - 1
    assert np.flatnonzero(flow == 0).tolist() == sorted(days)
    assert set(stops["month"]) <= {11, 12, 1, 2, 3}


def test_a_region_burns_its_limit_and_pays_its_steps(gas):
    row = gas.tables["gas_regions"].set_index("year").loc[LAST]
    burnt = gas.tables["gas_supply"].groupby("year")["pipeline_mmbtu"].sum()[LAST]
    assert row["burnt_bcf_per_day"] == pytest.approx(burnt / MMBTU_PER_BCF / DAYS_PER_YEAR, rel=1e-9)
    assert row["burnt_bcf_per_day"] == pytest.approx(0.07, rel=1e-6)
    assert row["mean_adder_usd_per_mmbtu"] == pytest.approx((0.05 * 0.1 + 0.02 * 0.2) / 0.07, rel=1e-6)


def test_distillate_is_counted_in_costs_and_carbon(gas):
    costs = gas.tables["costs"].set_index(["site", "year", "technology", "component"])["cost_usd_per_year"]
    supply, system = at(gas.tables["gas_supply"]), gas.system
    added = (1.02 * 73.96 - 53.06) / 1000 * supply["liquid_mmbtu"]
    energy = gas.tables["energy"]
    row = energy[(energy["technology"] == "dual_fuel") & (energy["year"] == LAST)].iloc[0]
    assert row["co2_t"] == pytest.approx(added, rel=1e-6)
    assert costs[PIKETON, LAST, "dual_fuel", "co2"] == pytest.approx(20 * added, rel=1e-6)
    firm = system.context.tables.figure(
        "fuel_properties", fuel="natural_gas", parameter="firm_reservation_usd_per_mmbtu_per_day"
    )
    contract = system.context.money.usd_2024(firm) * HOURS_PER_YEAR * 2000
    assert costs[PIKETON, LAST, "gas_transport", "fuel"] > contract


@pytest.mark.parametrize(
    ("requirement", "site", "year"),
    [
        ("gas_trunk", PIKETON, 2032),
        ("firm_gas_transport", PIKETON, LAST),
        ("gas_interruption", PIKETON, LAST),
        ("gas_region", "appalachia", LAST),
    ],
)
def test_every_limit_has_a_price_in_words(gas, requirement, site, year):
    row = price_of(gas.outcome, requirement, site, year)
    assert row["shadow_price"] > 0
    assert "would save about" in row["sentence"]
    assert f"{site} in {year}" in row["sentence"]


def test_the_price_of_a_region_is_what_more_gas_saves(gas):
    price = price_of(gas.outcome, "gas_region", "appalachia", LAST)["shadow_price"]
    outcome, w = gas.outcome, gas.outcome.year_weight[1]
    more = outcome.solution.objective_usd - cost_with_right_side(outcome, "gas_regions.burnt_within_limit", (0, 1), 1.0)
    less = (
        cost_with_right_side(outcome, "gas_regions.burnt_within_limit", (0, 1), -1.0) - outcome.solution.objective_usd
    )
    assert more - 1 <= price * 1e3 * w <= less + 1


def test_the_price_of_the_pipe_is_what_a_larger_one_saves(gas):
    price = price_of(gas.outcome, "gas_trunk", PIKETON, 2032)["shadow_price"]
    outcome, w = gas.outcome, gas.outcome.year_weight[0]
    cost = outcome.solution.objective_usd
    firm = cost - cost_with_right_side(outcome, "fuel_lateral.firm_gas_at_most_trunk", (0, 0), 1.0)
    assert firm <= price * w + 1


def test_a_planner_reads_of_contract_tanks_and_region(gas):
    told = " ".join(answer(gas.run))
    assert "2,000 MMBtu/h of pipeline are firm" in told
    assert "stops on the 20 coldest days" in told
    assert "The gas region appalachia burns 0.07 Bcf a day of the 0.07 it may" in told


# -- spoilt runs -------------------------------------------------------------------------------------------------------

FLOW, LIQUID = "gas_transport_interruptible_mmbtu_per_h", "dual_fuel_liquid_mmbtu_per_h"


def carried(run):
    run.hour(FLOW, 500.0, step=200)


def cold(run):
    """Interruptible gas on a cold day takes the place of firm gas."""
    day = int(run.tables["gas_stops"]["day"].iloc[0]) - 1
    run.hour(FLOW, 50.0, step=day)
    run.hour("gas_transport_firm_flow_mmbtu_per_h", -50.0, step=day)


def wrong_days(run):
    run.tables["gas_stops"].loc[0, "day"] = 200


def not_firm(run):
    run.add("gas_supply", "not_firm_mw", 5.0, site=PIKETON, year=LAST)


def stored(run):
    run.hour("dual_fuel_stored_mmbtu", -2000.0, step=int(np.argmax(stored_of(run))))


def stored_of(run):
    return run.tables["hourly"][PIKETON, LAST]["dual_fuel_stored_mmbtu"].to_numpy()


def overfull(run):
    run.add("gas_supply", "new_tank_mmbtu", -9000.0, site=PIKETON, year=LAST)


def lasting(run):
    run.inputs("dual_fuel", lasting_hours=lambda hours: 2.0 * hours)


def bought(run):
    run.add("gas_steps", "step_gbtu", -2000.0, site=PIKETON, year=LAST, gas_step=2)


def region(run):
    run.add("gas_steps", "step_gbtu", 2000.0, site=PIKETON, year=LAST, gas_step=2)


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        ("gas_is_carried", carried),
        ("interruptible_stops_when_cold", cold),
        ("interruptible_stops_when_cold", wrong_days),
        ("only_firm_gas_counts", not_firm),
        ("distillate_follows", stored),
        ("distillate_within_limits", overfull),
        ("firm_distillate_lasts", lasting),
        ("regional_gas_is_bought", bought),
        ("regional_gas_within_limits", region),
    ],
)
def test_a_spoilt_run_fails_its_check(gas, name, spoil):
    run = Spoilt.of(gas.system, gas.tables)
    spoil(run)
    checks = gas.checks(run.system, run.tables)
    assert name in set(checks.loc[~checks["passed"].astype(bool), "check"])
