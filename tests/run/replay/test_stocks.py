"""What a plan has, from its tables and the figures of its scenario."""

from __future__ import annotations

import numpy as np
import pytest
from tests.results.conftest import EVERYTHING, solve

from gigasite.results.books import Books
from gigasite.run.replay.replay_table import COLUMNS, replay_table, replayed_shortages
from gigasite.run.replay.stocks import Stocks
from gigasite.system.hourly import capacity_factor

YEAR = 2036


@pytest.fixture(scope="module")
def everything(tmp_path_factory):
    return solve(EVERYTHING, tmp_path_factory.mktemp("everything"))


@pytest.fixture(scope="module")
def stocks(everything):
    return Stocks.of(Books(everything.system, everything.tables))


def capacity(everything, technology, column="total_mw", site="piketon"):
    rows = everything.tables["capacity"].query("site == @site and year == @YEAR and technology == @technology")
    return float(rows[column].iloc[0])


def of(stock, technology):
    return [machines for machines in (*stock.machines, *stock.standby) if machines.technology == technology]


def test_a_fleet_is_whole_machines_and_the_one_that_is_begun(everything, stocks):
    size = capacity(everything, "combined_cycle", "unit_size_mw")
    fleets = of(stocks.at("piketon", YEAR), "combined_cycle")
    coldest = int(np.argmin(stocks.context.place("piketon").temperature_c))
    assert sum(fleet.number * fleet.machine_mw[coldest] for fleet in fleets) == pytest.approx(
        capacity(everything, "combined_cycle"), rel=1e-9
    )
    assert fleets[0].machine_mw[coldest] == pytest.approx(size)
    if len(fleets) > 1:
        assert fleets[1].number == 1
        assert fleets[1].name == "combined_cycle, begun"
        assert fleets[1].machine_mw[coldest] < size


def test_machines_are_rated_by_the_temperature_of_every_hour(stocks):
    """0.6 % a kelvin above 15 C, from `technologies.csv`."""
    (fleet, *_) = of(stocks.at("piketon", YEAR), "combined_cycle")
    warmth = stocks.context.place("piketon").temperature_c
    loss = stocks.context.figure("piketon", "combined_cycle", "rating_loss_per_k").value
    rating = 1 - loss * np.maximum(warmth - 15, 0)
    assert loss > 0
    assert fleet.machine_mw / fleet.machine_mw.max() == pytest.approx(rating / rating.max())


def test_outage_rate_repair_and_planned_outage_are_those_of_the_figures(stocks):
    (fleet, *_) = of(stocks.at("piketon", YEAR), "combined_cycle")
    assert (fleet.outage_rate, fleet.repair_h) == (0.05, 48.0)
    april = slice(90 * 24, 120 * 24)
    assert fleet.planned[april].mean() == pytest.approx(0.23327 * fleet.number, abs=1 / 720)


def test_machines_fail_more_often_in_the_cold(stocks):
    """Combined cycle: 0.05, but 0.149 at -15 C and 0.081 at -10 C, straight between; it fails so much more often."""
    (fleet, *_) = of(stocks.at("piketon", YEAR), "combined_cycle")
    warmth = stocks.context.place("piketon").temperature_c
    assert warmth.min() < -5.5
    rate = np.maximum(0.05, np.interp(warmth, [-15, -10, -5], [0.149, 0.081, 0.048]))
    assert stocks.outage_rate("piketon", "combined_cycle") == pytest.approx(rate)
    assert fleet.outage_rise == pytest.approx((rate / (1 - rate)) / (0.05 / 0.95))
    (circuit,) = of(stocks.at("piketon", YEAR), "grid_connection")
    assert circuit.outage_rise is None


def test_the_grid_is_one_circuit_of_firm_megawatts_and_of_non_firm_ones_where_the_grid_is_not_short(everything, stocks):
    contract = everything.tables["contract"].query("site == 'piketon' and year == @YEAR").iloc[0]
    (circuit,) = of(stocks.at("piketon", YEAR), "grid_connection")
    firm, nonfirm = contract["firm_contract_mw"], contract["nonfirm_contract_mw"]
    assert (circuit.number, circuit.outage_rate, circuit.repair_h) == (1, 0.0003, 8.0)
    assert circuit.machine_mw.max() == pytest.approx(firm + nonfirm)
    assert circuit.machine_mw.min() == pytest.approx(firm)


def test_backup_sets_stand_by_with_the_energy_of_their_permit(stocks):
    stock = stocks.at("piketon", YEAR)
    (sets,) = stock.standby
    assert (sets.technology, sets.number) == ("backup_generator", 8)
    assert sets.energy_mwh == pytest.approx(100 * 20.0)


def test_the_battery_has_its_power_and_energy_less_the_blocks_that_are_out(everything, stocks):
    store = stocks.at("off_grid", YEAR).store
    assert store.power_mw == pytest.approx(0.98 * capacity(everything, "battery", site="off_grid"))
    energy = capacity(everything, "battery", "energy_capacity_mwh", site="off_grid")
    assert store.energy_mwh == pytest.approx(0.98 * energy)
    assert store.efficiency_one_way**2 == pytest.approx(0.85)
    assert stocks.at("piketon", YEAR).store is None  # power without energy


def test_the_sun_comes_as_its_hours_say(stocks):
    context = stocks.context
    factor = capacity_factor(context.tables, context.place("piketon"), "solar", context.seed)
    assert stocks.at("piketon", YEAR).steady_mw == pytest.approx(100.0 * factor)


def test_load_and_what_may_be_shed_follow_the_energised_megawatts(everything, stocks):
    stock = stocks.at("piketon", YEAR)
    energised = everything.tables["load"].query("site == 'piketon' and year == @YEAR")["energised_mw"].iloc[0]
    shape = stocks.context.place("piketon").load_mw_per_mw
    assert stock.load_mw == pytest.approx(energised * shape)
    assert stock.shed_mw == pytest.approx(0.05 * energised * shape)
    assert stock.shed_mwh == pytest.approx(0.05 * 400 * energised)


def test_a_line_leads_from_its_supply(everything, stocks):
    lines = everything.tables["lines"].query("year == @YEAR")
    stock = stocks.at("piketon", YEAR)
    if float(lines["total_mw"].iloc[0]) > 0:
        (feeder,) = stock.feeders
        assert (feeder.from_site, feeder.share_of_spare) == ("field", 1.0)
        assert feeder.circuit.machine_mw[0] == pytest.approx(float(lines["total_mw"].iloc[0]))
        assert feeder.delivered_share == pytest.approx(1 - 60 * 6.213711922e-05)
    else:
        assert stock.feeders == ()


def test_a_plan_made_on_coarse_steps_is_replayed_over_all_hours(everything, stocks):
    assert everything.system.context.time.hours == 16
    assert len(stocks.at("piketon", YEAR).load_mw) == 8760


def test_every_site_and_year_with_load_has_a_row(everything):
    books = Books(everything.system, everything.tables)
    found = replayed_shortages(books, years=10, seed=1)
    table = replay_table(books, found, seed=1)
    load = everything.tables["load"].query("energised_mw > 0.001")
    assert tuple(table.columns) == COLUMNS
    assert list(zip(table["site"], table["year"], strict=True)) == list(zip(load["site"], load["year"], strict=True))
    assert (table["availability_low"] <= table["availability"]).all()
    assert (table["availability"] <= table["availability_high"]).all()
    assert table["availability"].tolist() == pytest.approx((1 - table["unserved_hours_per_year"] / 8760).tolist())
    off_grid = table[table["site"] == "off_grid"].iloc[-1]  # sun and a battery only
    assert off_grid["availability"] < 1.0
    assert off_grid["served_share"] == pytest.approx(
        1 - off_grid["unserved_mwh_per_year"] / Stocks.of(books).at("off_grid", YEAR).load_mw.sum()
    )
