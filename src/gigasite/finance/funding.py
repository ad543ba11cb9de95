"""What building a plant takes, year by year, and which tranche pays it.

One `Phase` is what starts in one year under one set of tranches. Every dollar of a year is paid by all tranches in
their shares, the interest of the loans among them; so a loan owes its share of everything when the plant starts.

    uses_k   = spend_k + idc_k + fees_k + reserve_k
    draw_ik  = share_i * uses_k
    idc_ik   = (rate_i + fee_i) * (B_i(k-1) + draw_ik / 2),   B_ik = B_i(k-1) + draw_ik,   i a loan
    fees_1   = sum over i of upfront_i * share_i * U,         U = sum over k of uses_k
    reserve_K = months / 12 * sum over i of share_i * U * service_i1

| symbol   | name                                                     | unit     | dimensions |
|----------|----------------------------------------------------------|----------|------------|
| spend    | overnight cost with overruns, in the money of the year   | USD      | k = 1..K   |
| idc      | interest and guarantee fees during construction          | USD      | i, k       |
| rate     | `Tranche.rate`, nominal                                  | fraction | i          |
| fee      | `Tranche.fee_on_balance`                                 | fraction | i          |
| upfront  | `Tranche.upfront_fee`                                    | fraction | i          |
| reserve  | first filling of the debt service reserve account        | USD      | k = K      |
| service_i1 | first year's service of a dollar of loan i             | USD      | i          |
| U        | all that building takes                                  | USD      | scalar     |

Edge rule: the money of a year is drawn in its middle, the plant starts at the end of year K. Fees and reserve depend on
U and U on them, linearly, so U is found from two trials. Source: Yescombe, "Principles of Project Finance", 2014.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gigasite.finance.debt import DebtService
from gigasite.finance.tranches import Tranche, check_shares

MONTHS_PER_YEAR = 12


@dataclass(frozen=True)
class Phase:
    """What starts in one year.

    Attributes:
        name: what tables call it.
        start_year: first calendar year of operation; all is spent before it.
        spending_usd: overnight cost by calendar year, in the money of the year [USD]. Years of delay have nothing.
        tranches: who pays; shares add up to 1.
        depreciation_shares: part of the basis deducted in each year from `start_year` on.
        investment_credit_usd: tax credit received in `start_year`, which lowers the basis by half of it [USD].
        grant_usd: aid received in the last year before `start_year`, paid to the project [USD].
    """

    name: str
    start_year: int
    spending_usd: Mapping[int, float]
    tranches: tuple[Tranche, ...]
    depreciation_shares: tuple[float, ...] = ()
    investment_credit_usd: float = 0.0
    grant_usd: float = 0.0

    def __post_init__(self) -> None:
        """Refuse shares that do not add up and money spent after the start."""
        check_shares(self.tranches)
        if not self.spending_usd or max(self.spending_usd) >= self.start_year:
            raise ValueError(f"{self.name} must be paid before {self.start_year}, given {sorted(self.spending_usd)}")

    @property
    def years(self) -> tuple[int, ...]:
        """Calendar years of construction, delay included."""
        return tuple(range(min(self.spending_usd), self.start_year))


@dataclass(frozen=True)
class Funding:
    """How a phase is paid for; arrays over its years of construction, by tranche name where there is one.

    Attributes:
        spending_usd: overnight cost less the grant.
        draws_usd: what each tranche pays.
        interest_usd: interest of each loan during construction.
        guarantee_usd: guarantee fees of each loan during construction.
        upfront_usd: upfront fees of each loan.
        reserve_usd: first filling of the reserve account.
    """

    spending_usd: NDArray[np.float64]
    draws_usd: Mapping[str, NDArray[np.float64]]
    interest_usd: Mapping[str, NDArray[np.float64]]
    guarantee_usd: Mapping[str, NDArray[np.float64]]
    upfront_usd: Mapping[str, NDArray[np.float64]]
    reserve_usd: NDArray[np.float64]

    @property
    def uses_usd(self) -> NDArray[np.float64]:
        """All that is paid, by year."""
        return np.asarray(sum(self.draws_usd.values(), start=np.zeros(len(self.spending_usd))), dtype=np.float64)

    @property
    def depreciable_usd(self) -> float:
        """What may be deducted later: everything but the reserve, which is only kept."""
        return float((self.uses_usd - self.reserve_usd).sum())


def fund(phase: Phase, service: Mapping[str, DebtService], reserve_months: float = 0.0) -> Funding:
    """Return who pays what while a phase is built, by the equations above.

    Args:
        phase: what is built.
        service: of one dollar of each loan, by tranche name.
        reserve_months: months of debt service that the reserve account holds when the plant starts.
    """
    spending = np.array([phase.spending_usd.get(year, 0.0) for year in phase.years], dtype=np.float64)
    spending[-1] -= phase.grant_usd
    fixed = float(_funded(phase.tranches, spending, service, reserve_months, 0.0).uses_usd.sum())
    trial = max(abs(fixed), 1.0)  # of the size of the answer, so that no digits are lost in the difference
    at_trial = float(_funded(phase.tranches, spending, service, reserve_months, trial).uses_usd.sum())
    slope = (at_trial - fixed) / trial
    if slope >= 1.0:
        raise ValueError(f"fees and reserve of {phase.name} take all that is drawn for them; shorten the reserve")
    return _funded(phase.tranches, spending, service, reserve_months, fixed / (1.0 - slope))


def _funded(
    tranches: Sequence[Tranche],
    spending: NDArray[np.float64],
    service: Mapping[str, DebtService],
    reserve_months: float,
    total: float,
) -> Funding:
    """The years of construction if all uses came to `total`."""
    loans = [tranche for tranche in tranches if tranche.is_debt]
    first, reserve = np.zeros(len(spending)), np.zeros(len(spending))
    upfront = {loan.name: np.zeros(len(spending)) for loan in loans}
    for loan in loans:
        upfront[loan.name][0] = loan.upfront_fee * loan.share * total
        first[0] += upfront[loan.name][0]
        reserve[-1] += reserve_months / MONTHS_PER_YEAR * loan.share * total * float(service[loan.name].total[0])
    draws = {tranche.name: np.zeros(len(spending)) for tranche in tranches}
    interest, fees = ({loan.name: np.zeros(len(spending)) for loan in loans} for _ in range(2))
    half = sum(loan.share * (loan.rate + loan.fee_on_balance) / 2 for loan in loans)
    owed = dict.fromkeys(draws, 0.0)
    for k in range(len(spending)):
        carried = sum((loan.rate + loan.fee_on_balance) * owed[loan.name] for loan in loans)
        uses = (spending[k] + first[k] + reserve[k] + carried) / (1.0 - half)
        for tranche in tranches:
            draws[tranche.name][k] = tranche.share * uses
            mean = owed[tranche.name] + tranche.share * uses / 2
            if tranche.is_debt:
                interest[tranche.name][k] = tranche.rate * mean
                fees[tranche.name][k] = tranche.fee_on_balance * mean
            owed[tranche.name] += tranche.share * uses
    return Funding(spending, draws, interest, fees, upfront, reserve)
