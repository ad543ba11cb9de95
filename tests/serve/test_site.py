"""The local page refuses strangers, keeps inside the project, and loses nothing."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

import gigasite
from gigasite.serve.guard import MOST_BYTES
from gigasite.serve.jobs import Jobs
from gigasite.serve.project import Project
from gigasite.serve.site import site

HERE = {"origin": "http://127.0.0.1:8765"}
CAMPUS = """\
extends: base.yaml
name: campus
title: A campus <b>for</b> a test
horizon: {years: [2034], resolution_h: 24, days: 2}
sites:
  piketon:
    load_ramp_mw: {2034: 400}
    technologies: [combined_cycle, grid_connection]
"""
SLOW = [sys.executable, "-c", "import sys, time; print('under way', file=sys.stderr, flush=True); time.sleep(60)"]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    folder = tmp_path / "project" / "scenarios"
    folder.mkdir(parents=True)
    (folder / "campus.yaml").write_text(CAMPUS, encoding="utf-8")
    (tmp_path / "secret.yaml").write_text("password: hunter2\n", encoding="utf-8")
    return Project(folder, tmp_path / "project" / "results")


def client_of(project: Project, jobs: Jobs | None = None) -> TestClient:
    return TestClient(site(project, jobs or Jobs(project.results)), base_url="http://127.0.0.1:8765")


@pytest.fixture
def client(project: Project) -> Iterator[TestClient]:
    with client_of(project) as one:
        yield one


def wait_until(done: Any) -> None:
    end = time.monotonic() + 60
    while not done() and time.monotonic() < end:
        time.sleep(0.05)
    assert done()


def test_the_first_page_lists_scenarios_and_says_that_there_are_no_runs(client: TestClient) -> None:
    text = client.get("/").text
    assert '<a href="/scenarios/campus">campus</a>' in text
    assert '<a href="/scenarios/portsmouth">portsmouth</a>' in text
    assert "No runs in" in text


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8765", "127.0.0.1.evil.example", ""])
def test_another_name_that_points_here_is_refused(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 421


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://127.0.0.1:1", "https://127.0.0.1.evil.example:8765", None]
)
def test_a_page_of_another_origin_can_change_nothing(client: TestClient, project: Project, origin: str | None) -> None:
    headers = {} if origin is None else {"origin": origin}
    for address in ("/scenarios/campus/save", "/scenarios/campus/solve", "/scenarios/campus/check", "/jobs/1/stop"):
        assert client.post(address, content="x", headers=headers).status_code == 403
    assert project.text("campus").content == CAMPUS


@pytest.mark.parametrize(
    "path",
    [
        "/scenarios/..%2f..%2fsecret", "/scenarios/%2e%2e%2fsecret", "/scenarios/..\\secret", "/scenarios/secret%00",
        "/scenarios/.hidden", "/runs/..%2f..%2f/secret", "/runs/%2e%2e/%2e%2e", "/runs/../secret.yaml",
        "/static/..%2fsite.py", "/static/%2e%2e/site.py", "/compare?run=../..&run=../../x", "/jobs/0", "/jobs/99.json",
    ],
)  # fmt: skip
def test_no_path_leads_out_of_the_project(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code in {400, 404, 405}
    assert "hunter2" not in answer.text
    assert "def site" not in answer.text


@pytest.mark.parametrize(
    "line", ["extends: ../../secret.yaml", "extends: /etc/passwd", "hourly: {price: ../../secret.csv}"]
)
def test_a_scenario_cannot_read_a_file_outside_the_project(client: TestClient, line: str) -> None:
    told = client.post("/scenarios/campus/check", content=f"{line}\nname: campus\n", headers=HERE).json()
    assert "reads no file outside the project" in told["problems"][0]["text"]


def test_a_link_out_of_the_results_is_not_followed(project: Project, tmp_path: Path, client: TestClient) -> None:
    (tmp_path / "elsewhere" / "run").mkdir(parents=True)
    project.results.mkdir()
    (project.results / "campus").symlink_to(tmp_path / "elsewhere")
    assert client.get("/runs/campus/run").status_code == 404


def test_what_is_too_large_is_refused_announced_or_not(client: TestClient, project: Project) -> None:
    large = b"#" * (MOST_BYTES + 1)
    assert client.post("/scenarios/campus/save", content=large, headers=HERE).status_code == 413

    def parts() -> Iterator[bytes]:
        for _ in range(12):
            yield b"#" * 100_000

    assert client.post("/scenarios/campus/save", content=parts(), headers=HERE).status_code == 413
    assert project.text("campus").content == CAMPUS


def test_faults_are_told_with_their_lines_and_nothing_is_kept(client: TestClient, project: Project) -> None:
    text = CAMPUS.replace("combined_cycle", "combined_cycel").replace("400", "-4")
    problems = client.post("/scenarios/campus/check", content=text, headers=HERE).json()["problems"]
    assert {problem["line"] for problem in problems} == {7, 8}
    assert "campus.yaml:8" in problems[-1]["text"]
    assert "combined_cycle" in problems[-1]["text"]
    assert [path.name for path in project.scenarios.iterdir()] == ["campus.yaml"]
    assert client.post("/scenarios/campus/check", content=CAMPUS, headers=HERE).json() == {"problems": []}


def test_a_save_writes_the_file_unless_it_changed_meanwhile(client: TestClient, project: Project) -> None:
    version = project.text("campus").version
    changed = CAMPUS.replace("400", "500")
    saved = client.post(f"/scenarios/campus/save?version={version}", content=changed, headers=HERE)
    assert project.text("campus").content == changed
    assert saved.json()["version"] == project.text("campus").version
    again = client.post(f"/scenarios/campus/save?version={version}", content=CAMPUS, headers=HERE)
    assert again.status_code == 409
    assert "changed on disk" in again.json()["error"]
    assert project.text("campus").content == changed


def test_a_new_name_never_replaces_a_scenario_that_is_there(client: TestClient, project: Project) -> None:
    assert client.post("/scenarios/campus/save?version=", content="x: 1\n", headers=HERE).status_code == 409
    assert client.post("/scenarios/other/save?version=", content=CAMPUS, headers=HERE).status_code == 200
    assert project.text("other").content == CAMPUS


def test_a_title_is_shown_as_text(client: TestClient) -> None:
    text = client.get("/scenarios/campus").text
    assert "<b>for</b>" not in text
    assert "&lt;b&gt;for&lt;/b&gt;" in text


def test_a_scenario_with_faults_is_not_solved(client: TestClient, project: Project) -> None:
    (project.scenarios / "campus.yaml").write_text(CAMPUS.replace("400", "-4"), encoding="utf-8")
    answer = client.post("/scenarios/campus/solve", headers=HERE)
    assert answer.status_code == 400
    assert answer.json()["problems"][0]["line"] == 7


def test_a_solve_ends_with_its_report_and_two_at_once_wait_in_order(client: TestClient, project: Project) -> None:
    (project.scenarios / "second.yaml").write_text(CAMPUS.replace("name: campus", "name: second"), encoding="utf-8")
    first = client.post("/scenarios/campus/solve", headers=HERE).json()["number"]
    second = client.post("/scenarios/second/solve", headers=HERE).json()["number"]
    assert client.get(f"/jobs/{second}.json").json()["state"] == "waiting"
    assert client.get(f"/jobs/{second}.json").json()["ahead"] == 1
    wait_until(lambda: client.get(f"/jobs/{second}.json").json()["state"] == "solved")
    told = client.get(f"/jobs/{first}.json").json()
    assert told["state"] == "solved"
    assert any("read the scenario" in line for line in told["lines"])
    report = client.get(told["report"])
    assert "A campus &lt;b&gt;for" in report.text
    assert "script-src 'unsafe-inline'" in report.headers["content-security-policy"]
    names = [f"{run.scenario}/{run.run_id}" for run in gigasite.runs(project.results)]
    assert "Side by side" in client.get("/compare", params={"run": names}).text
    assert client.get(told["report"] + "/workbook.xlsx").content[:2] == b"PK"
    assert 'type="checkbox"' in client.get("/").text


def test_the_same_scenario_is_not_queued_twice_and_a_waiting_one_can_be_stopped(project: Project) -> None:
    jobs = Jobs(project.results, SLOW)
    with client_of(project, jobs) as client:
        running = client.post("/scenarios/campus/solve", headers=HERE).json()["number"]
        wait_until(lambda: client.get(f"/jobs/{running}.json").json()["lines"] == ["under way"])
        waiting = client.post("/scenarios/campus/solve", headers=HERE).json()["number"]
        assert client.post("/scenarios/campus/solve", headers=HERE).json()["number"] == waiting
        client.post(f"/jobs/{waiting}/stop", headers=HERE)
        assert client.get(f"/jobs/{waiting}.json").json()["state"] == "stopped"
        client.post(f"/jobs/{running}/stop", headers=HERE)
        wait_until(lambda: client.get(f"/jobs/{running}.json").json()["state"] == "failed")


def test_when_the_page_ends_a_solve_under_way_is_interrupted_not_killed(project: Project, tmp_path: Path) -> None:
    told = tmp_path / "told"
    command = (
        "import signal, sys, time, pathlib\n"
        "try:\n    print('under way', file=sys.stderr, flush=True); time.sleep(60)\n"
        f"except KeyboardInterrupt: pathlib.Path({str(told)!r}).write_text('best plan kept')\n"
    )
    jobs = Jobs(project.results, [sys.executable, "-c", command])
    with client_of(project, jobs) as client:
        number = client.post("/scenarios/campus/solve", headers=HERE).json()["number"]
        wait_until(lambda: client.get(f"/jobs/{number}.json").json()["lines"] == ["under way"])
    assert told.read_text() == "best plan kept"
