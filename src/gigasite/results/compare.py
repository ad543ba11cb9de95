"""Runs side by side: one row per quantity, one column per run, and the difference to the first."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from gigasite.foundation.errors import InputError, Problem
from gigasite.foundation.names import column
from gigasite.results.run import Run

LEFT_OUT = ("scenario", "status", "method", "solve_seconds", "gap", "resolution_h", "days")
"""Columns of the summary that say how a run was made, or are no numbers."""

INTERNAL = ("objective_usd", "gas_quads_per_year", "levelised_cost_nominal_", "announced_capex_")
"""Beginnings of columns that say again what others say, or that only the solver needs; in all `announced_capex_usd`."""

PUBLISHED, LEVELISED, RATIO = "published_price_usd_per_mwh", "levelised_cost_usd_per_mwh", "cost_over_published_price"

YEAR_DIGITS, TWO = 4, 2
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
    """The numbers of a run that are compared, with its cost over the published price where there is one."""
    row = run.summary.iloc[0]
    kept = pd.to_numeric(row[[name for name in row.index if _is_compared(str(name))]], errors="coerce").astype(float)
    if pd.isna(kept.get(PUBLISHED)):
        return kept.drop(PUBLISHED, errors="ignore")
    return pd.concat([kept, pd.Series({RATIO: kept[LEVELISED] / kept[PUBLISHED]})])


def _is_compared(name: str) -> bool:
    return name not in LEFT_OUT and (name == "announced_capex_usd" or not name.startswith(INTERNAL))


def horizons(runs: Sequence[Run]) -> list[str]:
    """A warning where runs look at different years, since their present values then cover different spans; else nothing."""
    spans = {run_label: _span(run) for run_label, run in zip(run_labels(runs), runs, strict=True)}
    if len(set(spans.values())) < 2:
        return []
    told = ", ".join(f"{label} {span}" for label, span in spans.items())
    return [f"The runs look at different years ({told}): compare costs per MWh, not present values."]


def _span(run: Run) -> str:
    years = sorted(int(year) for year in run.load["year"].unique())
    return f"{years[0]} to {years[-1]}" if len(years) > 1 else str(years[0])


def ratios(runs: Sequence[Run]) -> list[str]:
    """How costs and published prices stand to those of the first run, where both runs have a published price.

    Levelised cost: 196.7 / 136.1 = 1.45. Published price: 89 / 58 = 1.53.
    """
    values = [_numbers(run) for run in runs]
    labels, first = run_labels(runs), values[0]
    told = []
    for label, other in zip(labels[1:], values[1:], strict=True):
        if PUBLISHED in first and PUBLISHED in other:
            found = f"{other[LEVELISED]:,.1f} / {first[LEVELISED]:,.1f} = {other[LEVELISED] / first[LEVELISED]:,.2f}"
            said = f"{other[PUBLISHED]:g} / {first[PUBLISHED]:g} = {other[PUBLISHED] / first[PUBLISHED]:,.2f}"
            who = f"{label}: " if len(labels) > TWO else ""
            told.append(f"{who}Levelised cost: {found}. Published price: {said}.")
    return told


def _place(name: str) -> tuple[int, int]:
    """Order of quantities: money, capacity, load by year, the rest; years rise, else as they come within each."""
    heads = (
        "present_value",
        "levelised",
        "published",
        "cost_over",
        "overnight",
        "announced",
        "capacity_",
        "units_",
        "first_power",
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
    year = next((int(word) for word in name.split("_") if word.isdigit() and len(word) == YEAR_DIGITS), 0)
    return next((i for i, head in enumerate(heads) if name.startswith(head)), len(heads)), year
