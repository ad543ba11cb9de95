"""The whole problem with whole machines: the numbers, their bound, and the prices that hold for them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import highspy
import numpy as np
import pyomo.environ as pe
import pytest

from gigasite.formulation.modelling import Maker, new_model
from gigasite.foundation.errors import InfeasibleScenario, LimitReached, SolverFailure
from gigasite.solve import whole
from gigasite.solve.compiled import CompiledLP
from gigasite.solve.plain import compile_model
from gigasite.solve.whole import SolverOptions, solve_whole


def machines_for(demand: float, *, most: float = 10.0) -> CompiledLP:
    """Machines of 60 MW at 3 million each, and as much as wanted at 70 thousand USD/MW."""
    model = new_model(traced=True)
    make = Maker(model, traced=True)
    model.supply = block = pe.Block(concrete=True)
    make.var(block, "units", (), upper=most, unit="machines", integer=True)
    make.var(block, "dear_mw", (), upper=500.0, unit="MW")
    make.constraint(block, "meets_demand", (), lambda b: 60.0 * b.units + b.dear_mw >= demand)
    make.objective(model, [(block.units, np.array(3e6)), (block.dear_mw, np.array(7e4))])
    return compile_model(model, make)


def test_machines_are_whole_and_the_rest_fills_up() -> None:
    solution = solve_whole(machines_for(150.0))
    # two machines and 30 MW: 6 + 2.1 million; three machines: 9; the fraction 2.5 would cost 7.5
    assert solution.status == "optimal"
    assert solution.values("supply.units").item() == 2.0
    assert solution.values("supply.dear_mw").item() == pytest.approx(30.0, rel=1e-9)
    assert solution.objective_usd == pytest.approx(8.1e6, rel=1e-9)
    assert solution.gap <= 1e-4


def test_the_bound_is_that_of_the_whole_machines_and_not_of_their_fractions() -> None:
    solution = solve_whole(machines_for(150.0), SolverOptions(gap=1e-9))
    assert solution.bound_usd == pytest.approx(8.1e6, rel=1e-8)


def test_prices_hold_for_the_machines_of_the_plan() -> None:
    solution = solve_whole(machines_for(150.0))
    assert solution.conditional
    # with two machines held, one MW more costs 70 thousand; a machine more would save 60 x 70 thousand - 3 million
    assert solution.duals("supply.meets_demand").item() == pytest.approx(7e4, rel=1e-9)
    assert solution.reduced("supply.units").item() == pytest.approx(-1.2e6, rel=1e-9)


def test_the_problem_of_a_solution_keeps_its_integers_and_bounds() -> None:
    lp = machines_for(150.0)
    assert solve_whole(lp).lp is lp


def test_dropped_integers_leave_a_linear_problem_that_is_a_bound() -> None:
    from dataclasses import replace

    lp = machines_for(150.0)
    linear = solve_whole(replace(lp, integrality=np.zeros_like(lp.integrality)))
    assert not linear.conditional
    assert linear.objective_usd == pytest.approx(7.5e6, rel=1e-9)


def test_no_number_of_machines_that_satisfies_is_no_answer() -> None:
    with pytest.raises(InfeasibleScenario):
        solve_whole(machines_for(1200.0))


def answering(monkeypatch: pytest.MonkeyPatch, units: float, status: Any) -> None:
    """HiGHS that gives a number of machines, and ends as told, for the first problem it is given."""
    read, ended = highspy.Highs.getSolution, highspy.Highs.getModelStatus
    asked = []

    def solution(self: Any) -> Any:
        asked.append(1)
        answer = SimpleNamespace(value_valid=True, dual_valid=False, col_value=[units, 0.15 - 0.06 * units])
        return answer if len(asked) == 1 else read(self)

    def state(self: Any) -> Any:
        return status if not asked else ended(self)

    monkeypatch.setattr(highspy.Highs, "getSolution", solution)
    monkeypatch.setattr(highspy.Highs, "getModelStatus", state)


def test_machines_that_are_not_whole_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, 2.4, highspy.HighsModelStatus.kOptimal)
    with pytest.raises(SolverFailure, match="machines that are not whole"):
        solve_whole(machines_for(150.0))


def test_fractions_at_the_limit_are_no_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, 2.4, highspy.HighsModelStatus.kTimeLimit)
    with pytest.raises(LimitReached, match="time_limit_s"):
        solve_whole(machines_for(150.0))


def test_a_plan_found_before_the_limit_is_kept_with_its_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, 1.0, highspy.HighsModelStatus.kTimeLimit)
    solution = solve_whole(machines_for(150.0), SolverOptions(time_limit_s=60.0))
    # one machine and 90 MW: 3 + 6.3 million, against 8.1
    assert solution.status == "limit"
    assert solution.objective_usd == pytest.approx(9.3e6, rel=1e-9)
    assert solution.bound_usd == pytest.approx(8.1e6, rel=1e-4)
    assert solution.gap == pytest.approx(1.2 / 9.3, rel=1e-3)


def test_a_last_digit_is_rounded_away(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, 2.0 - 1e-7, highspy.HighsModelStatus.kOptimal)
    assert solve_whole(machines_for(150.0)).values("supply.units").item() == 2.0


def test_a_plan_whose_prices_come_too_late_is_kept_without_them(monkeypatch: pytest.MonkeyPatch) -> None:
    def too_late(*_: Any) -> Any:
        raise LimitReached("too late")

    monkeypatch.setattr(whole, "_solve_linear", too_late)
    solution = solve_whole(machines_for(150.0))
    assert solution.objective_usd == pytest.approx(8.1e6, rel=1e-6)
    assert not solution.row_duals.any()
