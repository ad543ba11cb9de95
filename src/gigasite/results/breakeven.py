"""Capital cost at which a technology that was not built would enter, at the prices of the plan.

A vintage that is not built is worth less than it costs. What it is short of, per MW and in present value, is

    short[s, v] = cost[s, v] + min over r of sum over y <= r of ( upkeep[s, y] + run[s, y] )
    run[s, y]   = sum over h of availability[s, h] * min(0, margin[s, y, h])

with every coefficient taken at the prices of the rows it shares with others (power, reserve, unit loss, slots, carbon):

| symbol | name                                                        | unit   | dimensions       |
|--------|-------------------------------------------------------------|--------|------------------|
| cost   | of `built_mw`: its annuities, at the price of its slots      | USD/MW | site, vintage    |
| upkeep | of `capacity_mw`: fixed O&M, less what its firmness earns    | USD/MW | site, year       |
| margin | of `output_mw`: fuel and variable O&M, less what power earns | USD/MW | site, year, hour |
| r      | year after which it retires                                 | year   |                  |

    break-even = overnight - short / (annuity per USD of overnight cost)

The reduced cost that a solver gives `built_mw` alone would not do: where nothing is built, it may be split in any way
over the rows of the technology itself, and then says zero for what is far from entering. So the technology's own rows
are solved here by hand: a machine runs when that earns something, and leaves when it no longer does.

The prices are those of a plan without the technology. They lie between what a unit more saves and a unit less costs,
and they fall once it comes in, so the break-even is an upper estimate: the sentence says `at most about`. Whether it
enters just below is known only where the scenario is solved again at that cost.

A store has two prices, of power and of energy, and so no single break-even; it is left out, as are connections and
lines.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from gigasite.formulation.registry import technologies
from gigasite.foundation.units import KW_PER_MW
from gigasite.results.outcome import Outcome
from gigasite.system.quantity import Array

COLUMNS = (
    "site",
    "year",
    "technology",
    "overnight_capex_usd_per_kw",
    "breakeven_capex_usd_per_kw",
    "sentence",
)
SMALL_MW = 1e-3
OWN = ("built_mw", "vintage_mw", "capacity_mw", "output_mw")


def breakeven_table(outcome: Outcome) -> pd.DataFrame:
    """One row per site, vintage and technology that could have been built there and nowhere in time was."""
    rows: list[dict[str, Any]] = []
    for name in technologies():
        if all(f"{name}.{part}" in outcome.variable_names for part in OWN):
            rows += _rows(outcome, name)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _rows(outcome: Outcome, technology: str) -> list[dict[str, Any]]:
    data = outcome.system.features[technology]
    built = outcome.values(f"{technology}.built_mw")
    possible = (data["built_max_mw"].values > 0) & (built.sum(axis=1, keepdims=True) <= SMALL_MW)
    if not possible.any():
        return []
    short = shortage_usd_per_mw(outcome, technology)
    overnight = data["overnight_usd_per_mw"].values
    annuity = data["annuity_usd_per_mw"].values.sum(axis=-1)
    label = technologies()[technology].label
    rows = []
    for s, v in zip(*np.nonzero(possible & (overnight > 0) & (annuity > 0)), strict=True):
        cost = float(overnight[s, v]) / KW_PER_MW
        enters = cost - max(0.0, float(short[s, v])) * cost / float(annuity[s, v])
        site, year = outcome.sites[s], outcome.years[v]
        rows.append(
            dict(
                zip(
                    COLUMNS, (site, year, technology, cost, enters, _said(label, site, year, cost, enters)), strict=True
                )
            )
        )
    return rows


def _said(label: str, site: str, year: int, cost: float, enters: float) -> str:
    if enters <= 0:
        return f"{label} at {site} in {year} would not be built even if it cost nothing to build."
    less = (cost - enters) / cost
    return (
        f"{label} at {site} in {year} would be built for at most about {enters:,.0f} USD/kW, "
        f"{less:.0%} under the {cost:,.0f} USD/kW it is taken to cost."
    )


def shortage_usd_per_mw(outcome: Outcome, technology: str) -> Array:
    """What a MW of each vintage is short of entering, present value, shape (site, vintage); negative where it pays."""
    built, upkeep, margin = (
        outcome.solution.at_shared(f"{technology}.{part}") for part in ("built_mw", "capacity_mw", "output_mw")
    )
    data = outcome.system.features[technology]
    upkeep = upkeep + (data["availability"].values[:, None, :] * np.minimum(0.0, margin)).sum(axis=-1)
    alive = data["alive_mw"].values
    until = np.cumsum(alive * upkeep[:, None, :], axis=-1)
    best: Array = np.minimum(0.0, np.where(alive > 0, until, 0.0).min(axis=-1))
    return built + best
