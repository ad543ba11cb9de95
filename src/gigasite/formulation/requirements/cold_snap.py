"""Cold snap: the coldest days of the year in a row, in which forced outages rise with the cold.

    peak    sum over technologies of surviving day[s] * firm[s, y]
                >= peak share[s] * (energised[s, y] - reduction[s, y])
    energy  sum over all but stores of surviving[s] * firm[s, y] + sum over sun and wind of factor[s] * capacity[s, y]
                + stored when full[s, y] / hours of the snap
                >= mean load[s] * energised[s, y]

| symbol        | name                                                          | unit | dimensions |
|---------------|---------------------------------------------------------------|------|------------|
| firm          | rating at design temperature * firm credit * capacity         | MW   | site, year |
| surviving day | `surviving_coldest_day_<technology>`                          | 1    | site       |
| surviving     | `surviving_<technology>`                                      | 1    | site       |
| factor        | capacity factor in the snap                                   | 1    | site       |
| stored        | energy that full stores give                                  | MWh  | site, year |
| peak share    | `peak_share`: highest load in the snap over that of the year  | 1    | site       |
| mean load     | `mean_load_mw_per_mw`, per energised megawatt in the snap     | 1    | site       |

    surviving = min(1, rating in the cold / rating at design temperature * (1 - outage rate))
    outage rate = mean over hours of max(forced outage rate, rate at the temperature of the hour)

Rates by temperature are figures of `technologies.csv` (`forced_outage_rate_at_minus_15_c` and so on), straight between
them and level beyond; a technology without them keeps its forced outage rate. Machines do not count for more than
their firm rating, for which gas is under contract. The days are those of the site's own temperatures; a colder design
(`snap_temperature_c`) shifts all their hours until the mean is met. A battery carries the peak by its firm credit, but
over the days it only gives what it holds at their beginning. Edge rules: a site that wants no load has no row; nothing
is kept for lost machines beside, and no margin; energising less always satisfies the rows, so they have no slack.
"""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
from pydantic import Field

from gigasite.formulation.builder import Builder
from gigasite.formulation.registry import Requirement
from gigasite.foundation.units import HOURS_PER_DAY
from gigasite.inputs.quantities import Frozen
from gigasite.inputs.scenario import RequirementSpec
from gigasite.inputs.whole_unit_checks import NOT_MACHINES
from gigasite.system.context import Context
from gigasite.system.place import Place
from gigasite.system.quantity import Array, FeatureData, Quantity

NAME = "cold_snap"
SITE_YEAR = ("site", "year")
RATES_AT_C = {
    -15.0: "forced_outage_rate_at_minus_15_c",
    -10.0: "forced_outage_rate_at_minus_10_c",
    -5.0: "forced_outage_rate_at_minus_5_c",
    0.0: "forced_outage_rate_at_0_c",
    5.0: "forced_outage_rate_at_5_c",
    10.0: "forced_outage_rate_at_10_c",
}
"""Temperatures with a figure; outages fall no further above the last."""


class ColdSnap(Frozen):
    """A cold snap that the plan must live through."""

    days: Annotated[int, Field(ge=1, le=28)] = 5
    """Length: so many days in a row, the coldest of the year [days]."""

    snap_temperature_c: Annotated[float, Field(ge=-60.0, le=30.0)] | None = None
    """Mean temperature of these days, where colder than the site's own [C]; left out: the site's own."""


class Spec(RequirementSpec):
    """Options of the cold snap."""

    cold_snap: ColdSnap | None = None
    """The coldest days in a row, with outages that rise in the cold; {} for five days; left out: none."""


def prepare(context: Context) -> FeatureData:
    """What survives of each technology in the snap, and the load in it; nothing where it is not asked for."""
    snap = context.scenario.requirements.cold_snap
    if snap is None:
        return {}
    wants = [any(place.ramp_mw(year) > 0 for year in context.years) for place in context.places]
    at = [s for s, wanted in enumerate(wants) if wanted]
    weights = np.zeros((len(wants), context.time.hours))
    peak_share, mean_load = np.zeros(len(wants)), np.zeros(len(wants))
    for s in at:
        place = context.places[s]
        inside = coldest_hours(place.temperature_c, snap.days)
        there = context.time.steps(inside.astype(float))
        weights[s] = there / there.sum() if there.any() else there  # days left out of a short look hold no sun or wind
        load = place.load_mw_per_mw[inside]
        peak_share[s], mean_load[s] = load.max() / place.load_mw_per_mw.max(), load.mean()
    data = {
        "snap_weight": Quantity(weights, ("site", "hour"), "1"),
        "peak_share": Quantity(peak_share, ("site",), "1"),
        "mean_load_mw_per_mw": Quantity(mean_load, ("site",), "MW per MW"),
        "hours": Quantity(np.asarray(float(snap.days * HOURS_PER_DAY)), (), "h"),
    }
    for name in sorted({name for place in context.places for name in place.settings.technologies}):
        if name in NOT_MACHINES:
            continue
        both = np.ones((len(wants), 2))
        for s in at:
            both[s] = _surviving(context, context.places[s], name)
        data[f"surviving_coldest_day_{name}"] = Quantity(both[:, 0], ("site",), "1")
        data[f"surviving_{name}"] = Quantity(both[:, 1], ("site",), "1")
    return data


def coldest_hours(temperature_c: Array, days: int) -> Array:
    """Which hours of the year belong to the coldest days in a row, shape (8760,).

    Args:
        temperature_c: air temperature, shape (8760,).
        days: how many days.
    """
    daily = temperature_c.reshape(-1, HOURS_PER_DAY).mean(axis=1)
    first = int(np.argmin(np.convolve(daily, np.ones(days), mode="valid")))
    found = np.zeros(len(daily), dtype=bool)
    found[first : first + days] = True
    return np.repeat(found, HOURS_PER_DAY)


def snap_temperatures_c(place: Place, days: int, design_c: float | None) -> Array:
    """Temperature in the hours of the snap, lowered to a design mean where that is colder."""
    own: Array = place.temperature_c[coldest_hours(place.temperature_c, days)]
    return own if design_c is None else own - max(0.0, float(own.mean()) - design_c)


def _surviving(context: Context, place: Place, technology: str) -> tuple[float, float]:
    """Share of its firm megawatts that a technology still gives: on the coldest day, and over the snap."""
    if context.options(place.name, technology) is None:
        return 1.0, 1.0
    snap = context.scenario.requirements.cold_snap
    by_day = snap_temperatures_c(place, snap.days, snap.snap_temperature_c).reshape(-1, HOURS_PER_DAY)
    mean = context.figure(place.name, technology, "forced_outage_rate", default=0.0).value
    rates = [context.figure(place.name, technology, key, default=mean).value for key in RATES_AT_C.values()]
    out = np.maximum(mean, np.interp(by_day, list(RATES_AT_C), rates))
    warm = float(context.temperature_rating(place.name, technology, place.design_temperature_c))
    cold = context.temperature_rating(place.name, technology, by_day)
    there = np.minimum(1.0, cold / warm * (1.0 - out)) if warm > 0 else np.zeros_like(out)
    return float(there[np.argmin(by_day.mean(axis=1))].mean()), float(there.mean())


def build(builder: Builder, data: FeatureData) -> None:
    """A row of power and a row of energy per site and year."""
    if not data:
        return
    block = builder.block(NAME, data)
    hubs, sets, energised = builder.hubs, builder.sets, builder.energised_mw
    stores = {term.feature for term in hubs.storable}
    firm = {term.feature for term in hubs.firm_capacity}
    weather = [term for term in hubs.available if term.feature not in firm]
    for term in weather:
        factor = np.einsum("sh,sh->s", data["snap_weight"].values, term.coefficient_values)
        builder.parameter(block, f"factor_{term.feature}", Quantity(factor, ("site",), "MW per MW"))

    def carried(b: Any, site: Any, year: Any, prefix: str, terms: list[Any]) -> Any:
        total: Any = 0.0
        for term in terms:
            share = getattr(b, f"{prefix}{term.feature}", None)
            one = term.expression({"site": site, "year": year}, sets)
            total += one if share is None else share[site] * one
        return total

    def peak_is_carried(b: Any, site: Any, year: Any) -> Any:
        peak = energised[site, year] - hubs.peak_reduction.total({"site": site, "year": year}, sets)
        there = carried(b, site, year, "surviving_coldest_day_", list(hubs.firm_capacity))
        return b.peak_share[site] * peak - b.wants[site] * there <= 0

    def energy_is_carried(b: Any, site: Any, year: Any) -> Any:
        there = carried(b, site, year, "surviving_", [t for t in hubs.firm_capacity if t.feature not in stores])
        for term in weather:
            there += getattr(b, f"factor_{term.feature}")[site] * term.variable[site, year]
        there += hubs.storable.total({"site": site, "year": year}, sets) / b.hours
        return b.mean_load_mw_per_mw[site] * energised[site, year] - b.wants[site] * there <= 0

    wants = (data["peak_share"].values > 0).astype(float)
    builder.parameter(block, "wants", Quantity(wants, ("site",), "1"))
    for rule in (peak_is_carried, energy_is_carried):
        builder.constraint(block, rule.__name__, SITE_YEAR, rule)


REQUIREMENT = Requirement(NAME, "Cold snap", 123, Spec, prepare, build)
