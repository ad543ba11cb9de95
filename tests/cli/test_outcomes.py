"""Exit codes that no short solve shows: a plan at a limit, a failed check, a failed solver."""

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from gigasite.cli.outcomes import ExitCode, Outcome, attempt, worst
from gigasite.foundation.errors import InfeasibleScenario, InputError, LimitReached, SolverFailure


def a_run(status: str, **checks: bool) -> Any:
    frame = pd.DataFrame({"check": list(checks), "passed": list(checks.values())})
    return SimpleNamespace(manifest={"status": status}, checks=frame)


@pytest.mark.parametrize(
    ("run", "code"),
    [
        (a_run("optimal", balance=True, gap_within_limit=True), ExitCode.SOLVED),
        (a_run("optimal", balance=True, gap_within_limit=False), ExitCode.FAILED),
        (a_run("limit", balance=True, gap_within_limit=False), ExitCode.LIMIT),
        (a_run("limit", balance=True, gap_within_limit=True), ExitCode.LIMIT),
        (a_run("limit", balance=False, gap_within_limit=False), ExitCode.FAILED),
    ],
)
def test_the_exit_code_follows_the_status_and_the_checks(run: Any, code: ExitCode) -> None:
    assert attempt("x", lambda: run).code == code


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (InputError("bad"), "bad_input", 2),
        (InfeasibleScenario("no plan"), "infeasible", 3),
        (SolverFailure("no answer"), "failed", 1),
        (LimitReached("too late"), "limit_without_plan", 1),
    ],
)
def test_an_error_becomes_a_status_and_an_exit_code(error: Exception, status: str, code: int) -> None:
    def fail() -> Any:
        raise error

    outcome = attempt("x", fail)
    assert (outcome.status, int(outcome.code)) == (status, code)
    told = outcome.as_json()
    assert told["status"] == status
    assert told["run"] is None
    assert len(told["problems"]) == 1


def test_the_worst_code_is_an_answer_that_cannot_be_trusted_or_an_interrupt() -> None:
    mild_to_bad = [ExitCode.SOLVED, ExitCode.LIMIT, ExitCode.INFEASIBLE, ExitCode.BAD_INPUT, ExitCode.FAILED]
    for position, code in enumerate(mild_to_bad):
        assert worst(mild_to_bad[: position + 1]) == code
    assert worst([*mild_to_bad, ExitCode.INTERRUPTED]) == ExitCode.INTERRUPTED


def test_a_scenario_not_tried_still_has_its_object() -> None:
    told = Outcome("x", "not_tried", ExitCode.INTERRUPTED).as_json()
    assert told["scenario"] == "x"
    assert told["present_value_usd"] is None
