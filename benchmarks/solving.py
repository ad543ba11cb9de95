"""gigasite solving scenarios, each in a process of its own, and variants of them written on the way."""

from __future__ import annotations

import json
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from harness import SCENARIOS, Row, family_peak_mb, fresh, timed

LONGEST_S = 900.0
"""A solve that takes longer is ended and reported as such."""


def solve(scenarios: list[str]) -> Row:
    """Solve scenarios one after the other in this process, and tell the seconds and the answer of each."""
    import_s, gigasite = timed(lambda: __import__("gigasite"))
    import_s += timed(_import_what_solving_needs)[0]
    done = threading.Event()
    peaks: list[float] = []
    watch = threading.Thread(target=lambda: peaks.append(family_peak_mb(done.is_set)), daemon=True)
    watch.start()
    with tempfile.TemporaryDirectory() as results:
        memory = gigasite.new_memory() if len(scenarios) > 1 else None  # as one call of the command line has it
        answers = [_answer(partial(gigasite.solve, scenario, results=results, memory=memory)) for scenario in scenarios]
    done.set()
    watch.join()
    return {"imports_s": import_s, "peak_mb": peaks[0], "answers": answers}


def _import_what_solving_needs() -> None:
    import pandas as pd  # noqa: F401

    import gigasite.report.run_with_charts
    import gigasite.results.checks
    import gigasite.results.tables
    import gigasite.run.agreement
    import gigasite.run.by_levels
    import gigasite.run.solve_run
    import gigasite.system.assemble  # noqa: F401
    from gigasite.formulation.registry import requirements, technologies

    technologies(), requirements()  # each is a module


def _answer(solve_it: Callable[[], Any]) -> Row:
    seconds, run = timed(solve_it)
    told = run.manifest
    of_answer = ("objective_usd", "gap", "method", "passes", "solve_seconds", "stage_seconds", "checks_passed")
    keys = (*of_answer, "rows", "columns")
    return {"seconds": seconds, **{key: told.get(key) for key in keys}}


@dataclass
class Bench:
    """Solves scenarios as they are asked for, each once.

    Attributes:
        folder: where variants of scenarios are written.
        quick: 24-hour means.
        known: answers so far.
    """

    folder: Path
    quick: bool
    known: dict[str, Row] = field(default_factory=dict)

    def one(self, scenario: str, **changed: Any) -> Row:
        """Seconds and answer of a scenario of this folder, with top-level keys changed."""
        key = json.dumps([scenario, changed])
        if key not in self.known:
            found = self.several([self.variant(scenario, 0, **changed)])
            self.known[key] = found if "failed" in found else {**found, **found["answers"][0]}
            told = self.known[key]
            print(f"  {scenario} {changed or ''}: {told.get('failed') or format(told['seconds'], '.1f') + ' s'}")
        return self.known[key]

    def several(self, files: list[str]) -> Row:
        """Answers of scenarios solved in one process."""
        return fresh("solving:solve", longest_s=LONGEST_S * len(files), scenarios=files)

    def variant(self, scenario: str, number: int, **changed: Any) -> str:
        """Write a scenario that extends one of this folder."""
        if self.quick:
            changed = {**changed, "horizon": {"resolution_h": 24}}
        name = f"{scenario}-{number}"
        lines = [f"extends: {SCENARIOS / scenario}.yaml", f"name: {name}"]
        lines += [f"{key}: {json.dumps(value)}" for key, value in changed.items()]
        path = self.folder / f"{name}.yaml"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return str(path)
