"""What a page of the documentation tells its reader to write and to run, in order.

A page speaks by four kinds of blocks:

    yaml, toml, csv or python with title="name"   a file, written into the folder of the reader
    console                                       commands after `$ `, each with lines that it prints
    python                                        run as a program of its own
    shell, yaml ... without a title               shown and not run: setting up, fragments of files

A comment `exit 2` before a block says how its commands end; without one they end well. Of what a command prints a page
may quote any lines. Words have to be the same, numbers close: another version of the
solver may find a plan of the same cost that differs in its third digit.
"""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
CLOSE = 0.02
"""Relative distance of a number that a page quotes to the one that is printed."""

_BLOCK = re.compile(
    r"(?ms)(?:^<!-- exit (?P<exit>\d+) -->\n)?^(?P<in> *)```(?P<kind>\w+)(?P<rest>[^\n]*)\n(?P<text>.*?)^(?P=in)```"
)
_TITLE = re.compile(r'title="([^"]+)"')
_NUMBER = re.compile(r"(?<![\w.])[-\N{MINUS SIGN}]?\d[\d,]*(?:\.\d+)?")


@dataclass(frozen=True)
class File:
    """A file that the reader writes."""

    name: str
    text: str


@dataclass(frozen=True)
class Command:
    """A command, the exit code the page says it has, and lines that it prints."""

    line: str
    exit_code: int
    quoted: tuple[str, ...]


@dataclass(frozen=True)
class Program:
    """A Python program."""

    text: str


def pages() -> list[str]:
    """Every page that is written by hand, by its path below docs/."""
    written = sorted(path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md"))
    return [name for name in written if not name.startswith("decisions/")]


def steps(name: str) -> Iterator[File | Command | Program]:
    """What a page tells to do, in order."""
    for block in _BLOCK.finditer((DOCS / name).read_text(encoding="utf-8")):
        text, rest = textwrap.dedent(block["text"]), block["rest"]
        title = _TITLE.search(rest)
        if title:
            yield File(title[1], text)
        elif block["kind"] == "console":
            yield from _commands(text, int(block["exit"] or 0))
        elif block["kind"] == "python":
            yield Program(text)


def _commands(text: str, exit_code: int) -> Iterator[Command]:
    for part in re.split(r"(?m)^\$ ", text)[1:]:
        line, *printed = part.splitlines()
        yield Command(line, exit_code, tuple(each for each in printed if each.strip() and each.strip() != "..."))


def missing(quoted: tuple[str, ...], printed: str) -> list[str]:
    """Lines that a page quotes and a command did not print."""
    lines = [_split(line) for line in printed.splitlines()]
    return [line for line in quoted if not any(_same(_split(line), other) for other in lines)]


def _split(line: str) -> tuple[str, list[float]]:
    words = " ".join(_NUMBER.sub("#", line).split())
    return words, [float(number.replace(",", "").replace("\N{MINUS SIGN}", "-")) for number in _NUMBER.findall(line)]


def _same(one: tuple[str, list[float]], other: tuple[str, list[float]]) -> bool:
    words, numbers = one
    return words == other[0] and all(
        math.isclose(a, b, rel_tol=CLOSE, abs_tol=CLOSE) for a, b in zip(numbers, other[1], strict=True)
    )
