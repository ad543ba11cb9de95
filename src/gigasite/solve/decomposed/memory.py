"""What solves leave for the next: in memory within one call, and in a folder from call to call.

A file holds plans and multiplier paths by name. Whatever is in it, the answer cannot go wrong: a path only ever
becomes a cut, which is valid for any multipliers, and a plan is only a place to start from. So a file that is stale,
foreign or damaged costs time at most; what cannot be read is left aside with a warning.
"""

from __future__ import annotations

import json
import logging
import os
import tokenize
import zipfile
import zlib
from collections.abc import Collection
from contextlib import suppress
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from gigasite.solve.decomposed.level import KEPT_PATHS, Carried
from gigasite.solve.decomposed.multipliers import Path as MultiplierPath

logger = logging.getLogger(__name__)

VERSION = 1
MOST_STEPS = 24 * 31
UNREADABLE = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    tokenize.TokenError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What reading a damaged file may raise."""

MOST_BLOCKS = 20_000


class Memory:
    """Plans and multiplier paths of earlier solves, by resolution."""

    def __init__(self, folder: Path | None = None) -> None:
        """Remember in this call only, or in a folder too."""
        self._folder = folder
        self._known: dict[int, Carried] = {}

    def recall(self, resolution_h: int) -> Carried | None:
        """What is known at a resolution, None where nothing is."""
        if resolution_h not in self._known and self._folder is not None:
            found = _read(self._file(self._folder, resolution_h))
            if found is not None:
                self._known[resolution_h] = found
        return self._known.get(resolution_h)

    def knows(
        self, resolution_h: int, sites: Collection[str], years: Collection[int], futures: Collection[str] = ()
    ) -> bool:
        """Whether it holds a plan, and paths at a resolution for every site and year, of every future there is."""
        known = self.recall(resolution_h)
        if known is None or not known.plan:
            return False
        there: set[tuple[str, str, str]] = set()
        for name in known.paths:
            words = name.rpartition("-")[0].split(" ")
            if len(words) > 1:  # a file may hold any
                of_futures = words[-3].split("+") if len(words) > len(("place", "year")) else [""]
                there.update(product(of_futures, words[-2].split("+"), words[-1:]))
        return there.issuperset(product(futures or ("",), sites, map(str, years)))

    def keep(self, resolution_h: int, left: Carried) -> None:
        """Remember what a solve left, beside what is known of other blocks."""
        before = self.recall(resolution_h) or Carried()
        both = left.beside(before)
        paths = {name: of[-KEPT_PATHS:] for name, of in both.paths.items()}
        newest = dict(sorted(paths.items(), key=lambda item: item[0] in left.paths)[-MOST_BLOCKS:])
        bases = {**before.bases, **left.bases}
        self._known[resolution_h] = Carried(both.plan, newest, bases, both.from_within)
        if self._folder is not None:
            _write(self._file(self._folder, resolution_h), self._known[resolution_h])

    @staticmethod
    def _file(folder: Path, resolution_h: int) -> Path:
        return folder / f"cuts-{resolution_h}h.npz"


def _write(file: Path, carried: Carried) -> None:
    """Write what is carried, whole or not at all."""
    index: list[Any] = []
    steps: list[np.ndarray[Any, Any]] = []
    values: list[np.ndarray[Any, Any]] = []
    for block, paths in carried.paths.items():
        for path in paths:
            index.append([block, path.steps, [[name, len(part[0])] for name, part in path.parts.items()]])
            steps.extend(part[0].astype(np.int32) for part in path.parts.values())
            values.extend(np.asarray(part[1], dtype=np.float32) for part in path.parts.values())
    told = json.dumps({"version": VERSION, "plan": carried.plan, "paths": index})
    unfinished = file.with_name(f".{file.stem}-{os.getpid()}.npz")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        np.savez(
            unfinished,
            index=np.frombuffer(told.encode(), dtype=np.uint8),
            steps=np.concatenate(steps) if steps else np.empty(0, dtype=np.int32),
            values=np.concatenate(values) if values else np.empty(0, dtype=np.float32),
        )
        unfinished.replace(file)
    except OSError as fault:
        logger.warning("cuts are not kept in %s: %s", file, fault.strerror)
        with suppress(OSError):
            unfinished.unlink()


def _read(file: Path) -> Carried | None:
    """What a file holds, None where there is none or it cannot be read."""
    if not file.exists():
        return None
    try:
        with file.open("rb") as opened, np.load(opened, allow_pickle=False) as held:
            told = json.loads(held["index"].tobytes())
            return _carried(told, held["steps"], held["values"])
    except UNREADABLE as fault:
        logger.warning("the cuts in %s cannot be read and are left aside (%s)", file, fault)
        return None


def _carried(told: Any, steps: Any, values: Any) -> Carried:
    if told["version"] != VERSION:
        raise ValueError(f"version {told['version']}")
    plan = {str(name): float(value) for name, value in told["plan"].items() if np.isfinite(value)}
    if steps.ndim != 1 or steps.shape != values.shape or steps.dtype.kind != "i" or values.dtype.kind != "f":
        raise ValueError("its parts do not fit together")
    if bool((steps < 0).any() or (steps >= MOST_STEPS).any()):
        raise ValueError("it has steps no month has")
    carried, first = Carried(plan), 0
    for block, count, parts in told["paths"]:
        by_name = {}
        if not 1 <= int(count) <= MOST_STEPS:
            raise ValueError("it has a month of no length")
        for name, length in parts:
            last = first + int(length)
            if not first <= last <= len(values):
                raise ValueError("its parts do not fit together")
            by_name[str(name)] = (steps[first:last], np.nan_to_num(values[first:last], posinf=0.0, neginf=0.0))
            first = last
        carried.paths.setdefault(str(block), []).append(MultiplierPath(int(count), by_name))
    return carried
