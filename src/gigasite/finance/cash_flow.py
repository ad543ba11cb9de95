"""The cash of a project year by year: what comes in, what goes out, and to whom; USD of the year (nominal).

Every amount is seen from the account of the project: what comes in is above zero, what goes out below. Each year the
account is emptied, so

    sum over all items of a year = 0                                                     sources = uses
    project_t = revenue + tax_credit + grant - construction - operation - tax            before who pays
    project_t = - sum over lenders, guarantor, reserve and owners of their items         sum of parties = project

and what is left after debt service and reserve goes to the owners in the shares of what they have put in. Where it is
below zero they put it in (`support`): a loan is always served.

| item                                | party              | in year                          |
|-------------------------------------|--------------------|----------------------------------|
| `revenue`                           | customer           | operation                        |
| names of `operating_usd`            | suppliers          | operation                        |
| `tax`, `tax_credit`, `grant`        | state              | any                              |
| `construction`                      | builders           | construction                     |
| `draw`, `interest`, `principal`, `interest_during_construction`, `upfront_fee` | the loan | any |
| `guarantee_fee`                     | guarantor          | any                              |
| `reserve`                           | reserve account    | last of construction, operation  |
| `invested`, `distributed`, `support` | the owner         | any                              |
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gigasite.finance.depreciation import ALLOWED_LOSS
from gigasite.finance.funding import Phase
from gigasite.finance.revenue import PriceTerms
from gigasite.finance.tranches import Tranche

CUSTOMER, SUPPLIERS, STATE, BUILDERS = "customer", "suppliers", "state", "builders"
GUARANTOR, RESERVE = "guarantor", "reserve_account"
BUSINESS = (CUSTOMER, SUPPLIERS, STATE, BUILDERS)
"""Parties that stand before the question who pays; all others are capital."""

INVESTED, DISTRIBUTED, SUPPORT = "invested", "distributed", "support"
UNIT = "USD, nominal"


@dataclass(frozen=True)
class ProjectTerms:
    """Everything a project's cash follows from, but the price of power.

    Attributes:
        phases: what is built, when, and who pays.
        years: calendar years of operation, in order.
        energy_mwh: sold in each of `years` [MWh].
        operating_usd: cost of operation by item and year of `years`, above zero [USD, nominal].
        price_terms: how the price moves.
        price_level: USD of each of `years` that buy what one USD of the money year bought.
        tax_rate: on income [fraction].
        credits_usd: tax credits received in each of `years` beside those of the phases [USD, nominal].
        reserve_months: months of debt service kept in a reserve account.
        allowed_loss_share: part of taxable income that earlier losses may take away [fraction].
    """

    phases: tuple[Phase, ...]
    years: tuple[int, ...]
    energy_mwh: Sequence[float]
    operating_usd: Mapping[str, Sequence[float]]
    price_level: Sequence[float]
    price_terms: PriceTerms = field(default_factory=PriceTerms)
    tax_rate: float = 0.0
    credits_usd: Sequence[float] | None = None
    reserve_months: float = 0.0
    allowed_loss_share: float = ALLOWED_LOSS

    @property
    def all_years(self) -> tuple[int, ...]:
        """Calendar years from the first spending to the last operation."""
        first = min([self.years[0], *(phase.years[0] for phase in self.phases)])
        return tuple(range(first, self.years[-1] + 1))

    @property
    def is_lent(self) -> bool:
        """Whether a loan pays for any part of it."""
        return any(tranche.is_debt and tranche.share > 0 for phase in self.phases for tranche in phase.tranches)

    @property
    def owners(self) -> tuple[Tranche, ...]:
        """Tranches of equity, each name once."""
        found = {t.name: t for phase in self.phases for t in phase.tranches if not t.is_debt}
        return tuple(found.values())


@dataclass(frozen=True)
class ProjectCashFlow:
    """The cash of a project at one price.

    Attributes:
        price_usd_per_mwh: the price, as `PriceTerms` means it.
        items: year x (party, item), USD of the year; index `year`.
        debt_service_usd: interest, guarantee fees and principal by year of the index, above zero [USD].
        available_usd: cash of each year before debt service, zero outside operation [USD].
        taxable_usd: taxable income before losses carried forward [USD].
    """

    price_usd_per_mwh: float
    items: pd.DataFrame
    debt_service_usd: pd.Series
    available_usd: pd.Series
    taxable_usd: pd.Series

    @property
    def years(self) -> tuple[int, ...]:
        """Calendar years."""
        return tuple(int(year) for year in self.items.index)

    @property
    def frame(self) -> pd.DataFrame:
        """Year x item, USD of the year, over all parties."""
        return self.items.T.groupby(level="item", sort=False).sum().T

    @property
    def by_party(self) -> pd.DataFrame:
        """Year x party, USD of the year, seen from the project."""
        return self.items.T.groupby(level="party", sort=False).sum().T

    @property
    def project_usd(self) -> pd.Series:
        """Cash before who pays: earned, less building, operation and tax [USD, nominal, by year]."""
        return self.by_party.reindex(columns=list(BUSINESS), fill_value=0.0).sum(axis=1)

    @property
    def equity_usd(self) -> pd.Series:
        """Cash of all owners together, as they see it: what they put in is below zero [USD, nominal, by year]."""
        of_owners = self.items.columns.get_level_values("item").isin([INVESTED, DISTRIBUTED, SUPPORT])
        return -self.items.loc[:, of_owners].sum(axis=1)

    @property
    def invested_usd(self) -> pd.Series:
        """What the owners put in, building and support, above zero [USD, nominal, by year]."""
        return self._of((INVESTED, SUPPORT))

    @property
    def distributable_usd(self) -> pd.Series:
        """What is left for the owners after debt service and reserve, above zero [USD, nominal, by year]."""
        return -self._of((DISTRIBUTED,))

    def of_party(self, party: str) -> NDArray[np.float64]:
        """Cash of one party as it sees it [USD, nominal, by year]."""
        found = self.items.columns.get_level_values("party") == party
        return np.asarray(-self.items.loc[:, found].sum(axis=1), dtype=np.float64)

    def _of(self, items: Sequence[str]) -> pd.Series:
        return self.items.loc[:, self.items.columns.get_level_values("item").isin(items)].sum(axis=1)

    def tidy(self) -> pd.DataFrame:
        """One row for each year, party and item that is not zero: `amount_usd_nominal`."""
        values = self.items.to_numpy()
        rows, columns = np.nonzero(values)
        names = self.items.columns.to_frame(index=False).iloc[columns]
        return pd.DataFrame(
            {
                "year": np.asarray(self.items.index, dtype=np.int64)[rows],
                "party": names["party"].to_numpy(),
                "item": names["item"].to_numpy(),
                "amount_usd_nominal": values[rows, columns],
            }
        )
