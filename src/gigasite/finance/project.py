"""From the terms of a project and a price to its cash, year by year; the items stand in `cash_flow`.

    available_t = revenue_t - operation_t - tax_t + tax_credit_t
    service_it  = D_i * (interest_n + fee_i * balance_n + principal_n),   n = t - start + 1
    reserve_t   = months / 12 * service_(t+1),   kept at the end of t
    left_t      = available_t - sum over i of service_it - (reserve_t - reserve_(t-1))
    taxable_t   = revenue_t - operation_t - depreciation_t - interest_t - fees_t
    basis       = all uses but the reserve - investment credit / 2

| symbol  | name                                                       | unit | dimensions   |
|---------|------------------------------------------------------------|------|--------------|
| D       | loan when its phase starts: share of all uses              | USD  | loan, phase  |
| balance | opening balance of a loan of one dollar, `debt.DebtService` | USD | n            |
| left    | what the owners receive, or put in where below zero        | USD  | t            |

Edge rules: a sculpted loan follows its part, by cost, of revenue less operation before tax, because tax depends on its
interest. Interest,
fees and upfront fees of the years of construction belong to the basis. The reserve earns nothing. What is not yet
depreciated when operation ends is lost. Half of an investment credit lowers the basis: 26 USC 50(c)(3).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gigasite.finance import cash_flow as names
from gigasite.finance.account import Account, pay_owners
from gigasite.finance.cash_flow import ProjectCashFlow, ProjectTerms
from gigasite.finance.debt import DebtService, service_of_one_usd
from gigasite.finance.depreciation import tax_with_losses
from gigasite.finance.funding import MONTHS_PER_YEAR, Funding, Phase, fund
from gigasite.finance.revenue import revenue_usd

Array = NDArray[np.float64]
CREDIT_OFF_THE_BASIS = 0.5
"""26 USC 50(c)(3): half of an investment credit for energy property lowers the basis."""


def project_cash_flow(terms: ProjectTerms, price_usd_per_mwh: float) -> ProjectCashFlow:
    """Return the cash of a project at a price, by the equations above.

    Raises:
        ValueError: a loan that is not paid back before operation ends, or arrays of different lengths.
    """
    account = Account(terms.all_years)
    operating = _operating(account, terms, price_usd_per_mwh)
    for phase in terms.phases:
        service = _service(phase, account, operating * _part(phase, terms.phases, account.years))
        funding = fund(phase, service, terms.reserve_months)
        _build(account, phase, funding)
        _serve(account, phase, service, funding, terms.reserve_months)
    tax_credits = np.zeros(len(account.years))
    tax_credits[-len(terms.years) :] = 0.0 if terms.credits_usd is None else np.asarray(terms.credits_usd)
    for phase in terms.phases:
        tax_credits[phase.start_year - account.years[0]] += phase.investment_credit_usd
    taxable = operating - account.deductions
    tax = tax_with_losses(taxable.tolist(), terms.tax_rate, terms.allowed_loss_share)
    account.add(names.STATE, "tax", account.years[0], -tax)
    account.add(names.STATE, "tax_credit", account.years[0], tax_credits)
    available = operating - tax + tax_credits
    pay_owners(account, available - account.service - account.reserve)
    index = pd.Index(account.years, name="year")
    items = pd.DataFrame(account.items, index=index)
    items.columns = pd.MultiIndex.from_tuples(list(account.items), names=["party", "item"])
    return ProjectCashFlow(
        price_usd_per_mwh,
        items,
        pd.Series(account.service, index),
        pd.Series(available, index),
        pd.Series(taxable, index),
    )


def _operating(account: Account, terms: ProjectTerms, price: float) -> Array:
    """Revenue less operation, by year."""
    costs = {item: np.asarray(usd, dtype=np.float64) for item, usd in terms.operating_usd.items()}
    total = np.sum([*costs.values()], axis=0) if costs else np.zeros(len(terms.years))
    earned = revenue_usd(
        terms.price_terms,
        price,
        energy_mwh=terms.energy_mwh,
        operating_cost_usd=total.tolist(),
        price_level=terms.price_level,
    )
    first = terms.years[0]
    account.add(names.CUSTOMER, "revenue", first, earned)
    for item, usd in costs.items():
        account.add(names.SUPPLIERS, item, first, -usd)
    found = np.zeros(len(account.years))
    found[first - account.years[0] :] = earned - total
    return found


def _part(phase: Phase, phases: tuple[Phase, ...], years: tuple[int, ...]) -> Array:
    """Part of the cash of each year that a phase is taken to earn: its part of what has been built by then."""
    spent = {id(each): sum(each.spending_usd.values()) for each in phases}
    standing = [sum(spent[id(each)] for each in phases if each.start_year <= year) for year in years]
    return np.array(
        [
            spent[id(phase)] / usd if usd > 0 and year >= phase.start_year else 0.0
            for year, usd in zip(years, standing, strict=True)
        ]
    )


def _service(phase: Phase, account: Account, operating: Array) -> dict[str, DebtService]:
    """Service of one dollar of each loan of a phase."""
    at = phase.start_year - account.years[0]
    found = {}
    for loan in (tranche for tranche in phase.tranches if tranche.is_debt):
        tenor = loan.tenor_years or 1
        if at + tenor > len(account.years):
            raise ValueError(f"the loan {loan.name} of {phase.name} is not paid back before operation ends")
        found[loan.name] = service_of_one_usd(loan.repayment, loan.rate, tenor, operating[at : at + tenor].tolist())
    return found


def _build(account: Account, phase: Phase, funding: Funding) -> None:
    """Everything up to the start of a phase, and its depreciation after it."""
    first = phase.years[0]
    grant = np.zeros(len(phase.years))
    grant[-1] = phase.grant_usd
    account.add(names.BUILDERS, "construction", first, -(funding.spending_usd + grant))
    if phase.grant_usd:
        account.add(names.STATE, "grant", first, grant)
    for tranche in phase.tranches:
        draws = funding.draws_usd[tranche.name]
        account.add(tranche.name, "draw" if tranche.is_debt else names.INVESTED, first, draws)
        if not tranche.is_debt:
            account.invested[tranche.name] += float(draws.sum())
            continue
        account.add(tranche.name, "interest_during_construction", first, -funding.interest_usd[tranche.name])
        account.add(tranche.name, "upfront_fee", first, -funding.upfront_usd[tranche.name])
        account.add(names.GUARANTOR, "guarantee_fee", first, -funding.guarantee_usd[tranche.name])
    account.add(names.RESERVE, "reserve", first, -funding.reserve_usd)
    basis = funding.depreciable_usd - CREDIT_OFF_THE_BASIS * phase.investment_credit_usd
    at = phase.start_year - account.years[0]
    shares = np.asarray(phase.depreciation_shares, dtype=np.float64)[: len(account.years) - at]
    account.deductions[at : at + len(shares)] += basis * shares


def _serve(account: Account, phase: Phase, service: dict[str, DebtService], funding: Funding, months: float) -> None:
    """Interest, fees and principal of a phase, and the reserve that is kept for the next year of them."""
    at = phase.start_year - account.years[0]
    own = np.zeros(len(account.years) + 1)
    for loan in (tranche for tranche in phase.tranches if tranche.is_debt):
        shape, owed = service[loan.name], float(funding.draws_usd[loan.name].sum())
        fee = owed * loan.fee_on_balance * shape.opening_balance
        account.add(loan.name, "interest", phase.start_year, -owed * shape.interest)
        account.add(loan.name, "principal", phase.start_year, -owed * shape.principal)
        account.add(names.GUARANTOR, "guarantee_fee", phase.start_year, -fee)
        until = at + len(fee)
        account.deductions[at:until] += owed * shape.interest + fee
        account.service[at:until] += owed * shape.total + fee
        own[at:until] += owed * shape.total
    change = months / MONTHS_PER_YEAR * np.diff(own)[at:]
    account.add(names.RESERVE, "reserve", phase.start_year, -change)
    account.reserve[at:] += change
