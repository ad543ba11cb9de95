"""The annuity against payments worked by hand and the worked example."""

import pytest

from gigasite.finance.annuity import capital_recovery_factor
from gigasite.foundation.units import HOURS_PER_YEAR


def test_capital_recovery_of_the_worked_example() -> None:
    # 1.05358^30 = 4.786..., so CRF = 0.05358 / (1 - 1 / 4.786...) = 0.067730
    assert capital_recovery_factor(0.05358, 30) == pytest.approx(0.067730, abs=5e-7)


def test_annuity_of_the_headline_plant_in_the_worked_example() -> None:
    annuity_usd_per_kw_year = 3_620 * capital_recovery_factor(0.05358, 30)
    usd_per_mwh = annuity_usd_per_kw_year * 1_000 / (HOURS_PER_YEAR * 0.80)
    assert annuity_usd_per_kw_year == pytest.approx(245.2, abs=0.05)
    assert usd_per_mwh == pytest.approx(35.0, abs=0.05)


def test_capital_recovery_over_two_years_worked_by_hand() -> None:
    # 1 = x / 1.1 + x / 1.21 gives x = 1.21 / 2.1
    assert capital_recovery_factor(0.10, 2) == pytest.approx(1.21 / 2.1, rel=1e-14)


def test_payments_of_one_annuity_repay_the_investment() -> None:
    payment = 3_620 * capital_recovery_factor(0.07, 17)
    assert sum(payment / 1.07**year for year in range(1, 18)) == pytest.approx(3_620, rel=1e-12)


def test_capital_recovery_without_interest_is_straight_line() -> None:
    assert capital_recovery_factor(0.0, 25) == 0.04


@pytest.mark.parametrize("rate", [1e-300, 1e-15, 1e-9])
def test_capital_recovery_approaches_the_straight_line_smoothly(rate: float) -> None:
    assert capital_recovery_factor(rate, 25) == pytest.approx(0.04, rel=2e-8)


@pytest.mark.parametrize("years", [0, -5, float("nan"), float("inf")])
def test_years_that_cannot_repay_are_refused(years: float) -> None:
    with pytest.raises(ValueError, match="years"):
        capital_recovery_factor(0.05, years)


@pytest.mark.parametrize("rate", [-1.0, float("nan"), float("inf")])
def test_rates_that_mean_nothing_are_refused(rate: float) -> None:
    with pytest.raises(ValueError, match="rate"):
        capital_recovery_factor(rate, 30)
