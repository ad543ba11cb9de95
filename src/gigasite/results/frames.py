"""Arrays over sites and years as tidy rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

Values = np.ndarray[Any, Any]


def site_year_rows(
    sites: Sequence[str],
    years: Sequence[int],
    columns: Mapping[str, Values | str | float],
    at: Sequence[int] | None = None,
) -> pd.DataFrame:
    """One row per site and year.

    Args:
        sites: site ids, as the first axis of the arrays.
        years: modelled years, as their second axis.
        columns: arrays of shape (site, year), or one value for every row.
        at: positions of the sites that get rows; all where not given.
    """
    chosen = list(range(len(sites))) if at is None else list(at)
    data: dict[str, Any] = {
        "site": np.repeat([sites[i] for i in chosen], len(years)),
        "year": np.tile(np.asarray(years, dtype=np.int64), len(chosen)),
    }
    for name, values in columns.items():
        data[name] = values[chosen].reshape(-1) if isinstance(values, np.ndarray) else values
    return pd.DataFrame(data)


def stacked(frames: Sequence[pd.DataFrame], columns: Sequence[str]) -> pd.DataFrame:
    """Frames below each other with exactly these columns; an empty frame with them where there is nothing."""
    filled = [frame for frame in frames if len(frame)]
    if not filled:
        return pd.DataFrame({name: pd.Series(dtype=float) for name in columns})
    return pd.concat([frame.reindex(columns=list(columns)) for frame in filled], ignore_index=True)
