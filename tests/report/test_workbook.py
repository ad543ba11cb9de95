"""A workbook holds every table with its units, and its totals are formulas that add up to the run."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from gigasite.foundation.errors import InputError
from gigasite.foundation.table_names import TABLES
from gigasite.report.sheets import FIGURES, NAMES, TOTALS, UNITS, Sheets
from gigasite.report.workbook import write_comparison, write_workbook
from gigasite.results.compare import compare
from gigasite.results.finance_store import write_finance
from gigasite.results.run import Run
from gigasite.results.store import read_run


@pytest.fixture
def book(run: Run, tmp_path: Path) -> Any:
    return openpyxl.load_workbook(write_workbook(run, tmp_path / "run.xlsx"))


def numbers(sheet: Any, name: str) -> list[float]:
    letters = {sheet.cell(NAMES, number).value: number for number in range(1, sheet.max_column + 1)}
    return [sheet.cell(row, letters[name]).value or 0.0 for row in range(FIGURES, sheet.max_row + 1)]


def test_every_table_of_the_run_has_a_sheet_that_the_contents_lead_to(run: Run, book: Any) -> None:
    assert set(book.sheetnames) == {"contents", "totals", *run.table_names}
    links = {cell.value: cell.hyperlink.location for cell in book["contents"]["A"] if cell.hyperlink}
    assert links == {name: f"'{name}'!A1" for name in book.sheetnames[1:]}
    assert book.active.title == "contents"


def test_every_table_of_the_run_is_in_the_dictionary_of_tables(run: Run) -> None:
    assert set(run.table_names) <= set(TABLES)


def test_a_sheet_has_the_figures_of_its_table_with_names_and_units_above(run: Run, book: Any) -> None:
    for name in ("costs", "capacity", "energy"):
        sheet, frame = book[name], run.table(name)
        assert [cell.value for cell in sheet[NAMES]] == list(frame.columns)
        for column in frame.select_dtypes("number"):
            assert numbers(sheet, column) == pytest.approx(frame[column].fillna(0.0).tolist())
    units = {book["capacity"].cell(NAMES, n).value: book["capacity"].cell(UNITS, n).value for n in range(1, 6)}
    assert units["year"] == "year"
    assert (
        dict(zip([c.value for c in book["costs"][NAMES]], [c.value for c in book["costs"][UNITS]], strict=True))[
            "usd_per_mwh"
        ]
        == "USD/MWh"
    )


def test_the_total_of_a_column_takes_in_all_of_its_rows(run: Run, book: Any) -> None:
    sheet = book["costs"]
    totals = {sheet.cell(NAMES, c.column).value: c.value for c in sheet[TOTALS] if c.value}
    assert set(totals) == {"cost_usd_present_value", "cost_usd_per_year"}
    found = re.fullmatch(r"=SUBTOTAL\(109,(\w)(\d+):\1(\d+)\)", totals["cost_usd_present_value"])
    assert found is not None
    assert (int(found[2]), int(found[3])) == (FIGURES, FIGURES + len(run.costs) - 1)


def test_prices_and_shares_are_never_added_up(book: Any) -> None:
    for sheet in book.worksheets[2:]:
        for cell in sheet[TOTALS]:
            if str(cell.value).startswith("=SUBTOTAL"):
                unit = sheet.cell(UNITS, cell.column).value
                assert unit in {"USD", "USD/year", "MWh", "MMBtu", "t", "m3", "MW-year"}
    assert not any(str(cell.value).startswith("=") for cell in book["summary"][TOTALS])


def test_the_formulas_of_the_totals_name_the_columns_of_the_costs(run: Run, book: Any) -> None:
    sheet, costs = book["totals"], book["costs"]
    formula = sheet.cell(FIGURES, 2).value
    letters = re.findall(r"costs!\$(\w+)\$(\d+):\$\w+\$(\d+)", formula)
    named = [costs[f"{letter}{NAMES}"].value for letter, _, _ in letters]
    assert named == ["cost_usd_present_value", "technology", "component"]
    assert {(int(first), int(last)) for _, first, last in letters} == {(FIGURES, FIGURES + len(run.costs) - 1)}
    technologies = [sheet.cell(row, 1).value for row in range(FIGURES, sheet.max_row + 1)]
    assert technologies[:-3] == sorted(run.costs["technology"].unique())


def test_a_text_that_begins_like_a_formula_stays_a_text(tmp_path: Path) -> None:
    sheets = Sheets('=HYPERLINK("http://x")', [])
    texts, read = ["=1+1", "+2", "a\x07b", "\x01=1+1", "#N/A"], ["=1+1", "+2", "ab", "=1+1", "#N/A"]
    sheets.add_table("costs", pd.DataFrame({"site": texts, "year": range(2030, 2030 + len(texts))}))
    sheets.finished().save(tmp_path / "texts.xlsx")
    book = openpyxl.load_workbook(tmp_path / "texts.xlsx")
    cells = [book["costs"].cell(row, 1) for row in range(FIGURES, FIGURES + len(texts))]
    assert [(cell.data_type, cell.value) for cell in cells] == [("s", text) for text in read]
    assert book["contents"].cell(1, 1).data_type == "s"


def test_what_is_not_a_number_is_left_empty(tmp_path: Path) -> None:
    sheets = Sheets("x", [])
    years = pd.array([2030, None, 2032], dtype="Int64")
    sheets.add_table("replay", pd.DataFrame({"nines": [float("inf"), float("nan"), 4.0], "year": years}))
    rows = [[sheets.book["replay"].cell(row, number).value for number in (1, 2)] for row in range(FIGURES, FIGURES + 3)]
    assert rows == [[None, 2030], [None, None], [4.0, 2032]]


def test_a_comparison_has_the_runs_beside_each_other(run: Run, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write_comparison([run, run], compare([run, run]), tmp_path / "both.xlsx"))
    assert book.sheetnames == ["contents", "comparison", "capacity", "costs", "load"]
    assert book["costs"].max_row == FIGURES - 1 + 2 * len(run.costs)
    named = {book["costs"].cell(row, 1).value for row in range(FIGURES, book["costs"].max_row + 1)}
    assert len(named) == 2


def test_a_damaged_table_is_told_in_its_sheet_and_the_others_are_there(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    shutil.copytree(run.path, folder)
    (folder / "costs.parquet").write_bytes(b"half a fi")
    (folder / "load.parquet").unlink()
    book = openpyxl.load_workbook(write_workbook(read_run(folder), tmp_path / "run.xlsx"))
    assert "damaged" in book["costs"].cell(TOTALS, 1).value
    assert "load" not in book.sheetnames
    assert numbers(book["capacity"], "total_mw") == pytest.approx(run.capacity["total_mw"].fillna(0.0).tolist())


def test_tables_of_money_have_sheets_of_their_own(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    shutil.copytree(run.path, folder)
    write_finance(read_run(folder), {"years": pd.DataFrame({"year": [2030], "revenue_usd_nominal": [5e8]})})
    book = openpyxl.load_workbook(write_workbook(read_run(folder), tmp_path / "run.xlsx"))
    assert numbers(book["finance years"], "revenue_usd_nominal") == [5e8]


def test_sums_of_futures_and_of_prices_are_not_offered(tmp_path: Path) -> None:
    sheets = Sheets("x", [])
    for name in ("futures", "stranded", "prices"):
        sheets.add_table(name, pd.DataFrame({"site": ["a", "b"], "stranded_cost_usd": [1e9, 2e9]}))
        assert all(sheets.book[name].cell(TOTALS, number).value is None for number in (1, 2))


def test_a_workbook_is_written_whole_or_not_at_all(run: Run, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="ends in"):
        write_workbook(run, tmp_path / "run.csv")
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        write_workbook(run, tmp_path / "file" / "run.xlsx")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file"]
