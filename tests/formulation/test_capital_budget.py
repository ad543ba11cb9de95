"""Capital budget: overnight cost stays within what there is to spend; rows are in million USD; worked by hand."""

from __future__ import annotations

from typing import Any

import pytest

MILLION = {
    # Overnight USD/MW with the multiplier of the county, without interest during construction.
    "combined_cycle.built_mw[alpha,{v}]": 1.1,
    "gas_turbine.built_mw[alpha,{v}]": 0.6,
    "gas_engine.built_mw[alpha,{v}]": 0.96,
    "fuel_cell.built_mw[alpha,{v}]": 2.4,
    "large_reactor.built_mw[alpha,{v}]": 5.0,  # all in: financing included
    "backup_generator.built_mw[alpha,{v}]": 0.48,
    "solar.built_mw[alpha,{v}]": 0.9,
    "wind.built_mw[alpha,{v}]": 1.4,
    "battery.built_mw[alpha,{v}]": 0.28,
    "battery.built_energy_mwh[alpha,{v}]": 0.14,
    "grid_connection.new_step_mw[alpha,{v},1]": 0.25,
    "grid_connection.new_step_mw[alpha,{v},2]": 0.45,
    "fuel_lateral.trunk_mmbtu_per_h[alpha,{v}]": 0.05,  # 20 km x 2.5 million / 1,000
}


def test_everything_new_counts_with_its_overnight_cost(world: Any) -> None:
    names = {key.partition(".")[0] for key in MILLION} - {"fuel_lateral"}
    made = world(
        sorted({*names, "small_modular_reactor"}),
        site={"capital_budget_usd": 5e8, "gas": {"trunk": True, "trunk_distance_km": 20.0}},
    )
    expected = {key.format(v=vintage): value for key, value in MILLION.items() for vintage in (2030, 2032)}
    expected["small_modular_reactor.built_mw[alpha,2032]"] = 7.8  # 6,000 USD/kW x 1.3; not before 2032
    made.row("capital_budget.spent_within_site_budget[alpha]").is_(expected, upper=500.0)


def test_a_line_is_paid_by_the_site_it_leads_to(world: Any) -> None:
    made = world(
        sites={
            "alpha": {"load_ramp_mw": {2030: 100.0}, "technologies": {}, "capital_budget_usd": 2e8},
            "bravo": {"technologies": ["gas_engine"], "capital_budget_usd": 3e8},
        },
        lines={"tie": {"from_site": "bravo", "to_site": "alpha", "length_km": 100.0}},
        requirements={"capital_budget_usd": 4e8},
    )
    line = {f"line.built_mw[tie,{vintage}]": 0.1 for vintage in (2030, 2032)}
    engines = {f"gas_engine.built_mw[bravo,{vintage}]": 0.96 for vintage in (2030, 2032)}
    made.row("capital_budget.spent_within_site_budget[alpha]").is_(line, upper=200.0)
    made.row("capital_budget.spent_within_site_budget[bravo]").is_(engines, upper=300.0)
    made.row("capital_budget.spent_within_budget").is_(line | engines, upper=400.0)


def test_without_a_budget_there_is_no_row(world: Any) -> None:
    assert not [name for name in world(["gas_engine"]).rows if name.startswith("capital_budget")]


def test_load_waits_for_money(world: Any) -> None:
    made = world(["gas_engine"], years=(2030,), site={"capital_budget_usd": 4.8e7})
    # 48 million / 0.96 million a MW = 50 MW, which carry 50/1.1
    assert made.value("gas_engine.capacity_mw[alpha,2030]") == pytest.approx(50.0, rel=1e-6)
    assert made.value("idle_load.energised_mw[alpha,2030]") == pytest.approx(50 / 1.1, rel=1e-6)
