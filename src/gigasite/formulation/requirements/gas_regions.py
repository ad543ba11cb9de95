"""Gas regions: what sites burn together is limited, and makes the gas of the region dearer.

    sum over h of gas[s, y, h] * step hours <= sum over k of step[s, y, k]
    sum over s in region of step[s, y, k] <= width[r, k]                              the dearer step comes after
    sum over s in region, k of step[s, y, k] <= limit[r]

| symbol | name                                              | unit     | dimensions           |
|--------|---------------------------------------------------|----------|----------------------|
| gas    | pipeline gas burnt, distillate taken off          | MMBtu/h  | site, year, hour     |
| step   | `step_gbtu`, gas bought in a step                 | GBtu     | site, year, gas step |
| width  | `width_gbtu`                                      | GBtu     | region, gas step     |
| limit  | `limit_gbtu`, from `limit_bcf_per_day`            | GBtu     | region               |

An MMBtu in step k pays the adder of k on top of its price. Where no steps are given they come from the elasticity:
a region that burns Q quads a year more pays elasticity * Q more on all of it, so Q costs elasticity * Q^2 and the step
from Q1 to Q2 has the adder elasticity * (Q1 + Q2). That is exact at the ends of the steps and a little dear between.
One row of each site's year reaches into the hours; the rest is planning. The last step is as wide as it needs to be.
"""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
from pydantic import Field

from gigasite.formulation.builder import Builder
from gigasite.formulation.gas_burn import most_gas_mmbtu_per_h
from gigasite.formulation.registry import Requirement
from gigasite.foundation.units import DAYS_PER_YEAR, MMBTU_PER_BCF, MMBTU_PER_GBTU, MMBTU_PER_QUAD
from gigasite.inputs.quantities import Frozen, NonNegative, Positive
from gigasite.inputs.scenario import RequirementSpec
from gigasite.system.context import Context
from gigasite.system.quantity import Array, FeatureData, Quantity

NAME = "gas_regions"
GBTU_PER_BCF_PER_DAY = MMBTU_PER_BCF * DAYS_PER_YEAR / MMBTU_PER_GBTU
STEP_ENDS_BCF_PER_DAY = (0.0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0)
"""Ends of the steps made from the elasticity, the last of them open: the largest campus burns 2 Bcf a day."""


class GasStep(Frozen):
    """A step of gas burnt in a region, dearer from one to the next."""

    bcf_per_day: Positive
    """How much gas it holds, mean of the year [Bcf/day]; the last step holds any more."""

    adder_usd_per_mmbtu: NonNegative
    """What gas in this step costs on top of its price, in 2024 money [USD/MMBtu]."""


class GasRegion(Frozen):
    """Sites that share a source of gas."""

    sites: Annotated[tuple[str, ...], Field(min_length=1)]
    """Sites of the region."""

    limit_bcf_per_day: Positive | None = None
    """Most gas that they burn together, mean of the year [Bcf/day]; left out: no limit."""

    price_steps: tuple[GasStep, ...] | None = None
    """Steps of added burn and their price; left out: from the elasticity; []: the price does not answer."""

    price_elasticity_usd_per_mmbtu_per_quad: NonNegative | None = None
    """Rise of the price by gas burnt in a year, in 2024 money [USD/MMBtu per quad]; left out: that of inputs/."""


class Spec(RequirementSpec):
    """Options of gas regions."""

    gas_regions: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")], GasRegion] = Field(default_factory=dict)
    """Regions whose gas is limited or answers in its price: {name: {sites: [...], limit_bcf_per_day: ...}}."""


def prepare(context: Context) -> FeatureData:
    """Members, steps and limits of the regions; nothing where there is none."""
    regions = context.scenario.requirements.gas_regions
    if not regions:
        return {}
    names = [place.name for place in context.places]
    members = np.array([[float(name in region.sites) for name in names] for region in regions.values()])
    steps = [_steps(context, region) for region in regions.values()]
    count = max(len(widths) for widths, _ in steps)
    widths, adders = np.zeros((len(steps), count)), np.zeros((len(steps), count))
    for r, (width, adder) in enumerate(steps):
        widths[r, : len(width)], adders[r, : len(adder)] = width, adder
        adders[r, len(adder) :] = adder[-1]
    last = np.array([len(width) - 1 for width, _ in steps])
    limits = [region.limit_bcf_per_day for region in regions.values()]
    weight = context.time.year_weight[None, :, None]
    price = (members.T @ adders)[:, None, :] * MMBTU_PER_GBTU * weight
    data = {
        "in_region": Quantity(members, ("gas_region", "site"), "1"),
        "in_any_region": Quantity(members.max(axis=0), ("site",), "1"),
        "step_width_gbtu": Quantity(widths * GBTU_PER_BCF_PER_DAY, ("gas_region", "gas_step"), "GBtu"),
        "last_step": Quantity(last.astype(float), ("gas_region",), "1"),
        "adder_usd_per_mmbtu": Quantity(adders, ("gas_region", "gas_step"), "USD/MMBtu"),
        "adder_usd_per_gbtu": Quantity(price, ("site", "year", "gas_step"), "USD/GBtu"),
    }
    if any(limit is not None for limit in limits):
        asked = np.array([float(limit is not None) for limit in limits])
        most = np.array([0.0 if limit is None else limit * GBTU_PER_BCF_PER_DAY for limit in limits])
        data["has_limit"] = Quantity(asked, ("gas_region",), "1")
        data["limit_gbtu"] = Quantity(most, ("gas_region",), "GBtu")
    return data


def _steps(context: Context, region: GasRegion) -> tuple[Array, Array]:
    """Widths in Bcf/day and adders in USD/MMBtu; a price that does not answer is one step for nothing."""
    given = region.price_steps
    if given is not None and not given:
        return np.zeros(1), np.zeros(1)
    if given is not None:
        return np.array([s.bcf_per_day for s in given]), np.array([s.adder_usd_per_mmbtu for s in given])
    said = region.price_elasticity_usd_per_mmbtu_per_quad
    figure = context.tables.figure(
        "fuel_properties", fuel="natural_gas", parameter="price_elasticity_usd_per_mmbtu_per_quad"
    )
    elasticity = context.money.usd_2024(figure) if said is None else float(said)
    ends = np.array(STEP_ENDS_BCF_PER_DAY)
    quads = ends * MMBTU_PER_BCF * DAYS_PER_YEAR / MMBTU_PER_QUAD
    return np.diff(ends), elasticity * (quads[:-1] + quads[1:])


def build(builder: Builder, data: FeatureData) -> None:
    """Gas bought by step, and the rows of sites and regions."""
    if not data:
        return
    builder.add_set("gas_region", list(builder.system.context.scenario.requirements.gas_regions))
    builder.add_set("gas_step", list(range(1, data["step_width_gbtu"].values.shape[1] + 1)))
    block = builder.block(NAME, data)
    sets, hubs = builder.sets, builder.hubs
    step_gbtu_per_mmbtu_per_h = builder.system.context.time.step_hours / MMBTU_PER_GBTU
    most = (
        data["in_any_region"].values[:, None] * most_gas_mmbtu_per_h(builder).sum(axis=-1) * step_gbtu_per_mmbtu_per_h
    )
    widths = _widths(data, most)
    builder.parameter(block, "width_gbtu", Quantity(widths, ("gas_region", "gas_step"), "GBtu"))
    of_site = np.einsum("rs,rk->sk", data["in_region"].values, widths)
    upper = np.minimum(most[:, :, None], of_site[:, None, :])
    step = builder.variable(block, "step_gbtu", ("site", "year", "gas_step"), upper=upper, unit="GBtu")

    def burnt_is_bought(b: Any, site: Any, year: Any) -> Any:
        burnt = sum(
            step_gbtu_per_mmbtu_per_h
            * b.in_any_region[site]
            * hubs.gas.total({"site": site, "year": year, "hour": hour}, sets)
            for hour in sets["hour"]
        )
        return burnt - sum(b.step_gbtu[site, year, of] for of in sets["gas_step"]) <= 0

    def step_at_most_width(b: Any, region: Any, year: Any, of: Any) -> Any:
        bought = sum(b.in_region[region, site] * b.step_gbtu[site, year, of] for site in sets["site"])
        return bought <= b.width_gbtu[region, of]

    def burnt_within_limit(b: Any, region: Any, year: Any) -> Any:
        bought = sum(
            b.in_region[region, site] * b.step_gbtu[site, year, of] for site in sets["site"] for of in sets["gas_step"]
        )
        return b.has_limit[region] * bought <= b.limit_gbtu[region]

    if hubs.gas.terms:
        builder.constraint(block, "burnt_is_bought", ("site", "year"), burnt_is_bought)
        builder.constraint(block, "step_at_most_width", ("gas_region", "year", "gas_step"), step_at_most_width)
        if "limit_gbtu" in data:
            builder.constraint(block, "burnt_within_limit", ("gas_region", "year"), burnt_within_limit)
    builder.cost(NAME, "fuel", step, data["adder_usd_per_gbtu"])


def _widths(data: FeatureData, most: Array) -> Array:
    """Widths of the steps, the last of a region as wide as what its sites could ever burn; none after it."""
    widths = data["step_width_gbtu"].values.copy()
    all_gas = data["in_region"].values @ most.max(axis=1)
    for r, last in enumerate(data["last_step"].values.astype(int)):
        widths[r, last] = all_gas[r]
        widths[r, last + 1 :] = 0.0
    return widths


REQUIREMENT = Requirement(NAME, "Gas regions", 97, Spec, prepare, build)
