"""Checks of what a scenario may ask for beside firmness and accounts: clean share, minimum take, ramping."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gigasite.foundation.units import HOURS_PER_YEAR
from gigasite.results.books import Books
from gigasite.results.check import FLOOR_MW, RELATIVE, Check, Labels, largest, worst_of

GRID = "grid_connection"


def requirement_checks(books: Books) -> Iterator[Check]:
    """A check for each of them that the scenario asks for."""
    options = books.system.context.scenario.requirements
    if options.clean_share is not None:
        yield clean_share_is_kept(books)
    if options.minimum_take_share and GRID in books.system.features:
        yield minimum_take_is_taken_or_paid(books)
    if options.ramp_share_per_hour:
        yield output_ramps_within_limits(books)


def clean_share_is_kept(books: Books) -> Check:
    """Energy from supply that emits, over all sites: at most what the clean share leaves of the energy of the load.

    Taken from the hours, with the shares as the scenario writes them.
    """
    options, years = books.system.context.scenario.requirements, books.years
    emitting = np.zeros(len(years))
    for name in books.with_data("co2_t_per_mwh"):
        rate = books.data(name)["co2_t_per_mwh"].values
        counts = (rate if rate.ndim > 1 else rate[:, None]) > 0
        series, share = "output_mw", np.ones(len(years))
        if name == GRID:
            series = "import_mw"
            if options.grid_emitting_share is not None:
                share = np.array([options.grid_emitting_share.at(year) for year in years])
        emitting += share * (counts * books.hourly(name, series).sum(axis=-1)).sum(axis=0) * books.step_hours
    used = books.hourly("idle_load", "load_mw").sum(axis=(0, 2)) * books.step_hours
    asked = np.array([options.clean_share.at(year) for year in years])
    over = np.where(asked > 0, emitting - (1.0 - asked) * used, 0.0)
    return largest(
        "clean_share_is_kept",
        over,
        RELATIVE * used + FLOOR_MW * books.step_hours,
        Labels({"year": years}),
        unit="MWh",
        holds="Every year keeps its clean share.",
        broken="Supply that emits gives more than the clean share leaves",
    )


def minimum_take_is_taken_or_paid(books: Books) -> Check:
    """Energy imported and energy paid for unused: together at least the share of what the contract could carry."""
    share = books.system.context.scenario.requirements.minimum_take_share
    wanted = share * HOURS_PER_YEAR * books.planned("contract", "contract_mw")
    taken = books.hourly(GRID, "import_mw").sum(axis=-1) * books.step_hours
    paid = books.planned("contract", "take_short_mwh")
    return largest(
        "minimum_take_is_taken_or_paid",
        np.maximum(wanted - taken - paid, -paid),
        RELATIVE * wanted + FLOOR_MW * HOURS_PER_YEAR,
        books.site_year,
        unit="MWh",
        holds="Every minimum take is taken or paid for.",
        broken="A minimum take is neither taken nor paid for",
    )


def output_ramps_within_limits(books: Books) -> Check:
    """Output from step to step, the year a ring: rises and falls by no more than its share of capacity."""
    time = books.system.context.time
    parts = []
    for name, share in books.system.context.scenario.requirements.ramp_share_per_hour.items():
        output, capacity = books.hourly(name, "output_mw"), books.capacity(name)[:, :, None]
        allowed = share * time.resolution_h * capacity
        parts.append(
            largest(
                "output_ramps_within_limits",
                np.abs(output - output[..., time.previous]) - allowed,
                RELATIVE * capacity + FLOOR_MW,
                books.site_year_step,
                unit="MW",
                holds="",
                broken=f"{name} ramps faster than it may",
            )
        )
    return worst_of("output_ramps_within_limits", parts, holds="No plant ramps faster than it may.")
