"""What the schema cannot see: whether the parts of a scenario fit each other and the figures. All faults are gathered.

Each check yields problems that name the key as it is written. Checks of capacities stand in `capacity_checks`, checks
of names against inputs/ in `name_checks`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from gigasite.foundation.errors import InputError, Problem, did_you_mean
from gigasite.foundation.units import DAYS_PER_YEAR
from gigasite.inputs.bridge_checks import bridge_problems
from gigasite.inputs.capacity_checks import capacity_problems
from gigasite.inputs.credit_checks import credit_notes, credit_problems
from gigasite.inputs.flexible_checks import flexible_notes, flexible_problems
from gigasite.inputs.futures import futures_problems
from gigasite.inputs.gas_checks import gas_problems
from gigasite.inputs.grid_checks import grid_notes, grid_problems
from gigasite.inputs.hourly_csv import HOURLY_COLUMNS, read_hourly_csv
from gigasite.inputs.lead_time_checks import lead_time_problems
from gigasite.inputs.load_checks import load_problems
from gigasite.inputs.name_checks import name_problems
from gigasite.inputs.national_checks import national_notes, national_problems
from gigasite.inputs.permit_checks import permit_problems
from gigasite.inputs.price_limits import price_problems
from gigasite.inputs.quantities import YearSeries
from gigasite.inputs.reliability_checks import reliability_notes, reliability_problems
from gigasite.inputs.scenario import Scenario, SiteSpec
from gigasite.inputs.source_map import KeyPath, SourceMap, dotted
from gigasite.inputs.tables import Tables
from gigasite.inputs.uptime_checks import uptime_problems
from gigasite.inputs.whole_unit_checks import whole_unit_problems


def check_scenario(
    scenario: Scenario, source: SourceMap, tables: Tables | None, technologies: tuple[str, ...]
) -> list[Problem]:
    """Return every fault in how the parts fit together; without tables the names of inputs/ are not checked."""
    problems = [*_nothing_to_solve(scenario, source), *_lines(scenario, source), *_national(scenario, source)]
    for site, spec in scenario.sites.items():
        problems.extend(_years(scenario, source, site, spec))
        problems.extend(_gas_basis(source, site, spec))
        problems.extend(_supply(scenario, source, site, spec))
        problems.extend(_hourly_files(scenario, source, site))
    problems.extend(price_problems(source))
    problems.extend(futures_problems(scenario, source))
    problems.extend(load_problems(scenario, source, tables))
    problems.extend(gas_problems(scenario, source))
    problems.extend(capacity_problems(scenario, source, tables))
    problems.extend(grid_problems(scenario, source))
    problems.extend(whole_unit_problems(scenario, source, tables))
    problems.extend(lead_time_problems(scenario, source, tables))
    problems.extend(bridge_problems(scenario, source, tables))
    problems.extend(credit_problems(scenario, source, tables))
    problems.extend(permit_problems(scenario, source, tables))
    problems.extend(name_problems(scenario, source, tables, technologies))
    problems.extend(national_problems(scenario, source, tables))
    problems.extend(_money_problems(scenario, source, tables))
    problems.extend(uptime_problems(scenario, source))
    problems.extend(reliability_problems(scenario, source))
    problems.extend(flexible_problems(scenario, source, tables))
    return problems


def _money_problems(scenario: Scenario, source: SourceMap, tables: Tables | None) -> Iterator[Problem]:
    """Faults of the money side; it reckons with numpy, which no other check needs."""
    if scenario.finance is not None:
        from gigasite.inputs.finance_checks import finance_problems

        yield from finance_problems(scenario, source, tables)
    if scenario.partnership is not None:
        from gigasite.inputs.partnership_checks import partnership_problems

        yield from partnership_problems(scenario, source, tables)


def notes_on(scenario: Scenario, source: SourceMap, tables: Tables | None = None) -> Iterator[Problem]:
    """Yield hints that are no faults."""
    days = scenario.horizon.days
    if days is not None and days < DAYS_PER_YEAR:
        message = f"only {days} days spread over each year are looked at: a short look, not an answer"
        yield Problem(message, source.origin_of(("horizon", "days")), "horizon.days", remedy="leave the key out")
    yield from credit_notes(scenario, source, tables)
    yield from grid_notes(scenario, source)
    yield from national_notes(scenario, source)
    yield from reliability_notes(scenario, source)
    yield from flexible_notes(scenario, source, tables)


def hourly_file(scenario: Scenario, source: SourceMap, site: str, kind: str) -> Path | None:
    """Return the planner's file of a kind at a site, relative to the scenario file that names it."""
    named: str | None = getattr(scenario.sites[site].hourly, kind)
    if named is None:
        return None
    origin = source.origin_of(("sites", site, "hourly", kind))
    return source.folders.get(origin.file, Path()) / named


def _nothing_to_solve(scenario: Scenario, source: SourceMap) -> Iterator[Problem]:
    if not scenario.sites and "candidates" not in source.data and scenario.national is None:
        message = "there is nothing to plan: no site and no national account"
        yield Problem(message, source.origin_of(("sites",)), "sites", remedy="write at least one site below `sites:`")


def _years(scenario: Scenario, source: SourceMap, site: str, spec: SiteSpec) -> Iterator[Problem]:
    """Refuse years that nobody would look at."""
    series: dict[KeyPath, YearSeries | None] = {("sites", site, "load_ramp_mw"): spec.load_ramp_mw}
    for index, floor in enumerate(spec.capacity_floor_mw):
        series["sites", site, "capacity_floor_mw", index, "mw"] = floor.mw
    for permit in type(spec.permits).model_fields:
        series["sites", site, "permits", permit] = getattr(spec.permits, permit)
    for technology, options in spec.technologies.items():
        for key in ("capacity_mw", "capacity_min_mw", "capacity_max_mw", "ordered_mw"):
            series["sites", site, "technologies", technology, key] = getattr(options, key)
    last = scenario.horizon.years[-1]
    for path, values in series.items():
        for year in values.years if values is not None else ():
            if year > last:
                yield _late_year(source, (*path, year), year, last)


def _late_year(source: SourceMap, path: KeyPath, year: int, last: int) -> Problem:
    return Problem(
        f"{year} comes after the last modelled year, {last}, and would never be seen",
        source.key_origin_of(path),
        dotted(path),
        str(year),
        f"years up to {last}",
        f"add a year to horizon.years, or take {year} out",
    )


def _gas_basis(source: SourceMap, site: str, spec: SiteSpec) -> Iterator[Problem]:
    """Refuse a delivered price with a hub or transport beside it: that would count transport twice."""
    if spec.gas.basis != "delivered":
        return
    for key in ("hub", "transport_usd_per_mmbtu"):
        if getattr(spec.gas, key) is not None:
            path = ("sites", site, "gas", key)
            yield Problem(
                "a delivered gas price holds its transport already; hub and transport belong to `basis: hub`",
                source.key_origin_of(path),
                dotted(path),
                str(getattr(spec.gas, key)),
                remedy="write `basis: hub`, or take this key out",
            )


def _supply(scenario: Scenario, source: SourceMap, site: str, spec: SiteSpec) -> Iterator[Problem]:
    fed = any(site in (line.from_site, line.to_site) for line in scenario.lines.values())
    path = ("sites", site)
    written = source.data["sites"][site].get("technologies")
    if spec.load_ramp_mw is not None and not spec.technologies and not written and not fed:
        message = f"{site} wants power, but has no technology and no line"
        remedy = "list what may be built below `technologies:`"
        yield Problem(message, source.key_origin_of(path), f"sites.{site}.technologies", remedy=remedy)


def _hourly_files(scenario: Scenario, source: SourceMap, site: str) -> Iterator[Problem]:
    for kind, (column, least, most) in HOURLY_COLUMNS.items():
        file = hourly_file(scenario, source, site, kind)
        if file is None:
            continue
        path = ("sites", site, "hourly", kind)
        try:
            read_hourly_csv(file, column, source.origin_of(path), minimum=least, maximum=most, key=dotted(path))
        except InputError as error:
            yield from error.problems


def _lines(scenario: Scenario, source: SourceMap) -> Iterator[Problem]:
    for name, line in scenario.lines.items():
        for key, site in (("from_site", line.from_site), ("to_site", line.to_site)):
            if site not in scenario.sites:
                path = ("lines", name, key)
                known = ", ".join(scenario.sites)
                near = did_you_mean(site, scenario.sites)
                message = f"this line ends at {site}, which is no site of the scenario"
                yield Problem(message, source.origin_of(path), dotted(path), site, known, near)
        if line.from_site == line.to_site:
            path = ("lines", name, "to_site")
            message = "this line begins and ends at the same site"
            yield Problem(message, source.origin_of(path), dotted(path), line.to_site, remedy="name two sites")


def _national(scenario: Scenario, source: SourceMap) -> Iterator[Problem]:
    if scenario.national is None or scenario.national.existing_fleet_twh is None:
        return
    last = scenario.horizon.years[-1]
    for year in scenario.national.existing_fleet_twh.years:
        if year > last:
            yield _late_year(source, ("national", "existing_fleet_twh", year), year, last)
