"""The run in one row: cost, capacity, load, gas, emissions, gap."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from gigasite.finance.discounting import calendar_years
from gigasite.formulation.hubs import SUPPLY_COMPONENTS
from gigasite.foundation.units import (
    DAYS_PER_YEAR,
    HOURS_PER_DAY,
    KW_PER_MW,
    MMBTU_PER_BCF,
    MMBTU_PER_QUAD,
    MONTHS_PER_YEAR,
)
from gigasite.results.capacity import TRUNK
from gigasite.results.cash_flow import inflation, price_level
from gigasite.results.costs import confidence_shares
from gigasite.results.outcome import Outcome
from gigasite.system.quantity import Array


def summary_table(
    outcome: Outcome, costs: pd.DataFrame, capacity: pd.DataFrame, energy: pd.DataFrame, load: pd.DataFrame
) -> pd.DataFrame:
    """One wide row. Sums `all years` count every calendar year that the modelled years stand for, not discounted."""
    row: dict[str, Any] = {"scenario": outcome.system.context.scenario.name}
    row |= _money(outcome, costs) | _published(outcome) | _capital(outcome)
    row |= _supply(outcome, capacity) | _load(outcome, costs, load)
    row |= _gas(outcome, capacity) | _burdens(outcome, energy)
    shares = confidence_shares(outcome, SUPPLY_COMPONENTS)
    row |= {f"cost_share_{name}": share for name, share in shares.items()}
    time = outcome.system.context.time
    row |= {
        "status": outcome.solution.status,
        "gap": outcome.solution.gap,
        "resolution_h": time.resolution_h,
        "days": time.days,
        "method": outcome.solution.method,
        "solve_seconds": outcome.solution.solve_seconds,
    }
    return pd.DataFrame([row])


def _supply_cost(outcome: Outcome, costs: pd.DataFrame) -> Array:
    """Present value of the cost of supply by modelled year."""
    inside = costs[costs["component"].isin(SUPPLY_COMPONENTS)]
    sums = inside.groupby("year")["cost_usd_present_value"].sum()
    return np.array([float(sums.get(year, 0.0)) for year in outcome.years])


def _money(outcome: Outcome, costs: pd.DataFrame) -> dict[str, Any]:
    """Cost of supply: in all, per MWh served and per kW energised and month, real and nominal."""
    by_year = _supply_cost(outcome, costs)
    energy = outcome.served_mwh.sum(axis=0)
    kw_months = outcome.energised_mean_mw.sum(axis=0) * KW_PER_MW * MONTHS_PER_YEAR
    return {
        "present_value_usd": float(by_year.sum()),
        "objective_usd": outcome.solution.objective_usd,
        "levelised_cost_usd_per_mwh": levelised(outcome, by_year, energy),
        "levelised_cost_nominal_usd_per_mwh": levelised(outcome, by_year, energy, nominal=True),
        "levelised_cost_usd_per_kw_month": levelised(outcome, by_year, kw_months),
        "levelised_cost_nominal_usd_per_kw_month": levelised(outcome, by_year, kw_months, nominal=True),
    }


def _published(outcome: Outcome) -> dict[str, Any]:
    """The price published for the project, in its own money; none where the scenario names none."""
    published = outcome.system.context.scenario.published
    return {"published_price_usd_per_mwh": None if published is None else float(published.price_usd_per_mwh)}


def levelised(outcome: Outcome, present_value_usd: Array, quantity: Array, *, nominal: bool = False) -> float:
    """The price of a unit that, the same in every year, pays for the cost of supply.

        real:     p = sum_y C_y W_y / sum_y Q_y W_y
        nominal:  p = sum_t C_y(t) I_t v_t / sum_t Q_y(t) v_t,    v_t = ((1 + r) (1 + i))^-(t + 0.5 - base)

    | symbol | name                                             | unit     | dimensions    |
    |--------|--------------------------------------------------|----------|---------------|
    | C      | cost in each calendar year, `present_value_usd` / W | USD 2024 | year       |
    | Q      | `quantity`: MWh served, or kW-months energised   | unit     | year          |
    | W      | `year_weight`                                    | years    | year          |
    | t      | calendar years that the modelled years stand for | year     |               |
    | I      | price level against 2024                         | 1        | t             |
    | r, i   | real discount rate, inflation                    | fraction |               |

    The real price rises with prices and is told in 2024 money; the nominal one stays the same in the money of each day,
    as a fixed-price contract would. Not a number where the quantity is zero.
    """
    context = outcome.system.context
    cost = present_value_usd / outcome.year_weight
    if not nominal:
        total = float(quantity @ outcome.year_weight)
        return float(present_value_usd.sum()) / total if total > 0 else float("nan")
    time, rise = context.time, inflation(context)
    rate = (1.0 + time.discount_rate_real) * (1.0 + rise)
    paid = bought = 0.0
    for y, span in enumerate(calendar_years(time.years, time.final_span_years)):
        for year in span:
            value = rate ** -(year + 0.5 - time.base_year)
            paid += float(cost[y]) * price_level(context, year) * value
            bought += float(quantity[y]) * value
    return paid / bought if bought > 0 else float("nan")


def _capital(outcome: Outcome) -> dict[str, Any]:
    """Overnight cost of everything new, and the same in the money of its announcement where there is one."""
    hubs = outcome.builder.hubs
    announced = {
        name: float(usd.sum()) for name, usd in outcome.by_feature(hubs.announced_capital, ("site", "vintage")).items()
    }
    each = {f"announced_capex_{name}_usd": usd for name, usd in announced.items() if usd > 0}
    return {
        "overnight_capex_usd": sum(float(outcome.term(term, ("site", "vintage")).sum()) for term in hubs.capital),
        "announced_capex_usd": sum(each.values()) if each else None,
        **each,
    }


def _supply(outcome: Outcome, capacity: pd.DataFrame) -> dict[str, Any]:
    """Megawatts and machines of every technology in the last year."""
    last = capacity[(capacity["year"] == outcome.years[-1]) & (capacity["technology"] != TRUNK)]
    row: dict[str, Any] = {}
    for technology, rows in last.groupby("technology", sort=False):
        row[f"capacity_{technology}_mw"] = float(rows["total_mw"].sum())
        if rows["units"].notna().any():
            row[f"units_{technology}"] = int(rows["units"].sum())
    return row


def _load(outcome: Outcome, costs: pd.DataFrame, load: pd.DataFrame) -> dict[str, Any]:
    """Energised, wanted and waiting load by year; what waiting and unserved energy come to."""
    energised = outcome.values("idle_load.energised_mw").sum(axis=0)
    waiting = outcome.values("idle_load.waiting_mw").sum(axis=0)
    wanted = outcome.system.ramp_mw.sum(axis=0)
    powered = np.nonzero(energised > 0)[0]
    row: dict[str, Any] = {"first_power_year": outcome.years[int(powered[0])] if len(powered) else None}
    for name, values in (("wanted", wanted), ("energised", energised), ("waiting", waiting)):
        row |= {f"{name}_{year}_mw": float(mw) for year, mw in zip(outcome.years, values, strict=True)}
    unserved, wanted_mwh = (
        load.pivot(index="site", columns="year", values=name)[list(outcome.years)].to_numpy().sum(axis=0)
        for name in ("unserved_mwh", "load_mwh")
    )
    all_energy = float(wanted_mwh @ outcome.span_years)
    by_component = costs.groupby("component")["cost_usd_present_value"].sum()
    return row | {
        "idle_mw_years": float(outcome.waiting_mean_mw.sum(axis=0) @ outcome.span_years),
        "idle_cost_usd": float(by_component.get("idle_load", 0.0)),
        "unserved_mwh": float(unserved @ outcome.span_years),
        "unserved_share": float(unserved @ outcome.span_years) / all_energy if all_energy > 0 else 0.0,
        "unserved_cost_usd": float(by_component.get("unserved_energy", 0.0)),
        "shortfall_cost_usd": float(by_component.get("national_shortfall", 0.0)),
    }


def _gas(outcome: Outcome, capacity: pd.DataFrame) -> dict[str, Any]:
    """Gas of pipelines: at full output, in the year with the most, and what it does to the regional price.

    full output [Bcf/d] = sum of ISO capacity * heat rate * 24 / MMBtu per Bcf          in the year with the most
    rise of the price   = elasticity * quads a year                                      in the year with the most
    """
    burnt = np.zeros(len(outcome.years))
    full = np.zeros(len(outcome.years))
    for term in outcome.builder.hubs.gas:
        burnt += outcome.term(term, ("year",)) * outcome.step_hours
        own = capacity[capacity["technology"] == term.feature]
        for y, year in enumerate(outcome.years):
            rows = own[own["year"] == year]
            heat_rate = dict(zip(outcome.sites, term.coefficient_values[:, y], strict=True))
            full[y] += float((rows["total_mw"] * rows["site"].map(heat_rate).astype(float)).sum())
    context = outcome.system.context
    elasticity = context.money.usd_2024(
        context.tables.figure(
            "fuel_properties", fuel="natural_gas", parameter="price_elasticity_usd_per_mmbtu_per_quad"
        )
    )
    most = float(burnt.max(initial=0.0))
    return {
        "gas_full_output_bcf_per_day": float(full.max(initial=0.0)) * HOURS_PER_DAY / MMBTU_PER_BCF,
        "gas_bcf_per_day": most / MMBTU_PER_BCF / DAYS_PER_YEAR,
        "gas_quads_per_year": most / MMBTU_PER_QUAD,
        "gas_price_rise_usd_per_mmbtu": elasticity * most / MMBTU_PER_QUAD,
    }


BURDENS = ("co2_t", "nox_t", "water_m3", "water_withdrawn_m3")


def _burdens(outcome: Outcome, energy: pd.DataFrame) -> dict[str, Any]:
    """Emissions and water of all years, land in the last."""
    span = dict(zip(outcome.years, outcome.span_years, strict=True))
    years = energy["year"].map(span).astype(float)
    row: dict[str, Any] = {name: float((energy[name] * years).sum()) for name in BURDENS}
    land = sum(outcome.by_feature(outcome.builder.hubs.land, ("year",)).values(), start=np.zeros(len(outcome.years)))
    return row | {"land_m2": float(land[-1])}
