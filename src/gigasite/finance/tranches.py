"""Who pays for a plant, and what each of them asks: tranches, and the cost of capital they blend to.

A tranche pays a share of all that building takes (overnight cost, interest during construction, fees, first reserve),
year by year in that share. Rates are nominal; real ones follow by Fisher.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from gigasite.finance.cost_of_capital import real_from_nominal
from gigasite.finance.debt import ANNUITY, REPAYMENTS, service_of_one_usd

JBIC_LOAN, NEXI_LOAN, COMMERCIAL_LOAN = "jbic_loan", "nexi_insured_loan", "commercial_loan"
SPONSOR_EQUITY, US_PARTNER = "sponsor_equity", "us_partner"
DEBT_KINDS, EQUITY_KINDS = (JBIC_LOAN, NEXI_LOAN, COMMERCIAL_LOAN), (SPONSOR_EQUITY, US_PARTNER)

LEAST_NEXI_COVER = 0.9
"""Trade insurance of NEXI covers at least so much of a loan (Financial Times, 19 March 2026)."""

SHARE_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Tranche:
    """One source of money.

    Attributes:
        name: what tables call it.
        kind: one of `DEBT_KINDS` or `EQUITY_KINDS`.
        share: of all that building takes [fraction].
        rate: interest of a loan, or the return that equity asks, nominal and after tax [fraction a year].
        tenor_years: years of repayment after the start of the plant, of a loan [years].
        guarantee_share: part of a loan that a third party covers [fraction].
        guarantee_fee: paid on the covered part of what is owed [fraction a year].
        upfront_fee: paid once on the amount of the loan, in the first year of building [fraction].
        repayment: `annuity`, `level_principal` or `sculpted`.
    """

    name: str
    kind: str
    share: float
    rate: float
    tenor_years: int | None = None
    guarantee_share: float = 0.0
    guarantee_fee: float = 0.0
    upfront_fee: float = 0.0
    repayment: str = ANNUITY

    def __post_init__(self) -> None:
        """Refuse terms that mean nothing; what a planner may get wrong is told with its place by the inputs."""
        if self.kind not in (*DEBT_KINDS, *EQUITY_KINDS) or self.repayment not in REPAYMENTS:
            raise ValueError(f"no such kind or repayment: {self.kind}, {self.repayment}")
        if not 0 <= self.share <= 1 or not self.rate > -1:
            raise ValueError(f"share must lie between 0 and 1 and the rate above -1, given {self.share}, {self.rate}")
        if self.is_debt and (self.tenor_years is None or self.tenor_years < 1):
            raise ValueError(f"the loan {self.name} needs a tenor of at least a year, given {self.tenor_years}")
        if self.kind == NEXI_LOAN and self.guarantee_share < LEAST_NEXI_COVER:
            raise ValueError(f"NEXI covers at least {LEAST_NEXI_COVER:g} of a loan, given {self.guarantee_share}")

    @property
    def is_debt(self) -> bool:
        """Whether it is lent, and so repaid whatever the plant earns."""
        return self.kind in DEBT_KINDS

    @property
    def fee_on_balance(self) -> float:
        """Guarantee fee on each dollar owed [fraction a year]."""
        return self.guarantee_share * self.guarantee_fee

    def cost_nominal(self) -> float:
        """What the tranche costs a year with all its fees, before tax [fraction].

        Equity: its return. A loan: the rate i at which what is received pays for interest, fees and principal,

            1 - u = sum over n = 1..N of (interest_n + fee_n + principal_n) / (1 + i)^n

        | symbol | name          | unit     | dimensions |
        |--------|---------------|----------|------------|
        | u      | `upfront_fee` | fraction | scalar     |
        | N      | `tenor_years` | years    | scalar     |

        Edge rule: a sculpted loan is taken as an annuity here, because its shape follows the cash of the plant.
        Source: internal rate of return of the borrower, solved by pyxirr.
        """
        if not self.is_debt or self.upfront_fee == 0.0:
            return self.rate + (self.fee_on_balance if self.is_debt else 0.0)
        from pyxirr import irr

        shape = service_of_one_usd(self.repayment, self.rate, self.tenor_years or 1)
        paid = shape.interest + shape.principal + self.fee_on_balance * shape.opening_balance
        found = irr([-(1.0 - self.upfront_fee), *paid.tolist()])
        if found is None:
            raise ValueError(f"the fees of {self.name} leave no rate that explains them")
        return float(found)


def check_shares(tranches: Sequence[Tranche]) -> None:
    """Raise ValueError unless the shares add up to 1."""
    total = math.fsum(tranche.share for tranche in tranches)
    if abs(total - 1.0) > SHARE_TOLERANCE:
        raise ValueError(f"shares must add up to 1, given {total:g}")


def wacc_before_tax(tranches: Sequence[Tranche]) -> float:
    """Mean cost of the tranches as they are paid, nominal: w = sum of share_i * cost_i [fraction a year]."""
    check_shares(tranches)
    return math.fsum(tranche.share * tranche.cost_nominal() for tranche in tranches)


def wacc_after_tax(tranches: Sequence[Tranche], tax_rate: float) -> float:
    """Weighted average cost of capital, nominal and after tax.

        w = sum over loans of share_i * cost_i * (1 - T)  +  sum over equity of share_i * cost_i

    | symbol | name                   | unit     | dimensions |
    |--------|------------------------|----------|------------|
    | w      | (result)               | fraction | scalar     |
    | cost   | `Tranche.cost_nominal` | fraction | tranche    |
    | T      | `tax_rate`             | fraction | scalar     |

    Edge rule: fees of a loan are deducted from taxable income like its interest.
    Source: NREL Annual Technology Baseline, financial cases and methods, for more than two sources of money.

    >>> bank = Tranche("bank", "commercial_loan", 0.55, 0.08, 30)
    >>> owner = Tranche("owner", "sponsor_equity", 0.45, 0.105)
    >>> round(wacc_after_tax([bank, owner], 0.2574), 5)
    0.07992
    """
    check_shares(tranches)
    kept = {True: 1.0 - tax_rate, False: 1.0}
    return math.fsum(tranche.share * tranche.cost_nominal() * kept[tranche.is_debt] for tranche in tranches)


def wacc_real(tranches: Sequence[Tranche], tax_rate: float, inflation: float, risk_adder_real: float = 0.0) -> float:
    """Real cost of capital after tax, with what a technology asks more for its risk.

        k = (1 + w) / (1 + f) - 1 + a

    | symbol | name              | unit     | dimensions |
    |--------|-------------------|----------|------------|
    | k      | (result)          | fraction | scalar     |
    | w      | `wacc_after_tax`  | fraction | scalar     |
    | f      | `inflation`       | fraction | scalar     |
    | a      | `risk_adder_real` | fraction | scalar     |

    Source: Fisher, "The Theory of Interest", 1930; the adder as `finance_diff_real` of NREL ReEDS.
    """
    return real_from_nominal(wacc_after_tax(tranches, tax_rate), inflation) + risk_adder_real
