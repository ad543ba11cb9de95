"""Limits of the national account that a scenario eases, to see what each of them holds back; see `national: ease:`.

A factor of 1 (or 0 years) is what holds where a scenario says nothing, with or without a national account.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any


def with_eased_campuses(scenario: Any) -> Any:
    """The scenario with the ramps of its campuses multiplied; only those that count in the national account."""
    factor = scenario.national.ease.campus_ramps
    if factor == 1.0:
        return scenario
    sites = {
        name: site.model_copy(update={"load_ramp_mw": _multiplied(site.load_ramp_mw, factor)})
        if site.count_in_national and site.load_ramp_mw is not None
        else site
        for name, site in scenario.sites.items()
    }
    return scenario.model_copy(update={"sites": sites})


def _multiplied(ramp: Any, factor: float) -> Any:
    return replace(ramp, points=tuple((year, factor * mw) for year, mw in ramp.points))


def slots_factor(scenario: Any, technology: str) -> float:
    """Factor on the national delivery slots of a technology [-]."""
    return 1.0 if scenario.national is None else float(scenario.national.ease.build_slots.get(technology, 1.0))


def headroom_factor(scenario: Any, region: str) -> float:
    """Factor on the grid headroom of a region [-]."""
    return 1.0 if scenario.national is None else float(scenario.national.ease.grid_headroom.get(region, 1.0))


def steps_factor(scenario: Any, zone: str) -> float:
    """Factor on the width of the steps of added load in a grid zone [-]."""
    return 1.0 if scenario.national is None else float(scenario.national.ease.grid_steps.get(zone, 1.0))


def queue_years_earlier(scenario: Any) -> int:
    """Years by which every grid connection comes earlier."""
    return 0 if scenario.national is None else int(scenario.national.ease.queue_years_earlier)
