"""What a scenario says of the national account: trajectory, limits by state, zone and region, what may be eased."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from gigasite.inputs.quantities import Frozen, NonNegative, NonNegativeSeries, Positive

Placement = Literal["linear", "whole"]


class ByPlace(Frozen):
    """Figures by place: states, grid zones of inputs/grid_zones.csv, regions whose grid headroom zones share."""

    states: dict[str, NonNegativeSeries] = Field(default_factory=dict)
    """By state, as {TX: number} or {TX: {year: number}}."""

    zones: dict[str, NonNegativeSeries] = Field(default_factory=dict)
    """By grid zone."""

    regions: dict[str, NonNegativeSeries] = Field(default_factory=dict)
    """By region (pjm, ercot ...)."""


class EaseSpec(Frozen):
    """Factors on what holds the account back, to see what more of it would bring; 1 (or 0 years) changes nothing."""

    rest_of_state_limits: Positive = 1.0
    """Factor on what the rest of each state may add [-]."""

    campus_ramps: Positive = 1.0
    """Factor on the ramp of every named campus that counts in the account [-]."""

    build_slots: dict[str, Positive] = Field(default_factory=dict)
    """Factor on the national delivery slots, as {technology: factor} [-]; stock on order stays as it is."""

    grid_headroom: dict[str, Positive] = Field(default_factory=dict)
    """Factor on the grid headroom of a region, as {region: factor} [-]."""

    grid_steps: dict[str, Positive] = Field(default_factory=dict)
    """Factor on the width of the steps of added load in a grid zone, as {zone: factor} [-]."""

    queue_years_earlier: int = Field(default=0, ge=0, le=20)
    """Years by which every firm and non-firm grid connection comes earlier [years]."""


class NationalSpec(Frozen):
    """National account: data-centre demand against what is served."""

    trajectory: str | None = None
    """Trajectory of inputs/demand.csv (lbnl_low, middle, lbnl_high ...); or write your own as `trajectory_twh`."""

    trajectory_twh: NonNegativeSeries | None = None
    """The planner's own trajectory in place of a named one [TWh/year]: {year: TWh}, linear between two years."""

    include_rest_of_state: bool = True
    """true: the rest of each state may grow too, as aggregates with their own limits."""

    rest_of_state_technologies: tuple[str, ...] = ()
    """Technologies that the aggregates may build; left out: those of inputs/."""

    shortfall_price_usd_per_mwh: NonNegative | None = None
    """Price of demand that nobody serves in 2024 money [USD/MWh]; left out: the one of inputs/."""

    existing_fleet_twh: NonNegativeSeries | None = None
    """Energy of the existing fleet [TWh/year]; left out: that of inputs/existing_fleet.csv (LBNL: 176 TWh in 2023)."""

    limits_mw: ByPlace = ByPlace()
    """Most data-centre load energised beside the existing fleet, by place [facility MW]."""

    limits_twh: ByPlace = ByPlace()
    """The same as energy in a year [TWh/year]."""

    growth_mw_per_year: ByPlace = ByPlace()
    """Most load energised anew in a calendar year, by place [MW/year]; counted from the year of the existing fleet."""

    growth_of_inputs: bool = False
    """true: the growth limits of inputs/growth_limits.csv hold where `growth_mw_per_year` says nothing of a place."""

    placement: Placement = "linear"
    """linear: any share of a campus's ramp; whole: all of it or nothing, for named campuses that say nothing."""

    ease: EaseSpec = EaseSpec()
    """Limits eased, to see what each holds back."""
