"""Solve several scenarios one after another and tell each as it ends."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.markup import escape

from gigasite import api
from gigasite.cli.outcomes import ExitCode, Outcome, attempt, worst
from gigasite.cli.progress import Interrupts, Stages
from gigasite.cli.screen import messages, print_json, print_problems, written_file

if TYPE_CHECKING:
    from gigasite.solve.decomposed.memory import Memory

_TITLES = {
    "bad_input": "bad input, nothing is written",
    "infeasible": "infeasible: no plan satisfies it, nothing is written",
    "limit_without_plan": "the limit came before any plan, nothing is written",
    "failed": "the solver failed, nothing is written",
}


def solve_all(
    scenarios: Sequence[str], results: Path, *, cuts: Path | None, excel: bool, as_json: bool, quiet: bool
) -> ExitCode:
    """Try every scenario and return the worst exit code; an interrupt ends the rest."""
    outcomes: list[Outcome] = []
    ended = ExitCode.SOLVED
    memory = api.new_memory(cuts) if len(scenarios) > 1 or cuts is not None else None  # nothing comes after one
    try:
        with Interrupts() as interrupts:
            for scenario in scenarios:
                outcomes.append(_solve_one(scenario, results, memory, Stages(interrupts, quiet=quiet), quiet=quiet))
                _tell(outcomes[-1], as_json=as_json)
                if excel:
                    _write_workbook(outcomes[-1])
                if outcomes[-1].code == ExitCode.INTERRUPTED:
                    break
    except KeyboardInterrupt:
        ended = ExitCode.INTERRUPTED
        rest = scenarios[len(outcomes) :]
        # while the last answer is told, none is under way
        sys.stderr.write(f"\ninterrupted{': nothing of the scenario under way is written' if rest else ''}\n")
        statuses = ["interrupted", *["not_tried"] * len(scenarios)]
        outcomes += [Outcome(name, status, ExitCode.INTERRUPTED) for name, status in zip(rest, statuses, strict=False)]
    else:
        outcomes += [Outcome(name, "not_tried", ExitCode.INTERRUPTED) for name in scenarios[len(outcomes) :]]
    if as_json:
        print_json([outcome.as_json() for outcome in outcomes])
    return worst([ended, *(outcome.code for outcome in outcomes)])


def _solve_one(scenario: str, results: Path, memory: Memory | None, stages: Stages, *, quiet: bool) -> Outcome:
    if not quiet:
        messages().print(f"[bold]{escape(scenario)}[/]", soft_wrap=True)
    with stages:
        return attempt(scenario, lambda: api.solve(scenario, results=results, progress=stages, memory=memory))


def _write_workbook(outcome: Outcome) -> None:
    if outcome.run is not None:
        written_file(api.workbook(outcome.run, outcome.run.path / f"{outcome.run.scenario}.xlsx"))


def _tell(outcome: Outcome, *, as_json: bool) -> None:
    if outcome.run is None:
        print_problems(f"{outcome.scenario}: {_TITLES.get(outcome.status, outcome.status)}", outcome.problems)
    elif not as_json:
        from gigasite.cli.answer import print_answer

        print_answer(outcome.run)
