"""What waiting load waits for: the limits that have a price there, and the supply that came when the wait got shorter.

A capacity may stand at its limit without being the reason that load waits. So a limit is named only where one more unit
of it would lower the cost of the plan (its row or its column has a price), and supply that cannot be had yet only where
it is built in the year in which less waits. Where neither is so, waiting is simply cheaper.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from gigasite.results.bounds import (
    GIVEN,
    NEAR,
    NOT_BEFORE,
    OWN_UPPER,
    SLOTS,
    SMALL_MW,
    UPPER,
    ZONE,
    first_year,
    near,
)
from gigasite.results.outcome import Outcome
from gigasite.results.words import megawatts, several, technology_label
from gigasite.system.quantity import Array

BUDGET = "money (the capital budget is spent)"
NOTHING_HOLDS = "cheaper supply (none on offer costs less than waiting)"
NOBODY_HAS = "plant (none can be had yet)"
NOT_NEEDED = "nothing (the trajectory is met without it)"
SEPARATOR = "; "
"""Between the reasons of a site and year in the table."""

GRID = "grid_connection"
SMALL_GWH = 1.0
IN_WORDS = {
    UPPER: "all that is allowed",
    OWN_UPPER: OWN_UPPER,
    GIVEN: GIVEN,
    SLOTS: "all that can be delivered",
    ZONE: "headroom used up",
}
Flags = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


def waits_for(
    outcome: Outcome, waiting: Array, capacity: pd.DataFrame
) -> np.ndarray[tuple[int, ...], np.dtype[np.object_]]:
    """What the waiting load of every site and year waits for, in words; several reasons stand apart by `; `."""
    words = np.full(waiting.shape, "", dtype=object)
    spent, needed = budgets_spent(outcome), _needed(outcome)
    held = dict(iter(capacity.groupby(["site", "year"], sort=False)))
    for s, y in zip(*np.nonzero(waiting > SMALL_MW), strict=True):
        if not needed[s, y]:
            words[s, y] = NOT_NEEDED
            continue
        reasons = [BUDGET] if spent[s] else []
        rows = held.get((outcome.sites[s], outcome.years[y]))
        if rows is not None:
            reasons += _reasons(outcome, rows, waiting, int(s), int(y))
        nobody = rows is not None and any(_nobody_has(outcome, str(name), int(y)) for name in rows["technology"])
        words[s, y] = SEPARATOR.join(dict.fromkeys(reasons)) or (NOBODY_HAS if nobody else NOTHING_HOLDS)
    return words


def reasons_in(words: str) -> list[str]:
    """The reasons of a site and year, one by one."""
    return [reason for reason in str(words).split(SEPARATOR) if reason]


def budgets_spent(outcome: Outcome) -> Flags:
    """Sites whose capital budget, or that of all sites together, is used up and has a price."""
    data = outcome.system.features["capital_budget"]
    spent = np.zeros(len(outcome.sites))
    for term in outcome.builder.hubs.capital:
        spent += outcome.term(term, ("site",))
    found = np.zeros(len(spent), dtype=bool)
    if "site_budget_usd" in data:
        full = spent >= (1.0 - NEAR) * data["site_budget_usd"].values
        found |= full & _priced(outcome, "capital_budget.spent_within_site_budget")
    if "budget_usd" in data:
        full = spent.sum() >= (1.0 - NEAR) * float(data["budget_usd"].values)
        found |= full & _priced(outcome, "capital_budget.spent_within_budget")
    return found


def _needed(outcome: Outcome) -> Flags:
    """Where load that waits costs something: its own idle value, or a national trajectory that is missed."""
    idle = outcome.system.features["idle_load"]["idle_usd_per_mw"].values
    counts = np.array([place.counts_in_national for place in outcome.system.context.places])
    short = outcome.duals("national_demand.served_meets_trajectory")
    if short is None:
        return np.ones(idle.shape, dtype=bool)
    missed = outcome.values("national_demand.shortfall_gwh") > SMALL_GWH
    return np.asarray((idle > 0) | (counts[:, None] & missed[None, :]))


def _priced(outcome: Outcome, row: str) -> Flags:
    duals = outcome.duals(row)
    return np.zeros((), dtype=bool) if duals is None else np.asarray(np.abs(duals) > 0)


def _reasons(outcome: Outcome, rows: pd.DataFrame, waiting: Array, s: int, y: int) -> Iterator[str]:
    """Supply with firm credit, and the grid, that is held by what has a price, or that ends the wait later on."""
    for row in rows.to_dict("records"):
        technology, bound = str(row["technology"]), str(row["bound"])
        if technology == GRID:
            yield from _grid_reasons(outcome, waiting, bound, s, y)
        elif not outcome.data(technology, "capacity_max_mw") or not _is_firm(outcome, technology, s):
            continue
        elif bound.startswith(NOT_BEFORE):
            total = outcome.values(f"{technology}.capacity_mw")
            if _nobody_has(outcome, technology, y) or not _ends_the_wait(total, waiting, s, y):
                continue
            yield f"{several(technology)} ({bound})"
        elif bound in IN_WORDS and _limit_is_priced(outcome, technology, bound, s, y):
            yield f"{technology_label(technology) if bound == GIVEN else several(technology)} ({IN_WORDS[bound]})"


def _is_firm(outcome: Outcome, technology: str, s: int) -> bool:
    """Whether a technology counts for the reserve of a site."""
    terms = [term for term in outcome.builder.hubs.firm_capacity if term.feature == technology]
    return any(np.asarray(term.coefficient_values).any() for term in terms) and s in outcome.at_sites(technology)


def _ends_the_wait(total: Array, waiting: Array, s: int, y: int) -> bool:
    """Whether a capacity rises from a year to the first later one in which less waits."""
    later = np.nonzero(waiting[s, y + 1 :] < (1.0 - NEAR) * waiting[s, y] - SMALL_MW)[0]
    return bool(len(later)) and total[s, y + 1 + later[0]] > total[s, y] + SMALL_MW


def _nobody_has(outcome: Outcome, technology: str, y: int) -> bool:
    """In a national account: what nobody can have yet is no reason of any one site."""
    if outcome.system.context.scenario.national is None:
        return False
    if not outcome.data(technology, "capacity_max_mw"):
        return False
    return all(first_year(outcome, technology, i) > outcome.years[y] for i in outcome.at_sites(technology))


def _limit_is_priced(outcome: Outcome, technology: str, bound: str, s: int, y: int) -> bool:
    """Whether one more MW would lower the cost of the plan."""
    if bound == SLOTS:
        rows = [n for n in outcome.constraint_names if n.startswith(f"build_slots.built_within_slots__{technology}__")]
        return any(bool(_priced(outcome, name)[y:].any()) for name in rows)
    if bound == GIVEN and any(
        duals is not None and abs(duals[s, y]) > 0
        for duals in map(outcome.duals, ("firm_supply.firm_carries_the_peak", "unit_loss.survivors_carry_the_peak"))
    ):
        return True
    solution = outcome.solution
    parts = [
        solution.reduced(f"{technology}.capacity_mw")[s, y],
        *solution.reduced(f"{technology}.built_mw")[s, : y + 1],
    ]
    return bool(min(parts) < 0)


def _grid_reasons(outcome: Outcome, waiting: Array, bound: str, s: int, y: int) -> Iterator[str]:
    """Firm and non-firm grid as two supplies, then the headroom that all sites of a zone share."""
    if bound == ZONE:
        yield f"{several(GRID)} ({IN_WORDS[ZONE]})"
        return
    data = outcome.system.features[GRID]
    for kind, label in (("firm", "firm grid"), ("nonfirm", "non-firm grid")):
        most, now = data[f"{kind}_max_mw"].values[s], outcome.values(f"{GRID}.{kind}_mw")
        more = np.nonzero(most[y + 1 :] > most[y] + SMALL_MW)[0]
        if not near(now[s, y], most[y]):
            continue
        dear = most[y] > SMALL_MW and outcome.solution.reduced(f"{GRID}.{kind}_mw")[s, y] < 0
        if not dear and not (len(more) and _ends_the_wait(now, waiting, s, y)):
            continue
        held = IN_WORDS[UPPER]
        if len(more):
            until = outcome.years[y + 1 + int(more[0])]
            held = f"{NOT_BEFORE} {until}" if most[y] <= SMALL_MW else f"only {megawatts(float(most[y]))} until {until}"
        yield f"{label} ({held})"
