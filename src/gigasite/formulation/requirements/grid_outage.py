"""Grid outage: whenever the grid goes, the critical load is carried for so many hours from what is on site.

For an outage that begins at the end of hour h, in the month m of h, with k the hours counted from the first of m:

    sum over plants of available[k] * capacity[s, y] + sum over stores of drawn[s, y, m, k] + short[s, y, m]
        >= critical share * load[s, y, k]
    drawn[s, y, m, k] <= available[k] * capacity of the store[s, y]
    given[s, y, m, k] = given[s, y, m, k - 1] + w drawn[s, y, m, k]
    given[s, y, m, k(h) + L] - given[s, y, m, k(h)] <= stored energy[s, y, h]         for every hour h

| symbol         | name                                               | unit | dimensions                    |
|----------------|----------------------------------------------------|------|-------------------------------|
| available      | availability of a plant; 1 of a battery            | 1    | site, month, hour of month    |
| drawn          | `drawn_<technology>_mw`                            | MW   | site, year, month, hour of m. |
| given          | `given_<technology>_mwh`, all drawn since k = 0    | MWh  | site, year, month, hour of m. |
| stored energy  | in a battery after hour h, times its efficiency;   | MWh  | site, year, hour              |
|                | in the tanks of backup sets, which are full        |      |                               |
| short          | `short_mw`, priced, zero in an answer              | MW   | site, year, month             |
| critical share | `critical_share`                                   | 1    |                               |
| L              | `outage_survival_h`, in steps, rounded up          | h    |                               |
| w              | hours of a step                                    | h    |                               |

A month is told on for L hours into the next one, and December into January, with columns of its own. So every row lies
within one month: an outage that runs past its end costs L hours more of columns, and no row that couples months.

Exact: an outage from every hour, of its whole length, with the energy that is in the battery at that moment.
On the safe side: one schedule of drawing serves all outages that begin in a month, rather than one for each; what is
left over in an hour does not charge a battery; the load keeps no part back for shedding; gas counts for no more than
its firm rating, for which its trunk or contract is made; lines from plants off site are out with the grid.
On the other side: plants are there by their mean availability, as in every hour of the model (lost machines are the
matter of `unit_loss` and of the replay); pipeline gas flows; a battery's self-discharge within the outage is left out,
0.3 % in 72 hours. At coarse steps means over the step are meant. Backup sets whose tanks last as long as the outage
are plants like any other. Edge rule: energising less always satisfies the rows; the slack is there for months that
are solved by themselves, and is dearer than letting a megawatt wait.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
from pydantic import Field

from gigasite.formulation.builder import Builder
from gigasite.formulation.firm_gas import counting
from gigasite.formulation.hubs import Term
from gigasite.formulation.registry import Requirement
from gigasite.foundation.units import HOURS_PER_DAY
from gigasite.inputs.scenario import RequirementSpec
from gigasite.system.context import Context
from gigasite.system.quantity import Array, FeatureData, Quantity
from gigasite.system.time_axis import TimeAxis

NAME = "grid_outage"
HOUR_OF_MONTH = "hour_of_month"
OVER = ("site", "year", "month", HOUR_OF_MONTH)
LONGEST_H = 672
"""The shortest month."""

DEARER = 2.0
"""Price of a missing megawatt over what letting enough load wait for it costs."""

LEAST_SHARE_OF_PEAK = 0.1
"""Hours with less load than this share of the highest are not what an outage is planned for."""


class Spec(RequirementSpec):
    """Options of the grid outage; `critical_share` says which part of the load it is about."""

    outage_survival_h: Annotated[float, Field(gt=0.0, le=LONGEST_H)] | None = None
    """Hours without the grid that the critical load is carried through, from any hour of the year on [h]; left out: no
    such outage."""


@dataclass(frozen=True)
class Months:
    """Hours of every month, told on into the next.

    Attributes:
        first: first step of every month, shape (month,).
        steps: number of steps of every month.
        length: steps of the outage.
        hours: steps of the year.
    """

    first: Any
    steps: Any
    length: int
    hours: int

    @property
    def inside(self) -> Array:
        """1 where an hour of a month may be needed: those after its first, and `length` beyond its last."""
        k = np.arange(int(self.steps.max()) + self.length)
        reached = (k[None, :] >= 1) & (k[None, :] <= self.steps[:, None] - 1 + self.length)
        return np.asarray(reached & (self.steps[:, None] > 0), dtype=float)

    def told_on(self, by_hour: Array) -> Array:
        """An array over the steps of the year as one over months and their hours, zero where not inside."""
        k = np.arange(int(self.steps.max()) + self.length)
        found: Array = by_hour[..., (self.first[:, None] + k[None, :]) % self.hours] * self.inside
        return found


def months_of(time: TimeAxis, outage_h: float) -> Months:
    """Months of a time axis for an outage of a length."""
    steps = np.bincount(time.month - 1, minlength=12)
    return Months(np.cumsum(steps) - steps, steps, int(np.ceil(outage_h / time.resolution_h)), time.hours)


def prepare(context: Context) -> FeatureData:
    """The hours of each month, the critical share and the price of what is missing; nothing where not asked for."""
    options, time = context.scenario.requirements, context.time
    if options.outage_survival_h is None or not options.critical_share:
        return {}
    months = months_of(time, options.outage_survival_h)
    share = float(options.critical_share)
    position = np.arange(time.hours) - months.first[time.month - 1]
    return {
        "critical_share": Quantity(np.asarray(share), (), "1"),
        "inside": Quantity(months.inside, ("month", HOUR_OF_MONTH), "1"),
        "hour_before": Quantity(np.maximum(np.arange(months.inside.shape[1]) - 1.0, 0.0), (HOUR_OF_MONTH,), "label"),
        "position": Quantity(position.astype(float), ("hour",), "label"),
        "position_after": Quantity((position + months.length).astype(float), ("hour",), "label"),
        "short_usd_per_mw": Quantity(_price(context, share), ("site", "year", "month"), "USD/MW"),
    }


def _price(context: Context, share: float) -> Array:
    """What a missing megawatt costs: more than the waiting of enough load, now and in the years before."""
    weight = context.time.year_weight
    found = np.zeros((len(context.places), len(weight), 12))
    for s, place in enumerate(context.places):
        load = context.time.steps(place.load_mw_per_mw)
        least = max(float(load.min()), LEAST_SHARE_OF_PEAK * float(load.max()))
        waiting = np.cumsum(place.idle_value_usd_per_mw_year * weight) / (share * least)
        unserved = place.unserved_cost_usd_per_mwh * HOURS_PER_DAY * weight
        found[s] = DEARER * np.maximum(waiting, unserved)[:, None]
    return found


def build(builder: Builder, data: FeatureData) -> None:
    """Balance of every hour of an outage, and what each store gives over its length."""
    if not data:
        return
    time, options = builder.system.context.time, builder.system.context.scenario.requirements
    months = months_of(time, options.outage_survival_h)
    builder.add_set(HOUR_OF_MONTH, list(range(months.inside.shape[1])))
    block = builder.block(NAME, data)
    load = _critical_load(builder, block, months)
    stores = _stores(builder, months.length * time.resolution_h)
    plants = [term for term in builder.hubs.available if term.feature not in stores]
    for term in builder.hubs.available:
        array = _available(builder, term, months)
        builder.parameter(block, f"available_{term.feature}", Quantity(array, ("site", "month", HOUR_OF_MONTH), "1"))
    drawn = {name: _add_store(builder, block, term, months) for name, term in stores.items()}
    wants = (builder.system.ramp_mw > 0)[:, :, None] * (months.steps > 0)
    most = wants * (data["critical_share"].values * builder.load_max_mw().max(axis=-1))[:, :, None]
    short = builder.variable(block, "short_mw", ("site", "year", "month"), upper=most, unit="MW")

    def critical_load_is_carried(b: Any, site: Any, year: Any, month: Any, k: Any) -> Any:
        carried: Any = b.inside[month, k] * b.short_mw[site, year, month]
        for term in plants:
            share = getattr(b, f"available_{term.feature}")
            carried += share[site, month, k] * term.variable[site, year]
        for variable in drawn.values():
            carried += variable[site, year, month, k]
        return load(site, year, month, k) - carried <= 0

    builder.constraint(block, "critical_load_is_carried", OVER, critical_load_is_carried)
    builder.cost(NAME, "over_limit", short, data["short_usd_per_mw"])
    what = f"critical load in a grid outage of {options.outage_survival_h:g} h"
    builder.forbid(short, what, "shorten outage_survival_h, lower critical_share, or allow more supply on site")


def _critical_load(builder: Builder, block: Any, months: Months) -> Any:
    """The load to be carried, as an expression by site, year, month and hour of month."""
    parts = []
    share = builder.system.features[NAME]["critical_share"].values
    for number, term in enumerate(builder.hubs.load):
        dims = tuple(dim for dim in term.coefficient_dims if dim != "hour")
        values = share * months.told_on(term.coefficient_values)
        key = f"critical_{number}"
        parts.append(
            (builder.parameter(block, key, Quantity(values, (*dims, "month", HOUR_OF_MONTH), "1")), dims, term.variable)
        )

    def load(site: Any, year: Any, month: Any, k: Any) -> Any:
        at = {"site": site, "year": year}
        total: Any = 0.0
        for share, dims, variable in parts:
            total += share[(*(at[dim] for dim in dims), month, k)] * variable[site, year]
        return total

    return load


def _stores(builder: Builder, outage_h: float) -> dict[str, Term]:
    """What gives power only as long as its energy lasts: the power each has, by technology."""
    power = {term.feature: term for term in builder.hubs.available}
    return {
        term.feature: power[term.feature]
        for term in builder.hubs.stored_energy
        if not lasts(term, power[term.feature], outage_h)
    }


def lasts(energy: Term, power: Term, outage_h: float) -> bool:
    """Whether tanks last through an outage at full output, wherever there are any."""
    if energy.variable_name != power.variable_name:
        return False
    full: Array = outage_h * np.atleast_2d(power.coefficient_values).max(axis=-1)
    return bool((energy.coefficient_values >= full).all())


def _available(builder: Builder, term: Term, months: Months) -> Array:
    """Power per megawatt in every hour of a month, gas by its firm rating at most; shape (site, month, hour of it)."""
    values = np.broadcast_to(term.coefficient_values, (len(builder.system.sites), months.hours))
    rating = firm_ratings_of_gas(builder).get(term.feature)
    return months.told_on(values if rating is None else np.minimum(values, rating[:, None]))


def firm_ratings_of_gas(builder: Builder) -> Mapping[str, Array]:
    """Firm rating of every technology that burns pipeline gas, shape (site,)."""
    burns = {term.feature for term in builder.hubs.firm_gas if term.coefficient_values.max(initial=0.0) > 0}
    return {name: term.coefficient_values for name, term in counting(builder).items() if name in burns}


def _add_store(builder: Builder, block: Any, power: Term, months: Months) -> Any:
    """What a store gives in the hours of an outage, and over its length."""
    name, width = power.feature, float(builder.system.context.time.resolution_h)
    wants = builder.system.ramp_mw > 0
    largest = builder.maker.variable_record(power.variable).upper * wants
    available = getattr(block, f"available_{name}")
    critical = builder.system.features[NAME]["critical_share"].values * months.told_on(builder.load_max_mw())
    upper = np.minimum(_available(builder, power, months)[:, None] * largest[:, :, None, None], critical)
    drawn = builder.variable(block, f"drawn_{name}_mw", OVER, upper=upper, unit="MW")
    together = width * np.cumsum(upper, axis=-1) * months.inside
    given = builder.variable(block, f"given_{name}_mwh", OVER, upper=together, unit="MWh")
    energy = [term for term in builder.hubs.stored_energy if term.feature == name]
    month_of, sets = builder.model.calendar.month_of_hour, builder.sets

    def drawn_at_most_power(_: Any, site: Any, year: Any, month: Any, k: Any) -> Any:
        return drawn[site, year, month, k] - available[site, month, k] * power.variable[site, year] <= 0

    def given_is_the_sum(b: Any, site: Any, year: Any, month: Any, k: Any) -> Any:
        before = b.inside[month, k] * given[site, year, month, b.hour_before[k]]
        return given[site, year, month, k] - before - width * drawn[site, year, month, k] == 0

    def given_at_most_stored(b: Any, site: Any, year: Any, hour: Any) -> Any:
        month = month_of[hour]
        total = given[site, year, month, b.position_after[hour]] - given[site, year, month, b.position[hour]]
        for term in energy:
            total -= term.expression({"site": site, "year": year, "hour": hour}, sets)
        return total <= 0

    builder.constraint(block, f"drawn_at_most_power__{name}", OVER, drawn_at_most_power)
    builder.constraint(block, f"given_is_the_sum__{name}", OVER, given_is_the_sum)
    builder.constraint(block, f"given_at_most_stored__{name}", ("site", "year", "hour"), given_at_most_stored)
    return drawn


REQUIREMENT = Requirement(NAME, "Grid outage", 122, Spec, prepare, build)
