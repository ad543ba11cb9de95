"""Hourly tables: power of every series and the marginal cost of power, one wide table per site and year."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain

import numpy as np
import pandas as pd

from gigasite.foundation.units import HOURS_PER_DAY
from gigasite.results.outcome import Outcome
from gigasite.results.series import power_series, recorded_series
from gigasite.system.quantity import Array
from gigasite.system.time_axis import TimeAxis

MARGINAL_COST = "marginal_cost_usd_per_mwh"
BALANCE = "power_balance.supply_meets_load"


def hourly_tables(outcome: Outcome) -> dict[tuple[str, int], pd.DataFrame]:
    """One table per site and modelled year; float32, one row per step."""
    made = chain(power_series(outcome), recorded_series(outcome))
    # each as it comes: all of a large run together would take twice the memory
    series = [replace(one, values=one.values.astype(np.float32)) for one in made]
    cost = marginal_cost_usd_per_mwh(outcome).astype(np.float32)
    values = {one.name: one.values for one in series}
    hours, months = hour_of_step(outcome.system.context.time), outcome.system.context.time.month
    tables = {}
    for s, site in enumerate(outcome.sites):
        here = [one.name for one in series if s in one.sites]
        for y, year in enumerate(outcome.years):
            columns = {"hour": hours, "month": months.astype(np.int8)}
            columns |= {name: values[name][s, y] for name in here}
            tables[site, year] = pd.DataFrame({**columns, MARGINAL_COST: cost[s, y]})
    return tables


def hour_of_step(time: TimeAxis) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    """Hour of the year, 0 to 8759, at which each step begins."""
    within = np.arange(0, HOURS_PER_DAY, time.resolution_h)
    return (time.selected_days[:, None] * HOURS_PER_DAY + within).reshape(-1).astype(np.int32)


def marginal_cost_usd_per_mwh(outcome: Outcome) -> Array:
    """What one more megawatt-hour of load would cost, shape (site, year, hour).

        marginal cost[s, y, h] = dual[s, y, h] / (W_y * step hours)

    | symbol     | name                                        | unit          | dimensions       |
    |------------|---------------------------------------------|---------------|------------------|
    | dual       | of `power_balance.supply_meets_load`        | USD/MW        | site, year, hour |
    | W          | `year_weight`                               | years         | year             |
    | step hours | hours of a year that a step stands for      | h             |                  |

    The row says supply - load = 0. One more on its right side asks supply to exceed the load of the model by a
    megawatt, which is a megawatt of load more; so the dual is positive where load costs.
    """
    dual = outcome.duals(BALANCE)
    if dual is None:
        return np.zeros_like(outcome.load_mw)
    cost: Array = dual / (outcome.year_weight[:, None] * outcome.step_hours)
    return cost
