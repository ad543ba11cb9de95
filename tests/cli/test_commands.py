"""The other commands: check, compare, show, list, schema, new, help."""

import csv
import json
from pathlib import Path

import pytest
from tests.cli.conftest import CAMPUS, Desk


def test_help_gives_examples_and_exit_codes(desk: Desk) -> None:
    ended = desk.run("--help")
    assert ended.code == 0
    assert "gigasite solve portsmouth" in ended.stdout
    assert "130 interrupted" in ended.stdout


def test_the_version_is_printed(desk: Desk) -> None:
    ended = desk.run("--version")
    assert ended.code == 0
    assert ended.stdout.startswith("gigasite 0.")


def test_check_says_ok_and_what_it_is(desk: Desk) -> None:
    desk.write("small")
    ended = desk.run_here("check", "small")
    assert ended.code == 0
    assert "ok  small  A campus for a test (1 site, 2 years 2030-2035, 24 h steps, 2 days)" in ended.stdout
    assert "a short look, not an answer" in ended.stdout


def test_check_tries_all_and_tells_every_fault(desk: Desk) -> None:
    desk.write("small")
    desk.write("bad", CAMPUS.replace("title:", "titel:"))
    ended = desk.run_here("check", "bad", "small")
    assert ended.code == 2
    assert "ok  small" in ended.stdout
    assert "bad: bad input" in ended.stderr
    assert not desk.results.exists()


def test_a_hidden_file_is_not_offered_as_a_scenario(desk: Desk) -> None:
    desk.write("small")
    (desk.folder / ".pre-commit-config.yaml").write_text("repos: []\n", encoding="utf-8")
    ended = desk.run_here("check", "smell")
    assert "small" in ended.stderr
    assert "pre-commit" not in ended.stderr


def test_compare_sets_runs_side_by_side(solved: Desk) -> None:
    ended = solved.run_here("compare", "small", "dear")
    assert ended.code == 0, ended.stderr
    assert "small" in ended.stdout
    assert "dear" in ended.stdout
    assert "levelised" in ended.stdout


def test_compare_writes_csv_and_json(solved: Desk) -> None:
    ended = solved.run_here("compare", "small", "dear", "--json", "--csv", "both.csv")
    assert ended.code == 0, ended.stderr
    rows = json.loads(ended.stdout)
    with (solved.folder / "both.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == len(rows) > 5


def test_compare_takes_the_folder_of_a_run(solved: Desk) -> None:
    (run,) = (solved.results / "small").iterdir()
    ended = solved.run_here("compare", str(run.relative_to(solved.folder)), "dear")
    assert ended.code == 0, ended.stderr


def test_compare_refuses_one_run_and_a_run_nobody_made(solved: Desk) -> None:
    assert solved.run_here("compare", "small").code == 2
    ended = solved.run_here("compare", "small", "deer")
    assert ended.code == 2
    assert "did you mean 'dear'?" in ended.stderr


def test_show_lists_the_tables_of_a_run(solved: Desk) -> None:
    ended = solved.run_here("show", "small")
    assert ended.code == 0, ended.stderr
    for table in ("summary", "costs", "capacity", "energy", "checks", "hourly"):
        assert f"\n {table} " in ended.stdout or f" {table} " in ended.stdout


@pytest.mark.parametrize("table", ["summary", "costs", "capacity", "energy", "load", "prices", "checks", "hourly"])
def test_show_prints_a_table(solved: Desk, table: str) -> None:
    ended = solved.run_here("show", "small", table)
    assert ended.code == 0, ended.stderr
    assert len(ended.stdout.splitlines()) > 3


def test_show_fits_a_narrow_terminal(solved: Desk) -> None:
    ended = solved.run("show", "small", "capacity", COLUMNS="80")
    assert ended.code == 0
    assert max(len(line) for line in ended.stdout.splitlines() if "Not shown" not in line) <= 80


def test_show_suggests_the_nearest_table(solved: Desk) -> None:
    ended = solved.run_here("show", "small", "capacty")
    assert ended.code == 2
    assert "did you mean 'capacity'?" in ended.stderr


def test_show_keeps_to_one_site_and_year(solved: Desk) -> None:
    ended = solved.run_here("show", "small", "capacity", "--year", "2035", "--site", "piketon")
    assert "2035" in ended.stdout
    assert "2030" not in ended.stdout
    assert solved.run_here("show", "small", "capacity", "--site", "piketown").code == 2


def test_list_names_runs_and_shipped_scenarios(solved: Desk) -> None:
    ended = solved.run_here("list")
    assert ended.code == 0, ended.stderr
    assert ended.stdout.count(" checked") == 2
    assert "portsmouth" in ended.stdout
    assert " base " not in ended.stdout


def test_list_names_a_run_that_lost_its_summary_and_goes_on(desk: Desk) -> None:
    folder = desk.results / "campus" / "20260101T000000Z-abcdef"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text('{"scenario": "campus"}', encoding="utf-8")
    ended = desk.run_here("list")
    assert ended.code == 0
    assert "damaged: no summary" in ended.stdout


def test_list_without_runs_still_names_the_scenarios(desk: Desk) -> None:
    ended = desk.run_here("list")
    assert ended.code == 0
    assert "No runs in results/ yet." in ended.stdout
    assert "portsmouth" in ended.stdout


def test_schema_is_json_on_stdout_or_in_a_file(desk: Desk) -> None:
    ended = desk.run_here("schema")
    assert ended.code == 0
    assert json.loads(ended.stdout)["title"] == "gigasite scenario"
    assert desk.run_here("schema", "--output", "scenario.schema.json").stdout == ""
    assert json.loads((desk.folder / "scenario.schema.json").read_text(encoding="utf-8")) == json.loads(ended.stdout)
    assert desk.run_here("schema", "--output", "no/such/folder/file.json").code == 2


def test_new_writes_a_starter_that_passes_its_check_and_replaces_nothing(desk: Desk) -> None:
    ended = desk.run_here("new", "my-campus")
    assert ended.code == 0, ended.stderr
    first = (desk.folder / "my-campus.yaml").read_text(encoding="utf-8")
    checked = desk.run_here("check", "my-campus")
    assert checked.code == 0
    assert "1 h steps" in checked.stdout
    again = desk.run_here("new", "my-campus")
    assert again.code == 2
    assert "is there already" in again.stderr
    assert (desk.folder / "my-campus.yaml").read_text(encoding="utf-8") == first


@pytest.mark.parametrize("name", ["My Campus", "../up", ""])
def test_new_refuses_what_is_no_name(desk: Desk, name: str) -> None:
    assert desk.run_here("new", name).code == 2
    assert list(Path(desk.folder).iterdir()) == []


def test_colours_come_only_where_they_are_wanted(solved: Desk) -> None:
    coloured = solved.run("list", FORCE_COLOR="1")
    assert "\x1b[" in coloured.stdout
    plain = solved.run("list", FORCE_COLOR="1", NO_COLOR="1")
    assert "\x1b[3" not in plain.stdout
