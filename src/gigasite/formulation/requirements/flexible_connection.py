"""Flexible connection: a non-firm grid connection, open early, whose load gives way while the grid curtails it.

    nonfirm[s, y] <= site share * headroom(share[s])
    sum over s in region of nonfirm[s, y] * headroom(0.5 %) / headroom(share[s])  <= headroom(0.5 %)
    gives way[s, y] <= nonfirm[s, y],   gives way[s, y] <= load share[s] * energised[s, y]
    shed[s, y, h] <= (1 - open[s, h]) * gives way[s, y],   shed[s, y, h] <= load share[s] * load[s, y, h]
    shed[s, y, h] and all else that is not served <= load[s, y, h]                while the grid curtails
    peak to be carried = energised[s, y] - gives way[s, y]

| symbol     | name                                                      | unit | dimensions       |
|------------|-----------------------------------------------------------|------|------------------|
| nonfirm    | non-firm megawatts of `grid_connection`                   | MW   | site, year       |
| gives way  | `gives_way_mw`, load that stops when the grid says so     | MW   | site, year       |
| shed       | `shed_mw`                                                 | MW   | site, year, hour |
| share      | `curtailed_share`                                         | 1    | site             |
| open       | what of the connection is open, see `system.flexible_connection` | 1 | site, hour |
| load share | `load_share`                                              | 1    | site             |
| site share | `headroom_share`                                          | 1    | site             |

The grid says in which hours it curtails, the campus only whether its own plants, its stores or its load stand in: over
the year it sheds at most that share of the energy of the connection. Load that gives way need not be carried at the
peak, as sheddable load never is, and nothing else of a non-firm connection is firm. It counts once: whether machines or
the circuit are lost, the same load stops. Of two sites in a region the one that gives way more often takes less of what
both share.

Edge rules: with a share of 0 there is no non-firm connection. Queue years, steps and reinforcement are those of every
connection; `headroom_share` counts before the region is shared.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gigasite.formulation.builder import Builder
from gigasite.formulation.hubs import Term
from gigasite.formulation.registry import Requirement
from gigasite.inputs.scenario import RequirementSpec
from gigasite.system.context import Context
from gigasite.system.flexible_connection import connection_of, headroom_factor, widening
from gigasite.system.grid import hourly_grid, zone_limits
from gigasite.system.quantity import FeatureData, Quantity

NAME = "flexible_connection"
GRID, SHED, SHED_PRICE = "grid_connection", "flexible_load", "shed_price_usd_per_mwh"
SITE_YEAR, HOURLY = ("site", "year"), ("site", "year", "hour")


class Spec(RequirementSpec):
    """Flexible connections are described under `sites: <site>: grid: flexible_connection:`; nothing to set here."""


def prepare(context: Context) -> FeatureData:
    """Headroom, hours and price of every flexible connection; nothing where no site asks for one."""
    places = context.places
    asked = [connection_of(place) if context.options(place.name, GRID) else None for place in places]
    if not any(one is not None for one in asked):
        return {}
    time, limits = context.time, zone_limits(context)
    stated = limits["headroom_mw"].values / [widening(context, region) for region in context.regions]
    of_region = limits["in_region"].values.T @ stated
    at, headroom, weight, load_share, price = (np.zeros(len(places)) for _ in range(5))
    for s, one in enumerate(asked):
        if one is not None:
            factor = headroom_factor(context, one.curtailed_share)
            at[s], load_share[s] = 1.0, one.load_share
            headroom[s] = one.headroom_share * factor * of_region[s]
            weight[s] = 1.0 / factor if factor > 0 else 0.0
            price[s] = _price(context, one.shed_price_usd_per_mwh)
    curtailed = at[:, None] * (1.0 - hourly_grid(context, GRID)["nonfirm_availability"].values)
    usd = price[:, None, None] * (time.year_weight * time.step_hours)[None, :, None] * np.ones(time.hours)
    return {
        "at_site": Quantity(at, ("site",), "1"),
        "load_share": Quantity(load_share, ("site",), "1"),
        "site_headroom_mw": Quantity(headroom, ("site",), "MW"),
        "stated_headroom_mw": Quantity(stated, ("region",), "MW"),
        "headroom_used_per_mw": Quantity(limits["in_region"].values * weight, ("region", "site"), "1"),
        "curtailed": Quantity(curtailed, ("site", "hour"), "1"),
        "curtails": Quantity((curtailed > 0).astype(float), ("site", "hour"), "1"),
        "may_shed": Quantity(load_share[:, None] * (curtailed > 0), ("site", "hour"), "1"),
        "shed_usd_per_mw_step": Quantity(usd, HOURLY, "USD/MW"),
    }


def _price(context: Context, said: float | None) -> float:
    """Price of a megawatt-hour that gives way: the site's, else that of load that may be shed."""
    if said is not None:
        return float(said)
    kind = context.tables.values("technology_defaults", "machine_class", technology=SHED)[0]
    figure = context.tables.figure(
        "technologies", technology=SHED, machine_class=kind, cost_case="", parameter=SHED_PRICE
    )
    return context.money.usd_2024(figure)


def build(builder: Builder, data: FeatureData) -> None:
    """Load that gives way by year, what it sheds by the hour, and the headroom it may take."""
    if not data:
        return
    block = builder.block(NAME, data)
    (nonfirm,) = [term for term in builder.hubs.capacity if term.variable_name == f"{GRID}.nonfirm_mw"]
    wanted = data["load_share"].values[:, None] * builder.system.ramp_mw
    # not by the headroom too: the price of that belongs to its row
    most = np.minimum(wanted, builder.maker.variable_record(nonfirm.variable).upper)
    gives_way = builder.variable(block, "gives_way_mw", SITE_YEAR, upper=most, unit="MW")
    hourly = np.minimum(
        data["curtailed"].values[:, None, :] * most[:, :, None],
        data["may_shed"].values[:, None, :] * builder.load_max_mw(),
    )
    shed = builder.variable(block, "shed_mw", HOURLY, upper=hourly, unit="MW")
    builder.add(builder.hubs.power, shed)
    builder.add(builder.hubs.not_served, shed)
    _add_headroom(builder, block, nonfirm)
    _add_shedding(builder, block, nonfirm)
    builder.add(builder.hubs.peak_reduction, gives_way)
    builder.cost(NAME, "load_shedding", shed, data["shed_usd_per_mw_step"])


def _add_headroom(builder: Builder, block: Any, nonfirm: Term) -> None:
    sets = builder.sets

    def nonfirm_within_headroom(b: Any, site: Any, year: Any) -> Any:
        return b.at_site[site] * nonfirm.variable[site, year] <= b.site_headroom_mw[site]

    def region_shares_headroom(b: Any, region: Any, year: Any) -> Any:
        used = sum(b.headroom_used_per_mw[region, site] * nonfirm.variable[site, year] for site in sets["site"])
        return used <= b.stated_headroom_mw[region]

    builder.constraint(block, "nonfirm_within_headroom", SITE_YEAR, nonfirm_within_headroom)
    builder.constraint(block, "region_shares_headroom", ("region", "year"), region_shares_headroom)


def _add_shedding(builder: Builder, block: Any, nonfirm: Term) -> None:
    energised = builder.energised_mw

    def gives_way_at_most_connected(b: Any, site: Any, year: Any) -> Any:
        return b.gives_way_mw[site, year] - b.at_site[site] * nonfirm.variable[site, year] <= 0

    def gives_way_at_most_energised(b: Any, site: Any, year: Any) -> Any:
        return b.gives_way_mw[site, year] - b.load_share[site] * energised[site, year] <= 0

    def shed_at_most_curtailed(b: Any, site: Any, year: Any, hour: Any) -> Any:
        return b.shed_mw[site, year, hour] - b.curtailed[site, hour] * b.gives_way_mw[site, year] <= 0

    def shed_at_most_load(b: Any, site: Any, year: Any, hour: Any) -> Any:
        return b.shed_mw[site, year, hour] - b.may_shed[site, hour] * builder.load_at(site, year, hour) <= 0

    def lost_at_most_load(b: Any, site: Any, year: Any, hour: Any) -> Any:
        lost = builder.hubs.not_served.total({"site": site, "year": year, "hour": hour}, builder.sets)
        return b.curtails[site, hour] * (lost - builder.load_at(site, year, hour)) <= 0

    for rule in (gives_way_at_most_connected, gives_way_at_most_energised):
        builder.constraint(block, rule.__name__, SITE_YEAR, rule)
    for hourly in (shed_at_most_curtailed, shed_at_most_load, lost_at_most_load):
        builder.constraint(block, hourly.__name__, HOURLY, hourly)


REQUIREMENT = Requirement(NAME, "Flexible connection", 80, Spec, prepare, build)
