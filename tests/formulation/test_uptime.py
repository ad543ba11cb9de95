"""Uptime: credited firm capacity carries the need of every turn; worked by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gigasite.formulation.requirements.uptime import MOST_TURNS

ENERGISED = "idle_load.energised_mw[alpha,2032]"
ROW = "uptime.credited_carries_the_need"


def asked(world: Any, technologies: Any, **scenario: Any) -> Any:
    requirements = {"uptime": 0.999, "reserve_margin": 0.0, "units_lost": 0}
    return world(technologies, requirements=requirements, **scenario)


def test_a_scenario_that_asks_for_no_uptime_has_no_rows_and_no_arrays(world: Any) -> None:
    made = world(["gas_engine"])
    assert made.data("uptime") == {}
    assert not [row for row in made.rows if row.startswith("uptime.")]


def test_a_turn_counts_every_firm_megawatt_with_its_credit_and_asks_for_its_need(world: Any) -> None:
    made = asked(world, ["combined_cycle", "gas_turbine", "grid_connection", "battery", "solar"])
    arrays = {name: quantity.values.copy() for name, quantity in made.data("uptime").items()}
    values = {"combined_cycle": 0.9, "gas_turbine": 0.75, "grid_connection": 0.5, "battery": 0.25}
    for name, credit in values.items():
        arrays[f"credit_{name}"][0, 1, 1] = credit
    arrays["need_mw_per_mw"][0, 1, 1] = 1.2
    made.changed("uptime", **arrays).row(f"{ROW}[alpha,2032,2]").is_(
        {
            ENERGISED: 1.2,
            "combined_cycle.capacity_mw[alpha,2032]": -0.82 * 0.9,
            "gas_turbine.capacity_mw[alpha,2032]": -0.892 * 0.75,
            "grid_connection.firm_mw[alpha,2032]": -0.5,
            "battery.firm_mw[alpha,2032]": -0.25,
        },
        upper=0.0,
    )


def test_a_turn_that_has_not_been_asks_for_nothing(world: Any) -> None:
    made = asked(world, ["gas_engine"])
    for turn in range(1, MOST_TURNS + 1):
        made.row(f"{ROW}[alpha,2032,{turn}]").is_({"gas_engine.capacity_mw[alpha,2032]": -1.0}, upper=0.0)


def test_rows_are_the_same_in_number_whatever_turns_ask_for(world: Any) -> None:
    made = asked(world, ["gas_engine"])
    need = made.data("uptime")["need_mw_per_mw"].values.copy()
    need[...] = 1.0
    assert made.changed("uptime", need_mw_per_mw=need).rows == made.rows


@pytest.mark.parametrize("need", [1.0, 1.25])
def test_who_has_too_little_energises_less(world: Any, need: float) -> None:
    """90 MW at a credit of 0.8 are 72 MW; at a need of 1.25 they carry 57.6 MW."""
    made = asked(world, {"gas_engine": {"capacity_mw": 90.0}}, years=(2032,))
    shape = (1, 1, MOST_TURNS)
    credit, asks = np.ones(shape), np.zeros(shape)
    credit[..., 0], asks[..., 0] = 0.8, need
    tightened = made.changed("uptime", credit_gas_engine=credit, need_mw_per_mw=asks)
    assert tightened.value(ENERGISED) == pytest.approx(72.0 / need, rel=1e-6)
