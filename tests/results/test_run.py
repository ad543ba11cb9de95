"""A run reads back what was written, and sums itself up for machines and notebooks."""

import json

import pandas as pd
import pytest

from gigasite.results.run import plain_json

JSON_KEYS = [
    "scenario",
    "run",
    "status",
    "gap",
    "present_value_usd",
    "levelised_cost_usd_per_mwh",
    "overnight_capex_usd",
    "announced_capex_usd",
    "energised_mw",
    "capacity_mw",
    "energy_mwh",
    "co2_t",
    "idle_mw_years",
    "unserved_mwh",
    "resolution_h",
    "method",
    "solve_seconds",
    "total_seconds",
    "checks_passed",
    "futures",
]
TABLES = ("summary", "costs", "capacity", "energy", "load", "demand", "cash_flow", "prices", "breakeven", "checks")


@pytest.mark.parametrize("name", TABLES)
def test_table_reads_back_as_it_was_made(everything, name):
    made, read = everything.tables[name], getattr(everything.run, name)
    pd.testing.assert_frame_equal(read, made, check_dtype=False)


def test_hours_read_back_as_they_were_made(everything):
    read = everything.run.hourly("piketon", 2036)
    pd.testing.assert_frame_equal(read, everything.tables["hourly"]["piketon", 2036])
    assert everything.run.hourly("abilene").equals(everything.run.hourly("abilene", 2036))


def test_json_summary_has_exactly_the_agreed_keys(everything):
    assert list(everything.run.json_summary()) == JSON_KEYS


def test_json_summary_is_plain_json(everything, unserved):
    for run in (everything.run, unserved.run):
        again = json.loads(json.dumps(run.json_summary(), allow_nan=False))
        assert again == run.json_summary()


def test_json_summary_says_what_the_tables_say(waiting):
    summary, load = waiting.run.json_summary(), waiting.tables["load"]
    assert summary["energised_mw"] == {
        "2028": pytest.approx(load["energised_mw"].iloc[0]),
        "2032": pytest.approx(load["energised_mw"].iloc[1]),
    }
    assert summary["capacity_mw"] == {"gas_turbine": 800.0}
    assert summary["energy_mwh"] == {"gas_turbine": pytest.approx(load["served_mwh"].iloc[1])}
    assert summary["announced_capex_usd"] == pytest.approx(800e3 * 3619.565217)
    assert summary["checks_passed"] is True


def test_json_summary_counts_no_pipe_as_megawatts(everything):
    assert "gas_trunk" not in everything.run.json_summary()["capacity_mw"]


def test_run_that_failed_a_check_says_so(unserved):
    assert unserved.run.json_summary()["checks_passed"] is False
    assert not unserved.run.checks_passed


def test_notebook_shows_the_answer_and_the_capacity(everything):
    html = everything.run._repr_html_()
    assert "Four sites with one of everything" in html
    assert "<td>" in html
    assert "gas_turbine" in html


def test_scenario_reads_back_with_its_defaults(everything):
    assert everything.run.settings["horizon"]["years"] == [2032, 2036]
    assert everything.run.settings["requirements"]["reserve_margin"] == 0.10


def test_what_is_no_plain_value_becomes_text():
    assert plain_json({"path": object}) == {"path": "<class 'object'>"}
