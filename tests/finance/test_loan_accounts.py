"""Japan's receipts are passed on to its lenders, and what is not paid is told."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gigasite.finance.loan_accounts import LENDERS, LoanTerms, loan_accounts

TERMS = LoanTerms(
    equity_share=0.1,
    policy_bank_share=0.5,
    policy_bank_interest=0.05,
    bank_interest=0.06,
    insured_share=0.9,
    premium=0.01,
    tenor_years=2,
)
CENT = 0.01


def test_everything_goes_to_the_lenders_in_proportion_to_what_they_are_owed() -> None:
    # 100 put in: 10 equity, 45 and 45 lent. A year later 47.25, 47.70 and a premium of 0.01 * 0.9 * 45 = 0.405: 95.355.
    accounts = loan_accounts([100, 0], [0, 50], TERMS)
    part = 50 / 95.355
    assert accounts.net["policy_bank"] == pytest.approx([-45, 47.25 * part], abs=1e-9)
    assert accounts.net["banks"] == pytest.approx([-45, 47.70 * part], abs=1e-9)
    assert accounts.net["insurer"] == pytest.approx([0, 0.405 * part], abs=1e-9)
    assert accounts.net["equity"] == pytest.approx([-10, 0], abs=1e-9)
    assert accounts.owed["banks"][-1] == pytest.approx(47.70 * (1 - part), abs=1e-9)


def test_what_is_left_after_the_lenders_is_the_equity_s() -> None:
    accounts = loan_accounts([100, 0], [0, 120], TERMS)
    assert accounts.net["equity"] == pytest.approx([-10, 120 - 95.355], abs=1e-9)
    assert sum(usd[-1] for usd in accounts.owed.values()) == 0


def test_the_insurer_pays_what_it_covers_when_the_tenor_ends() -> None:
    # nothing comes back: after two years the banks are owed 45 * 1.06^2 = 50.562, of which 45.5058 are covered
    accounts = loan_accounts([100, 0, 0, 0], [0, 0, 0, 0], TERMS)
    assert accounts.insurer_paid == pytest.approx([0, 0, 45.5058, 0], abs=1e-9)
    assert accounts.owed["banks"][2] == pytest.approx(5.0562, abs=1e-9)
    premiums = 0.01 * 0.9 * 45 * 1.06 + 0.01 * 0.9 * 45 * 1.06
    assert accounts.owed["insurer"][2] == pytest.approx(premiums + 45.5058, abs=1e-9)
    assert accounts.net["banks"].sum() == pytest.approx(-45 + 45.5058, abs=1e-9)


@given(
    st.lists(st.tuples(st.floats(0, 2e10), st.floats(0, 5e9)), min_size=1, max_size=30),
    st.floats(0, 1),
    st.floats(0, 1),
    st.integers(1, 25),
)
def test_the_parties_add_up_to_receipts_less_contributions_to_a_cent(
    years: list[tuple[float, float]], equity: float, split: float, tenor: int
) -> None:
    put_in, got = [year[0] for year in years], [year[1] for year in years]
    terms = replace(TERMS, equity_share=equity, policy_bank_share=split, tenor_years=tenor)
    accounts = loan_accounts(put_in, got, terms)
    assert np.abs(sum(accounts.net.values()) - (np.array(got) - np.array(put_in))).max() < CENT
    assert all((accounts.owed[name] >= -CENT).all() for name in LENDERS)


@pytest.mark.parametrize(
    "wrong",
    [{"equity_share": 1.1}, {"policy_bank_share": -0.1}, {"insured_share": 2}, {"premium": -0.1}, {"tenor_years": 0}],
)
def test_terms_that_are_none_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        replace(TERMS, **wrong)


def test_receipts_below_zero_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 0"):
        loan_accounts([1], [-1], TERMS)
