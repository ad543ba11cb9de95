"""The price that power must fetch for the owners to have their return, and what it is made of."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from gigasite.finance.cash_flow import DISTRIBUTED, INVESTED, SUPPORT, ProjectCashFlow, ProjectTerms
from gigasite.finance.metrics import net_present_value
from gigasite.finance.project import project_cash_flow
from gigasite.finance.revenue import price_factor

LARGEST_PRICE_USD_PER_MWH = 1e6
PRICE_TOLERANCE_USD_PER_MWH = 1e-9


def price_for_return(
    terms: ProjectTerms,
    target: float,
    equity_usd: Callable[[ProjectCashFlow], pd.Series] = lambda flow: flow.equity_usd,
) -> float:
    """Return the price at which equity earns its target return.

        find p:   sum over t of equity_t(p) / (1 + e)^t = 0

    | symbol | name                                             | unit     | dimensions |
    |--------|--------------------------------------------------|----------|------------|
    | p      | (result), as `PriceTerms` means it               | USD/MWh  | scalar     |
    | equity | what the owners have, what they put in below zero | USD     | t          |
    | e      | `target`, nominal and after tax                  | fraction | scalar     |

    Args:
        terms: the project.
        target: return that equity asks.
        equity_usd: whose cash is meant; all owners together where not given. A party of the project that has less
            when the price falls may be named instead.

    Edge rule: more price is more cash for the owners, in straight pieces that break where tax or losses begin, so there
    is one answer; it may lie below zero where credits pay for more than everything.

    Raises:
        ValueError: no energy is sold, or no price up to a million USD/MWh is enough.

    Source: the condition above, solved by Brent's method (scipy.optimize.brentq).
    """
    from scipy.optimize import brentq

    if not float(np.sum(terms.energy_mwh)) > 0:
        raise ValueError("no energy is sold, so no price pays")

    def short(price: float) -> float:
        return net_present_value(target, equity_usd(project_cash_flow(terms, price)).tolist())

    low, high = 0.0, 100.0
    while short(high) < 0:
        low, high = high, 2.0 * high
        if high > LARGEST_PRICE_USD_PER_MWH:
            raise ValueError(f"no price up to {LARGEST_PRICE_USD_PER_MWH:,.0f} USD/MWh gives a return of {target:g}")
    while short(low) > 0:
        low, high = min(-100.0, 2.0 * low), low
        if low < -LARGEST_PRICE_USD_PER_MWH:
            raise ValueError(f"every price gives a return above {target:g}")
    return float(brentq(short, low, high, xtol=PRICE_TOLERANCE_USD_PER_MWH, rtol=1e-14, maxiter=200))


def price_parts(terms: ProjectTerms, flow: ProjectCashFlow, target: float) -> pd.Series:
    """Return what each item of the cash flow adds to the price, in USD/MWh; the parts add up to the price.

        part_j = - sum over t of item_jt / (1 + e)^t  /  sum over t of f_t * E_t / (1 + e)^t

    | symbol | name                                       | unit     | dimensions |
    |--------|--------------------------------------------|----------|------------|
    | item   | of the cash flow, what is paid below zero  | USD      | j, t       |
    | f, E   | `price_factor`, `energy_mwh`               | 1, MWh   | t          |
    | e      | `target`                                   | fraction | scalar     |

    Items of loans are kept apart; those of the owners are left out, as they come to nothing at the return they ask.
    Where the price is cost plus, revenue that only passes cost on stands in the part `passed_on`.

    Edge rule: exact at the price of `price_for_return`; at any other the difference is what owners have above their
    target, in the part `above_target`.
    Source: the condition of `price_for_return`, divided by the worth of what is sold.
    """
    frame = flow.frame
    energy = pd.Series(0.0, frame.index)
    sold = np.asarray(terms.energy_mwh, dtype=np.float64) * price_factor(terms.price_terms, terms.price_level)
    energy[list(terms.years)] = sold
    worth = net_present_value(target, energy.tolist())
    parts = {}
    for item in frame.columns:
        if item not in (INVESTED, DISTRIBUTED, SUPPORT, "revenue"):
            parts[str(item)] = -net_present_value(target, frame[item].tolist()) / worth
    passed_on = flow.frame["revenue"] - flow.price_usd_per_mwh * energy
    parts["passed_on"] = -net_present_value(target, passed_on.tolist()) / worth
    parts["above_target"] = net_present_value(target, flow.equity_usd.tolist()) / worth
    return pd.Series(parts)
