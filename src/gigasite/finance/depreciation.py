"""What may be deducted from taxable income for a plant: MACRS, with bonus depreciation."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

TABLE_TOLERANCE = 1e-4
"""Published tables are rounded to a thousandth of a percent."""

ALLOWED_LOSS = 0.8
"""Part of taxable income that losses of earlier years may take away: 26 USC 172(a)(2)(B)(ii)."""


def depreciation_shares(table: Sequence[float], bonus_share: float = 0.0) -> NDArray[np.float64]:
    """Return the part of the basis that is deducted in each year from the start of a plant.

        d_1 = b + (1 - b) * m_1,    d_n = (1 - b) * m_n    for n > 1

    | symbol | name                                      | unit     | dimensions |
    |--------|-------------------------------------------|----------|------------|
    | d      | (result)                                  | fraction | n          |
    | m      | `table`: percentages of IRS Publication 946, Table A-1 | fraction | n |
    | b      | `bonus_share`                             | fraction | scalar     |

    Edge rule: the half-year convention is inside the table, which has one year more than its name says (21 for
    20-year property).

    Raises:
        ValueError: shares that do not add up to 1, or a bonus outside 0 to 1.

    Source: IRS Publication 946, "How To Depreciate Property", Table A-1; 26 USC 168(k) for the bonus.

    >>> depreciation_shares([0.2, 0.32, 0.192, 0.1152, 0.1152, 0.0576], 0.4).round(4).tolist()
    [0.52, 0.192, 0.1152, 0.0691, 0.0691, 0.0346]
    """
    if abs(math.fsum(table) - 1.0) > TABLE_TOLERANCE:
        raise ValueError(f"depreciation must add up to 1, given {math.fsum(table):g}")
    if not 0 <= bonus_share <= 1:
        raise ValueError(f"the bonus must lie between 0 and 1, given {bonus_share}")
    shares = (1.0 - bonus_share) * np.asarray(table, dtype=np.float64)
    shares[0] += bonus_share
    return shares


def macrs_table(recovery_years: int) -> NDArray[np.float64]:
    """Return the MACRS shares of a recovery period by their rule, not rounded.

        m_n = (1 - sum before) * max( rate / T, 1 / years left ),   the first year halved

    | symbol | name                                    | unit     | dimensions |
    |--------|-----------------------------------------|----------|------------|
    | m      | (result)                                | fraction | n = 1..T+1 |
    | T      | `recovery_years`                        | years    | scalar     |
    | rate   | 2 up to 10 years, 1.5 for 15 and 20     | 1        | scalar     |

    Edge rule: half-year convention: half a year in the first, half in the last.
    Source: 26 USC 168(b) and (d); the table of the publication is this one rounded.
    """
    rate = 2.0 if recovery_years <= 10 else 1.5  # noqa: PLR2004 - 26 USC 168(b)(2): 15 and 20 years at 150 %
    shares, left = np.zeros(recovery_years + 1), 1.0
    for n in range(recovery_years):
        years_left = recovery_years - n + (0.5 if n else 0.0)
        of_a_year = 1.0 if n else 0.5
        shares[n] = of_a_year * left * max(rate / recovery_years, 1.0 / years_left)
        left -= shares[n]
    shares[-1] = left
    return shares


def tax_with_losses(
    income_usd: Sequence[float], tax_rate: float, allowed_loss_share: float = ALLOWED_LOSS
) -> NDArray[np.float64]:
    """Return the income tax of each year, losses carried forward without end.

        used_t  = min( L_t, a * max(0, P_t) )
        tax_t   = T * ( max(0, P_t) - used_t )
        L_(t+1) = L_t - used_t + max(0, -P_t),     L_1 = 0

    | symbol | name                                             | unit     | dimensions |
    |--------|--------------------------------------------------|----------|------------|
    | tax    | (result)                                         | USD      | t          |
    | P      | `income_usd`: revenue less cost, interest, depreciation | USD | t         |
    | L      | losses not used yet                              | USD      | t          |
    | a      | `allowed_loss_share`                             | fraction | scalar     |
    | T      | `tax_rate`                                       | fraction | scalar     |

    Edge rule: what is left of the losses after the last year is lost; nothing is paid back for it.
    Source: 26 USC 172(a)(2)(B)(ii), losses after 2017.

    >>> tax_with_losses([-100.0, 50.0, 100.0], 0.2).tolist()
    [0.0, 2.0, 8.0]
    """
    losses, tax = 0.0, np.zeros(len(income_usd))
    for t, profit in enumerate(income_usd):
        above = max(0.0, float(profit))
        used = min(losses, allowed_loss_share * above)
        tax[t] = tax_rate * (above - used)
        losses += max(0.0, -float(profit)) - used
    return tax
