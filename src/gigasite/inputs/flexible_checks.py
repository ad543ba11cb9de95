"""Whether what a scenario says of load that gives way fits together: windows, shares, flexible connections."""

from __future__ import annotations

from collections.abc import Iterator

from gigasite.foundation.errors import InputError, Problem
from gigasite.inputs.capacity_checks import written_at
from gigasite.inputs.scenario import Scenario, technology_options
from gigasite.inputs.source_map import KeyPath, SourceMap, dotted
from gigasite.inputs.tables import Tables

GRID, SHED, SHIFT = "grid_connection", "flexible_load", "shiftable_load"
SHARES = {SHED: "shed_share", SHIFT: "shift_share"}
WINDOWS_H = (2, 3, 4, 6, 8, 12, 24)
_ROUNDING = 1e-9


def flexible_problems(scenario: Scenario, source: SourceMap, tables: Tables | None) -> Iterator[Problem]:
    """Yield every fault of load that is shed, moved or gives way at a site."""
    for site, spec in scenario.sites.items():
        if SHIFT in spec.technologies:
            yield from _window(scenario, source, tables, site)
        if SHIFT in spec.technologies and SHED in spec.technologies:
            yield from _more_than_all(scenario, source, tables, site)
        yield from _without_connection(scenario, source, site)


def flexible_notes(scenario: Scenario, source: SourceMap, tables: Tables | None) -> Iterator[Problem]:
    """Yield a hint where steps are longer than a window: nothing moves then, as in every quick look at means."""
    step = scenario.horizon.resolution_h
    for site, spec in scenario.sites.items():
        if SHIFT not in spec.technologies:
            continue
        window, said = figure_of(scenario, tables, site, SHIFT, "shift_window_h")
        if window is not None and window < step:
            path = _at(source, site, SHIFT, "shift_window_h", said=said)
            message = f"steps of {step} hours are longer than the window of {window:g} hours, so no load is moved"
            yield Problem(message, source.origin_of(path), dotted(path), remedy="look at finer steps for the answer")


def figure_of(
    scenario: Scenario, tables: Tables | None, site: str, technology: str, parameter: str
) -> tuple[float | None, bool]:
    """Return what a site's option comes to, and whether the scenario says it; None where inputs/ cannot be asked."""
    options = technology_options(scenario, site, technology)
    said = getattr(options, parameter)
    if said is not None:
        return float(said), True
    if tables is None or not tables.has("technologies") or not tables.has("technology_defaults"):
        return None, False
    classes = tables.values("technology_defaults", "machine_class", technology=technology)
    keys = {
        "technology": technology,
        "machine_class": options.machine_class or (classes[0] if classes else ""),
        "cost_case": options.cost_case or "",
        "parameter": parameter,
    }
    try:
        return float(tables.figure("technologies", year=None, default=None, **keys).value), False
    except InputError:  # told where the scenario is assembled
        return None, False


def _at(source: SourceMap, site: str, technology: str, parameter: str, *, said: bool) -> KeyPath:
    return written_at(source, site, technology, parameter) if said else ("sites", site, "technologies", technology)


def _window(scenario: Scenario, source: SourceMap, tables: Tables | None, site: str) -> Iterator[Problem]:
    """Refuse a window that is more than a step, but not a whole number of them: part of it would never be used."""
    window, said = figure_of(scenario, tables, site, SHIFT, "shift_window_h")
    step = scenario.horizon.resolution_h
    if window is None or window % step == 0 or window < step:
        return
    path = _at(source, site, SHIFT, "shift_window_h", said=said)
    whole = ", ".join(str(hours) for hours in WINDOWS_H if hours % step == 0)
    yield Problem(
        f"a window of {window:g} hours does not hold whole steps of {step} hours",
        source.origin_of(path),
        dotted(path),
        f"{window:g} h" if said else f"{window:g} h, from inputs/",
        f"windows that {step} divides: {whole}",
        "write a longer shift_window_h, or a finer horizon.resolution_h",
    )


def _more_than_all(scenario: Scenario, source: SourceMap, tables: Tables | None, site: str) -> Iterator[Problem]:
    """Refuse shares to shed and to move that are more than all load together."""
    found = {name: figure_of(scenario, tables, site, name, key) for name, key in SHARES.items()}
    shares = [share for share, _ in found.values() if share is not None]
    if sum(shares) <= 1.0 + _ROUNDING:
        return
    name = next((each for each, (_, said) in reversed(found.items()) if said), SHIFT)
    path = _at(source, site, name, SHARES[name], said=found[name][1])
    other = next(each for each in SHARES if each != name)
    yield Problem(
        f"more than all load of {site} is to be shed and moved in the same hour",
        source.origin_of(path),
        dotted(path),
        f"{found[name][0]:g}",
        f"{1.0 - float(found[other][0] or 0.0):g} or less: {other} has the rest",
        f"lower {SHARES[name]}, or {SHARES[other]} of {other}",
    )


def _without_connection(scenario: Scenario, source: SourceMap, site: str) -> Iterator[Problem]:
    spec = scenario.sites[site]
    if spec.grid.flexible_connection is None or GRID in spec.technologies:
        return
    path: KeyPath = ("sites", site, "grid", "flexible_connection")
    yield Problem(
        "this site has no grid connection that could give way",
        source.key_origin_of(path),
        dotted(path),
        remedy="list grid_connection below `technologies:`, or take this key out",
    )
