"""Whether any site wants load, and whether its yearly mean of power use lies below its peak."""

from __future__ import annotations

from collections.abc import Iterator

from gigasite.foundation.errors import InputError, Problem
from gigasite.inputs.scenario import Scenario
from gigasite.inputs.source_map import KeyPath, SourceMap, dotted
from gigasite.inputs.tables import Tables

_SHIPPED = {"pue_peak": "pue_peak", "pue_mean": "pue_mean_target"}


def load_problems(scenario: Scenario, source: SourceMap, tables: Tables | None) -> Iterator[Problem]:
    """Yield every fault in what the sites want."""
    nobody = list(_empty_ramps(scenario, source))
    yield from nobody
    if not nobody and scenario.sites and scenario.national is None:
        yield from _no_load(scenario, source)
    told: set[KeyPath] = set()
    for site in scenario.sites:
        yield from _mean_above_peak(scenario, source, tables, site, told)


def _empty_ramps(scenario: Scenario, source: SourceMap) -> Iterator[Problem]:
    """A ramp that is written as null says nothing, like an empty one."""
    for site in scenario.sites:
        written = source.data["sites"][site]
        if isinstance(written, dict) and "load_ramp_mw" in written and written["load_ramp_mw"] is None:
            path = ("sites", site, "load_ramp_mw")
            allowed = "{year: MW}, for example {2028: 800}"
            remedy = "write at least one year, or leave the key out"
            yield Problem("no year is given", source.origin_of(path), dotted(path), "null", allowed, remedy)


def _no_load(scenario: Scenario, source: SourceMap) -> Iterator[Problem]:
    ramps = [spec.load_ramp_mw for spec in scenario.sites.values()]
    faulty = any(_is_written(source, site) for site, spec in scenario.sites.items() if spec.load_ramp_mw is None)
    if not faulty and not any(ramp is not None and ramp.largest > 0 for ramp in ramps):
        remedy = "give one site a ramp: `load_ramp_mw: {2028: 800}`"
        yield Problem("no site wants any load", source.key_origin_of(("sites",)), "sites", remedy=remedy)


def _is_written(source: SourceMap, site: str) -> bool:
    """Return whether a ramp stands in the file, and was cut out because of a fault that is told already."""
    written = source.data["sites"][site]
    return isinstance(written, dict) and "load_ramp_mw" in written


def _mean_above_peak(
    scenario: Scenario, source: SourceMap, tables: Tables | None, site: str, told: set[KeyPath]
) -> Iterator[Problem]:
    mean, mean_path = _holds(scenario, tables, site, "pue_mean")
    peak, peak_path = _holds(scenario, tables, site, "pue_peak")
    path = mean_path or peak_path
    if mean is None or peak is None or path is None or mean <= peak or path in told:
        return
    told.add(path)
    shipped = "" if mean_path and peak_path else " (the figure of inputs/finance.csv)"
    if mean_path:
        given, allowed = f"{mean:g}", f"{peak:g} or less: pue_peak{shipped}"
        remedy = "lower pue_mean, or raise pue_peak"
    else:
        given, allowed = f"{peak:g}", f"{mean:g} or more: pue_mean{shipped}"
        remedy = "raise pue_peak, or lower pue_mean"
    message = "the yearly mean of the power usage effectiveness is above its peak"
    yield Problem(message, source.origin_of(path), dotted(path), given, allowed, remedy)


def _holds(scenario: Scenario, tables: Tables | None, site: str, key: str) -> tuple[float | None, KeyPath | None]:
    """Return the value that holds at a site and where it is written; no place for a figure of inputs/."""
    at_site: float | None = getattr(scenario.sites[site].load, key)
    if at_site is not None:
        return at_site, ("sites", site, "load", key)
    everywhere: float | None = getattr(scenario.load, key)
    if everywhere is not None:
        return everywhere, ("load", key)
    if tables is None or not tables.has("finance"):
        return None, None
    try:
        return tables.figure("finance", topic="load", item=_SHIPPED[key]).value, None
    except InputError:
        return None, None
