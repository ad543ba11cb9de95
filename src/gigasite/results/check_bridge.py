"""Checks of bridge power: it stands only while its permit holds."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gigasite.finance.discounting import calendar_years
from gigasite.results.books import Books
from gigasite.results.check import FLOOR_MW, Check, Values, largest

NAME = "bridge_power"


def bridge_checks(books: Books) -> Iterator[Check]:
    """The check of bridge power, where a scenario has it."""
    if NAME in books.system.features:
        yield bridge_power_leaves_with_its_permit(books)


def bridge_power_leaves_with_its_permit(books: Books) -> Check:
    """Rented megawatts outside the permit: none. The permit again, from the calendar years that each year stands for.

    It holds so many calendar years from the first modelled year in which machines can be had, and must hold in every
    calendar year of a modelled year that sees them.
    """
    rented = books.capacity(NAME)
    return largest(
        "bridge_power_leaves_with_its_permit",
        np.where(_permitted(books), 0.0, rented),
        FLOOR_MW,
        books.site_year,
        unit="MW",
        holds="Bridge power stands only while its permit holds.",
        broken="Bridge power stands without a permit",
    )


def _permitted(books: Books) -> Values:
    context = books.system.context
    spans = calendar_years(books.years, context.scenario.horizon.final_span_years)
    found = np.zeros(books.shape[:2], dtype=bool)
    for s, site in enumerate(books.sites):
        options = context.options(site, NAME)
        if options is None:
            continue
        asked = getattr(options, "permit_years", None)
        holds = context.figure(site, NAME, "permit_years").value if asked is None else asked
        begun = [year for year in books.years if year >= context.earliest_year(site, NAME)][:1]
        for y, span in enumerate(spans):
            found[s, y] = all(begun[0] <= year <= begun[0] + holds - 1 for year in span) if begun else False
    return found
