"""What waiting load waits for: the limits that have a price there, and the supply that came when the wait got shorter.

A capacity may stand at its limit without being the reason that load waits. So a limit is named only where one more unit
of it would lower the cost of the plan (its row or its column has a price), and supply that cannot be had yet only where
it is built in the year in which less waits. Where neither is so, waiting is simply cheaper.

Every reason says which bottleneck it is (turbines, the grid, the trunk ...), from which quarter the item can be had,
and how many firm megawatts of it come in the first later year in which less waits.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from gigasite.results.bounds import (
    GIVEN,
    NEAR,
    NOT_BEFORE,
    RAMP,
    SLOTS,
    SMALL_MW,
    STOCK,
    UPPER,
    ZONE,
    first_year,
    near,
)
from gigasite.results.outcome import Outcome
from gigasite.results.reasons import (
    ANY_PLANT,
    BOTTLENECKS,
    CLEAN,
    FIRM_GAS,
    PERMIT,
    BUDGET,
    GAS_TRUNK,
    GRID,
    IN_WORDS,
    MONEY,
    NO_OFFER,
    NOBODY_HAS,
    NONE,
    NOT_NEEDED,
    NOTHING_HOLDS,
    SEPARATOR,
    TRUNK,
    Reason,
    Reasons,
)
from gigasite.results.waiting_in_nation import national_reasons
from gigasite.results.words import megawatts, several, technology_label
from gigasite.system.lead_times import can_be_had, ordered_mw
from gigasite.system.quantity import Array

SMALL_GWH = 1.0
Flags = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


def reasons_to_wait(outcome: Outcome, waiting: Array, capacity: pd.DataFrame) -> Reasons:
    """What the waiting load of every site and year waits for."""
    spent, needed = budgets_spent(outcome), _needed(outcome)
    held = dict(iter(capacity.groupby(["site", "year"], sort=False)))
    found: Reasons = {}
    for s, y in zip(*np.nonzero(waiting > SMALL_MW), strict=True):
        if not needed[s, y]:
            found[int(s), int(y)] = [Reason(NONE, NOT_NEEDED)]
            continue
        reasons = [Reason(MONEY, BUDGET)] if spent[s] else []
        rows = held.get((outcome.sites[s], outcome.years[y]))
        if rows is not None:
            reasons += _reasons(outcome, rows, waiting, int(s), int(y))
        nobody = rows is not None and any(_nobody_has(outcome, str(name), int(y)) for name in rows["technology"])
        last = Reason(ANY_PLANT, NOBODY_HAS) if nobody else Reason(NO_OFFER, NOTHING_HOLDS)
        found[int(s), int(y)] = list({reason.words: reason for reason in reasons}.values()) or [last]
    return found


def waits_for(
    outcome: Outcome, waiting: Array, capacity: pd.DataFrame
) -> np.ndarray[tuple[int, ...], np.dtype[np.object_]]:
    """What the waiting load of every site and year waits for, in words; several reasons stand apart by `; `."""
    words = np.full(waiting.shape, "", dtype=object)
    for at, reasons in reasons_to_wait(outcome, waiting, capacity).items():
        words[at] = SEPARATOR.join(reason.words for reason in reasons)
    return words


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


def _reasons(outcome: Outcome, rows: pd.DataFrame, waiting: Array, s: int, y: int) -> Iterator[Reason]:
    """Supply with firm credit, the trunk and the grid, held by what has a price or ending the wait later on."""
    for row in rows.to_dict("records"):
        technology, bound = str(row["technology"]), str(row["bound"])
        if technology == GRID:
            yield from _grid_reasons(outcome, waiting, bound, s, y)
        elif technology == GAS_TRUNK:
            yield from _trunk_reasons(outcome, waiting, s, y)
        elif not outcome.data(technology, "capacity_max_mw") or not _is_firm(outcome, technology, s):
            continue
        else:
            yield from _plant_reasons(outcome, waiting, technology, bound, s, y)
    yield from _limit_reasons(outcome, s, y)
    yield from national_reasons(outcome, s, y)


def _limit_reasons(outcome: Outcome, s: int, y: int) -> Iterator[Reason]:
    """Limits that are no plant, where one more unit would lower the cost: firm gas, clean supply, permits."""
    transport = "gas_transport.firm_mmbtu_per_h"
    if transport in outcome.variable_names and outcome.solution.reduced(transport)[s, y] < 0:
        yield Reason(FIRM_GAS, f"firm gas transport ({IN_WORDS[UPPER]})")
    hourly = outcome.duals("clean_share_hourly.matched_at_least_share")
    if hourly is not None and np.abs(hourly[:, y]).any():
        yield Reason(CLEAN, "clean supply (the share asked for hour by hour)")
    for name in sorted(outcome.constraint_names):
        if name.startswith("permits."):
            duals = outcome.duals(name)
            if duals is not None and abs(duals[s, y]) > 0:
                yield Reason(PERMIT, "a permit (used up)")
                return


def _plant_reasons(outcome: Outcome, waiting: Array, technology: str, bound: str, s: int, y: int) -> Iterator[Reason]:
    """A plant that comes later, or whose limit has a price."""
    bottleneck = BOTTLENECKS.get(technology, several(technology))
    brings = _firm_rise(outcome, waiting, [technology], s, y)
    if bound.startswith(NOT_BEFORE):
        total = outcome.values(f"{technology}.capacity_mw")
        if not _nobody_has(outcome, technology, y) and _ends_the_wait(total, waiting, s, y):
            yield Reason(
                bottleneck, f"{several(technology)} ({bound})", _plant_until(outcome, technology, s, y), brings
            )
    elif bound in IN_WORDS and _limit_is_priced(outcome, technology, bound, s, y):
        label = technology_label(technology) if bound == GIVEN else several(technology)
        until = (
            _plant_until(outcome, technology, s, y)
            if bound == STOCK
            else _limit_until(outcome, technology, bound, s, y)
        )
        yield Reason(bottleneck, f"{label} ({IN_WORDS[bound]})", until, brings)


def _plant_until(outcome: Outcome, technology: str, s: int, y: int) -> str:
    """Quarter in which more of a plant can be had: the next of the stock on order, or new capacity."""
    context, site = outcome.system.context, outcome.sites[s]
    stock = ordered_mw(context, site, technology)
    more = [f"{year}-Q1" for year, mw in zip(context.years[y + 1 :], stock[y + 1 :], strict=True) if mw > stock[y]]
    return min([*more[:1], *filter(None, [can_be_had(context, site, technology)])], default="")


def _limit_until(outcome: Outcome, technology: str, bound: str, s: int, y: int) -> str:
    """Quarter in which a limit is lifted: slots come every year, other limits as the scenario says."""
    if bound == SLOTS:
        return f"{outcome.years[y] + 1}-Q1"
    limit = outcome.data(technology, "capacity_max_mw")
    if limit is None:
        return ""
    more = np.nonzero(limit.values[s, y + 1 :] > limit.values[s, y] + SMALL_MW)[0]
    return f"{outcome.years[y + 1 + int(more[0])]}-Q1" if len(more) else ""


def _shorter(waiting: Array, s: int, y: int) -> int | None:
    """Position of the first later year in which less waits."""
    later = np.nonzero(waiting[s, y + 1 :] < (1.0 - NEAR) * waiting[s, y] - SMALL_MW)[0]
    return y + 1 + int(later[0]) if len(later) else None


def _firm_rise(outcome: Outcome, waiting: Array, technologies: list[str], s: int, y: int) -> float:
    """Firm megawatts of some technologies that come until less waits."""
    then = _shorter(waiting, s, y)
    if then is None:
        return 0.0
    firm = outcome.by_feature(outcome.builder.hubs.firm_capacity)
    return float(sum(max(0.0, firm[name][s, then] - firm[name][s, y]) for name in technologies if name in firm))


def _trunk_reasons(outcome: Outcome, waiting: Array, s: int, y: int) -> Iterator[Reason]:
    """The trunk where it cannot be laid yet, a plant for its gas could stand, and gas ends the wait later on."""
    allowed = outcome.system.features["fuel_lateral"]["trunk_allowed"].values[s]
    first = np.nonzero(allowed)[0]
    then = _shorter(waiting, s, y)
    if allowed[: y + 1].any() or then is None or not allowed[: then + 1].any():
        return
    gas = list(dict.fromkeys(term.feature for term in outcome.builder.hubs.firm_gas))
    ready = [name for name in gas if s in outcome.at_sites(name) and first_year(outcome, name, s) <= outcome.years[y]]
    brings = _firm_rise(outcome, waiting, gas, s, y)
    if ready and brings > SMALL_MW:
        year = outcome.years[int(first[0])]
        yield Reason(TRUNK, f"the gas trunk ({NOT_BEFORE} {year})", f"{year}-Q1", brings)


def _is_firm(outcome: Outcome, technology: str, s: int) -> bool:
    """Whether a technology counts for the reserve of a site."""
    terms = [term for term in outcome.builder.hubs.firm_capacity if term.feature == technology]
    return any(np.asarray(term.coefficient_values).any() for term in terms) and s in outcome.at_sites(technology)


def _ends_the_wait(total: Array, waiting: Array, s: int, y: int) -> bool:
    """Whether a capacity rises from a year to the first later one in which less waits."""
    then = _shorter(waiting, s, y)
    return then is not None and bool(total[s, then] > total[s, y] + SMALL_MW)


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
    if bound == STOCK:
        duals = outcome.duals(f"lead_times.built_before_lead_time__{technology}")
        return duals is not None and bool(duals[s, y:].any())
    if bound == GIVEN and any(
        duals is not None and abs(duals[s, y]) > 0
        for duals in map(outcome.duals, ("firm_supply.firm_carries_the_peak", "unit_loss.survivors_carry_the_peak"))
    ):
        return True
    solution = outcome.solution
    parts = [solution.reduced(f"{technology}.capacity_mw")[s, y]]
    if f"{technology}.built_mw" in outcome.variable_names:  # what is rented is not built
        parts += [*solution.reduced(f"{technology}.built_mw")[s, : y + 1]]
    return bool(min(parts) < 0)


def _grid_reasons(outcome: Outcome, waiting: Array, bound: str, s: int, y: int) -> Iterator[Reason]:
    """Firm and non-firm grid as two supplies, then the headroom that all sites of a zone share."""
    bottleneck = BOTTLENECKS[GRID]
    if bound in (ZONE, RAMP):
        yield Reason(bottleneck, f"{several(GRID)} ({IN_WORDS[bound]})")
        return
    data, then = outcome.system.features[GRID], _shorter(waiting, s, y)
    for kind, label in (("firm", "firm grid"), ("nonfirm", "non-firm grid")):
        most, now = data[f"{kind}_max_mw"].values[s], outcome.values(f"{GRID}.{kind}_mw")
        more = np.nonzero(most[y + 1 :] > most[y] + SMALL_MW)[0]
        if not near(now[s, y], most[y]):
            continue
        dear = most[y] > SMALL_MW and outcome.solution.reduced(f"{GRID}.{kind}_mw")[s, y] < 0
        if not dear and not (len(more) and _ends_the_wait(now, waiting, s, y)):
            continue
        held, opens = IN_WORDS[UPPER], ""
        if len(more):
            until = outcome.years[y + 1 + int(more[0])]
            held = f"{NOT_BEFORE} {until}" if most[y] <= SMALL_MW else f"only {megawatts(float(most[y]))} until {until}"
            opens = f"{until}-Q1"
        brings = 0.0 if then is None else max(0.0, float(now[s, then] - now[s, y]))
        yield Reason(bottleneck, f"{label} ({held})", opens, brings)
