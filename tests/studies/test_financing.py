"""A run's money: prices that give the owners their return, tables that add up, and the way from one run to another."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pytest

import gigasite
from gigasite.foundation.errors import InputError
from gigasite.foundation.finance_names import FINANCE_COLUMNS
from gigasite.foundation.names import column as dictionary_entry
from gigasite.inputs.folders import scenarios_folder
from gigasite.results.finance_store import read_finance, write_finance
from gigasite.results.run import Run
from gigasite.studies.finance_bridge import FinanceBridge, finance_bridge
from gigasite.studies.finance_project import _nominal, with_grant
from gigasite.studies.finance_sentences import bridge_sentences, lcoe_sentence, sentences
from gigasite.studies.finance_tables import MEANING
from gigasite.studies.finance_what_if import WhatIf
from gigasite.studies.financing import FinanceStudy, finance_study

COARSE = "horizon: {resolution_h: 24, days: 4}"


def solved(folder: Path, name: str, base: str, said: str = "") -> Run:
    path = folder / f"{name}.yaml"
    path.write_text(f"extends: {scenarios_folder() / base}.yaml\nname: {name}\n{said or COARSE}\n", encoding="utf-8")
    return gigasite.solve(path, results=folder / "results")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("finance")


@pytest.fixture(scope="module")
def gas(folder: Path) -> FinanceStudy:
    return finance_study(solved(folder, "gas", "portsmouth-gas-only"))


@pytest.fixture(scope="module")
def uamps(folder: Path) -> FinanceBridge:
    return finance_bridge([solved(folder, "then", "idaho-smr"), solved(folder, "now", "idaho-smr-2023")])


def test_each_price_gives_the_owners_what_they_ask(gas: FinanceStudy) -> None:
    table = gas.tables["prices"]
    assert table["target_equity_return"].tolist() == [0.08, 0.10]
    assert table["equity_irr_nominal"].tolist() == pytest.approx([0.08, 0.10], abs=1e-9)
    assert table["price_usd_per_mwh"].is_monotonic_increasing
    assert gas.price_usd_per_mwh == table["price_usd_per_mwh"].iloc[1]
    parts = gas.tables["price_parts"].groupby("target_equity_return")["usd_per_mwh"].sum()
    assert parts.tolist() == pytest.approx(table["price_usd_per_mwh"].tolist(), abs=1e-9)


def test_the_yearly_table_adds_up_to_a_cent(gas: FinanceStudy) -> None:
    years = gas.tables["years"]
    names = ("revenue", "operation", "tax", "tax_credit", "construction", "drawn", "building_interest", "debt_service")
    left = sum(years[f"{name}_usd_nominal"] for name in (*names, "reserve"))
    assert (left - years["equity_usd_nominal"]).abs().max() < 0.01
    assert years["year"].tolist() == list(range(2025, 2055))
    assert years["equity_sum_usd_nominal"].iloc[-1] == pytest.approx(years["equity_usd_nominal"].sum())
    flow = gas.tables["cash_flow"]
    assert flow.groupby("year")["amount_usd_nominal"].sum().abs().max() < 0.01
    back = years.loc[years["equity_sum_usd_nominal"] >= 0, "year"].min()
    assert gas.metrics["equity_payback_year"] == back


def test_energy_and_operation_are_those_of_the_run_in_the_money_of_the_year(gas: FinanceStudy) -> None:
    run, years = gas.run, gas.tables["years"].set_index("year")
    served = run.load.groupby("year")["served_mwh"].sum()
    assert years.loc[[2029, 2031, 2054], "energy_mwh"].tolist() == [served[2028], served[2030], served[2035]]
    costs = run.costs[
        (run.costs["year"] == 2030) & run.costs["component"].isin(["fuel", "fixed_om", "variable_om", "pipeline"])
    ]
    level = 0.602782158 / 0.587506977 * 1.025**6
    assert years.loc[2031, "operation_usd_nominal"] == pytest.approx(-costs["cost_usd_per_year"].sum() * level)
    price = years["price_usd_per_mwh_nominal"]
    assert price[2031] == pytest.approx(gas.price_usd_per_mwh * level)


def test_an_all_in_cost_is_what_building_takes_with_its_interest(gas: FinanceStudy) -> None:
    """33.3 bn USD of 2026 for 9,200 MW, by the profile 10, 10, 80 % in the money of each year, and no more."""
    run = gas.run
    invested = run.table("investment")
    assert invested["overnight_usd"].sum() == pytest.approx(float(run.summary["overnight_capex_usd"].iloc[0]))
    assert gas.project.all_in == ("gas_turbine",)
    frame = gas.flow.frame
    paid = -(frame["construction"] + frame["interest_during_construction"]).sum()
    plant = invested[invested["technology"] == "gas_turbine"].set_index("vintage")["overnight_usd"]
    level = gas.project.level
    nominal = sum(
        share * usd * level[year - k] for year, usd in plant.items() for share, k in ((0.1, 3), (0.1, 2), (0.8, 1))
    )
    assert paid == pytest.approx(nominal, rel=0.002)


def test_the_levelised_cost_pays_for_the_cost_of_capital_without_loans(gas: FinanceStudy) -> None:
    again = finance_study(gas.run, price=gas.lcoe_usd_per_mwh, returns=[0.10])
    assert again.metrics["project_irr_nominal"] == pytest.approx(again.wacc, abs=1e-9)
    assert again.metrics["project_npv_usd_nominal"] == pytest.approx(0.0, abs=100.0)
    assert again.metrics["wacc_after_tax_nominal"] == pytest.approx(0.0799244, abs=1e-9)


def test_the_way_from_the_plans_cost_to_the_levelised_cost_is_told(gas: FinanceStudy) -> None:
    """By hand, without tax: spending and operation, both real, over energy, all at the cost of capital."""
    years, level = gas.tables["years"].set_index("year"), gas.project.level
    rate = (1.0 + gas.wacc) / 1.025 - 1.0
    nominal = pd.Series({year: (1.0 + gas.wacc) ** -(year - 2025) for year in years.index})
    sold = (years["energy_mwh"] * pd.Series(level) * nominal).sum()
    paid = -((years["construction_usd_nominal"] + years["operation_usd_nominal"]) * nominal).sum()
    assert gas.lcoe_before_tax_usd_per_mwh == pytest.approx(paid / sold, abs=1e-6)
    assert gas.metrics["wacc_after_tax_real"] == pytest.approx(rate)
    plan = float(gas.run.summary["levelised_cost_usd_per_mwh"].iloc[0])
    told = lcoe_sentence(gas)
    assert f"the plan's {plan:,.2f}" in told
    assert f"tax on income {gas.lcoe_usd_per_mwh - gas.lcoe_before_tax_usd_per_mwh:+,.2f}" in told
    assert f"{gas.lcoe_before_tax_usd_per_mwh - plan:+,.2f} because" in told
    assert "plan" not in lcoe_sentence(finance_study(gas.run, returns=[0.1], what_if=WhatIf(overrun_factor=1.2)))


def test_aid_beyond_what_it_goes_to_is_refused(gas: FinanceStudy) -> None:
    phases = gas.project.terms.phases
    first = sum(sum(phase.spending_usd.values()) for phase in phases if phase.start_year == 2028)
    assert sum(phase.grant_usd for phase in with_grant(phases, first)) == pytest.approx(first)
    with pytest.raises(InputError, match="the aid is more than the plants of 2028 cost"):
        with_grant(phases, 1.001 * first)


def test_three_sentences_tell_the_answer(gas: FinanceStudy) -> None:
    told = sentences(gas)
    assert len(told) == 3
    assert "for 8 %" in told[0]
    assert "55 % of it lent" in told[1]
    assert told[2].startswith("The ")


def test_another_block_lowers_the_price_where_its_money_is_cheaper(gas: FinanceStudy) -> None:
    japan = finance_study(gas.run, what_if=WhatIf("japan_us"), returns=[0.08])
    assert japan.price_of_return[0.08] < gas.price_of_return[0.08]
    assert japan.tables["tranches"]["tranche"].tolist() == ["jbic", "banks_with_nexi", "sponsor"]
    assert japan.tables["tranches"]["cost_nominal"].tolist()[:2] == pytest.approx([0.0525, 0.0525])
    assert japan.tables["tranches"]["irr_nominal"].iloc[2] == pytest.approx(0.08, abs=1e-9)
    with pytest.raises(InputError, match="no such block"):
        WhatIf("utilty")


def test_an_overrun_and_a_delay_may_be_asked_of_a_run_as_it_is(gas: FinanceStudy) -> None:
    dearer = finance_study(gas.run, what_if=WhatIf(overrun_factor=1.2), returns=[0.10])
    assert dearer.metrics["construction_usd_nominal"] == pytest.approx(1.2 * gas.metrics["construction_usd_nominal"])
    parts, before = dearer.parts[0.10], gas.parts[0.10]
    assert parts["construction"] == pytest.approx(1.2 * before["construction"], rel=1e-6)
    late = finance_study(gas.run, what_if=WhatIf(delay_months=12), returns=[0.10])
    assert late.price_of_return[0.10] > gas.price_of_return[0.10]
    assert late.flow.years[0] == gas.flow.years[0] - 1


def test_a_delay_from_before_prices_are_known_is_told(uamps: FinanceBridge) -> None:
    """Five years of building and twenty of delay before 2030 begin in 2005; the published deflator begins in 2004."""
    study = uamps.studies[0]
    assert finance_study(study.run, returns=[0.1], what_if=WhatIf(delay_months=240.0)).flow.years[0] == 2005
    with pytest.raises(InputError, match="before prices are known"):
        _nominal({2003: 1.0}, study.project.level)


@pytest.mark.parametrize("said", [{"overrun_factor": 0.0}, {"delay_months": -1}, {"delay_months": float("nan")}])
def test_overruns_and_delays_that_are_none_are_refused(said: dict) -> None:
    with pytest.raises(InputError):
        WhatIf(**said)


def test_every_table_says_what_money_it_counts_in(gas: FinanceStudy) -> None:
    assert list(gas.tables) == list(MEANING)
    for name, table in gas.tables.items():
        for column in table.columns:
            if "usd" in column:
                assert column.endswith(("_nominal", "_real_2024")) or {"price_money", "money"} & set(table.columns), (
                    f"{name}.{column}"
                )


def test_every_column_of_the_tables_is_in_the_dictionary(gas: FinanceStudy) -> None:
    used = {each for table in gas.tables.values() for each in table.columns}
    assert all(dictionary_entry(each).meaning for each in used)
    in_yen = {"equity_jpy_nominal", "amount_jpy_nominal", "exchange_rate_per_usd", "exchange_date"}
    assert {each.name for each in FINANCE_COLUMNS} - used == in_yen


def test_the_price_rises_with_the_cost_term_by_term_beside_what_was_published(uamps: FinanceBridge) -> None:
    table = uamps.table.set_index("term")
    prices = table.loc["price", ["first_usd_per_mwh", "second_usd_per_mwh"]].tolist()
    terms = table.iloc[: table.index.get_loc("price")].fillna(0.0)
    assert terms["first_usd_per_mwh"].sum() == pytest.approx(prices[0], abs=1e-6)
    assert terms["second_usd_per_mwh"].sum() == pytest.approx(prices[1], abs=1e-6)
    assert terms["change_usd_per_mwh"].sum() == pytest.approx(prices[1] - prices[0], abs=1e-6)
    assert uamps.cost_ratio == pytest.approx(9.3 / 5.3 * 0.620262841 / 0.697349107, rel=1e-9)
    assert uamps.published_ratio == pytest.approx(89 / 58)
    unmoved = terms.loc[["fixed_om", "variable_om", "fuel"], "change_usd_per_mwh"].sum()
    assert unmoved == pytest.approx(0.0, abs=1e-6)
    share = terms["change_usd_per_mwh"].drop(["fixed_om", "variable_om", "fuel"]).sum()
    built = terms.loc[["construction", "interest_during_construction", "loans", "reserve", "tax"], "first_usd_per_mwh"]
    assert share == pytest.approx((uamps.cost_ratio - 1.0) * built.sum(), rel=1e-3)
    below = table.loc[["price", "public_owner", "aid_inside", "credits_inside", "rest"]].fillna(0.0).sum()
    assert below["second_usd_per_mwh"] == pytest.approx(89 * 0.645693617 / 0.602782158, abs=1e-6)
    assert table.loc["published", "first_usd_per_mwh"] == pytest.approx(58 * 0.697349107 / 0.602782158, abs=1e-6)
    told = bridge_sentences(uamps)
    assert len(told) == 3
    assert "58 and 89 USD/MWh, 1.53 times" in told[2]


def test_a_bridge_joins_two_runs(uamps: FinanceBridge) -> None:
    with pytest.raises(InputError, match="two runs"):
        finance_bridge([uamps.studies[0].run])


def test_delay_overrun_and_yen(folder: Path) -> None:
    smr = "technologies: {small_modular_reactor: {delay_months: 18}}"
    said = f"{COARSE}\nfinance: {{currency: JPY, exchange_date: '2026-03-19', {smr}}}"
    late = finance_study(solved(folder, "late", "idaho-smr", said))
    soon = finance_study(solved(folder, "soon", "idaho-smr", f"{COARSE}\nfinance: {{}}"))
    assert late.flow.years[0] == soon.flow.years[0] - 2
    assert late.project.terms.phases[0].start_year == soon.project.terms.phases[0].start_year
    # half of what is spent lies one year, half two years earlier
    first, second = (study.project.terms.phases[0].spending_usd for study in (soon, late))
    assert second[2023] / first[2025] < 0.5
    assert late.price_of_return[0.10] > soon.price_of_return[0.10]
    # the all-in cost holds no interest of a delay: as much is built, in the money of 1.5 years before
    spent = [
        sum(usd / study.project.level[year] for year, usd in study.project.terms.phases[0].spending_usd.items())
        for study in (soon, late)
    ]
    assert spent[1] == pytest.approx(spent[0], rel=1e-9)
    interest = [-float(study.flow.frame["interest_during_construction"].sum()) for study in (soon, late)]
    assert interest[1] > 1.2 * interest[0]
    years = late.tables["years"]
    rate = 1e12 / 6.3e9
    assert years["equity_jpy_nominal"].to_numpy() == pytest.approx(
        years["equity_usd_nominal"].to_numpy() * rate, rel=1e-8
    )
    assert all(dictionary_entry(each).meaning for table in late.tables.values() for each in table.columns)
    assert late.tables["cash_flow"]["exchange_date"].unique().tolist() == ["2026-03-19"]


def test_tables_are_written_whole_and_replace_earlier_ones(gas: FinanceStudy) -> None:
    write_finance(gas.run, gas.tables)
    write_finance(gas.run, {**gas.tables, "prices": gas.tables["prices"].head(1)})
    place = gas.run.path / "finance"
    assert {path.stem for path in place.iterdir()} == set(MEANING)
    assert len(read_finance(gas.run, "prices")) == 1
    assert not list(gas.run.path.glob(".finance*"))
    with pytest.raises(InputError, match="no such table of money"):
        read_finance(gas.run, "price")


def test_a_table_that_cannot_be_written_leaves_the_earlier_ones(
    gas: FinanceStudy, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_finance(gas.run, gas.tables)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(pd.DataFrame, "to_csv", full)
    with pytest.raises(InputError, match="cannot be written"):
        write_finance(gas.run, gas.tables)
    assert len(read_finance(gas.run, "prices")) == 2
    assert not list(gas.run.path.glob(".finance*"))


def test_a_run_that_builds_nothing_is_told(folder: Path) -> None:
    run = solved(folder, "grid", "lancaster")
    with pytest.raises(InputError, match="builds no plant"):
        finance_study(run)


@pytest.mark.parametrize("said", [{"returns": []}, {"returns": [2.0]}, {"returns": [-0.05]}, {"price": float("nan")}])
def test_prices_and_returns_that_are_none_are_refused(gas: FinanceStudy, said: dict) -> None:
    with pytest.raises(InputError):
        finance_study(gas.run, **said)
