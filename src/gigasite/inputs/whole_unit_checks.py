"""Whether `units: whole` fits: the technology is made of machines, the site takes one, what is given is a number."""

from __future__ import annotations

import math
from collections.abc import Iterator

from gigasite.foundation.errors import InputError, Problem
from gigasite.inputs.capacity_checks import default_of, written_at
from gigasite.inputs.quantities import YearSeries
from gigasite.inputs.scenario import Scenario, TechnologySpec, technology_options
from gigasite.inputs.source_map import KeyPath, SourceMap, dotted
from gigasite.inputs.tables import Tables

NOT_MACHINES = ("grid_connection", "battery", "solar", "wind")
"""A circuit is no machine, and the rest are hundreds of small blocks; their unit size is that of a typical project."""

WHOLE_TOLERANCE = 1e-4
"""Share of a machine by which a capacity may miss a whole number of them: what rounding to a kilowatt leaves."""


def whole_number(capacity_mw: float, unit_mw: float) -> int | None:
    """The number of machines a capacity is, or None where it is no whole number.

    >>> whole_number(9200.0, 54.11764706), whole_number(100.0, 60.0)
    (170, None)
    """
    number = round(capacity_mw / unit_mw)
    return number if abs(capacity_mw / unit_mw - number) <= WHOLE_TOLERANCE else None


def whole_bounds_mw(low_mw: float, high_mw: float, unit_mw: float) -> tuple[float, float]:
    """The smallest and the largest whole number of machines between two capacities, in MW.

    >>> whole_bounds_mw(100.0, 400.0, 60.0)
    (120.0, 360.0)
    """
    low = math.ceil(low_mw / unit_mw - WHOLE_TOLERANCE)
    return max(low, 0) * unit_mw, math.floor(high_mw / unit_mw + WHOLE_TOLERANCE) * unit_mw


def whole_unit_problems(scenario: Scenario, source: SourceMap, tables: Tables | None) -> Iterator[Problem]:
    """Yield every `units: whole` that cannot be, and every capacity that is no whole number of machines."""
    refused: set[KeyPath] = set()
    for name, options in scenario.technologies.items():
        if options.units == "whole" and unit_mw_of(tables, name, options) is None:
            path: KeyPath = ("technologies", name, "units")
            refused.add(path)
            yield _no_machines(source, path, name)
    for site, spec in scenario.sites.items():
        for name in spec.technologies:
            options = technology_options(scenario, site, name)
            if options.units != "whole":
                if options.unit_size_mw is not None and options.ordered_mw is None:  # that one is told with the stock
                    yield from _above_load(scenario, source, site, name, options, float(options.unit_size_mw))
                continue
            unit, path = unit_mw_of(tables, name, options), written_at(source, site, name, "units")
            if unit is None:
                if path not in refused:
                    yield _no_machines(source, path, name)
            elif unit > 0:
                yield from _given(scenario, source, site, name, options, unit)
                yield from _between(scenario, source, site, name, options, unit)
                yield from _above_load(scenario, source, site, name, options, unit)


def unit_mw_of(tables: Tables | None, name: str, options: TechnologySpec) -> float | None:
    """Size of one machine; None where the technology is not made of machines, 0 where it cannot be told here."""
    if name in NOT_MACHINES:
        return None
    if options.unit_size_mw is not None:
        return float(options.unit_size_mw)
    if tables is None or not tables.has("technologies"):
        return 0.0
    chosen = options.machine_class
    if chosen is not None and chosen not in tables.values("technologies", "machine_class", technology=name):
        return 0.0  # told as an unknown machine class
    keys = {
        "technology": name,
        "machine_class": chosen or default_of(tables, name, "machine_class"),
        "cost_case": options.cost_case or default_of(tables, name, "cost_case"),
        "parameter": "unit_size_mw",
    }
    try:
        return float(tables.figure("technologies", year=None, default=None, **keys).value)
    except InputError:
        return None


def _no_machines(source: SourceMap, path: KeyPath, name: str) -> Problem:
    return Problem(
        f"{name} has no machines of one size, so it cannot be built in whole ones",
        source.origin_of(path),
        dotted(path),
        "whole",
        "continuous",
        "take this key out; `units: whole` is for turbines, engines, fuel cells, reactors and backup sets",
    )


def _given(
    scenario: Scenario, source: SourceMap, site: str, name: str, options: TechnologySpec, unit: float
) -> Iterator[Problem]:
    """Yield the first year whose given capacity is no whole number of machines."""
    series = options.capacity_mw
    if series is None:
        return
    for year in scenario.horizon.years:
        mw = series.at(year)
        if whole_number(mw, unit) is not None:
            continue
        path = _year_written(source, written_at(source, site, name, "capacity_mw"), series, year)
        below = math.floor(mw / unit)
        near = " or ".join(
            f"{number * unit:.10g} MW ({number} machine{'' if number == 1 else 's'})" for number in (below, below + 1)
        )
        yield Problem(
            f"capacity_mw of {name} at {site} is no whole number of machines of {unit:.10g} MW in {year}",
            source.origin_of(path),
            dotted(path),
            f"{mw:.10g} MW",
            near,
            "write one of these, or set unit_size_mw, or take `units: whole` out",
        )
        return


def _between(
    scenario: Scenario, source: SourceMap, site: str, name: str, options: TechnologySpec, unit: float
) -> Iterator[Problem]:
    """Yield the first year in which no whole number of machines lies between least and largest capacity."""
    least, largest = options.capacity_min_mw, options.capacity_max_mw
    if least is None or largest is None:
        return
    for year in scenario.horizon.years:
        low, high = whole_bounds_mw(least.at(year), largest.at(year), unit)
        if low > high and least.at(year) <= largest.at(year):
            path = _year_written(source, written_at(source, site, name, "capacity_max_mw"), largest, year)
            yield Problem(
                f"no whole number of machines of {unit:.10g} MW lies between capacity_min_mw and capacity_max_mw of "
                f"{name} at {site} in {year}",
                source.origin_of(path),
                dotted(path),
                f"{least.at(year):g} to {largest.at(year):g} MW",
                f"{high:.10g} MW or less for capacity_min_mw, or {low:.10g} MW or more for capacity_max_mw",
                "move one of them",
            )
            return


def _above_load(
    scenario: Scenario, source: SourceMap, site: str, name: str, options: TechnologySpec, unit: float
) -> Iterator[Problem]:
    """Yield a machine that is bigger than all the load its site may carry; not where its capacity is given."""
    given = options.capacity_mw is not None or options.capacity_min_mw is not None
    fed = [line.to_site for line in scenario.lines.values() if line.from_site == site]
    ramps = [scenario.sites[one].load_ramp_mw for one in (site, *fed) if one in scenario.sites]
    largest = max((ramp.largest for ramp in ramps if ramp is not None), default=0.0)
    if given or scenario.sites[site].grid.export or not 0 < largest < unit:
        return
    key = "units" if options.unit_size_mw is None else "unit_size_mw"
    path = written_at(source, site, name, key)
    yield Problem(
        f"one machine of {name} is bigger than all the load of {site}",
        source.origin_of(path),
        dotted(path),
        f"{unit:g} MW",
        f"{largest:g} MW or less, the largest step of the ramp",
        "take a smaller machine, raise load_ramp_mw, or give its capacity_mw if it stands there already",
    )


def _year_written(source: SourceMap, path: KeyPath, series: YearSeries, year: int) -> KeyPath:
    """Return the path of the step of a series that holds in a year, or of the one number for all years."""
    steps = [written for written in series.years if written <= year]
    at: KeyPath = (*path, steps[-1]) if steps else path
    return at if at in source.origins else path
