"""Capacity by vintage: built once, kept or retired early, gone at the end of its life, paid by annuity.

    vintage[s, v, y] <= built[s, v]                          for y in the life of v
    vintage[s, v, y] <= vintage[s, v, y before]              for y > v: what has retired stays retired
    capacity[s, y]    = sum over v of vintage[s, v, y]

| symbol   | name              | unit | dimensions            |
|----------|-------------------|------|-----------------------|
| built    | `built_mw`        | MW   | site, vintage         |
| vintage  | `vintage_mw`      | MW   | site, vintage, year   |
| capacity | `capacity_mw`     | MW   | site, year            |

A vintage costs its annuity from its start to the end of its life, used or not; retiring early saves only fixed O&M.
Edge rules: no vintage before the earliest year (order, delivery and construction), except where the scenario gives the
capacity, and for stock on order within the rows of `requirements/lead_times`; a vintage that dies within the span of a
modelled year runs, and is paid, to the end of that span. Whole machines, where a scenario asks for them, stand in
`whole_units`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from gigasite.finance.discounting import alive
from gigasite.formulation.builder import Builder
from gigasite.formulation.cooling import cooling_factor
from gigasite.formulation.whole_units import build_whole_units, in_whole_units, prepare_whole_units, whole_unit_mw
from gigasite.foundation.units import KW_PER_MW
from gigasite.system.context import CAPACITY_ROOM, Context
from gigasite.system.lead_times import early_mw
from gigasite.system.quantity import Array, Quantity


@dataclass(frozen=True)
class CapacityKind:
    """What a vintage is counted in.

    Attributes:
        suffix: ending of every name, such as `mw`.
        unit: the unit in words.
        capex: parameter of overnight cost per kW (or kWh).
        fixed_om: parameter of fixed O&M per kW (or kWh) and year.
    """

    suffix: str = "mw"
    unit: str = "MW"
    capex: str = "overnight_capex_usd_per_kw"
    fixed_om: str = "fixed_om_usd_per_kw_year"

    @property
    def is_power(self) -> bool:
        """Whether it counts megawatts, the capacity a scenario gives and bounds."""
        return self.unit == "MW"


POWER = CapacityKind()


def prepare_vintages(
    context: Context,
    technology: str,
    *,
    kind: CapacityKind = POWER,
    multiplier: str | None = None,
    room: float = CAPACITY_ROOM,
    room_unit_mw: Callable[[str], float] | None = None,
) -> dict[str, Quantity]:
    """Costs, bounds and lifetimes of a technology's vintages.

    Args:
        context: the scenario's inputs.
        technology: name of the technology.
        kind: power, or the energy of a store.
        multiplier: which regional capital cost multiplier of the site applies.
        room: where the scenario sets no limit, capacity stays below this many times the largest load.
        room_unit_mw: turns a site's largest load into the default limit; the load itself where not given.
    """
    years = context.years
    shape = (len(context.places), len(years))
    built_max, capacity_max, capacity_min = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    lives = np.zeros((*shape, len(years)))
    unit_mw = whole_unit_mw(context, technology) if kind.is_power else np.zeros(shape[0])
    annuity, overnight, announced, fixed = np.zeros(lives.shape), np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for s, place in enumerate(context.places):
        options = context.options(place.name, technology)
        if options is None:
            continue
        default = room * (room_unit_mw or context.largest_load_mw)(place.name)
        capacity_min[s], capacity_max[s] = in_whole_units(*_bounds(options, kind, years, default), unit_mw[s])
        given = kind.is_power and options.capacity_mw is not None
        earliest = years[0] if given else context.earliest_year(place.name, technology)
        may = (np.array(years) >= earliest) | (early_mw(context, place.name, technology) > 0)
        built_max[s] = [capacity_max[s, v:].max() if may[v] else 0.0 for v in range(len(years))]
        life = context.economic_life_years(place.name, technology)
        lives[s] = alive(years, life)
        overnight[s] = [_overnight(context, place.name, technology, kind, multiplier, year) for year in years]
        overnight[s] *= context.cost_factor(place.name, technology)
        weights = context.money.annuity_weights(
            life_years=life, cost_of_capital_real=context.cost_of_capital(place.name, technology)
        )
        annuity[s] = overnight[s][:, None] * context.construction_factor(place.name, technology) * weights
        fixed[s] = [_fixed_om(context, place.name, technology, kind, year) for year in years] * context.time.year_weight
        announced[s] = [
            context.figure(place.name, technology, "announced_capex_usd_per_kw", default=0.0).value * KW_PER_MW
            for _ in years
        ]
    kept = lives * (np.asarray(years)[None, None, :] > np.asarray(years)[None, :, None])
    sure = context.confidence(technology, kind.capex)
    sure_om = context.confidence(technology, kind.fixed_om)
    per = f"USD/{kind.unit}"
    tail = kind.suffix
    return {
        f"built_max_{tail}": Quantity(built_max, ("site", "vintage"), kind.unit),
        f"capacity_max_{tail}": Quantity(capacity_max, ("site", "year"), kind.unit),
        f"capacity_min_{tail}": Quantity(capacity_min, ("site", "year"), kind.unit),
        f"alive_{tail}": Quantity(lives, ("site", "vintage", "year"), "1"),
        f"kept_{tail}": Quantity(kept, ("site", "vintage", "year"), "1"),
        f"annuity_usd_per_{tail}": Quantity(annuity, ("site", "vintage", "year"), per, sure),
        f"fixed_om_usd_per_{tail}": Quantity(fixed, ("site", "year"), per, sure_om),
        f"overnight_usd_per_{tail}": Quantity(overnight, ("site", "vintage"), per, sure),
        f"announced_usd_per_{tail}": Quantity(announced, ("site", "vintage"), per, sure),
        **prepare_whole_units(unit_mw, built_max, capacity_max),
    }


def _bounds(options: Any, kind: CapacityKind, years: tuple[int, ...], default: float) -> tuple[Array, Array]:
    if not kind.is_power:
        return np.zeros(len(years)), np.full(len(years), default)
    if options.capacity_mw is not None:
        given = np.array([options.capacity_mw.at(year) for year in years])
        return given, given
    lower, upper = options.capacity_min_mw, options.capacity_max_mw
    low = np.array([0.0 if lower is None else lower.at(year) for year in years])
    high = np.array([default if upper is None else upper.at(year) for year in years])
    return low, np.maximum(high, low) if upper is None else high


def _overnight(
    context: Context, site: str, technology: str, kind: CapacityKind, multiplier: str | None, year: int
) -> float:
    options = context.options(site, technology)
    if kind.is_power and options is not None and options.capex_usd_per_kw is not None:
        return float(options.capex_usd_per_kw.at(year)) * KW_PER_MW
    cost = context.usd(site, technology, kind.capex, year) * KW_PER_MW
    if context.figure(site, technology, "capex_all_in", default=0.0).value:
        return cost  # an announced total is already that of its place
    cooled = cooling_factor(context, site, technology, "capex")
    return cost * context.capex_multiplier(site, technology, multiplier) * cooled


def _fixed_om(context: Context, site: str, technology: str, kind: CapacityKind, year: int) -> float:
    options = context.options(site, technology)
    if kind.is_power and options is not None and options.fixed_om_usd_per_kw_year is not None:
        return float(options.fixed_om_usd_per_kw_year) * KW_PER_MW
    return context.usd(site, technology, kind.fixed_om, year, default=0.0) * KW_PER_MW


def build_vintages(builder: Builder, block: Any, data: dict[str, Quantity], *, kind: CapacityKind = POWER) -> Any:
    """Variables, rows and costs of capacity by vintage.

    Returns:
        The variable of total capacity, over (site, year).
    """
    tail = kind.suffix
    sets = builder.sets
    previous = builder.model.calendar.previous_year
    built = builder.variable(
        block, f"built_{tail}", ("site", "vintage"), upper=data[f"built_max_{tail}"].values, unit=kind.unit
    )
    vintage = builder.variable(
        block,
        f"vintage_{tail}",
        ("site", "vintage", "year"),
        upper=data[f"alive_{tail}"].values * data[f"built_max_{tail}"].values[:, :, None],
        unit=kind.unit,
    )
    capacity = builder.variable(
        block,
        f"capacity_{tail}",
        ("site", "year"),
        lower=data[f"capacity_min_{tail}"].values,
        upper=data[f"capacity_max_{tail}"].values,
        unit=kind.unit,
    )
    alive_at, kept_at = getattr(block, f"alive_{tail}"), getattr(block, f"kept_{tail}")

    def vintage_at_most_built(_: Any, site: Any, of: Any, year: Any) -> Any:
        return alive_at[site, of, year] * vintage[site, of, year] - alive_at[site, of, year] * built[site, of] <= 0

    def retired_stays_retired(_: Any, site: Any, of: Any, year: Any) -> Any:
        before = vintage[site, of, previous[year]]
        return kept_at[site, of, year] * vintage[site, of, year] - kept_at[site, of, year] * before <= 0

    def capacity_is_the_sum(_: Any, site: Any, year: Any) -> Any:
        return capacity[site, year] == sum(vintage[site, of, year] for of in sets["vintage"])

    over = ("site", "vintage", "year")
    builder.constraint(block, f"vintage_at_most_built_{tail}", over, vintage_at_most_built)
    builder.constraint(block, f"retired_stays_retired_{tail}", over, retired_stays_retired)
    builder.constraint(block, f"capacity_is_the_sum_{tail}", ("site", "year"), capacity_is_the_sum)

    builder.add(builder.hubs.capital, built, getattr(block, f"overnight_usd_per_{tail}"))
    builder.add(builder.hubs.announced_capital, built, getattr(block, f"announced_usd_per_{tail}"))
    builder.cost(block.name, "capital", built, data[f"annuity_usd_per_{tail}"])
    builder.cost(block.name, "fixed_om", capacity, data[f"fixed_om_usd_per_{tail}"])
    if kind.is_power:
        builder.add(builder.hubs.built, built)
        builder.add(builder.hubs.vintages, vintage)
        builder.add(builder.hubs.capacity, capacity)
        build_whole_units(builder, block, data, built, capacity)
    return capacity
