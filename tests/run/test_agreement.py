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


def test_whole_machines_hold_the_exact_row_in_one_pass(scenario: Write) -> None:
    text = "technologies: {gas_turbine: {units: whole}}\nhorizon: {resolution_h: 24, days: null}\n"
    path = scenario("portsmouth-gas-only.yaml")
    path.write_text(path.read_text().replace("horizon: {days: 4, resolution_h: 6}\n", text), encoding="utf-8")
    _, system = assemble_file(path)
    solution = solve_in_agreement(system, SolverOptions()).solution
    assert (solution.passes, solution.conditional) == (1, True)
    assert solution.values("gas_turbine.units")[0].tolist() == [23.0, 170.0, 170.0, 170.0]
    # of 23 machines at 5 % six are out, of 170 twenty-one: 149 x 54.118 x 0.892
    assert solution.values("unit_loss.lost_gas_turbine")[0].tolist() == [6.0, 21.0, 21.0, 21.0]
    assert solution.values("idle_load.energised_mw")[0, -1] == pytest.approx(149 * 9200 / 170 * 0.892, rel=1e-6)


def test_a_whole_fleet_beside_continuous_ones_agrees_in_passes(scenario: Write) -> None:
    text = "technologies: {combined_cycle: {units: whole, capacity_max_mw: 15000}}\n"
    _, system = assemble_file(scenario("portsmouth.yaml", text))
    solved = solve_in_agreement(system, SolverOptions(gap=1e-3))
    capacity = {
        term.feature: solved.solution.values(term.variable_name)
        for term in solved.builder.hubs.capacity
        if term.variable_dims == ("site", "year")
    }
    assert not unit_loss.refined(system.context, solved.system.features["unit_loss"], capacity, settle=True)
    machines = capacity["combined_cycle"] / 496
    assert machines == pytest.approx(machines.round(), abs=1e-6)
