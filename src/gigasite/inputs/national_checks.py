"""Whether a national account has one trajectory for every modelled year, and limits and campuses that can matter."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from gigasite.foundation.errors import Problem, did_you_mean
from gigasite.inputs.quantities import YearSeries
from gigasite.inputs.scenario import Scenario, SiteSpec
from gigasite.inputs.source_map import KeyPath, SourceMap, dotted
from gigasite.inputs.tables import Tables

LIMITS = ("limits_mw", "limits_twh", "growth_mw_per_year")
_SCOPES = ("states", "zones", "regions")
_ONE = "write `trajectory: <name of inputs/demand.csv>`, or your own as `trajectory_twh: {2025: 240, 2030: 500}`"


def national_problems(scenario: Scenario, source: SourceMap, tables: Tables | None) -> Iterator[Problem]:
    """Yield every fault of `national:` and of campuses that open as a whole."""
    for site, spec in scenario.sites.items():
        yield from _campus(scenario, source, site, spec)
    if scenario.national is None:
        return
    yield from _trajectory(scenario, source, tables)
    yield from _late_years(scenario, source)
    if tables is not None:
        yield from _places(scenario, source, tables)
        yield from _eased(scenario, source, tables)


def national_notes(scenario: Scenario, source: SourceMap) -> Iterator[Problem]:
    """Yield limits that fall: what is energised stays so, and a lower limit later on holds before it as well."""
    years = scenario.horizon.years
    for section in ("limits_mw", "limits_twh") if scenario.national is not None else ():
        for scope in _SCOPES:
            for place, series in getattr(getattr(scenario.national, section), scope).items():
                path = ("national", section, scope, place)
                for before, year in itertools.pairwise(years):
                    first, then = series.at(before), series.at(year)
                    if then < first:
                        message = (
                            f"this limit falls from {first:g} in {before} to {then:g} in {year}; what is energised is "
                            "not switched off again, so the lower one holds before that year too"
                        )
                        remedy = "let it stay or rise, unless you mean it"
                        yield Problem(message, source.origin_of(path), dotted(path), remedy=remedy)


def _trajectory(scenario: Scenario, source: SourceMap, tables: Tables | None) -> Iterator[Problem]:
    national = scenario.national
    assert national is not None
    named, own = national.trajectory, national.trajectory_twh
    written = source.data["national"]
    if named is None and own is None:
        if not (isinstance(written, dict) and {"trajectory", "trajectory_twh"} & set(written)):
            message = "the national account has no trajectory"
            yield Problem(message, source.key_origin_of(("national",)), "national.trajectory", remedy=_ONE)
        elif all(written.get(key) is None for key in ("trajectory", "trajectory_twh")):
            path = ("national", "trajectory" if "trajectory" in written else "trajectory_twh")
            yield Problem(
                "the national account has no trajectory", source.origin_of(path), dotted(path), "null", None, _ONE
            )
    elif named is not None and own is not None:
        path = ("national", "trajectory_twh")
        message = f"there are two trajectories: {named} and the one written here"
        remedy = "take one out; where it comes from the file that is extended, write `trajectory: null`"
        yield Problem(message, source.key_origin_of(path), dotted(path), None, "one of them", remedy)
    elif own is not None:
        if own.constant is None:
            yield from _outside(scenario, source, ("national", "trajectory_twh"), "this trajectory", own.years)
    elif tables is not None and tables.has("demand"):
        known = {int(year) for year in tables.values("demand", "year", trajectory=str(named))}
        if known:
            yield from _outside(scenario, source, ("national", "trajectory"), f"trajectory {named}", sorted(known))


def _outside(
    scenario: Scenario, source: SourceMap, path: KeyPath, what: str, years: Sequence[int]
) -> Iterator[Problem]:
    """Refuse modelled years before the first or after the last year of a trajectory: nobody says what holds there."""
    beyond = [year for year in scenario.horizon.years if not years[0] <= year <= years[-1]]
    if beyond:
        span = f"{years[0]} to {years[-1]}" if len(years) > 1 else str(years[0])
        yield Problem(
            f"{what} says nothing of {', '.join(map(str, beyond))}",
            source.origin_of(path),
            dotted(path),
            f"years {span}",
            "a trajectory from the first modelled year to the last",
            "add the years to trajectory_twh, take another trajectory, or shorten horizon.years",
        )


def _late_years(scenario: Scenario, source: SourceMap) -> Iterator[Problem]:
    last = scenario.horizon.years[-1]
    for section in LIMITS:
        for scope in _SCOPES:
            for place, series in getattr(getattr(scenario.national, section), scope).items():
                for year in series.years:
                    if year > last:
                        path = ("national", section, scope, place, year)
                        yield Problem(
                            f"{year} comes after the last modelled year, {last}, and would never be seen",
                            source.key_origin_of(path),
                            dotted(path),
                            str(year),
                            f"years up to {last}",
                            f"add a year to horizon.years, or take {year} out",
                        )


def _places(scenario: Scenario, source: SourceMap, tables: Tables) -> Iterator[Problem]:
    """Refuse limits of places in which nothing of the account can stand."""
    there = places_of(scenario, tables)
    for section in LIMITS:
        for scope in _SCOPES:
            for place in getattr(getattr(scenario.national, section), scope):
                yield from _not_there(source, ("national", section, scope, place), place, there[scope], scope[:-1])


def places_of(scenario: Scenario, tables: Tables) -> dict[str, list[str]]:
    """Return the states, zones and regions in which sites of the account lie, the rest of the states included."""
    found: list[tuple[str, str]] = []
    for site, spec in scenario.sites.items():
        if spec.count_in_national and spec.load_ramp_mw is not None:
            known = tables.site(spec.like or site)
            own = spec.place.model_dump(exclude_none=True) if spec.place is not None else {}
            zone = spec.grid.zone or own.get("grid_zone") or known.get("grid_zone")
            found.append((str(own.get("state") or known.get("state") or ""), str(zone or "")))
    if scenario.national is not None and scenario.national.include_rest_of_state and tables.has("rest_of_state_sites"):
        rest = tables.frame("rest_of_state_sites")
        found += list(zip(rest["state"].astype(str), rest["grid_zone"].astype(str), strict=True))
    states, zones = (sorted({pair[i] for pair in found} - {""}) for i in (0, 1))
    return {"states": states, "zones": zones, "regions": _regions(tables, zones)}


def _regions(tables: Tables, zones: Sequence[str]) -> list[str]:
    if not tables.has("grid_zone_series"):
        return []
    named = (tables.values("grid_zone_series", "series", zone=zone, series_kind="region") for zone in zones)
    return sorted({region for values in named for region in values})


def _not_there(source: SourceMap, path: KeyPath, place: str, there: Sequence[str], what: str) -> Iterator[Problem]:
    if place not in there:
        spelt_out = what == "state" and len(place) > len("TX")
        otherwise = "write its two letters, as TX" if spelt_out else "take the line out"
        remedy = did_you_mean(place, there) or otherwise
        message = f"nothing of the national account lies in this {what}"
        yield Problem(message, source.key_origin_of(path), dotted(path), place, ", ".join(there) or "(none)", remedy)


def _eased(scenario: Scenario, source: SourceMap, tables: Tables) -> Iterator[Problem]:
    """Refuse to ease what is not there."""
    national = scenario.national
    assert national is not None
    there, ease = places_of(scenario, tables), national.ease
    for region in ease.grid_headroom:
        yield from _not_there(source, ("national", "ease", "grid_headroom", region), region, there["regions"], "region")
    for zone in ease.grid_steps:
        yield from _not_there(source, ("national", "ease", "grid_steps", zone), zone, there["zones"], "zone")
    with_slots = tables.values("technologies", "technology", parameter="slots_mw_per_year")
    for technology in ease.build_slots:
        if with_slots and technology not in with_slots:
            path = ("national", "ease", "build_slots", technology)
            remedy = did_you_mean(technology, with_slots) or "take the line out"
            message = "no delivery slots are known for this technology"
            yield Problem(message, source.key_origin_of(path), dotted(path), technology, ", ".join(with_slots), remedy)


def _campus(scenario: Scenario, source: SourceMap, site: str, spec: SiteSpec) -> Iterator[Problem]:
    """Refuse a smallest campus beside a whole one, without a ramp, or above all that the ramp reaches."""
    least, path = spec.minimum_campus_mw, ("sites", site, "minimum_campus_mw")
    ramp: YearSeries | None = spec.load_ramp_mw
    if least is None:
        return
    if spec.placement == "whole":
        message = "a whole campus has no smallest size: all of its ramp is energised, or nothing"
        remedy = "keep one of them: placement: whole, or minimum_campus_mw"
        yield Problem(message, source.key_origin_of(path), dotted(path), f"{least:g} MW", None, remedy)
    elif ramp is None:
        message = f"{site} wants no load, so it has no smallest campus"
        yield Problem(
            message,
            source.key_origin_of(path),
            dotted(path),
            f"{least:g} MW",
            None,
            "write load_ramp_mw, or take it out",
        )
    else:
        most = max(ramp.at(year) for year in scenario.horizon.years)
        if least > most > 0:
            message = f"the smallest campus is above all that {site} wants, so it could never open"
            yield Problem(
                message,
                source.origin_of(path),
                dotted(path),
                f"{least:g} MW",
                f"{most:g} MW or less",
                "lower it, or raise load_ramp_mw",
            )
