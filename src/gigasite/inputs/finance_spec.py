"""What a scenario says of money: who pays, at what rates, and what the price of power is agreed to do."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from gigasite.inputs.quantities import Fraction, Frozen, NonNegative, Positive

LEAST_DSCR, MOST_DSCR = 1.0, 10.0
"""Debt service cover ratios that may be asked for [-]: below 1 debt service is not paid."""

Rate = Annotated[float, Field(gt=-1.0, lt=1.0)]
"""A nominal yearly rate; 0.0525 is 5.25 % a year."""

Tenor = Annotated[int, Field(ge=1, le=60)]
Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
"""A day, written "2026-03-19" in quotes."""

Block = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class TrancheSpec(Frozen):
    """One source of money; all of them pay every dollar in their shares."""

    kind: Literal["jbic_loan", "nexi_insured_loan", "commercial_loan", "sponsor_equity", "us_partner"]
    """jbic_loan, nexi_insured_loan, commercial_loan: lent and paid back; sponsor_equity, us_partner: owners."""

    share: NonNegative
    """Part of all that building takes [-]; the shares add up to 1."""

    rate: Rate
    """Interest of a loan, or the return that owners ask after tax, nominal [per year]."""

    tenor_years: Tenor | None = None
    """Years in which a loan is paid back after the start of the plant [years]; only of loans, and needed there."""

    guarantee_share: Fraction = 0.0
    """Part of a loan that a third party covers [-]; at least 0.9 for nexi_insured_loan."""

    guarantee_fee: Fraction = 0.0
    """Paid for the cover, on what is owed and covered [per year]."""

    upfront_fee: Annotated[float, Field(ge=0.0, le=0.5)] = 0.0
    """Paid once on the whole loan, in the first year of building [-]."""

    repayment: Literal["annuity", "level_principal", "sculpted"] = "annuity"
    """annuity: the same service every year; level_principal: the same principal; sculpted: in step with cash."""


class LearningSpec(Frozen):
    """How far later units are cheaper than the first; figures of inputs/ are taken as those of a first unit."""

    rate: Annotated[float, Field(gt=-1.0, lt=1.0)] | None = None
    """Part of the cost that each doubling of units takes away [-]; left out: that of Darlington (0.194)."""

    units_before: Annotated[int, Field(ge=0, le=10_000)] = 0
    """Units built before those of this scenario, by anyone."""

    units: Annotated[int, Field(ge=1, le=10_000)] = 1
    """Units of this scenario; each costs their mean."""


class FinanceTerms(Frozen):
    """What may differ by site or technology; a key that is left out is that of the whole scenario."""

    block: Block | None = None
    """Who pays: a block of inputs/finance.csv (utility, contracted, merchant, nuclear_first, japan_us)."""

    tranches: dict[Block, TrancheSpec] | None = None
    """Who pays, written out, in place of a block: {name: tranche}."""

    risk_adder_real: Annotated[float, Field(ge=0.0, lt=1.0)] | None = None
    """Added to the real cost of capital [per year]; left out: that of inputs/ for reactors, else 0."""

    delay_months: Annotated[float, Field(ge=0.0, le=240.0)] = 0.0
    """The plant starts so much later than its money is spent [months]: more interest; its first year stays."""

    overrun_factor: Positive = 1.0
    """What it costs in the end over what inputs/ say [-]."""

    learning: LearningSpec | None = None
    """Cost of later units; left out: the figure of inputs/ as it is."""


class PriceSpec(Frozen):
    """What the price of power is agreed to do over the years."""

    kind: Literal["fixed", "indexed", "cost_plus"] = "indexed"
    """fixed: the same dollars every year; indexed: rises with prices; cost_plus: cost of fuel and operation are passed
    on, and a price for capital stays the same."""

    usd_per_mwh: NonNegative | None = None
    """The price [USD/MWh]: in 2024 money where indexed, else in money of every year; left out: what the last of the
    target returns needs."""

    indexed_share: Fraction = 1.0
    """Part of the price that rises with prices, for indexed [-]."""

    margin_share: NonNegative = 0.0
    """Added to the cost that is passed on, for cost_plus [-]."""


class FinanceSpec(Frozen):
    """Cost of capital, price and terms. Where a scenario has this section its cost of capital sizes the plan too."""

    block: Block | None = None
    """Who pays: a block of inputs/finance.csv (utility, contracted, merchant, nuclear_first, japan_us); left out:
    utility."""

    tranches: dict[Block, TrancheSpec] | None = None
    """Who pays, written out, in place of a block: {name: tranche}."""

    sites: dict[Block, FinanceTerms] = Field(default_factory=dict)
    """What differs at a site: {site: terms}."""

    technologies: dict[Block, FinanceTerms] = Field(default_factory=dict)
    """What differs for a technology: {technology: terms}; wins over the site."""

    price: PriceSpec = PriceSpec()
    """Price of power."""

    target_equity_returns: Annotated[tuple[Rate, ...], Field(min_length=1)] = (0.08, 0.10)
    """Returns of the owners for which a price is sought, nominal and after tax [per year]."""

    target_dscr: Annotated[float, Field(ge=LEAST_DSCR, le=MOST_DSCR)] | None = None
    """Times that cash after tax is to cover debt service in every year [-]; the price that gives it is sought too.
    Left out: none is asked for."""

    tax_rate: Annotated[float, Field(ge=0.0, lt=1.0)] | None = None
    """Tax on income, federal and state [-]; left out: that of inputs/ (0.2574)."""

    bonus_depreciation: Fraction | None = None
    """Part of the cost that is deducted in the first year [-]; left out: that of inputs/ (1, since 2025)."""

    reserve_months: Annotated[float, Field(ge=0.0, le=24.0)] = 6.0
    """Debt service kept in a reserve account [months]."""

    grant_usd: NonNegative = 0.0
    """Aid of the state to building, in the money of the day it is paid, as the first plants start [USD]."""

    operating_years: Annotated[int, Field(ge=1, le=100)] | None = None
    """Years of operation from the first start on [years]; the last modelled year is repeated. Left out: to the end of
    the horizon."""

    currency: Literal["USD", "JPY"] = "USD"
    """Second currency in which the yearly table is told."""

    exchange_date: Day | None = None
    """Day whose rate of inputs/exchange_rates.csv holds, such as "2026-03-19"; needed for JPY."""

    allow_negative_rate: bool = False
    """true: a rate below zero is meant."""
