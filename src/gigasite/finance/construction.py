"""What it costs to wait for a plant while it is being built, and when it is paid."""

import math
from collections.abc import Sequence

SHARE_TOLERANCE = 1e-6
"""Published spending profiles are rounded to a percent or less; a sum further from 1 than this is a mistake."""

MONTHS_PER_YEAR = 12


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


def delay_factor(rate: float, delay_months: float) -> float:
    """Return the multiplier on the cost of a plant that stands finished, or half finished, and cannot start.

        F = (1 + r)^(d / 12)

    | symbol | name           | unit     | dimensions |
    |--------|----------------|----------|------------|
    | F      | (result)       | fraction | scalar     |
    | r      | `rate`         | fraction | scalar     |
    | d      | `delay_months` | months   | scalar     |

    Edge rule: all has been spent as planned when the delay begins; what works cost more is an overrun, not this.

    Raises:
        ValueError: a rate not above -1, or a delay below zero.

    Source: compound interest.

    >>> round(delay_factor(0.10, 18), 6)
    1.15369
    """
    if not rate > -1 or not delay_months >= 0:
        raise ValueError(f"the rate must be above -1 and the delay at least 0, given {rate} and {delay_months}")
    return float((1.0 + rate) ** (delay_months / MONTHS_PER_YEAR))


def spending_by_year(
    overnight_usd: float, spending_profile: Sequence[float], *, start_year: int, delay_years: int = 0
) -> dict[int, float]:
    """Return what is spent in each calendar year, real, so that a plant starts in January of `start_year`.

        spend[start - delay - N + k - 1] = s_k * overnight

    | symbol | name               | unit               | dimensions        |
    |--------|--------------------|--------------------|-------------------|
    | s      | `spending_profile` | share of overnight | k = 1..N          |
    | N      | its length         | years              | scalar            |

    Edge rule: an empty profile is spent in the year before the start. In years of delay nothing is spent.

    >>> spending_by_year(100.0, [0.4, 0.6], start_year=2030, delay_years=1)
    {2027: 40.0, 2028: 60.0}
    """
    profile = list(spending_profile) or [1.0]
    first = start_year - delay_years - len(profile)
    return {first + k: share * overnight_usd for k, share in enumerate(profile)}
