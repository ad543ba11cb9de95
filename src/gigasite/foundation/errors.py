"""Errors that speak to a planner: where, which key, what was given, what is allowed, what to do.

A fault in an input is a :class:`Problem`. All problems of one scenario are gathered and raised once, inside one
:class:`InputError`, so that a planner corrects a file in one go.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_LONGEST_GIVEN = 80
_LONGEST_KEY = 300
_LONGEST_TEXT = 1500
"""Letters of a problem that are shown: one that quotes a whole file tells nothing."""


@dataclass(frozen=True, slots=True)
class Origin:
    """A place in a file; line and column count from 1 and are None where the whole file is meant."""

    file: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        """Give the place as editors and terminals link it.

        >>> str(Origin("scenarios/portsmouth.yaml", 12, 5))
        'scenarios/portsmouth.yaml:12:5'
        """
        parts = [self.file]
        if self.line is not None:
            parts.append(str(self.line))
            if self.column is not None:
                parts.append(str(self.column))
        return ":".join(parts)


@dataclass(frozen=True)
class Problem:
    """One fault, told completely: `message` is a sentence, the other fields are short texts or None."""

    message: str
    origin: Origin | None = None
    key: str | None = None
    given: str | None = None
    allowed: str | None = None
    remedy: str | None = None

    def __str__(self) -> str:
        return render_problem(self)


class GigasiteError(Exception):
    """The mother of every error this package raises on purpose."""


class _ProblemsError(GigasiteError):
    """An error that carries problems; its text is all of them, one block each."""

    def __init__(self, problems: Problem | str | Iterable[Problem]) -> None:
        if isinstance(problems, str):
            gathered: tuple[Problem, ...] = (Problem(problems),)
        elif isinstance(problems, Problem):
            gathered = (problems,)
        else:
            gathered = tuple(problems)
        self.problems: tuple[Problem, ...] = gathered
        super().__init__(gathered)

    def __str__(self) -> str:
        return render_problems(self.problems)


class InputError(_ProblemsError):
    """The inputs are faulty: exit code 2, nothing is written."""


class InfeasibleScenario(_ProblemsError):
    """No plan satisfies what the scenario asks: exit code 3."""


class SolverFailure(GigasiteError):
    """The solver ended without an answer that can be trusted: exit code 1."""


class LimitReached(GigasiteError):
    """A limit on time or iterations ended the solve before the gap was closed: exit code 4."""


def render_problem(problem: Problem) -> str:
    """Tell one problem as plain text: place and key first, then the sentence, then one line for each detail.

    >>> print(render_problem(Problem("capacity cannot be negative", Origin("a.yaml", 3, 7), "sites.x.capacity_mw",
    ...                              given="-5", allowed="a number of MW, 0 or more")))
    a.yaml:3:7: sites.x.capacity_mw
      capacity cannot be negative
      given:   -5
      allowed: a number of MW, 0 or more
    """
    place = str(problem.origin) if problem.origin else ""
    head = ": ".join(_printable(part, _LONGEST_KEY) for part in (place, problem.key or "") if part)
    indent = "  " if head else ""
    lines = [head] if head else []
    lines.append(indent + _printable(problem.message, _LONGEST_TEXT))
    given = _printable(" ".join(problem.given.split()) or problem.given, _LONGEST_GIVEN) if problem.given else None
    details = (("given:   ", given), ("allowed: ", problem.allowed), ("to do:   ", problem.remedy))
    lines.extend(f"{indent}{label}{_printable(text, _LONGEST_TEXT)}" for label, text in details if text)
    return "\n".join(lines)


def _printable(text: str, longest: int) -> str:
    r"""Return a text that every terminal takes, cut where it is long.

    >>> _printable("a\x00b", 80), _printable("0123456789", 8)
    ('a\\x00b', '01234...')
    """
    cut = text if len(text) <= longest else text[: longest - 3] + "..."
    return "".join(
        letter if letter.isprintable() or letter == "\n" else letter.encode("unicode_escape").decode() for letter in cut
    )


def render_problems(problems: Sequence[Problem]) -> str:
    """Tell all problems in the order of their places, one block each, separated by an empty line."""
    return "\n\n".join(render_problem(problem) for problem in problems)


def nearest_spelling(word: str, choices: Iterable[str]) -> str | None:
    """Return the choice that is spelt most like `word`, or None if nothing comes near.

    >>> nearest_spelling("piketown", ["piketon", "abilene"])
    'piketon'
    >>> nearest_spelling("zzz", ["piketon", "abilene"]) is None
    True
    """
    known = list(choices)
    folded = {choice.casefold().replace("-", "_").replace(" ", "_"): choice for choice in reversed(known)}
    wanted = word.casefold().replace("-", "_").replace(" ", "_")
    matches = difflib.get_close_matches(wanted, folded, n=1, cutoff=0.6)
    return folded[matches[0]] if matches else None


def did_you_mean(word: str, choices: Iterable[str]) -> str | None:
    """Return the suggestion for a misspelt word as a sentence, or None.

    >>> did_you_mean("gas_turbin", ["gas_turbine", "wind"])
    "did you mean 'gas_turbine'?"
    """
    near = nearest_spelling(word, choices)
    return f"did you mean '{near}'?" if near else None
