"""A part of a page, and what stands in its place where a run lacks the tables for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from gigasite.foundation.errors import InputError
from gigasite.report.page.drawn import Drawn
from gigasite.report.page.shown_table import ShownTable


@dataclass
class Section:
    """A part of the page: a heading, sentences, charts, tables.

    Attributes:
        name: of its element, once in a page.
        title: its heading.
        short: what the list of sections calls it.
        sentences: what is said first.
        charts: what is drawn.
        tables: tables that are open.
        long_tables: tables behind a line that opens them.
        kind: `plain`, `list` (sentences as a list), `hours`, `assumptions` or `missing`.
        tables_first: whether open tables stand above charts.
    """

    name: str
    title: str
    short: str = ""
    sentences: list[str] = field(default_factory=list)
    charts: list[Drawn] = field(default_factory=list)
    tables: list[ShownTable] = field(default_factory=list)
    long_tables: list[ShownTable] = field(default_factory=list)
    kind: str = "plain"
    tables_first: bool = False

    @property
    def called(self) -> str:
        """What the list of sections calls it."""
        return self.short or self.title


def section_or_gap(name: str, title: str, make: Callable[[], Section | None]) -> Section | None:
    """A section, or one that says what it lacks: a table that is damaged, missing or of an older version."""
    try:
        return make()
    except (InputError, LookupError) as fault:
        return Section(name, title, _short(name), [f"This part cannot be shown: {lack(fault)}"], kind="missing")


def _short(name: str) -> str:
    """What the list of sections calls a section of this name."""
    return name.rpartition("-")[2].capitalize()


def lack(fault: Exception) -> str:
    """What a table lacks, in words.

    >>> lack(KeyError("waits_for"))
    "a table of the run has no 'waits_for'; an older gigasite wrote it, so solve the scenario again."
    """
    if isinstance(fault, InputError):
        problem = fault.problems[0]
        return f"{problem.message}." + (f" To do: {problem.remedy}." if problem.remedy else "")
    if isinstance(fault, KeyError) and fault.args:
        return f"a table of the run has no {fault.args[0]!r}; an older gigasite wrote it, so solve the scenario again."
    return "a table of the run is empty where it should not be; solve the scenario again."
