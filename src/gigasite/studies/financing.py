"""A run's money: cash by year, the price that power must fetch, and what the price is made of.

    price for a return   price at which the owners earn it                                       `finance.price`
    price for a cover    price at which cash covers debt service so many times in every year     `finance.price`
    LCOE                 price at which an owner without loans earns the after-tax cost of capital
    LCOE before tax      the same had he no tax to pay, at the same cost of capital
    project IRR, NPV     of that owner's cash at the price looked at
    equity IRR, DSCR     of the owners' cash and the loans' as they are

Rates are nominal and after tax; an indexed price is one in 2024 money that rises with prices. All in USD.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from gigasite.finance.cash_flow import ProjectCashFlow, ProjectTerms
from gigasite.finance.cost_of_capital import real_from_nominal
from gigasite.finance.metrics import cover_ratios, internal_rate_of_return, net_present_value, payback_years
from gigasite.finance.price import price_for_cover, price_for_return, price_parts
from gigasite.finance.project import project_cash_flow
from gigasite.finance.revenue import INDEXED
from gigasite.finance.tranches import SPONSOR_EQUITY, Tranche, wacc_after_tax
from gigasite.foundation.errors import InputError, Problem
from gigasite.inputs.finance_spec import LEAST_DSCR, MOST_DSCR, FinanceSpec
from gigasite.results.run import Run
from gigasite.studies.finance_project import Project, project_of
from gigasite.studies.finance_tables import finance_tables
from gigasite.studies.finance_what_if import AS_IT_IS, WhatIf

DSCR_ALLOWED = f"{LEAST_DSCR:g} to {MOST_DSCR:g}"
NOMINAL, REAL = "USD, nominal", "USD of 2024, real"


@dataclass(frozen=True)
class FinanceStudy:
    """A run's money.

    Attributes:
        project: what is financed.
        price_usd_per_mwh: the price of `flow`.
        price_money: money of every price: of 2024 where indexed, else of every year.
        flow: cash at that price.
        unlevered: the same without loans, for the project as a whole.
        wacc: after-tax cost of capital of all that is built, nominal [per year].
        lcoe_usd_per_mwh: price that pays for it.
        lcoe_before_tax_usd_per_mwh: price that would pay for it if income were not taxed.
        price_of_return: price by the return that the owners ask.
        price_of_cover: price by the cover that the lenders ask; empty where none is asked for.
        parts: what each price is made of, by return [USD/MWh].
        tables: every table, by name; as written into the run.
    """

    project: Project
    price_usd_per_mwh: float
    price_money: str
    flow: ProjectCashFlow
    unlevered: ProjectCashFlow
    wacc: float
    lcoe_usd_per_mwh: float
    lcoe_before_tax_usd_per_mwh: float
    price_of_return: dict[float, float]
    price_of_cover: dict[float, float]
    parts: dict[float, pd.Series]
    tables: dict[str, pd.DataFrame]

    @property
    def run(self) -> Run:
        """The run."""
        return self.project.run

    @property
    def metrics(self) -> dict[str, Any]:
        """The figures of the project at the price, in one row."""
        (row,) = self.tables["metrics"].to_dict(orient="records")
        return {str(name): value for name, value in row.items()}


def finance_study(
    run: Run,
    *,
    price: float | None = None,
    returns: Sequence[float] | None = None,
    dscr: float | None = None,
    what_if: WhatIf = AS_IT_IS,
) -> FinanceStudy:
    """Finance a run.

    Args:
        run: a written run.
        price: USD/MWh, as the terms mean it; what the scenario says where not given, else what the last return needs.
        returns: what the owners ask, nominal and after tax; those of the scenario where not given.
        dscr: cover that the lenders ask in every year; that of the scenario where not given.
        what_if: another block of tranches, an overrun, a delay.

    Raises:
        InputError: the run cannot be rebuilt, sells nothing or builds nothing, or no price gives what is asked.
    """
    project = project_of(run, what_if)
    spec = project.finance.spec
    asked = _checked(spec, spec.target_equity_returns if returns is None else returns)
    if price is not None and not math.isfinite(price):
        raise InputError(Problem("a price is a number", key="--price", given=str(price), allowed="USD/MWh"))
    prices, parts = {}, dict[float, pd.Series]()
    for target in asked:
        prices[target] = _told(price_for_return, project.terms, target)
        parts[target] = price_parts(project.terms, project_cash_flow(project.terms, prices[target]), target)
    chosen = next(each for each in (price, spec.price.usd_per_mwh, prices[asked[-1]]) if each is not None)
    alone = without_loans(project.terms)
    wacc = mean_wacc(project.terms)
    found = FinanceStudy(
        project=project,
        price_usd_per_mwh=float(chosen),
        price_money=REAL if spec.price.kind == INDEXED else NOMINAL,
        flow=project_cash_flow(project.terms, float(chosen)),
        unlevered=project_cash_flow(alone, float(chosen)),
        wacc=wacc,
        lcoe_usd_per_mwh=_told(price_for_return, alone, wacc),
        lcoe_before_tax_usd_per_mwh=_told(price_for_return, replace(alone, tax_rate=0.0), wacc),
        price_of_return=prices,
        price_of_cover=_prices_of_cover(project.terms, spec, dscr),
        parts=parts,
        tables={},
    )
    return replace(found, tables={"metrics": _metrics(found), **finance_tables(found)})


def _checked(spec: FinanceSpec, returns: Sequence[float]) -> tuple[float, ...]:
    """Returns that owners may ask; one below zero only where the scenario says that it is meant."""
    least = -1.0 if spec.allow_negative_rate else 0.0
    if not returns or not all(least <= rate < 1 and rate > -1 for rate in returns):
        given = ", ".join(f"{rate:g}" for rate in returns) or "(none)"
        remedy = "write 0.08 for 8 %"
        if any(-1 < rate < 0 for rate in returns):
            remedy = "write `allow_negative_rate: true` below `finance:` of the scenario if it is meant"
        raise InputError(
            Problem("a return is a share", key="--returns", given=given, allowed="0 or more, below 1", remedy=remedy)
        )
    return tuple(returns)


def _prices_of_cover(terms: ProjectTerms, spec: FinanceSpec, dscr: float | None) -> dict[float, float]:
    """Price of the cover that is asked for; one that a scenario asks for is left out where its plan has no loan."""
    if dscr is None:
        asked = spec.target_dscr if terms.is_lent else None
        return {} if asked is None else {asked: _told(price_for_cover, terms, asked)}
    if not LEAST_DSCR <= dscr <= MOST_DSCR:
        message, remedy = "a cover is how many times cash pays for debt service", "write 1.3 for 30 % more than it"
        raise InputError(Problem(message, key="--dscr", given=f"{dscr:g}", allowed=DSCR_ALLOWED, remedy=remedy))
    if not terms.is_lent:
        message, remedy = "nothing is lent for this plan, so there is no debt service to cover", "take --dscr out"
        raise InputError(Problem(message, key="--dscr", given=f"{dscr:g}", remedy=remedy))
    return {dscr: _told(price_for_cover, terms, dscr)}


def _told(price_for: Callable[[ProjectTerms, float], float], terms: ProjectTerms, target: float) -> float:
    try:
        return price_for(terms, target)
    except ValueError as error:
        raise InputError(Problem(str(error), key="finance")) from error


def without_loans(terms: ProjectTerms) -> ProjectTerms:
    """The same project paid for by one owner alone."""
    owner = (Tranche("owner", SPONSOR_EQUITY, 1.0, 0.0),)
    return replace(terms, phases=tuple(replace(phase, tranches=owner) for phase in terms.phases), reserve_months=0.0)


def mean_wacc(terms: ProjectTerms) -> float:
    """After-tax cost of capital, nominal, the mean of the plants by what is spent on them."""
    spent = [sum(phase.spending_usd.values()) for phase in terms.phases]
    each = [wacc_after_tax(phase.tranches, terms.tax_rate) for phase in terms.phases]
    return float(np.average(each, weights=spent))


def _metrics(study: FinanceStudy) -> pd.DataFrame:
    """One row: the price, what it takes to build, and what the project is worth at the price."""
    flow, project = study.flow, study.project
    cash, alone = flow.equity_usd.tolist(), study.unlevered.equity_usd.tolist()
    covers = cover_ratios(flow.available_usd, flow.debt_service_usd)
    back = payback_years(cash)
    frame = flow.frame
    draws = float(frame["draw"].sum()) if "draw" in frame else 0.0
    invested = float(frame["invested"].sum())
    return pd.DataFrame(
        [
            {
                "scenario": study.run.scenario,
                "price_usd_per_mwh": study.price_usd_per_mwh,
                "price_money": study.price_money,
                "lcoe_usd_per_mwh": study.lcoe_usd_per_mwh,
                "lcoe_before_tax_usd_per_mwh": study.lcoe_before_tax_usd_per_mwh,
                "construction_usd_nominal": -float(frame["construction"].sum()),
                "funded_usd_nominal": draws + invested,
                "lent_share": draws / (draws + invested),
                "wacc_after_tax_nominal": study.wacc,
                "wacc_after_tax_real": real_from_nominal(study.wacc, project.finance.inflation),
                "project_irr_nominal": internal_rate_of_return(alone),
                "project_npv_usd_nominal": net_present_value(study.wacc, alone),
                "npv_year": flow.years[0],
                "equity_irr_nominal": internal_rate_of_return(cash),
                "equity_payback_year": math.nan if math.isnan(back) else flow.years[0] + math.ceil(back),
                "dscr_min": min(covers, default=math.nan),
                "dscr_mean": float(np.mean(covers)) if covers else math.nan,
                "money": NOMINAL,
            }
        ]
    )
