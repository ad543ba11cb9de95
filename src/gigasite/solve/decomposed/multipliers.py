"""Multiplier paths that outlive the problem they were found in: matched by the names of rows, from step to step.

Any path gives a valid cut anywhere, so what follows only decides how good the cut is. From coarse steps to fine ones a
row's multipliers may go three ways:

    divided   pi_fine = pi_coarse / r      power rows: r fine steps share the price of the coarse one
    repeated  pi_fine = pi_coarse          energy rows and sums: their coefficients carry the hours of a step
    spread    a triangle over two coarse steps     ramps between steps

with r fine steps in a coarse one. Which way suits a row is tried on one block: the way that gives the highest bound at
the plan in hand is taken for all rows of that name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from gigasite.solve.compiled import Array
from gigasite.solve.decomposed.block import Block, Segment
from gigasite.solve.decomposed.cut import cut_of

DIVIDED, REPEATED, SPREAD = "divided", "repeated", "spread"
WAYS = (DIVIDED, REPEATED, SPREAD)
SWEEPS = 2


@dataclass(frozen=True)
class Path:
    """Multipliers of a block's rows by name.

    Attributes:
        steps: steps of the month it was found with.
        parts: for each name, the steps of its rows and their multipliers.
    """

    steps: int
    parts: Mapping[str, tuple[Array, Array]]

    @classmethod
    def of(cls, block: Block, multipliers: Array) -> Path:
        """A path as a block found it; names without any multiplier are left out, since those not known count 0."""
        known = ((s, np.asarray(multipliers[s.positions], dtype=np.float32)) for s in block.segments)
        return cls(block.steps, {s.name: (s.steps, values) for s, values in known if values.any()})


def on(block: Block, path: Path, ways: Mapping[str, str] | None = None) -> Array:
    """A path laid on the rows of another block; a row it does not know counts 0.

    Args:
        block: the block, with as many steps as the path or a multiple.
        path: the multipliers by name.
        ways: how each name goes to finer steps; divided where not given.
    """
    found = np.zeros(len(block.row_lower), dtype=np.float32)
    for segment in block.segments:
        part = path.parts.get(segment.name)
        if part is not None:
            found[segment.positions] = _laid(segment, *part, path.steps, block.steps, (ways or {}).get(segment.name))
    return found


def _laid(segment: Segment, steps: Array, values: Array, coarse: int, fine: int, way: str | None) -> Array:
    """Multipliers of one name on the steps of a segment."""
    ratio = max(1, round(fine / coarse))
    over = np.zeros(max(int(steps.max(initial=0)) + 1, 1), dtype=np.float32)
    over[steps] = values
    timeless = not steps.any() and not segment.steps.any()
    if ratio == 1 or timeless:
        wanted = np.minimum(segment.steps, len(over) - 1)
        share = np.float32(1.0 / ratio) if way in (None, DIVIDED) else np.float32(1.0)
        return np.where(segment.steps < len(over), over[wanted] * share, 0.0)
    of = segment.steps // ratio
    inside = np.minimum(of, len(over) - 1)
    if way == REPEATED:
        return np.where(of < len(over), over[inside], 0.0)
    if way == SPREAD:
        return _triangle(over, ratio, segment.steps)
    return np.where(of < len(over), over[inside] / np.float32(ratio), 0.0)


def _triangle(over: Array, ratio: int, steps: Array) -> Array:
    """Each coarse multiplier, which holds a step to the one before, spread over the fine steps of both."""
    total = np.zeros(len(over) * ratio + ratio, dtype=np.float32)
    for shift in range(1, 2 * ratio):
        weight = min(shift, 2 * ratio - shift) / ratio
        places = (np.arange(len(over)) - 1) * ratio + shift
        inside = places >= 0
        np.add.at(total, places[inside], np.float32(weight) * over[inside])
    return total[np.minimum(steps, len(total) - 1)]


def ways_between(pairs: Sequence[tuple[Block, Path, Array]]) -> dict[str, str]:
    """How the rows of each name go to finer steps: tried out, the highest bound wins.

    Args:
        pairs: some fine blocks, a coarse path and the plan at which the bounds are compared.
    """
    ways: dict[str, str] = {}
    for block, path, x in pairs:
        names = [s.name for s in block.segments if s.name in path.parts and s.name not in ways]
        chosen = dict(ways) | dict.fromkeys(names, DIVIDED)

        def height(trial: Mapping[str, str], block: Block = block, path: Path = path, x: Array = x) -> float:
            return cut_of(block, on(block, path, trial), x).at(x)

        best = height(chosen)
        for _, name in product(range(SWEEPS), names):
            for way in WAYS:
                trial = chosen | {name: way}
                reached = height(trial)
                if reached > best + 1e-12 * abs(best):
                    best, chosen = reached, trial
        ways = chosen
    return ways


def carried(block: Block, paths: Iterable[Path], ways: Mapping[str, str], x: Array) -> list[tuple[Array, Array]]:
    """Paths laid on a block, with the plan their cuts are to be tight at."""
    return [(on(block, path, ways), x) for path in paths]
