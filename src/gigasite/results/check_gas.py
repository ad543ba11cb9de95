"""Checks of gas supply: what carries it, cold days, distillate in store, limits of regions."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gigasite.formulation.gas_burn import GAS_ONLY
from gigasite.foundation.units import DAYS_PER_YEAR, HOURS_PER_DAY, MMBTU_PER_BCF, MMBTU_PER_GBTU
from gigasite.results.books import Books
from gigasite.results.check import FLOOR_MW, RELATIVE, Check, Labels, Values, largest, worst_of
from gigasite.results.gas_burnt import (
    FIRM_LIQUID,
    GAS_RATE,
    HIGHEST_HEAT_RATE,
    gas_mmbtu_per_h,
    gas_plants,
    standing_firm_mw,
)
from gigasite.results.recomputed_gas import DUAL_FUEL, REGIONS, TRANSPORT, bought_gbtu

FLOOR_MMBTU_PER_H = FLOOR_MW * HIGHEST_HEAT_RATE


def gas_checks(books: Books) -> Iterator[Check]:
    """A check of each of them that the scenario has."""
    if books.data(TRANSPORT):
        yield gas_is_carried(books)
        yield interruptible_stops_when_cold(books)
        yield only_firm_gas_counts(books)
    if books.data(DUAL_FUEL):
        yield distillate_follows(books)
        yield distillate_within_limits(books)
        yield firm_distillate_lasts(books)
    if books.data(REGIONS):
        yield regional_gas_is_bought(books)
        yield regional_gas_within_limits(books)


def gas_is_carried(books: Books) -> Check:
    """Pipeline gas of every step at a site with contracts: firm and interruptible flow together, firm within both the
    contract and what the scenario offers.
    """
    at = books.data(TRANSPORT)["at_site"].values[:, None, None]
    burnt = at * gas_mmbtu_per_h(books)
    firm = books.hourly(TRANSPORT, "firm_flow_mmbtu_per_h")
    other = books.hourly(TRANSPORT, "interruptible_mmbtu_per_h")
    contract = books.planned("gas_supply", "firm_contract_mmbtu_per_h")
    limit = _offered(books)
    most = np.minimum(contract, limit)[:, :, None]
    off = np.maximum.reduce([np.abs(burnt - firm - other), firm - most, -firm, -other])
    return largest(
        "gas_is_carried",
        np.maximum(off, np.where(np.isfinite(limit), contract - limit, 0.0)[:, :, None]),
        RELATIVE * burnt.max(axis=-1, keepdims=True) + FLOOR_MMBTU_PER_H,
        books.site_year_step,
        unit="MMBtu/h",
        holds="What is burnt comes by the firm contract or as interruptible gas.",
        broken="Gas that is burnt differs from what the contracts bring",
    )


def _offered(books: Books) -> Values:
    """Largest firm contract that the scenario allows, shape (site, year)."""
    limit = np.full(books.shape[:2], np.inf)
    for s, place in enumerate(books.system.context.places):
        transport = place.settings.gas.transport
        if transport is not None and transport.firm_max_mmbtu_per_h is not None:
            limit[s] = [transport.firm_max_mmbtu_per_h.at(year) for year in books.years]
    return limit


def interruptible_stops_when_cold(books: Books) -> Check:
    """Interruptible gas: none on the days of the table of stops, and those are the coldest of the site's year."""
    flow = books.hourly(TRANSPORT, "interruptible_mmbtu_per_h")
    context, wrong = books.system.context, np.zeros(books.shape)
    width = HOURS_PER_DAY // context.time.resolution_h
    for s, place in enumerate(context.places):
        if place.settings.gas.transport is None:
            continue
        stops = books.tables["gas_stops"]
        days = stops.loc[stops["site"] == place.name, "day"].to_numpy(dtype=int) - 1
        warmth = place.temperature_c.reshape(-1, HOURS_PER_DAY).mean(axis=1)
        kept = np.ones(len(warmth), dtype=bool)
        kept[days] = False
        asked = int(books.data(TRANSPORT)["stopped_days"].values[s])
        amiss = len(set(days)) != asked or (kept.any() and asked > 0 and warmth[days].max() > warmth[kept].min())
        here = np.repeat(~kept[context.time.selected_days], width)
        wrong[s] = np.where(here, flow[s], 0.0) + (np.inf if amiss else 0.0)
    return largest(
        "interruptible_stops_when_cold",
        wrong,
        FLOOR_MMBTU_PER_H,
        books.site_year_step,
        unit="MMBtu/h",
        holds="No interruptible gas flows on the coldest days.",
        broken="Interruptible gas flows on a day when it stops, or the days told are not the coldest: off",
    )


def only_firm_gas_counts(books: Books) -> Check:
    """Gas of the megawatts that count at the peak: no more than firm transport and distillate; of plants that burn no
    distillate, no more than firm transport; and what does not count is what stands less what counts.
    """
    at = books.data(TRANSPORT)["at_site"].values[:, None]
    contract, liquid = (books.planned("gas_supply", key) for key in ("firm_contract_mmbtu_per_h", FIRM_LIQUID))
    counts = {name: books.capacity(name, "firm_mw") for name in gas_plants(books)}
    called = {name: at * books.data(name)[GAS_RATE].values * mw for name, mw in counts.items()}
    only = sum((gas for name, gas in called.items() if name in GAS_ONLY), start=0.0 * contract)
    total = sum(called.values(), start=0.0 * contract)
    standing = {name: standing_firm_mw(books, name) for name in counts}
    off = at * sum((standing[name] - mw for name, mw in counts.items()), start=0.0 * contract)
    told = books.planned("gas_supply", "not_firm_mw")
    size = sum(standing.values(), start=0.0 * contract)
    parts = [
        _of_firm_gas((total - contract - liquid) / HIGHEST_HEAT_RATE, size, books, "more than firm gas can run"),
        _of_firm_gas((only - contract) / HIGHEST_HEAT_RATE, size, books, "more without distillate than is firm"),
        _of_firm_gas(np.abs(off - told), size, books, "another number than is told"),
    ]
    for name, mw in counts.items():
        over = at * np.maximum(mw - standing[name], -mw)
        parts.append(_of_firm_gas(over, size, books, f"more or less of {name} than there is"))
    holds = "No megawatt counts at the peak without firm gas or distillate."
    return worst_of("only_firm_gas_counts", parts, holds=holds)


def _of_firm_gas(violation: Values, size: Values, books: Books, what: str) -> Check:
    return largest(
        "only_firm_gas_counts",
        violation,
        RELATIVE * size + FLOOR_MW,
        books.site_year,
        unit="MW",
        holds="",
        broken=f"Megawatts that count at the peak: {what},",
    )


def distillate_follows(books: Books) -> Check:
    """Distillate at the end of a step: what was there, and came, less what was burnt; the year is a ring."""
    time, heat = books.system.context.time, float(books.data(DUAL_FUEL)["one_and_penalty"].values)
    stored, refill, liquid = _distillate(books)
    width = float(time.resolution_h)
    expected = stored[..., time.previous] + width * (refill - heat * liquid)
    tanks = books.planned("gas_supply", "tank_mmbtu")[:, :, None]
    return largest(
        "distillate_follows",
        np.abs(stored - expected),
        RELATIVE * tanks + FLOOR_MMBTU_PER_H * (1.0 + width),
        books.site_year_step,
        unit="MMBtu",
        holds="Distillate in store is what came less what was burnt.",
        broken="Distillate in store differs from what came and was burnt",
    )


def _distillate(books: Books) -> tuple[Values, Values, Values]:
    return (
        books.hourly(DUAL_FUEL, "stored_mmbtu"),
        books.hourly(DUAL_FUEL, "refill_mmbtu_per_h"),
        books.hourly(DUAL_FUEL, "liquid_mmbtu_per_h"),
    )


def distillate_within_limits(books: Books) -> Check:
    """Distillate within its tanks, burners and trucks, and no more of it than gas it could stand for; tanks and
    burners are those built before and still in their life.
    """
    data, (stored, refill, liquid) = books.data(DUAL_FUEL), _distillate(books)
    tank, burner = (books.planned("gas_supply", name) for name in ("tank_mmbtu", "burner_mmbtu_per_h"))
    parts = []
    for what, values, most in (
        ("more than the tanks hold", stored, tank[:, :, None]),
        ("more than the burners take", liquid, burner[:, :, None]),
        ("more than trucks bring", refill, data["refill_max_mmbtu_per_h"].values[:, None, None]),
        ("more than there is gas to stand for", liquid, gas_mmbtu_per_h(books) + liquid),
        ("less than nothing", -np.minimum.reduce([stored, refill, liquid]), np.zeros(books.shape)),
    ):
        allowed = RELATIVE * np.abs(most) + FLOOR_MMBTU_PER_H
        parts.append(_of_distillate(values - most, allowed, books.site_year_step, what))
    for name, stands in (("tank_mmbtu", tank), ("burner_mmbtu_per_h", burner)):
        built = books.planned("gas_supply", f"new_{name}") @ data["in_life"].values
        allowed = RELATIVE * built + FLOOR_MMBTU_PER_H
        parts.append(_of_distillate(np.abs(stands - built), allowed, books.site_year, "another size than was built"))
    return worst_of("distillate_within_limits", parts, holds="Distillate stays within tanks, burners and trucks.")


def _of_distillate(violation: Values, allowed: Values, labels: Labels, what: str) -> Check:
    return largest(
        "distillate_within_limits", violation, allowed, labels, unit="MMBtu", holds="", broken=f"Distillate: {what},"
    )


def firm_distillate_lasts(books: Books) -> Check:
    """Distillate that counts at the peak: within the burners, and a full tank lasts for its hours."""
    data, firm = books.data(DUAL_FUEL), books.planned("gas_supply", "firm_liquid_mmbtu_per_h")
    heat = float(data["one_and_penalty"].values)
    hours = np.maximum(data["lasting_hours"].values[:, None], 1e-9)
    lasting = books.planned("gas_supply", "tank_mmbtu") / (hours * heat)
    most = np.minimum(lasting, books.planned("gas_supply", "burner_mmbtu_per_h"))
    return largest(
        "firm_distillate_lasts",
        np.maximum(firm - most, -firm),
        RELATIVE * most + FLOOR_MMBTU_PER_H,
        books.site_year,
        unit="MMBtu/h",
        holds="Distillate that counts at the peak has its burners and lasts its hours.",
        broken="More distillate counts at the peak than burners and tanks allow",
    )


def regional_gas_is_bought(books: Books) -> Check:
    """Gas of every site of a region from its hours: no more than it buys in the steps."""
    at = books.data(REGIONS)["in_any_region"].values[:, None]
    burnt = at * gas_mmbtu_per_h(books).sum(axis=-1) * books.step_hours / MMBTU_PER_GBTU
    bought = bought_gbtu(books).sum(axis=-1)
    return largest(
        "regional_gas_is_bought",
        burnt - bought,
        RELATIVE * burnt + 1.0,
        books.site_year,
        unit="GBtu",
        holds="Every site buys the gas it burns.",
        broken="More gas is burnt than is bought",
    )


def regional_gas_within_limits(books: Books) -> Check:
    """Gas of all sites of a region together: within its limit, and within the steps that cost less than the last."""
    regions = books.system.context.scenario.requirements.gas_regions
    bought, parts = bought_gbtu(books), []
    for r, (name, region) in enumerate(regions.items()):
        at = [s for s, site in enumerate(books.sites) if site in region.sites]
        used = bought[at].sum(axis=0)
        widths = books.data(REGIONS)["step_width_gbtu"].values[r]
        last = int(books.data(REGIONS)["last_step"].values[r])
        labels = Labels({"region": (name,), "year": books.years})
        over = (used - widths)[:, :last].max(axis=-1, initial=0.0)
        parts.append(_regional(over[None], RELATIVE * widths.sum() + 1.0, labels))
        if region.limit_bcf_per_day is not None:
            limit = region.limit_bcf_per_day * MMBTU_PER_BCF * DAYS_PER_YEAR / MMBTU_PER_GBTU
            parts.append(_regional((used.sum(axis=-1) - limit)[None], RELATIVE * limit + 1.0, labels))
    return worst_of("regional_gas_within_limits", parts, holds="No region burns more gas than it may.")


def _regional(over: Values, allowed: float, labels: Labels) -> Check:
    return largest(
        "regional_gas_within_limits",
        over,
        allowed,
        labels,
        unit="GBtu",
        holds="",
        broken="A region or one of its steps holds more gas than it may",
    )
