"""Candidates: the places a screen looks at, counties of states or features of the planner's layer."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoSeries

    from gigasite.siting.layers import Layer

OWN_COLUMNS = ("site", "name", "state", "county_fips", "latitude", "longitude")
"""What every candidate has; other columns of a layer stand beside them."""

_OF_A_SCREEN = ("rank", "reasons")
"""What a screen writes itself: a layer made from an earlier candidates.csv has them already."""


@dataclass(frozen=True)
class Candidates:
    """Places to be screened.

    Attributes:
        table: one row each, index 0, 1, 2 ...: site (the id a scenario can use), name, state, county_fips, latitude and
            longitude in degrees, then the columns of the layer.
        areas: their areas in EPSG:4326, in the same order; None where they are points.
    """

    table: pd.DataFrame
    areas: GeoSeries | None = None

    def __len__(self) -> int:
        return len(self.table)


def counties_of(states: Sequence[str] | None) -> Candidates:
    """Return the counties of some states, or of all, at their centroids.

    Their id is name and state, `pike_oh`; where two counties of a state share a name, both carry their FIPS code.
    """
    from gigasite.siting.boundaries import counties

    everywhere = counties()
    everywhere["site"] = _unique_ids(everywhere)
    kept = everywhere if states is None else everywhere[everywhere["state"].isin(list(states))]
    kept = kept.sort_values("fips", kind="stable").reset_index(drop=True)
    table = kept[["site", "name", "state", "fips", "latitude", "longitude"]].rename(columns={"fips": "county_fips"})
    table["name"] = [f"{name}, {state}" for name, state in zip(table["name"], table["state"], strict=True)]
    return Candidates(_plain(table), kept.geometry)


def features_of(layer: Layer, *, id_column: str | None, name_column: str | None) -> Candidates:
    """Return the features of a layer of points or areas.

    Of an area the point is one that lies within it, of a feature of several points the most central of them. Where no
    column is named their id is the name of the layer and a running number from 1, and the name is the id; so it is
    where the column of names is empty. Columns `rank` and `reasons` of the layer are left out.
    """
    frame = layer.frame.reset_index(drop=True)
    points = frame.geometry.representative_point()
    numbered = [f"{layer.name} {number}" for number in range(1, len(frame) + 1)]
    ids = [site_id(value) for value in (numbered if id_column is None else frame[id_column].astype(str))]
    table = frame.drop(columns=frame.geometry.name)
    dropped = {*OWN_COLUMNS, *_OF_A_SCREEN} - {"state", "county_fips"}
    table = table[[column for column in table.columns if column not in dropped]]
    said = (
        [None] * len(ids)
        if name_column is None
        else frame[name_column].astype(object).where(frame[name_column].notna(), None)
    )
    names = [own if name is None else str(name) for name, own in zip(said, ids, strict=True)]
    own = {"site": ids, "name": names, "latitude": points.y, "longitude": points.x}
    return Candidates(_plain(table.assign(**own)), None if layer.kind == "points" else frame.geometry)


def site_id(text: str) -> str:
    """Return a text as the id of a site: small letters, digits and _, beginning with a letter.

    >>> site_id("Doña Ana"), site_id("Parcel 12-B"), site_id("48441")
    ('dona_ana', 'parcel_12_b', 'site_48441')
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    return words if words[:1].isalpha() else f"site_{words}".rstrip("_")


def _unique_ids(counties: pd.DataFrame) -> list[str]:
    ids = [site_id(f"{name} {state}") for name, state in zip(counties["name"], counties["state"], strict=True)]
    once, number = np.unique(ids, return_counts=True)
    shared = set(once[number > 1])
    return [f"{each}_{fips}" if each in shared else each for each, fips in zip(ids, counties["fips"], strict=True)]


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table without geometry, its own columns first."""
    import pandas as pd

    first = [column for column in OWN_COLUMNS if column in frame]
    rest = [column for column in frame.columns if column not in OWN_COLUMNS]
    return pd.DataFrame(frame[[*first, *rest]]).reset_index(drop=True)
