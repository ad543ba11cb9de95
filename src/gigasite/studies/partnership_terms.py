"""The terms of a run's partnership: what the scenario says, and figures of inputs/ for what it leaves out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from gigasite.finance.funding_calls import latest_funding_date
from gigasite.finance.loan_accounts import LoanTerms
from gigasite.finance.partnership import PartnershipTerms
from gigasite.foundation.errors import InputError, Problem
from gigasite.inputs.finance_terms import exchange_rates
from gigasite.inputs.folders import data_folder
from gigasite.inputs.partnership_figures import term_figure
from gigasite.inputs.partnership_spec import PartnershipSpec
from gigasite.inputs.sections import Override
from gigasite.inputs.tables import Tables, load_tables
from gigasite.results.run import Run

if TYPE_CHECKING:
    import pandas as pd

SPLITS = ("low", "central", "high")
"""Cases of the split between JBIC and banks, which is undecided."""


@dataclass(frozen=True)
class FundingCall:
    """One call: its day, the latest day of the funds, and the money in USD of the announcement."""

    called: date
    latest: date
    usd: float


@dataclass(frozen=True)
class Terms:
    """Everything the money of both sides follows from, but the run and the price.

    Attributes:
        investment_usd: put in by Japan, money of the announcement [USD].
        calls: calls for it, in order.
        sharing: shares before and after recovery of the principal, without deemed interest.
        deemed_interest: rate of the deemed interest, nominal [per year].
        with_interest: whether the scenario counts deemed interest before the shares change.
        fee_usd: fee of the developer after the cut [USD]; 0 where there is none.
        fee_payout_years: years over which it is paid.
        fee_target_mw: capacity that must stand [MW].
        loans: where Japan's money comes from, by case of the split.
        table: every term with its value, unit, source and confidence.
    """

    investment_usd: float
    calls: tuple[FundingCall, ...]
    sharing: PartnershipTerms
    deemed_interest: float
    with_interest: bool
    fee_usd: float
    fee_payout_years: int
    fee_target_mw: float
    loans: Mapping[str, LoanTerms]
    table: pd.DataFrame

    @property
    def counted(self) -> PartnershipTerms:
        """Shares and the interest that counts, as the scenario asks."""
        return self.with_deemed_interest if self.with_interest else self.sharing

    @property
    def with_deemed_interest(self) -> PartnershipTerms:
        """The same shares, the deemed interest counted."""
        return replace(self.sharing, deemed_interest=self.deemed_interest)


class _Asked:
    """Looks terms up, and remembers where each came from."""

    def __init__(self, tables: Tables, said: Mapping[str, Any], scenario: str) -> None:
        self.tables, self.said, self.scenario = tables, said, scenario
        self.rows: list[dict[str, Any]] = []

    def value(self, term: str, key: str | None = None, said: Mapping[str, Any] | None = None) -> float:
        figure = term_figure(self.tables, term)
        given = (self.said if said is None else said).get(key or term)
        row: dict[str, Any] = {
            "term": term,
            "value": figure.value,
            "unit": figure.unit,
            "low": figure.low,
            "high": figure.high,
        }
        row |= {"source": figure.source, "confidence": figure.confidence, "note": figure.note}
        if given is not None:
            row |= {"value": float(given), "source": f"scenario {self.scenario}", "confidence": "", "note": ""}
            row |= {"low": math.nan, "high": math.nan}
        self.rows.append(row)
        return float(row["value"])


def terms_of(run: Run) -> Terms:
    """The terms of a run.

    Raises:
        InputError: its scenario has no `partnership:`, or one of another version.
    """
    import pandas as pd

    section = run.settings.get("partnership")
    if section is None:
        raise InputError(
            Problem(
                f"the scenario of {run.path} has no `partnership:`, so there is nobody to share its cash",
                given=run.scenario,
                remedy="write the section, as portsmouth-gas-only does, and solve again",
            )
        )
    try:
        spec = PartnershipSpec.model_validate(section)
    except ValidationError as error:
        key = ".".join(str(step) for step in error.errors()[0]["loc"])
        message = f"the terms in {run.path} were written by another version of gigasite"
        raise InputError(Problem(message, key=f"partnership.{key}", remedy="solve the scenario again")) from None
    asked = _Asked(tables_of(run), spec.model_dump(exclude_none=True), run.scenario)
    investment = asked.value("investment", "investment_usd")
    days = int(asked.value("funding_business_days"))
    dates = [date.fromisoformat(call.date) for call in spec.calls]
    calls = tuple(
        FundingCall(day, latest_funding_date(day, business_days=days), call.share * investment)
        for day, call in zip(dates, spec.calls, strict=True)
    )
    sharing = PartnershipTerms(
        asked.value("japan_share_before_recovery"), asked.value("japan_share_after_recovery"), 0.0
    )
    interest = asked.value("deemed_interest")
    fee, years, target = _fee(asked, spec)
    loans = _loans(asked)
    table = pd.DataFrame(asked.rows)
    with_interest = spec.recover == "principal_and_interest"
    return Terms(investment, calls, sharing, interest, with_interest, fee, years, target, loans, table)


def tables_of(run: Run) -> Tables:
    """The figures of today as the run's scenario uses them: its own folders first, its overrides applied."""
    beside = dict.fromkeys(Path(file).parent / "inputs" for file in run.manifest["scenario_files"])
    shipped = data_folder()
    own = [folder for folder in beside if folder.is_dir() and folder.resolve() != shipped.resolve()]
    overrides = [Override.model_validate(each) for each in run.settings.get("overrides", ())]
    return load_tables((*own, shipped), overrides)


def _fee(asked: _Asked, spec: PartnershipSpec) -> tuple[float, int, float]:
    """Fee in USD after the cut, years over which it is paid, capacity it asks for [MW]."""
    if spec.developer_fee is None:
        return 0.0, 1, 0.0
    said = spec.developer_fee.model_dump(exclude_none=True)
    proposed = asked.value("fee_proposed", "proposed", said)
    if spec.developer_fee.currency == "USD":
        asked.rows[-1]["unit"] = "USD"
    rate = 1.0
    if spec.developer_fee.currency == "JPY":
        rates = exchange_rates(asked.tables, spec.developer_fee.currency)
        day = rates.day_of(date.fromisoformat(str(spec.developer_fee.exchange_date)))
        rate = rates.at(day)
        figure = asked.tables.figure("exchange_rates", currency=spec.developer_fee.currency, date=str(day))
        row = {"term": f"exchange rate of {day}", "value": rate, "unit": figure.unit, "low": math.nan, "high": math.nan}
        asked.rows.append(row | {"source": figure.source, "confidence": figure.confidence, "note": figure.note})
    cut = asked.value("fee_cut", "cut", said)
    years = int(asked.value("fee_payout_years", "payout_years", said))
    return proposed / rate * (1.0 - cut), years, asked.value("fee_target", "target_mw", said)


def _loans(asked: _Asked) -> dict[str, LoanTerms]:
    """Where Japan's money comes from, once for each case of the split."""
    central = LoanTerms(
        equity_share=asked.value("equity_share"),
        policy_bank_share=asked.value("jbic_share_of_loans"),
        policy_bank_interest=asked.value("jbic_interest"),
        bank_interest=asked.value("bank_interest"),
        insured_share=asked.value("nexi_cover"),
        premium=asked.value("nexi_premium"),
        tenor_years=int(asked.value("loan_tenor_years")),
    )
    split = next(row for row in asked.rows if row["term"] == "jbic_share_of_loans")
    cases = {"central": central}
    for case in ("low", "high"):
        if split[case] is not None and not math.isnan(split[case]):
            cases[case] = replace(central, policy_bank_share=float(split[case]))
    return {case: cases[case] for case in SPLITS if case in cases}
