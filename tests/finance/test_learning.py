"""Cost from the first unit to the nth."""

from __future__ import annotations

import math

import pytest

from gigasite.finance.learning import learning_rate_of, mean_cost_factor, unit_cost_factor


def test_every_doubling_takes_away_the_learning_rate() -> None:
    """Wright: 80 % curve, units 1, 2, 4, 8; the third 3^log2(0.8) = 0.702104."""
    assert [unit_cost_factor(n, 0.2) for n in (1, 2, 4, 8)] == pytest.approx([1.0, 0.8, 0.64, 0.512], abs=1e-12)
    assert unit_cost_factor(3, 0.2) == pytest.approx(0.702104, abs=1e-6)
    assert mean_cost_factor(2, 2, 0.2) == pytest.approx((0.8 + 0.702104) / 2, abs=1e-6)


def test_darlington_learns_what_its_first_unit_costs_over_the_later_ones() -> None:
    """6.1 bn CAD for the first, 4.4 for the mean of the second to fourth: the rate that gives 1.386."""
    rate = learning_rate_of(1.386, 2, 4)
    later = sum(n ** math.log2(1 - rate) for n in (2, 3, 4)) / 3
    assert 1 / later == pytest.approx(1.386, abs=1e-9)
    assert rate == pytest.approx(0.1944, abs=5e-5)


@pytest.mark.parametrize("said", [(0, 0.2), (1, 1.0)])
def test_units_and_rates_that_mean_nothing_are_refused(said: tuple) -> None:
    with pytest.raises(ValueError, match=r"unit|rate"):
        unit_cost_factor(*said)


def test_ratios_that_mean_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="one unit"):
        mean_cost_factor(1, 0, 0.2)
    with pytest.raises(ValueError, match="ratio"):
        learning_rate_of(1.386, 1, 4)
