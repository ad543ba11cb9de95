"""Line: power from supply off site, with cost, loss and wheeling.

    sent[s, y, h]      = sum over lines from s of flow[l, y, h]
    delivered[s, y, h] = sum over lines to s of (1 - loss[l]) * flow[l, y, h]
    flow[l, y, h] <= capacity[l, y],   capacity[l, y] = sum over v in life of built[l, v]
    firm and secure megawatts pass the line like power: what a campus counts, its supply gives away before losses

| symbol    | name                                      | unit | dimensions       |
|-----------|-------------------------------------------|------|------------------|
| flow      | `flow_mw`                                 | MW   | line, year, hour |
| built     | `built_mw`                                | MW   | line, vintage    |
| capacity  | `capacity_mw`                             | MW   | line, year       |
| sent      | `sent_mw`                                 | MW   | site, year, hour |
| delivered | `delivered_mw`                            | MW   | site, year, hour |
| firm      | `firm_flow_mw`, `firm_net_mw`             | MW   | line / site, year|
| secure    | `secure_flow_mw`, `secure_net_mw`         | MW   | line / site, year|

Firm flow enters the reserve row, secure flow the unit-loss row: the second is what is left at the supply site after its
own machines are lost.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gigasite.finance.discounting import alive
from gigasite.formulation.builder import Builder
from gigasite.formulation.registry import Technology
from gigasite.inputs.scenario import LineSpec
from gigasite.system.context import CAPACITY_ROOM, Context
from gigasite.system.quantity import FeatureData, Quantity

NAME = "line"


def prepare(context: Context) -> FeatureData:
    """Cost by voltage and length, loss and wheeling, from `technologies.csv` and the scenario's `lines:`."""
    lines = list(context.scenario.lines.values())
    years, time = context.years, context.time
    figures = [_figures(context, line) for line in lines]
    most = np.array([_largest_mw(context, line) for line in lines])
    sites = [place.name for place in context.places]
    starts = np.array([[float(line.from_site == site) for site in sites] for line in lines])
    ends = np.array([[float(line.to_site == site) for site in sites] for line in lines])
    life = [f["economic_life_years"] for f in figures]
    annuity = [
        f["usd_per_mw"] * f["construction_factor"] * context.money.annuity_weights(life_years=f["economic_life_years"])
        + f["usd_per_mw"] * f["fixed_om_fraction"] * alive(years, f["economic_life_years"]) * time.year_weight
        for f in figures
    ]
    buildable = np.array([[float(year >= f["earliest_year"]) for year in years] for f in figures])
    wheeling = np.array([f["wheeling"] for f in figures])
    weight = time.year_weight[None, :] * time.step_hours
    lines_years = np.ones((len(lines), len(years)))
    return {
        "starts_at": Quantity(starts.reshape(len(lines), len(sites)), ("line", "site"), "1"),
        "ends_at": Quantity(ends.reshape(len(lines), len(sites)), ("line", "site"), "1"),
        "delivered_share": Quantity(np.array([1.0 - f["loss"] for f in figures]), ("line",), "1"),
        "built_max_mw": Quantity(most[:, None] * buildable.reshape(lines_years.shape), ("line", "vintage"), "MW"),
        "capacity_max_mw": Quantity(most[:, None] * lines_years, ("line", "year"), "MW"),
        "in_life": Quantity(
            np.array([alive(years, x) for x in life], dtype=float).reshape(len(lines), len(years), len(years)),
            ("line", "vintage", "year"),
            "1",
        ),
        "overnight_at_site_usd_per_mw": Quantity(
            ends.reshape(len(lines), len(sites))[:, :, None]
            * np.array([f["usd_per_mw"] for f in figures])[:, None, None]
            * np.ones(len(years)),
            ("line", "site", "vintage"),
            "USD/MW",
            "derived",
        ),
        "annuity_usd_per_mw": Quantity(
            np.array(annuity).reshape(len(lines), len(years), len(years)),
            ("line", "vintage", "year"),
            "USD/MW",
            "derived",
        ),
        "wheeling_usd_per_mw_step": Quantity(
            (wheeling[:, None] * weight)[..., None] * np.ones(time.hours), ("line", "year", "hour"), "USD/MW"
        ),
    }


def _figures(context: Context, line: LineSpec) -> dict[str, float]:
    machine_class = f"ac_{line.voltage_kv}kv"

    def usd(parameter: str) -> float:
        figure = context.tables.figure(
            "technologies", technology=NAME, machine_class=machine_class, cost_case="", parameter=parameter
        )
        return context.money.usd_2024(figure)

    wheeling = line.wheeling_usd_per_mwh
    return {
        "usd_per_mw": usd("line_capex_usd_per_mw_km") * line.length_km,
        "fixed_om_fraction": usd("fixed_om_fraction"),
        "loss": usd("loss_per_km") * line.length_km,
        "economic_life_years": usd("economic_life_years"),
        "earliest_year": context.earliest_year_of(NAME, machine_class),
        "construction_factor": context.construction_factor_of(NAME, machine_class),
        "wheeling": usd("wheeling_usd_per_mwh") if wheeling is None else float(wheeling),
    }


def _largest_mw(context: Context, line: LineSpec) -> float:
    if line.max_mw is not None:
        return float(line.max_mw)
    return CAPACITY_ROOM * context.largest_load_mw(line.to_site)


def build(builder: Builder, data: FeatureData) -> None:
    """Capacity, flow, and what leaves and reaches each site: power, firm and secure megawatts."""
    if not builder.sets["line"]:
        return
    block = builder.block(NAME, data)
    most = data["capacity_max_mw"].values
    hours = np.ones(builder.system.context.time.hours)
    out = data["starts_at"].values.T @ most
    into = data["ends_at"].values.T @ most
    builder.variable(block, "built_mw", ("line", "vintage"), upper=data["built_max_mw"].values, unit="MW")
    builder.variable(block, "capacity_mw", ("line", "year"), upper=most, unit="MW")
    flow = builder.variable(block, "flow_mw", ("line", "year", "hour"), upper=most[..., None] * hours, unit="MW")
    sent = builder.variable(block, "sent_mw", ("site", "year", "hour"), upper=out[..., None] * hours, unit="MW")
    delivered = builder.variable(
        block, "delivered_mw", ("site", "year", "hour"), upper=into[..., None] * hours, unit="MW"
    )
    for kind in ("firm", "secure"):
        builder.variable(block, f"{kind}_flow_mw", ("line", "year"), upper=most, unit="MW")
        builder.variable(block, f"{kind}_net_mw", ("site", "year"), lower=-out, upper=into, unit="MW")
        _add_firm_rows(builder, block, kind)
    _add_rows(builder, block)
    builder.add(builder.hubs.power, delivered)
    builder.add(builder.hubs.power, sent, -1.0)
    builder.add(builder.hubs.firm_capacity, block.firm_net_mw)
    builder.add(builder.hubs.secure_transfer, block.secure_net_mw)
    builder.add(builder.hubs.capital, block.built_mw, block.overnight_at_site_usd_per_mw)
    builder.cost(NAME, "line", block.built_mw, data["annuity_usd_per_mw"])
    builder.cost(NAME, "wheeling", flow, data["wheeling_usd_per_mw_step"])


def _add_rows(builder: Builder, block: Any) -> None:
    sets = builder.sets

    def capacity_is_the_sum(b: Any, line: Any, year: Any) -> Any:
        built = sum(b.in_life[line, of, year] * b.built_mw[line, of] for of in sets["vintage"])
        return b.capacity_mw[line, year] == built

    def flow_at_most_capacity(b: Any, line: Any, year: Any, hour: Any) -> Any:
        return b.flow_mw[line, year, hour] - b.capacity_mw[line, year] <= 0

    def sent_is_what_flows_out(b: Any, site: Any, year: Any, hour: Any) -> Any:
        out = sum(b.starts_at[line, site] * b.flow_mw[line, year, hour] for line in sets["line"])
        return b.sent_mw[site, year, hour] == out

    def delivered_is_what_arrives(b: Any, site: Any, year: Any, hour: Any) -> Any:
        arriving = sum(
            b.ends_at[line, site] * b.delivered_share[line] * b.flow_mw[line, year, hour] for line in sets["line"]
        )
        return b.delivered_mw[site, year, hour] == arriving

    builder.constraint(block, "capacity_is_the_sum", ("line", "year"), capacity_is_the_sum)
    builder.constraint(block, "flow_at_most_capacity", ("line", "year", "hour"), flow_at_most_capacity)
    builder.constraint(block, "sent_is_what_flows_out", ("site", "year", "hour"), sent_is_what_flows_out)
    builder.constraint(block, "delivered_is_what_arrives", ("site", "year", "hour"), delivered_is_what_arrives)


def _add_firm_rows(builder: Builder, block: Any, kind: str) -> None:
    lines = builder.sets["line"]
    flow, net = getattr(block, f"{kind}_flow_mw"), getattr(block, f"{kind}_net_mw")

    def flow_at_most_capacity(b: Any, line: Any, year: Any) -> Any:
        return flow[line, year] - b.capacity_mw[line, year] <= 0

    def net_is_in_less_out(b: Any, site: Any, year: Any) -> Any:
        arriving = sum(b.ends_at[line, site] * b.delivered_share[line] * flow[line, year] for line in lines)
        leaving = sum(b.starts_at[line, site] * flow[line, year] for line in lines)
        return net[site, year] == arriving - leaving

    builder.constraint(block, f"{kind}_flow_at_most_capacity", ("line", "year"), flow_at_most_capacity)
    builder.constraint(block, f"{kind}_net_is_in_less_out", ("site", "year"), net_is_in_less_out)


TECHNOLOGY = Technology(NAME, "Line from off-site supply", "#8d909e", 75, None, prepare, build)
