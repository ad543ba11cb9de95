"""The answer of a solve: sentences first, then capacity by year and cost, then where the run lies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from gigasite.cli.frames import ShownColumn, rich_table
from gigasite.cli.screen import answers
from gigasite.report.labels import component_label, looks
from gigasite.report.numbers import NOTHING, digits
from gigasite.results.words import dollars

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from gigasite.results.run import Run

GRID, BATTERY = "grid_connection", "battery"
NOT_POWER = frozenset({"gas_trunk"})
SMALLEST_SHOWN_MW = 0.5
USD_PER_BN = 1e9
SMALLEST_SHOWN_USD = 5e5
SMALLEST_SHOWN_SHARE = 5e-4
COST_GROUPS: Mapping[str, tuple[str, ...]] = {
    "capital": ("capital", "pipeline", "line", "grid_connection", "grid_contribution"),
    "fixed O&M": ("fixed_om",),
    "fuel": ("fuel",),
    "grid": ("grid_energy", "grid_capacity", "grid_demand_charge", "export_revenue", "wheeling"),
    "other": ("variable_om", "co2", "load_shedding", "load_shifting", "rental"),
}
"""Columns of the cost table and the components of supply cost they add up; what is in none is told below the table."""


def print_answer(run: Run) -> None:
    """Print what a planner asked for."""
    from rich.padding import Padding
    from rich.text import Text

    from gigasite.cli.placement_table import by_state, has_placement
    from gigasite.cli.site_table import FEWEST_SITES, MOST_SITES, by_site
    from gigasite.results.sentences import answer
    from gigasite.results.site_costs import load_sites

    console = answers()
    console.print()
    console.print(Text(f"{run.scenario}: {run.title}" if run.title != run.scenario else run.title, style="bold"))
    if run.question:
        console.print(Text(run.question, style="italic"), soft_wrap=not console.is_terminal)
    console.print()
    for sentence in answer(run):
        if console.is_terminal:
            console.print(Padding(Text(sentence), (0, 0, 0, 2)))
        else:
            console.print(Text(f"  {sentence}"), soft_wrap=True)
    console.print()
    if run.futures:
        from gigasite.cli.fan_answer import print_futures

        print_futures(run)
        for line in closing_lines(run):
            console.print(line, soft_wrap=True)
        return
    sites = run.load["site"].nunique()
    console.print(Text("Capacity and load, MW" + (f", all {sites} sites" if sites > 1 else ""), style="bold"))
    console.print(capacity_by_year(run))
    if FEWEST_SITES <= len(load_sites(run)) <= MOST_SITES:
        last = int(run.load["year"].max())
        console.print(Text(f"By site: load in {last}, cost of its supply in all years", style="bold"))
        console.print(by_site(run))
    if has_placement(run):
        console.print(Text("Energy of data centres by state, TWh", style="bold"))
        console.print(by_state(run))
    console.print(Text("Cost of supply, present value in bn USD of 2024", style="bold"))
    console.print(cost_by_technology(run))
    for line in (*costs_beside(run), *closing_lines(run)):
        console.print(line, soft_wrap=True)


def capacity_by_year(run: Run) -> Table:
    """Return megawatts by technology and year over all sites, below the load they are for."""
    years = [int(year) for year in sorted(run.load["year"].unique())]
    rows: list[tuple[str, list[float]]] = []
    for column, label in (
        ("wanted_mw", "Load wanted"),
        ("energised_mw", "Load energised"),
        ("waiting_mw", "Load waiting"),
    ):
        megawatts = _by_year(run.load, column, years)
        if column != "waiting_mw" or max(megawatts) > SMALLEST_SHOWN_MW:
            rows.append((label, megawatts))
    power = run.capacity[~run.capacity["technology"].isin(NOT_POWER)]
    for look in looks(power["technology"]):
        megawatts = _by_year(power[power["technology"] == look.name], "total_mw", years)
        if max(megawatts) > SMALLEST_SHOWN_MW:
            rows += _grid_rows(run, years, look.label) if look.name == GRID else [(look.label, megawatts)]
        if look.name == BATTERY and max(megawatts) > SMALLEST_SHOWN_MW:
            stores = power[power["technology"] == BATTERY]
            rows.append((f"{look.label}, MWh", _by_year(stores, "energy_capacity_mwh", years)))
    labels = ShownColumn("technology", "", tuple(label for label, _ in rows), is_number=False)
    columns = [
        ShownColumn(str(year), str(year), tuple(_megawatts(values[position]) for _, values in rows), is_number=True)
        for position, year in enumerate(years)
    ]
    return rich_table([labels, *columns])


def _grid_rows(run: Run, years: list[int], label: str) -> list[tuple[str, list[float]]]:
    """Return firm and non-firm megawatts of the grid, each where there are any."""
    contract = run.table("contract")
    parts = ((f"{label}, firm", "firm_contract_mw"), (f"{label}, non-firm", "nonfirm_contract_mw"))
    rows = [(words, _by_year(contract, column, years)) for words, column in parts]
    return [(words, megawatts) for words, megawatts in rows if max(megawatts) > SMALLEST_SHOWN_MW]


def cost_by_technology(run: Run) -> Table:
    """Return present value by technology and kind of cost, and each technology's part of the levelised cost."""
    wide = run.costs.pivot_table(
        index="technology", columns="component", values="cost_usd_present_value", aggfunc="sum", fill_value=0.0
    )
    groups = {
        group: wide[[name for name in names if name in wide]].sum(axis=1)
        for group, names in COST_GROUPS.items()
        if any(name in wide for name in names)
    }
    total = sum(groups.values(), start=0.0 * wide.sum(axis=1))
    smallest = max(SMALLEST_SHOWN_USD, SMALLEST_SHOWN_SHARE * abs(float(total.sum())))
    kept = [look for look in looks(wide.index) if abs(total[look.name]) > smallest]
    groups = {group: values for group, values in groups.items() if values.abs().max() > smallest}
    supply, levelised = float(total.sum()), float(run.summary["levelised_cost_usd_per_mwh"].iloc[0])
    decimals = max(digits(supply / USD_PER_BN), 1)
    columns = [
        ShownColumn("technology", "", (*(look.label for look in kept), "All supply"), is_number=False),
        *(
            _money_column(group, [*(values[look.name] for look in kept), values.sum()], decimals)
            for group, values in {**groups, "total": total}.items()
        ),
    ]
    if supply > 0:
        parts = [*(total[look.name] / supply * levelised for look in kept), levelised]
        columns.append(
            ShownColumn("usd_per_mwh", "of USD/MWh", tuple(f"{part:,.1f}" for part in parts), is_number=True)
        )
    return rich_table(columns)


def costs_beside(run: Run) -> list[str]:
    """Return what the plan weighs beside the cost of supply: load that waits, energy not served and the like."""
    inside = {component for components in COST_GROUPS.values() for component in components}
    sums = run.costs[~run.costs["component"].isin(inside)].groupby("component")["cost_usd_present_value"].sum()
    return [
        f"Beside the cost of supply: {component_label(str(component)).lower()}, {dollars(float(usd))}."
        for component, usd in sums.items()
        if abs(usd) > SMALLEST_SHOWN_USD
    ]


def closing_lines(run: Run) -> list[str]:
    """Return which checks failed, how long it took and where the run lies; the sentences tell of checks that passed."""
    failed = run.checks[~run.checks["passed"].astype(bool)]
    names = ", ".join(str(name) for name in failed["check"])
    warning = [f"[bold red]{len(failed)} of {len(run.checks)} checks failed: {names}[/]"] if len(failed) else []
    return [*warning, f"Solved in {run.manifest['total_seconds']:,.1f} s.", f"Run: [bold]{run.path}[/]"]


def _by_year(frame: pd.DataFrame, column: str, years: Iterable[int]) -> list[float]:
    sums = frame.groupby("year")[column].sum()
    return [float(sums.get(year, 0.0)) for year in years]


def _megawatts(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= SMALLEST_SHOWN_MW else NOTHING


def _money_column(heading: str, amounts: list[float], decimals: int) -> ShownColumn:
    billions = [float(value) / USD_PER_BN for value in amounts]
    cells = (
        f"{value:,.{decimals}f}" if abs(value) * USD_PER_BN > SMALLEST_SHOWN_USD else NOTHING for value in billions
    )
    return ShownColumn(heading, heading, tuple(cells), is_number=True)
