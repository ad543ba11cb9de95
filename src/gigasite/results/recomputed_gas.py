"""Costs of transport, distillate and regional gas again, from what was contracted, built and burnt."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gigasite.results.books import Books
from gigasite.results.check import Values

DUAL_FUEL, TRANSPORT, REGIONS = "dual_fuel", "gas_transport", "gas_regions"


def gas_costs(books: Books) -> Iterator[tuple[str, str, Values]]:
    """Every cost of the three, by technology and component."""
    data = books.data(TRANSPORT)
    if data:
        contract = books.planned("gas_supply", "firm_contract_mmbtu_per_h")
        yield TRANSPORT, "fuel", data["firm_usd_per_mmbtu_per_h"].values * contract
        flow = books.hourly(TRANSPORT, "interruptible_mmbtu_per_h")
        yield TRANSPORT, "fuel", (data["interruptible_usd_per_mmbtu_per_h_step"].values * flow).sum(axis=-1)
    data = books.data(DUAL_FUEL)
    if data:
        yield from _of_distillate(books)
    data = books.data(REGIONS)
    if data:
        yield REGIONS, "fuel", (data["adder_usd_per_gbtu"].values * bought_gbtu(books)).sum(axis=-1)


def _of_distillate(books: Books) -> Iterator[tuple[str, str, Values]]:
    data, time = books.data(DUAL_FUEL), books.system.context.time
    for unit in ("mmbtu", "mmbtu_per_h"):
        new = books.planned("gas_supply", f"new_{'tank' if unit == 'mmbtu' else 'burner'}_{unit}")
        yield DUAL_FUEL, "capital", np.einsum("svy,sv->sy", data[f"annuity_usd_per_{unit}"].values, new)
    for series in ("refill", "liquid"):
        price = data[f"{series}_usd_per_mmbtu_per_h_step"].values
        yield DUAL_FUEL, "fuel", (price * books.hourly(DUAL_FUEL, f"{series}_mmbtu_per_h")).sum(axis=-1)
    price = books.data("emissions")["co2_price_usd_per_t"].values * time.year_weight
    yield DUAL_FUEL, "co2", added_co2_t(books) * price


def added_co2_t(books: Books) -> Values:
    """Carbon dioxide that distillate adds to that of the gas it stands for, in a calendar year, shape (site, year)."""
    rate = books.data(DUAL_FUEL).get("co2_added_t_per_mmbtu")
    liquid = books.hourly(DUAL_FUEL, "liquid_mmbtu_per_h").sum(axis=-1) * books.step_hours
    found: Values = np.zeros_like(liquid) if rate is None else rate.values[:, None] * liquid
    return found


def bought_gbtu(books: Books) -> Values:
    """Gas bought by step of the region, shape (site, year, gas step)."""
    steps = range(1, books.data(REGIONS)["step_width_gbtu"].values.shape[1] + 1)
    axes = {"site": books.sites, "year": books.years, "gas_step": steps}
    return books.spread(books.tables["gas_steps"], "step_gbtu", axes)


def tank_overnight_usd(books: Books) -> Values:
    """Overnight cost of new tanks and burners, shape (site, vintage)."""
    data, found = books.data(DUAL_FUEL), np.zeros(books.shape[:2])
    for unit, what in (("mmbtu", "tank"), ("mmbtu_per_h", "burner")):
        if data:
            found += data[f"overnight_usd_per_{unit}"].values * books.planned("gas_supply", f"new_{what}_{unit}")
    return found
