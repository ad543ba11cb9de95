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
    rows, total = _rows(context), existing_twh(context)
    whole = float(np.sum(list(rows.values())))
    return {state: total * value / whole for state, value in rows.items()}


def existing_twh(context: Context) -> Array:
    """Energy of the existing fleet in each modelled year: the scenario's figure, or the sum over states."""
    national = context.scenario.national
    if national.existing_fleet_twh is not None:
        return np.array([national.existing_fleet_twh.at(year) for year in context.years])
    return np.full(len(context.years), float(np.sum(list(_rows(context).values()))))


def _rows(context: Context) -> dict[str, float]:
    """Energy of the fleet by state [TWh/year], of the last year there are rows of; looked up, so the run tells it."""
    frame, find = context.tables.frame("existing_fleet"), context.tables.figure
    last = int(frame["year"].max())
    states = dict.fromkeys(frame["state"].astype(str))
    return {state: find("existing_fleet", state=state, year=last).value for state in states}
