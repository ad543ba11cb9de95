"""All-in costs: announced totals that hold the financing of their construction already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from gigasite.finance.debt import DebtService
from gigasite.finance.funding import Phase, fund


def without_its_financing(phase: Phase, service: Mapping[str, DebtService]) -> Phase:
    """Return a phase whose spending was an all-in cost, with the spending that comes to it with interest and fees.

        spend' = spend * sum of spend / sum of uses(spend),   uses without a reserve

    Edge rule: the return that owners ask while it is built is no part of an all-in cost.
    Source: definition of this model (money: an all-in cost holds its financing already).
    """
    paid = fund(replace(phase, grant_usd=0.0), service).uses_usd.sum()
    factor = sum(phase.spending_usd.values()) / float(paid)
    return replace(phase, spending_usd={year: usd * factor for year, usd in phase.spending_usd.items()})
