"""Whole campuses: a campus is energised at least at its smallest size or not at all, and stays open once it is open.

    least[s, y] * open[s, y] <= energised[s, y] <= ramp[s, y] * open[s, y]
    open[s, y] >= open[s, y before]                       open is 0 or 1

| symbol    | name           | unit | dimensions |
|-----------|----------------|------|------------|
| open      | `open_campus`  | 1    | site, year |
| energised | `energised_mw` | MW   | site, year |
| least     | `least_mw`     | MW   | site, year |
| ramp      | `ramp_mw`      | MW   | site, year |

`minimum_campus_mw` of a site is its smallest size; `placement: whole` makes it the whole ramp of each year. Edge rules:
a campus cannot open before its ramp has reached the smallest size; where a ramp falls below it later on, all that is
left of the ramp is the smallest size. The rest of a state is many campuses, so it is never whole.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gigasite.formulation.builder import Builder
from gigasite.formulation.registry import Requirement
from gigasite.inputs.scenario import RequirementSpec
from gigasite.system.context import Context
from gigasite.system.place import Place
from gigasite.system.quantity import Array, FeatureData, Quantity
from gigasite.system.rest_of_state import PREFIX

NAME = "whole_campus"
WHOLE = "whole"


class Spec(RequirementSpec):
    """Campuses say it themselves (`placement`, `minimum_campus_mw`), or `national: placement:` does for all."""


def prepare(context: Context) -> FeatureData:
    """Smallest size and ramp of campuses that open as a whole; nothing where every campus takes any share."""
    chosen = np.array([is_whole(context, place) or has_minimum(place) for place in context.places])
    if not chosen.any():
        return {}
    ramp = np.array([[place.ramp_mw(year) for year in context.years] for place in context.places])
    least = np.zeros_like(ramp)
    may_open = np.zeros_like(ramp)
    for s in np.flatnonzero(chosen):
        least[s] = least_mw(context, context.places[s], ramp[s])
        may_open[s] = least[s] > 0
        may_open[s] = np.maximum.accumulate(may_open[s])
    whole = chosen.astype(float)
    return {
        "is_whole": Quantity(whole, ("site",), "1"),
        "least_mw": Quantity(least, ("site", "year"), "MW"),
        "ramp_mw": Quantity(ramp * whole[:, None], ("site", "year"), "MW"),
        "may_open": Quantity(may_open, ("site", "year"), "1"),
        "is_later": Quantity((np.arange(len(context.years)) > 0).astype(float), ("year",), "1"),
    }


def is_whole(context: Context, place: Place) -> bool:
    """Whether all of a campus's ramp is energised, or nothing."""
    own, national = place.settings.placement, context.scenario.national
    if own is not None or place.name.startswith(PREFIX):
        return bool(own == WHOLE)
    return national is not None and national.placement == WHOLE and place.counts_in_national and not has_minimum(place)


def has_minimum(place: Place) -> bool:
    """Whether a campus has a smallest size of its own."""
    return place.settings.minimum_campus_mw is not None


def least_mw(context: Context, place: Place, ramp_mw: Array) -> Array:
    """Smallest size in each year; 0 in years before the campus may open, shape (year,)."""
    if is_whole(context, place):
        return ramp_mw
    minimum = float(place.settings.minimum_campus_mw)
    reached = np.maximum.accumulate(ramp_mw >= minimum)
    return np.where(reached, np.minimum(ramp_mw, minimum), 0.0)


def build(builder: Builder, data: FeatureData) -> None:
    """A yes or no for every campus and year, and the rows that tie its load to it."""
    if not data:
        return
    block = builder.block(NAME, data)
    over, before = ("site", "year"), builder.model.calendar.previous_year
    energised = builder.energised_mw
    opened = builder.variable(block, "open_campus", over, upper=data["may_open"].values, unit="1", integer=True)

    def energised_at_least_smallest(b: Any, site: Any, year: Any) -> Any:
        return b.least_mw[site, year] * opened[site, year] - b.is_whole[site] * energised[site, year] <= 0

    def energised_only_where_open(b: Any, site: Any, year: Any) -> Any:
        return b.is_whole[site] * energised[site, year] - b.ramp_mw[site, year] * opened[site, year] <= 0

    def open_stays_open(b: Any, site: Any, year: Any) -> Any:
        shut = b.is_later[year] * opened[site, before[year]] - b.is_later[year] * opened[site, year]
        return b.is_whole[site] * shut <= 0

    for rule in (energised_at_least_smallest, energised_only_where_open, open_stays_open):
        builder.constraint(block, rule.__name__, over, rule)


REQUIREMENT = Requirement(NAME, "Whole campuses", 174, Spec, prepare, build)
