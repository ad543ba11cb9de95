"""Pipeline gas again, from what ran and what stands: for every check and cost that looks at it."""

from __future__ import annotations

import numpy as np

from gigasite.results.books import Books
from gigasite.results.check import Values

GAS_RATE = "gas_mmbtu_per_mwh"
"""Array that marks a technology whose fuel comes through the gas trunk: gas burnt per megawatt-hour."""

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
    burnt = -books.planned("gas_supply", "firm_liquid_mmbtu_per_h")
    for technology in books.with_data(GAS_RATE):
        data = books.data(technology)
        if "firm_rating" in data:
            burnt = burnt + data[GAS_RATE].values * data["firm_rating"].values[:, None] * books.capacity(technology)
    return burnt


def not_firm_mw(books: Books) -> Values:
    """Megawatts that do not count at the peak, for want of firm gas or distillate, shape (site, year).

    Gas that firm megawatts would burn beyond the firm contract, over the lowest heat rate of the gas plants there.
    """
    data = books.data("gas_transport")
    if not data:
        return np.zeros(books.shape[:2])
    lowest = np.full(books.shape[:2], np.inf)
    for technology in books.with_data(GAS_RATE):
        rate = books.data(technology)[GAS_RATE].values
        lowest = np.minimum(lowest, np.where(rate > 0, rate, np.inf))
    called = data["at_site"].values[:, None] * firm_gas_mmbtu_per_h(books)
    short: Values = np.maximum(0.0, called - books.planned("gas_supply", "firm_contract_mmbtu_per_h"))
    return short / lowest
