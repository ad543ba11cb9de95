"""The grid connection of one year as parts of a network: steps of energy, then the connection, then the meter.

    steps of the zone -> [grid] -> firm and non-firm connection -> [meter] -> billed demand of each month -> site

Each step is a generator, firm and non-firm megawatts are links, and so is the billed demand of a month, which is open
in its month only. Where the plan is fixed the links are one, as wide as the narrowest of them in each step.
"""

from __future__ import annotations

import numpy as np

from gigasite.foundation.units import MONTHS_PER_YEAR
from gigasite.run.crosscheck.draft import Capacity, Draft, Key, Number, Part, Row
from gigasite.run.crosscheck.supply import GRID, emitting
from gigasite.run.crosscheck.year import Year
from gigasite.system.quantity import Array, FeatureData

MONTHS = range(1, MONTHS_PER_YEAR + 1)


def step_keys(site: str, year: Year) -> list[Key]:
    """Energy of a site by step of its zone."""
    return [("Generator", f"{site} grid step {k + 1}") for k in range(year.system.context.grid_steps)]


def firm_key(site: str) -> Key:
    """Firm connection."""
    return "Link", f"{site} grid firm"


def nonfirm_key(site: str) -> Key:
    """Non-firm connection."""
    return "Link", f"{site} grid nonfirm"


def billed_keys(site: str) -> list[Key]:
    """Billed demand by month."""
    return [("Link", f"{site} grid billed {month}") for month in MONTHS]


def add_grid(draft: Draft, year: Year) -> None:
    """Import, connection, meter and export of every site that may have a connection."""
    data = year.data(GRID)
    for s, site in year.sites:
        if not year.has(s, GRID):
            continue
        grid = draft.bus(f"{site} grid")
        _add_steps(draft, year, s, grid)
        if year.books is None:
            _add_open_connection(draft, year, s, grid)
        else:
            _add_fixed_connection(draft, year, s, grid)
        if data["export_allowed"].values[s]:
            _add_export(draft, year, s)


def _add_steps(draft: Draft, year: Year, s: int, grid: str) -> None:
    data, y, site = year.data(GRID), year.y, year.system.sites[s]
    for k, key in enumerate(step_keys(site, year)):
        costs: dict[str, Number] = {
            "grid_energy": year.usd_per_mwh(data["energy_usd_per_mw_step"].values[s, y, k]),
            "coincident_peak": year.usd_per_mwh(data["coincident_peak_usd_per_mw_step"].values[s, y, k]),
        }
        costs |= emitting(draft, year, key[1], float(data["co2_t_per_mwh"].values[s]))
        if year.books is not None:
            capacity = Capacity(float(year.books.by_step("step_mw")[s, y, k]))
        else:
            annuity = sum(
                data[name].values[s, y, k, y]
                for name in ("reinforcement_annuity_usd_per_mw", "contribution_usd_per_mw")
                if name in data
            )
            most = min(data["contract_max_mw"].values[s, y], data["step_max_mw"].values[s, y, k])
            capacity = Capacity(most=float(most), usd_per_year=year.usd_per_year(annuity))
        draft.add(Part("Generator", key[1], site, capacity, costs, {"bus": grid}))


def _import_share(data: FeatureData, s: int) -> Array:
    """Mean import of a step per megawatt of its hourly peak."""
    share: Array = 1.0 / data["peak_ratio"].values[s]
    return share


def _add_fixed_connection(draft: Draft, year: Year, s: int, grid: str) -> None:
    assert year.books is not None
    data, site = year.data(GRID), year.system.sites[s]
    firm, nonfirm = (
        float(year.books.planned("contract", f"{kind}_contract_mw")[s, year.y]) for kind in ("firm", "nonfirm")
    )
    draft.know(firm_key(site), firm)
    draft.know(nonfirm_key(site), nonfirm)
    billed = year.books.billed_mw[s, year.y][year.system.context.time.month - 1]
    peak = np.minimum(firm + nonfirm * data["nonfirm_availability"].values[s], billed)
    attributes = {"bus0": grid, "bus1": site, "p_max_pu": peak * _import_share(data, s)}
    draft.add(Part("Link", f"{site} grid connection", site, Capacity(1.0), attributes=attributes))


def _add_open_connection(draft: Draft, year: Year, s: int, grid: str) -> None:
    data, y, site = year.data(GRID), year.y, year.system.sites[s]
    meter = draft.bus(f"{site} meter")
    share = _import_share(data, s)
    charge = year.usd_per_year(data["capacity_charge_usd_per_mw"].values[s, y])
    firm = Capacity(most=float(data["firm_max_mw"].values[s, y]), usd_per_year=charge)
    nonfirm = Capacity(most=float(data["nonfirm_max_mw"].values[s, y]))
    wide = {"bus0": grid, "bus1": meter}
    draft.add(Part("Link", firm_key(site)[1], site, firm, attributes=wide | {"p_max_pu": share}))
    opened = share * data["nonfirm_availability"].values[s]
    draft.add(Part("Link", nonfirm_key(site)[1], site, nonfirm, attributes=wide | {"p_max_pu": opened}))
    _add_contract_rows(draft, year, s)
    contract = {firm_key(site): 1.0, nonfirm_key(site): 1.0}
    floor = float(data["demand_charge_floor"].values[s, y])
    peak = _peak_quantity(draft, year, s)
    for month, key in zip(MONTHS, billed_keys(site), strict=True):
        charge = year.usd_per_year(data["demand_charge_usd_per_mw"].values[s, y, month - 1])
        in_month = (year.system.context.time.month == month) * share
        attributes = {"bus0": meter, "bus1": site, "p_max_pu": in_month}
        draft.add(Part("Link", key[1], site, Capacity(usd_per_year=charge), attributes=attributes))
        least = {key: -1.0} | {part: floor * one for part, one in contract.items()}
        draft.row(Row(f"{key[1]} floor", "floor of billed demand", "<=", 0.0, least))
        _add_ratchet(draft, year, s, key, peak, in_month)


def _peak_quantity(draft: Draft, year: Year, s: int) -> Key | None:
    """Highest metered import of the year, where a ratchet looks at it."""
    if not _ratchet(year, s):
        return None
    return draft.quantity(f"{year.system.sites[s]} grid peak", year.system.sites[s], Capacity())


def _ratchet(year: Year, s: int) -> float:
    data = year.data(GRID)
    return float(data["demand_ratchet_share"].values[s]) if "demand_ratchet_share" in data else 0.0


def _add_ratchet(draft: Draft, year: Year, s: int, billed: Key, peak: Key | None, in_month: Array) -> None:
    """What flows to the meter in a month within the peak of the year, and billed demand at least its share of it."""
    if peak is None:
        return
    what, ratio = "ratchet of billed demand", year.data(GRID)["peak_ratio"].values[s]
    flow: dict[Key, Number] = {billed: np.where(in_month > 0, ratio, 0.0)}
    draft.row(Row(f"{billed[1]} within peak", what, "<=", 0.0, {peak: -1.0}, flow, each_step=True))
    draft.row(Row(f"{billed[1]} ratchet", what, "<=", 0.0, {peak: _ratchet(year, s), billed: -1.0}))


def _add_contract_rows(draft: Draft, year: Year, s: int) -> None:
    data, y, site = year.data(GRID), year.y, year.system.sites[s]
    contract = {firm_key(site): 1.0, nonfirm_key(site): 1.0}
    most, least = float(data["contract_max_mw"].values[s, y]), float(data["contract_min_mw"].values[s, y])
    if "contract_rise_mw" in data and data["ramped"].values[s, y]:
        most = min(most, float(data["contract_rise_mw"].values[s, y]))  # the one year rises from nothing
    what = "contract between its limits, the sum of its steps"
    steps = dict.fromkeys(step_keys(site, year), -1.0)
    draft.row(Row(f"{site} contract steps", what, "==", 0.0, contract | steps))
    draft.row(Row(f"{site} contract most", what, "<=", most, contract))
    draft.row(Row(f"{site} contract least", what, "<=", -least, dict.fromkeys(contract, -1.0)))


def _add_export(draft: Draft, year: Year, s: int) -> None:
    """Power sold: a generator that takes power and is paid for it, up to the contract."""
    data, y, site = year.data(GRID), year.y, year.system.sites[s]
    costs = {"export_revenue": year.usd_per_mwh(data["export_usd_per_mw_step"].values[s, y])}
    if year.books is not None:
        capacity = Capacity(float(year.books.planned("contract", "contract_mw")[s, y]))
    else:
        capacity = Capacity(most=float(data["contract_max_mw"].values[s, y]))
    key = draft.add(Part("Generator", f"{site} export", site, capacity, costs, {"bus": site, "sign": -1.0}))
    if year.books is None:
        within = {key: 1.0, firm_key(site): -1.0, nonfirm_key(site): -1.0}
        draft.row(Row(f"{site} export", "export within the contract", "<=", 0.0, within))


def add_zone_rows(draft: Draft, year: Year) -> None:
    """Widths of the steps of a zone and headroom of a region, shared by their sites."""
    data = year.data(GRID)
    at = [(s, site) for s, site in year.sites if year.has(s, GRID)]
    for z, zone in enumerate(year.system.context.zones):
        members = [site for s, site in at if data["in_zone"].values[z, s]]
        for k, width in enumerate(data["step_width_mw"].values[z]):
            shared = {step_keys(site, year)[k]: 1.0 for site in members}
            draft.row(Row(f"zone {zone} step {k + 1}", "width of a zone's step", "<=", float(width), shared))
    for r, region in enumerate(year.system.context.regions):
        members = [site for s, site in at if data["in_region"].values[r, s]]
        shared = {key: 1.0 for site in members for key in (firm_key(site), nonfirm_key(site))}
        limit = float(data["headroom_mw"].values[r])
        draft.row(Row(f"region {region}", "headroom of a region", "<=", limit, shared))
