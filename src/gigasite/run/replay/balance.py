"""What is left of a deficit after the battery, the backup sets and the load that may be shed, in this order.

    give[h] = min(deficit[h], power, eta * stored[h before])       take[h] = min(spare[h], power, room / eta)
    stored[h] = kept * stored[h before] + eta * take[h] - give[h] / eta

| symbol  | name                                   | unit | dimensions |
|---------|----------------------------------------|------|------------|
| deficit | load less what is available            | MW   | year, hour |
| spare   | what is available less load            | MW   | year, hour |
| stored  | energy held, full when a year begins   | MWh  | year       |
| room    | energy capacity less stored            | MWh  | year       |

A battery is kept for outages: it takes whatever is spare and gives only where load would go unserved, which serves the
most load that any use of it can. Backup sets run up to the energy of their permit, load is shed up to the energy of its
contract, each in the order of the hours.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from gigasite.run.replay.stock import Store

Array = npt.NDArray[np.float64]

FULL = 1.0 - 1e-6
"""Share of its energy from which a battery counts as full: what an hour loses is topped up."""


def after_store(margin_mw: Array, store: Store) -> Array:
    """Deficit that a battery leaves.

    Args:
        margin_mw: available capacity less load, shape (year, hour).
        store: the battery.

    Returns:
        Shape (year, hour).
    """
    by_hour = np.ascontiguousarray(margin_mw.T)
    short = (by_hour.min(axis=1) < 0).tolist()
    deficit = np.maximum(-by_hour, 0.0)
    energy, power, eta = store.energy_mwh, store.power_mw, store.efficiency_one_way
    stored = np.full(by_hour.shape[1], energy)
    full = True
    for hour, margin in enumerate(by_hour):
        if full and not short[hour]:
            continue
        stored *= store.kept_per_hour
        give = np.minimum(np.minimum(deficit[hour], power), eta * stored)
        take = np.clip(np.minimum(margin, (energy - stored) / eta), 0.0, power)
        stored += eta * take - give / eta
        deficit[hour] -= give
        full = bool(stored.min() >= FULL * energy)
    return np.ascontiguousarray(deficit.T)


def after_limited(deficit_mw: Array, most_mw: Array, energy_mwh: float) -> Array:
    """Deficit that a source leaves whose energy a year is limited.

    Args:
        deficit_mw: shape (year, hour).
        most_mw: what the source may give, shape (year, hour) or (hour,).
        energy_mwh: most energy in a year.

    >>> after_limited(np.array([[5.0, 0.0, 5.0, 5.0]]), np.array([4.0, 4.0, 4.0, 1.0]), 6.0).tolist()
    [[1.0, 0.0, 3.0, 5.0]]
    """
    wanted = np.minimum(deficit_mw, most_mw)
    if np.isinf(energy_mwh):
        return deficit_mw - wanted
    used = np.minimum(np.cumsum(wanted, axis=1), energy_mwh)
    left: Array = deficit_mw - np.diff(used, axis=1, prepend=0.0)
    return left
