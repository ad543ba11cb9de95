"""What waits for what until when: bottlenecks, quarters, prices of a year, and the checks of them."""

import numpy as np
import pytest
from tests.results.conftest import solve
from tests.results.spoilt import PIKETON, Spoilt

from gigasite.results.bottlenecks import shares, total_by_bottleneck
from gigasite.results.reasons import Reason, reasons_in
from gigasite.results.sentences import answer
from gigasite.system.lead_times import SAMPLE_MW

TIME_TO_POWER = """
extends: {base}
name: time-to-power
horizon: {{years: [2028, 2029, 2030], days: 4, resolution_h: 6, final_span_years: 10}}
requirements: {{price_lead_times: true, units_lost: 0}}
sites:
  piketon:
    load_ramp_mw: {{2028: 500, 2029: 1000, 2030: 1500}}
    start_month: {{2028: 4, 2029: 8}}
    gas: {{trunk: false}}
    technologies:
      gas_turbine: {{delivery_months: 36, construction_months: 12, ordered_mw: {{2029: 541.17647}}}}
      gas_engine: {{capacity_max_mw: 300}}
"""
LATE_TRUNK = """
extends: {base}
name: late-trunk
horizon: {{years: [2028, 2030], days: 4, resolution_h: 24, final_span_years: 10}}
requirements: {{units_lost: 0}}
sites:
  piketon:
    load_ramp_mw: {{2028: 500}}
    gas: {{trunk: true, trunk_earliest_year: 2030}}
    technologies: [gas_engine]
"""
APRIL, AUGUST = 275 / 365, 153 / 365
"""Shares of the year from these months on."""

CHECKS = {"idle_adds_up_over_bottlenecks", "quarters_follow_the_load", "built_early_within_stock"}
IDLE_VALUE = 6.5e6


@pytest.fixture(scope="module")
def timed(tmp_path_factory):
    return solve(TIME_TO_POWER, tmp_path_factory.mktemp("timed"))


@pytest.fixture(scope="module")
def trunk(tmp_path_factory):
    return solve(LATE_TRUNK, tmp_path_factory.mktemp("trunk"))


def waiting(solved):
    return solved.tables["load"]["waiting_mw"].to_numpy()


def failed(solved, run):
    checks = solved.checks(run.system, run.tables)
    return set(checks.loc[~checks["passed"].astype(bool), "check"])


def test_plan_passes_every_check(timed):
    checks = timed.checks()
    assert checks.loc[~checks["passed"], "sentence"].tolist() == []
    assert set(checks["check"]) >= CHECKS


def test_plan_without_any_of_it_has_no_such_check(everything):
    assert not CHECKS & set(everything.checks()["check"])


def test_stock_is_built_when_it_comes_and_new_machines_after_their_lead_time(timed):
    turbines = timed.tables["capacity"].query("technology == 'gas_turbine'").set_index("year")
    assert turbines["new_mw"].tolist()[:2] == pytest.approx([SAMPLE_MW, 541.17647 - SAMPLE_MW], rel=1e-4)
    assert turbines["bound"].tolist() == ["not before 2029", "held by the stock on order", "free"]


def test_idle_load_costs_the_months_it_waits(timed):
    first, second, _ = waiting(timed)
    weight = timed.outcome.year_weight
    by_hand = IDLE_VALUE * np.array(
        [weight[0] * APRIL * first, weight[1] * (AUGUST * second + (1 - AUGUST) * first), 0.0]
    )
    costs = timed.tables["costs"].query("component == 'idle_load'")
    told = costs.groupby("year")["cost_usd_present_value"].sum()
    assert told.reindex([2028, 2029, 2030], fill_value=0.0).to_numpy() == pytest.approx(by_hand, rel=1e-6)
    assert timed.tables["summary"]["idle_mw_years"].item() == pytest.approx(
        APRIL * first + AUGUST * second + (1 - AUGUST) * first
    )


def test_bottlenecks_share_what_waits(timed):
    first, second, _ = waiting(timed)
    table = timed.tables["idle_by_bottleneck"].set_index(["year", "bottleneck"])["idle_mw_years"]
    # in 2028 engines are at their limit, which brings none of them later: equal parts
    assert table[2028, "turbines"] == table[2028, "engines"] == pytest.approx(APRIL * first / 2)
    # until the end of July 2029 still what waited in 2028, then new turbines, and engines that may not be more
    assert table[2029].sum() == pytest.approx(AUGUST * second + (1 - AUGUST) * first)
    assert set(table[2029].index) == {"turbines", "engines"}
    sums = total_by_bottleneck(timed.tables["idle_by_bottleneck"])
    assert sums["idle_mw_years"].sum() == pytest.approx(timed.tables["summary"]["idle_mw_years"].item())
    assert sums["cost_usd_present_value"].sum() == pytest.approx(timed.tables["summary"]["idle_cost_usd"].item())


def test_parts_follow_what_each_brings():
    assert shares([Reason("turbines", "a", brings_mw=30.0), Reason("SMR", "b", brings_mw=10.0)]) == [0.75, 0.25]
    assert shares([Reason("turbines", "a", brings_mw=30.0), Reason("money", "b")]) == [0.5, 0.5]


def test_quarters_show_the_load_from_its_month_on_and_when_the_items_come(timed):
    table = timed.tables["energised_by_quarter"].set_index("quarter")
    assert table.index[[0, -1]].tolist() == ["2028-Q1", "2030-Q4"]
    wanted = [0, 500, 500, 500, 500, 500, 1000, 1000, 1500, 1500, 1500, 1500]  # August is in the third quarter
    assert table["wanted_mw"].tolist() == wanted
    energised = timed.tables["load"]["energised_mw"].to_numpy()
    assert table["energised_mw"].tolist() == pytest.approx([0.0, *[energised[0]] * 5, *[energised[1]] * 2, *[1500] * 4])
    assert (table["waiting_mw"] + table["energised_mw"]).tolist() == pytest.approx(wanted)
    held = dict(zip(reasons_in(table["waits_for"]["2029-Q3"]), reasons_in(table["until"]["2029-Q3"]), strict=True))
    assert held == {
        "gas turbines (all that is on order)": "2030-Q1",
        "gas engines (all that is allowed)": "not known",
    }
    assert reasons_in(table["until"]["2028-Q2"])[0] == "2029-Q1"
    assert table["waits_for"]["2030-Q1"] == ""


def test_prices_say_what_a_year_earlier_is_worth(timed):
    prices = timed.tables["prices"].set_index(["requirement", "year"])
    early, stock = prices.loc[("lead_time_gas_turbine", 2028)], prices.loc[("ordered_stock_gas_turbine", 2029)]
    duals = timed.outcome.duals("lead_times.built_before_lead_time__gas_turbine")[0]
    assert duals[2] == 0  # from 2030 on nothing limits
    assert (early["shadow_price"], stock["shadow_price"]) == pytest.approx((-duals[0], -duals[1]))
    assert early["sentence"].startswith(
        "One MW of gas turbine at piketon already in 2028, before it can be had, would save "
    )
    assert stock["sentence"].startswith("One more MW of gas turbine at piketon on order for 2029 would save about ")
    new = timed.tables["capacity"].query("technology == 'gas_turbine'")["new_mw"].to_numpy()
    assert early["worth_usd"] == pytest.approx(early["shadow_price"] * new[1], rel=1e-6)


def test_answer_tells_the_bottlenecks(timed):
    told = " ".join(answer(timed.run))
    assert "MW-years wait: " in told
    assert "for turbines" in told
    assert "First power comes in April 2028: " in told
    assert "before it can be had" in told or "on order for 2029" in told


def test_load_that_waits_for_the_trunk_says_so(trunk):
    held = trunk.tables["energised_by_quarter"].iloc[0]
    assert (held["waits_for"], held["until"]) == ("the gas trunk (not before 2030)", "2030-Q1")
    table = trunk.tables["idle_by_bottleneck"]
    assert table["bottleneck"].tolist() == ["trunk"]
    assert table["idle_mw_years"].tolist() == pytest.approx([2 * 500.0])  # 2028 and 2029
    assert table["cost_usd_per_year"].tolist() == pytest.approx([500 * IDLE_VALUE])


def less_waits(run):
    run.add("idle_by_bottleneck", "idle_mw_years", -1.0, year=2028, bottleneck="turbines")


def wrong_quarter(run):
    run.add("energised_by_quarter", "energised_mw", 5.0, quarter="2029-Q1")


def too_early(run):
    run.add("capacity", "new_mw", 5.0, year=2029, technology="gas_turbine")


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        ("idle_adds_up_over_bottlenecks", less_waits),
        ("quarters_follow_the_load", wrong_quarter),
        ("built_early_within_stock", too_early),
    ],
)
def test_spoilt_run_fails_its_check(timed, name, spoil):
    run = Spoilt.of(timed.system, timed.tables)
    spoil(run)
    assert name in failed(timed, run)
    assert not (CHECKS - {name}) & failed(timed, run)


def test_load_before_its_start_fails_the_check_of_the_load(timed):
    run = Spoilt.of(timed.system, timed.tables)
    frame = run.tables["hourly"][PIKETON, 2028]
    frame.loc[frame["month"] == 1, "load_mw"] += 50.0
    assert "load_follows_energised" in failed(timed, run)
