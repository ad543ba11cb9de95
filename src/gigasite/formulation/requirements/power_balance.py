"""Power balance of every site and step, closed once over all that was added to it.

    output + import + delivered + discharge + shed + unserved = load + charge + export + sent

Its shadow price is the marginal cost of power at the site.
"""

from __future__ import annotations

from typing import Any

from gigasite.formulation.builder import Builder
from gigasite.formulation.registry import Requirement
from gigasite.inputs.scenario import RequirementSpec
from gigasite.system.context import Context
from gigasite.system.quantity import FeatureData

NAME = "power_balance"


class Spec(RequirementSpec):
    """Nothing to set: power always balances."""


def prepare(context: Context) -> FeatureData:
    """No data of its own."""
    del context
    return {}


def build(builder: Builder, data: FeatureData) -> None:
    """One row per site, year and step over the power and load sums."""
    block = builder.block(NAME, data)
    hubs, sets = builder.hubs, builder.sets

    def supply_meets_load(_: Any, site: Any, year: Any, hour: Any) -> Any:
        index = {"site": site, "year": year, "hour": hour}
        return hubs.power.total(index, sets) - hubs.load.total(index, sets) == 0

    builder.constraint(block, "supply_meets_load", hubs.power.dims, supply_meets_load)


REQUIREMENT = Requirement(NAME, "Power balance", 100, Spec, prepare, build)
