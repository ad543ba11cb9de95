"""Sun and wind: three hours worked by hand. Sun 0, 0, 0.8; wind 0.5, 0.25, 0.1."""

from __future__ import annotations

from typing import Any

import pytest

W_2030 = 1.1**-1 + 1.1**-3
W_2032 = 1.1**-5 + 1.1**-7 + 1.1**-9
RECOVERY = 0.21 / (1 - 1.21**-4)  # 0.393632

FACTORS = {"solar": (0.0, 0.0, 0.8), "wind": (0.5, 0.25, 0.1)}
CAPITAL = {"solar": 900_000.0, "wind": 1_400_000.0}
UPKEEP = {"solar": 15_000.0, "wind": 25_000.0}


@pytest.mark.parametrize("name", FACTORS)
def test_output_stays_below_the_capacity_factor(world: Any, name: str) -> None:
    made = world([name])
    for hour, factor in enumerate(FACTORS[name]):
        row = f"{name}.output_at_most_available[alpha,2030,{hour}]"
        output = f"{name}.output_mw[alpha,2030,{hour}]"
        if factor:
            made.row(row).is_({output: 1.0, f"{name}.capacity_mw[alpha,2030]": -factor}, upper=0.0)
        else:
            assert output not in made.columns


@pytest.mark.parametrize("name", FACTORS)
def test_it_costs_capital_and_upkeep_and_nothing_by_the_hour(world: Any, name: str) -> None:
    made = world([name])
    expected = CAPITAL[name] * RECOVERY * (W_2030 + W_2032)
    assert made.cost(f"{name}.built_mw[alpha,2030]") == pytest.approx(expected, rel=1e-9)
    assert made.cost(f"{name}.capacity_mw[alpha,2032]") == pytest.approx(UPKEEP[name] * W_2032, rel=1e-9)
    assert made.cost(f"{name}.output_mw[alpha,2030,2]") == 0.0


@pytest.mark.parametrize("name", FACTORS)
def test_it_carries_no_peak(world: Any, name: str) -> None:
    made = world([name])
    energised = "idle_load.energised_mw[alpha,2030]"
    made.row("firm_supply.firm_carries_the_peak[alpha,2030]").is_({energised: 1.1}, upper=0.0)
    made.row("unit_loss.survivors_carry_the_peak[alpha,2030]").is_({energised: 1.0}, upper=0.0)


@pytest.mark.parametrize(
    ("name", "capacity_mw", "saved"),
    [
        # Sun saves 0.8 x 38 x 2,920 = 88,768 USD a year and MW, and costs 39,363 + 15,000: built until hour 2 is full.
        ("solar", 125.0, 125 * 88_768.0),
        # Wind saves (0.5 + 0.25) x 45.68 + 0.1 x 38 = 38.06 USD x 2,920 = 111,135 and costs 39,363 + 25,000, until
        # hour 0 is full at 50/0.5 = 100 MW; beyond, it saves (11.42 + 3.8) x 2,920 = 44,442 only.
        ("wind", 100.0, 100 * 38.06 * 2920),
    ],
)
def test_it_is_built_as_long_as_it_saves_more_fuel_than_it_costs(
    world: Any, name: str, capacity_mw: float, saved: float
) -> None:
    made = world(
        {name: {"capex_usd_per_kw": 100.0}, "gas_engine": {"capacity_mw": 110.0}},
        years=(2030,),
        site={"load_ramp_mw": {2030: 100.0}},
    )
    weight = 1.1**-1 + 1.1**-3 + 1.1**-5
    assert made.value(f"{name}.capacity_mw[alpha,2030]") == pytest.approx(capacity_mw, rel=1e-6)
    engine = 110 * (960_000 * RECOVERY + 30_000) + 2920 * (125 * 45.68 + 100 * 38)
    plant = capacity_mw * (100_000 * RECOVERY + UPKEEP[name])
    assert made.solution.objective_usd == pytest.approx((engine + plant - saved) * weight, rel=1e-6)
