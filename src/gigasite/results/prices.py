"""Shadow prices: what one more unit of every limit would save, or of every wish would cost, in a planner's units.

A shadow price of a row is the change of the present value for one unit more on its right side. Divided by W_y it is
money per calendar year of the modelled year; what is built once (slots, a budget) stays in present value. Prices of
rows that do not bind are zero and left out.

At the corner of a linear programme where the best plan stands, a unit more may save less than a unit less costs; the
price lies somewhere between these two slopes, and so the sentences say `about`. It holds for the linear programme of
the last pass, in which the shares lost with machines are constants; where machines are whole, for their numbers in the
plan (`Solution.conditional`).

Prices of unlike units are ranked by their worth, the present value of the price times the size of the limit:

    worth = |dual| * |right side|,    or  |dual| * energised  where the right side is zero (reserve, unit loss)
                                      or  |dual| * allowed energy  for the clean share
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from gigasite.formulation.registry import technologies
from gigasite.foundation.units import KW_PER_MW, MWH_PER_GWH
from gigasite.results.clean_energy import clean_price_rows
from gigasite.results.environment import permit_price_rows
from gigasite.results.grid_terms import contract_price_rows
from gigasite.results.hourly import marginal_cost_usd_per_mwh
from gigasite.results.outcome import Outcome
from gigasite.results.prices_of_flexibility import flexibility_price_rows
from gigasite.results.prices_of_gas import gas_price_rows
from gigasite.results.prices_of_nation import national_price_rows, of_whole_campuses
from gigasite.results.prices_of_time import lead_time_rows
from gigasite.results.reliability_prices import reliability_price_rows
from gigasite.results.words import dollars
from gigasite.system.quantity import Array

COLUMNS = ("site", "year", "requirement", "shadow_price", "unit", "worth_usd", "sentence")
ALL_SITES = "all sites"
USD_PER_MILLION = 1e-6
"""The rows of a capital budget are written in million USD: USD per million USD is this many USD per USD."""

LEAST = 1e-6
"""Prices below this, in their own unit, are rounding of the solver."""


@dataclass(frozen=True)
class PriceRule:
    """How the price of a kind of row is told.

    Attributes:
        row: the constraint, without what a pool or class adds to its name.
        requirement: what a planner calls it.
        unit: unit of the price.
        factor: from USD per unit of the row to that unit; negative where one more on the right side saves.
        per_year: whether the price is divided by W_y.
        sentence: from place, year and price to words.
    """

    row: str
    requirement: str
    unit: str
    factor: float
    per_year: bool
    sentence: Callable[[str, int, float], str]


def _of_a_kw(what: str, verb: str) -> Callable[[str, int, float], str]:
    return lambda place, year, price: (
        f"One more MW of {what} at {place} in {year} would {verb} about {dollars(price * KW_PER_MW)} a year."
    )


def _of_a_mw(what: str, verb: str) -> Callable[[str, int, float], str]:
    return lambda place, year, price: (
        f"One more MW of {what} in {place} in {year} would {verb} about {dollars(price)} a year."
    )


def _wanted(place: str, year: int, price: float) -> str:
    verb = "cost" if price >= 0 else "save"
    return f"One more MW wanted at {place} in {year} would {verb} about {dollars(abs(price) * KW_PER_MW)} a year."


def _slots(place: str, year: int, price: float) -> str:
    return f"One more MW of {place} deliverable by {year} would save about {dollars(price)} of present value."


def _budget(place: str, _: int, price: float) -> str:
    return f"One more dollar of the capital budget of {place} would save about {price:,.2f} USD of present value."


def _co2(_: str, year: int, price: float) -> str:
    return f"One more tonne of carbon dioxide allowed in {year} would save about {dollars(price)}."


def _clean(_: str, year: int, price: float) -> str:
    return f"One more MWh from supply that emits allowed in {year} would save about {dollars(price)}."


def _shortfall(_: str, year: int, price: float) -> str:
    return f"One MWh less of national demand in {year} would save about {dollars(price)}."


def _floor(place: str, year: int, price: float) -> str:
    return (
        f"One MW less of the capacity floor at {place} in {year} would save about {dollars(price * KW_PER_MW)} a year."
    )


PER_KW, PER_MW = "USD/kW-year", "USD/MW-year"
RULES = (
    PriceRule(
        "firm_supply.firm_carries_the_peak",
        "reserve",
        PER_KW,
        -1 / KW_PER_MW,
        True,
        _of_a_kw("firm capacity for the reserve", "save"),
    ),
    PriceRule(
        "unit_loss.survivors_carry_the_peak",
        "unit_loss",
        PER_KW,
        -1 / KW_PER_MW,
        True,
        _of_a_kw("capacity that survives the loss of machines", "save"),
    ),
    PriceRule(
        "uptime.credited_carries_the_need",
        "uptime",
        PER_KW,
        -1 / KW_PER_MW,
        True,
        _of_a_kw("capacity that is there when load would go unserved", "save"),
    ),
    PriceRule(
        "grid_connection.zone_step_at_most_width",
        "grid_step",
        PER_MW,
        -1.0,
        True,
        _of_a_mw("this step of the grid", "save"),
    ),
    PriceRule(
        "grid_connection.region_at_most_headroom",
        "grid_headroom",
        PER_MW,
        -1.0,
        True,
        _of_a_mw("grid headroom", "save"),
    ),
    PriceRule("capacity_floor.capacity_at_least_floor", "capacity_floor", PER_KW, -1 / KW_PER_MW, True, _floor),
    PriceRule("build_slots.built_within_slots", "build_slots", "USD/MW present value", -1.0, False, _slots),
    PriceRule("capital_budget.spent_within_site_budget", "capital_budget", "USD/USD", -USD_PER_MILLION, False, _budget),
    PriceRule("capital_budget.spent_within_budget", "capital_budget", "USD/USD", -USD_PER_MILLION, False, _budget),
    PriceRule("emissions.emitted_at_most_cap", "co2_cap", "USD/t", -1.0, True, _co2),
    PriceRule("clean_share.emitting_at_most_allowed", "clean_share", "USD/MWh", -1 / MWH_PER_GWH, True, _clean),
    PriceRule(
        "national_demand.served_meets_trajectory", "national_demand", "USD/MWh", -1 / MWH_PER_GWH, True, _shortfall
    ),
)


def prices_table(outcome: Outcome) -> pd.DataFrame:
    """One row per site, year and requirement that has a price, and the mean marginal cost of energy of every site."""
    rows: list[dict[str, Any]] = [
        *_energy_rows(outcome),
        *_ramp_rows(outcome),
        *lead_time_rows(outcome),
        *contract_price_rows(outcome),
    ]
    rows += [
        *permit_price_rows(outcome),
        *clean_price_rows(outcome),
        *gas_price_rows(outcome),
        *reliability_price_rows(outcome),
    ]
    rows += [*flexibility_price_rows(outcome), *national_price_rows(outcome)]
    for rule in RULES:
        for name in sorted(outcome.constraint_names):
            if name == rule.row or name.startswith(f"{rule.row}__"):
                rows += _rows_of(outcome, rule, name)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _rows_of(outcome: Outcome, rule: PriceRule, name: str) -> Iterator[dict[str, Any]]:
    """Every row of a constraint that has a price."""
    group, duals = outcome.solution.lp.row_group(name), outcome.solution.duals(name)
    worth = np.abs(duals) * _size(outcome, name, group.dims)
    pool = name.removeprefix(rule.row).removeprefix("__")
    for index in map(tuple, np.argwhere(duals)):  # the one index of a row without sets is ()
        at = {dim: labels[int(i)] for dim, labels, i in zip(group.dims, group.labels, index, strict=True)}
        year = int(at.get("year", outcome.years[-1]))
        weight = outcome.year_weight[outcome.years.index(year)] if rule.per_year else 1.0
        price = float(duals[index]) * rule.factor / weight
        if abs(price) > LEAST:
            place = _place(outcome, at, rule, pool)
            yield {
                "site": place,
                "year": year,
                "requirement": _requirement(rule, at, pool),
                "shadow_price": price,
                "unit": rule.unit,
                "worth_usd": float(worth[index]),
                "sentence": rule.sentence(_said(outcome, place, pool), year, price),
            }


def _size(outcome: Outcome, name: str, dims: tuple[str, ...]) -> Array:
    """Right side of every row of a constraint; the energised load where that is zero by its form."""
    lp = outcome.solution.lp
    upper, lower = lp.duals_of(name, lp.row_upper), lp.duals_of(name, lp.row_lower)
    side = np.abs(np.where(np.isfinite(upper), upper, lower))
    if name == "clean_share.emitting_at_most_allowed":
        allowed = outcome.system.features["clean_share"]["allowed_gwh_per_mw"].values
        return np.asarray((allowed * outcome.values("idle_load.energised_mw")).sum(axis=0))
    if name.startswith("uptime."):
        return np.asarray(outcome.values("idle_load.energised_mw"))[..., None]
    if dims == ("site", "year") and not name.startswith("capacity_floor"):
        return np.asarray(outcome.values("idle_load.energised_mw"))
    return np.where(np.isfinite(side), side, 0.0)


def _place(outcome: Outcome, at: dict[str, Any], rule: PriceRule, pool: str) -> str:
    """The site of a row, or the zone, region or owner that stands for one."""
    del rule, pool
    if "floor" in at:
        owners = outcome.system.features["capacity_floor"]
        counts = np.sum([q.values for key, q in owners.items() if key.startswith("counts_")], axis=0)
        return outcome.sites[int(np.argmax(counts[int(at["floor"]) - 1]))]
    return str(next((at[dim] for dim in ("site", "zone", "region") if dim in at), ALL_SITES))


def _requirement(rule: PriceRule, at: dict[str, Any], pool: str) -> str:
    """Name of the requirement, with the step, the floor or the pool of slots where there are several."""
    number = next((str(at[dim]) for dim in ("step", "floor", "uptime_turn") if dim in at), "")
    return "_".join(part for part in (rule.requirement, number, pool.replace("__", "_")) if part)


def _said(outcome: Outcome, place: str, pool: str) -> str:
    """A place in words: in a national account its title, else the name that the planner gave it."""
    context = outcome.system.context
    if not pool and context.scenario.national is not None and place in outcome.sites:
        return context.place(place).title
    if not pool:
        return place
    technology, _, kind = pool.partition("__")
    label = technologies()[technology].label.lower() if technology in technologies() else technology
    return f"light {label} capacity" if kind == "light" else f"{label} capacity"


def _energy_rows(outcome: Outcome) -> Iterator[dict[str, Any]]:
    """Marginal cost of energy, the mean over the load of each site and year."""
    load = outcome.load_mw
    total = load.sum(axis=-1)
    paid = (marginal_cost_usd_per_mwh(outcome) * load).sum(axis=-1)
    for s, y in zip(*np.nonzero(total > 0), strict=True):
        site, year, price = outcome.sites[s], outcome.years[y], float(paid[s, y] / total[s, y])
        sentence = f"One more MWh at {site} in {year}, spread like its load, would cost about {dollars(price)}."
        worth = float(price * total[s, y] * outcome.step_hours * outcome.year_weight[y])
        yield dict(zip(COLUMNS, (site, year, "energy", price, "USD/MWh", worth, sentence), strict=True))


def _ramp_rows(outcome: Outcome) -> Iterator[dict[str, Any]]:
    """What one more MW wanted would cost, energised or waiting, whichever costs less.

        price = (dual of the ramp row + reduced costs of energised and waiting load at their upper limit) / W_y

    The ramp is the right side of its row and the upper limit of both: where all is energised, a MW more lifts both. Of
    a campus that opens as a whole it is the size as well.
    """
    dual = outcome.duals("idle_load.energised_and_waiting_are_the_ramp")
    if dual is None:
        return
    lifted = sum(np.minimum(0.0, outcome.solution.reduced(f"idle_load.{name}_mw")) for name in ("energised", "waiting"))
    prices = (dual + lifted + of_whole_campuses(outcome)) / outcome.year_weight / KW_PER_MW
    for s, y in zip(*np.nonzero(outcome.system.ramp_mw > 0), strict=True):
        site, year, price = outcome.sites[s], outcome.years[y], float(prices[s, y])
        if abs(price) > LEAST:
            worth = abs(price) * KW_PER_MW * outcome.year_weight[y] * float(outcome.system.ramp_mw[s, y])
            told = (site, year, "load_ramp", price, PER_KW, worth, _wanted(site, year, price))
            yield dict(zip(COLUMNS, told, strict=True))
