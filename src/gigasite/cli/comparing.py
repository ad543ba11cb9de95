"""A comparison in the terminal, as CSV or as JSON."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gigasite.cli.frames import ShownColumn, fitting, rich_table
from gigasite.cli.screen import answers, print_json, remark, write_file
from gigasite.report.numbers import style_of, words_of

if TYPE_CHECKING:
    import pandas as pd

PER_CENT, DIFFERENCE = "per cent ", "difference "
HEADING_WIDTH = 12
LABELS = {
    "levelised_cost_usd_per_mwh": "levelised cost of energy",
    "levelised_cost_usd_per_kw_month": "levelised cost of capacity",
    "published_price_usd_per_mwh": "published price",
}
SHARES, POINTS = "%", "points"
NOTICED = 1e-6
"""Relative difference below which two runs say the same."""


def print_comparison(frame: pd.DataFrame, *, below: Sequence[str] = (), csv: Path | None, as_json: bool) -> None:
    """Print a comparison with lines below it, and write it to a CSV file if one is named."""
    from gigasite.results.run import plain_json

    if csv is not None:
        write_file(csv, frame.to_csv(index=False, lineterminator="\n"))
    if as_json:
        print_json(plain_json(frame.to_dict(orient="records")))
        return
    columns = written(frame)
    shown = fitting(columns, answers().width)
    answers().print(rich_table(shown))
    for line in below:
        answers().print(line, soft_wrap=True, markup=False, highlight=False)
    hidden = [column.name for column in columns[len(shown) :]]
    if hidden:
        remark(f"Not shown: {', '.join(hidden)} (--csv FILE writes all)")


def written(frame: pd.DataFrame) -> list[ShownColumn]:
    """Return the comparison as columns of text: each row in a unit that fits it, rows without a difference left out."""
    values = [name for name in frame.columns if name not in {"quantity", "unit"} and not name.startswith(PER_CENT)]
    kept = frame[_differs(frame[[name for name in values if not name.startswith(DIFFERENCE)]])]
    styles = [
        style_of(str(row["quantity"]), [float(row[name]) for name in values]) for row in kept.to_dict(orient="records")
    ]
    columns = [
        ShownColumn("quantity", "", tuple(_label(str(name)) for name in kept["quantity"]), is_number=False),
        ShownColumn("unit", "", tuple(style.unit for style in styles), is_number=False),
    ]
    for name in frame.columns[2:]:
        numbers = [float(value) for value in kept[name]]
        if name.startswith(PER_CENT):
            told = [math.isfinite(number) and not style.percent for number, style in zip(numbers, styles, strict=True)]
            cells = [f"{number:+,.1f} %" if tell else "" for number, tell in zip(numbers, told, strict=True)]
        else:
            cells = [style.text(number) for number, style in zip(numbers, styles, strict=True)]
        if name.startswith(DIFFERENCE):
            cells = [_signed(_in_points(text)) for text in cells]
        heading = "\n".join(textwrap.wrap(name, HEADING_WIDTH))
        columns.append(ShownColumn(name, heading, tuple(cells), is_number=True))
    return columns


def _differs(values: pd.DataFrame) -> pd.Series[bool]:
    """Rows in which the runs are not all the same; with one run, those that are not zero."""
    if values.shape[1] == 1:
        return values.abs().max(axis=1) > 0
    spread = values.max(axis=1) - values.min(axis=1)
    some_missing = values.isna().any(axis=1) & values.notna().any(axis=1)
    return (spread > NOTICED * values.abs().max(axis=1)) | some_missing


def _label(name: str) -> str:
    return LABELS.get(name) or words_of(name)


def _in_points(text: str) -> str:
    """Return a difference of shares in points.

    >>> _in_points("1.2 %"), _in_points("3.4")
    ('1.2 points', '3.4')
    """
    return f"{text.removesuffix(SHARES)}{POINTS}" if text.endswith(SHARES) else text


def _signed(text: str) -> str:
    """Return a difference with its sign; one that is too small to see has none.

    >>> _signed("1.2"), _signed("-1.2"), _signed("0.00")
    ('+1.2', '-1.2', '0.00')
    """
    rises = not text.startswith("-") and any(digit in text for digit in "123456789")
    return f"+{text}" if rises else text
