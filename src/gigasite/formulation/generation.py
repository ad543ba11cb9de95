"""Plants that turn fuel into power whenever they are not out: the part that gas, nuclear and backup sets share.

    output[s, y, h] <= availability[s, h] * capacity[s, y]
    availability[s, h] = rating(T[s, h]) * (1 - planned outage[month of h]) * (1 - forced outage)

Output may be anything up to its limit, so spilling needs no variable. Outages are counted once, in the availability;
the reserve and unit-loss rows take the rating at the design temperature without them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gigasite.formulation.builder import Builder
from gigasite.formulation.cooling import cooling_factor, water_m3_per_mwh
from gigasite.formulation.fleets import Fleet, reference_capacity_mw
from gigasite.formulation.vintages import build_vintages, prepare_vintages
from gigasite.formulation.whole_units import unit_size_mw
from gigasite.foundation.units import KG_PER_TONNE, KW_PER_MW, MONTHS_PER_YEAR
from gigasite.system.context import CAPACITY_ROOM, Context
from gigasite.system.place import Place
from gigasite.system.quantity import Array, FeatureData, Quantity

SPARE_MACHINES = 5
"""Room above the fleet that would carry a site alone, where nobody sets a limit."""

MONTHS = range(1, MONTHS_PER_YEAR + 1)


def availability(context: Context, place: Place, technology: str) -> Array:
    """Share of ISO capacity that is there in each step: rating by temperature, planned and forced outage once each.

    Returns:
        Shape (hour,).
    """
    site = place.name
    forced = context.figure(site, technology, "forced_outage_rate", default=0.0).value
    yearly = context.figure(site, technology, "planned_outage_rate", default=0.0).value
    planned = [
        context.figure(site, technology, f"planned_outage_rate_month_{month}", default=yearly).value for month in MONTHS
    ]
    rating = context.time.steps(context.temperature_rating(site, technology, place.temperature_c))
    return rating * (1.0 - np.array(planned)[context.time.month - 1]) * (1.0 - forced)


def prepare_generation(
    context: Context, technology: str, *, fuel: str | None, multiplier: str | None = None
) -> dict[str, Quantity]:
    """Arrays of a dispatchable plant.

    Args:
        context: the scenario's inputs.
        technology: name of the technology.
        fuel: `gas` (the site's own gas price), another fuel of `fuels.csv`, or None.
        multiplier: regional capital cost multiplier that applies.
    """
    data = prepare_vintages(
        context, technology, multiplier=multiplier, room_unit_mw=lambda site: room_unit_mw(context, site, technology)
    )
    return data | prepare_running(context, technology, fuel=fuel)


def prepare_running(context: Context, technology: str, *, fuel: str | None) -> dict[str, Quantity]:
    """Arrays of a dispatchable plant that have nothing to do with how its capacity comes: what running it takes."""
    places = context.places
    at = [context.options(place.name, technology) is not None for place in places]
    absent = np.zeros(context.time.hours)
    hourly = np.array(
        [availability(context, p, technology) if here else absent for p, here in zip(places, at, strict=True)]
    )
    data = {"availability": Quantity(hourly, ("site", "hour"), "MW per MW")}
    data["firm_rating"] = context.by_site(technology, lambda s: _firm_rating(context, s, technology), "MW per MW")
    data["unit_size_mw"] = context.by_site(technology, lambda s: unit_size_mw(context, s, technology), "MW", absent=1.0)
    data["forced_outage_rate"] = context.by_site(
        technology, lambda s: context.figure(s, technology, "forced_outage_rate", default=0.0).value, "1"
    )
    data["heat_rate_mmbtu_per_mwh"] = context.by_site_year(
        technology,
        lambda s, y: _heat_rate(context, s, technology, y),
        "MMBtu/MWh",
    )
    if fuel == "gas":
        heat_rate = data["heat_rate_mmbtu_per_mwh"]
        firm = heat_rate.values * data["firm_rating"].values[:, None]
        data["gas_mmbtu_per_mwh"] = heat_rate
        data["firm_gas_mmbtu_per_h_per_mw"] = Quantity(firm, ("site", "year"), "MMBtu/h per MW")
    data |= _costs(context, technology, fuel, data["heat_rate_mmbtu_per_mwh"])
    return data | _burdens(context, technology, data["heat_rate_mmbtu_per_mwh"])


def _heat_rate(context: Context, site: str, technology: str, year: int) -> float:
    figure = context.figure(site, technology, "heat_rate_mmbtu_per_mwh", year, default=0.0)
    return figure.value * cooling_factor(context, site, technology, "heat_rate")


def room_unit_mw(context: Context, site: str, technology: str) -> float:
    """A third of the default limit: the largest load, or what a small site needs to stand without its lost machines."""
    rule = context.scenario.requirements
    unit = unit_size_mw(context, site, technology)
    outage = context.figure(site, technology, "forced_outage_rate", default=0.0).value
    fleet = Fleet(0.0, unit, outage, _firm_rating(context, site, technology))
    load = context.largest_load_mw(site)
    alone = reference_capacity_mw(load, fleet, rule.units_lost, rule.units_lost_probability)
    return max(load, (alone + SPARE_MACHINES * unit) / CAPACITY_ROOM)


def _firm_rating(context: Context, site: str, technology: str) -> float:
    rating = context.temperature_rating(site, technology, context.place(site).design_temperature_c)
    return float(rating) * context.figure(site, technology, "firm_credit").value


def _costs(context: Context, technology: str, fuel: str | None, heat_rate: Quantity) -> dict[str, Quantity]:
    """Present value per MW of output in a step: variable O&M, and fuel by month."""
    time = context.time
    weight = time.year_weight[None, :] * time.step_hours
    shape = (len(context.places), len(context.years), time.hours)
    variable = context.by_site_year(
        technology,
        lambda s, y: (
            context.usd(s, technology, "variable_om_usd_per_mwh", y, default=0.0)
            * cooling_factor(context, s, technology, "variable_om")
            + _storage_usd_per_mwh(context, s, technology, y)
        ),
        "USD/MWh",
    )
    sure = context.confidence(technology, "variable_om_usd_per_mwh")
    costs = {
        "variable_om_usd_per_mw_step": Quantity(
            np.broadcast_to((variable.values * weight)[..., None], shape), ("site", "year", "hour"), "USD/MW", sure
        )
    }
    if fuel is not None:
        prices, confidence = context.fuel_price_usd_per_mmbtu(technology, fuel)
        per_mwh = heat_rate.values[..., None] * prices
        costs["fuel_usd_per_mw_step"] = Quantity(
            (per_mwh * weight[..., None])[..., time.month - 1], ("site", "year", "hour"), "USD/MW", confidence
        )
    return costs


def _storage_usd_per_mwh(context: Context, site: str, technology: str, year: int) -> float:
    """Transport and storage of the carbon dioxide that a capture plant keeps from the air."""
    per_tonne = context.usd(site, technology, "co2_storage_usd_per_t", default=0.0)
    if not per_tonne:
        return 0.0
    carried = context.tables.figure("fuel_properties", fuel="natural_gas", parameter="co2_kg_per_mmbtu").value
    emitted = context.figure(site, technology, "co2_kg_per_mmbtu").value
    heat_rate = _heat_rate(context, site, technology, year)
    return per_tonne * heat_rate * (carried - emitted) / KG_PER_TONNE


def _burdens(context: Context, technology: str, heat_rate: Quantity) -> dict[str, Quantity]:
    """Emissions, water and land per MWh or MW."""

    def per_mwh(parameter: str) -> Array:
        per_mmbtu = context.by_site(
            technology, lambda s: context.figure(s, technology, parameter, default=0.0).value, "kg/MMBtu"
        )
        return heat_rate.values * per_mmbtu.values[:, None] / KG_PER_TONNE

    return {
        "co2_t_per_mwh": Quantity(per_mwh("co2_kg_per_mmbtu"), ("site", "year"), "t/MWh"),
        "nox_t_per_mwh": Quantity(per_mwh("nox_kg_per_mmbtu"), ("site", "year"), "t/MWh"),
        "water_m3_per_mwh": context.by_site(
            technology,
            lambda s: water_m3_per_mwh(context, s, technology, "consumption"),
            "m3/MWh",
        ),
        "water_withdrawal_m3_per_mwh": context.by_site(
            technology,
            lambda s: water_m3_per_mwh(context, s, technology, "withdrawal"),
            "m3/MWh",
        ),
        "land_m2_per_mw": context.by_site(
            technology,
            lambda s: context.figure(s, technology, "land_m2_per_kw", default=0.0).value * KW_PER_MW,
            "m2/MW",
        ),
    }


def build_generation(builder: Builder, name: str, data: FeatureData, *, burns_gas: bool = False) -> Any:
    """Block of a dispatchable plant: capacity by vintage, output, costs, and its part of every shared sum.

    Returns:
        The block, for what a technology adds of its own.
    """
    block = builder.block(name, data)
    build_running(builder, block, data, build_vintages(builder, block, dict(data)), burns_gas=burns_gas)
    return block


def build_running(builder: Builder, block: Any, data: FeatureData, capacity: Any, *, burns_gas: bool) -> None:
    """Output of a capacity, its costs by the hour, and its part of every shared sum but that of capacity."""
    name, hubs = str(block.name), builder.hubs
    output = add_output(builder, block, data, capacity)
    builder.cost(name, "variable_om", output, data["variable_om_usd_per_mw_step"])
    if "fuel_usd_per_mw_step" in data:
        builder.cost(name, "fuel", output, data["fuel_usd_per_mw_step"])
    if burns_gas:
        builder.add(hubs.gas, output, block.heat_rate_mmbtu_per_mwh)
        builder.add(hubs.firm_gas, capacity, block.firm_gas_mmbtu_per_h_per_mw)
    builder.add(hubs.firm_capacity, capacity, block.firm_rating)
    builder.add(hubs.co2, output, block.co2_t_per_mwh)
    builder.add(hubs.nox, output, block.nox_t_per_mwh)
    builder.add(hubs.water, output, block.water_m3_per_mwh)
    builder.add(hubs.water_withdrawn, output, block.water_withdrawal_m3_per_mwh)


def add_output(builder: Builder, block: Any, data: FeatureData, capacity: Any) -> Any:
    """Hourly output below availability times capacity, into the power balance and the land account.

    Returns:
        The variable of output, over (site, year, hour).
    """
    largest = data["availability"].values[:, None, :] * data["capacity_max_mw"].values[:, :, None]
    output = builder.variable(block, "output_mw", ("site", "year", "hour"), upper=largest, unit="MW")

    def output_at_most_available(b: Any, site: Any, year: Any, hour: Any) -> Any:
        return b.output_mw[site, year, hour] - b.availability[site, hour] * b.capacity_mw[site, year] <= 0

    builder.constraint(block, "output_at_most_available", ("site", "year", "hour"), output_at_most_available)
    builder.add(builder.hubs.power, output)
    builder.add(builder.hubs.available, capacity, block.availability)
    builder.add(builder.hubs.land, capacity, block.land_m2_per_mw)
    return output


__all__ = [
    "add_output",
    "availability",
    "build_generation",
    "build_running",
    "prepare_generation",
    "prepare_running",
    "room_unit_mw",
    "unit_size_mw",
]
