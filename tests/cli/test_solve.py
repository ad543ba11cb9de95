"""`gigasite solve`: the answer on stdout, progress on stderr, exit codes for the shell."""

import json
import math
from pathlib import Path

import pytest
from tests.cli.conftest import CAMPUS, INFEASIBLE, Desk

from gigasite import api
from gigasite.cli import solving
from gigasite.cli.outcomes import JSON_KEYS
from gigasite.foundation.errors import InfeasibleScenario


def test_json_is_a_list_with_one_object_per_scenario_and_nothing_else(solved: Desk) -> None:
    answer = json.loads((solved.folder / "stdout.json").read_text(encoding="utf-8"))
    assert [entry["scenario"] for entry in answer] == ["small", "dear"]
    for entry in answer:
        assert set(JSON_KEYS) <= set(entry)
        assert entry["status"] == "optimal"
        assert entry["checks_passed"] is True
        assert entry["problems"] == []
        assert (solved.folder / entry["run"] / "manifest.json").is_file()
        assert set(entry["energised_mw"]) == {"2030", "2035"}
        assert math.isfinite(entry["levelised_cost_usd_per_mwh"])


@pytest.mark.parametrize(
    ("scenarios", "cuts", "remembers"), [(["a"], False, False), (["a"], True, True), (["a", "b"], False, True)]
)
def test_only_what_may_help_another_scenario_is_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scenarios: list[str], cuts: bool, remembers: bool
) -> None:
    given = []

    def stopped(*_: object, memory: object, **__: object) -> None:
        given.append(memory)
        raise InfeasibleScenario("told to be")

    monkeypatch.setattr(api, "solve", stopped)
    folder = tmp_path / "cuts" if cuts else None
    solving.solve_all(scenarios, tmp_path, cuts=folder, excel=False, as_json=False, quiet=True)
    assert [memory is not None for memory in given] == [remembers] * len(scenarios)
    assert len({id(memory) for memory in given}) == 1


def test_progress_tells_every_stage_with_its_seconds_on_stderr(solved: Desk) -> None:
    told = (solved.folder / "stderr.txt").read_text(encoding="utf-8")
    for stage in ("read the scenario", "assemble inputs", "solve", "check the answer", "write the run"):
        assert stage in told
    assert told.count(" s\n") >= 10


def test_the_answer_begins_with_sentences_and_ends_with_where_the_run_lies(desk: Desk) -> None:
    desk.write("small")
    ended = desk.run("solve", "small.yaml")
    assert ended.code == 0, ended.stderr
    lines = [line for line in ended.stdout.splitlines() if line.strip()]
    assert lines[0] == "small: A campus for a test"
    assert lines[1].rstrip().endswith(".")
    assert "Capacity and load, MW" in ended.stdout
    assert "Load energised" in ended.stdout
    assert "Cost of supply, present value in bn USD of 2024" in ended.stdout
    assert lines[-1].startswith("Run: results/small/")
    assert "\x1b" not in ended.stdout + ended.stderr


def test_a_shipped_scenario_is_found_by_its_name_from_any_folder(desk: Desk) -> None:
    ended = desk.run_here("check", "portsmouth")
    assert ended.code == 0, ended.stderr
    assert ended.stdout.startswith("ok  portsmouth  ")


def test_results_go_where_the_planner_says(desk: Desk) -> None:
    desk.write("small")
    ended = desk.run("solve", "small", "--results", "elsewhere/runs", "--quiet", "--json")
    assert ended.code == 0, ended.stderr
    assert ended.stderr == ""
    (entry,) = json.loads(ended.stdout)
    assert entry["run"].startswith("elsewhere/runs/small/")
    assert not desk.results.exists()


def test_an_infeasible_scenario_ends_with_3_and_says_what_cannot_be(desk: Desk) -> None:
    desk.write("poor", INFEASIBLE)
    ended = desk.run("solve", "poor", "--json")
    assert ended.code == 3, ended.stderr
    (entry,) = json.loads(ended.stdout)
    assert entry["status"] == "infeasible"
    assert entry["run"] is None
    assert entry["checks_passed"] is False
    assert entry["problems"][0]["message"]
    assert "poor: infeasible" in ended.stderr
    assert desk.written() == []


def test_all_scenarios_are_tried_and_the_worst_exit_code_counts(desk: Desk) -> None:
    desk.write("poor", INFEASIBLE)
    desk.write("small")
    ended = desk.run("solve", "nowhere.yaml", "poor", "small", "--json")
    assert ended.code == 2, ended.stderr
    answer = json.loads(ended.stdout)
    assert [entry["status"] for entry in answer] == ["bad_input", "infeasible", "optimal"]
    assert [entry["scenario"] for entry in answer] == ["nowhere.yaml", "poor", "small"]
    assert all(set(answer[2]) == set(entry) for entry in answer)


def test_a_limit_before_any_plan_is_a_failed_solve(desk: Desk) -> None:
    desk.write("hasty", CAMPUS + "solve: {{time_limit_s: 0.000001}}\n")
    ended = desk.run_here("solve", "hasty", "--json")
    (entry,) = json.loads(ended.stdout)
    assert (ended.code, entry["status"]) == (1, "limit_without_plan"), ended.stderr
    assert desk.written() == []


def test_an_interrupt_offers_the_best_plan_so_far_and_marks_it(desk: Desk) -> None:
    desk.write("long", CAMPUS.replace("resolution_h: 24, days: 2", "resolution_h: 1"))
    desk.write("small")
    ended = desk.run_and_interrupt("solve", "long", "small", "--json", after="build daily means")
    assert ended.code == 130, ended.stderr
    assert "best plan so far" in ended.stderr
    assert "Traceback" not in ended.stderr
    first, second = json.loads(ended.stdout)
    assert (first["status"], second["status"]) == ("interrupted", "not_tried")
    assert first["gap"] > 0
    assert first["checks_passed"] is (first["gap"] <= 1e-4)
    assert [path.name for path in desk.results.iterdir()] == ["long"]


def test_an_interrupt_before_any_plan_is_told_in_a_line_and_leaves_nothing_half_written(desk: Desk) -> None:
    desk.write("long", CAMPUS.replace("resolution_h: 24, days: 2", "resolution_h: 1"))
    ended = desk.run_and_interrupt("solve", "long", "small", "--json", after="read the scenario")
    assert ended.code == 130, ended.stderr
    assert "interrupted" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert [entry["status"] for entry in json.loads(ended.stdout)] == ["interrupted", "not_tried"]
    assert desk.written() == []


def test_an_interrupt_while_the_answer_is_told_is_no_success(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def pressed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("gigasite.cli.answer.print_answer", pressed)
    desk.write("small")
    ended = desk.run_here("solve", "small", "--quiet")
    assert ended.code == 130
    assert ended.stderr.strip() == "interrupted"
    assert desk.written()


PRESSED_WHILE_SOURCE_TEXT_RUNS = """
import typer

def pressed(*_, **__):
    exec("raise KeyboardInterrupt")

typer.Typer.__call__ = pressed
"""


def test_an_interrupt_that_comes_while_a_library_runs_source_text_ends_with_its_code(desk: Desk) -> None:
    (desk.folder / "sitecustomize.py").write_text(PRESSED_WHILE_SOURCE_TEXT_RUNS, encoding="utf-8")
    ended = desk.run("list", PYTHONPATH=str(desk.folder))
    assert (ended.code, ended.stderr.strip()) == (130, "interrupted")


def test_a_results_folder_that_cannot_be_is_told_before_the_solve(desk: Desk) -> None:
    desk.write("small")
    desk.results.write_text("a file in the way", encoding="utf-8")
    ended = desk.run_here("solve", "small")
    assert ended.code == 2
    assert "is a file, so no run can be written" in ended.stderr
    assert "✓" not in ended.stderr
