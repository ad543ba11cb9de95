"""Planned outage: how many machines of a fleet stand in it in each hour, whole ones.

    machine-hours of month m = n * planned outage rate[m] * hours of m

so many machines as fit stand for the whole month, and one more from the first day of the month until the rest is used
up. Machines go in the order of their numbers; they are alike, so it does not matter which.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from gigasite.foundation.units import DAYS_PER_MONTH, HOURS_PER_DAY, HOURS_PER_YEAR

IntArray = npt.NDArray[np.int64]

ROUNDING = 1e-9


def machines_in_planned_outage(machines: int, rate_by_month: npt.NDArray[np.float64]) -> IntArray:
    """Number of machines in planned outage, shape (hour,).

    Args:
        machines: n, number of machines.
        rate_by_month: share of machine-hours of each month, shape (12,).

    >>> out = machines_in_planned_outage(2, np.array([0.75] + [0.0] * 11))
    >>> out[[0, 371, 372, 743, 744]].tolist()
    [2, 2, 1, 1, 0]
    """
    out = np.zeros(HOURS_PER_YEAR, dtype=np.int64)
    begin = 0
    for days, rate in zip(DAYS_PER_MONTH, rate_by_month, strict=True):
        hours = days * HOURS_PER_DAY
        whole = int(machines * rate + ROUNDING)
        rest = round((machines * rate - whole) * hours)
        out[begin : begin + hours] = whole
        out[begin : begin + rest] += 1
        begin += hours
    return np.minimum(out, machines)


def hours_in_service(machine: int, planned: IntArray) -> Iterator[tuple[int, int]]:
    """First hour and the hour after of every stretch in which a machine is not in planned outage.

    >>> list(hours_in_service(1, np.array([2, 2, 1, 1, 2, 0])))
    [(2, 4), (5, 6)]
    """
    serves = np.r_[False, planned <= machine, False]
    edges = np.flatnonzero(serves[1:] != serves[:-1])
    yield from zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
