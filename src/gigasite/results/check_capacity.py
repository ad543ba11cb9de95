"""Checks of what is built: vintages, lead times, limits, floors, slots, budgets."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gigasite.results.books import Books
from gigasite.results.check import FLOOR_MW, FLOOR_USD, RELATIVE, Check, Labels, Values, largest, worst_of
from gigasite.results.recomputed_gas import tank_overnight_usd
from gigasite.system.lead_times import early_mw

TRUNK = "gas_trunk"
WHOLE_TOLERANCE = 1e-3
"""Share of a machine by which a fleet of whole ones may miss its number."""

TAILS = (("mw", "total_mw", "new_mw"), ("energy_mwh", "energy_capacity_mwh", "new_energy_mwh"))
"""How vintages are counted: ending of their arrays, column of what stands, column of what is new."""


def capacity_checks(books: Books) -> Iterator[Check]:
    """Every check of capacity."""
    yield vintages_add_up(books)
    yield vintages_stay_within_life(books)
    yield capacity_rolls_forward(books)
    yield earliest_years_respected(books)
    yield capacity_within_limits(books)
    yield machines_are_whole(books)
    yield capacity_floors_met(books)
    yield built_within_slots(books)
    yield spent_within_budget(books)


def _with_vintages(books: Books, tail: str) -> list[str]:
    return books.with_data(f"alive_{tail}")


def vintages_add_up(books: Books) -> Check:
    """Capacity that stands: the sum of its vintages."""
    parts = []
    for tail, total, _ in TAILS:
        for name in _with_vintages(books, tail):
            stands = books.capacity(name, total)
            parts.append(
                largest(
                    "vintages_add_up",
                    np.abs(books.vintages(name, f"vintage_{tail}").sum(axis=1) - stands),
                    RELATIVE * stands + FLOOR_MW,
                    books.site_year,
                    unit="MWh" if tail == "energy_mwh" else "MW",
                    holds="",
                    broken=f"Capacity of {name} differs from the sum of its vintages",
                )
            )
    return worst_of("vintages_add_up", parts, holds="Capacity is the sum of its vintages.")


def vintages_stay_within_life(books: Books) -> Check:
    """A vintage: never more than was built, nothing outside its life, and what has retired stays retired."""
    parts = []
    labels = Labels({"site": books.sites, "vintage": books.years, "year": books.years})
    for tail, _, new in TAILS:
        for name in _with_vintages(books, tail):
            stands, alive = books.vintages(name, f"vintage_{tail}"), books.data(name)[f"alive_{tail}"].values
            built = books.capacity(name, new)[:, :, None]
            risen = np.diff(stands, axis=2, prepend=0.0) * books.data(name)[f"kept_{tail}"].values
            parts.append(
                largest(
                    "vintages_stay_within_life",
                    np.maximum(stands - alive * built, risen),
                    RELATIVE * built + FLOOR_MW,
                    labels,
                    unit="MWh" if tail == "energy_mwh" else "MW",
                    holds="",
                    broken=f"A vintage of {name} is larger than what was built or lives on",
                )
            )
    return worst_of(
        "vintages_stay_within_life", parts, holds="No vintage outgrows what was built or outlives its life."
    )


def capacity_rolls_forward(books: Books) -> Check:
    """What stands: what stood the year before, and what is new, less what retired."""
    parts = []
    for name in dict.fromkeys(books.tables["capacity"]["technology"]):
        if name == TRUNK:
            continue
        stands, new, retired = (books.capacity(name, column) for column in ("total_mw", "new_mw", "retired_mw"))
        before = np.concatenate([np.zeros_like(stands[:, :1]), stands[:, :-1]], axis=1)
        parts.append(
            largest(
                "capacity_rolls_forward",
                np.maximum(np.abs(before + new - retired - stands), -np.minimum(new, retired)),
                RELATIVE * np.maximum(stands, before) + FLOOR_MW,
                books.site_year,
                unit="MW",
                holds="",
                broken=f"Capacity of {name} is not what stood before, and what came, less what went,",
            )
        )
    return worst_of(
        "capacity_rolls_forward", parts, holds="Capacity is what stood before, and what came, less what went."
    )


def earliest_years_respected(books: Books) -> Check:
    """New capacity: none before order, delivery and construction allow, except what is given or on order."""
    context, years = books.system.context, np.array(books.years)
    parts = []
    for name in _with_vintages(books, "mw"):
        early = np.zeros((len(books.sites), len(years)), dtype=bool)
        for s, site in enumerate(books.sites):
            options = context.options(site, name)
            if options is not None and options.capacity_mw is None:
                early[s] = (years < context.earliest_year(site, name)) & (early_mw(context, site, name) <= 0)
        new = books.capacity(name, "new_mw")
        parts.append(
            largest(
                "earliest_years_respected",
                np.where(early, new, 0.0),
                FLOOR_MW,
                books.site_year,
                unit="MW",
                holds="",
                broken=f"{name} is built before its earliest year",
            )
        )
    return worst_of("earliest_years_respected", parts, holds="Nothing is built before its lead time has passed.")


def capacity_within_limits(books: Books) -> Check:
    """Capacity between its least and its largest."""
    parts = []
    for tail, total, _ in TAILS:
        for name in books.with_data(f"capacity_min_{tail}"):
            stands = books.capacity(name, total)
            least, most = (books.data(name)[f"capacity_{side}_{tail}"].values for side in ("min", "max"))
            parts.append(
                largest(
                    "capacity_within_limits",
                    np.maximum(stands - most, least - stands),
                    RELATIVE * most + FLOOR_MW,
                    books.site_year,
                    unit="MWh" if tail == "energy_mwh" else "MW",
                    holds="",
                    broken=f"Capacity of {name} leaves its limits",
                )
            )
    return worst_of("capacity_within_limits", parts, holds="Every capacity is within its limits.")


def machines_are_whole(books: Books) -> Check:
    """Fleets that a scenario asks for in whole machines: what is new and what stands is a number of them."""
    parts = []
    for name in books.with_data("whole_units"):
        whole, size = (books.data(name)[key].values[:, None] for key in ("whole_units", "unit_size_mw"))
        stands, new = (books.capacity(name, column) / size for column in ("total_mw", "new_mw"))
        missed = np.maximum(np.abs(stands - books.capacity(name, "units")), np.abs(new - np.round(new)))
        uncounted = np.abs(books.capacity(name, "units") - np.round(stands))
        parts.append(
            largest(
                "machines_are_whole",
                np.where(whole > 0, np.maximum(missed, uncounted), 0.0),
                WHOLE_TOLERANCE,
                books.site_year,
                unit="machines",
                holds="",
                broken=f"The fleet of {name} is no whole number of machines: it is off",
            )
        )
    return worst_of("machines_are_whole", parts, holds="Fleets of whole machines are whole.")


def capacity_floors_met(books: Books) -> Check:
    """Floors under several technologies together."""
    data = books.data("capacity_floor")
    if "floor_mw" not in data:
        return worst_of("capacity_floors_met", [], holds="")
    floor = data["floor_mw"].values
    total = np.zeros_like(floor)
    for key, counts in data.items():
        if key.startswith("counts_"):
            total += counts.values @ books.capacity(key.removeprefix("counts_"))
    labels = Labels({"floor": range(1, len(floor) + 1), "year": books.years})
    return largest(
        "capacity_floors_met",
        floor - total,
        RELATIVE * floor + FLOOR_MW,
        labels,
        unit="MW",
        holds="Every capacity floor is met.",
        broken="A capacity floor is missed",
    )


def built_within_slots(books: Books) -> Check:
    """Everything built up to a year: within all that the industry can deliver up to it."""
    data = books.data("build_slots")
    parts = []
    for key in data:
        pool = key.removeprefix("slots_mw__")
        if pool == key:
            continue
        built = np.cumsum(data[f"draws__{pool}"].values @ books.capacity(pool.split("__")[0], "new_mw"))
        parts.append(
            largest(
                "built_within_slots",
                built - data[key].values,
                RELATIVE * data[key].values + FLOOR_MW,
                Labels({"year": books.years}),
                unit="MW",
                holds="",
                broken=f"More {pool.replace('__', ' ')} is built than can be delivered",
            )
        )
    return worst_of("built_within_slots", parts, holds="No more is built than the industry can deliver.")


def spent_usd(books: Books) -> Values:
    """Overnight cost of everything new, shape (site, vintage)."""
    spent = np.zeros((len(books.sites), len(books.years)))
    for tail, _, new in TAILS:
        for name in books.with_data(f"overnight_usd_per_{tail}"):
            if name != "grid_connection":
                spent += books.data(name)[f"overnight_usd_per_{tail}"].values * books.capacity(name, new)
    if "grid_connection" in books.system.features:
        data = books.data("grid_connection")
        for key in ("overnight_usd_per_mw", "contribution_overnight_usd_per_mw"):
            if key in data:
                spent += (data[key].values * books.by_step("new_step_mw")).sum(axis=-1)
    if "overnight_at_site_usd_per_mw" in books.data("line"):
        overnight = books.data("line")["overnight_at_site_usd_per_mw"].values
        spent += np.einsum("lsv,lv->sv", overnight, books.by_line("new_mw"))
    trunk = books.data("fuel_lateral")["overnight_usd_per_mmbtu_per_h"].values
    return spent + trunk * books.capacity(TRUNK, "new_trunk_mmbtu_per_h") + tank_overnight_usd(books)


def spent_within_budget(books: Books) -> Check:
    """Overnight cost of everything new: within the budget of the site, and of all sites together."""
    data, spent = books.data("capital_budget"), spent_usd(books).sum(axis=-1)
    parts = []
    for key, labels, used in (
        ("site_budget_usd", Labels({"site": books.sites}), spent),
        ("budget_usd", Labels({"budget of": ("all sites",)}), spent.sum(keepdims=True)),
    ):
        if key in data:
            budget = np.atleast_1d(data[key].values)
            parts.append(
                largest(
                    "spent_within_budget",
                    used - budget,
                    RELATIVE * budget + FLOOR_USD,
                    labels,
                    unit="USD",
                    holds="",
                    broken="Capital passes its budget",
                )
            )
    return worst_of("spent_within_budget", parts, holds="Capital stays within its budget.")
