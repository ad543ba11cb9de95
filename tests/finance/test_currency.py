"""Yen and dollars by the rate of a day."""

from __future__ import annotations

from datetime import date

import pytest

from gigasite.finance.currency import ExchangeRates, forward_rate
from gigasite.inputs.finance_terms import exchange_rates
from gigasite.inputs.folders import data_folder
from gigasite.inputs.tables import load_tables

YEN = ExchangeRates("JPY", {date(2026, 3, 19): 158.0, date(2025, 1, 21): 156.0})


def test_a_day_takes_the_last_rate_before_it() -> None:
    assert YEN.at(date(2025, 1, 21)) == 156.0
    assert YEN.at(date(2026, 3, 18)) == 156.0
    assert YEN.at(date(2030, 1, 1)) == 158.0
    assert YEN.day_of(date(2030, 1, 1)) == date(2026, 3, 19)
    assert YEN.to_usd(316.0, date(2026, 3, 19)) == pytest.approx(2.0)


def test_nothing_is_guessed_about_days_before_the_first_rate() -> None:
    with pytest.raises(ValueError, match="the first is of 2025-01-21"):
        YEN.at(date(2025, 1, 20))
    with pytest.raises(ValueError, match="above 0"):
        ExchangeRates("JPY", {date(2025, 1, 1): 0.0})


def test_prices_stay_level_at_the_rate_of_a_later_year() -> None:
    assert forward_rate(158.7, 10, 0.025, 0.025) == pytest.approx(158.7)
    assert forward_rate(100.0, 2, 0.10, 0.21) == pytest.approx(100.0 * (1.1 / 1.21) ** 2)


@pytest.mark.parametrize(
    ("day", "yen", "usd"),
    [
        (date(2025, 1, 21), 78e12, 500e9),  # Stargate
        (date(2026, 2, 18), 5.2e12, 33.3e9),  # Portsmouth, METI
        (date(2026, 3, 1), 87e12, 550e9),  # Japan's commitment
        (date(2026, 3, 19), 1e12, 6.3e9),  # the developer's fee
    ],
)
def test_the_dated_rates_are_what_the_documents_say_in_both_currencies(day: date, yen: float, usd: float) -> None:
    rates = exchange_rates(load_tables([data_folder()]), "JPY")
    assert rates.to_usd(yen, day) == pytest.approx(usd, rel=1e-8)
