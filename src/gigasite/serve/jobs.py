"""Solves that were asked for: one at a time, the others wait in order, each in a process of its own.

A solve that is stopped gets the interrupt that Ctrl-C gives: its best plan is written, marked so.
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

MOST_WAITING = 20
MOST_LINES = 400
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

    def as_json(self, ahead: int) -> dict[str, Any]:
        """What the page is told."""
        return {
            "number": self.number,
            "scenario": self.scenario,
            "state": self.state,
            "ahead": ahead,
            "lines": self.lines[-MOST_LINES:],
            "outcome": self.outcome,
        }


class Jobs:
    """The queue. `start` begins its thread, `close` stops what is under way and waits for it."""

    def __init__(self, results: Path, command: Sequence[str] = (sys.executable, "-m", "gigasite.cli")) -> None:
        self._results = results
        self._command = tuple(command)
        self._jobs: list[Job] = []
        self._queue: SimpleQueue[Job | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
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
        try:
            self._process = subprocess.Popen(
                [*self._command, "solve", str(job.path), "--results", str(self._results), "--json"],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                errors="replace",
                env={**os.environ, "NO_COLOR": "1", "COLUMNS": "120"},
            )
        except OSError as error:
            job.lines.append(str(error))
            job.state = "failed"
            return
        reader = threading.Thread(target=self._read_lines, args=(job, self._process), daemon=True)
        reader.start()
        told = self._process.stdout.read() if self._process.stdout is not None else ""
        code = self._process.wait()
        reader.join()
        for pipe in (self._process.stdout, self._process.stderr):
            if pipe is not None:
                pipe.close()
        job.outcome = _first_object(told)
        interrupted = job.outcome.get("status") in {"interrupted", "not_tried"}
        job.state = "stopped" if interrupted else "solved" if job.outcome.get("run") and code in {0, 4} else "failed"
        self._process = None

    def _read_lines(self, job: Job, process: subprocess.Popen[str]) -> None:
        for line in process.stderr or ():
            job.lines.append(line.rstrip())
            del job.lines[: -2 * MOST_LINES]


def _first_object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return dict(found[0]) if isinstance(found, list) and found and isinstance(found[0], dict) else {}
