"""Hourly series of a place: the planner's own file where the scenario names one, else a synthetic year of a cited
shape.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import numpy as np

from gigasite.foundation.errors import InputError, Origin, Problem, did_you_mean
from gigasite.foundation.units import HOURS_PER_DAY, MONTHS_PER_YEAR
from gigasite.inputs.figure_table import Table
from gigasite.inputs.tables import Tables
from gigasite.system.place import Place, property_of
from gigasite.system.quantity import Array
from gigasite.system.synthetic_year import price_series, synthetic_series, temperature_series

Shapes = dict[str, Array]
Statistics = dict[str, dict[str, Array]]

NEEDED = ("standard_deviation", "autocorrelation_1h")
"""Statistics without which no year is made of a shape."""

SHAPES, VARIABILITY, ZONE_SERIES = "hourly_shapes", "hourly_variability", "grid_zone_series"


def capacity_factor(tables: Tables, place: Place, kind: str, seed: int) -> Array:
    """Output per MW of solar or wind at a place, shape (8760,), between 0 and 1."""
    own = place.hourly.get(kind)
    if own is not None:
        return own
    series = str(property_of(place.properties, f"{kind}_series", place.name))
    return synthetic(tables, series, seed, lower=0.0, upper=1.0)


def grid_price(tables: Tables, place: Place, mean_usd_per_mwh: float, seed: int) -> Array:
    """Energy price of a place's zone, shape (8760,), USD/MWh: the zone's shape at the yearly mean given.

    A planner's own file is taken as it stands, at its own level.
    """
    own = place.hourly.get("price")
    if own is not None:
        return own
    shape = synthetic_price(tables, zone_series(tables, place.zone, "price"), seed)
    return np.asarray(shape * (mean_usd_per_mwh / shape.mean()))


def system_load(tables: Tables, place: Place, seed: int) -> Array:
    """Load of the system a place belongs to, shape (8760,); only its order of hours is used."""
    return synthetic(tables, zone_series(tables, place.zone, "load"), seed)


def temperature(tables: Tables, monthly_mean_c: Array, diurnal_series: str, seed: int, name: str) -> Array:
    """Air temperature, shape (8760,), Celsius: monthly means with a daily course and weather."""
    key = ("temperature", diurnal_series, seed, name, tuple(np.asarray(monthly_mean_c).tolist()))
    made = _made(tables)
    if key not in made:
        means, statistics = _shape_of(tables, diurnal_series)
        with _faults_of(tables, diurnal_series):
            made[key] = temperature_series(monthly_mean_c, means, statistics, seed=seed, name=name)
    return made[key]


def zone_series(tables: Tables, zone: str, kind: str) -> str:
    """Name of a zone's series: its price, its load, or the region it lies in."""
    found = tables.values(ZONE_SERIES, "series", zone=zone, series_kind=kind)
    if not found:
        zones = tables.values(ZONE_SERIES, "zone")
        message = f"nothing is known of the {kind} of the grid zone {zone}"
        remedy = did_you_mean(zone, zones) or f"name a known zone, or add its rows to {ZONE_SERIES}.csv"
        raise InputError(Problem(message, key="grid_zone", given=zone, allowed=", ".join(zones), remedy=remedy))
    return found[0]


def synthetic(tables: Tables, series: str, seed: int, lower: float | None = None, upper: float | None = None) -> Array:
    """A seeded synthetic year of a cited month x hour shape, shape (8760,)."""
    key = ("series", series, seed, lower, upper)
    made = _made(tables)
    if key not in made:
        means, statistics = _shape_of(tables, series)
        with _faults_of(tables, series):
            made[key] = synthetic_series(means, statistics, seed=seed, name=series, lower=lower, upper=upper)
    return made[key]


def synthetic_price(tables: Tables, series: str, seed: int) -> Array:
    """A seeded synthetic year of prices, never below zero, shape (8760,)."""
    key = ("price", series, seed)
    made = _made(tables)
    if key not in made:
        means, statistics = _shape_of(tables, series)
        with _faults_of(tables, series):
            made[key] = price_series(means, statistics, seed=seed, name=series)
    return made[key]


def _made(tables: Tables) -> dict[Any, Array]:
    """Series made so far from the shapes of these tables."""
    return _made_of(tables.table(SHAPES), tables.table(VARIABILITY))


@lru_cache(maxsize=4)
def _made_of(_shapes: Table, _variability: Table) -> dict[Any, Array]:
    return {}


@lru_cache(maxsize=4)
def _all_shapes(shapes_table: Table, variability_table: Table) -> tuple[Shapes, Statistics]:
    """Every shape as 12 x 24 means, and its statistics by month."""
    means: Shapes = {}
    for series, month, hour, value in _cells(shapes_table, "series", "month", "hour"):
        by_hour = means.setdefault(series, np.full((MONTHS_PER_YEAR, HOURS_PER_DAY), np.nan))
        by_hour[int(month) - 1, int(hour)] = value
    statistics: Statistics = {}
    for series, parameter, month, value in _cells(variability_table, "series", "parameter", "month"):
        by_month = statistics.setdefault(series, {}).setdefault(parameter, np.full(MONTHS_PER_YEAR, np.nan))
        by_month[int(month) - 1] = value
    return means, statistics


def _cells(table: Table, first: str, second: str, third: str) -> Iterator[tuple[str, str, str, float]]:
    """Three key cells and the figure of every row."""
    at = {column: table.position(column) for column in (first, second, third)}
    a, b, c = at.values()
    for row in table.rows:
        if not (row.cells[a] and row.cells[b] and row.cells[c]):
            empty = next(column for column, position in at.items() if not row.cells[position])
            message, remedy = f"a row of {table.name}.csv without {empty}", "say which it is of"
            raise InputError(Problem(message, row.origin, empty, "(empty)", remedy=remedy))
        yield row.cells[a], row.cells[b], row.cells[c], row.value


def _shape_of(tables: Tables, series: str) -> tuple[Array, dict[str, Array]]:
    means, statistics = _all_shapes(tables.table(SHAPES), tables.table(VARIABILITY))
    if series not in means:
        raise InputError(Problem(f"no series of {SHAPES}.csv is called {series}", remedy=did_you_mean(series, means)))
    missing = int(np.isnan(means[series]).sum())
    if missing:
        message, allowed = f"{missing} hours of the series {series} are not in {SHAPES}.csv", "12 months of 24 hours"
        raise InputError(Problem(message, _first_row(tables, series), None, None, allowed, "add their rows"))
    known = statistics.get(series, {})
    wanting = [name for name in NEEDED if name not in known or np.isnan(known[name]).any()]
    if wanting:
        message = f"{VARIABILITY}.csv does not say the {' and the '.join(wanting)} of {series} in every month"
        raise InputError(Problem(message, _first_row(tables, series), remedy="add their rows"))
    return means[series], known


def _first_row(tables: Tables, series: str) -> Origin | None:
    """Where the shape of a series begins."""
    table = tables.table(SHAPES)
    at = table.position("series")
    return next((row.origin for row in table.rows if row.cells[at] == series), None)


@contextmanager
def _faults_of(tables: Tables, series: str) -> Iterator[None]:
    """Tell a planner of figures that no year can have."""
    try:
        yield
    except ValueError as error:
        why = str(error).removeprefix(f"{series}: ")
        message = f"no year can be made of the series {series}: {why}"
        remedy = f"look at its rows in {SHAPES}.csv and {VARIABILITY}.csv"
        raise InputError(Problem(message, _first_row(tables, series), remedy=remedy)) from None
