"""The same programme in linopy: every variable and row of gigasite, over labelled arrays, given to HiGHS directly."""

from __future__ import annotations

from typing import Any

import linopy
import pandas as pd
import xarray as xr
from same_lp import Array, Case


class Axes:
    """The indices of a case, and arrays labelled with them."""

    def __init__(self, case: Case) -> None:
        self.of = {
            "site": pd.Index(case["site"], name="site"),
            "plant": pd.Index(case["plant"], name="plant"),
            "hour": pd.RangeIndex(case["load"].shape[1], name="hour"),
            "month": pd.RangeIndex(12, name="month"),
            "step": pd.RangeIndex(case["step_max"].shape[1], name="step"),
            "zone": pd.RangeIndex(len(case["width"]), name="zone"),
            "region": pd.RangeIndex(len(case["headroom"]), name="region"),
        }

    def __call__(self, values: Array, *dims: str) -> xr.DataArray:
        """An array with its labels."""
        return xr.DataArray(values, coords=[self.of[dim] for dim in dims])

    def __getitem__(self, dims: tuple[str, ...]) -> list[pd.Index]:
        """The coordinates of several dimensions."""
        return [self.of[dim] for dim in dims]


def build(case: Case) -> Any:
    """The programme in a HiGHS object."""
    return model(case).to_highspy(set_names=False)


def model(case: Case) -> linopy.Model:
    """Every variable, row and cost."""
    m, on = linopy.Model(), Axes(case)
    over = ("site", "hour")
    ramp, load = on(case["ramp"], "site"), on(case["load"], *over)
    energised = m.add_variables(0, ramp, name="energised")
    waiting = m.add_variables(0, ramp, name="waiting")
    unserved = m.add_variables(0, ramp * load, name="unserved")
    m.add_constraints(energised + waiting == ramp, name="energised_and_waiting_are_the_ramp")
    m.add_constraints(unserved - load * energised <= 0, name="unserved_at_most_load")
    plants = _capacity(m, case, on, "plant", ("plant", "site"))
    available = on(case["available"], "plant", *over)
    output = m.add_variables(0, available * on(case["plant_max"], "plant", "site"), name="output")
    m.add_constraints(output - available * plants[0] <= 0, name="output_at_most_available")
    battery = _battery(m, case, on)
    grid = _grid(m, case, on)
    supply = output.sum("plant") + grid["imports"].sum("step") + battery["discharge"] - battery["charge"] + unserved
    m.add_constraints(supply - load * energised == 0, name="supply_meets_load")
    firm = on(case["firm"], "plant", "site")
    surviving = firm * on(case["surviving"], "plant", "site")
    others = battery["firm"] + grid["firm"]
    margin = float(case["one_and_margin"])
    m.add_constraints(margin * energised - (firm * plants[0]).sum("plant") - others <= 0, name="reserve")
    m.add_constraints(energised - (surviving * plants[0]).sum("plant") - others <= 0, name="unit_loss")
    costs = [plants[1], battery["cost"], grid["cost"], (on(case["idle_usd"], "site") * waiting).sum()]
    costs += [
        (on(case["running_usd"], "plant", *over) * output).sum(),
        (on(case["unserved_usd"], *over) * unserved).sum(),
    ]
    m.add_objective(sum(costs[1:], costs[0]))
    return m


def _capacity(m: linopy.Model, case: Case, on: Axes, kind: str, dims: tuple[str, ...]) -> tuple[Any, Any]:
    """Total capacity, and its cost."""

    def of(key: str) -> xr.DataArray:
        return on(case[f"{kind}_{key}"], *dims)

    built = m.add_variables(0, of("built_max"), name=f"{kind}_built")
    vintage = m.add_variables(0, of("built_max"), name=f"{kind}_vintage")
    capacity = m.add_variables(of("min"), of("max"), name=f"{kind}_capacity")
    m.add_constraints(vintage - built <= 0, name=f"{kind}_vintage_at_most_built")
    m.add_constraints(capacity - vintage == 0, name=f"{kind}_capacity_is_the_sum")
    return capacity, (of("annuity") * built).sum() + (of("fixed") * capacity).sum()


def _battery(m: linopy.Model, case: Case, on: Axes) -> dict[str, Any]:
    over = ("site", "hour")
    power, power_cost = _capacity(m, case, on, "power", ("site",))
    energy, energy_cost = _capacity(m, case, on, "energy", ("site",))
    most, most_mwh = on(case["power_max"], "site"), on(case["energy_max"], "site")
    series = {name: m.add_variables(0, most, coords=on[over], name=name) for name in ("charge", "discharge")}
    stored = m.add_variables(0, most_mwh, coords=on[over], name="stored")
    firm = m.add_variables(0, most, name="battery_firm")
    efficiency, width = on(case["efficiency"], "site"), float(case["step_h"])
    before = on(case["kept"], "site") * stored.roll(hour=1)
    change = width * efficiency * series["charge"] - width / efficiency * series["discharge"]
    m.add_constraints(stored - before - change == 0, name="stored_follows")
    for name, variable in series.items():
        m.add_constraints(variable - power <= 0, name=f"{name}_at_most_power")
    m.add_constraints(stored - energy <= 0, name="stored_at_most_energy")
    m.add_constraints(firm - power <= 0, name="firm_at_most_power")
    m.add_constraints(on(case["firm_hours"], "site") * firm - energy <= 0, name="firm_for_hours")
    return {**series, "firm": firm, "cost": power_cost + energy_cost}


def _grid(m: linopy.Model, case: Case, on: Axes) -> dict[str, Any]:
    over, by_step = ("site", "hour"), ("site", "step")
    most = on(case["step_max"], *by_step)
    new, step = m.add_variables(0, most, name="new_step"), m.add_variables(0, most, name="step")
    firm = m.add_variables(0, on(case["firm_max"], "site"), name="grid_firm")
    nonfirm = m.add_variables(0, on(case["nonfirm_max"], "site"), name="grid_nonfirm")
    contract = m.add_variables(on(case["contract_min"], "site"), on(case["contract_max"], "site"), name="contract")
    billed = m.add_variables(0, on(case["billed_max"], "site"), coords=on["site", "month"], name="billed")
    imports = m.add_variables(0, most, coords=on["site", "step", "hour"], name="imports")
    m.add_constraints(contract - firm - nonfirm == 0, name="contract_is_firm_and_nonfirm")
    m.add_constraints(contract - step.sum("step") == 0, name="contract_is_the_sum_of_steps")
    m.add_constraints(step - new <= 0, name="step_at_most_reinforced")
    in_zone, in_region = on(case["in_zone"], "zone", "site"), on(case["in_region"], "region", "site")
    m.add_constraints((in_zone * step).sum("site") <= on(case["width"], "zone", "step"), name="zone_step_at_most_width")
    m.add_constraints((in_region * contract).sum("site") <= on(case["headroom"], "region"), name="region_at_most")
    m.add_constraints(on(case["billed_floor"], "site") * contract - billed <= 0, name="billed_at_least_floor")
    m.add_constraints(imports - step <= 0, name="import_at_most_step")
    metered = (on(case["peak_ratio"], *over) * imports).sum("step")
    allowed = firm + on(case["nonfirm_available"], *over) * nonfirm
    m.add_constraints(metered - allowed <= 0, name="import_at_most_contract")
    billed_in_hour = billed.sel(month=on(case["month"], "hour"))
    m.add_constraints(metered - billed_in_hour <= 0, name="metered_at_most_billed")
    cost = (on(case["new_step_usd"], *by_step) * new).sum() + (on(case["firm_usd"], "site") * firm).sum()
    cost = cost + (on(case["billed_usd"], "site", "month") * billed).sum()
    cost = cost + (on(case["import_usd"], "site", "step", "hour") * imports).sum()
    return {"imports": imports, "firm": firm, "cost": cost}
