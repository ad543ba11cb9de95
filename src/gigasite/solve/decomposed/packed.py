"""Multipliers packed without loss: most rows have none, and a solve keeps a path of them for every cut."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gigasite.solve.compiled import Array


@dataclass(frozen=True)
class Packed:
    """An array that is mostly zero.

    Attributes:
        length: of the array.
        places: one bit each: whether it is not zero there.
        values: what it is where it is not zero, in order.
    """

    length: int
    places: Array
    values: Array

    @classmethod
    def of(cls, array: Array) -> Packed:
        """An array, packed."""
        there = array != 0
        return cls(len(array), np.packbits(there), array[there])

    @property
    def any(self) -> bool:
        """Whether it is not zero anywhere."""
        return len(self.values) > 0

    def unpacked(self) -> Array:
        """The array."""
        array = np.zeros(self.length, dtype=self.values.dtype)
        array[np.unpackbits(self.places, count=self.length).astype(bool)] = self.values
        return array
