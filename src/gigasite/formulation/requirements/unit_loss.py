"""Unit loss: the campus stays whole with its k largest machines out, without the margin.

    sum over technologies of surviving[s, y] * firm[s, y] + secure transfer[s, y] >= energised[s, y] - reduction[s, y]
    surviving = (units - k(units)) / units

| symbol    | name                                                  | unit | dimensions       |
|-----------|-------------------------------------------------------|------|------------------|
| firm      | rating at design temperature * firm credit * capacity | MW   | site, year       |
| surviving | `surviving_<technology>`                              | 1    | site, year       |
| k         | units lost                                            | 1    | of each class    |

k is the smallest number with P(outages <= k) >= 0.9999, binomial in the number of machines and the forced outage rate
of the class; or, where the scenario gives a number, that many of the largest machines of all classes.

k grows more slowly than the number of machines, so no straight line through the origin is right everywhere. The share
that survives is therefore taken at a reference fleet (the capacity given, or the fleet that would carry the ramp
alone) and taken again at the plan found, until the exact row holds for the plan: `refined` does it, and a check after
the solve repeats the exact row. A machine that is begun counts as a whole one.

Source: the reliability of k-out-of-n systems of identical units, for instance Billinton and Allan, Reliability
    Evaluation of Power Systems, 2nd edition, 1996, chapter 2.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field

from gigasite.formulation.builder import Builder
from gigasite.formulation.registry import Requirement
from gigasite.inputs.scenario import RequirementSpec
from gigasite.system.context import Context
from gigasite.system.quantity import Array, FeatureData, Quantity

NAME = "unit_loss"
NOT_MACHINES = ("grid_connection", "battery", "solar", "wind")
"""A circuit fails as a whole, a case of its own; the rest are hundreds of small blocks, whose outage is an average."""

SETTLED_MW = 0.1
"""Survivors that fall short of those counted on by less than this have settled."""

UNIT_TOLERANCE = 1e-6
"""A fleet this little above a whole number of machines counts as that number."""


class Spec(RequirementSpec):
    """Options of the unit-loss row."""

    units_lost: Literal["binomial"] | Annotated[int, Field(ge=0)] = "binomial"
    """How many machines may be out at the peak: from the forced outage rate, or a number."""

    units_lost_probability: Annotated[float, Field(gt=0.5, lt=1.0)] = 0.9999
    """Probability with which no more machines are out than allowed for [-]."""


def lost_units(units: int, forced_outage_rate: float, probability: float) -> int:
    """Smallest k with P(outages <= k) >= probability, outages binomial in `units` and `forced_outage_rate`.

    >>> lost_units(170, 0.05, 0.9999)
    21
    """
    if units <= 0:
        return 0
    from scipy.special import bdtr  # heavy, and not needed to read a scenario

    at_most = bdtr(np.arange(units + 1), units, forced_outage_rate)
    return int(np.argmax(at_most >= probability))


def machines(capacity_mw: float, unit_size_mw: float) -> int:
    """Number of machines in a fleet; one that is begun counts as whole."""
    return int(np.ceil(capacity_mw / unit_size_mw - UNIT_TOLERANCE))


def lost_mw(fleets: Mapping[str, Fleet], rule: str | int, probability: float) -> dict[str, float]:
    """ISO megawatts of each technology that are out in the unit-loss case.

    Args:
        fleets: machines of one site in one year by technology.
        rule: `binomial`, or how many of the largest machines are out.
        probability: see `lost_units`.
    """
    if rule == "binomial":
        return {
            name: min(fleet.capacity_mw, lost_units(fleet.units, fleet.forced_outage_rate, probability) * fleet.unit_mw)
            for name, fleet in fleets.items()
        }
    lost, left = dict.fromkeys(fleets, 0.0), int(rule)
    for name in sorted(fleets, key=lambda n: -fleets[n].unit_mw * fleets[n].firm_rating):
        out = min(left, fleets[name].units)
        lost[name] = min(fleets[name].capacity_mw, out * fleets[name].unit_mw)
        left -= out
    return lost


class Fleet:
    """Machines of one technology at one site in one year."""

    def __init__(self, capacity_mw: float, unit_mw: float, forced_outage_rate: float, firm_rating: float) -> None:
        self.capacity_mw = capacity_mw
        self.unit_mw = unit_mw
        self.forced_outage_rate = forced_outage_rate
        self.firm_rating = firm_rating

    @property
    def firm_mw(self) -> float:
        """Firm capacity with every machine running."""
        return self.capacity_mw * self.firm_rating

    @property
    def units(self) -> int:
        """Number of machines."""
        return machines(self.capacity_mw, self.unit_mw)


def reference_capacity_mw(peak_mw: float, fleet: Fleet, rule: str | int, probability: float) -> float:
    """Fleet of one technology that would carry a peak alone with its lost machines out."""
    per_unit = fleet.unit_mw * fleet.firm_rating
    if per_unit <= 0 or peak_mw <= 0:
        return fleet.unit_mw
    units = int(np.ceil(peak_mw / per_unit))
    for _ in range(200):
        lost = lost_units(units, fleet.forced_outage_rate, probability) if rule == "binomial" else int(rule)
        short = peak_mw - (units - lost) * per_unit
        if short <= 0:
            break
        units += int(np.ceil(short / per_unit))
    return units * fleet.unit_mw


def prepare(context: Context) -> FeatureData:
    """Surviving shares at the reference fleets, and what is needed to take them again at a plan."""
    names = sorted({name for place in context.places for name in place.settings.technologies})
    data: dict[str, Quantity] = {}
    for name in names:
        size = context.by_site(name, partial(_unit_mw, context, technology=name), "MW")
        if name in NOT_MACHINES or not size.values.any():
            continue
        data[f"unit_mw_{name}"] = size
        data[f"rate_{name}"] = context.by_site(name, partial(_outage_rate, context, technology=name), "1")
        data[f"rating_{name}"] = context.by_site(name, partial(_firm_rating, context, technology=name), "1")
        reference = [
            [_reference_mw(context, data, name, s, year) for year in context.years] for s in range(len(size.values))
        ]
        alone = Quantity(_alone(context, data, name, np.array(reference)), ("site", "year"), "1")
        data[f"reference_{name}"] = data[f"surviving_{name}"] = alone
    return data


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
    """Surviving shares taken at a plan.

    Args:
        context: the scenario's inputs.
        data: this requirement's arrays as the plan was made with.
        capacity_mw: the plan's capacity by technology, shape (site, year) each.
        settle: False to take every share at the plan, and at the reference where nothing is built; True to touch only
            sites and years whose exact survivors fall short of those the plan counted on, and there only downwards.
    """
    rule = context.scenario.requirements
    names = [key.removeprefix("surviving_") for key in data if key.startswith("surviving_")]
    used = {name: data[f"surviving_{name}"].values for name in names}
    shares = {name: (used if settle else _references(data, names))[name].copy() for name in names}
    for s, y in np.ndindex(len(context.places), len(context.years)):
        fleets = {
            name: _fleet(data, name, s, float(capacity_mw[name][s, y]))
            for name in names
            if capacity_mw[name][s, y] > UNIT_TOLERANCE * data[f"unit_mw_{name}"].values[s]
        }
        lost = lost_mw(fleets, rule.units_lost, rule.units_lost_probability)
        exact = {name: 1.0 - lost[name] / fleet.capacity_mw for name, fleet in fleets.items()}
        counted_on = sum((used[name][s, y] - exact[name]) * fleet.firm_mw for name, fleet in fleets.items())
        if settle and counted_on <= SETTLED_MW:
            continue
        for name, share in exact.items():
            shares[name][s, y] = min(share, float(used[name][s, y])) if settle else share
    return {f"surviving_{name}": Quantity(share, ("site", "year"), "1") for name, share in shares.items()}


def _references(data: FeatureData, names: list[str]) -> dict[str, Array]:
    return {name: data[f"reference_{name}"].values for name in names}


def build(builder: Builder, data: FeatureData) -> None:
    """One row per site and year over the firm capacity that survives."""
    block = builder.block(NAME, data)
    hubs, sets, energised = builder.hubs, builder.sets, builder.energised_mw
    own = [term for term in hubs.firm_capacity if term.feature != "line"]

    def survivors_carry_the_peak(b: Any, site: Any, year: Any) -> Any:
        index = {"site": site, "year": year}
        peak = energised[site, year] - hubs.peak_reduction.total(index, sets)
        left = hubs.secure_transfer.total(index, sets)
        for term in own:
            share = getattr(b, f"surviving_{term.feature}", None)
            left += term.expression(index, sets) if share is None else share[site, year] * term.expression(index, sets)
        return peak - left <= 0

    builder.constraint(block, "survivors_carry_the_peak", ("site", "year"), survivors_carry_the_peak)


REQUIREMENT = Requirement(NAME, "Unit loss", 120, Spec, prepare, build, refined)
