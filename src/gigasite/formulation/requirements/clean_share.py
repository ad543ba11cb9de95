"""Clean share: of the energy that all sites together use in a year, how much must come from supply that emits nothing.

    sum over s, h, supply of emitting[s, y] * power[s, y, h] * GWh per MW
        <= (1 - share[y]) * sum over s of energy per MW[s] * energised[s, y] + over[y]

| symbol        | name                              | unit       | dimensions       |
|---------------|-----------------------------------|------------|------------------|
| emitting      | `emitting_<technology>`           | 1          | site, year       |
| power         | output, or import from the grid   | MW         | site, year, hour |
| GWh per MW    | `step_gwh_per_mw`                 | GWh per MW | year             |
| share         | `clean_share`                     | 1          | year             |
| energy per MW | part of `allowed_gwh_per_mw`      | GWh per MW | site             |
| energised     | `energised_mw`                    | MW         | site, year       |
| over          | `over_limit_gwh`                  | GWh        | year             |

A plant emits if a megawatt-hour of it comes with any carbon dioxide at all: one that captures most of its carbon still
counts in full, and clean means none. Power of the grid counts by `grid_emitting_share`, in full where the scenario
does not say, and not at all where its zone emits nothing. What is lost in stores and lines, or exported, counts where
it was made. Load that is shed or unserved counts as used. Edge rule: years before the first share, and years with a
share of 0, have no row; storage losses alone could otherwise break a share of 0.

Going over is priced so high that it never pays; a plan that still does is reported as infeasible.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from gigasite.formulation.builder import Builder
from gigasite.formulation.clean_supply import (
    GRID,
    OVER_LIMIT_USD_PER_MWH,
    Share,
    ShareFromZero,
    emitting_share,
    grid_share,
    load_energy,
)
from gigasite.formulation.hubs import Hub, Term
from gigasite.formulation.registry import Requirement
from gigasite.foundation.units import MWH_PER_GWH
from gigasite.inputs.scenario import RequirementSpec
from gigasite.system.context import Context
from gigasite.system.quantity import Array, FeatureData, Quantity

NAME = "clean_share"


class Spec(RequirementSpec):
    """Options of the clean share."""

    clean_share: ShareFromZero | None = None
    """Least share of all sites' energy from supply that emits nothing, by year; 0 before the first; left out: none."""

    grid_emitting_share: Share | None = None
    """Share of grid power that counts as emitting, by year; left out: all, and none in a zone without emissions."""


def prepare(context: Context) -> FeatureData:
    """Allowed energy per energised megawatt, the grid's part, and the price of going over."""
    options, time = context.scenario.requirements, context.time
    if options.clean_share is None:
        return {}
    share = np.array([options.clean_share.at(year) for year in time.years])
    grid = grid_share(context)
    asked = (share > 0).astype(float)
    load = np.array([time.steps(place.load_mw_per_mw).sum() for place in context.places]) * time.step_hours
    allowed = load[:, None] / MWH_PER_GWH * asked * (1.0 - share)
    # per missing MWh of a whole one: where little is asked, little is missing, and waiting must still cost less
    price = OVER_LIMIT_USD_PER_MWH * MWH_PER_GWH / np.where(share > 0, share, 1.0)
    return {
        "clean_share": Quantity(share, ("year",), "1"),
        "grid_emitting_share": Quantity(grid, ("year",), "1"),
        "step_gwh_per_mw": Quantity(asked * time.step_hours / MWH_PER_GWH, ("year",), "GWh per MW"),
        "allowed_gwh_per_mw": Quantity(allowed, ("site", "year"), "GWh per MW"),
        "over_limit_usd_per_gwh": Quantity(price * time.year_weight, ("year",), "USD/GWh"),
    }


def build(builder: Builder, data: FeatureData) -> None:
    """One row per year over the energy of all supply that emits."""
    if not data:
        return
    block = builder.block(NAME, data)
    sets, energised = builder.sets, builder.energised_mw
    emitting = Hub("emitting", ("site", "year", "hour"), "MW", "power from supply that emits")
    power = {term.variable_name for term in builder.hubs.power}
    for term in builder.hubs.co2:
        if term.variable_name not in power:
            continue  # tonnes of another fuel burnt in a plant that counts already
        emitting.terms.append(_counted(builder, block, data, term))
    most = _most_mw(builder, emitting) * data["step_gwh_per_mw"].values
    over = builder.variable(block, "over_limit_gwh", ("year",), upper=most, unit="GWh")

    load = None
    if len(builder.hubs.load.terms) > 1:  # some year begins within the year: its load is not that of the energised
        left = np.where(data["clean_share"].values > 0, 1.0 - data["clean_share"].values, 0.0)
        builder.parameter(block, "allowed_share", Quantity(left, ("year",), "1"))
        load = load_energy(builder, block)

    def emitting_at_most_allowed(b: Any, year: Any) -> Any:
        emitted = sum(
            b.step_gwh_per_mw[year] * emitting.total({"site": site, "year": year, "hour": hour}, sets)
            for site in sets["site"]
            for hour in sets["hour"]
        )
        if load is None:
            allowed = sum(b.allowed_gwh_per_mw[site, year] * energised[site, year] for site in sets["site"])
        else:
            used = sum(load.total({"site": site, "year": year}, sets) for site in sets["site"])
            allowed = b.allowed_share[year] * used
        return emitted - allowed - b.over_limit_gwh[year] <= 0

    def emitting_at_most_allowed_of_hours(b: Any, year: Any) -> Any:
        """The same where a year does not begin in January: energy of the load of its hours."""
        left = sum(
            b.step_gwh_per_mw[year] * emitting.total({"site": site, "year": year, "hour": hour}, sets)
            - b.step_gwh_per_mw[year] * (1.0 - b.clean_share[year]) * builder.load_at(site, year, hour)
            for site in sets["site"]
            for hour in sets["hour"]
        )
        return left - b.over_limit_gwh[year] <= 0

    late = "starts_late" in builder.system.features["idle_load"]
    rule = emitting_at_most_allowed_of_hours if late else emitting_at_most_allowed
    builder.constraint(block, "emitting_at_most_allowed", ("year",), rule)
    builder.cost(NAME, "over_limit", over, data["over_limit_usd_per_gwh"])
    builder.forbid(
        over,
        "using more energy from emitting supply than clean_share leaves",
        "lower clean_share, or allow clean supply",
    )


def _counted(builder: Builder, block: Any, data: FeatureData, term: Term) -> Term:
    """A term of the carbon sum with the share that counts in place of its tonnes."""
    grid = data["grid_emitting_share"].values if term.feature == GRID else None
    rate = term.coefficient_values.reshape(term.coefficient_values.shape + (1,) * (2 - term.coefficient_values.ndim))
    shape = (len(builder.sets["site"]), len(builder.sets["year"]))
    share = Quantity(emitting_share(np.broadcast_to(rate, shape), grid), ("site", "year"), "1")
    parameter = builder.parameter(block, f"emitting_{term.feature}", share)
    return replace(term, coefficient=parameter, coefficient_dims=share.dims, coefficient_values=share.values)


def _most_mw(builder: Builder, emitting: Hub) -> Array:
    """Sum over sites and hours of the largest power of all supply, by year: more cannot be over the limit."""
    most = np.zeros(len(builder.sets["year"]))
    for term in emitting:
        upper = builder.maker.variable_record(term.variable).upper
        most += upper.sum(axis=tuple(i for i, dim in enumerate(term.variable_dims) if dim != "year"))
    return most


REQUIREMENT = Requirement(NAME, "Clean share", 135, Spec, prepare, build)
"""What a plan has to satisfy; one file each, written on the shared sums."""
