"""What a year less of waiting for machines would be worth: prices of stock on order and of samples a year early.

    a year earlier[s, y] = - dual[s, y]                              of the sample, USD of present value per MW
    stock[s, y]          = - sum over y' >= y of dual[s, y']         of the stock on order, USD of present value per MW

with the duals of `built_before_lead_time`. A megawatt of stock that comes in one year is there in the next ones too, so
its price is the sum up to the end of the lead time.

The worth is the price times what is built in the next modelled year: if all of that came a modelled year earlier, it
would save no more, since cost is convex in what may come early.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from gigasite.results.outcome import Outcome
from gigasite.results.words import dollars, technology_label
from gigasite.system.lead_times import SAMPLE_MW

ROW = "lead_times.built_before_lead_time"
UNIT = "USD/MW present value"
LEAST_USD_PER_MW = 1e-3
"""Prices below this are rounding of the solver: a tenth of a cent per megawatt."""


def lead_time_rows(outcome: Outcome) -> Iterator[dict[str, Any]]:
    """Rows of the table of prices: one per technology, site and year that a megawatt more would help."""
    data = outcome.system.features.get("lead_times", {})
    for key in data:
        technology = key.removeprefix("early_mw__")
        duals = outcome.duals(f"{ROW}__{technology}")
        if technology == key or duals is None:
            continue
        built, sample = outcome.values(f"{technology}.built_mw"), data[key].values <= SAMPLE_MW
        prices = np.where(sample, -duals, -np.cumsum(duals[:, ::-1], axis=1)[:, ::-1])
        for s, y in zip(*np.nonzero((data[key].values > 0) & (prices > LEAST_USD_PER_MW)), strict=True):
            price, site, year, sampled = float(prices[s, y]), outcome.sites[s], outcome.years[y], bool(sample[s, y])
            comes = float(built[s, y + 1]) if y + 1 < len(outcome.years) else 0.0
            yield {
                "site": site,
                "year": year,
                "requirement": f"{'lead_time' if sampled else 'ordered_stock'}_{technology}",
                "shadow_price": price,
                "unit": UNIT,
                "worth_usd": price * comes,
                "sentence": _sentence(technology, site, year, price, sampled=sampled),
            }


def _sentence(technology: str, site: str, year: int, price: float, *, sampled: bool) -> str:
    what = f"{technology_label(technology)} at {site}"
    early = f"One MW of {what} already in {year}, before it can be had,"
    told = early if sampled else f"One more MW of {what} on order for {year}"
    return f"{told} would save about {dollars(price)} of present value."
