"""Checks of permits and of the clean share by the hour, from the hours, the capacities and the scenario alone."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gigasite.formulation.clean_supply import campuses, delivered_share
from gigasite.foundation.units import SQUARE_METRES_PER_HECTARE
from gigasite.results.books import Books
from gigasite.results.check import FLOOR_MW, RELATIVE, Check, Labels, Values, largest, worst_of

GRID, BACKUP, BACKUP_KEY = "grid_connection", "backup_generator", "backup_run_h_per_year"
RATES = {
    "nox_t_per_year": ("nox_t_per_mwh", "nox_added_t_per_mmbtu", "t"),
    "co2_t_per_year": ("co2_t_per_mwh", "co2_added_t_per_mmbtu", "t"),
    "water_m3_per_year": ("water_m3_per_mwh", "", "m3"),
    "water_withdrawal_m3_per_year": ("water_withdrawal_m3_per_mwh", "", "m3"),
}
"""For each permit: what an MWh brings, what an MMBtu of distillate adds, and the unit."""

KEPT = "permits_are_kept"


def permit_checks(books: Books) -> Iterator[Check]:
    """A check of all permits, and one of the clean share by the hour, where the scenario has any."""
    parts = list(_permits(books))
    if parts:
        yield worst_of(KEPT, parts, holds="Every site keeps its permits.")
    if books.system.context.scenario.requirements.clean_share_hourly is not None:
        yield clean_share_hourly_is_kept(books)


def _limits(books: Books, key: str) -> Values | None:
    """Limits by site and year as the scenario writes them, infinite where there is none; None where nobody has any."""
    series = [getattr(place.settings.permits, key) for place in books.system.context.places]
    if all(one is None for one in series):
        return None
    return np.array([[np.inf if one is None else one.at(year) for year in books.years] for one in series])


def _permits(books: Books) -> Iterator[Check]:
    for key, (rate, added, unit) in RATES.items():
        limit = _limits(books, key)
        if limit is not None:
            amount = _emitted(books, rate) + (_added(books, added) if added else 0.0)
            yield _check(books, key, amount, limit, unit, _floor(books, rate))
    limit = _limits(books, "land_ha")
    if limit is not None:
        land = np.zeros(books.shape[:2])
        for name in books.with_data("land_m2_per_mw"):
            land += books.data(name)["land_m2_per_mw"].values[:, None] * books.capacity(name)
        yield _check(books, "land_ha", land / SQUARE_METRES_PER_HECTARE, limit, "ha", FLOOR_MW)
    limit = _limits(books, BACKUP_KEY)
    if limit is not None and BACKUP in books.system.features:
        energy = books.hourly(BACKUP, "output_mw").sum(axis=-1) * books.step_hours
        capacity = books.capacity(BACKUP)
        allowed = np.where(np.isfinite(limit), limit, 0.0) * capacity
        ran = np.where(np.isfinite(limit), energy, 0.0)
        yield _check(books, BACKUP_KEY, ran, allowed, "MWh", FLOOR_MW * books.step_hours)


def _check(books: Books, key: str, amount: Values, limit: Values, unit: str, floor: float) -> Check:
    return largest(
        KEPT,
        amount - limit,
        RELATIVE * np.where(np.isfinite(limit), limit, 0.0) + floor,
        books.site_year,
        unit=unit,
        holds="",
        broken=f"{key} is passed",
    )


def _emitted(books: Books, rate: str) -> Values:
    """What plants emit or use in a year, from their hours; imports are no part of it."""
    found = np.zeros(books.shape[:2])
    for name in books.with_data(rate):
        if name != GRID:
            values = books.data(name)[rate].values
            energy = books.hourly(name, "output_mw").sum(axis=-1) * books.step_hours
            found += (values if values.ndim > 1 else values[:, None]) * energy
    return found


def _added(books: Books, added: str) -> Values:
    """What distillate burnt in place of gas adds."""
    data = books.data("dual_fuel")
    if added not in data:
        return np.zeros(books.shape[:2])
    burnt = books.hourly("dual_fuel", "liquid_mmbtu_per_h").sum(axis=-1) * books.step_hours
    return np.asarray(data[added].values[:, None] * burnt)


def _floor(books: Books, rate: str) -> float:
    """What the megawatts that a solver lets pass come to in a year."""
    rates = [float(books.data(name)[rate].values.max(initial=0.0)) for name in books.with_data(rate) if name != GRID]
    return FLOOR_MW * books.step_hours * max(rates, default=0.0)


def clean_share_hourly_is_kept(books: Books) -> Check:
    """Load met in its own hour by clean supply and what stores shift: at least the share; stores take nothing else."""
    context = books.system.context
    share = np.array([context.scenario.requirements.clean_share_hourly.at(year) for year in books.years])
    clean, shifted, load = _clean_mw(books), _shifted_mw(books), books.hourly("idle_load", "load_mw")
    members = campuses(context)
    missing, allowed = np.zeros((len(members), len(books.years))), np.zeros((len(members), len(books.years)))
    for c, sites in enumerate(members.values()):
        at = [books.sites.index(site) for site in sites]
        wanted, net = load[at].sum(axis=0), (clean + shifted)[at].sum(axis=0)
        met = np.minimum(np.maximum(net, 0.0), wanted).sum(axis=-1)
        other = np.maximum(0.0, -net).max(axis=-1) - FLOOR_MW
        energy = wanted.sum(axis=-1)
        missing[c] = np.where(share > 0, np.maximum(share * energy - met, np.maximum(0.0, other)), 0.0)
        allowed[c] = RELATIVE * energy + FLOOR_MW
    return largest(
        "clean_share_hourly_is_kept",
        missing * books.step_hours,
        allowed * books.step_hours,
        Labels({"campus": tuple(members), "year": books.years}),
        unit="MWh",
        holds="Every campus keeps its clean share hour by hour.",
        broken="Clean supply misses its share of the load in its own hour, or stores take other power,",
    )


def _clean_mw(books: Books) -> Values:
    """Power of supply that emits nothing, shape (site, year, step)."""
    given = books.system.context.scenario.requirements.grid_emitting_share
    left = delivered_share(books.system.context, books.data("line"))[:, None]
    clean = np.zeros(books.shape)
    for name in books.with_data("availability"):
        clean += (left * ~_emits(books, name))[:, :, None] * books.hourly(name, "output_mw")
    grid = np.array([1.0 if given is None else given.at(year) for year in books.years])
    share = 1.0 - _emits(books, GRID) * grid
    return np.asarray(clean + (left * share)[:, :, None] * books.hourly(GRID, "import_mw"))


def _emits(books: Books, name: str) -> Values:
    """Whether a supply emits any carbon dioxide, shape (site, year)."""
    data = books.data(name)
    rate = data["co2_t_per_mwh"].values if "co2_t_per_mwh" in data else np.zeros(books.shape[:2])
    return np.broadcast_to((rate if rate.ndim > 1 else rate[:, None]) > 0, books.shape[:2])


def _shifted_mw(books: Books) -> Values:
    """What stores give less what they take."""
    shifted = np.zeros(books.shape)
    for name in books.with_data("efficiency_one_way"):
        shifted += books.hourly(name, "discharge_mw") - books.hourly(name, "charge_mw")
    return shifted
