"""The power balance closes over everything that feeds or takes power."""

from __future__ import annotations

from typing import Any

import pytest

ALL = [
    "combined_cycle",
    "gas_turbine",
    "gas_engine",
    "fuel_cell",
    "small_modular_reactor",
    "large_reactor",
    "grid_connection",
    "solar",
    "wind",
    "battery",
    "backup_generator",
    "flexible_load",
]


def test_supply_and_use_meet_in_one_row(world: Any) -> None:
    made = world(ALL, site={"grid": {"export": True}})
    plants = [*ALL[:6], "solar", "wind", "backup_generator"]
    supply = [f"{name}.output_mw[alpha,2032,2]" for name in plants] + [
        "grid_connection.import_mw[alpha,2032,1,2]",
        "grid_connection.import_mw[alpha,2032,2,2]",
        "battery.discharge_mw[alpha,2032,2]",
        "flexible_load.shed_mw[alpha,2032,2]",
        "idle_load.unserved_mw[alpha,2032,2]",
    ]
    use = [
        "battery.charge_mw[alpha,2032,2]",
        "grid_connection.export_mw[alpha,2032,2]",
        "idle_load.energised_mw[alpha,2032]",  # load of 1 MW per MW in hour 2
    ]
    made.row("power_balance.supply_meets_load[alpha,2032,2]").is_(
        dict.fromkeys(supply, 1.0) | dict.fromkeys(use, -1.0), lower=0.0, upper=0.0
    )


def test_its_shadow_price_is_the_marginal_cost_of_power(world: Any) -> None:
    made = world({"gas_engine": {"capacity_mw": 400.0}}, years=(2030,))
    weight = 1.1**-1 + 1.1**-3 + 1.1**-5
    price = made.solution.duals("power_balance.supply_meets_load")[0, 0] / (2920 * weight)
    # The engine runs below its capacity in every hour: 45.68 USD/MWh in January, 38 in July.
    # The row is supply less load: one more on its right asks for one more of supply.
    assert price.tolist() == pytest.approx([45.68, 45.68, 38.0], rel=1e-6)
