"""Whether the names in a scenario (sites, zones, classes, cases) are known to inputs/; with the nearest spelling."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gigasite.foundation.errors import Problem, did_you_mean
from gigasite.inputs.scenario import Scenario, SiteSpec, technology_options
from gigasite.inputs.source_map import KeyPath, SourceMap, dotted
from gigasite.inputs.tables import Tables

_LONGEST_LIST = 30
_HUB_FUELS = ("natural_gas_hub", "gas_basis")
_DELIVERED = "natural_gas_delivered"
_BURNS_GAS = ("combined_cycle", "gas_turbine", "gas_engine", "fuel_cell", "bridge_power")
_CHOICES = {"machine_class": "machine class", "cost_case": "cost case"}


def name_problems(
    scenario: Scenario, source: SourceMap, tables: Tables | None, technologies: tuple[str, ...]
) -> Iterator[Problem]:
    """Yield every name that nothing answers to. A table that is not there is not asked."""
    if scenario.national is not None:
        path = ("national", "rest_of_state_technologies")
        for index, name in enumerate(scenario.national.rest_of_state_technologies):
            yield from _unknown(source, (*path, index), name, technologies, "technology")
    for site, spec in scenario.sites.items():
        for name in spec.capex_multiplier:
            path_of_key: KeyPath = ("sites", site, "capex_multiplier", name)
            yield from _unknown(source, path_of_key, name, technologies, "technology", of_key=True)
    if tables is None:
        return
    yield from _cases(scenario, source, tables)
    sites = tables.site_ids()
    zones = _values(tables, "grid_zones", "zone")
    hubs = tuple(hub for fuel in _HUB_FUELS for hub in _values(tables, "fuels", "region", fuel=fuel))
    for technology, options in scenario.technologies.items():
        for key in _CHOICES:
            yield from _choice(source, tables, ("technologies", technology, key), technology, getattr(options, key))
    for site, spec in scenario.sites.items():
        yield from _place(source, tables, site, spec, sites, zones, hubs)
        yield from _gas_price(source, tables, site, spec)
        yield from _machines(scenario, source, tables, site, spec)


def _values(tables: Tables, name: str, column: str, **where: str) -> tuple[str, ...]:
    return tables.values(name, column, **where) if tables.has(name) else ()


def _unknown(
    source: SourceMap, path: KeyPath, name: str | None, known: Sequence[str], what: str, *, of_key: bool = False
) -> Iterator[Problem]:
    """Yield a problem if a name is given, a list of known names is there, and it is not in it."""
    if name is None or not known or name in known:
        return
    origin = source.key_origin_of(path) if of_key else source.origin_of(path)
    some = sorted(known)
    allowed = ", ".join(some[:_LONGEST_LIST]) + (" ..." if len(some) > _LONGEST_LIST else "")
    yield Problem(f"this {what} is not known", origin, dotted(path), name, allowed, did_you_mean(name, known))


def _cases(scenario: Scenario, source: SourceMap, tables: Tables) -> Iterator[Problem]:
    gas_cases = tuple(
        dict.fromkeys(
            case
            for fuel in ("natural_gas_delivered", "natural_gas_hub")
            for case in _values(tables, "fuels", "case", fuel=fuel)
        )
    )
    yield from _unknown(source, ("fuel", "case"), scenario.fuel.case, gas_cases, "fuel case")
    fuels = _values(tables, "fuels", "fuel")
    for fuel, case in scenario.fuel.cases.items():
        path = ("fuel", "cases", fuel)
        yield from _unknown(source, path, fuel, fuels, "fuel", of_key=True)
        yield from _unknown(source, path, case, _values(tables, "fuels", "case", fuel=fuel), "fuel case")
    if scenario.national is not None:
        known = _values(tables, "demand", "trajectory")
        yield from _unknown(source, ("national", "trajectory"), scenario.national.trajectory, known, "trajectory")


def _place(
    source: SourceMap,
    tables: Tables,
    site: str,
    spec: SiteSpec,
    sites: Sequence[str],
    zones: Sequence[str],
    hubs: Sequence[str],
) -> Iterator[Problem]:
    path: KeyPath = ("sites", site)
    place = spec.place
    if spec.like is not None:
        yield from _unknown(source, (*path, "like"), spec.like, sites, "site")
    elif site not in sites and (sites or place is None):
        yield from _own_place(source, site, spec, sites)
    yield from _unknown(source, (*path, "grid", "zone"), spec.grid.zone, zones, "grid zone")
    yield from _unknown(source, (*path, "gas", "hub"), spec.gas.hub, hubs, "gas hub")
    if place is not None:
        yield from _unknown(source, (*path, "place", "grid_zone"), place.grid_zone, zones, "grid zone")
        yield from _unknown(source, (*path, "place", "gas_hub"), place.gas_hub, hubs, "gas hub")
        divisions = _values(tables, "fuels", "region", fuel=_DELIVERED)
        at = (*path, "place", "census_division")
        yield from _unknown(source, at, place.census_division, divisions, "census division")
        like = place.temperature_like_site
        yield from _unknown(source, (*path, "place", "temperature_like_site"), like, sites, "site")
        shapes = _values(tables, "hourly_shapes", "series")
        for key in ("wind_series", "solar_series", "temperature_series"):
            yield from _unknown(source, (*path, "place", key), getattr(place, key), shapes, "series")


def _own_place(source: SourceMap, site: str, spec: SiteSpec, sites: Sequence[str]) -> Iterator[Problem]:
    """A site that inputs/ does not hold must say where it is."""
    path: KeyPath = ("sites", site)
    if spec.place is None:
        near = did_you_mean(site, sites)
        remedy = f"{near} Or " if near else ""
        yield Problem(
            "this site is not in inputs/sites.geojson",
            source.key_origin_of(path),
            dotted(path),
            site,
            ", ".join(sorted(sites)),
            f"{remedy}name a known one with `like:`, or describe it with `place:`",
        )
        return
    for key in ("lat", "lon"):
        if getattr(spec.place, key) is None:
            at = (*path, "place", key)
            message = "a site that inputs/ does not hold must say where it is"
            yield Problem(message, source.origin_of(at), dotted(at), remedy=f"write `{key}:` in degrees")
    if spec.place.grid_zone is None and spec.grid.zone is None:
        at = (*path, "place", "grid_zone")
        message = "a site that inputs/ does not hold must name its grid zone"
        yield Problem(message, source.origin_of(at), dotted(at), remedy="write `grid_zone:`")
    own_weather = spec.hourly.temperature is not None and spec.place.design_temperature_c is not None
    if spec.place.temperature_like_site is None and not own_weather:
        at = (*path, "place", "temperature_like_site")
        message = "a site that inputs/ does not hold must say how warm it is"
        remedy = "name a site of inputs/sites.geojson, or give hourly.temperature and place.design_temperature_c"
        yield Problem(message, source.origin_of(at), dotted(at), None, ", ".join(sorted(sites)), remedy)


def _gas_price(source: SourceMap, tables: Tables, site: str, spec: SiteSpec) -> Iterator[Problem]:
    """A site that burns piped gas must say where its price holds."""
    if spec.gas.fuel != "natural_gas" or not any(name in _BURNS_GAS for name in spec.technologies):
        return
    delivered = spec.gas.basis == "delivered"
    key = "census_division" if delivered else "gas_hub"
    known = tables.site(spec.like or site)
    if (not delivered and spec.gas.hub is not None) or getattr(spec.place, key, None):
        return
    elsewhere = not known and (spec.place is None or spec.like is not None)  # told as an unknown site
    if elsewhere or (known and (key not in known or known[key])):
        return
    path: KeyPath = ("sites", site, "place", key)
    if delivered:
        what, other = "census division", "or gas: {basis: hub, hub: henry_hub}"
    else:
        what, other = "gas hub", "or name a `hub:` under `gas:`"
    regions = _values(tables, "fuels", "region", fuel=_DELIVERED if delivered else "gas_basis")
    message = f"gas is burnt here, but nothing says in which {what}"
    remedy = f"write `{key}:` under `place:`, {other}"
    yield Problem(message, source.origin_of(path), dotted(path), None, ", ".join(sorted(regions)) or None, remedy)


def _machines(scenario: Scenario, source: SourceMap, tables: Tables, site: str, spec: SiteSpec) -> Iterator[Problem]:
    """Check class and cost case of every technology at a site, as merged with the options for all sites."""
    for name in spec.technologies:
        options = technology_options(scenario, site, name)
        for key in _CHOICES:
            at_site: KeyPath = ("sites", site, "technologies", name, key)
            everywhere: KeyPath = ("technologies", name, key)
            path = everywhere if at_site not in source.origins and everywhere in source.origins else at_site
            yield from _choice(source, tables, path, name, getattr(options, key))


def _choice(source: SourceMap, tables: Tables, path: KeyPath, technology: str, chosen: str | None) -> Iterator[Problem]:
    key = str(path[-1])
    known = _values(tables, "technologies", key, technology=technology)
    yield from _unknown(source, path, chosen, known, f"{_CHOICES[key]} of {technology}")
