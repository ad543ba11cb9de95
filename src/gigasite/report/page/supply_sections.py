"""What supply costs, what of it is built in which year, and what load is energised by it."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from gigasite.formulation.hubs import SUPPLY_COMPONENTS
from gigasite.report.labels import component_label, looks, readable
from gigasite.report.numbers import NOTHING, digits
from gigasite.report.page.cost_waterfall import cost_waterfall
from gigasite.report.page.drawn import drawn
from gigasite.report.page.section import Section
from gigasite.report.page.shown_table import PLAIN, Heading, ShownTable, shown_table
from gigasite.report.page.source_sections import Sources
from gigasite.results.run import NOT_POWER, Run

SMALL_MW = 0.5
SMALL_USD = 0.5
BN = 1e9


def cost_section(run: Run, key: str, sources: Sources) -> Section:
    """Cost by technology and kind, and what a megawatt-hour costs."""
    section = Section(f"{key}costs", "What it costs", "Costs", tables_first=True)
    section.tables.append(_cost_table(run, sources))
    section.charts.append(cost_waterfall(run, f"{key}waterfall"))
    return section


def _cost_table(run: Run, sources: Sources) -> ShownTable:
    """Present value by technology and component; every figure with the same decimals, so that columns can be added."""
    costs = run.costs[run.costs["component"].isin(SUPPLY_COMPONENTS)]
    wide = costs.pivot_table(
        index="technology", columns="component", values="cost_usd_present_value", aggfunc="sum", fill_value=0.0
    )
    found = looks(wide.index)
    wide = wide.reindex([look.name for look in found])
    wide = wide.loc[:, [name for name in SUPPLY_COMPONENTS if name in wide and wide[name].abs().max() > SMALL_USD]]
    findings = sources.of_components(map(str, wide.columns))
    components = [
        Heading(component_label(str(name)), "", is_number=True, finding=findings.get(str(name)))
        for name in wide.columns
    ]
    wide["total"] = wide.sum(axis=1)
    whole = abs(float(wide["total"].sum()))
    wide.loc["all"] = wide.sum()
    divisor, unit = (BN, "bn USD") if whole >= BN else (1e6, "M USD")
    decimals = max(digits(whole / divisor), 1)
    labels = [*(look.label for look in found), "All supply"]
    rows = tuple(
        (label, *(_amount(float(usd) / divisor, decimals) for usd in values))
        for label, values in zip(labels, wide.to_numpy(), strict=True)
    )
    headings = (Heading("Supply", "", is_number=False), *components, Heading("Total", "", is_number=True))
    caption = f"Present value of the cost of supply, {unit} of 2024"
    return ShownTable(
        caption, headings, rows, total=True, findings=(*sources.of_technologies(look.name for look in found), None)
    )


def _amount(value: float, decimals: int) -> str:
    """An amount of a table of costs; one too small to see says so.

    >>> [_amount(value, 1) for value in (0.04, -0.04, 12.34)]
    ['<0.1', '>-0.1', '12.3']
    """
    smallest = 10.0**-decimals
    if abs(value) >= smallest / 2:
        return f"{value:,.{decimals}f}"
    return NOTHING if abs(value) < smallest / 1e3 else f"<{smallest:g}" if value > 0 else f">-{smallest:g}"


def capacity_section(run: Run, key: str, sources: Sources) -> Section:
    """Capacity by year against the load wanted."""
    from gigasite.report.capacity_chart import capacity_chart

    capacity = run.capacity[~run.capacity["technology"].isin(NOT_POWER)]
    wide = capacity.pivot_table(index="technology", columns="year", values="total_mw", aggfunc="sum", fill_value=0.0)
    wide = wide[wide.max(axis=1) > SMALL_MW]
    found = looks(wide.index)
    wide = wide.reindex([look.name for look in found])
    wide.columns = [str(year) for year in wide.columns]
    wide.insert(0, "supply", [look.label for look in found])
    like = dict.fromkeys(wide.columns[1:], PLAIN)
    table = shown_table(wide, "Capacity by year, MW", words={"supply": "Supply"}, like=like)
    table = replace(table, findings=sources.of_technologies(look.name for look in found))
    chart = drawn(
        f"{key}capacity-chart", "Capacity by year", capacity_chart(run), subtitle="Bars by supply; dots: load wanted",
        words="Stacked bars of capacity by supply and year, with the load wanted", table=table,
    )  # fmt: skip
    return Section(f"{key}capacity", "What is built, and when", "Capacity", charts=[chart])


def energised_section(run: Run, key: str) -> Section:
    """Load energised against the ramp, and what the rest waits for."""
    from gigasite.report.energised_chart import energised_chart

    load = run.load[["site", "year", "wanted_mw", "energised_mw", "waiting_mw", "waits_for"]]
    load = load[load["wanted_mw"] > SMALL_MW]
    table = shown_table(load, "Load wanted, energised and waiting", words={"waits_for": "Waits for"})
    chart = drawn(
        f"{key}energised-chart", "Energised against the ramp wanted", energised_chart(run),
        subtitle="The hatched part waits; the table says for what",
        words="Bars of energised and waiting load by year, with the ramp wanted", table=table,
    )  # fmt: skip
    section = Section(f"{key}energised", "What is energised, and what waits for what", "Energised", charts=[chart])
    idle = run.table("idle_by_bottleneck") if "idle_by_bottleneck" in run.table_names else pd.DataFrame()
    if len(idle):
        section.tables.append(_idle_table(idle))
    elif load["waiting_mw"].max() > SMALL_MW:
        section.sentences.append("Some load waits; the table of the chart says for what.")
    else:
        section.sentences.append("Nothing waits: every megawatt wanted is energised in its year.")
    quarters = run.table("energised_by_quarter") if "energised_by_quarter" in run.table_names else pd.DataFrame()
    if len(quarters) and quarters["waiting_mw"].max() > SMALL_MW:
        late = quarters[quarters["waiting_mw"] > SMALL_MW]
        section.long_tables.append(shown_table(late, "Quarters in which load waits", words={"waits_for": "Waits for"}))
    return section


def _idle_table(idle: pd.DataFrame) -> ShownTable:
    """What load waits for, the most first; without its cost where waiting is not priced."""
    columns = ["idle_mw_years", "cost_usd_present_value"]
    grouped = idle.groupby("bottleneck", as_index=False, sort=False)[columns].sum()
    grouped = grouped.sort_values("idle_mw_years", ascending=False)
    grouped["bottleneck"] = [readable(str(name)) for name in grouped["bottleneck"]]
    words = {"bottleneck": "Waits for", "idle_mw_years": "Waits", "cost_usd_present_value": "Costs, present value"}
    if grouped["cost_usd_present_value"].abs().max() <= SMALL_USD:
        return shown_table(grouped.drop(columns="cost_usd_present_value"), "What load waits for", words=words)
    return shown_table(grouped, "What load waits for, and what that costs", words=words)
