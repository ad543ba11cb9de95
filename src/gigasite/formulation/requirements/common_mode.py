"""Common mode: the gas trunk or the grid circuit is lost whole, and the critical part of the peak is still carried.

    trunk lost   sum over what burns no pipeline gas of firm[s, y] + standby[s, y] + kept[s, y]
                     >= critical share * (energised[s, y] - reduction[s, y])
    far trunk    sum over all but lines of firm[s, y] + standby[s, y]  >= the same
    grid lost    sum over all but the grid of firm[s, y] + standby[s, y]  >= the same
    kept[s, y]    = sum over gas plants able to of firm rating * kept capacity[s, y]
    kept capacity <= capacity,   sum over gas plants of firm gas rate * kept capacity[s, y] <= firm liquid[s, y]

| symbol         | name                                               | unit    | dimensions |
|----------------|----------------------------------------------------|---------|------------|
| firm           | rating at design temperature * firm credit * MW    | MW      | site, year |
| standby        | capacity that may run in an emergency only         | MW      | site, year |
| kept capacity  | `kept_<technology>_mw`, gas plants on liquid fuel   | MW      | site, year |
| firm liquid    | what stands in for pipeline gas at the peak        | MMBtu/h | site, year |
| critical share | `critical_share`                                   | 1       |            |
| energised      | `energised_mw`, which is the peak at the meter     | MW      | site, year |
| reduction      | load that may be shed at the peak                  | MW      | site, year |

Two events, each alone, and neither together with lost machines or with the margin. All pipeline gas of a site counts as
one pipe, also where two lie there. A site that a line feeds from a plant with its own trunk has a row for that one: the
line then brings nothing. Backup sets count, an emergency is what their permit is for; trucks are taken to refill their
tanks, and those of dual fuel, while a repair lasts. Edge rules: a site that wants no load, or burns no pipeline gas,
has no row; energising less always satisfies them, so they have no slack.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gigasite.formulation.builder import Builder
from gigasite.formulation.firm_gas import counting
from gigasite.formulation.gas_burn import GAS_ONLY
from gigasite.formulation.hubs import Term
from gigasite.formulation.registry import Requirement
from gigasite.inputs.quantities import Fraction
from gigasite.inputs.scenario import RequirementSpec
from gigasite.system.context import Context
from gigasite.system.quantity import Array, FeatureData, Quantity

NAME = "common_mode"
GRID, LINE = "grid_connection", "line"
SITE_YEAR = ("site", "year")


class Spec(RequirementSpec):
    """Options of common-mode losses, and the share of the load that must live through them."""

    survive_trunk_loss: bool | tuple[str, ...] = False
    """true: the loss of the gas trunk is survived at every site; or a list of the sites where it is."""

    survive_grid_loss: bool | tuple[str, ...] = False
    """true: the loss of the grid circuit is survived at every site; or a list of the sites where it is."""

    critical_share: Fraction = 1.0
    """Part of the load that is carried through a lost trunk, a lost grid circuit and a grid outage [-]."""


def prepare(context: Context) -> FeatureData:
    """Where each loss is asked for; nothing where neither is."""
    options = context.scenario.requirements
    trunk, grid = asked_at(context, options.survive_trunk_loss), asked_at(context, options.survive_grid_loss)
    if not (trunk.any() or grid.any()):
        return {}
    return {
        "trunk_asked": Quantity(trunk, ("site",), "1"),
        "grid_asked": Quantity(grid, ("site",), "1"),
        "critical_share": Quantity(np.asarray(float(options.critical_share)), (), "1"),
    }


def asked_at(context: Context, said: bool | tuple[str, ...]) -> Array:
    """1 at the sites where something is asked for, else 0."""
    return np.array([float(said if isinstance(said, bool) else place.name in said) for place in context.places])


def build(builder: Builder, data: FeatureData) -> None:
    """A row per case, site and year over the firm capacity that is left."""
    if not data:
        return
    block = builder.block(NAME, data)
    gas = {term.feature: term for term in builder.hubs.firm_gas if term.coefficient_values.max(initial=0.0) > 0}
    trunk, far, grid = _cases(builder, data, list(gas.values()))
    firm = list(builder.hubs.firm_capacity)
    if trunk.any():
        left = [term for term in firm if term.feature not in gas]
        kept = _keep_on_liquid(builder, block, gas, trunk)
        _add_case(builder, block, "trunk", trunk, left, kept)
    if far.any():
        _add_case(builder, block, "far_trunk", far, [term for term in firm if term.feature != LINE], [])
    if grid.any():
        _add_case(builder, block, "grid", grid, [term for term in firm if term.feature != GRID], [])


def _cases(builder: Builder, data: FeatureData, gas: list[Term]) -> tuple[Array, Array, Array]:
    """Sites that have a row: of the trunk, of the trunk of a plant that feeds them, of the grid."""
    context = builder.system.context
    names = [place.name for place in context.places]
    burns = np.zeros(len(names))
    for term in gas:
        upper = builder.maker.variable_record(term.variable).upper
        burns = np.maximum(burns, ((term.coefficient_values > 0) & (upper > 0)).any(axis=1))
    wants = (builder.system.ramp_mw.max(axis=1) > 0).astype(float)
    trunk = data["trunk_asked"].values * burns
    far = np.zeros(len(names))
    for line in context.scenario.lines.values():
        far[names.index(line.to_site)] = max(far[names.index(line.to_site)], trunk[names.index(line.from_site)])
    return trunk * wants, far * wants, data["grid_asked"].values * wants


def _add_case(
    builder: Builder, block: Any, name: str, at: Array, left: list[Term], kept: list[tuple[Any, Any]]
) -> None:
    hubs, sets, energised = builder.hubs, builder.sets, builder.energised_mw
    here = builder.parameter(block, f"{name}_lost", Quantity(at, ("site",), "1"))

    def carried_without(b: Any, site: Any, year: Any) -> Any:
        index = {"site": site, "year": year}
        peak = b.critical_share * (energised[site, year] - hubs.peak_reduction.total(index, sets))
        carried: Any = hubs.standby.total(index, sets)
        for term in left:
            carried += term.expression(index, sets)
        for rating, variable in kept:
            carried += rating[site] * variable[site, year]
        return here[site] * peak - here[site] * carried <= 0

    builder.constraint(block, f"carried_without_{name}", SITE_YEAR, carried_without)


def _keep_on_liquid(builder: Builder, block: Any, gas: dict[str, Term], at: Array) -> list[tuple[Any, Any]]:
    """Gas plants that run on liquid fuel while the trunk is lost: firm rating and capacity of each."""
    liquid = [term for term in builder.hubs.firm_gas if term.coefficient_values.min(initial=0.0) < 0]
    able = {name: term for name, term in gas.items() if name not in GAS_ONLY}
    if not liquid or not able:
        return []
    sets, kept = builder.sets, {}
    firm = counting(builder)
    for name, term in able.items():
        upper = builder.maker.variable_record(term.variable).upper * at[:, None]
        kept[name] = builder.variable(block, f"kept_{name}_mw", SITE_YEAR, upper=upper, unit="MW")
        builder.constraint(block, f"kept_at_most_capacity__{name}", SITE_YEAR, _at_most(kept[name], term.variable))

    def kept_burn_at_most_liquid(_: Any, site: Any, year: Any) -> Any:
        index = {"site": site, "year": year}
        burnt: Any = 0.0
        for name, term in able.items():
            burnt += term.coefficient[site, year] * kept[name][site, year]
        for term in liquid:
            burnt += term.expression(index, sets)
        return burnt <= 0

    builder.constraint(block, "kept_burn_at_most_liquid", SITE_YEAR, kept_burn_at_most_liquid)
    return [(firm[name].coefficient, kept[name]) for name in able]


def _at_most(kept: Any, capacity: Any) -> Any:
    def kept_at_most_capacity(_: Any, site: Any, year: Any) -> Any:
        return kept[site, year] - capacity[site, year] <= 0

    return kept_at_most_capacity


REQUIREMENT = Requirement(NAME, "Common-mode losses", 121, Spec, prepare, build)
