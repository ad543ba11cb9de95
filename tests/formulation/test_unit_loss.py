"""Unit loss: how many machines may be out, and what is left; worked by hand and against scipy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.stats import binom

from gigasite.formulation.fleets import (
    Fleet,
    lost_mw,
    lost_units,
    machines,
    marginal_survival,
    reference_capacity_mw,
)
from gigasite.formulation.requirements.unit_loss import refined

ENERGISED = "idle_load.energised_mw[alpha,2032]"


@pytest.mark.parametrize(
    ("units", "rate", "probability", "lost"),
    [
        # two machines, 10 %: P(0) = 0.81, P(at most 1) = 0.99, P(at most 2) = 1
        (2, 0.1, 0.80, 0),
        (2, 0.1, 0.90, 1),
        (2, 0.1, 0.995, 2),
        # three machines, 50 %: 0.125, 0.5, 0.875, 1
        (3, 0.5, 0.10, 0),
        (3, 0.5, 0.45, 1),
        (3, 0.5, 0.60, 2),
        (3, 0.5, 0.90, 3),
        # four machines, 20 %: 0.4096, 0.8192, 0.9728, 0.9984, 1
        (4, 0.2, 0.97, 2),
        (4, 0.2, 0.98, 3),
        (4, 0.2, 0.999, 4),
        (0, 0.1, 0.9999, 0),
        (5, 0.0, 0.9999, 0),
        (170, 0.05, 0.9999, 21),  # the Portsmouth order
    ],
)
def test_lost_units_are_the_smallest_number_that_is_probable_enough(
    units: int, rate: float, probability: float, lost: int
) -> None:
    assert lost_units(units, rate, probability) == lost


@pytest.mark.parametrize("rate", [0.02, 0.05, 0.13])
def test_lost_units_agree_with_the_distribution(rate: float) -> None:
    for units in (1, 7, 23, 60, 170, 400):
        lost = lost_units(units, rate, 0.9999)
        assert binom.cdf(lost, units, rate) >= 0.9999
        assert lost == 0 or binom.cdf(lost - 1, units, rate) < 0.9999


def test_a_machine_that_is_begun_is_a_whole_one() -> None:
    assert machines(100.0, 25.0) == 4
    assert machines(100.1, 25.0) == 5
    assert machines(100.0 + 1e-7, 25.0) == 4  # the solver's last digits are no machine
    assert machines(0.0, 25.0) == 0
    assert machines(9200.0, 54.11764706) == 170


FLEETS = {
    # 4 machines of 25 MW that give 20.5 each at the design temperature; 10 of 5 MW
    "combined_cycle": Fleet(100.0, 25.0, 0.1, 0.82),
    "gas_engine": Fleet(50.0, 5.0, 0.05, 1.0),
}


@pytest.mark.parametrize(
    ("number", "out"),
    [
        (0, {"combined_cycle": 0.0, "gas_engine": 0.0}),
        (2, {"combined_cycle": 50.0, "gas_engine": 0.0}),
        (5, {"combined_cycle": 100.0, "gas_engine": 5.0}),
        (20, {"combined_cycle": 100.0, "gas_engine": 50.0}),
    ],
)
def test_a_number_takes_the_largest_machines_of_all_classes(number: int, out: dict[str, float]) -> None:
    assert lost_mw(FLEETS, number, 0.9999) == out


def test_the_largest_machine_is_the_one_that_gives_most_at_the_design_temperature() -> None:
    fleets = {"large_and_weak": Fleet(60.0, 30.0, 0.1, 0.5), "small_and_firm": Fleet(40.0, 20.0, 0.1, 1.0)}
    assert lost_mw(fleets, 1, 0.9999) == {"large_and_weak": 0.0, "small_and_firm": 20.0}  # 15 against 20 MW


def test_by_probability_every_class_loses_its_own() -> None:
    # 4 machines at 10 %: P(at most 2) = 0.9963, P(at most 1) = 0.9477;
    # 10 machines at 5 %: P(at most 2) = 0.9885, P(at most 1) = 0.9139
    assert lost_mw(FLEETS, "binomial", 0.98) == {"combined_cycle": 50.0, "gas_engine": 10.0}


def test_no_more_is_lost_than_stands() -> None:
    assert lost_mw({"only": Fleet(12.0, 25.0, 0.5, 1.0)}, "binomial", 0.9999) == {"only": 12.0}


@pytest.mark.parametrize(
    ("rule", "probability", "fleet_mw"),
    [
        (0, 0.9999, 100.0),
        (2, 0.9999, 120.0),  # 10 machines carry 100 MW; with 2 out it takes 12
        # 10 machines at 10 %: P(<= 2) = 0.930, 2 out: 12; of 12: P(<= 2) = 0.889, P(<= 3) = 0.974, 3 out: 13;
        # of 13: P(<= 2) = 0.866, P(<= 3) = 0.966, 3 out, and 10 are left
        ("binomial", 0.90, 130.0),
    ],
)
def test_the_reference_fleet_carries_the_peak_with_its_lost_machines_out(
    rule: str | int, probability: float, fleet_mw: float
) -> None:
    assert reference_capacity_mw(100.0, Fleet(0.0, 10.0, 0.1, 1.0), rule, probability) == fleet_mw


def test_the_row_counts_what_survives_and_no_margin(world: Any) -> None:
    made = world(
        {"combined_cycle": {"capacity_mw": 100.0}, "gas_engine": {}, "grid_connection": {}, "battery": {}},
        requirements={"units_lost": 2},
    )
    made.row("unit_loss.survivors_carry_the_peak[alpha,2032]").is_(
        {
            ENERGISED: 1.0,
            "combined_cycle.capacity_mw[alpha,2032]": -0.41,  # 2 of 4 machines left, 0.82 at 33 C
            # for 200 MW alone: 40 machines of 5 MW and 2 more, of which 2 are out: 40/42
            "gas_engine.capacity_mw[alpha,2032]": -40 / 42,
            "grid_connection.firm_mw[alpha,2032]": -1.0,
            "battery.firm_mw[alpha,2032]": -1.0,
        },
        upper=0.0,
    )


def test_losing_machines_and_not_the_margin_may_bind(world: Any) -> None:
    # of four machines of 25 MW two may be out: 50 MW x 0.82 = 41 MW, where the reserve alone would let 82/1.1 = 74.5
    made = world({"combined_cycle": {"capacity_mw": 100.0}}, requirements={"units_lost": 2}, years=(2032,))
    assert made.value(ENERGISED) == pytest.approx(41.0, rel=1e-6)


def test_shares_taken_at_the_plan_are_exact_there(world: Any) -> None:
    made = world(
        {"combined_cycle": {"capacity_mw": 100.0}, "gas_engine": {"capacity_mw": 50.0}}, requirements={"units_lost": 5}
    )
    data, context = made.data("unit_loss"), made.system.context
    # each class alone loses five: all four combined cycles, and 5 of 10 engines
    assert data["surviving_combined_cycle"].values.tolist() == [[0.0, 0.0]]
    assert data["surviving_gas_engine"].values.tolist() == [[0.5, 0.5]]
    plan = {"combined_cycle": np.array([[100.0, 50.0]]), "gas_engine": np.array([[50.0, 0.0]])}
    new = refined(context, data, plan)
    # what is lost is five machines whatever is built: slope 1, and their firm megawatts as the fixed loss;
    # 2030: four combined cycles of 25 MW and one engine of 5 MW; 2032: both combined cycles, no engine stands
    ratings = {name: float(data[f"rating_{name}"].values[0]) for name in plan}
    assert new["surviving_combined_cycle"].values.tolist() == [[1.0, 1.0]]
    assert new["surviving_gas_engine"].values.tolist() == [[1.0, 0.5]]
    lost = [100 * ratings["combined_cycle"] + 5 * ratings["gas_engine"], 50 * ratings["combined_cycle"]]
    assert new["fixed_loss_mw"].values[0].tolist() == pytest.approx(lost, rel=1e-9)


def test_the_tangent_touches_the_survivors_at_the_plan(world: Any) -> None:
    made = world(["combined_cycle"], requirements={"units_lost": "binomial", "units_lost_probability": 0.98})
    data = made.data("unit_loss")
    plan = {"combined_cycle": np.array([[100.0, 60.0]])}
    new = refined(made.system.context, data, plan)
    # 4 machines at 10 %, 2 out: 50 of 100 MW; 60 MW are 3 machines: P(<= 1) = 0.972, P(<= 2) = 0.999, 2 out: 10 of 60
    rating = float(data["rating_combined_cycle"].values[0])
    line = new["surviving_combined_cycle"].values * plan["combined_cycle"] * rating - new["fixed_loss_mw"].values
    assert line[0].tolist() == pytest.approx([50 * rating, 10 * rating], rel=1e-9)


def test_the_slope_is_that_of_the_square_root_law() -> None:
    # 1 - 0.05 - 3.71902/2 * sqrt(0.05 * 0.95 / 170) = 0.95 - 1.85951 * 0.0167155 = 0.918917
    fleet = Fleet(9200.0, 9200 / 170, 0.05, 0.892)
    assert marginal_survival(fleet, "binomial", 0.9999) == pytest.approx(0.918917, abs=2e-6)
    assert marginal_survival(fleet, 3, 0.9999) == 1.0


def test_a_plan_that_agrees_changes_nothing(world: Any) -> None:
    made = world({"combined_cycle": {"capacity_mw": 100.0}}, requirements={"units_lost": 2}, years=(2032,))
    plan = {"combined_cycle": made.solution.values("combined_cycle.capacity_mw")}
    assert refined(made.system.context, made.data("unit_loss"), plan) == {}


def test_settling_only_adds_what_the_plan_counted_on_too_much(world: Any) -> None:
    made = world(["combined_cycle"], requirements={"units_lost": 2}, years=(2032,))
    data = made.data("unit_loss")
    rating = float(data["rating_combined_cycle"].values[0])
    used = float(data["surviving_combined_cycle"].values[0, 0])
    new = refined(made.system.context, data, {"combined_cycle": np.array([[75.0]])}, settle=True)
    # of three machines of 25 MW two are out: 25 MW are left, and the line counted on used * 75
    assert new["surviving_combined_cycle"].values.tolist() == [[used]]
    assert new["fixed_loss_mw"].values[0, 0] == pytest.approx((used * 75 - 25) * rating, rel=1e-9)


def test_the_plan_made_with_its_own_shares_holds_the_exact_row(world: Any) -> None:
    made = world({"gas_engine": {}}, requirements={"units_lost": 3}, years=(2030,))
    for _ in range(4):
        plan = {"gas_engine": made.solution.values("gas_engine.capacity_mw")}
        new = refined(made.system.context, made.data("unit_loss"), plan)
        made = made.changed("unit_loss", **{name: share.values for name, share in new.items()})
    # 100 MW need 20 engines of 5 MW and 3 more to lose: 115 MW; the reserve asks 110
    assert made.value("gas_engine.capacity_mw[alpha,2030]") == pytest.approx(115.0, rel=1e-6)
