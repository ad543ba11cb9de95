"""Load that gives way to the grid, is shed or moves, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from gigasite.foundation.units import HOURS_PER_YEAR, MWH_PER_GWH
from gigasite.results.run import Run
from gigasite.results.words import listed, megawatts

SMALL_MW, SMALL_MWH = 0.5, 50.0
GAVE_WAY, SHED, MOVED = "flexible_connection", "flexible_load", "shiftable_load"


def flexible_load(run: Run) -> Iterator[str]:
    """Every connection that may be curtailed, and what load did about it in the year with the most."""
    yield from _connections(run)
    energy = run.energy[run.energy["technology"].isin((SHED, MOVED)) & (run.energy["energy_mwh"] > SMALL_MWH)]
    for site, rows in energy.groupby("site", sort=False):
        by_year = rows.groupby("year")["energy_mwh"].sum()
        year = int(by_year.index[int(by_year.to_numpy().argmax())])
        sums = rows[rows["year"] == year].groupby("technology")["energy_mwh"].sum()
        told = {MOVED: "are moved to other hours of their window", SHED: "are shed at a price"}
        parts = [f"{_gwh(float(sums[name]))} {words}" for name, words in told.items() if name in sums.index]
        yield f"Of the load at {site} {listed(parts)} in {year}."


def _connections(run: Run) -> Iterator[str]:
    for site, said in (run.settings.get("sites") or {}).items():
        asked = ((said or {}).get("grid") or {}).get("flexible_connection")
        if not asked:
            continue
        contract = run.table("contract")
        mine = contract[(contract["site"] == site) & (contract["nonfirm_contract_mw"] > SMALL_MW)]
        if mine.empty:
            continue
        first, most = int(mine["year"].min()), mine.loc[mine["nonfirm_contract_mw"].idxmax()]
        gave = run.energy[(run.energy["site"] == site) & (run.energy["technology"] == GAVE_WAY)]
        shed = float(gave.groupby("year")["energy_mwh"].sum().max()) if len(gave) else 0.0
        size, hours = megawatts(float(most["nonfirm_contract_mw"])), asked["curtailed_share"] * HOURS_PER_YEAR
        yield (
            f"From {first} on a connection at {site}, {size} in {int(most['year'])}, may be curtailed "
            f"for {hours:,.0f} hours a year; at most {_gwh(shed)} of load a year give way to it."
        )


def _gwh(mwh: float) -> str:
    """Energy in words.

    >>> _gwh(312_400.0), _gwh(800.0)
    ('312 GWh', '0.8 GWh')
    """
    gwh = mwh / MWH_PER_GWH
    return f"{gwh:,.0f} GWh" if gwh >= 10 else f"{gwh:,.2g} GWh"  # noqa: PLR2004
