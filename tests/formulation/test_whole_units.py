"""Whole machines: integers, the machines lost of them counted exactly, and enumeration as the second way."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gigasite.formulation.fleets import Fleet, loss_steps, lost_mw, lost_units
from gigasite.formulation.lost_machines import CLEAR_OF_BELOW, pieces_of
from gigasite.formulation.requirements.unit_loss import refined
from gigasite.solve.whole import SolverOptions, solve_whole

ENERGISED = "idle_load.energised_mw[alpha,2030]"
ONE_YEAR: dict[str, Any] = {"years": (2030,), "site": {"load_ramp_mw": {2030: 100.0}}}
DEAR_WAITING = {"alpha": {"idle_value_usd_per_mw_year": 1e7}}
WHOLE = {"units": "whole"}
OUTAGES = {("gas_engine", "forced_outage_rate"): 0.08}


# -- integers ----------------------------------------------------------------------------------------------------------


def test_capacity_is_machines_times_their_size(world: Any) -> None:
    made = world({"gas_engine": WHOLE})
    made.row("gas_engine.capacity_in_whole_units[alpha,2032]").is_(
        {"gas_engine.capacity_mw[alpha,2032]": 1.0, "gas_engine.units[alpha,2032]": -5.0}, lower=0.0, upper=0.0
    )
    made.row("gas_engine.built_in_whole_units[alpha,2030]").is_(
        {"gas_engine.built_mw[alpha,2030]": 1.0, "gas_engine.built_units[alpha,2030]": -5.0}, lower=0.0, upper=0.0
    )
    assert made.bounds("gas_engine.units[alpha,2030]") == (0.0, 120.0)  # 600 MW in machines of 5


def test_only_numbers_of_machines_are_integers(world: Any) -> None:
    made = world({"gas_engine": WHOLE, "combined_cycle": {}}, requirements={"units_lost": "binomial"}, figures=OUTAGES)
    whole = {made.lp.column_name(i).partition("[")[0] for i in np.flatnonzero(made.lp.integrality)}
    assert whole == {
        "gas_engine.built_units",
        "gas_engine.units",
        "unit_loss.lost_gas_engine",
        "unit_loss.in_piece_gas_engine",
    }


def test_a_site_without_the_option_has_no_integers(world: Any) -> None:
    made = world(
        sites={
            "alpha": {"load_ramp_mw": {2030: 100.0}, "gas": {"trunk": False}, "technologies": {"gas_engine": WHOLE}},
            "beta": {"load_ramp_mw": {2030: 100.0}, "gas": {"trunk": False}, "technologies": {"gas_engine": {}}},
        },
        requirements={"units_lost": "binomial"},
        figures=OUTAGES,
    )
    assert not {name for name in made.columns if "units[beta" in name or "piece_gas_engine[beta" in name}
    assert not {name for name in made.rows if "whole_units[beta" in name or "are_lost_gas_engine[beta" in name}
    assert "unit_loss.enough_are_lost_gas_engine[alpha,2030]" in made.rows


def test_without_whole_machines_nothing_is_added(world: Any) -> None:
    made = world({"gas_engine": {}, "combined_cycle": {}}, requirements={"units_lost": "binomial"})
    assert not made.lp.integrality.any()
    assert not {name for name in made.columns if "units" in name or "lost" in name}


def test_the_reserve_is_met_by_the_next_whole_machine(world: Any) -> None:
    made = world({"combined_cycle": WHOLE}, places=DEAR_WAITING, **ONE_YEAR)
    # 110 MW of reserve at a rating of 0.82 take 134.1 MW: six machines of 25 MW
    assert made.value("combined_cycle.units[alpha,2030]") == pytest.approx(6.0, abs=1e-9)
    assert made.value("combined_cycle.capacity_mw[alpha,2030]") == pytest.approx(150.0, rel=1e-9)


def test_bounds_are_taken_to_the_whole_machines_between_them(world: Any) -> None:
    made = world({"combined_cycle": {**WHOLE, "capacity_min_mw": 30.0, "capacity_max_mw": 140.0}})
    assert made.bounds("combined_cycle.capacity_mw[alpha,2030]") == (50.0, 125.0)


def test_a_given_capacity_that_was_rounded_is_its_number_of_machines(world: Any) -> None:
    made = world({"combined_cycle": {**WHOLE, "capacity_mw": 99.999}})
    assert made.bounds("combined_cycle.capacity_mw[alpha,2030]") == (100.0, 100.0)


def test_part_of_a_vintage_may_retire_but_the_fleet_is_whole(world: Any) -> None:
    made = world({"gas_engine": WHOLE}, site={"load_ramp_mw": {2030: 100.0, 2032: 50.0}}, places=DEAR_WAITING)
    # 110 MW and 55 MW of reserve: 22 and 11 engines of 5 MW
    assert [made.value(f"gas_engine.units[alpha,{year}]") for year in (2030, 2032)] == pytest.approx([22.0, 11.0])


# -- machines lost -----------------------------------------------------------------------------------------------------


@given(rate=st.sampled_from([0.0, 0.005, 0.02, 0.05, 0.1, 0.3, 0.5, 0.9]), most=st.integers(0, 200))
def test_a_line_rounded_up_is_the_number_of_machines_lost(rate: float, most: int) -> None:
    pieces = pieces_of(loss_steps(most, rate, 0.9999), most)
    sizes = [size for piece in pieces for size in range(piece.first, piece.last + 1)]
    assert sizes == list(range(most + 1))  # every size in one piece
    for piece in pieces:
        for size in range(piece.first, piece.last + 1):
            line, lost = piece.slope * size + piece.level, lost_units(size, rate, 0.9999)
            assert lost - 1 + 0.99 * CLEAR_OF_BELOW <= line <= lost + 1e-9
            assert piece.lost(size) == lost


@given(rate=st.floats(0.001, 0.6), probability=st.floats(0.6, 0.99999), most=st.integers(1, 200))
def test_steps_are_where_one_machine_more_is_lost(rate: float, probability: float, most: int) -> None:
    steps = loss_steps(most, rate, probability)
    counted = [sum(step <= size for step in steps) for size in range(most + 1)]
    assert counted == [lost_units(size, rate, probability) for size in range(most + 1)]


def test_a_large_fleet_has_few_pieces() -> None:
    steps = loss_steps(9000, 0.05, 0.9999)
    assert len(steps) == 529
    assert len(pieces_of(steps, 9000)) <= 45


@pytest.mark.parametrize("rule", ["binomial", 2, 5])
@pytest.mark.parametrize("fleets", [(1, 0), (0, 3), (2, 7), (4, 10), (3, 16)])
def test_the_binaries_count_what_is_lost(world: Any, rule: str | int, fleets: tuple[int, int]) -> None:
    large, small = fleets
    made = world(
        {
            "combined_cycle": {**WHOLE, "capacity_mw": 25.0 * large},
            "gas_engine": {**WHOLE, "capacity_mw": 5.0 * small},
        },
        requirements={"units_lost": rule, "reserve_margin": 0.0},
        figures={("gas_engine", "forced_outage_rate"): 0.05},
        places=DEAR_WAITING,
        **ONE_YEAR,
    )
    data = made.data("unit_loss")
    here = {
        name: Fleet(mw, *(float(data[f"{key}_{name}"].values[0]) for key in ("unit_mw", "rate", "rating")))
        for name, mw in (("combined_cycle", 25.0 * large), ("gas_engine", 5.0 * small))
    }
    lost = lost_mw(here, rule, 0.9999)
    left = sum((fleet.capacity_mw - lost[name]) * fleet.firm_rating for name, fleet in here.items())
    assert made.value(ENERGISED) == pytest.approx(min(left, 100.0), abs=1e-5)


def test_a_fleet_that_is_whole_needs_no_second_pass(world: Any) -> None:
    made = world({"gas_engine": WHOLE}, requirements={"units_lost": "binomial"}, **ONE_YEAR)
    plan = {"gas_engine": made.solution.values("gas_engine.capacity_mw")}
    assert refined(made.system.context, made.data("unit_loss"), plan) == {}


def test_beside_a_continuous_fleet_a_given_number_keeps_to_tangents(world: Any) -> None:
    made = world({"gas_engine": WHOLE, "combined_cycle": {}}, requirements={"units_lost": 2}, **ONE_YEAR)
    assert not {name for name in made.columns if "unit_loss.lost" in name}
    assert "exact_gas_engine" not in made.data("unit_loss")


def test_beside_a_continuous_fleet_the_outage_rate_is_exact_for_whole_ones(world: Any) -> None:
    rule = {"units_lost": "binomial"}
    made = world({"gas_engine": WHOLE, "combined_cycle": {}}, requirements=rule, figures=OUTAGES, **ONE_YEAR)
    row = made.row("unit_loss.survivors_carry_the_peak[alpha,2030]")
    assert row.entries["gas_engine.capacity_mw[alpha,2030]"] == -1.0
    assert row.entries["unit_loss.lost_gas_engine[alpha,2030]"] == 5.0
    assert row.entries["combined_cycle.capacity_mw[alpha,2030]"] > -0.82  # a share of its rating: the tangent


# -- by enumeration ----------------------------------------------------------------------------------------------------

SIZES = {"combined_cycle": 25.0, "gas_engine": 5.0}
MOST = {"combined_cycle": 225.0, "gas_engine": 50.0}


def two_sizes(world: Any, options: dict[str, Any]) -> Any:
    """Machines of 25 and 5 MW for 95 MW; rating, outage rate, price and fuel differ."""
    return world(
        options,
        requirements={"units_lost": "binomial", "units_lost_probability": 0.98, "reserve_margin": 0.0},
        figures={**OUTAGES, ("combined_cycle", "overnight_capex_usd_per_kw"): 600.0},
        places=DEAR_WAITING,
        years=(2030,),
        site={"load_ramp_mw": {2030: 95.0}},
    )


def best_whole(world: Any) -> Any:
    made = two_sizes(world, {name: {**WHOLE, "capacity_max_mw": most} for name, most in MOST.items()})
    return solve_whole(made.lp, SolverOptions(gap=1e-9))


def at_its_tangents(made: Any, plan: dict[str, Any]) -> Any:
    """The same world with the unit-loss row taken at a plan."""
    new = refined(made.system.context, made.data("unit_loss"), plan)
    return made.changed("unit_loss", **{name: line.values for name, line in new.items()})


def cost_of(world: Any, fleet: dict[str, float]) -> float:
    """Cost of given fleets, by the continuous formulation: its row is exact where it was taken."""
    made = two_sizes(world, {name: {"capacity_mw": mw} for name, mw in fleet.items()})
    plan = {name: np.array([[mw]]) for name, mw in fleet.items()}
    return float(at_its_tangents(made, plan).solution.objective_usd)


def test_enumeration_finds_the_same_plan(world: Any) -> None:
    found = best_whole(world)
    fleets = product(*(range(round(MOST[name] / SIZES[name]) + 1) for name in SIZES))
    costs = {
        fleet: cost_of(world, {name: SIZES[name] * number for name, number in zip(SIZES, fleet, strict=True)})
        for fleet in fleets
    }
    best = min(costs, key=lambda fleet: costs[fleet])
    assert found.objective_usd == pytest.approx(costs[best], rel=1e-6)
    assert found.bound_usd == pytest.approx(costs[best], rel=1e-6)
    assert tuple(found.values(f"{name}.units").item() for name in SIZES) == pytest.approx(best, abs=1e-6)


def test_rounding_the_linear_plan_up_is_not_the_best(world: Any) -> None:
    # 95 MW: the linear plan is 7.6 machines of 25 MW, and 8 of them carry it. Six lose two, and so four times 20.5 MW
    # are left; five of 5 MW lose two, and 15 MW are left: 97 MW in all, for less.
    linear = two_sizes(world, {name: {"capacity_max_mw": most} for name, most in MOST.items()})
    for _ in range(8):
        linear = at_its_tangents(linear, {name: linear.solution.values(f"{name}.capacity_mw") for name in SIZES})
    up = {name: SIZES[name] * np.ceil(linear.value(f"{name}.capacity_mw[alpha,2030]") / SIZES[name]) for name in SIZES}
    found = best_whole(world)
    assert up == {"combined_cycle": 200.0, "gas_engine": 0.0}
    assert [found.values(f"{name}.units").item() for name in SIZES] == pytest.approx([6.0, 5.0], abs=1e-6)
    assert found.objective_usd < cost_of(world, up) * (1 - 1e-3)
