"""Runs on disk: `results/<scenario>/<run>/`, each there whole or not at all.

A run is written to a hidden folder beside its place, in the same file system, and renamed once it is complete. Whoever
is killed in the middle leaves a hidden folder that nobody reads; a later write of the scenario clears old ones.
"""

from __future__ import annotations

import errno
import hashlib
import json
import logging
import os
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

from gigasite.foundation.errors import InputError, Problem, did_you_mean
from gigasite.results.run import HOURLY, MANIFEST, SCENARIO, Run, read_manifest, to_json_text

logger = logging.getLogger(__name__)

UNFINISHED = ".unfinished-"
ABANDONED_AFTER_S = 24 * 3600.0
"""A hidden folder this old belongs to nobody any more."""


def write_run(
    results: Path,
    scenario_name: str,
    tables: Mapping[str, Any],
    manifest: Mapping[str, Any],
    resolved_scenario: Mapping[str, Any],
) -> Path:
    """Write a run and return its folder.

    Args:
        results: folder of all runs.
        scenario_name: name of the scenario.
        tables: DataFrames by name; `hourly` is a dictionary of them by site and year.
        manifest: what the run was made from and how.
        resolved_scenario: the scenario with every default, as plain data.

    Raises:
        InputError: the folder cannot be written.
    """
    return write_whole(
        Path(results) / scenario_name,
        lambda unfinished: write_files(unfinished, tables, manifest, resolved_scenario),
        named_by=(MANIFEST, SCENARIO),
    )


def write_whole(home: Path, fill: Callable[[Path], None], *, named_by: Sequence[str]) -> Path:
    """Write a folder below `home` whole or not at all, and return it.

    Args:
        home: where it is to stand.
        fill: writes its files into the folder it is handed.
        named_by: files whose content enters its name.

    Raises:
        InputError: the folder cannot be written.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
        _clear_abandoned(home)
        unfinished = home / f"{UNFINISHED}{os.getpid()}-{time.time_ns()}"
        unfinished.mkdir()
        try:
            fill(unfinished)
            return _put_in_place(unfinished, home, named_by)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    except OSError as error:
        raise InputError(
            Problem(
                f"the run cannot be written to {home}: {error.strerror}", remedy="name another folder with --results"
            )
        ) from error


def write_files(
    folder: Path, tables: Mapping[str, Any], manifest: Mapping[str, Any], resolved_scenario: Mapping[str, Any]
) -> None:
    """Write the files of a run into a folder that is there."""
    (folder / HOURLY).mkdir()
    for name, table in tables.items():
        if name == HOURLY:
            for (site, year), frame in table.items():
                frame.to_parquet(folder / HOURLY / f"{site}_{year}.parquet", index=False)
        else:
            table.to_parquet(folder / f"{name}.parquet", index=False)
            table.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")
    _write_text(folder / SCENARIO, _yaml_text(resolved_scenario))
    _write_text(folder / MANIFEST, to_json_text(manifest))


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _yaml_text(data: Mapping[str, Any]) -> str:
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.width = 120
    stream = StringIO()
    yaml.dump(dict(data), stream)
    return stream.getvalue()


def _put_in_place(unfinished: Path, home: Path, named_by: Sequence[str]) -> Path:
    """Rename the finished folder to a name nobody has: UTC time to the second, and a short hash of what is in it."""
    written = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    content = b"".join((unfinished / name).read_bytes() for name in named_by) + unfinished.name.encode()
    for attempt in range(100):
        place = home / f"{written}-{hashlib.sha256(content + bytes([attempt])).hexdigest()[:6]}"
        try:
            unfinished.rename(place)
        except OSError as error:  # another process took the name since
            if error.errno not in (errno.EEXIST, errno.ENOTEMPTY):
                raise
        else:
            return place
    raise OSError(errno.EEXIST, "no free name for the run")


def _clear_abandoned(home: Path) -> None:
    for folder in home.glob(f"{UNFINISHED}*"):
        try:
            old = time.time() - folder.stat().st_mtime > ABANDONED_AFTER_S
        except FileNotFoundError:
            continue
        if old:
            shutil.rmtree(folder, ignore_errors=True)


def is_run(folder: Path) -> bool:
    """Whether a folder is a finished run."""
    return (folder / MANIFEST).is_file() and not folder.name.startswith(UNFINISHED)


def read_run(path: Path | str) -> Run:
    """A run by its folder, or the newest run of a scenario by the scenario's folder.

    Raises:
        InputError: there is no run, or what is there cannot be read.
    """
    folder = Path(path)
    if not folder.exists():
        raise InputError(_missing(folder))
    if folder.is_dir() and not is_run(folder):
        runs = _runs_in(folder)
        if runs:
            folder = runs[-1]
    if not is_run(folder):
        raise InputError(
            Problem(
                f"{folder} is no run: it has no {MANIFEST}",
                given=str(path),
                allowed="a folder results/<scenario>/<run>, or results/<scenario> for its newest run",
                remedy="`gigasite list` shows the runs there are",
            )
        )
    return Run(folder, read_manifest(folder / MANIFEST))


def _missing(folder: Path) -> Problem:
    near = [str(path) for path in folder.parent.glob("*") if path.is_dir()] if folder.parent.is_dir() else []
    remedy = did_you_mean(str(folder), near) or "`gigasite list` shows the runs there are"
    return Problem(f"there is no folder {folder}", given=str(folder), remedy=remedy)


def _runs_in(folder: Path) -> list[Path]:
    """Runs of one scenario, oldest first: the name begins with the time, and the file system tells within a second."""
    found = [path for path in folder.iterdir() if path.is_dir() and is_run(path)]
    return sorted(found, key=lambda path: (path.name.partition("-")[0], path.stat().st_mtime_ns, path.name))


def find_runs(results: Path | str) -> list[Run]:
    """Every run below a folder of results that can be read: by scenario, oldest first; others are left out with a warning."""
    home = Path(results)
    if not home.is_dir():
        return []
    scenarios = sorted(path for path in home.iterdir() if path.is_dir())
    found: list[Run] = []
    for path in (path for scenario in scenarios for path in _runs_in(scenario)):
        try:
            run = Run(path, read_manifest(path / MANIFEST))
            if (path / "summary.parquet").is_file():
                _ = run.summary  # the table every list reads: a damaged one is found here
            found.append(run)
        except InputError as error:
            logger.warning("a run is left out: %s", error.problems[0].message)
    return found


def latest_run(results: Path | str, scenario: str) -> Run:
    """The newest run of a scenario.

    Raises:
        InputError: the scenario has not been solved there.
    """
    home = Path(results)
    runs = _runs_in(home / scenario) if (home / scenario).is_dir() else []
    if not runs:
        solved = sorted({run.scenario for run in find_runs(home)})
        raise InputError(
            Problem(
                f"{home} holds no run of {scenario!r}",
                given=scenario,
                allowed=", ".join(solved) or None,
                remedy=did_you_mean(scenario, solved) or f"solve it first: gigasite solve {scenario}",
            )
        )
    return read_run(runs[-1])
