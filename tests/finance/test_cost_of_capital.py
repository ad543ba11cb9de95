"""The cost of capital against the published finance block and numbers worked by hand."""

import pytest

from gigasite.finance.cost_of_capital import real_from_nominal, wacc_nominal_after_tax


def test_nominal_cost_of_capital_of_the_published_block() -> None:
    # 0.55 x 0.08 x (1 - 0.2574) + 0.45 x 0.105 = 0.0326744 + 0.04725
    rate = wacc_nominal_after_tax(
        debt_fraction=0.55, interest_rate_nominal=0.08, return_on_equity_nominal=0.105, tax_rate=0.2574
    )
    assert rate == pytest.approx(0.0799244, rel=1e-12)


def test_real_cost_of_capital_of_the_published_block() -> None:
    assert real_from_nominal(0.0799244, 0.025) == pytest.approx(0.05358, abs=5e-6)


def test_all_equity_costs_its_return() -> None:
    rate = wacc_nominal_after_tax(
        debt_fraction=0, interest_rate_nominal=0.08, return_on_equity_nominal=0.12, tax_rate=0.25
    )
    assert rate == 0.12


def test_inflation_alone_leaves_no_real_return() -> None:
    assert real_from_nominal(0.025, 0.025) == 0.0


@pytest.mark.parametrize(
    ("name", "value"), [("debt_fraction", 1.1), ("tax_rate", -0.1), ("debt_fraction", float("nan"))]
)
def test_shares_outside_zero_to_one_are_refused(name: str, value: float) -> None:
    block = {
        "debt_fraction": 0.55,
        "interest_rate_nominal": 0.08,
        "return_on_equity_nominal": 0.105,
        "tax_rate": 0.2574,
    }
    with pytest.raises(ValueError, match=name):
        wacc_nominal_after_tax(**(block | {name: value}))


def test_returns_that_are_not_finite_are_refused() -> None:
    with pytest.raises(ValueError, match="returns"):
        wacc_nominal_after_tax(
            debt_fraction=0.5, interest_rate_nominal=float("nan"), return_on_equity_nominal=0.1, tax_rate=0.2
        )


@pytest.mark.parametrize(("nominal", "inflation"), [(-1.0, 0.02), (0.05, -1.0)])
def test_rates_that_lose_everything_are_refused(nominal: float, inflation: float) -> None:
    with pytest.raises(ValueError, match="above -1"):
        real_from_nominal(nominal, inflation)
