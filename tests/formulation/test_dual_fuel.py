"""Distillate in tanks, worked by hand: 1.25 MMBtu of it for one of gas, 20 USD/MMBtu, tanks 20 and burners 1,000."""

from __future__ import annotations

from typing import Any

import pytest

W_2030 = 1.1**-1 + 1.1**-3
W_2032 = 1.1**-5 + 1.1**-7 + 1.1**-9
RECOVERY = 0.21 / (1 - 1.21**-4)
TANKS = {"gas": {"trunk": False, "dual_fuel": {}}}


def in_life(variable: str, year: int, share: float = -1.0) -> dict[str, float]:
    """What stands in a year of both vintages: a life of four years."""
    return {f"dual_fuel.{variable}[alpha,{of}]": share for of in (2030, 2032) if of <= year}


def test_distillate_in_store_follows_what_comes_and_burns(world: Any) -> None:
    world(["gas_engine"], site=TANKS).row("dual_fuel.stored_follows[alpha,2030,0]").is_(
        {
            "dual_fuel.stored_mmbtu[alpha,2030,0]": 1.0,
            "dual_fuel.stored_mmbtu[alpha,2030,2]": -1.0,  # the year is a ring
            "dual_fuel.refill_mmbtu_per_h[alpha,2030,0]": -1.0,
            "dual_fuel.liquid_mmbtu_per_h[alpha,2030,0]": 1.25,
        },
        lower=0.0,
        upper=0.0,
    )


def test_tanks_hold_and_burners_take_what_they_are_built_for(world: Any) -> None:
    made = world(["gas_engine"], site=TANKS)
    made.row("dual_fuel.stored_at_most_tanks[alpha,2032,1]").is_(
        {"dual_fuel.stored_mmbtu[alpha,2032,1]": 1.0, **in_life("tank_mmbtu", 2032)}, upper=0.0
    )
    made.row("dual_fuel.liquid_at_most_burners[alpha,2030,1]").is_(
        {"dual_fuel.liquid_mmbtu_per_h[alpha,2030,1]": 1.0, **in_life("burner_mmbtu_per_h", 2030)}, upper=0.0
    )


def test_distillate_stands_for_gas_that_machines_burn_and_fuel_cells_do_not(world: Any) -> None:
    made = world(["gas_engine", "fuel_cell"], site=TANKS)
    made.row("dual_fuel.liquid_at_most_burnt[alpha,2030,2]").is_(
        {"dual_fuel.liquid_mmbtu_per_h[alpha,2030,2]": 1.0, "gas_engine.output_mw[alpha,2030,2]": -8.0}, upper=0.0
    )
    made.row("dual_fuel.firm_liquid_at_most_called[alpha,2030]").is_(
        {"dual_fuel.firm_liquid_mmbtu_per_h[alpha,2030]": 1.0, "gas_engine.capacity_mw[alpha,2030]": -8.0}, upper=0.0
    )


def test_distillate_that_counts_at_the_peak_has_burners_and_lasts_ten_hours(world: Any) -> None:
    made = world(["gas_engine"], site=TANKS)
    firm = "dual_fuel.firm_liquid_mmbtu_per_h[alpha,2032]"
    made.row("dual_fuel.firm_liquid_at_most_burners[alpha,2032]").is_(
        {firm: 1.0, **in_life("burner_mmbtu_per_h", 2032)}, upper=0.0
    )
    made.row("dual_fuel.firm_liquid_for_hours[alpha,2032]").is_({firm: 12.5, **in_life("tank_mmbtu", 2032)}, upper=0.0)


def test_the_trunk_is_smaller_by_the_distillate(world: Any) -> None:
    gas = {"trunk": True, "trunk_distance_km": 20.0, "dual_fuel": {}}
    made = world(["gas_engine"], site={"gas": gas}, years=(2030,))
    trunk = "fuel_lateral.trunk_mmbtu_per_h[alpha,2030]"
    made.row("fuel_lateral.gas_at_most_trunk[alpha,2030,1]").is_(
        {"gas_engine.output_mw[alpha,2030,1]": 8.0, "dual_fuel.liquid_mmbtu_per_h[alpha,2030,1]": -1.0, trunk: -1.0},
        upper=0.0,
    )
    made.row("fuel_lateral.firm_gas_at_most_trunk[alpha,2030]").is_(
        {
            "gas_engine.capacity_mw[alpha,2030]": 8.0,
            "dual_fuel.firm_liquid_mmbtu_per_h[alpha,2030]": -1.0,
            trunk: -1.0,
        },
        upper=0.0,
    )
    assert made.bounds(trunk) == (0.0, 4500.0)  # as without tanks: 3 x 100 MW x 15 MMBtu/MWh
    # 880 MMBtu/h at the peak and 800 burnt: the trunk carries what is burnt, tanks what is only held ready
    assert made.value(trunk) == pytest.approx(800.0, rel=1e-6)
    assert made.value("dual_fuel.tank_mmbtu[alpha,2030]") == pytest.approx(80 * 12.5, rel=1e-6)


def test_tanks_cost_their_steel_and_their_first_fill(world: Any) -> None:
    made = world(["gas_engine"], site=TANKS)
    tank = (20 + 20) * RECOVERY + 20 * 0.01
    weight = W_2030 + W_2032  # a life that ends inside the span of 2032 runs to the end of it
    assert made.cost("dual_fuel.tank_mmbtu[alpha,2030]") == pytest.approx(tank * weight, rel=1e-9)
    burner = made.cost("dual_fuel.burner_mmbtu_per_h[alpha,2030]")
    assert burner == pytest.approx(1000 * (RECOVERY + 0.01) * weight, rel=1e-9)
    assert made.cost("dual_fuel.tank_mmbtu[alpha,2032]") == pytest.approx(tank * W_2032, rel=1e-9)


def test_refills_are_paid_and_gas_not_burnt_is_given_back(world: Any) -> None:
    made = world(["gas_engine"], site=TANKS)
    refill = made.cost("dual_fuel.refill_mmbtu_per_h[alpha,2030,2]")
    assert refill == pytest.approx(20 * 2920 * W_2030, rel=1e-9)
    for hour, price in ((0, 4.4 * 1.24 / 1.1), (2, 4.4 / 1.1)):
        liquid = made.cost(f"dual_fuel.liquid_mmbtu_per_h[alpha,2030,{hour}]")
        assert liquid == pytest.approx(-price * 2920 * W_2030, rel=1e-9)


def test_trucks_bring_a_day_of_refills_in_24_hours(world: Any) -> None:
    made = world(["gas_engine"], site=TANKS)
    assert made.bounds("dual_fuel.refill_mmbtu_per_h[alpha,2030,1]") == (0.0, 200.0)
    site = {"gas": {"trunk": False, "dual_fuel": {"refill_mmbtu_per_day": 240, "tank_max_mmbtu": 500}}}
    made = world(["gas_engine"], site=site)
    assert made.bounds("dual_fuel.refill_mmbtu_per_h[alpha,2030,1]") == (0.0, 10.0)
    assert made.bounds("dual_fuel.stored_mmbtu[alpha,2030,1]") == (0.0, 500.0)
    made.row("dual_fuel.tanks_at_most_limit[alpha,2032]").is_(in_life("tank_mmbtu", 2032, 1.0), upper=500.0)


def test_tanks_come_no_earlier_than_their_year(world: Any) -> None:
    made = world(["gas_engine"], site={"gas": {"trunk": False, "dual_fuel": {"earliest_year": 2032}}})
    assert "dual_fuel.tank_mmbtu[alpha,2030]" not in made.columns
    assert "dual_fuel.tank_mmbtu[alpha,2032]" in made.columns


def test_carbon_is_the_difference_to_gas(world: Any) -> None:
    made = world(["gas_engine"], site=TANKS, requirements={"co2_cap_t_per_year": 1e6, "co2_price_usd_per_t": 10})
    cap = made.row("emissions.emitted_at_most_cap[2030]").entries
    added = (1.25 * 73 - 53) / 1000
    assert cap["dual_fuel.liquid_mmbtu_per_h[alpha,2030,2]"] == pytest.approx(2920 * added, rel=1e-9)
    without = world(["gas_engine"], site=TANKS, requirements={"co2_cap_t_per_year": 1e6})
    liquid = "dual_fuel.liquid_mmbtu_per_h[alpha,2030,2]"
    assert made.cost(liquid) - without.cost(liquid) == pytest.approx(10 * 2920 * added * W_2030, rel=1e-9)


def test_distillate_is_no_more_energy_of_a_clean_share(world: Any) -> None:
    made = world(["gas_engine", "solar"], site=TANKS, requirements={"clean_share": 0.5})
    (row,) = [made.row(name) for name in made.rows if name == "clean_share.emitting_at_most_allowed[2030]"]
    assert not [name for name in row.entries if name.startswith("dual_fuel")]
