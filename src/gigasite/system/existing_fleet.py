"""Energy of the data centres that stand already, by state and year."""

from __future__ import annotations

import numpy as np

from gigasite.system.context import Context
from gigasite.system.quantity import Array


def existing_twh_by_state(context: Context) -> dict[str, Array]:
    """Energy of the existing fleet by state [TWh/year], each of shape (year,).

        twh[state, y] = total[y] * row[state] / sum of rows

    The rows are those of `existing_fleet.csv`; a total that the scenario gives is shared out like them.
    """
    frame = context.tables.frame("existing_fleet")
    rows = frame.groupby("state", sort=False)["value"].sum()
    total = existing_twh(context)
    return {str(state): total * float(value) / float(rows.sum()) for state, value in rows.items()}


def existing_twh(context: Context) -> Array:
    """Energy of the existing fleet in each modelled year: the scenario's figure, or the sum over states."""
    national = context.scenario.national
    if national.existing_fleet_twh is not None:
        return np.array([national.existing_fleet_twh.at(year) for year in context.years])
    return np.full(len(context.years), float(context.tables.frame("existing_fleet")["value"].sum()))
