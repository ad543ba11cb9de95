"""How one side's receipts are passed on to those who lent it the money: policy bank, banks, insurer, equity."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Yearly = NDArray[np.float64]
LENDERS = ("policy_bank", "banks", "insurer")


@dataclass(frozen=True)
class LoanTerms:
    """Where the investor's money comes from.

    | symbol | name                  | unit          | meaning                                              |
    |--------|-----------------------|---------------|------------------------------------------------------|
    | e      | `equity_share`        | fraction      | of every contribution                                |
    | j      | `policy_bank_share`   | fraction      | of what is lent                                      |
    | rj, rb | `policy_bank_interest`, `bank_interest` | fraction/year |                                    |
    | c      | `insured_share`       | fraction      | of the banks' loan that the insurer covers           |
    | p      | `premium`             | fraction/year | of the insured loan, to the insurer                  |
    | n      | `tenor_years`         | years         | from the last call to the day the insurer pays       |

    Raises:
        ValueError: a share outside 0 to 1, a rate below 0, a tenor below one year.
    """

    equity_share: float
    policy_bank_share: float
    policy_bank_interest: float
    bank_interest: float
    insured_share: float
    premium: float
    tenor_years: int

    def __post_init__(self) -> None:
        """Refuse shares and rates that are none."""
        for name in ("equity_share", "policy_bank_share", "insured_share"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} must lie between 0 and 1, given {getattr(self, name)}")
        for name in ("policy_bank_interest", "bank_interest", "premium"):
            if not (math.isfinite(getattr(self, name)) and getattr(self, name) >= 0):
                raise ValueError(f"{name} must be finite and at least 0, given {getattr(self, name)}")
        if self.tenor_years < 1:
            raise ValueError(f"tenor_years must be at least 1, given {self.tenor_years}")


@dataclass(frozen=True)
class LoanAccounts:
    """Net cash of each lender and of the equity by year, and what each is still owed at the end of it.

    Attributes:
        net: by party: what it gets less what it pays, shape (year,).
        owed: by lender: principal and unpaid interest at the end of the year, shape (year,).
        insurer_paid: paid by the insurer to the banks, shape (year,).
    """

    net: dict[str, Yearly]
    owed: dict[str, Yearly]
    insurer_paid: Yearly


def loan_accounts(contributions: Sequence[float], receipts: Sequence[float], terms: LoanTerms) -> LoanAccounts:
    """Pass the receipts of every year on to the lenders, and what is left to the equity.

        owed before payment:  policy bank  O'j = Oj * (1 + rj) + j * (1 - e) * C
                              banks        O'b = Ob * (1 + rb) + (1 - j) * (1 - e) * C
                              insurer      O'i = Oi * (1 + rb) + p * c * Ob
        paid to each          P_k = O'_k * min(1, R / sum O')
        to the equity         R - sum P
        in year n after the last call the insurer pays c * Ob to the banks, and is owed that from then on

    | symbol | name              | unit | dimensions |
    |--------|-------------------|------|------------|
    | C      | `contributions`   | USD  | year       |
    | R      | `receipts`        | USD  | year       |
    | O      | owed at year end  | USD  | year       |

    Edge rules: everything received goes to the lenders until they are paid, in proportion to what they are owed;
    interest that is not paid is added to the debt. Each year the net cash of all parties adds up to R - C.

    Raises:
        ValueError: series of different length, or a number below 0.

    Source: that JBIC lends and invests and private banks join with NEXI cover (US Frontline News, 18 February 2026),
    at least 90 % of the commercial part insured, split undecided (Financial Times, 19 March 2026, Japanese
    translation). The order of payment is not published: full sweep in proportion is how this model reads it.
    """
    put_in, got = np.asarray(contributions, dtype=np.float64), np.asarray(receipts, dtype=np.float64)
    if put_in.shape != got.shape or (put_in < 0).any() or (got < 0).any():
        raise ValueError("one contribution and one receipt per year, each at least 0")
    lent = (1.0 - terms.equity_share) * put_in
    drawn = {
        "policy_bank": terms.policy_bank_share * lent,
        "banks": (1.0 - terms.policy_bank_share) * lent,
        "insurer": np.zeros_like(lent),
    }
    rate = {
        "policy_bank": terms.policy_bank_interest,
        "banks": terms.bank_interest,
        "insurer": terms.bank_interest,
    }
    net = {name: np.zeros_like(put_in) for name in (*LENDERS, "equity")}
    owed = {name: np.zeros_like(put_in) for name in LENDERS}
    insured = np.zeros_like(put_in)
    due_year = (int(np.flatnonzero(put_in)[-1]) if put_in.any() else 0) + terms.tenor_years
    open_ = dict.fromkeys(LENDERS, 0.0)
    for t in range(len(put_in)):
        premium = terms.premium * terms.insured_share * open_["banks"] if t <= due_year else 0.0
        open_ = {name: open_[name] * (1.0 + rate[name]) + float(drawn[name][t]) for name in LENDERS}
        open_["insurer"] += premium
        total = math.fsum(open_.values())
        part = min(1.0, float(got[t]) / total) if total > 0 else 0.0
        paid = {name: open_[name] * part for name in LENDERS}
        open_ = {name: open_[name] - paid[name] for name in LENDERS}
        if t == due_year:
            insured[t] = terms.insured_share * open_["banks"]
            open_["banks"] -= float(insured[t])
            open_["insurer"] += float(insured[t])
        for name in LENDERS:
            net[name][t] = paid[name] - drawn[name][t]
            owed[name][t] = open_[name]
        net["banks"][t] += insured[t]
        net["insurer"][t] -= insured[t]
        net["equity"][t] = got[t] - math.fsum(paid.values()) - (put_in[t] - lent[t])
    return LoanAccounts(net, owed, insured)
