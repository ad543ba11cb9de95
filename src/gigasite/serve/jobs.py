"""Solves that were asked for: one at a time, the others wait in order, each in a process of its own.

A solve that is stopped gets the interrupt that Ctrl-C gives: its best plan is written, marked so. It stands in a
session of its own, so that a Ctrl-C in the terminal of the page reaches it once, through the page, and not a second
time, which would end it without a plan. What it says goes to files, so that it outlives a page that is killed.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from gigasite.serve.spool import Spool

MOST_WAITING = 20
MOST_LINES = 400
PARTS = (("", "message"), ("given", "given"), ("allowed", "allowed"), ("to do", "remedy"))
ENDED = frozenset({"solved", "failed", "stopped"})


class TooManyError(Exception):
    """Enough solves wait already."""


@dataclass
class Job:
    """A solve: `waiting`, `solving`, `solved`, `failed` or `stopped`."""

    number: int
    scenario: str
    path: Path
    state: str = "waiting"
    lines: list[str] = field(default_factory=list)
    outcome: dict[str, Any] = field(default_factory=dict)
    spool: Spool | None = None

    @property
    def said(self) -> list[str]:
        """Its last lines of progress."""
        spool = self.spool
        return self.lines if spool is None else spool.lines(MOST_LINES)

    @property
    def problems(self) -> list[str]:
        """Why it failed, each fault as it is told in the terminal."""
        found = self.outcome.get("problems")
        return [_problem_text(one) for one in found if isinstance(one, dict)] if isinstance(found, list) else []

    def as_json(self, ahead: int) -> dict[str, Any]:
        """What the page is told."""
        return {
            "number": self.number,
            "scenario": self.scenario,
            "state": self.state,
            "ahead": ahead,
            "lines": self.said,
            "outcome": self.outcome,
            "problems": self.problems,
        }


class Jobs:
    """The queue. `start` begins its thread, `close` stops what is under way and waits for it."""

    def __init__(self, results: Path, command: Sequence[str] = (sys.executable, "-m", "gigasite.cli")) -> None:
        self._results = results
        self._command = tuple(command)
        self._jobs: list[Job] = []
        self._queue: SimpleQueue[Job | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to solve what is asked for."""
        self._thread = threading.Thread(target=self._work, name="solves", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Let the solve under way write its best plan, forget the ones that wait, and end."""
        with self._lock:
            for job in self._jobs:
                if job.state == "waiting":
                    job.state = "stopped"
        self._interrupt()
        self._queue.put(None)
        if self._thread is not None:
            self._thread.join()

    def ask(self, scenario: str, path: Path) -> Job:
        """Ask for a solve; one of the same scenario that already waits is that one.

        Raises:
            TooManyError: enough wait already.
        """
        with self._lock:
            waiting = [job for job in self._jobs if job.state == "waiting"]
            for job in waiting:
                if job.scenario == scenario:
                    return job
            if len(waiting) >= MOST_WAITING:
                raise TooManyError
            job = Job(len(self._jobs) + 1, scenario, path)
            self._jobs.append(job)
        self._queue.put(job)
        return job

    def find(self, number: int) -> Job | None:
        """A job by its number."""
        return self._jobs[number - 1] if 1 <= number <= len(self._jobs) else None

    def newest(self) -> list[Job]:
        """Every job, the newest first."""
        return list(reversed(self._jobs))

    def ahead_of(self, job: Job) -> int:
        """How many come before it."""
        before = self._jobs[: job.number - 1]
        return sum(one.state not in ENDED for one in before) if job.state == "waiting" else 0

    def stop(self, job: Job) -> None:
        """Stop a job; one that waits is never begun."""
        with self._lock:
            if job.state == "waiting":
                job.state = "stopped"
                return
        if job.state == "solving":
            self._interrupt()

    def _interrupt(self) -> None:
        process = self._process
        if process is not None and process.poll() is None:
            process.send_signal(signal.SIGINT)

    def _work(self) -> None:
        while (job := self._queue.get()) is not None:
            with self._lock:
                if job.state != "waiting":
                    continue
                job.state = "solving"
            self._solve(job)

    def _solve(self, job: Job) -> None:
        spool = Spool()
        stdout, stderr = spool.opened()
        try:
            with stdout, stderr:
                self._process = subprocess.Popen(
                    [*self._command, "solve", str(job.path), "--results", str(self._results), "--json"],
                    stdin=subprocess.DEVNULL,
                    stdout=stdout,
                    stderr=stderr,
                    env={**os.environ, "NO_COLOR": "1", "COLUMNS": "120", "PYTHONIOENCODING": "utf-8"},
                    start_new_session=True,
                )
        except OSError as error:
            job.lines.append(str(error))
            job.state = "failed"
            spool.close()
            return
        job.spool = spool
        code = self._process.wait()
        job.outcome = _first_object(spool.answer()) or {"problems": [{"message": _no_answer(code)}]}
        job.lines = spool.lines(MOST_LINES)
        job.spool = None
        spool.close()
        interrupted = job.outcome.get("status") in {"interrupted", "not_tried"}
        job.state = "stopped" if interrupted else "solved" if job.outcome.get("run") and code in {0, 4} else "failed"
        self._process = None


def _first_object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return dict(found[0]) if isinstance(found, list) and found and isinstance(found[0], dict) else {}


def _no_answer(code: int) -> str:
    how = f"signal {-code}" if code < 0 else f"exit code {code}"
    return f"The solve ended without an answer ({how}); nothing was written."


def _problem_text(problem: dict[str, Any]) -> str:
    """A fault from the answer of `gigasite solve --json` in lines."""
    line, column = problem.get("line"), problem.get("column")
    place = ":".join(str(part) for part in (problem.get("file"), line, column) if part is not None)
    head = "  ".join(text for text in (place, problem.get("key")) if text)
    told = ((f"{name}: " if name else "") + str(problem[key]) for name, key in PARTS if problem.get(key))
    return "\n".join([*([head] if head else []), *told])
