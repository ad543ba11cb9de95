"""What of a grid contract binds: meter, floor, ratchet, minimum, ramp, a given block; in words and prices.

    metered[s, y, m] = largest over h in m of peak ratio[s, h] * import[s, y, h]
    floor[s, y, m]   = floor share[s, y] * contract[s, y]
    ratchet[s, y, m] = ratchet share[s] * largest over all months of metered[s, y]

All three follow from the hours and the contract, not from the variables of the model.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from gigasite.foundation.units import MONTHS_PER_YEAR
from gigasite.results.bounds import SMALL_MW, at_ramp, given_blocks, near
from gigasite.results.outcome import Outcome
from gigasite.results.price_row import price_row
from gigasite.results.words import dollars
from gigasite.system.quantity import Array

GRID = "grid_connection"
METERED, FLOOR, RATCHET, NOTHING, NO_CHARGE = "metered peak", "floor", "ratchet", "nothing", "no charge"
GIVEN, RAMP, NEITHER = "given", "ramp", ""
LEAST_USD = 1e-6
"""Prices below this are rounding of the solver."""

Words = np.ndarray[Any, np.dtype[np.object_]]


def metered_mw(outcome: Outcome) -> Array:
    """Highest hourly import of every month, shape (site, year, month)."""
    ratio = outcome.system.features[GRID]["peak_ratio"].values
    metered = ratio[:, None, :] * outcome.values(f"{GRID}.import_mw").sum(axis=2)
    return monthly_peaks(metered, outcome.system.context.time.month)


def monthly_peaks(hourly: Array, month: np.ndarray[Any, np.dtype[np.int64]]) -> Array:
    """Largest value of each month of an hourly array (..., hour); zero for a month of which no day is modelled.

    >>> monthly_peaks(np.array([3.0, 5.0, 4.0]), np.array([1, 1, 7])).tolist()
    [5.0, 0.0, 0.0, 0.0, 0.0, 0.0, 4.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    """
    peaks = np.zeros((*hourly.shape[:-1], MONTHS_PER_YEAR))
    for number in np.unique(month):
        peaks[..., number - 1] = hourly[..., month == number].max(axis=-1)
    return peaks


def floor_mw(outcome: Outcome) -> Array:
    """Least demand that the contract bills, shape (site, year, month)."""
    floor = outcome.system.features[GRID]["demand_charge_floor"].values * outcome.values(f"{GRID}.contract_mw")
    return np.repeat(floor[..., None], MONTHS_PER_YEAR, axis=-1)


def ratchet_mw(outcome: Outcome) -> Array:
    """Least demand billed for the highest metered month, shape (site, year, month)."""
    metered = metered_mw(outcome)
    share = outcome.data(GRID, "demand_ratchet_share")
    highest = metered.max(axis=-1, keepdims=True) * np.ones(MONTHS_PER_YEAR)
    return np.zeros_like(metered) if share is None else share.values[:, None, None] * highest


def billed_in_words(outcome: Outcome) -> Words:
    """What sets the demand that is billed, shape (site, year, month).

    A plan often takes as much as it is billed anyway; floor and ratchet come before the meter then.
    """
    billed = outcome.values(f"{GRID}.billed_mw")
    words = np.full(billed.shape, NO_CHARGE, dtype=object)
    charged = outcome.system.features[GRID]["demand_charge_usd_per_mw"].values > 0
    for name, asked in ((METERED, metered_mw(outcome)), (RATCHET, ratchet_mw(outcome)), (FLOOR, floor_mw(outcome))):
        words[charged & near(billed, asked)] = name
    words[charged & (billed <= SMALL_MW)] = NOTHING
    return words


def contract_in_words(outcome: Outcome) -> Words:
    """What holds the contract, of what stands in it, shape (site, year)."""
    contract = outcome.values(f"{GRID}.contract_mw")
    words = np.full(contract.shape, NEITHER, dtype=object)
    words[(contract > SMALL_MW) & at_ramp(outcome)] = RAMP
    words[given_blocks(outcome)] = GIVEN
    return words


# -- prices ------------------------------------------------------------------------------------------------------------


def contract_price_rows(outcome: Outcome) -> Iterator[dict[str, Any]]:
    """Rows of the table of prices: floor, ratchet and minimum by site and year, summed over months, and the ramp."""
    if f"{GRID}.billed_mw" not in outcome.variable_names:
        return
    weight = outcome.year_weight
    for requirement, rows, size, sentence in (
        ("demand_floor", "billed_at_least_floor", floor_mw(outcome).max(axis=-1), _floor),
        ("demand_ratchet", "billed_at_least_ratchet", ratchet_mw(outcome).max(axis=-1), _ratchet),
        ("minimum_billing_demand", "coincident_at_least_minimum", outcome.values(f"{GRID}.contract_mw"), _minimum),
    ):
        duals = outcome.duals(f"{GRID}.{rows}")
        if duals is not None:
            saved = -duals.reshape(*size.shape, -1).sum(axis=-1) / weight
            yield from _rows(outcome, requirement, saved, "USD/MW-year", saved * weight * size, sentence)
    rises = outcome.duals(f"{GRID}.contract_rises_within_ramp")
    if rises is not None:
        size = outcome.system.features[GRID]["contract_rise_mw"].values
        yield from _rows(outcome, "contract_ramp", -rises, "USD/MW present value", -rises * size, _rise)


def _rows(
    outcome: Outcome, requirement: str, price: Array, unit: str, worth: Array, sentence: Any
) -> Iterator[dict[str, Any]]:
    context = outcome.system.context
    for s, y in zip(*np.nonzero(np.abs(price) > LEAST_USD), strict=True):
        site, year, each = outcome.sites[s], outcome.years[y], float(price[s, y])
        told = sentence(site if context.scenario.national is None else context.place(site).title, year, each)
        yield price_row(site, year, requirement, each, unit, abs(float(worth[s, y])), told)


def _floor(site: str, year: int, price: float) -> str:
    return f"One MW less of the demand floor of the grid contract at {site} in {year} would save {_a_year(price)}."


def _ratchet(site: str, year: int, price: float) -> str:
    return f"One MW less of the demand that the ratchet bills at {site} in {year} would save {_a_year(price)}."


def _minimum(site: str, year: int, price: float) -> str:
    return f"One MW less of the minimum at the coincident peaks at {site} in {year} would save {_a_year(price)}."


def _rise(site: str, year: int, price: float) -> str:
    more = f"One more MW by which the grid contract at {site} may rise up to {year}"
    return f"{more} would save about {dollars(price)} of present value."


def _a_year(price: float) -> str:
    return f"about {dollars(price)} a year"
