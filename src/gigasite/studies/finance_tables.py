"""The tables of a run's money; each says which money it counts in."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from gigasite.finance.cash_flow import SUPPLIERS
from gigasite.finance.cost_of_capital import real_from_nominal
from gigasite.finance.metrics import cover_ratios, internal_rate_of_return
from gigasite.finance.project import project_cash_flow
from gigasite.finance.revenue import price_factor
from gigasite.finance.tranches import wacc_after_tax, wacc_before_tax
from gigasite.foundation.table_names import TABLES

if TYPE_CHECKING:
    from gigasite.studies.financing import FinanceStudy

_FOLDER = "finance/"
MEANING = {name.removeprefix(_FOLDER): held for name, held in TABLES.items() if name.startswith(_FOLDER)}
"""Every table and what it holds."""


def finance_tables(study: FinanceStudy) -> dict[str, pd.DataFrame]:
    """Every table but the row of figures."""
    return {
        "years": years_table(study),
        "cash_flow": cash_flow_table(study),
        "prices": prices_table(study),
        "price_parts": parts_table(study),
        "tranches": tranches_table(study),
        "cost_of_capital": cost_of_capital_table(study),
    }


def years_table(study: FinanceStudy) -> pd.DataFrame:
    """One row per calendar year; amounts in USD of the year, the last columns also in other money.

    revenue + operation + tax + tax_credit + grant + construction + drawn + building_interest + debt_service + reserve
    + equity (with its sign turned) = 0
    """
    flow, terms = study.flow, study.project.terms
    frame, index = flow.frame, flow.items.index
    zero = pd.Series(0.0, index)

    def of(*items: str) -> pd.Series:
        return sum((frame[item] for item in items if item in frame), start=zero)

    energy = pd.Series(list(terms.energy_mwh), list(terms.years)).reindex(index, fill_value=0.0)
    factor = price_factor(terms.price_terms, terms.price_level)
    price = pd.Series(study.price_usd_per_mwh * factor, list(terms.years)).reindex(index)
    during = of("interest_during_construction", "upfront_fee", "guarantee_fee", "interest", "principal")
    service = -flow.debt_service_usd
    level = np.array([study.project.level[int(year)] for year in index])
    covers = cover_ratios(flow.available_usd, flow.debt_service_usd)
    served = flow.debt_service_usd > 0
    columns: dict[str, Any] = {
        "year": index,
        "energy_mwh": energy,
        "price_usd_per_mwh_nominal": price,
        "revenue_usd_nominal": of("revenue"),
        "operation_usd_nominal": flow.by_party.get(SUPPLIERS, zero),
        "tax_usd_nominal": of("tax"),
        "tax_credit_usd_nominal": of("tax_credit", "grant"),
        "construction_usd_nominal": of("construction"),
        "project_usd_nominal": flow.project_usd,
        "drawn_usd_nominal": of("draw"),
        "building_interest_usd_nominal": during - service,
        "debt_service_usd_nominal": service,
        "reserve_usd_nominal": of("reserve"),
        "equity_usd_nominal": flow.equity_usd,
        "equity_sum_usd_nominal": flow.equity_usd.cumsum(),
        "equity_usd_real_2024": flow.equity_usd / level,
        "dscr": pd.Series(covers, index[served]).reindex(index),
    }
    rate, currency = study.project.finance.exchange_rate, study.project.finance.spec.currency
    if currency != "USD":
        columns[f"equity_{currency.lower()}_nominal"] = flow.equity_usd * rate
    return pd.DataFrame(columns).reset_index(drop=True)


def cash_flow_table(study: FinanceStudy) -> pd.DataFrame:
    """Every payment, in USD of the year and of 2024, and in the second currency where one is asked for."""
    table = study.flow.tidy()
    level = table["year"].map(study.project.level).astype(float)
    table["amount_usd_real_2024"] = table["amount_usd_nominal"] / level
    finance = study.project.finance
    if finance.spec.currency != "USD":
        name = f"amount_{finance.spec.currency.lower()}_nominal"
        table[name] = table["amount_usd_nominal"] * finance.exchange_rate
        table["exchange_rate_per_usd"] = finance.exchange_rate
        table["exchange_date"] = finance.spec.exchange_date
    return table


def prices_table(study: FinanceStudy) -> pd.DataFrame:
    """One row per return that the owners ask, and one for the cover that the lenders ask."""
    rows = []
    asked = [
        *((target, math.nan, price) for target, price in study.price_of_return.items()),
        *((math.nan, cover, price) for cover, price in study.price_of_cover.items()),
    ]
    for target, cover, price in asked:
        flow = project_cash_flow(study.project.terms, price)
        covers = cover_ratios(flow.available_usd, flow.debt_service_usd)
        rows.append(
            {
                "target_equity_return": target,
                "target_dscr": cover,
                "price_usd_per_mwh": price,
                "price_money": study.price_money,
                "equity_irr_nominal": internal_rate_of_return(flow.equity_usd.tolist()),
                "dscr_min": min(covers, default=float("nan")),
                "dscr_mean": float(np.mean(covers)) if covers else float("nan"),
            }
        )
    return pd.DataFrame(rows)


def parts_table(study: FinanceStudy) -> pd.DataFrame:
    """What each price is made of, worked at the return that the owners ask."""
    rows = [
        {"target_equity_return": target, "part": part, "usd_per_mwh": usd, "price_money": study.price_money}
        for target, parts in study.parts.items()
        for part, usd in grouped(parts).items()
    ]
    return pd.DataFrame(rows)


GROUPS = {
    "construction": ("construction",),
    "interest_during_construction": ("interest_during_construction",),
    "loans": ("draw", "interest", "principal"),
    "fees": ("upfront_fee", "guarantee_fee"),
    "reserve": ("reserve",),
    "tax": ("tax",),
    "tax_credit": ("tax_credit",),
    "aid": ("grant",),
    "passed_on": ("passed_on",),
    "above_target": ("above_target",),
}
"""Parts of a price as they are told; cost of operation stands by its own names."""


def grouped(parts: pd.Series) -> pd.Series:
    """Parts of a price by what a planner calls them; they add up to the same."""
    known = {item for items in GROUPS.values() for item in items}
    found = {name: sum(float(parts.get(item, 0.0)) for item in items) for name, items in GROUPS.items()}
    operation = {str(item): float(usd) for item, usd in parts.items() if item not in known}
    first = ("construction", "interest_during_construction", "loans", "fees", "reserve")
    order = [*first, *operation, *(name for name in found if name not in first)]
    return pd.Series({name: {**found, **operation}[name] for name in order})


def tranches_table(study: FinanceStudy) -> pd.DataFrame:
    """One row per tranche: what it pays, what it costs, and what owners have of it at the price looked at.

    Where a tranche has other terms for other plants its share, rate, cost and tenor are means by what these cost.
    """
    phases, flow = study.project.terms.phases, study.flow
    usd = [sum(phase.spending_usd.values()) for phase in phases]
    rows = []
    for name in dict.fromkeys(each.name for phase in phases for each in phase.tranches):
        terms = [
            (each, cost)
            for phase, cost in zip(phases, usd, strict=True)
            for each in phase.tranches
            if each.name == name
        ]
        tranche, weights = terms[0][0], [cost for _, cost in terms]
        item = "draw" if tranche.is_debt else "invested"
        tenors = [float(each.tenor_years or 0) for each, _ in terms]
        rows.append(
            {
                "tranche": name,
                "kind": tranche.kind,
                "share": sum(each.share * cost for each, cost in terms) / sum(usd),
                "rate_nominal": float(np.average([each.rate for each, _ in terms], weights=weights)),
                "cost_nominal": float(np.average([each.cost_nominal() for each, _ in terms], weights=weights)),
                "tenor_years": float(np.average(tenors, weights=weights)) if tranche.is_debt else np.nan,
                "repayment": tranche.repayment if tranche.is_debt else "",
                "paid_usd_nominal": float(flow.items[name, item].sum()),
                "irr_nominal": np.nan if tranche.is_debt else internal_rate_of_return(flow.of_party(name).tolist()),
            }
        )
    return pd.DataFrame(rows).astype({"tenor_years": "float64"})


def cost_of_capital_table(study: FinanceStudy) -> pd.DataFrame:
    """One row per plant: what its money costs, and what the plan was sized with."""
    finance, context = study.project.finance, study.project.context
    rows = []
    for site in context.scenario.sites:
        for technology in context.scenario.sites[site].technologies:
            tranches = finance.tranches(site, technology)
            after, before = wacc_after_tax(tranches, finance.tax_rate), wacc_before_tax(tranches)
            rows.append(
                {
                    "site": site,
                    "technology": technology,
                    "wacc_before_tax_nominal": before,
                    "wacc_before_tax_real": real_from_nominal(before, finance.inflation),
                    "wacc_after_tax_nominal": after,
                    "wacc_after_tax_real": real_from_nominal(after, finance.inflation),
                    "risk_adder_real": finance.risk_adder_real(site, technology),
                    "cost_of_capital_real": finance.cost_of_capital_real(site, technology),
                    "plan_cost_of_capital_real": context.cost_of_capital(site, technology),
                }
            )
    return pd.DataFrame(rows)
