"""The calendar of a non-leap year, and means over consecutive hours.

Every hourly series of gigasite has 8,760 entries; entry ``k`` is the hour that begins ``k`` hours after
midnight of 1 January, local standard time. 29 February does not exist, and there is no summer time.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gigasite.foundation.units import DAYS_PER_MONTH, HOURS_PER_DAY, HOURS_PER_YEAR

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

DAYS_IN_MONTH = np.array(DAYS_PER_MONTH, dtype=np.int64)


def month_of_hour() -> IntArray:
    """Month 1..12 of every hour of the year, [8760]."""
    return np.repeat(np.arange(1, 13, dtype=np.int64), DAYS_IN_MONTH * HOURS_PER_DAY)


def hour_of_day() -> IntArray:
    """Hour 0..23 of the day of every hour of the year, [8760]; 0 begins at midnight."""
    return np.arange(HOURS_PER_YEAR, dtype=np.int64) % HOURS_PER_DAY


def day_of_year() -> IntArray:
    """Day 1..365 of every hour of the year, [8760]."""
    return np.arange(HOURS_PER_YEAR, dtype=np.int64) // HOURS_PER_DAY + 1


def day_of_month() -> IntArray:
    """Day 1..31 of its month of every hour of the year, [8760]."""
    days = np.concatenate([np.arange(1, count + 1, dtype=np.int64) for count in DAYS_IN_MONTH])
    return np.repeat(days, HOURS_PER_DAY)


def chronological_means(series: FloatArray, resolution_h: int) -> FloatArray:
    """Mean over consecutive hours, in their order.

        mean[j] = (1/w) sum_{k = jw}^{jw + w - 1} series[k],     w = resolution_h

    The sum over the year is kept: ``w * sum(mean) == sum(series)`` up to rounding. The maximum is not:
    peaks must be taken from the hours.

    ======  ==============  ======  ========
    symbol  name            unit    shape
    ======  ==============  ======  ========
    series  hourly figures  any     [hours]
    mean    their means     same    [hours/w]
    ======  ==============  ======  ========

    Raises ValueError when ``resolution_h`` does not divide the number of hours.
    """
    hours = np.asarray(series, dtype=np.float64)
    if hours.ndim != 1:
        raise ValueError(f"a series has one dimension, this one has {hours.ndim}")
    if resolution_h < 1 or hours.size % resolution_h:
        raise ValueError(f"resolution_h {resolution_h} does not divide the {hours.size} hours of the series")
    means: FloatArray = hours.reshape(-1, resolution_h).mean(axis=1)
    return means
