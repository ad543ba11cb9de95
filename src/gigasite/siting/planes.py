"""Coordinates from one system to another, as pairs."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pyproj

Floats = npt.NDArray[np.float64]


def moved(pairs: Floats, source: Any, target: Any) -> Floats:
    """Return pairs (east, north) of one coordinate system in another, shape (point, 2)."""
    # One point as an array would be taken for a number, which old numpy warns of.
    east, north = (list(pairs[:, column]) if len(pairs) == 1 else pairs[:, column] for column in (0, 1))
    return np.column_stack(_transformer(source, target).transform(east, north))


@lru_cache(maxsize=16)
def _transformer(source: Any, target: Any) -> pyproj.Transformer:
    import pyproj

    return pyproj.Transformer.from_crs(source, target, always_xy=True)
