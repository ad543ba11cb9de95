"""The planning problem with its cuts: a bound worked out from prices, and the next plan."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_array
from tests.solve.decomposed.systems import level_of, small

from gigasite.foundation.errors import InfeasibleScenario
from gigasite.solve.decomposed.cut import Cut
from gigasite.solve.decomposed.held import LARGEST_NUMBER, SMALLEST_SLOPE, HeldCut, cut_rows, is_usable, without_dust
from gigasite.solve.decomposed.level import Carried
from gigasite.solve.decomposed.master import IDLE_FOR, Master
from gigasite.solve.decomposed.packed import Packed
from gigasite.solve.decomposed.planning import PlanningArrays
from gigasite.solve.decomposed.progress import Limits

BOTH = np.array([0, 1])


def arrays(whole: bool = False) -> PlanningArrays:
    """Two columns of at most 4 and 6 at 1 and 2 a unit, together at least 1; the constant is 10."""
    return PlanningArrays(
        cost=np.array([1.0, 2.0]),
        lower=np.zeros(2),
        upper=np.array([4.0, 6.0]),
        whole=np.array([int(whole), 0], dtype=np.int32),
        matrix=csr_array(np.array([[1.0, 1.0]])),
        row_lower=np.array([1.0]),
        row_upper=np.array([np.inf]),
        constant=10.0,
    )


def held(constant: float, *slope: float, block: int = 0) -> HeldCut:
    return HeldCut(
        block, Cut(constant, np.array(slope)), BOTH[: len(slope)], Packed.of(np.zeros(1, dtype=np.float32)), np.zeros(2)
    )


def master(*cuts: HeldCut, whole: bool = False) -> Master:
    made = Master(arrays(whole), 1, BOTH)
    made.add(cuts)
    return made


def test_the_bound_is_worked_out_by_hand() -> None:
    # min 10 + x0 + 2 x1 + theta, theta >= 0 and theta >= 9 - 3 x0: x0 = 3, theta = 0
    bound = master(held(0.0, 0.0, 0.0), held(9.0, -3.0, 0.0)).bound()
    assert bound.value == pytest.approx(13.0, rel=1e-12)
    assert bound.x.tolist() == pytest.approx([3.0, 0.0])
    # a third of the price is that of the second cut: the slopes weigh 1 against 3
    assert bound.weights.tolist() == pytest.approx([2 / 3, 1 / 3])
    assert [one.cut.constant for one in bound.cuts] == [0.0, 9.0]
    assert bound.row_duals.tolist() == [0.0]


def test_without_a_cut_the_bound_is_far_below_and_not_missing() -> None:
    assert master().bound().value < -1e6


def test_slopes_that_highs_would_drop_leave_on_the_safe_side() -> None:
    tiny = 0.5 * SMALLEST_SLOPE
    cut, where = without_dust(held(5.0, tiny, -tiny), arrays())
    assert len(where) == 0
    assert cut.constant == pytest.approx(5.0 - 6.0 * tiny, rel=1e-15)  # rising: at 0, falling: at its upper bound 6
    rows, sides = cut_rows([held(5.0, tiny, -2.0)], 2, 1, arrays())
    assert rows.toarray().tolist() == [[0.0, 2.0, 1.0]]
    assert sides[0] <= 5.0


def test_a_cut_of_any_size_is_held_or_left_out() -> None:
    """HiGHS refuses rows with coefficients from 1e15 on; the cuts must still be those it holds."""
    made = master(held(0.0, 0.0, 0.0), held(9.0, -3.0, 0.0))
    made.add([held(-1e20, 1e16, 0.0)])
    assert made.bound().value == pytest.approx(13.0, rel=1e-9)


NO_NUMBERS = {
    "a constant that is no number": (np.nan, 0.0, 0.0),
    "a constant without end": (-np.inf, 0.0, 0.0),
    "a constant too large": (-LARGEST_NUMBER, 0.0, 0.0),
    "a slope that is no number": (0.0, np.nan, 0.0),
    "a slope without end": (0.0, 0.0, -np.inf),
    "a slope too large": (0.0, LARGEST_NUMBER, 0.0),
}


@pytest.mark.parametrize("numbers", NO_NUMBERS.values(), ids=NO_NUMBERS.keys())
def test_a_cut_no_solver_can_use_is_left_out_and_the_others_are_held(numbers: tuple[float, float, float]) -> None:
    assert not is_usable(held(*numbers).cut)
    made = master(held(0.0, 0.0, 0.0))
    made.add([held(*numbers), held(9.0, -3.0, 0.0)])
    assert [one.cut.constant for one in made.cuts] == [0.0, 9.0]
    assert made.bound().value == pytest.approx(13.0, rel=1e-12)


def test_a_large_cut_is_held_and_counts() -> None:
    # theta >= 1e8 (x0 - 3.5) makes more than 3.5 too dear; without it 3.6 would be the cheapest
    large = held(-3.5e8, 1e8, 0.0)
    assert is_usable(large.cut)
    made = master(held(0.0, 0.0, 0.0), held(9.0, -2.5, 0.0), large)
    assert len(made.cuts) == 3
    assert made.bound().x[0] == pytest.approx(3.5, abs=1e-6)
    assert made.bound().value == pytest.approx(10.0 + 3.5 + 9.0 - 2.5 * 3.5, rel=1e-6)


@pytest.mark.parametrize("tolerance", [1e-2, 1e-5, 1e-9])
def test_from_within_the_bound_holds_and_comes_as_near_as_asked(tolerance: float) -> None:
    made = master(held(0.0, 0.0, 0.0), held(9.0, -3.0, 0.0))
    bound = made.centre(tolerance)
    assert 13.0 * (1 - 2 * tolerance) <= bound.value <= 13.0 * (1 + 1e-12)
    assert bound.shares.sum() == pytest.approx(1.0, rel=1e-12)
    assert (arrays().lower <= bound.x).all()
    assert (bound.x <= arrays().upper).all()
    assert made.misses(bound.x) <= 1e-6
    assert made.bound().value == pytest.approx(13.0, rel=1e-12)  # the simplex method goes on from there


def test_what_is_let_go_holds_nothing_any_more() -> None:
    made = master(held(0.0, 0.0, 0.0), held(9.0, -3.0, 0.0))
    assert made.nearest(np.zeros(2)) is not None
    made.let_go()
    assert made.cuts == []
    assert made._nearest is None
    assert [highs.getNumRow() + highs.getNumCol() for highs in (made._bound, made._rest)] == [0, 0]


def test_a_plan_that_misses_rows_becomes_the_nearest_one_that_does_not() -> None:
    made = master(held(0.0, 0.0, 0.0))
    kept = made.inside(np.array([0.4, 0.6]))
    assert kept.tolist() == [0.4, 0.6]
    missed = np.array([0.2, 0.3])  # together half a unit short of one
    found = made.inside(missed)
    assert made.misses(missed) == pytest.approx(0.5)
    assert made.misses(found) <= 1e-9
    assert np.abs(found - missed).sum() == pytest.approx(0.5, abs=1e-8)
    by_watts = made.inside(np.array([0.4, 0.6 - 1e-7]))
    assert made.misses(by_watts) <= 1e-9


def test_from_within_fewer_columns_lie_at_a_bound_than_in_a_corner() -> None:
    level = level_of(small(5), slack_price=300.0)
    level.improve(level.begin(Carried()), Limits(gap=1e-2))
    made = level.master

    def at_a_bound(x: Any) -> int:
        return int((np.minimum(x - made.arrays.lower, made.arrays.upper - x) <= 1e-6).sum())

    assert at_a_bound(made.centre(1e-3).x) < 0.8 * at_a_bound(made.bound().x)


def test_shares_too_small_to_count_are_left_out_and_the_bound_holds_without_them() -> None:
    made = master(held(0.0, 0.0, 0.0), held(9.0, -3.0, 0.0), *(held(-1000.0 - n, 0.0, 0.0) for n in range(5)))
    bound = made.centre(1e-7)
    assert [one.cut.constant for one in bound.cuts] == [0.0, 9.0]
    assert bound.value <= 13.0


def test_from_within_no_plan_is_told_as_such() -> None:
    none = arrays()
    none.row_lower[0] = 11.0
    with pytest.raises(InfeasibleScenario, match="no plan"):
        Master(none, 1, BOTH).centre(1e-3)


def test_within_a_plan_only_what_is_free_changes() -> None:
    made = master(held(0.0, 0.0, 0.0), held(9.0, -3.0, 0.0))
    x = made.within(np.array([0]), np.array([0.5, 2.0]))
    assert x is not None
    assert x.tolist() == pytest.approx([3.0, 2.0])
    assert made.within(np.array([], dtype=int), np.array([0.25, 0.5])) is None  # 0.75 is less than the row asks for
    assert made.bound().value == pytest.approx(13.0, rel=1e-12)  # bounds are as they were


def test_held_numbers_bind_within_too() -> None:
    made = master(held(0.0, 0.0, 0.0), held(9.0, -3.0, 0.0), whole=True)
    made.hold(np.array([2.0, 0.0]))
    assert made.centre(1e-9).value == pytest.approx(15.0, rel=1e-6)
    x = made.within(BOTH, np.array([2.0, 1.0]))
    assert x is not None
    assert x.tolist() == pytest.approx([2.0, 0.0])
    nearest = made.nearest(np.array([4.0, 0.0]))  # made only now, and bound by them all the same
    assert nearest is not None
    assert nearest[0] == pytest.approx(2.0)


def test_a_miss_is_that_of_the_row_missed_most() -> None:
    assert master().misses(np.array([0.25, 0.5])) == pytest.approx(0.25)
    assert master().misses(np.array([2.0, 0.5])) == 0.0


def test_the_nearest_plan_reaches_the_level() -> None:
    made = master(held(0.0, 0.0, 0.0), held(9.0, -3.0, 0.0))
    # cost as far as known at (0, 1): 10 + 2 + 9 = 21; every unit of x0 saves 2, of x1 less costs 2
    x = made.nearest(np.array([0.0, 1.0]), level=19.0)
    assert x is not None
    assert np.abs(x - [0.0, 1.0]).sum() == pytest.approx(1.0)
    cost = 10.0 + x[0] + 2 * x[1] + max(0.0, 9.0 - 3 * x[0])
    assert cost <= 19.0 + 1e-6
    assert made.nearest(np.array([0.0, 1.0]), level=12.0) is None  # none costs less than 13


def test_a_start_outside_is_brought_to_the_nearest_plan() -> None:
    x = master().nearest(np.array([9.0, -5.0]))
    assert x is not None
    assert x.tolist() == pytest.approx([4.0, 0.0])


def test_columns_no_block_sees_are_chosen_at_least_cost() -> None:
    made = Master(arrays(), 1, np.array([0]))
    assert made.completed(np.array([0.25, 6.0])).tolist() == pytest.approx([0.25, 0.75])


def test_held_numbers_bind_the_bound_the_next_plan_and_the_rest() -> None:
    made = master(held(0.0, 0.0, 0.0), held(9.0, -3.0, 0.0), whole=True)
    made.hold(np.array([2.0, 0.0]))
    bound = made.bound()
    assert bound.value == pytest.approx(15.0, rel=1e-12)  # 10 + 2 + 3, and not less by what other numbers would save
    nearest = made.nearest(np.array([4.0, 0.0]))
    assert nearest is not None
    assert nearest[0] == pytest.approx(2.0)
    made.hold(None)
    assert made.bound().value == pytest.approx(13.0, rel=1e-12)


def test_whole_numbers_by_hand() -> None:
    # 9 - 2.5 x0: the fraction 3.6 would cost 13.6; 3 machines 10 + 3 + 1.5, 4 machines 14
    made = master(held(0.0, 0.0, 0.0), held(9.0, -2.5, 0.0), whole=True)
    assert made.bound().value == pytest.approx(13.6)
    found = made.mixed(1e-9, np.inf, None, lambda: False)
    assert found is not None
    assert found[0].tolist() == pytest.approx([4.0, 0.0])
    assert found[1] == pytest.approx(14.0)
    known = made.mixed(1e-9, np.inf, np.array([3.0, 0.0]), lambda: False)
    assert known is not None
    assert known[1] == pytest.approx(14.0)


def test_cuts_that_hold_nothing_for_long_go_and_pinned_ones_stay() -> None:
    made = master(held(0.0, 0.0, 0.0), held(9.0, -3.0, 0.0))
    made.add([held(-50.0, 0.0, 0.0) for _ in range(5)])
    made.cuts[-1].pinned = True
    for _ in range(IDLE_FOR + 2):
        bound = made.bound()
        made.nearest(bound.x, bound.value + 1.0)
        made.forget_idle(bound.shares)
    assert [one.cut.constant for one in made.cuts] == [0.0, 9.0, -50.0]
    assert made.bound().value == pytest.approx(13.0, rel=1e-12)
    made.add([held(20.0, -4.0, 0.0)])  # rows and cuts still belong together: 20 - 4 x0
    assert made.bound().value == pytest.approx(18.0, rel=1e-12)
    assert made.cuts[-1].cut.constant == 20.0


@pytest.mark.parametrize("seed", range(3))
def test_the_bound_never_exceeds_what_highs_says_and_hardly_falls_short(seed: int) -> None:
    level = level_of(small(seed), slack_price=300.0)
    bounds: list[tuple[float, float]] = []
    made: Any = level.master

    def told(_: Any) -> None:
        bounds.append((made.bound().value, made._bound.getInfo().objective_function_value + level.arrays.constant))

    level.improve(level.begin(Carried()), Limits(gap=1e-6, told=told))
    for mine, theirs in bounds[2:]:
        assert mine <= theirs + 1e-6 * abs(theirs)
        assert mine >= theirs - 1e-6 * abs(theirs)
