"""Runs side by side: one row per quantity, one column per run, and the difference to the first."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from gigasite.foundation.errors import InputError, Problem
from gigasite.foundation.names import column
from gigasite.results.run import Run

LEFT_OUT = ("scenario", "status", "method", "solve_seconds", "gap")
"""Columns of the summary that say how a run was made, or are no numbers."""

ZERO_WHERE_MISSING = ("capacity_", "units_")
"""Beginnings of quantities that a run without them has none of."""


def compare(runs: Sequence[Run]) -> pd.DataFrame:
    """Compare runs.

    Args:
        runs: two or more; the first is what the others are held against.

    Returns:
        Columns `quantity`, `unit`, one per run named after its scenario, and for every run after the first
        `difference <run>` and `per cent <run>`.

    Raises:
        InputError: no runs.
    """
    if not runs:
        raise InputError(Problem("there is nothing to compare", remedy="name two or more runs"))
    labels = run_labels(runs)
    values = pd.concat([_numbers(run).rename(label) for run, label in zip(runs, labels, strict=True)], axis=1)
    order = list(dict.fromkeys(name for run in runs for name in _numbers(run).index))
    values = values.reindex(sorted(order, key=_place))
    none = values.index.str.startswith(ZERO_WHERE_MISSING)
    values.loc[none] = values.loc[none].fillna(0.0)
    table = pd.DataFrame({"quantity": values.index, "unit": [column(name).unit for name in values.index]})
    for label in labels:
        table[label] = values[label].to_numpy()
    first = values[labels[0]].to_numpy(dtype=float)
    for label in labels[1:]:
        difference = values[label].to_numpy(dtype=float) - first
        table[f"difference {label}"] = difference
        table[f"per cent {label}"] = np.divide(
            100.0 * difference, np.abs(first), out=np.full(len(first), np.nan), where=first != 0
        )
    return table


def run_labels(runs: Sequence[Run]) -> list[str]:
    """A name for every run: its scenario, and its folder where a scenario comes twice."""
    names = [run.scenario for run in runs]
    labels = [name if names.count(name) == 1 else f"{name} {run.run_id}" for name, run in zip(names, runs, strict=True)]
    return [label if labels.count(label) == 1 else f"{label} ({i})" for i, label in enumerate(labels, start=1)]


def _numbers(run: Run) -> pd.Series[float]:
    row = run.summary.iloc[0].drop([name for name in LEFT_OUT if name in run.summary])
    return pd.to_numeric(row, errors="coerce").astype(float)


def _place(name: str) -> tuple[int, int]:
    """Order of quantities: money, capacity, load by year, the rest; as they come within each."""
    heads = ("present_value", "objective", "levelised", "overnight", "announced", "capacity_", "units_", "first_power")
    order = (
        *heads,
        "wanted_",
        "energised_",
        "waiting_",
        "idle",
        "unserved",
        "shortfall",
        "gas_",
        "co2",
        "nox",
        "water",
        "land",
    )
    return next((i for i, head in enumerate(order) if name.startswith(head)), len(order)), 0
