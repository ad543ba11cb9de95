"""Blocks of random figures, which no model wrote."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import csr_array

from gigasite.solve.compiled import Array
from gigasite.solve.decomposed.block import AffineBounds, Block, Segment


def sparse(chance: np.random.Generator, rows: int, columns: int, filled: float) -> Any:
    values = chance.normal(size=(rows, columns)) * 10.0 ** chance.integers(-2, 3, (rows, columns))
    return csr_array(np.where(chance.random((rows, columns)) < filled, values, 0.0))


def affine_bounds(chance: np.random.Generator, columns: int, count: int, width: int, middle: float) -> AffineBounds:
    """Up to three bounds of a column, none of others."""
    column = np.sort(chance.integers(0, columns, count))
    return AffineBounds(
        column,
        middle + chance.normal(size=count),
        sparse(chance, count, width, 0.6),
        np.arange(count),
        chance.choice([-2.0, 1.0, 0.5], count),
    )


def random_block(seed: int, *, names: tuple[str, ...] = ("balance", "ramp"), steps: int = 4, columns: int = 7) -> Block:
    """A block with rows of every sense, affine bounds on both sides, and slack on some rows.

    The rows hold at some operation within the fixed bounds for a plan of zeros, so that most plans have an answer.
    """
    chance = np.random.default_rng(seed)
    width = int(chance.integers(1, 4))
    rows = steps * len(names) + 1
    matrix = sparse(chance, rows, columns, 0.4)
    lower, upper = -chance.random(columns) * 5.0, chance.random(columns) * 5.0
    at = matrix @ chance.uniform(lower, upper)
    kind = chance.integers(0, 4, rows)
    row_lower = np.where(kind == 0, -np.inf, at - np.where(kind == 2, 0.0, chance.random(rows)))
    row_upper = np.where(kind == 1, np.inf, at + np.where(kind == 2, 0.0, chance.random(rows)))
    up, down = (np.flatnonzero(chance.random(rows) < 0.7) for _ in range(2))
    slack_rows = np.r_[up, down]
    size = np.abs(matrix.toarray()).max(axis=1)[slack_rows]
    segments = tuple(
        Segment(name, number * steps + np.arange(steps), np.arange(steps)) for number, name in enumerate(names)
    )
    return Block(
        name=f"random {seed}",
        steps=steps,
        columns=np.arange(columns),
        cost=chance.normal(size=columns) * 10.0 ** chance.integers(-3, 3),
        lower=lower,
        upper=upper,
        matrix=matrix,
        row_lower=row_lower,
        row_upper=row_upper,
        row_numbers=np.arange(rows),
        planning=np.arange(width),
        row_planning=sparse(chance, rows, width, 0.3),
        upper_bounds=affine_bounds(chance, columns, int(chance.integers(0, 9)), width, 4.0),
        lower_bounds=affine_bounds(chance, columns, int(chance.integers(0, 5)), width, -4.0),
        slack_rows=slack_rows,
        slack_signs=np.r_[np.ones(len(up)), -np.ones(len(down))],
        slack_cost=chance.uniform(0.1, 100.0, len(slack_rows)),
        slack_size=np.where(size > 0, size, 1.0),
        segments=(*segments, Segment("sum", np.array([rows - 1]), np.array([0]))),
    )


def plans(block: Block, seed: int, count: int = 2) -> list[Array]:
    chance = np.random.default_rng(seed)
    return [chance.uniform(-1.0, 1.0, len(block.planning)) for _ in range(count)]
