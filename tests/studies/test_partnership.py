"""A solved project under the terms of its partnership: the parts are the whole, and the price decides the year."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gigasite
from gigasite.finance.cash_flow import ProjectTerms
from gigasite.foundation.errors import InputError
from gigasite.results.run import Run
from gigasite.studies.finance_project import project_of
from gigasite.studies.partnership import PartnershipStudy, at_a_price, partnership, recovery_years
from gigasite.studies.partnership_cash import company_terms
from gigasite.studies.partnership_terms import Terms, terms_of

CENT = 0.01
PLANT = """\
extends: base.yaml
name: {name}
title: A plant of two countries
horizon: {{years: [2028, 2030], final_span_years: 20, resolution_h: 24, days: 4}}
sites:
  piketon:
    load_ramp_mw: {{2028: 400, 2030: 1000}}
    technologies:
      gas_turbine: {{cost_case: headline, capacity_mw: {{2028: 800, 2030: 2000}}}}
"""
TERMS = """\
partnership:
  investment_usd: 7.2e9
  calls: [{{date: "2026-03-20", share: 0.5}}, {{date: "2028-01-14", share: 0.5}}]
  developer_fee: {{exchange_date: "2026-03-19", cut: 0.99, payout_years: 15, target_mw: 2000}}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("partnership")


def solved(folder: Path, name: str, text: str) -> Run:
    (folder / f"{name}.yaml").write_text(text.format(name=name), encoding="utf-8")
    return gigasite.solve(folder / f"{name}.yaml", results=folder / "results")


@pytest.fixture(scope="module")
def run(folder: Path) -> Run:
    return solved(folder, "plant", PLANT + TERMS)


@pytest.fixture(scope="module")
def terms(run: Run) -> Terms:
    return terms_of(run)


@pytest.fixture(scope="module")
def company(run: Run, terms: Terms) -> ProjectTerms:
    return company_terms(project_of(run), terms)


@pytest.fixture(scope="module")
def study(run: Run) -> PartnershipStudy:
    return partnership(run, prices=[40, 90, 150, 250])


@settings(max_examples=25, deadline=None)
@given(price=st.floats(min_value=0.0, max_value=400.0))
def test_the_two_sides_are_the_project_in_every_year_to_a_cent(
    company: ProjectTerms, terms: Terms, price: float
) -> None:
    found = at_a_price(company, terms, price)
    both = found.shared.investor_net + found.shared.to_host
    assert np.abs(both - found.flow.project_usd.to_numpy()).max() < CENT
    for accounts in found.lenders.values():  # and those who lent to Japan are Japan
        assert np.abs(sum(accounts.net.values()) - found.shared.investor_net).max() < CENT


def test_all_parties_add_up_to_nothing_in_every_year(study: PartnershipStudy) -> None:
    sums = study.parties.groupby(["price_usd_per_mwh", "year"])["amount_usd_nominal"].sum()
    assert sums.abs().max() < CENT
    assert {"japan", "united_states", "developer", "state", "customer", "suppliers", "builders"} == set(
        study.parties["party"]
    )


def test_the_cash_of_a_year_by_hand(study: PartnershipStudy, run: Run) -> None:
    """2035 at 90 USD/MWh: what 2030 costs and serves, in money of 2035; no tax is due but on a fifth of income."""
    level = (
        float(
            run.cash_flow.loc[run.cash_flow["year"] == 2030, "amount_usd_nominal"].iloc[0]
            / run.cash_flow.loc[run.cash_flow["year"] == 2030, "amount_usd_real_2024"].iloc[0]
        )
        * 1.025**5
    )
    served = float(run.load.loc[run.load["year"] == 2030, "served_mwh"].iloc[0])
    costs = run.costs[(run.costs["year"] == 2030) & ~run.costs["component"].isin(["capital", "idle_load"])]
    fee = 1e12 / 158.7301587 * 0.01 / 15
    income = (90 * served - float(costs["cost_usd_per_year"].sum())) * level - fee
    expected = income * (1 - 0.2574 * 0.2)  # losses of the first years take away four fifths
    year = study.yearly[(study.yearly["price_usd_per_mwh"] == 90) & (study.yearly["year"] == 2035)].iloc[0]
    assert year["to_developer_usd"] == pytest.approx(fee, rel=1e-6)
    assert year["cash_available_usd"] == pytest.approx(expected, rel=1e-6)
    assert year["to_japan_usd"] == pytest.approx(year["to_united_states_usd"], rel=1e-12)


def test_money_is_called_before_plants_start_and_all_of_it(study: PartnershipStudy, company: ProjectTerms) -> None:
    one = study.yearly[study.yearly["price_usd_per_mwh"] == 90].set_index("year")
    assert one["called_usd"][one["called_usd"] > 0].to_dict() == pytest.approx({2026: 3.6e9, 2028: 3.6e9})
    assert sum(sum(phase.spending_usd.values()) for phase in company.phases) == pytest.approx(7.2e9, abs=CENT)
    assert study.calls["funds_by"].tolist() == ["2026-05-29", "2028-03-24"]


def test_recovery_comes_earlier_at_a_higher_price_and_later_with_interest(study: PartnershipStudy) -> None:
    table = study.recovery.set_index("price_usd_per_mwh")
    assert math.isnan(table["recovery_year"][40])
    assert table["recovery_moment"][250] < table["recovery_moment"][150]
    assert table["recovery_moment_with_interest"][250] > table["recovery_moment"][250]
    at_the_limit = partnership(study.run, prices=[study.least_price, study.least_price - 0.02]).recovery
    assert not math.isnan(at_the_limit["recovery_year"][0])
    assert math.isnan(at_the_limit["recovery_year"][1])


def test_recovery_is_when_what_japan_got_is_what_it_put_in(study: PartnershipStudy) -> None:
    row = study.recovery.set_index("price_usd_per_mwh").loc[150]
    one = study.yearly[study.yearly["price_usd_per_mwh"] == 150].set_index("year")
    year = int(row["recovery_year"])
    assert one["japan_cumulative_usd"][year - 1] < 0 <= one["japan_cumulative_usd"][year]
    part = row["recovery_moment"] - year
    before = one["japan_cumulative_usd"][year - 1] + 0.5 * part * one["cash_available_usd"][year]
    assert before == pytest.approx(0, abs=1.0)


def test_a_loss_is_japan_s(study: PartnershipStudy, run: Run) -> None:
    row = partnership(run, prices=[10]).recovery.iloc[0]
    assert row["shortfalls_usd"] > 0
    assert row["to_united_states_usd"] == 0
    assert row["japan_npv_usd"] < 0
    assert math.isnan(row["japan_irr"])


def test_what_the_scenario_says_wins_over_the_figures(terms: Terms) -> None:
    told = terms.table.set_index("term")
    assert told["value"]["investment"] == 7.2e9
    assert told["source"]["investment"] == "scenario plant"
    assert told["confidence"]["japan_share_before_recovery"] == "published"
    assert terms.fee_usd == pytest.approx(0.063e9, rel=1e-6)
    assert set(terms.loans) == {"low", "central", "high"}
    assert terms.loans["low"].policy_bank_share < terms.loans["high"].policy_bank_share


def test_a_scenario_that_counts_interest_gives_japan_more(folder: Path, study: PartnershipStudy) -> None:
    other = solved(folder, "interest", PLANT + TERMS + "  recover: principal_and_interest\n")
    principal, both = study.recovery.iloc[3], partnership(other, prices=[250]).recovery.iloc[0]
    assert both["recovery_moment"] == pytest.approx(principal["recovery_moment_with_interest"])
    assert both["to_japan_usd"] > principal["to_japan_usd"]


def test_years_of_recovery_are_those_of_the_study(study: PartnershipStudy) -> None:
    table, last = recovery_years(study.run, [40, 90, 150, 250])
    assert last == 2049
    assert table["principal"].tolist() == pytest.approx(study.recovery["recovery_moment"].tolist(), nan_ok=True)


def test_plants_before_their_money_are_told(folder: Path) -> None:
    late = TERMS.replace("2026-03-20", "2028-01-10")
    with pytest.raises(
        InputError, match=r"plants of late start in 2028, but 2,[78]\d\d,\d{3},\d{3} USD for them come later"
    ):
        partnership(solved(folder, "late", PLANT + late))


def test_a_run_without_partnership_is_told(folder: Path) -> None:
    with pytest.raises(InputError) as error:
        partnership(solved(folder, "alone", PLANT))
    assert "has no `partnership:`" in str(error.value)


@pytest.mark.parametrize("prices", [[], [-1.0], [math.nan], [20_000.0]])
def test_prices_that_are_none_are_refused(run: Run, prices: list[float]) -> None:
    with pytest.raises(InputError) as error:
        partnership(run, prices=prices)
    assert "0 to 10,000 USD/MWh" in str(error.value)
