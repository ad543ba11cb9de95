"""Repayment of loans."""

from __future__ import annotations

import numpy as np
import pytest

from gigasite.finance.debt import debt_capacity_usd, service_of_one_usd


def test_an_annuity_pays_the_same_every_year() -> None:
    """10 %, 3 years: 0.1 / (1 - 1.1^-3) = 0.402114804; interest 0.1, 0.069788520, 0.036555891."""
    found = service_of_one_usd("annuity", 0.10, 3)
    assert found.total == pytest.approx([0.402114804] * 3, abs=1e-9)
    assert found.interest == pytest.approx([0.1, 0.069788520, 0.036555891], abs=1e-9)
    assert found.opening_balance == pytest.approx([1.0, 0.697885196, 0.365558912], abs=1e-9)


def test_level_principal_pays_less_interest_every_year() -> None:
    found = service_of_one_usd("level_principal", 0.10, 4)
    assert found.principal == pytest.approx([0.25] * 4)
    assert found.interest == pytest.approx([0.1, 0.075, 0.05, 0.025])


def test_a_sculpted_loan_keeps_the_cover_ratio_the_same() -> None:
    """Cash 110 and 242 at 10 % are worth 100 + 200: of each dollar 110 / 300 and 242 / 300."""
    found = service_of_one_usd("sculpted", 0.10, 2, [110.0, 242.0])
    assert found.total == pytest.approx([110 / 300, 242 / 300], abs=1e-12)
    assert np.array([110.0, 242.0]) / found.total == pytest.approx([300.0, 300.0])


def test_what_cash_carries_at_a_cover_ratio_is_its_worth_over_the_ratio() -> None:
    """Debt = NPV(cash) / target ratio, as for a loan life cover ratio (Corality, debt sculpting to a target DSCR)."""
    assert debt_capacity_usd([110.0, 242.0], 0.10, 1.5) == pytest.approx(300.0 / 1.5, abs=1e-9)
    owed = debt_capacity_usd([110.0, 242.0], 0.10, 1.5)
    service = owed * service_of_one_usd("sculpted", 0.10, 2, [110.0, 242.0]).total
    assert np.array([110.0, 242.0]) / service == pytest.approx([1.5, 1.5], abs=1e-12)


@pytest.mark.parametrize("repayment", ["annuity", "level_principal", "sculpted"])
@pytest.mark.parametrize("rate", [0.0, 0.0525, -0.01])
def test_every_loan_is_paid_back_in_full_with_interest(repayment: str, rate: float) -> None:
    found = service_of_one_usd(repayment, rate, 18, [1.0 + n % 3 for n in range(18)])
    assert found.principal.sum() == pytest.approx(1.0, abs=1e-12)
    worth = (found.total / (1.0 + rate) ** np.arange(1, 19)).sum()
    assert worth == pytest.approx(1.0, abs=1e-12)
    assert found.interest == pytest.approx(rate * found.opening_balance)


def test_sculpted_without_cash_is_an_annuity() -> None:
    even = service_of_one_usd("annuity", 0.05, 4).total
    assert service_of_one_usd("sculpted", 0.05, 4).total == pytest.approx(even)
    assert service_of_one_usd("sculpted", 0.05, 4, [-1.0, 0.0, -2.0, 0.0]).total == pytest.approx(even)


@pytest.mark.parametrize(
    ("said", "word"),
    [(("bullet", 0.05, 3), "repayment"), (("annuity", 0.05, 0), "tenor"), (("sculpted", 0.05, 3, [1.0]), "tenor")],
)
def test_loans_that_mean_nothing_are_refused(said: tuple, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        service_of_one_usd(*said)
