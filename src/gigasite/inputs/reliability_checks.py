"""Whether the losses that a scenario asks to survive name its sites, and whether a critical share belongs to one."""

from __future__ import annotations

from collections.abc import Iterator

from gigasite.foundation.errors import Problem, did_you_mean
from gigasite.inputs.scenario import Scenario
from gigasite.inputs.source_map import KeyPath, SourceMap, dotted

_BY_SITE = ("survive_trunk_loss", "survive_grid_loss")
_SHARED_BY = (*_BY_SITE, "outage_survival_h")


def reliability_problems(scenario: Scenario, source: SourceMap) -> Iterator[Problem]:
    """Yield every fault in what is asked to survive."""
    for key in _BY_SITE:
        yield from _unknown_sites(scenario, source, key)
    yield from _share_of_nothing(scenario, source)


def reliability_notes(scenario: Scenario, source: SourceMap) -> Iterator[Problem]:
    """Yield a hint on an outage that ends inside a time step, and so is counted as longer than it is."""
    hours, step = getattr(scenario.requirements, "outage_survival_h", None), scenario.horizon.resolution_h
    if hours and hours % step:
        path: KeyPath = ("requirements", "outage_survival_h")
        message = f"an outage of {hours:g} h ends inside a time step of {step} h and counts to its end"
        yield Problem(message, source.origin_of(path), dotted(path), f"{hours:g} h")


def _unknown_sites(scenario: Scenario, source: SourceMap, key: str) -> Iterator[Problem]:
    said = getattr(scenario.requirements, key, False)
    for index, site in enumerate(said if isinstance(said, tuple) else ()):
        if site in scenario.sites:
            continue
        path: KeyPath = ("requirements", key, index)
        message = f"{key} names {site}, which is no site of the scenario"
        remedy = did_you_mean(site, scenario.sites) or "write `true` for all sites"
        yield Problem(message, source.origin_of(path), dotted(path), site, ", ".join(scenario.sites), remedy)


def _share_of_nothing(scenario: Scenario, source: SourceMap) -> Iterator[Problem]:
    """A critical share where no loss is asked for would say nothing."""
    path: KeyPath = ("requirements", "critical_share")
    asked = any(getattr(scenario.requirements, key, None) for key in _SHARED_BY)
    share = getattr(scenario.requirements, "critical_share", 1.0)
    if path in source.origins and not asked and share != 1.0:  # a run holds every default, and is read again
        given = f"{share:g}"
        message = "a critical share is written, but no loss that it belongs to is asked for"
        remedy = f"write {', '.join(_SHARED_BY[:-1])} or {_SHARED_BY[-1]} beside it, or take it out"
        yield Problem(message, source.key_origin_of(path), dotted(path), given, remedy=remedy)
