"""Checks of firmness: the reserve, and the loss of the largest machines, both for what is energised."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from gigasite.formulation.fleets import Fleet, lost_mw
from gigasite.results.books import Books
from gigasite.results.check import FLOOR_MW, RELATIVE, Check, Values, largest
from gigasite.results.gas_burnt import fuelled_firm_mw, gas_plants, run_on_firm_gas_mw, standing_firm_mw

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
    they have to last. Grid: the firm part of the contract. Gas plants under contract: those that have firm gas.
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
    for name in gas_plants(books):
        firm[name] = fuelled_firm_mw(books, name)
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

    What is out takes its share of a technology's firm capacity with it. Where gas is under contract, firm gas runs what
    it can of the gas plants that are left, and of a given number of machines those are out that leave the least.
    """
    firm = firm_by_technology(books)
    left, contracts = over_lines(books, "secure_flow_mw") + _left_mw(books), _under_contract(books)
    if contracts.any():
        left = np.where(contracts, over_lines(books, "secure_flow_mw") + _left_on_gas_mw(books), left)
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


def _under_contract(books: Books) -> Values:
    """Whether the gas of a site is under contract, shape (site, 1)."""
    data = books.data("gas_transport")
    return data["at_site"].values[:, None] > 0 if data else np.zeros((len(books.sites), 1), dtype=bool)


def _here(fleets: dict[str, list[list[Fleet]]], s: int, y: int) -> dict[str, Fleet]:
    return {name: fleet[s][y] for name, fleet in fleets.items() if fleet[s][y].capacity_mw > FLOOR_MW}


def _left_mw(books: Books) -> Values:
    """Firm megawatts with the largest machines out, shape (site, year)."""
    rule, firm, fleets = books.system.context.scenario.requirements, firm_by_technology(books), _fleets(books)
    left = sum(firm.values(), start=np.zeros(books.shape[:2]))
    for s, y in np.ndindex(*books.shape[:2]):
        here = _here(fleets, s, y)
        lost = lost_mw(here, rule.units_lost, rule.units_lost_probability)
        left[s, y] -= sum(
            float(firm[name][s, y]) * mw / here[name].capacity_mw for name, mw in lost.items() if name in firm
        )
    return left


def _left_on_gas_mw(books: Books) -> Values:
    """The same where firm gas is shared out again among what is left, in the worst of all ways to lose machines."""
    rule, firm, fleets = books.system.context.scenario.requirements, firm_by_technology(books), _fleets(books)
    gas = gas_plants(books)
    standing = {name: standing_firm_mw(books, name) if name in gas else mw for name, mw in firm.items()}
    worst = np.full(books.shape[:2], np.inf)
    at = _under_contract(books)[:, 0]
    ways = {(s, y): _ways_to_lose(_here(fleets, s, y) if at[s] else {}, rule) for s, y in np.ndindex(*books.shape[:2])}
    for number in range(max(len(way) for way in ways.values())):
        there = {name: mw.copy() for name, mw in standing.items()}
        for here, way in ways.items():
            for name, share in way[min(number, len(way) - 1)].items():
                if name in there:
                    there[name][here] *= 1.0 - share
        run = run_on_firm_gas_mw(books, {name: there[name] for name in gas})
        other = sum((mw for name, mw in there.items() if name not in gas), start=np.zeros(run.shape))
        worst = np.minimum(worst, run + other)
    return worst


def _ways_to_lose(here: dict[str, Fleet], rule: Any) -> list[dict[str, float]]:
    """Shares of the fleets that are out: of a number of machines in every way that takes fleet after fleet."""
    if rule.units_lost == "binomial":
        lost = lost_mw(here, rule.units_lost, rule.units_lost_probability)
        return [{name: mw / here[name].capacity_mw for name, mw in lost.items()}]
    ways: list[dict[str, float]] = []
    open_ways: list[tuple[dict[str, float], int]] = [({}, int(rule.units_lost))]
    while open_ways:
        shares, left = open_ways.pop()
        rest = [name for name in here if name not in shares]
        if left == 0 or not rest:
            ways.append(shares)
            continue
        for name in rest:
            out = min(left, here[name].units)
            share = min(1.0, out * here[name].unit_mw / here[name].capacity_mw)
            open_ways.append(({**shares, name: share}, left - out))
    return ways


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
