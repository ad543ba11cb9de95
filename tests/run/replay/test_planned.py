"""Planned outage takes whole machines, so long that the machine-hours of every month come out."""

import numpy as np
import pytest

from gigasite.foundation.units import DAYS_PER_MONTH
from gigasite.run.replay.planned import hours_in_service, machines_in_planned_outage

HOURS = np.array(DAYS_PER_MONTH) * 24


@pytest.mark.parametrize("machines", [1, 3, 10, 170])
def test_the_machine_hours_of_every_month_are_those_of_its_rate(machines):
    rates = np.linspace(0.0, 0.3, 12)
    out = machines_in_planned_outage(machines, rates)
    by_month = [part.sum() for part in np.split(out, np.cumsum(HOURS)[:-1])]
    assert np.allclose(by_month, machines * rates * HOURS, atol=0.5)


def test_one_machine_stands_for_the_first_days_of_the_month():
    out = machines_in_planned_outage(1, np.array([0.0, 0.25] + [0.0] * 10))
    assert out[:744].sum() == 0
    assert out[744 : 744 + 168].tolist() == [1] * 168  # a quarter of 672 hours
    assert out[744 + 168 :].sum() == 0


def test_a_whole_number_of_machines_is_not_split_by_rounding():
    assert set(machines_in_planned_outage(10, np.full(12, 0.1)).tolist()) == {1}


def test_a_machine_serves_between_its_planned_outages():
    planned = np.array([1, 0, 0, 2, 2, 0])
    assert list(hours_in_service(0, planned)) == [(1, 3), (5, 6)]
    assert list(hours_in_service(1, planned)) == [(0, 3), (5, 6)]
    assert list(hours_in_service(2, planned)) == [(0, 6)]
