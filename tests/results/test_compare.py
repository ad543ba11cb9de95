"""Runs side by side, with differences to the first."""

import numpy as np
import pytest

from gigasite.foundation.errors import InputError
from gigasite.results.compare import compare


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
