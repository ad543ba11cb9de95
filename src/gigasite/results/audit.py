"""Tables that the checks need beside those a planner reads: vintages, grid steps, billed demand, lines, slacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from gigasite.results.bounds import rise_limit_mw
from gigasite.results.grid_terms import (
    billed_in_words,
    contract_in_words,
    floor_mw,
    metered_mw,
    ratchet_mw,
)
from gigasite.results.outcome import Outcome
from gigasite.system.quantity import Array

TAILS = ("mw", "energy_mwh")


def vintages_table(outcome: Outcome) -> pd.DataFrame:
    """Capacity that stands by the year it was built in; energy of stores beside their power."""
    frames = []
    names = dict.fromkeys(name.partition(".")[0] for name in outcome.variable_names if ".vintage_" in name)
    for technology in sorted(names):
        columns = {
            f"vintage_{tail}": outcome.values(f"{technology}.vintage_{tail}")
            for tail in TAILS
            if f"{technology}.vintage_{tail}" in outcome.variable_names
        }
        frame = _long(("site", "vintage", "year"), (outcome.sites, outcome.years, outcome.years), columns)
        frame.insert(1, "technology", technology)
        frames.append(frame)
    if not frames:
        return pd.DataFrame(columns=["site", "technology", "vintage", "year", "vintage_mw", "vintage_energy_mwh"])
    found = pd.concat(frames, ignore_index=True)
    return found if "vintage_energy_mwh" in found else found.assign(vintage_energy_mwh=np.nan)


def grid_table(outcome: Outcome) -> pd.DataFrame:
    """Contract and reinforcement of every grid connection by step of its zone."""
    columns = ["site", "year", "step", "step_mw", "new_step_mw"]
    if "grid_connection.step_mw" not in outcome.variable_names:
        return pd.DataFrame(columns=columns)
    steps = range(1, outcome.system.context.grid_steps + 1)
    values = {name: outcome.values(f"grid_connection.{name}") for name in ("step_mw", "new_step_mw")}
    return _long(("site", "year", "step"), (outcome.sites, outcome.years, steps), values)


def contract_table(outcome: Outcome) -> pd.DataFrame:
    """Contracted megawatts, firm and non-firm, what holds them, demand charged at the coincident peaks, and energy that
    a minimum take makes the site pay for unused.
    """
    columns = ["site", "year", "contract_mw", "firm_contract_mw", "nonfirm_contract_mw", "take_short_mwh"]
    if "grid_connection.contract_mw" not in outcome.variable_names:
        return pd.DataFrame(columns=[*columns, "rise_limit_mw", "coincident_mw", "contract_held_by"])
    names = {"contract_mw": "contract_mw", "firm_contract_mw": "firm_mw", "nonfirm_contract_mw": "nonfirm_mw"}
    values = {column: outcome.values(f"grid_connection.{name}") for column, name in names.items()}
    short = "minimum_take.short_mwh"
    asked = short in outcome.variable_names
    values["take_short_mwh"] = outcome.values(short) if asked else np.zeros_like(values["contract_mw"])
    peaks = "grid_connection.coincident_mw"
    values["rise_limit_mw"] = rise_limit_mw(outcome)
    values["coincident_mw"] = (
        outcome.values(peaks) if peaks in outcome.variable_names else np.full_like(values["contract_mw"], np.nan)
    )
    found = _long(("site", "year"), (outcome.sites, outcome.years), values)
    return found.assign(contract_held_by=contract_in_words(outcome).reshape(-1))


def billed_demand_table(outcome: Outcome) -> pd.DataFrame:
    """Demand that the grid bills, by month: what was metered, what floor and ratchet ask for, and what of it holds."""
    columns = ["metered_mw", "floor_mw", "ratchet_mw", "billed_mw"]
    if "grid_connection.billed_mw" not in outcome.variable_names:
        return pd.DataFrame(columns=["site", "year", "month", *columns, "billed_for"])
    values = {"metered_mw": metered_mw(outcome), "floor_mw": floor_mw(outcome), "ratchet_mw": ratchet_mw(outcome)}
    values["billed_mw"] = outcome.values("grid_connection.billed_mw")
    found = _long(("site", "year", "month"), (outcome.sites, outcome.years, range(1, 13)), values)
    return found.assign(billed_for=billed_in_words(outcome).reshape(-1))


def lines_table(outcome: Outcome) -> pd.DataFrame:
    """Capacity, energy and firm megawatts of every line."""
    columns = ("new_mw", "total_mw", "firm_flow_mw", "secure_flow_mw", "flow_mwh")
    if "line.flow_mw" not in outcome.variable_names:
        return pd.DataFrame(columns=["line", "year", *columns])
    names = ("built_mw", "capacity_mw", "firm_flow_mw", "secure_flow_mw")
    values = {column: outcome.values(f"line.{name}") for column, name in zip(columns[:-1], names, strict=True)}
    values["flow_mwh"] = outcome.values("line.flow_mw").sum(axis=-1) * outcome.step_hours
    return _long(("line", "year"), (tuple(outcome.system.context.scenario.lines), outcome.years), values)


def slacks_table(outcome: Outcome) -> pd.DataFrame:
    """Priced ways out of a limit, which an answer must not use: the largest value of each."""
    rows = [
        {
            "what": slack.what,
            "value": float(outcome.solution.values(slack.variable_name).max(initial=0.0)),
            "remedy": slack.remedy,
        }
        for slack in outcome.builder.forbidden
    ]
    return pd.DataFrame(rows, columns=["what", "value", "remedy"])


def _long(dims: Sequence[str], labels: Sequence[Sequence[object]], columns: Mapping[str, Array]) -> pd.DataFrame:
    """Arrays over the product of some labels as one row per member."""
    index = pd.MultiIndex.from_product([list(members) for members in labels], names=list(dims))
    flat = {name: np.asarray(values).reshape(-1) for name, values in columns.items()}
    return pd.DataFrame(flat, index=index).reset_index()
