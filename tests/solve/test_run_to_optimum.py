"""What presolve calls infeasible is so only if the problem as it stands is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from highspy import HighsModelStatus as Status

from gigasite.solve import solver
from gigasite.solve.solver import MINIMISE, ROWWISE, new_highs, run_to_optimum


def of_one_row(lower: float, upper: float, least: float) -> Any:
    """Minimise x in [lower, upper] where x is at least `least`."""
    highs = new_highs()
    one, at, starts = np.ones(1), np.zeros(1, dtype=np.int32), np.array([0, 1], dtype=np.int32)
    bounds, sides = (lower * one, upper * one), (least * one, np.inf * one)
    highs.passModel(1, 1, 1, ROWWISE, MINIMISE, 0.0, one, *bounds, *sides, starts, at, one, at)
    return highs


def presolve_of(highs: Any) -> str:
    return str(highs.getOptionValue("presolve")[1])


def test_an_optimum_is_taken_at_once() -> None:
    highs = of_one_row(0.0, 5.0, 2.0)
    assert run_to_optimum(highs) == Status.kOptimal
    assert highs.getSolution().col_value[0] == pytest.approx(2.0)


def test_what_is_infeasible_stays_so_and_leaves_the_object_as_it_was() -> None:
    highs = of_one_row(0.0, 1.0, 2.0)
    assert run_to_optimum(highs) == Status.kInfeasible
    assert presolve_of(highs) == "choose"


def test_a_problem_that_presolve_refuses_is_solved_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    real, tried = solver.run, []

    def refuses(highs: Any) -> Any:
        tried.append(presolve_of(highs))
        return real(highs) if presolve_of(highs) == "off" else Status.kInfeasible

    monkeypatch.setattr(solver, "run", refuses)
    highs = of_one_row(0.0, 5.0, 2.0)
    assert run_to_optimum(highs) == Status.kOptimal
    assert tried == ["choose", "choose", "off"]
    assert presolve_of(highs) == "choose"
