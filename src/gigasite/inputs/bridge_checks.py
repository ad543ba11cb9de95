"""Whether what a scenario says of bridge power fits what is rented: no capital, no stock, none without a permit."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from gigasite.foundation.errors import InputError, Problem
from gigasite.inputs.capacity_checks import default_of, written_at
from gigasite.inputs.lead_times import first_month, first_year
from gigasite.inputs.scenario import Scenario, TechnologySpec, technology_options
from gigasite.inputs.source_map import KeyPath, SourceMap, dotted
from gigasite.inputs.tables import Tables

_NAME = "bridge_power"
_OF_WHAT_IS_BOUGHT = (
    "ordered_mw",
    "capex_usd_per_kw",
    "fixed_om_usd_per_kw_year",
    "economic_life_years",
    "cost_of_capital_real",
)
_ROUNDING_MW = 1e-6


def bridge_problems(scenario: Scenario, source: SourceMap, tables: Tables | None) -> Iterator[Problem]:
    """Yield every key of bridge power that belongs to what is bought, and every demand after its permit."""
    told: set[KeyPath] = set()
    for site, spec in scenario.sites.items():
        if _NAME not in spec.technologies:
            continue
        options = technology_options(scenario, site, _NAME)
        for problem, path in _bought(source, site, options):
            if path not in told:
                told.add(path)
                yield problem
        yield from _without_permit(scenario, source, tables, site, options)


def _bought(source: SourceMap, site: str, options: TechnologySpec) -> Iterator[tuple[Problem, KeyPath]]:
    """Keys of capital, and whole machines."""
    given = [key for key in _OF_WHAT_IS_BOUGHT if getattr(options, key) is not None]
    for key in given + (["units"] if options.units == "whole" else []):
        path = written_at(source, site, _NAME, key)
        what = "any megawatts" if key == "units" else "no capital and no stock"
        message = f"{_NAME} is rented: it has {what}, so this key has no place here"
        remedy = "take it out; rent is `rental_usd_per_mw_month`, and gas_engine is the same machine bought"
        yield Problem(message, source.key_origin_of(path), dotted(path), None, None, remedy), path


def _without_permit(
    scenario: Scenario, source: SourceMap, tables: Tables | None, site: str, options: TechnologySpec
) -> Iterator[Problem]:
    """The first year whose demanded capacity outlasts the permit."""
    first, years = _first_year(scenario, tables, site, options), _permit_years(tables, options)
    if first is None or years is None:
        return
    last = first + years - 1
    modelled = (*scenario.horizon.years, scenario.horizon.years[-1] + scenario.horizon.final_span_years)
    for key in ("capacity_mw", "capacity_min_mw"):
        series = getattr(options, key)
        if series is None:
            continue
        for year, following in pairwise(modelled):
            if year >= first and following - 1 > last and series.at(year) > _ROUNDING_MW:
                path = written_at(source, site, _NAME, key)
                span = f"{year}" if following == year + 1 else f"{year}, which stands for {year} to {following - 1}"
                yield Problem(
                    f"{key} asks for {_NAME} in {span}, but its permit holds from {first} to {last}",
                    source.origin_of(path),
                    dotted(path),
                    f"{series.at(year):g} MW in {year}",
                    f"0 MW after {last}",
                    f"let it end with the permit, such as {{{first}: {series.at(first):g}, {last + 1}: 0}}, "
                    "or write a longer `permit_years`",
                )
                break


def _first_year(scenario: Scenario, tables: Tables | None, site: str, options: TechnologySpec) -> int | None:
    """First modelled year in which machines can be had."""
    earliest = options.earliest_year
    if earliest is None and tables is not None and tables.has("technologies"):
        month = first_month(tables, options, _keys(tables, options), scenario.horizon.base_year)
        earliest = scenario.horizon.years[0] if month is None else first_year(month, scenario.sites[site].start_month)
    return next((year for year in scenario.horizon.years if earliest is not None and year >= earliest), None)


def _permit_years(tables: Tables | None, options: TechnologySpec) -> int | None:
    given: int | None = getattr(options, "permit_years", None)
    if given is not None or tables is None or not tables.has("technologies"):
        return given
    try:
        keys = {**_keys(tables, options), "parameter": "permit_years"}
        return round(tables.figure("technologies", year=None, default=None, **keys).value)
    except InputError:
        return None


def _keys(tables: Tables, options: TechnologySpec) -> dict[str, str]:
    return {
        "technology": _NAME,
        "machine_class": options.machine_class or default_of(tables, _NAME, "machine_class") or "",
        "cost_case": options.cost_case or default_of(tables, _NAME, "cost_case") or "",
    }
