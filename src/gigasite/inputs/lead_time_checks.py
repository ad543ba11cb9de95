"""Whether orders, stock on order, machines and start months fit the years and the sites of a scenario."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from gigasite.foundation.errors import Problem
from gigasite.inputs.capacity_checks import written_at
from gigasite.inputs.lead_times import month_in_words, month_number
from gigasite.inputs.scenario import Scenario, TechnologySpec, technology_options
from gigasite.inputs.source_map import KeyPath, SourceMap, dotted
from gigasite.inputs.tables import Tables
from gigasite.inputs.whole_unit_checks import unit_mw_of

NO_STOCK = ("grid_connection", "flexible_load", "shiftable_load")
"""Technologies that nobody orders by the megawatt."""

_ROUNDING_MW = 1e-6


def lead_time_problems(scenario: Scenario, source: SourceMap, tables: Tables | None) -> Iterator[Problem]:
    """Yield every fault in orders, stock and start months."""
    for site, spec in scenario.sites.items():
        yield from _start_months(scenario, source, site)
        for name in spec.technologies:
            options = technology_options(scenario, site, name)
            yield from _ordered_too_early(scenario, source, site, name, options)
            yield from _said_twice(source, site, name, options)
            if options.ordered_mw is not None:
                yield from _stock(scenario, source, site, name, options, tables)


def _ordered_too_early(
    scenario: Scenario, source: SourceMap, site: str, name: str, options: TechnologySpec
) -> Iterator[Problem]:
    """An order before the base year is stock: its machines have a date, no lead time."""
    base = scenario.horizon.base_year
    if options.order_month is not None and month_number(options.order_month) < month_number(f"{base}-01"):
        path = written_at(source, site, name, "order_month")
        yield Problem(
            f"{name} is ordered before the base year {base}",
            source.origin_of(path),
            dotted(path),
            options.order_month,
            f"{month_in_words(month_number(f'{base}-01'))} or later",
            "write what is on order, and when it comes, as `ordered_mw: {year: MW}`",
        )


def _said_twice(source: SourceMap, site: str, name: str, options: TechnologySpec) -> Iterator[Problem]:
    """The first year of a technology, and beside it what it would be worked out from."""
    beside = [key for key in ("order_month", "delivery_months") if getattr(options, key) is not None]
    if options.earliest_year is not None and beside:
        path = written_at(source, site, name, beside[0])
        yield Problem(
            f"{beside[0]} of {name} says nothing beside earliest_year, which gives the first year at once",
            source.key_origin_of(path),
            dotted(path),
            remedy=f"keep one of them: earliest_year, or {', '.join(beside)}",
        )


def _stock(
    scenario: Scenario, source: SourceMap, site: str, name: str, options: TechnologySpec, tables: Tables | None
) -> Iterator[Problem]:
    stock, base = options.ordered_mw, scenario.horizon.base_year
    path = written_at(source, site, name, "ordered_mw")
    if stock is None:
        return
    if name in NO_STOCK or options.capacity_mw is not None:
        given = options.capacity_mw is not None
        why = "capacity_mw gives the capacity already" if given else f"{name} is not ordered by the megawatt"
        remedy = "take `ordered_mw` out" + (", or write `capacity_max_mw` in place of `capacity_mw`" if given else "")
        yield Problem(
            f"stock on order has no place here: {why}", source.key_origin_of(path), dotted(path), None, None, remedy
        )
        return
    for year in stock.years:
        at: KeyPath = (*path, year)
        if year < base:
            yield Problem(
                f"stock on order of {name} comes before the base year {base}",
                source.key_origin_of(at), dotted(at), str(year), f"{base} or later",
                "write what stands already as `capacity_mw`",
            )  # fmt: skip
    for (before, less), (year, mw) in pairwise(stock.items()):
        if mw < less - _ROUNDING_MW:
            at = (*path, year)
            yield Problem(
                f"stock on order of {name} falls from {before} to {year}: each year holds all delivered by then",
                source.origin_of(at), dotted(at), f"{mw:g} MW", f"{less:g} MW or more",
                "write the sum of all deliveries up to the year",
            )  # fmt: skip
    yield from _module(scenario, source, site, name, options, tables)


def _module(
    scenario: Scenario, source: SourceMap, site: str, name: str, options: TechnologySpec, tables: Tables | None
) -> Iterator[Problem]:
    """A machine on order fits into the stock and into the largest load that the site may carry."""
    unit = unit_mw_of(tables, name, options)
    stock = options.ordered_mw
    if not unit or stock is None:
        return
    path = written_at(source, site, name, "ordered_mw")
    size = written_at(source, site, name, "unit_size_mw")
    if 0 < stock.largest < unit - _ROUNDING_MW:
        yield Problem(
            f"stock on order of {name} is less than one machine of {unit:g} MW",
            source.origin_of(path), dotted(path), f"{stock.largest:g} MW", f"{unit:g} MW or more",
            "write whole machines, or set `unit_size_mw`",
        )  # fmt: skip
    load = None if options.units == "whole" else _largest_load_mw(scenario, site)  # told in `whole_unit_checks`
    if load is not None and unit > load + _ROUNDING_MW:
        at = size if size in source.origins else path
        yield Problem(
            f"one machine of {name} is bigger than the site: {site} never wants more than {load:g} MW",
            source.origin_of(at), dotted(at), f"{unit:g} MW", f"{load:g} MW or less",
            "choose a smaller `machine_class` or `unit_size_mw`",
        )  # fmt: skip


def _largest_load_mw(scenario: Scenario, site: str) -> float | None:
    """Largest load of a site; None where its power may go elsewhere."""
    spec = scenario.sites[site]
    if spec.load_ramp_mw is None or spec.grid.export or any(line.from_site == site for line in scenario.lines.values()):
        return None
    return max(spec.load_ramp_mw.at(year) for year in scenario.horizon.years)


def _start_months(scenario: Scenario, source: SourceMap, site: str) -> Iterator[Problem]:
    """A start month needs a modelled year that stands for itself alone, and load that begins in it."""
    spec, years = scenario.sites[site], scenario.horizon.years
    for year, month in spec.start_month.items():
        path: KeyPath = ("sites", site, "start_month", year)
        told = (source.key_origin_of(path), dotted(path), f"{year}: {month}")
        if scenario.national is not None:
            remedy = "take `start_month` out"
            yield Problem("a national account counts whole years, and knows no start month", *told, None, remedy)
        elif year not in years:
            listed = ", ".join(str(each) for each in years)
            remedy = f"add {year} to horizon.years, or take it out"
            yield Problem(f"{year} is no modelled year, so no load starts in it", *told, listed, remedy)
        elif year + 1 not in years:
            yield Problem(
                f"{year} stands for more than its own twelve months, so it cannot start within them",
                *told, "a year whose next modelled year is the next calendar year", f"add {year + 1} to horizon.years",
            )  # fmt: skip
        elif not _rises(scenario, site, year):
            remedy = "take it out, or let `load_ramp_mw` rise in that year"
            yield Problem(f"the load of {site} does not rise in {year}, so nothing starts in it", *told, None, remedy)


def _rises(scenario: Scenario, site: str, year: int) -> bool:
    ramp, years = scenario.sites[site].load_ramp_mw, scenario.horizon.years
    if ramp is None:
        return False
    before = max((each for each in years if each < year), default=None)
    return ramp.at(year) > (0.0 if before is None else ramp.at(before))
