"""Whether an uptime can be asked for, and whether the outage years that are to show it are enough."""

from __future__ import annotations

from collections.abc import Iterator

from gigasite.foundation.errors import Problem
from gigasite.inputs.scenario import Scenario
from gigasite.inputs.source_map import KeyPath, SourceMap, dotted

LEAST_UPTIME = 0.9
"""Below this it is no uptime of a data centre, but a slip."""

FEWEST_OUTAGE_YEARS, MOST_OUTAGE_YEARS = 100, 100_000
USUAL_OUTAGE_YEARS = 1_000

SHOWN_BY = 0.05
"""Outage years times the share of hours that may be missed: fewer years cannot show an uptime, even with no outage."""

_PERCENT = 100.0
_UPTIME: KeyPath = ("requirements", "uptime")
_YEARS: KeyPath = ("requirements", "uptime_outage_years")


def uptime_problems(scenario: Scenario, source: SourceMap) -> Iterator[Problem]:
    """Yield every fault in what is asked of the uptime."""
    uptime = getattr(scenario.requirements, "uptime", None)
    years = getattr(scenario.requirements, "uptime_outage_years", None)
    if uptime is None:
        if years is not None:
            message = "outage years are counted, but no uptime is asked for"
            remedy = "write `uptime: 0.9999` beside it, or take it out"
            yield Problem(message, source.key_origin_of(_YEARS), dotted(_YEARS), str(years), remedy=remedy)
        return
    if not LEAST_UPTIME <= uptime < 1.0:
        yield _not_an_uptime(uptime, source)
        return
    if years is None:
        return
    fewest = fewest_outage_years(uptime)
    if not fewest <= years <= MOST_OUTAGE_YEARS:
        message = "so few outage years cannot show this uptime" if years < fewest else "so many outage years take days"
        allowed = f"{fewest:,} to {MOST_OUTAGE_YEARS:,}"
        remedy = "leave the key out, and as many are replayed as the uptime takes"
        yield Problem(message, source.origin_of(_YEARS), dotted(_YEARS), str(years), allowed, remedy)


def fewest_outage_years(uptime: float) -> int:
    """Outage years below which an uptime cannot be shown.

    >>> fewest_outage_years(0.99), fewest_outage_years(0.9999), fewest_outage_years(0.99999)
    (100, 500, 5000)
    """
    return min(max(FEWEST_OUTAGE_YEARS, round(SHOWN_BY / (1.0 - uptime))), MOST_OUTAGE_YEARS)


def outage_years(uptime: float, given: int | None) -> int:
    """Outage years to replay.

    >>> outage_years(0.9999, None), outage_years(0.99999, None), outage_years(0.9999, 5000)
    (1000, 10000, 5000)
    """
    return given or min(max(USUAL_OUTAGE_YEARS, 2 * fewest_outage_years(uptime)), MOST_OUTAGE_YEARS)


def _not_an_uptime(uptime: float, source: SourceMap) -> Problem:
    remedy = f"a share of the hours, such as 0.9999; nothing is up always: at least {LEAST_UPTIME:g}, and less than 1"
    if _PERCENT * LEAST_UPTIME <= uptime < _PERCENT:
        remedy = f"write {uptime:g} % as {uptime / _PERCENT:.6g}"
    allowed = f"{LEAST_UPTIME:g} or more, and less than 1"
    return Problem(
        "no such uptime can be asked for", source.origin_of(_UPTIME), dotted(_UPTIME), f"{uptime:g}", allowed, remedy
    )
