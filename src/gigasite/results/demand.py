"""The national account: demand of data centres against what is served."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from gigasite.formulation.hubs import SUPPLY_COMPONENTS
from gigasite.foundation.units import MWH_PER_GWH, MWH_PER_TWH
from gigasite.results.bounds import SMALL_MW
from gigasite.results.outcome import Outcome
from gigasite.results.reasons import reasons_in
from gigasite.results.words import listed, megawatts
from gigasite.system.quantity import Array
from gigasite.system.rest_of_state import PREFIX

GWH_PER_TWH = MWH_PER_TWH / MWH_PER_GWH
SMALL_TWH = 1e-3
SMALL_MWH = 1.0
Flags = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
MOST_REASONS = 2
COLUMNS = (
    "year",
    "trajectory_twh",
    "existing_twh",
    "campuses_twh",
    "rest_of_state_twh",
    "shortfall_twh",
    "last_twh_usd_per_mwh",
    "dearest_site",
    "dearest_usd_per_mwh",
    "mean_supply_usd_per_mwh",
    "binding",
)


def demand_table(outcome: Outcome, load: pd.DataFrame, costs: pd.DataFrame) -> pd.DataFrame:
    """One row per modelled year; empty where the scenario keeps no national account.

        shortfall = max(0, trajectory - existing - campuses - rest of state)
        last TWh  = dual of the account / W_y                         USD/MWh

    Campuses and the rest of each state are what was served in the hours, less what was not, of the sites that count.
    The last TWh is what one more of demand would cost: where the account falls short, the price of the shortfall. The
    dearest site is the one whose supply costs most per MWh served in the year, capital a year included.
    """
    data = outcome.system.features.get("national_demand", {})
    if "trajectory_gwh" not in data:
        return pd.DataFrame(columns=list(COLUMNS))
    served = outcome.served_mwh / MWH_PER_TWH
    counts = np.array([place.counts_in_national for place in outcome.system.context.places])
    rest = np.array([site.startswith(PREFIX) for site in outcome.sites])
    trajectory, existing = (data[name].values / GWH_PER_TWH for name in ("trajectory_gwh", "existing_gwh"))
    campuses, of_states = served[counts & ~rest].sum(axis=0), served[counts & rest].sum(axis=0)
    shortfall = np.maximum(0.0, trajectory - existing - campuses - of_states)
    return pd.DataFrame(
        {
            "year": np.asarray(outcome.years, dtype=np.int64),
            "trajectory_twh": trajectory,
            "existing_twh": existing,
            "campuses_twh": campuses,
            "rest_of_state_twh": of_states,
            "shortfall_twh": shortfall,
            "last_twh_usd_per_mwh": _last_twh_usd_per_mwh(outcome),
            **_supply(outcome, load, costs, counts),
            "binding": [_binding(outcome, load, y, float(twh)) for y, twh in enumerate(shortfall)],
        },
        columns=list(COLUMNS),
    )


def _last_twh_usd_per_mwh(outcome: Outcome) -> Array:
    """What one more MWh of demand would cost in each year."""
    duals = outcome.duals("national_demand.served_meets_trajectory")
    if duals is None:
        return np.full(len(outcome.years), np.nan)
    return np.maximum(0.0, -duals / outcome.year_weight / MWH_PER_GWH)


def _supply(outcome: Outcome, load: pd.DataFrame, costs: pd.DataFrame, counts: Flags) -> dict[str, list[Any]]:
    """Cost of supply per MWh served in each year: the mean of the sites that count, and the dearest of them."""
    counted = np.asarray(outcome.sites)[counts]
    supply = costs[costs["component"].isin(SUPPLY_COMPONENTS) & costs["site"].isin(counted)]
    paid = supply.groupby(["year", "site"])["cost_usd_per_year"].sum()
    served = load[load["site"].isin(counted)].set_index(["year", "site"])["served_mwh"]
    served = served[served > SMALL_MWH]
    found: dict[str, list[Any]] = {
        name: [] for name in ("dearest_site", "dearest_usd_per_mwh", "mean_supply_usd_per_mwh")
    }
    for year in outcome.years:
        mwh = served[served.index.get_level_values("year") == year]
        usd = paid.reindex(mwh.index, fill_value=0.0)
        each = usd / mwh
        found["dearest_site"].append(str(each.index[int(each.to_numpy().argmax())][1]) if len(each) else "")
        found["dearest_usd_per_mwh"].append(float(each.max()) if len(each) else np.nan)
        found["mean_supply_usd_per_mwh"].append(float(usd.sum() / mwh.sum()) if len(each) else np.nan)
    return found


def _binding(outcome: Outcome, load: pd.DataFrame, y: int, shortfall_twh: float) -> str:
    """What keeps the shortfall of a year from falling: how many sites have all they want, and what the others lack."""
    if shortfall_twh <= SMALL_TWH:
        return "nothing: the trajectory is met"
    wanted, waiting = outcome.system.ramp_mw[:, y], outcome.values("idle_load.waiting_mw")[:, y]
    counted = np.array([place.counts_in_national for place in outcome.system.context.places]) & (wanted > 0)
    if not counted.any():
        return "no site wants more load"
    full, held = counted & (waiting <= SMALL_MW), counted & (waiting > SMALL_MW)
    told = f"{int(full.sum())} of {int(counted.sum())} sites are energised in full"
    if not held.any():
        return told
    rows = load[(load["year"] == outcome.years[y]) & load["site"].isin(np.asarray(outcome.sites)[held])]
    return f"{told}; {megawatts(float(rows['waiting_mw'].sum()))} wait for {listed(main_reasons(rows))}"


def main_reasons(rows: pd.DataFrame, most: int = MOST_REASONS) -> list[str]:
    """The reasons behind the most waiting megawatts among rows of the load table."""
    sizes: dict[str, float] = {}
    for words, mw in zip(rows["waits_for"], rows["waiting_mw"], strict=True):
        for reason in reasons_in(str(words)):
            sizes[reason] = sizes.get(reason, 0.0) + float(mw)
    return sorted(sizes, key=lambda reason: -sizes[reason])[:most]
