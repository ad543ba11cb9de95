"""Capacity by vintage: kept, retired, aged out, given; worked by hand."""

from __future__ import annotations

from typing import Any

import pytest

W_2030 = 1.1**-1 + 1.1**-3
W_2032 = 1.1**-5 + 1.1**-7 + 1.1**-9
DEAR_WAITING = {"alpha": {"idle_value_usd_per_mw_year": 1e7}}


def test_a_vintage_is_at_most_what_was_built_and_stays_retired(world: Any) -> None:
    made, name = world(["gas_engine"]), "gas_engine"
    for vintage, year in ((2030, 2030), (2030, 2032), (2032, 2032)):
        made.row(f"{name}.vintage_at_most_built_mw[alpha,{vintage},{year}]").is_(
            {f"{name}.vintage_mw[alpha,{vintage},{year}]": 1.0, f"{name}.built_mw[alpha,{vintage}]": -1.0}, upper=0.0
        )
    made.row(f"{name}.retired_stays_retired_mw[alpha,2030,2032]").is_(
        {f"{name}.vintage_mw[alpha,2030,2032]": 1.0, f"{name}.vintage_mw[alpha,2030,2030]": -1.0}, upper=0.0
    )
    assert f"{name}.retired_stays_retired_mw[alpha,2030,2030]" not in made.rows
    assert f"{name}.retired_stays_retired_mw[alpha,2032,2032]" not in made.rows


def test_capacity_is_the_sum_of_its_vintages(world: Any) -> None:
    made = world(["gas_engine"])
    made.row("gas_engine.capacity_is_the_sum_mw[alpha,2030]").is_(
        {"gas_engine.capacity_mw[alpha,2030]": 1.0, "gas_engine.vintage_mw[alpha,2030,2030]": -1.0},
        lower=0.0,
        upper=0.0,
    )
    made.row("gas_engine.capacity_is_the_sum_mw[alpha,2032]").is_(
        {
            "gas_engine.capacity_mw[alpha,2032]": 1.0,
            "gas_engine.vintage_mw[alpha,2030,2032]": -1.0,
            "gas_engine.vintage_mw[alpha,2032,2032]": -1.0,
        },
        lower=0.0,
        upper=0.0,
    )


def test_a_vintage_that_dies_before_a_year_has_no_part_in_it(world: Any) -> None:
    made = world(["fuel_cell"])  # two years of life: 2030 and 2031
    made.row("fuel_cell.capacity_is_the_sum_mw[alpha,2032]").is_(
        {"fuel_cell.capacity_mw[alpha,2032]": 1.0, "fuel_cell.vintage_mw[alpha,2032,2032]": -1.0}, lower=0.0, upper=0.0
    )


def test_capacity_that_has_died_is_built_again(world: Any) -> None:
    made = world(["fuel_cell"], places=DEAR_WAITING)
    # reserve of 10 % over 100 and 200 MW
    assert made.value("fuel_cell.built_mw[alpha,2030]") == pytest.approx(110.0, rel=1e-6)
    assert made.value("fuel_cell.built_mw[alpha,2032]") == pytest.approx(220.0, rel=1e-6)


def test_capacity_that_lives_on_is_only_added_to(world: Any) -> None:
    made = world(["gas_engine"], places=DEAR_WAITING)
    assert made.value("gas_engine.built_mw[alpha,2030]") == pytest.approx(110.0, rel=1e-6)
    assert made.value("gas_engine.built_mw[alpha,2032]") == pytest.approx(110.0, rel=1e-6)
    assert made.value("gas_engine.capacity_mw[alpha,2032]") == pytest.approx(220.0, rel=1e-6)


def test_early_retirement_saves_upkeep_and_not_the_annuity(world: Any) -> None:
    made = world(["gas_engine"], site={"load_ramp_mw": {2030: 100.0, 2032: 50.0}}, places=DEAR_WAITING)
    assert made.value("gas_engine.built_mw[alpha,2030]") == pytest.approx(110.0, rel=1e-6)
    assert made.value("gas_engine.vintage_mw[alpha,2030,2032]") == pytest.approx(55.0, rel=1e-6)  # 1.1 x 50
    recovery = 0.21 / (1 - 1.21**-4)
    capital = 110 * 960_000 * recovery * (W_2030 + W_2032)  # paid to the end of its life
    upkeep = 30_000 * (110 * W_2030 + 55 * W_2032)
    # 50, 75, 100 MW in 2030 and half of it in 2032; 45.68 USD/MWh in January, 38 in July
    energy = 2920 * (125 * 45.68 + 100 * 38) * (W_2030 + 0.5 * W_2032)
    assert made.solution.objective_usd == pytest.approx(capital + upkeep + energy, rel=1e-6)


def test_given_capacity_is_neither_chosen_nor_late(world: Any) -> None:
    made = world({"small_modular_reactor": {"capacity_mw": {2030: 40.0, 2032: 30.0}}})
    assert made.bounds("small_modular_reactor.capacity_mw[alpha,2030]") == (40.0, 40.0)
    assert made.bounds("small_modular_reactor.capacity_mw[alpha,2032]") == (30.0, 30.0)
    # earliest year 2032 does not hold for what the scenario gives; no more can be built than is given later
    assert made.bounds("small_modular_reactor.built_mw[alpha,2030]") == (0.0, 40.0)
    assert made.bounds("small_modular_reactor.built_mw[alpha,2032]") == (0.0, 30.0)
    assert made.value("small_modular_reactor.vintage_mw[alpha,2030,2032]") == pytest.approx(30.0, rel=1e-6)


def test_capacity_keeps_to_the_bounds_of_the_scenario(world: Any) -> None:
    made = world({"gas_engine": {"capacity_min_mw": {2032: 20.0}, "capacity_max_mw": {2030: 60.0, 2032: 90.0}}})
    assert made.bounds("gas_engine.capacity_mw[alpha,2030]") == (0.0, 60.0)
    assert made.bounds("gas_engine.capacity_mw[alpha,2032]") == (20.0, 90.0)
    assert made.bounds("gas_engine.built_mw[alpha,2030]") == (0.0, 90.0)  # may outlive the year of the lower limit
    # 60/1.1 = 54.545 MW carried with reserve; the rest waits
    assert made.value("idle_load.energised_mw[alpha,2030]") == pytest.approx(60 / 1.1, rel=1e-6)
    assert made.value("idle_load.waiting_mw[alpha,2032]") == pytest.approx(200 - 90 / 1.1, rel=1e-6)


def test_without_a_limit_capacity_stays_below_three_times_the_largest_load(world: Any) -> None:
    made = world(["gas_engine", "solar"])
    assert made.bounds("gas_engine.capacity_mw[alpha,2030]") == (0.0, 600.0)  # 3 x 200 MW
    assert made.bounds("gas_engine.output_mw[alpha,2030,1]") == (0.0, 600.0)
    assert made.bounds("solar.capacity_mw[alpha,2030]") == (0.0, 1600.0)  # 8 x 200 MW
    assert made.bounds("solar.output_mw[alpha,2030,2]") == pytest.approx((0.0, 1280.0))  # x 0.8
    assert "solar.output_mw[alpha,2030,0]" not in made.columns


def test_a_life_that_is_no_whole_number_is_paid_as_long_as_it_runs(world: Any) -> None:
    made = world({"gas_engine": {"economic_life_years": 2.5}})
    # 2030 + 2.5 lies after 2032: the vintage runs there, so its annuity is paid there
    assert "gas_engine.vintage_mw[alpha,2030,2032]" in made.columns
    recovery = 0.21 / (1 - 1.21**-2.5)
    expected = 960_000 * recovery * (W_2030 + W_2032)
    assert made.cost("gas_engine.built_mw[alpha,2030]") == pytest.approx(expected, rel=1e-9)
