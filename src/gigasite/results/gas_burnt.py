"""Pipeline gas again, from what ran and what stands: for every check and cost that looks at it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from gigasite.results.books import Books
from gigasite.results.check import Values
from gigasite.results.fuelled import shared_out

GAS_RATE = "gas_mmbtu_per_mwh"
"""Array that marks a technology whose fuel comes through the gas trunk: gas burnt per megawatt-hour."""

TRANSPORT = "gas_transport"
FIRM_LIQUID = "firm_liquid_mmbtu_per_h"

HIGHEST_HEAT_RATE = 15.0
"""MMBtu/MWh, to bring the floor of megawatts to gas."""


def gas_mmbtu_per_h(books: Books) -> Values:
    """Pipeline gas burnt in every step, distillate taken off, shape (site, year, step)."""
    burnt = -books.hourly("dual_fuel", "liquid_mmbtu_per_h")
    for technology in books.with_data(GAS_RATE):
        burnt = burnt + books.data(technology)[GAS_RATE].values[:, :, None] * books.hourly(technology, "output_mw")
    return burnt


def firm_gas_mmbtu_per_h(books: Books) -> Values:
    """Gas that firm megawatts would burn all at once, less the distillate that counts, shape (site, year)."""
    burnt = -books.planned("gas_supply", FIRM_LIQUID)
    for technology in books.with_data(GAS_RATE):
        data = books.data(technology)
        if "firm_rating" in data:
            burnt = burnt + data[GAS_RATE].values * data["firm_rating"].values[:, None] * books.capacity(technology)
    return burnt


def gas_plants(books: Books) -> list[str]:
    """Technologies that burn pipeline gas and count at the peak."""
    return [name for name in books.with_data(GAS_RATE) if "firm_rating" in books.data(name)]


def standing_firm_mw(books: Books, technology: str) -> Values:
    """Megawatts that count at the peak if they have fuel, from capacity and rating, shape (site, year)."""
    rated: Values = books.data(technology)["firm_rating"].values[:, None] * books.capacity(technology)
    return rated


def fuelled_firm_mw(books: Books, technology: str) -> Values:
    """Those that have fuel: as the capacity table tells where gas is under contract, and all of them elsewhere."""
    standing = standing_firm_mw(books, technology)
    if not books.data(TRANSPORT):
        return standing
    at = books.data(TRANSPORT)["at_site"].values[:, None] > 0
    return np.where(at, np.minimum(standing, books.capacity(technology, "firm_mw")), standing)


def run_on_firm_gas_mw(books: Books, could_run_mw: Mapping[str, Values]) -> Values:
    """The most megawatts of gas plants that contract and distillate can run together, shape (site, year).

    Args:
        books: tables and inputs.
        could_run_mw: firm megawatts that stand and are not out, by technology.
    """
    rates = {name: books.data(name)[GAS_RATE].values for name in could_run_mw}
    contract, liquid = (books.planned("gas_supply", key) for key in ("firm_contract_mmbtu_per_h", FIRM_LIQUID))
    runs = shared_out(could_run_mw, rates, contract, liquid)
    return sum(runs.values(), start=np.zeros(contract.shape))
