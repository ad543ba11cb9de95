"""Minimum take: energy that a grid contract makes a site pay for, whether it takes it or not.

    sum over k, h of import[s, y, k, h] * step hours + short[s, y] >= share * hours of the year * contract[s, y]

| symbol   | name                                        | unit | dimensions             |
|----------|---------------------------------------------|------|------------------------|
| import   | what the grid gives                         | MW   | site, year, step, hour |
| short    | `short_mwh`                                 | MWh  | site, year             |
| share    | `minimum_take_share`                        | 1    |                        |
| contract | firm and non-firm megawatts together        | MW   | site, year             |

What is not taken is paid for at the mean energy price of the zone in that year, in its first step of added load. It is
a cost of grid energy like any other: no way out of a limit, but part of the answer. Edge rule: all steps of a year
stand for 8,760 hours, also where only some days are modelled.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gigasite.formulation.builder import Builder
from gigasite.formulation.hubs import Term
from gigasite.formulation.registry import Requirement
from gigasite.foundation.units import HOURS_PER_YEAR
from gigasite.inputs.quantities import Fraction
from gigasite.inputs.scenario import RequirementSpec
from gigasite.system.context import Context
from gigasite.system.quantity import Array, FeatureData, Quantity

NAME = "minimum_take"
GRID = "grid_connection"


class Spec(RequirementSpec):
    """Options of the minimum take."""

    minimum_take_share: Fraction | None = None
    """Share of the energy a grid contract could carry that is paid for even if it is not taken [-]; left out: none."""


def prepare(context: Context) -> FeatureData:
    """Energy to be taken per contracted megawatt."""
    share = context.scenario.requirements.minimum_take_share
    if not share or not any(context.options(place.name, GRID) for place in context.places):
        return {}
    return {"take_mwh_per_mw": Quantity(np.array(share * HOURS_PER_YEAR), (), "MWh per MW")}


def build(builder: Builder, data: FeatureData) -> None:
    """One row per site and year, and the price of what is not taken."""
    if not data:
        return
    block = builder.block(NAME, data)
    sets, hubs, step = builder.sets, builder.hubs, builder.system.context.time.step_hours
    imported = [term for term in hubs.power if term.feature == GRID and term.coefficient_values > 0]
    contract = [term for term in hubs.capacity if term.feature == GRID]
    most = float(data["take_mwh_per_mw"].values) * _most_mw(builder, contract)
    short = builder.variable(block, "short_mwh", ("site", "year"), upper=most, unit="MWh")

    def taken_or_paid_for(b: Any, site: Any, year: Any) -> Any:
        total: Any = b.short_mwh[site, year]
        for term in contract:
            total -= b.take_mwh_per_mw * term.expression({"site": site, "year": year}, sets)
        for term in imported:
            total += sum(
                step * term.expression({"site": site, "year": year, "hour": hour}, sets) for hour in sets["hour"]
            )
        return total >= 0

    builder.constraint(block, "taken_or_paid_for", ("site", "year"), taken_or_paid_for)
    for cost in [cost for cost in hubs.costs if (cost.technology, cost.component) == (GRID, "grid_energy")]:
        price = Quantity(mean_usd_per_mwh(cost.coefficient), ("site", "year"), "USD/MWh", cost.confidence)
        builder.cost(GRID, "grid_energy", short, price)


def mean_usd_per_mwh(energy_usd_per_mw_step: Array) -> Array:
    """Present value of a megawatt-hour at the mean price of a year, in the first step of a zone.

    Args:
        energy_usd_per_mw_step: cost of grid energy, shape (site, year, grid step, hour).

    Returns:
        Shape (site, year).
    """
    return np.asarray(energy_usd_per_mw_step[:, :, 0, :].sum(axis=-1) / HOURS_PER_YEAR)


def _most_mw(builder: Builder, contract: list[Term]) -> Array:
    """Largest contract by site and year."""
    return np.asarray(sum(builder.maker.variable_record(term.variable).upper for term in contract))


REQUIREMENT = Requirement(NAME, "Minimum take", 180, Spec, prepare, build)
"""What a plan has to satisfy; one file each, written on the shared sums."""
