"""Checks of uptime hold for a plan that was tightened until its replay agreed, and fail alone for a spoilt one."""

from __future__ import annotations

import numpy as np
import pytest
from tests.results.conftest import BASE, Solved
from tests.results.spoilt import Spoilt

from gigasite.results.outcome import Outcome
from gigasite.results.tables import make_tables
from gigasite.run.agreement import solve_in_agreement
from gigasite.run.solve_run import assemble_file
from gigasite.run.uptime import solve_until_kept
from gigasite.solve.whole import SolverOptions

ASKED = """
extends: {base}
name: asked
horizon: {{years: [2032, 2036], resolution_h: 24, final_span_years: 10}}
sites:
  piketon:
    load_ramp_mw: {{2032: 200, 2036: 300}}
    gas: {{trunk: false}}
    technologies: {{gas_engine: {{}}}}
requirements: {{uptime: 0.999, reserve_margin: 0, units_lost: 0}}
"""
NAMES = {"credited_carries_the_need", "uptime_is_kept"}


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    file = tmp_path_factory.mktemp("asked") / "asked.yaml"
    file.write_text(ASKED.format(base=BASE), encoding="utf-8")
    _, system = assemble_file(file)

    def solve(arrays):
        return solve_in_agreement(system.with_feature("uptime", arrays), SolverOptions()), []

    kept = solve_until_kept(solve({}), solve, lambda _: None)
    outcome = Outcome(kept.solved.system, kept.solved.builder, kept.solved.solution)
    return Solved(outcome, make_tables(outcome) | dict(kept.tables), None)


def failed(solved, run):
    checks = solved.checks(run.system, run.tables)
    return set(checks.loc[~checks["passed"].astype(bool), "check"])


def test_a_plan_that_keeps_its_uptime_passes_both_checks(asked):
    checks = asked.checks()
    assert set(checks["check"]) >= NAMES
    assert checks.loc[~checks["passed"], "sentence"].tolist() == []


def test_the_rows_shape_the_plan(asked):
    assert (asked.outcome.duals("uptime.credited_carries_the_need") < 0).any()
    assert len(asked.tables["uptime_turns"]) > 1


def test_nothing_is_checked_where_no_uptime_is_asked_for(everything):
    assert not NAMES & set(everything.checks()["check"])


def test_a_need_that_is_not_met_fails_its_check(asked):
    run = Spoilt.of(asked.system, asked.tables)
    run.inputs("uptime", need_mw_per_mw=lambda need: 1.01 * need)
    assert failed(asked, run) == {"credited_carries_the_need"}


def test_hours_unserved_beyond_what_the_uptime_leaves_fail_their_check(asked):
    run = Spoilt.of(asked.system, asked.tables)
    run.add("replay", "unserved_hours_high_per_year", 8.0, site="piketon", year=2036)
    assert failed(asked, run) == {"uptime_is_kept"}


def test_a_year_that_was_not_replayed_fails_the_check(asked):
    run = Spoilt.of(asked.system, asked.tables)
    run.tables["replay"] = run.tables["replay"].iloc[:1]
    (sentence,) = asked.checks(run.system, run.tables).query("check == 'uptime_is_kept'")["sentence"]
    assert "year 2036" in sentence


def test_the_price_of_the_uptime_is_told(asked):
    prices = asked.tables["prices"]
    told = prices[prices["requirement"].str.startswith("uptime")]
    assert (told["shadow_price"] > 0).all()
    assert (told["worth_usd"] > 0).any()
    assert told["sentence"].str.startswith("One more MW of capacity that is there when load would go unserved").all()


def test_every_turn_is_shorter_of_the_uptime_than_the_next(asked):
    turns = asked.tables["uptime_turns"]
    assert turns["turn"].tolist() == list(range(1, len(turns) + 1))
    assert turns["availability_low"].iloc[-1] >= 0.999 > turns["availability_low"].iloc[0]
    assert turns["site_years_short"].iloc[-1] == 0
    assert (np.diff(turns["objective_usd"]) >= 0).all()
