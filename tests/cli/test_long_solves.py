"""What happens to a long solve: a time limit, Ctrl-C once and twice, a worker that is killed. All in real processes."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from tests.cli.conftest import CAMPUS, COMMAND, Desk, Ended, _environment

HOURLY = CAMPUS.replace("resolution_h: 24, days: 2", "resolution_h: 1")
LONG = HOURLY.replace("grid_connection]", "grid_connection, solar, battery]") + (
    "solve: {{gap: 1.0e-9, threads: 2, method: decomposed}}\n"
)
"""Two years of hours to a gap no solve reaches soon."""

HOURS = "build hours"
"""Told when the hours are built and their rounds begin."""


class Running:
    """A command in a process group of its own, as a terminal starts it."""

    def __init__(self, desk: Desk, *arguments: str) -> None:
        self._told = desk.folder / "stderr.txt"
        with self._told.open("wb") as stderr:
            self._process = subprocess.Popen(
                [*COMMAND, *arguments],
                cwd=desk.folder,
                env=_environment(),
                stdout=subprocess.PIPE,
                stderr=stderr,
                start_new_session=True,
            )

    @property
    def told(self) -> str:
        return self._told.read_text(encoding="utf-8")

    @property
    def workers(self) -> list[int]:
        """Process ids of its children."""
        number = self._process.pid
        try:
            return [int(child) for child in Path(f"/proc/{number}/task/{number}/children").read_text("utf-8").split()]
        except OSError:
            return []

    def wait_until(self, words: str, *, times: int = 1) -> None:
        give_up = time.monotonic() + 60
        while self.told.count(words) < times:
            assert self._process.poll() is None, self.told
            assert time.monotonic() < give_up, self.told
            time.sleep(0.02)

    def wait_for_workers(self) -> list[int]:
        give_up = time.monotonic() + 60
        while len(self.workers) < 2:
            assert self._process.poll() is None, self.told
            assert time.monotonic() < give_up, self.told
            time.sleep(0.02)
        return self.workers

    def press_ctrl_c(self) -> None:
        """Send what a terminal sends: to the command and to its workers alike."""
        os.killpg(self._process.pid, signal.SIGINT)

    def end(self) -> Ended:
        stdout, _ = self._process.communicate(timeout=100)
        return Ended(self._process.returncode, stdout.decode(), self.told)

    def kill(self) -> None:
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.communicate(timeout=30)


@pytest.fixture
def start(desk: Desk) -> Iterator[Any]:
    running: list[Running] = []

    def started(*arguments: str) -> Running:
        running.append(Running(desk, *arguments))
        return running[-1]

    yield started
    for one in running:
        one.kill()


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def checks_of(desk: Desk, entry: dict[str, Any]) -> pd.DataFrame:
    return pd.read_parquet(desk.folder / entry["run"] / "checks.parquet")


def failed_checks(desk: Desk, entry: dict[str, Any]) -> list[str]:
    checks = checks_of(desk, entry)
    return checks.loc[~checks["passed"].astype(bool), "check"].tolist()


# -- time limit --------------------------------------------------------------------------------------------------------


def test_a_time_limit_ends_with_4_and_writes_the_best_plan_with_its_gap(desk: Desk) -> None:
    desk.write("hasty", HOURLY + "solve: {{time_limit_s: 0.001, gap: 1.0e-9}}\n")
    desk.write("small")
    ended = desk.run("solve", "hasty", "small", "--json")
    assert ended.code == 4, ended.stderr
    assert "Traceback" not in ended.stderr
    first, second = json.loads(ended.stdout)
    assert (first["status"], second["status"]) == ("limit", "optimal")
    assert 1e-9 < first["gap"] < 1.0
    assert first["checks_passed"] is False
    assert failed_checks(desk, first) == ["gap_within_limit"]


def test_the_answer_of_a_plan_at_a_limit_says_what_is_open(desk: Desk) -> None:
    desk.write("hasty", HOURLY + "solve: {{time_limit_s: 0.001, gap: 1.0e-9}}\n")
    ended = desk.run("solve", "hasty", "--quiet")
    assert ended.code == 4, ended.stderr
    assert "this is a plan, but one up to" in ended.stdout
    assert "checks failed: gap_within_limit" in ended.stdout


# -- Ctrl-C ------------------------------------------------------------------------------------------------------------


def test_ctrl_c_during_the_hours_writes_the_best_plan_and_tries_no_other_scenario(desk: Desk, start: Any) -> None:
    desk.write("long", LONG)
    desk.write("small")
    running = start("solve", "long", "small", "--json")
    running.wait_until(HOURS)
    workers = running.wait_for_workers()
    running.press_ctrl_c()
    ended = running.end()
    assert ended.code == 130, ended.stderr
    assert "best plan so far" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "worker process ended" not in ended.stderr
    first, second = json.loads(ended.stdout)
    assert (first["status"], second["status"]) == ("interrupted", "not_tried")
    assert first["resolution_h"] == 1
    assert 1e-9 < first["gap"] < 1.0
    assert failed_checks(desk, first) == ["gap_within_limit"]
    assert [path.name for path in desk.results.iterdir()] == ["long"]
    assert not any(alive(worker) for worker in workers)


def test_a_second_ctrl_c_ends_at_once_and_leaves_nothing_half_written(desk: Desk, start: Any) -> None:
    desk.write("long", LONG)
    desk.write("small")
    running = start("solve", "long", "small", "--json", "--cuts", "cuts")
    running.wait_until(HOURS)
    workers = running.wait_for_workers()
    time.sleep(0.1)  # both are at work; what comes while they are hired is tested below
    running.press_ctrl_c()
    time.sleep(0.05)  # two at the same moment would be one
    pressed = time.monotonic()
    running.press_ctrl_c()
    ended = running.end()
    assert time.monotonic() - pressed < 10.0
    assert ended.code == 130, ended.stderr
    assert "interrupted: nothing of the scenario under way is written" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert [entry["status"] for entry in json.loads(ended.stdout)] == ["interrupted", "not_tried"]
    assert desk.written() == []
    assert sorted(path.name for path in (desk.folder / "cuts").iterdir()) == ["cuts-24h.npz", "cuts-6h.npz"]
    assert not any(alive(worker) for worker in workers)


PRESSED_WHILE_HIRING = """
import os, signal, sys
from pathlib import Path
from gigasite.run.by_levels import LevelOptions, solve_by_levels
from gigasite.run.solve_run import assemble_file

def press():
    os.kill(os.getpid(), signal.SIGINT)

def told(width, one):
    if not pressed:
        pressed.append(width)
        press()
        os.register_at_fork(after_in_parent=press)

pressed = []
levels = {24: "daily.yaml", 6: "six.yaml"}
try:
    solve_by_levels(lambda width: assemble_file(levels[width])[1], 6, LevelOptions(processes=2, gap=1e-9, told=told))
except KeyboardInterrupt:
    print("ended at once")
else:
    print("went on")
"""


def test_a_second_ctrl_c_that_comes_while_workers_are_hired_is_not_lost(desk: Desk) -> None:
    for name, hours in {"daily": 24, "six": 6}.items():
        desk.write(name, CAMPUS.replace("resolution_h: 24, days: 2", f"resolution_h: {hours}"))
    ended = subprocess.run(
        [sys.executable, "-c", PRESSED_WHILE_HIRING], cwd=desk.folder, capture_output=True, timeout=100, check=False
    )
    assert ended.stdout.decode().strip() == "ended at once", ended.stderr.decode()
    assert b"Traceback" not in ended.stderr


# -- a worker that dies ------------------------------------------------------------------------------------------------


def test_a_worker_killed_during_the_hours_does_not_change_the_answer(desk: Desk, start: Any) -> None:
    text = LONG.replace("gap: 1.0e-9", "gap: 1.0e-6")
    desk.write("mourned", text)
    running = start("solve", "mourned", "--json")
    running.wait_until(HOURS)
    os.kill(running.wait_for_workers()[0], signal.SIGKILL)
    ended = running.end()
    assert ended.code == 0, ended.stderr
    assert "a worker process ended" in ended.stderr
    assert "another one takes its blocks" in ended.stderr
    (entry,) = json.loads(ended.stdout)
    assert (entry["status"], entry["checks_passed"]) == ("optimal", True)
    desk.write("untouched", text)
    (calm,) = json.loads(desk.run("solve", "untouched", "--json").stdout)
    assert entry["present_value_usd"] == pytest.approx(calm["present_value_usd"], rel=entry["gap"] + calm["gap"] + 1e-9)
