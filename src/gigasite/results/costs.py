"""Cost by site, year, technology and component: present value, per calendar year, and per megawatt-hour served."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from gigasite.formulation.hubs import CostTerm
from gigasite.results.frames import stacked
from gigasite.results.outcome import Outcome
from gigasite.system.quantity import Array, weakest

NATIONAL = "national"
"""Stands in the column of sites for what belongs to no single one."""

SHOWN_AS = {"fuel_lateral": "gas_trunk"}
"""Features that inputs and planners know by another name."""

COLUMNS = (
    "site",
    "year",
    "technology",
    "component",
    "cost_usd_present_value",
    "cost_usd_per_year",
    "usd_per_mwh",
    "confidence",
)


def costs_table(outcome: Outcome) -> pd.DataFrame:
    """One row per site, year, technology and component that costs something.

        cost per year = present value / W_y
        USD/MWh       = cost per year / MWh served at the site in the year

    A line's cost stands at the site it leads to; what belongs to no site stands at `national`. Cost per MWh is not a
    number where nothing is served.
    """
    amounts: dict[tuple[str, str], Array] = {}
    confidences: dict[tuple[str, str], list[str]] = {}
    for term in outcome.builder.hubs.costs:
        key = (SHOWN_AS.get(term.technology, term.technology), term.component)
        part = _by_site_and_year(outcome, term)
        amounts[key] = amounts[key] + part if key in amounts else part
        if part.any():
            confidences.setdefault(key, []).append(term.confidence)
    frames = [
        _rows(outcome, technology, component, amount, weakest(confidences.get((technology, component), [])))
        for (technology, component), amount in amounts.items()
    ]
    return stacked(frames, COLUMNS)


def _by_site_and_year(outcome: Outcome, term: CostTerm) -> Array:
    """Present value of a cost term, shape (site and national, year)."""
    owner = next((dim for dim in ("site", "line") if dim in term.dims), None)
    keep = ("year",) if owner is None else (owner, "year")
    found = outcome.weighted(term.variable_name, term.variable_dims, term.coefficient, term.dims, keep)
    by_site = np.zeros((len(outcome.sites) + 1, len(outcome.years)))
    if owner is None:
        by_site[-1] = found
    elif owner == "line":
        ends_at = outcome.system.features["line"]["ends_at"].values
        by_site[:-1] = ends_at.T @ found
    else:
        by_site[:-1] = found
    return by_site


def _rows(outcome: Outcome, technology: str, component: str, amount: Array, confidence: str) -> pd.DataFrame:
    s, y = np.nonzero(amount)
    names = np.array([*outcome.sites, NATIONAL])
    served = np.vstack([outcome.served_mwh, np.zeros(len(outcome.years))])[s, y]
    per_year = amount[s, y] / outcome.year_weight[y]
    return pd.DataFrame(
        {
            "site": names[s],
            "year": np.asarray(outcome.years, dtype=np.int64)[y],
            "technology": technology,
            "component": component,
            "cost_usd_present_value": amount[s, y],
            "cost_usd_per_year": per_year,
            "usd_per_mwh": np.divide(per_year, served, out=np.full(len(s), np.nan), where=served > 0),
            "confidence": confidence,
        }
    )


def confidence_shares(outcome: Outcome, components: tuple[str, ...]) -> dict[str, float]:
    """Share of the cost of supply by the weakest confidence of the inputs behind each part; adds up to 1.

    Revenue counts by its size like cost, so that no share is negative.
    """
    sizes = dict.fromkeys(("published", "derived", "reported", "estimate"), 0.0)
    for term in _terms(outcome, components):
        keep = tuple(dim for dim in ("site", "line", "year") if dim in term.dims)
        found = outcome.weighted(term.variable_name, term.variable_dims, term.coefficient, term.dims, keep)
        sizes[term.confidence] += float(np.abs(found).sum())
    total = sum(sizes.values())
    return {name: size / total if total > 0 else float("nan") for name, size in sizes.items()}


def _terms(outcome: Outcome, components: tuple[str, ...]) -> Iterator[CostTerm]:
    return (term for term in outcome.builder.hubs.costs if term.component in components)
