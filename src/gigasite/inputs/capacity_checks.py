"""Whether given, least and largest capacities and floors leave room for a plan."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from gigasite.foundation.errors import Problem, did_you_mean
from gigasite.inputs.lead_times import first_month, first_year
from gigasite.inputs.scenario import CapacityFloor, Scenario, TechnologySpec, technology_options
from gigasite.inputs.source_map import KeyPath, SourceMap, dotted
from gigasite.inputs.tables import Tables

_ROUNDING_MW = 1e-6
_NO_PLANT = "grid_connection"


def capacity_problems(scenario: Scenario, source: SourceMap, tables: Tables | None) -> Iterator[Problem]:
    """Yield every capacity of every site that cannot be."""
    for site, spec in scenario.sites.items():
        merged = {name: technology_options(scenario, site, name) for name in spec.technologies}
        base, start = scenario.horizon.base_year, spec.start_month
        earliest = {name: _earliest_year(tables, name, options, base, start) for name, options in merged.items()}
        for name, options in merged.items():
            yield from _bounds(scenario, source, site, name, options)
            yield from _too_early(scenario, source, site, name, options, earliest[name])
        for index, floor in enumerate(spec.capacity_floor_mw):
            path = ("sites", site, "capacity_floor_mw", index)
            yield from _floor(scenario, source, path, floor, merged, earliest)


def written_at(source: SourceMap, site: str, technology: str, key: str) -> KeyPath:
    """Return the path at which an option is written: at the site, else for all sites."""
    at_site: KeyPath = ("sites", site, "technologies", technology, key)
    everywhere: KeyPath = ("technologies", technology, key)
    return at_site if at_site in source.origins or everywhere not in source.origins else everywhere


def _bounds(scenario: Scenario, source: SourceMap, site: str, name: str, options: TechnologySpec) -> Iterator[Problem]:
    """Yield the first year in which the three keys of a capacity contradict each other."""
    pairs = (
        ("capacity_min_mw", "capacity_max_mw"),
        ("capacity_mw", "capacity_max_mw"),
        ("capacity_min_mw", "capacity_mw"),
    )
    for low_key, high_key in pairs:
        low, high = getattr(options, low_key), getattr(options, high_key)
        if low is None or high is None:
            continue
        for year in scenario.horizon.years:
            if low.at(year) > high.at(year) + _ROUNDING_MW:
                path = written_at(source, site, name, low_key)
                yield Problem(
                    f"{low_key} is above {high_key} in {year} at {site}",
                    source.origin_of(path),
                    dotted(path),
                    f"{low.at(year):g} MW",
                    f"{high.at(year):g} MW or less",
                    f"lower {low_key}, or raise {high_key}",
                )
                break


def _too_early(
    scenario: Scenario, source: SourceMap, site: str, name: str, options: TechnologySpec, earliest: int | None
) -> Iterator[Problem]:
    """Yield the first year with a demanded capacity before new machines can run."""
    for key in ("capacity_mw", "capacity_min_mw"):
        series = getattr(options, key)
        if series is None or earliest is None:
            continue
        stock = options.ordered_mw if key == "capacity_min_mw" else None
        ready = {year: 0.0 if stock is None else stock.at(year) for year in scenario.horizon.years if year < earliest}
        early = [year for year, mw in ready.items() if series.at(year) > mw + _ROUNDING_MW]
        if early:
            path = written_at(source, site, name, key)
            on_order = ready[early[0]]
            yield Problem(
                f"{key} asks for {name} in {early[0]}, but new {name} runs from {earliest} at the earliest",
                source.origin_of(path),
                dotted(path),
                f"{series.at(early[0]):g} MW in {early[0]}",
                f"{on_order:g} MW, the stock on order, before {earliest}" if on_order else f"0 before {earliest}",
                f"move it to {earliest}, or write `earliest_year: {early[0]}` if the machines are ordered already",
            )


def _floor(
    scenario: Scenario,
    source: SourceMap,
    path: KeyPath,
    floor: CapacityFloor,
    merged: dict[str, TechnologySpec],
    earliest: dict[str, int | None],
) -> Iterator[Problem]:
    unlisted = False
    for index, name in enumerate(floor.technologies):
        at = (*path, "technologies", index)
        if name in floor.technologies[:index]:
            yield Problem(
                "this technology is counted twice", source.origin_of(at), dotted(at), name, remedy="once is enough"
            )
        if name == _NO_PLANT:
            message = "a floor counts plants and batteries at the site; a grid connection is no capacity of its own"
            remedy = "take it out of the floor; `connection_max_mw` under `grid:` limits the connection"
            yield Problem(message, source.origin_of(at), dotted(at), name, remedy=remedy)
            unlisted = True
            continue
        if name not in merged:
            unlisted = True
            message = f"the floor counts {name}, which is not among the technologies of this site"
            remedy = did_you_mean(name, merged) or f"list {name} below `technologies:`"
            yield Problem(message, source.origin_of(at), dotted(at), name, ", ".join(merged), remedy)
    if unlisted:
        return
    for year in scenario.horizon.years:
        least = floor.mw.at(year)
        able = [name for name in floor.technologies if least > 0 and _may_run(merged[name], earliest[name], year)]
        first = min((earliest[name] or 0 for name in floor.technologies), default=0)
        at = _year_written((*path, "mw"), floor, year)
        if least > 0 and not able:
            yield Problem(
                f"the floor asks for capacity in {year}, but the first of its technologies runs from {first}",
                source.key_origin_of(at),
                dotted(at),
                f"{least:g} MW in {year}",
                f"0 before {first}",
                f"move the floor to {first}, or give a technology its own `earliest_year`",
            )
            return
        largest = sum(_largest(merged[name], year, earliest[name]) for name in able)
        if least > largest + _ROUNDING_MW:
            yield Problem(
                f"the floor is above what its technologies may reach together in {year}",
                source.origin_of(at),
                dotted(at),
                f"{least:g} MW",
                f"{largest:g} MW or less",
                "lower the floor, or raise capacity_max_mw",
            )
            return


def _year_written(path: KeyPath, floor: CapacityFloor, year: int) -> KeyPath:
    """Return the path of the step of the floor that holds in a year."""
    steps = [written for written in floor.mw.years if written <= year]
    return (*path, steps[-1]) if steps else path


def _may_run(options: TechnologySpec, earliest: int | None, year: int) -> bool:
    """Return whether anything of a technology may run in a year: new capacity, or stock on order."""
    return (earliest or 0) <= year or (options.ordered_mw is not None and options.ordered_mw.at(year) > 0)


def _largest(options: TechnologySpec, year: int, earliest: int | None) -> float:
    limits = [series.at(year) for series in (options.capacity_mw, options.capacity_max_mw) if series is not None]
    if (earliest or 0) > year and options.ordered_mw is not None:
        limits.append(options.ordered_mw.at(year))
    return min(limits, default=math.inf)


def _earliest_year(
    tables: Tables | None, name: str, options: TechnologySpec, base_year: int, start_month: Mapping[int, int]
) -> int | None:
    """Return the first year of new capacity: the planner's own, else that of its lead time."""
    if options.earliest_year is not None:
        return options.earliest_year
    if tables is None or not tables.has("technologies"):
        return None
    machine_class = options.machine_class or default_of(tables, name, "machine_class")
    cost_case = options.cost_case or default_of(tables, name, "cost_case")
    keys = {"technology": name, "machine_class": machine_class or "", "cost_case": cost_case or ""}
    month = first_month(tables, options, keys, base_year)
    return None if month is None else first_year(month, start_month)


def default_of(tables: Tables, technology: str, column: str) -> str | None:
    """Return the default machine class or cost case of a technology."""
    if not tables.has("technology_defaults"):
        return None
    known = tables.values("technology_defaults", column, technology=technology)
    return known[0] if known else None
