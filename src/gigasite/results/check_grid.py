"""Checks of grid connections: contract, queue, steps of the zone, reinforcement, billed demand, export.

What a contract holds besides (given blocks, ramp, coincident demand) stands in `check_contract`.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gigasite.results.books import Books
from gigasite.results.check import FLOOR_MW, RELATIVE, Check, Labels, largest
from gigasite.results.check_contract import contract_checks
from gigasite.results.grid_terms import monthly_peaks
from gigasite.system.grid_costs import wheeling_usd_per_mwh

NAME = "grid_connection"
MONTHS = range(1, 13)


def grid_checks(books: Books) -> Iterator[Check]:
    """Every check of grid connections; none where no site has one."""
    if NAME in books.system.features:
        yield contract_is_firm_and_nonfirm(books)
        yield connection_after_queue(books)
        yield import_within_contract(books)
        yield zone_steps_within_width(books)
        yield region_within_headroom(books)
        yield steps_are_reinforced(books)
        yield billed_demand_covers_peaks(books)
        if books.data(NAME)["export_allowed"].values.any():
            yield export_pays_wheeling(books)
        yield from contract_checks(books)


def _contract(books: Books, column: str = "contract_mw") -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return books.planned("contract", column)


def contract_is_firm_and_nonfirm(books: Books) -> Check:
    """The contract: firm and non-firm megawatts together, and the sum of its steps, within what is allowed."""
    contract = _contract(books)
    parts = _contract(books, "firm_contract_mw") + _contract(books, "nonfirm_contract_mw")
    steps = books.by_step("step_mw").sum(axis=-1)
    data = books.data(NAME)
    outside = np.maximum(contract - data["contract_max_mw"].values, data["contract_min_mw"].values - contract)
    return largest(
        "contract_is_firm_and_nonfirm",
        np.maximum(np.maximum(np.abs(contract - parts), np.abs(contract - steps)), outside),
        RELATIVE * contract + FLOOR_MW,
        books.site_year,
        unit="MW",
        holds="Every contract is the sum of its firm and non-firm part, and of its steps.",
        broken="A contract differs from its parts or leaves its limits",
    )


def connection_after_queue(books: Books) -> Check:
    """Firm and non-firm megawatts: none before their queue year."""
    data = books.data(NAME)
    over = np.maximum(
        _contract(books, "firm_contract_mw") - data["firm_max_mw"].values,
        _contract(books, "nonfirm_contract_mw") - data["nonfirm_max_mw"].values,
    )
    return largest(
        "connection_after_queue",
        over,
        RELATIVE * data["contract_max_mw"].values + FLOOR_MW,
        books.site_year,
        unit="MW",
        holds="No connection runs before its queue year.",
        broken="A connection runs before its queue year or passes its limit",
    )


def import_within_contract(books: Books) -> Check:
    """Import in the highest hour of every step: firm megawatts, and non-firm ones while the grid has room.

    Export stays within the contract.
    """
    data = books.data(NAME)
    open_hours = data["nonfirm_availability"].values[:, None, :]
    firm, nonfirm = _contract(books, "firm_contract_mw"), _contract(books, "nonfirm_contract_mw")
    most = firm[:, :, None] + open_hours * nonfirm[:, :, None]
    exported = data["export_allowed"].values[:, None, None] * _contract(books)[:, :, None]
    metered = data["peak_ratio"].values[:, None, :] * books.hourly(NAME, "import_mw")
    over = np.maximum(metered - most, books.hourly(NAME, "export_mw") - exported)
    return largest(
        "import_within_contract",
        over,
        RELATIVE * _contract(books)[:, :, None] + FLOOR_MW,
        books.site_year_step,
        unit="MW",
        holds="Import and export stay within the contract.",
        broken="Import or export passes the contract",
    )


def zone_steps_within_width(books: Books) -> Check:
    """Steps of a zone: what all its sites take together within the width of each."""
    data, context = books.data(NAME), books.system.context
    used = np.einsum("zs,syk->zyk", data["in_zone"].values, books.by_step("step_mw"))
    width = data["step_width_mw"].values[:, None, :]
    labels = Labels({"zone": context.zones, "year": books.years, "grid step": range(1, context.grid_steps + 1)})
    return largest(
        "zone_steps_within_width",
        used - width,
        RELATIVE * width + FLOOR_MW,
        labels,
        unit="MW",
        holds="The sites of a zone stay within its steps.",
        broken="The sites of a zone take more than a step holds",
    )


def region_within_headroom(books: Books) -> Check:
    """Headroom of a region: what all its sites contract together."""
    data, context = books.data(NAME), books.system.context
    used = data["in_region"].values @ _contract(books)
    headroom = data["headroom_mw"].values[:, None]
    return largest(
        "region_within_headroom",
        used - headroom,
        RELATIVE * headroom + FLOOR_MW,
        Labels({"region": context.regions, "year": books.years}),
        unit="MW",
        holds="The sites of a region stay within its headroom.",
        broken="The sites of a region pass its headroom",
    )


def steps_are_reinforced(books: Books) -> Check:
    """Steps of a connection: at most what has been reinforced and still lives."""
    built = np.einsum("svy,svk->syk", books.data(NAME)["in_life"].values, books.by_step("new_step_mw"))
    steps = range(1, books.system.context.grid_steps + 1)
    return largest(
        "steps_are_reinforced",
        books.by_step("step_mw") - built,
        RELATIVE * built + FLOOR_MW,
        Labels({"site": books.sites, "year": books.years, "grid step": steps}),
        unit="MW",
        holds="Every connected megawatt has its reinforcement.",
        broken="A connection is larger than its reinforcement",
    )


def billed_demand_covers_peaks(books: Books) -> Check:
    """Billed demand of a month: at least the largest import of its hours, the floor on the contract, and the ratchet.

    The ratchet is a share of the largest import of the year, which is a ring.
    """
    data = books.data(NAME)
    metered = data["peak_ratio"].values[:, None, :] * books.hourly(NAME, "import_mw")
    peaks = monthly_peaks(metered, books.system.context.time.month)
    floor = (data["demand_charge_floor"].values * _contract(books))[:, :, None]
    least, told = np.maximum(peaks, floor), "and the floor"
    if "demand_ratchet_share" in data:
        highest = peaks.max(axis=-1, keepdims=True)
        least = np.maximum(least, data["demand_ratchet_share"].values[:, None, None] * highest)
        told = "the floor and the ratchet"
    return largest(
        "billed_demand_covers_peaks",
        least - books.billed_mw,
        RELATIVE * least + FLOOR_MW,
        Labels({"site": books.sites, "year": books.years, "month": MONTHS}),
        unit="MW",
        holds=f"Billed demand covers every month's peak{',' if 'ratchet' in told else ''} {told}.",
        broken="Billed demand misses a month's peak, the floor or the ratchet",
    )


def export_pays_wheeling(books: Books) -> Check:
    """Export in every hour: paid no more than import costs in the first step, less wheeling, also below zero."""
    data, context = books.data(NAME), books.system.context
    weight = context.time.year_weight[:, None] * books.step_hours
    wheeling = np.array([wheeling_usd_per_mwh(context, place.zone) for place in context.places])
    bought = data["energy_usd_per_mw_step"].values.min(axis=2) / weight
    sold = -data["export_usd_per_mw_step"].values / weight
    over = (sold - bought + wheeling[:, None, None]) * data["export_allowed"].values[:, None, None]
    return largest(
        "export_pays_wheeling",
        over,
        RELATIVE * np.abs(bought) + RELATIVE,
        books.site_year_step,
        unit="USD/MWh",
        holds="In no hour does export earn more than import costs, less wheeling.",
        broken="Export earns more than import costs, less wheeling",
    )
