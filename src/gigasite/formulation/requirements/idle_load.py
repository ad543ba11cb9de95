"""Energised and waiting load: the ramp is followed from below, and what waits costs.

    energised[s, y] + waiting[s, y] = ramp[s, y]
    load[s, y, h] = load per MW[s, h] * energised[s, y]
    unserved[s, y, h] <= load[s, y, h]
    energised[s, y] >= energised[s, y before] - fall of the ramp[s, y]              what runs is not switched off

| symbol      | name            | unit | dimensions       |
|-------------|-----------------|------|------------------|
| ramp        | `ramp_mw`       | MW   | site, year       |
| energised   | `energised_mw`  | MW   | site, year       |
| waiting     | `waiting_mw`    | MW   | site, year       |
| load per MW | `load_mw_per_mw`| 1    | site, hour       |
| unserved    | `unserved_mw`   | MW   | site, year, hour |

Waiting IT costs its idle value, unserved energy of energised load far more, so that nothing is energised to be shed.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gigasite.formulation.builder import Builder
from gigasite.formulation.registry import Requirement
from gigasite.inputs.scenario import RequirementSpec
from gigasite.system.context import Context
from gigasite.system.quantity import FeatureData, Quantity

NAME = "idle_load"


class Spec(RequirementSpec):
    """Idle load is described under `load:`; nothing to set here."""


def prepare(context: Context) -> FeatureData:
    """Ramp, load shape, and what waiting and unserved energy cost."""
    time, places = context.time, context.places
    weight = time.year_weight
    ramp = np.array([[place.ramp_mw(year) for year in context.years] for place in places])
    idle = np.array([place.idle_value_usd_per_mw_year for place in places])
    unserved = np.array([place.unserved_cost_usd_per_mwh for place in places])
    return {
        "ramp_mw": Quantity(ramp, ("site", "year"), "MW"),
        "ramp_fall_mw": Quantity(np.maximum(0.0, -np.diff(ramp, axis=1, prepend=0.0)), ("site", "year"), "MW"),
        "is_later": Quantity((np.arange(len(context.years)) > 0).astype(float), ("year",), "1"),
        "load_mw_per_mw": Quantity(
            np.array([time.steps(place.load_mw_per_mw) for place in places]), ("site", "hour"), "MW per MW", "derived"
        ),
        "idle_usd_per_mw": Quantity(idle[:, None] * weight, ("site", "year"), "USD/MW"),
        "unserved_usd_per_mw_step": Quantity(
            (unserved[:, None] * weight * time.step_hours)[..., None] * np.ones(time.hours),
            ("site", "year", "hour"),
            "USD/MW",
        ),
    }


def build(builder: Builder, data: FeatureData) -> None:
    """Energised, waiting and unserved load, and their costs; comes before every technology."""
    block = builder.block(NAME, data)
    ramp = data["ramp_mw"].values
    energised = builder.variable(block, "energised_mw", ("site", "year"), upper=ramp, unit="MW")
    waiting = builder.variable(block, "waiting_mw", ("site", "year"), upper=ramp, unit="MW")
    unserved = builder.variable(block, "unserved_mw", ("site", "year", "hour"), upper=builder.load_max_mw(), unit="MW")

    def energised_and_waiting_are_the_ramp(b: Any, site: Any, year: Any) -> Any:
        return b.energised_mw[site, year] + b.waiting_mw[site, year] == b.ramp_mw[site, year]

    def unserved_at_most_load(b: Any, site: Any, year: Any, hour: Any) -> Any:
        return b.unserved_mw[site, year, hour] - b.load_mw_per_mw[site, hour] * b.energised_mw[site, year] <= 0

    builder.constraint(
        block, "energised_and_waiting_are_the_ramp", ("site", "year"), energised_and_waiting_are_the_ramp
    )
    builder.constraint(block, "unserved_at_most_load", ("site", "year", "hour"), unserved_at_most_load)
    before = builder.model.calendar.previous_year

    def energised_stays_energised(b: Any, site: Any, year: Any) -> Any:
        kept = b.is_later[year] * b.energised_mw[site, before[year]] - b.is_later[year] * b.energised_mw[site, year]
        return kept <= b.ramp_fall_mw[site, year]

    builder.constraint(block, "energised_stays_energised", ("site", "year"), energised_stays_energised)
    builder.cost(NAME, "idle_load", waiting, data["idle_usd_per_mw"])
    builder.cost(NAME, "unserved_energy", unserved, data["unserved_usd_per_mw_step"])
    builder.add(builder.hubs.power, unserved)
    builder.add(builder.hubs.not_served, unserved)
    builder.add(builder.hubs.load, energised, block.load_mw_per_mw, series="load_mw")


REQUIREMENT = Requirement(NAME, "Idle load", 0, Spec, prepare, build)
