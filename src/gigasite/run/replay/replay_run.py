"""Replay a written run and put the table `replay` beside its other tables."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from gigasite.foundation.errors import InputError, Problem
from gigasite.results.added_table import add_table
from gigasite.results.books import Books
from gigasite.results.run import Run
from gigasite.run.crosscheck.reopened import reopened_system
from gigasite.run.replay.replay_table import TABLE, replay_table, replayed_shortages

FEWEST_YEARS, MOST_YEARS = 10, 1_000_000
TABLES = ("capacity", "load", "contract", "lines")
"""Tables of a run that say what the plan has."""

Progress = Callable[[str, "float | None"], None]


@dataclass(frozen=True)
class Replayed:
    """What a replay of a run found.

    Attributes:
        run: folder of the run.
        table: the table `replay`.
        outage_years: how many were replayed for every site and year.
        seed: seed of every random stream.
        seconds: time of the replay itself.
    """

    run: str
    table: pd.DataFrame
    outage_years: int
    seed: int
    seconds: float


def replay_run(run: Run, *, years: int = 1_000, seed: int = 1, progress: Progress | None = None) -> Replayed:
    """Replay unit outages over all hours of every site and year of a run; the table is written into the run.

    Args:
        run: a written run.
        years: number of outage years.
        seed: seed of every random stream; the same seed finds the same.
        progress: told each stage as it begins, with None, and as it ends, with its seconds.

    Raises:
        InputError: the number of years or the seed is none, the run's figures have changed, or it cannot be written.
    """
    _refuse(years, seed)
    begun = time.perf_counter()
    tell = progress or (lambda *_: None)
    tell("read the run again", None)
    books = Books(reopened_system(run), {name: run.table(name) for name in TABLES})
    tell("read the run again", time.perf_counter() - begun)
    begun = time.perf_counter()
    stage = f"replay {years:,} outage years"
    tell(stage, None)
    found = replayed_shortages(books, years=years, seed=seed)
    table = replay_table(books, found, seed=seed)
    seconds = time.perf_counter() - begun
    tell(stage, seconds)
    add_table(run, TABLE, table)
    return Replayed(str(run.path), table, years, seed, seconds)


def _refuse(years: int, seed: int) -> None:
    if not FEWEST_YEARS <= years <= MOST_YEARS:
        raise InputError(
            Problem("no such number of outage years", given=str(years), allowed=f"{FEWEST_YEARS} to {MOST_YEARS:,}")
        )
    if seed < 0:
        raise InputError(Problem("a seed is never negative", given=str(seed), allowed="0, 1, 2 ..."))
