"""Reserve: firm capacity carries the peak with a margin.

    sum over technologies of firm[s, y] >= (1 + margin) * (energised[s, y] - reduction[s, y])

| symbol    | name                                               | unit | dimensions |
|-----------|----------------------------------------------------|------|------------|
| firm      | rating at design temperature * firm credit * MW    | MW   | site, year |
| margin    | `reserve_margin`                                   | 1    |            |
| energised | `energised_mw`, which is the peak at the meter     | MW   | site, year |
| reduction | load that may be shed at the peak                  | MW   | site, year |

Ratings are those at the site's design temperature, without forced outage: the hourly availability has counted it.
"""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
from pydantic import Field

from gigasite.formulation.builder import Builder
from gigasite.formulation.registry import Requirement
from gigasite.inputs.scenario import RequirementSpec
from gigasite.system.context import Context
from gigasite.system.quantity import FeatureData, Quantity

NAME = "firm_supply"


class Spec(RequirementSpec):
    """Options of the reserve row."""

    reserve_margin: Annotated[float, Field(ge=0.0, le=2.0)] = 0.10
    """Firm capacity above the peak, as a share of it [-]."""


def prepare(context: Context) -> FeatureData:
    """The margin."""
    margin = context.scenario.requirements.reserve_margin
    return {"one_and_margin": Quantity(np.asarray(1.0 + margin), (), "1")}


def build(builder: Builder, data: FeatureData) -> None:
    """One row per site and year over the firm capacity sum."""
    block = builder.block(NAME, data)
    hubs, sets, energised = builder.hubs, builder.sets, builder.energised_mw

    def firm_carries_the_peak(b: Any, site: Any, year: Any) -> Any:
        index = {"site": site, "year": year}
        peak = energised[site, year] - hubs.peak_reduction.total(index, sets)
        return b.one_and_margin * peak - hubs.firm_capacity.total(index, sets) <= 0

    builder.constraint(block, "firm_carries_the_peak", ("site", "year"), firm_carries_the_peak)


REQUIREMENT = Requirement(NAME, "Reserve", 110, Spec, prepare, build)
