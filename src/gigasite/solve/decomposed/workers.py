"""Worker processes that solve blocks: each keeps its own, so that bases stay where they are used.

A worker that dies is replaced, and what it was asked is asked again. Workers hear nothing of Ctrl-C: the process that
leads decides what happens then.
"""

from __future__ import annotations

import gc
import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Any, Protocol

import numpy as np

from gigasite.foundation.errors import GigasiteError, SolverFailure
from gigasite.solve.compiled import Array
from gigasite.solve.decomposed.bases import Statuses
from gigasite.solve.decomposed.block import Block
from gigasite.solve.decomposed.cut import Cut, cut_of
from gigasite.solve.decomposed.dispatch import Dispatch, Dispatcher
from gigasite.solve.solver import let_threads_go

logger = logging.getLogger(__name__)

MOST_DEATHS = 5
"""Workers that may die before the solve gives up: more is no accident."""

SMALL_WORK = 20_000
"""Rows of all blocks together below which processes cost more than they save."""

VALUES_AT_ONCE = 60
"""Blocks whose operation a worker sends at once: a month is some hundred kilobytes, twice that while it is sent."""

Paths = Mapping[int, Sequence[tuple[Array, Array]]]
"""For each block: multipliers and the plan their cut is to be tight at."""

Starts = Mapping[int, Statuses]
"""For some blocks: the statuses they begin with."""


class Workers(Protocol):
    """Whoever solves blocks."""

    def dispatch(self, x: Array) -> list[Dispatch]:
        """Solve every block for a plan over all planning columns."""

    def cuts(self, paths: Paths) -> dict[int, list[Cut]]:
        """The cuts of multiplier paths."""

    def values(self, x: Array) -> list[tuple[Array, float]]:
        """Operation of every block at a plan, and its largest slack."""

    def dispatch_some(self, numbers: Sequence[int], x: Array) -> dict[int, Dispatch]:
        """Solve some blocks for a plan."""

    def charge(self, prices: Mapping[int, Array]) -> None:
        """Price the slack of some blocks anew."""

    def bases(self) -> dict[int, Statuses]:
        """The basis each block ended with, of those that were solved."""

    def close(self) -> None:
        """End."""


def hire(blocks: Sequence[Block], processes: int | None = None, starts: Starts | None = None) -> Workers:
    """Workers for some blocks: processes where there are several cores and enough to do."""
    count = min(processes or usable_cores(), len(blocks))
    rows = sum(len(block.row_lower) for block in blocks)
    may_have_children = not multiprocessing.current_process().daemon
    if count <= 1 or (processes is None and rows < SMALL_WORK) or not may_have_children:
        return Alone(blocks, starts)
    return Pool(blocks, count, starts)


def usable_cores() -> int:
    """Cores this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Alone:
    """Solves the blocks in this process."""

    def __init__(self, blocks: Sequence[Block], starts: Starts | None = None) -> None:
        self._blocks = blocks
        self._dispatcher = Dispatcher(dict(enumerate(blocks)), starts)

    def dispatch(self, x: Array) -> list[Dispatch]:
        """See `Workers`."""
        return [self._dispatcher.dispatch(n, x[block.planning]) for n, block in enumerate(self._blocks)]

    def cuts(self, paths: Paths) -> dict[int, list[Cut]]:
        """See `Workers`."""
        return {n: [cut_of(self._blocks[n], pi, x) for pi, x in of_block] for n, of_block in paths.items()}

    def values(self, x: Array) -> list[tuple[Array, float]]:
        """See `Workers`."""
        return [self._dispatcher.values(n, x[block.planning]) for n, block in enumerate(self._blocks)]

    def dispatch_some(self, numbers: Sequence[int], x: Array) -> dict[int, Dispatch]:
        """See `Workers`."""
        return {n: self._dispatcher.dispatch(n, x[self._blocks[n].planning]) for n in numbers}

    def charge(self, prices: Mapping[int, Array]) -> None:
        """See `Workers`."""
        self._dispatcher.charge(prices)

    def bases(self) -> dict[int, Statuses]:
        """See `Workers`."""
        return self._dispatcher.bases()

    def close(self) -> None:
        """Nothing to end."""


class Pool:
    """Solves the blocks in processes of their own."""

    def __init__(self, blocks: Sequence[Block], processes: int, starts: Starts | None = None) -> None:
        self._blocks = blocks
        self._starts = starts or {}
        self._context = multiprocessing.get_context("fork" if _can_fork() else "spawn")
        self._shares = _shared_out(blocks, processes)
        self._deaths = 0
        self._workers = [self._start(share) for share in self._shares]

    @property
    def process_ids(self) -> list[int]:
        """Numbers of the processes, in the order of their work."""
        return [process.pid for process, _ in self._workers]

    def dispatch(self, x: Array) -> list[Dispatch]:
        """See `Workers`."""
        asked = [("dispatch", {n: x[self._blocks[n].planning] for n in share}) for share in self._shares]
        return self._in_order(self._asked(asked))

    def cuts(self, paths: Paths) -> dict[int, list[Cut]]:
        """See `Workers`."""
        asked = [("cuts", {n: paths[n] for n in share if n in paths}) for share in self._shares]
        return self._asked(asked)

    def values(self, x: Array) -> list[tuple[Array, float]]:
        """See `Workers`."""
        answers: dict[int, tuple[Array, float]] = {}
        for first in range(0, max(map(len, self._shares)), VALUES_AT_ONCE):
            some = [share[first : first + VALUES_AT_ONCE] for share in self._shares]
            asked = [("values", {n: x[self._blocks[n].planning] for n in numbers}) for numbers in some]
            answers.update(self._asked(asked))
        return self._in_order(answers)

    def dispatch_some(self, numbers: Sequence[int], x: Array) -> dict[int, Dispatch]:
        """See `Workers`."""
        some = set(numbers)
        asked = [("dispatch", {n: x[self._blocks[n].planning] for n in share if n in some}) for share in self._shares]
        return self._asked(asked)

    def charge(self, prices: Mapping[int, Array]) -> None:
        """See `Workers`."""
        for number, price in prices.items():
            self._blocks[number].slack_cost = price  # for a worker that takes another one's place
        self._asked([("charge", {n: prices[n] for n in share if n in prices}) for share in self._shares])

    def bases(self) -> dict[int, Statuses]:
        """See `Workers`."""
        return self._asked([("bases", {}) for _ in self._shares])

    def close(self) -> None:
        """End the processes."""
        for process, line in self._workers:
            try:
                line.send(None)
            except OSError:
                logger.debug("worker %s had ended before", process.pid)
            line.close()
        for process, _ in self._workers:
            process.join(timeout=5)
            if process.is_alive():
                process.kill()
                process.join()

    def _in_order(self, answers: dict[int, Any]) -> list[Any]:
        return [answers[n] for n in range(len(self._blocks))]

    def _asked(self, asked: list[tuple[str, Any]]) -> dict[int, Any]:
        for number, question in enumerate(asked):
            self._send(number, question)
        answers: dict[int, Any] = {}
        failures: list[str] = []
        for number, question in enumerate(asked):  # all of them, so that no answer is left for the next question
            kind, answer = self._answer(number, question)
            if kind == "failed":
                failures.append(answer)
            else:
                answers.update(answer)
        if failures:
            raise SolverFailure("; ".join(failures))
        return answers

    def _send(self, number: int, question: Any) -> None:
        try:
            self._workers[number][1].send(question)
        except OSError:
            self._replace(number)
            self._send(number, question)

    def _answer(self, number: int, question: Any) -> tuple[str, Any]:
        while True:
            try:
                answer: tuple[str, Any] = self._workers[number][1].recv()
            except (EOFError, OSError):
                self._replace(number)
                self._send(number, question)
            else:
                return answer

    def _replace(self, number: int) -> None:
        """Start a worker in the place of one that died."""
        process, line = self._workers[number]
        line.close()
        process.join(timeout=5)
        self._deaths += 1
        if self._deaths > MOST_DEATHS:
            raise SolverFailure(
                f"{self._deaths} worker processes ended by themselves, the last with code {process.exitcode}; "
                "the machine may be short of memory: try fewer (solve: {threads: 1})"
            )
        logger.warning("a worker process ended (code %s); another one takes its blocks", process.exitcode)
        self._workers[number] = self._start(self._shares[number])

    def _start(self, share: Sequence[int]) -> tuple[Any, Any]:
        here, there = self._context.Pipe()
        blocks = {n: self._blocks[n] for n in share}
        given = (there, here, blocks, {n: self._starts[n] for n in share if n in self._starts})
        # both exist by the same means, though only one of the contexts is known to the type checker
        process = self._context.Process(target=_work, args=given, daemon=True)  # type: ignore[attr-defined]
        let_threads_go()  # a fork has none of them, and would wait for them for ever
        with _without_ctrl_c():
            process.start()
        there.close()
        return process, here


@contextmanager
def _without_ctrl_c() -> Iterator[None]:
    """Let Ctrl-C wait for a moment: an exception raised while a process forks is dropped, and the wish with it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[tuple[int, FrameType | None]] = []
    before = signal.signal(signal.SIGINT, lambda number, frame: came.append((number, frame)))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        for number, frame in came:
            if callable(before):
                before(number, frame)


def _can_fork() -> bool:
    return (
        "fork" in multiprocessing.get_all_start_methods() and os.uname().sysname == "Linux"
        if hasattr(os, "uname")
        else False
    )


def _shared_out(blocks: Sequence[Block], processes: int) -> list[list[int]]:
    """Blocks by process, the largest first, each to whoever has least."""
    shares: list[list[int]] = [[] for _ in range(processes)]
    load = np.zeros(processes)
    for number in sorted(range(len(blocks)), key=lambda n: -len(blocks[n].columns)):
        least = int(np.argmin(load))
        shares[least].append(number)
        load[least] += len(blocks[number].columns)
    return [sorted(share) for share in shares]


def _work(line: Any, other_end: Any, blocks: dict[int, Block], starts: Starts) -> None:
    """What a worker does: answer until told to end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()  # a collector that visits what all processes share would make a copy of it for each
    other_end.close()
    dispatcher = Dispatcher(blocks, starts)
    while True:
        try:
            question = line.recv()
        except (EOFError, OSError):
            return
        if question is None:
            return
        answer: tuple[str, Any]
        try:
            answer = ("answer", _answered(dispatcher, blocks, *question))
        except GigasiteError as fault:
            answer = ("failed", str(fault))
        except Exception as fault:  # noqa: BLE001 - whatever it is: told, not tried again in a new process
            answer = ("failed", f"a worker process failed: {type(fault).__name__}: {fault}")
        try:
            line.send(answer)
        except OSError:
            return  # nobody listens any more


def _answered(dispatcher: Dispatcher, blocks: dict[int, Block], kind: str, of_block: dict[int, Any]) -> dict[int, Any]:
    if kind == "dispatch":
        return {n: dispatcher.dispatch(n, x) for n, x in of_block.items()}
    if kind == "values":
        return {n: dispatcher.values(n, x) for n, x in of_block.items()}
    if kind == "bases":
        return dispatcher.bases()
    if kind == "charge":
        dispatcher.charge(of_block)
        return {}
    return {n: [cut_of(blocks[n], pi, x) for pi, x in paths] for n, paths in of_block.items()}
