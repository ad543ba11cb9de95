"""Bridge power in the tables and in words; its check and its costs fail alone for a spoilt run."""

from __future__ import annotations

from typing import Any

import pytest
from tests.results.conftest import Solved, solve
from tests.results.spoilt import Spoilt, times

from gigasite.results.sentences import answer

BRIDGED = """
extends: {base}
name: bridged
horizon: {{years: [2028, 2029, 2030], days: 2, resolution_h: 24, final_span_years: 10}}
requirements: {{units_lost: 0, build_slots: false}}
sites:
  piketon:
    load_ramp_mw: {{2028: 300}}
    gas: {{trunk: false}}
    technologies:
      bridge_power: {{}}
      gas_turbine: {{earliest_year: 2030}}
"""


@pytest.fixture(scope="module")
def bridged(tmp_path_factory: pytest.TempPathFactory) -> Solved:
    return solve(BRIDGED, tmp_path_factory.mktemp("bridged"))


def failed(solved: Solved, run: Spoilt) -> set[str]:
    checks = solved.checks(run.system, run.tables)
    return set(checks.loc[~checks["passed"].astype(bool), "check"])


def rows(solved: Solved, **where: Any) -> Any:
    capacity = solved.tables["capacity"]
    return capacity[capacity["technology"] == "bridge_power"].set_index("year")


def test_it_comes_stays_and_goes(bridged: Solved) -> None:
    table = rows(bridged)
    assert table.loc[2028, "new_mw"] == pytest.approx(table.loc[2028, "total_mw"], rel=1e-6)
    assert table.loc[2028, "total_mw"] > 300
    assert table.loc[2030, "retired_mw"] == pytest.approx(table.loc[2029, "total_mw"], rel=1e-6)
    assert table.loc[2030, "bound"] == "its permit does not hold"
    assert table.loc[2028, "machine_class"] == "mobile_engine"


def test_every_check_passes(bridged: Solved) -> None:
    checks = bridged.checks()
    assert checks.loc[~checks["passed"].astype(bool), "sentence"].tolist() == []
    assert "bridge_power_leaves_with_its_permit" in set(checks["check"])


def test_without_bridge_power_nothing_is_checked(everything: Solved) -> None:
    assert "bridge_power_leaves_with_its_permit" not in set(everything.checks()["check"])


def test_a_permit_that_is_shorter_fails_its_check(bridged: Solved) -> None:
    run = Spoilt.of(bridged.system, bridged.tables)
    context = run.system.context
    scenario = context.scenario
    site = scenario.sites["piketon"]
    options = site.technologies["bridge_power"].model_copy(update={"permit_years": 1})
    site = site.model_copy(update={"technologies": {**site.technologies, "bridge_power": options}})
    scenario.sites["piketon"], before = site, scenario.sites["piketon"]
    try:
        assert failed(bridged, run) == {"bridge_power_leaves_with_its_permit"}
    finally:
        scenario.sites["piketon"] = before


@pytest.mark.parametrize("price", ["rent_usd_per_mw", "mobilisation_usd_per_mw", "removal_usd_per_mw"])
def test_another_price_fails_the_check_of_costs(bridged: Solved, price: str) -> None:
    run = Spoilt.of(bridged.system, bridged.tables)
    run.inputs("bridge_power", **{price: times(1.5)})
    assert failed(bridged, run) == {"costs_follow_from_quantities"}


def test_the_answer_tells_when_it_comes_and_goes(bridged: Solved) -> None:
    (told,) = [sentence for sentence in answer(bridged.run) if sentence.startswith("Bridge power")]
    assert told.startswith("Bridge power at piketon from 2028 to 2029: up to ")
    assert "; in 2030 it has gone, and " in told
    assert told.endswith(" of gas turbine more are firm.")
