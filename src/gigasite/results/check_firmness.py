"""Checks of firmness: the reserve, and the loss of the largest machines, both for what is energised."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gigasite.formulation.fleets import Fleet, lost_mw
from gigasite.results.books import Books
from gigasite.results.check import FLOOR_MW, RELATIVE, Check, Values, largest
from gigasite.results.gas_burnt import not_firm_mw

AGREEMENT = 5e-4
"""Share of a fleet by which the unit-loss row may miss: a plan agrees with its own surviving shares within 2e-4."""

PEAK_HOURS = 40.0
"""Hours a year the peak is taken to last: who may shed for fewer lowers it by so much less."""


def firmness_checks(books: Books) -> Iterator[Check]:
    """Reserve and unit loss."""
    yield reserve_carries_the_peak(books)
    yield survivors_carry_the_peak(books)


def firm_by_technology(books: Books) -> dict[str, Values]:
    """Megawatts that count at the peak, from capacity and ratings, shape (site, year) each.

    Machines: rating at the design temperature times firm credit. Stores: their power, and their energy over the hours
    they have to last. Grid: the firm part of the contract. What has no firm gas is taken off.
    """
    firm = {
        name: books.data(name)["firm_rating"].values[:, None] * books.capacity(name)
        for name in books.with_data("firm_rating")
    }
    for name in books.with_data("firm_hours"):
        lasting = books.capacity(name, "energy_capacity_mwh") / books.data(name)["firm_hours"].values[:, None]
        firm[name] = np.minimum(books.capacity(name), lasting)
    if "grid_connection" in books.system.features:
        firm["grid_connection"] = books.planned("contract", "firm_contract_mw")
    if books.data("gas_transport"):
        firm["gas_transport"] = -not_firm_mw(books)
    return firm


def over_lines(books: Books, column: str) -> Values:
    """Megawatts that lines bring to each site less what they take from it, shape (site, year)."""
    data = books.data("line")
    flow = books.by_line(column)
    if "starts_at" not in data or not len(flow):
        return np.zeros(books.shape[:2])
    flow = np.minimum(flow, books.by_line("total_mw"))
    arriving: Values = (data["ends_at"].values * data["delivered_share"].values[:, None]).T @ flow
    return arriving - data["starts_at"].values.T @ flow


def gives_way_mw(books: Books) -> Values:
    """Load that stops while the grid curtails a flexible connection, at most, shape (site, year)."""
    energised, nonfirm = books.planned("load", "energised_mw"), books.planned("contract", "nonfirm_contract_mw")
    most = np.zeros(energised.shape)
    for s, place in enumerate(books.system.context.places):
        asked = place.settings.grid.flexible_connection
        if asked is not None and books.data("flexible_connection"):
            most[s] = np.minimum(nonfirm[s], asked.load_share * energised[s])
    return most


def peak_mw(books: Books) -> Values:
    """Peak that has to be carried: what is energised, less what may be shed at the peak, as far as its hours reach."""
    energised = books.planned("load", "energised_mw")
    for name in books.with_data("shed_share"):
        share, hours = (books.data(name)[key].values for key in ("shed_share", "shed_hours_per_year"))
        energised = energised * (1.0 - share * np.minimum(1.0, hours / PEAK_HOURS))[:, None]
    return energised - gives_way_mw(books)


def reserve_carries_the_peak(books: Books) -> Check:
    """Firm capacity: at least the peak and its margin."""
    firm = sum(firm_by_technology(books).values(), start=over_lines(books, "firm_flow_mw"))
    needed = books.data("firm_supply")["one_and_margin"].values * peak_mw(books)
    return largest(
        "reserve_carries_the_peak",
        needed - firm,
        RELATIVE * needed + FLOOR_MW,
        books.site_year,
        unit="MW",
        holds="Firm capacity carries every peak with its margin.",
        broken="Firm capacity misses the peak and its margin",
    )


def survivors_carry_the_peak(books: Books) -> Check:
    """What is left with the largest machines out, counted exactly for the fleets of the plan: at least the peak.

    What is out takes its share of a technology's firm capacity with it.
    """
    rule = books.system.context.scenario.requirements
    firm = firm_by_technology(books)
    left = sum(firm.values(), start=over_lines(books, "secure_flow_mw"))
    fleets = _fleets(books)
    for s, y in np.ndindex(*books.shape[:2]):
        here = {name: fleet[s][y] for name, fleet in fleets.items() if fleet[s][y].capacity_mw > FLOOR_MW}
        lost = lost_mw(here, rule.units_lost, rule.units_lost_probability)
        left[s, y] -= sum(
            float(firm[name][s, y]) * mw / here[name].capacity_mw for name, mw in lost.items() if name in firm
        )
    peak = peak_mw(books)
    return largest(
        "survivors_carry_the_peak",
        peak - left,
        AGREEMENT * np.maximum(peak, sum(firm.values(), start=np.zeros_like(peak))) + FLOOR_MW,
        books.site_year,
        unit="MW",
        holds="Every peak is carried with the largest machines out.",
        broken="With the largest machines out the peak is missed",
    )


def _fleets(books: Books) -> dict[str, list[list[Fleet]]]:
    """Machines of every technology by site and year."""
    data = books.data("unit_loss")
    fleets = {}
    for key, size in data.items():
        name = key.removeprefix("unit_mw_")
        if name == key:
            continue
        capacity = books.capacity(name)
        fleets[name] = [
            [
                Fleet(
                    float(capacity[s, y]),
                    float(size.values[s]) or 1.0,
                    float(data[f"rate_{name}"].values[s]),
                    float(data[f"rating_{name}"].values[s]),
                )
                for y in range(len(books.years))
            ]
            for s in range(len(books.sites))
        ]
    return fleets
