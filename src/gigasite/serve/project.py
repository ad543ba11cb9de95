"""The folders a page may look at: scenarios it may change, shipped ones it may read, runs. Nothing outside them."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gigasite import api
from gigasite.foundation.errors import InputError, Origin, Problem

if TYPE_CHECKING:
    from gigasite.report.run_with_charts import RunWithCharts

NAME = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
RUN_NAME = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")
CHECKED = ".gigasite-check-"
"""Begins the name of the file in which a text that is being edited is checked; removed at once."""


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
        content = path.read_text(encoding="utf-8")
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
        file = self.scenarios / f"{CHECKED}{os.getpid()}-{hashlib.sha256(content.encode()).hexdigest()[:12]}.yaml"
        try:
            file.write_text(content, encoding="utf-8", newline="\n")
            api.check(file)
        except InputError as error:
            return [_of(problem, file, f"{name}.yaml") for problem in error.problems]
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
        there = _version(path.read_text(encoding="utf-8")) if path.is_file() else None
        if there != version:
            raise ChangedMeanwhileError(name)
        self.scenarios.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
        partial.write_text(content, encoding="utf-8", newline="\n")
        partial.replace(path)
        return _version(content)

    def run(self, scenario: str, run: str) -> RunWithCharts:
        """A run by the names of its two folders.

        Raises:
            NotThereError: there is none.
        """
        folder = self.results / scenario / run
        if not NAME.fullmatch(scenario) or not RUN_NAME.fullmatch(run) or not folder.is_dir():
            raise NotThereError(f"{scenario}/{run}")
        if not folder.resolve().is_relative_to(self.results.resolve()):
            raise NotThereError(f"{scenario}/{run}")
        return api.load(folder)

    def _own(self, name: str) -> Path:
        if not NAME.fullmatch(name):
            raise NotThereError(name)
        return self.scenarios / f"{name}.yaml"


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
    except (YAMLError, ValueError):
        return
    inside = folder.resolve().parent
    for key, text in _texts(data, ""):
        if ("/" in text or "\\" in text or text.startswith("~")) and not (folder / text).resolve().is_relative_to(
            inside
        ):
            yield Problem(
                "this page reads no file outside the project", key=key, given=text, allowed=f"a path below {inside}"
            )


def _texts(data: Any, key: str) -> Iterator[tuple[str, str]]:
    if isinstance(data, dict):
        for name, value in data.items():
            yield from _texts(value, f"{key}.{name}".lstrip("."))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from _texts(value, f"{key}[{number}]")
    elif isinstance(data, str):
        yield key, data
