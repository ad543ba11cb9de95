"""Loss of machines where gas is under contract, worked by hand.

Engines of 5 MW take 8 MMBtu/MWh, turbines of 10 MW take 10 and count 0.892 at 33 C. What has no firm gas is a spare.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from tests.formulation.figures import COLD_JANUARY

from gigasite.formulation.fleets import Fleet
from gigasite.formulation.loss_on_gas import machines_out
from gigasite.formulation.requirements.unit_loss import refined

AT = "alpha,2032"
ENERGISED = f"idle_load.energised_mw[{AT}]"
TURBINE = 1 - 0.006 * 18


def made_of(
    world: Any, technologies: Any, lost: Any = 0, gas: Any = None, ramp: float = 1000.0, **transport: Any
) -> Any:
    said = {"interruptible_stops_days": 0, **transport}
    site = {
        "gas": {"basis": "hub", "hub": "waha", "trunk": False, "transport": said, **(gas or {})},
        "load_ramp_mw": {2032: ramp},
    }
    rule = {"reserve_margin": 0.1, "units_lost": lost}
    places = {"alpha": {"idle_value_usd_per_mw_year": 1e8, "temperature_c": COLD_JANUARY}}
    return world(technologies, site=site, years=(2032,), places=places, requirements=rule)


def agreed(made: Any) -> Any:
    """The world once its losses are those of its plan."""
    for _ in range(8):
        names = [key.removeprefix("unit_mw_") for key in made.data("unit_loss") if key.startswith("unit_mw_")]
        plan = {name: made.solution.values(f"{name}.capacity_mw") for name in names}
        new = refined(made.system.context, made.data("unit_loss"), plan)
        if not new:
            return made
        made = made.changed("unit_loss", **{key: quantity.values for key, quantity in new.items()})
    raise AssertionError("the passes do not end")


def test_engines_without_gas_take_nothing_from_a_site(world: Any) -> None:
    """70 MW of grid carry 63.6 MW with the margin; beside engines without gas they carried 10, with 12 of them out."""
    alone = made_of(world, {"grid_connection": {"capacity_mw": 70.0}})
    assert alone.value(ENERGISED) == pytest.approx(70 / 1.1, rel=1e-6)
    beside = {"grid_connection": {"capacity_mw": 70.0}, "gas_engine": {"capacity_mw": 100.0}}
    made = agreed(made_of(world, beside, 12, firm_max_mmbtu_per_h=0.0))
    assert made.value(ENERGISED) == pytest.approx(70 / 1.1, rel=1e-6)


def test_machines_without_gas_stand_in_for_those_lost(world: Any) -> None:
    """Gas for 40 of 100 MW: with 12 engines out the other 40 MW have it, with 14 out 30 MW are left to burn it."""
    beside = {"grid_connection": {"capacity_mw": 70.0}, "gas_engine": {"capacity_mw": 100.0}}
    made = agreed(made_of(world, beside, 12, firm_max_mmbtu_per_h=320.0))
    assert made.value(ENERGISED) == pytest.approx(110 / 1.1, rel=1e-6)
    site = {"grid_connection": {"capacity_mw": 10.0}, "gas_engine": {"capacity_mw": 100.0}}
    made = agreed(made_of(world, site, 14, firm_max_mmbtu_per_h=320.0))
    assert made.value(ENERGISED) == pytest.approx(10 + 30, rel=1e-6)  # the reserve alone would let 50 / 1.1


def test_rows_of_one_case(world: Any) -> None:
    beside = {"grid_connection": {}, "gas_engine": {}, "fuel_cell": {}, "small_modular_reactor": {}}
    made = made_of(world, beside, "binomial", gas={"dual_fuel": {}})
    data = made.data("unit_loss")
    slope = {key.removeprefix("surviving_"): float(data[key].values[0, 0]) for key in data if "surviving_" in key}
    left, runs, short = (f"unit_loss.{name}" for name in ("machines_left_mw", "running", "short"))
    made.row(f"unit_loss.survivors_carry_the_peak[{AT}]").is_(
        {ENERGISED: 1.0, f"grid_connection.firm_mw[{AT}]": -1.0, f"{left}[{AT}]": -1.0}, upper=0.0
    )
    made.row(f"unit_loss.left_in_every_case[{AT},1]").is_(
        {
            f"{left}[{AT}]": 1.0,
            f"{runs}_gas_engine_mw[{AT},1]": -1.0,
            f"{short}_gas_engine_mw[{AT},1]": 1.0,
            f"{runs}_fuel_cell_mw[{AT},1]": -1.0,
            f"{short}_fuel_cell_mw[{AT},1]": 1.0,
            f"small_modular_reactor.capacity_mw[{AT}]": -slope["small_modular_reactor"],
        },
        upper=0.0,
    )
    made.row(f"unit_loss.running_at_most_left__gas_engine[{AT},1]").is_(
        {
            f"{runs}_gas_engine_mw[{AT},1]": 1.0,
            f"{short}_gas_engine_mw[{AT},1]": -1.0,
            f"gas_engine.capacity_mw[{AT}]": -slope["gas_engine"],
        },
        upper=0.0,
    )
    contract = {f"gas_transport.firm_mmbtu_per_h[{AT}]": -1.0}
    cell = {f"{runs}_fuel_cell_mw[{AT},1]": 7.0}
    made.row(f"unit_loss.running_at_most_firm_gas[{AT},1]").is_(
        {**cell, **contract, f"{runs}_gas_engine_mw[{AT},1]": 8.0, f"dual_fuel.firm_liquid_mmbtu_per_h[{AT}]": -1.0},
        upper=0.0,
    )
    made.row(f"unit_loss.running_without_distillate_at_most_contract[{AT},1]").is_(cell | contract, upper=0.0)


def test_losses_taken_at_the_plan_stand_by_technology_and_case(world: Any) -> None:
    made = made_of(world, {"gas_engine": {"capacity_mw": 100.0}, "gas_turbine": {"capacity_mw": 50.0}}, 3)
    plan = {"gas_engine": np.array([[100.0]]), "gas_turbine": np.array([[50.0]])}
    new = refined(made.system.context, made.data("unit_loss"), plan)
    # engines first: three of them, 15 MW; turbines first: three of them, 30 MW of which 0.892 count
    assert new["case_loss_gas_engine"].values[0, 0].tolist() == pytest.approx([15.0, 0.0], rel=1e-9)
    assert new["case_loss_gas_turbine"].values[0, 0].tolist() == pytest.approx([0.0, 30 * TURBINE], rel=1e-9)
    assert new["fixed_loss_mw"].values.tolist() == [[0.0]]
    row = made.changed("unit_loss", **{key: value.values for key, value in new.items()})
    row.row(f"unit_loss.running_at_most_left__gas_turbine[{AT},2]").is_(
        {
            f"unit_loss.running_gas_turbine_mw[{AT},2]": TURBINE,
            f"unit_loss.short_gas_turbine_mw[{AT},2]": -TURBINE,
            f"gas_turbine.capacity_mw[{AT}]": -TURBINE,
        },
        upper=-30 * TURBINE,
    )


def test_the_largest_machines_are_no_shield_for_those_with_gas(world: Any) -> None:
    """Two machines out. The largest are turbines without gas; losing two engines frees 80 MMBtu/h, and turbines that
    burn it give 8 MW, not 10: of 100 MW of engines on gas 98 are left."""
    given = {"gas_engine": {"capacity_mw": 100.0}, "gas_turbine": {"capacity_mw": 100.0}}
    made = made_of(world, given, 2, firm_max_mmbtu_per_h=800.0)
    made = agreed(made).changed("firm_supply", one_and_margin=1.0)
    assert made.value(ENERGISED) == pytest.approx(98.0, rel=1e-6)


def test_more_firm_gas_and_more_machines_never_carry_less(world: Any) -> None:
    for lost in (2, "binomial"):
        carried = {}
        for gas, turbines in product((0.0, 200.0, 900.0), (0.0, 40.0, 120.0)):
            given = {"grid_connection": {"capacity_mw": 50.0}, "gas_engine": {"capacity_mw": 60.0}}
            given["gas_turbine"] = {"capacity_mw": turbines}
            made = agreed(made_of(world, given, lost, firm_max_mmbtu_per_h=gas))
            carried[gas, turbines] = made.value(ENERGISED)
        for (gas, turbines), mw in carried.items():
            assert all(more >= mw - 1e-6 for (g, t), more in carried.items() if g >= gas and t >= turbines)


def test_whole_machines_without_gas_are_spares_too(world: Any) -> None:
    given = {"grid_connection": {"capacity_mw": 50.0}, "gas_turbine": {"capacity_mw": 100.0, "units": "whole"}}
    made = made_of(world, given, "binomial", firm_max_mmbtu_per_h=0.0)
    assert made.value(ENERGISED) == pytest.approx(50 / 1.1, rel=1e-6)
    # of 10 machines 4 may be out (P(<= 3) = 0.99897, P(<= 4) = 0.99994), so 6 are left with gas for half a machine more
    made = made_of(world, given, "binomial", firm_max_mmbtu_per_h=65 * TURBINE * 10)
    assert made.value(ENERGISED) == pytest.approx(min((50 + 65 * TURBINE) / 1.1, 50 + 60 * TURBINE), rel=1e-6)


def test_of_a_number_of_machines_every_fleet_is_hit_first() -> None:
    fleets = {"engine": Fleet(10.0, 5.0, 0.1, 1.0), "turbine": Fleet(95.0, 10.0, 0.1, 1.0)}
    # three out: both engines and one turbine; or three turbines, and no engine
    assert machines_out(fleets, ["engine", "turbine"], 3, 0.9999) == [
        {"engine": 3, "turbine": 1},
        {"engine": 0, "turbine": 3},
    ]


def test_a_site_without_contracts_keeps_its_rows(world: Any) -> None:
    made = world(["gas_engine", "grid_connection"])
    known = [name for name in made.rows | made.columns if "running" in name or "machines_left" in name]
    assert not known
    assert not [key for key in made.data("unit_loss") if key.startswith("case_loss") or key == "shares_gas"]
