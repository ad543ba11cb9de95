"""The folders a page may look at: scenarios it may change, shipped ones it may read, runs. Nothing outside them."""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from gigasite import api
from gigasite.foundation.errors import InputError, Origin, Problem

if TYPE_CHECKING:
    from gigasite.report.run_with_charts import RunWithCharts

NAME = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
RUN_NAME = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")
CHECKED = ".gigasite-check-"
"""Begins the name of the file in which a text that is being edited is checked; removed at once."""
UNFINISHED = ".gigasite-save-"
"""Begins the name of the file to which a scenario is written before it takes its place."""
ABANDONED_AFTER_S = 60.0
MOST_TEXTS = 20_000
"""Texts of a scenario that are looked at for files; aliases of YAML make of a few lines more than memory holds."""


class NotThereError(Exception):
    """What was asked for is not in the project."""


class ChangedMeanwhileError(Exception):
    """The file is not the one that was opened."""


@dataclass(frozen=True)
class Text:
    """The text of a scenario and what it was when it was read."""

    name: str
    content: str
    version: str
    editable: bool


@dataclass(frozen=True)
class Project:
    """A planner's folder.

    Attributes:
        scenarios: folder of scenarios that may be changed.
        results: folder of runs.
    """

    scenarios: Path
    results: Path

    def names(self) -> list[tuple[str, bool]]:
        """Every scenario: those of the folder, which may be changed, then the shipped ones."""
        own = sorted(path.stem for path in self.scenarios.glob("*.yaml") if NAME.fullmatch(path.stem))
        shipped = [one.name for one in api.scenarios() if one.name not in own]
        return [*((name, True) for name in own), *((name, False) for name in shipped)]

    def text(self, name: str) -> Text:
        """The text of a scenario.

        Raises:
            NotThereError: there is none of that name.
        """
        path = self.path(name)
        content = _read(path)
        return Text(name, content, _version(content), self._own(name).is_file())

    def path(self, name: str) -> Path:
        """The file of a scenario, own or shipped.

        Raises:
            NotThereError: there is none of that name.
        """
        own = self._own(name)
        if own.is_file() and not own.is_symlink():
            return own
        for shipped in api.scenarios():
            if shipped.name == name:
                return shipped.path
        raise NotThereError(name)

    def check(self, name: str, content: str) -> list[Problem]:
        """What is wrong with a text as a scenario of that name; nothing is kept."""
        self._own(name)
        outside = list(_outside(content, self.scenarios))
        if outside:
            return outside
        self.scenarios.mkdir(parents=True, exist_ok=True)
        file = self.scenarios / f"{CHECKED}{os.getpid()}-{uuid4().hex[:12]}.yaml"
        try:
            file.write_text(content, encoding="utf-8", newline="\n")
            api.check(file)
        except InputError as error:
            return [_of(problem, file, f"{name}.yaml") for problem in error.problems]
        except OSError as error:
            raise InputError(Problem(f"{self.scenarios} cannot be written: {error.strerror}")) from None
        finally:
            file.unlink(missing_ok=True)
        return []

    def save(self, name: str, content: str, version: str | None) -> str:
        """Write a scenario whole or not at all, and return its new version.

        Args:
            name: its name.
            content: the text.
            version: that of the file it was opened as; None for a new one.

        Raises:
            ChangedMeanwhileError: the file is another one by now; nothing is written.
        """
        path = self._own(name)
        if path.is_symlink():
            raise NotThereError(name)
        there = _version(_read(path)) if path.is_file() else None
        if there != version:
            raise ChangedMeanwhileError(name)
        partial = path.with_name(f"{UNFINISHED}{os.getpid()}-{path.name}")
        try:
            self.scenarios.mkdir(parents=True, exist_ok=True)
            with partial.open("w", encoding="utf-8", newline="\n") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(path)
        except OSError as error:
            raise InputError(Problem(f"{path} cannot be written: {error.strerror}", given=name)) from None
        finally:
            partial.unlink(missing_ok=True)
        return _version(content)

    def clear_abandoned(self) -> None:
        """Remove what a page that was killed left between the scenarios: no scenario is ever called so."""
        for begin in (CHECKED, UNFINISHED):
            for path in self.scenarios.glob(f"{begin}*.yaml"):
                if time.time() - path.stat().st_mtime > ABANDONED_AFTER_S:
                    path.unlink(missing_ok=True)

    def run(self, scenario: str, run: str, future: str | None = None) -> RunWithCharts:
        """A run by the names of its two folders, or the run of one of its futures.

        Raises:
            NotThereError: there is none.
        """
        folder = self.results / scenario / run
        if not NAME.fullmatch(scenario) or not RUN_NAME.fullmatch(run) or not folder.is_dir():
            raise NotThereError(f"{scenario}/{run}")
        if not folder.resolve().is_relative_to(self.results.resolve()):
            raise NotThereError(f"{scenario}/{run}")
        found = api.load(folder)
        if future is None:
            return found
        if future not in found.future_names:
            raise NotThereError(f"{scenario}/{run}/{future}")
        return found.future(future)

    def _own(self, name: str) -> Path:
        if not NAME.fullmatch(name):
            raise NotThereError(name)
        return self.scenarios / f"{name}.yaml"


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InputError(Problem(f"{path.name} is not UTF-8, so it cannot be edited here: {error.reason}")) from None
    except OSError as error:
        raise InputError(Problem(f"{path.name} cannot be read: {error.strerror}")) from None


def _version(content: str) -> str:
    return hashlib.sha256(content.encode("utf-8")).hexdigest()[:16]


def _of(problem: Problem, file: Path, name: str) -> Problem:
    """A problem as if it stood in the file that is edited."""
    origin = problem.origin
    if origin is not None and Path(origin.file).name == file.name:
        origin = Origin(name, origin.line, origin.column)
    texts = [text.replace(file.name, name) if text else text for text in (problem.message, problem.given)]
    return Problem(str(texts[0]), origin, problem.key, texts[1], problem.allowed, problem.remedy)


def _outside(content: str, folder: Path) -> Iterator[Problem]:
    """Texts of a scenario that name a file outside the project; what cannot be read is told by the check itself."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        data = YAML(typ="safe", pure=True).load(content)
        texts = list(islice(_texts(data, ""), MOST_TEXTS + 1))
    except (YAMLError, ValueError):
        return
    except RecursionError:
        yield Problem("the scenario is nested too deeply, or holds itself", remedy="write it without aliases (& and *)")
        return
    if len(texts) > MOST_TEXTS:
        yield Problem(
            "the scenario holds too many texts", allowed=f"{MOST_TEXTS:,}", remedy="write it without aliases (& and *)"
        )
        return
    inside = folder.resolve().parent
    for key, text in texts:
        if not _is_inside(folder, text, inside):
            yield Problem(
                "this page reads no file outside the project", key=key, given=text, allowed=f"a path below {inside}"
            )


def _is_inside(folder: Path, text: str, inside: Path) -> bool:
    """Whether a text, read as a path from the folder, stays in the project; most texts are none."""
    if not ("/" in text or "\\" in text or text.startswith("~")):
        return True
    try:
        return (folder / text).resolve().is_relative_to(inside)
    except (OSError, ValueError):  # no path at all: too long, or with a null character
        return False


def _texts(data: Any, key: str) -> Iterator[tuple[str, str]]:
    """Every value of a scenario with its key; what is no text is empty, so that it is counted too."""
    if isinstance(data, dict | list):
        yield key, ""
    if isinstance(data, dict):
        for name, value in data.items():
            yield from _texts(value, f"{key}.{name}".lstrip("."))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from _texts(value, f"{key}[{number}]")
    else:
        yield key, data if isinstance(data, str) else ""
