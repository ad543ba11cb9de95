"""What holds a national account back: its limits, ranked by what a tenth more of each would bring.

    worth[i, y]  = sum over the rows of limit i in year y of shadow price * size of the limit       present value
    saved[i, y]  = 10 % * worth[i, y] / W_y                                                         USD a year
    gained[i, y] = saved[i, y] / (price of the shortfall[y] - mean cost of supply[y])               TWh

A MWh less of shortfall saves its price and costs what its supply costs, so a saving is turned into energy by the
difference of the two; the mean cost of supply of the year stands for that of the energy gained. Savings are convex in
the ease: a tenth more saves no more than its price says, and no less than the price that is left afterwards says
(`tests/second_way/test_national_ease.py` solves it again). Where the account is met nothing holds it back.

A date is no size: of firm grid in its queue and of machines in their lead time all that could come a year earlier
counts, which brings at most what is told. `ease` is the key of the scenario that eases the limit.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from gigasite.foundation.units import MWH_PER_TWH
from gigasite.results.outcome import Outcome
from gigasite.results.reasons import GRID
from gigasite.results.words import dollars, technology_label
from gigasite.system.rest_of_state import PREFIX

COLUMNS = (
    "year",
    "obstacle",
    "place",
    "eased_by",
    "worth_usd",
    "saved_usd_per_year",
    "gained_twh",
    "ease",
    "sentence",
)
TENTH = 0.1
A_TENTH, A_YEAR = "a tenth", "a year"
DATES = ("queue", "lead_time")
"""Limits of time: nobody has a tenth more of a year, so all that could come a year earlier counts."""

SMALL_TWH = 1e-3
LIGHT = "_light"
LIMITS = {"limit_mw": "limits_mw", "limit_twh": "limits_twh", "growth_limit": "growth_mw_per_year"}


def obstacles_table(outcome: Outcome, prices: pd.DataFrame, demand: pd.DataFrame) -> pd.DataFrame:
    """One row per limit and year that falls short, what brings most first; empty without a national account."""
    if not len(demand):
        return pd.DataFrame(columns=list(COLUMNS))
    worth: dict[tuple[int, str, str], float] = {}
    for year, obstacle, place, usd in (*_priced(outcome, prices), *_bounds(outcome)):
        worth[year, obstacle, place] = worth.get((year, obstacle, place), 0.0) + usd
    rows = [
        row
        for y, told in enumerate(demand.to_dict("records"))
        if told["shortfall_twh"] > SMALL_TWH
        for key, usd in sorted(worth.items(), key=lambda pair: -pair[1])
        if key[0] == told["year"]
        for row in _row(key, usd, float(outcome.year_weight[y]), told)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row(key: tuple[int, str, str], usd: float, weight: float, told: dict[Any, Any]) -> Iterator[tuple[Any, ...]]:
    year, obstacle, place = key
    difference = float(told["last_twh_usd_per_mwh"]) - float(told["mean_supply_usd_per_mwh"])
    dated = obstacle in DATES
    saved = (1.0 if dated else TENTH) * usd / weight
    if saved <= 0 or not difference > 0:
        return
    gained = saved / difference / MWH_PER_TWH
    what = in_words(obstacle, place)
    more = f"{what[0].upper()}{what[1:]} in {year}" if dated else f"10 % more of {what} in {year}"
    sentence = f"{more} would save {'at most' if dated else 'about'} {dollars(saved)} in that year: {gained:,.1f} TWh."
    yield year, obstacle, place, A_YEAR if dated else A_TENTH, usd, saved, gained, _ease(obstacle, place), sentence


def _priced(outcome: Outcome, prices: pd.DataFrame) -> Iterator[tuple[int, str, str, float]]:
    """Limits that stand in the table of prices: year, what, where, present value of price times size."""
    counts = {place.name for place in outcome.system.context.places if place.counts_in_national}
    for row in prices.to_dict("records"):
        requirement, site, year = str(row["requirement"]), str(row["site"]), int(row["year"])
        price, usd = float(row["shadow_price"]), float(row["worth_usd"])
        if requirement == "load_ramp" and site in counts and price < 0:
            yield year, "rest_of_state_limits" if site.startswith(PREFIX) else "campus_ramps", "", usd
        elif requirement.startswith("build_slots_"):
            yield year, "build_slots", requirement.removeprefix("build_slots_").removesuffix("_all"), usd
        elif requirement == "grid_headroom" or requirement in LIMITS:
            yield year, requirement, site, usd
        elif requirement.startswith("grid_step_"):
            yield year, "grid_steps", site, usd
        elif requirement.startswith(("lead_time_", "ordered_stock_")):
            technology = requirement.removeprefix("lead_time_").removeprefix("ordered_stock_")
            yield year, "lead_time", technology, usd


def _bounds(outcome: Outcome) -> Iterator[tuple[int, str, str, float]]:
    """Limits that are bounds of the grid at one site: firm grid not to be had yet, steps of a zone with one site.

    A site that may have firm grid a year earlier could put it in place of all its supply, so the price counts for all
    that the site wants.
    """
    data = outcome.system.features.get(GRID)
    if data is None:
        return
    most, wanted = data["firm_max_mw"].values, outcome.system.ramp_mw
    later = np.maximum.accumulate(most[:, ::-1], axis=1)[:, ::-1]
    saved = -outcome.solution.reduced(f"{GRID}.firm_mw") * np.minimum(later - most, wanted)
    for s, y in np.argwhere((saved > 0) & (later > most)):
        yield outcome.years[y], "queue", "", float(saved[s, y])
    for name in (f"{GRID}.step_mw", f"{GRID}.new_step_mw"):
        held = np.maximum(0.0, -outcome.solution.reduced(name) * outcome.values(name)).sum(axis=-1)
        for s, y in np.argwhere(held > 0):
            yield outcome.years[y], "grid_steps", outcome.system.context.places[s].zone, float(held[s, y])


def in_words(obstacle: str, place: str) -> str:
    """A limit in a sentence.

    >>> in_words("build_slots", "gas_engine"), in_words("grid_headroom", "pjm")
    ('deliverable gas engine capacity', 'grid headroom in pjm')
    """
    if obstacle == "build_slots":
        light = "light " if place.endswith(LIGHT) else ""
        return f"deliverable {light}{technology_label(place.removesuffix(LIGHT))} capacity"
    if obstacle == "lead_time":
        return f"{technology_label(place)} capacity a year before it can be had"
    if obstacle in LIMITS:
        return f"the {'growth' if obstacle == 'growth_limit' else 'load'} allowed in {place.partition('_')[2]}"
    return {
        "rest_of_state_limits": "what the rest of each state may add",
        "campus_ramps": "the ramps of the named campuses",
        "queue": "firm grid a year before its queue year",
        "grid_headroom": f"grid headroom in {place}",
        "grid_steps": f"the cheap steps of the grid in {place}",
    }[obstacle]


def _ease(obstacle: str, place: str) -> str:
    """The key of a scenario that eases a limit by a tenth."""
    if obstacle in ("rest_of_state_limits", "campus_ramps"):
        return f"national: {{ease: {{{obstacle}: {1 + TENTH:g}}}}}"
    if obstacle in ("build_slots", "grid_headroom", "grid_steps"):
        name = place.removesuffix(LIGHT)
        return f"national: {{ease: {{{obstacle}: {{{name}: {1 + TENTH:g}}}}}}}"
    if obstacle in LIMITS:
        return f"national: {LIMITS[obstacle]}"
    if obstacle == "queue":
        return "national: {ease: {queue_years_earlier: 1}}"
    return f"delivery_months or ordered_mw of {place}"
