"""Weights of years and vintages against sums written out by hand."""

import numpy as np
import pytest

from gigasite.finance.discounting import alive, calendar_years, vintage_weights, year_weights

EXAMPLE_YEARS = [2028, 2030, 2032, 2035]


def test_weights_of_the_worked_example() -> None:
    weights = year_weights(EXAMPLE_YEARS, rate=0.05358, base_year=2026, final_span_years=20)
    assert weights == pytest.approx([1.71071, 1.54113, 2.03006, 7.75962], abs=5e-6)


def test_weight_of_a_two_year_span_written_out() -> None:
    (first, _) = year_weights([2028, 2030], rate=0.10, base_year=2026, final_span_years=1)
    assert first == pytest.approx(1.1**-2.5 + 1.1**-3.5, rel=1e-14)


def test_weights_without_interest_count_calendar_years() -> None:
    weights = year_weights(EXAMPLE_YEARS, rate=0.0, base_year=2026, final_span_years=20)
    assert weights.tolist() == [2.0, 2.0, 3.0, 20.0]


def test_money_before_the_base_year_weighs_more_than_one() -> None:
    assert year_weights([2024], rate=0.10, base_year=2026, final_span_years=1) == pytest.approx([1.1**1.5])


def test_a_year_stands_for_the_span_to_the_next_one() -> None:
    assert calendar_years(EXAMPLE_YEARS, 4) == [
        (2028, 2029),
        (2030, 2031),
        (2032, 2033, 2034),
        (2035, 2036, 2037, 2038),
    ]


def test_splitting_a_span_does_not_change_its_weight() -> None:
    whole = year_weights([2030], rate=0.06, base_year=2026, final_span_years=15)
    parts = year_weights([2030, 2031, 2040], rate=0.06, base_year=2026, final_span_years=5)
    assert parts.sum() == pytest.approx(whole[0], rel=1e-14)


@pytest.mark.parametrize("years", [[], [2030, 2030], [2032, 2030]])
def test_years_that_do_not_increase_are_refused(years: list[int]) -> None:
    with pytest.raises(ValueError, match="year"):
        calendar_years(years, 20)


def test_a_final_span_of_no_years_is_refused() -> None:
    with pytest.raises(ValueError, match="final_span_years"):
        calendar_years([2030], 0)


@pytest.mark.parametrize("rate", [-1.0, float("nan")])
def test_a_rate_that_means_nothing_is_refused(rate: float) -> None:
    with pytest.raises(ValueError, match="rate"):
        year_weights([2030], rate=rate, base_year=2026, final_span_years=20)


def test_capacity_runs_from_its_year_to_the_end_of_its_life() -> None:
    assert alive([2028, 2030, 2035], life_years=7).tolist() == [
        [True, True, False],  # built 2028, gone from 2035
        [False, True, True],  # built 2030, still there in 2035
        [False, False, True],
    ]


def test_a_life_that_ends_inside_a_span_runs_to_the_end_of_it() -> None:
    # built 2028 for 3 years: gone in 2031, but 2030 stands for 2030 to 2034
    assert alive([2028, 2030, 2035], life_years=3)[0].tolist() == [True, True, False]


def test_a_life_of_no_years_is_refused() -> None:
    with pytest.raises(ValueError, match="life_years"):
        alive([2028], life_years=0)


def test_a_long_lived_vintage_pays_its_annuity_in_every_year_from_its_start() -> None:
    weights = year_weights(EXAMPLE_YEARS, rate=0.05358, base_year=2026, final_span_years=20)
    vintages = vintage_weights(EXAMPLE_YEARS, life_years=60, rate=0.05358, base_year=2026, final_span_years=20)
    assert vintages == pytest.approx(np.triu(np.tile(weights, (4, 1))))
    assert vintages.sum(axis=1) == pytest.approx([weights[v:].sum() for v in range(4)])


def test_a_vintage_that_ends_inside_a_span_is_paid_to_the_end_of_it() -> None:
    vintages = vintage_weights([2028, 2030, 2035], life_years=3, rate=0.0, base_year=2026, final_span_years=20)
    assert vintages.tolist() == [[2.0, 5.0, 0.0], [0.0, 5.0, 0.0], [0.0, 0.0, 20.0]]
