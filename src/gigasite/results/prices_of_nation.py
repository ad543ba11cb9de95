"""What more room in a state, a grid zone or a region would save in a national account.

price = -dual / W_y              USD/MW-year, or USD/MWh for limits on energy
worth = |dual| * right side      present value
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from gigasite.formulation.requirements.national_limits import labels_of
from gigasite.foundation.units import MWH_PER_GWH
from gigasite.results.outcome import Outcome
from gigasite.results.price_row import price_row
from gigasite.results.words import dollars
from gigasite.system.quantity import Array

NATIONAL_LIMITS = "national_limits"
LEAST = 1e-6


def _energised(place: str, year: int, price: float) -> str:
    return f"One more MW of data-centre load allowed in {place} in {year} would save about {dollars(price)} a year."


def _energy(place: str, year: int, price: float) -> str:
    return f"One more MWh of data-centre energy allowed in {place} in {year} would save about {dollars(price)}."


def _growth(place: str, year: int, price: float) -> str:
    return f"One more MW of growth allowed in {place} up to {year} would save about {dollars(price)} a year of {year}."


Sentence = Callable[[str, int, float], str]
ROWS: dict[str, tuple[str, str, str, str, float, Sentence]] = {
    "energised_within_limit": ("mw_limit", "most_mw", "limit_mw", "USD/MW-year", 1.0, _energised),
    "energy_within_limit": ("twh_limit", "most_gwh", "limit_twh", "USD/MWh", 1.0 / MWH_PER_GWH, _energy),
    "growth_within_limit": ("growth_limit", "growth_mw", "growth_limit", "USD/MW-year", 1.0, _growth),
}
"""Rows of the limits: their set, their right side, what a planner calls them, unit and factor of the price, words."""


def national_price_rows(outcome: Outcome) -> Iterator[dict[str, Any]]:
    """One row per limit and year that has a price; the place stands in the column of sites."""
    data = outcome.system.features.get(NATIONAL_LIMITS, {})
    for row, (kind, side, requirement, unit, factor, sentence) in ROWS.items():
        duals = outcome.duals(f"{NATIONAL_LIMITS}.{row}")
        if duals is None:
            continue
        labels, size = labels_of(outcome.system.context, kind), data[side].values
        for p, y in np.argwhere(duals < 0):
            price = float(-duals[p, y] * factor / outcome.year_weight[y])
            if price > LEAST:
                place, year = labels[p].partition("_")[2], outcome.years[y]
                worth = float(-duals[p, y] * size[p, y])
                yield price_row(labels[p], year, requirement, price, unit, worth, sentence(place, year, price))


def of_whole_campuses(outcome: Outcome) -> Array:
    """What one more MW of the ramp of a campus that opens as a whole costs by its rows, shape (site, year).

        (dual of `energised_only_where_open` - dual of `energised_at_least_smallest`) * open

    The second counts where the ramp is the smallest size. Zero where a campus takes any share of its ramp. The dual of
    a row is what one more on its right side costs.
    """
    data = outcome.system.features.get("whole_campus", {})
    if not data:
        return np.zeros(outcome.system.ramp_mw.shape)
    most, least = (outcome.duals(f"whole_campus.{name}") for name in (
        "energised_only_where_open", "energised_at_least_smallest"
    ))  # fmt: skip
    assert most is not None
    assert least is not None
    as_the_ramp = data["least_mw"].values >= data["ramp_mw"].values
    return np.asarray((most - np.where(as_the_ramp, least, 0.0)) * np.round(outcome.values("whole_campus.open_campus")))
