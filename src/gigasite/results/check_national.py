"""Checks of national placement: every block's energy from its hours, limits by place, campuses that open as a whole."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gigasite.formulation.requirements.national_limits import KINDS, labels_of
from gigasite.formulation.requirements.whole_campus import has_minimum, is_whole
from gigasite.foundation.units import MWH_PER_GWH, MWH_PER_TWH
from gigasite.results.books import Books
from gigasite.results.check import FLOOR_MW, RELATIVE, Check, Labels, Values, largest, worst_of
from gigasite.results.placement import EXISTING

SMALL_TWH = 1e-4
GWH_PER_TWH = MWH_PER_TWH / MWH_PER_GWH
PLACEMENT, LIMITS, CAMPUSES = "placement_adds_up", "national_limits_hold", "campuses_open_as_a_whole"


def national_checks(books: Books) -> Iterator[Check]:
    """Every check of placement; limits and whole campuses only where the scenario has any."""
    yield placement_adds_up(books)
    if books.data("national_limits"):
        yield national_limits_hold(books)
    if books.data("whole_campus"):
        yield campuses_open_as_a_whole(books)


def served_twh(books: Books) -> Values:
    """Energy of every site and year, added up from the hourly tables."""
    hours = books.hourly("idle_load", "load_mw") - books.lost_mw
    return np.asarray(hours.sum(axis=-1) * books.step_hours / MWH_PER_TWH)


def placement_adds_up(books: Books) -> Check:
    """Energy of every block in the table of placement: that of its hours, and of the fleet that stands its account.

    Together with `national_account_closes`, which asks the same of the sums, blocks and shortfall are the trajectory.
    """
    data, table = books.data("national_demand"), books.tables["placement"]
    if "trajectory_gwh" not in data:
        return worst_of(PLACEMENT, [], holds="")
    counts = np.array([float(place.counts_in_national) for place in books.system.context.places])
    existing = table["kind"] == EXISTING
    told = books.spread(table[~existing], "twh", {"site": books.sites, "year": books.years})
    standing = books.spread(table[existing], "twh", {"year": books.years})
    fleet, served = data["existing_gwh"].values / GWH_PER_TWH, served_twh(books) * counts[:, None]
    year = Labels({"year": books.years})
    parts = [
        largest(
            PLACEMENT,
            np.abs(told - served),
            RELATIVE * served + SMALL_TWH,
            books.site_year,
            unit="TWh",
            holds="",
            broken="The table of placement misses the energy of the hours",
        ),
        largest(
            PLACEMENT,
            np.abs(standing - fleet),
            RELATIVE * fleet + SMALL_TWH,
            year,
            unit="TWh",
            holds="",
            broken="The existing fleet of the states misses that of the nation",
        ),
    ]
    return worst_of(PLACEMENT, parts, holds="The energy of every campus and state is that of its hours, and adds up.")


def national_limits_hold(books: Books) -> Check:
    """Load energised by place from the table of load, its energy from the hours, its growth: within their limits."""
    data, energised = books.data("national_limits"), books.planned("load", "energised_mw")
    before = np.concatenate([np.zeros_like(energised[:, :1]), energised[:, :-1]], axis=1)
    energy = books.hourly("idle_load", "load_mw").sum(axis=-1) * books.step_hours / MWH_PER_GWH
    sums = {
        "mw_limit": ("most_mw", energised, "MW"),
        "twh_limit": ("most_gwh", energy, "GWh"),
        "growth_limit": ("growth_mw", energised - before, "MW"),
    }
    parts = []
    for kind in KINDS:
        if f"in_{kind}" not in data:
            continue
        side, used, unit = sums[kind]
        limit = data[side].values
        labels = Labels({"limit": labels_of(books.system.context, kind), "year": books.years})
        parts.append(
            largest(
                LIMITS,
                data[f"in_{kind}"].values @ used - limit,
                RELATIVE * limit + FLOOR_MW,
                labels,
                unit=unit,
                holds="",
                broken="More load stands than the limit of its place allows,",
            )
        )
    return worst_of(LIMITS, parts, holds="Every limit by state, zone and region holds.")


def campuses_open_as_a_whole(books: Books) -> Check:
    """Campuses with a smallest size: shut, or at least that large, and open from their first year on."""
    context, parts = books.system.context, []
    energised, ramp = books.planned("load", "energised_mw"), books.system.ramp_mw
    for s, place in enumerate(context.places):
        if not (is_whole(context, place) or has_minimum(place)):
            continue
        smallest = ramp[s] if is_whole(context, place) else np.minimum(ramp[s], float(place.settings.minimum_campus_mw))
        shut = np.cumsum(energised[s]) <= FLOOR_MW
        parts.append(
            largest(
                CAMPUSES,
                np.where(shut, 0.0, smallest - energised[s])[None, :],
                RELATIVE * ramp[s] + FLOOR_MW,
                Labels({"site": (place.name,), "year": books.years}),
                unit="MW",
                holds="",
                broken="A campus is open below its smallest size,",
            )
        )
    return worst_of(CAMPUSES, parts, holds="Campuses are shut or at least of their smallest size, and stay open.")
