"""What holds a capacity where it is, in a planner's words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gigasite.results.outcome import Outcome
from gigasite.system.grid_contract import block_of
from gigasite.system.lead_times import SAMPLE_MW, first_year_with_stock
from gigasite.system.quantity import Array

FREE, GIVEN, NOT_BUILT, NOT_ALLOWED = "free", "given", "not built", "not allowed"
UPPER, OWN_UPPER, FLOOR = "at its upper limit", "at the model's own limit", "at its floor"
RAMP = "held by the ramp of its contract"
SHARED_FLOOR, SLOTS, ZONE = "at a floor it shares", "held by build slots", "held by the headroom of the grid"
STOCK = "held by the stock on order"
PERMIT_ENDED = "its permit does not hold"
NOT_BEFORE, AFTER_ALL = "not before", "not in the years modelled"

NEAR = 1e-4
SMALL_MW = 1e-3

Words = np.ndarray[Any, np.dtype[np.object_]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]


def near(one: Array | float, other: Array | float) -> Any:
    """Whether two capacities are the same within what a solver resolves."""
    return np.abs(np.asarray(one) - other) <= SMALL_MW + NEAR * np.abs(other)


def bounds_in_words(outcome: Outcome, technology: str, total: Array) -> Words:
    """What holds the capacity of a technology, shape (site, year)."""
    words = np.full(total.shape, FREE, dtype=object)
    least, most = _limits(outcome, technology, total.shape)
    slots, floors = _at_slots(outcome, technology), _at_shared_floor(outcome, technology)
    stock, sample = _at_stock(outcome, technology), _is_sample(outcome, technology)
    headroom, signed, ramp = (
        _of_the_grid(outcome, technology, total.shape, kind) for kind in (_at_headroom, given_blocks, at_ramp)
    )
    for s, y in np.ndindex(*total.shape):
        mw = total[s, y]
        if _given(outcome, technology, s) or signed[s, y]:
            words[s, y] = GIVEN
        elif mw <= SMALL_MW or sample[s, y]:
            words[s, y] = _why_nothing(outcome, technology, s, y, float(most[s, y]), bool(slots[s, y]))
        elif ramp[s, y]:
            words[s, y] = RAMP
        elif near(mw, most[s, y]):
            words[s, y] = UPPER if _limited(outcome, technology, s) else OWN_UPPER
        elif least[s, y] > 0 and near(mw, least[s, y]):
            words[s, y] = FLOOR
        elif stock[s, y]:
            words[s, y] = STOCK
        elif slots[s, y]:
            words[s, y] = SLOTS
        elif headroom[s, y]:
            words[s, y] = ZONE
        elif floors[s, y]:
            words[s, y] = SHARED_FLOOR
    return words


def bounds_of_lines(total: Array, limit: Array) -> Words:
    """What holds the capacity of lines to a site."""
    at_limit = near(total, limit) & (limit > 0)
    return np.where(total <= SMALL_MW, NOT_BUILT, np.where(at_limit, UPPER, FREE)).astype(object)


def bounds_of_trunk(laid: Array) -> Words:
    """A trunk is as large as the gas that flows in it, or not there."""
    return np.where(laid <= SMALL_MW, NOT_BUILT, FREE).astype(object)


def limit_is_set(outcome: Outcome, technology: str, site: int) -> bool:
    """Whether the scenario gives the capacity or its upper limit; else the limit is the model's own room."""
    return _given(outcome, technology, site) or _limited(outcome, technology, site)


def first_year(outcome: Outcome, technology: str, site: int) -> int:
    """First year in which new capacity can run: lead time, or the queue of a grid connection."""
    if technology == "grid_connection":
        data = outcome.system.features[technology]
        opened = (data["firm_max_mw"].values[site] + data["nonfirm_max_mw"].values[site]) > 0
        years = np.asarray(outcome.years)[opened]
        return int(years[0]) if len(years) else outcome.years[-1] + 1
    return first_year_with_stock(outcome.system.context, outcome.sites[site], technology)


def _why_nothing(outcome: Outcome, technology: str, s: int, y: int, most: float, slots: bool) -> str:
    first = first_year(outcome, technology, s)
    permitted = outcome.data(technology, "permitted")
    if permitted is not None and permitted.values[s, y] <= 0 and outcome.years[y] >= first:
        return PERMIT_ENDED
    if most <= 0 and permitted is None:
        return NOT_ALLOWED
    if outcome.years[y] < first:
        return AFTER_ALL if technology == "grid_connection" and first > outcome.years[-1] else f"{NOT_BEFORE} {first}"
    return SLOTS if slots else NOT_BUILT


def _limits(outcome: Outcome, technology: str, shape: tuple[int, ...]) -> tuple[Array, Array]:
    least = outcome.data(technology, "capacity_min_mw") or outcome.data(technology, "contract_min_mw")
    most = outcome.data(technology, "capacity_max_mw") or outcome.data(technology, "contract_max_mw")
    return (
        np.zeros(shape) if least is None else least.values,
        np.full(shape, np.inf) if most is None else most.values,
    )


def _options(outcome: Outcome, technology: str, s: int) -> Any:
    return outcome.system.context.options(outcome.sites[s], technology)


def _given(outcome: Outcome, technology: str, s: int) -> bool:
    options = _options(outcome, technology, s)
    return options is not None and options.capacity_mw is not None


def _limited(outcome: Outcome, technology: str, s: int) -> bool:
    """Whether the scenario sets the upper limit; else it is the model's own room."""
    options = _options(outcome, technology, s)
    own = options is not None and options.capacity_max_mw is not None
    settings = outcome.system.context.places[s].settings
    return own or (technology == "grid_connection" and settings.grid.connection_max_mw is not None)


def _at_slots(outcome: Outcome, technology: str) -> Words:
    """Where all that the industry can deliver up to a year has been built, shape (site, year)."""
    found = np.zeros((len(outcome.sites), len(outcome.years)), dtype=bool)
    data = outcome.system.features.get("build_slots", {})
    for key in data:
        pool = key.removeprefix("slots_mw__")
        if pool == key or pool.split("__")[0] != technology:
            continue
        draws = data[f"draws__{pool}"].values
        built = np.cumsum(draws @ outcome.values(f"{technology}.built_mw"))
        found |= (draws[:, None] > 0) & near(built, data[key].values)[None, :]
    return found


def _early_mw(outcome: Outcome, technology: str) -> Array:
    """What may be built by each year before the lead time has passed, shape (site, year)."""
    early = outcome.data("lead_times", f"early_mw__{technology}")
    return np.zeros((len(outcome.sites), len(outcome.years))) if early is None else early.values


def _at_stock(outcome: Outcome, technology: str) -> Words:
    """Where all stock on order that is delivered by a year has been built, shape (site, year)."""
    early = _early_mw(outcome, technology)
    if not early.any():
        return np.zeros(early.shape, dtype=bool)
    built = np.cumsum(outcome.values(f"{technology}.built_mw"), axis=1)
    return np.asarray((early > SAMPLE_MW) & near(built, early))


def _is_sample(outcome: Outcome, technology: str) -> Words:
    """Where no more than a sample may stand, shape (site, year)."""
    early = _early_mw(outcome, technology)
    return np.asarray((early > 0) & (early <= SAMPLE_MW))


def _at_shared_floor(outcome: Outcome, technology: str) -> Words:
    """Where a floor under several technologies is met exactly, shape (site, year)."""
    found = np.zeros((len(outcome.sites), len(outcome.years)), dtype=bool)
    data = outcome.system.features.get("capacity_floor", {})
    if f"counts_{technology}" not in data:
        return found
    floor = data["floor_mw"].values
    total = np.zeros_like(floor)
    for term in outcome.builder.hubs.capacity:
        counts = data.get(f"counts_{term.feature}")
        if counts is not None:
            total += counts.values @ outcome.term(term, ("site", "year"))
    held = near(total, floor) & (floor > 0)
    counted = data[f"counts_{technology}"].values
    return np.asarray((counted.T @ held) > 0)


def given_blocks(outcome: Outcome) -> Flags:
    """Where the grid contract is that of a given block, shape (site, year)."""
    places = outcome.system.context.places
    return np.array([[block_of(place, year) is not None for year in outcome.years] for place in places])


def rise_limit_mw(outcome: Outcome) -> Array:
    """Largest grid contract that a ramp allows after that of the modelled year before, shape (site, year); else NaN."""
    contract = outcome.values("grid_connection.contract_mw")
    data = outcome.system.features["grid_connection"]
    if "contract_rise_mw" not in data:
        return np.full(contract.shape, np.nan)
    before = np.concatenate([np.zeros_like(contract[:, :1]), contract[:, :-1]], axis=1)
    return np.where(data["ramped"].values > 0, before + data["contract_rise_mw"].values, np.nan)


def at_ramp(outcome: Outcome) -> Flags:
    """Where the grid contract has risen as fast as its ramp allows, shape (site, year)."""
    return np.asarray(near(outcome.values("grid_connection.contract_mw"), rise_limit_mw(outcome)))


def _of_the_grid(outcome: Outcome, technology: str, shape: tuple[int, ...], flags: Callable[[Outcome], Flags]) -> Flags:
    """What holds for a grid connection alone."""
    return flags(outcome) if technology == "grid_connection" else np.zeros(shape, dtype=bool)


def _at_headroom(outcome: Outcome) -> Flags:
    """Where the steps of a zone, or the headroom of its region, are used up, shape (site, year)."""
    data = outcome.system.features["grid_connection"]
    contract = outcome.values("grid_connection.contract_mw")
    in_zone, in_region = data["in_zone"].values, data["in_region"].values
    full_zone = near(in_zone @ contract, data["step_width_mw"].values.sum(axis=1)[:, None])
    full_region = near(in_region @ contract, data["headroom_mw"].values[:, None])
    return np.asarray((in_zone.T @ full_zone + in_region.T @ full_region) > 0)
