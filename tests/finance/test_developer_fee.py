"""A developer is paid only in years in which the promised capacity stands."""

import math

import pytest

from gigasite.finance.developer_fee import developer_fee


def test_equal_parts_from_the_first_year_that_meets_the_target() -> None:
    # 1 trillion yen at 158.73 yen a dollar, 90 % off, over 20 years: 31.5 million USD a year
    fee = 1e12 / 158.73 * 0.1
    paid = developer_fee([1244.7, 1244.7, *[9200.0] * 22], fee=fee, payout_years=20, target_mw=9200)
    assert paid[:2].tolist() == [0, 0]
    assert paid[2:22] == pytest.approx(31.5e6, rel=1e-5)
    assert paid[22:].tolist() == [0, 0]
    assert paid.sum() == pytest.approx(fee)


def test_the_part_of_a_year_that_misses_the_target_is_lost() -> None:
    paid = developer_fee([9200, 9199, 9200, 9200], fee=30, payout_years=3, target_mw=9200)
    assert paid.tolist() == [10, 0, 10, 0]


def test_a_solver_s_rounding_does_not_miss_the_target() -> None:
    assert developer_fee([9199.999999], fee=1, payout_years=1, target_mw=9200).tolist() == [1]


def test_nothing_is_paid_where_the_target_is_never_met() -> None:
    assert developer_fee([9000, 9100], fee=30, payout_years=3, target_mw=9200).tolist() == [0, 0]


@pytest.mark.parametrize(
    "wrong", [{"fee": -1.0}, {"fee": math.nan}, {"payout_years": 0}, {"target_mw": -1.0}, {"capacity_mw": [-1.0]}]
)
def test_terms_that_are_none_are_refused(wrong: dict[str, object]) -> None:
    asked = {"capacity_mw": [1.0], "fee": 1.0, "payout_years": 1, "target_mw": 1.0} | wrong
    capacity = asked.pop("capacity_mw")
    with pytest.raises(ValueError, match=r"must be"):
        developer_fee(capacity, **asked)  # type: ignore[arg-type]
