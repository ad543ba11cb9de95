"""A named array with its dimensions, unit and how far it can be trusted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

CONFIDENCE_ORDER = ("published", "derived", "reported", "estimate")


@dataclass(frozen=True)
class Quantity:
    """Data of one feature, ready for the formulation.

    Attributes:
        values: the numbers; the shape follows `dims`.
        dims: names of the sets it runs over, such as `("site", "year")`; empty for a scalar.
        unit: unit of the numbers, in words a planner reads.
        confidence: weakest confidence of the input rows it was made from.
    """

    values: Array
    dims: tuple[str, ...]
    unit: str
    confidence: str = "estimate"

    def __post_init__(self) -> None:
        values = np.array(self.values, dtype=float)
        if values.ndim != len(self.dims):
            raise ValueError(f"{values.ndim} dimensions in the numbers, {len(self.dims)} names: {self.dims}")
        values.setflags(write=False)
        object.__setattr__(self, "values", values)


FeatureData = Mapping[str, Quantity]


def weakest(confidences: list[str]) -> str:
    """The least certain of several confidences ("estimate" is the least, "published" the most certain)."""
    return max(confidences, key=CONFIDENCE_ORDER.index, default="estimate")
