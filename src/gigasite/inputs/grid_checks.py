"""Whether what a scenario says of a grid connection fits together: queue years, given contracts, limits, ramp."""

from __future__ import annotations

from collections.abc import Iterator

from gigasite.foundation.errors import Problem
from gigasite.inputs.capacity_checks import written_at
from gigasite.inputs.grid_spec import ContractSpec, GridSpec
from gigasite.inputs.scenario import Scenario, technology_options
from gigasite.inputs.source_map import KeyPath, SourceMap, dotted

GRID = "grid_connection"
_ROUNDING_MW = 1e-6
KINDS = ("firm", "nonfirm")


def grid_problems(scenario: Scenario, source: SourceMap) -> Iterator[Problem]:
    """Yield every fault of every site's grid connection."""
    for site, spec in scenario.sites.items():
        path: KeyPath = ("sites", site, "grid")
        yield from _queue(scenario, source, path, spec.grid)
        if not spec.grid.contracts and spec.grid.contract_ramp_mw_per_year is None:
            continue
        if GRID not in spec.technologies:
            yield _without_connection(source, path, spec.grid)
            continue
        yield from _beside_given_capacity(scenario, source, site, spec.grid)
        for index, contract in enumerate(spec.grid.contracts):
            at = (*path, "contracts", index)
            yield from _years(scenario, source, at, contract)
            yield from _floor(source, at, contract)
            yield from _overlap(source, path, spec.grid, index)
            yield from _above_limits(scenario, source, site, index)
            yield from _before_queue(source, at, spec.grid, contract)


def grid_notes(scenario: Scenario, source: SourceMap) -> Iterator[Problem]:
    """Yield hints on queue years that lie before the first modelled year, where a connection may stand at once."""
    first = scenario.horizon.years[0]
    for site, spec in scenario.sites.items():
        for kind in KINDS:
            year = getattr(spec.grid, f"queue_year_{kind}")
            if year is not None and scenario.horizon.base_year <= year < first:
                path = ("sites", site, "grid", f"queue_year_{kind}")
                message = f"{year} comes before the first modelled year: a connection may stand from {first} on"
                yield Problem(message, source.origin_of(path), dotted(path), str(year))


def _queue(scenario: Scenario, source: SourceMap, path: KeyPath, grid: GridSpec) -> Iterator[Problem]:
    """Refuse a queue that ends before the first year there is: the base year, or the first modelled one if earlier."""
    first = min(scenario.horizon.base_year, scenario.horizon.years[0])
    for kind in KINDS:
        year = getattr(grid, f"queue_year_{kind}")
        if year is not None and year < first:
            at = (*path, f"queue_year_{kind}")
            yield Problem(
                f"the queue ends in {year}, before the first year of the scenario",
                source.origin_of(at),
                dotted(at),
                str(year),
                f"{first} or later",
                f"write {scenario.horizon.years[0]} if the connection stands already",
            )


def _without_connection(source: SourceMap, path: KeyPath, grid: GridSpec) -> Problem:
    at = (*path, "contracts" if grid.contracts else "contract_ramp_mw_per_year")
    return Problem(
        "this site has no grid connection to contract for",
        source.key_origin_of(at),
        dotted(at),
        remedy="list grid_connection below `technologies:`, or take this key out",
    )


def _beside_given_capacity(scenario: Scenario, source: SourceMap, site: str, grid: GridSpec) -> Iterator[Problem]:
    options = technology_options(scenario, site, GRID)
    keys = ("capacity_mw", "capacity_min_mw") if grid.contracts else ("capacity_mw",)
    other = "contracts" if grid.contracts else "contract_ramp_mw_per_year"
    for key in keys:
        if getattr(options, key) is not None:
            at = written_at(source, site, GRID, key)
            yield Problem(
                f"{key} of the grid connection says the same as `{other}:` of {site}, in another way",
                source.key_origin_of(at),
                dotted(at),
                remedy=f"keep one of them: {key}, or `{other}:`",
            )


def _years(scenario: Scenario, source: SourceMap, at: KeyPath, contract: ContractSpec) -> Iterator[Problem]:
    first, last = min(scenario.horizon.base_year, scenario.horizon.years[0]), scenario.horizon.years[-1]
    if contract.to_year < contract.from_year:
        path = (*at, "to_year")
        yield Problem(
            "this contract ends before it begins",
            source.origin_of(path),
            dotted(path),
            str(contract.to_year),
            f"{contract.from_year} or later",
            "change from_year or to_year",
        )
    elif contract.to_year < first:
        path = (*at, "to_year")
        yield Problem(
            f"this contract ends before {first}, the first year there is, and would never be seen",
            source.origin_of(path),
            dotted(path),
            str(contract.to_year),
            f"{first} or later",
            "change to_year, or take the contract out",
        )
    elif contract.firm_mw + contract.nonfirm_mw <= 0 and not contract.floor_mw:
        yield Problem(
            "this contract is for no megawatts, so that the site would have no connection in its years",
            source.key_origin_of((*at, "from_year")),
            dotted(at),
            remedy="write firm_mw or nonfirm_mw",
        )
    elif contract.from_year > last:
        path = (*at, "from_year")
        yield Problem(
            f"this contract begins after the last modelled year, {last}, and would never be seen",
            source.origin_of(path),
            dotted(path),
            str(contract.from_year),
            f"years up to {last}",
            "add a year to horizon.years, or take the contract out",
        )


def _floor(source: SourceMap, at: KeyPath, contract: ContractSpec) -> Iterator[Problem]:
    total = contract.firm_mw + contract.nonfirm_mw
    if contract.floor_mw is not None and contract.floor_mw > total + _ROUNDING_MW:
        path = (*at, "floor_mw")
        yield Problem(
            "the floor of billed demand is above the contract",
            source.origin_of(path),
            dotted(path),
            f"{contract.floor_mw:g} MW",
            f"{total:g} MW or less: firm_mw and nonfirm_mw together",
            "lower floor_mw, or raise the contract",
        )


def _overlap(source: SourceMap, path: KeyPath, grid: GridSpec, index: int) -> Iterator[Problem]:
    """Yield the first contract written before that shares a year with this one."""
    contract = grid.contracts[index]
    for other, before in enumerate(grid.contracts[:index]):
        if max(contract.from_year, before.from_year) <= min(contract.to_year, before.to_year):
            at = (*path, "contracts", index, "from_year")
            yield Problem(
                f"this contract overlaps the one of {before.from_year} to {before.to_year} (contracts.{other})",
                source.origin_of(at),
                dotted(at),
                f"{contract.from_year} to {contract.to_year}",
                "one contract at a time",
                f"let one end before the other begins, or write one for {before.from_year} to {before.to_year} that "
                "holds the megawatts of both",
            )
            return


def _above_limits(scenario: Scenario, source: SourceMap, site: str, index: int) -> Iterator[Problem]:
    """Yield a contract above the largest connection, of the site or of the technology."""
    grid = scenario.sites[site].grid
    contract, options = grid.contracts[index], technology_options(scenario, site, GRID)
    total = contract.firm_mw + contract.nonfirm_mw
    limits = {"connection_max_mw": grid.connection_max_mw}
    if options.capacity_max_mw is not None:
        years = [year for year in scenario.horizon.years if contract.from_year <= year <= contract.to_year]
        limits["capacity_max_mw"] = min((options.capacity_max_mw.at(year) for year in years), default=None)
    for key, limit in limits.items():
        if limit is not None and total > limit + _ROUNDING_MW:
            at: KeyPath = ("sites", site, "grid", "contracts", index)
            yield Problem(
                f"this contract is above {key}",
                source.origin_of((*at, "firm_mw" if contract.firm_mw else "nonfirm_mw")),
                dotted(at),
                f"{total:g} MW",
                f"{limit:g} MW or less: {key}",
                f"lower the contract, or raise {key}",
            )


def _before_queue(source: SourceMap, at: KeyPath, grid: GridSpec, contract: ContractSpec) -> Iterator[Problem]:
    """Yield a contract that begins before the queue year written beside it; that of the zone does not bind it."""
    for kind in KINDS:
        year = getattr(grid, f"queue_year_{kind}")
        if year is not None and getattr(contract, f"{kind}_mw") > 0 and contract.from_year < year:
            path = (*at, "from_year")
            yield Problem(
                f"this contract has {kind} megawatts before queue_year_{kind}",
                source.origin_of(path),
                dotted(path),
                str(contract.from_year),
                f"{year} or later",
                f"move the contract, or take queue_year_{kind} out: a signed contract needs no queue",
            )
