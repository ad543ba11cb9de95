"""Ramping: how fast the output of a plant may rise and fall from one step to the next.

    output[s, y, h] - output[s, y, h before] <= share per step * capacity[s, y]
    output[s, y, h before] - output[s, y, h] <= share per step * capacity[s, y]
    share per step = share per hour * hours of a step

| symbol         | name                                | unit | dimensions       |
|----------------|-------------------------------------|------|------------------|
| output         | `output_mw`                         | MW   | site, year, hour |
| capacity       | `capacity_mw`                       | MW   | site, year       |
| share per hour | `ramp_share_per_hour`               | 1/h  | technology       |
| share per step | `share_per_step_<technology>`       | 1    |                  |

Edge rules: the year is a ring, so the first step follows the last. A step of several hours is a mean, and two
neighbouring means may differ by what one ramps in the hours of a step. Where that is all of the capacity or more, there
are no rows: output lies between zero and capacity anyway. A plant whose availability falls faster than it may ramp
comes down before.
"""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
from pydantic import Field, with_config
from typing_extensions import TypedDict

from gigasite.formulation.builder import Builder
from gigasite.formulation.hubs import Term
from gigasite.formulation.registry import Requirement
from gigasite.inputs.quantities import STRICT
from gigasite.inputs.scenario import RequirementSpec
from gigasite.system.context import Context
from gigasite.system.quantity import FeatureData, Quantity

NAME = "ramping"
PREFIX = "share_per_step_"

SharePerHour = Annotated[float, Field(gt=0.0, le=1.0)]
"""Share of capacity per hour; 1 is no limit."""


@with_config(STRICT)
class RampShares(TypedDict, total=False):
    """Share of its capacity by which a plant may change its output in an hour; one key per plant that runs on fuel."""

    combined_cycle: SharePerHour
    gas_turbine: SharePerHour
    gas_engine: SharePerHour
    bridge_power: SharePerHour
    fuel_cell: SharePerHour
    small_modular_reactor: SharePerHour
    large_reactor: SharePerHour
    backup_generator: SharePerHour


class Spec(RequirementSpec):
    """Options of ramping."""

    ramp_share_per_hour: RampShares | None = None
    """Share of capacity by which a plant may change its output in an hour [1/h]: {technology: share}; 1: no limit."""


def prepare(context: Context) -> FeatureData:
    """Share per step of every plant that is named, and slower than a step."""
    shares = context.scenario.requirements.ramp_share_per_hour or {}
    width = context.time.resolution_h
    return {
        f"{PREFIX}{name}": Quantity(np.array(share * width), (), "1")
        for name, share in shares.items()
        if share * width < 1.0 and any(context.options(place.name, name) for place in context.places)
    }


def build(builder: Builder, data: FeatureData) -> None:
    """Rows up and down for every site, year and step of every plant that is named."""
    if not data:
        return
    block = builder.block(NAME, data)
    for key in data:
        name = key.removeprefix(PREFIX)
        output = [term for term in builder.hubs.power if term.feature == name]
        capacity = [term for term in builder.hubs.capacity if term.feature == name]
        _add_rows(builder, block, name, output, capacity)


def _add_rows(builder: Builder, block: Any, name: str, output: list[Term], capacity: list[Term]) -> None:
    sets, previous = builder.sets, builder.model.calendar.previous_hour
    share = getattr(block, f"{PREFIX}{name}")

    def risen(site: Any, year: Any, hour: Any) -> Any:
        change: Any = 0.0
        for term in output:
            change += term.expression({"site": site, "year": year, "hour": hour}, sets)
            change -= term.expression({"site": site, "year": year, "hour": previous[hour]}, sets)
        return change

    def allowed(site: Any, year: Any) -> Any:
        total: Any = 0.0
        for term in capacity:
            total += share * term.expression({"site": site, "year": year}, sets)
        return total

    def rises_at_most(_: Any, site: Any, year: Any, hour: Any) -> Any:
        return risen(site, year, hour) - allowed(site, year) <= 0

    def falls_at_most(_: Any, site: Any, year: Any, hour: Any) -> Any:
        return -risen(site, year, hour) - allowed(site, year) <= 0

    for rule in (rises_at_most, falls_at_most):
        builder.constraint(block, f"{rule.__name__}__{name}", ("site", "year", "hour"), rule)


REQUIREMENT = Requirement(NAME, "Ramping", 190, Spec, prepare, build)
"""What a plan has to satisfy; one file each, written on the shared sums."""
