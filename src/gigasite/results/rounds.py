"""Bounds round by round: how the certified gap closed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd


class BoundsOfRound(NamedTuple):
    """Where a solve stood after a round.

    Attributes:
        resolution_h: hours of a step at its level; only the last level certifies.
        of_pass: pass of the level; passes differ in the arrays that depend on the plan.
        seconds: since the solve began.
        upper_usd: cost of the best plan at that level.
        lower_usd: no plan costs less at that level.
        cuts: cuts in the planning problem.
        of_answer: whether the level and the pass are those the answer comes from.
    """

    resolution_h: int
    of_pass: int
    seconds: float
    upper_usd: float
    lower_usd: float
    cuts: int
    of_answer: bool = False


def bounds_table(rounds: Sequence[BoundsOfRound]) -> pd.DataFrame:
    """One row for every round, with the gap between its bounds."""
    table = pd.DataFrame(rounds, columns=list(BoundsOfRound._fields))
    table.insert(0, "round", range(1, len(table) + 1))
    table["gap"] = (table["upper_usd"] - table["lower_usd"]).clip(lower=0.0) / table["upper_usd"].abs().clip(lower=1.0)
    return table
