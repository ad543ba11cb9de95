"""Tranches and what they blend to."""

from __future__ import annotations

import pytest

from gigasite.finance.cost_of_capital import real_from_nominal, wacc_nominal_after_tax
from gigasite.finance.tranches import Tranche, wacc_after_tax, wacc_before_tax, wacc_real

BANK = Tranche("bank", "commercial_loan", 0.55, 0.08, 30)
OWNER = Tranche("owner", "sponsor_equity", 0.45, 0.105)


def test_two_tranches_cost_what_the_annual_technology_baseline_says() -> None:
    """ATB 2024 financial inputs: 8 % interest, 10.5 % on equity, 55 % debt, 25.74 % tax, 2.5 % inflation."""
    atb = wacc_nominal_after_tax(
        debt_fraction=0.55, interest_rate_nominal=0.08, return_on_equity_nominal=0.105, tax_rate=0.2574
    )
    assert wacc_after_tax([BANK, OWNER], 0.2574) == pytest.approx(atb, abs=1e-12)
    assert wacc_after_tax([BANK, OWNER], 0.2574) == pytest.approx(0.0799244, abs=1e-12)
    assert wacc_before_tax([BANK, OWNER]) == pytest.approx(0.55 * 0.08 + 0.45 * 0.105, abs=1e-12)
    assert wacc_real([BANK, OWNER], 0.2574, 0.025) == pytest.approx(0.05358, abs=5e-6)


def test_the_equation_of_the_baseline_gives_the_same_real_rate() -> None:
    """NREL ATB 2024, equations and variables, WACC from real rates: RROE and IR real, i inflation, TR tax."""
    inflation, tax = 0.025, 0.2574
    rroe, ir = real_from_nominal(0.105, inflation), real_from_nominal(0.08, inflation)
    equity, debt = (1 + rroe) * (1 + inflation) - 1, ((1 + ir) * (1 + inflation) - 1) * (1 - tax)
    published = (1 + 0.45 * equity + 0.55 * debt) / (1 + inflation) - 1
    assert wacc_real([BANK, OWNER], tax, inflation) == pytest.approx(published, abs=1e-12)


def test_the_adder_for_risk_is_real_and_comes_last() -> None:
    plain = wacc_real([BANK, OWNER], 0.2574, 0.025)
    assert wacc_real([BANK, OWNER], 0.2574, 0.025, 0.002888276) == pytest.approx(plain + 0.002888276, abs=1e-12)


def test_the_fee_of_a_guarantee_is_paid_on_what_is_covered() -> None:
    insured = Tranche("banks", "nexi_insured_loan", 1.0, 0.05, 18, guarantee_share=0.9, guarantee_fee=0.01)
    assert insured.cost_nominal() == pytest.approx(0.05 + 0.009, abs=1e-12)


def test_an_upfront_fee_is_spread_by_the_internal_rate_of_return() -> None:
    """One year: received 0.98, paid back 1.05 + 0.009: 1.059 / 0.98 - 1."""
    loan = Tranche("l", "commercial_loan", 1.0, 0.05, 1, guarantee_share=0.9, guarantee_fee=0.01, upfront_fee=0.02)
    assert loan.cost_nominal() == pytest.approx(1.059 / 0.98 - 1, abs=1e-9)


def test_interest_and_fees_of_loans_are_deducted_and_returns_of_owners_are_not() -> None:
    insured = Tranche("banks", "nexi_insured_loan", 0.6, 0.05, 18, guarantee_share=1.0, guarantee_fee=0.01)
    partner = Tranche("us", "us_partner", 0.4, 0.12)
    assert wacc_after_tax([insured, partner], 0.25) == pytest.approx(0.6 * 0.06 * 0.75 + 0.4 * 0.12, abs=1e-12)


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ({"kind": "gift"}, "kind"),
        ({"share": 1.2}, "share"),
        ({"tenor_years": None}, "tenor"),
        ({"kind": "nexi_insured_loan", "guarantee_share": 0.89}, "NEXI"),
        ({"repayment": "bullet"}, "repayment"),
    ],
)
def test_terms_that_mean_nothing_are_refused(said: dict, word: str) -> None:
    terms = {"name": "x", "kind": "jbic_loan", "share": 0.5, "rate": 0.05, "tenor_years": 18} | said
    with pytest.raises(ValueError, match=word):
        Tranche(**terms)


def test_shares_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(ValueError, match="add up to 1"):
        wacc_after_tax([BANK], 0.2)
