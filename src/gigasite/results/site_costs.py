"""What the supply of each site with load costs, with supply behind a line counted where the line ends.

    levelised[s] = cost[s] / sum over y of weight[y] * served[s, y]

| symbol | name | unit | dimensions |
|---|---|---|---|
| cost | present value of supply | USD | site |
| served | `served_mwh` | MWh/year | site, year |
| weight | present value of a dollar a year | 1 | year |
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from gigasite.formulation.hubs import SUPPLY_COMPONENTS
from gigasite.results.run import Run

SMALL_MW = 0.5


def load_sites(run: Run) -> list[str]:
    """Return the sites that want load."""
    wanted = run.load.groupby("site", sort=False)["wanted_mw"].max()
    return [str(site) for site in wanted[wanted > SMALL_MW].index]


def site_costs(run: Run) -> pd.DataFrame:
    """Present value of supply and its levelised cost by site with load; none where nothing is served.

    Returns:
        A frame by site with `present_value_usd` and `levelised_cost_usd_per_mwh`.
    """
    sites, load = load_sites(run), run.load
    supply = run.costs[run.costs["component"].isin(SUPPLY_COMPONENTS)]
    costs = supply.groupby(supply["site"].map(_pays(run)))["cost_usd_present_value"].sum()
    served = load["served_mwh"] * load["year"].map(_year_weights(supply)).fillna(0.0)
    energy = served.groupby(load["site"]).sum().reindex(sites)
    usd = costs.reindex(sites).fillna(0.0)
    each = (usd / energy.where(energy > 0)).astype(np.float64)
    return pd.DataFrame({"present_value_usd": usd, "levelised_cost_usd_per_mwh": each}, index=pd.Index(sites))


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
