"""Checks of what a scenario says of a grid contract: given blocks, ramp, demand at the coincident peaks.

They take the scenario's own words, not the arrays that were made of them.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gigasite.inputs.grid_spec import ContractSpec
from gigasite.results.books import Books
from gigasite.results.check import FLOOR_MW, RELATIVE, Check, Values, largest

NAME = "grid_connection"


def contract_checks(books: Books) -> Iterator[Check]:
    """A check for each clause that a site has."""
    grids = [books.system.context.place(site).settings.grid for site in books.sites]
    if any(grid.contracts for grid in grids):
        yield contracts_are_as_given(books)
    if any(grid.contract_ramp_mw_per_year is not None for grid in grids):
        yield contract_rises_within_ramp(books)
    if "coincident_weight" in books.data(NAME):
        yield coincident_demand_is_charged(books)


def contracts_are_as_given(books: Books) -> Check:
    """Given blocks: in each of their years firm and non-firm megawatts are theirs, and so much is billed at least."""
    firm, nonfirm = (books.planned("contract", f"{kind}_contract_mw") for kind in ("firm", "nonfirm"))
    off = np.zeros(firm.shape)
    for s, y, block in _blocks(books):
        floor = 0.0 if block.floor_mw is None else block.floor_mw - books.billed_mw[s, y].min()
        off[s, y] = max(abs(firm[s, y] - block.firm_mw), abs(nonfirm[s, y] - block.nonfirm_mw), floor)
    return largest(
        "contracts_are_as_given",
        off,
        RELATIVE * (firm + nonfirm) + FLOOR_MW,
        books.site_year,
        unit="MW",
        holds="Every given contract is held, and billed as signed.",
        broken="A contract is not the one given",
    )


def contract_rises_within_ramp(books: Books) -> Check:
    """Contracts from one modelled year to the next, or since a given block ended: no faster than the ramp."""
    contract, years = books.planned("contract", "contract_mw"), np.array(books.years)
    given = {(s, y): block.to_year for s, y, block in _blocks(books)}
    over = np.full(contract.shape, -np.inf)
    for s, site in enumerate(books.sites):
        ramp = books.system.context.place(site).settings.grid.contract_ramp_mw_per_year
        for y in range(1, len(years)):
            if ramp is not None and (s, y) not in given:
                since = given.get((s, y - 1), years[y - 1])
                over[s, y] = contract[s, y] - contract[s, y - 1] - ramp * float(years[y] - since)
    return largest(
        "contract_rises_within_ramp",
        np.maximum(over, -1.0),
        RELATIVE * contract + FLOOR_MW,
        books.site_year,
        unit="MW",
        holds="No grid contract rises faster than its ramp.",
        broken="A grid contract rises faster than its ramp",
    )


def coincident_demand_is_charged(books: Books) -> Check:
    """Demand at the coincident peaks: mean import over the candidate hours, and at least the minimum."""
    data = books.data(NAME)
    seen = (data["coincident_weight"].values * books.hourly(NAME, "import_mw")).sum(axis=-1)
    least: Values = np.maximum(seen, data["minimum_billing_demand"].values * books.planned("contract", "contract_mw"))
    return largest(
        "coincident_demand_is_charged",
        least - books.planned("contract", "coincident_mw"),
        RELATIVE * least + FLOOR_MW,
        books.site_year,
        unit="MW",
        holds="Demand at the coincident peaks is charged, and the minimum.",
        broken="Less is charged than the demand at the coincident peaks or the minimum",
    )


def _blocks(books: Books) -> Iterator[tuple[int, int, ContractSpec]]:
    """Positions of site and year, and the given block that holds there."""
    for s, site in enumerate(books.sites):
        for block in books.system.context.place(site).settings.grid.contracts:
            for y, year in enumerate(books.years):
                if block.from_year <= year <= block.to_year:
                    yield s, y, block
