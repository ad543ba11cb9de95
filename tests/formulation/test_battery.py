"""Battery: power and energy sized apart; one site and three hours worked by hand."""

from __future__ import annotations

from typing import Any

import pytest

W_2030 = 1.1**-1 + 1.1**-3
W_2032 = 1.1**-5 + 1.1**-7 + 1.1**-9
RECOVERY = 0.21 / (1 - 1.21**-4)


@pytest.mark.parametrize(("hour", "before"), [(0, 2), (1, 0), (2, 1)])
def test_stored_energy_follows_from_the_hour_before_and_the_year_is_a_ring(world: Any, hour: int, before: int) -> None:
    made = world(["battery"])
    made.row(f"battery.stored_follows[alpha,2030,{hour}]").is_(
        {
            f"battery.stored_mwh[alpha,2030,{hour}]": 1.0,
            f"battery.stored_mwh[alpha,2030,{before}]": -0.98,  # 2 % lost in an hour
            f"battery.charge_mw[alpha,2030,{hour}]": -0.9,  # square root of 0.81
            f"battery.discharge_mw[alpha,2030,{hour}]": 1 / 0.9,  # 1.111111
        },
        lower=0.0,
        upper=0.0,
    )


def test_power_and_energy_limit_what_flows_and_what_is_held(world: Any) -> None:
    made = world(["battery"])
    power, energy = "battery.capacity_mw[alpha,2030]", "battery.capacity_energy_mwh[alpha,2030]"
    made.row("battery.charge_at_most_power[alpha,2030,1]").is_(
        {"battery.charge_mw[alpha,2030,1]": 1.0, power: -1.0}, upper=0.0
    )
    made.row("battery.discharge_at_most_power[alpha,2030,1]").is_(
        {"battery.discharge_mw[alpha,2030,1]": 1.0, power: -1.0}, upper=0.0
    )
    made.row("battery.stored_at_most_energy[alpha,2030,1]").is_(
        {"battery.stored_mwh[alpha,2030,1]": 1.0, energy: -1.0}, upper=0.0
    )


def test_firm_power_is_power_that_lasts_ten_hours(world: Any) -> None:
    made = world(["battery"])
    firm = "battery.firm_mw[alpha,2030]"
    made.row("battery.firm_at_most_power[alpha,2030]").is_(
        {firm: 1.0, "battery.capacity_mw[alpha,2030]": -1.0}, upper=0.0
    )
    made.row("battery.firm_for_hours[alpha,2030]").is_(
        {firm: 10.0, "battery.capacity_energy_mwh[alpha,2030]": -1.0}, upper=0.0
    )
    energised = "idle_load.energised_mw[alpha,2030]"
    made.row("firm_supply.firm_carries_the_peak[alpha,2030]").is_({energised: 1.1, firm: -1.0}, upper=0.0)
    made.row("unit_loss.survivors_carry_the_peak[alpha,2030]").is_({energised: 1.0, firm: -1.0}, upper=0.0)


def test_charge_takes_power_and_discharge_gives_it(world: Any) -> None:
    world(["battery"]).row("power_balance.supply_meets_load[alpha,2030,1]").is_(
        {
            "battery.discharge_mw[alpha,2030,1]": 1.0,
            "battery.charge_mw[alpha,2030,1]": -1.0,
            "idle_load.unserved_mw[alpha,2030,1]": 1.0,
            "idle_load.energised_mw[alpha,2030]": -0.75,
        },
        lower=0.0,
        upper=0.0,
    )


def test_power_and_energy_cost_capital_and_upkeep_apart(world: Any) -> None:
    made, weight = world(["battery"]), W_2030 + W_2032
    # 200 USD/kW x 1.4 = 280,000 USD/MW; 100 USD/kWh x 1.4 = 140,000 USD/MWh
    assert made.cost("battery.built_mw[alpha,2030]") == pytest.approx(280_000 * RECOVERY * weight, rel=1e-9)
    assert made.cost("battery.built_energy_mwh[alpha,2030]") == pytest.approx(140_000 * RECOVERY * weight, rel=1e-9)
    assert made.cost("battery.capacity_mw[alpha,2032]") == pytest.approx(4_000 * W_2032, rel=1e-9)
    assert made.cost("battery.capacity_energy_mwh[alpha,2032]") == pytest.approx(2_000 * W_2032, rel=1e-9)
    assert made.cost("battery.charge_mw[alpha,2030,1]") == 0.0
    assert made.bounds("battery.capacity_energy_mwh[alpha,2030]") == (0.0, 14_400.0)  # 3 x 24 h x 200 MW


def test_a_battery_carries_the_last_of_the_peak(world: Any) -> None:
    made = world(
        {"gas_engine": {"capacity_mw": 80.0}, "battery": {}},
        years=(2030,),
        requirements={"reserve_margin": 0.0},
        places={"alpha": {"idle_value_usd_per_mw_year": 1e7}},
    )
    # 80 MW of engines for 100 MW: 20 MW firm from the battery, which takes 200 MWh.
    # Hour 2 discharges 20 MW, 20/0.9 = 22.2222 MWh out of the store; hour 1 must end with 22.2222/0.98 = 22.675737.
    # Hour 1 can charge 80 - 75 = 5 MW, 4.5 MWh; hour 0 ends with (22.675737 - 4.5)/0.98 = 18.546670, charged at /0.9.
    stored = (20 / 0.9 / 0.98 - 0.9 * 5) / 0.98
    charge = stored / 0.9  # 20.607411 MW: more than 20, so charging sizes the power
    assert made.value("battery.firm_mw[alpha,2030]") == pytest.approx(20.0, rel=1e-6)
    assert made.value("battery.capacity_energy_mwh[alpha,2030]") == pytest.approx(200.0, rel=1e-6)
    assert made.value("battery.stored_mwh[alpha,2030,0]") == pytest.approx(stored, rel=1e-6)
    assert made.value("battery.stored_mwh[alpha,2030,2]") == pytest.approx(0.0, abs=1e-6)
    assert made.value("battery.charge_mw[alpha,2030,0]") == pytest.approx(charge, rel=1e-6)
    assert made.value("battery.capacity_mw[alpha,2030]") == pytest.approx(charge, rel=1e-6)
    weight = 1.1**-1 + 1.1**-3 + 1.1**-5
    engine = 80 * (960_000 * RECOVERY + 30_000) + 2920 * ((50 + charge + 80) * 45.68 + 80 * 38)
    battery = charge * (280_000 * RECOVERY + 4_000) + 200 * (140_000 * RECOVERY + 2_000)
    assert made.solution.objective_usd == pytest.approx((engine + battery) * weight, rel=1e-6)
