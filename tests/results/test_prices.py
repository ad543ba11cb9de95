"""Prices have the sign and size that solving again shows."""

from dataclasses import replace

import numpy as np
import pytest

from gigasite.formulation.build import build_model
from gigasite.results.breakeven import breakeven_table
from gigasite.results.hourly import BALANCE
from gigasite.results.outcome import Outcome
from gigasite.results.prices import prices_table
from gigasite.solve.plain import compile_model
from gigasite.solve.whole import SolverOptions, solve_whole
from gigasite.system.quantity import Quantity

RESERVE = "firm_supply.firm_carries_the_peak"
UNIT_LOSS = "unit_loss.survivors_carry_the_peak"


def solved_again(system):
    builder = build_model(system, traced=True)
    lp = compile_model(builder.model, builder.maker)
    return Outcome(system, builder, solve_whole(lp, SolverOptions(algorithms=("simplex",))))


def cost_with_right_side(outcome, name, index, change):
    """Cost of the same problem with one more, or less, on the right of a row."""
    lp = outcome.solution.lp
    group = lp.row_group(name)
    full = group.offset + (int(np.ravel_multi_index(index, group.shape)) if group.shape else 0)
    kept = lp.row_numbering.kept
    row = full if kept is None else int(np.searchsorted(kept, full))
    lower, upper = lp.row_lower.copy(), lp.row_upper.copy()
    lower[row] += change
    upper[row] += change
    again = solve_whole(replace(lp, row_lower=lower, row_upper=upper), SolverOptions(algorithms=("simplex",)))
    return again.objective_usd


def price_of(outcome, requirement, site, year):
    table = prices_table(outcome)
    table = table[(table["requirement"] == requirement) & (table["site"] == site) & (table["year"] == year)]
    return table.iloc[0]


@pytest.mark.parametrize(("site", "year", "step"), [(0, 0, 3), (0, 1, 9), (1, 0, 5), (3, 1, 2)])
def test_marginal_cost_is_what_a_megawatt_more_of_load_costs(everything, site, year, step):
    outcome = everything.outcome
    name = outcome.sites[site], outcome.years[year]
    told = float(everything.tables["hourly"][name]["marginal_cost_usd_per_mwh"].iloc[step])
    hours = outcome.step_hours * outcome.year_weight[year]
    cost = outcome.solution.objective_usd
    more = (cost_with_right_side(outcome, BALANCE, (site, year, step), 1.0) - cost) / hours
    less = (cost - cost_with_right_side(outcome, BALANCE, (site, year, step), -1.0)) / hours
    assert told > 0
    assert less - 0.01 <= told <= more + 0.01


def test_mean_marginal_cost_is_weighted_by_load(everything):
    hourly = everything.tables["hourly"]["piketon", 2036]
    mean = np.average(hourly["marginal_cost_usd_per_mwh"], weights=hourly["load_mw"])
    row = price_of(everything.outcome, "energy", "piketon", 2036)
    assert (row["shadow_price"], row["unit"]) == (pytest.approx(mean, rel=1e-5), "USD/MWh")


def test_price_of_the_reserve_lies_between_what_a_bit_more_saves_and_a_bit_less_costs(everything):
    outcome = everything.outcome
    table = prices_table(outcome)
    row = table[table["requirement"] == "reserve"].iloc[0]
    index = outcome.sites.index(row["site"]), outcome.years.index(row["year"])
    cost, per_kw = outcome.solution.objective_usd, 0.1 * 1e3 * outcome.year_weight[index[1]]
    saves = (cost - cost_with_right_side(outcome, RESERVE, index, 0.1)) / per_kw
    costs = (cost_with_right_side(outcome, RESERVE, index, -0.1) - cost) / per_kw
    assert row["unit"] == "USD/kW-year"
    assert 0 < saves - 0.01 <= row["shadow_price"] <= costs + 0.01
    title = outcome.system.context.place(row["site"]).title
    told = f"One more MW of firm capacity for the reserve at {title} in {row['year']} would save about"
    assert row["sentence"].startswith(told)


def test_price_of_unit_loss_is_what_a_surviving_megawatt_saves(waiting):
    outcome = waiting.outcome
    row = price_of(outcome, "unit_loss", "piketon", 2032)
    saved = outcome.solution.objective_usd - cost_with_right_side(outcome, UNIT_LOSS, (0, 1), 1.0)
    assert row["shadow_price"] == pytest.approx(saved / outcome.year_weight[1] / 1e3, rel=1e-3)


def test_one_more_megawatt_wanted_waits_at_the_idle_value_where_supply_is_given(waiting):
    row = price_of(waiting.outcome, "load_ramp", "piketon", 2032)
    assert row["shadow_price"] == pytest.approx(6500.0)
    assert row["sentence"] == "One more MW wanted at piketon in 2032 would cost about 6.50 million USD a year."


def test_one_more_megawatt_wanted_costs_its_supply_where_supply_is_free(unserved):
    """The ramp is the limit of what is energised too: raising it raises both."""
    outcome = unserved.outcome
    system = outcome.system
    ramp = system.features["idle_load"]["ramp_mw"]
    larger = system.with_feature("idle_load", {"ramp_mw": Quantity(ramp.values + 1.0, ramp.dims, ramp.unit)})
    larger.__dict__["ramp_mw"] = ramp.values + 1.0
    cost = solved_again(larger).solution.objective_usd - outcome.solution.objective_usd
    row = price_of(outcome, "load_ramp", "piketon", 2032)
    assert row["shadow_price"] == pytest.approx(cost / outcome.year_weight[0] / 1e3, rel=1e-3)


def test_shortfall_is_priced_at_what_the_scenario_says(everything):
    row = price_of(everything.outcome, "national_demand", "all sites", 2036)
    assert row["shadow_price"] == pytest.approx(1.0, abs=0.1)


def test_price_of_one_budget_for_all_sites_is_what_a_dollar_more_saves(one_budget):
    outcome = one_budget.outcome
    row = price_of(outcome, "capital_budget", "all sites", 2036)
    row_in_millions = "capital_budget.spent_within_budget"
    saved = outcome.solution.objective_usd - cost_with_right_side(outcome, row_in_millions, (), 0.1)
    assert row["shadow_price"] == pytest.approx(saved / 1e5, rel=1e-3)
    assert row["shadow_price"] > 1.0
    assert row["worth_usd"] == pytest.approx(row["shadow_price"] * 3e8)
    assert row["sentence"].startswith("One more dollar of the capital budget of all sites would save about")


def test_prices_of_a_row_that_does_not_bind_are_left_out(everything):
    table = everything.tables["prices"]
    assert not (table["requirement"] == "capacity_floor").any()
    assert (table["shadow_price"].abs() > 0).all()


def with_capex(system, technology, site, vintage, factor):
    """The same system with another overnight cost of one vintage."""
    data = system.features[technology]
    changed = {}
    for name in ("overnight_usd_per_mw", "annuity_usd_per_mw"):
        values = data[name].values.copy()
        values[site, vintage] *= factor
        changed[name] = Quantity(values, data[name].dims, data[name].unit, data[name].confidence)
    return system.with_feature(technology, changed)


@pytest.mark.parametrize("technology", ["small_modular_reactor"])
def test_technology_enters_just_below_its_breakeven_and_not_above(everything, technology):
    outcome = everything.outcome
    table = breakeven_table(outcome)
    row = table[(table["technology"] == technology) & (table["site"] == "piketon") & (table["year"] == 2036)].iloc[0]
    ratio = row["breakeven_capex_usd_per_kw"] / row["overnight_capex_usd_per_kw"]
    assert 0 < ratio < 1
    above = solved_again(with_capex(outcome.system, technology, 0, 1, ratio * 1.01))
    below = solved_again(with_capex(outcome.system, technology, 0, 1, ratio * 0.99))
    assert above.values(f"{technology}.built_mw")[0, 1] == pytest.approx(0.0, abs=1e-3)
    assert below.values(f"{technology}.built_mw")[0, 1] > 1.0


def test_breakeven_lists_only_what_could_have_been_built_and_was_not(everything):
    table = everything.tables["breakeven"]
    capacity = everything.tables["capacity"]
    built = set(capacity[capacity["new_mw"] > 0].set_index(["site", "technology"]).index)
    assert not built & set(table.set_index(["site", "technology"]).index)
    reactors = table[table["technology"] == "small_modular_reactor"]
    assert reactors["year"].tolist() == [2036]
    assert "would be built for at most about" in reactors["sentence"].iloc[0]
