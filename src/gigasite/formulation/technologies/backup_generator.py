"""Diesel backup generator: stands by for outages; its permit limits how many hours a year it runs, its tank how long.

    sum over h of output[s, y, h] * step hours <= run hours * capacity[s, y]
    energy of a full tank[s, y] = fuel storage hours[s] * capacity[s, y]

It carries no peak: its firm credit is zero, since a permit for emergencies does not cover a planned peak. In an
emergency (`common_mode`, `grid_outage`) it stands by with its rating at the design temperature and a full tank. A set
comes with the tank of its class; hours beyond it (`fuel_storage_h`) cost more tank and its first fill:

    capital += max(0, fuel storage hours - hours of the class) * heat rate * (tank cost + fuel price)     per MW
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gigasite.formulation.builder import Builder
from gigasite.formulation.generation import build_generation, prepare_generation
from gigasite.formulation.registry import Technology
from gigasite.foundation.units import HOURS_PER_YEAR
from gigasite.inputs.quantities import NonNegative
from gigasite.inputs.scenario import TechnologySpec
from gigasite.system.context import Context
from gigasite.system.quantity import Array, FeatureData, Quantity

NAME = "backup_generator"
FUEL = "diesel"


class Spec(TechnologySpec):
    """Options of the backup generator."""

    run_hours_per_year_max: NonNegative | None = None
    """Hours a year it may run at full output; left out: the permit of the site, else the figure of inputs/ [h/year]."""

    fuel_storage_h: NonNegative | None = None
    """Hours at full output that the fuel in its tank lasts; left out: the tank of its class in inputs/ [h]."""


def prepare(context: Context) -> FeatureData:
    """Costs, availability, permitted hours and tank, from `technologies.csv` and `fuels.csv`."""

    def run_hours(site: str) -> float:
        options = context.options(site, NAME)
        if isinstance(options, Spec) and options.run_hours_per_year_max is not None:
            return float(options.run_hours_per_year_max)
        if context.place(site).settings.permits.backup_run_h_per_year is not None:
            return float(HOURS_PER_YEAR)  # the permit of the site says how many
        return context.figure(site, NAME, "run_hours_per_year_max").value

    def standby(site: str) -> float:
        return float(context.temperature_rating(site, NAME, context.place(site).design_temperature_c))

    data = prepare_generation(context, NAME, fuel=FUEL, multiplier="gas_turbine")
    data["run_hours_max"] = context.by_site(NAME, run_hours, "h/year")
    data["fuel_storage_h"] = context.by_site(NAME, lambda site: _storage_h(context, site), "h")
    data["standby_rating"] = context.by_site(NAME, standby, "MW per MW")
    return data | _larger_tanks(context, data)


def _storage_h(context: Context, site: str) -> float:
    options = context.options(site, NAME)
    if isinstance(options, Spec) and options.fuel_storage_h is not None:
        return float(options.fuel_storage_h)
    return _class_storage_h(context, site)


def _class_storage_h(context: Context, site: str) -> float:
    return context.figure(site, NAME, "fuel_storage_h", default=0.0).value


def _larger_tanks(context: Context, data: FeatureData) -> dict[str, Quantity]:
    """Capital cost of a set with the tank beyond that of its class; nothing where no site asks for one."""
    more = context.by_site(NAME, lambda s: max(0.0, _storage_h(context, s) - _class_storage_h(context, s)), "h").values
    if not more.any():
        return {}
    price, _ = context.fuel_price_usd_per_mmbtu(NAME, FUEL)
    tank = context.by_site(NAME, lambda site: context.usd(site, NAME, "tank_cost_usd_per_mmbtu"), "USD/MMBtu").values
    heat = data["heat_rate_mmbtu_per_mwh"].values
    extra: Array = more[:, None] * heat * (tank[:, None] + price.mean(axis=-1))
    annuity = np.zeros(data["annuity_usd_per_mw"].values.shape)
    for s, place in enumerate(context.places):
        if more[s] > 0:
            weights = context.money.annuity_weights(
                life_years=context.economic_life_years(place.name, NAME),
                cost_of_capital_real=context.cost_of_capital(place.name, NAME),
            )
            annuity[s] = extra[s][:, None] * context.construction_factor(place.name, NAME) * weights
    added = {"overnight_usd_per_mw": extra, "annuity_usd_per_mw": annuity}
    return {
        key: Quantity(data[key].values + more, data[key].dims, data[key].unit, data[key].confidence)
        for key, more in added.items()
    }


def build(builder: Builder, data: FeatureData) -> None:
    """Capacity, output, the row of permitted hours, and what it stands by with."""
    block = build_generation(builder, NAME, data)
    hours, hubs = builder.sets["hour"], builder.hubs
    step = builder.system.context.time.step_hours

    def runs_within_permit(b: Any, site: Any, year: Any) -> Any:
        return (
            sum(step * b.output_mw[site, year, hour] for hour in hours)
            - b.run_hours_max[site] * b.capacity_mw[site, year]
            <= 0
        )

    builder.constraint(block, "runs_within_permit", ("site", "year"), runs_within_permit)
    builder.add(hubs.standby, block.capacity_mw, block.standby_rating)
    builder.add(hubs.stored_energy, block.capacity_mw, block.fuel_storage_h)


TECHNOLOGY = Technology(NAME, "Backup generator", "#6a6156", 110, Spec, prepare, build)
