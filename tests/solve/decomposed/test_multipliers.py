"""Multipliers find the rows they belong to, by name and by step."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.solve.decomposed.random_blocks import random_block
from tests.solve.decomposed.systems import KINDS, level_of, small

from gigasite.solve.decomposed.block import Block, Segment
from gigasite.solve.decomposed.cut import cut_of
from gigasite.solve.decomposed.dispatch import Dispatcher
from gigasite.solve.decomposed.multipliers import DIVIDED, REPEATED, SPREAD, Path, on, ways_between


def with_rows(*segments: tuple[str, list[int]], steps: int) -> Block:
    """A block of which only the names and steps of its rows matter."""
    count = sum(len(of) for _, of in segments)
    made, first = [], 0
    for name, of in segments:
        made.append(Segment(name, first + np.arange(len(of)), np.array(of)))
        first += len(of)
    return replace(random_block(0), steps=steps, segments=tuple(made), row_lower=np.zeros(count))


def test_a_path_goes_back_to_the_rows_it_came_from() -> None:
    block = with_rows(("balance", [0, 1, 2]), ("cap", [0]), steps=3)
    pi = np.array([1.0, 2.0, 3.0, 4.0], dtype=np.float32)
    assert on(block, Path.of(block, pi)).tolist() == pi.tolist()


def test_rows_are_found_by_name_and_step_wherever_they_stand() -> None:
    one = with_rows(("balance", [0, 1, 2]), ("cap", [0]), steps=3)
    other = with_rows(("new", [0, 1]), ("cap", [0]), ("balance", [2, 0]), steps=3)
    path = Path.of(one, np.array([1.0, 2.0, 3.0, 4.0], dtype=np.float32))
    assert on(other, path).tolist() == [0.0, 0.0, 4.0, 3.0, 1.0]


@pytest.mark.parametrize(
    ("way", "expected"),
    [
        (None, [1.0, 1.0, 2.0, 2.0, 3.0, 3.0]),
        (DIVIDED, [1.0, 1.0, 2.0, 2.0, 3.0, 3.0]),
        (REPEATED, [2.0, 2.0, 4.0, 4.0, 6.0, 6.0]),
        # 2 at step 0 reaches 0 and its own two steps, and so on: each weighs 1/2, 1, 1/2 round its first fine step
        (SPREAD, [2.0, 1.0 + 2.0, 4.0, 2.0 + 3.0, 6.0, 3.0]),
    ],
)
def test_a_coarse_row_goes_to_its_fine_steps(way: str | None, expected: list[float]) -> None:
    coarse, fine = with_rows(("a", [0, 1, 2]), steps=3), with_rows(("a", list(range(6))), steps=6)
    found = on(fine, Path.of(coarse, np.array([2.0, 4.0, 6.0], dtype=np.float32)), {} if way is None else {"a": way})
    assert found.tolist() == pytest.approx(expected)


def test_a_sum_over_the_month_has_one_row_at_every_resolution() -> None:
    coarse, fine = with_rows(("cap", [0]), steps=1), with_rows(("cap", [0]), steps=24)
    path = Path.of(coarse, np.array([6.0], dtype=np.float32))
    assert on(fine, path, {"cap": REPEATED}).tolist() == [6.0]
    assert on(fine, path).tolist() == pytest.approx([0.25])


def test_from_fine_steps_to_coarse_ones_what_there_is_is_laid_down() -> None:
    fine, coarse = with_rows(("a", list(range(6))), steps=6), with_rows(("a", [0, 1]), steps=2)
    path = Path.of(fine, np.arange(6, dtype=np.float32))
    assert on(coarse, path).tolist() == [0.0, 1.0]


def test_the_ways_up_are_those_that_give_the_highest_bound() -> None:
    coarse, fine = (level_of(small(5, KINDS, months=(1, 7), steps=steps, years=(2030,))) for steps in (1, 4))
    x = 0.2 * coarse.arrays.upper
    dispatcher = Dispatcher(dict(enumerate(coarse.blocks)))
    paths = [Path.of(b, dispatcher.dispatch(n, x[b.planning]).multipliers) for n, b in enumerate(coarse.blocks)]
    at = 0.2 * fine.arrays.upper
    pairs = [(block, path, at[block.planning]) for block, path in zip(fine.blocks, paths, strict=True)]
    ways = ways_between(pairs[:1])
    block, path, here = pairs[0]
    reached = cut_of(block, on(block, path, ways), here).at(here)
    for way in (DIVIDED, REPEATED, SPREAD):
        assert cut_of(block, on(block, path, dict.fromkeys(ways, way)), here).at(here) <= reached + 1e-9 * abs(reached)
    assert ways["balance[s0]"] == DIVIDED  # the price of power: an hour's share of the day's
