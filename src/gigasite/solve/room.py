"""Room for large arrays: they are worked through in parts, and what is no longer used goes back to the system."""

from __future__ import annotations

import ctypes
import gc
from collections.abc import Iterator
from contextlib import suppress

PART = 1 << 20
"""Members of a part: enough for numpy to be quick, little beside the whole."""


def parts_of(count: int) -> Iterator[slice]:
    """Parts of an array, in order."""
    return (slice(first, min(first + PART, count)) for first in range(0, count, PART))


LARGE_ROWS = 2_000_000
"""Rows of a problem from which what it leaves is worth the tenth of a second that giving it back takes."""


def give_back_memory(rows: int) -> None:
    """Collect what refers to itself, and give back what is free: the C library of Linux keeps it for later use.

    Between two levels of a large problem that is some hundred megabytes, in pieces too small for the next arrays.

    Args:
        rows: of the problem; nothing is done for a small one.
    """
    if rows < LARGE_ROWS:
        return
    gc.collect()
    with suppress(AttributeError, OSError, TypeError):  # another C library has no such call
        ctypes.CDLL(None).malloc_trim(0)
