"""A scenario with futures from its file to a written run: one plan until it is known, then one for each future.

    1. all futures together: whole, or decomposed with a block for every future, site, year and month
    2. each future alone, as if it had been known from the start
    3. where asked for, all futures again with what is ordered before held to the plan of one of them
    4. tables, checks and a run for each future, from its part of the plan; their means and regrets for the fan

    results/<scenario>/<run>/                      means by probability, `futures`, `committed`, `stranded` ...
    results/<scenario>/<run>/futures/<future>/     a run like any other, for `gigasite show` and `gigasite compare`

The folder is there whole or not at all. The solves stand in `fan_solves`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from gigasite.inputs.load import LoadedScenario
from gigasite.inputs.scenario import resolved
from gigasite.results.assumptions import assumptions_table
from gigasite.results.check_fan import fan_checks
from gigasite.results.checks import run_checks
from gigasite.results.expected import expected_tables
from gigasite.results.fan import FutureAnswer, committed_table, futures_table, has_vintages, stranded_table
from gigasite.results.outcome import Outcome
from gigasite.results.rounds import bounds_table
from gigasite.results.run import FUTURES, HOURLY, MANIFEST, SCENARIO, Run
from gigasite.results.store import read_run, write_files, write_whole
from gigasite.results.tables import make_tables
from gigasite.run.agreement import Solved
from gigasite.run.fan_inputs import assemble_fan
from gigasite.run.fan_solves import Log, SolvedFan, solve_futures
from gigasite.run.solve_run import Stages, manifest_of
from gigasite.solve.decomposed.memory import Memory
from gigasite.system.system import System


def solve_fan(
    loaded: LoadedScenario,
    results: Path,
    stages: Stages,
    started: float,
    *,
    log: Log | None = None,
    memory: Memory | None = None,
) -> Run:
    """Solve a scenario with futures and write its run.

    Raises:
        InputError: a figure that a future needs is missing; nothing is written.
        InfeasibleScenario: a future has no plan, or no common plan suits them all; nothing is written.
        LimitReached: the time limit came before any plan.
        SolverFailure: the solver gave no answer that holds.
    """
    stages.begin(f"assemble inputs of {len(loaded.futures)} futures")
    fan = solve_futures(loaded, assemble_fan(loaded), stages, log, memory)
    stages.begin("make tables")
    writer = _Writer(loaded, fan, stages, started)
    folder = write_whole(results / loaded.scenario.name, writer.fill, named_by=(MANIFEST, SCENARIO))
    stages.end()
    return read_run(folder)


@dataclass
class _Writer:
    """Writes the folder of a fan; the tables of one future at a time are in memory."""

    loaded: LoadedScenario
    fan: SolvedFan
    stages: Stages
    started: float

    def fill(self, folder: Path) -> None:
        """Write the runs of the futures and then that of the fan."""
        answers = [self._future(folder, name) for name in self.fan.parts]
        self.stages.begin("write the run")
        tables = self._tables(answers)
        passed = bool(tables["checks"]["passed"].all())
        manifest = manifest_of(self.loaded, self.fan.solved, self.stages, passed, self.started)
        system = self.fan.solved.system
        told = {one.name: one.probability for one in answers}
        spec = self.loaded.scenario.futures
        manifest |= {"follow": None if spec is None or self.fan.followed is None else spec.follow}
        manifest |= {"futures": told, "known_in": system.known_in, "commit": "order" if system.by_order else "start"}
        write_files(folder, tables, manifest, resolved(self.loaded.scenario))

    def _future(self, folder: Path, name: str) -> FutureAnswer:
        """Write the run of one future, and keep what the fan needs of it."""
        part, loaded = self.fan.parts[name], self.loaded.futures[name]
        solution, system = part.solution, part.system
        self.stages.begin(f"make and check tables of {name}")
        tables = make_tables(Outcome(system, part.builder, solution))
        decided = _decided(part, self.fan.solved.builder.binding())
        tables["breakeven"] = _still_open(tables["breakeven"], decided, system)
        tables["bounds"] = bounds_table(self.fan.bounds)
        tables["checks"] = run_checks(system, tables, objective_usd=solution.objective_usd, gap=solution.gap)
        manifest = manifest_of(loaded, part, self.stages, bool(tables["checks"]["passed"].all()), self.started)
        probability = self.probability(name)
        manifest |= {"future": name, "probability": probability, "future_of": self.loaded.scenario.name}
        manifest |= {"bound_usd": None}  # proven is the mean of all futures, none of them alone
        home = folder / FUTURES / name
        home.mkdir(parents=True)
        cited = {"assumptions": assumptions_table(loaded.tables)}
        write_files(home, tables | cited, manifest, resolved(loaded.scenario))
        return FutureAnswer(
            name=name,
            probability=probability,
            system=system,
            tables={key: table for key, table in tables.items() if key != HOURLY},
            objective_usd=solution.objective_usd,
            decided=decided,
            known_cost_usd=self.fan.known[name].cost_usd,
            known_bound_usd=self.fan.known[name].bound_usd,
            known_capacity_mw=self.fan.known[name].capacity_mw,
            followed_cost_usd=float("nan") if self.fan.followed is None else self.fan.followed[name],
        )

    def probability(self, name: str) -> float:
        """How likely a future is."""
        return next(float(one.probability) for one in self.fan.solved.system.futures if one.name == name)

    def _tables(self, answers: list[FutureAnswer]) -> dict[str, Any]:
        fan, solution = self.fan.solved.system, self.fan.solved.solution
        tables: dict[str, Any] = dict(
            expected_tables([answer.tables for answer in answers], [answer.probability for answer in answers])
        )
        row = tables["summary"]
        row["scenario"], row["gap"], row["objective_usd"] = (
            self.loaded.scenario.name,
            solution.gap,
            solution.objective_usd,
        )
        tables["committed"] = committed_table(answers)
        tables["stranded"] = stranded_table(answers, fan.known_in)
        runs = {answer.name: f"{FUTURES}/{answer.name}" for answer in answers}
        tables[FUTURES] = futures_table(answers, tables["stranded"], runs)
        tables["bounds"] = bounds_table(self.fan.bounds)
        tables["checks"] = fan_checks(answers, tables, fan.known_in, solution.objective_usd, solution.gap)
        return tables


def _still_open(breakeven: Any, decided: Mapping[str, np.ndarray[Any, Any]], system: System) -> Any:
    """Break-even costs of what is decided once the future is known: what is common has no price of one future."""
    at = zip(breakeven["technology"], breakeven["site"], breakeven["year"], strict=True)
    known = [bool(decided[name][system.sites.index(site), system.years.index(year)]) for name, site, year in at]
    return breakeven[~np.array(known, dtype=bool)].reset_index(drop=True)


def _decided(part: Solved, masks: Mapping[str, np.ndarray[Any, Any]]) -> dict[str, np.ndarray[Any, Any]]:
    """By technology with vintages, which of them were decided before the future was known."""
    shape = (len(part.system.sites), len(part.system.years))
    return {
        term.feature: _spread(masks[term.variable_name], shape)
        for term in part.builder.hubs.built
        if has_vintages(part.system, term.feature)
    }


def _spread(mask: np.ndarray[Any, Any], shape: tuple[int, int]) -> np.ndarray[Any, Any]:
    return np.broadcast_to(mask, shape)
