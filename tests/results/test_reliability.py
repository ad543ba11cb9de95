"""Losses a plan lives through: checks hold for a sound run and fail for a spoilt one; table, prices, words."""

import numpy as np
import pytest
from tests.results.conftest import solve
from tests.results.spoilt import LAST, PIKETON, Spoilt, times

from gigasite.results.sentences import answer

ASKED = """
extends: {base}
name: lost
horizon: {{years: [2032, 2036], days: 24, resolution_h: 6, final_span_years: 10}}
sites:
  piketon:
    load_ramp_mw: {{2032: 1000}}
    gas: {{trunk: false}}
    technologies:
      combined_cycle: {{capacity_mw: 500}}
      small_modular_reactor: {{capacity_max_mw: 400}}
      grid_connection: {{}}
      battery: {{}}
      backup_generator: {{fuel_storage_h: 20}}
      solar: {{capacity_min_mw: 100}}
requirements:
  survive_trunk_loss: true
  survive_grid_loss: [piketon]
  critical_share: 0.8
  outage_survival_h: 48
  cold_snap: {{days: 5, snap_temperature_c: -20}}
"""
NAMES = {
    f"{loss}_is_survived" for loss in ("gas_trunk", "grid_circuit", "grid_outage", "cold_snap_peak", "cold_snap_mean")
}


@pytest.fixture(scope="module")
def lost(tmp_path_factory):
    return solve(ASKED, tmp_path_factory.mktemp("lost"))


def failed(solved, run):
    checks = solved.checks(run.system, run.tables)
    return set(checks.loc[~checks["passed"].astype(bool), "check"])


def least_spare(lost, loss, column="spare_mw"):
    table = lost.tables["reliability"]
    return float(table.loc[(table["loss"] == loss) & (table["year"] == LAST), column].iloc[0])


def test_every_loss_that_is_asked_for_is_checked_and_survived(lost):
    checks = lost.checks()
    assert set(checks["check"]) >= NAMES
    assert checks.loc[~checks["passed"], "sentence"].tolist() == []


def test_nothing_is_checked_that_nobody_asks_for(everything):
    assert not NAMES & set(everything.checks()["check"])
    assert not len(everything.tables["reliability"])


def test_the_outage_shapes_the_plan(lost):
    assert np.abs(lost.outcome.duals("grid_outage.critical_load_is_carried")).max() > 0
    assert least_spare(lost, "grid_outage", "spare_mwh") == pytest.approx(0.0, abs=2.0)


def less_energy(run, lost):
    run.hour("battery_stored_mwh", -0.2 * run.tables["hourly"][PIKETON, LAST]["battery_stored_mwh"].max(), slice(None))


def fewer_sets(run, lost):
    run.add("capacity", "total_mw", -50.0, technology="backup_generator", year=LAST)


def less_grid(run, lost):
    spare = least_spare(lost, "gas_trunk")
    run.add("contract", "firm_contract_mw", -spare - 5.0, site=PIKETON, year=LAST)


def colder(name, **arrays):
    def spoil(run, lost):
        run.inputs("cold_snap", **arrays)

    spoil.__name__ = name
    return spoil


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        ("grid_outage_is_survived", less_energy),
        ("grid_outage_is_survived", fewer_sets),
        ("gas_trunk_is_survived", less_grid),
        ("cold_snap_peak_is_survived", colder("peak", peak_share=times(5.0))),
        ("cold_snap_mean_is_survived", colder("mean", mean_load_mw_per_mw=times(5.0))),
    ],
)
def test_a_spoilt_run_fails_its_check(lost, name, spoil):
    run = Spoilt.of(lost.system, lost.tables)
    spoil(run, lost)
    assert name in failed(lost, run)


def test_a_higher_share_than_the_plan_was_made_for_is_missed(lost):
    run = Spoilt.of(lost.system, lost.tables)
    run.setting("requirements", critical_share=3.0)
    assert failed(lost, run) >= {"gas_trunk_is_survived", "grid_circuit_is_survived", "grid_outage_is_survived"}


def test_the_table_tells_what_is_needed_and_carried(lost):
    table = lost.tables["reliability"].set_index(["loss", "year"])
    energised = lost.tables["load"].set_index("year")["energised_mw"]
    for year in (2032, 2036):
        assert table.loc[("gas_trunk", year), "needed_mw"] == pytest.approx(0.8 * energised[year])
        assert table.loc[("grid_circuit", year), "carried_mw"] >= 0.8 * energised[year] - 0.01
        assert table.loc[("cold_snap_mean", year), "spare_mw"] >= -0.01
    assert (table["spare_mw"] - (table["carried_mw"] - table["needed_mw"])).abs().max() < 1e-9


def test_the_price_of_a_loss_is_told_in_words(lost):
    prices = lost.tables["prices"]
    told = prices[prices["requirement"].isin(["grid_outage", "cold_snap_mean", "cold_snap_peak", "trunk_loss"])]
    assert len(told)
    assert (told["shadow_price"] > 0).all()
    row = told.iloc[0]
    assert row["sentence"].startswith("One more MW of ")
    energy = prices[prices["requirement"].str.startswith("grid_outage_energy_")]
    assert (energy["unit"] == "USD/MWh-year").all()


def test_one_more_megawatt_of_supply_in_an_outage_saves_what_its_price_says(lost):
    """The price of an outage is the sum over its hours of the duals of their balance."""
    duals = lost.outcome.duals("grid_outage.critical_load_is_carried").sum(axis=(2, 3))
    prices = lost.tables["prices"]
    rows = prices[prices["requirement"] == "grid_outage"]
    for row in rows.to_dict("records"):
        y = (2032, 2036).index(row["year"])
        assert row["shadow_price"] == pytest.approx(-duals[0, y] / lost.outcome.year_weight[y] / 1000)


def test_the_answer_says_what_the_plan_lives_through(lost):
    (told,) = [sentence for sentence in answer(lost.run) if sentence.startswith("The plan lives through")]
    assert "the loss of the gas trunk" in told
    assert "48 h without the grid from any hour on" in told
    assert "the 5 coldest days in a row" in told
    assert "80 % of the load" in told


ON_LIQUID = """
extends: {base}
name: on-liquid
horizon: {{years: [2032, 2036], days: 4, resolution_h: 24, final_span_years: 10}}
sites:
  piketon:
    load_ramp_mw: {{2032: 1000}}
    gas: {{trunk: false, dual_fuel: {{}}}}
    technologies: {{combined_cycle: {{}}, gas_engine: {{capacity_min_mw: 50}}, fuel_cell: {{capacity_min_mw: 20}}}}
requirements: {{survive_trunk_loss: true, critical_share: 0.7}}
"""


@pytest.fixture(scope="module")
def on_liquid(tmp_path_factory):
    return solve(ON_LIQUID, tmp_path_factory.mktemp("on-liquid"))


def test_distillate_carries_the_load_without_the_trunk(on_liquid):
    checks = on_liquid.checks().set_index("check")
    assert checks["passed"].all(), checks.loc[~checks["passed"], "sentence"].tolist()
    energised = on_liquid.tables["load"].set_index("year")["energised_mw"]
    row = on_liquid.tables["reliability"].set_index("year").loc[LAST]
    assert row["needed_mw"] == pytest.approx(0.7 * energised[LAST])
    assert row["carried_mw"] == pytest.approx(row["needed_mw"], rel=1e-4)
    kept = [on_liquid.outcome.values(f"common_mode.kept_{name}_mw")[0, 1] for name in ("combined_cycle", "gas_engine")]
    assert sum(kept) > 0


def test_less_distillate_than_the_plan_counted_on_is_missed(on_liquid):
    run = Spoilt.of(on_liquid.system, on_liquid.tables)
    run.add("gas_supply", "firm_liquid_mmbtu_per_h", -100.0, site=PIKETON, year=LAST)
    assert "gas_trunk_is_survived" in failed(on_liquid, run)
