"""Loss of machines at a site whose gas is under contract: firm gas is shared out again among the machines left.

    M[s, y] <= sum over gas plants of rating * (running[s, y, c] - short[s, y, c])
               + sum over other machines of (slope[s, y] * firm[s, y] - loss[s, y, c])               for each case c
    rating * (running[s, y, c] - short[s, y, c]) <= slope[s, y] * rating * capacity[s, y] - loss[s, y, c]
    gas rate * running within the firm gas of the site                                                  (`firm_gas`)

| symbol  | name                       | unit | dimensions       |
|---------|----------------------------|------|------------------|
| M       | `machines_left_mw`         | MW   | site, year       |
| running | `running_<technology>_mw`  | MW   | site, year, case |
| short   | `short_<technology>_mw`    | MW   | site, year, case |
| slope   | `surviving_<technology>`   | 1    | site, year       |
| loss    | `case_loss_<technology>`   | MW   | site, year, case |

So a machine that has no firm gas is a spare: it takes over the gas of one that is lost, and losing it takes nothing
away. What is left of a fleet is that of `unit_loss`, a tangent found in passes or the machines lost of a whole fleet; a
tangent that falls below nothing takes its `short` from the sum, as it does elsewhere.

By the forced outage rate, all fleets lose their machines at once: one case. Where a number r is given, no order of
size is safe, for the largest machines may be those without gas. So there is a case for each fleet: it loses r machines,
or all it has, and every other fleet as many as are left of r. What can be run is concave in what is lost, so the worst
loss of r machines takes fleet after fleet, and each of those lies within a case: the rows are safe, and exact for one
machine or where every fleet has r. Elsewhere the cases overlap, and the row asks for a little more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from gigasite.formulation.builder import Builder
from gigasite.formulation.firm_gas import GasPlant, counting, gas_plants, limit_to_firm_gas, most, of
from gigasite.formulation.fleets import Fleet, lost_units
from gigasite.formulation.hubs import Term
from gigasite.system.quantity import Array, FeatureData

Lost = Callable[[Any, Any], Any]
"""Firm megawatts lost of a whole fleet, as an expression by site and year."""

LOSS_CASE = "loss_case"
SITE_YEAR = ("site", "year")
SITE_YEAR_CASE = (*SITE_YEAR, LOSS_CASE)


def machines_out(
    fleets: Mapping[str, Fleet], names: list[str], rule: str | int, probability: float
) -> list[dict[str, int]]:
    """Machines of each fleet that may be out, case by case: one by the outage rate, else one for each technology.

    Args:
        fleets: machines of one site in one year by technology; a case whose technology has none repeats another.
        names: technologies made of machines.
        rule: `binomial`, or how many machines are out.
        probability: see `fleets.lost_units`.
    """
    if rule == "binomial":
        return [
            {name: lost_units(fleet.units, fleet.forced_outage_rate, probability) for name, fleet in fleets.items()}
        ]
    cases = []
    for name in names:
        first = name if name in fleets else next(iter(fleets), name)
        left = int(rule) - min(int(rule), fleets[first].units) if fleets else 0
        cases.append({other: int(rule) if other == first else left for other in fleets})
    return cases


@dataclass(frozen=True)
class LeftOnGas:
    """Firm megawatts that machines still give in the worst case, where gas is under contract.

    Attributes:
        technologies: what is counted in it, at those sites.
        mw: a variable over site and year.
    """

    technologies: frozenset[str]
    mw: Any


def add_loss_on_gas(builder: Builder, block: Any, data: FeatureData, lost: Mapping[str, Lost]) -> LeftOnGas:
    """Variables and rows of the machines left at the sites whose gas is under contract.

    Args:
        builder: the model.
        block: block of the unit loss, with its arrays.
        data: those arrays.
        lost: firm megawatts lost of whole fleets, by technology.
    """
    at = data["shares_gas"].values[:, None]
    plants = gas_plants(builder)
    other = {
        name: term
        for name, term in counting(builder).items()
        if f"case_loss_{name}" in data and name not in plants and name != "line"
    }
    firm = {name: plant.firm for name, plant in plants.items()} | other
    whole = sum((_firm_max_mw(builder, term) for term in firm.values()), start=np.zeros_like(at))
    left = builder.variable(block, "machines_left_mw", SITE_YEAR, upper=at * whole, lower=-at * whole, unit="MW")
    runs = {name: _add_fleet(builder, block, name, plant, lost.get(name)) for name, plant in plants.items()}
    if runs:
        burning = {
            name: of(plants[name].gas, running, f"running_{name}_mw", SITE_YEAR_CASE)
            for name, (running, _) in runs.items()
        }
        limit_to_firm_gas(builder, block, "running", burning, block.shares_gas)

    def left_in_every_case(b: Any, site: Any, year: Any, case: Any) -> Any:
        there: Any = 0.0
        for name, (running, short) in runs.items():
            net = running[site, year, case] - short[site, year, case]
            there += plants[name].firm.coefficient[site] * net
        for name, term in other.items():
            there += _survivors(b, name, term, lost.get(name), (site, year, case), builder.sets)
        return left[site, year] - there <= 0

    builder.constraint(block, "left_in_every_case", SITE_YEAR_CASE, left_in_every_case)
    return LeftOnGas(frozenset(firm), left)


def _firm_max_mw(builder: Builder, term: Term) -> Array:
    return np.abs(term.coefficient_values)[:, None] * most(builder, term)


def _add_fleet(builder: Builder, block: Any, name: str, plant: GasPlant, lost: Lost | None) -> tuple[Any, Any]:
    """What runs of a fleet in each case, no more than is left of it."""
    cases = len(builder.sets[LOSS_CASE])
    at = builder.system.features[str(block.name)]["shares_gas"].values[:, None]
    upper = np.repeat((at * most(builder, plant.gas))[..., None], cases, axis=-1)
    running = builder.variable(block, f"running_{name}_mw", SITE_YEAR_CASE, upper=upper, unit="MW")
    short = builder.variable(block, f"short_{name}_mw", SITE_YEAR_CASE, upper=upper, unit="MW")

    def running_at_most_left(b: Any, site: Any, year: Any, case: Any) -> Any:
        net = running[site, year, case] - short[site, year, case]
        there = _survivors(b, name, plant.firm, lost, (site, year, case), builder.sets)
        return plant.firm.coefficient[site] * net - there <= 0

    builder.constraint(block, f"running_at_most_left__{name}", SITE_YEAR_CASE, running_at_most_left)
    return running, short


def _survivors(b: Any, name: str, term: Term, lost: Lost | None, at: tuple[Any, Any, Any], sets: Any) -> Any:
    """Firm megawatts left of a fleet in a case, fuel or not."""
    site, year, case = at
    there = b.shares_gas[site] * term.expression({"site": site, "year": year}, sets)
    slope, loss = (getattr(b, f"{key}_{name}", None) for key in ("surviving", "case_loss"))
    if slope is not None:
        there = slope[site, year] * there
    if loss is not None:
        there -= loss[site, year, case]
    if lost is not None:
        there -= b.shares_gas[site] * lost(site, year)
    return there
