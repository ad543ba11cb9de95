"""The hourly series of a plan: what they are called, which way they count, and their values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gigasite.results.outcome import Outcome
from gigasite.system.quantity import Array

OVER_HOURS = ("site", "year", "hour")
NAMELESS = ("idle_load",)
"""Features whose series stand for the whole site and carry no prefix: `load_mw`, `unserved_mw`."""

USES = ("load_mw", "charge_mw", "export_mw", "sent_mw", "shifted_up_mw")
"""Endings of series that take power from the site; every other series of MW brings power to it."""


@dataclass(frozen=True)
class Series:
    """One hourly series of all sites and years.

    Attributes:
        name: `gas_turbine_output_mw`.
        feature: the technology or requirement it comes from.
        values: never negative, shape (site, year, hour).
        sign: 1 where it brings power to the site, -1 where it takes power, 0 where it is no power.
        sites: positions of the sites that may have it.
    """

    name: str
    feature: str
    values: Array
    sign: int
    sites: tuple[int, ...]


def series_name(feature: str, series: str) -> str:
    """Name of a series in the hourly tables.

    >>> series_name("gas_turbine", "output_mw"), series_name("idle_load", "unserved_mw")
    ('gas_turbine_output_mw', 'unserved_mw')
    """
    return series if feature in NAMELESS else f"{feature}_{series}"


def sign_of(name: str) -> int:
    """Which way a series counts in the power balance, by its name.

    >>> sign_of("battery_charge_mw"), sign_of("battery_discharge_mw"), sign_of("battery_stored_mwh")
    (-1, 1, 0)
    """
    if not name.endswith("_mw"):
        return 0
    return -1 if any(name == use or name.endswith(f"_{use}") for use in USES) else 1


def power_series(outcome: Outcome) -> Iterator[Series]:
    """Every part of the power balance of sites, one after the other."""
    everywhere = tuple(range(len(outcome.sites)))
    yield Series("load_mw", "idle_load", outcome.load_mw, -1, everywhere)
    for term in outcome.builder.hubs.power:
        values = outcome.term(term, OVER_HOURS)
        sites = everywhere if term.feature in NAMELESS else tuple(outcome.at_sites(term.feature))
        sign = -1 if float(term.coefficient_values.min(initial=0.0)) < 0 else 1
        yield Series(series_name(term.feature, term.series), term.feature, np.abs(values), sign, sites)


def recorded_series(outcome: Outcome) -> Iterator[Series]:
    """Hourly values that are no part of the power balance, such as stored energy."""
    for variable in outcome.builder.recorded_hourly:
        feature, _, short = variable.partition(".")
        values = outcome.values(variable)
        yield Series(series_name(feature, short), feature, values, 0, tuple(outcome.at_sites(feature)))
