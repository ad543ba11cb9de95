"""Capacity floor: several technologies together reach what was announced; worked by hand."""

from __future__ import annotations

from typing import Any

import pytest


def test_the_technologies_named_reach_the_floor_together(world: Any) -> None:
    floor = {"technologies": ["combined_cycle", "gas_turbine"], "mw": {2032: 150.0}}
    made = world(["combined_cycle", "gas_turbine", "gas_engine"], site={"capacity_floor_mw": [floor]})
    for year, mw in ((2030, 0.0), (2032, 150.0)):
        made.row(f"capacity_floor.capacity_at_least_floor[1,{year}]").is_(
            {f"combined_cycle.capacity_mw[alpha,{year}]": -1.0, f"gas_turbine.capacity_mw[alpha,{year}]": -1.0},
            upper=-mw,
        )


def test_a_connection_counts_firm_and_nonfirm(world: Any) -> None:
    floor = {"technologies": ["grid_connection"], "mw": {2032: 40.0}}
    made = world(["grid_connection"], site={"capacity_floor_mw": [floor]})
    made.row("capacity_floor.capacity_at_least_floor[1,2032]").is_(
        {"grid_connection.firm_mw[alpha,2032]": -1.0, "grid_connection.nonfirm_mw[alpha,2032]": -1.0}, upper=-40.0
    )


def test_every_site_has_its_own_floors(world: Any) -> None:
    def site(mw: float) -> dict[str, Any]:
        floor = {"technologies": ["gas_engine"], "mw": {2030: mw}}
        return {"load_ramp_mw": {2030: 100.0}, "technologies": ["gas_engine"], "capacity_floor_mw": [floor]}

    made = world(sites={"alpha": site(120.0), "bravo": site(130.0)})
    for number, name, mw in ((1, "alpha", 120.0), (2, "bravo", 130.0)):
        made.row(f"capacity_floor.capacity_at_least_floor[{number},2030]").is_(
            {f"gas_engine.capacity_mw[{name},2030]": -1.0}, upper=-mw
        )


def test_the_floor_is_built_though_less_would_do(world: Any) -> None:
    floor = {"technologies": ["gas_engine"], "mw": {2030: 150.0}}
    made = world(["gas_engine"], years=(2030,), site={"capacity_floor_mw": [floor]})
    assert made.value("gas_engine.capacity_mw[alpha,2030]") == pytest.approx(150.0, rel=1e-6)  # 110 carry the load
    weight, recovery = 1.1**-1 + 1.1**-3 + 1.1**-5, 0.21 / (1 - 1.21**-4)
    expected = 150 * (960_000 * recovery + 30_000) + 2920 * (125 * 45.68 + 100 * 38)
    assert made.solution.objective_usd == pytest.approx(expected * weight, rel=1e-6)
