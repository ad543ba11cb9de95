"""Cuts that are held in the planning problem: where each came from, and all of them as rows.

theta_b - slope x >= constant
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from gigasite.solve.compiled import Array
from gigasite.solve.decomposed.cut import Cut
from gigasite.solve.decomposed.packed import Packed, Squeezed
from gigasite.solve.decomposed.planning import PlanningArrays

SMALLEST_SLOPE = 1e-8
"""HiGHS leaves smaller coefficients out without a word; here they leave on the side that keeps a cut valid."""

LARGEST_NUMBER = 1e12
"""HiGHS refuses coefficients from 1e15 on, and loses its way before."""


@dataclass
class HeldCut:
    """A cut in the planning problem, and where it came from.

    Attributes:
        block: its block.
        constant, slope: on the planning columns in `planning`.
        path: the multipliers it was made from.
        at: the block's planning values its choice of bounds was made at.
        idle: rounds since it last held.
        pinned: whether it proves the cost of whole numbers that were tried, and so must stay.
    """

    block: int
    cut: Cut
    planning: Array
    path: Packed | Squeezed
    at: Array
    idle: int = 0
    pinned: bool = False


def is_usable(cut: Cut) -> bool:
    """Whether a solver can work with the numbers of a cut."""
    largest = float(np.abs(cut.slope).max(initial=0.0))
    return bool(np.isfinite(cut.constant) and abs(cut.constant) < LARGEST_NUMBER and largest < LARGEST_NUMBER)


def cut_rows(cuts: Sequence[HeldCut], width: int, blocks: int, arrays: PlanningArrays) -> tuple[Any, Array]:
    """Cuts as rows theta - slope x >= constant: a CSR array over planning columns and thetas, and the constants."""
    columns: list[Array] = []
    values: list[Array] = []
    starts, sides = [0], []
    for held in cuts:
        cut, where = without_dust(held, arrays)
        columns += [where, np.array([width + held.block])]
        values += [-cut.slope, np.ones(1)]
        starts.append(starts[-1] + len(where) + 1)
        sides.append(cut.constant)
    flat = np.concatenate(columns) if columns else np.empty(0, dtype=np.int64)
    numbers = np.concatenate(values) if values else np.empty(0)
    return csr_array((numbers, flat, np.array(starts)), shape=(len(cuts), width + blocks)), np.array(sides)


def without_dust(held: HeldCut, arrays: PlanningArrays) -> tuple[Cut, Array]:
    """A cut without tiny slopes, lowered by the most they could have added."""
    slope = held.cut.slope
    dust = np.abs(slope) < SMALLEST_SLOPE
    where = held.planning[dust]
    least = np.minimum(slope[dust] * arrays.lower[where], slope[dust] * arrays.upper[where]).sum()
    return Cut(held.cut.constant + float(least), slope[~dust]), held.planning[~dust]
