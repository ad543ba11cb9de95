"""Lines by voltage class, and the nearest of each class."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from gigasite.siting.layers import Layer

VOLTAGE_CLASSES: Mapping[int, tuple[float, float | None]] = {
    138: (100.0, 200.0),
    230: (200.0, 300.0),
    345: (300.0, 450.0),
    500: (450.0, 700.0),
    765: (700.0, None),
}
"""From and below, in kV, of the classes that lines have a cost for: 115 and 161 kV count to 138, 287 kV to 230."""

VOLTAGE_COLUMN = "voltage"


def nearest_lines(points: pd.DataFrame, lines: Layer, *, column: str = VOLTAGE_COLUMN) -> pd.DataFrame:
    """Return the distance to the nearest line of each voltage class.

    Args:
        points: columns `latitude` and `longitude` in degrees, or a GeoDataFrame of points.
        lines: lines with their voltage in kV; a line without one, or below 100 kV, belongs to no class.
        column: the column of the voltage.

    Returns:
        A table with the index of `points` and one column for each class, `line_138kv_km` to `line_765kv_km`; infinite
        where the layer has no line of the class.

    Raises:
        InputError: the layer has no such column; points outside the world.
    """
    import pandas as pd

    from gigasite.siting.distances import nearest_km

    found = {
        distance_column(kv): nearest_km(points, lines, where={column: limits})["distance_km"].to_numpy()
        for kv, limits in VOLTAGE_CLASSES.items()
    }
    return pd.DataFrame(found, index=points.index)


def distance_column(voltage_kv: int) -> str:
    """Return the name of the column of distances to lines of a class.

    >>> distance_column(345)
    'line_345kv_km'
    """
    return f"line_{voltage_kv}kv_km"
