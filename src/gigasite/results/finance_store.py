"""The tables of a run's money, in the folder `finance` of the run: all of them or none; earlier ones are replaced."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping

import pandas as pd

from gigasite.foundation.errors import InputError, Problem, did_you_mean
from gigasite.results.run import Run

FOLDER = "finance"


def write_finance(run: Run, tables: Mapping[str, pd.DataFrame]) -> None:
    """Write the tables, as Parquet and CSV.

    Raises:
        InputError: the folder cannot be written.
    """
    place = run.path / FOLDER
    unfinished, old = (run.path / f".{FOLDER}-{word}-{os.getpid()}" for word in ("unfinished", "old"))
    try:
        try:
            unfinished.mkdir()
            for name, table in tables.items():
                table.to_parquet(unfinished / f"{name}.parquet", index=False)
                table.to_csv(unfinished / f"{name}.csv", index=False, lineterminator="\n")
            if place.exists():
                place.rename(old)
            unfinished.rename(place)
        finally:
            if old.exists() and not place.exists():
                old.rename(place)
            for folder in (unfinished, old):
                shutil.rmtree(folder, ignore_errors=True)
    except OSError as error:
        message, remedy = f"the folder {place} cannot be written: {error.strerror}", "copy the run where you may write"
        raise InputError(Problem(message, remedy=remedy)) from error


def read_finance(run: Run, name: str) -> pd.DataFrame:
    """A table of a run's money.

    Raises:
        InputError: it has not been written, or there is none of this name.
    """
    file = run.path / FOLDER / f"{name}.parquet"
    if not file.is_file():
        known = sorted(path.stem for path in file.parent.glob("*.parquet"))
        remedy = did_you_mean(name, known) if known else f"gigasite finance {run.scenario}"
        raise InputError(
            Problem(
                f"the run {run.path} has no such table of money", given=name, allowed=", ".join(known), remedy=remedy
            )
        )
    return pd.read_parquet(file)
