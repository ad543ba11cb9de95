"""Workbooks are written where a planner asks for them, and the doctor says what a machine lacks."""

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.cli.conftest import Desk

from gigasite.cli import diagnosis


def test_a_run_goes_to_a_workbook(solved: Desk) -> None:
    ended = solved.run_here("show", "small", "--excel", "small.xlsx")
    assert (ended.code, ended.stdout, ended.stderr) == (0, "", "small.xlsx is written\n")
    assert "costs" in openpyxl.load_workbook(solved.folder / "small.xlsx").sheetnames


def test_a_comparison_goes_to_a_workbook(solved: Desk) -> None:
    ended = solved.run_here("compare", "small", "dear", "--excel", "both.xlsx")
    assert ended.code == 0
    sheet = openpyxl.load_workbook(solved.folder / "both.xlsx")["comparison"]
    assert "present_value_usd" in [cell.value for cell in sheet["A"]]


def test_a_solve_leaves_its_workbook_in_the_run(desk: Desk) -> None:
    ended = desk.run_here("solve", desk.write("campus"), "--quiet", "--excel", "--json")
    run = Path(json.loads(ended.stdout)[0]["run"])
    assert [path.name for path in (desk.folder / run).glob("*.xlsx")] == ["campus.xlsx"]


def test_a_workbook_of_another_ending_is_refused(solved: Desk) -> None:
    ended = solved.run_here("show", "small", "--excel", "small.csv")
    assert ended.code == 2
    assert "ends in .xlsx" in ended.stderr


def test_the_doctor_finds_everything_that_a_solve_needs(desk: Desk) -> None:
    ended = desk.run_here("doctor", "--json")
    found = {one["what"]: one for one in json.loads(ended.stdout)}
    assert ended.code == 0
    assert (
        found["highspy"]["state"] == found["HiGHS solves"]["state"] == found["figures and scenarios"]["state"] == "ok"
    )


def test_the_doctor_says_how_to_get_what_is_missing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagnosis, "EXTRAS", {"crosscheck": ("gigasite crosscheck", ("no-such-package",))})
    monkeypatch.setattr(diagnosis, "BROWSERS", ("no-such-browser",))
    ended = desk.run_here("doctor")
    assert ended.code == 0
    assert 'gigasite crosscheck: pip install "gigasite[crosscheck]"' in ended.stdout
    assert "install Chromium or Chrome" in ended.stdout


def test_the_doctor_finds_the_browser_that_is_named(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    browser = tmp_path / "my-browser"
    browser.write_text("#!/bin/sh\n")
    browser.chmod(0o755)
    monkeypatch.setattr(diagnosis, "BROWSERS", ())
    monkeypatch.setenv("BROWSER_PATH", str(browser))
    found = {one["what"]: one for one in json.loads(desk.run_here("doctor", "--json").stdout)}
    assert found["a browser for images"]["found"] == str(browser)


@pytest.mark.parametrize(
    ("asked", "word"), [("no-such-package>=1", "pip install gigasite installs it"), ("numpy<1", "was tested with <1")]
)
def test_the_doctor_calls_a_missing_or_untested_package_broken(
    asked: str, word: str, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    known: Any = diagnosis.metadata.requires
    monkeypatch.setattr(diagnosis.metadata, "requires", lambda name: [asked] if name == "gigasite" else known(name))
    ended = desk.run_here("doctor")
    assert ended.code == 1
    assert word in ended.stdout
