"""Means over outage years and their intervals: exact where few years have events, resampled where many do."""

import numpy as np
import pytest

from gigasite.run.replay.estimate import Estimate, availability, mean_per_year, nines, share_interval


def test_without_any_event_the_interval_is_that_of_a_share_never_seen():
    """P(no event in 1,000 years) = 2.5 % at a share of 1 - 0.025^(1/1000) = 0.003682."""
    found = mean_per_year(np.zeros(1000), unseen=48.0)
    assert (found.mean, found.low) == (0.0, 0.0)
    assert found.high == pytest.approx(48.0 * (1 - 0.025 ** (1 / 1000)), rel=1e-9)


def test_with_few_events_the_share_of_years_has_its_exact_interval():
    by_year = np.zeros(100)
    by_year[:2] = 3.0, 5.0
    found = mean_per_year(by_year, unseen=48.0)
    assert found.mean == pytest.approx(0.08)
    # Clopper and Pearson, 2 of 100: 0.2431 % to 7.0384 %; years with an event have 4 hours
    assert (found.low, found.high) == (pytest.approx(4 * 0.002431, rel=1e-3), pytest.approx(4 * 0.070384, rel=1e-3))


def test_with_every_trial_hit_the_interval_ends_at_one():
    low, high = share_interval(10, 10)
    assert high == 1.0
    assert low == pytest.approx(0.025**0.1, rel=1e-9)


@pytest.mark.parametrize("years", [400, 5_000])
def test_the_interval_of_resampled_years_is_that_of_the_mean(years):
    by_year = np.random.default_rng(3).exponential(10.0, years)
    found = mean_per_year(by_year, unseen=1.0)
    half = 1.96 * by_year.std() / np.sqrt(years)
    assert found.low == pytest.approx(found.mean - half, abs=0.15 * half)
    assert found.high == pytest.approx(found.mean + half, abs=0.15 * half)


def test_intervals_hold_the_truth_as_often_as_they_say():
    rng = np.random.default_rng(5)
    held = 0
    for _ in range(200):
        by_year = rng.poisson(0.3, 500) * 4.0  # mean 1.2 hours a year
        found = mean_per_year(by_year.astype(float), unseen=4.0)
        held += found.low <= 1.2 <= found.high
    assert held >= 180


def test_availability_is_what_the_unserved_hours_leave():
    found = availability(Estimate(8.76, 0.876, 87.6))
    assert (found.mean, found.low, found.high) == pytest.approx((0.999, 0.99, 0.9999))
    assert nines(found.low) == pytest.approx(2.0)
