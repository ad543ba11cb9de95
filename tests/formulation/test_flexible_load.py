"""Load that may be shed: one site and three hours worked by hand."""

from __future__ import annotations

from typing import Any

import pytest

W_2030 = 1.1**-1 + 1.1**-3


def test_shedding_stays_within_its_share_of_the_load(world: Any) -> None:
    made = world(["flexible_load"])
    for hour, load in enumerate((0.5, 0.75, 1.0)):
        made.row(f"flexible_load.shed_at_most_share[alpha,2030,{hour}]").is_(
            {f"flexible_load.shed_mw[alpha,2030,{hour}]": 1.0, "idle_load.energised_mw[alpha,2030]": -0.2 * load},
            upper=0.0,
        )


def test_shedding_stays_within_its_hours_a_year(world: Any) -> None:
    world(["flexible_load"]).row("flexible_load.shed_within_hours[alpha,2030]").is_(
        {
            **{f"flexible_load.shed_mw[alpha,2030,{hour}]": 2920.0 for hour in range(3)},
            "idle_load.energised_mw[alpha,2030]": -200.0,  # 0.2 x 1,000 h
        },
        upper=0.0,
    )


def test_what_can_be_shed_need_not_be_carried_at_the_peak(world: Any) -> None:
    made, energised = world(["flexible_load"]), "idle_load.energised_mw[alpha,2030]"
    made.row("firm_supply.firm_carries_the_peak[alpha,2030]").is_({energised: 0.88}, upper=0.0)  # 1.1 x (1 - 0.2)
    made.row("unit_loss.survivors_carry_the_peak[alpha,2030]").is_({energised: 0.8}, upper=0.0)


def test_a_megawatt_shed_costs_its_price_over_the_step(world: Any) -> None:
    made = world(["flexible_load"])
    assert made.cost("flexible_load.shed_mw[alpha,2030,1]") == pytest.approx(300 * 2920 * W_2030, rel=1e-9)


def test_shedding_takes_the_tip_of_the_peak_for_as_long_as_it_may(world: Any) -> None:
    made = world({"flexible_load": {"shed_price_usd_per_mwh": 100.0}, "gas_engine": {}}, years=(2030,))
    # A MW shed in hour 2 costs 2,920 x (100 - 38) = 181,040 USD a year and saves an engine of 407,887.
    # 0.2 x 1,000 h x 100 MW = 20,000 MWh a year, 20,000 / 2,920 = 6.849315 MW.
    shed = 20_000 / 2920
    assert made.value("flexible_load.shed_mw[alpha,2030,2]") == pytest.approx(shed, rel=1e-6)
    assert made.value("gas_engine.capacity_mw[alpha,2030]") == pytest.approx(100 - shed, rel=1e-6)  # reserve: 88
    recovery, weight = 0.21 / (1 - 1.21**-4), 1.1**-1 + 1.1**-3 + 1.1**-5
    engine = (100 - shed) * (960_000 * recovery + 30_000) + 2920 * (125 * 45.68 + (100 - shed) * 38)
    assert made.solution.objective_usd == pytest.approx((engine + 20_000 * 100) * weight, rel=1e-6)


def test_hours_that_do_not_span_the_peak_relieve_it_in_part(world: Any) -> None:
    options = {"shed_share": 0.2, "shed_hours_per_year": 10.0, "shed_price_usd_per_mwh": 50.0}
    made = world({"flexible_load": options, "gas_turbine": {}})
    # 10 of the 40 hours near the peak: a quarter of a fifth
    assert made.data("flexible_load")["relief_share"].values.tolist() == pytest.approx([0.05])


def test_no_hours_relieve_nothing(world: Any) -> None:
    options = {"shed_share": 0.2, "shed_hours_per_year": 0.0, "shed_price_usd_per_mwh": 50.0}
    made = world({"flexible_load": options, "gas_turbine": {}})
    assert made.data("flexible_load")["relief_share"].values.tolist() == [0.0]
