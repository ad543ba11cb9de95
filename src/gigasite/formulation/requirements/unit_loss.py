"""Unit loss: the campus stays whole with its k largest machines out, without the margin.

    sum over technologies of slope[s, y] * firm[s, y] - fixed loss[s, y] + secure transfer[s, y]
        >= energised[s, y] - reduction[s, y]

| symbol     | name                                                  | unit | dimensions |
|------------|-------------------------------------------------------|------|------------|
| firm       | rating at design temperature * firm credit * capacity | MW   | site, year |
| slope      | `surviving_<technology>`                              | 1    | site, year |
| fixed loss | `fixed_loss_mw`                                       | MW   | site, year |

What survives of n machines is n - k(n), with k binomial in the number of machines and the forced outage rate of the
class, or a given number of the largest machines of all classes (`fleets`). k grows more slowly than n, so survivors
are convex in n and no one straight line is right. The row is a line at a reference fleet first (the capacity given,
or the fleet that would carry the ramp alone; no fixed loss), then the tangent at the plan found, and so on
(`refined`). A tangent lies below the survivors everywhere, so a plan made with one is safe and the next is no dearer:
the convex-concave procedure of Yuille and Rangarajan, Neural Computation 15, 2003. Machines come in steps where the
tangent is smooth; what a step leaves short is added to the fixed loss in the last passes, and a check after the solve
repeats the exact row.

Fleets of whole machines (`units: whole`) need no tangent: their slope is 1 and what they lose is counted exactly by
`lost_machines`. By the forced outage rate, that holds for every whole fleet beside whatever stands with it. A given
number of machines is shared by all fleets of a site, so there it holds where every fleet that counts at the peak is
whole; a site with a continuous fleet among them keeps to tangents for all, which are safe and agree in passes.

A site whose gas is under contract (`gas_transport`) shares its firm gas out again among the machines that are left:
there `loss_on_gas` gives what is left of all machines, and the terms of the row above stand for the rest. Its fixed
losses are by technology and case, and where a number of machines is given all its fleets keep to tangents.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field

from gigasite.formulation.builder import Builder
from gigasite.formulation.fleets import UNIT_TOLERANCE, Fleet, lost_mw, reference_capacity_mw
from gigasite.formulation.loss_lines import agrees_with, refine_cases, slope_of
from gigasite.formulation.loss_on_gas import LOSS_CASE, SITE_YEAR_CASE, add_loss_on_gas
from gigasite.formulation.lost_machines import build_lost_machines, largest_fleets, staircases
from gigasite.formulation.registry import Requirement
from gigasite.formulation.whole_units import is_whole
from gigasite.inputs.scenario import RequirementSpec
from gigasite.system.context import Context
from gigasite.system.lead_times import SAMPLE_MW
from gigasite.system.place import Place
from gigasite.system.quantity import Array, FeatureData, Quantity

NAME = "unit_loss"
NOT_MACHINES = ("grid_connection", "battery", "solar", "wind")
"""A circuit fails as a whole, a case of its own; the rest are hundreds of small blocks, whose outage is an average."""


class Spec(RequirementSpec):
    """Options of the unit-loss row."""

    units_lost: Literal["binomial"] | Annotated[int, Field(ge=0)] = "binomial"
    """How many machines may be out at the peak: from the forced outage rate, or a number."""

    units_lost_probability: Annotated[float, Field(gt=0.5, lt=1.0)] = 0.9999
    """Probability with which no more machines are out than allowed for [-]."""


def prepare(context: Context) -> FeatureData:
    """Lines at the reference fleets, and what is needed to take them again at a plan."""
    names = sorted({name for place in context.places for name in place.settings.technologies})
    data: dict[str, Quantity] = {}
    for name in names:
        size = context.by_site(name, partial(_unit_mw, context, technology=name), "MW")
        if name in NOT_MACHINES or not size.values.any():
            continue
        data[f"unit_mw_{name}"] = size
        data[f"rate_{name}"] = context.by_site(name, partial(_outage_rate, context, technology=name), "1")
        data[f"rating_{name}"] = context.by_site(name, partial(_firm_rating, context, technology=name), "1")
    for name in _names(data):
        exact = _exact(context, data, name)
        if exact.any():
            data[f"exact_{name}"] = Quantity(exact, ("site",), "1")
        reference = [[_reference_mw(context, data, name, s, year) for year in context.years] for s in range(len(exact))]
        shares = np.where(exact[:, None] > 0, 1.0, _alone(context, data, name, np.array(reference)))
        alone = Quantity(shares, ("site", "year"), "1")
        data[f"reference_{name}"] = data[f"surviving_{name}"] = alone
    shape = (len(context.places), len(context.years))
    data["fixed_loss_mw"] = Quantity(np.zeros(shape), ("site", "year"), "MW")
    shares = np.array([float(_shares_gas(place)) for place in context.places])
    if shares.any():
        names = _names(data)
        cases = 1 if context.scenario.requirements.units_lost == "binomial" else max(len(names), 1)
        data["shares_gas"] = Quantity(shares, ("site",), "1")
        data |= {f"case_loss_{name}": Quantity(np.zeros((*shape, cases)), SITE_YEAR_CASE, "MW") for name in names}
    return data


def _shares_gas(place: Place) -> bool:
    """Whether only part of a site's machines may have firm gas."""
    return place.settings.gas.transport is not None


def _names(data: FeatureData) -> list[str]:
    """Technologies made of machines."""
    return [key.removeprefix("unit_mw_") for key in data if key.startswith("unit_mw_")]


def _exact(context: Context, data: FeatureData, name: str) -> Array:
    """Whether the machines lost of a technology are counted exactly, 1 or 0 by site."""
    binomial = context.scenario.requirements.units_lost == "binomial"
    whole = np.zeros(len(context.places))
    for s, place in enumerate(context.places):
        beside = [
            other
            for other in _names(data)
            if context.options(place.name, other) is not None and data[f"rating_{other}"].values[s] > 0
        ]
        alike = all(is_whole(context, place.name, other) for other in beside)
        whole[s] = is_whole(context, place.name, name) and (binomial or (alike and not _shares_gas(place)))
    return whole


def _outage_rate(context: Context, site: str, technology: str) -> float:
    return context.figure(site, technology, "forced_outage_rate", default=0.0).value


def _unit_mw(context: Context, site: str, technology: str) -> float:
    options = context.options(site, technology)
    if options is not None and options.unit_size_mw is not None:
        return float(options.unit_size_mw)
    return context.figure(site, technology, "unit_size_mw", default=0.0).value


def _firm_rating(context: Context, site: str, technology: str) -> float:
    rating = context.temperature_rating(site, technology, context.place(site).design_temperature_c)
    return float(rating) * context.figure(site, technology, "firm_credit", default=0.0).value


def _fleet(data: FeatureData, name: str, s: int, capacity_mw: float) -> Fleet:
    return Fleet(
        capacity_mw,
        float(data[f"unit_mw_{name}"].values[s]) or 1.0,
        float(data[f"rate_{name}"].values[s]),
        float(data[f"rating_{name}"].values[s]),
    )


def _reference_mw(context: Context, data: FeatureData, name: str, s: int, year: int) -> float:
    place = context.places[s]
    options = context.options(place.name, name)
    given = 0.0 if options is None or options.capacity_mw is None else options.capacity_mw.at(year)
    if given > 0:
        return float(given)
    rule = context.scenario.requirements
    peak = place.ramp_mw(year) or context.largest_load_mw(place.name)
    return reference_capacity_mw(peak, _fleet(data, name, s, 0.0), rule.units_lost, rule.units_lost_probability)


def _alone(context: Context, data: FeatureData, name: str, capacity_mw: Array) -> Array:
    rule = context.scenario.requirements
    shares = np.ones(capacity_mw.shape)
    for (s, y), mw in np.ndenumerate(capacity_mw):
        if mw > 0:
            lost = lost_mw({name: _fleet(data, name, s, float(mw))}, rule.units_lost, rule.units_lost_probability)
            shares[s, y] = 1.0 - lost[name] / mw
    return shares


def refined(
    context: Context, data: FeatureData, capacity_mw: Mapping[str, Array], *, settle: bool = False
) -> FeatureData:
    """The row's lines taken again at a plan.

    Args:
        context: the scenario's inputs.
        data: this requirement's arrays as the plan was made with.
        capacity_mw: the plan's capacity by technology, shape (site, year) each.
        settle: False to take tangents at the plan, and references where nothing is built; True only to raise the fixed
            loss where the plan counted on more survivors than there are.

    Returns:
        The arrays that change; empty where the plan agrees with those it was made with.
    """
    names = _names(data)
    slopes = {name: data[f"{'surviving' if settle else 'reference'}_{name}"].values.copy() for name in names}
    fixed = data["fixed_loss_mw"].values.copy()
    by_case = {name: data[f"case_loss_{name}"].values.copy() for name in names if f"case_loss_{name}" in data}
    agrees = True
    # a sample of ten kilowatts stands for a fleet to come: it keeps the line of the reference fleet
    least_mw = 2.0 * SAMPLE_MW if context.scenario.requirements.price_lead_times else 0.0
    for s, y in np.ndindex(fixed.shape):
        fleets = _built(data, names, capacity_mw, s, y, least_mw)
        if by_case and data["shares_gas"].values[s] > 0:
            agrees &= refine_cases(context, data, fleets, (s, y), slopes, by_case, settle=settle)
            continue
        survivors = _survivors_mw(context, fleets)
        used = sum(float(data[f"surviving_{name}"].values[s, y]) * fleet.firm_mw for name, fleet in fleets.items())
        over = used - fixed[s, y] - sum(survivors.values())
        agrees &= agrees_with(float(over), fleets, settle=settle)
        if settle:
            fixed[s, y] = fixed[s, y] + max(float(over), 0.0)
            continue
        fixed[s, y] = 0.0
        for name, fleet in fleets.items():
            slope = slope_of(context, fleet, survivors[name])
            slopes[name][s, y] = slope
            fixed[s, y] = fixed[s, y] + slope * fleet.firm_mw - survivors[name]
    if agrees:
        return {}
    lines = {f"surviving_{name}": Quantity(slope, ("site", "year"), "1") for name, slope in slopes.items()}
    cases = {f"case_loss_{name}": Quantity(loss, SITE_YEAR_CASE, "MW") for name, loss in by_case.items()}
    return {**lines, **cases, "fixed_loss_mw": Quantity(fixed, ("site", "year"), "MW")}


def _built(
    data: FeatureData, names: list[str], capacity_mw: Mapping[str, Array], s: int, y: int, least_mw: float
) -> dict[str, Fleet]:
    """Fleets of the plan whose losses follow a tangent."""
    return {
        name: _fleet(data, name, s, float(capacity_mw[name][s, y]))
        for name in names
        if capacity_mw[name][s, y] > max(UNIT_TOLERANCE * data[f"unit_mw_{name}"].values[s], least_mw)
        and not (f"exact_{name}" in data and data[f"exact_{name}"].values[s])
    }


def _survivors_mw(context: Context, fleets: Mapping[str, Fleet]) -> dict[str, float]:
    """Firm megawatts left of each fleet, exactly."""
    rule = context.scenario.requirements
    lost = lost_mw(fleets, rule.units_lost, rule.units_lost_probability)
    return {name: (fleet.capacity_mw - lost[name]) * fleet.firm_rating for name, fleet in fleets.items()}


def build(builder: Builder, data: FeatureData) -> None:
    """One row per site and year over the firm capacity that survives."""
    if "shares_gas" in data:
        number = max((data[key].values.shape[-1] for key in data if key.startswith("case_loss_")), default=1)
        builder.add_set(LOSS_CASE, list(range(1, number + 1)))
    block = builder.block(NAME, data)
    hubs, sets, energised = builder.hubs, builder.sets, builder.energised_mw
    own = [term for term in hubs.firm_capacity if term.feature != "line"]
    rule = builder.system.context.scenario.requirements
    stairs = staircases(data, largest_fleets(builder), rule.units_lost, rule.units_lost_probability)
    lost_mw = build_lost_machines(builder, block, stairs)
    on_gas = add_loss_on_gas(builder, block, data, lost_mw) if "shares_gas" in data else None
    if on_gas is not None:
        own = [term for term in own if term.feature not in on_gas.technologies or term.coefficient_values.max() > 0]
        apart = Quantity(1.0 - data["shares_gas"].values, ("site",), "1")
        builder.parameter(block, "apart", apart)

    def survivors_carry_the_peak(b: Any, site: Any, year: Any) -> Any:
        index = {"site": site, "year": year}
        peak = energised[site, year] - hubs.peak_reduction.total(index, sets)
        left = hubs.secure_transfer.total(index, sets) - b.fixed_loss_mw[site, year]
        for term in own:
            share, one = getattr(b, f"surviving_{term.feature}", None), term.expression(index, sets)
            if on_gas is not None and term.feature in on_gas.technologies:
                one = b.apart[site] * one
            left += one if share is None else share[site, year] * one
        for one in lost_mw.values():
            left -= one(site, year) if on_gas is None else b.apart[site] * one(site, year)
        if on_gas is not None:
            left += on_gas.mw[site, year]
        return peak - left <= 0

    builder.constraint(block, "survivors_carry_the_peak", ("site", "year"), survivors_carry_the_peak)


REQUIREMENT = Requirement(NAME, "Unit loss", 120, Spec, prepare, build, refined)
