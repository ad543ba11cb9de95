"""Sheets of a workbook: contents first, then one per table with its units, number formats and totals.

Row 1 has the name and what the table holds, and leads back to the contents; row 2 totals of what adds up, of the rows
that a filter shows; row 3 units; row 4 the names of the columns, with what each means as a note; row 5 the first
figures.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from gigasite.foundation.names import column, unit_of_name
from gigasite.foundation.table_names import table_meaning

if TYPE_CHECKING:
    import pandas as pd

CONTENTS = "contents"
TITLE, TOTALS, UNITS, NAMES, FIGURES = 1, 2, 3, 4, 5
"""Rows of a sheet of a table."""

ADD_UP = frozenset({"USD", "USD/year", "MWh", "MMBtu", "t", "m3", "MW-year"})
"""Units whose figures may be added over the rows of a table."""

MONEY = ("USD", "JPY")
ONE_PER_MILLE, A_THOUSAND = 1e-3, 1e3
WIDEST, NARROWEST = 70, 9
CAREFUL = ("summary", "bounds", "comparison", "replay", "futures", "stranded", "prices", "breakeven", "obstacles")
"""Tables whose rows are not parts of a whole."""

INK, QUIET, PALE = "1F2933", "5B6773", "E8ECF1"
FONT = "Calibri"
LINE = 125
"""Letters of a sentence in a line of the contents."""


def unit_of(name: str) -> str:
    """Unit of a column: from the dictionary of columns, else from the end of its name."""
    try:
        return column(name).unit
    except KeyError:
        return unit_of_name(name) or ""


def meaning_of(name: str) -> str:
    """What a column means; empty where the dictionary does not have it."""
    try:
        return column(name).meaning
    except KeyError:
        return ""


def format_of(unit: str, largest: float) -> str:
    """Number format of a column of figures.

    >>> format_of("1", 0.4), format_of("USD", 3e9), format_of("USD/MWh", 78.2), format_of("year", 2035)
    ('0.0%', '#,##0', '#,##0.00', '0')
    """
    if unit == "year":
        return "0"
    if unit == "1":
        return "0.000%" if 0 < largest < ONE_PER_MILLE else "0.0%"
    if unit in MONEY or largest >= A_THOUSAND:
        return "#,##0"
    return "0.0000" if 0 < largest < 1 else "#,##0.00"


class Sheets:
    """A workbook as it grows; `finished` gives it."""

    def __init__(self, title: str, sentences: Sequence[str]) -> None:
        from openpyxl import Workbook

        self.book: Any = Workbook()
        self._contents = self.book.active
        self._contents.title = CONTENTS
        self._contents.sheet_view.showGridLines = False
        self._row = 1
        self._say(title, size=16, bold=True)
        for sentence in sentences:
            if sentence:
                self._say(sentence)
        self._row += 1
        self._say("Sheets", size=12, bold=True)

    def add(self, name: str, meaning: str) -> Any:
        """A new sheet with its title and the way back, listed in the contents."""
        from openpyxl.styles import Font

        sheet = self.book.create_sheet(name)
        put_text(sheet, TITLE, 1, f"{name}: {meaning}" if meaning else name)
        sheet.cell(TITLE, 1).font = Font(name=FONT, bold=True, size=13, color=INK)
        _lead(sheet.cell(TITLE, 1), CONTENTS)
        put_text(self._contents, self._row, 1, name)
        cell = self._contents.cell(self._row, 1)
        cell.style = "Hyperlink"
        _lead(cell, name)
        put_text(self._contents, self._row, 2, meaning)
        self._row += 1
        return sheet

    def add_table(self, name: str, frame: pd.DataFrame) -> None:
        """A sheet for a table: figures as figures, texts as texts, what is missing left empty."""
        sheet = self.add(name, table_meaning(name))
        if frame.empty:
            put_text(sheet, TOTALS, 1, "no rows")
            return
        last = FIGURES + len(frame) - 1
        for number, label in enumerate(map(str, frame.columns), start=1):
            self._column(sheet, number, label, frame.iloc[:, number - 1], adds=name not in CAREFUL, last=last)
        from openpyxl.utils import get_column_letter

        end = get_column_letter(len(frame.columns))
        sheet.freeze_panes = sheet.cell(FIGURES, min(3, len(frame.columns)))
        sheet.auto_filter.ref = f"A{NAMES}:{end}{last}"

    def _column(self, sheet: Any, number: int, label: str, values: pd.Series[Any], *, adds: bool, last: int) -> None:
        from openpyxl.comments import Comment
        from openpyxl.styles import Alignment, Font, PatternFill
        from openpyxl.utils import get_column_letter
        from pandas.api.types import is_bool_dtype, is_numeric_dtype

        letter, unit, meaning = get_column_letter(number), unit_of(label), meaning_of(label)
        figures = bool(is_numeric_dtype(values) and not is_bool_dtype(values))
        head = sheet.cell(NAMES, number)
        put_text(sheet, NAMES, number, label)
        head.font, head.fill = Font(name=FONT, bold=True, color=INK), PatternFill("solid", fgColor=PALE)
        head.alignment = Alignment(horizontal="right" if figures else "left")
        if meaning:
            head.comment = Comment(meaning, "gigasite", width=320, height=80)
        put_text(sheet, UNITS, number, "share" if unit == "1" else unit)
        sheet.cell(UNITS, number).alignment = Alignment(horizontal="right" if figures else "left")
        sheet.cell(UNITS, number).font = Font(name=FONT, italic=True, color=QUIET)
        given = [None if missing else value for value, missing in zip(values.tolist(), values.isna(), strict=True)]
        finite = [abs(float(value)) for value in given if figures and value is not None and math.isfinite(value)]
        written = format_of(unit, max(finite, default=0.0)) if figures else "General"
        for row, value in enumerate(given, start=FIGURES):
            put(sheet, row, number, value)
            sheet.cell(row, number).number_format = written
        if figures and adds and unit in ADD_UP:
            total = sheet.cell(TOTALS, number, f"=SUBTOTAL(109,{letter}{FIGURES}:{letter}{last})")
            total.number_format, total.font = written, Font(name=FONT, bold=True, color=INK)
        longest = max((len(str(v)) for v in values.head(200)), default=0) if not figures else 13
        sheet.column_dimensions[letter].width = max(NARROWEST, min(WIDEST, max(len(label), longest) + 2))

    def finished(self) -> Any:
        """The workbook, opened at its contents."""
        for sheet in self.book.worksheets:  # printed, a sheet is as wide as the page
            sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
            sheet.sheet_properties.pageSetUpPr.fitToPage = True
        self._contents.column_dimensions["A"].width = 30
        self._contents.column_dimensions["B"].width = 100
        self.book.active = 0
        return self.book

    def _say(self, text: str, *, size: int = 11, bold: bool = False) -> None:
        from openpyxl.styles import Alignment, Font

        put_text(self._contents, self._row, 1, text)
        cell = self._contents.cell(self._row, 1)
        cell.font, cell.alignment = (
            Font(name=FONT, size=size, bold=bold, color=INK),
            Alignment(wrap_text=True, vertical="top"),
        )
        self._contents.merge_cells(start_row=self._row, end_row=self._row, start_column=1, end_column=2)
        self._contents.row_dimensions[self._row].height = 1.4 * size * -(-len(text) // LINE)
        self._row += 1


def _lead(cell: Any, sheet: str) -> None:
    """Make a cell lead to the first cell of a sheet."""
    from openpyxl.worksheet.hyperlink import Hyperlink

    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{sheet}'!A1")


def put(sheet: Any, row: int, number: int, value: Any) -> None:
    """Write a figure, a text or nothing into a cell."""
    if isinstance(value, str):
        put_text(sheet, row, number, value)
    elif isinstance(value, bool):
        put_text(sheet, row, number, "yes" if value else "no")
    elif value is not None and math.isfinite(value):
        sheet.cell(row, number, value)


def put_text(sheet: Any, row: int, number: int, text: str) -> None:
    """Write a text as one, also where it begins like a formula, without the control characters that Excel refuses."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    cell = sheet.cell(row, number)
    told = ILLEGAL_CHARACTERS_RE.sub("", text)
    cell.value = told
    if told[:1] in {"=", "+", "-", "@", "#"}:
        cell.data_type = "s"
        cell.quotePrefix = True
