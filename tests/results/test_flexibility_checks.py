"""Load that moves and load that gives way: checks and prices hold for a sound run and fail alone for a spoilt one."""

import numpy as np
import pytest
from tests.results.conftest import solve
from tests.results.spoilt import LAST, PIKETON, Spoilt

from gigasite.results.books import Books
from gigasite.results.sentences_flexibility import flexible_load
from gigasite.run.replay.stocks import Stocks

ASKED = """
extends: {base}
name: asked
horizon: {{years: [2032, 2036], resolution_h: 6, final_span_years: 10}}
sites:
  piketon:
    load_ramp_mw: {{2032: 1000}}
    gas: {{trunk: false}}
    grid:
      queue_year_firm: 2040
      flexible_connection: {{curtailed_share: 0.01, load_share: 0.6, headroom_share: 0.02, shed_price_usd_per_mwh: 30}}
    technologies:
      gas_engine: {{capacity_max_mw: 700}}
      grid_connection: {{}}
      solar: {{capacity_min_mw: 600}}
      flexible_load: {{}}
      shiftable_load: {{shift_share: 0.1, shift_window_h: 12, shift_price_usd_per_mwh: 1, shift_rebound: 0.02}}
"""
NAMES = {
    "shifted_load_is_made_good",
    "shifting_within_limits",
    "load_gives_way_within_its_share",
    "nonfirm_within_headroom",
}


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    return solve(ASKED, tmp_path_factory.mktemp("asked"))


def unpaid(run):
    """A little more is moved down in one hour than is made good; an import less keeps the balance."""
    run.hour("shiftable_load_shifted_down_mw", 20.0, step=30)
    run.hour("ghost_export_mw", 20.0, step=30)


def crowded(run):
    """Two hours of one window take more than the IT can, and it is made good at once."""
    for series in ("down", "up"):
        run.hour(f"shiftable_load_shifted_{series}_mw", 600.0 * (1.0 if series == "up" else 1 / 1.02), step=31)
    run.hour("ghost_output_mw", 600.0 * (1 - 1 / 1.02), step=31)


def eager(run):
    """More gives way in every hour than the plan had curtailed."""
    run.hour("flexible_connection_shed_mw", 900.0, step=slice(None))
    run.hour("ghost_export_mw", 900.0, step=slice(None))


def wide(run):
    run.add("contract", "nonfirm_contract_mw", 200.0, site=PIKETON, year=LAST)


def failed(solved, run):
    checks = solved.checks(run.system, run.tables)
    return set(checks.loc[~checks["passed"].astype(bool), "check"])


def test_every_kind_of_flexible_load_is_checked_and_holds(asked):
    checks = asked.checks()
    assert set(checks["check"]) >= NAMES
    assert checks.loc[~checks["passed"], "sentence"].tolist() == []


def test_every_one_of_them_shapes_the_plan(asked):
    outcome = asked.outcome
    moved = outcome.values("shiftable_load.moved_mwh")
    assert moved.max() > 1
    assert outcome.values("flexible_connection.gives_way_mw").max() > 100
    assert outcome.values("flexible_connection.shed_mw").max() > 1


def test_load_that_moves_is_served_and_load_that_gives_way_is_not(asked):
    outcome, load = asked.outcome, asked.tables["load"]
    shed = sum(
        outcome.values(f"{name}.shed_mw").sum(axis=-1) * outcome.step_hours
        for name in ("flexible_load", "flexible_connection")
    )
    assert load["shed_mwh"].to_numpy() == pytest.approx(shed.ravel())
    left = load["load_mwh"] - load["unserved_mwh"] - load["shed_mwh"]
    assert load["served_mwh"].to_numpy() == pytest.approx(left.to_numpy())
    down, up = (outcome.values(f"shiftable_load.shifted_{way}_mw").sum(axis=-1) for way in ("down", "up"))
    np.testing.assert_allclose(up, 1.02 * down, rtol=1e-6)


def test_what_moves_and_what_gives_way_has_its_cost(asked):
    costs = asked.tables["costs"].groupby(["technology", "component"])["cost_usd_present_value"].sum()
    assert costs["shiftable_load", "load_shifting"] > 0
    assert costs["flexible_connection", "load_shedding"] > 0


def test_prices_are_told_in_words(asked):
    prices = asked.tables["prices"].set_index("requirement")["sentence"]
    assert "One more MW of headroom for the flexible connection at piketon in" in prices["flexible_headroom"].iloc[0]
    assert "One more per cent of the load that may be moved at piketon in" in prices["shift_share"].iloc[0]


def test_the_answer_says_what_gives_way_and_what_moves(asked):
    told = list(flexible_load(asked.run))
    assert told[0].startswith("From 2032 on a connection at piketon, 4")
    assert "may be curtailed for 88 hours a year" in told[0]
    assert "are moved to other hours of their window" in told[1]


def test_a_replay_counts_on_the_load_that_gives_way(asked):
    stock = Stocks.of(Books(asked.system, asked.tables)).at(PIKETON, LAST)
    wanted = 1000.0 * asked.system.context.place(PIKETON).load_mw_per_mw
    stops = wanted - stock.load_mw
    assert (stops > 1).sum() == 88  # 1 % of 8,760 h, the last of them in part
    assert stops.max() == pytest.approx(457.709, rel=1e-4)  # the connection; 0.6 of the load is more
    assert stock.shed_mw == pytest.approx(np.minimum(0.1 * wanted, stock.load_mw))


def test_nothing_is_checked_that_nobody_asks_for(everything):
    assert not NAMES & set(everything.checks()["check"])


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        ("shifted_load_is_made_good", unpaid),
        ("shifting_within_limits", crowded),
        ("load_gives_way_within_its_share", eager),
        ("nonfirm_within_headroom", wide),
    ],
)
def test_spoilt_run_fails_its_check(asked, name, spoil):
    run = Spoilt.of(asked.system, asked.tables)
    spoil(run)
    assert name in failed(asked, run)
    assert not (NAMES - {name}) & failed(asked, run)
