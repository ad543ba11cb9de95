"""Backup generator: its permit limits its hours; one site and three hours worked by hand."""

from __future__ import annotations

from typing import Any

import pytest


def test_output_over_the_year_stays_within_the_permitted_hours(world: Any) -> None:
    made = world(["backup_generator"])
    made.row("backup_generator.runs_within_permit[alpha,2032]").is_(
        {
            **{f"backup_generator.output_mw[alpha,2032,{hour}]": 2920.0 for hour in range(3)},
            "backup_generator.capacity_mw[alpha,2032]": -730.0,
        },
        upper=0.0,
    )


def test_the_scenario_may_permit_other_hours(world: Any) -> None:
    made = world({"backup_generator": {"run_hours_per_year_max": 100.0}})
    assert made.row("backup_generator.runs_within_permit[alpha,2032]").entries[
        "backup_generator.capacity_mw[alpha,2032]"
    ] == pytest.approx(-100.0)


def test_four_times_the_megawatts_stand_for_a_quarter_of_the_hours(world: Any) -> None:
    made = world(
        {"gas_engine": {"capacity_mw": 100.0}, "backup_generator": {}},
        figures={("gas_engine", "forced_outage_rate"): 0.1},
        years=(2030,),
        requirements={"reserve_margin": 0.0},
        places={"alpha": {"idle_value_usd_per_mw_year": 1e7}},
    )
    # 100 MW of engines are firm for 100 MW of load, and 90 MW on average are there: 10 MW miss in hour 2.
    # 10 MW x 2,920 h = 29,200 MWh; a backup MW may give 730 MWh: 40 MW.
    assert made.value("backup_generator.output_mw[alpha,2030,2]") == pytest.approx(10.0, rel=1e-6)
    assert made.value("backup_generator.capacity_mw[alpha,2030]") == pytest.approx(40.0, rel=1e-6)
    recovery, weight = 0.21 / (1 - 1.21**-4), 1.1**-1 + 1.1**-3 + 1.1**-5
    engine = 100 * (960_000 * recovery + 30_000) + 2920 * (125 * 45.68 + 90 * 38)
    backup = 40 * (480_000 * recovery + 5_000) + 29_200 * 209
    assert made.solution.objective_usd == pytest.approx((engine + backup) * weight, rel=1e-6)


def test_a_set_holds_fuel_for_the_hours_of_its_class(world: Any) -> None:
    made = world(["backup_generator"], figures={("backup_generator", "fuel_storage_h"): 24.0})
    assert made.data("backup_generator")["fuel_storage_h"].values.tolist() == [24.0]
    assert made.cost("backup_generator.built_mw[alpha,2032]") == pytest.approx(
        world(["backup_generator"]).cost("backup_generator.built_mw[alpha,2032]"), rel=1e-12
    )


def test_hours_beyond_it_cost_tank_and_first_fill(world: Any) -> None:
    figures = {("backup_generator", "fuel_storage_h"): 24.0, ("backup_generator", "tank_cost_usd_per_mmbtu"): 15.0}
    plain = world(["backup_generator"], figures=figures)
    made = world({"backup_generator": {"fuel_storage_h": 72.0}}, figures=figures)
    # 48 h x 10 MMBtu/MWh x (15 USD of tank + 20 USD of diesel) = 16,800 USD/MW beside 400 USD/kW x 1.2
    added = 48 * 10 * (15.0 + 20.0)
    assert made.data("backup_generator")["overnight_usd_per_mw"].values[0, 1] == pytest.approx(480_000 + added)
    ratio = made.cost("backup_generator.built_mw[alpha,2032]") / plain.cost("backup_generator.built_mw[alpha,2032]")
    assert ratio == pytest.approx((480_000 + added) / 480_000, rel=1e-9)


def test_fewer_hours_cost_no_less(world: Any) -> None:
    figures = {("backup_generator", "fuel_storage_h"): 24.0}
    plain = world(["backup_generator"], figures=figures)
    made = world({"backup_generator": {"fuel_storage_h": 8.0}}, figures=figures)
    assert made.data("backup_generator")["fuel_storage_h"].values.tolist() == [8.0]
    assert made.cost("backup_generator.built_mw[alpha,2032]") == plain.cost("backup_generator.built_mw[alpha,2032]")
