"""How an attempt on a scenario ended: one status, one exit code, and what to tell."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from gigasite.foundation.errors import (
    GigasiteError,
    InfeasibleScenario,
    InputError,
    LimitReached,
    Problem,
)

if TYPE_CHECKING:
    from gigasite.results.run import Run


class ExitCode(IntEnum):
    """What the command tells the shell."""

    SOLVED = 0
    FAILED = 1
    BAD_INPUT = 2
    INFEASIBLE = 3
    LIMIT = 4
    INTERRUPTED = 130


_FROM_MILD_TO_WORST = (
    ExitCode.SOLVED,
    ExitCode.LIMIT,
    ExitCode.INFEASIBLE,
    ExitCode.BAD_INPUT,
    ExitCode.FAILED,
    ExitCode.INTERRUPTED,
)

EXIT_CODES_HELP = (
    "Exit code: 0 solved and checked, 1 a check or the solver failed, 2 bad input, 3 infeasible, "
    "4 a limit was reached with a plan, 130 interrupted. Of several scenarios the worst counts "
    "(0, 4, 3, 2, 1, 130), and all are tried."
)

GAP_CHECK = "gap_within_limit"

JSON_KEYS = (
    "scenario",
    "run",
    "status",
    "gap",
    "present_value_usd",
    "levelised_cost_usd_per_mwh",
    "overnight_capex_usd",
    "announced_capex_usd",
    "energised_mw",
    "capacity_mw",
    "energy_mwh",
    "co2_t",
    "idle_mw_years",
    "unserved_mwh",
    "resolution_h",
    "method",
    "solve_seconds",
    "total_seconds",
    "checks_passed",
    "futures",
)
"""Keys of the object of every scenario under --json; null where there is no answer."""


@dataclass(frozen=True)
class Outcome:
    """How one scenario ended.

    Attributes:
        scenario: the argument as it was given.
        status: `optimal`, `limit`, `infeasible`, `bad_input`, `failed`, `interrupted` or `not_tried`.
        code: what it means for the exit code.
        run: the written run, if there is one.
        problems: what was wrong.
    """

    scenario: str
    status: str
    code: ExitCode
    run: Run | None = None
    problems: tuple[Problem, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return one object with the same keys whatever happened."""
        if self.run is not None:
            return {**dict.fromkeys(JSON_KEYS), **self.run.json_summary(), "problems": []}
        told = {"scenario": self.scenario, "status": self.status, "checks_passed": False}
        return {**dict.fromkeys(JSON_KEYS), **told, "problems": [_as_json(problem) for problem in self.problems]}


def attempt(scenario: str, solve: Callable[[], Run]) -> Outcome:
    """Solve one scenario and say how it ended; only what no planner could cause is raised."""
    try:
        run = solve()
    except GigasiteError as error:
        status, code = _status_of(error)
        return Outcome(scenario, status, code, problems=problems_of(error))
    return Outcome(scenario, str(run.manifest["status"]), _code_of(run), run)


def problems_of(error: GigasiteError) -> tuple[Problem, ...]:
    """Return the problems an error carries, or its text as one."""
    if isinstance(error, InputError | InfeasibleScenario):
        return error.problems
    return (Problem(str(error)),)


def code_of(error: GigasiteError) -> ExitCode:
    """Return the exit code of an error."""
    return _status_of(error)[1]


def worst(codes: Iterable[ExitCode]) -> ExitCode:
    """Return the worst of several exit codes.

    >>> worst([ExitCode.SOLVED, ExitCode.LIMIT, ExitCode.INFEASIBLE]).name
    'INFEASIBLE'
    """
    return max(codes, key=_FROM_MILD_TO_WORST.index, default=ExitCode.SOLVED)


def _status_of(error: GigasiteError) -> tuple[str, ExitCode]:
    if isinstance(error, InputError):
        return "bad_input", ExitCode.BAD_INPUT
    if isinstance(error, InfeasibleScenario):
        return "infeasible", ExitCode.INFEASIBLE
    if isinstance(error, LimitReached):
        # Raised where the limit came before any plan; code 4 is for a limit that left one.
        return "limit_without_plan", ExitCode.FAILED
    return "failed", ExitCode.FAILED


def _code_of(run: Run) -> ExitCode:
    """A plan at a limit has an open gap, which is no other failed check; anything else that fails is worse."""
    limited = run.manifest["status"] in ("limit", "interrupted")
    failed = {str(name) for name, passed in zip(run.checks["check"], run.checks["passed"], strict=True) if not passed}
    if failed - ({GAP_CHECK} if limited else set()):
        return ExitCode.FAILED
    if run.manifest["status"] == "interrupted":
        return ExitCode.INTERRUPTED
    return ExitCode.LIMIT if limited else ExitCode.SOLVED


def _as_json(problem: Problem) -> dict[str, Any]:
    origin = problem.origin
    return {
        "message": problem.message,
        "file": origin.file if origin else None,
        "line": origin.line if origin else None,
        "column": origin.column if origin else None,
        "key": problem.key,
        "given": problem.given,
        "allowed": problem.allowed,
        "remedy": problem.remedy,
    }
