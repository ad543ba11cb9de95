"""What a scenario says of a site's grid connection: where it meets the grid, when, and the contract it has."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from gigasite.inputs.quantities import Fraction, Frozen, NonNegative, Positive, Year


class ContractSpec(Frozen):
    """A grid contract as it was signed: given, not chosen, and paid for whether it is used or not."""

    from_year: Year
    """First calendar year of the contract."""

    to_year: Year
    """Last calendar year of the contract."""

    firm_mw: NonNegative = 0.0
    """Firm part [MW]."""

    nonfirm_mw: NonNegative = 0.0
    """Part that the grid may curtail in its stress hours [MW]."""

    floor_mw: NonNegative | None = None
    """Least billed demand in every month of its years [MW]; left out: the floor of the site or its zone."""


class FlexibleConnection(Frozen):
    """A non-firm connection whose load gives way while the grid curtails it."""

    curtailed_share: Annotated[float, Field(ge=0.0, le=0.01)]
    """Share of the energy of the connection that the grid may curtail [-], up to 0.01, where the published headroom
    ends; 0: no such connection."""

    load_share: Fraction = 1.0
    """Share of the energised load that can give way [-]; the rest needs firm supply."""

    headroom_share: Fraction = 1.0
    """Share of the headroom of the region that this site may take [-]: others wait in the same queue."""

    shed_price_usd_per_mwh: NonNegative | None = None
    """What a megawatt-hour that gives way costs in 2024 money [USD/MWh]; left out: that of flexible_load in inputs/."""


class GridSpec(Frozen):
    """How the site meets the grid; a key that is left out takes its value from the zone in inputs/."""

    zone: str | None = None
    """Zone of inputs/grid_zones.csv; left out: the zone of the place."""

    connection_max_mw: NonNegative | None = None
    """Largest connection, firm and non-firm together [MW]."""

    queue_year_firm: Year | None = None
    """First year of a firm connection."""

    queue_year_nonfirm: Year | None = None
    """First year of a non-firm connection."""

    export: bool = False
    """true: power may be sold to the zone."""

    contribution_usd_per_kw: NonNegative | None = None
    """Contribution to reinforcement beside that of the zone, paid once as the connection opens, 2024 money [USD/kW]."""

    contracts: tuple[ContractSpec, ...] = ()
    """Contracts as signed, one at a time: in their years firm and non-firm megawatts are given, not chosen."""

    contract_ramp_mw_per_year: Positive | None = None
    """By how much the contract may rise from one calendar year to the next [MW/year]; left out: without limit."""

    demand_floor_share: Fraction | None = None
    """Least billed demand as a share of the contract [-]; left out: the figure of the zone."""

    demand_ratchet_share: Fraction | None = None
    """Least billed demand as a share of the highest of the eleven months before [-]; left out: as in the zone."""

    transmission_charge: Literal["billed_demand", "4cp", "12cp"] | None = None
    """What the transmission charge falls on: billed demand, the four coincident peaks of summer, or the twelve of the
    months; left out: what the zone does in each year."""

    minimum_billing_demand_share: Fraction | None = None
    """Least demand charged at the coincident peaks, as a share of the contract [-]; left out: as in the zone."""

    flexible_connection: FlexibleConnection | None = None
    """A connection that may be curtailed by its own share of energy, with load that gives way; left out: none."""
