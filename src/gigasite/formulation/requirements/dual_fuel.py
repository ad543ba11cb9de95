"""Dual fuel: distillate in tanks on site that gas plants burn in place of pipeline gas.

    stored[s, y, h] = stored[s, y, h before] + w (refill[s, y, h] - (1 + penalty) * liquid[s, y, h])
    stored <= sum over v in life of tank[s, v]
    liquid <= sum over v in life of burner[s, v],    liquid <= gas that dual-fuel plants burn
    firm liquid <= burners in life,   firm hours * (1 + penalty) * firm liquid <= tanks in life
    firm liquid <= gas that firm dual-fuel capacity calls for

| symbol      | name                                        | unit                | dimensions       |
|-------------|---------------------------------------------|---------------------|------------------|
| liquid      | `liquid_mmbtu_per_h`, gas it stands for     | MMBtu/h             | site, year, hour |
| refill      | `refill_mmbtu_per_h`                        | MMBtu/h             | site, year, hour |
| stored      | `stored_mmbtu`, at the end of a step        | MMBtu               | site, year, hour |
| tank        | `tank_mmbtu`                                | MMBtu               | site, vintage    |
| burner      | `burner_mmbtu_per_h`                        | MMBtu/h             | site, vintage    |
| firm liquid | `firm_liquid_mmbtu_per_h`                   | MMBtu/h             | site, year       |
| penalty     | more heat for the same power                | 1                   |                  |
| w           | hours of a step                             | h                   |                  |

Liquid enters the sum of pipeline gas with a minus, so that trunk, transport and regional limits see what is left of
it; no plant needs a line for that. Plants are charged for gas whatever they burn: liquid gives the price of gas back
and refills pay that of distillate. Carbon dioxide and nitrogen oxides are the difference to gas. A tank is bought with
its first fill, which stays in it: the year ends with what it began with. Trucks bring no more in an hour than a 24th of
a day's refill. Fuel cells burn no distillate.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gigasite.finance.discounting import alive
from gigasite.formulation.builder import Builder
from gigasite.formulation.gas_burn import GAS_ONLY, most_firm_gas_mmbtu_per_h, most_gas_mmbtu_per_h
from gigasite.formulation.hubs import Hub
from gigasite.formulation.registry import Requirement
from gigasite.foundation.units import HOURS_PER_DAY, KG_PER_TONNE
from gigasite.inputs.scenario import RequirementSpec
from gigasite.inputs.tables import Figure
from gigasite.system.context import Context
from gigasite.system.fuel_prices import fuel_price_at
from gigasite.system.quantity import Array, FeatureData, Quantity, weakest

NAME = "dual_fuel"
MACHINE_CLASS = "distillate"
FUEL = "diesel"
TANK_ROOM_DAYS = 30.0
"""Where nobody sets a limit, tanks hold less than this many days at the largest burn."""


class Spec(RequirementSpec):
    """Tanks and burners are described under `sites: <site>: gas: dual_fuel:`; nothing to set here."""


def prepare(context: Context) -> FeatureData:
    """Costs of tanks, burners and fuel, limits and emissions; nothing where no site has tanks."""
    specs = [place.settings.gas.dual_fuel for place in context.places]
    if not any(spec is not None for spec in specs):
        return {}
    at = np.array([float(spec is not None) for spec in specs])
    price, sure = fuel_price_at(context, FUEL, [spec is not None for spec in specs])

    def said(key: str, default: float) -> Array:
        values = [None if spec is None else getattr(spec, key) for spec in specs]
        return np.asarray(at * [default if value is None else float(value) for value in values])

    refill = said("refill_mmbtu_per_day", _property(context, "refill_mmbtu_per_day").value)
    firm_hours = said("firm_hours", _property(context, "dual_fuel_firm_hours").value)
    first = said("earliest_year", float(context.earliest_year_of(NAME, MACHINE_CLASS)))
    tank_max = said("tank_max_mmbtu", -1.0)
    buildable = at[:, None] * (np.array(context.years)[None, :] >= first[:, None])
    penalty = _property(context, "heat_rate_penalty_fraction").value
    data = {
        "at_site": Quantity(at, ("site",), "1"),
        "buildable": Quantity(buildable, ("site", "vintage"), "1"),
        "tank_max_mmbtu": Quantity(tank_max, ("site",), "MMBtu"),
        "refill_max_mmbtu_per_h": Quantity(refill / HOURS_PER_DAY, ("site",), "MMBtu/h"),
        "lasting_hours": Quantity(firm_hours, ("site",), "h"),
        "one_and_penalty": Quantity(np.asarray(1.0 + penalty), (), "1"),
        "minus_one": Quantity(np.full((len(at), len(context.years)), -1.0), ("site", "year"), "1"),
    }
    return data | _costs(context, at, price, sure) | _burdens(context, at, 1.0 + penalty)


def _costs(context: Context, at: Array, price: Array, sure: str) -> dict[str, Quantity]:
    """Annuities of tanks with their first fill and of burners; distillate bought and gas not burnt, by the step."""
    time, years = context.time, context.years
    figures = {key: _figure(context, key) for key in ("tank_cost_usd_per_mmbtu", "burner_cost_usd_per_mmbtu_per_h")}
    tank, burner = (context.money.usd_2024(figure) for figure in figures.values())
    life = min(_figure(context, "economic_life_years").value, _figure(context, "lifetime_years").value)
    lives = alive(years, life)
    paid = context.money.annuity_weights(life_years=life)
    built = paid * context.construction_factor_of(NAME, MACHINE_CLASS)
    built = built + _figure(context, "fixed_om_fraction").value * lives * time.year_weight
    fill = at[:, None] * price.mean(axis=-1)
    gas, gas_sure = fuel_price_at(context, "gas", [bool(here) for here in at])
    weight = (time.year_weight * time.step_hours)[None, :, None]
    confidence = weakest([*(figure.confidence for figure in figures.values()), sure])
    ones = at[:, None] * np.ones(len(years))
    over, by = ("site", "year", "hour"), ("site", "vintage", "year")
    return {
        "in_life": Quantity(lives.astype(float), ("vintage", "year"), "1"),
        "overnight_usd_per_mmbtu": Quantity(tank * ones + fill, ("site", "vintage"), "USD/MMBtu", confidence),
        "overnight_usd_per_mmbtu_per_h": Quantity(burner * ones, ("site", "vintage"), "USD per MMBtu/h", confidence),
        "annuity_usd_per_mmbtu": Quantity(
            tank * ones[..., None] * built + fill[..., None] * paid, by, "USD/MMBtu", confidence
        ),
        "annuity_usd_per_mmbtu_per_h": Quantity(burner * ones[..., None] * built, by, "USD per MMBtu/h", confidence),
        "refill_usd_per_mmbtu_per_h_step": Quantity(
            (price * weight)[..., time.month - 1], over, "USD per MMBtu/h", sure
        ),
        "liquid_usd_per_mmbtu_per_h_step": Quantity(
            (-gas * weight)[..., time.month - 1], over, "USD per MMBtu/h", gas_sure
        ),
    }


def _burdens(context: Context, at: Array, heat: float) -> dict[str, Quantity]:
    """Tonnes that an MMBtu of gas replaced by distillate adds."""
    carbon = heat * _property(context, "co2_kg_per_mmbtu").value
    carried = context.tables.figure("fuel_properties", fuel="natural_gas", parameter="co2_kg_per_mmbtu").value
    nitrogen = _property(context, "nox_added_kg_per_mmbtu").value
    return {
        "co2_added_t_per_mmbtu": Quantity(at * (carbon - carried) / KG_PER_TONNE, ("site",), "t/MMBtu"),
        "nox_added_t_per_mmbtu": Quantity(at * nitrogen / KG_PER_TONNE, ("site",), "t/MMBtu"),
    }


def _figure(context: Context, parameter: str) -> Figure:
    return context.tables.figure(
        "technologies", technology=NAME, machine_class=MACHINE_CLASS, cost_case="", parameter=parameter
    )


def _property(context: Context, parameter: str) -> Figure:
    return context.tables.figure("fuel_properties", fuel=FUEL, parameter=parameter)


def build(builder: Builder, data: FeatureData) -> None:
    """Tanks and burners by vintage, distillate in store, and its part of the sums of gas and emissions."""
    if not data:
        return
    block = builder.block(NAME, data)
    _add_variables(builder, block, data)
    _add_planning_rows(builder, block)
    _add_operation_rows(builder, block)
    hubs = builder.hubs
    builder.add(hubs.gas, block.liquid_mmbtu_per_h, block.minus_one)
    builder.add(hubs.firm_gas, block.firm_liquid_mmbtu_per_h, block.minus_one)
    builder.add(hubs.co2, block.liquid_mmbtu_per_h, block.co2_added_t_per_mmbtu)
    builder.add(hubs.nox, block.liquid_mmbtu_per_h, block.nox_added_t_per_mmbtu)
    builder.add(hubs.capital, block.tank_mmbtu, block.overnight_usd_per_mmbtu)
    builder.add(hubs.capital, block.burner_mmbtu_per_h, block.overnight_usd_per_mmbtu_per_h)
    builder.cost(NAME, "capital", block.tank_mmbtu, data["annuity_usd_per_mmbtu"])
    builder.cost(NAME, "capital", block.burner_mmbtu_per_h, data["annuity_usd_per_mmbtu_per_h"])
    builder.cost(NAME, "fuel", block.refill_mmbtu_per_h, data["refill_usd_per_mmbtu_per_h_step"])
    builder.cost(NAME, "fuel", block.liquid_mmbtu_per_h, data["liquid_usd_per_mmbtu_per_h_step"])
    for variable in (block.liquid_mmbtu_per_h, block.refill_mmbtu_per_h, block.stored_mmbtu):
        builder.record_hourly(variable)


def _able(hub: Hub) -> Hub:
    """The part of a sum of gas that distillate may replace."""
    terms = [term for term in hub if term.feature not in GAS_ONLY]
    return Hub(hub.name, hub.dims, hub.unit, hub.meaning, terms)


def _add_variables(builder: Builder, block: Any, data: FeatureData) -> None:
    at = data["at_site"].values
    burnt = at[:, None, None] * most_gas_mmbtu_per_h(builder)
    called = at[:, None] * most_firm_gas_mmbtu_per_h(builder)
    largest = np.maximum(burnt.max(axis=-1), called).max(axis=-1)
    given = data["tank_max_mmbtu"].values
    tank = at * np.where(given >= 0, given, TANK_ROOM_DAYS * HOURS_PER_DAY * largest)
    buildable = data["buildable"].values
    refill = (largest > 0) * data["refill_max_mmbtu_per_h"].values
    shape = np.ones(burnt.shape)
    over = ("site", "year", "hour")
    builder.variable(block, "tank_mmbtu", ("site", "vintage"), upper=tank[:, None] * buildable, unit="MMBtu")
    builder.variable(
        block, "burner_mmbtu_per_h", ("site", "vintage"), upper=largest[:, None] * buildable, unit="MMBtu/h"
    )
    builder.variable(block, "firm_liquid_mmbtu_per_h", ("site", "year"), upper=called, unit="MMBtu/h")
    builder.variable(block, "liquid_mmbtu_per_h", over, upper=burnt, unit="MMBtu/h")
    builder.variable(block, "refill_mmbtu_per_h", over, upper=refill[:, None, None] * shape, unit="MMBtu/h")
    builder.variable(block, "stored_mmbtu", over, upper=tank[:, None, None] * shape, unit="MMBtu")


def _add_planning_rows(builder: Builder, block: Any) -> None:
    sets, called = builder.sets, _able(builder.hubs.firm_gas)

    def tanks_at_most_limit(b: Any, site: Any, year: Any) -> Any:
        return sum(b.in_life[of, year] * b.tank_mmbtu[site, of] for of in sets["vintage"]) <= b.tank_limit_mmbtu[site]

    def firm_liquid_at_most_burners(b: Any, site: Any, year: Any) -> Any:
        fitted = sum(b.in_life[of, year] * b.burner_mmbtu_per_h[site, of] for of in sets["vintage"])
        return b.firm_liquid_mmbtu_per_h[site, year] - fitted <= 0

    def firm_liquid_for_hours(b: Any, site: Any, year: Any) -> Any:
        tanks = sum(b.in_life[of, year] * b.tank_mmbtu[site, of] for of in sets["vintage"])
        return b.lasting_hours[site] * b.one_and_penalty * b.firm_liquid_mmbtu_per_h[site, year] - tanks <= 0

    def firm_liquid_at_most_called(b: Any, site: Any, year: Any) -> Any:
        gas = b.at_site[site] * called.total({"site": site, "year": year}, sets)
        return b.firm_liquid_mmbtu_per_h[site, year] - gas <= 0

    limit = builder.maker.variable_record(block.tank_mmbtu).upper.max(axis=1)
    builder.parameter(block, "tank_limit_mmbtu", Quantity(limit, ("site",), "MMBtu"))
    for rule in (
        tanks_at_most_limit,
        firm_liquid_at_most_burners,
        firm_liquid_for_hours,
        firm_liquid_at_most_called,
    ):
        builder.constraint(block, rule.__name__, ("site", "year"), rule)


def _add_operation_rows(builder: Builder, block: Any) -> None:
    width = float(builder.system.context.time.resolution_h)
    previous = builder.model.calendar.previous_hour
    sets, burnt = builder.sets, _able(builder.hubs.gas)

    def stored_follows(b: Any, site: Any, year: Any, hour: Any) -> Any:
        return (
            b.stored_mmbtu[site, year, hour]
            - b.stored_mmbtu[site, year, previous[hour]]
            - width * b.refill_mmbtu_per_h[site, year, hour]
            + width * b.one_and_penalty * b.liquid_mmbtu_per_h[site, year, hour]
            == 0
        )

    def stored_at_most_tanks(b: Any, site: Any, year: Any, hour: Any) -> Any:
        tanks = sum(b.in_life[of, year] * b.tank_mmbtu[site, of] for of in sets["vintage"])
        return b.stored_mmbtu[site, year, hour] - b.at_site[site] * tanks <= 0

    def liquid_at_most_burners(b: Any, site: Any, year: Any, hour: Any) -> Any:
        fitted = sum(b.in_life[of, year] * b.burner_mmbtu_per_h[site, of] for of in sets["vintage"])
        return b.liquid_mmbtu_per_h[site, year, hour] - fitted <= 0

    def liquid_at_most_burnt(b: Any, site: Any, year: Any, hour: Any) -> Any:
        gas = b.at_site[site] * burnt.total({"site": site, "year": year, "hour": hour}, sets)
        return b.liquid_mmbtu_per_h[site, year, hour] - gas <= 0

    for rule in (stored_follows, stored_at_most_tanks, liquid_at_most_burners, liquid_at_most_burnt):
        builder.constraint(block, rule.__name__, ("site", "year", "hour"), rule)


REQUIREMENT = Requirement(NAME, "Dual fuel", 85, Spec, prepare, build)
