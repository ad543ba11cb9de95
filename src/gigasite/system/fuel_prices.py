"""Price of a fuel at every site, by year and month: one basis per site, never two."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from gigasite.foundation.units import MONTHS_PER_YEAR
from gigasite.system.quantity import Array, weakest

if TYPE_CHECKING:
    from gigasite.system.context import Context
    from gigasite.system.place import Place

WINTER_MONTHS = (11, 12, 1, 2, 3)
PLANNING_CASE = "planning"


def fuel_price_usd_per_mmbtu(context: Context, technology: str, fuel: str) -> tuple[Array, str]:
    """Price of a technology's fuel where it stands.

    Args:
        context: the scenario's inputs.
        technology: whose fuel; sites without it get zero.
        fuel: `gas` (delivered price of the census division, or hub, basis and transport; LNG in Japan), `uranium`,
            `diesel`. Where a site has contracts of transport, its gas is priced at the hub.

    Returns:
        Prices in 2024 USD/MMBtu, shape (site, year, month), and the weakest confidence of what they are made of.
    """
    return fuel_price_at(
        context, fuel, [context.options(place.name, technology) is not None for place in context.places]
    )


def fuel_price_at(context: Context, fuel: str, at: Sequence[bool]) -> tuple[Array, str]:
    """The same at some sites, whatever burns it there; the others get zero."""
    prices = np.zeros((len(context.places), len(context.years), MONTHS_PER_YEAR))
    confidences: list[str] = []
    for s, place in enumerate(context.places):
        if not at[s]:
            continue
        for y, year in enumerate(context.years):
            price, confidence = _yearly(context, place, fuel, year)
            piped = fuel == "gas" and place.settings.gas.fuel == "natural_gas"
            prices[s, y] = price * (_winter_shape(context) if piped else 1.0)
            confidences.append(confidence)
    return prices, weakest(confidences)


def _yearly(context: Context, place: Place, fuel: str, year: int) -> tuple[float, str]:
    if fuel != "gas":
        region = {"uranium": "us", "diesel": "us"}[fuel]
        return _figure(context, fuel, region, year)
    gas = place.settings.gas
    if gas.fuel == "lng":
        return _figure(context, "lng", "japan", year)
    multiplier = context.scenario.fuel.price_multiplier
    factor = 1.0 if multiplier is None else multiplier.at(year)
    if gas.basis == "delivered":
        price, confidence = _figure(context, "natural_gas_delivered", place.census_division, year)
        return price * factor, confidence
    hub = gas.hub or str(place.properties.get("gas_hub"))
    henry, _ = _figure(context, "natural_gas_hub", "henry_hub", year)
    basis, confidence = _figure(context, "gas_basis", hub, year)
    if gas.transport is not None:
        return (henry + basis) * factor, confidence  # carried by the contracts of `gas_transport`, never twice
    transport = gas.transport_usd_per_mmbtu
    carried = (
        _figure(context, "natural_gas_transport", "intrastate", year)[0] if transport is None else float(transport)
    )
    return (henry + basis) * factor + carried, confidence


def _figure(context: Context, fuel: str, region: str, year: int) -> tuple[float, str]:
    """The scenario's case of a fuel, or the planning path where the case does not speak of it."""
    cases = context.scenario.fuel
    wanted = cases.cases.get(fuel, cases.case)
    known = context.tables.values("fuels", "case", fuel=fuel, region=region)
    case = wanted if wanted in known or not known else (PLANNING_CASE if PLANNING_CASE in known else known[-1])
    figure = context.tables.figure("fuels", fuel=fuel, region=region, case=case, year=year)
    return context.money.usd_2024(figure), figure.confidence


def _winter_shape(context: Context) -> Array:
    """Monthly factors with the cited winter adder; the mean of the twelve months is one."""
    adder = context.tables.figure("fuel_properties", fuel="natural_gas", parameter="winter_adder_fraction").value
    winter = np.isin(np.arange(1, MONTHS_PER_YEAR + 1), WINTER_MONTHS)
    factors = 1.0 + adder * winter
    return np.asarray(factors / factors.mean())
