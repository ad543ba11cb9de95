"""A table as a page shows it: headings in words, units once, numbers as a planner reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from gigasite.report.numbers import NOTHING, style_of, words_of

PLAIN = ""
"""In place of a column's name: its unit stands in the caption."""


LONG_TEXT = 40
"""Letters from which on a text is given room to break in."""


@dataclass(frozen=True)
class Finding:
    """A way from a name to the cited figures it rests on: the section that lists them, and what to look for there."""

    section: str
    words: str


@dataclass(frozen=True)
class Heading:
    """Heading of a column: words, unit, whether it holds numbers or sentences, and where its figures come from."""

    words: str
    unit: str
    is_number: bool
    is_long: bool = False
    finding: Finding | None = None


@dataclass(frozen=True)
class ShownTable:
    """A table ready for a page.

    Attributes:
        caption: what it shows; read aloud before it.
        headings: one per column.
        rows: cells as text; the first of each row is its heading.
        total: whether the last row is a total.
        row_names: names of the elements of its rows; none where empty.
        findings: where the figures of each row come from; none where empty.
    """

    caption: str
    headings: tuple[Heading, ...]
    rows: tuple[tuple[str, ...], ...]
    total: bool = False
    row_names: tuple[str, ...] = ()
    findings: tuple[Finding | None, ...] = ()


def shown_table(
    frame: pd.DataFrame,
    caption: str,
    *,
    words: Mapping[str, str] | None = None,
    like: Mapping[str, str] | None = None,
    total: bool = False,
) -> ShownTable:
    """A DataFrame as a page shows it.

    Args:
        frame: the table; the first column heads its rows.
        caption: what it shows.
        words: headings in place of those made from the names.
        like: names of columns whose unit and scale a column takes; `PLAIN` for one without.
        total: whether the last row is a total.
    """
    headings, columns = [], []
    for name in map(str, frame.columns):
        values = frame[name]
        given = (words or {}).get(name)
        if is_numeric_dtype(values) and not is_bool_dtype(values):
            style = style_of((like or {}).get(name, name), [float(value) for value in values.fillna(0.0)])
            cells = [
                "" if pd.isna(value) else NOTHING if value == 0 and not style.plain else style.text(float(value))
                for value in values
            ]
            headings.append(Heading(given or sentence_case(words_of(name)), style.unit, is_number=not style.plain))
        else:
            cells = [_text(value) for value in values]
            is_long = max(map(len, cells), default=0) > LONG_TEXT
            headings.append(Heading(given or sentence_case(words_of(name)), "", False, is_long))
        columns.append(cells)
    return ShownTable(caption, tuple(headings), tuple(zip(*columns, strict=True)), total)


def total_row(frame: pd.DataFrame, label: str, skip: Sequence[str] = ()) -> pd.DataFrame:
    """The table with a row that adds up its numbers."""
    sums: dict[Any, Any] = {
        name: frame[name].sum() if is_numeric_dtype(frame[name]) and name not in skip else None
        for name in frame.columns
    }
    sums[frame.columns[0]] = label
    return pd.concat([frame, pd.DataFrame([sums])], ignore_index=True)


def sentence_case(words: str) -> str:
    """The first letter as a capital, the others as they are."""
    return words[:1].upper() + words[1:]


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None or (isinstance(value, float) and pd.isna(value)) else str(value)
