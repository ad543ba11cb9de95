"""Permits: what a site may emit, evaporate, take from a river or cover in a year, and how long its backup may run.

    sum over h, plants of rate[s, y] * output[s, y, h] * step hours <= limit[s, y] + over[s, y]      NOx, CO2, water
    sum over plants of land per MW[s] * capacity[s, y] <= limit[s, y] + over[s, y]                   land
    sum over h of output[s, y, h] * step hours <= hours[s, y] * capacity[s, y]                       backup generator

| symbol   | name                                        | unit          | dimensions       |
|----------|---------------------------------------------|---------------|------------------|
| rate     | of the shared sums of emissions and water   | t, m3 per MWh | site, year       |
| limit    | `<kind>_limit_<unit>`                       | kg, t, m3, ha | site, year       |
| over     | `over_<kind>_<unit>`                        | kg, t, m3, ha | site, year       |
| hours    | `backup_hours`                              | h/year        | site, year       |
| capacity | ISO capacity                                | MW            | site, year       |

A permit is for what stands on the site: carbon dioxide of imports is another's. Nitrogen oxides are counted in kg, so
that no row has small numbers. Going over a limit costs twice what it would cost to leave the energy unserved (for land,
three times what a megawatt that waits costs), so that only impossibility makes it pay; a plan that still does is
reported as infeasible. Edge rule: a site without a limit has no row.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from gigasite.formulation.builder import Builder
from gigasite.formulation.hubs import Hub, Term
from gigasite.formulation.registry import Requirement
from gigasite.foundation.units import KG_PER_TONNE, SQUARE_METRES_PER_HECTARE
from gigasite.inputs.scenario import RequirementSpec
from gigasite.system.context import Context
from gigasite.system.quantity import Array, FeatureData, Quantity

NAME = "permits"
GRID = "grid_connection"
BACKUP = "backup_generator"
BACKUP_KEY = "backup_run_h_per_year"
UNSERVED_TIMES = 2.0
"""Going over costs this many times as much as leaving the energy unserved."""

IDLE_TIMES = 3.0
"""Land too much costs this many times as much as a megawatt that waits."""


@dataclass(frozen=True)
class Kind:
    """What a permit limits.

    Attributes:
        key: option under `permits:`.
        name: name in rows and arrays.
        hub: name of the shared sum.
        unit: unit of the row.
        per_hub_unit: row units in a unit of the shared sum.
        per_key_unit: row units in a unit of the option.
        what: going over it, in a planner's words.
        remedy: what to change.
    """

    key: str
    name: str
    hub: str
    unit: str
    per_hub_unit: float
    per_key_unit: float
    what: str
    remedy: str

    @property
    def limit(self) -> str:
        """Name of the array of its limits."""
        return f"{self.name}_limit_{self.unit}"

    @property
    def over(self) -> str:
        """Name of the variable over its limits."""
        return f"over_{self.name}_{self.unit}"

    @property
    def row(self) -> str:
        """Name of its rows."""
        return f"{self.name}_within_permit"


KINDS = (
    Kind("nox_t_per_year", "nox", "nox", "kg", KG_PER_TONNE, KG_PER_TONNE, "NOx over the permit (kg)", "cleaner"),
    Kind("co2_t_per_year", "co2", "co2", "t", 1.0, 1.0, "carbon dioxide over the permit of a site (t)", "cleaner"),
    Kind("water_m3_per_year", "water", "water", "m3", 1.0, 1.0, "water consumed over the permit (m3)", "drier"),
    Kind(
        "water_withdrawal_m3_per_year",
        "water_withdrawal",
        "water_withdrawn",
        "m3",
        1.0,
        1.0,
        "water withdrawn over the permit (m3)",
        "drier",
    ),
    Kind("land_ha", "land", "land", "ha", 1.0 / SQUARE_METRES_PER_HECTARE, 1.0, "land over the permit (ha)", "denser"),
)


class Spec(RequirementSpec):
    """Permits stand under `sites: <site>: permits:`; nothing to set here."""


def prepare(context: Context) -> FeatureData:
    """Limits by site and year of every kind that any site has; nothing where none has any."""
    data: dict[str, Quantity] = {}
    for kind in KINDS:
        counted, limit = _limits(context, kind.key)
        if counted.any():
            data[f"{kind.name}_counted"] = Quantity(counted * kind.per_hub_unit, ("site",), f"{kind.unit} per unit")
            data[kind.limit] = Quantity(limit * kind.per_key_unit, ("site", "year"), kind.unit)
    counted, hours = _limits(context, BACKUP_KEY)
    at = np.array([context.options(place.name, BACKUP) is not None for place in context.places])
    if (counted * at).any():
        data["backup_counted"] = Quantity(counted * at, ("site",), "1")
        data["backup_hours"] = Quantity(hours * at[:, None], ("site", "year"), "h/year")
    return data


def _limits(context: Context, key: str) -> tuple[Array, Array]:
    """Whether each site has a limit, and what it is by year (0 where there is none)."""
    series = [getattr(place.settings.permits, key) for place in context.places]
    counted = np.array([float(one is not None) for one in series])
    limit = np.array([[0.0 if one is None else one.at(year) for year in context.years] for one in series])
    return counted, limit


def build(builder: Builder, data: FeatureData) -> None:
    """A row per site and year of every kind of permit."""
    if not data:
        return
    block = builder.block(NAME, data)
    for kind in KINDS:
        if kind.limit in data:
            _add_kind(builder, block, kind, data)
    if "backup_hours" in data:
        _add_backup(builder, block)


def on_site(hub: Hub) -> Hub:
    """The part of a shared sum that arises on the site."""
    terms = [term for term in hub if term.feature != GRID]
    return Hub(hub.name, hub.dims, hub.unit, hub.meaning, terms)


def _add_kind(builder: Builder, block: Any, kind: Kind, data: FeatureData) -> None:
    hub = on_site(getattr(builder.hubs, kind.hub))
    hourly = "hour" in hub.dims
    step = builder.system.context.time.step_hours if hourly else 1.0
    counted, limit = getattr(block, f"{kind.name}_counted"), getattr(block, kind.limit)
    most, least = _largest_and_least(builder, hub)
    scale = data[f"{kind.name}_counted"].values[:, None]
    over = builder.variable(block, kind.over, ("site", "year"), upper=most * step * scale, unit=kind.unit)

    def within_permit(_: Any, site: Any, year: Any) -> Any:
        return counted[site] * _total(builder, hub, site, year, step) - over[site, year] <= limit[site, year]

    builder.constraint(block, kind.row, ("site", "year"), within_permit)
    builder.cost(NAME, "over_limit", over, _price(builder, kind, np.where(scale > 0, least * scale, 1.0), hourly))
    remedy = f"raise {kind.key} under `permits:`, or allow {kind.remedy} technologies"
    builder.forbid(over, kind.what, remedy)


def _total(builder: Builder, hub: Hub, site: Any, year: Any, step: float) -> Any:
    """A shared sum of a year."""
    sets = builder.sets
    if "hour" not in hub.dims:
        return hub.total({"site": site, "year": year}, sets)
    return sum(step * hub.total({"site": site, "year": year, "hour": hour}, sets) for hour in sets["hour"])


def _largest_and_least(builder: Builder, hub: Hub) -> tuple[Array, Array]:
    """The most that a sum could come to, and its lowest rate above zero, both of shape (site, year)."""
    shape = (len(builder.sets["site"]), len(builder.sets["year"]))
    most, least = np.zeros(shape), np.full(shape, np.inf)
    for term in hub:
        rate = np.maximum(0.0, term.spread())
        upper = builder.maker.variable_record(term.variable).upper
        axes = _beyond_site_and_year(term)
        most += (rate * upper).sum(axis=axes)
        lowest = np.where(rate > 0, rate, np.inf).min(axis=axes)
        least = np.minimum(least, np.broadcast_to(lowest, shape))
    return most, np.where(np.isfinite(least), least, 1.0)


def _beyond_site_and_year(term: Term) -> tuple[int, ...]:
    return tuple(i for i, dim in enumerate(term.variable_dims) if dim not in ("site", "year"))


def _price(builder: Builder, kind: Kind, least: Array, hourly: bool) -> Quantity:
    """Present value of a row unit over the limit, from the lowest rate of a row unit per MWh, or per MW for land."""
    context = builder.system.context
    if hourly:
        worth = UNSERVED_TIMES * max(place.unserved_cost_usd_per_mwh for place in context.places)
    else:
        worth = IDLE_TIMES * max(place.idle_value_usd_per_mw_year for place in context.places)
    return Quantity(worth / least * context.time.year_weight, ("site", "year"), f"USD/{kind.unit}")


def _add_backup(builder: Builder, block: Any) -> None:
    sets, step = builder.sets, builder.system.context.time.step_hours
    output = [term for term in builder.hubs.power if term.feature == BACKUP]
    capacity = [term for term in builder.hubs.capacity if term.feature == BACKUP]

    def summed(terms: list[Term], at: Callable[[Term], Any]) -> Any:
        total: Any = 0.0
        for term in terms:
            total += at(term)
        return total

    def backup_runs_within_permit(b: Any, site: Any, year: Any) -> Any:
        at = {"site": site, "year": year}
        run = summed(output, lambda term: sum(step * term.expression({**at, "hour": h}, sets) for h in sets["hour"]))
        allowed = summed(capacity, lambda term: term.expression(at, sets))
        return b.backup_counted[site] * run - b.backup_hours[site, year] * allowed <= 0

    builder.constraint(block, "backup_runs_within_permit", ("site", "year"), backup_runs_within_permit)


REQUIREMENT = Requirement(NAME, "Permits", 145, Spec, prepare, build)
