"""How a loan is paid back: annuity, level principal, or sculpted to the cash of the plant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gigasite.finance.annuity import capital_recovery_factor

ANNUITY, LEVEL_PRINCIPAL, SCULPTED = "annuity", "level_principal", "sculpted"
REPAYMENTS = (ANNUITY, LEVEL_PRINCIPAL, SCULPTED)


@dataclass(frozen=True)
class DebtService:
    """What a loan of one dollar pays, year by year of its tenor.

    Attributes:
        opening_balance: owed at the beginning of each year [USD].
        interest: paid at the end of each year [USD].
        principal: paid back at the end of each year [USD]; adds up to 1.
    """

    opening_balance: NDArray[np.float64]
    interest: NDArray[np.float64]
    principal: NDArray[np.float64]

    @property
    def total(self) -> NDArray[np.float64]:
        """Interest and principal [USD]."""
        return self.interest + self.principal


def service_of_one_usd(
    repayment: str, rate: float, tenor_years: int, cash_usd: Sequence[float] | None = None
) -> DebtService:
    """Return the service of a loan of one dollar.

        annuity:          interest_n + principal_n = crf(i, N)
        level principal:  principal_n = 1 / N
        sculpted:         interest_n + principal_n = c_n / sum over m of c_m / (1 + i)^m
        always:           interest_n = i * B_n,   B_(n+1) = B_n - principal_n,   B_1 = 1

    | symbol | name                                           | unit     | dimensions |
    |--------|------------------------------------------------|----------|------------|
    | B      | `opening_balance`                              | USD      | n = 1..N   |
    | i      | `rate`, nominal                                | fraction | scalar     |
    | N      | `tenor_years`                                  | years    | scalar     |
    | c      | `cash_usd`, before debt service, not below 0   | USD      | n          |

    Edge rule: sculpted without cash to follow, or with none above zero, is an annuity. In a year of little cash a
    sculpted loan may grow: its principal is below zero there.

    Raises:
        ValueError: an unknown repayment, a tenor below one year, a rate not above -1, or cash of another length.

    Source: Yescombe, "Principles of Project Finance", 2nd edition, 2014, chapter 12, on repayment profiles.

    >>> service_of_one_usd("annuity", 0.10, 2).total.round(6).tolist()
    [0.57619, 0.57619]
    """
    if repayment not in REPAYMENTS:
        raise ValueError(f"repayment must be one of {', '.join(REPAYMENTS)}, given {repayment}")
    if tenor_years < 1 or not rate > -1:
        raise ValueError(f"tenor must be at least 1 and the rate above -1, given {tenor_years} and {rate}")
    if repayment == LEVEL_PRINCIPAL:
        principal = np.full(tenor_years, 1.0 / tenor_years)
        opening = 1.0 - np.arange(tenor_years) / tenor_years
        return DebtService(opening, rate * opening, principal)
    payment = _payments(repayment, rate, tenor_years, cash_usd)
    balance, interest, principal = 1.0, np.zeros(tenor_years), np.zeros(tenor_years)
    opening = np.zeros(tenor_years)
    for n in range(tenor_years):
        opening[n], interest[n] = balance, rate * balance
        principal[n] = payment[n] - interest[n]
        balance -= principal[n]
    principal[-1] += balance  # what rounding leaves
    return DebtService(opening, interest, principal)


def _payments(repayment: str, rate: float, tenor_years: int, cash_usd: Sequence[float] | None) -> NDArray[np.float64]:
    level = np.full(tenor_years, capital_recovery_factor(rate, tenor_years))
    if repayment != SCULPTED or cash_usd is None:
        return level
    if len(cash_usd) != tenor_years:
        raise ValueError(f"cash must have the {tenor_years} years of the tenor, given {len(cash_usd)}")
    carried = debt_capacity_usd(cash_usd, rate, dscr=1.0)
    return np.maximum(0.0, np.asarray(cash_usd, dtype=np.float64)) / carried if carried > 0 else level


def debt_capacity_usd(cash_usd: Sequence[float], rate: float, dscr: float) -> float:
    """Return the largest loan that a plant's cash carries at a debt service cover ratio.

        D = sum over n of c_n / dscr / (1 + i)^n

    | symbol | name                            | unit     | dimensions |
    |--------|---------------------------------|----------|------------|
    | D      | (result)                        | USD      | scalar     |
    | c      | `cash_usd`, before debt service | USD      | n          |
    | i      | `rate`, nominal                 | fraction | scalar     |
    | dscr   | `dscr`                          | 1        | scalar     |

    Edge rule: cash below zero carries nothing and is not made up for by other years.
    Source: as `service_of_one_usd`.
    """
    if not dscr > 0:
        raise ValueError(f"the cover ratio must be above 0, given {dscr}")
    able = np.maximum(0.0, np.asarray(cash_usd, dtype=np.float64)) / dscr
    return float((able / (1.0 + rate) ** np.arange(1, len(able) + 1)).sum())
