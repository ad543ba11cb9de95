"""What every site emits, evaporates, takes and covers in a year, beside its permits and what one more unit would save.

    shadow price = -dual * row units per unit of the permit / W_y                       emissions, water, land
                 = -dual * capacity of the backup generator / W_y                       its run hours
    campus water = energy served * litres per kWh                                       no part of a permit

Carbon dioxide of imports and the water that cools the campus itself stand beside: no permit of the plants counts them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from gigasite.formulation.requirements.permits import BACKUP, GRID, KINDS, NAME, Kind, on_site
from gigasite.results.outcome import Outcome
from gigasite.results.words import dollars
from gigasite.system.quantity import Array

COLUMNS = ("site", "year", "burden", "amount", "amount_unit", "permit_limit", "shadow_price")
BACKUP_HOURS = "backup_run_hours"
LEAST_USD = 1e-6
"""Prices below this are rounding of the solver."""

TOLD = {
    "nox": ("t", "One more tonne of NOx a year"),
    "co2": ("t", "One more tonne of carbon dioxide a year from plants"),
    "water": ("m3", "One more cubic metre of water consumed a year"),
    "water_withdrawal": ("m3", "One more cubic metre of water withdrawn a year"),
    "land": ("ha", "One more hectare for plants"),
    BACKUP_HOURS: ("h", "One more hour a year for the backup generator"),
}
"""Unit and words of every burden that a permit may limit."""


def environment_table(outcome: Outcome) -> pd.DataFrame:
    """One row per site, year and burden; the limit and its price are empty where there is no permit."""
    limits = dict(_limits(outcome))
    frames = []
    for burden, (amount, unit) in _amounts(outcome).items():
        limit, price = limits.get(burden, (np.full(amount.shape, np.nan), np.full(amount.shape, np.nan)))
        for s, site in enumerate(outcome.sites):
            rows = (np.array(outcome.years), amount[s], limit[s], price[s])
            named = dict(zip(("year", "amount", "permit_limit", "shadow_price"), rows, strict=True))
            frames.append(pd.DataFrame({"site": site, "burden": burden, "amount_unit": unit, **named}))
    table = pd.concat(frames, ignore_index=True)[list(COLUMNS)]
    return table.sort_values(["site", "year"], kind="stable", ignore_index=True)


def permit_price_rows(outcome: Outcome) -> Iterator[dict[str, Any]]:
    """Rows of the table of prices: every permit that binds."""
    for burden, (limit, price) in _limits(outcome):
        unit, words = TOLD[burden]
        for s, y in zip(*np.nonzero(np.nan_to_num(np.abs(price)) > LEAST_USD), strict=True):
            site, year, each = outcome.sites[s], outcome.years[y], float(price[s, y])
            yield {
                "site": site,
                "year": year,
                "requirement": f"permit_{burden}",
                "shadow_price": each,
                "unit": f"USD/{unit}",
                "worth_usd": abs(each) * float(limit[s, y]) * float(outcome.year_weight[y]),
                "sentence": f"{words} at {site} in {year} would save about {dollars(each)}.",
            }


def _amounts(outcome: Outcome) -> dict[str, tuple[Array, str]]:
    """Every burden by site and year, with its unit."""
    found: dict[str, tuple[Array, str]] = {}
    for kind in KINDS:
        hub = on_site(getattr(outcome.builder.hubs, kind.hub))
        parts = outcome.by_feature(hub).values()
        total = sum(parts, start=np.zeros((len(outcome.sites), len(outcome.years))))
        hours = outcome.step_hours if "hour" in hub.dims else 1.0
        found[kind.name] = (total * hours * kind.per_hub_unit / kind.per_key_unit, TOLD[kind.name][0])
    grid = outcome.by_feature(outcome.builder.hubs.co2).get(GRID)
    imported = np.zeros_like(found["co2"][0]) if grid is None else grid * outcome.step_hours
    litres = outcome.system.context.finance("load", "campus_water_l_per_kwh").value
    return found | {
        "co2_of_imports": (imported, "t"),
        "campus_water": (outcome.served_mwh * litres, "m3"),  # a litre per kWh is a cubic metre per MWh
        BACKUP_HOURS: (_backup_hours(outcome), "h"),
    }


def _backup_hours(outcome: Outcome) -> Array:
    """Hours at full output that a backup generator ran; zero where none stands."""
    if f"{BACKUP}.output_mw" not in outcome.variable_names:
        return np.zeros((len(outcome.sites), len(outcome.years)))
    energy = outcome.values(f"{BACKUP}.output_mw").sum(axis=-1) * outcome.step_hours
    capacity = outcome.values(f"{BACKUP}.capacity_mw")
    return np.asarray(np.divide(energy, capacity, out=np.zeros_like(energy), where=capacity > 0))


def _limits(outcome: Outcome) -> Iterator[tuple[str, tuple[Array, Array]]]:
    """Limit and shadow price of every kind of permit, in the unit of the permit; not a number where there is none."""
    data, weight = outcome.system.features.get(NAME, {}), outcome.year_weight
    for kind in KINDS:
        if kind.limit in data:
            here = data[f"{kind.name}_counted"].values[:, None] > 0
            duals = _duals(outcome, kind)
            limit = data[kind.limit].values / kind.per_key_unit
            price = -duals * kind.per_key_unit / weight
            yield kind.name, (np.where(here, limit, np.nan), np.where(here, price + 0.0, np.nan))
    if "backup_hours" in data:
        here = data["backup_counted"].values[:, None] > 0
        hours, rows = data["backup_hours"].values, outcome.duals(f"{NAME}.backup_runs_within_permit")
        price = np.zeros_like(hours) if rows is None else -rows * outcome.values(f"{BACKUP}.capacity_mw") / weight
        yield BACKUP_HOURS, (np.where(here, hours, np.nan), np.where(here, price + 0.0, np.nan))


def _duals(outcome: Outcome, kind: Kind) -> Array:
    duals = outcome.duals(f"{NAME}.{kind.row}")
    return np.zeros((len(outcome.sites), len(outcome.years))) if duals is None else duals
