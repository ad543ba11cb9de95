"""Lead times: before the first year of a class only its stock on order may be built, or a sample that finds the price.

    sum over v <= y of built[s, v] <= early[s, y]                 for every year y before the first year of the class

| symbol | name                         | unit | dimensions                |
|--------|------------------------------|------|---------------------------|
| built  | `built_mw`                   | MW   | site, vintage             |
| early  | `early_mw__<technology>`     | MW   | site, year                |
| before | `is_early__<technology>`     | 1    | site, year                |

What `early` is made of, and when the first year is, stands in `system.lead_times`. Without stock and without samples
there is no row: new capacity before its first year does not exist at all. The price of such a row is what one more
megawatt by that year would save. Cost is convex in `early`, so a whole fleet a year earlier saves at most the price
times its megawatts; the rule for lost machines is not convex and acts by the tangent of the last pass, within which
this holds.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gigasite.formulation.builder import Builder
from gigasite.formulation.hubs import Term
from gigasite.formulation.registry import Requirement
from gigasite.inputs.scenario import RequirementSpec
from gigasite.system.context import Context
from gigasite.system.lead_times import early_mw
from gigasite.system.quantity import FeatureData, Quantity

NAME = "lead_times"


class Spec(RequirementSpec):
    """Options of the lead times."""

    price_lead_times: bool = False
    """true: ten kilowatts of every class may exist a modelled year early, so that a year of waiting has a price."""


def prepare(context: Context) -> FeatureData:
    """What may be built by each year before its lead time has passed."""
    data: dict[str, Quantity] = {}
    for technology in sorted({name for place in context.places for name in place.settings.technologies}):
        early = np.array([early_mw(context, place.name, technology) for place in context.places])
        if early.any():
            data[f"early_mw__{technology}"] = Quantity(early, ("site", "year"), "MW")
            data[f"is_early__{technology}"] = Quantity((early > 0).astype(float), ("site", "year"), "1")
    return data


def build(builder: Builder, data: FeatureData) -> None:
    """One row per technology, site and year in which there is stock or a sample."""
    if not data:
        return
    block = builder.block(NAME, data)
    until = np.tri(len(builder.system.years))
    builder.parameter(block, "until", Quantity(until, ("year", "vintage"), "1"))
    for term in builder.hubs.built:
        if f"early_mw__{term.feature}" in data:
            _add_rows(builder, block, term)


def _add_rows(builder: Builder, block: Any, term: Term) -> None:
    early, is_early = (getattr(block, f"{name}__{term.feature}") for name in ("early_mw", "is_early"))
    vintages, built = builder.sets["vintage"], term.variable

    def built_before_lead_time(b: Any, site: Any, year: Any) -> Any:
        total = sum(is_early[site, year] * b.until[year, of] * built[site, of] for of in vintages)
        return total <= early[site, year]

    builder.constraint(block, f"built_before_lead_time__{term.feature}", ("site", "year"), built_before_lead_time)


REQUIREMENT = Requirement(NAME, "Lead times", 138, Spec, prepare, build)
