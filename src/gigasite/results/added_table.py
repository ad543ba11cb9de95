"""A table added to a run that is there already, whole or not at all; one of the same name is replaced."""

from __future__ import annotations

import os

import pandas as pd

from gigasite.foundation.errors import InputError, Problem
from gigasite.results.run import Run


def add_table(run: Run, name: str, table: pd.DataFrame) -> None:
    """Write a table into the folder of a run, as Parquet and CSV like the others.

    Raises:
        InputError: the folder cannot be written.
    """
    try:
        for ending in ("parquet", "csv"):
            unfinished = run.path / f".{name}-{os.getpid()}.{ending}"
            try:
                if ending == "parquet":
                    table.to_parquet(unfinished, index=False)
                else:
                    table.to_csv(unfinished, index=False, lineterminator="\n")
                unfinished.replace(run.path / f"{name}.{ending}")
            finally:
                unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(Problem(f"the table {name} cannot be written to {run.path}: {error.strerror}")) from error
    run.forget(name)
