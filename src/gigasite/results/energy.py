"""Energy by site, year and technology, with fuel, emissions and water."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gigasite.foundation.units import HOURS_PER_YEAR
from gigasite.results.capacity import capacity_mw
from gigasite.results.frames import Values, site_year_rows, stacked
from gigasite.results.outcome import Outcome
from gigasite.results.series import NAMELESS, power_series
from gigasite.system.quantity import Array

COLUMNS = (
    "site",
    "year",
    "technology",
    "energy_mwh",
    "energy_used_mwh",
    "capacity_factor",
    "fuel_mmbtu",
    "co2_t",
    "nox_t",
    "water_m3",
    "water_withdrawn_m3",
)


def energy_table(outcome: Outcome) -> pd.DataFrame:
    """One row per site, year and technology that the site may have; all figures are those of one calendar year.

    `energy_mwh` is what the technology gave the site, `energy_used_mwh` what it took (charge, export, power sent away).
    """
    given, used = _energy(outcome)
    hubs = outcome.builder.hubs
    zero = np.zeros((len(outcome.sites), len(outcome.years)))
    burdens = {
        column: {name: rate * outcome.step_hours for name, rate in outcome.by_feature(hub).items()}
        for column, hub in (
            ("co2_t", hubs.co2),
            ("nox_t", hubs.nox),
            ("water_m3", hubs.water),
            ("water_withdrawn_m3", hubs.water_withdrawn),
        )
    }
    beside = sorted({name for found in burdens.values() for name in found} - set(given))
    given |= dict.fromkeys(beside, zero)  # burns in the plants of others
    frames = []
    for technology in given:
        columns: dict[str, Values | str | float] = {
            "technology": technology,
            "energy_mwh": given[technology],
            "energy_used_mwh": used.get(technology, zero),
            "capacity_factor": _capacity_factor(outcome, technology, given[technology]),
            "fuel_mmbtu": _fuel(outcome, technology, given[technology]),
        }
        columns |= {column: found.get(technology, zero) for column, found in burdens.items()}
        frames.append(site_year_rows(outcome.sites, outcome.years, columns, outcome.at_sites(technology)))
    return stacked(frames, COLUMNS)


def _energy(outcome: Outcome) -> tuple[dict[str, Array], dict[str, Array]]:
    given: dict[str, Array] = {}
    used: dict[str, Array] = {}
    for series in power_series(outcome):
        if series.feature in NAMELESS:
            continue
        side = given if series.sign > 0 else used
        energy = series.values.sum(axis=-1) * outcome.step_hours
        side[series.feature] = side.get(series.feature, 0.0) + energy
        given.setdefault(series.feature, np.zeros_like(energy))
    return given, used


def _capacity_factor(outcome: Outcome, technology: str, energy_mwh: Array) -> Array:
    """Energy over capacity times the hours of a year; not a number where nothing stands."""
    capacity = capacity_mw(outcome, technology)
    empty = np.full(energy_mwh.shape, np.nan)
    return np.asarray(np.divide(energy_mwh, capacity * HOURS_PER_YEAR, out=empty, where=capacity > 0))


def _fuel(outcome: Outcome, technology: str, energy_mwh: Array) -> Array:
    """Heat in the fuel, higher heating value; zero for what burns nothing."""
    heat_rate = outcome.data(technology, "heat_rate_mmbtu_per_mwh")
    fuel: Array = energy_mwh * (0.0 if heat_rate is None else heat_rate.values)
    return fuel
