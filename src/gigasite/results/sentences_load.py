"""First power, what waits for what, and how far a nation's demand is met."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from gigasite.results.demand import main_reasons
from gigasite.results.run import Run
from gigasite.results.waiting import NOT_NEEDED
from gigasite.results.words import dollars, listed, megawatts

SMALL_MW = 0.5
SMALL_TWH = 0.05
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
            f"First power comes in {year}: {megawatts(at_first['energised_mw'].sum())} of the "
            f"{megawatts(at_first['wanted_mw'].sum())} wanted then."
        )


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
