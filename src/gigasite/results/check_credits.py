"""Checks of tax credits, and their costs again, from the tables of vintages, hours and credits."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gigasite.results.books import Books
from gigasite.results.check import FLOOR_MW, RELATIVE, Check, Values, largest, worst_of
from gigasite.results.check_capacity import TAILS

FEATURE, INVESTMENT, PRODUCTION = "tax_credits", "48e", "45y"
TABLE = "tax_credits"


def credit_checks(books: Books) -> Iterator[Check]:
    """Every check of tax credits, where a scenario asks for them."""
    if books.data(FEATURE):
        yield credited_energy_is_put_out(books)
        yield credits_exclude_each_other(books)


def credit_costs(books: Books) -> Iterator[tuple[str, str, Values]]:
    """Credits again: shares of overnight cost as annuities, and credited energy times its value."""
    for key, quantity in books.data(FEATURE).items():
        kind, _, technology = key.rpartition("__")
        if kind == "investment_share":
            weight = books.data(FEATURE)[f"annuity_weight__{technology}"].values
            for tail, column in zip(
                (tail for tail, _, _ in TAILS), ("credited_mw", "credited_energy_mwh"), strict=True
            ):
                overnight = books.data(technology).get(f"overnight_usd_per_{tail}")
                if overnight is not None:
                    taken = _credited(books, technology, INVESTMENT, column)
                    of_vintage = quantity.values * overnight.values * np.einsum("svv->sv", taken)
                    yield technology, "tax_credit", -np.einsum("sv,svy->sy", of_vintage, weight)
        elif kind.startswith("value_usd_per_mwh__"):
            credit = kind.removeprefix("value_usd_per_mwh__")
            energy = _credited(books, technology, credit, "credited_mwh")
            yield technology, "tax_credit", -np.einsum("svy,svy->sy", quantity.values, energy)


def _credited(books: Books, technology: str, credit: str, column: str) -> Values:
    """A column of the table of credits, shape (site, vintage, year)."""
    frame = books.tables[TABLE]
    rows = frame[(frame["technology"] == technology) & (frame["credit"] == credit)]
    return books.spread(rows, column, {"site": books.sites, "vintage": books.years, "year": books.years})


def _paid_by_energy(books: Books) -> list[tuple[str, str]]:
    """Credits paid by energy, with their technologies."""
    keys = [key.split("__") for key in books.data(FEATURE) if key.startswith("value_usd_per_mwh__")]
    return [(credit, technology) for _, credit, technology in keys]


def credited_energy_is_put_out(books: Books) -> Check:
    """Energy with a credit: no more than was put out, and than its vintage could give at full availability."""
    parts = []
    for credit, technology in _paid_by_energy(books):
        credited = _credited(books, technology, credit, "credited_mwh")
        out = books.hourly(technology, "output_mw").sum(axis=-1) * books.step_hours
        able = full_hours(books, technology)[:, None, None] * books.vintages(technology, "vintage_mw")
        over = np.maximum((credited - able).max(axis=1), credited.sum(axis=1) - out)
        parts.append(
            largest(
                "credited_energy_is_put_out",
                over,
                RELATIVE * out + FLOOR_MW * books.step_hours,
                books.site_year,
                unit="MWh",
                holds="",
                broken=f"More energy of {technology} has the credit {credit} than it gave",
            )
        )
    return worst_of("credited_energy_is_put_out", parts, holds="No more energy has a tax credit than was put out.")


def full_hours(books: Books, technology: str) -> Values:
    """Hours a year at full availability, shape (site,)."""
    hours: Values = books.data(technology)["availability"].values.sum(axis=-1) * books.step_hours
    return hours


def credits_exclude_each_other(books: Books) -> Check:
    """Megawatts with 48E and megawatts that the credited energy of 45Y takes: together no more than was built."""
    parts = []
    for key in books.data(FEATURE):
        kind, _, technology = key.rpartition("__")
        if kind != "investment_share":
            continue
        invested = np.einsum("svv->sv", _credited(books, technology, INVESTMENT, "credited_mw"))
        energy = _credited(books, technology, PRODUCTION, "credited_mwh").max(axis=-1)
        hours = full_hours(books, technology)[:, None] if energy.any() else np.ones((len(books.sites), 1))
        producing = np.divide(energy, hours, out=np.zeros_like(energy), where=hours > 0)
        new = books.capacity(technology, "new_mw")
        parts.append(
            largest(
                "credits_exclude_each_other",
                invested + producing - new,
                RELATIVE * new + FLOOR_MW,
                books.site_year,
                unit="MW",
                holds="",
                broken=f"{technology} takes both 48E and 45Y, or for more than was built",
            )
        )
    return worst_of("credits_exclude_each_other", parts, holds="No megawatt takes both 48E and 45Y.")
