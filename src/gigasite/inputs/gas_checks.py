"""Whether what a scenario says of gas fits together: dates of trunks and tanks, transport and its price, regions."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from gigasite.foundation.errors import Problem, did_you_mean
from gigasite.inputs.scenario import GasSpec, Scenario
from gigasite.inputs.source_map import KeyPath, SourceMap, dotted

CHARGES = ("firm_reservation_usd_per_mmbtu_per_day", "interruptible_usd_per_mmbtu")
BURNS_GAS = ("combined_cycle", "gas_turbine", "gas_engine", "fuel_cell", "bridge_power")
BURNS_DISTILLATE = BURNS_GAS[:-2]


def gas_problems(scenario: Scenario, source: SourceMap) -> Iterator[Problem]:
    """Yield every fault in the gas of sites and regions."""
    for site, spec in scenario.sites.items():
        path: KeyPath = ("sites", site, "gas")
        yield from _dates(scenario, source, path, spec.gas)
        yield from _trunk(source, path, spec.gas)
        yield from _transport(scenario, source, path, spec.gas)
        yield from _nobody_burns(source, path, spec.gas, set(spec.technologies))
    regions = getattr(scenario.requirements, "gas_regions", {})
    for name, region in regions.items():
        yield from _region(scenario, source, regions, name, region)


def _dates(scenario: Scenario, source: SourceMap, path: KeyPath, gas: GasSpec) -> Iterator[Problem]:
    """Refuse a trunk or tanks before the plan begins: what stands already is no new trunk."""
    base = scenario.horizon.base_year
    tanks = None if gas.dual_fuel is None else gas.dual_fuel.earliest_year
    for key, year, remedy in (
        (("trunk_earliest_year",), gas.trunk_earliest_year, "give a pipe that lies as `existing_pipe_mmbtu_per_h`"),
        (("dual_fuel", "earliest_year"), tanks, "leave the key out for the lead time of inputs/"),
    ):
        if year is not None and year < base:
            at = (*path, *key)
            message = f"{key[-1]} lies before the base year"
            yield Problem(message, source.origin_of(at), dotted(at), str(year), f"{base} or later", remedy)


def _trunk(source: SourceMap, path: KeyPath, gas: GasSpec) -> Iterator[Problem]:
    """Refuse the size or date of a trunk where none is needed."""
    for key in ("trunk_earliest_year", "existing_pipe_mmbtu_per_h"):
        if gas.trunk is False and getattr(gas, key) is not None:
            at = (*path, key)
            yield Problem(
                "`trunk: false` says that no pipe limits this site",
                source.key_origin_of(at),
                dotted(at),
                f"{getattr(gas, key):g}",
                remedy="take this key out, or take `trunk: false` out",
            )


def _transport(scenario: Scenario, source: SourceMap, path: KeyPath, gas: GasSpec) -> Iterator[Problem]:
    """Refuse transport that is paid twice, and contracts that nobody would look at."""
    if gas.transport is None:
        return
    if gas.basis == "delivered":
        for key in CHARGES:
            if getattr(gas.transport, key):
                yield _paid_twice(source, (*path, "transport", key), getattr(gas.transport, key))
    if gas.transport_usd_per_mmbtu is not None and gas.basis == "hub":
        at = (*path, "transport_usd_per_mmbtu")
        yield Problem(
            "transport is paid by its contracts already",
            source.key_origin_of(at),
            dotted(at),
            f"{gas.transport_usd_per_mmbtu:g}",
            remedy="take this key out, or take `transport:` out",
        )
    limit, last = gas.transport.firm_max_mmbtu_per_h, scenario.horizon.years[-1]
    for year in () if limit is None else limit.years:
        if year > last:
            at = (*path, "transport", "firm_max_mmbtu_per_h", year)
            message = f"{year} comes after the last modelled year, {last}, and would never be seen"
            remedy = f"add a year to horizon.years, or take {year} out"
            yield Problem(message, source.key_origin_of(at), dotted(at), str(year), f"years up to {last}", remedy)


def _paid_twice(source: SourceMap, at: KeyPath, charge: float) -> Problem:
    message = "a delivered gas price holds its transport already; charges belong to `basis: hub`"
    remedy = "write `basis: hub`, or take this key out"
    return Problem(message, source.origin_of(at), dotted(at), f"{charge:g}", "0 with `basis: delivered`", remedy)


def _nobody_burns(source: SourceMap, path: KeyPath, gas: GasSpec, technologies: set[str]) -> Iterator[Problem]:
    """Refuse contracts and tanks at a site where no plant could use them."""
    for key, able, what in (
        ("transport", BURNS_GAS, "gas"),
        ("dual_fuel", BURNS_DISTILLATE, "distillate in place of gas"),
    ):
        if getattr(gas, key) is not None and not technologies & set(able):
            at = (*path, key)
            message = f"no plant of this site burns {what}"
            remedy = "list one below `technologies:`, or take this key out"
            yield Problem(message, source.key_origin_of(at), dotted(at), None, ", ".join(able), remedy)


def _region(
    scenario: Scenario, source: SourceMap, regions: dict[str, Any], name: str, region: Any
) -> Iterator[Problem]:
    path: KeyPath = ("requirements", "gas_regions", name)
    before = list(regions)[: list(regions).index(name)]
    for index, site in enumerate(region.sites):
        at = (*path, "sites", index)
        other = next((one for one in before if site in regions[one].sites), None)
        if site not in scenario.sites:
            known = ", ".join(scenario.sites)
            near = did_you_mean(site, scenario.sites)
            yield Problem("this site is not in the scenario", source.origin_of(at), dotted(at), site, known, near)
        elif other is not None or site in region.sites[:index]:
            message = f"{site} belongs to the gas region {other or name} already"
            yield Problem(message, source.origin_of(at), dotted(at), site, remedy="a site belongs to one region only")
    for index, (one, two) in enumerate(pairwise(region.price_steps or ())):
        if two.adder_usd_per_mmbtu < one.adder_usd_per_mmbtu:
            at = (*path, "price_steps", index + 1, "adder_usd_per_mmbtu")
            yield Problem(
                "gas gets dearer from step to step, but this one is cheaper than the one before it",
                source.origin_of(at),
                dotted(at),
                f"{two.adder_usd_per_mmbtu:g}",
                f"{one.adder_usd_per_mmbtu:g} USD/MMBtu or more",
                "put the steps in the order of their price",
            )
