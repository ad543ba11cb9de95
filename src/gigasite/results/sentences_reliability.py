"""Which losses the plan lives through, and which of them is the tightest."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from gigasite.results.run import Run
from gigasite.results.words import listed, megawatts

SMALL_MW = 0.5
SHORT = {
    "gas_trunk": "the gas trunk",
    "far_gas_trunk": "the trunk of a plant that feeds it",
    "grid_circuit": "the grid circuit",
    "grid_outage": "the grid outage",
    "cold_snap_peak": "the coldest day",
    "cold_snap_mean": "the cold snap as a whole",
}


def reliability(run: Run) -> Iterator[str]:
    """One sentence on all losses that the scenario asks to survive; nothing where it asks for none."""
    if "reliability" not in run.table_names or not len(run.table("reliability")):
        return
    table = run.table("reliability")
    asked = run.settings["requirements"]
    hours, days = asked.get("outage_survival_h"), (asked.get("cold_snap") or {}).get("days")
    words = {
        "gas_trunk": "the loss of the gas trunk",
        "far_gas_trunk": "that of the trunk of a plant that feeds it",
        "grid_circuit": "the loss of the grid circuit",
        "grid_outage": f"{hours:g} h without the grid from any hour on" if hours else "",
        "cold_snap_peak": f"the {days} coldest days in a row" if days else "",
    }
    told = [text for name, text in words.items() if text and name in set(table["loss"])]
    share = float(asked.get("critical_share", 1.0))
    of = (
        "" if share == 1.0 or told == [words["cold_snap_peak"]] else f", with {100 * share:g} % of the load as critical"
    )
    yield f"The plan lives through {listed(told)}{of}; {_tightest(table)}."


def _tightest(table: pd.DataFrame) -> str:
    table = table[table["needed_mw"] > SMALL_MW]
    if not len(table):
        return "nothing has to be carried yet"
    tight = table[table["spare_mw"] < SMALL_MW]
    if not len(tight):
        least = table.sort_values("spare_mw").iloc[0]
        loss = SHORT[str(least["loss"])]
        return f"the least to spare is {megawatts(least['spare_mw'])}, of {loss} at {least['site']} in {least['year']}"
    kinds = [SHORT[str(loss)] for loss in dict.fromkeys(tight["loss"])]
    return f"nothing is to spare in {listed([str(y) for y in sorted(set(tight['year']))])} for {listed(kinds)}"
