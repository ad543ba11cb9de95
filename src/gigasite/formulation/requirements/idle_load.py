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

A year that does not begin in January (`start_month`, only where the next modelled year is the next calendar year):

    load[s, y, h]  = load per MW[s, h] * energised[s, y]                from the start month on
                   = load per MW[s, h] * energised[s, y before]         in the months before it
    idle cost[s, y] = idle value * W_y * (share[s, y] * waiting[s, y] + (1 - share[s, y]) * waiting[s, y before])

| symbol              | name                            | unit | dimensions       |
|---------------------|---------------------------------|------|------------------|
| share               | `started_share`                 | 1    | site, year       |
| load per MW         | `load_from_start_mw_per_mw`     | 1    | site, year, hour |
|                     | `load_before_start_mw_per_mw`   | 1    | site, year, hour |
| energised, y before | `energised_before_mw`           | MW   | site, year       |
| waiting, y before   | `waiting_before_mw`             | MW   | site, year       |

Edge rules: before the first modelled year nothing is energised and nothing waits. New capacity of such a year is paid
for, and may run, from its January: it is tested and commissioned in the months before. Reserve and unit loss look at
the months from the start on, in which the load is the larger one.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gigasite.formulation.builder import Builder
from gigasite.formulation.registry import Requirement
from gigasite.foundation.units import DAYS_PER_MONTH, DAYS_PER_YEAR
from gigasite.inputs.scenario import RequirementSpec
from gigasite.system.context import Context
from gigasite.system.quantity import Array, FeatureData, Quantity

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
    start = _start_months(context)
    late = _late_starts(context, start, ramp, idle) if (start > 1).any() else {}
    return {
        **late,
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


def _start_months(context: Context) -> Array:
    """Month from which each modelled year counts, 1 where nobody says, shape (site, year)."""
    return np.array([[place.settings.start_month.get(year, 1) for year in context.years] for place in context.places])


def _late_starts(context: Context, start: Array, ramp: Array, idle: Array) -> FeatureData:
    """Arrays of years that do not begin in January."""
    time = context.time
    late = (start > 1).astype(float)
    later = late * (np.arange(len(context.years)) > 0)
    started = (time.month[None, None, :] >= start[:, :, None]).astype(float)
    share = np.array([[_share_of_year(int(month)) for month in row] for row in start])
    load = np.array([time.steps(place.load_mw_per_mw) for place in context.places])[:, None, :]
    before = np.concatenate([np.zeros_like(ramp[:, :1]), ramp[:, :-1]], axis=1)
    over, hourly, unit = ("site", "year"), ("site", "year", "hour"), "MW per MW"
    return {
        "starts_late": Quantity(later, over, "1"),
        "started_share": Quantity(share, over, "1"),
        "before_max_mw": Quantity(later * before, over, "MW"),
        "load_from_start_mw_per_mw": Quantity(load * started, hourly, unit, "derived"),
        "load_before_start_mw_per_mw": Quantity(load * (1.0 - started), hourly, unit, "derived"),
        "idle_from_start_usd_per_mw": Quantity(idle[:, None] * share * time.year_weight, over, "USD/MW"),
        "idle_before_start_usd_per_mw": Quantity(idle[:, None] * (1.0 - share) * time.year_weight, over, "USD/MW"),
    }


def _share_of_year(start_month: int) -> float:
    """Share of the days of a year from the first of a month on."""
    return sum(DAYS_PER_MONTH[start_month - 1 :]) / DAYS_PER_YEAR


def build(builder: Builder, data: FeatureData) -> None:
    """Energised, waiting and unserved load, and their costs; comes before every technology."""
    block = builder.block(NAME, data)
    ramp = data["ramp_mw"].values
    late = "starts_late" in data
    energised = builder.variable(block, "energised_mw", ("site", "year"), upper=ramp, unit="MW")
    waiting = builder.variable(block, "waiting_mw", ("site", "year"), upper=ramp, unit="MW")
    unserved = builder.variable(block, "unserved_mw", ("site", "year", "hour"), upper=builder.load_max_mw(), unit="MW")
    per_mw = block.load_from_start_mw_per_mw if late else block.load_mw_per_mw
    builder.add(builder.hubs.load, energised, per_mw, series="load_mw")
    builder.cost(NAME, "idle_load", waiting, data["idle_from_start_usd_per_mw" if late else "idle_usd_per_mw"])
    if late:
        _before_the_start(builder, block, data)

    def energised_and_waiting_are_the_ramp(b: Any, site: Any, year: Any) -> Any:
        return b.energised_mw[site, year] + b.waiting_mw[site, year] == b.ramp_mw[site, year]

    def unserved_at_most_load(b: Any, site: Any, year: Any, hour: Any) -> Any:
        return b.unserved_mw[site, year, hour] - builder.load_at(site, year, hour) <= 0

    builder.constraint(
        block, "energised_and_waiting_are_the_ramp", ("site", "year"), energised_and_waiting_are_the_ramp
    )
    builder.constraint(block, "unserved_at_most_load", ("site", "year", "hour"), unserved_at_most_load)
    before = builder.model.calendar.previous_year

    def energised_stays_energised(b: Any, site: Any, year: Any) -> Any:
        kept = b.is_later[year] * b.energised_mw[site, before[year]] - b.is_later[year] * b.energised_mw[site, year]
        return kept <= b.ramp_fall_mw[site, year]

    builder.constraint(block, "energised_stays_energised", ("site", "year"), energised_stays_energised)
    builder.cost(NAME, "unserved_energy", unserved, data["unserved_usd_per_mw_step"])
    builder.add(builder.hubs.power, unserved)
    builder.add(builder.hubs.not_served, unserved)


def _before_the_start(builder: Builder, block: Any, data: FeatureData) -> None:
    """Load and waiting of the months before a start: what was energised, and what waited, the year before."""
    over, before = ("site", "year"), builder.model.calendar.previous_year
    most = data["before_max_mw"].values
    energised = builder.variable(block, "energised_before_mw", over, upper=most, unit="MW")
    waiting = builder.variable(block, "waiting_before_mw", over, upper=most, unit="MW")

    def energised_before(b: Any, site: Any, year: Any) -> Any:
        was = b.starts_late[site, year] * b.energised_mw[site, before[year]]
        return b.energised_before_mw[site, year] - was == 0

    def waiting_before(b: Any, site: Any, year: Any) -> Any:
        was = b.starts_late[site, year] * b.waiting_mw[site, before[year]]
        return b.waiting_before_mw[site, year] - was == 0

    builder.constraint(block, "energised_before", over, energised_before)
    builder.constraint(block, "waiting_before", over, waiting_before)
    builder.cost(NAME, "idle_load", waiting, data["idle_before_start_usd_per_mw"])
    builder.add(builder.hubs.load, energised, block.load_before_start_mw_per_mw, series="load_mw")


REQUIREMENT = Requirement(NAME, "Idle load", 0, Spec, prepare, build)
