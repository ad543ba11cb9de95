"""Firm and interruptible transport of gas, worked by hand.

One engine of 8 MMBtu/MWh and a load of 50, 75 and 100 MW of 100 energised: 400, 600 and 800 MMBtu/h. The first two
hours stand for January, the coldest day, when interruptible gas stops; each hour stands for 2,920.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.formulation.figures import COLD_JANUARY

from gigasite.formulation.requirements.gas_transport import is_stopped

W_2030 = 1.1**-1 + 1.1**-3 + 1.1**-5
PLACE = {"alpha": {"temperature_c": COLD_JANUARY, "idle_value_usd_per_mw_year": 1e8}}
JANUARY, JULY = 2 * 1.24 / 1.1, 2 / 1.1  # 2 USD/MMBtu at the hub, 24 % dearer in five months


def hub(**transport: Any) -> dict[str, Any]:
    return {"gas": {"basis": "hub", "hub": "waha", "trunk": False, "transport": transport}}


def made_of(world: Any, *, gas: Any = None, technologies: Any = ("gas_engine",), **transport: Any) -> Any:
    site = hub(**transport)
    site["gas"] |= gas or {}
    asked = technologies if isinstance(technologies, dict) else list(technologies)
    return world(asked, site=site, years=(2030,), places=PLACE)


def test_all_gas_is_firm_or_interruptible(world: Any) -> None:
    made = made_of(world)
    made.row("gas_transport.gas_is_carried[alpha,2030,2]").is_(
        {
            "gas_engine.output_mw[alpha,2030,2]": 8.0,
            "gas_transport.firm_flow_mmbtu_per_h[alpha,2030,2]": -1.0,
            "gas_transport.interruptible_mmbtu_per_h[alpha,2030,2]": -1.0,
        },
        lower=0.0,
        upper=0.0,
    )
    made.row("gas_transport.firm_flow_at_most_contract[alpha,2030,0]").is_(
        {
            "gas_transport.firm_flow_mmbtu_per_h[alpha,2030,0]": 1.0,
            "gas_transport.firm_mmbtu_per_h[alpha,2030]": -1.0,
        },
        upper=0.0,
    )


def test_on_a_cold_day_there_is_no_interruptible_gas(world: Any) -> None:
    made = made_of(world)
    for cold_hour in (0, 1):
        assert f"gas_transport.interruptible_mmbtu_per_h[alpha,2030,{cold_hour}]" not in made.columns
        made.row(f"gas_transport.gas_is_carried[alpha,2030,{cold_hour}]").is_(
            {
                f"gas_engine.output_mw[alpha,2030,{cold_hour}]": 8.0,
                f"gas_transport.firm_flow_mmbtu_per_h[alpha,2030,{cold_hour}]": -1.0,
            },
            lower=0.0,
            upper=0.0,
        )
    most = 600 * 8.0  # three times the largest load
    assert made.bounds("gas_transport.interruptible_mmbtu_per_h[alpha,2030,2]") == (0.0, pytest.approx(most / 2))


def test_a_contract_is_paid_for_every_day_and_interruptible_gas_as_it_flows(world: Any) -> None:
    made = made_of(world)
    contract, flow = (
        "gas_transport.firm_mmbtu_per_h[alpha,2030]",
        "gas_transport.interruptible_mmbtu_per_h[alpha,2030,2]",
    )
    assert made.cost(contract) == pytest.approx(0.5 * 24 * 365 * W_2030, rel=1e-9)
    assert made.cost(flow) == pytest.approx(0.25 * 2920 * W_2030, rel=1e-9)
    gas = 8 * np.array([JANUARY, JANUARY, JULY])  # the price at the hub: nothing is carried twice
    for hour in range(3):
        expected = (6 + gas[hour]) * 2920 * W_2030
        assert made.cost(f"gas_engine.output_mw[alpha,2030,{hour}]") == pytest.approx(expected, rel=1e-9)


def test_charges_of_the_scenario_win(world: Any) -> None:
    made = made_of(world, firm_reservation_usd_per_mmbtu_per_day=0.8, interruptible_usd_per_mmbtu=0.1)
    assert made.cost("gas_transport.firm_mmbtu_per_h[alpha,2030]") == pytest.approx(0.8 * 8760 * W_2030, rel=1e-9)
    flow = made.cost("gas_transport.interruptible_mmbtu_per_h[alpha,2030,2]")
    assert flow == pytest.approx(0.1 * 2920 * W_2030, rel=1e-9)


def test_a_delivered_price_holds_its_transport(world: Any) -> None:
    made = made_of(world, gas={"basis": "delivered", "hub": None})
    assert made.cost("gas_transport.firm_mmbtu_per_h[alpha,2030]") == 0.0


def test_what_has_no_firm_gas_does_not_count_at_the_peak(world: Any) -> None:
    """Engines 8 MMBtu/MWh and turbines 10, of which 0.892 counts: each goes without at its own heat rate."""
    made = made_of(world, technologies=("gas_engine", "gas_turbine"))
    turbine = 1 - 0.006 * 18
    made.row("gas_transport.fuelled_at_most_firm_gas[alpha,2030]").is_(
        {
            "gas_engine.capacity_mw[alpha,2030]": 8.0,
            "gas_transport.unfuelled_gas_engine_mw[alpha,2030]": -8.0,
            "gas_turbine.capacity_mw[alpha,2030]": 10.0 * turbine,
            "gas_transport.unfuelled_gas_turbine_mw[alpha,2030]": -10.0 * turbine,
            "gas_transport.firm_mmbtu_per_h[alpha,2030]": -1.0,
        },
        upper=0.0,
    )
    made.row("gas_transport.unfuelled_at_most_capacity__gas_turbine[alpha,2030]").is_(
        {"gas_transport.unfuelled_gas_turbine_mw[alpha,2030]": 1.0, "gas_turbine.capacity_mw[alpha,2030]": -1.0},
        upper=0.0,
    )
    reserve = made.row("firm_supply.firm_carries_the_peak[alpha,2030]").entries
    assert reserve["gas_transport.unfuelled_gas_engine_mw[alpha,2030]"] == pytest.approx(1.0, rel=1e-9)
    assert reserve["gas_transport.unfuelled_gas_turbine_mw[alpha,2030]"] == pytest.approx(turbine, rel=1e-9)


def test_distillate_fuels_no_fuel_cell(world: Any) -> None:
    """Fuel cells of 7 MMBtu/MWh have the contract alone; engines have what is left of it, and distillate."""
    made = made_of(world, gas={"dual_fuel": {}}, technologies=("gas_engine", "fuel_cell"))
    cell = {"fuel_cell.capacity_mw[alpha,2030]": 7.0, "gas_transport.unfuelled_fuel_cell_mw[alpha,2030]": -7.0}
    contract = {"gas_transport.firm_mmbtu_per_h[alpha,2030]": -1.0}
    made.row("gas_transport.fuelled_without_distillate_at_most_contract[alpha,2030]").is_(cell | contract, upper=0.0)
    engine = {"gas_engine.capacity_mw[alpha,2030]": 8.0, "gas_transport.unfuelled_gas_engine_mw[alpha,2030]": -8.0}
    liquid = {"dual_fuel.firm_liquid_mmbtu_per_h[alpha,2030]": -1.0}
    made.row("gas_transport.fuelled_at_most_firm_gas[alpha,2030]").is_(cell | engine | contract | liquid, upper=0.0)


def test_firm_gas_goes_where_it_makes_the_most_of_it(world: Any) -> None:
    """480 MMBtu/h: 40 MW of engines take 320 of it, 160 are left for turbines of 10 MMBtu/MWh: 56 MW count, not 60."""
    given = {"gas_engine": {"capacity_mw": 40.0}, "gas_turbine": {"capacity_mw": 100.0}}
    made = made_of(world, technologies=given, firm_max_mmbtu_per_h=480.0, interruptible_stops_days=0)
    assert made.value("idle_load.energised_mw[alpha,2030]") == pytest.approx(56.0 / 1.1, rel=1e-6)
    assert made.value("gas_transport.unfuelled_gas_turbine_mw[alpha,2030]") == pytest.approx(100 - 16 / 0.892, rel=1e-6)


def test_an_interruptible_winter_day(world: Any) -> None:
    """Firm space for 300 of 400 and 600 MMBtu/h: January lives on firm gas alone, July takes the rest as it comes."""
    made = made_of(world, firm_max_mmbtu_per_h=300.0)
    assert made.value("gas_transport.firm_mmbtu_per_h[alpha,2030]") == pytest.approx(300.0, rel=1e-6)
    outputs = [made.value(f"gas_engine.output_mw[alpha,2030,{hour}]") for hour in range(3)]
    energised = made.value("idle_load.energised_mw[alpha,2030]")
    assert energised == pytest.approx(300 / 8 / 1.1, rel=1e-6)  # 37.5 MW are firm, and the reserve asks for 10 % more
    assert outputs == pytest.approx([0.5 * energised, 0.75 * energised, energised], rel=1e-6)


def test_an_interruptible_winter_day_with_tanks(world: Any) -> None:
    """The same with distillate: 100 and 300 MMBtu/h of it in January, 500 of interruptible gas in July.

    A hundred megawatts need 880 MMBtu/h at the peak: 300 firm and 580 of distillate, 7,250 MMBtu in ten hours.
    """
    made = made_of(world, gas={"dual_fuel": {}}, firm_max_mmbtu_per_h=300.0)
    liquid = [made.value(f"dual_fuel.liquid_mmbtu_per_h[alpha,2030,{hour}]") for hour in (0, 1)]
    assert liquid == pytest.approx([100.0, 300.0], rel=1e-6)
    assert made.value("gas_transport.interruptible_mmbtu_per_h[alpha,2030,2]") == pytest.approx(500.0, rel=1e-6)
    assert made.value("dual_fuel.firm_liquid_mmbtu_per_h[alpha,2030]") == pytest.approx(580.0, rel=1e-6)
    assert made.value("dual_fuel.tank_mmbtu[alpha,2030]") == pytest.approx(7250.0, rel=1e-6)
    recovery = 0.21 / (1 - 1.21**-4)
    engine = 110 * (960_000 * recovery + 30_000) + 2920 * (225 * 6 + 1000 * JANUARY + 800 * JULY)
    contracts = 300 * 0.5 * 8760 + 500 * 0.25 * 2920
    distillate = 2920 * (400 * 1.25 * 20 - 400 * JANUARY)
    built = 7250 * (20 * (recovery + 0.01) + 20 * recovery) + 580 * 1000 * (recovery + 0.01)
    expected = (engine + contracts + distillate + built) * W_2030
    assert made.solution.objective_usd == pytest.approx(expected, rel=1e-6)


def test_the_coldest_days_stop_and_the_earlier_of_two_alike() -> None:
    warmth = np.repeat(np.full(365, 10.0), 24)
    warmth[24 * 9 : 24 * 10] = -5.0
    warmth[24 * 4] = 0.0  # an hour of the fifth day: its mean falls by 10/24 of a degree
    assert np.flatnonzero(is_stopped(warmth, 3)).tolist() == [0, 4, 9]
    assert not is_stopped(warmth, 0).any()


def test_no_contract_no_rows(world: Any) -> None:
    made = world(["gas_engine"])
    assert not [name for name in made.rows | made.columns if name.startswith(("gas_transport", "dual_fuel", "gas_reg"))]
