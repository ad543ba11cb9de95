"""Supply that emits nothing: what counts as such, and what of it reaches a campus in an hour.

A plant emits if a megawatt-hour of it comes with any carbon dioxide at all. Power of the grid counts by
`grid_emitting_share`, in full where the scenario does not say, and not at all where its zone emits nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

import numpy as np

from gigasite.formulation.builder import Builder
from gigasite.formulation.hubs import Hub, Term
from gigasite.foundation.units import MWH_PER_GWH
from gigasite.inputs.quantities import SeriesRule, YearSeries
from gigasite.system.context import Context
from gigasite.system.quantity import Array, FeatureData, Quantity

GRID = "grid_connection"
OUTPUT = "output_mw"
STORES = ("charge_mw", "discharge_mw")
OVER_LIMIT_USD_PER_MWH = 20_000.0
"""Price of a megawatt-hour used without its clean share: more than 20 times what a megawatt-hour that waits costs."""

Share = Annotated[YearSeries, SeriesRule(minimum=0.0, maximum=1.0)]
ShareFromZero = Annotated[YearSeries, SeriesRule(minimum=0.0, maximum=1.0, before_first="zero")]


def grid_share(context: Context) -> Array:
    """Share of grid power that counts as emitting, as the scenario says, shape (year,)."""
    given = context.scenario.requirements.grid_emitting_share
    return np.array([1.0 if given is None else given.at(year) for year in context.years])


def emitting_share(rate: Array, grid: Array | None) -> Array:
    """Share of a supply's power that counts as emitting, from its rate of carbon dioxide.

    Args:
        rate: t/MWh, shape (site, year).
        grid: the share of grid power that counts, shape (year,); None for a plant.

    Returns:
        Shape (site, year).
    """
    emits = (rate > 0).astype(float)
    return emits if grid is None else emits * grid


def campuses(context: Context) -> dict[str, tuple[str, ...]]:
    """Sites that lines join, by the first of them that wants load (else the first of all)."""
    group = {place.name: {place.name} for place in context.places}
    for line in context.scenario.lines.values():
        joined = group[line.from_site] | group[line.to_site]
        for site in joined:
            group[site] = joined
    wants = {place.name for place in context.places if any(place.ramp_mw(year) > 0 for year in context.years)}
    found: dict[str, tuple[str, ...]] = {}
    for place in context.places:
        members = tuple(other.name for other in context.places if other.name in group[place.name])
        if not any(place.name in sites for sites in found.values()):
            found[next((name for name in members if name in wants), members[0])] = members
    return found


def delivered_share(context: Context, line: FeatureData) -> Array:
    """What the lossiest line of a site without load leaves of its power; 1 for every other site, shape (site,)."""
    shares = np.ones(len(context.places))
    if "starts_at" in line:
        starts, left = line["starts_at"].values, line["delivered_share"].values
        for s, place in enumerate(context.places):
            if starts[:, s].any() and not any(place.ramp_mw(year) > 0 for year in context.years):
                shares[s] = left[starts[:, s] > 0].min()
    return shares


def clean_supply(builder: Builder, block: Any) -> Hub:
    """Power from supply that emits nothing, and what stores shift of it, by site, year and hour."""
    context, hubs = builder.system.context, builder.hubs
    clean = Hub("clean", ("site", "year", "hour"), "MW", "power from supply that emits nothing, and out of stores")
    left = delivered_share(context, builder.system.features.get("line", {}))
    for term in hubs.power:
        short_name = term.variable_name.partition(".")[2]
        if short_name in STORES:
            clean.terms.append(term)
        elif short_name == OUTPUT or (term.feature == GRID and float(term.coefficient_values.min()) > 0):
            share = left[:, None] * clean_by_site_year(builder, term)
            if share.any():
                quantity = Quantity(share, ("site", "year"), "1")
                counted = builder.parameter(block, f"clean_{term.feature}", quantity)
                clean.terms.append(
                    replace(term, coefficient=counted, coefficient_dims=quantity.dims, coefficient_values=share)
                )
    return clean


def clean_by_site_year(builder: Builder, term: Term) -> Array:
    """Share of a supply's power that counts as clean, shape (site, year)."""
    context = builder.system.context
    rate = np.zeros((len(context.places), len(context.years)))
    for emitted in builder.hubs.co2:
        if emitted.variable_name == term.variable_name:
            values = emitted.coefficient_values
            rate += values.reshape(values.shape + (1,) * (2 - values.ndim))
    return 1.0 - emitting_share(rate, grid_share(context) if term.feature == GRID else None)


def load_energy(builder: Builder, block: Any) -> Hub:
    """Energy of the load in a year, GWh, as a sum over planning variables."""
    step = builder.system.context.time.step_hours / MWH_PER_GWH
    hub = Hub("load_energy", ("site", "year"), "GWh", "energy of the load")
    shape = (len(builder.sets["site"]), len(builder.sets["year"]))
    for number, term in enumerate(builder.hubs.load, start=1):
        energy = term.coefficient_values.sum(axis=term.coefficient_dims.index("hour")) * step
        values = np.broadcast_to(energy if energy.ndim > 1 else energy[:, None], shape)
        quantity = Quantity(np.array(values), ("site", "year"), "GWh per MW")
        parameter = builder.parameter(block, f"load_gwh_per_mw_{number}", quantity)
        hub.terms.append(
            replace(term, coefficient=parameter, coefficient_dims=quantity.dims, coefficient_values=quantity.values)
        )
    return hub
