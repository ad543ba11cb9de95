"""What the grid of a zone is: its figures, its steps and headroom, and the hours in which it curtails."""

from __future__ import annotations

import numpy as np

from gigasite.foundation.units import HOURS_PER_YEAR
from gigasite.inputs.tables import Tables
from gigasite.system.context import Context
from gigasite.system.ease import headroom_factor, steps_factor
from gigasite.system.flexible_connection import connection_of, open_share, widening
from gigasite.system.hourly import system_load
from gigasite.system.place import Place
from gigasite.system.quantity import Array, Quantity, weakest

TABLE = "grid_zones"


def zone_figure(
    tables: Tables, zone: str, parameter: str, year: int | None = None, default: float | None = None
) -> float:
    """A figure of a zone, in the unit of its name."""
    return tables.figure(TABLE, zone=zone, parameter=parameter, year=year, default=default).value


def zone_usd(context: Context, zone: str, parameter: str, year: int | None = None) -> float:
    """A figure of a zone in 2024 dollars."""
    return context.money.usd_2024(context.tables.figure(TABLE, zone=zone, parameter=parameter, year=year))


def step_figure(tables: Tables, zone: str, step: int, parameter: str) -> float:
    """A figure of a step of added load in a zone: the zone's own, or that of every zone."""
    own = tables.figure("grid_steps", zone=zone, step=step, parameter=parameter, default=-1.0).value
    return tables.figure("grid_steps", zone="default", step=step, parameter=parameter).value if own < 0 else own


def zone_limits(context: Context) -> dict[str, Quantity]:
    """Widths of the steps of a zone, headroom of a region, and which sites lie in them."""
    tables, places = context.tables, context.places
    steps = range(1, context.grid_steps + 1)
    scenario = context.scenario
    widths = np.array(
        [
            [step_figure(tables, zone, k, "width_mw") * steps_factor(scenario, zone) for k in steps]
            for zone in context.zones
        ]
    )
    headroom = np.array(
        [
            zone_figure(tables, region, "headroom_mw", default=float(widths[_zones_in(context, region)].sum()))
            * widening(context, region)
            * headroom_factor(scenario, region)
            for region in context.regions
        ]
    )
    in_zone = np.array([[float(place.zone == zone) for place in places] for zone in context.zones])
    in_region = np.array([[float(place.region == region) for place in places] for region in context.regions])
    by_site = in_zone.T @ widths
    return {
        "step_width_mw": Quantity(widths, ("zone", "step"), "MW"),
        "headroom_mw": Quantity(headroom, ("region",), "MW"),
        "in_zone": Quantity(in_zone, ("zone", "site"), "1"),
        "in_region": Quantity(in_region, ("region", "site"), "1"),
        "step_max_mw": Quantity(
            np.repeat(by_site[:, None, :], len(context.years), axis=1), ("site", "year", "step"), "MW"
        ),
    }


def hourly_grid(context: Context, technology: str) -> dict[str, Quantity]:
    """Non-firm availability and the ratio of peak to mean load, by site and step."""
    time, places = context.time, context.places
    open_hours = np.ones((len(places), time.hours))
    ratio = np.ones((len(places), time.hours))
    for s, place in enumerate(places):
        if context.options(place.name, technology) is not None:
            open_hours[s] = time.steps(_open_at(context, place))
            mean = time.steps(place.load_mw_per_mw)
            ratio[s] = np.divide(time.peaks(place.load_mw_per_mw), mean, out=np.ones(time.hours), where=mean > 0)
    return {
        "nonfirm_availability": Quantity(open_hours, ("site", "hour"), "1"),
        "peak_ratio": Quantity(ratio, ("site", "hour"), "1"),
    }


def _open_at(context: Context, place: Place) -> Array:
    """What of a non-firm connection is open in every hour: of a flexible one by its own share, else by the zone's."""
    load, flexible = system_load(context.tables, place, context.seed), connection_of(place)
    if flexible is not None:
        return open_share(load, flexible.curtailed_share)
    return _open_hours(load, zone_figure(context.tables, place.zone, "nonfirm_curtailed_share"))


def _open_hours(load: Array, curtailed_share: float) -> Array:
    """1 where a non-firm connection may import, 0 in the hours of highest system load."""
    hours = round(curtailed_share * HOURS_PER_YEAR)
    opened = np.ones(HOURS_PER_YEAR)
    opened[np.argsort(-load, kind="stable")[:hours]] = 0.0
    return opened


def _zones_in(context: Context, region: str) -> list[bool]:
    members = {place.zone for place in context.places if place.region == region}
    return [zone in members for zone in context.zones]


def zone_confidence(context: Context, technology: str) -> dict[str, str]:
    """Weakest confidence of each price of the zones in use."""
    parameters = (
        "energy_price_usd_per_mwh",
        "capacity_price_usd_per_mw_day",
        "transmission_charge_usd_per_mw_month",
        "reinforcement_usd_per_kw",
    )
    year = context.years[0]
    used = {place.zone for place in context.places if context.options(place.name, technology) is not None}
    return {
        parameter: weakest(
            [context.tables.figure(TABLE, zone=z, parameter=parameter, year=year).confidence for z in used]
        )
        for parameter in parameters
    }
