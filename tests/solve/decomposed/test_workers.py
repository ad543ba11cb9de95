"""Worker processes give what one process gives, and a dead one is replaced."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from tests.solve.decomposed.systems import level_of, small
from tests.solve.decomposed.test_cut import one_plant

from gigasite.foundation.errors import SolverFailure
from gigasite.solve.decomposed import workers
from gigasite.solve.decomposed.dispatch import Dispatcher
from gigasite.solve.decomposed.level import Level
from gigasite.solve.decomposed.workers import MOST_DEATHS, Alone, Pool, hire


@pytest.fixture(scope="module")
def level() -> Level:
    return level_of(small(4, sites=3))


@pytest.fixture
def pool(level: Level) -> Iterator[Pool]:
    made = Pool(level.blocks, 2)
    yield made
    made.close()


def some_plans(level: Level, count: int = 3) -> list[np.ndarray]:
    chance = np.random.default_rng(1)
    return [level.arrays.upper * chance.random(len(level.arrays.upper)) * 0.3 for _ in range(count)]


def assert_same(mine: Any, theirs: Any) -> None:
    assert len(mine) == len(theirs)
    for one, other in zip(mine, theirs, strict=True):
        assert one.cost == pytest.approx(other.cost, rel=1e-9, abs=1e-9)
        assert one.slack == pytest.approx(other.slack, rel=1e-9, abs=1e-9)


def alive(pid: int) -> bool:
    """Whether a process runs; one that ended and waits to be collected does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return pid in {child.pid for child in multiprocessing.active_children()}


def test_processes_give_what_one_process_gives(level: Level, pool: Pool) -> None:
    alone = Alone(level.blocks)
    for x in some_plans(level):
        mine, theirs = pool.dispatch(x), alone.dispatch(x)
        assert_same(mine, theirs)
        paths = {
            n: [(answer.multipliers, x[block.planning])]
            for n, (block, answer) in enumerate(zip(level.blocks, theirs, strict=True))
            if n != 2
        }
        cuts, known = pool.cuts(paths), alone.cuts(paths)
        assert sorted(cuts) == sorted(paths)
        for n, (cut,) in cuts.items():
            assert cut.constant == pytest.approx(known[n][0].constant, rel=1e-9)
            np.testing.assert_allclose(cut.slope, known[n][0].slope, rtol=1e-9)
        costs = [
            float(block.cost @ operation) for block, (operation, _) in zip(level.blocks, pool.values(x), strict=True)
        ]
        expected = [
            float(block.cost @ operation) for block, (operation, _) in zip(level.blocks, alone.values(x), strict=True)
        ]
        assert costs == pytest.approx(expected, rel=1e-6, abs=1e-6)


def test_operation_comes_in_parts_and_in_order(level: Level, pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    (x,) = some_plans(level, 1)
    theirs = Alone(level.blocks).values(x)
    asked: list[int] = []
    real = Pool._asked
    monkeypatch.setattr(Pool, "_asked", lambda self, given: asked.append(len(given)) or real(self, given))
    for at_once, times in ((1, max(map(len, pool._shares))), (10**6, 1)):
        asked.clear()
        monkeypatch.setattr(workers, "VALUES_AT_ONCE", at_once)
        for (mine, slack), (known, of_known) in zip(pool.values(x), theirs, strict=True):
            np.testing.assert_allclose(mine, known, atol=1e-9)
            assert slack == pytest.approx(of_known, abs=1e-9)
        assert len(asked) == times


def test_processes_hand_the_bases_of_their_blocks_back_and_begin_with_those_they_are_given(level: Level) -> None:
    (x, *_) = some_plans(level)
    alone = Alone(level.blocks)
    cold = alone.dispatch(x)
    pool = Pool(level.blocks, 2, alone.bases())
    try:
        warm = pool.dispatch(x)
        assert_same(warm, cold)
        assert sum(one.iterations for one in warm) == 0 < sum(one.iterations for one in cold)
        bases = pool.bases()
        assert sorted(bases) == list(range(len(level.blocks)))
        for n, (columns, rows) in bases.items():
            assert len(columns) == len(level.blocks[n].columns) + len(level.blocks[n].slack_rows)
            assert len(rows) == len(level.blocks[n].row_lower)
    finally:
        pool.close()


def test_every_block_has_one_worker_and_all_have_about_as_much_to_do(level: Level) -> None:
    shares = workers._shared_out(level.blocks, 2)
    assert sorted(n for share in shares for n in share) == list(range(len(level.blocks)))
    load = [sum(len(level.blocks[n].columns) for n in share) for share in shares]
    assert max(load) - min(load) <= max(len(block.columns) for block in level.blocks)


def test_a_worker_killed_between_two_plans_is_replaced(
    level: Level, pool: Pool, caplog: pytest.LogCaptureFixture
) -> None:
    one, two, _ = some_plans(level)
    pool.dispatch(one)
    first, other = pool.process_ids
    os.kill(first, signal.SIGKILL)
    with caplog.at_level(logging.WARNING):
        answers = pool.dispatch(two)
    assert_same(answers, Alone(level.blocks).dispatch(two))
    assert pool.process_ids[0] != first
    assert pool.process_ids[1] == other
    assert "another one takes its blocks" in caplog.text


class Slow(Dispatcher):
    """Takes its time, so that a worker is killed at work."""

    def dispatch(self, number: int, x: Any) -> Any:
        time.sleep(0.05)
        return super().dispatch(number, x)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the slow worker reaches its process by fork only")
def test_a_worker_killed_at_work_is_replaced_and_its_blocks_solved_again(
    level: Level, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "Dispatcher", Slow)
    pool = Pool(level.blocks, 2)
    try:
        victim = pool.process_ids[1]
        killer = threading.Timer(0.15, os.kill, (victim, signal.SIGKILL))
        killer.start()
        (x, *_) = some_plans(level)
        answers = pool.dispatch(x)
        killer.join()
        assert pool.process_ids[1] != victim
        assert_same(answers, Alone(level.blocks).dispatch(x))
    finally:
        pool.close()


class Dying(Dispatcher):
    """Ends its process as soon as it is asked."""

    def dispatch(self, number: int, x: Any) -> Any:
        os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the dying worker reaches its process by fork only")
def test_workers_that_die_again_and_again_end_the_solve(level: Level, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "Dispatcher", Dying)
    pool = Pool(level.blocks, 2)
    with pytest.raises(SolverFailure, match=f"{MOST_DEATHS + 1} worker processes") as told:
        pool.dispatch(some_plans(level)[0])
    assert "threads: 1" in str(told.value)
    pids = pool.process_ids
    pool.close()
    assert not any(alive(pid) for pid in pids)


def test_closing_leaves_no_processes(level: Level) -> None:
    pool = Pool(level.blocks, 2)
    pids = pool.process_ids
    assert all(alive(pid) for pid in pids)
    pool.dispatch(some_plans(level)[0])
    pool.close()
    assert not any(alive(pid) for pid in pids)


def test_a_worker_that_had_died_before_does_not_spoil_the_closing(level: Level) -> None:
    pool = Pool(level.blocks, 2)
    pids = pool.process_ids
    os.kill(pids[0], signal.SIGKILL)
    pool.close()
    assert not any(alive(pid) for pid in pids)


def test_workers_do_not_hear_ctrl_c(level: Level, pool: Pool) -> None:
    (x, *_) = some_plans(level)
    pool.dispatch(x)
    before = pool.process_ids
    for pid in before:
        os.kill(pid, signal.SIGINT)
    assert_same(pool.dispatch(x), Alone(level.blocks).dispatch(x))
    assert pool.process_ids == before


def test_a_block_without_an_answer_fails_in_words_and_the_pool_can_be_asked_again() -> None:
    blocks = [one_plant(), one_plant()]
    pool = Pool(blocks, 2)
    try:
        with pytest.raises(SolverFailure, match="by hand"):
            pool.dispatch(np.array([0.0, -1e3]))  # 1,010 MW are needed, and there are 104
        assert [one.cost for one in pool.dispatch(np.array([6.0, 1.0]))] == pytest.approx([162.0, 162.0])
    finally:
        pool.close()


class Faulty(Dispatcher):
    """Has a fault of its own."""

    def dispatch(self, number: int, x: Any) -> Any:
        raise ZeroDivisionError("by nothing")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the faulty worker reaches its process by fork only")
def test_a_fault_in_a_worker_is_told_and_not_tried_again_in_a_new_process(
    level: Level, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(workers, "Dispatcher", Faulty)
    pool = Pool(level.blocks, 2)
    pids = pool.process_ids
    try:
        with (
            caplog.at_level(logging.WARNING),
            pytest.raises(SolverFailure, match="a worker process failed: ZeroDivisionError: by nothing"),
        ):
            pool.dispatch(some_plans(level)[0])
        assert pool.process_ids == pids
        assert not caplog.text
    finally:
        pool.close()


def test_a_process_that_may_have_no_children_does_the_work_itself(
    level: Level, monkeypatch: pytest.MonkeyPatch
) -> None:
    this: Any = multiprocessing.current_process()
    monkeypatch.setitem(this._config, "daemon", True)
    assert isinstance(hire(level.blocks, 2), Alone)


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="signals cannot wait here")
def test_ctrl_c_waits_while_a_process_is_made() -> None:
    passed: list[str] = []

    def make() -> None:
        with workers._without_ctrl_c():
            os.kill(os.getpid(), signal.SIGINT)
            passed.append("made")
        time.sleep(1.0)
        passed.append("after")

    with pytest.raises(KeyboardInterrupt):
        make()
    assert passed == ["made"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_little_work_is_done_in_this_process(level: Level) -> None:
    assert isinstance(hire(level.blocks), Alone)
    assert isinstance(hire(level.blocks, 1), Alone)
    made = hire(level.blocks, 2)
    assert isinstance(made, Pool)
    made.close()


def test_some_blocks_alone_give_what_they_give_among_all(level: Level, pool: Pool) -> None:
    x = some_plans(level, 1)[0]
    every = Alone(level.blocks).dispatch(x)
    for who in (pool, Alone(level.blocks)):
        some = who.dispatch_some([5, 0, 3], x)
        assert sorted(some) == [0, 3, 5]
        assert_same([some[n] for n in (0, 3, 5)], [every[n] for n in (0, 3, 5)])


@pytest.mark.parametrize("killed", [False, True])
def test_dearer_slack_is_paid_by_whoever_solves_the_block(killed: bool) -> None:
    """Also by a worker that takes the place of one that died, and by an object that holds the block at the moment."""
    level = level_of(small(4, sites=3))
    copies = [n for n, name in enumerate(level.names) if name.startswith("carried over")]
    x = np.zeros(len(level.arrays.upper))
    x[copies] = level.arrays.upper[copies]  # stores that are not there are to be full
    before = Alone(level.blocks).dispatch(x)
    using, *_, other = (n for n, answer in enumerate(before) if answer.slack > 1e-3)
    alone, pool = Alone(level_of(small(4, sites=3)).blocks), Pool(level.blocks, 2)
    try:
        pool.dispatch(x)
        alone.dispatch(x)
        dearer = {using: level.blocks[using].slack_cost * 10.0}
        alone.charge(dearer)
        pool.charge(dearer)
        if killed:
            for pid in pool.process_ids:
                os.kill(pid, signal.SIGKILL)
        mine, theirs = pool.dispatch(x), alone.dispatch(x)
    finally:
        pool.close()
    assert_same(mine, theirs)
    assert mine[using].cost > before[using].cost * 1.5
    assert mine[other].cost == pytest.approx(before[other].cost, rel=1e-9)
