"""The command as a planner runs it: another process, in a folder of its own."""

import contextlib
import io
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from gigasite.cli.app import app

COMMAND = [sys.executable, "-m", "gigasite.cli"]

CAMPUS = """\
extends: base.yaml
name: {name}
title: A campus for a test
horizon: {{years: [2030, 2035], resolution_h: 24, days: 2}}
sites:
  piketon:
    load_ramp_mw: {{2030: 400, 2035: 1000}}
    technologies: [combined_cycle, gas_turbine, grid_connection]
"""

INFEASIBLE = (
    CAMPUS
    + """\
    capacity_floor_mw:
      - technologies: [combined_cycle]
        mw: {{2035: 5000}}
    capital_budget_usd: 1000
"""
)


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    stdout: str
    stderr: str


class Desk:
    """A planner's folder and the command in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.results = folder / "results"

    def write(self, name: str, text: str = CAMPUS) -> str:
        (self.folder / f"{name}.yaml").write_text(text.format(name=name), encoding="utf-8")
        return f"{name}.yaml"

    def run(self, *arguments: str, **environment: str) -> Ended:
        ended = subprocess.run(
            [*COMMAND, *arguments],
            cwd=self.folder,
            env={**_environment(), **environment},
            capture_output=True,
            timeout=120,
            check=False,
        )
        return Ended(ended.returncode, ended.stdout.decode(), ended.stderr.decode())

    def run_here(self, *arguments: str) -> Ended:
        """Run a command in this process, which is quicker: for what needs no process of its own."""
        stdout, stderr, before = io.StringIO(), io.StringIO(), Path.cwd()
        os.chdir(self.folder)
        try:
            with contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stderr):
                app(args=list(arguments), prog_name="gigasite")
        except SystemExit as ended:
            code = int(ended.code or 0)
        finally:
            os.chdir(before)
        return Ended(code, stdout.getvalue(), stderr.getvalue())

    def run_and_interrupt(self, *arguments: str, after: str) -> Ended:
        """Press Ctrl-C once stderr has told `after`."""
        errors = self.folder / "stderr.txt"
        with errors.open("wb") as stderr:
            started = subprocess.Popen(
                [*COMMAND, *arguments], cwd=self.folder, env=_environment(), stdout=subprocess.PIPE, stderr=stderr
            )
            give_up = time.monotonic() + 60
            while after not in errors.read_text(encoding="utf-8") and time.monotonic() < give_up:
                time.sleep(0.05)
            started.send_signal(signal.SIGINT)
            stdout, _ = started.communicate(timeout=120)
        return Ended(started.returncode, stdout.decode(), errors.read_text(encoding="utf-8"))

    def written(self) -> list[Path]:
        """Return every file and folder below the results, hidden ones too."""
        return sorted(self.results.rglob("*")) if self.results.exists() else []


def _environment() -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key not in {"COLUMNS", "NO_COLOR", "FORCE_COLOR"}}
    return {**kept, "PYTHONWARNINGS": "default"}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture(scope="session")
def solved(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk where two campuses are solved: `small`, and `dear` with gas at three times the price."""
    desk = Desk(tmp_path_factory.mktemp("solved"))
    desk.write("small")
    desk.write("dear", CAMPUS + "fuel: {{price_multiplier: 3}}\n")
    ended = desk.run_here("solve", "small", "dear", "--json")
    (desk.folder / "stdout.json").write_text(ended.stdout, encoding="utf-8")
    (desk.folder / "stderr.txt").write_text(ended.stderr, encoding="utf-8")
    assert ended.code == 0, ended.stderr
    return desk
