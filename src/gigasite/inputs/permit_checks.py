"""Whether permits leave room for what is given, and whether the cooling that is asked for has figures."""

from __future__ import annotations

from collections.abc import Iterator

from gigasite.foundation.errors import InputError, Problem
from gigasite.foundation.units import HOURS_PER_YEAR, KW_PER_MW, SQUARE_METRES_PER_HECTARE
from gigasite.inputs.capacity_checks import default_of, written_at
from gigasite.inputs.quantities import YearSeries
from gigasite.inputs.scenario import Scenario, SiteSpec, TechnologySpec, technology_options
from gigasite.inputs.source_map import KeyPath, SourceMap, dotted
from gigasite.inputs.tables import Tables

_BACKUP, _BACKUP_KEY = "backup_generator", "backup_run_h_per_year"
_ROUNDING_HA = 1e-6
_RECIRCULATING = "recirculating"
_NEEDS = "water_withdrawal_m3_per_mwh_"


def permit_problems(scenario: Scenario, source: SourceMap, tables: Tables | None) -> Iterator[Problem]:
    """Yield every permit that cannot be kept or says nothing, and every cooling without figures."""
    told: set[KeyPath] = set()
    for site, spec in scenario.sites.items():
        yield from _backup(source, site, spec)
        if tables is not None and tables.has("technologies"):
            yield from _land(scenario, source, tables, site, spec)
            yield from _cooling(scenario, source, tables, site, told)


def _backup(source: SourceMap, site: str, spec: SiteSpec) -> Iterator[Problem]:
    hours = spec.permits.backup_run_h_per_year
    path: KeyPath = ("sites", site, "permits", _BACKUP_KEY)
    if hours is None:
        return
    if hours.largest > HOURS_PER_YEAR:
        at = _written(path, hours, hours.largest)
        message = "a backup generator cannot run longer than a year has hours"
        yield Problem(message, source.origin_of(at), dotted(at), f"{hours.largest:g} h", f"0 to {HOURS_PER_YEAR} h")
    if _BACKUP not in spec.technologies:
        message = f"{site} has no backup generator whose hours a permit could limit"
        remedy = f"list {_BACKUP} below `technologies:`, or take the key out"
        yield Problem(message, source.key_origin_of(path), dotted(path), remedy=remedy)


def _written(path: KeyPath, series: YearSeries, value: float) -> KeyPath:
    """Where a value of a series stands."""
    return next(((*path, year) for year, one in series.items() if one == value), path)


def _land(scenario: Scenario, source: SourceMap, tables: Tables, site: str, spec: SiteSpec) -> Iterator[Problem]:
    """Yield the first year in which given and least capacities cover more land than the permit allows."""
    permit = spec.permits.land_ha
    if permit is None:
        return
    merged = {name: technology_options(scenario, site, name) for name in spec.technologies}
    for year in scenario.horizon.years:
        covered = {
            name: _least_mw(options, year) * _ha_per_mw(tables, name, options) for name, options in merged.items()
        }
        needed = sum(covered.values())
        if needed <= permit.at(year) + _ROUNDING_HA:
            continue
        path: KeyPath = ("sites", site, "permits", "land_ha")
        steps = [written for written in permit.years if written <= year]
        at = (*path, steps[-1]) if steps else (*path, permit.years[0]) if permit.years else path
        parts = ", ".join(f"{name} {ha:,.4g} ha" for name, ha in covered.items() if ha > 0)
        yield Problem(
            f"the capacity given at {site} in {year} covers more land than the permit allows ({parts})",
            source.origin_of(at),
            dotted(at),
            f"{permit.at(year):g} ha",
            f"{needed:,.6g} ha or more",
            "raise land_ha, or lower capacity_mw and capacity_min_mw",
        )
        return


def _least_mw(options: TechnologySpec, year: int) -> float:
    """Capacity that stands in a year whatever the plan."""
    given = options.capacity_mw if options.capacity_mw is not None else options.capacity_min_mw
    return 0.0 if given is None else given.at(year)


def _ha_per_mw(tables: Tables, name: str, options: TechnologySpec) -> float:
    area = _figure(tables, name, options, "land_m2_per_kw")
    return 0.0 if area is None else area * KW_PER_MW / SQUARE_METRES_PER_HECTARE


def _figure(tables: Tables, name: str, options: TechnologySpec, parameter: str) -> float | None:
    """A figure of a technology as a site uses it, or None where inputs/ hold none."""
    machine_class = options.machine_class or default_of(tables, name, "machine_class")
    cost_case = options.cost_case or default_of(tables, name, "cost_case")
    keys = {"technology": name, "machine_class": machine_class, "cost_case": cost_case}
    try:
        return tables.figure("technologies", year=None, default=None, parameter=parameter, **keys).value
    except InputError:
        return None


def _cooling(scenario: Scenario, source: SourceMap, tables: Tables, site: str, told: set[KeyPath]) -> Iterator[Problem]:
    """Yield every cooling for which a class of machine has no figures."""
    for name in scenario.sites[site].technologies:
        options = technology_options(scenario, site, name)
        cooling = getattr(options, "cooling", None)
        path = written_at(source, site, name, "cooling")
        if cooling in (None, _RECIRCULATING) or path in told:
            continue
        if _figure(tables, name, options, f"{_NEEDS}{cooling}") is not None:
            continue
        told.add(path)
        known = [one for one in ("dry", "once_through") if _figure(tables, name, options, f"{_NEEDS}{one}") is not None]
        yield Problem(
            f"inputs/technologies.csv has no figures of {name} with this cooling, for its class of machine",
            source.origin_of(path),
            dotted(path),
            str(cooling),
            ", ".join([_RECIRCULATING, *known]),
            "take another cooling or class of machine, or add rows to an inputs/ folder of your own",
        )
