"""Grid outage: survived from any hour; three hours, and a month of hours, worked by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gigasite.formulation.requirements.grid_outage import months_of
from gigasite.system.time_axis import TimeAxis

ENERGISED = "idle_load.energised_mw[alpha,2032]"
TWO_HOURS = {"outage_survival_h": 2, "critical_share": 0.5}


class FirstOfJanuary(TimeAxis):
    """So many hours of January, each for its share of the year."""

    @property
    def hours(self) -> int:
        return 100

    @property
    def month(self) -> np.ndarray:
        return np.ones(100, dtype=int)

    def steps(self, hourly: np.ndarray) -> np.ndarray:
        return hourly if hourly.shape[-1] == 100 else hourly[..., :100]

    def peaks(self, hourly: np.ndarray) -> np.ndarray:
        return self.steps(hourly)


def test_plants_and_stores_carry_the_critical_load_of_every_hour(world: Any) -> None:
    made = world(["combined_cycle", "battery", "solar", "grid_connection"], requirements=TWO_HOURS)
    # hour 2 from the first of January is the hour of July that follows: 35 C, 0.8 of sun, all of the load
    made.row("grid_outage.critical_load_is_carried[alpha,2032,1,2]").is_(
        {
            ENERGISED: 0.5,
            "combined_cycle.capacity_mw[alpha,2032]": -0.72,  # (1 - 0.01 x 20) x 0.9, below the firm 0.82
            "solar.capacity_mw[alpha,2032]": -0.8,
            "grid_outage.drawn_battery_mw[alpha,2032,1,2]": -1.0,
            "grid_outage.short_mw[alpha,2032,1]": -1.0,
        },
        upper=0.0,
    )


def test_gas_counts_for_its_firm_rating_at_most(world: Any) -> None:
    figures = {("combined_cycle", "forced_outage_rate"): 0.0, ("combined_cycle", "planned_outage_rate_month_1"): 0.0}
    made = world(["combined_cycle"], requirements=TWO_HOURS, figures=figures)
    row = made.row("grid_outage.critical_load_is_carried[alpha,2032,7,1]")  # 15 C: all of it would be there
    assert row.entries["combined_cycle.capacity_mw[alpha,2032]"] == pytest.approx(-0.82, rel=1e-9)


def test_what_a_store_gives_adds_up_from_the_first_of_its_month(world: Any) -> None:
    made = world(["gas_engine", "battery"], requirements=TWO_HOURS)
    drawn, given = (
        f"grid_outage.{name}[alpha,2032,1,{{}}]".format for name in ("drawn_battery_mw", "given_battery_mwh")
    )
    made.row("grid_outage.given_is_the_sum__battery[alpha,2032,1,1]").is_(
        {given(1): 1.0, drawn(1): -1.0}, lower=0.0, upper=0.0
    )
    made.row("grid_outage.given_is_the_sum__battery[alpha,2032,1,2]").is_(
        {given(2): 1.0, given(1): -1.0, drawn(2): -1.0}, lower=0.0, upper=0.0
    )
    made.row("grid_outage.drawn_at_most_power__battery[alpha,2032,1,2]").is_(
        {drawn(2): 1.0, "battery.capacity_mw[alpha,2032]": -1.0}, upper=0.0
    )


def test_an_outage_after_any_hour_has_the_energy_of_that_hour(world: Any) -> None:
    made = world(["gas_engine", "battery"], requirements=TWO_HOURS)
    stored, given = (
        f"{name}[alpha,2032,{{}}]".format for name in ("battery.stored_mwh", "grid_outage.given_battery_mwh")
    )
    rows = "grid_outage.given_at_most_stored__battery[alpha,2032,{}]".format
    made.row(rows(0)).is_({given("1,2"): 1.0, stored(0): -0.9}, upper=0.0)
    made.row(rows(1)).is_({given("1,3"): 1.0, given("1,1"): -1.0, stored(1): -0.9}, upper=0.0)
    made.row(rows(2)).is_({given("7,2"): 1.0, stored(2): -0.9}, upper=0.0)  # July goes on into January


def test_tanks_shorter_than_the_outage_are_a_store_and_longer_ones_are_not(world: Any) -> None:
    technologies = {"gas_engine": {}, "backup_generator": {"fuel_storage_h": 1.5}}
    figures = {("backup_generator", "tank_cost_usd_per_mmbtu"): 10.0}
    made = world(technologies, requirements=TWO_HOURS, figures=figures)
    made.row("grid_outage.given_at_most_stored__backup_generator[alpha,2032,1]").is_(
        {
            "grid_outage.given_backup_generator_mwh[alpha,2032,1,3]": 1.0,
            "grid_outage.given_backup_generator_mwh[alpha,2032,1,1]": -1.0,
            "backup_generator.capacity_mw[alpha,2032]": -1.5,
        },
        upper=0.0,
    )
    longer = world(
        {"gas_engine": {}, "backup_generator": {"fuel_storage_h": 2.0}}, requirements=TWO_HOURS, figures=figures
    )
    assert not [name for name in longer.columns if name.startswith("grid_outage.drawn")]
    entries = longer.row("grid_outage.critical_load_is_carried[alpha,2032,1,1]").entries
    assert entries["backup_generator.capacity_mw[alpha,2032]"] == pytest.approx(-1.0, rel=1e-9)


def test_72_hours_take_72_times_the_deficit(world: Any) -> None:
    """100 MW are wanted flat; 60 MW of engines run through; a battery of 90 % one way carries 40 MW for 72 hours."""
    battery = {"capacity_mw": 100.0}
    made = world(
        {"gas_engine": {"capacity_mw": 60.0}, "battery": battery, "grid_connection": {"capacity_mw": 60.0}},
        years=(2032,),
        load=np.ones(100),
        time=FirstOfJanuary((2032,), 2032, 3, 0.21),
        site={"load_ramp_mw": {2032: 100.0}},
        figures={("battery", "self_discharge_per_hour"): 0.0},
        requirements={"outage_survival_h": 72, "reserve_margin": 0.0},
        places={
            "alpha": {
                "hourly": {"price": np.full(100, 40.0)},
                "temperature_c": np.full(100, 15.0),
                "idle_value_usd_per_mw_year": 1e9,
            }
        },
    )
    assert made.value(ENERGISED) == pytest.approx(100.0, rel=1e-6)
    stored = [made.value(f"battery.stored_mwh[alpha,2032,{hour}]") for hour in range(100)]
    assert min(stored) == pytest.approx(40 * 72 / 0.9, rel=1e-6)
    assert made.value("battery.capacity_energy_mwh[alpha,2032]") == pytest.approx(40 * 72 / 0.9, rel=1e-6)


def test_half_of_the_load_critical_needs_no_store_here(world: Any) -> None:
    made = world(
        {
            "gas_engine": {"capacity_mw": 60.0},
            "battery": {"capacity_mw": 0.0},
            "grid_connection": {"capacity_mw": 60.0},
        },
        years=(2032,),
        site={"load_ramp_mw": {2032: 100.0}},
        requirements={"outage_survival_h": 72, "reserve_margin": 0.0, "critical_share": 0.6},
    )
    assert made.value(ENERGISED) == pytest.approx(100.0, rel=1e-6)
    held = world(
        {
            "gas_engine": {"capacity_mw": 60.0},
            "battery": {"capacity_mw": 0.0},
            "grid_connection": {"capacity_mw": 60.0},
        },
        years=(2032,),
        site={"load_ramp_mw": {2032: 100.0}},
        requirements={"outage_survival_h": 72, "reserve_margin": 0.0, "critical_share": 0.8},
    )
    assert held.value(ENERGISED) == pytest.approx(60.0 / 0.8, rel=1e-6)  # the load reaches 1 per MW in July
    assert max(held.value(name) for name in held.columns if ".short_mw" in name) == pytest.approx(0.0, abs=1e-9)


def test_a_missing_megawatt_is_dearer_than_waiting(world: Any) -> None:
    made = world(["gas_engine"], requirements=TWO_HOURS)
    w_2030, w_2032 = 1.660405710, 1.558177059
    # 0.25 MW of critical load hang on a waiting MW where the load is lowest; its price is twice what waiting costs
    assert made.cost("grid_outage.short_mw[alpha,2030,1]") == pytest.approx(2 * w_2030 * 1e6 / 0.25, rel=1e-6)
    assert made.cost("grid_outage.short_mw[alpha,2032,1]") == pytest.approx(
        2 * (w_2030 + w_2032) * 1e6 / 0.25, rel=1e-6
    )


def test_months_go_on_into_the_next_and_december_into_january() -> None:
    months = months_of(TimeAxis((2030,), 2030, 1, 0.0), 72)
    assert months.inside.shape == (12, 744 + 72)
    assert months.inside.sum(axis=1).tolist() == [
        days * 24 - 1 + 72 for days in (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    ]
    told = months.told_on(np.arange(8760.0))
    assert told[1, 1] == 745
    assert told[1, 28 * 24] == 59 * 24  # the first of March
    assert told[11, 744 + 70] == 70  # in January
    assert told[1, 28 * 24 + 72] == 0  # not inside


def test_nothing_is_built_where_nothing_is_asked_for(world: Any) -> None:
    made = world(["gas_engine", "battery"])
    assert made.data("grid_outage") == {}
    assert not [name for name in made.rows | made.columns if name.startswith("grid_outage")]
