"""Every cost again, from what was built and what ran times the prices of the inputs."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gigasite.foundation.units import MWH_PER_TWH
from gigasite.results.books import Books
from gigasite.results.check import Values
from gigasite.results.check_capacity import TAILS, TRUNK
from gigasite.results.check_credits import credit_costs
from gigasite.results.check_waiting import mean_over_months
from gigasite.results.recomputed_gas import gas_costs
from gigasite.results.recomputed_rental import rental_costs

MWH_PER_GWH = MWH_PER_TWH / 1e3
Part = tuple[str, str, Values]
"""Technology, component and present value by site and year; for what belongs to no site, by year."""


def recomputed_costs(books: Books) -> dict[tuple[str, str], Values]:
    """Present value of every cost by technology and component, shape (site, year), or (year,) for national ones."""
    found: dict[tuple[str, str], Values] = {}
    for technology, component, values in _parts(books):
        key = (technology, component)
        found[key] = found[key] + values if key in found else values
    return found


def _parts(books: Books) -> Iterator[Part]:
    yield from _of_capacity(books)
    yield from _of_output(books)
    yield from _of_carbon(books)
    yield from _of_load(books)
    yield from _of_supply_lines(books)
    yield from gas_costs(books)
    yield from rental_costs(books)
    yield from credit_costs(books)
    if "grid_connection" in books.system.features:
        yield from _of_grid(books)


def _of_capacity(books: Books) -> Iterator[Part]:
    """Annuities of what was built and fixed O&M of what stands."""
    for tail, total, new in TAILS:
        for name in books.with_data(f"alive_{tail}"):
            data = books.data(name)
            annuity = data[f"annuity_usd_per_{tail}"].values
            yield name, "capital", np.einsum("svy,sv->sy", annuity, books.capacity(name, new))
            yield name, "fixed_om", data[f"fixed_om_usd_per_{tail}"].values * books.capacity(name, total)


def _of_output(books: Books) -> Iterator[Part]:
    """Fuel, variable O&M and the price of shed and of shifted load, by the hour."""
    for key, component, series in (
        ("variable_om_usd_per_mw_step", "variable_om", "output_mw"),
        ("fuel_usd_per_mw_step", "fuel", "output_mw"),
        ("shed_usd_per_mw_step", "load_shedding", "shed_mw"),
        ("shift_usd_per_mw_step", "load_shifting", "shifted_down_mw"),
    ):
        for name in books.with_data(key):
            yield name, component, (books.data(name)[key].values * books.hourly(name, series)).sum(axis=-1)


def _of_carbon(books: Books) -> Iterator[Part]:
    """Carbon dioxide at its price."""
    data, time = books.data("emissions"), books.system.context.time
    price = data["co2_price_usd_per_t"].values * time.year_weight * time.step_hours
    for name in books.with_data("co2_t_per_mwh"):
        rate = books.data(name)["co2_t_per_mwh"].values
        series = "import_mw" if name == "grid_connection" else "output_mw"
        tonnes = (rate if rate.ndim > 1 else rate[:, None]) * books.hourly(name, series).sum(axis=-1)
        yield name, "co2", tonnes * price


def _of_load(books: Books) -> Iterator[Part]:
    """What waits, what is not served, what the nation falls short of."""
    data = books.data("idle_load")
    yield "idle_load", "idle_load", data["idle_usd_per_mw"].values * mean_over_months(books, "waiting_mw")
    unserved = books.hourly("idle_load", "unserved_mw")
    yield "idle_load", "unserved_energy", (data["unserved_usd_per_mw_step"].values * unserved).sum(axis=-1)
    national = books.data("national_demand")
    if "shortfall_usd_per_gwh" in national:
        twh = books.spread(books.tables["demand"], "shortfall_twh", {"year": books.years})
        price = national["shortfall_usd_per_gwh"].values * (MWH_PER_TWH / MWH_PER_GWH)
        yield "national_demand", "national_shortfall", price * twh


def _of_supply_lines(books: Books) -> Iterator[Part]:
    """Gas trunk; lines and what they carry, at the site they lead to."""
    trunk = books.data("fuel_lateral")["annuity_usd_per_mmbtu_per_h"].values
    yield TRUNK, "pipeline", np.einsum("svy,sv->sy", trunk, books.capacity(TRUNK, "new_trunk_mmbtu_per_h"))
    data = books.data("line")
    if "ends_at" in data and len(books.by_line("new_mw")):
        ends = data["ends_at"].values
        annuity = np.einsum("lvy,lv->ly", data["annuity_usd_per_mw"].values, books.by_line("new_mw"))
        yield "line", "line", ends.T @ annuity
        wheeling = data["wheeling_usd_per_mw_step"].values.mean(axis=-1) / books.step_hours
        yield "line", "wheeling", ends.T @ (wheeling * books.by_line("flow_mwh"))


def _of_grid(books: Books) -> Iterator[Part]:
    """Connection, energy, capacity, billed demand and export of the grid."""
    name, data = "grid_connection", books.data("grid_connection")
    annuity = data["reinforcement_annuity_usd_per_mw"].values
    yield name, "grid_connection", np.einsum("svky,svk->sy", annuity, books.by_step("new_step_mw"))
    price = data["energy_usd_per_mw_step"].values
    yield name, "grid_energy", np.einsum("sykh,sykh->sy", price, import_by_step(books))
    mean_price = price[:, :, 0].sum(axis=-1) / (books.step_hours * books.shape[2])
    yield name, "grid_energy", mean_price * books.planned("contract", "take_short_mwh")
    yield (
        name,
        "grid_capacity",
        data["capacity_charge_usd_per_mw"].values * books.planned("contract", "firm_contract_mw"),
    )
    billed = (data["demand_charge_usd_per_mw"].values * books.billed_mw).sum(axis=-1)
    peaks = np.einsum(
        "syh,syh->sy", data["coincident_peak_usd_per_mw_step"].values[:, :, 0], books.hourly(name, "import_mw")
    )
    yield name, "grid_demand_charge", billed + peaks
    if "coincident_charge_usd_per_mw" in data:
        at_peaks = data["coincident_charge_usd_per_mw"].values * books.planned("contract", "coincident_mw")
        yield name, "grid_demand_charge", at_peaks
    if "contribution_usd_per_mw" in data:
        paid = np.einsum("svky,svk->sy", data["contribution_usd_per_mw"].values, books.by_step("new_step_mw"))
        yield name, "grid_contribution", paid
    sold = data["export_usd_per_mw_step"].values * books.hourly(name, "export_mw")
    yield name, "export_revenue", sold.sum(axis=-1)


def import_by_step(books: Books) -> Values:
    """Import by step of the zone, shape (site, year, grid step, hour): the cheapest step first.

    import[k] = min(step[k], import - sum over j < k of step[j])
    """
    steps = books.by_step("step_mw")
    before = np.cumsum(steps, axis=-1) - steps
    wanted = books.hourly("grid_connection", "import_mw")[:, :, None, :]
    found: Values = np.clip(wanted - before[..., None], 0.0, steps[..., None])
    found[:, :, -1] += np.maximum(0.0, wanted[:, :, 0] - steps.sum(axis=-1)[..., None])
    return found
