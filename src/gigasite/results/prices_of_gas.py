"""What more gas would save: trunk, firm transport, a day without interruptible gas, the limit of a region."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from gigasite.foundation.units import MMBTU_PER_GBTU
from gigasite.results.outcome import Outcome
from gigasite.results.price_row import price_row
from gigasite.results.words import dollars
from gigasite.system.quantity import Array

LEAST = 1e-6
PER_YEAR, PER_DAY = "USD/(MMBtu/h)-year", "USD/(MMBtu/h)-day"
TRANSPORT = "gas_transport"


def gas_price_rows(outcome: Outcome) -> Iterator[dict[str, Any]]:
    """One row per site or region and year of every limit on gas that has a price."""
    yield from _trunk(outcome)
    yield from _firm_transport(outcome)
    yield from _stopped_day(outcome)
    yield from _regions(outcome)


def _trunk(outcome: Outcome) -> Iterator[dict[str, Any]]:
    """A trunk that cannot be larger yet; one that can be laid is worth what it costs.

    price = -(sum over h of the dual of gas[h] <= trunk + dual of firm gas <= trunk) / W_y
    """
    hourly, firm = (outcome.duals(f"fuel_lateral.{name}_at_most_trunk") for name in ("gas", "firm_gas"))
    if hourly is None or firm is None:
        return
    data = outcome.system.features["fuel_lateral"]
    open_to = data["trunk_allowed"].values @ data["in_life"].values
    existing = data.get("existing_mmbtu_per_h")
    size = np.zeros(len(outcome.sites)) if existing is None else existing.values
    saved = -(hourly.sum(axis=-1) + firm)
    for s, y in np.argwhere((open_to == 0) & (data["trunk_needed"].values[:, None] > 0)):
        price = float(saved[s, y] / outcome.year_weight[y])
        if price > LEAST:
            site, year = outcome.sites[s], outcome.years[y]
            told = f"One more MMBtu/h of trunk at {site} in {year} would save about {dollars(price)} a year."
            yield price_row(site, year, "gas_trunk", price, PER_YEAR, float(saved[s, y] * max(size[s], 1.0)), told)


def _firm_transport(outcome: Outcome) -> Iterator[dict[str, Any]]:
    """A firm contract at the most that is on offer: reduced cost of the contract at its upper limit, with a minus."""
    name = f"{TRANSPORT}.firm_mmbtu_per_h"
    if name not in outcome.variable_names:
        return
    offered = outcome.system.features[TRANSPORT]["firm_max_mmbtu_per_h"].values
    saved = -outcome.solution.reduced(name)
    for s, y in np.argwhere(offered >= 0):
        price = float(saved[s, y] / outcome.year_weight[y])
        if price > LEAST:
            site, year = outcome.sites[s], outcome.years[y]
            told = (
                f"One more MMBtu/h of firm gas transport at {site} in {year} would save about {dollars(price)} a year."
            )
            yield price_row(site, year, "firm_gas_transport", price, PER_YEAR, float(saved[s, y] * offered[s, y]), told)


def _stopped_day(outcome: Outcome) -> Iterator[dict[str, Any]]:
    """An MMBtu/h that flowed on a day when interruptible gas stops.

    price = sum over h of stopped days of max(0, -dual of the gas balance[h] - charge[h]) / (days * W_y)

    Its worth is that of the distillate burnt in those hours.
    """
    duals = outcome.duals(f"{TRANSPORT}.gas_is_carried")
    if duals is None:
        return
    data = outcome.system.features[TRANSPORT]
    stopped = data["at_site"].values[:, None] * (1.0 - data["flowing"].values)
    net = np.maximum(0.0, -duals - data["interruptible_usd_per_mmbtu_per_h_step"].values) * stopped[:, None, :]
    worth = (net * _liquid(outcome)).sum(axis=-1)
    days = data["stopped_days"].values
    for s, y in np.argwhere((days > 0)[:, None] & (net.sum(axis=-1) > 0)):
        price = float(net[s, y].sum() / days[s] / outcome.year_weight[y])
        if price > LEAST:
            site, year = outcome.sites[s], outcome.years[y]
            told = (
                f"One more MMBtu/h of gas on a day when interruptible gas stops at {site} in {year} would save about "
                f"{dollars(price)} that day."
            )
            yield price_row(site, year, "gas_interruption", price, PER_DAY, float(worth[s, y]), told)


def _liquid(outcome: Outcome) -> Array:
    name = "dual_fuel.liquid_mmbtu_per_h"
    return outcome.values(name) if name in outcome.variable_names else np.zeros(1)


def _regions(outcome: Outcome) -> Iterator[dict[str, Any]]:
    """The limit of a region, in dollars per MMBtu."""
    duals = outcome.duals("gas_regions.burnt_within_limit")
    if duals is None:
        return
    limits = outcome.system.features["gas_regions"]["limit_gbtu"].values
    names = tuple(outcome.system.context.scenario.requirements.gas_regions)
    for r, y in np.argwhere(-duals > 0):
        price = float(-duals[r, y] / outcome.year_weight[y] / MMBTU_PER_GBTU)
        if price > LEAST:
            year = outcome.years[y]
            told = (
                f"One more MMBtu of gas allowed in the region {names[r]} in {year} would save about {price:,.2f} USD."
            )
            yield price_row(names[r], year, "gas_region", price, "USD/MMBtu", float(-duals[r, y] * limits[r]), told)
