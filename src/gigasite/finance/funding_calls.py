"""From the day money is called to the day by which it must be there, counted in business days of both countries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache

COUNTRIES = ("US", "JP")
"""Money from Tokyo to Washington moves when banks of both are open."""

SATURDAY = 5
ONE_DAY = timedelta(days=1)


def latest_funding_date(call: date, *, business_days: int = 45, countries: Sequence[str] = COUNTRIES) -> date:
    """Return the last day by which the money of a call must be there.

        the n-th day after `call` that is no Saturday, no Sunday, and no holiday in any of the countries

    Edge rules: the day of the call does not count, whether or not it is a business day. In the United States federal
    holidays count, with the Friday or Monday on which one at the weekend is observed; in Japan national holidays and
    31 December to 3 January, when banks are closed by law. With no business days the answer is the day of the call.

    Raises:
        ValueError: fewer than no business days.

    Source: funding within 45 business days (Financial Times, 19 March 2026, Japanese translation). A summary of the
    memorandum by Reuters (5 September 2025) reads 45 days or more after the notice: then this is the earliest day.
    Holidays: the package `holidays`.

    >>> latest_funding_date(date(2026, 12, 28), business_days=4)   # 29 and 30 December, 4 and 5 January
    datetime.date(2027, 1, 5)
    """
    if business_days < 0:
        raise ValueError(f"business_days must be at least 0, given {business_days}")
    day, left = call, business_days
    while left:
        day += ONE_DAY
        left -= is_business_day(day, countries)
    return day


def is_business_day(day: date, countries: Sequence[str] = COUNTRIES) -> bool:
    """Return whether banks of every country are open."""
    return day.weekday() < SATURDAY and not any(day in _closed(country, day.year) for country in countries)


@cache
def _closed(country: str, year: int) -> frozenset[date]:
    """Return the days of a year on which a country's banks are closed, weekends left out."""
    import holidays

    categories = ("public", "bank") if country == "JP" else ("public",)
    return frozenset(holidays.country_holidays(country, years=year, categories=categories))
