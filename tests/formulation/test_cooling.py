"""Cooling: dry and once-through cooling against towers; worked by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

DRY = {
    ("combined_cycle", "heat_rate_factor_dry"): 1.1,
    ("combined_cycle", "capex_factor_dry"): 1.05,
    ("combined_cycle", "variable_om_factor_dry"): 1.02,
    ("combined_cycle", "water_consumption_m3_per_mwh_dry"): 0.01,
    ("combined_cycle", "water_withdrawal_m3_per_mwh_dry"): 0.02,
    ("combined_cycle", "water_withdrawal_m3_per_mwh"): 1.25,
}


def values(made: Any, name: str) -> np.ndarray:
    return np.asarray(made.data("combined_cycle")[name].values)


def test_dry_cooling_costs_fuel_capital_and_om_and_saves_water(world: Any) -> None:
    wet, dry = (world({"combined_cycle": {**said}}, figures=DRY) for said in ({}, {"cooling": "dry"}))
    for name, factor in (
        ("heat_rate_mmbtu_per_mwh", 1.1),
        ("fuel_usd_per_mw_step", 1.1),
        ("co2_t_per_mwh", 1.1),
        ("nox_t_per_mwh", 1.1),
        ("firm_gas_mmbtu_per_h_per_mw", 1.1),
        ("overnight_usd_per_mw", 1.05),
        ("annuity_usd_per_mw", 1.05),
        ("variable_om_usd_per_mw_step", 1.02),
        ("fixed_om_usd_per_mw", 1.0),
        ("availability", 1.0),
    ):
        np.testing.assert_allclose(values(dry, name), factor * values(wet, name), rtol=1e-12, err_msg=name)
    assert [float(values(made, "water_m3_per_mwh")[0]) for made in (wet, dry)] == [0.75, 0.01]
    assert [float(values(made, "water_withdrawal_m3_per_mwh")[0]) for made in (wet, dry)] == [1.25, 0.02]


def test_towers_are_what_is_meant_where_nobody_says(world: Any) -> None:
    silent, said = (world({"combined_cycle": {**one}}, figures=DRY) for one in ({}, {"cooling": "recirculating"}))
    for name, quantity in silent.data("combined_cycle").items():
        np.testing.assert_array_equal(quantity.values, values(said, name), err_msg=name)


def test_a_cost_that_the_scenario_gives_is_taken_as_it_stands(world: Any) -> None:
    made = world({"combined_cycle": {"cooling": "dry", "capex_usd_per_kw": 900.0}}, figures=DRY)
    np.testing.assert_allclose(values(made, "overnight_usd_per_mw"), 900_000.0)


def test_an_announced_total_holds_its_cooling_already(world: Any) -> None:
    figures = {("large_reactor", key[1]): value for key, value in DRY.items()}
    wet, dry = (world({"large_reactor": {**said}}, figures=figures) for said in ({}, {"cooling": "dry"}))
    overnight = [made.data("large_reactor")["overnight_usd_per_mw"].values for made in (wet, dry)]
    np.testing.assert_array_equal(*overnight)


@pytest.mark.parametrize("technology", ["small_modular_reactor", "large_reactor"])
def test_reactors_may_be_cooled_from_the_river(world: Any, technology: str) -> None:
    figures = {(technology, f"{name}_factor_once_through"): 0.98 for name in ("heat_rate", "capex", "variable_om")}
    figures |= {
        (technology, "water_consumption_m3_per_mwh_once_through"): 1.0,
        (technology, "water_withdrawal_m3_per_mwh_once_through"): 168.0,
    }
    made = world({technology: {"cooling": "once_through"}}, figures=figures)
    assert made.data(technology)["water_withdrawal_m3_per_mwh"].values[0] == 168.0
    np.testing.assert_allclose(made.data(technology)["heat_rate_mmbtu_per_mwh"].values, 9.8)
