"""From a checked scenario and cited tables to a system: the only place where inputs meet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from gigasite.finance.deflator import Deflator
from gigasite.foundation.errors import InputError, Problem
from gigasite.foundation.units import DAYS_PER_YEAR, MONTHS_PER_YEAR
from gigasite.inputs.known_sites import known_sites
from gigasite.inputs.tables import Tables
from gigasite.system.context import Context
from gigasite.system.hourly import temperature, zone_series
from gigasite.system.money import Money
from gigasite.system.place import Place, load_per_energised_mw, power_usage_effectiveness, property_of
from gigasite.system.quantity import Array, FeatureData
from gigasite.system.rest_of_state import with_rest_of_state
from gigasite.system.system import System
from gigasite.system.time_axis import TimeAxis

OWN_SERIES = ("load", "price", "wind", "solar", "temperature")
"""Kinds of hourly series a planner may bring."""

ReadHourly = Callable[[str, str], Array | None]
"""A planner's own series of a site and kind, shape (8760,), or None."""


def assemble(
    scenario: Any,
    tables: Tables,
    preparers: Mapping[str, Callable[[Context], FeatureData]],
    *,
    hourly: ReadHourly = lambda _site, _kind: None,
    load_room_mw: Mapping[str, float] | None = None,
) -> System:
    """Bring everything a scenario names to one set of arrays.

    Args:
        scenario: the checked scenario.
        tables: cited figures with the scenario's overrides.
        preparers: what makes each feature's arrays, by name.
        hourly: reads a planner's own series of a site.
        load_room_mw: largest load of a site to make room for, where that is more than its own.

    Raises:
        InputError: a figure, a site or a file that is needed is not there.
    """
    context = replace(context_of(scenario, tables, hourly=hourly), load_room_mw=load_room_mw or {})
    return System(context, {name: prepare(context) for name, prepare in preparers.items()})


def context_of(scenario: Any, tables: Tables, *, hourly: ReadHourly = lambda _site, _kind: None) -> Context:
    """The inputs of a scenario without any feature's arrays."""
    scenario = with_rest_of_state(scenario, tables)
    time = _time_axis(scenario, tables)
    places = tuple(_place(scenario, tables, name, hourly) for name in scenario.sites)
    return Context(
        scenario=scenario,
        tables=tables,
        time=time,
        money=Money(deflator_of(tables), time),
        places=places,
        zones=tuple(dict.fromkeys(place.zone for place in places)),
        regions=tuple(dict.fromkeys(place.region for place in places)),
        grid_steps=len(tables.values("grid_steps", "step", zone="default")),
    )


def _time_axis(scenario: Any, tables: Tables) -> TimeAxis:
    horizon, rate = scenario.horizon, scenario.money.discount_rate_real
    return TimeAxis(
        years=tuple(horizon.years),
        base_year=horizon.base_year,
        final_span_years=horizon.final_span_years,
        discount_rate_real=_finance(tables, "discount_rate", "real") if rate is None else rate,
        resolution_h=horizon.resolution_h,
        days=horizon.days or DAYS_PER_YEAR,
    )


def _finance(tables: Tables, topic: str, item: str) -> float:
    return tables.figure("finance", topic=topic, item=item).value


def deflator_of(tables: Tables) -> Deflator:
    """The published price index, with the growth that holds after its last year."""
    _, by_year = tables.table("finance").dated["deflator", "usd_2004_per_usd"]
    return Deflator({year: row.value for year, row in by_year}, _finance(tables, "deflator", "growth_after"))


def _properties(tables: Tables, name: str, settings: Any) -> dict[str, Any]:
    """Row of a site in the layer, with what the scenario says of the place laid over it."""
    known = known_sites(tables.folders)
    like = settings.like or name
    properties = dict(known.get(like, {}))
    if settings.place is not None:
        said = settings.place.model_dump(exclude_unset=True)
        properties |= {{"lat": "latitude", "lon": "longitude"}.get(key, key): value for key, value in said.items()}
        borrowed = known.get(said.get("temperature_like_site", ""), {})
        for key in ("temperature_series", "wind_series", "solar_series", "design_temperature_c"):
            properties.setdefault(key, borrowed.get(key))
    if not properties:
        raise InputError(
            [Problem(f"site {name!r} is neither in sites.geojson nor described under `place:`", key=f"sites.{name}")]
        )
    return {"temperature_site": properties.get("temperature_like_site") or like, **properties}


def _place(scenario: Any, tables: Tables, name: str, read_hourly: ReadHourly) -> Place:
    settings = scenario.sites[name]
    properties = _properties(tables, name, settings)
    zone = settings.grid.zone or str(property_of(properties, "grid_zone", name))
    read = {kind: read_hourly(name, kind) for kind in OWN_SERIES}
    hourly = {kind: series for kind, series in read.items() if series is not None}
    warmth = hourly.get("temperature")
    if warmth is None:
        warmth = _temperature(tables, properties, scenario.horizon.seed, name)
    load = {key: _load_figure(scenario, settings, tables, key) for key in LOAD_FIGURES}
    pue = power_usage_effectiveness(
        warmth,
        pue_mean=load["pue_mean"],
        pue_peak=load["pue_peak"],
        slope_per_k=_finance(tables, "load", "pue_slope_per_k"),
        threshold_c=_finance(tables, "load", "pue_threshold_c"),
    )
    shape = load_per_energised_mw(load["utilisation_mean"], pue, load["pue_peak"])
    return Place(
        name=name,
        title=str(properties.get("name") or name),
        state=str(properties.get("state") or ""),
        latitude=float(properties["latitude"]),
        longitude=float(properties["longitude"]),
        zone=zone,
        region=zone_series(tables, zone, "region"),
        census_division=str(properties.get("census_division") or ""),
        design_temperature_c=float(property_of(properties, "design_temperature_c", name)),
        temperature_c=warmth,
        load_mw_per_mw=hourly.get("load", shape),
        pue_peak=load["pue_peak"],
        idle_value_usd_per_mw_year=load["idle_value_usd_per_mw_year"],
        unserved_cost_usd_per_mwh=load["unserved_cost_usd_per_mwh"],
        counts_in_national=bool(settings.count_in_national),
        settings=settings,
        properties=properties,
        hourly=hourly,
        utilisation_mean=None if "load" in hourly else load["utilisation_mean"],
    )


LOAD_FIGURES = {
    "pue_peak": "pue_peak",
    "pue_mean": "pue_mean_target",
    "utilisation_mean": "utilisation_mean_ai_campus",
    "idle_value_usd_per_mw_year": "idle_value_usd_per_mw_year",
    "unserved_cost_usd_per_mwh": "unserved_cost_usd_per_mwh",
}
"""Keys of `load:` and the rows of `finance.csv` that serve where a scenario is silent."""


def _load_figure(scenario: Any, settings: Any, tables: Tables, key: str) -> float:
    for spec in (settings.load, scenario.load):
        given = getattr(spec, key)
        if given is not None:
            return float(given)
    return _finance(tables, "load", LOAD_FIGURES[key])


def _temperature(tables: Tables, properties: Mapping[str, Any], seed: int, name: str) -> Array:
    site = str(properties["temperature_site"])
    monthly = np.array(
        [
            tables.figure("site_months", site_id=site, month=month, parameter="mean_temperature_c").value
            for month in range(1, MONTHS_PER_YEAR + 1)
        ]
    )
    course = str(property_of(properties, "temperature_series", name))
    return temperature(tables, monthly, course, seed, f"temperature of {name}")
