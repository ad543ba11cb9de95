"""A comparison in the terminal, as CSV or as JSON."""

from __future__ import annotations

import math
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

from gigasite.cli.frames import ShownColumn, fitting, rich_table
from gigasite.cli.numbers import style_of, words_of
from gigasite.cli.screen import answers, print_json, remark, write_file

if TYPE_CHECKING:
    import pandas as pd

PER_CENT, DIFFERENCE = "per cent ", "difference "
HEADING_WIDTH = 12


def print_comparison(frame: pd.DataFrame, *, csv: Path | None, as_json: bool) -> None:
    """Print a comparison, and write it to a CSV file if one is named."""
    from gigasite.results.run import plain_json

    if csv is not None:
        write_file(csv, frame.to_csv(index=False, lineterminator="\n"))
    if as_json:
        print_json(plain_json(frame.to_dict(orient="records")))
        return
    columns = written(frame)
    shown = fitting(columns, answers().width)
    answers().print(rich_table(shown))
    hidden = [column.name for column in columns[len(shown) :]]
    if hidden:
        remark(f"Not shown: {', '.join(hidden)} (--csv FILE writes all)")


def written(frame: pd.DataFrame) -> list[ShownColumn]:
    """Return the comparison as columns of text: each row in a unit that fits it, rows that say nothing left out."""
    values = [name for name in frame.columns if name not in {"quantity", "unit"} and not name.startswith(PER_CENT)]
    kept = frame[frame[values].abs().max(axis=1) > 0]
    styles = [
        style_of(str(row["quantity"]), [float(row[name]) for name in values]) for row in kept.to_dict(orient="records")
    ]
    columns = [
        ShownColumn("quantity", "", tuple(words_of(str(name)) for name in kept["quantity"]), is_number=False),
        ShownColumn("unit", "", tuple(style.unit for style in styles), is_number=False),
    ]
    for name in frame.columns[2:]:
        numbers = [float(value) for value in kept[name]]
        if name.startswith(PER_CENT):
            cells = [f"{number:+,.1f} %" if math.isfinite(number) else "" for number in numbers]
        else:
            cells = [style.text(number) for number, style in zip(numbers, styles, strict=True)]
        if name.startswith(DIFFERENCE):
            cells = [_signed(text) for text in cells]
        heading = "\n".join(textwrap.wrap(name, HEADING_WIDTH))
        columns.append(ShownColumn(name, heading, tuple(cells), is_number=True))
    return columns


def _signed(text: str) -> str:
    """Return a difference with its sign; one that is too small to see has none.

    >>> _signed("1.2"), _signed("-1.2"), _signed("0.00")
    ('+1.2', '-1.2', '0.00')
    """
    rises = not text.startswith("-") and any(digit in text for digit in "123456789")
    return f"+{text}" if rises else text
