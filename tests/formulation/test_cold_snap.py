"""Cold snap: outages that rise with the cold, power on the coldest day and energy over all days; worked by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.formulation.figures import FIRST_HOURS_OF

from gigasite.formulation.requirements.cold_snap import coldest_hours

ENERGISED = "idle_load.energised_mw[alpha,2032]"
PEAK, ENERGY = "cold_snap.peak_is_carried[alpha,2032]", "cold_snap.energy_is_carried[alpha,2032]"

TEMPERATURE = np.full(8760, 10.0)
TEMPERATURE[48:96] = -5.0  # the third and the fourth day: one at -5 C
TEMPERATURE[72:96] = -10.0  # and one at -10 C
LOAD = np.full(8760, 0.8)
LOAD[4344] = 1.0  # in July
LOAD[72:96] = 0.6
PLACE = {"alpha": {"temperature_c": TEMPERATURE, "load": LOAD}}
RATES = {
    ("gas_turbine", f"forced_outage_rate_at_{name}_c"): rate
    for name, rate in (("minus_15", 0.4), ("minus_10", 0.2), ("minus_5", 0.1), ("0", 0.06), ("5", 0.04), ("10", 0.02))
}
SNAP = {"cold_snap": {"days": 2}}


def test_what_survives_stands_in_both_rows(world: Any) -> None:
    made = world(
        ["gas_turbine", "gas_engine", "grid_connection", "battery", "flexible_load", "solar"],
        requirements=SNAP, figures=RATES, places=PLACE,
    )  # fmt: skip
    # rated at 33 C, a turbine gives 0.892; in the cold it would give 1, of which 20 % are out on the coldest day
    made.row(PEAK).is_(
        {
            ENERGISED: 0.8 * 0.8,  # 0.8 of the highest load, of which 20 % are shed
            "gas_turbine.capacity_mw[alpha,2032]": -0.8,
            "gas_engine.capacity_mw[alpha,2032]": -1.0,
            "grid_connection.firm_mw[alpha,2032]": -1.0,
            "battery.firm_mw[alpha,2032]": -1.0,
        },
        upper=0.0,
    )
    # on the day at -5 C 10 % are out: 0.9 is above the firm rating of 0.892, for which there is gas
    made.row(ENERGY).is_(
        {
            ENERGISED: 0.7,
            "gas_turbine.capacity_mw[alpha,2032]": -(0.892 + 0.8) / 2,
            "gas_engine.capacity_mw[alpha,2032]": -1.0,
            "grid_connection.firm_mw[alpha,2032]": -1.0,
            "battery.capacity_energy_mwh[alpha,2032]": -0.9 / 48,
        },
        upper=0.0,
    )


def test_a_colder_design_shifts_every_hour(world: Any) -> None:
    snap = {"cold_snap": {"days": 2, "snap_temperature_c": -12.5}}  # 5 K below the mean of -7.5 C
    made = world(["gas_turbine"], requirements=snap, figures=RATES, places=PLACE)
    entries = made.row(PEAK).entries
    assert entries["gas_turbine.capacity_mw[alpha,2032]"] == pytest.approx(-0.6, rel=1e-9)  # -15 C: 40 % out
    warmer = world(
        ["gas_turbine"], requirements={"cold_snap": {"days": 2, "snap_temperature_c": 0.0}}, figures=RATES, places=PLACE
    )
    assert warmer.row(PEAK).entries["gas_turbine.capacity_mw[alpha,2032]"] == pytest.approx(-0.8, rel=1e-9)


def test_rates_run_straight_between_their_temperatures_and_never_below_the_mean(world: Any) -> None:
    place = {"alpha": {"temperature_c": np.where(TEMPERATURE < 0, -7.5, 10.0), "load": LOAD}}
    made = world(["gas_turbine"], requirements=SNAP, figures=RATES, places=place)
    assert made.row(PEAK).entries["gas_turbine.capacity_mw[alpha,2032]"] == pytest.approx(-0.85, rel=1e-9)
    figures = {**RATES, ("gas_turbine", "forced_outage_rate"): 0.3}
    often = world(["gas_turbine"], requirements=SNAP, figures=figures, places=place)
    assert often.row(PEAK).entries["gas_turbine.capacity_mw[alpha,2032]"] == pytest.approx(-0.7, rel=1e-9)


def test_a_technology_without_figures_keeps_its_forced_outage_rate(world: Any) -> None:
    made = world(["small_modular_reactor"], requirements=SNAP, places=PLACE)
    entries = made.row(PEAK).entries
    assert entries["small_modular_reactor.capacity_mw[alpha,2032]"] == pytest.approx(-0.92, rel=1e-9)


def test_sun_and_wind_count_with_what_they_give_in_the_snap(world: Any) -> None:
    cold = np.full(8760, 10.0)
    cold[:24] = -10.0  # the first day, which holds hours 0 and 1 of the three: wind 0.5 and 0.25
    made = world(["gas_turbine", "wind", "solar"], requirements={"cold_snap": {"days": 1}}, figures=RATES,
                 places={"alpha": {"temperature_c": cold, "load": LOAD}})  # fmt: skip
    assert made.row(ENERGY).entries["wind.capacity_mw[alpha,2032]"] == pytest.approx(-0.375, rel=1e-9)
    assert "wind.capacity_mw[alpha,2032]" not in made.row(PEAK).entries


def test_a_snap_holds_back_what_its_machines_cannot_carry(world: Any) -> None:
    temperature = TEMPERATURE.copy()
    temperature[FIRST_HOURS_OF] = 10.0
    made = world(
        {"gas_turbine": {"capacity_mw": 100.0}},
        years=(2032,),
        requirements={**SNAP, "reserve_margin": 0.0},
        figures={**RATES, ("gas_turbine", "forced_outage_rate"): 0.0, ("gas_turbine", "planned_outage_rate"): 0.0},
        places={"alpha": {"temperature_c": temperature, "load": LOAD, "idle_value_usd_per_mw_year": 1e8}},
    )
    # reserve: 89.2 MW; coldest day: 80 MW for 0.8 of the load, 100 MW; energy: 84.6 MW for 0.7, 120.9 MW
    assert made.value(ENERGISED) == pytest.approx(89.2, rel=1e-6)
    worse = {**RATES, ("gas_turbine", "forced_outage_rate_at_minus_10_c"): 0.5}
    held = world(
        {"gas_turbine": {"capacity_mw": 100.0}},
        years=(2032,),
        requirements={**SNAP, "reserve_margin": 0.0},
        figures={**worse, ("gas_turbine", "forced_outage_rate"): 0.0, ("gas_turbine", "planned_outage_rate"): 0.0},
        places={"alpha": {"temperature_c": temperature, "load": LOAD, "idle_value_usd_per_mw_year": 1e8}},
    )
    assert held.value(ENERGISED) == pytest.approx(50.0 / 0.8, rel=1e-6)


def test_the_coldest_days_are_found_in_a_row() -> None:
    hours = coldest_hours(TEMPERATURE, 2)
    assert np.flatnonzero(hours).tolist() == list(range(48, 96))
    assert np.flatnonzero(coldest_hours(TEMPERATURE, 1)).tolist() == list(range(72, 96))


def test_nothing_is_built_where_nothing_is_asked_for(world: Any) -> None:
    made = world(["gas_engine"])
    assert made.data("cold_snap") == {}
    assert not [name for name in made.rows | made.columns if name.startswith("cold_snap")]
