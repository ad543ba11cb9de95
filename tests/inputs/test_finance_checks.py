"""Terms of `finance:` that cannot hold are told where they stand, all at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gigasite.foundation.errors import InputError
from gigasite.inputs.finance_spec import FinanceSpec, FinanceTerms, LearningSpec, TrancheSpec
from gigasite.inputs.finance_terms import BLOCKS, Terms, block
from gigasite.inputs.folders import data_folder, scenarios_folder
from gigasite.inputs.tables import load_tables
from gigasite.run.solve_run import check_scenario_file

JBIC = "jbic: {kind: jbic_loan, share: 0.7, rate: 0.05, tenor_years: 18}"
OWN = "own: {kind: sponsor_equity, share: 0.3, rate: 0.1}"


def written(folder: Path, finance: str) -> Path:
    path = folder / "a.yaml"
    path.write_text(
        f"extends: {scenarios_folder() / 'idaho-smr.yaml'}\nname: a\nfinance:\n{finance}\n", encoding="utf-8"
    )
    return path


def problems_of(folder: Path, finance: str) -> Any:
    with pytest.raises(InputError) as error:
        check_scenario_file(written(folder, finance))
    return error.value.problems


@pytest.mark.parametrize(
    "finance",
    [
        "  block: japan_us\n  sites:\n    inl: {block: contracted}",
        f"  tranches:\n    {JBIC}\n    {OWN}\n  currency: JPY\n  exchange_date: '2026-03-19'",
        (
            "  price: {kind: cost_plus, margin_share: 0.05}\n  allow_negative_rate: true\n"
            "  target_equity_returns: [-0.01, 0.08]\n"
            "  technologies:\n    small_modular_reactor: {overrun_factor: 1.75, delay_months: 18, learning: {units: 6}}"
        ),
    ],
)
def test_what_can_be_said(tmp_path: Path, finance: str) -> None:
    check_scenario_file(written(tmp_path, finance))


SHARES = f"""\
  tranches:
    {JBIC}
    own: {{kind: us_partner, share: 0.4, rate: 0.1}}
  sites:
    inl:
      tranches:
        {JBIC}
        own: {{kind: us_partner, share: 0.2, rate: 0.1}}
  technologies:
    small_modular_reactor:
      tranches:
        all: {{kind: jbic_loan, share: 1.0, rate: 0.05, tenor_years: 18}}
    grid_connection:
      block: utility
      tranches:
        {JBIC}
        {OWN}
    combined_cycle: {{delay_months: 3}}
"""
TERMS = """\
  block: utilty
  target_equity_returns: [-0.01, 0.08, 0.08]
  price: {kind: fixed, indexed_share: 0.5}
  currency: JPY
  sites:
    idaho: {block: utility}
    inl:
      tranches:
        jbic: {kind: jbic_loan, share: 0.5, rate: -0.01}
        nexi: {kind: nexi_insured_loan, share: 0.1, rate: 0.05, tenor_years: 18, guarantee_share: 0.8}
        bank: {kind: commercial_loan, share: 0.1, rate: 0.05, tenor_years: 18, guarantee_fee: 0.01}
        own: {kind: sponsor_equity, share: 0.3, rate: 0.1, tenor_years: 5}
"""


@pytest.mark.parametrize(
    ("finance", "faults"),
    [
        (SHARES, {
            ("finance.tranches", 4, "the shares of the tranches come to over 100 %"),
            ("finance.sites.inl.tranches", 9, "the shares of the tranches come to under 100 %"),
            ("finance.technologies.small_modular_reactor.tranches", 14,
             "nobody owns the project: no tranche of equity has a share"),
            ("finance.technologies.grid_connection.block", 17, "a block and tranches are both given"),
            ("finance.technologies.combined_cycle", 21,
             "no such technology is in the scenario, so these terms would move nothing"),
        }),
        (TERMS, {
            ("finance.block", 4, "there is no such block of tranches"),
            ("finance.target_equity_returns.0", 5, "this rate is below zero"),
            ("finance.target_equity_returns.2", 5, "this return is sought twice"),
            ("finance.price.indexed_share", 6,
             "indexed_share is for `kind: indexed`; a price that is fixed does not have it"),
            ("finance.exchange_date", 7, "an exchange rate is missing: no day is given for JPY"),
            ("finance.sites.idaho", 9, "no such site is in the scenario, so these terms would move nothing"),
            ("finance.sites.inl.tranches.jbic.rate", 12, "this rate is below zero"),
            ("finance.sites.inl.tranches.jbic.tenor_years", 12, "a jbic_loan is paid back, but no tenor is given"),
            ("finance.sites.inl.tranches.nexi.guarantee_share", 13, "NEXI covers at least 90 % of a loan"),
            ("finance.sites.inl.tranches.bank.guarantee_fee", 14, "a fee is paid for no cover"),
            ("finance.sites.inl.tranches.own.tenor_years", 15,
             "tenor_years is of a loan; a sponsor_equity does not have it"),
        }),
        (f"  tranches:\n    {JBIC.replace('18', '41')}\n    {OWN}", {
            ("finance.tranches.jbic.tenor_years", 5,
             "this loan is paid back after the life of small_modular_reactor at inl"),
        }),
        (f"  operating_years: 15\n  tranches:\n    {JBIC}\n    {OWN}", {
            ("finance.tranches.jbic.tenor_years", 6,
             "this loan is paid back after operation ends, for plants of the last modelled year"),
        }),
        ("  currency: JPY\n  exchange_date: '2024-12-31'", {
            ("finance.exchange_date", 5, "an exchange rate is missing: JPY is not known so early"),
        }),
        ("  currency: JPY\n  exchange_date: '2026-02-30'", {("finance.exchange_date", 5, "there is no such day")}),
        ("  exchange_date: '2026-03-19'", {("finance.exchange_date", 4, "no other currency is asked for")}),
        ("  tax_rate: 0.9\n  block: japan_us", {
            ("finance", 3, "after tax and inflation the cost of capital of small_modular_reactor at inl is below zero"),
        }),
    ],
)  # fmt: skip
def test_what_cannot_hold_is_told_where_it_stands_all_at_once(
    tmp_path: Path, finance: str, faults: set[tuple[str, int, str]]
) -> None:
    found = problems_of(tmp_path, finance)
    assert {(problem.key, problem.origin.line, problem.message) for problem in found} == faults
    assert len(found) == len(faults)
    assert not list(tmp_path.glob("results*"))


def test_a_cover_is_asked_for_only_of_loans(tmp_path: Path) -> None:
    check_scenario_file(written(tmp_path, "  block: japan_us\n  target_dscr: 1.3"))
    alone = "  tranches:\n    own: {kind: sponsor_equity, share: 1, rate: 0.1}\n  target_dscr: 1.3"
    (problem,) = problems_of(tmp_path, alone)
    assert problem.message == "nothing is lent, so there is no debt service to cover"
    assert (problem.key, problem.origin.line) == ("finance.target_dscr", 6)


def test_a_tranche_that_cannot_be_read_is_told_once(tmp_path: Path) -> None:
    """A tenor of ten years and a half, or shares and rates in percent: no second message about a sum, and no crash."""
    (problem,) = problems_of(tmp_path, f"  tranches:\n    {JBIC.replace('18', '10.5')}\n    {OWN}")
    assert (problem.key, problem.message) == ("finance.tranches.jbic.tenor_years", "this must be a whole number")
    percent = "  tranches:\n    jbic: {kind: jbic_loan, share: 70, rate: 5, tenor_years: 18}\n    " + OWN
    assert [problem.key for problem in problems_of(tmp_path, percent)] == ["finance.tranches.jbic.rate"]


@pytest.mark.parametrize("name", ["state", "builders", "reserve_account"])
def test_a_tranche_may_not_be_called_like_another_party(tmp_path: Path, name: str) -> None:
    (problem,) = problems_of(tmp_path, f"  tranches:\n    {JBIC}\n    {OWN.replace('own', name, 1)}")
    assert problem.key == f"finance.tranches.{name}"
    assert problem.origin.line == 6
    assert "another party" in problem.message


@pytest.mark.parametrize("said", ["bock: utility", "exchange_date: tomorrow"])
def test_keys_and_values_of_no_kind_are_refused(tmp_path: Path, said: str) -> None:
    assert problems_of(tmp_path, f"  {said}")


def test_every_block_pays_for_everything_and_carries_its_figures() -> None:
    tables = load_tables([data_folder()])
    for name in BLOCKS:
        assert sum(tranche.share for tranche in block(name, tables)) == pytest.approx(1.0, abs=1e-12)
    jbic, banks, sponsor = block("japan_us", tables)
    assert sponsor.share == pytest.approx(0.015)
    assert jbic.share == banks.share == pytest.approx(0.985 / 2)
    assert (banks.guarantee_share, banks.rate, banks.tenor_years) == (0.9, 0.0525, 18)


def test_a_technology_wins_over_its_site_and_a_site_over_the_rest() -> None:
    spec = FinanceSpec(
        block="utility",
        sites={"inl": FinanceTerms(block="merchant", risk_adder_real=0.01)},
        technologies={"battery": FinanceTerms(block="contracted")},
    )
    terms, tables = Terms(spec, load_tables([data_folder()])), load_tables([data_folder()])
    assert terms.tranches("inl", "solar") == block("merchant", tables)
    assert terms.tranches("inl", "battery") == block("contracted", tables)
    assert terms.tranches("abilene", "solar") == block("utility", tables)
    assert (terms.risk_adder_real("inl", "battery"), terms.risk_adder_real("abilene", "solar")) == (0.01, 0.0)
    assert terms.risk_adder_real("abilene", "large_reactor") == pytest.approx(0.002888276)


def test_overrun_and_learning_multiply_what_inputs_say() -> None:
    """UAMPS 1.755; a fourth unit learns 4^log2(1 - LR); Darlington's rate where none is given."""
    said = FinanceTerms(overrun_factor=1.755, learning=LearningSpec(rate=0.2, units_before=3))
    terms = Terms(FinanceSpec(technologies={"large_reactor": said}), load_tables([data_folder()]))
    assert terms.cost_factor("", "large_reactor") == pytest.approx(1.755 * 0.64)
    assert terms.cost_factor("", "solar") == 1.0
    own = FinanceSpec(technologies={"large_reactor": FinanceTerms(learning=LearningSpec(units_before=1, units=3))})
    assert Terms(own, load_tables([data_folder()])).cost_factor("", "large_reactor") == pytest.approx(1 / 1.386)


def test_tranches_are_taken_as_they_are_written() -> None:
    spec = TrancheSpec(kind="commercial_loan", share=0.5, rate=0.06, tenor_years=10, repayment="sculpted")
    terms = FinanceSpec(tranches={"bank": spec, "own": TrancheSpec(kind="sponsor_equity", share=0.5, rate=0.1)})
    bank, own = Terms(terms, load_tables([data_folder()])).tranches()
    assert (bank.name, bank.repayment, bank.tenor_years, own.kind) == ("bank", "sculpted", 10, "sponsor_equity")
