"""Net present value, internal rate of return, payback, cover, levelised cost, against published examples."""

from __future__ import annotations

import math

import pytest

from gigasite.finance.annuity import capital_recovery_factor
from gigasite.finance.metrics import (
    cover_ratios,
    internal_rate_of_return,
    levelised_cost_usd_per_mwh,
    net_present_value,
    payback_years,
)


def test_the_example_of_the_spreadsheet_function_npv() -> None:
    """Microsoft Excel, NPV: 10 %, -10,000, 3,000, 4,200, 6,800 give 1,188.44; the first amount a year from now."""
    assert net_present_value(0.10, [0.0, -10_000.0, 3_000.0, 4_200.0, 6_800.0]) == pytest.approx(1188.4434, abs=1e-4)


def test_six_payments_of_65() -> None:
    """Spread Sheet user guide (greytrout.com), NPV(.095, six amounts of 65) = 287.29."""
    assert net_present_value(0.095, [0.0] + [65.0] * 6) == pytest.approx(287.29, abs=5e-3)


@pytest.mark.parametrize(
    ("cash", "rate", "close"),
    [
        ([-100.0, 39.0, 59.0, 55.0, 20.0], 0.2809484211599611, 1e-9),  # NumPy reference 1.3, numpy.irr
        ([-100.0, 0.0, 0.0, 74.0], -0.0955, 5e-5),  # NumPy reference, numpy.irr
        ([-700.0, 750.0, 900.0, 600.0, 850.0], 1.0462142, 5e-8),  # Spread Sheet user guide (greytrout.com), IRR
        ([-985.0, 75.0, 120.0, 100.0, 1200.0], 0.1236620, 5e-8),  # FinPak (finpak.sdsu.edu), regular IRR
        ([-70_000.0, 12_000.0, 15_000.0, 18_000.0, 21_000.0, 26_000.0], 0.087, 5e-4),  # Microsoft Excel, IRR
    ],
)
def test_published_internal_rates_of_return(cash: list[float], rate: float, close: float) -> None:
    found = internal_rate_of_return(cash)
    assert found == pytest.approx(rate, abs=close)
    assert net_present_value(found, cash) == pytest.approx(0.0, abs=1e-6 * abs(cash[0]))


def test_cash_without_a_change_of_sign_has_no_rate() -> None:
    assert math.isnan(internal_rate_of_return([1.0, 2.0]))
    assert math.isnan(internal_rate_of_return([-1.0, -2.0]))
    assert math.isnan(internal_rate_of_return([]))


def test_payback_counts_from_the_first_amount() -> None:
    assert payback_years([-100.0, 60.0, 60.0]) == pytest.approx(1 + 40 / 60)
    assert payback_years([-100.0, 150.0, -100.0, 100.0]) == pytest.approx(2.5)
    assert math.isnan(payback_years([-100.0, 50.0]))
    assert math.isnan(payback_years([10.0, 50.0]))


def test_cover_counts_the_years_with_debt_only() -> None:
    assert cover_ratios([5.0, 130.0, 90.0], [0.0, 100.0, 100.0]) == pytest.approx([1.3, 0.9])


def test_levelised_cost_is_that_of_the_capital_recovery_factor() -> None:
    """3,620 USD/kW, 5.358 %, 30 years, factor 0.80: 35.0 USD/MWh; with 9.12 x 4.15 of fuel 72.8 USD/MWh."""
    energy = 0.80 * 8.76
    cost = [3620.0] + [9.12 * 4.15 * energy] * 30
    found = levelised_cost_usd_per_mwh(cost, [0.0] + [energy] * 30, 0.05358)
    assert found == pytest.approx(3620 * capital_recovery_factor(0.05358, 30) / energy + 9.12 * 4.15, abs=1e-9)
    assert found == pytest.approx(34.99 + 37.85, abs=0.01)
    assert math.isnan(levelised_cost_usd_per_mwh([1.0], [0.0], 0.05))


def test_a_rate_that_cannot_discount_is_refused() -> None:
    with pytest.raises(ValueError, match="rate"):
        net_present_value(-1.0, [1.0])
