"""Checks of what waits and for what: bottlenecks and quarters add up to the load table, stock is not outrun."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gigasite.finance.discounting import calendar_years
from gigasite.foundation.units import DAYS_PER_MONTH, DAYS_PER_YEAR
from gigasite.results.books import Books
from gigasite.results.check import FLOOR_MW, FLOOR_USD, RELATIVE, Check, Labels, Values, largest, worst_of
from gigasite.system.lead_times import SAMPLE_MW


def waiting_checks(books: Books) -> Iterator[Check]:
    """A check for each of them that has something to look at."""
    context = books.system.context
    idle = float(books.tables["summary"]["idle_mw_years"].iloc[0])
    if len(books.tables["idle_by_bottleneck"]) or idle > FLOOR_MW:
        yield idle_adds_up_over_bottlenecks(books)
    if any(place.settings.start_month for place in context.places):
        yield quarters_follow_the_load(books)
    if books.data("lead_times"):
        yield built_early_within_stock(books)


def mean_over_months(books: Books, column: str) -> Values:
    """A column of the load table, the mean over the months of each year: before its start month as the year before."""
    values, mean = books.planned("load", column), books.planned("load", column)
    for s, place in enumerate(books.system.context.places):
        for y, year in enumerate(books.years):
            late = sum(DAYS_PER_MONTH[: place.settings.start_month.get(year, 1) - 1]) / DAYS_PER_YEAR
            mean[s, y] = (1.0 - late) * values[s, y] + late * (values[s, y - 1] if y else 0.0)
    return mean


def idle_adds_up_over_bottlenecks(books: Books) -> Check:
    """Megawatt-years and dollars over all bottlenecks: those of what waits in the load table."""
    context = books.system.context
    time, waits = context.time, mean_over_months(books, "waiting_mw")
    span = np.array([len(years) for years in calendar_years(time.years, time.final_span_years)])
    value = np.array([place.idle_value_usd_per_mw_year for place in context.places])
    parts = []
    for column, expected, floor, unit in (
        ("waiting_mw", waits, FLOOR_MW, "MW"),
        ("idle_mw_years", waits * span, FLOOR_MW * span, "MW-years"),
        ("cost_usd_per_year", waits * value[:, None], FLOOR_USD + FLOOR_MW * value[:, None], "USD a year"),
        (
            "cost_usd_present_value",
            waits * value[:, None] * time.year_weight,
            FLOOR_USD + FLOOR_MW * value[:, None] * time.year_weight,
            "USD",
        ),
    ):
        parts.append(
            largest(
                "idle_adds_up_over_bottlenecks",
                np.abs(books.planned("idle_by_bottleneck", column) - expected),
                RELATIVE * np.abs(expected) + floor,
                books.site_year,
                unit=unit,
                holds="",
                broken=f"The bottlenecks' {column} miss what waits",
            )
        )
    return worst_of("idle_adds_up_over_bottlenecks", parts, holds="What waits is what waits for its bottlenecks.")


def quarters_follow_the_load(books: Books) -> Check:
    """Wanted, energised and waiting load at the end of each quarter: that of its year, or before its start the last."""
    frame = books.tables["energised_by_quarter"]
    quarters = [f"{year}-Q{quarter}" for year in books.years for quarter in (1, 2, 3, 4)]
    parts = []
    for column in ("wanted_mw", "energised_mw", "waiting_mw"):
        told = books.spread(frame, column, {"site": books.sites, "quarter": quarters})
        values = books.planned("load", column)
        expected = np.zeros(told.shape)
        for s, place in enumerate(books.system.context.places):
            for number in range(len(quarters)):
                y, quarter = divmod(number, 4)
                at = y if place.settings.start_month.get(books.years[y], 1) <= 3 * quarter + 3 else y - 1
                expected[s, number] = values[s, at] if at >= 0 else 0.0
        parts.append(
            largest(
                "quarters_follow_the_load",
                np.abs(told - expected),
                RELATIVE * expected + FLOOR_MW,
                Labels({"site": books.sites, "quarter": quarters}),
                unit="MW",
                holds="",
                broken=f"A quarter's {column} differs from its year",
            )
        )
    return worst_of("quarters_follow_the_load", parts, holds="Every quarter shows the load of its months.")


def built_early_within_stock(books: Books) -> Check:
    """Built before its lead time: no more than the scenario's stock on order, beside samples of ten kilowatts."""
    context, years = books.system.context, np.array(books.years)
    parts = []
    for key in books.data("lead_times"):
        name = key.removeprefix("early_mw__")
        if name == key:
            continue
        built = np.cumsum(books.capacity(name, "new_mw"), axis=1)
        over = np.zeros(built.shape)
        for s, site in enumerate(books.sites):
            options = context.options(site, name)
            if options is None or options.capacity_mw is not None:
                continue
            stock = np.array([0.0 if options.ordered_mw is None else options.ordered_mw.at(year) for year in years])
            early = years < context.earliest_year(site, name)
            over[s] = np.where(early, built[s] - stock - SAMPLE_MW, 0.0)
        parts.append(
            largest(
                "built_early_within_stock",
                over,
                RELATIVE * built + FLOOR_MW,
                books.site_year,
                unit="MW",
                holds="",
                broken=f"More {name} is built before its lead time than is on order",
            )
        )
    return worst_of("built_early_within_stock", parts, holds="Nothing comes before its lead time but stock on order.")
