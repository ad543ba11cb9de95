"""Interest during construction against compound interest worked by hand."""

import pytest

from gigasite.finance.construction import interest_during_construction_factor


def test_one_year_of_construction_carries_half_a_year_of_interest() -> None:
    assert interest_during_construction_factor([1.0], 0.21) == pytest.approx(1.1)  # 1.21^0.5


def test_two_years_of_construction_worked_by_hand() -> None:
    # 0.5 x 1.21^1.5 + 0.5 x 1.21^0.5 = 0.5 x 1.331 + 0.5 x 1.1
    assert interest_during_construction_factor([0.5, 0.5], 0.21) == pytest.approx(1.2155)


def test_combined_cycle_profile_written_out() -> None:
    expected = 0.5 * 1.05**2.5 + 0.4 * 1.05**1.5 + 0.1 * 1.05**0.5
    assert interest_during_construction_factor([0.5, 0.4, 0.1], 0.05) == pytest.approx(expected, rel=1e-14)


def test_early_spending_costs_more_than_late_spending() -> None:
    early = interest_during_construction_factor([0.8, 0.1, 0.1], 0.05)
    late = interest_during_construction_factor([0.1, 0.1, 0.8], 0.05)
    assert early > late > 1


def test_without_interest_the_factor_is_one() -> None:
    assert interest_during_construction_factor([0.1, 0.2, 0.2, 0.2, 0.2, 0.1], 0.0) == pytest.approx(1.0, rel=1e-14)


@pytest.mark.parametrize("profile", [[], [0.5, 0.4], [0.5, 0.6], [1.5, -0.5], [float("nan"), 1.0]])
def test_shares_that_are_no_profile_are_refused(profile: list[float]) -> None:
    with pytest.raises(ValueError, match="shares"):
        interest_during_construction_factor(profile, 0.05)


@pytest.mark.parametrize("rate", [-0.01, float("nan"), float("inf")])
def test_a_rate_that_means_nothing_is_refused(rate: float) -> None:
    with pytest.raises(ValueError, match="rate"):
        interest_during_construction_factor([1.0], rate)
