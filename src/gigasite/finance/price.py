"""The price that power must fetch for the owners to have their return or the lenders their cover, and its parts."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from gigasite.finance.cash_flow import DISTRIBUTED, INVESTED, SUPPORT, ProjectCashFlow, ProjectTerms
from gigasite.finance.metrics import cover_ratios, net_present_value
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
    return _price_without_surplus(
        terms,
        lambda price: net_present_value(target, equity_usd(project_cash_flow(terms, price)).tolist()),
        f"a return of {target:g}",
    )


def price_for_cover(terms: ProjectTerms, cover: float) -> float:
    """Return the price at which cash covers debt service so many times in every year.

        find p:   min over t of available_t(p) / service_t(p) = cover,    t with service_t > 0

    | symbol    | name                                                | unit    | dimensions |
    |-----------|-----------------------------------------------------|---------|------------|
    | p         | (result), as `PriceTerms` means it                  | USD/MWh | scalar     |
    | available | cash of a year after tax, before debt service       | USD     | t          |
    | service   | interest, guarantee fees and principal of all loans | USD     | t          |
    | cover     | `cover`: debt service cover ratio (DSCR)            | 1       | scalar     |

    Edge rules: loans keep their share of what building takes, so that the price follows from the cover; sized by it
    instead, a loan at this price would be the same. More price is more cover but where it lets losses carried forward
    run out before the worst year; of several prices that give the cover one is found.

    Raises:
        ValueError: nothing is lent, no energy is sold, or no price up to a million USD/MWh is enough.

    Source: as `debt.service_of_one_usd`; the condition above, solved by Brent's method (scipy.optimize.brentq).
    """
    if not terms.is_lent:
        raise ValueError("nothing is lent, so there is no debt service to cover")

    def surplus(price: float) -> float:
        flow = project_cash_flow(terms, price)
        return min(cover_ratios(flow.available_usd, flow.debt_service_usd), default=np.inf) - cover

    return _price_without_surplus(terms, surplus, f"a cover of {cover:g}")


def _price_without_surplus(terms: ProjectTerms, surplus: Callable[[float], float], asked: str) -> float:
    """Return the price at which something that rises with it passes zero; `asked` says what it gives there."""
    from scipy.optimize import brentq

    if not float(np.sum(terms.energy_mwh)) > 0:
        raise ValueError("no energy is sold, so no price pays")
    low, high = 0.0, 100.0
    while surplus(high) < 0:
        low, high = high, 2.0 * high
        if high > LARGEST_PRICE_USD_PER_MWH:
            raise ValueError(f"no price up to {LARGEST_PRICE_USD_PER_MWH:,.0f} USD/MWh gives {asked}")
    while surplus(low) > 0:
        low, high = min(-100.0, 2.0 * low), low
        if low < -LARGEST_PRICE_USD_PER_MWH:
            raise ValueError(f"every price gives more than {asked}")
    return float(brentq(surplus, low, high, xtol=PRICE_TOLERANCE_USD_PER_MWH, rtol=1e-14, maxiter=200))


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
