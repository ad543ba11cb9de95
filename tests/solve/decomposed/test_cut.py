"""A cut never exceeds what a block truly costs, whatever multipliers it is made from."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from tests.solve.decomposed.random_blocks import plans, random_block
from tests.solve.decomposed.systems import KINDS, level_of, small, true_cost

from gigasite.solve.decomposed.block import AffineBounds, Block
from gigasite.solve.decomposed.cut import LARGEST_WORTH, SMALLEST_COST, clipped, cut_of, plausible
from gigasite.solve.decomposed.dispatch import Dispatcher
from gigasite.solve.decomposed.held import is_usable
from gigasite.solve.decomposed.level import Level
from gigasite.solve.decomposed.multipliers import WAYS, Path, on, ways_between

SEEDS = st.integers(0, 10**6)


def never_above(value: float, truth: float) -> bool:
    return value <= truth + 1e-7 * max(abs(truth), 1.0)


@st.composite
def any_multipliers(draw: Any, rows: int) -> np.ndarray:
    """Of any sign and size, as a solver, another scenario or a broken file may give them."""
    chance = np.random.default_rng(draw(SEEDS))
    least, most = draw(st.sampled_from([(-3.0, 3.0), (0.0, 1.0), (-30.0, 30.0), (30.0, 38.0)]))
    found = chance.normal(size=rows) * 10.0 ** chance.uniform(least, most, rows)
    found[chance.random(rows) < draw(st.sampled_from([0.0, 0.5, 0.95]))] = 0.0
    return np.asarray(found, dtype=draw(st.sampled_from([np.float32, np.float64])))


# -- by hand -----------------------------------------------------------------------------------------------------------


def one_plant(*, slack: bool = False, sense: str = ">=") -> Block:
    """min 2 y1 + 50 y2 : y1 + y2 >= 10 - x2, y1 <= x1, y1 <= 4 + x1/2, y2 <= 100."""
    matrix = csr_array(np.array([[1.0, 1.0]]))
    return Block(
        name="by hand",
        steps=1,
        columns=np.arange(2),
        cost=np.array([2.0, 50.0]),
        lower=np.zeros(2),
        upper=np.array([20.0, 100.0]),
        matrix=matrix,
        row_lower=np.array([10.0 if sense == ">=" else -np.inf]),
        row_upper=np.array([np.inf if sense == ">=" else 10.0]),
        row_numbers=np.array([0]),
        planning=np.arange(2),
        row_planning=csr_array(np.array([[0.0, 1.0]])),
        upper_bounds=AffineBounds(
            np.array([0, 0]),
            np.array([0.0, 4.0]),
            csr_array(np.array([[1.0, 0.0], [0.5, 0.0]])),
            np.arange(2),
            np.ones(2),
        ),
        lower_bounds=AffineBounds(
            np.empty(0, dtype=int), np.empty(0), csr_array((0, 2)), np.empty(0, dtype=int), np.empty(0)
        ),
        slack_rows=np.array([0] if slack else [], dtype=int),
        slack_signs=np.array([1.0] if slack else []),
        slack_cost=np.array([30.0] if slack else []),
        slack_size=np.array([1.0] if slack else []),
        segments=(),
    )


def test_the_cut_of_a_price_is_the_line_worked_out_by_hand() -> None:
    # pi = 50: r = (-48, 0); 50 (10 - x2) - 48 min(x1, 4 + x1 / 2)
    cut = cut_of(one_plant(), np.array([50.0]), np.array([6.0, 1.0]))
    assert cut.constant == pytest.approx(500.0)
    assert cut.slope.tolist() == [-48.0, -50.0]
    assert cut.at(np.array([6.0, 1.0])) == pytest.approx(162.0)  # 6 x 2 + 3 x 50
    cut = cut_of(one_plant(), np.array([50.0]), np.array([9.0, 1.0]))  # at x1 = 9 the other bound is the tighter one
    assert cut.constant == pytest.approx(500.0 - 48.0 * 4.0)
    assert cut.slope.tolist() == [-24.0, -50.0]


def test_no_multipliers_give_the_cost_of_doing_nothing() -> None:
    cut = cut_of(one_plant(), np.zeros(1), np.zeros(2))
    assert (cut.constant, cut.slope.tolist()) == (0.0, [0.0, 0.0])


@pytest.mark.parametrize(
    ("sense", "given_", "kept"), [(">=", -3.0, 0.0), (">=", 3.0, 3.0), ("<=", 3.0, 0.0), ("<=", -3.0, -3.0)]
)
def test_a_multiplier_of_the_wrong_sign_counts_nothing(sense: str, given_: float, kept: float) -> None:
    assert clipped(one_plant(sense=sense), np.array([given_])).tolist() == [kept]


def test_a_multiplier_is_worth_no_more_than_the_slack_of_its_row() -> None:
    assert clipped(one_plant(slack=True), np.array([50.0])).tolist() == [30.0]


@pytest.mark.parametrize(
    ("given_", "kept"),
    [(3.0, 3.0), (-7.0, -7.0), (6e4, 5e4), (-6e4, -5e4), (np.inf, 5e4), (-np.inf, -5e4), (np.nan, 0)],
)
@pytest.mark.parametrize("number", [np.float32, np.float64])
def test_multipliers_from_elsewhere_are_capped_at_what_costs_can_explain(
    given_: float, kept: float, number: Any
) -> None:
    # the dearest plant costs 50: a thousand times that is the most
    found = plausible(one_plant(), np.array([given_], dtype=number))
    assert found.dtype == np.float64
    assert found.tolist() == [kept]


def test_what_is_dearest_counts_whether_it_is_paid_earned_or_slack() -> None:
    far, block = np.array([1e9]), one_plant()
    assert plausible(replace(block, cost=np.array([2.0, -80.0])), far).tolist() == [8e4]
    assert plausible(replace(one_plant(slack=True), slack_cost=np.array([900.0])), far).tolist() == [9e5]
    # a block in which nothing costs anything
    assert plausible(replace(block, cost=np.zeros(2)), far).tolist() == [LARGEST_WORTH * SMALLEST_COST]


# -- for any -----------------------------------------------------------------------------------------------------------


@settings(max_examples=300)
@given(seed=SEEDS, at=SEEDS, data=st.data())
def test_a_cut_of_any_multipliers_never_exceeds_the_true_cost(seed: int, at: int, data: Any) -> None:
    block = random_block(seed)
    made_at, x = plans(block, at)
    truth = true_cost(block, x)
    cut = cut_of(block, data.draw(any_multipliers(len(block.row_lower))), made_at)
    assert np.isfinite(cut.constant)
    assert np.isfinite(cut.slope).all()
    assert never_above(cut.at(x), truth)


@settings(max_examples=150)
@given(seed=SEEDS, at=SEEDS, spoilt=SEEDS, data=st.data())
def test_a_path_with_numbers_that_are_none_gives_a_usable_cut_that_holds(
    seed: int, at: int, spoilt: int, data: Any
) -> None:
    block, chance = random_block(seed), np.random.default_rng(spoilt)
    made_at, x = plans(block, at)
    pi = data.draw(any_multipliers(len(block.row_lower))).astype(np.float64)
    broken = chance.random(len(pi)) < 0.5
    pi[broken] = chance.choice([np.nan, np.inf, -np.inf, 1e300], broken.sum())
    cut = cut_of(block, plausible(block, pi), made_at)
    assert is_usable(cut)
    assert never_above(cut.at(x), true_cost(block, x))


@settings(max_examples=150)
@given(seed=SEEDS, at=SEEDS)
def test_the_cut_of_the_best_multipliers_is_tight_where_they_were_found(seed: int, at: int) -> None:
    block = random_block(seed)
    here, there = plans(block, at)
    truth = true_cost(block, here)
    assume(bool(np.isfinite(truth)))
    found = Dispatcher({0: block}).dispatch(0, here)
    assert found.cost == pytest.approx(truth, rel=1e-7, abs=1e-6)
    assert found.cut.at(here) == pytest.approx(truth, rel=1e-6, abs=1e-5)
    assert never_above(found.cut.at(there), true_cost(block, there))


def test_the_cut_is_tight_where_a_row_counts_in_a_small_unit() -> None:
    # 1e-4 y1 + 1e-4 y2 >= 1e-4 (10 - x2): the price of the row is 50 / 1e-4, that of its unit
    block = one_plant()
    block = replace(
        block,
        matrix=block.matrix * 1e-4,
        row_planning=block.row_planning * 1e-4,
        row_lower=block.row_lower * 1e-4,
    )
    found = Dispatcher({0: block}).dispatch(0, np.array([6.0, 1.0]))
    assert found.cost == pytest.approx(162.0)
    assert found.multipliers.tolist() == pytest.approx([5e5])
    assert found.cut.at(np.array([6.0, 1.0])) == pytest.approx(162.0)


@settings(max_examples=150)
@given(one=SEEDS, other=SEEDS, at=SEEDS, data=st.data())
def test_a_path_of_one_block_is_valid_in_another(one: int, other: int, at: int, data: Any) -> None:
    """Other costs, sides, bounds and rows, fewer and more steps; only some names in common."""
    coarse, ratio = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 5))
    known = random_block(one, names=("balance", "ramp", "gone"), steps=coarse)
    block = random_block(other, names=("new", "ramp", "balance"), steps=coarse * ratio, columns=5)
    pi = data.draw(any_multipliers(len(known.row_lower)))
    ways = data.draw(st.dictionaries(st.sampled_from(["balance", "ramp", "sum"]), st.sampled_from(WAYS)))
    made_at, x = plans(block, at)
    truth = true_cost(block, x)
    with np.errstate(over="ignore"):
        laid = on(block, Path.of(known, pi), ways)
        cut = cut_of(block, laid, made_at)
    assert never_above(cut.at(x), truth)
    tamed = cut_of(block, plausible(block, laid), made_at)
    assert is_usable(tamed)
    assert never_above(tamed.at(x), truth)


# -- in real blocks ----------------------------------------------------------------------------------------------------


def box(level: Level, chance: np.random.Generator) -> np.ndarray:
    lower, upper = level.arrays.lower, level.arrays.upper
    return np.asarray(lower + (upper - lower) * chance.random(len(lower)) * chance.choice([0.02, 0.3, 1.0]))


@settings(max_examples=12)
@given(
    seed=SEEDS,
    other=SEEDS,
    kinds=st.sets(st.sampled_from(KINDS)),
    other_kinds=st.sets(st.sampled_from(KINDS)),
)
def test_multipliers_of_daily_means_are_valid_on_six_hours_and_on_hours_of_another_scenario(
    seed: int, other: int, kinds: set[str], other_kinds: set[str]
) -> None:
    """24 -> 6 -> 1 hour: 1, 4 and 24 steps of one day in each month."""
    chance = np.random.default_rng(seed)
    systems = [
        small(number, tuple(sorted(of)), months=(1, 7), steps=steps, years=(2030,))
        for number, of, steps in ((seed, kinds, 1), (other, other_kinds, 4), (seed + 1, other_kinds, 24))
    ]
    levels = [level_of(system) for system in systems]
    paths: list[list[Path]] = []
    for level in levels:
        x = box(level, chance)
        dispatcher = Dispatcher(dict(enumerate(level.blocks)))
        for number, block in enumerate(level.blocks):
            here = x[block.planning]
            truth = true_cost(block, here)
            found = dispatcher.dispatch(number, here)
            assert found.cost == pytest.approx(truth, rel=1e-7, abs=1e-7)
            assert found.cut.at(here) == pytest.approx(truth, rel=1e-6, abs=1e-7)
            for of_level in paths:
                path = of_level[number % len(of_level)]
                ways = ways_between([(block, path, here)])
                at = box(level, chance)[block.planning]
                for laid in (on(block, path, ways), on(block, path)):
                    assert never_above(cut_of(block, laid, at).at(here), truth)
        paths.append(
            [Path.of(b, dispatcher.dispatch(n, x[b.planning]).multipliers) for n, b in enumerate(level.blocks)]
        )


def test_a_dearer_slack_keeps_every_cut_valid() -> None:
    level = level_of(small(3, ("store", "cap", "take")))
    chance = np.random.default_rng(0)
    x, at = box(level, chance), box(level, chance)
    for block in level.blocks:
        cut = Dispatcher({0: block}).dispatch(0, at[block.planning]).cut
        dearer = replace(block, slack_cost=block.slack_cost * 10.0)
        assert never_above(cut.at(x[block.planning]), true_cost(dearer, x[block.planning]))
