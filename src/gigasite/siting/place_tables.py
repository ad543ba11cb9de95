"""The shipped tables of places as frames: counties, zone points, known sites; a planner's folder wins row by row."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from gigasite.foundation.errors import InputError, Problem
from gigasite.inputs.figure_rows import read_table_file
from gigasite.inputs.known_sites import known_sites

if TYPE_CHECKING:
    import pandas as pd

_NUMBERS = ("latitude", "longitude", "area_km2")


def place_table(name: str, folders: tuple[Path, ...]) -> pd.DataFrame:
    """Return a table of places by its name, numbers as floats; the first folder to have a row wins.

    Raises:
        InputError: no folder has the table, a bad row.
    """
    stamps = tuple(_stamp(folder / f"{name}.csv") for folder in folders)
    return _place_table(name, folders, stamps).copy()


@lru_cache(maxsize=16)
def _place_table(name: str, folders: tuple[Path, ...], _stamps: tuple[tuple[int, int], ...]) -> pd.DataFrame:
    import pandas as pd

    rows: dict[str, tuple[str, ...]] = {}
    columns: tuple[str, ...] = ()
    for folder in reversed(folders):
        path = folder / f"{name}.csv"
        if not path.is_file():
            continue
        file = read_table_file(path)
        if file.problems:
            raise InputError(file.problems)
        columns = file.table.columns
        rows.update({row.cells[0]: row.cells for row in file.table.rows})
    if not rows:
        raise InputError(Problem(f"there is no table {name}.csv", allowed=", ".join(str(folder) for folder in folders)))
    frame = pd.DataFrame(list(rows.values()), columns=list(columns), dtype="str")
    for column in columns:
        if column in _NUMBERS or column.startswith("capex_multiplier_"):
            frame[column] = pd.to_numeric(frame[column], errors="raise").astype(float)
    return frame


def known_site_frame(folders: tuple[Path, ...]) -> pd.DataFrame:
    """Return the known sites with their properties, `latitude` and `longitude`."""
    import pandas as pd

    return pd.DataFrame(list(known_sites(folders).values()))


def _stamp(path: Path) -> tuple[int, int]:
    status = path.stat() if path.is_file() else None
    return (status.st_mtime_ns, status.st_size) if status else (0, 0)
