"""The local page refuses strangers, keeps inside the project, and loses nothing."""

from __future__ import annotations

import socket
import sys
import threading
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
from gigasite.serve.run_server import HOST, serve
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


def test_an_address_that_is_told_refuses_no_browser(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("uvicorn.Server.run", lambda _server, sockets: None)
    connected: list[bool] = []

    def told(address: str) -> None:
        port = int(address.rstrip("/").rpartition(":")[2])
        with socket.create_connection((HOST, port), timeout=5):
            connected.append(True)

    serve(project.scenarios, project.results, 0, told)
    assert connected == [True]


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


def test_a_solve_ends_with_its_report_and_two_at_once_wait_in_order(
    client: TestClient, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    both_asked, solve = threading.Event(), Jobs._solve
    monkeypatch.setattr(Jobs, "_solve", lambda jobs, job: both_asked.wait(60) and solve(jobs, job))
    (project.scenarios / "second.yaml").write_text(CAMPUS.replace("name: campus", "name: second"), encoding="utf-8")
    first = client.post("/scenarios/campus/solve", headers=HERE).json()["number"]
    second = client.post("/scenarios/second/solve", headers=HERE).json()["number"]
    assert client.get(f"/jobs/{second}.json").json()["state"] == "waiting"
    assert client.get(f"/jobs/{second}.json").json()["ahead"] == 1
    both_asked.set()
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


READER = {"accept": "text/html,application/xhtml+xml"}
BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]\n" for old, new in zip("abcdefghi", "bcdefghij", strict=True)
)


@pytest.mark.parametrize("path", ["/jobs/7", "/runs/campus/20260101T000000Z-abcdef", "/scenarios/nothing", "/nowhere"])
def test_what_is_not_there_is_told_on_a_page_with_the_way_home(client: TestClient, path: str) -> None:
    answer = client.get(path, headers=READER)
    assert answer.status_code == 404
    assert '<a href="/">Back to scenarios and runs</a>' in answer.text
    assert "listed on the first page" in answer.text
    assert "<" not in client.get(path).text


def test_a_fault_of_ours_is_told_without_its_traceback(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret of the house")

    monkeypatch.setattr(Project, "names", broken)
    application = site(project, Jobs(project.results))
    with TestClient(application, base_url="http://127.0.0.1:8765", raise_server_exceptions=False) as client:
        answer = client.get("/", headers=READER)
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "Back to scenarios and runs" in answer.text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (BOMB, "too many texts"),
        ("a: &a [*a]\n", "holds itself"),
        ("a: &a [[]]\n" + BOMB.split("\n", 1)[1], "too many texts"),
        ('extends: "\\0/x"\n', "outside the project"),
        (f"extends: {'x/' * 5000}y\n", "too long"),
        ("just a sentence\n", "a single text"),
        ("a: [1, 2\n", "YAML"),
        ("\t- x: {\n", "YAML"),
        ("", ""),
    ],
)
def test_what_is_no_scenario_is_told_and_nothing_breaks(
    client: TestClient, project: Project, text: str, told: str
) -> None:
    answer = client.post("/scenarios/campus/check", content=text.encode(), headers=HERE)
    assert answer.status_code == 200
    problems = answer.json()["problems"]
    assert problems
    assert told.lower() in " ".join(problem["text"] for problem in problems).lower()
    assert [path.name for path in project.scenarios.iterdir()] == ["campus.yaml"]


def test_long_lines_and_every_alphabet_are_kept_as_they_are(client: TestClient, project: Project) -> None:
    text = CAMPUS + f"# {'x' * 200_000}\n# \u65e5\u672c\u8a9e \u0627\u0644\u0639\u0631\u0628\u064a\u0629 \U0001f50c\n"
    version = project.text("campus").version
    answer = client.post(f"/scenarios/campus/save?version={version}", content=text.encode(), headers=HERE)
    assert answer.status_code == 200
    assert project.text("campus").content == text
    assert client.post("/scenarios/campus/check", content=text.encode(), headers=HERE).json() == {"problems": []}
    assert client.get("/scenarios/campus").status_code == 200


def test_a_file_that_is_not_text_is_told_as_such(client: TestClient, project: Project) -> None:
    (project.scenarios / "latin.yaml").write_bytes(b"title: caf\xe9\n")
    assert "is not UTF-8" in client.get("/scenarios/latin").text
    assert client.post("/scenarios/latin/save?version=", content=CAMPUS, headers=HERE).status_code == 400
    assert (project.scenarios / "latin.yaml").read_bytes() == b"title: caf\xe9\n"


def test_of_two_tabs_the_second_is_told_and_what_the_first_saved_stays(client: TestClient, project: Project) -> None:
    opened = project.text("campus").version
    one, other = (CAMPUS.replace("400", mw) for mw in ("410", "420"))
    first = client.post(f"/scenarios/campus/save?version={opened}", content=one, headers=HERE)
    second = client.post(f"/scenarios/campus/save?version={opened}", content=other, headers=HERE)
    assert (first.status_code, second.status_code) == (200, 409)
    assert project.text("campus").content == one


def test_two_tabs_that_check_the_same_text_do_not_take_each_others_file(project: Project) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: project.check("campus", CAMPUS), range(8)))
    assert found == [[]] * 8


def test_what_a_killed_page_left_is_cleared_when_the_next_begins(project: Project) -> None:
    import os

    left = [project.scenarios / name for name in (".gigasite-check-1-ab.yaml", ".gigasite-save-1-campus.yaml")]
    for path in left:
        path.write_text("half")
        os.utime(path, (1, 1))
    with client_of(project) as client:
        assert client.get("/scenarios/campus").status_code == 200
    assert [path.name for path in project.scenarios.iterdir()] == ["campus.yaml"]


def test_a_damaged_run_does_not_take_the_first_page_with_it(client: TestClient, project: Project) -> None:
    folder = project.results / "campus" / "20260101T000000Z-abcdef"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text('{"scenario": "campus"}', encoding="utf-8")
    assert "damaged" in client.get("/").text
    report = client.get(f"/runs/campus/{folder.name}")
    assert report.status_code == 200
    assert "cannot be shown" in report.text


def test_a_solve_that_fails_shows_why(project: Project) -> None:
    answer = [{"run": None, "problems": [{"message": "no plan", "file": "campus.yaml", "line": 7, "remedy": "less"}]}]
    command = [sys.executable, "-c", f"import json, sys; print(json.dumps({answer!r})); sys.exit(3)"]
    with client_of(project, Jobs(project.results, command)) as client:
        number = client.post("/scenarios/campus/solve", headers=HERE).json()["number"]
        wait_until(lambda: client.get(f"/jobs/{number}.json").json()["state"] == "failed")
        told = client.get(f"/jobs/{number}.json").json()["problems"]
    assert told == ["campus.yaml:7\nno plan\nto do: less"]


def test_a_solve_that_ends_without_a_word_says_how(project: Project) -> None:
    command = [sys.executable, "-c", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"]
    with client_of(project, Jobs(project.results, command)) as client:
        number = client.post("/scenarios/campus/solve", headers=HERE).json()["number"]
        wait_until(lambda: client.get(f"/jobs/{number}.json").json()["state"] == "failed")
        told = client.get(f"/jobs/{number}.json").json()["problems"]
    assert told == ["The solve ended without an answer (signal 9); nothing was written."]


def test_ctrl_c_in_the_terminal_of_the_page_does_not_reach_a_solve_a_second_time(project: Project) -> None:
    said = "import os, sys; print(os.getsid(0) == os.getpid(), file=sys.stderr)"
    with client_of(project, Jobs(project.results, [sys.executable, "-c", said])) as client:
        number = client.post("/scenarios/campus/solve", headers=HERE).json()["number"]
        wait_until(lambda: client.get(f"/jobs/{number}.json").json()["state"] == "failed")
        assert client.get(f"/jobs/{number}.json").json()["lines"] == ["True"]
