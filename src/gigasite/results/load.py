"""Load by site and year: wanted, energised, waiting and for what, served and not served."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gigasite.formulation.registry import technologies
from gigasite.results.bounds import HELD, NEAR, NOT_BEFORE, SMALL_MW
from gigasite.results.frames import site_year_rows
from gigasite.results.outcome import Outcome
from gigasite.results.words import listed

BUDGET = "money (the capital budget is spent)"
NOTHING_HOLDS = "cheaper supply (none on offer costs less than waiting)"


def load_table(outcome: Outcome, capacity: pd.DataFrame) -> pd.DataFrame:
    """One row per site and year; energy is that of one calendar year.

    served = load - unserved - shed
    """
    step = outcome.step_hours
    waiting = outcome.values("idle_load.waiting_mw")
    return site_year_rows(
        outcome.sites,
        outcome.years,
        {
            "wanted_mw": outcome.system.ramp_mw,
            "energised_mw": outcome.values("idle_load.energised_mw"),
            "waiting_mw": waiting,
            "waits_for": waits_for(outcome, waiting, capacity),
            "load_mwh": outcome.load_mw.sum(axis=-1) * step,
            "served_mwh": outcome.served_mwh,
            "unserved_mwh": outcome.unserved_mw.sum(axis=-1) * step,
            "shed_mwh": outcome.shed_mw.sum(axis=-1) * step,
        },
    )


def waits_for(
    outcome: Outcome, waiting: np.ndarray[tuple[int, ...], np.dtype[np.float64]], capacity: pd.DataFrame
) -> np.ndarray[tuple[int, ...], np.dtype[np.object_]]:
    """What the waiting load of a site waits for: every supply there that would be larger if it could."""
    words = np.full(waiting.shape, "", dtype=object)
    spent = budgets_spent(outcome)
    held = dict(iter(capacity.groupby(["site", "year"], sort=False)))
    for s, y in zip(*np.nonzero(waiting > SMALL_MW), strict=True):
        group = held.get((outcome.sites[s], outcome.years[y]))
        words[s, y] = NOTHING_HOLDS if group is None else _reasons(group, bool(spent[s]))
    return words


def budgets_spent(outcome: Outcome) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Sites whose capital budget, or that of all sites together, is used up."""
    data = outcome.system.features["capital_budget"]
    spent = np.zeros(len(outcome.sites))
    for term in outcome.builder.hubs.capital:
        spent += outcome.term(term, ("site",))
    found = np.zeros(len(spent), dtype=bool)
    if "site_budget_usd" in data:
        found |= spent >= (1.0 - NEAR) * data["site_budget_usd"].values
    if "budget_usd" in data:
        found |= spent.sum() >= (1.0 - NEAR) * float(data["budget_usd"].values)
    return found


def _reasons(rows: pd.DataFrame, budget_spent: bool) -> str:
    labels = {name: technology.label for name, technology in technologies().items()}
    reasons = [
        f"{labels.get(technology, technology).lower()} ({bound})"
        for technology, bound in zip(rows["technology"], rows["bound"], strict=True)
        if bound in HELD or str(bound).startswith(NOT_BEFORE)
    ]
    if budget_spent:
        reasons.insert(0, BUDGET)
    return listed(reasons) if reasons else NOTHING_HOLDS
