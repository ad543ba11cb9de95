"""Clean share, minimum take and ramping: their checks hold for a sound run and fail alone for a spoilt one."""

import numpy as np
import pytest
from tests.results.conftest import solve
from tests.results.spoilt import LAST, PIKETON, Spoilt

ASKED = """
extends: {base}
name: asked
horizon: {{years: [2032, 2036], days: 6, resolution_h: 2, final_span_years: 10}}
sites:
  piketon:
    load_ramp_mw: {{2032: 1000}}
    gas: {{trunk: false}}
    technologies:
      combined_cycle: {{capacity_mw: 300}}
      gas_engine: {{}}
      solar: {{capacity_min_mw: 1000}}
      grid_connection: {{capacity_mw: 200}}
      battery: {{}}
requirements:
  clean_share: {{2036: 0.5}}
  grid_emitting_share: 0.6
  minimum_take_share: 0.95
  ramp_share_per_hour: {{combined_cycle: 0.05}}
"""
NAMES = {"clean_share_is_kept", "minimum_take_is_taken_or_paid", "output_ramps_within_limits"}


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    return solve(ASKED, tmp_path_factory.mktemp("asked"))


def clean(run):
    """A little more from gas and as much exported, in every hour."""
    run.hour("gas_engine_output_mw", 5.0, step=slice(None))
    run.hour("ghost_export_mw", 5.0, step=slice(None))


def take(run):
    """Nobody pays for what was not taken; the price of it is nothing, so that no cost is missed."""
    run.add("contract", "take_short_mwh", -5000.0, site=PIKETON, year=LAST)
    run.add("costs", "cost_usd_present_value", 0.0, component="grid_energy")


def ramp(run):
    """One step higher and the next lower, which leaves the energy of the year as it was."""
    run.hour("combined_cycle_output_mw", -60.0, step=10)
    run.hour("combined_cycle_output_mw", 60.0, step=11)
    run.hour("ghost_output_mw", 60.0, step=10)
    run.hour("ghost_export_mw", 60.0, step=11)


def failed(solved, run):
    checks = solved.checks(run.system, run.tables)
    return set(checks.loc[~checks["passed"].astype(bool), "check"])


def test_every_requirement_that_is_asked_for_is_checked_and_holds(asked):
    checks = asked.checks()
    assert set(checks["check"]) >= NAMES
    assert checks.loc[~checks["passed"], "sentence"].tolist() == []


def test_every_one_of_them_shapes_the_plan(asked):
    outcome = asked.outcome
    assert outcome.duals("clean_share.emitting_at_most_allowed")[1] != 0
    assert outcome.values("minimum_take.short_mwh").max() > 0
    output = outcome.values("combined_cycle.output_mw")[0]
    assert np.abs(output - np.roll(output, 1, axis=-1)).max() == pytest.approx(0.05 * 2 * 300, rel=1e-6)


def test_nothing_is_checked_that_nobody_asks_for(everything):
    assert not NAMES & set(everything.checks()["check"])


@pytest.mark.parametrize(
    ("name", "spoil"),
    [("clean_share_is_kept", clean), ("minimum_take_is_taken_or_paid", take), ("output_ramps_within_limits", ramp)],
)
def test_spoilt_run_fails_its_check(asked, name, spoil):
    run = Spoilt.of(asked.system, asked.tables)
    spoil(run)
    assert name in failed(asked, run)
    assert not (NAMES - {name}) & failed(asked, run)


def test_price_of_the_clean_share_is_told(asked):
    prices = asked.tables["prices"]
    row = prices[prices["requirement"] == "clean_share"].iloc[0]
    assert (row["site"], row["year"], row["unit"]) == ("all sites", 2036, "USD/MWh")
    assert row["shadow_price"] > 0
    assert row["worth_usd"] > 0
    assert row["sentence"].startswith("One more MWh from supply that emits allowed in 2036 would save about ")


def test_energy_not_taken_stands_beside_the_contract(asked):
    contract = asked.tables["contract"].set_index(["site", "year"])
    assert contract.loc[(PIKETON, LAST), "take_short_mwh"] == pytest.approx(
        asked.outcome.values("minimum_take.short_mwh")[0, 1]
    )
