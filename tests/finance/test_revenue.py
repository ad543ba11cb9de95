"""Prices that stay, that rise, and that pass cost on."""

from __future__ import annotations

import pytest

from gigasite.finance.revenue import PriceTerms, price_factor, revenue_usd

YEARS = {"energy_mwh": [2.0, 3.0], "operating_cost_usd": [10.0, 20.0], "price_level": [1.1, 1.21]}


def test_a_fixed_price_is_the_same_dollars_every_year() -> None:
    assert revenue_usd(PriceTerms("fixed"), 50.0, **YEARS).tolist() == pytest.approx([100.0, 150.0])


def test_an_indexed_price_rises_with_prices_or_in_part() -> None:
    assert revenue_usd(PriceTerms("indexed"), 50.0, **YEARS).tolist() == pytest.approx([110.0, 181.5])
    assert price_factor(PriceTerms("indexed", indexed_share=0.5), [1.1, 1.21]).tolist() == pytest.approx([1.05, 1.105])


def test_cost_plus_passes_cost_on_with_its_margin() -> None:
    """1.1 x 10 + 50 x 2 and 1.1 x 20 + 50 x 3."""
    found = revenue_usd(PriceTerms("cost_plus", margin_share=0.1), 50.0, **YEARS)
    assert found.tolist() == pytest.approx([111.0, 172.0])


@pytest.mark.parametrize("said", [{"kind": "free"}, {"indexed_share": 1.5}])
def test_terms_that_mean_nothing_are_refused(said: dict) -> None:
    with pytest.raises(ValueError, match=r"price|share"):
        PriceTerms(**said)
