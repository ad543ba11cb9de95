"""Placement of a national account: limits, whole campuses, the table, what holds it back, and its checks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.results.conftest import solve
from tests.results.spoilt import Spoilt

from gigasite.results.obstacles import in_words
from gigasite.results.sentences import answer

NATION = """
extends: {base}
name: nation
horizon: {{years: [2028, 2030], days: 2, resolution_h: 24, final_span_years: 10}}
load: {{idle_value_usd_per_mw_year: 0}}
requirements: {{units_lost: 0}}
national:
  trajectory: middle
  rest_of_state_technologies: [grid_connection]
  limits_mw: {{states: {{TX: {{2028: 4000, 2030: 8000}}}}, zones: {{miso_lrz3: 100}}}}
  limits_twh: {{regions: {{pjm: 20}}}}
  growth_mw_per_year: {{states: {{OH: 150}}}}
  growth_of_inputs: true
sites:
  piketon: {{load_ramp_mw: {{2028: 800, 2030: 4000}}, technologies: [gas_engine, grid_connection], placement: whole}}
  abilene: {{load_ramp_mw: {{2028: 1200}}, technologies: [gas_engine, grid_connection], minimum_campus_mw: 1000}}
"""
LIMITS, CAMPUSES, PLACEMENT = "national_limits_hold", "campuses_open_as_a_whole", "placement_adds_up"


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return solve(NATION, tmp_path_factory.mktemp("nation"))


def spoilt(nation: Any) -> Spoilt:
    return Spoilt.of(nation.system, nation.tables)


def failed(nation: Any, run: Spoilt) -> set[str]:
    checks = nation.checks(run.system, run.tables)
    return set(checks.loc[~checks["passed"].astype(bool), "check"])


def test_a_sound_run_passes_the_checks_of_placement(nation: Any) -> None:
    checks = nation.tables["checks"].set_index("check")
    assert checks.loc[[LIMITS, CAMPUSES, PLACEMENT], "passed"].all()
    assert checks["passed"].all(), checks.loc[~checks["passed"].astype(bool), "sentence"].tolist()


@pytest.mark.parametrize(("array", "factor"), [("most_mw", 0.9), ("most_gwh", 0.9), ("growth_mw", 0.5)])
def test_a_limit_that_is_passed_fails_its_check_alone(nation: Any, array: str, factor: float) -> None:
    run = spoilt(nation)
    run.inputs("national_limits", **{array: lambda values: factor * values})
    assert failed(nation, run) == {LIMITS}


def test_a_campus_below_its_smallest_size_fails_its_check_alone(nation: Any) -> None:
    """Growth keeps the rest of Ohio below its ramp: it would be no campus of that size."""
    run, context = spoilt(nation), nation.system.context
    ohio = context.place("rest_of_oh")
    smallest = ohio.settings.model_copy(update={"minimum_campus_mw": ohio.ramp_mw(2030)})
    places = tuple(replace(place, settings=smallest) if place is ohio else place for place in context.places)
    run.system = replace(run.system, context=replace(run.system.context, places=places))
    assert failed(nation, run) == {CAMPUSES}


def test_energy_that_no_hour_holds_fails_the_check_of_placement_alone(nation: Any) -> None:
    run = spoilt(nation)
    run.add("placement", "twh", 1.0, site="existing_va", year=2030)
    assert failed(nation, run) == {PLACEMENT}


def test_placement_adds_up_to_the_account(nation: Any) -> None:
    placement, demand = nation.tables["placement"], nation.tables["demand"].set_index("year")
    sums = placement.groupby(["kind", "year"])["twh"].sum()
    for year in (2028, 2030):
        row = demand.loc[year]
        assert sums["existing fleet", year] == pytest.approx(row["existing_twh"]) == pytest.approx(176.0)
        assert sums["campus", year] == pytest.approx(row["campuses_twh"])
        assert sums["rest of state", year] == pytest.approx(row["rest_of_state_twh"])
        share = placement.loc[placement["year"] == year, "share_of_demand"].sum()
        assert share == pytest.approx(1.0 - row["shortfall_twh"] / row["trajectory_twh"], abs=1e-6)


def test_placement_names_state_zone_and_share_of_the_ramp(nation: Any) -> None:
    rows = nation.tables["placement"].set_index(["site", "year"])
    texas = rows.loc[("rest_of_tx", 2028)]
    assert (texas["kind"], texas["state"], texas["zone"]) == ("rest of state", "TX", "ercot_north")
    assert texas["share_of_ramp"] == pytest.approx(texas["energised_mw"] / texas["wanted_mw"])
    assert rows.loc[("existing_va", 2028), "twh"] > rows.loc[("existing_oh", 2028), "twh"] > 0
    assert np.isnan(rows.loc[("existing_va", 2028), "energised_mw"])


def test_a_whole_campus_is_energised_in_full_or_not_at_all(nation: Any) -> None:
    load = nation.tables["load"].set_index(["site", "year"])
    for year in (2028, 2030):
        shares = load.loc[("piketon", year), "energised_mw"] / load.loc[("piketon", year), "wanted_mw"]
        assert min(abs(shares), abs(shares - 1.0)) < 1e-6
    held = load[(load["waiting_mw"] > 1) & (load.index.get_level_values("site") == "piketon")]
    assert held["waits_for"].str.contains("a campus worth opening").all()


def test_a_limit_by_place_has_a_price_in_words(nation: Any) -> None:
    prices = nation.tables["prices"].set_index(["requirement", "site", "year"])
    row = prices.loc[("limit_twh", "region_pjm", 2030)]
    assert row["unit"] == "USD/MWh"
    assert 0 < row["shadow_price"] < 742.01
    assert row["sentence"].startswith("One more MWh of data-centre energy allowed in pjm in 2030 would save about ")
    assert prices.loc[("limit_mw", "zone_miso_lrz3", 2028), "unit"] == "USD/MW-year"
    load = nation.tables["load"].set_index(["site", "year"])
    assert "room in miso_lrz3" in load.loc[("rest_of_ia", 2028), "waits_for"]


def test_obstacles_are_ranked_and_say_how_to_ease_them(nation: Any) -> None:
    table = nation.tables["obstacles"]
    for _, rows in table.groupby("year"):
        assert rows["worth_usd"].is_monotonic_decreasing
    row = table[(table["obstacle"] == "limit_twh") & (table["year"] == 2030)].iloc[0]
    demand = nation.tables["demand"].set_index("year").loc[2030]
    weight = nation.outcome.year_weight[1]
    assert row["saved_usd_per_year"] == pytest.approx(0.1 * row["worth_usd"] / weight)
    difference = demand["last_twh_usd_per_mwh"] - demand["mean_supply_usd_per_mwh"]
    assert row["gained_twh"] == pytest.approx(row["saved_usd_per_year"] / difference / 1e6)
    assert set(table["eased_by"]) <= {"a tenth", "a year"}


def test_one_sentence_says_what_holds_the_nation_back_and_one_what_the_last_terawatt_hour_costs(nation: Any) -> None:
    told = answer(nation.run)
    (held,) = [sentence for sentence in told if " back most: " in sentence]
    worst = nation.tables["demand"].set_index("year")["shortfall_twh"]
    table = nation.tables["obstacles"]
    first = table[(table["year"] == worst.idxmax()) & (table["eased_by"] == "a tenth")].iloc[0]
    assert held.startswith(
        f"What holds {worst.idxmax()} back most: {in_words(first['obstacle'], first['place'])}. A tenth"
    )
    assert f"{first['gained_twh']:,.1f} of the {worst.max():,.0f} TWh" in held
    assert any(s.startswith(f"One more TWh of demand in {worst.idxmax()} would fall short too, at 742") for s in told)


def test_the_last_terawatt_hour_costs_the_price_of_the_shortfall_where_it_falls_short(nation: Any) -> None:
    demand = nation.tables["demand"]
    assert (demand["shortfall_twh"] > 1).all()
    assert demand["last_twh_usd_per_mwh"].to_numpy() == pytest.approx(742.0091324)
    assert (demand["dearest_usd_per_mwh"] >= demand["mean_supply_usd_per_mwh"]).all()


def test_without_an_account_nothing_is_placed(waiting: Any, everything: Any) -> None:
    for name in ("placement", "obstacles"):
        assert len(waiting.tables[name]) == 0
        assert list(waiting.tables[name]) == list(everything.tables[name])


ONE = """
extends: {base}
name: one
horizon: {{years: [2030], days: 2, resolution_h: 24, final_span_years: 10}}
requirements: {{units_lost: 0}}
national: {{trajectory: middle, include_rest_of_state: false}}
sites:
  abilene: {{load_ramp_mw: {{2030: 200}}, technologies: [gas_engine, gas_turbine], placement: PLACEMENT}}
"""


def test_a_megawatt_more_of_a_whole_campus_has_the_price_of_one_of_any_campus(tmp_path: Any) -> None:
    prices = {}
    for placement in ("linear", "whole"):
        (tmp_path / placement).mkdir()
        solved = solve(ONE.replace("PLACEMENT", placement), tmp_path / placement)
        assert solved.tables["load"]["waiting_mw"].max() == pytest.approx(0.0, abs=1e-6)
        rows = solved.tables["prices"].set_index(["requirement", "site"])
        prices[placement] = float(rows.loc[("load_ramp", "abilene"), "shadow_price"])
    assert prices["linear"] < 0
    assert prices["whole"] == pytest.approx(prices["linear"], rel=1e-6)
