"""The account of a project while it is filled: every payment by party and item, and what the owners are left with."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from gigasite.finance.cash_flow import DISTRIBUTED, SUPPORT

Array = NDArray[np.float64]
NO_OWNER = "owners"


@dataclass
class Account:
    """The account of the project while it is filled."""

    years: tuple[int, ...]
    items: dict[tuple[str, str], Array] = field(default_factory=dict)
    service: Array = field(default_factory=lambda: np.zeros(0))
    reserve: Array = field(default_factory=lambda: np.zeros(0))
    deductions: Array = field(default_factory=lambda: np.zeros(0))
    invested: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))

    def __post_init__(self) -> None:
        self.service, self.reserve, self.deductions = (np.zeros(len(self.years)) for _ in range(3))

    def add(self, party: str, item: str, first_year: int, amounts: Array) -> None:
        """Add amounts that begin in a year; what lies after the last year is refused."""
        at = first_year - self.years[0]
        if at < 0 or at + len(amounts) > len(self.years):
            raise ValueError(
                f"{item} of {party} does not end before operation does: {first_year}, {len(amounts)} years"
            )
        self.items.setdefault((party, item), np.zeros(len(self.years)))[at : at + len(amounts)] += amounts


def pay_owners(account: Account, left: Array) -> None:
    """What is left, to the owners in the shares of what they have put in; where it is below zero they put it in."""
    total = sum(account.invested.values())
    shares = {owner: usd / total for owner, usd in account.invested.items()} if total > 0 else {NO_OWNER: 1.0}
    for owner, share in shares.items():
        account.add(owner, DISTRIBUTED, account.years[0], -share * np.maximum(0.0, left))
        account.add(owner, SUPPORT, account.years[0], share * np.maximum(0.0, -left))
