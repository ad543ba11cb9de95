"""Reserve: firm capacity carries the peak with a margin; worked by hand."""

from __future__ import annotations

from typing import Any

import pytest

ENERGISED = "idle_load.energised_mw[alpha,2032]"


def test_every_kind_of_firm_capacity_counts_with_its_rating(world: Any) -> None:
    made = world(["combined_cycle", "gas_turbine", "grid_connection", "battery", "flexible_load", "solar"])
    made.row("firm_supply.firm_carries_the_peak[alpha,2032]").is_(
        {
            ENERGISED: 0.88,  # 1.1 x (1 - 0.2)
            "combined_cycle.capacity_mw[alpha,2032]": -0.82,
            "gas_turbine.capacity_mw[alpha,2032]": -0.892,
            "grid_connection.firm_mw[alpha,2032]": -1.0,
            "battery.firm_mw[alpha,2032]": -1.0,
        },
        upper=0.0,
    )


@pytest.mark.parametrize("margin", [0.0, 0.15, 0.5])
def test_the_margin_is_the_scenarios(world: Any, margin: float) -> None:
    made = world({"gas_engine": {"capacity_mw": 90.0}}, requirements={"reserve_margin": margin}, years=(2032,))
    row = made.row("firm_supply.firm_carries_the_peak[alpha,2032]")
    assert row.entries[ENERGISED] == pytest.approx(1 + margin, rel=1e-9)
    assert made.value(ENERGISED) == pytest.approx(90 / (1 + margin), rel=1e-6)  # 90, 78.26, 60 MW


def test_a_firm_credit_below_one_counts_as_such(world: Any) -> None:
    made = world(["gas_engine"], figures={("gas_engine", "firm_credit"): 0.75})
    row = made.row("firm_supply.firm_carries_the_peak[alpha,2032]")
    assert row.entries["gas_engine.capacity_mw[alpha,2032]"] == pytest.approx(-0.75, rel=1e-9)


def test_forced_outage_is_not_counted_a_second_time(world: Any) -> None:
    made = world(["gas_engine"], figures={("gas_engine", "forced_outage_rate"): 0.3})
    row = made.row("firm_supply.firm_carries_the_peak[alpha,2032]")
    assert row.entries["gas_engine.capacity_mw[alpha,2032]"] == pytest.approx(-1.0, rel=1e-9)
    output = made.row("gas_engine.output_at_most_available[alpha,2032,0]")
    assert output.entries["gas_engine.capacity_mw[alpha,2032]"] == pytest.approx(-0.7, rel=1e-9)
