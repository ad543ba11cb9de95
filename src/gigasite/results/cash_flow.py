"""Payments by year, party and item, in 2024 money and in money of the day."""

from __future__ import annotations

import pandas as pd

from gigasite.formulation.hubs import SUPPLY_COMPONENTS
from gigasite.results.outcome import Outcome
from gigasite.system.context import Context

PROJECT = "project"
PAID = (*SUPPLY_COMPONENTS, "tax_credit")
"""Components that somebody pays or receives; what waits or goes unserved is a loss, not a payment."""

LAST_PUBLISHED_YEAR = 2025
COLUMNS = ("year", "party", "item", "amount_usd_real_2024", "amount_usd_nominal")


def cash_flow_table(outcome: Outcome, costs: pd.DataFrame) -> pd.DataFrame:
    """Payments in each calendar year that a modelled year stands for; what is paid is negative.

        nominal = real 2024 * price level of the modelled year

    Capital is paid as the annuity of what stands, in the item `capital`.
    """
    paid = costs[costs["component"].isin(PAID)]
    sums = paid.groupby(["year", "component"], sort=False)["cost_usd_per_year"].sum().reset_index()
    level = {year: price_level(outcome.system.context, year) for year in outcome.years}
    real = -sums["cost_usd_per_year"]
    table = pd.DataFrame(
        {
            "year": sums["year"],
            "party": PROJECT,
            "item": sums["component"],
            "amount_usd_real_2024": real,
            "amount_usd_nominal": real * sums["year"].map(level).astype(float),
        },
        columns=list(COLUMNS),
    )
    return table.sort_values(["year", "item"], ignore_index=True)


def price_level(context: Context, year: int) -> float:
    """Dollars of a year that buy what one dollar of 2024 bought.

    The published deflator up to its last year, then the rate of inflation of `finance.csv`.
    """
    published = min(year, LAST_PUBLISHED_YEAR)
    level = float(context.money.deflator.from_2024(1.0, published))
    return level * float((1.0 + inflation(context)) ** (year - published))


def inflation(context: Context) -> float:
    """Rise of prices per year after the published deflator ends."""
    return context.finance("inflation", "after_2025").value
