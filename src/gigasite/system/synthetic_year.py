"""A seeded synthetic year of 8,760 hours from month x hour means and cited variability.

What ships is small: for every series the mean of each hour of the day in each month (12 x 24), and for each
month the standard deviation and the lag-1 autocorrelation of what is left when that mean is taken off. From
these a year is drawn: the same seed and name give the same year on every machine, another name gives other
noise (so two wind regions are independent of each other and of load; a planner's own hourly file, which keeps
such correlation, replaces any of them).

**What is preserved.** The mean of every month x hour, to 1e-9 of its value, whatever the bounds: after bounding,
each hour of the day of each month is shifted (prices: scaled) until its mean over the days of the month is the
given one. So monthly and yearly means hold too, and an hour whose mean lies at a bound (solar at night) stays at it on
every day. Autocorrelation is met within sampling noise. The standard deviation is met where no bound binds; bounding
takes some of it away (wind: an eighth to a quarter).

Source of the noise model: first-order autoregression, G. Box, G. Jenkins, *Time Series Analysis*, ch. 3.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping

import numpy as np

from gigasite.foundation.units import HOURS_PER_DAY, HOURS_PER_YEAR
from gigasite.system.chronology import DAYS_IN_MONTH, FloatArray

Statistics = Mapping[str, FloatArray]
"""Figures by month, [12] each: ``standard_deviation`` and ``autocorrelation_1h`` of the residual around the
month x hour mean; ``minimum`` and ``maximum`` of the hours themselves (optional)."""

_DOUBLINGS = 60
_BISECTIONS = 200


def synthetic_series(
    means_12x24: FloatArray,
    statistics_by_month: Statistics,
    *,
    seed: int,
    name: str,
    lower: float | None = None,
    upper: float | None = None,
) -> FloatArray:
    """One year of hours with normal noise: load, capacity factors.

        x[d, h] = bound( m[month, h] + sigma[month] w[month, h] z[d, h] + shift[month, h] )

    ======  ==================================================================  ==============  ========
    symbol  name                                                                unit            shape
    ======  ==================================================================  ==============  ========
    m       mean of the hour of the day in the month                            of the series   [12, 24]
    sigma   standard deviation of the residual                                  of the series   [12]
    w       weight of the hour: 1; where ``lower`` is 0, m over its monthly     -               [12, 24]
            root mean square, so that noise follows the sun
    z       first-order autoregression with unit variance, `unit_noise`         -               [8760]
    shift   what restores the mean after bounding                               of the series   [12, 24]
    ======  ==================================================================  ==============  ========

    `sigma` is widened by `_spread_lost_to_the_mean`, so that what is left after the shift has the cited deviation. A
    bound not given is the month's ``minimum`` or ``maximum`` in the statistics, or absent. The first hour of
    the year is drawn from the stationary distribution. Raises ValueError for wrong shapes, figures that are
    not finite, or a mean outside the bounds.
    """
    means = _checked_means(means_12x24)
    deviation = _monthly(statistics_by_month, "standard_deviation")
    lows = _bound(statistics_by_month, "minimum", lower, -np.inf)
    highs = _bound(statistics_by_month, "maximum", upper, np.inf)
    noise = unit_noise(_monthly(statistics_by_month, "autocorrelation_1h"), seed=seed, name=name)
    deviation = deviation * _spread_lost_to_the_mean(statistics_by_month)
    months = []
    for month, z in enumerate(_split_by_month(noise)):
        mean, low, high = means[month], lows[month], highs[month]
        if mean.min() < low or mean.max() > high:
            raise ValueError(f"{name}: a mean of month {month + 1} lies outside its bounds {low} to {high}")
        latent = mean + deviation[month] * _weight(mean, low) * z
        months.append(_with_mean(latent, mean, _clipping(low, high)))
    return np.concatenate([month.ravel() for month in months])


def price_series(
    means_12x24: FloatArray,
    statistics_by_month: Statistics,
    *,
    seed: int,
    name: str,
    floor: float = 0.0,
    cap: float | None = None,
) -> FloatArray:
    """One year of hourly prices with lognormal noise above a base, so that spikes go up and not down.

        p[d, h] = base + min(cap - base, (m[month, h] - base) exp(s z[d, h] + shift[month, h]))
        s^2 = ln(1 + (sigma / (mean_h m - base))^2),     base = max(floor, minimum of the month)

    Symbols and units as in `synthetic_series` (USD/MWh); ``cap`` is by default the month's ``maximum``. The floor
    is 0 by default: with a negative price a battery or a load could earn by burning energy, which a linear
    model without a charge-or-discharge choice would do. Means below the floor are raised to it. Raises
    ValueError like `synthetic_series`, and when a month's minimum is not below its means.
    """
    means = np.maximum(_checked_means(means_12x24), floor)
    deviation = _monthly(statistics_by_month, "standard_deviation")
    bases = np.maximum(_bound(statistics_by_month, "minimum", None, floor), floor)
    caps = _bound(statistics_by_month, "maximum", cap, np.inf)
    widening = _spread_lost_to_the_mean(statistics_by_month)
    noise = unit_noise(_monthly(statistics_by_month, "autocorrelation_1h"), seed=seed, name=name)
    months = []
    for month, z in enumerate(_split_by_month(noise)):
        excess, room = means[month] - bases[month], caps[month] - bases[month]
        if np.any(excess < 0):
            raise ValueError(f"{name}: the minimum of month {month + 1} lies above one of its hourly means")
        spread = np.sqrt(np.log1p((deviation[month] / max(float(excess.mean()), 1e-9)) ** 2))
        latent = np.log(np.maximum(excess, 1e-300)) + widening[month] * spread * z
        prices = _with_mean(latent, excess, _exponential_up_to(room))
        months.append(bases[month] + prices)
    return np.concatenate([month.ravel() for month in months])


def temperature_series(
    monthly_mean_c: FloatArray,
    diurnal_12x24_k: FloatArray,
    statistics_by_month: Statistics,
    *,
    seed: int,
    name: str,
) -> FloatArray:
    """One year of hourly outdoor temperature, degrees Celsius, [8760].

        T[d, h] = T_month + D[month, h] - mean_h D[month, h] + noise,     noise as in `synthetic_series`, unbounded

    ``monthly_mean_c`` [12] are the site's monthly means, ``diurnal_12x24_k`` [12, 24] the deviation of each hour
    from the mean of its month (K), the statistics those of its residual (K). Monthly means are kept.
    """
    monthly = np.asarray(monthly_mean_c, dtype=np.float64)
    if monthly.shape != (12,):
        raise ValueError(f"{name}: twelve monthly means are needed, shape {monthly.shape} was given")
    diurnal = _checked_means(diurnal_12x24_k)
    means = monthly[:, None] + diurnal - diurnal.mean(axis=1, keepdims=True)
    residual = {key: statistics_by_month[key] for key in ("standard_deviation", "autocorrelation_1h")}
    return synthetic_series(means, residual, seed=seed, name=name)


def unit_noise(autocorrelation_by_month: FloatArray, *, seed: int, name: str) -> FloatArray:
    """First-order autoregression with unit variance, [8760].

        z[k] = rho z[k-1] + sqrt(1 - rho^2) e[k],     e independent standard normal, rho of the hour's month

    Drawn by PCG64 seeded with (seed, crc32(name)): a hash that is the same in every process and on every
    machine, unlike Python's own. The first hour is e[0].
    """
    rho = np.repeat(np.clip(autocorrelation_by_month, -0.999999, 0.999999), DAYS_IN_MONTH * HOURS_PER_DAY)
    generator = np.random.Generator(np.random.PCG64([seed, zlib.crc32(name.encode("utf-8"))]))
    shocks = generator.standard_normal(HOURS_PER_YEAR)
    shocks[1:] *= np.sqrt(1.0 - rho[1:] ** 2)
    values = shocks.tolist()
    for hour, weight in enumerate(rho[1:].tolist(), start=1):
        values[hour] += weight * values[hour - 1]
    return np.array(values)


def _with_mean(latent: FloatArray, target: FloatArray, bounded: Callable[[FloatArray], FloatArray]) -> FloatArray:
    """`bounded(latent + shift)` with the shift per column that gives every column its target mean, by bisection.

    `latent` is [days, 24], `target` [24]; `bounded` never falls when its argument rises.
    """

    def mean(shift: FloatArray) -> FloatArray:
        averages: FloatArray = bounded(latent + shift).mean(axis=0)
        return averages

    width = np.ones_like(target)
    for _ in range(_DOUBLINGS):
        missed = (mean(-width) > target) | (mean(width) < target)
        if not missed.any():
            break
        width = np.where(missed, 2.0 * width, width)
    low, high = -width, width.copy()
    for _ in range(_BISECTIONS):
        middle = 0.5 * (low + high)
        short = mean(middle) < target
        before = low, high
        low, high = np.where(short, middle, low), np.where(short, high, middle)
        if np.array_equal(before[0], low) and np.array_equal(before[1], high):  # nothing lies between them
            break
    return bounded(latent + high)


def _spread_lost_to_the_mean(statistics: Statistics) -> FloatArray:
    """Factor on the noise that makes up for what giving every hour of the day its mean takes away, [12].

        c = (1 - (1/n^2) sum_{d, d'} rho^(24 |d - d'|))^(-1/2),     n days in the month

    Noise that persists over days moves the mean of its month, and the shift takes that part off again.
    """
    rho = np.clip(_monthly(statistics, "autocorrelation_1h"), 0.0, 0.999)
    factors = np.ones(12)
    for month, days in enumerate(DAYS_IN_MONTH):
        lag = np.abs(np.subtract.outer(np.arange(days), np.arange(days)))
        factors[month] = (1.0 - np.mean(rho[month] ** (HOURS_PER_DAY * lag))) ** -0.5
    return factors


def _clipping(low: float, high: float) -> Callable[[FloatArray], FloatArray]:
    def bounded(latent: FloatArray) -> FloatArray:
        return np.clip(latent, low, high)

    return bounded


def _exponential_up_to(room: float) -> Callable[[FloatArray], FloatArray]:
    def bounded(latent: FloatArray) -> FloatArray:
        return np.minimum(np.exp(latent), room)

    return bounded


def _weight(mean: FloatArray, low: float) -> FloatArray:
    root_mean_square = float(np.sqrt(np.mean(mean**2)))
    if low != 0.0 or root_mean_square == 0.0:
        return np.ones_like(mean)
    return mean / root_mean_square


def _split_by_month(series: FloatArray) -> list[FloatArray]:
    edges = np.cumsum(DAYS_IN_MONTH * HOURS_PER_DAY)[:-1]
    return [month.reshape(-1, HOURS_PER_DAY) for month in np.split(series, edges)]


def _checked_means(means_12x24: FloatArray) -> FloatArray:
    means = np.asarray(means_12x24, dtype=np.float64)
    if means.shape != (12, HOURS_PER_DAY):
        raise ValueError(f"month x hour means have shape (12, 24), not {means.shape}")
    if not np.isfinite(means).all():
        raise ValueError("a month x hour mean is not a finite number")
    return means


def _monthly(statistics: Statistics, key: str) -> FloatArray:
    if key not in statistics:
        raise ValueError(f"the monthly statistics hold no {key}")
    figures = np.asarray(statistics[key], dtype=np.float64)
    if figures.shape != (12,) or not np.isfinite(figures).all():
        raise ValueError(f"{key} needs twelve finite figures, one a month")
    return figures


def _bound(statistics: Statistics, key: str, given: float | None, absent: float) -> FloatArray:
    if given is not None:
        return np.full(12, float(given))
    return _monthly(statistics, key) if key in statistics else np.full(12, absent)
