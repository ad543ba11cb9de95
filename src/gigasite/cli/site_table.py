"""The answer by site: what each campus gets and what it pays, with supply behind a line counted where the line ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gigasite.cli.frames import ShownColumn, rich_table
from gigasite.formulation.hubs import SUPPLY_COMPONENTS
from gigasite.report.numbers import NOTHING, digits

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from gigasite.results.run import Run

FEWEST_SITES, MOST_SITES = 2, 6
USD_PER_BN = 1e9
SMALLEST_SHOWN_MW = 0.5


def load_sites(run: Run) -> list[str]:
    """Return the sites that want load."""
    wanted = run.load.groupby("site", sort=False)["wanted_mw"].max()
    return [str(site) for site in wanted[wanted > SMALLEST_SHOWN_MW].index]


def by_site(run: Run) -> Table:
    """Return load of the last year and cost of supply by campus; no USD/MWh where nothing is served."""
    sites = load_sites(run)
    load = run.load
    last = load[load["year"] == load["year"].max()].set_index("site")
    supply = run.costs[run.costs["component"].isin(SUPPLY_COMPONENTS)]
    costs = supply.groupby(supply["site"].map(_pays(run)))["cost_usd_present_value"].sum()
    weights = _year_weights(supply)
    served = load["served_mwh"] * load["year"].map(weights).fillna(0.0)
    energy = served.groupby(load["site"]).sum()
    billions = [float(costs.get(site, 0.0)) / USD_PER_BN for site in sites]
    decimals = max(digits(max(billions, default=0.0)), 1)
    each = [float(costs.get(site, 0.0)) / float(energy[site]) if energy[site] > 0 else None for site in sites]
    return rich_table(
        [
            ShownColumn("site", "", tuple(sites), is_number=False),
            _megawatt_column("energised", last.loc[sites, "energised_mw"]),
            _megawatt_column("waiting", last.loc[sites, "waiting_mw"]),
            ShownColumn("cost", "bn USD", tuple(f"{cost:,.{decimals}f}" for cost in billions), is_number=True),
            ShownColumn(
                "usd_per_mwh",
                "USD/MWh",
                tuple(NOTHING if cost is None else f"{cost:,.1f}" for cost in each),
                is_number=True,
            ),
        ]
    )


def _pays(run: Run) -> dict[str, str]:
    """Return which site the cost of every site is counted at: a place of supply at the one campus its lines lead to."""
    campuses = set(load_sites(run))
    ends: dict[str, set[str]] = {}
    for line in (run.settings.get("lines") or {}).values():
        ends.setdefault(str(line["from_site"]), set()).add(str(line["to_site"]))
    owner = {str(site): str(site) for site in run.costs["site"].unique()}
    for site, served in ends.items():
        if site not in campuses and len(served) == 1:
            owner[site] = next(iter(served))
    return owner


def _year_weights(costs: pd.DataFrame) -> dict[int, float]:
    """Return the present value of a dollar a year in every modelled year, from costs told both ways."""
    sums = costs.assign(size=costs["cost_usd_per_year"].abs(), value=costs["cost_usd_present_value"].abs())
    totals = sums.groupby("year")[["value", "size"]].sum()
    totals = totals[totals["size"] > 0]
    ratios = totals["value"] / totals["size"]
    return {int(year): float(ratio) for year, ratio in zip(totals.index.to_numpy(), ratios, strict=True)}


def _megawatt_column(name: str, values: pd.Series[float]) -> ShownColumn:
    cells = tuple(f"{mw:,.0f}" if abs(mw) >= SMALLEST_SHOWN_MW else NOTHING for mw in values)
    return ShownColumn(name, f"{name}\nMW", cells, is_number=True)
