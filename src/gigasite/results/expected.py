"""Tables of a fan: the mean of its futures' tables by probability, so that it reads like any run.

    mean = sum over f of p[f] * x[f]                                what adds up: a row that a future lacks is 0 there
    mean = sum over f of p[f] * x[f] / sum over the same f of p[f]  what does not add up: sizes, limits, shares, prices
    levelised cost = sum of p * present value / sum of p * present value of what was served

What every future shares, such as capacity before it is known which has come, is therefore shown as it is. A text that
differs from future to future reads `by future`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

KEYS: Mapping[str, tuple[str, ...]] = {
    "costs": ("site", "year", "technology", "component"),
    "capacity": ("site", "year", "technology"),
    "energy": ("site", "year", "technology"),
    "load": ("site", "year"),
}
"""Tables that are told as means, and what a row of each is for."""

NOT_ADDITIVE = ("usd_per_mwh", "capacity_factor", "unit_size_mw", "capacity_max_mw")
BY_FUTURE = "by future"
LEVELISED = "levelised_cost_"
SHARE = "cost_share_"
ZERO_WHERE_MISSING = ("capacity_", "units_", "announced_capex_")


def expected_tables(tables: Sequence[Mapping[str, Any]], shares: Sequence[float]) -> dict[str, pd.DataFrame]:
    """The mean of the futures' tables.

    Args:
        tables: each future's.
        shares: its probability.
    """
    found = {name: _mean([one[name] for one in tables], shares, keys) for name, keys in KEYS.items()}
    return {"summary": _summary([one["summary"] for one in tables], shares), **found}


def _mean(frames: Sequence[pd.DataFrame], shares: Sequence[float], keys: tuple[str, ...]) -> pd.DataFrame:
    columns = list(dict.fromkeys(name for frame in frames for name in frame.columns))
    stacked = pd.concat(
        [frame.assign(share_of_future=share) for frame, share in zip(frames, shares, strict=True)], ignore_index=True
    )
    groups = stacked.groupby(list(keys), sort=False, observed=True)
    weight = stacked["share_of_future"]
    found: dict[str, Any] = {}
    for name in columns:
        if name in keys:
            continue
        values = stacked[name]
        if not pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
            found[name] = groups[name].agg(_one_text)
            continue
        by = [stacked[key] for key in keys]
        total = (values.astype(float) * weight).groupby(by, sort=False).sum(min_count=1)
        told = weight.where(values.notna()).groupby(by, sort=False).sum(min_count=1)
        found[name] = total / told if name in NOT_ADDITIVE else total
    table = pd.DataFrame(found).reset_index()
    return table[columns]


def _one_text(values: pd.Series[Any]) -> Any:
    first = values.iloc[0]
    return first if (values.astype(object) == first).all() or values.isna().all() else BY_FUTURE


def _summary(rows: Sequence[pd.DataFrame], shares: Sequence[float]) -> pd.DataFrame:
    """One row: the mean of the futures' summaries."""
    table = pd.concat(rows, ignore_index=True)
    weight = np.asarray(shares, dtype=float)
    cost = table["present_value_usd"].to_numpy(dtype=float)
    found: dict[str, Any] = {}
    for name in table.columns:
        values = table[name]
        if not pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
            found[name] = values.iloc[0] if values.nunique(dropna=False) == 1 else BY_FUTURE
            continue
        numbers = values.to_numpy(dtype=float)
        if name == "first_power_year":
            found[name] = values.min()
        elif name.startswith(LEVELISED):
            found[name] = float(weight @ cost) / float(weight @ (cost / numbers))
        elif name.startswith(SHARE):
            found[name] = float((weight * cost) @ numbers) / float(weight @ cost)
        else:
            numbers = (
                np.nan_to_num(numbers) if name.startswith(ZERO_WHERE_MISSING) and not values.isna().all() else numbers
            )
            found[name] = float(weight @ numbers)
    return pd.DataFrame([found])
