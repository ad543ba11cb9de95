"""Equal arrays held once: months of one length have the same rows, and often the same numbers.

A block is little but arrays, and what differs from month to month and from site to site is mostly cost and load. Held
once, they are also once in the memory that worker processes share.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from hashlib import blake2b
from typing import Any, TypeVar

import numpy as np
from scipy.sparse import csr_array

from gigasite.solve.compiled import Array

Held = TypeVar("Held")


class SharedArrays:
    """Arrays by what they hold. Nobody may write into one that came from here."""

    def __init__(self) -> None:
        self._known: dict[tuple[bytes, str, tuple[int, ...]], Array] = {}

    def of(self, held: Held) -> Held:
        """The same with every array in it replaced by an equal one that is held already, where there is one."""
        return self._with(held)  # type: ignore[no-any-return]

    def _with(self, held: Any) -> Any:
        if isinstance(held, np.ndarray):
            return self._one(held)
        if isinstance(held, csr_array):
            parts = (self._one(held.data), self._one(held.indices), self._one(held.indptr))
            return csr_array(parts, shape=held.shape)
        if isinstance(held, tuple):
            return tuple(self._with(one) for one in held)
        if is_dataclass(held) and not isinstance(held, type):
            return replace(held, **{one.name: self._with(getattr(held, one.name)) for one in fields(held)})
        return held

    def _one(self, array: Array) -> Array:
        # a part of a larger array would keep the whole of it
        whole = np.ascontiguousarray(array) if array.base is None else np.array(array)
        key = (blake2b(whole.data, digest_size=16).digest(), whole.dtype.str, whole.shape)
        return self._known.setdefault(key, whole)
