"""Load, plants, batteries, gas trunks and lines of one year as parts of a network."""

from __future__ import annotations

import numpy as np

from gigasite.run.crosscheck.draft import Capacity, Draft, Key, Number, Part, Row
from gigasite.run.crosscheck.year import Year

GRID, BATTERY, BACKUP, FLEXIBLE, LINE = "grid_connection", "battery", "backup_generator", "flexible_load", "line"


def waiting_key(site: str) -> Key:
    """Load that waits at a site."""
    return "Generator", f"{site} waiting"


def plant_key(site: str, technology: str) -> Key:
    """A plant at a site."""
    return "Generator", f"{site} {technology}"


def add_load(draft: Draft, year: Year) -> None:
    """A node, the load, what waits and what is not served, of every site.

    What waits is a generator that must run in the shape of the load: choosing it takes load away, at the idle value.
    """
    data = year.data("idle_load")
    for s, site in year.sites:
        draft.bus(site)
        shape = year.load_shape(s)
        waiting = year.waiting(s)
        wanted = float(year.system.ramp_mw[s, year.y])
        key = waiting_key(site)
        energised = wanted - (waiting.fixed or 0.0)
        if waiting.fixed is None:
            shaped = {"bus": site, "p_min_pu": shape, "p_max_pu": shape}
            draft.add(Part("Generator", key[1], site, waiting, attributes=shaped))
        else:
            draft.quantity(key[1], site, waiting)
        draft.loads[site] = shape * energised
        price = year.usd_per_mwh(data["unserved_usd_per_mw_step"].values[s, year.y])
        unserved = {"bus": site, "p_max_pu": shape}
        costs = {"unserved_energy": price}
        draft.add(Part("Generator", f"{site} unserved", site, Capacity(energised), costs, unserved))
        if year.has(s, FLEXIBLE):
            _add_flexible(draft, year, s, site)


def _add_flexible(draft: Draft, year: Year, s: int, site: str) -> None:
    """Load that may be shed: a share of the load, for so many hours a year."""
    data = year.data(FLEXIBLE)
    share, hours = float(data["shed_share"].values[s]), float(data["shed_hours_per_year"].values[s])
    wanted = float(year.system.ramp_mw[s, year.y])
    waiting = year.waiting(s).fixed
    attributes: dict[str, object] = {"bus": site, "p_max_pu": year.load_shape(s)}
    capacity = Capacity(most=share * wanted)
    if waiting is not None:
        capacity = Capacity(share * (wanted - waiting))
        attributes["e_sum_max"] = hours * share * (wanted - waiting)
    costs = {"load_shedding": year.usd_per_mwh(data["shed_usd_per_mw_step"].values[s, year.y])}
    key = draft.add(Part("Generator", f"{site} shed", site, capacity, costs, attributes))
    if waiting is None:
        _limit_hours(draft, key, hours, "hours in which load may be shed")
        both = {key: 1.0, waiting_key(site): share}
        draft.row(Row(f"{site} shed share", "share of the energised load that may be shed", "<=", share * wanted, both))


def _limit_hours(draft: Draft, key: Key, hours: float, what: str) -> None:
    draft.row(Row(f"{key[1]} hours", what, "<=", 0.0, {key: -hours}, {key: draft.step_hours}))


def add_plants(draft: Draft, year: Year) -> None:
    """Every plant that puts out power up to its availability, fuelled or driven by the weather."""
    for technology in year.plants():
        for s, site in year.sites:
            if year.has(s, technology):
                _add_plant(draft, year, technology, s, site)


def _add_plant(draft: Draft, year: Year, technology: str, s: int, site: str) -> None:
    data, capacity = year.data(technology), year.capacity(s, technology)
    costs: dict[str, Number] = {}
    for name, component in (("variable_om_usd_per_mw_step", "variable_om"), ("fuel_usd_per_mw_step", "fuel")):
        if name in data:
            costs[component] = year.usd_per_mwh(data[name].values[s, year.y])
    key = plant_key(site, technology)
    if "co2_t_per_mwh" in data:
        costs |= emitting(draft, year, key[1], float(data["co2_t_per_mwh"].values[s, year.y]))
    attributes: dict[str, object] = {"bus": site, "p_max_pu": data["availability"].values[s]}
    if technology == BACKUP and capacity.fixed is not None:
        attributes["e_sum_max"] = float(data["run_hours_max"].values[s]) * capacity.fixed
    add_ramp(draft, year, key, technology, attributes)
    draft.add(Part("Generator", key[1], site, capacity, costs, attributes))
    if technology == BACKUP and capacity.fixed is None:
        _limit_hours(draft, key, float(data["run_hours_max"].values[s]), "hours a backup generator may run")


def add_ramp(draft: Draft, year: Year, key: Key, technology: str, attributes: dict[str, object]) -> None:
    """PyPSA's own limit from step to step; the first step follows the last by a row, since the year is a ring."""
    data = year.data("ramping")
    name = f"share_per_step_{technology}"
    if name not in data:
        return
    share = float(data[name].values)
    attributes |= {"ramp_limit_up": share, "ramp_limit_down": share}
    around = np.zeros(draft.steps)
    around[0], around[-1] = 1.0, -1.0
    for way, sign in (("up", 1.0), ("down", -1.0)):
        what = "ramp from the last step of the year to the first"
        draft.row(Row(f"{key[1]} ramp {way}", what, "<=", 0.0, {key: -share}, {key: sign * around}))


def emitting(draft: Draft, year: Year, name: str, t_per_mwh: float) -> dict[str, Number]:
    """Note what a generator emits, and return what its tonnes cost."""
    draft.emissions_t_per_mwh[name] = t_per_mwh
    price = float(year.data("emissions")["co2_price_usd_per_t"].values[year.y])
    return {"co2": np.full(draft.steps, t_per_mwh * price)} if price else {}


def gas_plants(year: Year) -> list[str]:
    """Technologies that burn gas from a trunk."""
    return [name for name in year.plants() if "gas_mmbtu_per_mwh" in year.data(name)]


def add_trunks(draft: Draft, year: Year) -> None:
    """Gas burnt in a step within the trunk, where a trunk is needed."""
    needed = year.data("fuel_lateral")["trunk_needed"].values
    for s, site in year.sites:
        if not needed[s]:
            continue
        trunk = draft.quantity(f"{site} gas_trunk", site, year.trunk(s))
        burnt: dict[Key, Number] = {
            plant_key(site, name): float(year.data(name)["gas_mmbtu_per_mwh"].values[s, year.y])
            for name in gas_plants(year)
        }
        draft.row(Row(f"{site} gas", "gas burnt within the trunk", "<=", 0.0, {trunk: -1.0}, burnt, each_step=True))


def battery_keys(site: str) -> tuple[Key, Key, Key]:
    """Charging, discharging and stored energy of a site's battery."""
    return ("Link", f"{site} battery charge"), ("Link", f"{site} battery discharge"), ("Store", f"{site} battery")


def add_batteries(draft: Draft, year: Year) -> None:
    """A store behind two links of one power: charging takes it at the site, discharging gives it at the site."""
    data = year.data(BATTERY)
    for s, site in year.sites:
        if not year.has(s, BATTERY):
            continue
        power, energy = year.capacity(s, BATTERY), year.capacity(s, BATTERY, "energy_mwh")
        eta = float(data["efficiency_one_way"].values[s])
        behind = draft.bus(f"{site} battery")
        out = Capacity(None if power.fixed is None else power.fixed / eta, most=power.most / eta)
        charge, discharge, store = battery_keys(site)
        inward = {"bus0": site, "bus1": behind, "efficiency": eta}
        outward = {"bus0": behind, "bus1": site, "efficiency": eta}
        lost_per_hour = 1.0 - float(data["kept_per_step"].values[s]) ** (1.0 / draft.width_h)
        holding = {"bus": behind, "e_cyclic": True, "standing_loss": lost_per_hour}
        draft.add(Part("Link", charge[1], site, power, attributes=inward))
        draft.add(Part("Link", discharge[1], site, out, attributes=outward))
        draft.add(Part("Store", store[1], site, energy, attributes=holding))
        if power.fixed is None:
            equal = {discharge: eta, charge: -1.0}
            draft.row(Row(f"{site} battery power", "one power for charging and discharging", "==", 0.0, equal))


def line_key(name: str) -> Key:
    """A line between sites."""
    return "Link", f"line {name}"


def add_lines(draft: Draft, year: Year) -> None:
    """Lines from supply off site, with loss and wheeling."""
    data = year.data(LINE)
    for position, (name, line) in enumerate(year.system.context.scenario.lines.items()):
        attributes = {
            "bus0": line.from_site,
            "bus1": line.to_site,
            "efficiency": float(data["delivered_share"].values[position]),
        }
        wheeling = year.usd_per_mwh(data["wheeling_usd_per_mw_step"].values[position, year.y])
        costs = {"wheeling": wheeling}
        draft.add(Part("Link", line_key(name)[1], line.to_site, year.line(position), costs, attributes))
