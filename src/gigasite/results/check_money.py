"""Checks of money: the cost table against the solver's objective and against prices times quantities, shares, gap."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gigasite.formulation.hubs import OTHER_COMPONENTS, SUPPLY_COMPONENTS
from gigasite.results.books import Books
from gigasite.results.check import RELATIVE, Check, Labels, largest
from gigasite.results.recomputed_costs import recomputed_costs

OBJECTIVE_RELATIVE = 1e-6
"""Largest certified gap of an answer."""

SMALL_USD = 1e4
"""Present value below which a single part may differ: a cent in a million of a campus."""

SHARES = ("published", "derived", "reported", "estimate")


def money_checks(books: Books, *, objective_usd: float, gap: float) -> Iterator[Check]:
    """Every check of money."""
    yield costs_sum_to_objective(books, objective_usd)
    yield costs_follow_from_quantities(books, objective_usd)
    yield present_value_is_the_supply_cost(books)
    yield levelised_cost_follows(books)
    yield gap_within_limit(gap, books.system.context.scenario.solve.gap)
    yield shares_sum_to_one(books)


def _cost(books: Books, components: tuple[str, ...]) -> float:
    costs = books.tables["costs"]
    return float(costs.loc[costs["component"].isin(components), "cost_usd_present_value"].sum())


def costs_sum_to_objective(books: Books, objective_usd: float) -> Check:
    """Every cost of the table together: what the solver minimised."""
    total = _cost(books, (*SUPPLY_COMPONENTS, *OTHER_COMPONENTS))
    return largest(
        "costs_sum_to_objective",
        np.array([abs(total - objective_usd)]),
        OBJECTIVE_RELATIVE * abs(objective_usd) + SMALL_USD,
        Labels({"the": ("whole",)}),
        unit="USD",
        holds="The costs of the table add up to what the solver minimised.",
        broken="The costs of the table miss what the solver minimised",
    )


def costs_follow_from_quantities(books: Books, objective_usd: float) -> Check:
    """Every cost again, from what was built and what ran times the prices of the inputs."""
    again = recomputed_costs(books)
    costs = books.tables["costs"]
    known = {*again, *zip(costs["technology"], costs["component"], strict=True)}
    known = {(technology, component) for technology, component in known if component != "over_limit"}
    names, missed, allowed = [], [], []
    for technology, component in sorted(known):
        rows = costs[(costs["technology"] == technology) & (costs["component"] == component)]
        told = books.spread(rows, "cost_usd_present_value", {"site": (*books.sites, "national"), "year": books.years})
        expected = np.zeros_like(told)
        part = again.get((technology, component), np.zeros(books.shape[:2]))
        expected[-1 if part.ndim == 1 else slice(0, -1)] = part
        names.append(f"{component} of {technology}")
        missed.append(np.abs(told - expected))
        allowed.append(RELATIVE * np.abs(expected) + RELATIVE * RELATIVE * abs(objective_usd) + SMALL_USD)
    return largest(
        "costs_follow_from_quantities",
        np.array(missed),
        np.array(allowed),
        Labels({"cost:": names, "site": (*books.sites, "national"), "year": books.years}),
        unit="USD",
        holds="Every cost is what was built or ran times its price in the inputs.",
        broken="A cost differs from what was built or ran times its price",
    )


def present_value_is_the_supply_cost(books: Books) -> Check:
    """The present value in the summary: the sum of what supply costs, without what waits or goes unserved."""
    total, told = _cost(books, SUPPLY_COMPONENTS), float(books.tables["summary"]["present_value_usd"].iloc[0])
    return largest(
        "present_value_is_the_supply_cost",
        np.array([abs(total - told)]),
        OBJECTIVE_RELATIVE * abs(total) + SMALL_USD,
        Labels({"the": ("whole",)}),
        unit="USD",
        holds="The present value is the sum of what supply costs.",
        broken="The present value differs from the sum of what supply costs",
    )


def levelised_cost_follows(books: Books) -> Check:
    """The levelised cost: present value of supply over present value of the megawatt-hours served in the hours."""
    lost = books.lost_mw
    served = (books.hourly("idle_load", "load_mw") - lost).sum(axis=(0, 2)) * books.step_hours
    energy = float(served @ books.system.context.time.year_weight)
    told = float(books.tables["summary"]["levelised_cost_usd_per_mwh"].iloc[0])
    expected = _cost(books, SUPPLY_COMPONENTS) / energy if energy > 0 else 0.0
    return largest(
        "levelised_cost_follows",
        np.array([abs((told if energy > 0 else 0.0) - expected)]),
        RELATIVE * abs(expected),
        Labels({"the": ("whole",)}),
        unit="USD/MWh",
        holds="The levelised cost is the cost of supply over the energy served.",
        broken="The levelised cost differs from the cost of supply over the energy served",
    )


def gap_within_limit(gap: float, asked: float) -> Check:
    """The certified gap of the last linear programme: between the cost of the plan and its lower bound.

    The rule for lost units bends, so it stands in that programme by straight lines taken at the plan. It is exact at
    the plan (`survivors_carry_the_peak`), but the lines may also exclude a cheaper plan that satisfies it: the gap does
    not prove the plan the cheapest of all that do.
    """
    return largest(
        "gap_within_limit",
        np.array([gap]),
        asked,
        Labels({"the": ("whole",)}),
        unit="of the cost",
        holds="The plan costs the least its last linear programme allows, within the gap; "
        "no proof that no other plan that survives the loss of units is cheaper.",
        broken="The plan may be dearer than the cheapest of its last linear programme",
    )


def shares_sum_to_one(books: Books) -> Check:
    """Shares of the cost by confidence of the inputs; there are none where supply costs nothing."""
    row = books.tables["summary"].iloc[0]
    shares = np.array([float(row[f"cost_share_{name}"]) for name in SHARES])
    nothing = not np.isfinite(shares).any() and _cost(books, SUPPLY_COMPONENTS) == 0
    off = 0.0 if nothing else max(abs(float(shares.sum()) - 1.0), float(-shares.min()))
    return largest(
        "shares_sum_to_one",
        np.array([off]),
        OBJECTIVE_RELATIVE,
        Labels({"the": ("whole",)}),
        unit="of the cost",
        holds="The shares of cost by confidence add up to one.",
        broken="The shares of cost by confidence do not add up to one, but differ",
    )
