"""Where the energy of a national account is used: the fleet that stands, the campuses, the rest of each state."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gigasite.foundation.units import MWH_PER_TWH
from gigasite.results.frames import stacked
from gigasite.results.outcome import Outcome
from gigasite.system.existing_fleet import existing_twh_by_state
from gigasite.system.rest_of_state import PREFIX

EXISTING, CAMPUS, REST = "existing fleet", "campus", "rest of state"
COLUMNS = (
    "site",
    "kind",
    "state",
    "zone",
    "year",
    "wanted_mw",
    "energised_mw",
    "twh",
    "share_of_ramp",
    "share_of_demand",
    "waits_for",
)


def placement_table(outcome: Outcome, load: pd.DataFrame, demand: pd.DataFrame) -> pd.DataFrame:
    """One row per site of the account, or state of the existing fleet, and year; empty without a national account.

        share of ramp   = energised / wanted
        share of demand = twh / trajectory

    The sum of a year over all rows is what is served; it and the shortfall are the trajectory. What the existing fleet
    could use at most is not known, so its megawatts are left empty.
    """
    if not len(demand):
        return pd.DataFrame(columns=list(COLUMNS))
    trajectory = demand.set_index("year")["trajectory_twh"]
    rows = stacked([_existing(outcome), _sites(outcome, load)], COLUMNS)
    rows["share_of_demand"] = rows["twh"].to_numpy(dtype=float) / rows["year"].map(trajectory).to_numpy(dtype=float)
    return rows


def _existing(outcome: Outcome) -> pd.DataFrame:
    """The fleet that stands, by state."""
    years = np.asarray(outcome.years, dtype=np.int64)
    frames = [
        pd.DataFrame({"site": f"existing_{state.lower()}", "state": state, "year": years, "twh": twh})
        for state, twh in existing_twh_by_state(outcome.system.context).items()
    ]
    found = pd.concat(frames, ignore_index=True)
    return found.assign(
        kind=EXISTING, zone="", waits_for="", wanted_mw=np.nan, energised_mw=np.nan, share_of_ramp=np.nan
    )


def _sites(outcome: Outcome, load: pd.DataFrame) -> pd.DataFrame:
    """Campuses and aggregates that count."""
    places = {place.name: place for place in outcome.system.context.places if place.counts_in_national}
    rows = load[load["site"].isin(list(places)) & (load["site"].isin(_with_a_ramp(load)))].copy()
    names = rows["site"].astype(str)
    wanted, energised = (rows[name].to_numpy(dtype=float) for name in ("wanted_mw", "energised_mw"))
    return rows.assign(
        kind=[REST if name.startswith(PREFIX) else CAMPUS for name in names],
        state=[places[name].state for name in names],
        zone=[places[name].zone for name in names],
        twh=rows["served_mwh"].to_numpy(dtype=float) / MWH_PER_TWH,
        share_of_ramp=np.divide(energised, wanted, out=np.full(len(rows), np.nan), where=wanted > 0),
    )


def _with_a_ramp(load: pd.DataFrame) -> list[str]:
    """Sites that want load in any year."""
    most = load.groupby("site")["wanted_mw"].max()
    return [str(site) for site in most[most > 0].index]
