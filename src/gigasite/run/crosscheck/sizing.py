"""What PyPSA builds in the last year alone, beside what we build: the same static problem on both sides.

A run's plan spans its years, which PyPSA cannot follow in our way (vintages paid by annuity, slots that add up, load
that stays energised). So the last modelled year is solved by itself, at a coarse resolution, by us and by PyPSA.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from gigasite.foundation.errors import SolverFailure
from gigasite.run.agreement import Solved, solve_in_agreement
from gigasite.run.crosscheck.answer import ALL_SITES, CAPACITY, COST, ENERGY, SIZING, Compared
from gigasite.run.crosscheck.dispatch import draft_of
from gigasite.run.crosscheck.draft import Draft
from gigasite.run.crosscheck.grid import add_zone_rows
from gigasite.run.crosscheck.planning_rows import add_planning_rows, capacity_of
from gigasite.run.crosscheck.pypsa_network import Found, solve_draft
from gigasite.run.crosscheck.supply import BATTERY, GRID, battery_keys, line_key, waiting_key
from gigasite.run.crosscheck.year import TRUNK, Year
from gigasite.system.system import System

LEAST_MW = 1e-3
"""Capacity that is not worth a row."""


@dataclass(frozen=True)
class Sized:
    """Both sides of the sizing.

    Attributes:
        draft: what PyPSA was asked.
        compared: cost first, then capacity by site and technology.
    """

    draft: Draft
    compared: list[Compared]


def our_answer(system: System) -> Solved:
    """Solve the static problem ourselves.

    Raises:
        SolverFailure: it was not solved to its optimum.
    """
    from gigasite.solve.whole import SolverOptions

    solved = solve_in_agreement(system, SolverOptions())
    if solved.solution.status != "optimal":
        raise SolverFailure(f"our own sizing ended without an optimum: {solved.solution.status}")
    return solved


def sized(solved: Solved) -> Sized:
    """Give PyPSA the problem that we solved, and set both answers side by side."""
    year = Year(solved.system, 0)
    draft = draft_of(year)
    if year.data(GRID):
        add_zone_rows(draft, year)
    add_planning_rows(draft, year)
    found = solve_draft(draft)
    ours = solved.solution.objective_usd / year.weight
    name = solved.system.years[0]
    cost = Compared(SIZING, ALL_SITES, name, COST, "USD/year", ours, found.cost_usd)
    return Sized(draft, [cost, *_capacities(year, solved, found)])


def _capacities(year: Year, solved: Solved, found: Found) -> list[Compared]:
    from gigasite.results.outcome import Outcome
    from gigasite.results.tables import make_tables

    tables = make_tables(Outcome(solved.system, solved.builder, solved.solution))
    capacity, load, name = tables["capacity"], tables["load"], year.system.years[0]
    rows: list[Compared] = []
    for _, site in year.sites:
        theirs = found.capacity.get(waiting_key(site), 0.0)
        wanted, waiting = (float(load.loc[load["site"] == site, f"{one}_mw"].iloc[0]) for one in ("wanted", "waiting"))
        rows.append(Compared(SIZING, site, name, "energised", "MW", wanted - waiting, wanted - theirs))
        for row in capacity[capacity["site"] == site].to_dict(orient="records"):
            rows.extend(_of_technology(year, row, found))
    return [one for one in rows if max(abs(one.gigasite), abs(one.pypsa)) > LEAST_MW]


def _of_technology(year: Year, row: dict[Any, Any], found: Found) -> list[Compared]:
    site, technology, name = str(row["site"]), str(row["technology"]), year.system.years[0]

    def compared(quantity: str, unit: str, column: str, theirs: float) -> Compared:
        ours = 0.0 if pd.isna(row[column]) else float(row[column])
        return Compared(SIZING, site, name, f"{quantity} of {technology}", unit, ours, theirs)

    if technology == TRUNK:
        theirs = found.capacity.get(("Generator", f"{site} {TRUNK}"), 0.0)
        return [compared(CAPACITY, "MMBtu/h", "trunk_mmbtu_per_h", theirs)]
    if technology == "line":
        ends = [key for key, line in year.system.context.scenario.lines.items() if line.to_site == site]
        return [compared(CAPACITY, "MW", "total_mw", sum(found.capacity.get(line_key(key), 0.0) for key in ends))]
    parts = capacity_of(technology, site)
    rows = [compared(CAPACITY, "MW", "total_mw", sum(found.capacity.get(key, 0.0) for key in parts))]
    if technology == BATTERY:
        stored = found.capacity.get(battery_keys(site)[2], 0.0)
        rows.append(compared(ENERGY, "MWh", "energy_capacity_mwh", stored))
    return rows
