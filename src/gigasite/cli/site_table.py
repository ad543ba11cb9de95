"""The answer by site: what each campus gets and what it pays, with supply behind a line counted where the line ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gigasite.cli.frames import ShownColumn, rich_table
from gigasite.report.numbers import NOTHING, digits
from gigasite.results.site_costs import site_costs

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from gigasite.results.run import Run

FEWEST_SITES, MOST_SITES = 2, 6
USD_PER_BN = 1e9
SMALLEST_SHOWN_MW = 0.5


def by_site(run: Run) -> Table:
    """Return load of the last year and cost of supply by campus; no USD/MWh where nothing is served."""
    found = site_costs(run)
    sites, load = list(found.index), run.load
    last = load[load["year"] == load["year"].max()].set_index("site")
    billions = [float(usd) / USD_PER_BN for usd in found["present_value_usd"]]
    decimals = max(digits(max(billions, default=0.0)), 1)
    each = [None if usd != usd else float(usd) for usd in found["levelised_cost_usd_per_mwh"]]  # noqa: PLR0124
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


def _megawatt_column(name: str, values: pd.Series[float]) -> ShownColumn:
    cells = tuple(f"{mw:,.0f}" if abs(mw) >= SMALLEST_SHOWN_MW else NOTHING for mw in values)
    return ShownColumn(name, f"{name}\nMW", cells, is_number=True)
