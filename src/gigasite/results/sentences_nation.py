"""What holds a nation's demand back, and what its last terawatt-hour costs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from gigasite.results.obstacles import A_TENTH, A_YEAR, in_words
from gigasite.results.run import Run
from gigasite.results.words import listed

MOST_OBSTACLES = 3
SMALL_TWH = 0.05
SMALL_USD_PER_MWH = 0.5


def obstacles(run: Run) -> Iterator[str]:
    """The limits that keep the year that is shortest from its trajectory, and what a tenth more of each would serve."""
    if "obstacles" not in run.table_names or not len(run.demand):
        return  # none of a nation, or a run of before this table
    worst = _year_told(run)
    year, short = int(worst["year"]), float(worst["shortfall_twh"])
    table = run.table("obstacles")
    table = table[table["year"] == year].sort_values("saved_usd_per_year", ascending=False)
    sizes, dates = (table[table["eased_by"] == by].to_dict("records") for by in (A_TENTH, A_YEAR))
    if short <= SMALL_TWH or not sizes:
        return
    first, *others = sizes[:MOST_OBSTACLES]
    yield (
        f"What holds {year} back most: {in_words(str(first['obstacle']), str(first['place']))}. A tenth more of it "
        f"would serve some {first['gained_twh']:,.1f} of the {short:,.0f} TWh that fall short{_next(others)}."
    )
    if dates and float(dates[0]["gained_twh"]) > SMALL_TWH:
        what = in_words(str(dates[0]["obstacle"]), str(dates[0]["place"]))
        yield f"{what[0].upper()}{what[1:]} would serve at most {dates[0]['gained_twh']:,.0f} TWh more in {year}."


def _next(others: list[Any]) -> str:
    parts = [
        f"{row['gained_twh']:,.1f} for {in_words(str(row['obstacle']), str(row['place']))}"
        for row in others
        if float(row["gained_twh"]) > SMALL_TWH
    ]
    return f"; {listed(parts)}" if parts else ""


def last_twh(run: Run) -> Iterator[str]:
    """What one more terawatt-hour of demand would cost: its supply, or where demand falls short the price of that."""
    if "last_twh_usd_per_mwh" not in run.demand or not len(run.demand):
        return
    row = _year_told(run)
    if not float(row["last_twh_usd_per_mwh"]) > SMALL_USD_PER_MWH:
        return  # the fleet that stands serves all of it
    year, usd = int(row["year"]), f"{row['last_twh_usd_per_mwh']:,.0f} USD/MWh"
    short = float(row["shortfall_twh"]) > SMALL_TWH
    told = (
        f"One more TWh of demand in {year} would fall short too, at {usd}"
        if short
        else f"The last TWh of {year} costs {usd}"
    )
    yield f"{told}{_supply(run, row)}."


def _supply(run: Run, row: Any) -> str:
    """The dearest supply of the year, and the mean."""
    if not row["dearest_site"] or not np.isfinite(row["dearest_usd_per_mwh"]):
        return ""
    site = str(row["dearest_site"])
    titles = run.table("places").set_index("site")["place_name"].to_dict() if "places" in run.table_names else {}
    return (
        f"; the dearest supply, in {titles.get(site, site)}, costs {row['dearest_usd_per_mwh']:,.0f}, "
        f"the mean {row['mean_supply_usd_per_mwh']:,.0f} USD/MWh"
    )


def _year_told(run: Run) -> Any:
    """The year that falls shortest; where none does, the last one."""
    short = run.demand["shortfall_twh"].to_numpy(dtype=float)
    at = int(short.argmax()) if float(short.max()) > SMALL_TWH else len(short) - 1
    return run.demand.iloc[at]
