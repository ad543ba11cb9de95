"""What more flexible load would save: a larger share that may be moved, more headroom for a flexible connection."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from gigasite.results.outcome import Outcome
from gigasite.results.price_row import price_row
from gigasite.results.words import dollars

LEAST = 1e-6
PER_POINT, PER_MW = "USD/%-year", "USD/MW-year"
PERCENT = 0.01
FLEXIBLE = "flexible_connection"


def flexibility_price_rows(outcome: Outcome) -> Iterator[dict[str, Any]]:
    """One row per site or region and year of every limit on flexible load that has a price."""
    yield from _shifting(outcome)
    yield from _headroom(outcome)


def _shifting(outcome: Outcome) -> Iterator[dict[str, Any]]:
    """One more per cent of the load that may be moved.

    saved = -0.01 * sum over h of load[h] * (dual of its row + reduced cost at its upper limit) / W_y
    """
    duals = outcome.duals("shiftable_load.shifted_down_at_most_share")
    if duals is None:
        return
    at_most = np.minimum(0.0, outcome.solution.reduced("shiftable_load.shifted_down_mw"))
    present = -((duals + at_most) * outcome.load_mw).sum(axis=-1) * PERCENT
    share = outcome.system.features["shiftable_load"]["shift_share"].values
    for s, y in np.ndindex(*present.shape):
        price = float(present[s, y] / outcome.year_weight[y])
        if share[s] > 0 and price > LEAST:
            site, year = outcome.sites[s], outcome.years[y]
            more = f"One more per cent of the load that may be moved at {site} in {year}"
            told = f"{more} would save about {dollars(price)} a year."
            yield price_row(
                site, year, "shift_share", price, PER_POINT, float(present[s, y] * share[s] / PERCENT), told
            )


def _headroom(outcome: Outcome) -> Iterator[dict[str, Any]]:
    """One more megawatt of headroom for the flexible connection of a site, or for those of a region."""
    data = outcome.system.features.get(FLEXIBLE, {})
    for rows, places, size, what in (
        ("nonfirm_within_headroom", outcome.sites, "site_headroom_mw", "flexible connection at"),
        ("region_shares_headroom", outcome.system.context.regions, "stated_headroom_mw", "flexible connections in"),
    ):
        duals = outcome.duals(f"{FLEXIBLE}.{rows}")
        if duals is None:
            continue
        for p, y in np.argwhere(duals < 0):
            price, year = float(-duals[p, y] / outcome.year_weight[y]), outcome.years[y]
            if price > LEAST:
                more = f"One more MW of headroom for the {what} {places[p]} in {year}"
                told = f"{more} would save about {dollars(price)} a year."
                worth = float(-duals[p, y] * data[size].values[p])
                yield price_row(places[p], year, "flexible_headroom", price, PER_MW, worth, told)
