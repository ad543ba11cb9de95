"""A DataFrame as a table in the terminal: short headings, units below them, only as many columns as fit."""

from __future__ import annotations

import numbers
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gigasite.report.numbers import style_of, words_of

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

NARROWEST_TEXT = 18
HEADING_WIDTH = 14
LONGEST_WORD = 32
PADDING = 2
GAP = PADDING + 1
EDGES = 2


@dataclass(frozen=True)
class ShownColumn:
    """One column, written out."""

    name: str
    heading: str
    cells: tuple[str, ...]
    is_number: bool

    @property
    def width(self) -> int:
        """Characters of its longest line."""
        return max(len(line) for text in (self.heading, *self.cells) for line in (text.splitlines() or [""]))

    @property
    def breaks(self) -> bool:
        """Whether its lines may be broken: those of a sentence, not a number or a name."""
        return not self.is_number and (self.width > LONGEST_WORD or any(" " in cell for cell in self.cells))

    @property
    def least_width(self) -> int:
        """Characters it can do with."""
        return min(self.width, NARROWEST_TEXT) if self.breaks else self.width


def show_frame(frame: pd.DataFrame, width: int) -> tuple[Table, list[str]]:
    """Return a table that fits the width, and the names of the columns that did not."""
    columns = [_written(str(name), frame[name]) for name in frame.columns]
    columns = [column for column in columns if any(column.cells)]
    shown = fitting(columns, width)
    return rich_table(shown), [column.name for column in columns[len(shown) :]]


def fitting(columns: Sequence[ShownColumn], width: int) -> list[ShownColumn]:
    """Return the first columns that fit the width side by side, one at least."""
    shown: list[ShownColumn] = []
    left = width - EDGES
    for column in columns:
        left -= column.least_width + GAP
        if left < -GAP and shown:
            break
        shown.append(column)
    return shown


def show_row(frame: pd.DataFrame) -> Table:
    """Return a table of one row as a list: name, value, unit."""
    row = frame.iloc[0]
    names, values, units = [], [], []
    for name in frame.columns:
        value = row[name]
        names.append(str(name))
        if _is_number(value):
            style = style_of(str(name), [float(value)])
            values.append(style.text(float(value)))
            units.append(style.unit)
        else:
            values.append(_text(value))
            units.append("")
    return rich_table(
        [
            ShownColumn("name", "", tuple(names), is_number=False),
            ShownColumn("value", "", tuple(values), is_number=True),
            ShownColumn("unit", "", tuple(units), is_number=False),
        ]
    )


def rich_table(columns: Sequence[ShownColumn]) -> Table:
    """Return the columns as a table without frames: numbers to the right, a rule below the headings."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(
        box=box.SIMPLE_HEAD,
        header_style="bold",
        show_header=any(column.heading for column in columns),
        pad_edge=False,
        padding=(0, PADDING, 0, 0),
    )
    for column in columns:
        table.add_column(
            Text(column.heading),
            justify="right" if column.is_number else "left",
            no_wrap=not column.breaks,
            overflow="fold",
            min_width=column.least_width,
        )
    for cells in zip(*(column.cells for column in columns), strict=True):
        table.add_row(*(Text(cell) for cell in cells))
    return table


def _written(name: str, values: pd.Series[Any]) -> ShownColumn:
    from pandas.api.types import is_bool_dtype, is_numeric_dtype

    if is_numeric_dtype(values) and not is_bool_dtype(values):
        amounts = [float(value) for value in values]
        style = style_of(name, amounts)
        heading = "\n".join([*textwrap.wrap(words_of(name), HEADING_WIDTH), style.unit]).strip("\n")
        return ShownColumn(name, heading, tuple(style.text(amount) for amount in amounts), is_number=True)
    return ShownColumn(name, words_of(name), tuple(_text(value) for value in values), is_number=False)


def _is_number(value: Any) -> bool:
    return isinstance(value, numbers.Real) and str(value) not in {"True", "False"}


def _text(value: Any) -> str:
    if value is None or value != value:  # noqa: PLR0124 - NaN stands for a missing text too
        return ""
    if str(value) in {"True", "False"}:
        return "yes" if str(value) == "True" else "no"
    return str(value)
