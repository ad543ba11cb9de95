"""Tax credits by vintage: what takes the investment credit, and the megawatt-hours that are credited."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from gigasite.results.outcome import Outcome
from gigasite.system.quantity import Array

FEATURE, INVESTMENT, PRODUCTION = "tax_credits", "48e", "45y"
COLUMNS = ("site", "technology", "credit", "vintage", "year", "credited_mw", "credited_energy_mwh", "credited_mwh")
SMALL_MW = 1e-6


def tax_credits_table(outcome: Outcome) -> pd.DataFrame:
    """One row per site, technology, credit, vintage and year that has a credit; none where none is asked for.

    The investment credit stands in the year of its vintage with what it counts for: megawatts, and megawatt-hours of
    stores. The others stand in every year in which energy is credited.
    """
    frames = []
    for key in outcome.system.features.get(FEATURE, {}):
        kind, _, technology = key.rpartition("__")
        if kind == "investment_share":
            frames.append(_investment(outcome, technology))
        elif kind.startswith("value_usd_per_mwh__"):
            frames.append(_production(outcome, kind.removeprefix("value_usd_per_mwh__"), technology))
    rows = [row for frame in frames for row in frame]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _investment(outcome: Outcome, technology: str) -> Iterator[tuple[object, ...]]:
    share = outcome.system.features[FEATURE][f"investment_share__{technology}"].values
    built, energy = outcome.values(f"{technology}.built_mw"), _of(outcome, f"{technology}.built_energy_mwh")
    chosen = _of(outcome, f"{FEATURE}.produces_mw__{technology}")
    invested = np.where(share > 0, built if chosen is None else np.maximum(0.0, built - chosen), 0.0)
    stored = np.where(share > 0, np.zeros_like(built) if energy is None else energy, 0.0)
    for s, v in zip(*np.nonzero(invested + stored > SMALL_MW), strict=True):
        year = outcome.years[v]
        at = (outcome.sites[s], technology, INVESTMENT, year, year)
        yield *at, float(invested[s, v]), float(stored[s, v]), np.nan


def _production(outcome: Outcome, credit: str, technology: str) -> Iterator[tuple[object, ...]]:
    credited = outcome.values(f"{FEATURE}.credited_mwh__{credit}__{technology}")
    chosen = _of(outcome, f"{FEATURE}.produces_mw__{technology}") if credit == PRODUCTION else None
    stands = outcome.values(f"{technology}.vintage_mw")
    able = stands if chosen is None else np.minimum(stands, chosen[:, :, None])
    for s, v, y in zip(*np.nonzero(credited > SMALL_MW), strict=True):
        at = (outcome.sites[s], technology, credit, outcome.years[v], outcome.years[y])
        yield *at, float(able[s, v, y]), np.nan, float(credited[s, v, y])


def _of(outcome: Outcome, name: str) -> Array | None:
    return outcome.values(name) if name in outcome.variable_names else None
