"""Rows of the sizing that only look at capacities: reserve, unit loss, firm gas, slots, floors, budgets."""

from __future__ import annotations

from collections.abc import Iterable

from gigasite.run.crosscheck.draft import Capacity, Draft, Key, Row
from gigasite.run.crosscheck.grid import firm_key, nonfirm_key, step_keys
from gigasite.run.crosscheck.supply import (
    BATTERY,
    FLEXIBLE,
    GRID,
    LINE,
    battery_keys,
    gas_plants,
    line_key,
    plant_key,
    waiting_key,
)
from gigasite.run.crosscheck.year import Year

Sum = dict[Key, float]


def add_planning_rows(draft: Draft, year: Year) -> None:
    """Every row over capacities alone."""
    _add_firmness(draft, year)
    _add_firm_gas(draft, year)
    _add_slots(draft, year)
    _add_floors(draft, year)
    _add_budgets(draft, year)


def capacity_of(technology: str, site: str) -> Sum:
    """Megawatts of a technology at a site as a sum of parts."""
    if technology == GRID:
        return {firm_key(site): 1.0, nonfirm_key(site): 1.0}
    if technology == BATTERY:
        return {battery_keys(site)[0]: 1.0}
    return {plant_key(site, technology): 1.0}


def _total(sums: Iterable[Sum]) -> Sum:
    found: Sum = {}
    for one in sums:
        for key, coefficient in one.items():
            found[key] = found.get(key, 0.0) + coefficient
    return found


def _scaled(one: Sum, factor: float) -> Sum:
    return {key: factor * coefficient for key, coefficient in one.items()}


def _add_firmness(draft: Draft, year: Year) -> None:
    """Reserve with its margin, and what is left without the largest machines, at the slopes our plan settled on.

    (1 + margin) (1 - relief) (wanted - waiting) - firm <= 0
    (1 - relief) (wanted - waiting) - sum of slope * firm + fixed loss - secure flow <= 0
    """
    margin = float(year.data("firm_supply")["one_and_margin"].values)
    loss = year.data("unit_loss")
    flows = {kind: _firm_flows(draft, year, kind) for kind in ("firm", "secure")}
    for s, site in year.sites:
        firm = _firm_of(draft, year, s)
        relief = float(year.data(FLEXIBLE)["relief_share"].values[s]) if year.has(s, FLEXIBLE) else 0.0
        peak = (1.0 - relief) * float(year.system.ramp_mw[s, year.y])
        waits = {waiting_key(site): -(1.0 - relief)}
        carried = _total([_scaled(waits, margin), *(_scaled(one, -1.0) for one in firm.values()), flows["firm"][site]])
        what = "reserve: firm capacity carries the peak with its margin"
        draft.row(Row(f"{site} reserve", what, "<=", -margin * peak, carried))
        slopes = {
            name: float(loss[f"surviving_{name}"].values[s, year.y]) if f"surviving_{name}" in loss else 1.0
            for name in firm
        }
        left = [_scaled(one, -slopes[name]) for name, one in firm.items()]
        limit = -peak - float(loss["fixed_loss_mw"].values[s, year.y])
        what = "unit loss: what survives carries the peak, on the straight line our plan settled on"
        draft.row(Row(f"{site} unit loss", what, "<=", limit, _total([waits, *left, flows["secure"][site]])))


def _firm_of(draft: Draft, year: Year, s: int) -> dict[str, Sum]:
    """Firm megawatts of a site by technology."""
    site = year.system.sites[s]
    found: dict[str, Sum] = {}
    for name in year.plants():
        if "firm_rating" in year.data(name) and year.has(s, name):
            found[name] = _scaled(capacity_of(name, site), float(year.data(name)["firm_rating"].values[s]))
    if year.has(s, GRID):
        found[GRID] = {firm_key(site): 1.0}
    if year.has(s, BATTERY):
        charge, _, store = battery_keys(site)
        key = draft.quantity(f"{site} battery firm", site, Capacity())
        hours = float(year.data(BATTERY)["firm_hours"].values[s])
        what = "firm part of a battery: its power, or its energy over its firm hours"
        draft.row(Row(f"{site} battery firm power", what, "<=", 0.0, {key: 1.0, charge: -1.0}))
        draft.row(Row(f"{site} battery firm energy", what, "<=", 0.0, {key: hours, store: -1.0}))
        found[BATTERY] = {key: 1.0}
    return found


def _firm_flows(draft: Draft, year: Year, kind: str) -> dict[str, Sum]:
    """Firm or secure megawatts that lines take from a site less those they bring to it."""
    found: dict[str, Sum] = {site: {} for _, site in year.sites}
    for position, (name, line) in enumerate(year.system.context.scenario.lines.items()):
        key = draft.quantity(f"line {name} {kind}", line.to_site, Capacity())
        what = "firm and secure megawatts within a line"
        draft.row(Row(f"line {name} {kind}", what, "<=", 0.0, {key: 1.0, line_key(name): -1.0}))
        delivered = float(year.data(LINE)["delivered_share"].values[position])
        found[line.from_site] = _total([found[line.from_site], {key: 1.0}])
        found[line.to_site] = _total([found[line.to_site], {key: -delivered}])
    return found


def _trunk_key(site: str) -> Key:
    return "Generator", f"{site} gas_trunk"


def _add_firm_gas(draft: Draft, year: Year) -> None:
    needed = year.data("fuel_lateral")["trunk_needed"].values
    for s, site in year.sites:
        if needed[s]:
            called = {
                plant_key(site, name): float(year.data(name)["firm_gas_mmbtu_per_h_per_mw"].values[s, year.y])
                for name in gas_plants(year)
            }
            what = "gas of firm plants within the trunk"
            draft.row(Row(f"{site} firm gas", what, "<=", 0.0, called | {_trunk_key(site): -1.0}))


def _add_slots(draft: Draft, year: Year) -> None:
    data = year.data("build_slots")
    for name, slots in data.items():
        if not name.startswith("slots_mw__"):
            continue
        pool = name.removeprefix("slots_mw__")
        draws = data[f"draws__{pool}"].values
        technology = pool.split("__")[0]
        built = _total(_scaled(capacity_of(technology, site), float(draws[s])) for s, site in year.sites if draws[s])
        what = "national build slots"
        draft.row(Row(f"slots {pool}", what, "<=", float(slots.values[year.y]), built))


def _add_floors(draft: Draft, year: Year) -> None:
    data = year.data("capacity_floor")
    for floor in range(len(data["floor_mw"].values) if data else 0):
        counted = [
            _scaled(capacity_of(name.removeprefix("counts_"), site), -float(counts.values[floor, s]))
            for name, counts in data.items()
            if name.startswith("counts_")
            for s, site in year.sites
            if counts.values[floor, s]
        ]
        limit = -float(data["floor_mw"].values[floor, year.y])
        draft.row(Row(f"capacity floor {floor + 1}", "capacity floor", "<=", limit, _total(counted)))


def _add_budgets(draft: Draft, year: Year) -> None:
    data = year.data("capital_budget")
    spent = {site: _overnight(year, s) for s, site in year.sites}
    for s, site in year.sites:
        if "site_budget_usd" in data:
            limit = float(data["site_budget_usd"].values[s])
            draft.row(Row(f"{site} budget", "capital budget", "<=", limit / 1e6, _scaled(spent[site], 1e-6)))
    if "budget_usd" in data:
        limit = float(data["budget_usd"].values)
        draft.row(Row("budget", "capital budget", "<=", limit / 1e6, _scaled(_total(spent.values()), 1e-6)))


def _overnight(year: Year, s: int) -> Sum:
    """Overnight cost of what is built at a site."""
    site, y = year.system.sites[s], year.y
    sums: list[Sum] = [
        _scaled(capacity_of(name, site), float(data["overnight_usd_per_mw"].values[s, y]))
        for name, data in year.system.features.items()
        if "alive_mw" in data and year.has(s, name)
    ]
    if year.has(s, BATTERY):
        per_mwh = float(year.data(BATTERY)["overnight_usd_per_energy_mwh"].values[s, y])
        sums.append({battery_keys(site)[2]: per_mwh})
    if year.has(s, GRID):
        per_mw = year.data(GRID)["overnight_usd_per_mw"].values[s, y]
        sums.append({key: float(per_mw[k]) for k, key in enumerate(step_keys(site, year))})
    trunk = year.data("fuel_lateral")
    if trunk["trunk_needed"].values[s]:
        sums.append({_trunk_key(site): float(trunk["overnight_usd_per_mmbtu_per_h"].values[s, y])})
    for position, name in enumerate(year.system.context.scenario.lines):
        sums.append({line_key(name): float(year.data(LINE)["overnight_at_site_usd_per_mw"].values[position, s, y])})
    return _total(sums)
