"""Shadow prices of the losses that a scenario asks to survive, in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from gigasite.foundation.units import KW_PER_MW
from gigasite.results.outcome import Outcome
from gigasite.results.words import dollars
from gigasite.system.quantity import Array

PER_KW = "USD/kW-year"
LEAST = 1e-6
"""Prices below this, in their own unit, are rounding of the solver."""

YEARLY = {
    "common_mode.carried_without_trunk": ("trunk_loss", "firm capacity that burns no pipeline gas"),
    "common_mode.carried_without_far_trunk": ("far_trunk_loss", "firm capacity that comes by no line"),
    "common_mode.carried_without_grid": ("grid_loss", "firm capacity beside the grid"),
    "cold_snap.peak_is_carried": ("cold_snap_peak", "capacity that runs on the coldest day"),
    "cold_snap.energy_is_carried": ("cold_snap_mean", "supply that runs through the cold snap"),
}
BALANCE = "grid_outage.critical_load_is_carried"
ENERGY = "grid_outage.given_at_most_stored__"
STORED = {"battery": "in the battery", "backup_generator": "of diesel power in the tanks"}


def reliability_price_rows(outcome: Outcome) -> Iterator[dict[str, Any]]:
    """One row per site, year and loss that has a price."""
    names = set(outcome.constraint_names)
    for name, (requirement, what) in YEARLY.items():
        if name in names:
            yield from _power_rows(outcome, requirement, what, outcome.solution.duals(name))
    if BALANCE in names:
        what = "supply that runs through every grid outage"
        yield from _power_rows(outcome, "grid_outage", what, outcome.solution.duals(BALANCE).sum(axis=(2, 3)))
        for name in sorted(one for one in names if one.startswith(ENERGY)):
            yield from _energy_rows(outcome, name.removeprefix(ENERGY), outcome.solution.duals(name).sum(axis=2))


def _power_rows(outcome: Outcome, requirement: str, what: str, duals: Array) -> Iterator[dict[str, Any]]:
    """What one more megawatt would save, and its worth: the price times the energised load."""
    energised = outcome.values("idle_load.energised_mw")
    for s, y in np.argwhere(duals):
        price = -float(duals[s, y]) / outcome.year_weight[y]
        if abs(price) / KW_PER_MW <= LEAST:
            continue
        site, year = outcome.sites[s], outcome.years[y]
        yield {
            "site": site,
            "year": year,
            "requirement": requirement,
            "shadow_price": price / KW_PER_MW,
            "unit": PER_KW,
            "worth_usd": abs(float(duals[s, y])) * float(energised[s, y]),
            "sentence": f"One more MW of {what} at {site} in {year} would save about {dollars(price)} a year.",
        }


def _energy_rows(outcome: Outcome, store: str, duals: Array) -> Iterator[dict[str, Any]]:
    """What one more megawatt-hour for an outage would save; ranked after the megawatts, whose worth holds it."""
    where = STORED.get(store, f"in {store}")
    for s, y in np.argwhere(duals):
        price = -float(duals[s, y]) / outcome.year_weight[y]
        if abs(price) <= LEAST:
            continue
        site, year = outcome.sites[s], outcome.years[y]
        yield {
            "site": site,
            "year": year,
            "requirement": f"grid_outage_energy_{store}",
            "shadow_price": price,
            "unit": "USD/MWh-year",
            "worth_usd": 0.0,
            "sentence": (
                f"One more MWh {where} at {site}, there in every hour of {year} for a grid outage, would save about "
                f"{dollars(price)} a year."
            ),
        }
