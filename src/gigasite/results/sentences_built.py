"""What stands in the last year, in how many machines; what carries the reserve; what was built and has gone."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from gigasite.results.run import NOT_POWER, Run
from gigasite.results.words import dollars, listed, megawatts, technology_label

SMALL_MW = 0.5
WHOLE = 1e-3
"""Machines this near to a whole number are whole."""

MANY_MACHINES = 100
SMALL_SHARE_OF_CAPITAL = 0.01
CARRIES = 0.2
"""Share of the energised load from which on batteries carry the reserve."""

GRID, BATTERY = "grid_connection", "battery"


def built(run: Run) -> Iterator[str]:
    """The sentences on supply."""
    last = int(run.capacity["year"].max())
    rows = run.capacity[(run.capacity["year"] == last) & ~run.capacity["technology"].isin(NOT_POWER)]
    parts = [
        _said(str(technology), group)
        for technology, group in rows.groupby("technology", sort=False)
        if group["total_mw"].sum() > SMALL_MW
    ]
    yield f"In {last} there stand {listed(parts)}." if parts else f"Nothing is built by {last}."
    yield from _gone(run, last)
    yield from _reserve(run)


def _said(technology: str, rows: pd.DataFrame) -> str:
    told = f"{megawatts(rows['total_mw'].sum())} of {technology_label(technology)}"
    energy = float(rows["energy_capacity_mwh"].sum())
    inside = [f"{energy:,.0f} MWh"] if energy > SMALL_MW else []
    inside += [_machines(rows)] if rows["units"].notna().any() and rows["units"].sum() > 0 else []
    return f"{told} ({', '.join(inside)})" if inside else told


def _machines(rows: pd.DataFrame) -> str:
    """Machines, as many as the megawatts make: whole where they are whole at every site, else about how many.

    >>> import pandas as pd
    >>> _machines(pd.DataFrame({"total_mw": [10009.0], "unit_size_mw": [300.0]}))
    'about 33.4 machines of 300 MW'
    >>> _machines(pd.DataFrame({"total_mw": [600.0, 300.0], "unit_size_mw": [300.0, 300.0]}))
    '3 machines of 300 MW'
    """
    rows = rows[(rows["total_mw"] > 0) & (rows["unit_size_mw"] > 0)]
    each = rows["total_mw"] / rows["unit_size_mw"]
    number, sizes = float(each.sum()), rows["unit_size_mw"].unique()
    of = f" of {sizes[0]:,.4g} MW" if len(sizes) == 1 else ""
    if ((each - each.round()).abs() <= WHOLE * each.clip(lower=1.0)).all():
        return f"{number:,.0f} machine{'s' if round(number) != 1 else ''}{of}"
    return f"about {number:,.{0 if number >= MANY_MACHINES else 1}f} machines{of}"


def _gone(run: Run, last: int) -> Iterator[str]:
    """What was built and has gone before the last year, where it took more than 1 % of the capital."""
    capital = run.costs[run.costs["component"] == "capital"].groupby("technology")["cost_usd_present_value"].sum()
    rows = run.capacity[~run.capacity["technology"].isin(NOT_POWER)].groupby("technology", sort=False)
    told, paid = [], 0.0
    for technology, group in rows:
        new, gone = float(group["new_mw"].sum()), float(group["retired_mw"].sum())
        cost = float(capital.get(technology, 0.0)) * gone / new if new > 0 else 0.0
        if gone > SMALL_MW and cost > SMALL_SHARE_OF_CAPITAL * capital.sum():
            told.append(f"{megawatts(gone)} of {technology_label(str(technology))}")
            paid += cost
    if told:
        yield f"Built and gone by {last}: {listed(told)}, about {dollars(paid)} of capital in present value."


def _reserve(run: Run) -> Iterator[str]:
    """That batteries carry the reserve while the grid is not firm."""
    contract = run.table("contract").groupby("year")[["contract_mw", "firm_contract_mw"]].sum()
    battery = run.capacity[run.capacity["technology"] == BATTERY].groupby("year")[["firm_mw", "total_mw"]].sum()
    energised = run.load.groupby("year")["energised_mw"].sum()
    years = [
        year
        for year in sorted(set(contract.index) & set(battery.index))
        if contract.loc[year, "firm_contract_mw"] < contract.loc[year, "contract_mw"] / 2
        and battery.loc[year, "firm_mw"] > max(CARRIES * energised[year], SMALL_MW)
    ]
    if not years:
        return
    later = [year for year in sorted(contract.index) if year > years[-1]]
    until = f"Until {later[0]} the grid" if later else "The grid"
    most = megawatts(float(battery.loc[years, "total_mw"].max()))
    mostly = "mostly " if float(contract.loc[years, "firm_contract_mw"].max()) > SMALL_MW else ""
    yield f"{until} is {mostly}not firm, so {most} of battery carry the reserve."
