"""The two streams: answers on stdout, progress and faults on stderr. Colours vanish where nobody looks."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gigasite.foundation.errors import InputError, Problem, render_problem

if TYPE_CHECKING:
    from rich.console import Console

WIDTH_WHEN_PIPED = 200
"""A file or a pipe has no width: tables take what they need up to this many columns."""


@cache
def answers() -> Console:
    """Return the console of answers."""
    from rich.console import Console

    return _fitted(Console(highlight=False, emoji=False))


@cache
def messages() -> Console:
    """Return the console of progress and faults."""
    from rich.console import Console

    return _fitted(Console(stderr=True, highlight=False, emoji=False))


def remark(text: str) -> None:
    """Write a quiet line below a table."""
    from rich.text import Text

    answers().print(Text(text, style="dim"), soft_wrap=not answers().is_terminal)


def print_json(value: Any) -> None:
    """Write JSON, and nothing else, to stdout."""
    sys.stdout.write(json_text(value))


def write_file(path: Path, content: str | dict[str, Any]) -> None:
    """Write a text, or JSON, to a file the planner named; raises InputError where that cannot be done."""
    text = content if isinstance(content, str) else json_text(content)
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise InputError(Problem(f"{path} cannot be written: {error.strerror}", given=str(path))) from None
    written_file(path)


def written_file(path: Path) -> None:
    """Tell that a file is written."""
    messages().print(f"{path} is written", soft_wrap=True, markup=False)


def json_text(value: Any) -> str:
    """Return JSON that any reader takes."""
    return json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def print_problems(title: str, problems: Sequence[Problem]) -> None:
    """Tell every problem on stderr: place and key first, then what is wrong, then what to do."""
    from rich.text import Text

    console = messages()
    counted = f" ({len(problems)} problems)" if len(problems) > 1 else ""
    console.print(Text(f"{title}{counted}", style="bold red"), soft_wrap=True)
    for problem in problems:
        console.print()
        lines = render_problem(problem).splitlines()
        head = problem.origin is not None or problem.key is not None
        for number, line in enumerate(lines):
            style = "bold" if number == 0 and head else "cyan" if line.strip().startswith("to do:") else ""
            console.print(Text(line, style=style), soft_wrap=True)


def _fitted(console: Console) -> Console:
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = WIDTH_WHEN_PIPED
    return console
