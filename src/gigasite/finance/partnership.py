"""Who gets what of a project's cash, year by year, until one side has its investment back and after it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Yearly = NDArray[np.float64]


@dataclass(frozen=True)
class PartnershipTerms:
    """How the cash of a special-purpose company is shared.

    | symbol | name                     | unit          | dimensions |
    |--------|--------------------------|---------------|------------|
    | s      | `investor_share_before`  | fraction      | scalar     |
    | a      | `investor_share_after`   | fraction      | scalar     |
    | i      | `deemed_interest`        | fraction/year | scalar     |

    The investor is Japan, the host the United States; the host gets 1 - s and 1 - a.

    Raises:
        ValueError: a share outside 0 to 1, a share of 0 before recovery, a deemed interest below 0.

    Source: 50 % each until Japan has its investment back, then 90 % to the United States (Financial Times, 19 March
    2026, Japanese translation); that interest at a deemed rate may count with the principal: Federal Reserve Bank of
    St. Louis, "Analyzing Japan's $550 Billion Pledge to Invest in the U.S.", November 2025.
    """

    investor_share_before: float = 0.5
    investor_share_after: float = 0.1
    deemed_interest: float = 0.0

    def __post_init__(self) -> None:
        """Refuse shares that are none."""
        if not 0 < self.investor_share_before <= 1:
            given = self.investor_share_before
            raise ValueError(f"the share before recovery must be above 0 and at most 1, given {given}")
        if not 0 <= self.investor_share_after <= 1:
            raise ValueError(f"the share after recovery must lie between 0 and 1, given {self.investor_share_after}")
        if not (math.isfinite(self.deemed_interest) and self.deemed_interest >= 0):
            raise ValueError(f"deemed interest must be finite and at least 0, given {self.deemed_interest}")


@dataclass(frozen=True)
class Waterfall:
    """What the two sides pay and get; arrays by year, in the money of the cash flow.

    Attributes:
        contributions: paid by the investor as called.
        shortfalls: paid by the investor in years whose cash is below zero.
        to_investor: distributions to the investor.
        to_host: distributions to the host.
        still_to_recover: what the investor has not got back at the end of the year.
        shared_equally_part: share of the year's cash that was paid before recovery, 0 to 1.
        recovered_at: index of the year in which everything called was back, and the part of that year's cash it took;
            None where that never happens.
    """

    contributions: Yearly
    shortfalls: Yearly
    to_investor: Yearly
    to_host: Yearly
    still_to_recover: Yearly
    shared_equally_part: Yearly
    recovered_at: tuple[int, float] | None

    @property
    def investor_net(self) -> Yearly:
        """Distributions to the investor less everything it pays."""
        return self.to_investor - self.contributions - self.shortfalls


def share_cash(contributions: Sequence[float], cash_available: Sequence[float], terms: PartnershipTerms) -> Waterfall:
    """Share the cash of every year between the investor and the host.

        b[t] = B[t-1] * (1 + i) + C[t] + max(-D[t], 0)       what there is to recover before the year's distribution
        x[t] = min(max(D[t], 0), b[t] / s)                   cash shared as before recovery
        J[t] = s * x[t] + a * (max(D[t], 0) - x[t])          to the investor
        U[t] = max(D[t], 0) - J[t]                           to the host
        B[t] = b[t] - s * x[t]

    | symbol | name             | unit | dimensions |
    |--------|------------------|------|------------|
    | C      | `contributions`  | USD  | year       |
    | D      | `cash_available` | USD  | year       |
    | s, a, i| `terms`          |      | scalar     |
    | B      | still to recover | USD  | year       |
    | J, U   | to each side     | USD  | year       |

    Edge rules: the year in which recovery happens is split exactly: its cash up to x[t] as before, the rest as after.
    Cash below zero is paid by the investor, who bears the losses, and counts as invested. Interest runs on what stood
    open at the end of the year before. Recovery is the first year in which nothing is open and everything was called.
    Each year J[t] + U[t] - C[t] - max(-D[t], 0) = D[t] - C[t]: the parts are the project.

    Raises:
        ValueError: series of different length, a negative contribution, a number that is not finite.

    >>> shared = share_cash([100.0, 0.0, 0.0], [0.0, 150.0, 80.0], PartnershipTerms())
    >>> shared.to_investor.tolist(), shared.to_host.tolist(), shared.recovered_at
    ([0.0, 75.0, 28.0], [0.0, 75.0, 52.0], (2, 0.625))
    """
    called, cash = np.asarray(contributions, dtype=np.float64), np.asarray(cash_available, dtype=np.float64)
    _refuse_bad(called, cash)
    s, a = terms.investor_share_before, terms.investor_share_after
    paid_in = np.maximum(-cash, 0.0)
    out = np.maximum(cash, 0.0)
    to_investor, still, part = np.zeros_like(cash), np.zeros_like(cash), np.zeros_like(cash)
    last_call = int(np.flatnonzero(called)[-1]) if called.any() else len(called)
    recovered: tuple[int, float] | None = None
    open_before = 0.0
    for t in range(len(cash)):
        to_recover = open_before * (1.0 + terms.deemed_interest) + called[t] + paid_in[t]
        shared = min(out[t], to_recover / s)
        to_investor[t] = s * shared + a * (out[t] - shared)
        open_before = 0.0 if out[t] >= to_recover / s else to_recover - s * shared
        still[t] = open_before
        part[t] = shared / out[t] if out[t] > 0 else 0.0
        if recovered is None and t >= last_call and open_before == 0.0:
            recovered = (t, float(part[t]))
    return Waterfall(called, paid_in, to_investor, out - to_investor, still, part, recovered)


def _refuse_bad(called: Yearly, cash: Yearly) -> None:
    if called.shape != cash.shape or called.ndim != 1:
        raise ValueError(f"one contribution and one cash flow per year, given {called.shape} and {cash.shape}")
    if not (np.isfinite(called).all() and np.isfinite(cash).all()):
        raise ValueError("contributions and cash must be finite")
    if (called < 0).any():
        raise ValueError(f"a contribution is never below 0, given {called.min():g}")
