"""The plan agrees with the arrays it was made from."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from gigasite.formulation.requirements import unit_loss
from gigasite.run.agreement import solve_in_agreement
from gigasite.run.solve_run import assemble_file
from gigasite.solve.whole import SolverOptions

Write = Callable[[str, str], Path]


def test_a_plan_counts_on_no_more_survivors_than_there_are(scenario: Write) -> None:
    _, system = assemble_file(scenario("portsmouth.yaml", ""))
    solved = solve_in_agreement(system, SolverOptions())
    capacity = {
        term.feature: solved.solution.values(term.variable_name)
        for term in solved.builder.hubs.capacity
        if term.variable_dims == ("site", "year")
    }
    data = solved.system.features["unit_loss"]
    assert not unit_loss.refined(system.context, data, capacity, settle=True)
    assert solved.solution.passes > 1


def test_a_given_fleet_needs_one_pass(scenario: Write) -> None:
    _, system = assemble_file(scenario("portsmouth-gas-only.yaml", ""))
    assert solve_in_agreement(system, SolverOptions()).solution.passes == 1


def test_a_number_of_machines_is_exact_too(scenario: Write) -> None:
    text = "requirements: {units_lost: 3, reserve_margin: 0.0}\n"
    _, system = assemble_file(scenario("portsmouth-gas-only.yaml", text))
    solution = solve_in_agreement(system, SolverOptions()).solution
    # 170 machines of 54.118 MW at a rating of 0.892, three of them out
    carried = 167 * 9200 / 170 * 0.892
    assert solution.values("idle_load.energised_mw")[0, -1] == pytest.approx(carried, rel=1e-6)


def test_two_solves_of_one_scenario_give_the_same_plan(scenario: Write) -> None:
    path = scenario("abilene.yaml", "")
    first, second = (solve_in_agreement(assemble_file(path)[1], SolverOptions()).solution for _ in range(2))
    assert np.array_equal(first.column_values, second.column_values)


def test_a_small_site_may_lay_the_pipe_its_large_machines_call_for(scenario: Write) -> None:
    # 60 MW on machines of 496 MW: the fleet that stands without its lost machines is many times the load
    text = "sites: {piketon: {load_ramp_mw: {2035: 60}, technologies: {combined_cycle: {}}, capacity_floor_mw: null}}\n"
    _, system = assemble_file(scenario("portsmouth.yaml", text))
    solution = solve_in_agreement(system, SolverOptions()).solution
    assert solution.values("idle_load.energised_mw")[0, -1] == pytest.approx(60.0)
