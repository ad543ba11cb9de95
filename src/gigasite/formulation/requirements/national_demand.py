"""National account: the existing fleet, the named campuses and the rest of each state against a demand trajectory.

    existing[y] + sum over s of (energy per MW[s] * energised[s, y]
                                 - sum over h of GWh per MW[s] * not served[s, y, h]) + shortfall[y] >= trajectory[y]

| symbol        | name                             | unit       | dimensions |
|---------------|----------------------------------|------------|------------|
| existing      | `existing_gwh`                   | GWh/year   | year       |
| energy per MW | `energy_gwh_per_mw`              | GWh per MW | site       |
| energised     | `energised_mw`                   | MW         | site, year |
| GWh per MW    | `step_gwh_per_mw`                | GWh per MW | site       |
| not served    | shed and unserved load           | MW         | site, year, hour |
| shortfall     | `shortfall_gwh`                  | GWh/year   | year       |
| trajectory    | `trajectory_gwh`                 | GWh/year   | year       |

The rest of a state is a site like any other, with its own ramp, zone and supply. What falls short is priced and
reported beside the cost of supply, never inside it. Limits by place stand in `national_limits`, campuses that open as a
whole in `whole_campus`. What depends on how demand turns out is `trajectory_gwh` alone: another trajectory is another
array of that name, and everything else stays as it is.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gigasite.formulation.builder import Builder
from gigasite.formulation.registry import Requirement
from gigasite.foundation.units import MWH_PER_GWH
from gigasite.inputs.scenario import RequirementSpec
from gigasite.system.context import Context
from gigasite.system.existing_fleet import existing_twh
from gigasite.system.quantity import Array, FeatureData, Quantity

NAME = "national_demand"
GWH_PER_TWH = 1e3


class Spec(RequirementSpec):
    """The national account is described under `national:`; nothing to set here."""


def prepare(context: Context) -> FeatureData:
    """Trajectory, existing fleet, energy of an energised megawatt, and the price of what falls short."""
    national = context.scenario.national
    if national is None:
        return {}
    time = context.time
    price = national.shortfall_price_usd_per_mwh
    per_mwh = context.finance("load", "shortfall_price_usd_per_mwh").value if price is None else float(price)
    counted = np.array([float(place.counts_in_national) for place in context.places])
    load = np.array([time.steps(place.load_mw_per_mw).sum() for place in context.places])
    energy = counted * load * time.step_hours
    return {
        "trajectory_gwh": Quantity(trajectory_twh(context) * GWH_PER_TWH, ("year",), "GWh/year"),
        "existing_gwh": Quantity(existing_twh(context) * GWH_PER_TWH, ("year",), "GWh/year"),
        "energy_gwh_per_mw": Quantity(energy / MWH_PER_GWH, ("site",), "GWh per MW"),
        "step_gwh_per_mw": Quantity(counted * time.step_hours / MWH_PER_GWH, ("site",), "GWh per MW"),
        "shortfall_usd_per_gwh": Quantity(per_mwh * MWH_PER_GWH * time.year_weight, ("year",), "USD/GWh"),
    }


def trajectory_twh(context: Context) -> Array:
    """Demand in each modelled year [TWh/year]: the planner's own, linear between two years, or the named one."""
    national = context.scenario.national
    own = national.trajectory_twh
    if own is None:
        find = context.tables.figure
        return np.array([find("demand", trajectory=national.trajectory, year=year).value for year in context.years])
    if own.constant is not None:
        return np.full(len(context.years), float(own.constant))
    years, twh = zip(*own.items(), strict=True)
    return np.asarray(np.interp(context.years, years, twh))


def build(builder: Builder, data: FeatureData) -> None:
    """One row per year over the energy of every site that counts."""
    if not data:
        return
    block = builder.block(NAME, data)
    sets, energised, not_served = builder.sets, builder.energised_mw, builder.hubs.not_served
    shortfall = builder.variable(
        block, "shortfall_gwh", ("year",), upper=data["trajectory_gwh"].values, unit="GWh/year"
    )

    def served_meets_trajectory(b: Any, year: Any) -> Any:
        wanted = sum(b.energy_gwh_per_mw[site] * energised[site, year] for site in sets["site"])
        missed = sum(
            b.step_gwh_per_mw[site] * not_served.total({"site": site, "year": year, "hour": hour}, sets)
            for site in sets["site"]
            for hour in sets["hour"]
        )
        return b.trajectory_gwh[year] - b.existing_gwh[year] - wanted + missed - b.shortfall_gwh[year] <= 0

    builder.constraint(block, "served_meets_trajectory", ("year",), served_meets_trajectory)
    builder.cost(NAME, "national_shortfall", shortfall, data["shortfall_usd_per_gwh"])


REQUIREMENT = Requirement(NAME, "National demand", 170, Spec, prepare, build)
