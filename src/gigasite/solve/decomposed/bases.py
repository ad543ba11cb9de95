"""Bases that outlive the problem they were found in: matched by the names of rows and columns, from step to step.

Where the best operation of a month on six-hour means runs a plant full, it mostly does so in each of the six hours. So
a row or column of a fine step begins as it ended at the coarse step around it; one that is not known begins as if it
were not there: a column at its lower bound, a row basic. What comes of it need be no basis: rows that hold once a month
are not repeated as those of a step are. HiGHS is told that it is foreign and makes a basis of it, so that a wrong guess
costs time only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from gigasite.solve.compiled import Array
from gigasite.solve.decomposed.block import Block, Segment

Statuses = tuple[Array, Array]
"""Status of every column, slack last, and of every row, as HiGHS counts them, a byte each."""

AT_LOWER, BASIC = 0, 1
UNKNOWN = -1


@dataclass(frozen=True)
class Basis:
    """Statuses of a block's columns, slacks and rows by name.

    Attributes:
        steps: steps of the month it was found with.
        columns, slacks, rows: for each name, the status at every step; -1 where there is none.
    """

    steps: int
    columns: Mapping[str, Array]
    slacks: Mapping[str, Array]
    rows: Mapping[str, Array]

    @classmethod
    def of(cls, block: Block, columns: Iterable[Segment], statuses: Statuses) -> Basis:
        """A basis as a block ended with it.

        Args:
            block: the block.
            columns: its columns by name.
            statuses: of its columns, slacks and rows.
        """
        of_columns, of_rows = statuses
        operation, slacks = np.split(of_columns, [len(block.columns)])
        return cls(
            block.steps,
            {s.name: _over_steps(s, operation) for s in columns},
            {s.name: _over_steps(s, slacks) for s in _slack_segments(block)},
            {s.name: _over_steps(s, of_rows) for s in block.segments},
        )


def start_from(basis: Basis, block: Block, columns: Iterable[Segment]) -> Statuses:
    """A basis laid on the columns, slacks and rows of another block.

    Args:
        basis: what is known.
        block: the block, with as many steps as the basis or a multiple.
        columns: its columns by name.
    """
    ratio = max(1, round(block.steps / max(basis.steps, 1)))  # a month may have columns and no steps
    operation = _laid(len(block.columns), columns, basis.columns, ratio, AT_LOWER)
    slacks = _laid(len(block.slack_rows), _slack_segments(block), basis.slacks, ratio, AT_LOWER)
    rows = _laid(len(block.row_lower), block.segments, basis.rows, ratio, BASIC)
    return np.r_[operation, slacks], rows


def _over_steps(segment: Segment, statuses: Array) -> Array:
    over = np.full(int(segment.steps.max(initial=0)) + 1, UNKNOWN, dtype=np.int8)
    over[segment.steps] = statuses[segment.positions]
    return over


def _laid(count: int, segments: Iterable[Segment], known: Mapping[str, Array], ratio: int, otherwise: int) -> Array:
    found = np.full(count, otherwise, dtype=np.int8)
    for segment in segments:
        over = known.get(segment.name)
        if over is not None:
            of = segment.steps // ratio
            status = np.where(of < len(over), over[np.minimum(of, len(over) - 1)], UNKNOWN)
            found[segment.positions] = np.where(status == UNKNOWN, otherwise, status)
    return found


def _slack_segments(block: Block) -> Iterable[Segment]:
    """Slacks by the names of their rows and their sign, positions counted from the first slack."""
    for sign, word in ((1.0, "up"), (-1.0, "down")):
        slack_of_row = np.full(len(block.row_lower), -1)
        mine = np.flatnonzero(block.slack_signs == sign)
        slack_of_row[block.slack_rows[mine]] = mine
        for segment in block.segments:
            slacks = slack_of_row[segment.positions]
            held = slacks >= 0
            if held.any():
                yield Segment(f"{word} {segment.name}", slacks[held], segment.steps[held])


def basis_for_highs(statuses: Statuses) -> Any:
    """A foreign basis as HiGHS takes it: whatever it is made of, a basis comes of it or it is refused."""
    import highspy

    kinds = [highspy.HighsBasisStatus(number) for number in range(5)]
    columns, rows = statuses
    basis = highspy.HighsBasis()
    basis.col_status = [kinds[number] for number in columns.tolist()]
    basis.row_status = [kinds[number] for number in rows.tolist()]
    basis.valid, basis.alien = True, True
    return basis


def statuses_of(basis: Any) -> Statuses:
    """The statuses of a basis of HiGHS."""
    parts = [np.array([int(one) for one in part], dtype=np.int8) for part in (basis.col_status, basis.row_status)]
    return parts[0], parts[1]
