"""The sections of a scenario beside its sites: horizon, money, fuel, lines, overrides, solve."""

from __future__ import annotations

import itertools
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from gigasite.inputs.quantities import Frozen, NonNegative, NonNegativeSeries, Positive

SolveMethod = Literal["auto", "whole", "decomposed"]
ModelledYear = Annotated[int, Field(ge=2024, le=2100)]


class Horizon(Frozen):
    """The years that are modelled and how finely their hours are."""

    years: Annotated[tuple[ModelledYear, ...], Field(min_length=1)]
    """Modelled years, rising; each stands for the calendar years up to the next one."""

    base_year: Annotated[int, Field(ge=2020, le=2100)] = 2026
    """Year to which present values are discounted."""

    final_span_years: Annotated[int, Field(ge=1, le=60)] = 20
    """Calendar years for which the last modelled year stands [years]."""

    resolution_h: Literal[24, 6, 3, 2, 1] = 1
    """Length of a time step [h]; coarser than 1 is for looking, only hours are certified."""

    seed: Annotated[int, Field(ge=0)] = 1
    """Seed of the synthetic weather and price year."""

    days: Annotated[int, Field(ge=1, le=365)] | None = None
    """So many days, evenly spread over each year, for a short look that is no answer [d]; left out: the whole year."""

    @field_validator("years")
    @classmethod
    def _years_rise(cls, years: tuple[int, ...]) -> tuple[int, ...]:
        for earlier, later in itertools.pairwise(years):
            if later <= earlier:
                raise ValueError(f"years must rise, but {later} comes after {earlier}")
        return years


class Money(Frozen):
    """How money of different years is brought together."""

    discount_rate_real: Annotated[float, Field(ge=0.0, lt=1.0)] | None = None
    """Real discount rate [per year]; left out: the one of inputs/finance.csv (5.36 %, derived from NREL ATB 2024)."""


class FuelSpec(Frozen):
    """Which fuel prices hold."""

    case: str = "aeo2026_baseline"
    """Case of inputs/fuels.csv for natural gas (EIA Annual Energy Outlook 2026, baseline)."""

    cases: dict[str, str] = Field(default_factory=dict)
    """Case for single fuels, as {fuel: case}, where it differs from `case`."""

    price_multiplier: NonNegativeSeries | None = None
    """Factor on the price of natural gas [-]: one number or {year: factor}."""


class LineSpec(Frozen):
    """A line that joins two sites of the scenario."""

    from_site: str
    """Site where power enters the line."""

    to_site: str
    """Site where power leaves the line."""

    length_km: Positive
    """Length of the route [km]."""

    voltage_kv: Literal[138, 230, 345, 500, 765] = 345
    """Voltage class [kV]; cost and loss follow it."""

    max_mw: NonNegative | None = None
    """Largest capacity [MW]."""

    wheeling_usd_per_mwh: NonNegative | None = None
    """Wheeling charge in 2024 money [USD/MWh]; left out: the one of inputs/."""


class Published(Frozen):
    """A price published for the project, shown beside the one found."""

    price_usd_per_mwh: Positive
    """The price as published, in its own money [USD/MWh]."""

    source: Annotated[str, Field(min_length=1, pattern=r"\S")]
    """Who said so, and when."""

    money_year: Annotated[int, Field(ge=2004, le=2040)] | None = None
    """Year of the money it counts in; left out: not said, and taken for 2024."""

    aid_usd: NonNegative = 0.0
    """Aid to building that the price counts on, in the money of the day [USD]."""

    credit_usd_per_mwh: NonNegative = 0.0
    """Tax credits that the price counts on, in its own money [USD/MWh]."""

    public_owner_rate: Annotated[float, Field(gt=-1.0, lt=1.0)] | None = None
    """Nominal rate at which a public owner, who pays no tax on income, has all his money [per year]; left out: none."""


class Override(Frozen):
    """One input figure, or several alike, replaced for this scenario, with the reason."""

    table: str
    """File of inputs/ without its ending (technologies, fuels ...)."""

    where: Annotated[dict[str, str | int | float], Field(min_length=1)]
    """Which rows: {key column: value}; every row that fits is replaced."""

    value: float
    """The new value, in the unit of the row."""

    reason: Annotated[str, Field(min_length=1, pattern=r"\S")]
    """Why; it is written into the results."""


class SolveSpec(Frozen):
    """How the scenario is solved; never changes what the answer means. `solve: whole` is short for a method alone."""

    method: SolveMethod = "auto"
    """whole: one problem; decomposed: blocks of a month; auto: decomposed from a full site-year of hours on."""

    gap: Annotated[float, Field(gt=0.0, le=0.1)] = 1e-4
    """How far the plan may be from the cheapest, as a share of its cost; certified by a lower bound [-]."""

    time_limit_s: Positive | None = None
    """Longest time [s]; a plan found until then is kept and marked."""

    threads: Annotated[int, Field(ge=1, le=1024)] | None = None
    """Threads, or worker processes where decomposed; left out: as many as the machine has."""

    @model_validator(mode="before")
    @classmethod
    def _method_alone(cls, given: Any) -> Any:
        return {"method": given} if isinstance(given, str) else given
