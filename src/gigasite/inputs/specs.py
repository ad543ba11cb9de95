"""What every technology and requirement may be told in a scenario; a feature adds its own keys by subclassing."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from gigasite.inputs.quantities import (
    Frozen,
    NonNegative,
    NonNegativeSeries,
    NonNegativeSeriesFromZero,
    Positive,
    SeriesRule,
    Year,
    YearSeries,
)

Month = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
"""A calendar month, written 2026-07."""

OrderedMw = Annotated[YearSeries, SeriesRule(minimum=0.0, before_first="zero", number_allowed=False)]
"""{year: MW}, 0 or more, 0 before the first year."""

CostOfCapital = Annotated[float, Field(ge=0.0, lt=1.0)]
"""A real yearly rate; 0.0536 is 5.36 % a year."""


class TechnologySpec(Frozen):
    """Options of a technology, for all sites or at one site. A key that is left out takes its value from inputs/."""

    is_built: ClassVar[bool] = True
    """Whether its capacity is built, by vintage; what is rented is not."""

    machine_class: str | None = None
    """Class of machine, a `machine_class` of inputs/technologies.csv; left out: the default class of the technology."""

    cost_case: str | None = None
    """Cost case, a `cost_case` of inputs/technologies.csv (atb, market, headline ...); left out: the default case."""

    capacity_mw: NonNegativeSeriesFromZero | None = None
    """Total capacity in each year, given, not chosen [MW]: one number or {year: MW}; 0 before the first year."""

    capacity_min_mw: NonNegativeSeriesFromZero | None = None
    """Least total capacity in each year [MW]: one number or {year: MW}; 0 before the first year."""

    capacity_max_mw: NonNegativeSeries | None = None
    """Largest total capacity in each year [MW]: one number or {year: MW}; the first value holds before it."""

    earliest_year: Year | None = None
    """First year in which new capacity can run, whatever the lead time; left out: order, delivery and construction."""

    order_month: Month | None = None
    """Month of order, such as "2026-07"; left out: January of horizon.base_year."""

    delivery_months: Annotated[float, Field(ge=0.0, le=240.0)] | None = None
    """From order to delivery [months]; left out: the figure of the class."""

    construction_months: Annotated[float, Field(ge=0.0, le=240.0)] | None = None
    """Site works from delivery to power [months]; left out: the figure of the class."""

    ordered_mw: OrderedMw | None = None
    """Capacity ordered already, in all that is delivered by each year [MW]: {year: MW}. It may run from that year on
    whatever the lead time, and takes no national slot; what is not built costs nothing."""

    unit_size_mw: Positive | None = None
    """Size of one machine [MW]; left out: the unit size of the class."""

    units: Literal["continuous", "whole"] | None = None
    """'whole': capacity in whole machines of the unit size; 'continuous', also where left out: any megawatts."""

    economic_life_years: Annotated[float, Field(gt=0.0, le=100.0)] | None = None
    """Years over which a vintage is paid off and runs [years]; left out: the lifetime of the class."""

    capex_usd_per_kw: NonNegativeSeries | None = None
    """Overnight capital cost by year of order in 2024 money [USD/kW], in place of the cost case."""

    fixed_om_usd_per_kw_year: NonNegative | None = None
    """Fixed operation and maintenance in 2024 money [USD/kW-year], in place of the figure of the class."""

    cost_of_capital_real: CostOfCapital | None = None
    """Real cost of capital of this technology [per year]; left out: the one of inputs/, else the discount rate."""


class RequirementSpec(Frozen):
    """Base of the keys that a requirement adds to `requirements:` of a scenario (one flat table for all of them)."""
