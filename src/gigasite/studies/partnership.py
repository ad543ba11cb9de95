"""Who gets what and when: a run's project under the terms of its partnership, over a range of power prices.

    revenue[t] = price * price level[t] * energy[t]
    cash[t]    = revenue - operation - fee - tax + credits
    shares     = share_cash(called, cash)                 Japan and the United States
    lenders    = loan_accounts(paid in by Japan, received by Japan)

All amounts are USD of the year (nominal); the price is in 2024 money and rises with prices. Present values are those of
the first year, at the run's real discount rate and the inflation of finance.csv. Every year the cash of all parties
adds up to nothing, and that of Japan and the United States to the project's.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from gigasite.finance.cash_flow import BUILDERS, CUSTOMER, STATE, SUPPLIERS, ProjectCashFlow, ProjectTerms
from gigasite.finance.loan_accounts import LoanAccounts, loan_accounts
from gigasite.finance.metrics import internal_rate_of_return, net_present_value
from gigasite.finance.partnership import PartnershipTerms, Waterfall, Yearly, share_cash
from gigasite.finance.project import project_cash_flow
from gigasite.foundation.errors import InputError, Problem
from gigasite.results.cash_flow import inflation
from gigasite.results.run import Run
from gigasite.studies.finance_project import project_of
from gigasite.studies.partnership_cash import FEE, called_by_year, company_terms
from gigasite.studies.partnership_terms import Terms, terms_of

PRICES = (60.0, 75.0, 90.0, 105.0, 120.0, 150.0)
"""Prices looked at where none are named, USD of 2024 per MWh."""

LARGEST_PRICE = 10_000.0
JAPAN, UNITED_STATES, DEVELOPER = "japan", "united_states", "developer"
LENDER_NAMES = {"policy_bank": "jbic", "banks": "banks", "insurer": "nexi", "equity": "japanese_equity"}
OWED_NOTHING_USD = 0.5
PRICE_STEP = 0.01


@dataclass(frozen=True)
class AtAPrice:
    """One price: the company's cash, how it is shared, and what Japan's lenders see of it, by case of the split."""

    flow: ProjectCashFlow
    shared: Waterfall
    with_interest: Waterfall
    lenders: dict[str, LoanAccounts]


@dataclass(frozen=True)
class PartnershipStudy:
    """A run's money on both sides, over a range of prices.

    Attributes:
        run: the run.
        terms: its terms.
        years: calendar years.
        discount_rate: nominal, of the present values [per year].
        recovery: one row per price: when Japan has its investment back, and what each side gets.
        yearly: one row per price and year: what is called, shared, paid to each side, still to recover.
        parties: one row per price, year, party and item, as the party sees it.
        lenders: one row per price and case of the split between JBIC and banks.
        least_price: price from which Japan has its investment back within these years [USD/MWh, 2024]; nan for none.
    """

    run: Run
    terms: Terms
    years: tuple[int, ...]
    discount_rate: float
    recovery: pd.DataFrame
    yearly: pd.DataFrame
    parties: pd.DataFrame
    lenders: pd.DataFrame
    least_price: float

    @property
    def calls(self) -> pd.DataFrame:
        """One row per call: its day, the latest day of the funds, the money."""
        return pd.DataFrame(
            [
                {"called": str(c.called), "funds_by": str(c.latest), "amount_usd_nominal": c.usd}
                for c in self.terms.calls
            ]
        )


def partnership(run: Run, *, prices: Sequence[float] = PRICES) -> PartnershipStudy:
    """Share the cash of a run's project between Japan and the United States.

    Args:
        run: a run whose scenario has a `partnership:`.
        prices: USD of 2024 per MWh; they rise with prices.

    Raises:
        InputError: a price that is none, terms that do not fit the run, or figures that have changed since.
    """
    asked = _checked(prices)
    terms = terms_of(run)
    project = project_of(run)
    company = company_terms(project, terms)
    rate = (1.0 + project.context.time.discount_rate_real) * (1.0 + inflation(project.context)) - 1.0
    found = {price: at_a_price(company, terms, price) for price in asked}
    return PartnershipStudy(
        run=run,
        terms=terms,
        years=company.all_years,
        discount_rate=rate,
        recovery=pd.DataFrame([_recovery_row(price, each, terms, rate) for price, each in found.items()]),
        yearly=pd.concat([_yearly(price, each) for price, each in found.items()], ignore_index=True),
        parties=pd.concat([_parties(price, each) for price, each in found.items()], ignore_index=True),
        lenders=pd.DataFrame([row for price, each in found.items() for row in _lender_rows(price, each)]),
        least_price=_least_price(company, terms),
    )


def recovery_years(run: Run, prices: Sequence[float]) -> tuple[pd.DataFrame, int]:
    """When Japan has its investment back at each price, and the last calendar year of the run.

    Columns: `price_usd_per_mwh`, `principal`, `principal_and_interest`: a calendar year with its part, nan where never.
    """
    terms = terms_of(run)
    company = company_terms(project_of(run), terms)
    rows = []
    for price in _checked(prices):
        flow = project_cash_flow(company, price)
        row = {"price_usd_per_mwh": price}
        for name, sharing in (("principal", terms.sharing), ("principal_and_interest", terms.with_deemed_interest)):
            row[name] = _moment(flow, _shared(flow, terms, sharing))
        rows.append(row)
    return pd.DataFrame(rows), company.years[-1]


def at_a_price(company: ProjectTerms, terms: Terms, price: float) -> AtAPrice:
    """The company's cash at a price, and how it is shared and passed on."""
    flow = project_cash_flow(company, price)
    shared = _shared(flow, terms, terms.counted)
    paid_in = shared.contributions + shared.shortfalls
    lenders = {
        case: loan_accounts(paid_in.tolist(), shared.to_investor.tolist(), loans) for case, loans in terms.loans.items()
    }
    return AtAPrice(flow, shared, _shared(flow, terms, terms.with_deemed_interest), lenders)


def _checked(prices: Sequence[float]) -> tuple[float, ...]:
    wrong = [price for price in prices if not (math.isfinite(price) and 0 <= price <= LARGEST_PRICE)]
    if wrong or not prices:
        given = ", ".join(f"{price:g}" for price in wrong) or "(none)"
        allowed = f"numbers from 0 to {LARGEST_PRICE:,.0f} USD/MWh"
        raise InputError(Problem("prices of power", key="--prices", given=given, allowed=allowed))
    return tuple(dict.fromkeys(float(price) for price in prices))


def _shared(flow: ProjectCashFlow, terms: Terms, sharing: PartnershipTerms) -> Waterfall:
    called = called_by_year(terms)
    cash = flow.project_usd.to_numpy() + np.array([called.get(year, 0.0) for year in flow.years])
    return share_cash([called.get(year, 0.0) for year in flow.years], cash.tolist(), sharing)


def _moment(flow: ProjectCashFlow, shared: Waterfall) -> float:
    """Calendar year of recovery and the part of its cash that it took; nan where it never comes."""
    return math.nan if shared.recovered_at is None else flow.years[shared.recovered_at[0]] + shared.recovered_at[1]


def _recovery_row(price: float, found: AtAPrice, terms: Terms, rate: float) -> dict[str, Any]:
    shared, central = found.shared, found.lenders["central"]
    moment, later = _moment(found.flow, shared), _moment(found.flow, found.with_interest)
    owed = sum(central.owed.values())
    open_years = np.flatnonzero(np.asarray(owed) > OWED_NOTHING_USD)
    repaid = int(open_years[-1]) + 1 if len(open_years) else 0
    return {
        "price_usd_per_mwh": price,
        "recovery_year": math.nan if math.isnan(moment) else math.floor(moment),
        "recovery_moment": moment,
        "recovery_moment_with_interest": later,
        "contributed_usd": float(shared.contributions.sum()),
        "shortfalls_usd": float(shared.shortfalls.sum()),
        "still_to_recover_usd": float(shared.still_to_recover[-1]),
        "to_japan_usd": float(shared.to_investor.sum()),
        "to_united_states_usd": float(shared.to_host.sum()),
        "to_developer_usd": float(_fee(found.flow).sum()),
        "tax_usd": float(-found.flow.items.get((STATE, "tax"), pd.Series([0.0])).sum()),
        "japan_npv_usd": net_present_value(rate, shared.investor_net.tolist()),
        "united_states_npv_usd": net_present_value(rate, shared.to_host.tolist()),
        "japan_irr": internal_rate_of_return(shared.investor_net.tolist()),
        "project_irr": internal_rate_of_return(found.flow.project_usd.tolist()),
        "loans_repaid_year": found.flow.years[repaid] if repaid < len(found.flow.years) else math.nan,
        "nexi_paid_usd": float(central.insurer_paid.sum()),
        "investment_usd": terms.investment_usd,
    }


def _fee(flow: ProjectCashFlow) -> Yearly:
    paid = flow.items.get((SUPPLIERS, FEE), pd.Series(np.zeros(len(flow.years))))
    return np.abs(np.asarray(paid, dtype=np.float64))


def _yearly(price: float, found: AtAPrice) -> pd.DataFrame:
    shared = found.shared
    net = shared.investor_net
    return pd.DataFrame(
        {
            "price_usd_per_mwh": price,
            "year": found.flow.years,
            "called_usd": shared.contributions,
            "shortfall_usd": shared.shortfalls,
            "cash_available_usd": shared.to_investor + shared.to_host,
            "to_japan_usd": shared.to_investor,
            "to_united_states_usd": shared.to_host,
            "to_developer_usd": _fee(found.flow),
            "japan_cumulative_usd": np.cumsum(net),
            "united_states_cumulative_usd": np.cumsum(shared.to_host),
            "still_to_recover_usd": shared.still_to_recover,
            "project_usd": found.flow.project_usd.to_numpy(),
        }
    )


def _parties(price: float, found: AtAPrice) -> pd.DataFrame:
    """Every payment as its party sees it; what suppliers and developer get is set apart."""
    tidy = found.flow.tidy()
    tidy = tidy[tidy["party"].isin([CUSTOMER, SUPPLIERS, STATE, BUILDERS])].copy()
    tidy["amount_usd_nominal"] = -tidy["amount_usd_nominal"]
    tidy.loc[tidy["item"] == FEE, "party"] = DEVELOPER
    shared = found.shared
    own = [
        (JAPAN, "contribution", -shared.contributions),
        (JAPAN, "shortfall", -shared.shortfalls),
        (JAPAN, "distribution", shared.to_investor),
        (UNITED_STATES, "distribution", shared.to_host),
    ]
    frames = [
        pd.DataFrame({"year": found.flow.years, "party": party, "item": item, "amount_usd_nominal": usd})
        for party, item, usd in own
    ]
    table = pd.concat([tidy, *(frame[frame["amount_usd_nominal"] != 0] for frame in frames)], ignore_index=True)
    table.insert(0, "price_usd_per_mwh", price)
    return table.sort_values(["year", "party", "item"], ignore_index=True)


def _lender_rows(price: float, found: AtAPrice) -> list[dict[str, Any]]:
    """What each of Japan's lenders gets on balance and is still owed at the end, by case of the split."""
    rows = []
    for case, accounts in found.lenders.items():
        row: dict[str, Any] = {"price_usd_per_mwh": price, "split": case}
        row |= {f"{name}_net_usd": float(accounts.net[key].sum()) for key, name in LENDER_NAMES.items()}
        row |= {f"{LENDER_NAMES[key]}_owed_usd": float(usd[-1]) for key, usd in accounts.owed.items()}
        row["nexi_paid_usd"] = float(accounts.insurer_paid.sum())
        rows.append(row)
    return rows


def _least_price(company: ProjectTerms, terms: Terms) -> float:
    """The price from which Japan has its investment back within the years of the run, to the cent above."""

    def recovers(price: float) -> bool:
        flow = project_cash_flow(company, price)
        return _shared(flow, terms, terms.counted).recovered_at is not None

    low, high = 0.0, 100.0
    while not recovers(high):
        low, high = high, high * 2.0
        if high > LARGEST_PRICE:
            return math.nan
    while high - low > PRICE_STEP:
        middle = (low + high) / 2.0
        low, high = (low, middle) if recovers(middle) else (middle, high)
    return math.ceil(high / PRICE_STEP) * PRICE_STEP
