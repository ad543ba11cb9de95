"""Ramping: output rises and falls no faster than a share of capacity in an hour; worked by hand."""

from __future__ import annotations

from typing import Any

import pytest

from gigasite.formulation.registry import technologies
from gigasite.formulation.requirements.ramping import RampShares

RAMP = {"ramp_share_per_hour": {"gas_engine": 0.25}}


def ramps(made: Any) -> set[str]:
    return {name for name in made.rows if name.startswith("ramping")}


@pytest.mark.parametrize(("hour", "before"), [(0, 2), (1, 0), (2, 1)])
def test_output_rises_and_falls_by_a_share_of_capacity_round_the_year(world: Any, hour: int, before: int) -> None:
    made = world(["gas_engine", "combined_cycle"], requirements=RAMP)
    now, then = (f"gas_engine.output_mw[alpha,2032,{h}]" for h in (hour, before))
    capacity = {"gas_engine.capacity_mw[alpha,2032]": -0.25}
    up = made.row(f"ramping.rises_at_most__gas_engine[alpha,2032,{hour}]")
    up.is_({now: 1.0, then: -1.0, **capacity}, upper=0.0)
    down = made.row(f"ramping.falls_at_most__gas_engine[alpha,2032,{hour}]")
    down.is_({now: -1.0, then: 1.0, **capacity}, upper=0.0)
    assert not [name for name in ramps(made) if "combined_cycle" in name]


def test_several_hours_of_a_step_allow_several_times_the_share(world: Any) -> None:
    class TwoHoursEach(type(world().system.context.time)):  # type: ignore[misc]
        """The same three steps, each the mean of two hours in a row."""

    time = TwoHoursEach((2030, 2032), 2030, 3, 0.21, resolution_h=2)
    made = world(["gas_engine"], requirements=RAMP, time=time)
    row = made.row("ramping.rises_at_most__gas_engine[alpha,2030,1]")
    assert row.entries["gas_engine.capacity_mw[alpha,2030]"] == pytest.approx(-0.5, rel=1e-9)
    wide = TwoHoursEach((2030, 2032), 2030, 3, 0.21, resolution_h=6)
    assert ramps(world(["gas_engine"], requirements=RAMP, time=wide)) == set()


@pytest.mark.parametrize("said", [{}, {"ramp_share_per_hour": {}}, {"ramp_share_per_hour": {"gas_engine": 1.0}}])
def test_without_a_limit_there_is_no_row(world: Any, said: dict[str, Any]) -> None:
    assert ramps(world(["gas_engine"], requirements=said)) == set()


def test_a_plant_that_no_site_has_gets_no_row(world: Any) -> None:
    assert ramps(world(["gas_turbine"], requirements=RAMP)) == set()


def test_every_plant_that_runs_on_fuel_may_be_named(world: Any) -> None:
    names = [name for name in technologies() if name != "line"]
    made = world(names)
    fuelled = {name for name in names if "heat_rate_mmbtu_per_mwh" in made.data(name)}
    assert set(RampShares.__annotations__) == fuelled


def test_a_slow_plant_cannot_follow_the_load(world: Any) -> None:
    # 110 MW of engines, load 50, 75 and 100 MW: between the last step and the first it falls by 50 MW.
    # At 0.25 of capacity they come down by 27.5 MW: 22.5 MW of output stay below the July load and a turbine fills in.
    plants = {"gas_engine": {"capacity_mw": 110.0}, "gas_turbine": {"capacity_mw": 50.0}}
    made = world(plants, years=(2030,), requirements=RAMP)
    output = [made.value(f"gas_engine.output_mw[alpha,2030,{hour}]") for hour in range(3)]
    assert output == pytest.approx([50.0, 75.0, 77.5], rel=1e-6)
    turbine = [made.value(f"gas_turbine.output_mw[alpha,2030,{hour}]") for hour in range(3)]
    assert turbine == pytest.approx([0.0, 0.0, 22.5], abs=1e-6)


def test_a_plant_that_may_not_move_runs_flat(world: Any) -> None:
    slow = {"ramp_share_per_hour": {"gas_engine": 1e-6}}
    plants = {"gas_engine": {"capacity_mw": 110.0}, "gas_turbine": {"capacity_mw": 80.0}}
    made = world(plants, years=(2030,), requirements=slow)
    output = [made.value(f"gas_engine.output_mw[alpha,2030,{hour}]") for hour in range(3)]
    assert max(output) - min(output) <= 110e-6 + 1e-6
    assert output[0] == pytest.approx(50.0, abs=1e-3)
