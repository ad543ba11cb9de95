"""What it costs to wait for a plant while it is being built."""

import math
from collections.abc import Sequence

SHARE_TOLERANCE = 1e-6
"""Published spending profiles are rounded to a percent or less; a sum further from 1 than this is a mistake."""


def interest_during_construction_factor(spending_profile: Sequence[float], rate: float) -> float:
    """Return the multiplier on overnight cost that carries interest up to the day the plant starts.

        F = sum over k = 1..N of s_k * (1 + r)^(N - k + 0.5)

    | symbol | name               | unit               | dimensions        |
    |--------|--------------------|--------------------|-------------------|
    | F      | (result)           | fraction, >= 1     | scalar            |
    | s      | `spending_profile` | share of overnight | construction year |
    | r      | `rate`             | fraction           | scalar            |
    | N      | its length         | years              | scalar            |

    Edge rule: money is spent in the middle of construction year k, the first is k = 1, and the plant starts at the end
    of year N. An all-in cost, which already holds its financing, does not pass through here.

    Raises:
        ValueError: an empty profile, a negative or non-finite share, shares that do not add up to 1, a negative rate.

    Source: compound interest; the half-year timing as in the construction finance factor of the NREL Annual Technology
    Baseline, here before tax.

    >>> round(interest_during_construction_factor([0.5, 0.5], 0.10), 6)
    1.101249
    """
    if not math.isfinite(rate) or rate < 0:
        raise ValueError(f"rate must be finite and at least 0, given {rate}")
    if not all(math.isfinite(share) and share >= 0 for share in spending_profile):
        raise ValueError(f"shares must be finite and at least 0, given {list(spending_profile)}")
    if abs(math.fsum(spending_profile) - 1.0) > SHARE_TOLERANCE:
        raise ValueError(f"shares must add up to 1, given {list(spending_profile)}")
    last = len(spending_profile)
    return math.fsum(share * (1.0 + rate) ** (last - k + 0.5) for k, share in enumerate(spending_profile, start=1))
