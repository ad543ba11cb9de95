"""Money of any year into 2024 dollars, and yearly payments into present value."""

from __future__ import annotations

import numpy as np
import pytest

from gigasite.finance.deflator import Deflator
from gigasite.inputs.tables import Figure
from gigasite.system.money import Money
from gigasite.system.time_axis import TimeAxis

W_2030 = 1.1**-1 + 1.1**-3
W_2032 = 1.1**-5 + 1.1**-7 + 1.1**-9


@pytest.fixture
def money() -> Money:
    return Money(Deflator({2022: 1.2, 2023: 1.1, 2024: 1.0, 2025: 0.8}, 0.25), TimeAxis((2030, 2032), 2030, 3, 0.21))


def cited(value: float, currency_year: int | None) -> Figure:
    return Figure(value, "USD/kW", currency_year, "published", "by hand", "", "")


@pytest.mark.parametrize(
    ("year", "usd_2024"),
    [
        (2022, 120.0),  # a dollar of 2022 bought 1.2 times as much
        (2024, 100.0),
        (2025, 80.0),
        (2026, 64.0),  # 0.8 / 1.25
        (2027, 51.2),  # 0.8 / 1.25^2
    ],
)
def test_a_cited_figure_is_brought_to_2024(money: Money, year: int, usd_2024: float) -> None:
    assert money.usd_2024(cited(100.0, year)) == pytest.approx(usd_2024, rel=1e-12)


def test_a_figure_without_a_currency_year_stays_as_it_is(money: Money) -> None:
    assert money.usd_2024(cited(100.0, None)) == 100.0


def test_an_annuity_is_paid_from_the_start_of_a_vintage_to_the_end_of_its_life(money: Money) -> None:
    recovery = 0.21 / (1 - 1.21**-4)  # 0.393632
    expected = recovery * np.array([[W_2030, W_2032], [0.0, W_2032]])
    np.testing.assert_allclose(money.annuity_weights(life_years=4), expected, rtol=1e-12)


def test_a_life_that_ends_before_the_next_modelled_year_pays_there_no_more(money: Money) -> None:
    recovery = 0.21 / (1 - 1.21**-2)
    expected = recovery * np.array([[W_2030, 0.0], [0.0, W_2032]])
    np.testing.assert_allclose(money.annuity_weights(life_years=2), expected, rtol=1e-12)


def test_the_owners_cost_of_capital_sets_the_annuity_and_the_discount_rate_its_present_value(money: Money) -> None:
    # 0.5 / (1 - 1/2.25) = 0.9
    expected = 0.9 * np.array([[W_2030, 0.0], [0.0, W_2032]])
    np.testing.assert_allclose(money.annuity_weights(life_years=2, cost_of_capital_real=0.5), expected, rtol=1e-12)


def test_an_annuity_at_the_discount_rate_over_a_whole_life_is_worth_its_investment() -> None:
    # one vintage, lived out within the horizon: 1 USD, moved by the half year between the end and the middle of years
    money = Money(Deflator({2024: 1.0}, 0.0), TimeAxis((2030,), 2030, 30, 0.05))
    assert money.annuity_weights(life_years=30)[0, 0] == pytest.approx(1.05**0.5, rel=1e-12)
