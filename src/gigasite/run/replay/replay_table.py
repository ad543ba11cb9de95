"""The table `replay`: what the replay found at every site in every year."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from gigasite.foundation.units import DAYS_PER_MONTH, HOURS_PER_DAY, HOURS_PER_YEAR
from gigasite.results.books import Books
from gigasite.run.replay.estimate import availability, mean_per_year, nines
from gigasite.run.replay.site_year import Shortage, replay_site
from gigasite.run.replay.stock import SMALL_MW
from gigasite.run.replay.stocks import Stocks
from gigasite.system.rest_of_state import PREFIX

TABLE = "replay"
COLUMNS = (
    "site",
    "year",
    "availability",
    "availability_low",
    "availability_high",
    "nines",
    "nines_low",
    "unserved_hours_per_year",
    "unserved_hours_low_per_year",
    "unserved_hours_high_per_year",
    "unserved_mwh_per_year",
    "unserved_mwh_low_per_year",
    "unserved_mwh_high_per_year",
    "served_share",
    "events_per_year",
    "longest_event_h",
    "largest_unserved_mw",
    "worst_month",
    "unseen_event_h",
    "outage_years",
    "seed",
)

Found = Mapping[tuple[str, int], Shortage]


def places_of(books: Books) -> list[tuple[str, int]]:
    """Sites and years with energised load; aggregates of a state's small data centres are left out."""
    energised = books.planned("load", "energised_mw")
    found = [(books.sites[s], books.years[y]) for s, y in np.argwhere(energised > SMALL_MW).tolist()]
    return [place for place in found if not place[0].startswith(PREFIX)]


def replayed_shortages(books: Books, *, years: int, seed: int) -> dict[tuple[str, int], Shortage]:
    """Replay every site and year with energised load.

    Args:
        books: the plan's tables and inputs.
        years: number of outage years.
        seed: seed of every random stream.
    """
    stocks = Stocks.of(books)
    return {place: replay_site(stocks, *place, years=years, seed=seed) for place in places_of(books)}


def replay_table(books: Books, found: Found, *, seed: int) -> pd.DataFrame:
    """One row per site and year that was replayed."""
    stocks = Stocks.of(books)
    rows = [
        (site, year, *_row(shortage, stocks, site, year), shortage.years, seed)
        for (site, year), shortage in found.items()
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row(shortage: Shortage, stocks: Stocks, site: str, year: int) -> tuple[object, ...]:
    unseen = stocks.longest_repair_h(site, year)
    stock = stocks.at(site, year)
    hours = mean_per_year(shortage.hours_by_year, unseen=unseen)
    energy = mean_per_year(shortage.mwh_by_year, unseen=unseen * stock.energised_mw)
    share = availability(hours)
    return (
        share.mean,
        share.low,
        share.high,
        nines(share.mean),
        nines(share.low),
        hours.mean,
        hours.low,
        hours.high,
        energy.mean,
        energy.low,
        energy.high,
        1.0 - energy.mean / float(stock.load_mw.sum()),
        float(shortage.events_by_year.mean()),
        shortage.longest_h,
        float(shortage.unserved_mw.max(initial=0.0)),
        _worst_month(shortage),
        unseen,
    )


def _worst_month(shortage: Shortage) -> int:
    """Month with the most energy unserved; 0 where there is none."""
    month = np.repeat(np.arange(1, 13), np.array(DAYS_PER_MONTH) * HOURS_PER_DAY)
    assert len(month) == HOURS_PER_YEAR
    energy = np.bincount(month[shortage.hour], weights=shortage.unserved_mw, minlength=13)
    return int(np.argmax(energy)) if energy.any() else 0
