"""Years and steps, and what each of them weighs."""

from __future__ import annotations

import numpy as np
import pytest

from gigasite.foundation.units import DAYS_PER_MONTH
from gigasite.system.time_axis import RESOLUTIONS_H, TimeAxis


def axis(resolution_h: int = 1, days: int = 365, **said: object) -> TimeAxis:
    fields = {
        "years": (2028, 2030, 2032, 2035),
        "base_year": 2026,
        "final_span_years": 20,
        "discount_rate_real": 0.05358,
    }
    return TimeAxis(**(fields | said), resolution_h=resolution_h, days=days)  # type: ignore[arg-type]


@pytest.mark.parametrize("days", [1, 7, 365])
@pytest.mark.parametrize("resolution_h", RESOLUTIONS_H)
def test_the_steps_of_a_year_stand_for_8760_hours(resolution_h: int, days: int) -> None:
    time = axis(resolution_h, days)
    assert time.hours == days * 24 // resolution_h
    assert time.hours * time.step_hours == pytest.approx(8760.0, rel=1e-12)


def test_a_step_of_a_whole_year_is_as_long_as_its_resolution() -> None:
    assert [axis(h).step_hours for h in RESOLUTIONS_H] == [1.0, 2.0, 3.0, 6.0, 24.0]
    assert axis(6, days=73).step_hours == pytest.approx(30.0)  # 8,760 / (73 x 4)


def test_the_year_is_a_ring() -> None:
    time = axis(6)
    assert time.previous[0] == time.hours - 1
    assert time.previous[1:].tolist() == list(range(time.hours - 1))
    assert sorted(time.previous.tolist()) == list(range(time.hours))


@pytest.mark.parametrize("resolution_h", RESOLUTIONS_H)
def test_every_month_has_the_steps_of_its_days(resolution_h: int) -> None:
    month = axis(resolution_h).month
    counts = np.bincount(month, minlength=13)[1:]
    assert counts.tolist() == [days * 24 // resolution_h for days in DAYS_PER_MONTH]
    assert (np.diff(month) >= 0).all()


def test_a_few_days_are_spread_over_the_year() -> None:
    assert axis(24, days=4).selected_days.tolist() == [0, 91, 182, 273]  # 365/4 = 91.25
    assert axis(24, days=4).month.tolist() == [1, 4, 7, 10]
    assert axis(24, days=365).selected_days.tolist() == list(range(365))


@pytest.mark.parametrize("resolution_h", RESOLUTIONS_H)
def test_means_keep_the_sum_of_the_year_and_peaks_its_largest_hour(resolution_h: int) -> None:
    time, series = axis(resolution_h), np.random.default_rng(3).uniform(0, 100, 8760)
    assert (time.steps(series) * time.step_hours).sum() == pytest.approx(series.sum(), rel=1e-12)
    assert time.peaks(series).max() == series.max()
    assert (time.peaks(series) >= time.steps(series)).all()


def test_a_step_is_the_mean_of_its_hours_in_order() -> None:
    series = np.arange(8760.0)
    time = axis(6)
    assert time.steps(series)[:3].tolist() == [2.5, 8.5, 14.5]  # 0..5, 6..11, 12..17
    assert time.peaks(series)[:3].tolist() == [5.0, 11.0, 17.0]
    assert time.steps(np.stack([series, 2 * series])).shape == (2, 1460)
    assert axis(24, days=4).steps(series).tolist() == [11.5, 91 * 24 + 11.5, 182 * 24 + 11.5, 273 * 24 + 11.5]


def test_weights_of_years_discount_to_the_middle_of_each_calendar_year() -> None:
    time = axis(years=(2030, 2032), base_year=2030, final_span_years=3, discount_rate_real=0.21)
    # the root of 1.21 is 1.1: 1/1.1 + 1/1.1^3; then years 2032 to 2034
    assert time.year_weight.tolist() == pytest.approx([1.1**-1 + 1.1**-3, 1.1**-5 + 1.1**-7 + 1.1**-9], rel=1e-12)
    assert axis(discount_rate_real=0.0).year_weight.tolist() == [2.0, 2.0, 3.0, 20.0]
