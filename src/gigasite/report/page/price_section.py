"""What binds and what is nearest to enter, in sentences, with every price behind them."""

from __future__ import annotations

import pandas as pd

from gigasite.report.page.section import Section
from gigasite.report.page.shown_table import shown_table
from gigasite.results.run import Run
from gigasite.results.sentences import NOT_A_LIMIT

MOST_PRICES = 12


def price_section(run: Run, key: str) -> Section:
    """Prices of limits and break-evens."""
    section = Section(f"{key}prices", "What binds, and what would change the answer", "Prices", kind="list")
    prices = run.prices[run.prices["shadow_price"] != 0].sort_values("worth_usd", ascending=False)
    limits = prices[~prices["requirement"].isin(NOT_A_LIMIT) & (prices["worth_usd"] > 0)]
    kinds = limits["requirement"].str.replace(r"_\d+$", "", regex=True)
    section.sentences += list(limits["sentence"][~kinds.duplicated()].head(MOST_PRICES))
    section.sentences += list(_nearest_to_enter(run.breakeven)["sentence"].head(MOST_PRICES))
    if not section.sentences:
        section.sentences.append("No limit binds, and nothing that was left out comes near to being built.")
    for table, caption in (
        (prices, "Every price of a limit"),
        (run.breakeven, "Every cost at which supply would enter"),
    ):
        if len(table):
            section.long_tables.append(shown_table(table, caption, words={"sentence": "In words"}))
    return section


def _nearest_to_enter(breakeven: pd.DataFrame) -> pd.DataFrame:
    """Of each technology that was not built the site and year in which least is missing."""
    missing = 1.0 - breakeven["breakeven_capex_usd_per_kw"] / breakeven["overnight_capex_usd_per_kw"]
    ordered = breakeven.loc[missing.sort_values().index]
    return ordered[~ordered["technology"].duplicated()]
