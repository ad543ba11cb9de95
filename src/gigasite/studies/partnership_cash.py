"""From a run and the terms of its partnership to the yearly cash of the special-purpose company.

    energy, operation, tax, credits   as `finance_project` has them for any owner
    spending[t]  = what is called with funds due in t, given to plants in the order in which they start
    fee[t]       = developer_fee(gas capacity[t], ...), a cost of operation

Plants are what the investment buys: each start year takes its part of it by what its plants cost in the money of the
day. What has to be renewed later is paid from the cash of its years; aid of the state is left out. The company itself
owes nothing; who lent Japan its money is Japan's affair.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from gigasite.finance.cash_flow import ProjectTerms
from gigasite.finance.developer_fee import developer_fee
from gigasite.finance.discounting import calendar_years
from gigasite.finance.funding import Phase
from gigasite.finance.revenue import PriceTerms
from gigasite.finance.tranches import SPONSOR_EQUITY, Tranche
from gigasite.foundation.errors import InputError, Problem
from gigasite.results.run import Run
from gigasite.studies.finance_project import Project
from gigasite.studies.partnership_terms import Terms

if TYPE_CHECKING:
    from collections.abc import Sequence

FEE, OWNER = "developer_fee", "japan"
GAS = ("combined_cycle", "gas_turbine", "gas_engine")
"""Plants that count towards the promised capacity."""

ROUNDING_USD = 1.0


def company_terms(project: Project, terms: Terms) -> ProjectTerms:
    """Everything the company's cash follows from, but the price.

    Raises:
        InputError: plants start before the money for them is called.
    """
    years = project.terms.years
    costs = {item: list(usd) for item, usd in project.terms.operating_usd.items()}
    if terms.fee_usd > 0:
        costs[FEE] = developer_fee(
            _gas_mw(project.run, years),
            fee=terms.fee_usd,
            payout_years=terms.fee_payout_years,
            target_mw=terms.fee_target_mw,
        ).tolist()
    return replace(
        project.terms,
        phases=_phases(project, terms),
        operating_usd=costs,
        price_terms=PriceTerms(),
        reserve_months=0.0,
    )


def called_by_year(terms: Terms) -> dict[int, float]:
    """What is paid in each calendar year: calls by the year of the latest day of their funds [USD]."""
    found: defaultdict[int, float] = defaultdict(float)
    for call in terms.calls:
        found[call.latest.year] += call.usd
    return dict(found)


def _phases(project: Project, terms: Terms) -> tuple[Phase, ...]:
    """Plants by the year they start, each with its part of the money, the earliest money to the earliest plants."""
    vintages = {int(year) for year in project.run.table("investment")["vintage"]}
    built: defaultdict[int, list[Phase]] = defaultdict(list)
    renewed = []
    for phase in project.terms.phases:
        if phase.start_year in vintages:
            built[phase.start_year].append(phase)
        else:
            renewed.append(replace(phase, tranches=_owner(), investment_credit_usd=0.0))
    cost = {start: math.fsum(map(_spent, phases)) for start, phases in sorted(built.items())}
    everything = math.fsum(cost.values())
    left = dict(sorted(called_by_year(terms).items()))
    found = []
    for start, spent in cost.items():
        wanted = math.fsum(left.values()) if start == max(cost) else terms.investment_usd * spent / everything
        spending = _taken(left, wanted, start, project.run)
        credit = math.fsum(phase.investment_credit_usd for phase in built[start]) / spent
        found.append(
            Phase(
                name=str(start),
                start_year=start,
                spending_usd=spending,
                tranches=_owner(),
                depreciation_shares=max(built[start], key=_spent).depreciation_shares,
                investment_credit_usd=credit * math.fsum(spending.values()),
            )
        )
    return (*found, *renewed)


def _owner() -> tuple[Tranche, ...]:
    return (Tranche(OWNER, SPONSOR_EQUITY, 1.0, 0.0),)


def _spent(phase: Phase) -> float:
    return math.fsum(phase.spending_usd.values())


def _taken(left: dict[int, float], wanted: float, start: int, run: Run) -> dict[int, float]:
    """Take so much of the money that is left, the earliest first."""
    spending: dict[int, float] = {}
    for year in [year for year in left if year < start]:
        usd = min(left[year], wanted)
        if usd <= 0:
            break
        spending[year] = usd
        wanted -= usd
        left[year] -= usd
        if left[year] <= 0:
            del left[year]
    if wanted > ROUNDING_USD:
        raise InputError(
            Problem(
                f"plants of {run.scenario} start in {start}, but {wanted:,.0f} USD for them come later",
                key="partnership.calls",
                remedy="call more of the investment earlier; funds count in the year of their latest day",
            )
        )
    return spending


def _gas_mw(run: Run, years: Sequence[int]) -> list[float]:
    """Capacity of all gas plants by calendar year [MW]."""
    horizon = run.settings["horizon"]
    spans = calendar_years(horizon["years"], int(horizon["final_span_years"]))
    modelled = {year: span[0] for span in spans for year in span}
    gas = run.capacity[run.capacity["technology"].isin(GAS)]
    sums = gas.groupby("year")["total_mw"].sum()
    last = int(horizon["years"][-1])
    return [float(sums.get(modelled.get(year, last), 0.0)) for year in years]
