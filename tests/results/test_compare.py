"""Runs side by side, with differences to the first."""

import numpy as np
import pytest

from gigasite.foundation.errors import InputError
from gigasite.results.compare import compare, horizons, ratios
from gigasite.results.run import Run


def row(table, quantity):
    return table.set_index("quantity").loc[quantity]


def test_every_quantity_stands_with_its_unit_beside_every_run(everything, waiting):
    table = compare([everything.run, waiting.run])
    assert list(table)[:4] == ["quantity", "unit", "everything", "waiting"]
    levelised = row(table, "levelised_cost_usd_per_mwh")
    assert levelised["unit"] == "USD/MWh"
    assert levelised["waiting"] == waiting.tables["summary"]["levelised_cost_usd_per_mwh"].iloc[0]


def test_difference_is_held_against_the_first_run(everything, waiting):
    told = row(compare([everything.run, waiting.run]), "present_value_usd")
    difference = told["waiting"] - told["everything"]
    assert told["difference waiting"] == pytest.approx(difference)
    assert told["per cent waiting"] == pytest.approx(100 * difference / told["everything"])


def test_technology_that_a_run_does_not_have_counts_zero(everything, waiting):
    table = compare([waiting.run, everything.run])
    solar = row(table, "capacity_solar_mw")
    assert solar["waiting"] == 0
    assert np.isnan(solar["per cent everything"])


def test_what_was_never_announced_stays_empty(everything, waiting):
    assert np.isnan(row(compare([everything.run, waiting.run]), "announced_capex_usd")["everything"])


def test_same_scenario_twice_is_told_apart(everything):
    table = compare([everything.run, everything.run])
    labels = list(table)[2:4]
    assert len(set(labels)) == 2
    assert all(label.startswith("everything ") for label in labels)
    difference = table[f"difference {labels[1]}"].dropna()
    assert (difference == 0).all()


def test_one_run_has_no_differences(everything):
    assert list(compare([everything.run])) == ["quantity", "unit", "everything"]


def test_nothing_cannot_be_compared():
    with pytest.raises(InputError, match="nothing to compare"):
        compare([])


def published(run, usd_per_mwh):
    other = Run(run.path, run.manifest)
    other._frames["summary"] = run.summary.assign(published_price_usd_per_mwh=usd_per_mwh)
    return other


def test_cost_and_published_price_are_set_in_ratio(everything, waiting):
    runs = [published(everything.run, 58.0), published(waiting.run, 89.0)]
    (told,) = ratios(runs)
    assert told.startswith("Levelised cost: ")
    assert told.endswith("Published price: 89 / 58 = 1.53.")
    cost = row(compare(runs), "levelised_cost_usd_per_mwh")["waiting"]
    assert row(compare(runs), "cost_over_published_price")["waiting"] == pytest.approx(cost / 89)


def test_runs_without_a_published_price_have_no_ratio(everything, waiting):
    assert ratios([everything.run, waiting.run]) == []
    assert "published_price_usd_per_mwh" not in set(compare([everything.run, waiting.run])["quantity"])


def test_years_rise_and_what_only_the_solver_needs_is_left_out(everything, waiting):
    quantities = list(compare([everything.run, waiting.run])["quantity"])
    years = [name for name in quantities if name.startswith("wanted_")]
    assert years == sorted(years) == ["wanted_2028_mw", "wanted_2032_mw", "wanted_2036_mw"]
    assert not {"objective_usd", "gas_quads_per_year", "resolution_h", "days"} & set(quantities)


def test_runs_of_different_years_are_said_to_be(everything, waiting):
    (told,) = horizons([everything.run, waiting.run])
    assert "everything 2032 to 2036, waiting 2028 to 2032" in told
    assert horizons([everything.run, everything.run]) == []
