"""Build slots: how much new capacity of a class the industry can deliver in a year, shared by all sites.

    sum over s, v <= y of built[s, v] <= sum over calendar years t, earliest <= t <= y, of slots[t]
                                         + sum over s of ordered[s, y]

| symbol   | name                                    | unit    | dimensions        |
|----------|-----------------------------------------|---------|-------------------|
| built    | `built_mw`                              | MW      | site, vintage     |
| slots    | `slots_mw_per_year`                     | MW/year | class of machine  |
| earliest | first year the class can be delivered   | year    | class of machine  |
| ordered  | `ordered_mw`, stock on order            | MW      | site, year        |

Slots not used add up, since machines ordered for one year may stand in store for the next. Capacity that a scenario
gives is stock already ordered and takes no slot, like `ordered_mw`; what one site leaves of its stock another may take
in its place. Edge rule: before the earliest year there is nothing but stock (and samples that find a price), which
`lead_times` limits site by site; the row is empty there.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gigasite.formulation.builder import Builder
from gigasite.formulation.hubs import Term
from gigasite.formulation.registry import Requirement
from gigasite.inputs.scenario import RequirementSpec
from gigasite.system.context import Context
from gigasite.system.ease import slots_factor
from gigasite.system.lead_times import early_mw, ordered_mw
from gigasite.system.quantity import Array, FeatureData, Quantity

NAME = "build_slots"
LIGHT_TURBINES = ("aeroderivative", "small_frame")
"""Classes of gas turbine that share their own works, apart from the large frames."""


class Spec(RequirementSpec):
    """Options of the build slots."""

    build_slots: bool = True
    """Whether national delivery slots limit new capacity."""


def prepare(context: Context) -> FeatureData:
    """Slots by class of machine, and which sites draw on them."""
    if not context.scenario.requirements.build_slots:
        return {}
    data: dict[str, Quantity] = {}
    for pool in sorted({name for place in context.places for name in _pools_of(context, place.name)}):
        technology = pool.split("__")[0]
        users = [place.name for place in context.places if pool in _pools_of(context, place.name)]
        slots = _slots_mw(context, users, technology)
        if slots is not None:
            draws = [float(place.name in users) for place in context.places]
            data[f"slots_mw__{pool}"] = Quantity(slots + _stock_mw(context, users, technology), ("vintage",), "MW")
            data[f"draws__{pool}"] = Quantity(np.array(draws), ("site",), "1")
            if any(early_mw(context, site, technology).any() for site in users):
                counted = np.array(context.years) >= _first_year(context, users, technology)
                data[f"counted__{pool}"] = Quantity(counted.astype(float), ("year",), "1")
    return data


def _stock_mw(context: Context, users: list[str], technology: str) -> Array:
    """What takes no slot: stock on order, and samples, of all sites that draw on a pool, shape (year,)."""
    each = [np.maximum(ordered_mw(context, site, technology), early_mw(context, site, technology)) for site in users]
    return np.asarray(np.sum(each, axis=0))


def _first_year(context: Context, users: list[str], technology: str) -> int:
    """First year of the pool: that of the site whose class can be had first."""
    return min(context.earliest_year(site, technology) for site in users)


def _pools_of(context: Context, site: str) -> list[str]:
    """Pools of slots a site draws on: classes made in the same works share one."""
    pools = []
    for technology in context.place(site).settings.technologies:
        options = context.options(site, technology)
        if options is None or options.capacity_mw is not None:
            continue
        light = technology == "gas_turbine" and context.machine_class(site, technology) in LIGHT_TURBINES
        pools.append(f"{technology}__light" if light else f"{technology}__all")
    return pools


def _slots_mw(context: Context, users: list[str], technology: str) -> Array | None:
    """Slots up to each modelled year, or None where the industry is not limited."""
    first = _first_year(context, users, technology)

    def slots(year: int) -> float:
        # classes of one pool carry the slots of the whole pool, so the largest figure is the pool's
        return max(context.figure(site, technology, "slots_mw_per_year", year, default=0.0).value for site in users)

    if not any(slots(year) for year in context.years):
        return None
    eased = slots_factor(context.scenario, technology)
    return np.array([eased * sum(slots(t) for t in range(first, year + 1)) for year in context.years])


def build(builder: Builder, data: FeatureData) -> None:
    """One row per class of machine and vintage over all that was built up to it."""
    if not data:
        return
    block = builder.block(NAME, data)
    until = np.tri(len(builder.system.years))
    builder.parameter(block, "until", Quantity(until, ("year", "vintage"), "1"))
    terms = {term.feature: term for term in builder.hubs.built}
    for key in data:
        if key.startswith("slots_mw__"):
            pool = key.removeprefix("slots_mw__")
            _add_rows(builder, block, pool, terms[pool.split("__")[0]])


def _add_rows(builder: Builder, block: Any, pool: str, term: Term) -> None:
    slots, draws = getattr(block, f"slots_mw__{pool}"), getattr(block, f"draws__{pool}")
    sets, built = builder.sets, term.variable
    counted: Any = getattr(block, f"counted__{pool}", None)

    def built_within_slots(b: Any, year: Any) -> Any:
        total = sum(
            b.until[year, of] * draws[site] * built[site, of] for site in sets["site"] for of in sets["vintage"]
        )
        return total <= slots[year]

    def built_within_counted_slots(b: Any, year: Any) -> Any:
        total = sum(
            counted[year] * b.until[year, of] * draws[site] * built[site, of]
            for site in sets["site"]
            for of in sets["vintage"]
        )
        return total <= slots[year]

    rule = built_within_slots if counted is None else built_within_counted_slots
    builder.constraint(block, f"built_within_slots__{pool}", ("year",), rule)


REQUIREMENT = Requirement(NAME, "Build slots", 140, Spec, prepare, build)
