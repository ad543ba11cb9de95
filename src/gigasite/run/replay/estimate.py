"""What a number of independent outage years says of the mean year, with an interval.

Where many years have unserved hours, the interval of a mean comes from resampling years (percentile bootstrap); above
`MOST_BATCHES` years, means of equal batches of years are resampled instead. Where few years have any, resampling sees
too little: there the share of such years has its exact interval (Clopper and Pearson), times the mean of those years.
Where none has any, an event that was not seen is taken to last as long as the longest mean repair.

Sources: Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13; Clopper and Pearson, Biometrika 26,
    1934.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from gigasite.foundation.units import HOURS_PER_YEAR

Array = npt.NDArray[np.float64]

CONFIDENCE = 0.95
RESAMPLES = 1_000
RESAMPLING_SEED = 0
MOST_BATCHES = 2_000
FEW_YEARS = 30
"""Years with unserved hours below which their share has its exact interval."""


@dataclass(frozen=True)
class Estimate:
    """A mean over outage years.

    Attributes:
        mean: the mean.
        low: lower end of its interval.
        high: upper end.
    """

    mean: float
    low: float
    high: float


def mean_per_year(by_year: Array, *, unseen: float) -> Estimate:
    """Mean of a figure over outage years, with its interval.

    Args:
        by_year: the figure in every year, zero or more, shape (year,).
        unseen: what a year with an event is taken to have where no event was seen.
    """
    years = len(by_year)
    hit = int(np.count_nonzero(by_year))
    mean = float(by_year.mean())
    if hit < FEW_YEARS:
        low, high = share_interval(hit, years)
        each = mean * years / hit if hit else unseen
        return Estimate(mean, low * each, high * each)
    batches = _batch_means(by_year)
    resampled = _weights(len(batches)) @ batches
    edge = (1.0 - CONFIDENCE) / 2.0
    low, high = np.quantile(resampled, [edge, 1.0 - edge])
    return Estimate(mean, float(low), float(high))


def share_interval(hit: int, trials: int) -> tuple[float, float]:
    """Exact interval of a share after Clopper and Pearson.

    >>> low, high = share_interval(0, 1000)
    >>> low, round(high, 5)
    (0.0, 0.00368)
    """
    from scipy.special import betaincinv

    edge = (1.0 - CONFIDENCE) / 2.0
    low = float(betaincinv(hit, trials - hit + 1, edge)) if hit else 0.0
    high = float(betaincinv(hit + 1, trials - hit, 1.0 - edge)) if hit < trials else 1.0
    return low, high


def availability(hours: Estimate) -> Estimate:
    """Share of the hours of a year in which all load is served, from hours that leave some unserved."""
    return Estimate(*(1.0 - each / HOURS_PER_YEAR for each in (hours.mean, hours.high, hours.low)))


def nines(share: float) -> float:
    """Number of nines of an availability; infinite where nothing was missed.

    >>> round(nines(0.9999), 6), nines(1.0)
    (4.0, inf)
    """
    return float(-np.log10(1.0 - share)) if share < 1.0 else float("inf")


def _batch_means(by_year: Array) -> Array:
    """The years themselves, or means of equal batches; years left over join the last batches."""
    if len(by_year) <= MOST_BATCHES:
        return by_year
    return np.array([part.mean() for part in np.array_split(by_year, MOST_BATCHES)])


@lru_cache(maxsize=4)
def _weights(number: int) -> npt.NDArray[np.float32]:
    """How much each of some years counts in every resample, shape (resample, year)."""
    rng = np.random.default_rng(RESAMPLING_SEED)
    counts = rng.multinomial(number, np.full(number, 1.0 / number), size=RESAMPLES)
    weights: npt.NDArray[np.float32] = (counts / number).astype(np.float32)
    return weights
