"""Clauses of a grid contract in the results: recomputed without the model, told in words, with their prices."""

import numpy as np
import pandas as pd
import pytest
from tests.results.conftest import solve
from tests.results.spoilt import LAST, PIKETON, Spoilt

from gigasite.results.grid_terms import monthly_peaks
from gigasite.results.sentences import answer

SIGNED = """
extends: {base}
name: signed
horizon: {{years: [2032, 2034, 2036], days: 24, resolution_h: 6, final_span_years: 10}}
sites:
  piketon:
    load_ramp_mw: {{2032: 600, 2036: 1000}}
    gas: {{trunk: false}}
    technologies: {{gas_engine: {{capacity_max_mw: 500}}, grid_connection: {{}}, battery: {{}}}}
    grid:
      contracts: [{{from_year: 2031, to_year: 2033, firm_mw: 300, nonfirm_mw: 100, floor_mw: 240}}]
      contract_ramp_mw_per_year: 40
      demand_ratchet_share: 0.95
      contribution_usd_per_kw: 30
  abilene:
    load_ramp_mw: {{2032: 200}}
    gas: {{trunk: false}}
    technologies: [grid_connection, gas_engine]
    grid: {{transmission_charge: 12cp, minimum_billing_demand_share: 0.9}}
"""


@pytest.fixture(scope="module")
def signed(tmp_path_factory):
    return solve(SIGNED, tmp_path_factory.mktemp("signed"))


def told(solved, table, site=PIKETON):
    frame = solved.tables[table]
    return frame[frame["site"] == site]


def given(run):
    """Part of the firm megawatts becomes non-firm."""
    run.add("contract", "firm_contract_mw", -50.0, site=PIKETON, year=2032)
    run.add("contract", "nonfirm_contract_mw", 50.0, site=PIKETON, year=2032)
    run.inputs("grid_connection", nonfirm_max_mw=lambda values: values + 50.0, capacity_charge_usd_per_mw=np.zeros_like)
    run.tables["costs"].loc[run.tables["costs"]["component"] == "grid_capacity", "cost_usd_present_value"] = 0.0


def ratchet(run):
    run.inputs("grid_connection", demand_ratchet_share=lambda values: 1.0 + 0.0 * values)


def peaks(run):
    """The minimum would have been all of the contract and more."""
    run.inputs("grid_connection", minimum_billing_demand=lambda values: 2.0 * values)


def rise(run):
    """The ramp of the scenario was smaller than the one the plan was made with."""
    place = run.system.context.place(PIKETON)
    slower = place.settings.grid.model_copy(update={"contract_ramp_mw_per_year": 10.0})
    object.__setattr__(place, "settings", place.settings.model_copy(update={"grid": slower}))


def failed(solved, run):
    checks = solved.checks(run.system, run.tables)
    return set(checks.loc[~checks["passed"].astype(bool), "check"])


def test_sound_run_passes_every_check(signed):
    checks = signed.checks()
    assert checks.loc[~checks["passed"].astype(bool), "sentence"].tolist() == []
    asked = {"contracts_are_as_given", "contract_rises_within_ramp", "coincident_demand_is_charged"}
    assert asked <= set(checks["check"])


@pytest.mark.parametrize(
    ("name", "corruption"),
    [("billed_demand_covers_peaks", ratchet), ("coincident_demand_is_charged", peaks)],
)
def test_corruption_makes_exactly_its_check_fail(signed, name, corruption):
    spoilt = Spoilt.of(signed.system, signed.tables)
    corruption(spoilt)
    assert failed(signed, spoilt) == {name}


def test_a_contract_that_is_not_the_given_one_is_found(signed):
    spoilt = Spoilt.of(signed.system, signed.tables)
    given(spoilt)
    assert "contracts_are_as_given" in failed(signed, spoilt)


def test_a_contract_that_rises_faster_than_its_ramp_is_found(signed, monkeypatch):
    spoilt = Spoilt.of(signed.system, signed.tables)
    place = spoilt.system.context.place(PIKETON)
    before = place.settings
    try:
        rise(spoilt)
        assert failed(signed, spoilt) == {"contract_rises_within_ramp"}
    finally:
        object.__setattr__(place, "settings", before)


def test_every_month_tells_its_meter_its_floor_its_ratchet_and_which_of_them_is_billed(signed):
    billed = told(signed, "billed_demand").set_index(["year", "month"])
    hourly = signed.tables["hourly"][PIKETON, LAST]["grid_connection_import_mw"].to_numpy()
    ratio = signed.system.features["grid_connection"]["peak_ratio"].values[0]
    month = signed.system.context.time.month
    metered = [float((ratio * hourly)[month == number].max()) for number in range(1, 13)]
    assert billed.loc[LAST, "metered_mw"].tolist() == pytest.approx(metered, abs=0.01)
    assert billed.loc[LAST, "ratchet_mw"].tolist() == pytest.approx([0.95 * max(metered)] * 12, abs=0.01)
    assert billed.loc[2032, "floor_mw"].tolist() == pytest.approx([240.0] * 12)
    least = billed[["metered_mw", "floor_mw", "ratchet_mw"]].max(axis=1)
    assert billed["billed_mw"].tolist() == pytest.approx(least.tolist(), rel=1e-4, abs=0.02)
    assert "ratchet" in set(billed["billed_for"])


def test_the_contract_tells_what_holds_it(signed):
    contract = told(signed, "contract").set_index("year")
    assert contract.loc[2032, ["firm_contract_mw", "nonfirm_contract_mw"]].tolist() == pytest.approx([300.0, 100.0])
    assert contract["contract_held_by"].tolist()[0] == "given"
    assert contract.loc[2034, "rise_limit_mw"] == pytest.approx(440.0)  # the block ends in 2033: one year at 40 MW
    assert contract.loc[LAST, "rise_limit_mw"] == pytest.approx(contract.loc[2034, "contract_mw"] + 80.0)
    at_ramp = np.isclose(contract["contract_mw"], contract["rise_limit_mw"])
    assert (contract["contract_held_by"] == "ramp").tolist() == at_ramp.tolist()
    assert at_ramp.any()
    bounds = signed.tables["capacity"].set_index(["site", "technology", "year"])["bound"]
    assert bounds[PIKETON, "grid_connection", 2032] == "given"
    assert bounds[PIKETON, "grid_connection", LAST] == "held by the ramp of its contract"


def test_demand_at_the_coincident_peaks_is_what_is_seen_or_the_minimum(signed):
    contract = told(signed, "contract", "abilene").set_index("year")
    weight = signed.system.features["grid_connection"]["coincident_weight"].values[1, 2]
    hourly = signed.tables["hourly"]["abilene", LAST]["grid_connection_import_mw"].to_numpy()
    expected = max(float(weight @ hourly), 0.9 * contract.loc[LAST, "contract_mw"])
    assert weight.sum() == pytest.approx(1.0)
    assert contract.loc[LAST, "coincident_mw"] == pytest.approx(expected, abs=0.01)


def test_floor_ratchet_and_ramp_have_a_price_and_a_sentence(signed):
    prices = signed.tables["prices"]
    kinds = prices[prices["requirement"].isin(["demand_floor", "demand_ratchet", "contract_ramp"])]
    assert {"demand_ratchet", "contract_ramp"} <= set(kinds["requirement"])
    assert (kinds["shadow_price"] > 0).all()
    said = " ".join(kinds["sentence"])
    assert "One MW less of the demand that the ratchet bills at piketon in" in said
    assert "One more MW by which the grid contract at piketon may rise up to" in said


def test_the_answer_says_what_is_billed_for_and_when_the_ramp_holds(signed):
    said = answer(signed.run)
    months = signed.tables["billed_demand"]["billed_for"].value_counts()
    (billed,) = [sentence for sentence in said if "months of demand billed by the grid" in sentence]
    assert f"the ratchet sets {months['ratchet']}" in billed
    assert any(sentence.startswith("The grid contract rises as fast as its ramp allows in") for sentence in said)


def test_the_price_of_the_ramp_is_what_a_faster_one_saves(signed, tmp_path):
    faster = solve(SIGNED.replace("contract_ramp_mw_per_year: 40", "contract_ramp_mw_per_year: 40.5"), tmp_path)
    saved = signed.outcome.solution.objective_usd - faster.outcome.solution.objective_usd
    prices = signed.tables["prices"]
    rows = prices[prices["requirement"] == "contract_ramp"].set_index("year")["shadow_price"]
    predicted = 0.5 * sum(rows.get(year, 0.0) * years for year, years in ((2034, 1), (2036, 2)))
    assert saved > 0
    assert saved == pytest.approx(predicted, rel=0.05)
    assert saved <= predicted * (1 + 1e-3)


def test_a_contribution_is_a_cost_of_its_own_and_counts_as_capital(signed):
    costs = signed.tables["costs"]
    paid = costs[costs["component"] == "grid_contribution"]["cost_usd_present_value"].sum()
    grid = told(signed, "grid").groupby("year")["new_step_mw"].sum()
    rate = signed.system.context.time.discount_rate_real
    expected = sum(30_000 * mw * (1 + rate) ** -(year - 2026) for year, mw in grid.items())
    assert paid == pytest.approx(expected, rel=1e-6)


def test_a_month_without_a_modelled_day_has_metered_nothing():
    assert monthly_peaks(np.array([[1.0, 4.0]]), np.array([2, 2])).tolist() == [[0.0, 4.0, *[0.0] * 10]]


def test_runs_without_these_columns_are_still_answered(signed):
    old = {
        "billed_demand": signed.tables["billed_demand"][["site", "year", "month", "billed_mw"]],
        "contract": signed.tables["contract"].drop(columns=["contract_held_by"]),
    }

    class Old:
        def __init__(self, run):
            self.run = run

        def __getattr__(self, name):
            return getattr(self.run, name)

        def table(self, name):
            return old[name] if name in old else self.run.table(name)

    assert isinstance(old["contract"], pd.DataFrame)
    assert not [said for said in answer(Old(signed.run)) if "billed by the grid" in said]


def test_a_contract_without_a_ramp_is_not_held_by_one(everything):
    assert set(everything.tables["contract"]["contract_held_by"]) == {""}
    assert everything.tables["contract"]["rise_limit_mw"].isna().all()
