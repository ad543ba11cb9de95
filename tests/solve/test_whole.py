"""The whole problem by HiGHS: every status is read, and no answer is taken on trust."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import highspy
import numpy as np
import pyomo.environ as pe
import pytest

from gigasite.formulation.build import build_model
from gigasite.formulation.modelling import Maker, new_model
from gigasite.formulation.registry import preparers, requirement_specs, technology_specs
from gigasite.foundation.errors import InfeasibleScenario, LimitReached, SolverFailure
from gigasite.inputs.load import load_scenario
from gigasite.solve.compiled import CompiledLP
from gigasite.solve.plain import compile_model
from gigasite.solve.relaxation import least_change
from gigasite.solve.solution import violations_of
from gigasite.solve.whole import SolverOptions, solve_whole
from gigasite.system.assemble import assemble
from gigasite.system.system import System

SIMPLEX = SolverOptions(algorithms=("simplex",))


def two_plants(
    *, upper: float = 100.0, demand: float = 150.0, cost: tuple[float, float] = (20.0, 50.0), constant: float = 7e6
) -> CompiledLP:
    """A cheap and a dear plant that together meet a demand."""
    model = new_model(traced=True)
    make = Maker(model, traced=True)
    make.set(model, "plant", ["cheap", "dear"])
    model.supply = block = pe.Block(concrete=True)
    make.var(block, "output_mw", (model.plant,), upper=upper, unit="MW")
    make.constraint(block, "meets_demand", (), lambda b: b.output_mw["cheap"] + b.output_mw["dear"] >= demand)
    make.objective(model, [(block.output_mw, np.array(cost) * 1e3)], constant=constant)
    return compile_model(model, make)


# -- answers -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("algorithm", ["simplex", "ipx"])
def test_a_small_problem_has_the_answer_worked_by_hand(algorithm: str) -> None:
    solution = solve_whole(two_plants(), SolverOptions(algorithms=(algorithm,)))
    # 100 MW at 20 and 50 MW at 50 thousand, and a constant of 7 million: 2 + 2.5 + 7
    assert solution.status == "optimal"
    assert solution.algorithm == algorithm
    assert solution.values("supply.output_mw").tolist() == pytest.approx([100.0, 50.0], rel=1e-6)
    assert solution.objective_usd == pytest.approx(11.5e6, rel=1e-9)


def test_prices_are_in_the_units_of_the_model() -> None:
    solution = solve_whole(two_plants(), SIMPLEX)
    # one MW more of demand costs 50 thousand; one MW more of the cheap plant would save 30 thousand
    assert solution.duals("supply.meets_demand").item() == pytest.approx(50e3, rel=1e-9)
    assert solution.reduced("supply.output_mw").tolist() == pytest.approx([-30e3, 0.0], rel=1e-9, abs=1e-6)


def test_the_bound_from_the_prices_meets_the_cost() -> None:
    solution = solve_whole(two_plants(), SIMPLEX)
    # 7 million + 150 x 50 thousand - 100 x 30 thousand
    assert solution.bound_usd == pytest.approx(11.5e6, rel=1e-12)
    assert solution.gap == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_the_bound_never_passes_the_cost(seed: int) -> None:
    chance = np.random.default_rng(seed)
    lp = two_plants(
        upper=float(chance.uniform(80, 120)),
        demand=float(chance.uniform(10, 150)),
        cost=(float(chance.uniform(1, 90)), float(chance.uniform(1, 90))),
    )
    solution = solve_whole(lp, SIMPLEX)
    assert solution.bound_usd <= solution.objective_usd * (1 + 1e-12)
    assert solution.bound_usd == pytest.approx(solution.objective_usd, rel=1e-9)


def test_the_lines_of_highs_can_be_listened_to() -> None:
    heard: list[str] = []
    solve_whole(two_plants(), SolverOptions(algorithms=("simplex",), log=heard.append))
    assert "HiGHS" in "".join(heard)


def test_a_solve_may_start_from_the_basis_of_another(short: System) -> None:
    builder = build_model(short, traced=True)
    lp = compile_model(builder.model, builder.maker)
    first = solve_whole(lp, SIMPLEX)
    again = solve_whole(lp, SolverOptions(algorithms=("simplex",), start=first))
    assert again.iterations == 0 < first.iterations
    assert again.objective_usd == pytest.approx(first.objective_usd, rel=1e-12)


# -- no answer ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("algorithm", ["simplex", "ipx"])
def test_an_infeasible_problem_is_no_answer(algorithm: str) -> None:
    with pytest.raises(InfeasibleScenario, match="no plan satisfies"):
        solve_whole(two_plants(demand=260.0), SolverOptions(algorithms=(algorithm,)))


def test_the_least_change_names_the_row_and_what_it_lacks() -> None:
    (short,) = least_change(two_plants(demand=260.0), lambda name: name == "supply.meets_demand")
    assert short.component == "supply.meets_demand"
    assert short.missing == pytest.approx(60.0, rel=1e-6)  # two plants of 100 MW for 260


def test_where_nothing_may_give_there_is_no_least_change() -> None:
    assert least_change(two_plants(demand=260.0), lambda _: False) == []


def test_an_unbounded_problem_is_no_answer() -> None:
    with pytest.raises(SolverFailure, match="simplex: status Unbounded"):
        solve_whole(two_plants(upper=np.inf, cost=(-1.0, 50.0)), SIMPLEX)


def test_a_time_limit_before_any_plan_says_so(short: System) -> None:
    builder = build_model(short, traced=True)
    lp = compile_model(builder.model, builder.maker)
    with pytest.raises(LimitReached, match="time_limit_s"):
        solve_whole(lp, SolverOptions(time_limit_s=0.0, algorithms=("simplex",)))


def test_a_plan_found_before_the_limit_is_kept_and_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(highspy.Highs, "getModelStatus", lambda _: highspy.HighsModelStatus.kTimeLimit)
    solution = solve_whole(two_plants(), SIMPLEX)
    assert solution.status == "limit"
    assert solution.bound_usd == -np.inf  # nothing is known of how good it is
    assert solution.objective_usd == pytest.approx(11.5e6, rel=1e-9)


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Makes HiGHS give other answers than it found, one for each call; then its own."""
    own = highspy.Highs.getSolution

    def make(*answers: Any) -> None:
        left: Iterator[Any] = iter(answers)
        monkeypatch.setattr(highspy.Highs, "getSolution", lambda self: next(left, None) or own(self))

    return make


def answer_of(values_gw: list[float], *, valid: bool = True) -> Any:
    return SimpleNamespace(value_valid=valid, dual_valid=False, col_value=values_gw, row_dual=[], col_dual=[])


@pytest.mark.parametrize(
    ("values_gw", "said"),
    [
        ([0.1, 0.04], r"meets_demand is violated by 1\.0e-02"),  # 140 MW for 150
        ([0.11, 0.04], r"a bound is violated by 1\.0e-02"),  # 110 MW of a plant of 100
    ],
)
def test_an_optimal_point_that_breaks_the_problem_is_refused(
    answering: Callable[..., None], values_gw: list[float], said: str
) -> None:
    answering(answer_of(values_gw))
    with pytest.raises(SolverFailure, match=said):
        solve_whole(two_plants(), SIMPLEX)


def test_after_a_refused_point_the_next_algorithm_is_tried(answering: Callable[..., None]) -> None:
    answering(answer_of([0.1, 0.04]))
    solution = solve_whole(two_plants(), SolverOptions(algorithms=("simplex", "ipx")))
    assert solution.algorithm == "ipx"
    assert solution.objective_usd == pytest.approx(11.5e6, rel=1e-6)


def test_optimal_without_values_is_no_answer(answering: Callable[..., None]) -> None:
    answering(answer_of([], valid=False))
    with pytest.raises(SolverFailure, match="optimal without values"):
        solve_whole(two_plants(), SIMPLEX)


def test_a_point_that_breaks_the_problem_at_the_limit_is_no_plan(
    answering: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(highspy.Highs, "getModelStatus", lambda _: highspy.HighsModelStatus.kTimeLimit)
    answering(answer_of([0.1, 0.04]))
    with pytest.raises(LimitReached):
        solve_whole(two_plants(), SIMPLEX)


def test_violations_are_worked_out_from_the_arrays() -> None:
    lp = two_plants()
    assert violations_of(lp, np.array([100.0, 50.0])).row == 0.0
    broken = violations_of(lp, np.array([112.0, -3.0]))
    assert (broken.column, broken.row) == (12.0, 41.0)  # 112 of 100; 109 of 150
    assert broken.worst_row == "supply.meets_demand"


def test_a_miss_of_a_row_may_count_as_what_its_columns_would_have_to_give() -> None:
    lp = two_plants()
    steep = replace(lp, values=lp.values * 8.0, row_lower=lp.row_lower * 8.0, row_upper=lp.row_upper * 8.0)
    at = np.array([112.0, -3.0])
    assert violations_of(steep, at).row == 8 * 41.0
    assert violations_of(steep, at, in_columns=True).row == violations_of(lp, at, in_columns=True).row == 41.0
    assert violations_of(steep, at, column_unit=2.0, row_unit=4.0, in_columns=True).row == 8 * 41.0 / 4.0 / 4.0


# -- another program ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> System:
    """The shipped Portsmouth scenario over one day in steps of six hours."""
    path: Path = tmp_path_factory.mktemp("short") / "short.yaml"
    path.write_text("extends: portsmouth.yaml\nhorizon: {days: 1, resolution_h: 6}\n", encoding="utf-8")
    loaded = load_scenario(path, technology_specs=technology_specs(), requirement_specs=requirement_specs())
    return assemble(loaded.scenario, loaded.tables, preparers(loaded.scenario))


@pytest.mark.parametrize("solver", ["highs", "appsi_highs"])
def test_pyomos_own_highs_gives_the_same_cost_on_the_ordinary_model(short: System, solver: str) -> None:
    traced, plain = build_model(short, traced=True), build_model(short, traced=False)
    mine = solve_whole(compile_model(traced.model, traced.maker), SIMPLEX)
    result = pe.SolverFactory(solver).solve(plain.model)
    assert result.solver.termination_condition == pe.TerminationCondition.optimal
    assert mine.objective_usd == pytest.approx(pe.value(plain.model.objective), rel=1e-7)
