"""Checks of the uptime a scenario asks for: the rows that were added for it, and that the replay shows it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gigasite.foundation.units import HOURS_PER_YEAR
from gigasite.results.books import Books
from gigasite.results.check import FLOOR_MW, RELATIVE, Check, Labels, largest
from gigasite.results.check_firmness import firm_by_technology, over_lines
from gigasite.system.rest_of_state import PREFIX

NAME = "uptime"
REPLAY = "replay"
SMALL_MW = 1e-3
ROUNDING_H = 1e-9
"""Hours a year by which two ways of adding them up may differ."""


def uptime_checks(books: Books) -> Iterator[Check]:
    """Both checks, where an uptime is asked for and the plan was replayed."""
    if books.data(NAME) and REPLAY in books.tables:
        yield credited_carries_the_need(books)
        yield uptime_is_kept(books)


def credited_carries_the_need(books: Books) -> Check:
    """Firm capacity, credited with what it gives when load would go unserved: at least the need of every turn."""
    data = books.data(NAME)
    energised = books.planned("load", "energised_mw")
    need = data["need_mw_per_mw"].values
    asked = need * energised[:, :, None]
    there = np.zeros_like(asked)
    firm = firm_by_technology(books) | {"line": over_lines(books, "firm_flow_mw")}
    for technology, mw in firm.items():
        credit = data.get(f"credit_{technology}")
        there += mw[:, :, None] if credit is None else credit.values * mw[:, :, None]
    turns = range(1, need.shape[2] + 1)
    return largest(
        "credited_carries_the_need",
        np.where(need > 0, asked - there, 0.0),
        RELATIVE * asked + FLOOR_MW,
        Labels({"site": books.sites, "year": books.years, "turn": turns}),
        unit="MW",
        holds="Every turn of the uptime gets the capacity it asks for.",
        broken="Capacity misses what a turn of the uptime asks for",
    )


def uptime_is_kept(books: Books) -> Check:
    """Hours unserved a year, at the upper end of their interval: no more than the uptime leaves.

    A site and year with energised load that was not replayed is taken as never served; the rest of each state is many
    small data centres, whose outages are no matter of one plan, and is left out.
    """
    uptime = float(books.system.context.scenario.requirements.uptime)
    replayed = books.planned(REPLAY, "outage_years") > 0
    hours = books.planned(REPLAY, "unserved_hours_high_per_year")
    campus = np.array([not site.startswith(PREFIX) for site in books.sites])
    energised = (books.planned("load", "energised_mw") > SMALL_MW) & campus[:, None]
    missed = np.where(replayed, hours, HOURS_PER_YEAR)
    allowed = (1.0 - uptime) * HOURS_PER_YEAR
    return largest(
        "uptime_is_kept",
        np.where(energised, missed - allowed, 0.0),
        ROUNDING_H,
        books.site_year,
        unit="h/year",
        holds="The replay of outages shows the uptime asked for, at every site in every year.",
        broken="The replay of outages does not show the uptime asked for: hours unserved may pass what it leaves",
    )
