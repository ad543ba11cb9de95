"""A report is written where a planner asks for it, of one run or of several."""

from tests.cli.conftest import Desk


def test_a_report_stands_in_the_folder_of_its_run(solved: Desk) -> None:
    ended = solved.run_here("report", "small")
    assert (ended.code, ended.stdout) == (0, "")
    assert "report.html is written" in ended.stderr
    assert [path.name for path in (solved.results / "small").rglob("*.html")] == ["report.html"]


def test_runs_are_set_side_by_side_in_a_file_that_is_named(solved: Desk) -> None:
    ended = solved.run_here("report", "small", "dear", "--output", "both.html")
    assert ended.code == 0
    text = (solved.folder / "both.html").read_text(encoding="utf-8")
    assert "Side by side" in text
    assert "difference dear" in text


def test_a_report_of_no_run_says_so(solved: Desk) -> None:
    ended = solved.run_here("report", "smal")
    assert ended.code == 2
    assert "small" in ended.stderr
