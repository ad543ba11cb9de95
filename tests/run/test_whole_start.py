"""A first plan with whole machines is a plan of the whole problem, and a good one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gigasite.formulation.build import build_model
from gigasite.formulation.builder import Builder
from gigasite.run import whole_start as whole_start_module
from gigasite.run.solve_run import assemble_file
from gigasite.run.whole_start import whole_start
from gigasite.solve.compiled import CompiledLP
from gigasite.solve.plain import compile_model
from gigasite.solve.solution import Solution, violations_of
from gigasite.solve.whole import SolverOptions, solve_whole

Write = Callable[[str, str], Path]
TWO_YEARS = """horizon: {years: [2030, 2035]}
sites:
  piketon:
    load_ramp_mw: {2028: 800, 2030: 4000, 2035: 10000}
    capacity_floor_mw: null
    technologies: {gas_engine: null, fuel_cell: null, large_reactor: null, solar: null, wind: null}
technologies: {combined_cycle: {units: whole}, gas_turbine: {units: whole}}
"""


def model_of(path: Path) -> tuple[CompiledLP, Builder]:
    _, system = assemble_file(path)
    builder = build_model(system, traced=True)
    return compile_model(builder.model, builder.maker), builder


@pytest.fixture
def whole(scenario: Write) -> tuple[CompiledLP, Builder]:
    path = scenario("portsmouth.yaml", "")
    head = path.read_text(encoding="utf-8").partition("horizon:")[0]
    days = TWO_YEARS.replace("[2030, 2035]}", "[2030, 2035], days: 4, resolution_h: 6}")
    path.write_text(head + days, encoding="utf-8")
    return model_of(path)


def test_a_start_is_a_plan_of_the_whole_problem(whole: tuple[CompiledLP, Builder]) -> None:
    lp, builder = whole
    start = whole_start(lp, builder, SolverOptions())
    assert start is not None
    broken = violations_of(lp, start.column_values)
    assert max(broken.column, broken.row) < 1e-2  # 10 kW
    machines = start.column_values[lp.integrality != 0]
    assert np.abs(machines - machines.round()).max() < 1e-6


def test_a_start_lies_between_the_fractions_and_twice_its_gap(whole: tuple[CompiledLP, Builder]) -> None:
    lp, builder = whole
    start = whole_start(lp, builder, SolverOptions())
    assert start is not None
    fractions = solve_whole(replace(lp, integrality=np.zeros_like(lp.integrality)))
    best = solve_whole(lp, SolverOptions(start=start, gap=1e-3))
    assert fractions.objective_usd <= best.objective_usd * (1 + 1e-9)
    assert best.objective_usd <= start.objective_usd * (1 + 1e-9)
    assert start.objective_usd <= best.objective_usd * 1.04


def test_without_whole_machines_there_is_no_start(scenario: Write) -> None:
    assert whole_start(*model_of(scenario("abilene.yaml", "")), SolverOptions()) is None


def test_all_steps_of_a_start_share_one_part_of_the_time(
    whole: tuple[CompiledLP, Builder], monkeypatch: pytest.MonkeyPatch
) -> None:
    lp, builder = whole
    seconds, given = [0.0], []

    def solve(problem: CompiledLP, options: SolverOptions) -> Solution:
        given.append(options.time_limit_s)
        seconds[0] += 10.0
        return near

    near = solve_whole(replace(lp, integrality=np.zeros_like(lp.integrality)))
    costs = iter(range(100, 0, -1))  # a start that never settles
    monkeypatch.setattr(whole_start_module, "solve_whole", lambda *of: replace(solve(*of), objective_usd=next(costs)))
    monkeypatch.setattr(whole_start_module.time, "perf_counter", lambda: seconds[0])
    assert whole_start(lp, builder, SolverOptions(time_limit_s=100.0)) is None
    assert given == [25.0, 15.0, 5.0]
