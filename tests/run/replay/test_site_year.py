"""One site replayed: the closed form lies in its interval, and what stands beside the machines takes its part."""

import numpy as np
import pytest
from scipy.stats import binom
from tests.run.replay.conftest import HOURS, machines, stock

from gigasite.run.replay.estimate import mean_per_year
from gigasite.run.replay.site_year import machines_up, replay_site
from gigasite.run.replay.stock import Feeder, Store

ALWAYS = {"rate": 0.0}


def replay(stocks, *of_sites, years=1000, seed=1, site="alpha", lines=()):
    return replay_site(stocks(*of_sites, lines=lines), site, 2030, years=years, seed=seed)


@pytest.mark.parametrize(
    ("number", "needed", "rate", "repair_h"), [(10, 8, 0.05, 48.0), (20, 17, 0.05, 24.0), (4, 3, 0.03, 298.0)]
)
def test_k_of_n_identical_machines_lie_inside_the_interval(stocks, number, needed, rate, repair_h):
    """In the steady state P(fewer than k of n up) is binomial, and so is the energy unserved."""
    found = replay(stocks, stock(machines(number, rate=rate, repair_h=repair_h), load_mw=needed))
    up = np.arange(number + 1)
    chance = binom.pmf(up, number, 1.0 - rate)
    hours = mean_per_year(found.hours_by_year, unseen=repair_h)
    energy = mean_per_year(found.mwh_by_year, unseen=repair_h)
    assert hours.low <= HOURS * chance[up < needed].sum() <= hours.high
    assert energy.low <= HOURS * (chance * np.maximum(needed - up, 0)).sum() <= energy.high
    assert hours.high < 2 * hours.low  # the interval says something


def test_events_come_as_often_as_the_frequency_of_a_two_state_chain_says(stocks):
    """One machine, load 1: it fails (1 - q) / up time an hour, up time = repair (1 - q) / q."""
    found = replay(stocks, stock(machines(1, rate=0.1, repair_h=30.0), load_mw=1.0))
    events = found.events_by_year
    closed = HOURS * 0.9 / (30.0 * 0.9 / 0.1)
    assert events.mean() == pytest.approx(closed, abs=4 * events.std() / np.sqrt(1000) + 0.02 * closed)


def test_the_same_seed_finds_the_same_and_another_seed_does_not(stocks):
    site = stock(machines(10), load_mw=8.0)
    first, again, other = (replay(stocks, site, seed=seed) for seed in (1, 1, 2))
    assert (first.hour.tolist(), first.unserved_mw.tolist()) == (again.hour.tolist(), again.unserved_mw.tolist())
    assert first.hour.tolist() != other.hour.tolist()


def test_the_first_outage_years_stay_when_more_are_asked_for(stocks):
    site = stock(machines(10), load_mw=8.0)
    few, many = replay(stocks, site, years=300), replay(stocks, site, years=700)
    assert (few.hours_by_year == many.hours_by_year[:300]).all()
    assert len(few.hours_by_year) == 300


def test_outage_years_are_independent(stocks):
    hours = replay(stocks, stock(machines(6), load_mw=5.0), years=2000).hours_by_year
    for lag in (1, 250):
        assert abs(np.corrcoef(hours[:-lag], hours[lag:])[0, 1]) < 4 / np.sqrt(2000)


def test_a_plan_with_more_machines_of_another_kind_meets_the_same_outages(stocks):
    alone = replay(stocks, stock(machines(10), load_mw=8.0))
    beside = replay(stocks, stock(machines(3, 0.0, technology="gas_turbine"), machines(10), load_mw=8.0))
    assert alone.hour.tolist() == beside.hour.tolist()


def test_what_never_fails_and_is_enough_leaves_nothing_unserved(stocks):
    found = replay(stocks, stock(machines(2, 5.0, **ALWAYS), load_mw=10.0), years=10)
    assert len(found.hour) == 0
    assert (found.longest_h, found.hours_by_year.sum()) == (0, 0.0)


def test_planned_outage_takes_machines_out_of_service(stocks):
    """Two machines that never fail, one in planned outage in the first 100 hours: 5 MW missing in each."""
    planned = np.r_[np.ones(100, dtype=int), np.zeros(HOURS - 100, dtype=int)]
    found = replay(stocks, stock(machines(2, 5.0, planned=planned, **ALWAYS), load_mw=10.0), years=3)
    assert found.hours_by_year.tolist() == [100.0] * 3
    assert found.mwh_by_year.tolist() == [500.0] * 3
    assert (found.events_by_year.tolist(), found.longest_h) == ([1.0] * 3, 100)


def test_a_machine_in_planned_outage_does_not_fail_a_second_time():
    """Half of four machines in planned outage, all down half the time: one serves in the mean, and never below none."""
    up = machines_up(machines(4, rate=0.5, planned=2), np.random.default_rng(1), 200)
    assert (up.min(), up.max()) == (0, 2)
    assert up.mean() == pytest.approx(1.0, abs=0.02)


def test_the_battery_comes_first_then_backup_then_load_that_may_be_shed(stocks):
    """10 MW missing for 100 hours: the battery takes 8 of the first, backup 1 for 50 hours, shedding 0.5 for 40."""
    planned = np.r_[np.ones(100, dtype=int), np.zeros(HOURS - 100, dtype=int)]
    site = stock(
        machines(1, 10.0, planned=planned, **ALWAYS),
        load_mw=10.0,
        store=Store(8.0, 8.0, 1.0, 1.0),
        standby=(machines(1, 1.0, technology="backup_generator", energy_mwh=50.0, **ALWAYS),),
        shed_mw=np.full(HOURS, 0.5),
        shed_mwh=20.0,
    )
    found = replay(stocks, site, years=2)
    assert found.unserved_mw[:2].tolist() == pytest.approx([0.5, 8.5])
    assert found.mwh_by_year.tolist() == pytest.approx([1000 - 8 - 50 - 20] * 2)


def test_a_line_brings_what_is_spare_at_its_other_end_less_its_loss(stocks):
    """Of 12 MW the field keeps 2; 10 are spare, the line takes 8 and delivers 7.2 of the 10 wanted."""
    field = stock(machines(1, 12.0, technology="gas_turbine", **ALWAYS), load_mw=2.0, site="field")
    line = Feeder("field", 1.0, machines(1, 8.0, name="line", **ALWAYS), 0.9)
    campus = stock(load_mw=10.0, feeders=(line,))
    found = replay(stocks, campus, field, years=1, lines=[("field", "alpha")])
    assert len(found.hour) == HOURS
    assert found.unserved_mw[0] == pytest.approx(10.0 - 7.2)


def test_lines_from_one_site_share_what_it_has_to_spare(stocks):
    field = stock(machines(1, 12.0, **ALWAYS), site="field")
    line = Feeder("field", 0.25, machines(1, 8.0, name="line", **ALWAYS), 1.0)
    found = replay(stocks, stock(load_mw=10.0, feeders=(line,)), field, years=1, lines=[("field", "alpha")])
    assert found.unserved_mw[0] == pytest.approx(10.0 - 3.0)


def test_whether_the_circuit_was_up_is_told_for_every_unserved_hour(stocks):
    grid = machines(1, 10.0, technology="grid_connection", rate=0.02, repair_h=8.0)
    found = replay(stocks, stock(grid, machines(1, 2.0, rate=0.0), load_mw=10.0))
    assert (found.circuit_up == 0).all()  # nothing but the circuit fails
    assert found.unserved_mw.tolist() == pytest.approx([8.0] * len(found.hour))
    assert found.hour_of_event.max() > 8


def test_the_hours_of_an_event_are_counted_from_its_first(stocks):
    planned = np.zeros(HOURS, dtype=int)
    planned[[3, 4, 5, 9, 8759]] = 1
    found = replay(stocks, stock(machines(1, planned=planned, **ALWAYS), load_mw=1.0), years=2)
    assert found.hour.tolist() == [3, 4, 5, 9, 8759] * 2
    assert found.hour_of_event.tolist() == [0, 1, 2, 0, 0] * 2
    assert found.events_by_year.tolist() == [3.0, 3.0]
