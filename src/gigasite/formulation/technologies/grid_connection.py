"""Grid connection: firm and non-firm megawatts, energy in steps that get dearer, capacity and billed-demand charges.

    sum over k of step[s, y, k] = firm[s, y] + nonfirm[s, y]                        contract
    step[s, y, k] <= sum over v in life of new step[s, v, k]                        paid reinforcement
    sum over s in zone of step[s, y, k] <= width[k]                                 nobody is a price taker at 10 GW
    sum over s in region, k of step[s, y, k] <= headroom
    import[s, y, k, h] <= step[s, y, k]
    peak ratio[s, h] * sum over k of import[s, y, k, h] <= firm + nonfirm * nonfirm availability[s, h]
    peak ratio[s, h] * sum over k of import[s, y, k, h] <= billed[s, y, month of h]
    billed[s, y, m] >= floor[s, y] * contract
    export[s, y, h] <= contract

What a contract may hold besides (ratchet, coincident demand with a floor, ramp) stands in `grid_contract`.

| symbol      | name                    | unit | dimensions              |
|-------------|-------------------------|------|-------------------------|
| step        | `step_mw`               | MW   | site, year, step        |
| new step    | `new_step_mw`           | MW   | site, vintage, step     |
| firm        | `firm_mw`               | MW   | site, year              |
| nonfirm     | `nonfirm_mw`            | MW   | site, year              |
| billed      | `billed_mw`             | MW   | site, year, month       |
| import      | `import_mw`             | MW   | site, year, step, hour  |
| export      | `export_mw`             | MW   | site, year, hour        |

Energy in step k costs its multiplier times the hourly price. The peak ratio is the largest load over the mean load
inside a step of several hours, so that demand is billed on hourly maxima at any resolution; it is 1 for hours. A
coincident-peak charge (ERCOT) falls on mean import in the candidate hours of highest system load, 40 in summer for
4CP, because a plan cannot know the four. Export is paid the import price less wheeling and never more, so that nothing
earns by turning power round. A contribution to reinforcement is paid once, as the connection opens. Edge rules: firm
and non-firm megawatts are zero before their queue years; a contract may be given back, its reinforcement stays paid; in
the years of a given block the contract is that of the block.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gigasite.formulation.builder import Builder
from gigasite.formulation.grid_contract import add_coincident_demand, add_contract_ramp, add_ratchet
from gigasite.formulation.registry import Technology
from gigasite.inputs.scenario import TechnologySpec
from gigasite.system import grid, grid_contract, grid_costs
from gigasite.system.context import Context
from gigasite.system.quantity import FeatureData

NAME = "grid_connection"


class Spec(TechnologySpec):
    """Options of the grid connection; `capacity_*_mw` bound the firm and non-firm contract together."""


def prepare(context: Context) -> FeatureData:
    """Zone prices, steps, charges, queue years and shares, from `grid_zones.csv` and `grid_steps.csv`."""
    return (
        grid_contract.connection_bounds(context, NAME)
        | grid_contract.demand_terms(context, NAME)
        | grid_contract.ramp_terms(context, NAME)
        | grid.zone_limits(context)
        | grid.hourly_grid(context, NAME)
        | grid_costs.costs(context, NAME)
    )


def build(builder: Builder, data: FeatureData) -> None:
    """Contract, reinforcement by step, hourly import and export, billed demand, and their costs."""
    block = builder.block(NAME, data)
    _add_variables(builder, block, data)
    _add_contract_rows(builder, block)
    add_contract_ramp(builder, block, data)
    _add_operation_rows(builder, block, add_ratchet(builder, block, data))
    add_coincident_demand(builder, block, data)
    hubs = builder.hubs
    builder.add(hubs.power, block.import_mw)
    builder.add(hubs.power, block.export_mw, -1.0)
    builder.add(hubs.firm_capacity, block.firm_mw)
    builder.add(hubs.co2, block.import_mw, block.co2_t_per_mwh)
    builder.add(hubs.capacity, block.firm_mw)
    builder.add(hubs.capacity, block.nonfirm_mw)
    builder.add(hubs.capital, block.new_step_mw, block.overnight_usd_per_mw)
    builder.cost(NAME, "grid_connection", block.new_step_mw, data["reinforcement_annuity_usd_per_mw"])
    if "contribution_usd_per_mw" in data:
        builder.add(hubs.capital, block.new_step_mw, block.contribution_overnight_usd_per_mw)
        builder.cost(NAME, "grid_contribution", block.new_step_mw, data["contribution_usd_per_mw"])
    builder.cost(NAME, "grid_energy", block.import_mw, data["energy_usd_per_mw_step"])
    builder.cost(NAME, "grid_capacity", block.firm_mw, data["capacity_charge_usd_per_mw"])
    builder.cost(NAME, "grid_demand_charge", block.billed_mw, data["demand_charge_usd_per_mw"])
    builder.cost(NAME, "grid_demand_charge", block.import_mw, data["coincident_peak_usd_per_mw_step"])
    builder.cost(NAME, "export_revenue", block.export_mw, data["export_usd_per_mw_step"])


def _add_variables(builder: Builder, block: Any, data: FeatureData) -> None:
    contract = data["contract_max_mw"].values
    firm, nonfirm = data["firm_max_mw"].values, data["nonfirm_max_mw"].values
    months = len(builder.sets["month"])
    by_step = np.minimum(contract[:, :, None], data["step_max_mw"].values)
    hours = np.ones(builder.system.context.time.hours)
    builder.variable(block, "new_step_mw", ("site", "vintage", "step"), upper=by_step, unit="MW")
    builder.variable(block, "step_mw", ("site", "year", "step"), upper=by_step, unit="MW")
    builder.variable(block, "firm_mw", ("site", "year"), upper=firm, unit="MW")
    builder.variable(block, "nonfirm_mw", ("site", "year"), upper=nonfirm, unit="MW")
    builder.variable(
        block, "contract_mw", ("site", "year"), lower=data["contract_min_mw"].values, upper=contract, unit="MW"
    )
    builder.variable(
        block,
        "billed_mw",
        ("site", "year", "month"),
        upper=contract[:, :, None] * np.full(months, grid_contract.BILLED_ROOM),
        unit="MW",
    )
    builder.variable(block, "import_mw", ("site", "year", "step", "hour"), upper=by_step[..., None] * hours, unit="MW")
    export = contract[:, :, None] * data["export_allowed"].values[:, None, None] * hours
    builder.variable(block, "export_mw", ("site", "year", "hour"), upper=export, unit="MW")


def _add_contract_rows(builder: Builder, block: Any) -> None:
    sets = builder.sets

    def contract_is_firm_and_nonfirm(b: Any, site: Any, year: Any) -> Any:
        return b.contract_mw[site, year] == b.firm_mw[site, year] + b.nonfirm_mw[site, year]

    def contract_is_the_sum_of_steps(b: Any, site: Any, year: Any) -> Any:
        return b.contract_mw[site, year] == sum(b.step_mw[site, year, step] for step in sets["step"])

    def step_at_most_reinforced(b: Any, site: Any, year: Any, step: Any) -> Any:
        built = sum(b.in_life[site, of, year] * b.new_step_mw[site, of, step] for of in sets["vintage"])
        return b.step_mw[site, year, step] - built <= 0

    def zone_step_at_most_width(b: Any, zone: Any, year: Any, step: Any) -> Any:
        used = sum(b.in_zone[zone, site] * b.step_mw[site, year, step] for site in sets["site"])
        return used <= b.step_width_mw[zone, step]

    def region_at_most_headroom(b: Any, region: Any, year: Any) -> Any:
        used = sum(b.in_region[region, site] * b.contract_mw[site, year] for site in sets["site"])
        return used <= b.headroom_mw[region]

    def billed_at_least_floor(b: Any, site: Any, year: Any, month: Any) -> Any:
        return b.demand_charge_floor[site, year] * b.contract_mw[site, year] - b.billed_mw[site, year, month] <= 0

    for rule, dims in (
        (contract_is_firm_and_nonfirm, ("site", "year")),
        (contract_is_the_sum_of_steps, ("site", "year")),
        (step_at_most_reinforced, ("site", "year", "step")),
        (zone_step_at_most_width, ("zone", "year", "step")),
        (region_at_most_headroom, ("region", "year")),
        (billed_at_least_floor, ("site", "year", "month")),
    ):
        builder.constraint(block, rule.__name__, dims, rule)


def _add_operation_rows(builder: Builder, block: Any, meter: Any) -> None:
    steps = builder.sets["step"]
    month_of = builder.model.calendar.month_of_hour

    def import_at_most_step(b: Any, site: Any, year: Any, step: Any, hour: Any) -> Any:
        return b.import_mw[site, year, step, hour] - b.step_mw[site, year, step] <= 0

    def import_at_most_contract(b: Any, site: Any, year: Any, hour: Any) -> Any:
        imported = sum(b.peak_ratio[site, hour] * b.import_mw[site, year, step, hour] for step in steps)
        allowed = b.firm_mw[site, year] + b.nonfirm_availability[site, hour] * b.nonfirm_mw[site, year]
        return imported - allowed <= 0

    def metered_at_most_billed(b: Any, site: Any, year: Any, hour: Any) -> Any:
        metered = sum(b.peak_ratio[site, hour] * b.import_mw[site, year, step, hour] for step in steps)
        return metered - meter[site, year, month_of[hour]] <= 0

    def export_at_most_contract(b: Any, site: Any, year: Any, hour: Any) -> Any:
        return b.export_mw[site, year, hour] - b.export_allowed[site] * b.contract_mw[site, year] <= 0

    builder.constraint(block, "import_at_most_step", ("site", "year", "step", "hour"), import_at_most_step)
    for rule in (import_at_most_contract, metered_at_most_billed, export_at_most_contract):
        builder.constraint(block, rule.__name__, ("site", "year", "hour"), rule)


TECHNOLOGY = Technology(NAME, "Grid", "#262730", 70, Spec, prepare, build)
