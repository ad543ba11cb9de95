"""Clean share hour by hour: how much of the load must be met, in its own hour, by supply that emits nothing.

    matched[c, y, h] <= sum over s in c of delivered[s] * clean[s, y] * power[s, y, h] + discharge - charge
    matched[c, y, h] <= sum over s in c of load[s, y, h]
    sum over h of matched[c, y, h] * GWh per MW + short[c, y] >= share[y] * load energy[c, y]

| symbol      | name                                   | unit       | dimensions         |
|-------------|----------------------------------------|------------|--------------------|
| matched     | `matched_mw`                           | MW         | campus, year, hour |
| clean       | `clean_<technology>`, 1 less emitting  | 1          | site, year         |
| power       | output, or import from the grid        | MW         | site, year, hour   |
| delivered   | what lines leave of a site without load| 1          | site               |
| charge, discharge | of stores                        | MW         | site, year, hour   |
| GWh per MW  | `step_gwh_per_mw`                      | GWh per MW | year               |
| share       | `clean_share_hourly`                   | 1          | year               |
| short       | `short_gwh`                            | GWh        | campus, year       |

A campus is a site, or sites that lines join. What emits is told in `clean_supply`; power of the grid counts by
`grid_emitting_share`. Stores carry clean power into other hours: what they give counts, what they take is taken off. So
that nothing else hides in them, the first row also keeps them from charging from supply that emits, in every year for
which a share is asked. Load that is shed or unserved counts as load. Edge rule: years before the first share, and years
with a share of 0, have no rows. Falling short is priced so high that it never pays; a plan that still does is reported
as infeasible.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gigasite.formulation.builder import Builder
from gigasite.formulation.clean_supply import OVER_LIMIT_USD_PER_MWH, ShareFromZero, campuses, clean_supply, load_energy
from gigasite.formulation.registry import Requirement
from gigasite.foundation.units import MWH_PER_GWH
from gigasite.inputs.scenario import RequirementSpec
from gigasite.system.context import Context
from gigasite.system.quantity import FeatureData, Quantity

NAME = "clean_share_hourly"


class Spec(RequirementSpec):
    """Options of the clean share hour by hour."""

    clean_share_hourly: ShareFromZero | None = None
    """Least share of every campus's load that supply which emits nothing meets in the same hour, by year; 0 before the
    first; left out: none. Stores then charge from such supply only."""


def prepare(context: Context) -> FeatureData:
    """Share by year, sites of every campus, and the price of falling short."""
    series, time = context.scenario.requirements.clean_share_hourly, context.time
    if series is None:
        return {}
    share = np.array([series.at(year) for year in time.years])
    asked = (share > 0).astype(float)
    price = OVER_LIMIT_USD_PER_MWH * MWH_PER_GWH / np.where(share > 0, share, 1.0)
    members = campuses(context)
    inside = np.array([[float(place.name in sites) for place in context.places] for sites in members.values()])
    return {
        "hourly_share": Quantity(share, ("year",), "1"),
        "asked": Quantity(asked, ("year",), "1"),
        "step_gwh_per_mw": Quantity(asked * time.step_hours / MWH_PER_GWH, ("year",), "GWh per MW"),
        "in_campus": Quantity(inside, ("campus", "site"), "1"),
        "short_usd_per_gwh": Quantity(
            np.broadcast_to(price * time.year_weight, (len(members), len(share))), ("campus", "year"), "USD/GWh"
        ),
    }


def build(builder: Builder, data: FeatureData) -> None:
    """What is matched in every hour, and one row per campus and year."""
    if not data:
        return
    context, sets = builder.system.context, builder.sets
    builder.add_set("campus", list(campuses(context)))
    block = builder.block(NAME, data)
    clean = clean_supply(builder, block)
    asked = data["asked"].values
    most = np.einsum("cs,syh,y->cyh", data["in_campus"].values, builder.load_max_mw(), asked)
    matched = builder.variable(block, "matched_mw", ("campus", "year", "hour"), upper=most, unit="MW")
    energy = most.sum(axis=-1) * data["step_gwh_per_mw"].values
    short = builder.variable(block, "short_gwh", ("campus", "year"), upper=energy, unit="GWh")
    load = load_energy(builder, block)

    def matched_at_most_clean(b: Any, campus: Any, year: Any, hour: Any) -> Any:
        supply = sum(
            b.asked[year] * b.in_campus[campus, site] * clean.total({"site": site, "year": year, "hour": hour}, sets)
            for site in sets["site"]
        )
        return matched[campus, year, hour] - supply <= 0

    def matched_at_most_load(b: Any, campus: Any, year: Any, hour: Any) -> Any:
        wanted = sum(
            b.asked[year] * b.in_campus[campus, site] * builder.load_at(site, year, hour) for site in sets["site"]
        )
        return matched[campus, year, hour] - wanted <= 0

    def matched_at_least_share(b: Any, campus: Any, year: Any) -> Any:
        met = sum(b.step_gwh_per_mw[year] * matched[campus, year, hour] for hour in sets["hour"])
        wanted = sum(
            b.hourly_share[year] * b.in_campus[campus, site] * load.total({"site": site, "year": year}, sets)
            for site in sets["site"]
        )
        return wanted - met - short[campus, year] <= 0

    over = ("campus", "year", "hour")
    builder.constraint(block, "matched_at_most_clean", over, matched_at_most_clean)
    builder.constraint(block, "matched_at_most_load", over, matched_at_most_load)
    builder.constraint(block, "matched_at_least_share", ("campus", "year"), matched_at_least_share)
    builder.cost(NAME, "over_limit", short, data["short_usd_per_gwh"])
    builder.forbid(
        short,
        "load without clean supply in its own hour",
        "lower clean_share_hourly, or allow clean supply or storage",
    )


REQUIREMENT = Requirement(NAME, "Clean share by the hour", 136, Spec, prepare, build)
