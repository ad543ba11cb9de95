"""What the grid offers a site: prices, steps, queue years, charges, from the tables of zones."""

from __future__ import annotations

import numpy as np

from gigasite.finance.discounting import alive
from gigasite.foundation.units import (
    DAYS_PER_YEAR,
    HOURS_PER_DAY,
    HOURS_PER_YEAR,
    KG_PER_TONNE,
    KW_PER_MW,
    MONTHS_PER_YEAR,
)
from gigasite.inputs.tables import Tables
from gigasite.system.chronology import month_of_hour
from gigasite.system.context import CAPACITY_ROOM, Context
from gigasite.system.hourly import grid_price, system_load
from gigasite.system.place import Place
from gigasite.system.quantity import Array, Quantity, weakest

TABLE = "grid_zones"
BILLED_ROOM = 2.0
"""Billed demand stays below this many times the contract; metering cannot pass it, a floor never does."""

COINCIDENT_PEAK_HOURS = 40
"""Hours of highest summer load over which a coincident-peak charge is spread, since a plan cannot know the four."""

SUMMER_MONTHS = (6, 7, 8, 9)


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


def connection_bounds(context: Context, technology: str) -> dict[str, Quantity]:
    """Largest contract, firm and non-firm, by site and year, with the queue years and what has been agreed."""
    shape = (len(context.places), len(context.years))
    low, high, firm, nonfirm = (np.zeros(shape) for _ in range(4))
    for s, place in enumerate(context.places):
        options = context.options(place.name, technology)
        if options is None:
            continue
        for y, year in enumerate(context.years):
            low[s, y], high[s, y] = _contract_range(context, place, technology, year)
            given = options.capacity_mw is not None
            agreed = _agreed_mw(place, year)
            firm[s, y] = high[s, y] if given or year >= _queue_year(context, place, "firm") else min(agreed, high[s, y])
            nonfirm[s, y] = high[s, y] if year >= _queue_year(context, place, "nonfirm") else 0.0
    return {
        "contract_min_mw": Quantity(low, ("site", "year"), "MW"),
        "contract_max_mw": Quantity(high, ("site", "year"), "MW"),
        "firm_max_mw": Quantity(firm, ("site", "year"), "MW"),
        "nonfirm_max_mw": Quantity(nonfirm, ("site", "year"), "MW"),
        "demand_charge_floor": context.by_site(
            technology,
            lambda s: zone_figure(context.tables, context.place(s).zone, "demand_charge_floor", default=0.0),
            "1",
        ),
        "export_allowed": context.by_site(technology, lambda s: float(context.place(s).settings.grid.export), "1"),
    }


def _contract_range(context: Context, place: Place, technology: str, year: int) -> tuple[float, float]:
    options = context.options(place.name, technology)
    assert options is not None
    if options.capacity_mw is not None:
        return options.capacity_mw.at(year), options.capacity_mw.at(year)
    most = CAPACITY_ROOM * context.largest_load_mw(place.name)
    for limit in (options.capacity_max_mw, place.settings.grid.connection_max_mw):
        if limit is not None:
            most = min(most, float(limit if isinstance(limit, int | float) else limit.at(year)))
    least = 0.0 if options.capacity_min_mw is None else options.capacity_min_mw.at(year)
    return least, most


def _agreed_mw(place: Place, year: int) -> float:
    """Firm megawatts a site has been promised already, by the layer of sites."""
    since = place.properties.get("agreed_connection_year")
    return float(place.properties.get("agreed_connection_mw") or 0.0) if since and year >= int(since) else 0.0


def _queue_year(context: Context, place: Place, kind: str) -> int:
    given = getattr(place.settings.grid, f"queue_year_{kind}")
    if given is not None:
        return int(given)
    return int(zone_figure(context.tables, place.zone, f"queue_year_{kind}", default=float(context.years[0])))


def zone_limits(context: Context) -> dict[str, Quantity]:
    """Widths of the steps of a zone, headroom of a region, and which sites lie in them."""
    tables, places = context.tables, context.places
    steps = range(1, context.grid_steps + 1)
    widths = np.array([[step_figure(tables, zone, k, "width_mw") for k in steps] for zone in context.zones])
    headroom = np.array(
        [
            zone_figure(tables, region, "headroom_mw", default=float(widths[_zones_in(context, region)].sum()))
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
            share = zone_figure(context.tables, place.zone, "nonfirm_curtailed_share")
            open_hours[s] = time.steps(_open_hours(system_load(context.tables, place, context.seed), share))
            mean = time.steps(place.load_mw_per_mw)
            ratio[s] = np.divide(time.peaks(place.load_mw_per_mw), mean, out=np.ones(time.hours), where=mean > 0)
    return {
        "nonfirm_availability": Quantity(open_hours, ("site", "hour"), "1"),
        "peak_ratio": Quantity(ratio, ("site", "hour"), "1"),
    }


def _open_hours(load: Array, curtailed_share: float) -> Array:
    """1 where a non-firm connection may import, 0 in the hours of highest system load."""
    hours = round(curtailed_share * HOURS_PER_YEAR)
    opened = np.ones(HOURS_PER_YEAR)
    opened[np.argsort(-load, kind="stable")[:hours]] = 0.0
    return opened


def coincident_peak_weights(context: Context, place: Place) -> Array:
    """Share of each step in the mean over the 40 summer hours of highest system load; adds up to 1."""
    time = context.time
    load = system_load(context.tables, place, context.seed)
    summer = np.isin(month_of_hour(), SUMMER_MONTHS)
    modelled = np.isin(np.arange(HOURS_PER_YEAR) // HOURS_PER_DAY, time.selected_days)
    seen = summer & modelled if (summer & modelled).any() else modelled  # a short look may hold no summer day
    candidates = np.zeros(HOURS_PER_YEAR)
    order = np.argsort(-np.where(seen, load, -np.inf), kind="stable")
    candidates[order[: min(COINCIDENT_PEAK_HOURS, int(seen.sum()))]] = 1.0
    weights = time.steps(candidates)
    total = weights.sum()
    return weights / total if total > 0 else weights


def costs(context: Context, technology: str) -> dict[str, Quantity]:
    """Present value of reinforcement, energy, capacity, demand and export, per unit of their variables."""
    time, places = context.time, context.places
    sites, years, steps = len(places), len(context.years), context.grid_steps
    weight = time.year_weight
    annuity = np.zeros((sites, years, steps, years))
    overnight = np.zeros((sites, years, steps))
    energy = np.zeros((sites, years, steps, time.hours))
    export, peak = np.zeros((sites, years, time.hours)), np.zeros((sites, years, steps, time.hours))
    capacity, demand = np.zeros((sites, years)), np.zeros((sites, years, MONTHS_PER_YEAR))
    in_life = np.zeros((sites, years, years))
    for s, place in enumerate(places):
        if context.options(place.name, technology) is None:
            continue
        life = context.economic_life_years(place.name, technology)
        in_life[s] = alive(context.years, life)
        overnight[s] = _reinforcement(context, place, technology)
        upkeep = context.figure(place.name, technology, "fixed_om_fraction", default=0.0).value
        factor = context.construction_factor(place.name, technology)
        weights = context.money.annuity_weights(
            life_years=life, cost_of_capital_real=context.cost_of_capital(place.name, technology)
        )
        yearly = weights * factor + upkeep * in_life[s] * weight
        annuity[s] = overnight[s][:, :, None] * yearly[:, None, :]
        price = (
            np.array([_price_steps(context, place, year) for year in context.years])
            * (weight * time.step_hours)[:, None]
        )
        multiplier = [step_figure(context.tables, place.zone, k, "price_multiplier") for k in range(1, steps + 1)]
        energy[s] = price[:, None, :] * np.array(multiplier)[None, :, None]
        discount = zone_usd(context, place.zone, "export_discount_usd_per_mwh") * weight * time.step_hours
        export[s] = -np.maximum(0.0, price - discount[:, None])
        capacity[s] = [
            zone_usd(context, place.zone, "capacity_price_usd_per_mw_day", y) * DAYS_PER_YEAR for y in context.years
        ] * weight
        charge = zone_usd(context, place.zone, "transmission_charge_usd_per_mw_month")
        on_peak = _on_coincident_peak(context, place)
        peak[s] = ((charge * MONTHS_PER_YEAR * weight * on_peak)[:, None] * coincident_peak_weights(context, place))[
            :, None, :
        ]
        demand[s] = (charge * weight * (1.0 - on_peak))[:, None]
    co2 = context.by_site(
        technology,
        lambda s: zone_figure(context.tables, context.place(s).zone, "co2_kg_per_mwh") / KG_PER_TONNE,
        "t/MWh",
    )
    sure = zone_confidence(context, technology)
    return {
        "in_life": Quantity(in_life, ("site", "vintage", "year"), "1"),
        "overnight_usd_per_mw": Quantity(
            overnight, ("site", "vintage", "step"), "USD/MW", sure["reinforcement_usd_per_kw"]
        ),
        "reinforcement_annuity_usd_per_mw": Quantity(
            annuity, ("site", "vintage", "step", "year"), "USD/MW", sure["reinforcement_usd_per_kw"]
        ),
        "energy_usd_per_mw_step": Quantity(
            energy, ("site", "year", "step", "hour"), "USD/MW", sure["energy_price_usd_per_mwh"]
        ),
        "coincident_peak_usd_per_mw_step": Quantity(
            peak, ("site", "year", "step", "hour"), "USD/MW", sure["transmission_charge_usd_per_mw_month"]
        ),
        "export_usd_per_mw_step": Quantity(
            export, ("site", "year", "hour"), "USD/MW", sure["energy_price_usd_per_mwh"]
        ),
        "capacity_charge_usd_per_mw": Quantity(
            capacity, ("site", "year"), "USD/MW", sure["capacity_price_usd_per_mw_day"]
        ),
        "demand_charge_usd_per_mw": Quantity(
            demand, ("site", "year", "month"), "USD/MW", sure["transmission_charge_usd_per_mw_month"]
        ),
        "co2_t_per_mwh": co2,
    }


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


def _reinforcement(context: Context, place: Place, technology: str) -> Array:
    """Cost of a connected MW by vintage and step: connection at the site, and network works that rise with the
    steps.
    """
    connection = context.usd(place.name, technology, "substation_capex_usd_per_kw") * KW_PER_MW
    network = zone_usd(context, place.zone, "reinforcement_usd_per_kw") * KW_PER_MW
    steps = range(1, context.grid_steps + 1)
    by_step = [
        connection + network * step_figure(context.tables, place.zone, k, "reinforcement_multiplier") for k in steps
    ]
    return np.tile(by_step, (len(context.years), 1))


def _on_coincident_peak(context: Context, place: Place) -> Array:
    """1 in the years in which a zone charges transmission on the coincident peak, 0 where on billed demand."""
    parameter = "transmission_charge_on_coincident_peak"
    return np.array([zone_figure(context.tables, place.zone, parameter, year, default=0.0) for year in context.years])


def _price_steps(context: Context, place: Place, year: int) -> Array:
    level = zone_usd(context, place.zone, "energy_price_usd_per_mwh", year)
    return context.time.steps(grid_price(context.tables, place, level, context.seed))
