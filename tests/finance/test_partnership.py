"""The shares of a partnership change exactly when the investor has its money back, and no dollar is lost."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gigasite.finance.partnership import PartnershipTerms, share_cash

CENT = 0.01
MONEY = st.floats(min_value=-4e9, max_value=8e9)
CALLED = st.floats(min_value=0.0, max_value=2e10)


def test_the_year_of_recovery_is_split_exactly() -> None:
    # 33.3 called, 20 a year half each: 30 is back after three years, 3.3 is left, which takes 6.6 of the fourth year.
    shared = share_cash([33.3, 0, 0, 0, 0, 0], [0, 20, 20, 20, 20, 20], PartnershipTerms())
    # fourth year: 6.6 half each, 13.4 at 90 to 10
    assert shared.to_investor == pytest.approx([0, 10, 10, 10, 3.3 + 1.34, 2.0], abs=1e-9)
    assert shared.to_host == pytest.approx([0, 10, 10, 10, 3.3 + 12.06, 18.0], abs=1e-9)
    assert shared.still_to_recover == pytest.approx([33.3, 23.3, 13.3, 3.3, 0, 0], abs=1e-9)
    assert shared.recovered_at is not None
    assert shared.recovered_at[0] == 4
    assert shared.recovered_at[1] == pytest.approx(0.33, abs=1e-9)


def test_deemed_interest_runs_on_what_stood_open_a_year_before() -> None:
    # open: 100; 100 * 1.1 + 50 - 20 = 140; 140 * 1.1 - 60 = 94; 94 * 1.1 - 100 = 3.4; 3.4 * 1.1 = 3.74 of 7.48 shared
    shared = share_cash([100, 50, 0, 0, 0], [0, 40, 120, 200, 100], PartnershipTerms(deemed_interest=0.10))
    assert shared.still_to_recover == pytest.approx([100, 140, 94, 3.4, 0], abs=1e-9)
    assert shared.to_investor == pytest.approx([0, 20, 60, 100, 3.74 + 0.1 * 92.52], abs=1e-9)
    assert shared.to_host == pytest.approx([0, 20, 60, 100, 3.74 + 0.9 * 92.52], abs=1e-9)
    assert shared.recovered_at == pytest.approx((4, 0.0748))


def test_a_loss_is_paid_by_the_investor_and_counts_as_invested() -> None:
    shared = share_cash([10, 0, 0], [0, -4, 40], PartnershipTerms())
    assert shared.shortfalls == pytest.approx([0, 4, 0])
    assert shared.to_investor == pytest.approx([0, 0, 14 + 0.1 * 12])
    assert shared.investor_net == pytest.approx([-10, -4, 15.2])


def test_recovery_waits_for_the_last_call() -> None:
    shared = share_cash([10, 0, 10, 0], [20, 20, 0, 20], PartnershipTerms())
    assert shared.still_to_recover == pytest.approx([0, 0, 10, 0])
    assert shared.recovered_at == (3, 1.0)


def test_what_never_comes_back_is_told_as_none() -> None:
    shared = share_cash([100, 0], [0, 50], PartnershipTerms())
    assert shared.recovered_at is None
    assert shared.still_to_recover[-1] == pytest.approx(75)


def test_a_year_that_just_suffices_leaves_nothing_open() -> None:
    terms = PartnershipTerms(investor_share_before=1 / 3)
    shared = share_cash([0.7, 0.0], [0.0, 0.7 / (1 / 3)], terms)
    assert shared.still_to_recover[-1] == 0.0
    assert shared.recovered_at == (1, 1.0)


@given(
    st.lists(st.tuples(CALLED, MONEY), min_size=1, max_size=30),
    st.floats(min_value=0.01, max_value=1.0),
    st.floats(min_value=0.0, max_value=1.0),
    st.floats(min_value=0.0, max_value=0.3),
)
def test_the_parts_are_the_project_in_every_year_to_a_cent(
    years: list[tuple[float, float]], before: float, after: float, interest: float
) -> None:
    called, cash = [year[0] for year in years], [year[1] for year in years]
    shared = share_cash(called, cash, PartnershipTerms(before, after, interest))
    project = np.array(cash) - np.array(called)
    assert np.abs(shared.investor_net + shared.to_host - project).max() < CENT
    assert (shared.to_investor >= 0).all()
    assert (shared.to_host >= -CENT).all()
    assert (shared.still_to_recover >= 0).all()


@given(st.lists(st.floats(min_value=0, max_value=1e9), min_size=2, max_size=20), st.floats(min_value=1, max_value=3))
def test_more_cash_never_delays_recovery(cash: list[float], more: float) -> None:
    called = [5e8] + [0.0] * (len(cash) - 1)
    moments = []
    for factor in (1.0, more):
        found = share_cash(called, [factor * usd for usd in cash], PartnershipTerms()).recovered_at
        moments.append(math.inf if found is None else sum(found))
    assert moments[1] <= moments[0] + 1e-9


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        ({"investor_share_before": 1.2}, "before recovery"),
        ({"investor_share_before": 0.0}, "before recovery"),
        ({"investor_share_after": -0.1}, "after recovery"),
        ({"deemed_interest": -0.01}, "deemed interest"),
        ({"deemed_interest": math.nan}, "deemed interest"),
    ],
)
def test_terms_that_are_none_are_refused(terms: dict[str, float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        PartnershipTerms(**terms)


@pytest.mark.parametrize(
    ("called", "cash", "message"),
    [([1.0], [1.0, 2.0], "per year"), ([-1.0], [1.0], "below 0"), ([1.0], [math.inf], "finite")],
)
def test_series_that_are_none_are_refused(called: list[float], cash: list[float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        share_cash(called, cash, PartnershipTerms())
