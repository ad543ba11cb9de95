"""MACRS, losses carried forward, and the project finance factor.

Table A-1 of IRS Publication 946, "How To Depreciate Property" (half-year convention, percent), as printed there and in
Whittenburg, "Income Tax Fundamentals", table 7.2.
"""

from __future__ import annotations

import pytest

from gigasite.finance.depreciation import (
    depreciation_shares,
    macrs_table,
    tax_with_losses,
)
from gigasite.inputs.folders import data_folder
from gigasite.inputs.tables import load_tables

TABLE_A_1 = {
    5: [20.00, 32.00, 19.20, 11.52, 11.52, 5.76],
    15: [5.00, 9.50, 8.55, 7.70, 6.93, 6.23, 5.90, 5.90, 5.91, 5.90, 5.91, 5.90, 5.91, 5.90, 5.91, 2.95],
    20: [
        3.750, 7.219, 6.677, 6.177, 5.713, 5.285, 4.888, 4.522, 4.462, 4.461, 4.462, 4.461, 4.462, 4.461, 4.462, 4.461,
        4.462, 4.461, 4.462, 4.461, 2.231,
    ],
}  # fmt: skip
"""Recovery year by recovery year [%]."""

ROUNDING = {5: 5e-5, 15: 5.2e-5, 20: 1.01e-5}
"""The publication rounds to 0.01 %, from 20 years on to 0.001 %, and lets the last digits alternate."""


@pytest.mark.parametrize("years", [5, 15, 20])
def test_the_rule_gives_the_published_table(years: int) -> None:
    assert macrs_table(years).sum() == pytest.approx(1.0, abs=1e-12)
    assert macrs_table(years) == pytest.approx([percent / 100 for percent in TABLE_A_1[years]], abs=ROUNDING[years])


@pytest.mark.parametrize("years", [5, 15, 20])
def test_the_rows_of_the_inputs_are_those_of_the_publication(years: int) -> None:
    tables = load_tables([data_folder()])
    items = tables.values("finance", "item", topic=f"macrs_{years}_year")
    rows = [tables.figure("finance", topic=f"macrs_{years}_year", item=item).value for item in items]
    assert list(items) == [f"year_{n}" for n in range(1, years + 2)]
    assert rows == pytest.approx([percent / 100 for percent in TABLE_A_1[years]], abs=1e-9)


def test_a_copier_of_5000_dollars() -> None:
    """Five-year property, half-year convention: 1,000 and 1,600 USD in the first two years (loopholelewy.com)."""
    assert (5000 * macrs_table(5)).tolist() == pytest.approx([1000.0, 1600.0, 960.0, 576.0, 576.0, 288.0], abs=1e-9)


def test_the_bonus_comes_off_before_the_table() -> None:
    assert depreciation_shares([0.2, 0.32, 0.192, 0.1152, 0.1152, 0.0576], 1.0).tolist() == [1.0, 0, 0, 0, 0, 0]
    half = depreciation_shares([0.2, 0.32, 0.192, 0.1152, 0.1152, 0.0576], 0.5)
    assert half == pytest.approx([0.6, 0.16, 0.096, 0.0576, 0.0576, 0.0288], abs=1e-12)


def test_losses_take_away_at_most_four_fifths_of_an_income() -> None:
    """-100 is lost; 50: 40 of it used, 10 taxed; 100: the other 60 used, 40 taxed. 26 USC 172(a)(2)."""
    assert tax_with_losses([-100.0, 50.0, 100.0], 0.25).tolist() == pytest.approx([0.0, 2.5, 10.0])
    assert tax_with_losses([-100.0, 50.0, 100.0], 0.25, 1.0).tolist() == pytest.approx([0.0, 0.0, 12.5])


@pytest.mark.parametrize(("table", "bonus", "word"), [([0.5], 0.0, "add up"), ([1.0], 1.1, "bonus")])
def test_tables_that_mean_nothing_are_refused(table: list[float], bonus: float, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        depreciation_shares(table, bonus)
