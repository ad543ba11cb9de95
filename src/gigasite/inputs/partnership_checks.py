"""Whether the terms of a partnership fit each other: calls, shares, the fee and the rate that makes it dollars."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from gigasite.finance.tranches import LEAST_NEXI_COVER
from gigasite.foundation.errors import InputError, Problem
from gigasite.inputs.finance_terms import exchange_rates
from gigasite.inputs.partnership_figures import term_figure
from gigasite.inputs.partnership_spec import DeveloperFeeSpec, PartnershipSpec
from gigasite.inputs.scenario import Scenario
from gigasite.inputs.source_map import KeyPath, SourceMap, dotted
from gigasite.inputs.tables import Tables

_SECTION: KeyPath = ("partnership",)
_CALLS: KeyPath = (*_SECTION, "calls")
_FEE: KeyPath = (*_SECTION, "developer_fee")
_SUM_TOLERANCE = 1e-9
_LONGEST_LEAD_YEARS = 10
"""No plant is paid for longer before the first modelled year: an earlier day is a slip of the pen."""


def partnership_problems(scenario: Scenario, source: SourceMap, tables: Tables | None) -> Iterator[Problem]:
    """Yield every term that cannot be."""
    terms = scenario.partnership
    if terms is None:
        return
    yield from _calls(terms, source, scenario.horizon.years[0], scenario.horizon.years[-1])
    yield from _shares(terms, source)
    if terms.nexi_cover is not None and terms.nexi_cover < LEAST_NEXI_COVER:
        at: KeyPath = (*_SECTION, "nexi_cover")
        message = "NEXI covers at least 90 % of a loan"
        yield Problem(message, source.origin_of(at), dotted(at), f"{terms.nexi_cover:g}", f"{LEAST_NEXI_COVER:g} to 1")
    if terms.recover == "principal" and terms.deemed_interest is not None:
        at = (*_SECTION, "deemed_interest")
        message = "this interest counts nowhere: `recover` asks for the principal alone"
        remedy = "write `recover: principal_and_interest`, or take this key out"
        yield Problem(message, source.key_origin_of(at), dotted(at), remedy=remedy)
    if terms.developer_fee is not None:
        yield from _fee(terms, terms.developer_fee, source, tables)


def _calls(terms: PartnershipSpec, source: SourceMap, first_year: int, last_year: int) -> Iterator[Problem]:
    days: list[date] = []
    for index, call in enumerate(terms.calls):
        at: KeyPath = (*_CALLS, index, "date")
        try:
            days.append(date.fromisoformat(call.date))
        except ValueError:
            message = "there is no such day in the calendar"
            yield Problem(message, source.origin_of(at), dotted(at), call.date, "a day such as 2026-03-20")
            return
        if days[-1].year >= last_year:
            message = f"this call comes when the last modelled year, {last_year}, has begun: nothing is built after it"
            yield Problem(message, source.origin_of(at), dotted(at), call.date, f"a day before {last_year}")
        if days[-1].year < first_year - _LONGEST_LEAD_YEARS:
            lead, allowed = _LONGEST_LEAD_YEARS, f"a day from {first_year - _LONGEST_LEAD_YEARS} on"
            message = f"this call comes more than {lead} years before the first modelled year, {first_year}"
            yield Problem(message, source.origin_of(at), dotted(at), call.date, allowed)
    for index, (earlier, later) in enumerate(pairwise(days), start=1):
        if later <= earlier:
            at = (*_CALLS, index, "date")
            message = f"calls stand in order, but {later} does not come after {earlier}"
            yield Problem(message, source.origin_of(at), dotted(at), str(later), f"a day after {earlier}")
    total = math.fsum(call.share for call in terms.calls)
    if abs(total - 1.0) > _SUM_TOLERANCE:
        message = "the shares of all calls must add up to 1"
        yield Problem(message, source.key_origin_of(_CALLS), dotted(_CALLS), f"{total:g}", "1", "correct the shares")


def _shares(terms: PartnershipSpec, source: SourceMap) -> Iterator[Problem]:
    before, after = terms.japan_share_before_recovery, terms.japan_share_after_recovery
    if before is not None and after is not None and after > before:
        at: KeyPath = (*_SECTION, "japan_share_after_recovery")
        message = "Japan would get more after recovery than before it"
        remedy = "the shares may stand the wrong way round"
        yield Problem(message, source.origin_of(at), dotted(at), f"{after:g}", f"{before:g} or less", remedy)


def _fee(terms: PartnershipSpec, fee: DeveloperFeeSpec, source: SourceMap, tables: Tables | None) -> Iterator[Problem]:
    rate = 1.0
    if fee.currency == "JPY":
        if tables is None or not tables.has("exchange_rates"):
            return
        rates = exchange_rates(tables, fee.currency)
        at: KeyPath = (*_FEE, "exchange_date")
        first, last = min(rates.per_usd), max(rates.per_usd)
        if fee.exchange_date is None:
            if at in source.origins:  # written, but no day: that has been told
                return
            message = "a fee in yen needs the day whose rate brings it to dollars"
            remedy = f'write `exchange_date: "{last}"`'
            yield Problem(message, source.key_origin_of(_FEE), dotted(at), "(missing)", f"{first} or later", remedy)
            return
        try:
            rate = rates.at(date.fromisoformat(fee.exchange_date))
        except ValueError:
            message = "there is no rate of yen to the dollar for this day in exchange_rates.csv"
            allowed = f"a day of the calendar from {first} on"
            remedy = "name a later day, or bring `inputs/exchange_rates.csv` beside the scenario"
            yield Problem(message, source.origin_of(at), dotted(at), fee.exchange_date, allowed, remedy)
            return
    elif fee.proposed is None:
        at = (*_FEE, "proposed")
        message = "a fee in dollars needs its amount: the one of partnership_terms.csv is in yen"
        yield Problem(message, source.key_origin_of(_FEE), dotted(at), "(missing)", "USD, 0 or more")
        return
    yield from _too_large(terms, fee, rate, source, tables)


def _too_large(
    terms: PartnershipSpec, fee: DeveloperFeeSpec, rate: float, source: SourceMap, tables: Tables | None
) -> Iterator[Problem]:
    """Yield a fee that is, after the cut, more than the investment: its share of it is above 1."""

    def said(given: float | None, term: str) -> float:
        if given is not None:
            return given
        try:
            return term_figure(tables, term).value if tables is not None else math.nan
        except InputError:
            return math.nan

    kept = said(fee.proposed, "fee_proposed") / rate * (1.0 - said(fee.cut, "fee_cut"))
    share = kept / said(terms.investment_usd, "investment")
    if share > 1.0:
        at: KeyPath = (*_FEE, "proposed")
        message = "the fee is larger than the investment it is a fee for"
        given = f"{kept:,.0f} USD, {share:.3g} of the investment"
        yield Problem(message, source.origin_of(at), dotted(at), given, "a share of 1 at most", "look at the zeros")
