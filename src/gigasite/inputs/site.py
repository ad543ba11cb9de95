"""What a scenario says of one site: its load, its place, its gas, its grid, what may be built there."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, field_validator

from gigasite.inputs.grid_spec import GridSpec
from gigasite.inputs.national_spec import Placement
from gigasite.inputs.quantities import (
    Fraction,
    Frozen,
    NonNegative,
    NonNegativeSeries,
    NonNegativeSeriesFromZero,
    Positive,
    Ramp,
    Year,
)
from gigasite.inputs.specs import TechnologySpec

SiteId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
"""Id of a site, in scenarios, candidates files and the layer of sites alike."""


class LoadSpec(Frozen):
    """How a campus uses power; a key left out takes its value from the scenario's `load:`, then from inputs/."""

    pue_peak: Annotated[float, Field(ge=1.0, le=3.0)] | None = None
    """Power usage effectiveness at peak: facility MW per MW of IT [-]."""

    pue_mean: Annotated[float, Field(ge=1.0, le=3.0)] | None = None
    """Power usage effectiveness, mean of the year [-]."""

    utilisation_mean: Fraction | None = None
    """Mean utilisation of the IT [-]: about 0.85 for an AI campus, 0.50 for the US fleet."""

    idle_value_usd_per_mw_year: NonNegative | None = None
    """What a facility MW that waits costs in 2024 money [USD/MW-year]."""

    unserved_cost_usd_per_mwh: NonNegative | None = None
    """What energy not served to energised load costs in 2024 money [USD/MWh]."""

    unserved_share_max: Fraction | None = None
    """Largest share of energised energy that may stay unserved before the run fails its check [-]."""


class PlaceSpec(Frozen):
    """The place of a site that inputs/sites.geojson does not hold, or what differs from the site named by `like:`."""

    name: str | None = None
    """Name for tables and maps."""

    lat: Annotated[float, Field(ge=-90.0, le=90.0)] | None = None
    """Latitude, WGS84 [degrees north]."""

    lon: Annotated[float, Field(ge=-180.0, le=180.0)] | None = None
    """Longitude, WGS84 [degrees east]."""

    state: str | None = None
    """State code of two letters."""

    grid_zone: str | None = None
    """Zone of inputs/grid_zones.csv."""

    census_division: str | None = None
    """Census division whose delivered gas price holds (east_north_central ...)."""

    gas_hub: str | None = None
    """Gas hub, a region of inputs/fuels.csv (waha, henry_hub ...)."""

    design_temperature_c: Annotated[float, Field(ge=-60.0, le=60.0)] | None = None
    """Temperature for which firm capacity is rated [C]."""

    temperature_like_site: str | None = None
    """Site of inputs/sites.geojson whose monthly temperatures are taken."""

    temperature_series: str | None = None
    """Temperature over the day, a series of inputs/hourly_shapes.csv; left out: that of `temperature_like_site`."""

    wind_series: str | None = None
    """Wind shape, a series of inputs/hourly_shapes.csv."""

    solar_series: str | None = None
    """Solar shape, a series of inputs/hourly_shapes.csv."""

    capex_multiplier_combined_cycle: Positive | None = None
    """Local factor on the capital cost of combined cycles [-]."""

    capex_multiplier_gas_turbine: Positive | None = None
    """Local factor on the capital cost of gas turbines, engines, fuel cells and backup generators [-]."""

    capex_multiplier_nuclear: Positive | None = None
    """Local factor on the capital cost of reactors [-]."""

    capex_multiplier_battery: Positive | None = None
    """Local factor on the capital cost of batteries [-]."""


class HourlyFiles(Frozen):
    """The planner's own hourly CSV files (8,760 rows) in place of shipped shapes; paths relative to the scenario."""

    load: str | None = None
    """Facility load per unit of contracted peak: column `load_per_unit`."""

    price: str | None = None
    """Grid energy price: column `price_usd_per_mwh`."""

    wind: str | None = None
    """Wind output per unit of capacity: column `wind_per_unit`."""

    solar: str | None = None
    """Solar output per unit of capacity: column `solar_per_unit`."""

    temperature: str | None = None
    """Air temperature: column `temperature_c`."""


class GasTransport(Frozen):
    """Firm and interruptible transport of gas to a site; a figure left out is that of inputs/fuel_properties.csv."""

    firm_max_mmbtu_per_h: NonNegativeSeriesFromZero | None = None
    """Largest firm contract by year [MMBtu/h]: one number or {year: MMBtu/h}, 0 before; left out: no limit."""

    firm_reservation_usd_per_mmbtu_per_day: NonNegative | None = None
    """Charge on every MMBtu a day of the firm contract, used or not, in 2024 money [USD/MMBtu-day]."""

    interruptible_max_mmbtu_per_h: NonNegative | None = None
    """Most interruptible gas in an hour [MMBtu/h]; left out: no limit."""

    interruptible_usd_per_mmbtu: NonNegative | None = None
    """Charge on interruptible gas that flows, in 2024 money [USD/MMBtu]."""

    interruptible_stops_days: Annotated[int, Field(ge=0, le=365)] | None = None
    """So many days a year, the coldest of the site, on which interruptible gas does not flow [days]."""


class DualFuel(Frozen):
    """Distillate in tanks on site, burnt in place of gas; a figure left out is that of inputs/."""

    tank_max_mmbtu: NonNegative | None = None
    """Largest tanks together [MMBtu of distillate]; left out: no limit."""

    refill_mmbtu_per_day: NonNegative | None = None
    """Most distillate that trucks bring in a day [MMBtu/day]."""

    firm_hours: Positive | None = None
    """Hours at full burn for which a full tank must last, so that its machines count at the peak [h]."""

    earliest_year: Year | None = None
    """First year of tanks and burners."""


class GasSpec(Frozen):
    """Where the gas comes from and what its price is made of: one price basis, never both."""

    basis: Literal["delivered", "hub"] = "delivered"
    """'delivered': power-sector price of the census division with transport; 'hub': hub price + basis + transport."""

    hub: str | None = None
    """Hub, a region of inputs/fuels.csv; only with basis: hub. Left out: the hub of the place."""

    transport_usd_per_mmbtu: NonNegative | None = None
    """Transport from the hub to the site in 2024 money [USD/MMBtu]; only with basis: hub."""

    fuel: Literal["natural_gas", "lng"] = "natural_gas"
    """Which gas is burnt."""

    trunk: bool | None = None
    """true: a gas trunk must be built for what is burnt; false: the plant stands at the field or on a pipeline."""

    trunk_distance_km: NonNegative | None = None
    """Length of that trunk [km]; left out: the distance in inputs/sites.geojson."""

    trunk_earliest_year: Year | None = None
    """First year of that trunk; left out: the one of inputs/technologies.csv."""

    existing_pipe_mmbtu_per_h: Positive | None = None
    """What a pipe that lies already brings [MMBtu/h]: no more gas is burnt unless a trunk is laid beside it."""

    transport: GasTransport | None = None
    """Firm and interruptible transport in place of one price of transport; left out: all gas is firm."""

    dual_fuel: DualFuel | None = None
    """Distillate from tanks on site that gas plants may burn ({}: every figure from inputs/); left out: none."""


class CapacityFloor(Frozen):
    """A floor under the capacity of several technologies together."""

    technologies: Annotated[tuple[str, ...], Field(min_length=1)]
    """Technologies that count, each listed at the site."""

    mw: Ramp
    """Least total capacity [MW] as {year: MW}; 0 before the first year."""


class PermitsSpec(Frozen):
    """What the permits of a site allow its plants in a calendar year: one number or {year: number}; left out: no limit.

    Before the first year of a series its first value holds. Power from the grid and the campus itself do not count.
    """

    nox_t_per_year: NonNegativeSeries | None = None
    """Nitrogen oxides emitted [t/year]."""

    co2_t_per_year: NonNegativeSeries | None = None
    """Carbon dioxide emitted on site [t/year]; `co2_cap_t_per_year` under `requirements:` is for all sites together."""

    water_m3_per_year: NonNegativeSeries | None = None
    """Water consumed, that is evaporated [m3/year]."""

    water_withdrawal_m3_per_year: NonNegativeSeries | None = None
    """Water withdrawn, what is given back included [m3/year]."""

    land_ha: NonNegativeSeries | None = None
    """Land under the plants [ha]."""

    backup_run_h_per_year: NonNegativeSeries | None = None
    """Hours a backup generator may run at full output [h/year], in place of the figure of inputs/."""


class SiteSpec(Frozen):
    """One site: a campus with a load ramp, or a place of supply without one."""

    like: str | None = None
    """Site of inputs/sites.geojson whose place is taken; left out: the one named like this site."""

    place: PlaceSpec | None = None
    """Place of a site that inputs/ does not hold, or what differs from the place of inputs/."""

    load_ramp_mw: Ramp | None = None
    """Contracted peak at the meter that the campus wants [facility MW], as {year: MW}; left out: supply only."""

    start_month: dict[Year, Annotated[int, Field(ge=1, le=12)]] = Field(default_factory=dict)
    """Month (1 to 12) from which the load that a modelled year adds counts, as {year: month}; left out: January."""

    load: LoadSpec = LoadSpec()
    """How this campus uses power, where it differs from the scenario's `load:`."""

    technologies: dict[str, TechnologySpec] = Field(default_factory=dict)
    """What may be built here: a list of names, or {name: options}."""

    hourly: HourlyFiles = HourlyFiles()
    """The planner's own hourly CSV files."""

    gas: GasSpec = GasSpec()
    """Gas supply."""

    grid: GridSpec = GridSpec()
    """Grid connection."""

    permits: PermitsSpec = PermitsSpec()
    """Limits on emissions, water, land and run hours."""

    capacity_floor_mw: tuple[CapacityFloor, ...] = ()
    """Floors under the capacity of several technologies together."""

    capital_budget_usd: Positive | None = None
    """Largest overnight capital cost at this site, all years, in the money of `capital_budget_money_year` [USD]."""

    capital_budget_money_year: Year = 2024
    """Year whose money the budget is counted in; 2024 is the money of all results."""

    capex_multiplier: dict[str, Positive] = Field(default_factory=dict)
    """Local factor on capital cost by technology [-], in place of the one of inputs/sites.geojson."""

    count_in_national: bool = True
    """true: the load of this site counts in the national account."""

    placement: Placement | None = None
    """linear: any share of the ramp; whole: all of it or nothing; left out: `national: placement:`, or linear."""

    minimum_campus_mw: Positive | None = None
    """Smallest campus that is worth opening [facility MW]: at least this is energised, or nothing; left out: any."""

    @field_validator("technologies", mode="before")
    @classmethod
    def _names_become_options(cls, value: Any) -> Any:
        if isinstance(value, list | tuple) and all(isinstance(name, str) for name in value):
            return {name: {} for name in value}
        return value
