"""Multipliers packed without loss: most rows have none, and a solve keeps a path of them for every cut."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gigasite.solve.compiled import Array

MANY_BLOCKS = 500
"""Blocks from which paths are squeezed: a fifth of the memory, for a third of a millisecond each."""

QUICKLY = 1


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


@dataclass(frozen=True)
class Squeezed:
    """A packed array, its values squeezed without loss: a plant at the margin sets the same price for many hours."""

    length: int
    places: bytes
    values: bytes
    kind: str

    @classmethod
    def of(cls, array: Array) -> Squeezed:
        """An array, squeezed."""
        packed = Packed.of(array)
        places, values = (zlib.compress(part.tobytes(), QUICKLY) for part in (packed.places, packed.values))
        return cls(packed.length, places, values, array.dtype.str)

    @property
    def any(self) -> bool:
        """Whether it is not zero anywhere."""
        return bool(zlib.decompress(self.values))

    def unpacked(self) -> Array:
        """The array."""
        places = np.frombuffer(zlib.decompress(self.places), dtype=np.uint8)
        values = np.frombuffer(zlib.decompress(self.values), dtype=self.kind)
        return Packed(self.length, places, values).unpacked()


def packing_for(blocks: int) -> Callable[[Array], Packed | Squeezed]:
    """How the multipliers of a problem of so many blocks are kept."""
    return Squeezed.of if blocks >= MANY_BLOCKS else Packed.of
