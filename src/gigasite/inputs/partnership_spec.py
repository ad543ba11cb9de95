"""The section `partnership:`: on what terms two countries share the cash of a project."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from gigasite.inputs.quantities import Fraction, Frozen, NonNegative, Positive

CalendarDate = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]
"""A day, written "2026-03-20"."""

Rate = Annotated[float, Field(ge=0.0, lt=1.0)]
"""A nominal yearly rate; 0.05 is 5 % a year."""

PayoutYears = Annotated[int, Field(ge=1, le=60)]


class FundingCallSpec(Frozen):
    """One call for money."""

    date: CalendarDate
    """Day of the call, such as "2026-03-20"; funds follow within `funding_business_days`."""

    share: Fraction
    """Part of the investment that is called [-]; all calls add up to 1."""


class DeveloperFeeSpec(Frozen):
    """A fee paid in equal yearly parts, only in years in which the promised capacity stands."""

    proposed: NonNegative | None = None
    """Fee as first proposed, in `currency`, money of its day; left out: 1 trillion yen."""

    currency: Literal["USD", "JPY"] = "JPY"
    """Currency of `proposed`."""

    exchange_date: CalendarDate | None = None
    """Day whose rate of inputs/exchange_rates.csv holds, such as "2026-03-19"; needed for JPY."""

    cut: Fraction | None = None
    """Part of the proposed fee that is taken off [-]; left out: 0.9, "by 90 % or more"."""

    payout_years: PayoutYears | None = None
    """Years over which it is paid [years]; left out: 20."""

    target_mw: Positive | None = None
    """Capacity that must stand in a year for its part to be paid [MW]; left out: 9,200."""


class PartnershipSpec(Frozen):
    """Terms between Japan, which invests, and the United States; what is left out has a figure in inputs/."""

    investment_usd: Positive | None = None
    """What the investor puts in, in the money of the announcement [USD]; left out: 33.3 bn USD."""

    calls: Annotated[tuple[FundingCallSpec, ...], Field(min_length=1)]
    """Calls for money, in order."""

    funding_business_days: Annotated[int, Field(ge=0, le=260)] | None = None
    """Business days of both countries from a call to the funds [days]; left out: 45."""

    japan_share_before_recovery: Annotated[float, Field(gt=0.0, le=1.0)] | None = None
    """Japan's share of the cash until it has its investment back [-]; left out: 0.5."""

    japan_share_after_recovery: Fraction | None = None
    """Japan's share of the cash afterwards [-]; left out: 0.1."""

    recover: Literal["principal", "principal_and_interest"] = "principal"
    """What Japan has back when the shares change."""

    deemed_interest: Rate | None = None
    """Rate that counts with the principal where `recover` says so, nominal [per year]; left out: 5.25 % (estimate)."""

    developer_fee: DeveloperFeeSpec | None = None
    """Fee of the developer; left out: none."""

    equity_share: Fraction | None = None
    """Part of Japan's money that is equity [-]; left out: 0.015."""

    jbic_share_of_loans: Fraction | None = None
    """JBIC's part of what is lent, the rest comes from banks with NEXI cover [-]; left out: 0.5, undecided in truth."""

    jbic_interest: Rate | None = None
    """Interest of JBIC, nominal [per year]; left out: 5 % (estimate)."""

    bank_interest: Rate | None = None
    """Interest of the banks without the premium, nominal [per year]; left out: 5 % (estimate)."""

    nexi_cover: Fraction | None = None
    """Part of the banks' loan that NEXI covers [-]; left out: 0.9."""

    nexi_premium: Rate | None = None
    """Premium on the covered part [per year]; left out: 0.3 % (estimate)."""

    loan_tenor_years: PayoutYears | None = None
    """From the last call to the day on which NEXI pays for what the banks have not got back [years]; left out: 18."""
