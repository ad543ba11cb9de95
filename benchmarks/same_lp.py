"""The figures of one linear programme, drawn from gigasite's own prepared arrays, for whoever writes it his own way.

The programme: sites over the hours of one modelled year, each with fuelled plants, sun and wind, a battery and a grid
connection, and the load a campus wants. What each route holds:

* capacity: bounds, annuity and fixed O&M; built, vintage and total are three columns where a route follows gigasite
  row by row (raw arrays, linopy), one in PyPSA, which comes to the same in a single year;
* operation: output below availability times capacity; battery with power and energy sized apart and a cyclic year;
  import in four steps that get dearer, below the firm and non-firm contract; billed demand by month; unserved energy;
* load: energised and waiting megawatts;
* planning: reserve row, width of the zones' steps, headroom of the regions, firm part of the battery.

Left out by the scenarios used here: build slots, gas trunk, export, whole units, machines lost (0: the row stays in
gigasite, raw arrays and linopy; PyPSA has the reserve row, which implies it).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from gigasite.system.system import System

Array = np.ndarray[Any, Any]
Case = dict[str, Array]


def read(file: str) -> Case:
    """A case as it was written by `write`."""
    with np.load(file) as stored:
        return {name: stored[name] for name in stored.files}


def write(system: System, file: Path) -> None:
    """Draw a case from a system of one modelled year and write it."""
    np.savez(file, **draw(system))


def draw(system: System) -> Case:
    """The figures of a system of one modelled year, with the year taken out of every array."""
    from gigasite.formulation.registry import technologies

    if len(system.years) != 1:
        raise ValueError("the same programme in four ways has one modelled year")
    plants = [name for name in technologies() if "availability" in system.features.get(name, {})]
    time = system.context.time
    return {
        "site": np.array(system.sites),
        "plant": np.array(plants),
        "month": time.month - 1,
        "step_h": np.array(float(time.resolution_h)),
        **_load(system),
        **_plants(system, plants),
        **_battery(system),
        **_grid(system),
    }


def _load(system: System) -> Case:
    values = _values(system, "idle_load")
    return {
        "ramp": values["ramp_mw"][:, 0],
        "load": values["load_mw_per_mw"],
        "idle_usd": values["idle_usd_per_mw"][:, 0],
        "unserved_usd": values["unserved_usd_per_mw_step"][:, 0],
        "one_and_margin": _values(system, "firm_supply")["one_and_margin"],
    }


def _plants(system: System, plants: list[str]) -> Case:
    every = [_values(system, name) for name in plants]
    shape = every[0]["availability"].shape
    loss = _values(system, "unit_loss")
    none = np.zeros(shape[0])
    cost = [
        values.get("variable_om_usd_per_mw_step", np.zeros((shape[0], 1, 1)))
        + values.get("fuel_usd_per_mw_step", np.zeros((shape[0], 1, shape[1])))
        for values in every
    ]
    return {
        "available": np.stack([values["availability"] for values in every]),
        "running_usd": np.stack([each[:, 0] for each in cost]),
        "firm": np.stack([values.get("firm_rating", none) for values in every]),
        "surviving": np.stack([loss.get(f"surviving_{name}", none[:, None] + 1.0)[:, 0] for name in plants]),
        **{f"plant_{key}": np.stack([capacity[key] for capacity in map(_capacity, every)]) for key in CAPACITY},
    }


CAPACITY = ("built_max", "max", "min", "annuity", "fixed")


def _capacity(values: Case, tail: str = "mw") -> Case:
    """Bounds and yearly cost of one kind of capacity, shape (site,)."""
    return {
        "built_max": values[f"built_max_{tail}"][:, 0],
        "max": values[f"capacity_max_{tail}"][:, 0],
        "min": values[f"capacity_min_{tail}"][:, 0],
        "annuity": values[f"annuity_usd_per_{tail}"][:, 0].sum(axis=-1),
        "fixed": values[f"fixed_om_usd_per_{tail}"][:, 0],
    }


def _battery(system: System) -> Case:
    values = _values(system, "battery")
    return {
        **{f"power_{key}": each for key, each in _capacity(values).items()},
        **{f"energy_{key}": each for key, each in _capacity(values, "energy_mwh").items()},
        "efficiency": values["efficiency_one_way"],
        "kept": values["kept_per_step"],
        "firm_hours": values["firm_hours"],
    }


def _grid(system: System) -> Case:
    from gigasite.system.grid_contract import BILLED_ROOM

    values = _values(system, "grid_connection")
    contract = values["contract_max_mw"][:, 0]
    return {
        "contract_max": contract,
        "contract_min": values["contract_min_mw"][:, 0],
        "firm_max": values["firm_max_mw"][:, 0],
        "nonfirm_max": values["nonfirm_max_mw"][:, 0],
        "step_max": np.minimum(contract[:, None], values["step_max_mw"][:, 0]),
        "new_step_usd": values["reinforcement_annuity_usd_per_mw"][:, 0].sum(axis=-1),
        "firm_usd": values["capacity_charge_usd_per_mw"][:, 0],
        "billed_usd": values["demand_charge_usd_per_mw"][:, 0],
        "billed_max": contract * BILLED_ROOM,
        "billed_floor": values["demand_charge_floor"][:, 0],
        "import_usd": (values["energy_usd_per_mw_step"] + values["coincident_peak_usd_per_mw_step"])[:, 0],
        "peak_ratio": values["peak_ratio"],
        "nonfirm_available": values["nonfirm_availability"],
        "in_zone": values["in_zone"],
        "width": values["step_width_mw"],
        "in_region": values["in_region"],
        "headroom": values["headroom_mw"],
    }


def _values(system: System, feature: str) -> Case:
    return {key: quantity.values for key, quantity in system.features[feature].items()}
