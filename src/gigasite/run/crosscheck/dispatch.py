"""What the fixed plan of a run costs to operate, once more: one network for each modelled year, over every step."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gigasite.results.books import Books
from gigasite.results.costs import NATIONAL
from gigasite.run.crosscheck.answer import ALL_SITES, DISPATCH, OPERATION, Compared
from gigasite.run.crosscheck.draft import Draft
from gigasite.run.crosscheck.grid import add_grid
from gigasite.run.crosscheck.pypsa_network import solve_draft
from gigasite.run.crosscheck.supply import (
    BATTERY,
    GRID,
    LINE,
    add_batteries,
    add_lines,
    add_load,
    add_plants,
    add_trunks,
)
from gigasite.run.crosscheck.year import Year
from gigasite.run.crosscheck.yearly_rows import add_yearly_rows
from gigasite.system.quantity import Array

OPERATING = (
    "fuel",
    "variable_om",
    "co2",
    "grid_energy",
    "grid_demand_charge",
    "export_revenue",
    "wheeling",
    "load_shedding",
    "load_shifting",
    "unserved_energy",
    "national_shortfall",
)
"""Components of cost that the operation of a year decides; of the demand charge only what the coincident peak costs."""


def draft_of(year: Year) -> Draft:
    """Every part and every row of operation of one year."""
    time, emissions = year.system.context.time, year.data("emissions")
    draft = Draft(time.hours, time.step_hours, float(time.resolution_h))
    if "cap_t" in emissions:
        draft.co2_cap_t = float(emissions["cap_t"].values[year.y])
    add_load(draft, year)
    add_plants(draft, year)
    add_trunks(draft, year)
    for feature, add in ((BATTERY, add_batteries), (GRID, add_grid), (LINE, add_lines)):
        if year.data(feature):
            add(draft, year)
    add_yearly_rows(draft, year)
    return draft


def dispatched(books: Books) -> Iterator[tuple[Draft, list[Compared]]]:
    """Each year's draft, and the cost of operation by site beside ours, USD in a calendar year.

    The last figure of a year is that of all sites: which of them serves a megawatt that a line may carry, or emits a
    tonne of a common cap, is not always unique, so agreement is judged on it.
    """
    for y, name in enumerate(books.years):
        year = Year(books.system, y, books)
        draft = draft_of(year)
        found = solve_draft(draft)
        ours, size = operation_usd(books, y)
        rows = [
            Compared(DISPATCH, site, name, OPERATION, "USD/year", ours[s], sum(found.amounts_usd(site)))
            for s, site in year.sites
        ]
        everywhere = float(ours.sum())
        rows.append(Compared(DISPATCH, ALL_SITES, name, OPERATION, "USD/year", everywhere, found.cost_usd, size))
        yield draft, rows


def operation_usd(books: Books, y: int) -> tuple[Array, float]:
    """Cost of operation in the tables by site, and of all sites together, USD in a calendar year.

    Returns:
        By site and, last, of what belongs to none; and the sum of the sizes of all parts.
    """
    costs = books.tables["costs"]
    rows = costs[(costs["year"] == books.years[y]) & costs["component"].isin(OPERATING)]
    found = np.zeros(len(books.sites) + 1)
    size = 0.0
    for s, site in enumerate((*books.sites, NATIONAL)):
        amounts = rows.loc[rows["site"] == site, "cost_usd_per_year"]
        found[s], size = float(amounts.sum()), size + float(amounts.abs().sum())
    charged = _billed_usd(books, y)
    found[:-1] -= charged
    return found, size - float(charged.sum())


def _billed_usd(books: Books, y: int) -> Array:
    """Demand charge on billed demand, which the fixed plan has decided, USD in a calendar year by site."""
    data = books.data(GRID)
    if "demand_charge_usd_per_mw" not in data:
        return np.zeros(len(books.sites))
    charge = data["demand_charge_usd_per_mw"].values[:, y] * books.billed_mw[:, y]
    found: Array = charge.sum(axis=-1) / books.system.context.time.year_weight[y]
    return found
