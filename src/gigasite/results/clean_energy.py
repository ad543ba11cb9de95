"""Clean energy: what supply that emits nothing gives over the year, and in the hours in which it is used (24/7).

    yearly share = min(1, sum over h of clean[h] / sum over h of load[h])
    24/7 score   = sum over h of min(clean[h], load[h]) / sum over h of load[h]
    with stores  : clean[h] + discharge[h] - charge[h] in place of clean[h]

Stores count where they take from clean supply only, in no hour more than it gives, and where that makes the score
better: otherwise nobody knows what comes out of them. Everything is counted by campus, a site or sites that lines
join, with the shares of `clean_share_hourly`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from gigasite.formulation.clean_supply import (
    GRID,
    OUTPUT,
    STORES,
    campuses,
    clean_by_site_year,
    delivered_share,
)
from gigasite.formulation.hubs import Term
from gigasite.formulation.requirements.clean_share_hourly import NAME
from gigasite.foundation.units import MWH_PER_GWH
from gigasite.results.outcome import Outcome
from gigasite.results.words import dollars
from gigasite.system.quantity import Array

COLUMNS = ("site", "year", "load_mwh", "clean_mwh", "clean_share_yearly", "clean_share_hourly", "stores_count")
SMALL_MW = 0.02
"""Megawatts by which stores may seem to take more than clean supply gives: twice what the solver lets pass."""

LEAST_USD = 1e-6
OVER_HOURS = ("site", "year", "hour")


def clean_energy_table(outcome: Outcome) -> pd.DataFrame:
    """One row per campus and year with load, by the name of its first site with load."""
    clean, shifted = _clean_mw(outcome)
    rows = []
    for name, members in campuses(outcome.system.context).items():
        at = [outcome.sites.index(site) for site in members]
        for y, year in enumerate(outcome.years):
            load, supply = outcome.load_mw[at, y].sum(axis=0), clean[at, y].sum(axis=0)
            if load.sum() <= 0:
                continue
            score, stores = matched_share(load, supply, shifted[at, y].sum(axis=0))
            energy = float(load.sum()) * outcome.step_hours
            given = float(supply.sum()) * outcome.step_hours
            rows.append((name, year, energy, given, min(1.0, given / energy), score, stores))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def matched_share(load: Array, clean: Array, shifted: Array) -> tuple[float, bool]:
    """Share of the load met in its own hour, and whether stores count towards it.

    Args:
        load: MW by hour, not all zero.
        clean: MW of supply that emits nothing.
        shifted: MW that stores give, less what they take.
    """
    alone = float(np.minimum(clean, load).sum() / load.sum())
    with_stores = clean + shifted
    if not shifted.any() or with_stores.min() < -SMALL_MW:
        return alone, False
    together = float(np.minimum(np.maximum(with_stores, 0.0), load).sum() / load.sum())
    return max(alone, together), together > alone


def clean_price_rows(outcome: Outcome) -> Iterator[dict[str, Any]]:
    """Rows of the table of prices: the clean share of every hour where it binds."""
    duals = outcome.duals(f"{NAME}.matched_at_least_share")
    if duals is None:
        return
    members, share = campuses(outcome.system.context), outcome.system.features[NAME]["hourly_share"].values
    for c, y in zip(*np.nonzero(np.abs(duals) > LEAST_USD), strict=True):
        site, year = list(members)[c], outcome.years[y]
        price = -float(duals[c, y]) / outcome.year_weight[y] / MWH_PER_GWH
        load = outcome.load_mw[[outcome.sites.index(one) for one in members[site]], y].sum() * outcome.step_hours
        yield {
            "site": site,
            "year": year,
            "requirement": "clean_share_hourly",
            "shadow_price": price,
            "unit": "USD/MWh",
            "worth_usd": abs(price) * float(share[y] * load) * float(outcome.year_weight[y]),
            "sentence": f"One MWh less to be met by clean supply in its own hour at {site} in {year} "
            f"would save about {dollars(price)}.",
        }


def _clean_mw(outcome: Outcome) -> tuple[Array, Array]:
    """Power of clean supply, and what stores give less what they take, shape (site, year, hour)."""
    builder = outcome.builder
    clean, shifted = np.zeros(outcome.load_mw.shape), np.zeros(outcome.load_mw.shape)
    left = delivered_share(outcome.system.context, outcome.system.features.get("line", {}))
    for term in builder.hubs.power:
        name = term.variable_name.partition(".")[2]
        if name in STORES:
            shifted += outcome.term(term, OVER_HOURS)
        elif name == OUTPUT or (term.feature == GRID and _brings(term)):
            share = left[:, None] * clean_by_site_year(builder, term)
            clean += share[:, :, None] * outcome.term(term, OVER_HOURS)
    return clean, shifted


def _brings(term: Term) -> bool:
    return float(term.coefficient_values.min()) > 0
