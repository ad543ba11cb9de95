"""Tax credits in the tables and in words; their checks and costs fail for a spoilt run."""

from __future__ import annotations

import pytest
from tests.results.conftest import Solved, solve
from tests.results.spoilt import Spoilt, times

from gigasite.results.sentences import answer

CREDITED = """
extends: {base}
name: credited
horizon: {{years: [2032, 2036], days: 4, resolution_h: 6, final_span_years: 10}}
requirements: {{units_lost: 0, build_slots: false, tax_credits: true, existing_nuclear_sites: [lasting],
  existing_nuclear_receipts_usd_per_mwh: 30}}
sites:
  piketon:
    load_ramp_mw: {{2032: 500, 2036: 900}}
    gas: {{trunk: false}}
    technologies:
      small_modular_reactor: {{earliest_year: 2032, capex_usd_per_kw: 2000, capacity_min_mw: 300}}
      combined_cycle: {{machine_class: h_class_2x1_ccs95, earliest_year: 2032, construction_months: 12,
        capacity_min_mw: 100}}
      battery: {{capacity_min_mw: 50}}
      gas_turbine: {{}}
  lasting:
    like: piketon
    load_ramp_mw: {{2032: 100}}
    technologies: {{large_reactor: {{earliest_year: 2032, capacity_mw: 110, capex_usd_per_kw: 0}}}}
"""
LAST = 2036


@pytest.fixture(scope="module")
def credited(tmp_path_factory: pytest.TempPathFactory) -> Solved:
    return solve(CREDITED, tmp_path_factory.mktemp("credited"))


def failed(solved: Solved, run: Spoilt) -> set[str]:
    checks = solved.checks(run.system, run.tables)
    return set(checks.loc[~checks["passed"].astype(bool), "check"])


def test_every_check_passes(credited: Solved) -> None:
    checks = credited.checks()
    assert checks.loc[~checks["passed"].astype(bool), "sentence"].tolist() == []
    assert {"credited_energy_is_put_out", "credits_exclude_each_other"} <= set(checks["check"])


def test_without_credits_nothing_is_checked_and_the_table_is_empty(everything: Solved) -> None:
    assert not {"credited_energy_is_put_out", "credits_exclude_each_other"} & set(everything.checks()["check"])
    assert len(everything.tables["tax_credits"]) == 0


def test_every_credit_stands_in_the_table(credited: Solved) -> None:
    table = credited.tables["tax_credits"]
    assert set(zip(table["technology"], table["credit"], strict=True)) == {
        ("small_modular_reactor", "45y"),  # what runs
        ("small_modular_reactor", "48e"),  # what stands in reserve
        ("combined_cycle", "45q"),
        ("battery", "48e"),
        ("large_reactor", "45u"),
    }
    # 45U ends with 2032, the first calendar year of the first modelled one
    assert set(table.loc[table["credit"] == "45u", "year"]) == {2032}


def test_credits_stand_beside_the_cost_of_supply(credited: Solved) -> None:
    costs = credited.tables["costs"]
    credited_usd = costs.loc[costs["component"] == "tax_credit", "cost_usd_present_value"]
    supply = credited.tables["summary"]["present_value_usd"].item()
    rest = costs.loc[~costs["component"].isin(["tax_credit", "idle_load", "unserved_energy"]), "cost_usd_present_value"]
    assert (credited_usd < 0).all()
    assert supply == pytest.approx(rest.sum(), rel=1e-9)


def test_more_energy_than_was_put_out_fails_its_check(credited: Solved) -> None:
    run = Spoilt.of(credited.system, credited.tables)
    run.add("tax_credits", "credited_mwh", 5e6, technology="combined_cycle", vintage=2032, year=2032)
    assert "credited_energy_is_put_out" in failed(credited, run)


def test_a_megawatt_with_both_credits_fails_its_check(credited: Solved) -> None:
    run = Spoilt.of(credited.system, credited.tables)
    row = {"site": "piketon", "technology": "small_modular_reactor", "credit": "48e", "vintage": 2032, "year": 2032}
    run.tables["tax_credits"].loc[len(run.tables["tax_credits"])] = {
        **row, "credited_mw": 50.0, "credited_energy_mwh": 0.0, "credited_mwh": float("nan")
    }  # fmt: skip
    assert "credits_exclude_each_other" in failed(credited, run)


@pytest.mark.parametrize(
    "key",
    [
        "investment_share__battery",
        "value_usd_per_mwh__45y__small_modular_reactor",
        "value_usd_per_mwh__45q__combined_cycle",
        "value_usd_per_mwh__45u__large_reactor",
    ],
)
def test_another_amount_fails_the_check_of_costs(credited: Solved, key: str) -> None:
    run = Spoilt.of(credited.system, credited.tables)
    run.inputs("tax_credits", **{key: times(1.5)})
    assert failed(credited, run) == {"costs_follow_from_quantities"}


def test_the_answer_tells_them_apart_from_the_cost(credited: Solved) -> None:
    (told,) = [sentence for sentence in answer(credited.run) if "tax credits" in sentence]
    assert told.startswith("Beside this cost, tax credits pay ")
    for words in (
        "small modular reactor (45Y and 48E)",
        "combined cycle (45Q)",
        "battery (48E)",
        "large reactor (45U)",
    ):
        assert words in told
