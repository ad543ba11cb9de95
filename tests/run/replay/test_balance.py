"""The battery, backup sets and load that may be shed take a deficit, each to its limit; worked by hand."""

import numpy as np
import pytest

from gigasite.run.replay.balance import after_limited, after_store
from gigasite.run.replay.stock import Store

# 10 MW, 20 MWh, 0.81 there and back.
STORE = Store(power_mw=10.0, energy_mwh=20.0, efficiency_one_way=0.9, kept_per_hour=1.0)


def left(*margin, store=STORE):
    return after_store(np.array([margin], dtype=float), store)[0].tolist()


def test_a_battery_gives_no_more_than_its_power():
    assert left(-12.0) == pytest.approx([2.0])


def test_a_battery_gives_what_it_holds_less_its_loss():
    """20 MWh give 18: 10 in the first hour, 8 in the second, nothing more."""
    assert left(-10.0, -10.0, -10.0) == pytest.approx([0.0, 2.0, 10.0])


def test_a_battery_is_charged_from_what_is_spare():
    """10 MW leave 20 - 11.11 = 8.89 MWh; 5 MW spare for two hours add 9; 17.89 MWh give 10, then 6.1."""
    assert left(-10.0, 5.0, 5.0, -10.0, -10.0) == pytest.approx([0.0, 0.0, 0.0, 0.0, 3.9])


def test_a_battery_takes_no_more_than_its_power_and_its_room():
    """Empty after two hours; 50 MW spare charge 10 MW, so 9 MWh, which give 8.1."""
    assert left(-10.0, -8.0, 50.0, -9.0) == pytest.approx([0.0, 0.0, 0.0, 0.9])
    assert left(-10.0, 50.0, 50.0, -10.0, -10.0) == pytest.approx([0.0, 0.0, 0.0, 0.0, 2.0])  # full again, not more


def test_what_a_battery_loses_by_itself_is_gone():
    """20 MWh, half gone in the hour of the outage: 5 MW take 5.56 of 10; of 4.44 half is gone an hour later: 2 MW."""
    assert left(-5.0, -5.0, store=Store(10.0, 20.0, 0.9, 0.5)) == pytest.approx([0.0, 3.0])


def test_a_full_battery_is_kept_full():
    assert left(0.0, 0.0, -5.0, -5.0, store=Store(10.0, 20.0, 0.9, 0.5)) == pytest.approx([0.0, 0.0, 0.0, 3.0])


def test_years_do_not_share_a_battery():
    margin = np.array([[-10.0, -8.0, -5.0], [0.0, 0.0, -5.0]])
    assert after_store(margin, STORE).tolist() == [pytest.approx([0.0, 0.0, 5.0]), pytest.approx([0.0, 0.0, 0.0])]


def test_a_limited_source_runs_until_its_energy_is_used_and_begins_anew_each_year():
    deficit = np.array([[3.0, 3.0, 3.0], [0.0, 1.0, 3.0]])
    assert after_limited(deficit, np.array([2.0, 2.0, 2.0]), 3.0).tolist() == [[1.0, 2.0, 3.0], [0.0, 0.0, 1.0]]
    assert after_limited(deficit, np.array([2.0, 2.0, 2.0]), float("inf")).tolist() == [[1.0] * 3, [0.0, 0.0, 1.0]]
