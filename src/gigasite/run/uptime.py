"""Solve, replay, tighten, until the replay agrees with the uptime asked for.

    1. solve the scenario
    2. replay the plan: hours unserved a year, with an interval
    3. where the lower end of the availability lies below the uptime: the least power, there in every hour, that would
       have kept it (the margin), and what each technology would have given in the hours that went unserved
    4. a row of both for the `uptime` requirement; again from 1, with the cuts and multipliers of the turns before

A plan agrees when every site and year with energised load keeps its uptime at the lower end of the interval. After
`MOST_TURNS` rows the last plan is the answer whether it agrees or not; a check says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil, log

import numpy as np
import pandas as pd

from gigasite.formulation.requirements.uptime import MOST_TURNS, NAME, SITE_YEAR_TURN
from gigasite.foundation.units import HOURS_PER_YEAR
from gigasite.inputs.uptime_checks import outage_years
from gigasite.results.audit import contract_table, lines_table
from gigasite.results.books import Books
from gigasite.results.capacity import capacity_table
from gigasite.results.check_firmness import firm_by_technology, over_lines
from gigasite.results.frames import site_year_rows
from gigasite.results.outcome import Outcome
from gigasite.results.rounds import BoundsOfRound
from gigasite.run.agreement import Solved, Step
from gigasite.run.replay.credit import credits_of
from gigasite.run.replay.estimate import CONFIDENCE, mean_per_year
from gigasite.run.replay.replay_table import TABLE, places_of, replay_table, replayed_shortages
from gigasite.run.replay.site_year import Shortage
from gigasite.run.replay.stocks import Stocks
from gigasite.system.quantity import FeatureData, Quantity

TURNS_TABLE = "uptime_turns"
TURN_COLUMNS = (
    "turn",
    "objective_usd",
    "site",
    "year",
    "availability",
    "availability_low",
    "nines_low",
    "site_years_short",
    "uptime_margin_mw",
    "outage_years",
)
MARGIN_ROUNDING_MW = 0.1
"""Megawatts to which the margin is found, from above."""

MARGIN_ROOM = 1.05
"""What is asked for over the margin found: machines that are added fail too, and one turn more costs a solve."""

SPARE_YEARS = 1.5
"""Outage years as a multiple of those that would show the uptime if nothing went unserved in any of them."""

Answer = tuple[Solved, list[BoundsOfRound]]
SolveAgain = Callable[[FeatureData], Answer]


@dataclass(frozen=True)
class Kept:
    """A plan that was replayed and tightened.

    Attributes:
        solved: the plan of the last turn.
        bounds: its rounds.
        tables: what the replay of it found, and all turns.
    """

    solved: Solved
    bounds: list[BoundsOfRound]
    tables: Mapping[str, pd.DataFrame]


def solve_until_kept(first: Answer, again: SolveAgain, step: Step) -> Kept:
    """Replay a plan and solve again with what it was short of, until it keeps the uptime its scenario asks for.

    Args:
        first: the plan made without any margin.
        again: solves the scenario with these arrays of the uptime requirement.
        step: told the name of every stage as it begins.
    """
    (solved, bounds), rows = first, []
    rule = solved.system.context.scenario.requirements
    seed = solved.system.context.seed
    turn = 0
    while True:
        books = _books_of(solved)
        if not places_of(books):
            return Kept(solved, bounds, {})
        years = rule.uptime_outage_years or _years_that_show(rule.uptime, books)
        step(f"replay {years:,} outage years{f', turn {turn + 1}' if turn else ''}")
        found = replayed_shortages(books, years=years, seed=seed)
        table = replay_table(books, found, seed=seed)
        short = _short(table, found, rule.uptime)
        rows.append(_turn_row(turn + 1, solved, table, short))
        ended = solved.solution.status != "optimal"  # a limit, or Ctrl-C: there is no time for another turn
        if ended or not any(short.values()) or turn == MOST_TURNS:
            turns = pd.DataFrame(rows, columns=list(TURN_COLUMNS))
            return Kept(solved, bounds, {TABLE: table, TURNS_TABLE: turns})
        solved, bounds = again(_tightened(books, found, short, turn))
        turn += 1


def _books_of(solved: Solved) -> Books:
    """The tables that say what a plan has."""
    outcome = Outcome(solved.system, solved.builder, solved.solution)
    energised = {"energised_mw": outcome.values("idle_load.energised_mw")}
    tables = {
        "capacity": capacity_table(outcome),
        "contract": contract_table(outcome),
        "lines": lines_table(outcome),
        "load": site_year_rows(outcome.sites, outcome.years, energised),
    }
    return Books(solved.system, tables)


def _years_that_show(uptime: float, books: Books) -> int:
    """Outage years that show an uptime: without any event, the interval of its hours ends within what may be missed."""
    stocks = Stocks.of(books)
    longest = max(stocks.longest_repair_h(*place) for place in places_of(books))
    allowed = (1.0 - uptime) * HOURS_PER_YEAR
    needed = SPARE_YEARS * -log((1.0 - CONFIDENCE) / 2.0) * longest / allowed
    return max(outage_years(uptime, None), ceil(needed))


def _short(
    table: pd.DataFrame, found: Mapping[tuple[str, int], Shortage], uptime: float
) -> dict[tuple[str, int], float]:
    """Margin of every site and year that does not keep its uptime, MW."""
    allowed = (1.0 - uptime) * HOURS_PER_YEAR
    missing = table[table["availability_low"] < uptime]
    places = zip(missing["site"], missing["year"], missing["unseen_event_h"], strict=True)
    return {(site, int(year)): margin_mw(found[site, int(year)], allowed, unseen) for site, year, unseen in places}


def margin_mw(shortage: Shortage, allowed_h: float, unseen_h: float) -> float:
    """Least power, there in every hour, with which no more hours a year go unserved than allowed.

        margin = min x with high(hours in which more than x is unserved) <= allowed

    Args:
        shortage: hours that go unserved.
        allowed_h: hours a year that may.
        unseen_h: hours an event is taken to last where none is seen.
    """

    def kept(power: float) -> bool:
        by_year = np.bincount(shortage.year[shortage.unserved_mw > power], minlength=shortage.years)
        return mean_per_year(by_year.astype(float), unseen=unseen_h).high <= allowed_h

    low, high = 0.0, float(shortage.unserved_mw.max(initial=0.0))
    while high - low > MARGIN_ROUNDING_MW:
        middle = 0.5 * (low + high)
        low, high = (low, middle) if kept(middle) else (middle, high)
    return high


def _tightened(
    books: Books, found: Mapping[tuple[str, int], Shortage], short: Mapping[tuple[str, int], float], turn: int
) -> FeatureData:
    """Arrays of the uptime requirement with the rows of one more turn."""
    arrays = {name: quantity.values.copy() for name, quantity in books.data(NAME).items()}
    stocks = Stocks.of(books)
    firm = firm_by_technology(books)
    firm["line"] = over_lines(books, "firm_flow_mw")
    energised = books.planned("load", "energised_mw")
    for (site, year), margin in short.items():
        if margin <= 0:
            continue
        at = books.sites.index(site), books.years.index(year)
        for technology, credit in credits_of(stocks, found[site, year], site, year).items():
            if f"credit_{technology}" in arrays:
                arrays[f"credit_{technology}"][(*at, turn)] = credit
        counted = MARGIN_ROOM * margin
        for technology, mw in firm.items():
            credits_there = arrays.get(f"credit_{technology}")
            counted += float(mw[at]) * (1.0 if credits_there is None else float(credits_there[(*at, turn)]))
        arrays["need_mw_per_mw"][(*at, turn)] = counted / energised[at]
    return {name: Quantity(values, SITE_YEAR_TURN, "MW per MW") for name, values in arrays.items()}


def _turn_row(
    number: int, solved: Solved, table: pd.DataFrame, short: Mapping[tuple[str, int], float]
) -> tuple[object, ...]:
    worst = table.iloc[int(table["availability_low"].to_numpy().argmin())]
    return (
        number,
        solved.solution.objective_usd,
        worst["site"],
        int(worst["year"]),
        float(worst["availability"]),
        float(worst["availability_low"]),
        float(worst["nines_low"]),
        len(short),
        sum(short.values()),
        int(worst["outage_years"]),
    )
