"""Checks of accounts: load that waits, energy not served, carbon dioxide, the national account, priced ways out."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gigasite.foundation.units import MWH_PER_GWH, MWH_PER_TWH
from gigasite.results.books import Books
from gigasite.results.check import FLOOR_MW, RELATIVE, Check, Labels, Values, largest, worst_of
from gigasite.results.recomputed_gas import added_co2_t
from gigasite.system.rest_of_state import PREFIX
from gigasite.system.system import System

SLACK_LIMIT = 1e-6
SMALL_TWH = 1e-4
GWH_PER_TWH = MWH_PER_TWH / MWH_PER_GWH


def account_checks(books: Books) -> Iterator[Check]:
    """Every check of accounts."""
    yield energised_and_waiting_are_the_ramp(books)
    yield ramp_followed_from_below(books)
    yield energised_stays_energised(books)
    yield unserved_share_within_limit(books)
    yield no_forbidden_slack(books)
    yield co2_within_cap(books)
    yield national_account_closes(books)


def energised_and_waiting_are_the_ramp(books: Books) -> Check:
    """What is energised and what waits: together what the ramp of the scenario wants."""
    wanted = books.system.ramp_mw
    together = books.planned("load", "energised_mw") + books.planned("load", "waiting_mw")
    return largest(
        "energised_and_waiting_are_the_ramp",
        np.abs(together - wanted),
        RELATIVE * wanted + FLOOR_MW,
        books.site_year,
        unit="MW",
        holds="What is energised and what waits make up the ramp.",
        broken="What is energised and what waits differ from the ramp",
    )


def ramp_followed_from_below(books: Books) -> Check:
    """What is energised: never below zero, never above the ramp, so nothing waits less than nothing."""
    wanted, energised = books.system.ramp_mw, books.planned("load", "energised_mw")
    over = np.maximum(energised - wanted, -energised)
    return largest(
        "ramp_followed_from_below",
        np.maximum(over, -books.planned("load", "waiting_mw")),
        RELATIVE * wanted + FLOOR_MW,
        books.site_year,
        unit="MW",
        holds="The ramp is followed from below.",
        broken="More is energised than the ramp wants, or less than nothing,",
    )


def energised_stays_energised(books: Books) -> Check:
    """What has been energised: it stays so, unless the ramp itself falls, and then falls by no more.

    energised[y] >= energised[y - 1] - max(0, ramp[y - 1] - ramp[y])
    """
    wanted, energised = books.system.ramp_mw, books.planned("load", "energised_mw")
    fallen = np.maximum(0.0, wanted[:, :-1] - wanted[:, 1:])
    return largest(
        "energised_stays_energised",
        energised[:, :-1] - fallen - energised[:, 1:],
        RELATIVE * wanted[:, :-1] + FLOOR_MW,
        Labels({"site": books.sites, "year": books.years[1:]}),
        unit="MW",
        holds="What has been energised stays so.",
        broken="Less is energised than the year before, though the ramp does not fall so,",
    )


def unserved_share_limit(system: System) -> float:
    """Largest share of energised energy that may stay unserved: the scenario's, or that of `finance.csv`."""
    said = system.context.scenario.load.unserved_share_max
    return system.context.finance("load", "unserved_share_max").value if said is None else float(said)


def unserved_share_within_limit(books: Books) -> Check:
    """Energy of energised load that is not served, over all sites and years, and at sites with a limit of their own."""
    unserved, load = (books.hourly("idle_load", name).sum(axis=-1) for name in ("unserved_mw", "load_mw"))
    places = {"all sites": (slice(None), unserved_share_limit(books.system))}
    for s, place in enumerate(books.system.context.places):
        own = place.settings.load.unserved_share_max
        if own is not None:
            places[place.name] = (slice(s, s + 1), float(own))
    shares = [unserved[part].sum() / max(load[part].sum(), 1e-9) for part, _ in places.values()]
    limits = np.array([limit for _, limit in places.values()])
    return largest(
        "unserved_share_within_limit",
        np.array(shares),
        limits,
        Labels({"site": tuple(places)}),
        unit="of energised energy",
        holds="The energy that is not served stays within its limit.",
        broken="More energy goes unserved than may:",
    )


def no_forbidden_slack(books: Books) -> Check:
    """Priced ways out of a limit: an answer uses none."""
    slacks = books.tables["slacks"]
    return largest(
        "no_forbidden_slack",
        slacks["value"].to_numpy(dtype=float),
        SLACK_LIMIT,
        Labels({"limit:": tuple(slacks["what"])}),
        unit="of its unit",
        holds="No limit is broken at a price.",
        broken="A limit is broken at a price",
    )


def emitted_t(books: Books) -> Values:
    """Carbon dioxide of a calendar year from hourly power and rates, shape (site, year)."""
    total = np.zeros(books.shape[:2])
    for name in books.with_data("co2_t_per_mwh"):
        rate = books.data(name)["co2_t_per_mwh"].values
        series = "import_mw" if name == "grid_connection" else "output_mw"
        energy = books.hourly(name, series).sum(axis=-1) * books.step_hours
        total += (rate if rate.ndim > 1 else rate[:, None]) * energy
    return total + added_co2_t(books)


def co2_within_cap(books: Books) -> Check:
    """Carbon dioxide of all sites in a year: within the cap, and the same as the energy table says."""
    emitted = emitted_t(books)
    told = np.zeros(emitted.shape)
    for technology in dict.fromkeys(books.tables["energy"]["technology"]):
        told += books.planned("energy", "co2_t", technology=technology)
    parts = [
        largest(
            "co2_within_cap",
            np.abs(emitted - told),
            RELATIVE * emitted + 1.0,
            books.site_year,
            unit="t",
            holds="",
            broken="Emissions in the energy table differ from those of the hours",
        )
    ]
    data = books.data("emissions")
    if "cap_t" in data:
        cap = data["cap_t"].values
        parts.append(
            largest(
                "co2_within_cap",
                emitted.sum(axis=0) - cap,
                RELATIVE * cap + 1.0,
                Labels({"year": books.years}),
                unit="t",
                holds="",
                broken="Emissions pass the cap",
            )
        )
    return worst_of("co2_within_cap", parts, holds="Emissions are those of the hours, and within any cap.")


def national_account_closes(books: Books) -> Check:
    """Trajectory less the existing fleet and what sites were served in the hours: the shortfall."""
    data, demand = books.data("national_demand"), books.tables["demand"]
    if "trajectory_gwh" not in data:
        return worst_of("national_account_closes", [], holds="")
    lost = books.lost_mw
    served = (books.hourly("idle_load", "load_mw") - lost).sum(axis=-1) * books.step_hours / MWH_PER_TWH
    counts = np.array([place.counts_in_national for place in books.system.context.places])
    rest = np.array([site.startswith(PREFIX) for site in books.sites])
    trajectory, existing = (data[name].values / GWH_PER_TWH for name in ("trajectory_gwh", "existing_gwh"))
    campuses, states = served[counts & ~rest].sum(axis=0), served[counts & rest].sum(axis=0)
    expected = {
        "trajectory_twh": trajectory,
        "existing_twh": existing,
        "campuses_twh": campuses,
        "rest_of_state_twh": states,
        "shortfall_twh": np.maximum(0.0, trajectory - existing - campuses - states),
    }
    told = {name: books.spread(demand, name, {"year": books.years}) for name in expected}
    return largest(
        "national_account_closes",
        np.abs(np.array([told[name] - values for name, values in expected.items()])),
        RELATIVE * trajectory + SMALL_TWH,
        Labels({"column": tuple(expected), "year": books.years}),
        unit="TWh",
        holds="The national account closes on the energy of the hours.",
        broken="The national account misses the energy of the hours",
    )
