"""A developer's fee that is earned year by year, only while the plant is what was promised."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

SMALLEST_SHARE = 1e-9
"""Capacities come from a solver: a target counts as met when this share of it, or less, is missing."""


def developer_fee(
    capacity_mw: Sequence[float], *, fee: float, payout_years: int, target_mw: float
) -> NDArray[np.float64]:
    """Return the fee paid in each year.

        F[t] = fee / n    if t0 <= t < t0 + n and cap[t] >= target, else 0;    t0 = first year with cap[t] >= target

    | symbol | name           | unit  | dimensions |
    |--------|----------------|-------|------------|
    | F      | (result)       | USD   | year       |
    | cap    | `capacity_mw`  | MW    | year       |
    | fee    | `fee`          | USD   | scalar     |
    | n      | `payout_years` | years | scalar     |
    | target | `target_mw`    | MW    | scalar     |

    Edge rules: the parts are equal in the money of their day. The part of a year that misses the target is lost, not
    put off. Parts beyond the last year are not paid; where the target is never met nothing is.

    Raises:
        ValueError: a fee or target that is not finite and at least 0, less than one year, a capacity below 0.

    Source: fee over 15 to 20 years if the 9.2 GW target is achieved (Financial Times, 19 March 2026, Japanese
    translation); that the target is looked at year by year is how this model reads it.

    >>> developer_fee([800, 9200, 9100, 9200, 9200], fee=90.0, payout_years=3, target_mw=9200).tolist()
    [0.0, 30.0, 0.0, 30.0, 0.0]
    """
    capacity = np.asarray(capacity_mw, dtype=np.float64)
    for name, value in (("fee", fee), ("target_mw", target_mw)):
        if not (math.isfinite(value) and value >= 0):
            raise ValueError(f"{name} must be finite and at least 0, given {value}")
    if payout_years < 1:
        raise ValueError(f"payout_years must be at least 1, given {payout_years}")
    if not (np.isfinite(capacity).all() and (capacity >= 0).all()):
        raise ValueError("capacity must be finite and at least 0")
    met = capacity >= target_mw * (1.0 - SMALLEST_SHARE)
    paid = np.zeros_like(capacity)
    if met.any():
        first = int(np.argmax(met))
        window = slice(first, first + payout_years)
        paid[window] = np.where(met[window], fee / payout_years, 0.0)
    return paid
