"""Gas trunk: what is burnt comes through a pipe that has to be laid.

    sum over plants of gas[s, y, h] <= existing[s] + sum over v in life of trunk[s, v]          where a trunk is needed
    sum over plants of heat rate * firm rating * capacity[s, y] <= the same

| symbol   | name                                              | unit    | dimensions       |
|----------|---------------------------------------------------|---------|------------------|
| gas      | heat rate times output, less distillate burnt     | MMBtu/h | site, year, hour |
| existing | `existing_mmbtu_per_h`, of a pipe that lies       | MMBtu/h | site             |
| trunk    | `trunk_mmbtu_per_h`                               | MMBtu/h | site, vintage    |

Cost per MMBtu/h: cost per kilometre of the reference pipe and its compression, times the distance, over its capacity;
a straight line through the origin, which is cheap for a small lateral and right for a trunk of the reference size.
Capacity that counts at the peak has its gas: a machine without a pipe is not firm. A plant at the field or on an
existing pipeline (`gas: {trunk: false}`) needs none; one on a pipe of a given size (`existing_pipe_mmbtu_per_h`) has
that for nothing and lays what it needs beside it. The trunk comes in `trunk_earliest_year`, or when its lead time ends.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gigasite.finance.discounting import alive
from gigasite.formulation.builder import Builder
from gigasite.formulation.registry import Requirement
from gigasite.inputs.scenario import RequirementSpec
from gigasite.inputs.tables import Figure
from gigasite.system.context import Context
from gigasite.system.place import Place
from gigasite.system.quantity import Array, FeatureData, Quantity

NAME = "fuel_lateral"
TRUNK, TRUNK_CLASS = "gas_trunk", "steel_42in"
COST_PARAMETERS = ("pipeline_cost_usd_per_km", "compression_cost_usd_per_km", "pipeline_capacity_mmbtu_per_h")
HIGHEST_HEAT_RATE = 15.0
"""MMBtu/MWh above any gas plant here; bounds the size of a trunk."""


class Spec(RequirementSpec):
    """The gas trunk is described under `sites: <site>: gas:`; nothing to set here."""


def prepare(context: Context) -> FeatureData:
    """Which sites need a trunk, how long it is, and what it costs."""
    years = context.years
    shape = (len(context.places), len(years))
    needed = np.array([float(trunk_needed(place)) for place in context.places])
    per_km, compression, capacity = (_figure(context, key) for key in COST_PARAMETERS)
    life = _figure(context, "economic_life_years").value
    upkeep = _figure(context, "fixed_om_fraction", default=0.0).value
    earliest = context.earliest_year_of(TRUNK, TRUNK_CLASS)
    factor = context.construction_factor_of(TRUNK, TRUNK_CLASS)
    first = [place.settings.gas.trunk_earliest_year or earliest for place in context.places]
    buildable = np.array([[float(year >= of_site) for year in years] for of_site in first])
    can_be_laid = needed * np.array([float(trunk_can_be_laid(place)) for place in context.places])
    distance = np.array([trunk_distance_km(place) for place in context.places])
    cost = distance * (context.money.usd_2024(per_km) + context.money.usd_2024(compression)) / capacity.value
    yearly = context.money.annuity_weights(life_years=life) * factor
    yearly = yearly + upkeep * alive(years, life) * context.time.year_weight
    annuity = cost[:, None, None] * yearly
    data = {
        "trunk_needed": Quantity(needed, ("site",), "1"),
        "trunk_allowed": Quantity(can_be_laid[:, None] * buildable, ("site", "vintage"), "1"),
        "in_life": Quantity(alive(years, life).astype(float), ("vintage", "year"), "1"),
        "overnight_usd_per_mmbtu_per_h": Quantity(
            cost[:, None] * np.ones(shape), ("site", "vintage"), "USD per MMBtu/h", per_km.confidence
        ),
        "annuity_usd_per_mmbtu_per_h": Quantity(
            annuity, ("site", "vintage", "year"), "USD per MMBtu/h", per_km.confidence
        ),
    }
    existing = np.array([place.settings.gas.existing_pipe_mmbtu_per_h or 0.0 for place in context.places])
    if existing.any():
        data["existing_mmbtu_per_h"] = Quantity(existing, ("site",), "MMBtu/h")
    return data


def _figure(context: Context, parameter: str, default: float | None = None) -> Figure:
    return context.tables.figure(
        "technologies", default=default, technology=TRUNK, machine_class=TRUNK_CLASS, parameter=parameter
    )


def trunk_needed(place: Place) -> bool:
    """Whether gas has to come by a pipe of limited size: as the scenario says, else where one lies or a distance to a
    pipeline is known.
    """
    gas = place.settings.gas
    limited = trunk_distance_km(place) > 0 or gas.existing_pipe_mmbtu_per_h is not None
    return limited if gas.trunk is None else bool(gas.trunk)


def trunk_can_be_laid(place: Place) -> bool:
    """Whether a trunk may be laid: beside an existing pipe only where its length is known."""
    gas = place.settings.gas
    return gas.trunk is True or gas.existing_pipe_mmbtu_per_h is None or trunk_distance_km(place) > 0


def trunk_distance_km(place: Place) -> float:
    """Length of the trunk: the scenario's, else the distance to the nearest pipeline in the layer of sites."""
    given = place.settings.gas.trunk_distance_km
    return float(place.properties.get("trunk_distance_km") or 0.0) if given is None else float(given)


def _largest_mmbtu_per_h(builder: Builder) -> Array:
    """Gas that every plant of a site together could burn at its largest capacity, shape (site,): never a limit of its
    own.
    """
    uppers = [
        builder.maker.variable_record(term.variable).upper.max(axis=1)
        for term in builder.hubs.firm_gas
        if term.coefficient_values.max(initial=0.0) > 0  # what stands in for gas makes no trunk larger
    ]
    return HIGHEST_HEAT_RATE * np.sum(uppers, axis=0) if uppers else np.zeros(len(builder.system.sites))


def build(builder: Builder, data: FeatureData) -> None:
    """Trunk by vintage and the row that holds the gas burnt below it."""
    block = builder.block(NAME, data)
    most = data["trunk_allowed"].values * _largest_mmbtu_per_h(builder)[:, None]
    trunk = builder.variable(block, "trunk_mmbtu_per_h", ("site", "vintage"), upper=most, unit="MMBtu/h")
    hubs, sets = builder.hubs, builder.sets
    lies = "existing_mmbtu_per_h" in data

    def gas_at_most_trunk(b: Any, site: Any, year: Any, hour: Any) -> Any:
        burnt = b.trunk_needed[site] * hubs.gas.total({"site": site, "year": year, "hour": hour}, sets)
        laid = sum(b.in_life[of, year] * b.trunk_mmbtu_per_h[site, of] for of in sets["vintage"])
        return burnt - laid <= (b.existing_mmbtu_per_h[site] if lies else 0)

    def firm_gas_at_most_trunk(b: Any, site: Any, year: Any) -> Any:
        called = b.trunk_needed[site] * hubs.firm_gas.total({"site": site, "year": year}, sets)
        laid = sum(b.in_life[of, year] * b.trunk_mmbtu_per_h[site, of] for of in sets["vintage"])
        return called - laid <= (b.existing_mmbtu_per_h[site] if lies else 0)

    if hubs.gas.terms:
        builder.constraint(block, "gas_at_most_trunk", ("site", "year", "hour"), gas_at_most_trunk)
        builder.constraint(block, "firm_gas_at_most_trunk", ("site", "year"), firm_gas_at_most_trunk)
    builder.add(hubs.capital, trunk, block.overnight_usd_per_mmbtu_per_h)
    builder.cost(NAME, "pipeline", trunk, data["annuity_usd_per_mmbtu_per_h"])


REQUIREMENT = Requirement(NAME, "Gas trunk", 90, Spec, prepare, build)
