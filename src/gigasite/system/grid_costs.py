"""What a grid connection costs: reinforcement and contribution, energy, export, capacity by delivery year, demand."""

from __future__ import annotations

import numpy as np

from gigasite.finance.discounting import alive
from gigasite.foundation.units import (
    DAYS_PER_MONTH,
    DAYS_PER_YEAR,
    HOURS_PER_DAY,
    HOURS_PER_YEAR,
    KG_PER_TONNE,
    KW_PER_MW,
    MONTHS_PER_YEAR,
)
from gigasite.system.chronology import month_of_hour
from gigasite.system.context import Context
from gigasite.system.grid import step_figure, zone_confidence, zone_figure, zone_usd
from gigasite.system.hourly import grid_price, system_load
from gigasite.system.place import Place
from gigasite.system.quantity import Array, Quantity

SUMMER_MONTHS = (6, 7, 8, 9)
SUMMER_PEAKS = 4
"""Coincident peaks in a year where only those of summer count."""

CANDIDATE_HOURS_PER_PEAK = 10.0
"""Hours in which a coincident peak may fall, where the zone does not say; a plan cannot know the hour."""


def costs(context: Context, technology: str) -> dict[str, Quantity]:
    """Present value of reinforcement, energy, capacity, demand and export, per unit of their variables."""
    co2 = context.by_site(
        technology,
        lambda s: zone_figure(context.tables, context.place(s).zone, "co2_kg_per_mwh") / KG_PER_TONNE,
        "t/MWh",
    )
    sure = zone_confidence(context, technology)
    return (
        _reinforcement_costs(context, technology, sure["reinforcement_usd_per_kw"])
        | _energy_costs(context, technology, sure["energy_price_usd_per_mwh"])
        | _capacity_cost(context, technology, sure["capacity_price_usd_per_mw_day"])
        | _demand_costs(context, technology, sure["transmission_charge_usd_per_mw_month"])
        | {"co2_t_per_mwh": co2}
    )


# -- connection --------------------------------------------------------------------------------------------------------


def _reinforcement_costs(context: Context, technology: str, confidence: str) -> dict[str, Quantity]:
    """Annuity and upkeep of what connects a megawatt, by vintage and step, and the contribution paid in advance."""
    sites, years, steps = len(context.places), len(context.years), context.grid_steps
    annuity = np.zeros((sites, years, steps, years))
    overnight, contribution = np.zeros((sites, years, steps)), np.zeros(sites)
    in_life = np.zeros((sites, years, years))
    for s, place in enumerate(context.places):
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
        yearly = weights * factor + upkeep * in_life[s] * context.time.year_weight
        annuity[s] = overnight[s][:, :, None] * yearly[:, None, :]
        contribution[s] = (place.settings.grid.contribution_usd_per_kw or 0.0) * KW_PER_MW
    by_vintage = ("site", "vintage", "step")
    return {
        "in_life": Quantity(in_life, ("site", "vintage", "year"), "1"),
        "overnight_usd_per_mw": Quantity(overnight, by_vintage, "USD/MW", confidence),
        "reinforcement_annuity_usd_per_mw": Quantity(annuity, (*by_vintage, "year"), "USD/MW", confidence),
        **(_contribution(context, contribution) if contribution.any() else {}),
    }


def _contribution(context: Context, usd_per_mw: Array) -> dict[str, Quantity]:
    """Contribution per connected megawatt, and its present value: one payment as the year of the vintage begins.

        present value[v] = contribution * (1 + r)^-(v - base)

    A connection that is renewed at the end of its life is paid for again.
    """
    time = context.time
    years = np.array(context.years)
    discount = (1.0 + time.discount_rate_real) ** -(years - time.base_year).astype(float)
    paid = usd_per_mw[:, None, None, None] * np.diag(discount)[None, :, None, :]
    each = np.ones((1, len(years), context.grid_steps))
    by_vintage = ("site", "vintage", "step")
    return {
        "contribution_overnight_usd_per_mw": Quantity(usd_per_mw[:, None, None] * each, by_vintage, "USD/MW"),
        "contribution_usd_per_mw": Quantity(paid * each[..., None], (*by_vintage, "year"), "USD/MW"),
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


# -- energy and capacity -----------------------------------------------------------------------------------------------


def _energy_costs(context: Context, technology: str, confidence: str) -> dict[str, Quantity]:
    """Energy by step, and what export earns.

        energy[k, h] = multiplier[k] * price[h],    price[h] where it is below zero, or the dearest step would earn most
        export[h]    = min(max(0, price[h] - discount), price[h] - wheeling)

    So whoever exports what he imports loses at least the wheeling in every hour, also at prices below zero.
    """
    time, sites, years = context.time, len(context.places), len(context.years)
    energy = np.zeros((sites, years, context.grid_steps, time.hours))
    export = np.zeros((sites, years, time.hours))
    for s, place in enumerate(context.places):
        if context.options(place.name, technology) is None:
            continue
        hours = time.year_weight * time.step_hours
        price = np.array([_price_steps(context, place, year) for year in context.years]) * hours[:, None]
        steps = range(1, context.grid_steps + 1)
        multiplier = np.array([step_figure(context.tables, place.zone, k, "price_multiplier") for k in steps])
        energy[s] = np.where(price[:, None, :] > 0, price[:, None, :] * multiplier[None, :, None], price[:, None, :])
        discount = zone_usd(context, place.zone, "export_discount_usd_per_mwh") * time.year_weight * time.step_hours
        wheeling = wheeling_usd_per_mwh(context, place.zone) * hours[:, None]
        export[s] = -np.minimum(np.maximum(0.0, price - discount[:, None]), price - wheeling)
    return {
        "energy_usd_per_mw_step": Quantity(energy, ("site", "year", "step", "hour"), "USD/MW", confidence),
        "export_usd_per_mw_step": Quantity(export, ("site", "year", "hour"), "USD/MW", confidence),
    }


def wheeling_usd_per_mwh(context: Context, zone: str) -> float:
    """What a sale to the zone pays for the use of its network, 2024 USD/MWh."""
    figure = context.tables.figure("grid_zones", zone=zone, parameter="wheeling_usd_per_mwh", default=0.0)
    return context.money.usd_2024(figure)


def _price_steps(context: Context, place: Place, year: int) -> Array:
    level = zone_usd(context, place.zone, "energy_price_usd_per_mwh", year)
    return context.time.steps(grid_price(context.tables, place, level, context.seed))


def _capacity_cost(context: Context, technology: str, confidence: str) -> dict[str, Quantity]:
    """Capacity charge of every calendar year on firm megawatts."""
    price = context.by_site_year(technology, lambda s, year: capacity_price(context, context.place(s).zone, year), "")
    values = price.values * DAYS_PER_YEAR * context.time.year_weight
    return {"capacity_charge_usd_per_mw": Quantity(values, ("site", "year"), "USD/MW", confidence)}


def capacity_price(context: Context, zone: str, year: int) -> float:
    """Capacity price of a calendar year, 2024 USD/MW-day: a mix of the two delivery years that it holds, by days.

        price[y] = (days before the start month * auction[y - 1] + days from it on * auction[y]) / 365

    Edge rule: a zone without a start month has delivery years that are calendar years.
    """
    start = int(zone_figure(context.tables, zone, "capacity_delivery_start_month", default=1.0))
    before = sum(DAYS_PER_MONTH[: start - 1]) / DAYS_PER_YEAR
    this = zone_usd(context, zone, "capacity_price_usd_per_mw_day", year)
    if not before:
        return this
    return before * zone_usd(context, zone, "capacity_price_usd_per_mw_day", year - 1) + (1.0 - before) * this


# -- demand ------------------------------------------------------------------------------------------------------------


def _demand_costs(context: Context, technology: str, confidence: str) -> dict[str, Quantity]:
    """Transmission charge: on billed demand of every month, or on coincident peaks.

    Where a minimum is charged at the coincident peaks, their demand is a variable of its own; else the charge lies on
    import itself.
    """
    time, sites, years = context.time, len(context.places), len(context.years)
    import_cost = np.zeros((sites, years, context.grid_steps, time.hours))
    demand, floored = np.zeros((sites, years, MONTHS_PER_YEAR)), np.zeros((sites, years))
    least = np.zeros((sites, years))
    weights = np.zeros((sites, years, time.hours))
    for s, place in enumerate(context.places):
        if context.options(place.name, technology) is None:
            continue
        charge = zone_usd(context, place.zone, "transmission_charge_usd_per_mw_month")
        share, peaks = coincident_basis(context, place)
        of_peaks = {number: coincident_peak_weights(context, place, number) for number in sorted(set(peaks))}
        weights[s] = np.array([of_peaks[number] for number in peaks])
        least[s] = [minimum_billing_demand(context, place, year) for year in context.years]
        yearly = charge * MONTHS_PER_YEAR * time.year_weight * share
        floored[s] = np.where(least[s] > 0, yearly, 0.0)
        import_cost[s] = (np.where(least[s] > 0, 0.0, yearly)[:, None] * weights[s])[:, None, :]
        demand[s] = (charge * time.year_weight * (1.0 - share))[:, None]
    found = {
        "coincident_peak_usd_per_mw_step": Quantity(
            import_cost, ("site", "year", "step", "hour"), "USD/MW", confidence
        ),
        "demand_charge_usd_per_mw": Quantity(demand, ("site", "year", "month"), "USD/MW", confidence),
    }
    if floored.any():
        charged = floored > 0
        found["minimum_billing_demand"] = Quantity(least * charged, ("site", "year"), "1")
        found["coincident_weight"] = Quantity(weights * charged[..., None], ("site", "year", "hour"), "1")
        found["coincident_charge_usd_per_mw"] = Quantity(floored, ("site", "year"), "USD/MW", confidence)
    return found


def coincident_basis(context: Context, place: Place) -> tuple[Array, list[int]]:
    """Share of the transmission charge that falls on coincident peaks, and how many peaks a year, by modelled year."""
    chosen = place.settings.grid.transmission_charge
    if chosen is not None:
        on_peak = chosen != "billed_demand"
        peaks = MONTHS_PER_YEAR if chosen == "12cp" else SUMMER_PEAKS
        return np.full(len(context.years), float(on_peak)), [peaks] * len(context.years)

    def of_zone(parameter: str, default: float) -> list[float]:
        return [zone_figure(context.tables, place.zone, parameter, year, default=default) for year in context.years]

    share = np.array(of_zone("transmission_charge_on_coincident_peak", 0.0))
    return share, [round(number) for number in of_zone("coincident_peaks_per_year", float(SUMMER_PEAKS))]


def minimum_billing_demand(context: Context, place: Place, year: int) -> float:
    """Least demand charged at the coincident peaks, as a share of the contract: of the site, else of the zone."""
    own = place.settings.grid.minimum_billing_demand_share
    if own is not None:
        return float(own)
    return zone_figure(context.tables, place.zone, "minimum_billing_demand_share", year, default=0.0)


def coincident_peak_weights(context: Context, place: Place, peaks: int = SUMMER_PEAKS) -> Array:
    """Share of each step in the mean over the candidate hours of highest system load; adds up to 1.

    Four peaks a year fall in June to September, whose candidates are taken together; twelve fall one in each month.
    Edge rule: a short look that holds no day of summer takes its candidates from all its days; one that holds no day of
    a month leaves the month out.
    """
    time = context.time
    each = zone_figure(
        context.tables, place.zone, "coincident_candidate_hours_per_peak", default=CANDIDATE_HOURS_PER_PEAK
    )
    load = system_load(context.tables, place, context.seed)
    modelled = np.isin(np.arange(HOURS_PER_YEAR) // HOURS_PER_DAY, time.selected_days)
    month = month_of_hour()
    pools = [month == number for number in range(1, MONTHS_PER_YEAR + 1)]
    if peaks != MONTHS_PER_YEAR:
        summer = np.isin(month, SUMMER_MONTHS)
        pools = [summer if (summer & modelled).any() else np.ones(HOURS_PER_YEAR, dtype=bool)]
    number = round(each) * peaks // len(pools)
    shares = [_as_shares(time.steps(_highest(load, pool & modelled, number))) for pool in pools]
    return np.asarray(np.sum(shares, axis=0) / max(1, sum(bool(share.any()) for share in shares)))


def _highest(load: Array, seen: Array, number: int) -> Array:
    """1 in the hours of highest load among those that are seen."""
    chosen = np.zeros(HOURS_PER_YEAR)
    order = np.argsort(-np.where(seen, load, -np.inf), kind="stable")
    chosen[order[: min(number, int(seen.sum()))]] = 1.0
    return chosen


def _as_shares(values: Array) -> Array:
    total = values.sum()
    return values / total if total > 0 else values
