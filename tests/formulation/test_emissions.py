"""Carbon dioxide: a price on every tonne and a cap on a year's tonnes; worked by hand."""

from __future__ import annotations

from typing import Any

import pytest

W_2030 = 1.1**-1 + 1.1**-3
W_2032 = 1.1**-5 + 1.1**-7 + 1.1**-9
PRICE = {"co2_price_usd_per_t": {2030: 30.0, 2032: 60.0}}

# USD/MWh in July without carbon, and t/MWh: heat rate x 50 kg (diesel 70)
OUTPUT = {
    "combined_cycle": (26.0, 0.3),
    "gas_turbine": (45.0, 0.5),
    "gas_engine": (38.0, 0.4),
    "fuel_cell": (29.0, 0.35),
    "small_modular_reactor": (10.5, 0.0),
    "large_reactor": (9.5, 0.0),
    "backup_generator": (209.0, 0.7),
}


@pytest.mark.parametrize("name", OUTPUT)
def test_output_pays_for_its_tonnes(world: Any, name: str) -> None:
    made, (usd, tonnes) = world([name], requirements=PRICE), OUTPUT[name]
    expected = (usd + 60 * tonnes) * 2920 * W_2032
    assert made.cost(f"{name}.output_mw[alpha,2032,2]") == pytest.approx(expected, rel=1e-9)


def test_import_pays_for_the_tonnes_of_its_zone(world: Any) -> None:
    made = world(["grid_connection"], requirements=PRICE)
    # 400 kg/MWh at 30 USD/t = 12 USD/MWh; hour 1 costs 40, in step 2 1.5 times that
    assert made.cost("grid_connection.import_mw[alpha,2030,1,1]") == pytest.approx((40 + 12) * 2920 * W_2030, rel=1e-9)
    assert made.cost("grid_connection.import_mw[alpha,2030,2,1]") == pytest.approx((60 + 12) * 2920 * W_2030, rel=1e-9)


def test_the_cap_holds_for_all_sites_together(world: Any) -> None:
    made = world(
        sites={
            "alpha": {"load_ramp_mw": {2030: 100.0}, "technologies": ["gas_engine"]},
            "bravo": {"load_ramp_mw": {2030: 100.0}, "technologies": ["combined_cycle"]},
        },
        requirements={"co2_cap_t_per_year": 5000.0},
    )
    made.row("emissions.emitted_at_most_cap[2030]").is_(
        {
            **{f"gas_engine.output_mw[alpha,2030,{hour}]": 1168.0 for hour in range(3)},  # 0.4 x 2,920
            **{f"combined_cycle.output_mw[bravo,2030,{hour}]": 876.0 for hour in range(3)},  # 0.3 x 2,920
            "emissions.over_cap_t[2030]": -1.0,
        },
        upper=5000.0,
    )
    assert made.cost("emissions.over_cap_t[2030]") == pytest.approx(20_000 * W_2030, rel=1e-9)


def test_under_a_cap_load_waits(world: Any) -> None:
    # 0.4 t/MWh x 6,570 MWh = 2,628 t a MW: a cap of 131,400 t carries 50 MW
    made = world(["gas_engine"], years=(2030,), requirements={"co2_cap_t_per_year": 131_400.0})
    assert made.value("idle_load.energised_mw[alpha,2030]") == pytest.approx(50.0, rel=1e-6)
    assert made.value("emissions.over_cap_t[2030]") == pytest.approx(0.0, abs=1e-6)


def test_a_price_turns_the_choice_of_plant(world: Any) -> None:
    plants = {"gas_engine": {"capacity_mw": 110.0}, "combined_cycle": {"capacity_mw": 50.0, "capex_usd_per_kw": 1.0}}
    figures = {("combined_cycle", "variable_om_usd_per_mwh"): 18.0}
    # combined cycle 18 + 24 = 42 USD/MWh in July against 38; at 60 USD/t 42 + 18 = 60 against 38 + 24 = 62
    free = world(plants, years=(2030,), figures=figures)
    priced = world(plants, years=(2030,), figures=figures, requirements={"co2_price_usd_per_t": 60.0})
    assert free.value("combined_cycle.output_mw[alpha,2030,2]") == pytest.approx(0.0, abs=1e-6)
    assert priced.value("combined_cycle.output_mw[alpha,2030,2]") == pytest.approx(36.0, rel=1e-6)  # 0.72 x 50 MW
