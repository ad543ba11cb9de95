"""What a project is worth: net present value, internal rate of return, payback, debt cover, levelised cost."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np


def net_present_value(rate: float, cash_usd: Sequence[float]) -> float:
    """Return the worth of yearly cash at the time of the first of it.

        NPV = sum over t = 0..N of c_t / (1 + r)^t

    | symbol | name       | unit     | dimensions |
    |--------|------------|----------|------------|
    | NPV    | (result)   | USD      | scalar     |
    | c      | `cash_usd` | USD      | t          |
    | r      | `rate`     | fraction | scalar     |

    Edge rule: the first amount is not discounted; the NPV function of spreadsheets discounts it by one year. Rate and
    cash are both nominal or both real.

    Raises:
        ValueError: a rate not above -1.

    Source: Short, Packey and Holt, NREL/TP-462-5173, 1995, section 2.

    >>> round(net_present_value(0.10, [-100.0, 60.0, 60.0]), 4)
    4.1322
    """
    if not rate > -1:
        raise ValueError(f"the rate must be above -1, given {rate}")
    cash = np.asarray(cash_usd, dtype=np.float64)
    return float((cash * (1.0 + rate) ** -np.arange(len(cash))).sum())


def internal_rate_of_return(cash_usd: Sequence[float]) -> float:
    """Return the rate at which the net present value is zero; not a number where there is none.

    Edge rule: cash that is never below or never above zero has none. Where the sign changes more than once the rate
    that pyxirr finds first is given.
    Source: the equation of `net_present_value`, solved by pyxirr.

    >>> round(internal_rate_of_return([-100.0, 60.0, 60.0]), 6)
    0.130662
    """
    cash = [float(usd) for usd in cash_usd]
    if not cash or min(cash) >= 0 or max(cash) <= 0:
        return math.nan
    from pyxirr import irr

    found = irr(cash)
    return math.nan if found is None else float(found)


def payback_years(cash_usd: Sequence[float]) -> float:
    """Return the years after the first amount until what came in makes up for what went out, not discounted.

    Edge rule: counted to the part of the year, as if cash came evenly over it, after the last time the sum turns from
    below to above zero. Not a number where it never does or was never below.

    >>> payback_years([-100.0, 40.0, 40.0, 40.0])
    2.5
    """
    sums = np.cumsum(np.asarray(cash_usd, dtype=np.float64))
    below = np.nonzero(sums < 0)[0]
    if len(below) == 0 or below[-1] == len(sums) - 1:
        return math.nan
    last = int(below[-1])
    return last + float(-sums[last] / (sums[last + 1] - sums[last]))


def cover_ratios(available_usd: Iterable[float], service_usd: Iterable[float]) -> list[float]:
    """Return cash over debt service of every year that has some: DSCR_t = available_t / service_t.

    >>> cover_ratios([0.0, 130.0, 120.0], [0.0, 100.0, 100.0])
    [1.3, 1.2]
    """
    return [float(a) / float(s) for a, s in zip(available_usd, service_usd, strict=True) if s > 0]


def levelised_cost_usd_per_mwh(cost_usd: Sequence[float], energy_mwh: Sequence[float], rate: float) -> float:
    """Return the price that, the same every year, pays for all costs.

        LCOE = sum over t of C_t / (1 + r)^t  /  sum over t of E_t / (1 + r)^t

    | symbol | name         | unit     | dimensions |
    |--------|--------------|----------|------------|
    | C      | `cost_usd`   | USD      | t          |
    | E      | `energy_mwh` | MWh      | t          |
    | r      | `rate`       | fraction | scalar     |

    Edge rule: rate and cost both nominal give a nominal price, both real a real one. Not a number without energy.
    Source: Short, Packey and Holt, NREL/TP-462-5173, 1995, section 3.

    >>> round(levelised_cost_usd_per_mwh([100.0, 10.0, 10.0], [0.0, 2.0, 2.0], 0.10), 4)
    33.8095
    """
    sold = net_present_value(rate, energy_mwh)
    return net_present_value(rate, cost_usd) / sold if sold > 0 else math.nan
