"""Checks of load that moves and of load that gives way to the grid, from the hours and the scenario's own words."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gigasite.foundation.units import HOURS_PER_DAY, HOURS_PER_YEAR
from gigasite.results.books import Books
from gigasite.results.check import FLOOR_MW, RELATIVE, Check, Labels, Values, largest, worst_of
from gigasite.results.check_firmness import gives_way_mw
from gigasite.system.flexible_connection import connection_of

SHIFT, FLEXIBLE = "shiftable_load", "flexible_connection"
SHARE = "shift_share"


def flexibility_checks(books: Books) -> Iterator[Check]:
    """A check for each kind of flexible load that a site has."""
    if SHIFT in books.system.features:
        yield shifted_load_is_made_good(books)
        yield shifting_within_limits(books)
    if books.data(FLEXIBLE):
        yield load_gives_way_within_its_share(books)
        yield nonfirm_within_headroom(books)


def shifted_load_is_made_good(books: Books) -> Check:
    """Every window of the day: what was made good in it, less what moving adds, is what was moved down in it."""
    data, width = books.data(SHIFT), books.system.context.time.resolution_h
    down, up = (books.hourly(SHIFT, f"shifted_{way}_mw") for way in ("down", "up"))
    parts = []
    for s, site in enumerate(books.sites):
        steps = max(1, int(data["shift_window_h"].values[s]) // width)
        if (HOURS_PER_DAY // width) % steps:
            continue  # no site without this technology has a window
        made_good = data["work_done_per_mw"].values[s] * up[s]
        left, moved = (_by_window(values, steps) for values in (down[s] - made_good, down[s]))
        parts.append(
            largest(
                "shifted_load_is_made_good",
                width * np.abs(left),
                width * (RELATIVE * moved + FLOOR_MW * steps),
                Labels({"site": (site,), "year": books.years, "window": range(left.shape[-1])}),
                unit="MWh",
                holds="",
                broken="Load that was moved is not made good in its window",
            )
        )
    return worst_of("shifted_load_is_made_good", parts, holds="All load that moves is made good in its window.")


def _by_window(values: Values, steps: int) -> Values:
    """Sums over windows, shape (1, year, window)."""
    found: Values = values.reshape(values.shape[0], -1, steps).sum(axis=-1)[None]
    return found


def shifting_within_limits(books: Books) -> Check:
    """Load moved down: at most its share. Load after shifting: at most full use of the IT, and what is energised."""
    load, energised = books.hourly("idle_load", "load_mw"), books.planned("load", "energised_mw")[:, :, None]
    down, up = (books.hourly(SHIFT, f"shifted_{way}_mw") for way in ("down", "up"))
    share = np.zeros(len(books.sites))
    full = load.copy()
    for s, place in enumerate(books.system.context.places):
        options = books.system.context.options(place.name, SHIFT)
        if options is not None:
            said = getattr(options, SHARE)
            share[s] = books.data(SHIFT)[SHARE].values[s] if said is None else said
            use = place.utilisation_mean
            full[s] = energised[s] if use is None else np.minimum(energised[s], load[s] / use)
    allowed = RELATIVE * load.max(axis=-1, keepdims=True) + FLOOR_MW
    return largest(
        "shifting_within_limits",
        np.maximum(down - share[:, None, None] * load, load + up - np.maximum(load, full)),
        allowed,
        books.site_year_step,
        unit="MW",
        holds="No more load is moved than may be, and no hour takes more than the IT can.",
        broken="More load is moved in a step than may be",
    )


def load_gives_way_within_its_share(books: Books) -> Check:
    """Load that gives way: at most its part of the load, and in a year its share of the energy of the connection."""
    shed, load = books.hourly(FLEXIBLE, "shed_mw"), books.hourly("idle_load", "load_mw")
    most = gives_way_mw(books)
    energy = shed.sum(axis=-1) * books.step_hours
    whole = books.system.context.time.days * HOURS_PER_DAY == HOURS_PER_YEAR
    hourly, yearly = shed.copy(), np.full(energy.shape, -np.inf)
    for s, place in enumerate(books.system.context.places):
        asked = connection_of(place)
        if asked is not None:
            hourly[s] = shed[s] - np.minimum(asked.load_share * load[s], most[s][:, None])
            # a few days out of a year may hold more of its hours of highest load
            yearly[s] = energy[s] - asked.curtailed_share * HOURS_PER_YEAR * most[s] if whole else -1.0
    parts = [
        largest(
            "load_gives_way_within_its_share",
            hourly,
            RELATIVE * load.max(axis=-1, keepdims=True) + FLOOR_MW,
            books.site_year_step,
            unit="MW",
            holds="",
            broken="More load gives way in a step than may",
        ),
        largest(
            "load_gives_way_within_its_share",
            np.maximum(yearly, -1.0),
            RELATIVE * most * HOURS_PER_YEAR + FLOOR_MW * books.step_hours,
            books.site_year,
            unit="MWh",
            holds="",
            broken="More load gives way in a year than may",
        ),
    ]
    return worst_of("load_gives_way_within_its_share", parts, holds="No more load gives way to the grid than may.")


def nonfirm_within_headroom(books: Books) -> Check:
    """Flexible connections: within the headroom of their share of curtailment, alone and together with their region.

    sum over the sites of a region of nonfirm / headroom at their share <= 1
    """
    nonfirm = books.planned("contract", "nonfirm_contract_mw")
    limit = books.data(FLEXIBLE)["site_headroom_mw"].values
    over, used = np.full(nonfirm.shape, -1.0), np.zeros((len(books.system.context.regions), len(books.years)))
    for s, place in enumerate(books.system.context.places):
        asked = connection_of(place)
        if asked is not None:
            over[s] = nonfirm[s] - limit[s]
            of_region = limit[s] / asked.headroom_share if asked.headroom_share else 0.0
            if of_region > 0:
                used[books.system.context.regions.index(place.region)] += nonfirm[s] / of_region
    parts = [
        largest(
            "nonfirm_within_headroom",
            over,
            RELATIVE * limit[:, None] + FLOOR_MW,
            books.site_year,
            unit="MW",
            holds="",
            broken="A flexible connection passes its headroom",
        ),
        largest(
            "nonfirm_within_headroom",
            used - 1.0,
            RELATIVE,
            Labels({"region": books.system.context.regions, "year": books.years}),
            unit="of the headroom",
            holds="",
            broken="The flexible connections of a region pass its headroom",
        ),
    ]
    return worst_of("nonfirm_within_headroom", parts, holds="Flexible connections stay within the headroom they share.")
