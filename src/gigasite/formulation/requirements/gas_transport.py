"""Gas transport: firm space in a pipeline that is paid whether used or not, and interruptible gas that stops when cold.

    sum over plants of gas[s, y, h] = firm flow[s, y, h] + interruptible[s, y, h]
    firm flow[s, y, h] <= contract[s, y]
    interruptible[s, y, h] = 0                                                     on the N coldest days of the year
    unfuelled[s, y] <= capacity[s, y]                                              for each plant
    sum over plants of heat rate * firm rating * (capacity[s, y] - unfuelled[s, y])
        <= contract[s, y] + firm liquid[s, y]

| symbol        | name                             | unit    | dimensions       |
|---------------|----------------------------------|---------|------------------|
| gas           | heat rate times output, less distillate burnt | MMBtu/h | site, year, hour |
| firm flow     | `firm_flow_mmbtu_per_h`          | MMBtu/h | site, year, hour |
| interruptible | `interruptible_mmbtu_per_h`      | MMBtu/h | site, year, hour |
| contract      | `firm_mmbtu_per_h`               | MMBtu/h | site, year       |
| firm liquid   | distillate that counts at the peak (`dual_fuel`) | MMBtu/h | site, year |
| unfuelled     | `unfuelled_<technology>_mw`      | MW      | site, year       |
| N             | `interruptible_stops_days`       | days    | site             |

A contract may be given back from one modelled year to the next. Its charge is on every MMBtu a day that it could carry;
interruptible gas pays for what flows. Both stand in place of the transport in a price built on a hub; in a delivered
price transport is inside, so there both charges are nothing. Capacity counts at the peak with firm gas or with
distillate in store, never with gas that may be stopped. The plan shares firm gas out among the plants of a site
(`firm_gas`): what has none takes its megawatts from the firm capacity of its own technology. That is the fleet with
every machine there; which machines get the gas when some are lost is shared out again (`unit_loss`).

Edge rules: the coldest days are those of the lowest mean temperature of the site's own year, the earlier one where two
are alike; the same days in every modelled year.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from gigasite.formulation.builder import Builder
from gigasite.formulation.firm_gas import GasPlant, gas_plants, limit_to_firm_gas, most, of
from gigasite.formulation.gas_burn import most_firm_gas_mmbtu_per_h, most_gas_mmbtu_per_h
from gigasite.formulation.registry import Requirement
from gigasite.foundation.units import HOURS_PER_DAY, HOURS_PER_YEAR
from gigasite.inputs.scenario import RequirementSpec
from gigasite.inputs.tables import Figure
from gigasite.system.context import Context
from gigasite.system.place import Place
from gigasite.system.quantity import Array, FeatureData, Quantity

NAME = "gas_transport"
NO_LIMIT = -1.0
SITE_YEAR = ("site", "year")


class Spec(RequirementSpec):
    """Contracts are described under `sites: <site>: gas: transport:`; nothing to set here."""


def prepare(context: Context) -> FeatureData:
    """Limits, charges and the hours in which interruptible gas does not flow; nothing where no site has contracts."""
    specs = [place.settings.gas.transport for place in context.places]
    if not any(spec is not None for spec in specs):
        return {}
    time, years = context.time, context.years
    at = np.array([float(spec is not None) for spec in specs])
    firm_max = np.full((len(at), len(years)), NO_LIMIT)
    other_max = np.full(len(at), NO_LIMIT)
    stopped, days = np.zeros((len(at), HOURS_PER_YEAR)), np.zeros(len(at))
    for s, (place, spec) in enumerate(zip(context.places, specs, strict=True)):
        if spec is None:
            continue
        if spec.firm_max_mmbtu_per_h is not None:
            firm_max[s] = [spec.firm_max_mmbtu_per_h.at(year) for year in years]
        if spec.interruptible_max_mmbtu_per_h is not None:
            other_max[s] = spec.interruptible_max_mmbtu_per_h
        days[s] = stopped_days(context, place)
        stopped[s] = np.repeat(is_stopped(place.temperature_c, int(days[s])), HOURS_PER_DAY)
    firm, firm_sure = _charge(context, "firm_reservation_usd_per_mmbtu_per_day")
    other, other_sure = _charge(context, "interruptible_usd_per_mmbtu")
    shape = (len(at), len(years), time.hours)
    flows = (other[:, None] * time.year_weight * time.step_hours)[..., None]
    return {
        "at_site": Quantity(at, ("site",), "1"),
        "firm_max_mmbtu_per_h": Quantity(firm_max, ("site", "year"), "MMBtu/h"),
        "interruptible_max_mmbtu_per_h": Quantity(other_max, ("site",), "MMBtu/h"),
        "stopped_days": Quantity(days, ("site",), "days"),
        "flowing": Quantity(at[:, None] * (1.0 - time.steps(stopped)), ("site", "hour"), "1"),
        "firm_usd_per_mmbtu_per_h": Quantity(
            firm[:, None] * HOURS_PER_YEAR * time.year_weight, ("site", "year"), "USD per MMBtu/h", firm_sure
        ),
        "interruptible_usd_per_mmbtu_per_h_step": Quantity(
            np.broadcast_to(flows, shape), ("site", "year", "hour"), "USD per MMBtu/h", other_sure
        ),
    }


def stopped_days(context: Context, place: Place) -> int:
    """Days a year on which interruptible gas does not reach a site: the scenario's, or those of inputs/."""
    said = place.settings.gas.transport.interruptible_stops_days
    return round(_property(context, "interruptible_stops_days").value) if said is None else int(said)


def is_stopped(temperature_c: Array, days: int) -> Array:
    """Which days of the year are the coldest.

    Args:
        temperature_c: air temperature, shape (8760,).
        days: how many.

    Returns:
        1 on the coldest days by mean temperature, the earlier one where two are alike, else 0; shape (365,).
    """
    means = temperature_c.reshape(-1, HOURS_PER_DAY).mean(axis=1)
    found = np.zeros(len(means))
    found[np.argsort(means, kind="stable")[:days]] = 1.0
    return found


def _charge(context: Context, key: str) -> tuple[Array, str]:
    """A charge by site in 2024 money: what the scenario says, nothing inside a delivered price, else inputs/."""
    figure, written = _property(context, key), 0
    found = np.zeros(len(context.places))
    for s, place in enumerate(context.places):
        gas = place.settings.gas
        if gas.transport is None:
            continue
        said = getattr(gas.transport, key)
        written += said is not None
        shipped = context.money.usd_2024(figure) if gas.basis == "hub" else 0.0
        found[s] = shipped if said is None else float(said)
    return found, "estimate" if written else figure.confidence


def _property(context: Context, parameter: str) -> Figure:
    return context.tables.figure("fuel_properties", fuel="natural_gas", parameter=parameter)


def build(builder: Builder, data: FeatureData) -> None:
    """Contract by year, the two flows by the hour, what goes without firm gas, and the rows that hold them."""
    if not data:
        return
    block = builder.block(NAME, data)
    hubs, sets = builder.hubs, builder.sets
    _add_variables(builder, block, data)

    def gas_is_carried(b: Any, site: Any, year: Any, hour: Any) -> Any:
        burnt = b.at_site[site] * hubs.gas.total({"site": site, "year": year, "hour": hour}, sets)
        return burnt - b.firm_flow_mmbtu_per_h[site, year, hour] - b.interruptible_mmbtu_per_h[site, year, hour] == 0

    def firm_flow_at_most_contract(b: Any, site: Any, year: Any, hour: Any) -> Any:
        return b.firm_flow_mmbtu_per_h[site, year, hour] - b.firm_mmbtu_per_h[site, year] <= 0

    if hubs.gas.terms:
        builder.constraint(block, "gas_is_carried", ("site", "year", "hour"), gas_is_carried)
        builder.constraint(block, "firm_flow_at_most_contract", ("site", "year", "hour"), firm_flow_at_most_contract)
    builder.add(hubs.firm_transport, block.firm_mmbtu_per_h)
    if plants := gas_plants(builder):
        _share_firm_gas(builder, block, data["at_site"].values, plants)
    builder.cost(NAME, "fuel", block.firm_mmbtu_per_h, data["firm_usd_per_mmbtu_per_h"])
    builder.cost(NAME, "fuel", block.interruptible_mmbtu_per_h, data["interruptible_usd_per_mmbtu_per_h_step"])
    for variable in (block.firm_flow_mmbtu_per_h, block.interruptible_mmbtu_per_h):
        builder.record_hourly(variable)


def _share_firm_gas(builder: Builder, block: Any, at: Array, plants: dict[str, GasPlant]) -> None:
    """What of each fleet goes without firm gas, off its part of the firm capacity."""
    fuelled = {}
    for name, plant in plants.items():
        upper = at[:, None] * most(builder, plant.gas)
        short = f"unfuelled_{name}_mw"
        unfuelled = builder.variable(block, short, SITE_YEAR, upper=upper, unit="MW")
        builder.constraint(block, f"unfuelled_at_most_capacity__{name}", SITE_YEAR, _at_most(unfuelled, plant))
        fuelled[name] = of(plant.gas, Fuelled(block.at_site, plant.gas.variable, unfuelled), short, SITE_YEAR)
        less = Quantity(-plant.firm.coefficient_values, plant.firm.coefficient_dims, "MW per MW")
        builder.parameter(block, f"less_mw_{name}", less)
        builder.add(builder.hubs.firm_capacity, unfuelled, getattr(block, f"less_mw_{name}"), feature=name)
    limit_to_firm_gas(builder, block, "fuelled", fuelled, block.at_site)


@dataclass(frozen=True)
class Fuelled:
    """Capacity with firm gas at the sites with contracts, read like a variable: capacity less what has none."""

    at: Any
    capacity: Any
    unfuelled: Any

    def __getitem__(self, index: tuple[Any, Any]) -> Any:
        return self.at[index[0]] * self.capacity[index] - self.unfuelled[index]


def _at_most(unfuelled: Any, plant: GasPlant) -> Any:
    def unfuelled_at_most_capacity(b: Any, site: Any, year: Any) -> Any:
        return unfuelled[site, year] - b.at_site[site] * plant.gas.variable[site, year] <= 0

    return unfuelled_at_most_capacity


def _add_variables(builder: Builder, block: Any, data: FeatureData) -> None:
    at = data["at_site"].values
    burnt = at[:, None, None] * most_gas_mmbtu_per_h(builder)
    called = at[:, None] * most_firm_gas_mmbtu_per_h(builder)
    room = np.maximum(burnt.max(axis=-1), called)
    given, other = data["firm_max_mmbtu_per_h"].values, data["interruptible_max_mmbtu_per_h"].values
    firm = np.where(given == NO_LIMIT, room, np.minimum(room, given)) * at[:, None]
    ceiling = np.where(other == NO_LIMIT, np.inf, other)[:, None, None]
    over = ("site", "year", "hour")
    builder.variable(block, "firm_mmbtu_per_h", ("site", "year"), upper=firm, unit="MMBtu/h")
    builder.variable(block, "firm_flow_mmbtu_per_h", over, upper=np.minimum(burnt, firm[..., None]), unit="MMBtu/h")
    flowing = np.minimum(burnt, ceiling) * data["flowing"].values[:, None, :]
    builder.variable(block, "interruptible_mmbtu_per_h", over, upper=flowing, unit="MMBtu/h")


REQUIREMENT = Requirement(NAME, "Gas transport", 95, Spec, prepare, build)
