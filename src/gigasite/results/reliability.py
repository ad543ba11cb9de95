"""What is carried of what has to be in every loss a scenario asks to survive: from the tables, without the model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from gigasite.formulation.gas_burn import GAS_ONLY
from gigasite.formulation.requirements.grid_outage import months_of
from gigasite.results.books import Books
from gigasite.results.check import FLOOR_MW, Values
from gigasite.results.check_firmness import firm_by_technology, over_lines, peak_mw
from gigasite.results.outage import Store, missing_energy_mwh, missing_power_mw

COMMON_MODE, OUTAGE, SNAP = "common_mode", "grid_outage", "cold_snap"
FIRM_GAS = "firm_gas_mmbtu_per_h_per_mw"
GRID = "grid_connection"
COLUMNS = ("site", "year", "loss", "needed_mw", "carried_mw", "spare_mw", "spare_mwh")


@dataclass(frozen=True)
class Loss:
    """A loss: megawatts needed and carried by site and year, where it counts, and energy to spare where that counts."""

    name: str
    needed_mw: Values
    carried_mw: Values
    counts: Values
    spare_mwh: Values | None = None


def reliability_table(books: Books) -> pd.DataFrame:
    """One row per site, year and loss that it has to survive: megawatts needed and carried, and what is to spare.

    Of a grid outage the row is that of its worst step: `spare_mwh` is what is left of stores and tanks after the worst
    outage, `spare_mw` of power in the worst step.
    """
    rows = []
    for loss in losses(books):
        for s, y in np.argwhere(loss.counts > 0):
            needed, carried = float(loss.needed_mw[s, y]), float(loss.carried_mw[s, y])
            energy = np.nan if loss.spare_mwh is None else float(loss.spare_mwh[s, y])
            rows.append((books.sites[s], books.years[y], loss.name, needed, carried, carried - needed, energy))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def losses(books: Books) -> Iterator[Loss]:
    """Every loss that a scenario asks to survive."""
    if books.data(COMMON_MODE):
        yield from _common_modes(books)
    if books.data(OUTAGE):
        yield grid_outage(books)
    if books.data(SNAP):
        yield from _snaps(books)


def _wants(books: Books) -> Values:
    """Where load is wanted in some year, shape (site, year)."""
    wanted: Values = np.broadcast_to(books.system.ramp_mw.max(axis=1, keepdims=True) > 0, books.shape[:2])
    return wanted.astype(float)


def _standby_mw(books: Books) -> Values:
    total = np.zeros(books.shape[:2])
    for name in books.with_data("standby_rating"):
        total += books.data(name)["standby_rating"].values[:, None] * books.capacity(name)
    return total


def _common_modes(books: Books) -> Iterator[Loss]:
    data, firm = books.data(COMMON_MODE), firm_by_technology(books)
    needed = books.system.context.scenario.requirements.critical_share * peak_mw(books)
    gas, lines = books.with_data(FIRM_GAS), over_lines(books, "firm_flow_mw")
    wants, standby, total = _wants(books), _standby_mw(books), sum(firm.values(), start=np.zeros(books.shape[:2]))
    burns = np.zeros(books.shape[:2], dtype=bool)
    for name in gas:
        burns |= (books.data(name)[FIRM_GAS].values > 0) & (books.data(name)["capacity_max_mw"].values > 0)
    trunk = data["trunk_asked"].values[:, None] * burns.max(axis=1, keepdims=True)
    left = sum((mw for name, mw in firm.items() if name not in gas), start=np.zeros_like(total))
    if trunk.any():
        yield Loss("gas_trunk", needed, left + lines + standby + _on_liquid_mw(books, gas), trunk * wants)
        far = _fed_from(books, trunk[:, 0])
        if far.any():
            yield Loss("far_gas_trunk", needed, total + standby, far[:, None] * wants)
    grid = data["grid_asked"].values[:, None] * wants
    if grid.any():
        yield Loss("grid_circuit", needed, total - firm.get(GRID, 0.0) + lines + standby, grid)


def _fed_from(books: Books, lost: Values) -> Values:
    """Sites that a line feeds from a site where something is lost."""
    found = np.zeros(len(books.sites))
    for line in books.system.context.scenario.lines.values():
        to = books.sites.index(line.to_site)
        found[to] = max(found[to], lost[books.sites.index(line.from_site)])
    return found


def _on_liquid_mw(books: Books, gas: list[str]) -> Values:
    """Firm megawatts that distillate keeps running without pipeline gas, those of the best heat rate first."""
    left = books.planned("gas_supply", "firm_liquid_mmbtu_per_h")
    kept = np.zeros_like(left)
    able = [name for name in gas if name not in GAS_ONLY]
    heat = {name: books.data(name)["heat_rate_mmbtu_per_mwh"].values for name in able}
    for s, y in np.argwhere(left > 0):
        for name in sorted(able, key=lambda name: heat[name][s, y]):
            firm = float(books.data(name)["firm_rating"].values[s] * books.capacity(name)[s, y])
            runs = min(firm, float(left[s, y] / heat[name][s, y])) if firm > 0 else 0.0
            kept[s, y] += runs
            left[s, y] -= runs * heat[name][s, y]
    return kept


def grid_outage(books: Books) -> Loss:
    """The critical load of every step against plants and stores, for an outage that begins after any step."""
    options, time = books.system.context.scenario.requirements, books.system.context.time
    critical = options.critical_share * books.hourly("idle_load", "load_mw")
    stores = _stores(books)
    carried = np.zeros(books.shape)
    for name in books.with_data("availability"):
        if name not in stores:
            carried += _available_mw(books, name)
    deficit = critical - carried
    months = months_of(time, options.outage_survival_h)
    power = missing_power_mw(deficit, list(stores.values()))
    energy = missing_energy_mwh(deficit, list(stores.values()), months.length, float(time.resolution_h)).max(axis=-1)
    worst = np.argmax(power, axis=-1)[..., None]
    needed = np.take_along_axis(critical, worst, axis=-1)[..., 0]
    short = np.take_along_axis(power, worst, axis=-1)[..., 0]
    wants = (books.system.ramp_mw > 0).astype(float)
    return Loss("grid_outage", needed, needed - short, wants, np.where(np.isfinite(energy), 0.0 - energy, 0.0))


def _available_mw(books: Books, name: str) -> Values:
    """What a plant gives at most in every step; pipeline gas for its firm rating at most."""
    data = books.data(name)
    share = data["availability"].values
    if FIRM_GAS in data:
        share = np.minimum(share, data["firm_rating"].values[:, None])
    return share[:, None, :] * books.capacity(name)[:, :, None]


def _stores(books: Books) -> dict[str, Store]:
    """Batteries with what is in them, backup sets with full tanks."""
    hours = np.ones(books.shape[2])
    found = {}
    for name in books.with_data("efficiency_one_way"):
        given = books.data(name)["efficiency_one_way"].values[:, None, None] * books.hourly(name, "stored_mwh")
        found[name] = Store(books.capacity(name)[:, :, None] * hours, given)
    for name in books.with_data("fuel_storage_h"):
        tank = books.data(name)["fuel_storage_h"].values[:, None] * books.capacity(name)
        found[name] = Store(_available_mw(books, name), tank[:, :, None] * hours)
    return {name: store for name, store in found.items() if store.power_mw.max(initial=0.0) > FLOOR_MW}


def _snaps(books: Books) -> Iterator[Loss]:
    data, firm = books.data(SNAP), firm_by_technology(books)
    lines, wants = over_lines(books, "firm_flow_mw"), _wants(books)
    stores = books.with_data("firm_hours")

    def surviving(prefix: str, name: str) -> Values:
        return data[f"{prefix}{name}"].values[:, None] if f"{prefix}{name}" in data else np.ones((len(books.sites), 1))

    peak = lines + sum(surviving("surviving_coldest_day_", name) * mw for name, mw in firm.items())
    yield Loss("cold_snap_peak", data["peak_share"].values[:, None] * peak_mw(books), peak, wants)
    mean = lines + sum(surviving("surviving_", name) * mw for name, mw in firm.items() if name not in stores)
    for name in books.with_data("availability"):
        if name not in firm:
            factor = (data["snap_weight"].values * books.data(name)["availability"].values).sum(axis=-1)
            mean = mean + factor[:, None] * books.capacity(name)
    for name in stores:
        full = books.data(name)["efficiency_one_way"].values[:, None] * books.capacity(name, "energy_capacity_mwh")
        mean = mean + full / float(data["hours"].values)
    needed = data["mean_load_mw_per_mw"].values[:, None] * books.planned("load", "energised_mw")
    yield Loss("cold_snap_mean", needed, mean, wants)
