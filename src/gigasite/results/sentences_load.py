"""First power, what waits for what, and how far a nation's demand is met."""

from __future__ import annotations

from calendar import month_name
from collections.abc import Iterator

import pandas as pd

from gigasite.results.bottlenecks import total_by_bottleneck
from gigasite.results.demand import main_reasons
from gigasite.results.reasons import NOT_NEEDED
from gigasite.results.run import Run
from gigasite.results.words import dollars, listed, megawatts

SMALL_MW = 0.5
SMALL_TWH = 0.05
SMALL_SHARE = 0.01
"""Bottlenecks behind less than this share of what waits are not told: most of it is the gap of the solve."""

MOST_REASONS = 3


def first_power(run: Run) -> Iterator[str]:
    """The year of first power; a national run has had it long since."""
    first = run.summary.iloc[0]["first_power_year"]
    if pd.isna(first):
        yield "No facility is energised in any year."
    elif not len(run.demand):
        year = int(first)
        at_first = run.load[run.load["year"] == year]
        yield (
            f"First power comes in {_first_month(run, at_first, year)}{year}: "
            f"{megawatts(at_first['energised_mw'].sum())} of the "
            f"{megawatts(at_first['wanted_mw'].sum())} wanted then."
        )


def _first_month(run: Run, at_first: pd.DataFrame, year: int) -> str:
    """The month of first power, where it is not January."""
    sites = run.settings.get("sites") or {}
    on = at_first[at_first["energised_mw"] > SMALL_MW]["site"]
    starts = [(sites.get(site) or {}).get("start_month", {}).get(year, 1) for site in on]
    first = int(min(starts, default=1))
    return f"{month_name[first]} " if first > 1 else ""


def waiting(run: Run) -> Iterator[str]:
    """What waits, for what, and what that costs; in a national run the sentences of its years say so."""
    load = run.load
    waits = load.groupby("year", sort=True)["waiting_mw"].sum()
    held = waits[waits > SMALL_MW]
    wanted = load.groupby("year", sort=True)["wanted_mw"].sum()
    if not len(held) and wanted.max() > 0:
        yield "Nothing waits: every megawatt wanted is energised in its year."
    if not len(held) or len(run.demand):
        return
    year = int(held.index[int(held.to_numpy().argmax())])
    reasons = main_reasons(load[(load["year"] == year) & (load["waiting_mw"] > SMALL_MW)], MOST_REASONS)
    costs = run.costs[(run.costs["component"] == "idle_load") & (run.costs["year"] == year)]["cost_usd_per_year"].sum()
    price = f", which costs {dollars(float(costs))} in that year" if costs > 0 else ""
    amount = f"{megawatts(float(held.max()))} of {megawatts(float(wanted[year]))}"
    told = (
        f"In {year} {amount} wait"
        if len(held) == 1
        else f"Load waits in {listed([str(each) for each in held.index])}: most in {year}, {amount}"
    )
    yield f"{told}{price}. It waits for {listed(reasons)}."
    yield from _bottlenecks(run)


def _bottlenecks(run: Run) -> Iterator[str]:
    """All that waits by what it waits for, where that is more than one thing."""
    if "idle_by_bottleneck" not in run.table_names:  # a run of an older version
        return
    sums = total_by_bottleneck(run.table("idle_by_bottleneck"))
    all_mw_years = float(sums["idle_mw_years"].sum())
    sums = sums[sums["idle_mw_years"] > SMALL_SHARE * all_mw_years]
    if len(sums) <= 1:
        return
    parts = [
        f"{row['idle_mw_years']:,.0f} for {name} ({dollars(float(row['cost_usd_present_value']))})"
        for name, row in list(sums.iterrows())[:MOST_REASONS]
    ]
    more = "" if len(sums) <= MOST_REASONS else ", most of them"
    yield f"In all {all_mw_years:,.0f} MW-years wait{more}: {listed(parts)}."


def nation(run: Run) -> Iterator[str]:
    """One sentence or two for every year: what is served of what is wanted, and what the others wait for."""
    for row in run.demand.to_dict("records"):
        year, short = int(row["year"]), float(row["shortfall_twh"])
        load = run.load[run.load["year"] == year]
        served = sum(float(row[name]) for name in ("existing_twh", "campuses_twh", "rest_of_state_twh"))
        waits = load[load["waiting_mw"] > SMALL_MW]
        if short <= SMALL_TWH:
            idle = float(waits.loc[waits["waits_for"] == NOT_NEEDED, "waiting_mw"].sum())
            more = f" {megawatts(idle)} of the ramps are not needed." if idle > SMALL_MW else ""
            yield f"{year}: the trajectory of {row['trajectory_twh']:,.0f} TWh is met.{more}"
            continue
        sites = load[load["wanted_mw"] > SMALL_MW]
        full = int((sites["waiting_mw"] <= SMALL_MW).sum())
        held = (
            f"; {megawatts(float(waits['waiting_mw'].sum()))} wait for {listed(main_reasons(waits))}"
            if len(waits)
            else ""
        )
        yield (
            f"{year}: {served:,.0f} of {row['trajectory_twh']:,.0f} TWh are served, {short:,.0f} short. "
            f"{full} of {len(sites)} sites are energised in full{held}."
        )
