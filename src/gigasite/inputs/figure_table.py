"""A table of inputs/ as rows, and what is made of them once, however many scenarios look at it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from gigasite.foundation.errors import Origin

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

_WHOLE_NUMBERS = ("year", "month", "hour", "currency_year")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its cells as text, its numbers, and where it stands."""

    cells: tuple[str, ...]
    origin: Origin
    value: float = math.nan
    low: float | None = None
    high: float | None = None


DatedRows = tuple[Row | None, tuple[tuple[int, Row], ...]]
"""The row that serves every year, if there is one, and the rows by year."""


@dataclass(frozen=True, eq=False)
class Table:
    """All rows of one table; `keys` are the columns that tell rows apart. A text table holds no figures.

    It never changes, and scenarios that override none of its rows share it: two tables are the same only if they are
    one.
    """

    name: str
    columns: tuple[str, ...]
    keys: tuple[str, ...]
    rows: tuple[Row, ...]
    has_figures: bool

    def position(self, column: str) -> int:
        """Return the place of a column in a row's cells."""
        return self.columns.index(column)

    def key_of(self, row: Row) -> tuple[str, ...]:
        """Return the cells of a row that tell it apart."""
        return row.cells[: len(self.keys)]

    @cached_property
    def dated(self) -> Mapping[tuple[str, ...], DatedRows]:
        """The rows by all keys but the year: the row for every year, and the rows by year."""
        dated: dict[tuple[str, ...], list[tuple[int, Row]]] = {}
        undated: dict[tuple[str, ...], Row] = {}
        at = self.keys.index("year") if "year" in self.keys else None
        for row in self.rows:
            key = self.key_of(row)
            if at is None:
                undated[key] = row
            elif not key[at]:
                undated[key[:at] + key[at + 1 :]] = row
            else:
                dated.setdefault(key[:at] + key[at + 1 :], []).append((int(key[at]), row))
        return {
            key: (undated.get(key), tuple(sorted(dated.get(key, []), key=lambda pair: pair[0])))
            for key in dict.fromkeys((*undated, *dated))
        }

    @cached_property
    def frame(self) -> pd.DataFrame:
        """All rows: numbers as floats, years, months and hours as whole numbers, texts as text; to be copied."""
        import pandas as pd

        frame = pd.DataFrame([row.cells for row in self.rows], columns=list(self.columns), dtype="str")
        for column in self.columns:
            if self.has_figures and column in {"value", "low", "high"}:
                frame[column] = pd.to_numeric(frame[column].replace("", None), errors="raise").astype(float)
            elif column in _WHOLE_NUMBERS:
                frame[column] = pd.to_numeric(frame[column].replace("", None), errors="raise").astype("Int64")
        return frame
