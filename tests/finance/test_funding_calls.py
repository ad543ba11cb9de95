"""Business days of both countries, counted by hand with a calendar on the table."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gigasite.finance.funding_calls import is_business_day, latest_funding_date


def test_forty_five_business_days_after_the_groundbreaking() -> None:
    # to 27 March 5, 3 April 10, 10 April 15, 17 April 20, 24 April 25; 27, 28, 30 April, 1 May 29 (29 April Showa Day);
    # 7 and 8 May 31 (4, 5 and 6 May Golden Week); to 15 May 36, 22 May 41; 26 to 29 May 45 (25 May Memorial Day)
    assert latest_funding_date(date(2026, 3, 20)) == date(2026, 5, 29)


def test_golden_week_is_left_out() -> None:
    # 27, 28, 30 April, 1 May, 7 May, 8 May
    assert latest_funding_date(date(2026, 4, 24), business_days=4) == date(2026, 5, 1)
    assert latest_funding_date(date(2026, 4, 24), business_days=5) == date(2026, 5, 7)
    assert latest_funding_date(date(2026, 4, 24), business_days=6) == date(2026, 5, 8)


def test_new_year_is_left_out_as_japanese_banks_keep_it() -> None:
    # 28, 29, 30 December; 4-8 January; 11 January is Coming of Age Day; 12 and 13 January
    assert latest_funding_date(date(2026, 12, 25), business_days=3) == date(2026, 12, 30)
    assert latest_funding_date(date(2026, 12, 25), business_days=4) == date(2027, 1, 4)
    assert latest_funding_date(date(2026, 12, 25), business_days=8) == date(2027, 1, 8)
    assert latest_funding_date(date(2026, 12, 25), business_days=10) == date(2027, 1, 13)


@pytest.mark.parametrize(
    "closed",
    [
        date(2026, 1, 2),  # bank holiday in Japan
        date(2026, 7, 3),  # Independence Day, observed on the Friday before
        date(2026, 9, 22),  # day between two Japanese holidays
        date(2026, 11, 26),  # Thanksgiving
        date(2027, 3, 22),  # Vernal Equinox Day, moved to the Monday
        date(2026, 5, 2),  # Saturday
        date(2027, 12, 31),  # New Year's Day of 2028, observed in the year before
    ],
)
def test_days_on_which_a_bank_is_closed(closed: date) -> None:
    assert not is_business_day(closed)


def test_a_holiday_of_one_country_is_a_business_day_of_the_other() -> None:
    assert is_business_day(date(2026, 4, 29), ["US"])
    assert not is_business_day(date(2026, 4, 29), ["JP"])


def test_no_business_days_mean_the_day_itself_and_fewer_are_refused() -> None:
    assert latest_funding_date(date(2026, 5, 2), business_days=0) == date(2026, 5, 2)
    with pytest.raises(ValueError, match="business_days"):
        latest_funding_date(date(2026, 5, 2), business_days=-1)


@given(st.dates(min_value=date(2025, 1, 1), max_value=date(2035, 12, 31)), st.integers(min_value=1, max_value=60))
def test_the_answer_is_a_business_day_and_one_day_more_comes_later(call: date, days: int) -> None:
    found = latest_funding_date(call, business_days=days)
    assert is_business_day(found)
    assert found < latest_funding_date(call, business_days=days + 1)
