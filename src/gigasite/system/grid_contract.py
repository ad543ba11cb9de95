"""The contract of a grid connection as it is sold: queue years, given blocks, floor and ratchet, ramp."""

from __future__ import annotations

import numpy as np

from gigasite.inputs.grid_spec import ContractSpec
from gigasite.system.context import CAPACITY_ROOM, Context
from gigasite.system.ease import queue_years_earlier
from gigasite.system.grid import zone_figure
from gigasite.system.place import Place
from gigasite.system.quantity import Quantity

BILLED_ROOM = 2.0
"""Billed demand stays below this many times the contract; metering cannot pass it, floor and ratchet never do."""


def connection_bounds(context: Context, technology: str) -> dict[str, Quantity]:
    """Largest contract, firm and non-firm, by site and year: queue years, what has been agreed, given blocks, ramp.

    In the years of a given block firm and non-firm megawatts are those of the block, whatever the queue.
    """
    shape = (len(context.places), len(context.years))
    low, high, firm, nonfirm = (np.zeros(shape) for _ in range(4))
    for s, place in enumerate(context.places):
        options = context.options(place.name, technology)
        if options is None:
            continue
        for y, year in enumerate(context.years):
            low[s, y], high[s, y] = _contract_range(context, place, technology, year)
            given = options.capacity_mw is not None
            agreed = _agreed_mw(place, year)
            firm[s, y] = high[s, y] if given or year >= _queue_year(context, place, "firm") else min(agreed, high[s, y])
            nonfirm[s, y] = high[s, y] if year >= _queue_year(context, place, "nonfirm") else 0.0
            block = block_of(place, year)
            if block is not None:
                low[s, y] = high[s, y] = block.firm_mw + block.nonfirm_mw
                firm[s, y], nonfirm[s, y] = block.firm_mw, block.nonfirm_mw
    return {
        "contract_min_mw": Quantity(low, ("site", "year"), "MW"),
        "contract_max_mw": Quantity(high, ("site", "year"), "MW"),
        "firm_max_mw": Quantity(firm, ("site", "year"), "MW"),
        "nonfirm_max_mw": Quantity(nonfirm, ("site", "year"), "MW"),
        "export_allowed": context.by_site(technology, lambda s: float(context.place(s).settings.grid.export), "1"),
    }


def block_of(place: Place, year: int) -> ContractSpec | None:
    """The given contract that holds at a site in a year."""
    blocks = place.settings.grid.contracts
    return next((block for block in blocks if block.from_year <= year <= block.to_year), None)


def _contract_range(context: Context, place: Place, technology: str, year: int) -> tuple[float, float]:
    options = context.options(place.name, technology)
    assert options is not None
    if options.capacity_mw is not None:
        return options.capacity_mw.at(year), options.capacity_mw.at(year)
    most = CAPACITY_ROOM * context.largest_load_mw(place.name)
    for limit in (options.capacity_max_mw, place.settings.grid.connection_max_mw):
        if limit is not None:
            most = min(most, float(limit if isinstance(limit, int | float) else limit.at(year)))
    least = 0.0 if options.capacity_min_mw is None else options.capacity_min_mw.at(year)
    return least, most


def _agreed_mw(place: Place, year: int) -> float:
    """Firm megawatts a site has been promised already, by the layer of sites."""
    since = place.properties.get("agreed_connection_year")
    return float(place.properties.get("agreed_connection_mw") or 0.0) if since and year >= int(since) else 0.0


def _queue_year(context: Context, place: Place, kind: str) -> int:
    given, earlier = getattr(place.settings.grid, f"queue_year_{kind}"), queue_years_earlier(context.scenario)
    if given is not None:
        return int(given) - earlier
    return int(zone_figure(context.tables, place.zone, f"queue_year_{kind}", default=float(context.years[0]))) - earlier


# -- demand that is billed ---------------------------------------------------------------------------------------------


def demand_terms(context: Context, technology: str) -> dict[str, Quantity]:
    """Floor of billed demand as a share of the contract; ratchet as a share of the year's peak, where there is one."""
    floor = context.by_site_year(technology, lambda s, year: demand_floor(context, context.place(s), year), "1")
    ratchet = context.by_site(technology, lambda s: demand_ratchet(context, context.place(s)), "1")
    terms = {"demand_charge_floor": floor}
    return terms | {"demand_ratchet_share": ratchet} if ratchet.values.any() else terms


def demand_floor(context: Context, place: Place, year: int) -> float:
    """Least billed demand as a share of the contract: of a given block, else of the site, else of the zone."""
    block = block_of(place, year)
    if block is not None and block.floor_mw is not None:
        contract = block.firm_mw + block.nonfirm_mw
        return block.floor_mw / contract if contract > 0 else 0.0
    own = place.settings.grid.demand_floor_share
    return zone_figure(context.tables, place.zone, "demand_charge_floor", default=0.0) if own is None else float(own)


def demand_ratchet(context: Context, place: Place) -> float:
    """Share of the highest metered month that every month is billed at least: of the site, else of the zone."""
    own = place.settings.grid.demand_ratchet_share
    return zone_figure(context.tables, place.zone, "demand_ratchet_share", default=0.0) if own is None else float(own)


# -- how fast the contract may rise ------------------------------------------------------------------------------------


def ramp_terms(context: Context, technology: str) -> dict[str, Quantity]:
    """By how much the contract may rise since the modelled year before, where a site has a ramp.

        rise[y] = ramp * (calendar years since the modelled year before, or since its given block ended, if later)

    Years in which no connection can be open do not count. In the first modelled year the contract rises from nothing,
    or from the last given block that has ended. A year of a given block has the rise it was signed with.
    """
    years = context.years
    shape = (len(context.places), len(years))
    ramped, rise = np.zeros(shape), np.zeros(shape)
    for s, place in enumerate(context.places):
        ramp = place.settings.grid.contract_ramp_mw_per_year
        if ramp is None or context.options(place.name, technology) is None:
            continue
        shut = _opening_year(context, place) - 1
        held = [block_of(place, year) for year in years]
        until = [year if block is None else block.to_year for year, block in zip(years, held, strict=True)]
        ramped[s] = [block is None for block in held]
        rise[s, 0] = _first_rise_mw(context, place, years[0])
        rise[s, 1:] = [ramp * max(0, year - max(last, shut)) for last, year in zip(until[:-1], years[1:], strict=True)]
    if not ramped.any():
        return {}
    follows = np.ones(len(years))
    follows[0] = 0.0
    return {
        "ramped": Quantity(ramped, ("site", "year"), "1"),
        "contract_rise_mw": Quantity(ramped * rise, ("site", "year"), "MW"),
        "follows": Quantity(follows, ("year",), "1"),
    }


def _first_rise_mw(context: Context, place: Place, year: int) -> float:
    """Contract that a ramp reaches by the first modelled year, from nothing or from the last block that has ended."""
    ramp = float(place.settings.grid.contract_ramp_mw_per_year)
    ended = [block for block in place.settings.grid.contracts if block.to_year < year]
    if ended:
        last = max(ended, key=lambda block: block.to_year)
        return float(last.firm_mw + last.nonfirm_mw + ramp * (year - last.to_year))
    return ramp * max(0, year - _opening_year(context, place) + 1)


def _opening_year(context: Context, place: Place) -> int:
    """First year in which a site may have a connection of any kind."""
    agreed = place.properties.get("agreed_connection_year")
    queue = [_queue_year(context, place, kind) for kind in ("firm", "nonfirm")]
    signed = [int(block.from_year) for block in place.settings.grid.contracts]
    return min([*queue, *([int(agreed)] if agreed else []), *signed])
