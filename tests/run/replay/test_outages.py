"""Outages come as often and last as long as they should, and are counted hour by hour."""

import numpy as np
import pytest

from gigasite.run.replay.outages import Outages, number_down, sampled_outages


def sample(*, machines=1, years=1, rate=0.05, repair_h=48.0, seed=1):
    rng = np.random.default_rng(seed)
    return sampled_outages(rng, machines=machines, years=years, outage_rate=rate, repair_h=repair_h)


def outages(*intervals):
    columns = np.array(intervals, dtype=np.int64).reshape(-1, 4).T
    return Outages(*columns)


@pytest.mark.parametrize(("rate", "repair_h"), [(0.05, 48.0), (0.3, 5.0), (0.03, 298.0), (0.02, 0.5)])
def test_a_machine_is_down_its_outage_rate_of_the_time(rate, repair_h):
    years = 2_000
    share = number_down(sample(years=years, rate=rate, repair_h=repair_h), years).mean(axis=1)
    assert abs(share.mean() - rate) < 4 * share.std() / np.sqrt(years)


def test_a_year_begins_as_it_goes_on():
    """The stationary state: as many machines are down in the first hour as in any other."""
    years = 40_000
    found = sample(years=years, rate=0.1, repair_h=200.0)
    for hour in (0, 5, 8759):
        down = ((found.first <= hour) & (found.after > hour)).sum() / years
        assert down == pytest.approx(0.1, abs=4 * np.sqrt(0.1 * 0.9 / years))


def test_an_outage_lasts_the_mean_time_to_repair():
    found = sample(machines=200, years=20, repair_h=48.0)
    inside = (found.first > 0) & (found.after < 8760)
    lasted = (found.after - found.first)[inside]
    assert lasted.mean() == pytest.approx(48.0, rel=0.03)
    assert lasted.std() == pytest.approx(48.0, rel=0.05)  # exponential: as wide as its mean


def test_machines_fail_more_often_in_the_hours_in_which_outages_rise():
    """Four times as often from July on: odds of 0.25 to 1 in place of 1 to 16, down 20 % of the time for 5.88 %."""
    years, rate = 1_500, 1 / 17
    rise = np.where(np.arange(8760) < 4344, 1.0, 4.0)
    rng = np.random.default_rng(2)
    found = sampled_outages(rng, machines=1, years=years, outage_rate=rate, repair_h=24.0, rise=rise)
    down = number_down(found, years)
    for part, share in ((down[:, :4344], rate), (down[:, 4600:], 0.2)):
        by_year = part.mean(axis=1)
        assert abs(by_year.mean() - share) < 4 * by_year.std() / np.sqrt(years)


def test_a_year_that_begins_in_the_cold_begins_with_more_machines_down():
    years = 40_000
    rise = np.r_[np.full(100, 3.0), np.ones(8660)]
    rng = np.random.default_rng(2)
    found = sampled_outages(rng, machines=1, years=years, outage_rate=0.1, repair_h=50.0, rise=rise)
    assert (found.first == 0).mean() * len(found.first) / years == pytest.approx(0.3 / 1.2, abs=0.01)


def test_machines_that_never_fail_have_no_outages_and_those_that_always_do_are_never_up():
    assert len(sample(machines=5, years=3, rate=0.0).first) == 0
    assert (number_down(sample(machines=5, years=3, rate=1.0), 3) == 5).all()


def test_machines_down_are_counted_in_every_hour_of_every_year():
    found = number_down(outages((0, 0, 2, 5), (1, 0, 4, 8760), (0, 1, 0, 1)), 2)
    assert found.shape == (2, 8760)
    assert found[0, :7].tolist() == [0, 0, 1, 1, 2, 1, 1]
    assert found[0, -1] == 1
    assert found[1, :3].tolist() == [1, 0, 0]  # nothing of the first year is left over


def test_outages_are_cut_to_hours_and_chosen_by_machine():
    both = outages((0, 0, 2, 5), (1, 0, 4, 9))
    assert both.of_machines(1, 2).first.tolist() == [4]
    cut = both.within(4, 6)
    assert (cut.machine.tolist(), cut.first.tolist(), cut.after.tolist()) == ([0, 1], [4, 4], [5, 6])
    assert both.within(0, 3).machine.tolist() == [0]


def test_machines_fail_independently_of_each_other():
    years = 400
    found = sample(machines=2, years=years, rate=0.2)
    one = number_down(found.of_machines(0, 1), years).ravel()
    other = number_down(found.of_machines(1, 2), years).ravel()
    assert abs((one & other).mean() - 0.04) < 0.003
