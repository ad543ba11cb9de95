"""Permits and the clean share by the hour: checks hold for a sound run, fail alone for a spoilt one; words, tables."""

import numpy as np
import pytest
from tests.results.conftest import solve
from tests.results.spoilt import LAST, PIKETON, Spoilt, times

from gigasite.results.sentences import answer

UNDER_PERMITS = """
extends: {base}
name: under-permits
horizon: {{years: [2032, 2036], days: 6, resolution_h: 2, final_span_years: 10}}
sites:
  piketon:
    load_ramp_mw: {{2032: 300}}
    gas: {{trunk: false}}
    technologies:
      combined_cycle: {{cooling: dry}}
      gas_turbine: {{}}
      small_modular_reactor: {{}}
      solar: {{}}
      battery: {{}}
      backup_generator: {{capacity_mw: 20}}
    permits:
      nox_t_per_year: {{2032: 150, 2036: 10}}
      co2_t_per_year: 2.0e+6
      water_m3_per_year: 3.0e+6
      water_withdrawal_m3_per_year: 5.0e+6
      land_ha: 500
      backup_run_h_per_year: 100
requirements:
  units_lost: 0
  clean_share_hourly: {{2036: 0.9}}
  co2_price_usd_per_t: {{2032: 10, 2036: 50}}
"""
KEPT, HOURLY = "permits_are_kept", "clean_share_hourly_is_kept"


@pytest.fixture(scope="module")
def permitted(tmp_path_factory):
    return solve(UNDER_PERMITS, tmp_path_factory.mktemp("permitted"))


def failed(solved, run):
    checks = solved.checks(run.system, run.tables)
    return checks.loc[~checks["passed"].astype(bool)].set_index("check")["sentence"].to_dict()


def nox(run):
    run.inputs("gas_turbine", nox_t_per_mwh=times(1e3))
    run.inputs("combined_cycle", nox_t_per_mwh=times(1e3))


def co2(run):
    run.inputs("combined_cycle", co2_t_per_mwh=times(1e4))
    run.inputs("gas_turbine", co2_t_per_mwh=times(1e4))


def water(run):
    run.inputs("small_modular_reactor", water_m3_per_mwh=times(1e3))


def withdrawal(run):
    run.inputs("small_modular_reactor", water_withdrawal_m3_per_mwh=times(1e3))


def land(run):
    run.inputs("solar", land_m2_per_mw=times(1.1))


def backup(run):
    """Half of it in every hour, and as much taken away."""
    run.hour("backup_generator_output_mw", 10.0, step=slice(None))
    run.hour("ghost_export_mw", 10.0, step=slice(None))


def test_permits_and_the_clean_share_are_checked_and_hold(permitted):
    checks = permitted.checks()
    assert {KEPT, HOURLY} <= set(checks["check"])
    assert checks.loc[~checks["passed"], "sentence"].tolist() == []


def test_nothing_is_checked_that_nobody_asks_for(everything):
    assert not {KEPT, HOURLY} & set(everything.checks()["check"])


@pytest.mark.parametrize(
    ("key", "spoil"),
    [
        ("nox_t_per_year", nox),
        ("co2_t_per_year", co2),
        ("water_m3_per_year", water),
        ("water_withdrawal_m3_per_year", withdrawal),
        ("land_ha", land),
        ("backup_run_h_per_year", backup),
    ],
)
def test_a_permit_that_is_passed_is_told(permitted, key, spoil):
    run = Spoilt.of(permitted.system, permitted.tables)
    spoil(run)
    told = failed(permitted, run)
    assert told[KEPT].startswith(f"{key} is passed by ")
    assert HOURLY not in told


def test_a_clean_share_that_is_missed_is_told(permitted):
    run = Spoilt.of(permitted.system, permitted.tables)
    frame = run.tables["hourly"][PIKETON, LAST]
    clean = [name for name in frame if name in ("small_modular_reactor_output_mw", "solar_output_mw")]
    for name in clean:
        frame["gas_turbine_output_mw"] = frame["gas_turbine_output_mw"] + 0.01 * frame[name]
        frame[name] = 0.99 * frame[name]
    told = failed(permitted, run)
    assert "misses its share" in told[HOURLY]


def test_a_store_that_takes_other_power_is_told(permitted):
    run = Spoilt.of(permitted.system, permitted.tables)
    efficiency = float(run.system.features["battery"]["efficiency_one_way"].values[0])
    run.hour("battery_charge_mw", 5000.0)
    run.hour("battery_discharge_mw", 5000.0 * efficiency**2, step=4)
    run.hour("gas_turbine_output_mw", 5000.0)
    run.hour("gas_turbine_output_mw", -5000.0 * efficiency**2, step=4)
    assert HOURLY in failed(permitted, run)


def test_the_table_of_burdens_agrees_with_energy_and_capacity(permitted):
    tables = permitted.tables
    burdens = tables["environment"].set_index(["burden", "year"])["amount"]
    energy = tables["energy"].groupby("year")[["nox_t", "co2_t", "water_m3", "water_withdrawn_m3"]].sum()
    for burden, column in (
        ("nox", "nox_t"),
        ("co2", "co2_t"),
        ("water", "water_m3"),
        ("water_withdrawal", "water_withdrawn_m3"),
    ):
        assert burdens[burden].to_numpy() == pytest.approx(energy[column].to_numpy(), rel=1e-9)
    served = tables["load"].set_index("year")["served_mwh"]
    assert burdens["campus_water"].to_numpy() == pytest.approx(0.3656 * served.to_numpy(), rel=1e-9)
    assert burdens["land"].iloc[-1] * 1e4 == pytest.approx(tables["summary"]["land_m2"].item(), rel=1e-9)


def test_a_permit_is_never_passed_and_its_price_is_told_where_it_binds(permitted):
    table = permitted.tables["environment"].dropna(subset=["permit_limit"])
    assert len(table) == 12
    assert (table["amount"] <= table["permit_limit"] * (1 + 1e-6)).all()
    priced = table[table["shadow_price"] > 0]
    assert len(priced)
    assert priced["amount"].to_numpy() == pytest.approx(priced["permit_limit"].to_numpy(), rel=1e-6)
    prices = permitted.tables["prices"]
    told = prices[prices["requirement"].str.startswith("permit_")]
    assert len(told) == len(priced)
    assert all(sentence.startswith("One more ") for sentence in told["sentence"])


def test_a_price_of_carbon_follows_its_path(permitted):
    costs = permitted.tables["costs"]
    paid = costs[costs["component"] == "co2"].groupby("year")["cost_usd_present_value"].sum()
    tonnes = permitted.tables["energy"].groupby("year")["co2_t"].sum()
    weight = permitted.system.context.time.year_weight
    assert paid.to_numpy() == pytest.approx(tonnes.to_numpy() * np.array([10.0, 50.0]) * weight, rel=1e-6)


def test_the_answer_tells_what_is_used_up_and_how_clean_the_hours_are(permitted):
    said = " ".join(answer(permitted.run))
    assert "Permits used up at piketon: NOx in 2032 and 2036" in said
    score = permitted.tables["clean_energy"].set_index("year").loc[LAST, "clean_share_hourly"]
    assert f"{100 * score:.1f} % counted hour by hour (24/7)" in said
    assert score == pytest.approx(0.9, rel=1e-6)


def test_the_answer_says_nothing_of_permits_where_there_are_none(everything):
    assert not [sentence for sentence in answer(everything.run) if "ermit" in sentence or "24/7" in sentence]
