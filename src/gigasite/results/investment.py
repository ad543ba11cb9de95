"""What everything new costs, by the year it starts in: overnight, in 2024 money."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gigasite.results.costs import SHOWN_AS
from gigasite.results.outcome import Outcome

COLUMNS = ("site", "technology", "vintage", "overnight_usd", "announced_usd")
SMALL_USD = 0.01


def investment_table(outcome: Outcome) -> pd.DataFrame:
    """One row per site, technology and vintage that costs something; the rows add up to `overnight_capex_usd`.

    What was announced stands beside it in the money of its day, empty for what was not. Connections, lines, trunks and
    tanks stand there like plants. Interest during construction is left out, but for all-in costs, which hold it
    already.
    """
    spent: dict[tuple[str, str, int], float] = {}
    for term in outcome.builder.hubs.capital:
        name = SHOWN_AS.get(term.feature, term.feature)
        usd = outcome.term(term, ("site", "vintage"))
        for s, v in zip(*np.nonzero(np.abs(usd) > SMALL_USD), strict=True):
            key = (outcome.sites[s], name, outcome.years[v])
            spent[key] = spent.get(key, 0.0) + float(usd[s, v])
    announced = outcome.by_feature(outcome.builder.hubs.announced_capital, ("site", "vintage"))
    told = {
        (outcome.sites[s], SHOWN_AS.get(feature, feature), outcome.years[v]): float(usd[s, v])
        for feature, usd in announced.items()
        for s, v in zip(*np.nonzero(usd > SMALL_USD), strict=True)
    }
    rows = [(*key, usd, told.get(key, np.nan)) for key, usd in sorted(spent.items())]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.astype({"vintage": "int64", "overnight_usd": "float64", "announced_usd": "float64"})
