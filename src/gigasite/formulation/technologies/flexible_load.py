"""IT load that may be shed: so much of it, so many hours a year, at a price.

    shed[s, y, h] <= share * load[s, h] * energised[s, y]
    sum over h of shed[s, y, h] * step hours <= share * hours a year * energised[s, y]

What can be shed need not be carried at the peak: the reserve and unit-loss rows see a peak lower by share *
energised, as far as the hours reach: the peak is taken to last 40 hours a year, so 10 hours of shedding lower it by a
quarter of the share.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gigasite.formulation.builder import Builder
from gigasite.formulation.registry import Technology
from gigasite.inputs.quantities import Fraction, NonNegative
from gigasite.inputs.scenario import TechnologySpec
from gigasite.system.context import Context
from gigasite.system.quantity import FeatureData, Quantity

NAME = "flexible_load"
PEAK_HOURS = 40.0
"""Hours a year in which the peak is taken to be near: as many as a coincident-peak charge looks at (estimate)."""


class Spec(TechnologySpec):
    """Options of flexible load; what is left out comes from inputs/."""

    shed_share: Fraction | None = None
    """Share of the load that may be shed [-]."""

    shed_hours_per_year: NonNegative | None = None
    """Hours a year that share may be shed [h/year]."""

    shed_price_usd_per_mwh: NonNegative | None = None
    """What a megawatt-hour shed costs, 2024 USD."""


def prepare(context: Context) -> FeatureData:
    """Share, hours and price, from the scenario or `technologies.csv`."""

    def option(parameter: str) -> Callable[[str], float]:
        return lambda site: context.chosen_usd(site, NAME, parameter)

    def relief(site: str) -> float:
        hours = option("shed_hours_per_year")(site)
        return float(option("shed_share")(site) * min(1.0, hours / PEAK_HOURS))

    time = context.time
    price = context.by_site(NAME, option("shed_price_usd_per_mwh"), "USD/MWh").values
    weight = time.year_weight * time.step_hours
    return {
        "shed_share": context.by_site(NAME, option("shed_share"), "1"),
        "shed_hours_per_year": context.by_site(NAME, option("shed_hours_per_year"), "h/year"),
        "relief_share": context.by_site(NAME, relief, "1"),
        "shed_usd_per_mw_step": Quantity(
            price[:, None, None] * weight[None, :, None] * np.ones(time.hours), ("site", "year", "hour"), "USD/MW"
        ),
    }


def build(builder: Builder, data: FeatureData) -> None:
    """Hourly shedding, its hours, its price, and the smaller peak."""
    block = builder.block(NAME, data)
    energised = builder.energised_mw
    hours, step = builder.sets["hour"], builder.system.context.time.step_hours
    share = data["shed_share"].values
    most = share[:, None, None] * builder.load_max_mw()
    shed = builder.variable(block, "shed_mw", ("site", "year", "hour"), upper=most, unit="MW")

    def shed_at_most_share(b: Any, site: Any, year: Any, hour: Any) -> Any:
        return b.shed_mw[site, year, hour] - b.shed_share[site] * builder.load_at(site, year, hour) <= 0

    def shed_within_hours(b: Any, site: Any, year: Any) -> Any:
        allowed = b.shed_share[site] * b.shed_hours_per_year[site] * energised[site, year]
        return sum(step * b.shed_mw[site, year, hour] for hour in hours) - allowed <= 0

    builder.constraint(block, "shed_at_most_share", ("site", "year", "hour"), shed_at_most_share)
    builder.constraint(block, "shed_within_hours", ("site", "year"), shed_within_hours)
    builder.add(builder.hubs.power, shed)
    builder.add(builder.hubs.not_served, shed)
    builder.add(builder.hubs.peak_reduction, energised, block.relief_share, feature=NAME)
    builder.cost(NAME, "load_shedding", shed, data["shed_usd_per_mw_step"])


TECHNOLOGY = Technology(NAME, "Flexible load", "#e6d8ea", 120, Spec, prepare, build)
