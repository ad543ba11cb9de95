"""Lithium-ion battery: power and energy are sized apart.

    stored[h] = (1 - loss)^w stored[h before] + w (eta * charge[h] - discharge[h] / eta)      the year is a ring
    charge[h], discharge[h] <= power,   stored[h] <= energy
    firm <= power,   firm <= energy / firm hours

| symbol      | name                                | unit | dimensions       |
|-------------|-------------------------------------|------|------------------|
| charge      | `charge_mw`                         | MW   | site, year, hour |
| discharge   | `discharge_mw`                      | MW   | site, year, hour |
| stored      | `stored_mwh`, at the end of a step  | MWh  | site, year, hour |
| power       | `capacity_mw`                       | MW   | site, year       |
| energy      | `capacity_energy_mwh`               | MWh  | site, year       |
| firm        | `firm_mw`                           | MW   | site, year       |
| eta         | square root of round-trip efficiency| 1    | site             |
| w           | hours of a step                     | h    |                  |
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gigasite.formulation.builder import Builder
from gigasite.formulation.registry import Technology
from gigasite.formulation.vintages import CapacityKind, build_vintages, prepare_vintages
from gigasite.foundation.units import KW_PER_MW
from gigasite.inputs.scenario import TechnologySpec
from gigasite.system.context import Context
from gigasite.system.quantity import FeatureData

NAME = "battery"
POWER = CapacityKind("mw", "MW", "capex_power_usd_per_kw", "fixed_om_power_usd_per_kw_year")
ENERGY = CapacityKind("energy_mwh", "MWh", "capex_energy_usd_per_kwh", "fixed_om_energy_usd_per_kwh_year")
ENERGY_ROOM_H = 24.0
"""Where nobody sets a limit, a battery holds less than this many hours of three times the largest load."""


class Spec(TechnologySpec):
    """Options of the battery; `capacity_mw` and its bounds are its power."""


def prepare(context: Context) -> FeatureData:
    """Costs of power and energy, efficiency and self-discharge, from `technologies.csv`."""

    def figure(parameter: str) -> Any:
        return lambda site: context.figure(site, NAME, parameter).value

    width = float(context.time.resolution_h)
    data = prepare_vintages(context, NAME, kind=POWER, multiplier="battery")
    data |= prepare_vintages(
        context,
        NAME,
        kind=ENERGY,
        multiplier="battery",
        room_unit_mw=lambda site: ENERGY_ROOM_H * context.largest_load_mw(site),
    )
    data["efficiency_one_way"] = context.by_site(
        NAME, lambda s: float(np.sqrt(context.figure(s, NAME, "round_trip_efficiency").value)), "1", absent=1.0
    )
    data["kept_per_step"] = context.by_site(
        NAME, lambda s: (1.0 - context.figure(s, NAME, "self_discharge_per_hour", default=0.0).value) ** width, "1"
    )
    data["firm_hours"] = context.by_site(NAME, figure("firm_hours"), "h", absent=1.0)
    data["land_m2_per_mw"] = context.by_site(
        NAME, lambda s: context.figure(s, NAME, "land_m2_per_kw", default=0.0).value * KW_PER_MW, "m2/MW"
    )
    return data


def build(builder: Builder, data: FeatureData) -> None:
    """Capacities, hourly charge, discharge and stored energy, and the firm part."""
    block = builder.block(NAME, data)
    power = build_vintages(builder, block, dict(data), kind=POWER)
    energy = build_vintages(builder, block, dict(data), kind=ENERGY)
    over = ("site", "year", "hour")
    most_mw = data["capacity_max_mw"].values
    most_mwh = data["capacity_max_energy_mwh"].values
    hours = np.ones(builder.system.context.time.hours)
    for name in ("charge_mw", "discharge_mw"):
        builder.variable(block, name, over, upper=most_mw[:, :, None] * hours, unit="MW")
    builder.variable(block, "stored_mwh", over, upper=most_mwh[:, :, None] * hours, unit="MWh")
    builder.variable(block, "firm_mw", ("site", "year"), upper=most_mw, unit="MW")
    _add_rows(builder, block)
    builder.add(builder.hubs.power, block.discharge_mw)
    builder.add(builder.hubs.power, block.charge_mw, -1.0)
    builder.add(builder.hubs.firm_capacity, block.firm_mw)
    builder.add(builder.hubs.available, power)
    builder.add(builder.hubs.stored_energy, block.stored_mwh, block.efficiency_one_way)
    builder.add(builder.hubs.storable, energy, block.efficiency_one_way)
    builder.add(builder.hubs.land, power, block.land_m2_per_mw)
    builder.record_hourly(block.stored_mwh)


def _add_rows(builder: Builder, block: Any) -> None:
    width = float(builder.system.context.time.resolution_h)
    previous = builder.model.calendar.previous_hour

    def stored_follows(b: Any, site: Any, year: Any, hour: Any) -> Any:
        return (
            b.stored_mwh[site, year, hour]
            - b.kept_per_step[site] * b.stored_mwh[site, year, previous[hour]]
            - width * b.efficiency_one_way[site] * b.charge_mw[site, year, hour]
            + width / b.efficiency_one_way[site] * b.discharge_mw[site, year, hour]
            == 0
        )

    def charge_at_most_power(b: Any, site: Any, year: Any, hour: Any) -> Any:
        return b.charge_mw[site, year, hour] - b.capacity_mw[site, year] <= 0

    def discharge_at_most_power(b: Any, site: Any, year: Any, hour: Any) -> Any:
        return b.discharge_mw[site, year, hour] - b.capacity_mw[site, year] <= 0

    def stored_at_most_energy(b: Any, site: Any, year: Any, hour: Any) -> Any:
        return b.stored_mwh[site, year, hour] - b.capacity_energy_mwh[site, year] <= 0

    def firm_at_most_power(b: Any, site: Any, year: Any) -> Any:
        return b.firm_mw[site, year] - b.capacity_mw[site, year] <= 0

    def firm_for_hours(b: Any, site: Any, year: Any) -> Any:
        return b.firm_hours[site] * b.firm_mw[site, year] - b.capacity_energy_mwh[site, year] <= 0

    hourly = (stored_follows, charge_at_most_power, discharge_at_most_power, stored_at_most_energy)
    for rule in hourly:
        builder.constraint(block, rule.__name__, ("site", "year", "hour"), rule)
    for yearly in (firm_at_most_power, firm_for_hours):
        builder.constraint(block, yearly.__name__, ("site", "year"), yearly)


TECHNOLOGY = Technology(NAME, "Battery", "#34149a", 100, Spec, prepare, build)
