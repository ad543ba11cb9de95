"""Rows over the energy of a whole year: the national account, the clean share, the minimum take."""

from __future__ import annotations

import numpy as np

from gigasite.foundation.units import HOURS_PER_YEAR
from gigasite.results.costs import NATIONAL
from gigasite.run.crosscheck.draft import Capacity, Draft, Key, Number, Row
from gigasite.run.crosscheck.grid import firm_key, nonfirm_key, step_keys
from gigasite.run.crosscheck.permit_rows import add_permits
from gigasite.run.crosscheck.supply import GRID, plant_key, waiting_key
from gigasite.run.crosscheck.year import Year


def add_yearly_rows(draft: Draft, year: Year) -> None:
    """Every yearly row that PyPSA has no attribute for."""
    _add_national_account(draft, year)
    _add_national_limits(draft, year)
    _add_clean_share(draft, year)
    _add_minimum_take(draft, year)
    add_permits(draft, year)
    _add_coincident_demand(draft, year)


def _add_national_account(draft: Draft, year: Year) -> None:
    """What the nation falls short of: one quantity, priced, above the trajectory less what is served."""
    data = year.data("national_demand")
    if "shortfall_usd_per_gwh" not in data:
        return
    price = year.usd_per_year(data["shortfall_usd_per_gwh"].values[year.y])
    most = float(data["trajectory_gwh"].values[year.y])
    shortfall = draft.quantity("national shortfall", NATIONAL, Capacity(most=most, usd_per_year=price))
    per_mw = data["energy_gwh_per_mw"].values
    ramp = year.system.ramp_mw[:, year.y]
    limit = float(data["existing_gwh"].values[year.y]) - most + float(per_mw @ ramp)
    capacity = {shortfall: -1.0} | {waiting_key(site): float(per_mw[s]) for s, site in year.sites}
    missed: dict[Key, Number] = {}
    for s, site in year.sites:
        for name in ("unserved", "shed"):
            missed["Generator", f"{site} {name}"] = float(data["step_gwh_per_mw"].values[s])
    draft.row(Row("national account", "national account of energy served", "<=", limit, capacity, missed))


def _add_national_limits(draft: Draft, year: Year) -> None:
    """Load energised in a state, zone or region, in megawatts and as energy; growth looks at the year before."""
    data, ramp = year.data("national_limits"), year.system.ramp_mw[:, year.y]
    for kind, side in (("mw_limit", "most_mw"), ("twh_limit", "most_gwh")):
        if side not in data:
            continue
        inside = data[f"in_{kind}"].values
        per_mw = data["energy_gwh_per_mw"].values if kind == "twh_limit" else np.ones(len(ramp))
        for p, limit in enumerate(data[side].values[:, year.y]):
            each = inside[p] * per_mw
            waits = {waiting_key(site): -float(each[s]) for s, site in year.sites if each[s]}
            what = "national limits by place"
            draft.row(Row(f"{kind} {p + 1}", what, "<=", float(limit) - float(each @ ramp), waits))


def _add_clean_share(draft: Draft, year: Year) -> None:
    """Energy from supply that emits within what the clean share leaves of the load."""
    data, y = year.data("clean_share"), year.y
    if not data or not data["step_gwh_per_mw"].values[y]:
        return
    per_step = float(data["step_gwh_per_mw"].values[y])
    counted: dict[Key, Number] = {}
    for s, site in year.sites:
        for name in year.plants():
            plant = year.data(name)
            if "co2_t_per_mwh" in plant and plant["co2_t_per_mwh"].values[s, y] > 0:
                counted[plant_key(site, name)] = per_step
        if year.has(s, GRID) and year.data(GRID)["co2_t_per_mwh"].values[s] > 0:
            share = float(data["grid_emitting_share"].values[y])
            counted |= dict.fromkeys(step_keys(site, year), share * per_step)
    allowed = data["allowed_gwh_per_mw"].values[:, y]
    waits = {waiting_key(site): float(allowed[s]) for s, site in year.sites}
    limit = float(allowed @ year.system.ramp_mw[:, y])
    draft.row(Row("clean share", "clean share of the energy used", "<=", limit, waits, counted))


def _add_minimum_take(draft: Draft, year: Year) -> None:
    """Energy of the contract that is taken, or paid for at the mean price of the first step."""
    data, y = year.data("minimum_take"), year.y
    if not data:
        return
    take = float(data["take_mwh_per_mw"].values)
    for s, site in year.sites:
        if not year.has(s, GRID):
            continue
        price = year.data(GRID)["energy_usd_per_mw_step"].values[s, y, 0].sum() / HOURS_PER_YEAR
        short = draft.quantity(f"{site} not taken", site, Capacity(usd_per_year=year.usd_per_year(price)))
        taken: dict[Key, Number] = dict.fromkeys(step_keys(site, year), -draft.step_hours)
        contract = dict.fromkeys((firm_key(site), nonfirm_key(site)), take)
        row = Row(
            f"{site} minimum take", "minimum take of the grid contract", "<=", 0.0, contract | {short: -1.0}, taken
        )
        draft.row(row)


def _add_coincident_demand(draft: Draft, year: Year) -> None:
    """Demand at the coincident peaks: the mean over their candidate hours, and at least a share of the contract."""
    data, y = year.data(GRID), year.y
    if "coincident_weight" not in data:
        return
    for s, site in year.sites:
        charge = float(data["coincident_charge_usd_per_mw"].values[s, y])
        if not charge:
            continue
        what = "demand at the coincident peaks, and its minimum"
        seen = draft.quantity(f"{site} coincident demand", site, Capacity(usd_per_year=year.usd_per_year(charge)))
        imported: dict[Key, Number] = dict.fromkeys(step_keys(site, year), data["coincident_weight"].values[s, y])
        draft.row(Row(f"{site} coincident demand", what, "<=", 0.0, {seen: -1.0}, imported))
        share = float(data["minimum_billing_demand"].values[s, y])
        contract = dict.fromkeys((firm_key(site), nonfirm_key(site)), share)
        draft.row(Row(f"{site} least coincident demand", what, "<=", 0.0, contract | {seen: -1.0}))
