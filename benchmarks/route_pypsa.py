"""The same programme in PyPSA: its own components, and what they cannot say as linopy rows on its model.

| gigasite | PyPSA |
|---|---|
| plant | extendable `Generator` |
| battery | `Store` and two `Link`s, whose capacities are tied |
| import in steps | four extendable `Generator`s on a bus of the grid |
| firm and non-firm contract | two extendable `Link`s from that bus |
| waiting load | extendable `Generator` that runs as the load does: what it makes need not be served |
| unserved energy | `Generator` below the wanted load |
| contract = steps, billed demand, reserve, zone widths, headroom, firm part of the battery | rows added to the model |

One capacity column stands where gigasite has three, so the sizes differ and the optimum does not.
"""

from __future__ import annotations

import logging
import warnings
from typing import Any

import numpy as np
import pandas as pd
import pypsa
import xarray as xr
from same_lp import Array, Case

logging.getLogger("pypsa").setLevel(logging.ERROR)
logging.getLogger("linopy").setLevel(logging.ERROR)
warnings.simplefilter("ignore", FutureWarning)


def build(case: Case) -> Any:
    """The programme in a HiGHS object."""
    built = network(case)
    built.optimize.create_model(include_objective_constant=False)
    add_rows(built, case)
    return built.model.to_highspy(set_names=False)


def network(case: Case) -> pypsa.Network:
    """The components."""
    n = pypsa.Network()
    sites, hours = list(case["site"]), case["load"].shape[1]
    n.set_snapshots(pd.RangeIndex(hours, name="snapshot"))
    n.snapshot_weightings["stores"] = float(case["step_h"])
    for carrier in ("power", "grid", "battery"):
        n.add("Carrier", carrier)
    n.add("Bus", sites, carrier="power")
    n.add("Bus", _named(sites, "grid"), carrier="grid")
    n.add("Bus", _named(sites, "battery"), carrier="battery")
    n.add("Load", sites, bus=sites, p_set=_hourly(n, sites, case["ramp"][:, None] * case["load"]))
    _add_plants(n, case, sites)
    _add_load(n, case, sites)
    _add_battery(n, case, sites)
    _add_grid(n, case, sites)
    return n


def optimise_next_to_nothing() -> None:
    """One bus, one hour: whatever is imported at the first use is imported after it."""
    n = pypsa.Network()
    n.add("Bus", "site")
    n.add("Load", "load", bus="site", p_set=1.0)
    n.add("Generator", "plant", bus="site", p_nom_extendable=True, capital_cost=1.0)
    n.optimize(solver_name="highs", io_api="direct", include_objective_constant=False, log_to_console=False)


def _named(sites: list[str], what: str) -> list[str]:
    return [f"{site} {what}" for site in sites]


def _hourly(n: pypsa.Network, names: list[str], values: Array) -> pd.DataFrame:
    return pd.DataFrame(values.T, index=n.snapshots, columns=names)


def _add_plants(n: pypsa.Network, case: Case, sites: list[str]) -> None:
    for p, plant in enumerate(case["plant"]):
        names = _named(sites, plant)
        running = case["running_usd"][p]
        n.add(
            "Generator",
            names,
            bus=sites,
            p_nom_extendable=True,
            p_nom_min=case["plant_min"][p],
            p_nom_max=case["plant_max"][p],
            capital_cost=case["plant_annuity"][p] + case["plant_fixed"][p],
            p_max_pu=_hourly(n, names, case["available"][p]),
            marginal_cost=_hourly(n, names, running) if running.any() else 0.0,
        )


def _add_load(n: pypsa.Network, case: Case, sites: list[str]) -> None:
    waiting, unserved = _named(sites, "waiting"), _named(sites, "unserved")
    n.add(
        "Generator",
        waiting,
        bus=sites,
        p_nom_extendable=True,
        p_nom_max=case["ramp"],
        capital_cost=case["idle_usd"],
        p_min_pu=_hourly(n, waiting, case["load"]),
        p_max_pu=_hourly(n, waiting, case["load"]),
    )
    n.add(
        "Generator",
        unserved,
        bus=sites,
        p_nom=case["ramp"],
        p_max_pu=_hourly(n, unserved, case["load"]),
        marginal_cost=_hourly(n, unserved, case["unserved_usd"]),
    )


def _add_battery(n: pypsa.Network, case: Case, sites: list[str]) -> None:
    stores = _named(sites, "battery")
    n.add(
        "Link",
        _named(sites, "charge"),
        bus0=sites,
        bus1=stores,
        p_nom_extendable=True,
        p_nom_max=case["power_max"],
        capital_cost=case["power_annuity"] + case["power_fixed"],
        efficiency=case["efficiency"],
    )
    n.add(
        "Link",
        _named(sites, "discharge"),
        bus0=stores,
        bus1=sites,
        p_nom_extendable=True,
        efficiency=case["efficiency"],
    )
    n.add(
        "Store",
        stores,
        bus=stores,
        e_nom_extendable=True,
        e_nom_max=case["energy_max"],
        capital_cost=case["energy_annuity"] + case["energy_fixed"],
        standing_loss=1.0 - case["kept"] ** (1.0 / float(case["step_h"])),
        e_cyclic=True,
    )


def _add_grid(n: pypsa.Network, case: Case, sites: list[str]) -> None:
    grids = _named(sites, "grid")
    for k in range(case["step_max"].shape[1]):
        names = _named(sites, f"step {k}")
        n.add(
            "Generator",
            names,
            bus=grids,
            p_nom_extendable=True,
            p_nom_max=case["step_max"][:, k],
            capital_cost=case["new_step_usd"][:, k],
            marginal_cost=_hourly(n, names, case["import_usd"][:, k]),
        )
    for kind, most, cost, available in (
        ("firm", case["firm_max"], case["firm_usd"], 1.0),
        ("nonfirm", case["nonfirm_max"], 0.0, case["nonfirm_available"]),
    ):
        names = _named(sites, kind)
        n.add(
            "Link",
            names,
            bus0=grids,
            bus1=sites,
            p_nom_extendable=True,
            p_nom_max=most,
            capital_cost=cost,
            p_max_pu=_hourly(n, names, available / case["peak_ratio"]),
        )


def add_rows(n: pypsa.Network, case: Case) -> None:
    """What the components cannot say, over a dimension `site`."""
    m, sites = n.model, list(case["site"])
    index = pd.Index(sites, name="site")

    def over(values: Array, *others: pd.Index) -> xr.DataArray:
        return xr.DataArray(values, coords=[*others, index])

    def nominal(variable: str, what: str) -> Any:
        return _over_sites(m[variable], _named(sites, what), index)

    charge, energy = nominal("Link-p_nom", "charge"), nominal("Store-e_nom", "battery")
    m.add_constraints(charge - over(case["efficiency"]) * nominal("Link-p_nom", "discharge") == 0, name="one-power")
    battery_firm = m.add_variables(0, over(case["power_max"]), name="battery-firm")
    m.add_constraints(battery_firm - charge <= 0, name="battery-firm-power")
    m.add_constraints(over(case["firm_hours"]) * battery_firm - energy <= 0, name="battery-firm-energy")
    firm, nonfirm = nominal("Link-p_nom", "firm"), nominal("Link-p_nom", "nonfirm")
    contract = firm + nonfirm
    steps = [nominal("Generator-p_nom", f"step {k}") for k in range(case["step_max"].shape[1])]
    m.add_constraints(contract - sum(steps[1:], steps[0]) == 0, name="contract-steps")
    m.add_constraints(contract >= over(case["contract_min"]), name="contract-least")
    m.add_constraints(contract <= over(case["contract_max"]), name="contract-most")
    _add_billed(n, case, contract, index)
    margin, ramp = float(case["one_and_margin"]), over(case["ramp"])
    plants = [over(case["firm"][p]) * nominal("Generator-p_nom", plant) for p, plant in enumerate(case["plant"])]
    carried = sum(plants, battery_firm + firm) + margin * nominal("Generator-p_nom", "waiting")
    m.add_constraints(carried >= margin * ramp, name="reserve")
    for number, (members, width) in enumerate(zip(case["in_zone"], case["width"], strict=True)):
        for k, step in enumerate(steps):
            m.add_constraints((over(members) * step).sum() <= width[k], name=f"zone-{number}-step-{k}")
    for number, (members, headroom) in enumerate(zip(case["in_region"], case["headroom"], strict=True)):
        m.add_constraints((over(members) * contract).sum() <= headroom, name=f"region-{number}")


def _add_billed(n: pypsa.Network, case: Case, contract: Any, index: pd.Index) -> None:
    m, sites = n.model, list(index)
    months, hours = pd.RangeIndex(12, name="month"), pd.Index(n.snapshots, name="snapshot")
    most = xr.DataArray(np.tile(case["billed_max"][:, None], 12), coords=[index, months])
    billed = m.add_variables(0, most, name="billed")
    m.add_constraints(xr.DataArray(case["billed_floor"], coords=[index]) * contract - billed <= 0, name="billed-floor")
    flow = m["Link-p"]
    imported = _over_sites(flow, _named(sites, "firm"), index) + _over_sites(flow, _named(sites, "nonfirm"), index)
    metered = xr.DataArray(case["peak_ratio"], coords=[index, hours]) * imported
    in_hour = billed.sel(month=xr.DataArray(case["month"], coords=[hours]))
    m.add_constraints(metered - in_hour <= 0, name="metered-billed")
    cost = xr.DataArray(case["billed_usd"], coords=[index, months])
    m.add_objective(m.objective.expression + (cost * billed).sum(), overwrite=True)


def _over_sites(variable: Any, names: list[str], index: pd.Index) -> Any:
    """One component of every site, over the dimension `site`."""
    return variable.sel(name=names).rename(name="site").assign_coords(site=index)
