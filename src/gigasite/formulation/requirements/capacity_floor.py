"""Capacity floor: several technologies together reach a capacity that was announced or decided.

    sum over technologies named of capacity[s, y] >= floor[s, y]

The megawatts are ISO capacity, as announcements count them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gigasite.formulation.builder import Builder
from gigasite.formulation.registry import Requirement
from gigasite.inputs.scenario import RequirementSpec
from gigasite.system.context import Context
from gigasite.system.quantity import FeatureData, Quantity

NAME = "capacity_floor"


class Spec(RequirementSpec):
    """Floors stand under `sites: <site>: capacity_floor_mw:`; nothing to set here."""


def prepare(context: Context) -> FeatureData:
    """The floors, one row of arrays each, and which technologies count for them."""
    floors = [(s, floor) for s, place in enumerate(context.places) for floor in place.settings.capacity_floor_mw]
    if not floors:
        return {}
    least = np.array([[floor.mw.at(year) for year in context.years] for _, floor in floors])
    data = {"floor_mw": Quantity(least, ("floor", "year"), "MW")}
    for name in sorted({name for _, floor in floors for name in floor.technologies}):
        counts = np.zeros((len(floors), len(context.places)))
        for f, (s, floor) in enumerate(floors):
            counts[f, s] = float(name in floor.technologies)
        data[f"counts_{name}"] = Quantity(counts, ("floor", "site"), "1")
    return data


def build(builder: Builder, data: FeatureData) -> None:
    """One row per floor and year over the capacity of the technologies it names."""
    if not data:
        return
    builder.add_set("floor", list(range(1, len(data["floor_mw"].values) + 1)))
    block = builder.block(NAME, data)
    sets = builder.sets
    counted = [term for term in builder.hubs.capacity if f"counts_{term.feature}" in data]

    def capacity_at_least_floor(b: Any, floor: Any, year: Any) -> Any:
        total: Any = 0.0
        for term in counted:
            counts = getattr(b, f"counts_{term.feature}")
            total += sum(
                counts[floor, site] * term.expression({"site": site, "year": year}, sets) for site in sets["site"]
            )
        return b.floor_mw[floor, year] - total <= 0

    builder.constraint(block, "capacity_at_least_floor", ("floor", "year"), capacity_at_least_floor)


REQUIREMENT = Requirement(NAME, "Capacity floor", 160, Spec, prepare, build)
