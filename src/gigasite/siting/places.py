"""The known sites, read from the GIS layer into a plain table."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from gigasite.foundation.errors import InputError, Origin, Problem

SITES_FILE = "sites.geojson"
SITES_CRS = "EPSG:4326"


@lru_cache(maxsize=8)
def _read_layer(path: Path) -> dict[str, dict[str, Any]]:
    import geopandas  # heavy: read only when a scenario is assembled

    layer = geopandas.read_file(path)
    if layer.crs is None or layer.crs.to_string() != SITES_CRS:
        raise InputError(
            [
                Problem(
                    message=f"the layer of sites is in {layer.crs}",
                    origin=Origin(str(path), None, None),
                    allowed=f"coordinates in {SITES_CRS} (longitude, latitude)",
                    remedy="export the layer in that coordinate system",
                )
            ]
        )
    table = layer.drop(columns="geometry")
    table["latitude"] = layer.geometry.y
    table["longitude"] = layer.geometry.x
    rows = table.astype(object).where(table.notna(), None).to_dict(orient="records")
    return {str(row["site_id"]): {str(key): value for key, value in row.items()} for row in rows}


def known_sites(folders: Sequence[Path]) -> dict[str, dict[str, Any]]:
    """Properties of every known site by its id, with `latitude` and `longitude` in degrees.

    Args:
        folders: input folders, the first to have a site winning.

    Raises:
        InputError: a layer without the coordinate system it should have.
    """
    sites: dict[str, dict[str, Any]] = {}
    for folder in reversed(folders):
        if (folder / SITES_FILE).is_file():
            sites.update(_read_layer(folder / SITES_FILE))
    return sites
