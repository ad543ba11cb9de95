"""Planning rows that follow from bounds of operation: no plan may put a lower bound above an upper one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.solve.decomposed.small_models import MONTH, Model
from tests.solve.decomposed.systems import Small, level_of, solved, whole_matrix

from gigasite.solve.decomposed.answer import solution_of
from gigasite.solve.decomposed.planning import DerivedRow, bounds_of_copies, bounds_that_may_cross, planning_box
from gigasite.solve.plain import compile_model
from gigasite.solve.whole import _bound, solve_whole


def model(**of_output: Any) -> Model:
    """Planning columns x of at most 500 and z of at most 400, numbers 0 and 1, and output y of every step."""
    made = Model()
    made.var("x", made.planned, upper=500.0)
    made.var("z", made.planned, upper=400.0)
    made.var("y", made.hourly, **of_output)
    return made


def derived(made: Model) -> list[tuple[dict[int, float], float, list[tuple[str, float]]]]:
    """Rows for February, which has one step: entries, upper side, and origins by name with their factors."""
    pieces, (january, february) = made.cut()
    box = planning_box(pieces)
    found = bounds_that_may_cross(february, box)
    assert len(bounds_that_may_cross(january, box)) == 2 * len(found)
    return [
        (
            {int(column): float(value) for column, value in zip(row.columns, row.values, strict=True) if value},
            row.upper,
            [(pieces.lp.row_name(number).split("[")[0], factor) for number, factor in row.origins],
        )
        for row in found
    ]


# -- by hand -----------------------------------------------------------------------------------------------------------


def test_a_moving_upper_bound_stays_above_the_fixed_lower_one() -> None:
    # 2 y <= 6 + x: y <= 3 + x / 2, and y >= 5: -x / 2 <= 3 - 5
    made = model(lower=5.0)
    made.rows("most", made.hourly, lambda b, s, y, h: 2.0 * b.y[s, y, h] <= 6.0 + b.x[s, y])
    assert derived(made) == [({0: -0.5}, -2.0, [("most", 0.5)])]


def test_a_moving_lower_bound_stays_below_the_fixed_upper_one() -> None:
    # y - 3 x >= 10, and y <= 1000: 3 x <= 990; a plan of 500 would break it
    made = model()
    made.rows("least", made.hourly, lambda b, s, y, h: b.y[s, y, h] - 3.0 * b.x[s, y] >= 10.0)
    ((entries, side, origins),) = derived(made)
    assert entries == {0: pytest.approx(3.0)}
    assert side == pytest.approx(990.0)
    assert [name for name, _ in origins] == ["least"]
    assert abs(origins[0][1]) == 1.0


def test_two_moving_bounds_stay_in_order() -> None:
    # y <= x and 4 y >= z: z / 4 - x <= 0
    made = model()
    made.rows("most", made.hourly, lambda b, s, y, h: b.y[s, y, h] <= b.x[s, y])
    made.rows("least", made.hourly, lambda b, s, y, h: 4.0 * b.y[s, y, h] >= b.z[s, y])
    ((entries, side, origins),) = derived(made)
    assert entries == {0: -1.0, 1: 0.25}
    assert side == 0.0
    assert {name: abs(factor) for name, factor in origins} == {"most": 1.0, "least": 0.25}


@pytest.mark.parametrize(
    ("lower", "rules"),
    [
        (0.0, [lambda b, s, y, h: b.y[s, y, h] <= b.x[s, y]]),
        (0.0, [lambda b, s, y, h: b.y[s, y, h] >= 2.0 * b.x[s, y]]),  # at most 1000
        (5.0, [lambda b, s, y, h: b.y[s, y, h] <= 5.0 - 1e-10 + b.x[s, y]]),
        (
            0.0,
            [
                lambda b, s, y, h: b.y[s, y, h] <= 400.0 + b.x[s, y],
                lambda b, s, y, h: b.y[s, y, h] >= b.z[s, y],
            ],
        ),
    ],
    ids=["down to its lower bound", "up to its upper bound", "by a rounding error", "two that only meet"],
)
def test_bounds_that_no_plan_crosses_make_no_row(lower: float, rules: list[Any]) -> None:
    made = model(lower=lower)
    for number, rule in enumerate(rules):
        made.rows(f"row{number}", made.hourly, rule)
    assert derived(made) == []


def test_a_copy_is_held_to_the_moving_bounds_of_what_it_copies_from_both_sides() -> None:
    # 2 s <= 6 x, and 4 s >= z: copy - 3 x <= 0 and z / 4 - copy <= 0
    made = model()
    made.var("stored", made.hourly)
    made.rows("most", made.hourly, lambda b, s, y, h: 2.0 * b.stored[s, y, h] <= 6.0 * b.x[s, y])
    made.rows("least", made.hourly, lambda b, s, y, h: 4.0 * b.stored[s, y, h] >= b.z[s, y])
    made.rows(
        "carries", made.hourly, lambda b, s, y, h: b.stored[s, y, h] == b.stored[s, y, b.before[h]] - b.y[s, y, h]
    )
    pieces, (_, february) = made.cut()
    found: list[DerivedRow] = bounds_of_copies(pieces, february)
    copy = pieces.first_copy + 1  # that of February's step; January's last step has the one before
    entries = [dict(zip(row.columns.tolist(), row.values.tolist(), strict=True)) for row in found]
    assert entries == [{copy: 1.0, 0: -3.0}, {copy: -1.0, 1: 0.25}]
    assert [row.upper for row in found] == [0.0, 0.0]
    assert [[pieces.lp.row_name(number) for number, _ in row.origins] for row in found] == [
        ["most[a,2030,2]"],
        ["least[a,2030,2]"],
    ]
    # a price of the derived row is one of the row it follows from, per unit of the column in it
    whole = whole_matrix(pieces.lp)
    column = int(pieces.crossings.copied[1])
    for row, sign in zip(found, (1.0, -1.0), strict=True):
        ((number, factor),) = row.origins
        assert factor == pytest.approx(sign / whole[number, column])


# -- solved ------------------------------------------------------------------------------------------------------------

PRICES = {"x": 10e6, "z": -20e6, "y": 1e6}
"""USD: x costs, z earns, output costs in each of three steps."""

MUST_RUN: dict[str, tuple[float, dict[str, Any], float]] = {
    # all 400 of z at 20 need output of 200 in three steps at 1, and room of 250 for it at 10
    "two that move": (
        0.0,
        {
            "most": lambda b, s, y, h: b.y[s, y, h] <= b.x[s, y] - 50.0,
            "least": lambda b, s, y, h: 2.0 * b.y[s, y, h] >= b.z[s, y],
        },
        10.0 * 250.0 + 3.0 * 200.0 - 20.0 * 400.0,
    ),
    # output of at least 8 needs x of 10
    "an upper one that moves": (
        8.0,
        {"most": lambda b, s, y, h: 2.0 * b.y[s, y, h] <= 6.0 + b.x[s, y]},
        10.0 * 10.0 + 3.0 * 8.0 - 20.0 * 400.0,
    ),
    # 4 z of output, and no more than 1000
    "a lower one that moves": (
        0.0,
        {"least": lambda b, s, y, h: b.y[s, y, h] >= 4.0 * b.z[s, y]},
        3.0 * 1000.0 - 20.0 * 250.0,
    ),
}


@pytest.mark.parametrize(("lower", "rules", "million_usd"), MUST_RUN.values(), ids=MUST_RUN.keys())
def test_a_problem_whose_bounds_would_cross_has_the_cost_and_prices_of_the_whole(
    lower: float, rules: dict[str, Any], million_usd: float
) -> None:
    made = model(lower=lower)
    for name, rule in rules.items():
        made.rows(name, made.hourly, rule)
    shapes = {"x": (1, 1), "z": (1, 1), "y": (1, 1, 3)}
    terms = [(getattr(made.model, name), np.full(shapes[name], price)) for name, price in PRICES.items()]
    made.make.objective(made.model, terms, constant=0.0)
    system = Small(compile_model(made.model, made.make), MONTH)
    assert solve_whole(system.lp).objective_usd == pytest.approx(million_usd * 1e6, rel=1e-9)
    level = level_of(system)
    assert level.derived
    progress = solved(level)
    assert (progress.stopped, progress.fits) == ("gap", True)
    mine = solution_of(level, progress, seconds=0.0, status="optimal")
    assert mine.objective_usd == pytest.approx(million_usd * 1e6, rel=1e-6)
    assert _bound(system.lp, mine.row_duals) == pytest.approx(million_usd * 1e6, rel=1e-6)
