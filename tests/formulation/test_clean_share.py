"""Clean share: energy from supply that emits stays below what the share leaves; worked by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gigasite.formulation.clean_supply import emitting_share

W_2030 = 1.1**-1 + 1.1**-3 + 1.1**-5
W_2032 = 1.1**-5 + 1.1**-7 + 1.1**-9
GWH = 2.92  # of a megawatt over a step of 2,920 h
ENERGY = 6.57  # GWh of an energised megawatt: (0.5 + 0.75 + 1) x 2,920 h


def test_supply_that_emits_counts_for_all_sites_together(world: Any) -> None:
    made = world(
        sites={
            "alpha": {"load_ramp_mw": {2030: 100.0}, "technologies": ["gas_engine", "large_reactor"]},
            "bravo": {"load_ramp_mw": {2030: 100.0}, "technologies": ["combined_cycle", "solar"]},
        },
        requirements={"clean_share": 0.6},
    )
    made.row("clean_share.emitting_at_most_allowed[2030]").is_(
        {
            **{f"gas_engine.output_mw[alpha,2030,{hour}]": GWH for hour in range(3)},
            **{f"combined_cycle.output_mw[bravo,2030,{hour}]": GWH for hour in range(3)},
            "idle_load.energised_mw[alpha,2030]": -0.4 * ENERGY,
            "idle_load.energised_mw[bravo,2030]": -0.4 * ENERGY,
            "clean_share.over_limit_gwh[2030]": -1.0,
        },
        upper=0.0,
    )


@pytest.mark.parametrize(("said", "counts"), [({}, 1.0), ({"grid_emitting_share": {2030: 0.6, 2032: 0.25}}, 0.25)])
def test_grid_power_counts_by_its_share_or_in_full(world: Any, said: dict[str, Any], counts: float) -> None:
    made = world(["grid_connection"], requirements={"clean_share": 0.5, **said})
    row = made.row("clean_share.emitting_at_most_allowed[2032]")
    for step in (1, 2):
        assert row.entries[f"grid_connection.import_mw[alpha,2032,{step},1]"] == pytest.approx(counts * GWH, rel=1e-9)
    assert row.entries["idle_load.energised_mw[alpha,2032]"] == pytest.approx(-0.5 * ENERGY, rel=1e-9)


def test_grid_power_of_a_zone_without_emissions_is_clean(world: Any) -> None:
    made = world(["grid_connection", "gas_engine"], zone={"co2_kg_per_mwh": 0.0}, requirements={"clean_share": 0.5})
    entries = made.row("clean_share.emitting_at_most_allowed[2032]").entries
    assert not [name for name in entries if name.startswith("grid_connection")]


def test_a_plant_that_emits_a_little_counts_in_full() -> None:
    np.testing.assert_array_equal(emitting_share(np.array([[0.4, 0.01], [0.0, 0.4]]), None), [[1, 1], [0, 1]])
    np.testing.assert_array_equal(
        emitting_share(np.array([[0.4, 0.4], [0.0, 0.0]]), np.array([0.6, 0.5])), [[0.6, 0.5], [0, 0]]
    )


def test_there_is_no_row_before_the_first_share_or_for_a_share_of_zero(world: Any) -> None:
    later = world(["gas_engine"], requirements={"clean_share": {2032: 0.5}})
    zero = world(["gas_engine"], requirements={"clean_share": 0.0})
    named = [{row for row in made.rows | made.columns if row.startswith("clean_share")} for made in (later, zero)]
    assert named == [{"clean_share.emitting_at_most_allowed[2032]", "clean_share.over_limit_gwh[2032]"}, set()]


def test_without_the_key_nothing_is_there(world: Any) -> None:
    made = world(["gas_engine"])
    assert not [name for name in made.rows | made.columns if name.startswith("clean_share")]


def test_going_over_costs_more_the_less_is_asked(world: Any) -> None:
    made = world(["gas_engine"], requirements={"clean_share": {2030: 0.5, 2032: 0.8}})
    # 20,000 USD/MWh / 0.8 = 25 million USD/GWh
    assert made.cost("clean_share.over_limit_gwh[2032]") == pytest.approx(25e6 * W_2032, rel=1e-9)
    # as much as the largest output: 0.9 a year at most of what may be built, in three steps
    largest = sum(made.bounds(f"gas_engine.output_mw[alpha,2032,{hour}]")[1] for hour in range(3))
    assert made.bounds("clean_share.over_limit_gwh[2032]") == pytest.approx((0.0, GWH * largest), rel=1e-9)


def test_load_waits_for_clean_supply(world: Any) -> None:
    # Sun in July only, 0.8 x 25 = 20 MW. Of 6.57 GWh a MW gas may give 0.6, 3.942 GWh: 3.65 in January, where load is
    # 1.25 x 2.92, and the other 0.292 in July, a tenth of that load. So 20 MW of sun are nine tenths of the load.
    plants = {"gas_engine": {}, "solar": {"capacity_mw": 25.0}}
    made = world(plants, years=(2030,), requirements={"clean_share": 0.4})
    assert made.value("idle_load.energised_mw[alpha,2030]") == pytest.approx(20 / 0.9, rel=1e-6)
    assert made.value("clean_share.over_limit_gwh[2030]") == pytest.approx(0.0, abs=1e-6)


def test_a_share_turns_the_plan_from_gas_to_a_reactor(world: Any) -> None:
    plants = {"gas_engine": {}, "large_reactor": {"capex_usd_per_kw": 2400.0}}
    free = world(plants, years=(2030,))
    asked = world(plants, years=(2030,), requirements={"clean_share": 0.9})

    def emitted(made: Any) -> float:
        return GWH * sum(made.value(f"gas_engine.output_mw[alpha,2030,{hour}]") for hour in range(3))

    assert emitted(free) > 0.1 * 100 * ENERGY
    assert asked.value("idle_load.energised_mw[alpha,2030]") == pytest.approx(100.0, rel=1e-6)
    assert emitted(asked) == pytest.approx(0.1 * 100 * ENERGY, rel=1e-6)


def test_a_year_that_begins_in_july_uses_less(world: Any) -> None:
    made = world(["gas_engine"], years=(2030, 2031), site={"start_month": {2030: 7}}, requirements={"clean_share": 0.6})
    entries = made.row("clean_share.emitting_at_most_allowed[2030]").entries
    # 2.92 GWh of July, of which four tenths may come from supply that emits
    assert entries["idle_load.energised_mw[alpha,2030]"] == pytest.approx(-0.4 * GWH, rel=1e-9)
    whole = made.row("clean_share.emitting_at_most_allowed[2031]").entries
    assert whole["idle_load.energised_mw[alpha,2031]"] == pytest.approx(-0.4 * ENERGY, rel=1e-9)
