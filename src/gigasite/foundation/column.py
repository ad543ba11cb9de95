"""What the dictionary says of one column."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """One column: its name, unit ('' for a text), the indices it varies over and what it means."""

    name: str
    unit: str
    dims: tuple[str, ...]
    meaning: str
