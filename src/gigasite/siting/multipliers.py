"""Regional multipliers of overnight cost, by county.

ReEDS prints them for every county of the contiguous states; some 500 of these are shipped in `county_multipliers.csv`:
the counties of the known sites, of the cities the printed field hangs on, and of corners and edges. For any other:

    multiplier[c] = sum over i of weight[c, i] * multiplier[i]

| symbol     | name                 | unit | dimensions                                                      |
|------------|----------------------|------|-----------------------------------------------------------------|
| multiplier | `capex_multiplier_*` | 1    | county, kind                                                    |
| weight     | barycentric          | 1    | county, the three corners of the Delaunay triangle around it    |

with the counties at their centroids in the plane of :mod:`gigasite.siting.distances`. Edge rule: outside every triangle
the nearest county. Against 42 printed counties that are not shipped the error is 0.3 percentage points on average and
1.2 at most (`tests/siting/test_multipliers.py`). Alaska, Hawaii and other countries have none: nan.

Source: ReEDS, regional differences of capital cost by county; locator in the table.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from gigasite.siting.distances import DEGREES, SEARCH_PLANE
from gigasite.siting.place_tables import place_table
from gigasite.siting.planes import Floats, moved

if TYPE_CHECKING:
    import pandas as pd

MULTIPLIERS = (
    "capex_multiplier_combined_cycle",
    "capex_multiplier_gas_turbine",
    "capex_multiplier_nuclear",
    "capex_multiplier_battery",
)
WITHOUT = ("AK", "HI")
"""States the source does not cover."""

_METRES_PER_1000_KM = 1e6


def county_multipliers(county_fips: npt.NDArray[np.object_], folders: tuple[Path, ...]) -> dict[str, Any]:
    """Return the multipliers of counties by their codes (None where there is no county), and their confidence."""
    import pandas as pd

    counties = _all_counties(folders)
    row = counties.index.get_indexer(pd.Index(county_fips))
    found: dict[str, Any] = {
        name: np.where(row >= 0, counties[name].to_numpy(dtype=float)[row], np.nan) for name in MULTIPLIERS
    }
    confidence = np.full(len(row), None, dtype=object)
    confidence[row >= 0] = counties["multiplier_confidence"].to_numpy(dtype=object)[row[row >= 0]]
    return found | {"multiplier_confidence": confidence}


def _all_counties(folders: tuple[Path, ...]) -> pd.DataFrame:
    """Return every county of the contiguous states with its multipliers, by its code."""
    printed, counties = place_table("county_multipliers", folders), place_table("county_points", folders)
    values = printed[list(MULTIPLIERS)].to_numpy(dtype=float)
    return _filled(folders, (len(counties), printed["fips"].str.cat(), values.tobytes()))


@lru_cache(maxsize=4)
def _filled(folders: tuple[Path, ...], _content: tuple[int, str, bytes]) -> pd.DataFrame:
    from scipy.interpolate import LinearNDInterpolator, NearestNDInterpolator

    printed = place_table("county_multipliers", folders).set_index("fips")
    counties = place_table("county_points", folders).set_index("fips")
    counties = counties[~counties["state"].isin(WITHOUT)]
    at = _in_plane(counties)
    known = counties.index.get_indexer(printed.index)
    values = printed[list(MULTIPLIERS)].to_numpy(dtype=float)
    filled = LinearNDInterpolator(at[known], values)(at)
    beyond = np.isnan(filled).any(axis=1)
    filled[beyond] = NearestNDInterpolator(at[known], values)(at[beyond])
    filled[known] = values
    confidence = np.full(len(counties), "derived", dtype=object)
    confidence[known] = printed["confidence"].to_numpy(dtype=object)
    return counties.assign(
        **{name: filled[:, number] for number, name in enumerate(MULTIPLIERS)}, multiplier_confidence=confidence
    )


def _in_plane(counties: pd.DataFrame) -> Floats:
    degrees = counties[["longitude", "latitude"]].to_numpy(dtype=float)
    return moved(degrees, DEGREES, SEARCH_PLANE) / _METRES_PER_1000_KM
