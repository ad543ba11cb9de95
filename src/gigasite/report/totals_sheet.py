"""Cost by technology and component as formulas over the sheet `costs`, so that a changed figure changes the total."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gigasite.report.sheets import FIGURES, FONT, NAMES, UNITS, Sheets, put_text

if TYPE_CHECKING:
    from gigasite.results.run import Run

VALUE = "cost_usd_present_value"
SHOWN = "#,##0"
SHEET = "totals"


def add_totals(sheets: Sheets, run: Run) -> None:
    """Add the sheet: a row per technology, a column per component, and what the summary says beside the total."""
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    costs = run.costs
    if costs.empty:
        return
    sheet = sheets.add(SHEET, "present value of the cost of supply by technology and component, live from `costs`")
    at = {name: get_column_letter(number) for number, name in enumerate(costs.columns, start=1)}
    last = FIGURES + len(costs) - 1

    def of(name: str) -> str:
        return f"costs!${at[name]}${FIGURES}:${at[name]}${last}"

    technologies, components = (sorted(costs[name].unique()) for name in ("technology", "component"))
    put_text(sheet, UNITS, 1, "USD of 2024, real")
    for number, component in enumerate(components, start=2):
        put_text(sheet, NAMES, number, component)
        sheet.cell(NAMES, number).font = Font(name=FONT, bold=True)
    end = get_column_letter(len(components) + 1)
    total = get_column_letter(len(components) + 2)
    put_text(sheet, NAMES, len(components) + 2, "total")
    for row, technology in enumerate(technologies, start=FIGURES):
        put_text(sheet, row, 1, technology)
        for number in range(2, len(components) + 2):
            letter = get_column_letter(number)
            formula = f"=SUMIFS({of(VALUE)},{of('technology')},$A{row},{of('component')},{letter}${NAMES})"
            sheet.cell(row, number, formula).number_format = SHOWN
        sheet.cell(row, len(components) + 2, f"=SUM(B{row}:{end}{row})").number_format = SHOWN
    below = FIGURES + len(technologies)
    put_text(sheet, below, 1, "all")
    for number in range(2, len(components) + 3):
        letter = get_column_letter(number)
        cell = sheet.cell(below, number, f"=SUM({letter}{FIGURES}:{letter}{below - 1})")
        cell.number_format, cell.font = SHOWN, Font(name=FONT, bold=True)
    put_text(sheet, below + 1, 1, "in the run")
    sheet.cell(below + 1, len(components) + 2, float(costs[VALUE].sum())).number_format = SHOWN
    put_text(sheet, below + 2, 1, "changed by")
    sheet.cell(below + 2, len(components) + 2, f"={total}{below}-{total}{below + 1}").number_format = SHOWN
    sheet.column_dimensions["A"].width = 28
    for number in range(2, len(components) + 3):
        sheet.column_dimensions[get_column_letter(number)].width = 18
    sheet.freeze_panes = f"B{FIGURES}"
