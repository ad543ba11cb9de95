"""Tables of gas supply: contracts, distillate and tanks, days without interruptible gas, gas of regions."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gigasite.formulation.firm_gas import gas_plants
from gigasite.formulation.requirements.gas_transport import is_stopped, stopped_days
from gigasite.foundation.units import (
    DAYS_PER_MONTH,
    DAYS_PER_YEAR,
    HOURS_PER_DAY,
    MMBTU_PER_BCF,
    MMBTU_PER_GBTU,
)
from gigasite.results.frames import site_year_rows, stacked
from gigasite.results.fuelled import fuelled_firm_mw
from gigasite.results.outcome import Outcome
from gigasite.system.quantity import Array

TRANSPORT, DUAL_FUEL, REGIONS = "gas_transport", "dual_fuel", "gas_regions"
BY_THE_HOUR = {
    "firm_flow_mmbtu": f"{TRANSPORT}.firm_flow_mmbtu_per_h",
    "interruptible_mmbtu": f"{TRANSPORT}.interruptible_mmbtu_per_h",
    "liquid_mmbtu": f"{DUAL_FUEL}.liquid_mmbtu_per_h",
    "refill_mmbtu": f"{DUAL_FUEL}.refill_mmbtu_per_h",
}
PLANNED = {
    "firm_contract_mmbtu_per_h": f"{TRANSPORT}.firm_mmbtu_per_h",
    "firm_liquid_mmbtu_per_h": f"{DUAL_FUEL}.firm_liquid_mmbtu_per_h",
}
BUILT = {"tank_mmbtu": f"{DUAL_FUEL}.tank_mmbtu", "burner_mmbtu_per_h": f"{DUAL_FUEL}.burner_mmbtu_per_h"}
SUPPLY_COLUMNS = (
    "site", "year", "pipeline_mmbtu", *BY_THE_HOUR, *PLANNED, "not_firm_mw", "stopped_days",
    *(name for each in BUILT for name in (f"new_{each}", each)),
)  # fmt: skip
STOP_COLUMNS = ("site", "day", "month", "mean_temperature_c")
REGION_COLUMNS = ("gas_region", "year", "burnt_bcf_per_day", "limit_bcf_per_day", "mean_adder_usd_per_mmbtu")
STEP_COLUMNS = ("site", "year", "gas_step", "step_gbtu")


def gas_supply_table(outcome: Outcome) -> pd.DataFrame:
    """One row per site and year where gas is under contract, has tanks beside it or belongs to a region.

    Gas and distillate are those of a calendar year; `liquid_mmbtu` is the gas that distillate stood for.
    """
    at = sorted({int(s) for name in (TRANSPORT, DUAL_FUEL) for s in np.nonzero(_at(outcome, name))[0]})
    at = sorted({*at, *(int(s) for s in np.nonzero(_in_region(outcome))[0])})
    shape = (len(outcome.sites), len(outcome.years))
    columns = {"pipeline_mmbtu": pipeline_mmbtu(outcome)}
    for column, name in BY_THE_HOUR.items():
        columns[column] = _values(outcome, name, (*shape, 1)).sum(axis=-1) * outcome.step_hours
    columns |= {column: _values(outcome, name, shape) for column, name in PLANNED.items()}
    for column, name in BUILT.items():
        new = _values(outcome, name, shape)
        lives = outcome.data(DUAL_FUEL, "in_life")
        columns |= {f"new_{column}": new, column: new if lives is None else new @ lives.values}
    columns["not_firm_mw"] = _not_firm_mw(outcome)
    days = outcome.data(TRANSPORT, "stopped_days")
    columns["stopped_days"] = np.zeros(shape) if days is None else days.values[:, None] * np.ones(shape)
    return stacked([site_year_rows(outcome.sites, outcome.years, columns, at)], SUPPLY_COLUMNS)


def gas_stops_table(outcome: Outcome) -> pd.DataFrame:
    """One row per site and day on which interruptible gas does not flow, the same in every year."""
    context = outcome.system.context
    month = np.repeat(np.arange(1, 13), DAYS_PER_MONTH)
    frames = []
    for place in context.places:
        if place.settings.gas.transport is None:
            continue
        means = place.temperature_c.reshape(-1, HOURS_PER_DAY).mean(axis=1)
        (days,) = np.nonzero(is_stopped(place.temperature_c, stopped_days(context, place)))
        columns = {"site": place.name, "day": days + 1, "month": month[days], "mean_temperature_c": means[days]}
        frames.append(pd.DataFrame(columns))
    return stacked(frames, STOP_COLUMNS)


def gas_regions_table(outcome: Outcome) -> pd.DataFrame:
    """One row per region and year: what its sites burn, and what they pay for it on top of their price."""
    data = outcome.system.features.get(REGIONS, {})
    if not data:
        return stacked([], REGION_COLUMNS)
    members = data["in_region"].values
    burnt = members @ pipeline_mmbtu(outcome)
    steps = _values(outcome, f"{REGIONS}.step_gbtu", (1, 1, 1))
    paid = np.einsum("rs,syk,rk->ry", members, steps, data["adder_usd_per_mmbtu"].values) * MMBTU_PER_GBTU
    regions = outcome.system.context.scenario.requirements.gas_regions
    limits = [np.nan if region.limit_bcf_per_day is None else region.limit_bcf_per_day for region in regions.values()]
    frame = site_year_rows(
        tuple(regions),
        outcome.years,
        {
            "burnt_bcf_per_day": burnt / MMBTU_PER_BCF / DAYS_PER_YEAR,
            "limit_bcf_per_day": np.array(limits)[:, None] * np.ones(burnt.shape),
            "mean_adder_usd_per_mmbtu": np.divide(paid, burnt, out=np.zeros_like(paid), where=burnt > 0),
        },
    )
    return stacked([frame.rename(columns={"site": "gas_region"})], REGION_COLUMNS)


def gas_steps_table(outcome: Outcome) -> pd.DataFrame:
    """Gas bought by site, year and step of its region."""
    name = f"{REGIONS}.step_gbtu"
    if name not in outcome.variable_names:
        return stacked([], STEP_COLUMNS)
    values = outcome.values(name)
    steps = range(1, values.shape[2] + 1)
    index = pd.MultiIndex.from_product([outcome.sites, outcome.years, steps], names=list(STEP_COLUMNS[:3]))
    frame = pd.DataFrame({"step_gbtu": values.reshape(-1)}, index=index).reset_index()
    return stacked([frame[np.repeat(_in_region(outcome) > 0, values[0].size)]], STEP_COLUMNS)


def pipeline_mmbtu(outcome: Outcome) -> Array:
    """Pipeline gas burnt in a calendar year, distillate taken off, shape (site, year)."""
    burnt = np.zeros((len(outcome.sites), len(outcome.years)))
    for term in outcome.builder.hubs.gas:
        burnt += outcome.term(term, ("site", "year")) * outcome.step_hours
    return burnt


def _not_firm_mw(outcome: Outcome) -> Array:
    """Firm megawatts of gas plants that do not count for want of firm gas."""
    counted = fuelled_firm_mw(outcome)
    total = np.zeros((len(outcome.sites), len(outcome.years)))
    for name, plant in gas_plants(outcome.builder).items() if counted else ():
        total += outcome.term(plant.firm, ("site", "year")) - counted[name]
    return total


def _at(outcome: Outcome, feature: str) -> Array:
    found = outcome.data(feature, "at_site")
    return np.zeros(len(outcome.sites)) if found is None else found.values


def _in_region(outcome: Outcome) -> Array:
    found = outcome.data(REGIONS, "in_any_region")
    return np.zeros(len(outcome.sites)) if found is None else found.values


def _values(outcome: Outcome, name: str, shape: tuple[int, ...]) -> Array:
    return outcome.values(name) if name in outcome.variable_names else np.zeros(shape)
