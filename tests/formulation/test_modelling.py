"""Declaring components once, for solving or as an ordinary Pyomo model."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pe
import pytest
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler

from gigasite.formulation.modelling import Maker, new_model
from gigasite.formulation.traced_components import TracedModelError


def declared(traced: bool) -> tuple[Any, Maker]:
    model = new_model(traced=traced)
    make = Maker(model, traced=traced)
    make.set(model, "site", ["piketon", "abilene"])
    make.set(model, "year", [2028, 2030])
    make.set(model, "hour", range(48))
    model.gas_turbine = block = pe.Block()
    make.param(block, "availability", np.full((2, 48), 0.5), (model.site, model.hour), unit="MW per MW")
    make.param(block, "rating", 0.9)
    make.var(block, "capacity_mw", (model.site, model.year), upper=np.array([[10.0, 20.0], [0.0, np.inf]]), unit="MW")
    make.var(block, "output_mw", (model.site, model.year, model.hour), upper=100.0, unit="MW")
    make.var(block, "units", (model.site,), upper=4, integer=True)
    make.constraint(
        block,
        "output_limit",
        (model.site, model.year, model.hour),
        lambda b, s, y, h: b.output_mw[s, y, h] <= b.rating * b.availability[s, h] * b.capacity_mw[s, y],
    )
    make.constraint(model, "some", (), lambda m: m.gas_turbine.output_mw["piketon", 2030, 7] >= 4.5)
    make.objective(model, [(block.capacity_mw, np.array([[1.0, 2.0], [3.0, 4.0]]))], constant=3.0)
    return model, make


def test_an_expanded_model_is_solved_by_pyomo() -> None:
    model, _ = declared(traced=False)
    result = pe.SolverFactory("appsi_highs").solve(model)
    assert result.solver.termination_condition == "optimal"
    assert pe.value(model.objective) == pytest.approx(3 + 2 * 10)
    assert pe.value(model.gas_turbine.capacity_mw["piketon", 2030]) == pytest.approx(10)


def test_an_expanded_model_carries_bounds_and_domains() -> None:
    model, _ = declared(traced=False)
    assert model.gas_turbine.capacity_mw["piketon", 2028].bounds == (0.0, 10.0)
    assert model.gas_turbine.capacity_mw["abilene", 2030].bounds == (0.0, None)
    assert model.gas_turbine.units["piketon"].is_integer()


@pytest.mark.parametrize("solver", ["highs", "appsi_highs"])
def test_no_pyomo_solver_takes_a_traced_model(solver: str) -> None:
    model, _ = declared(traced=True)
    with pytest.raises(TracedModelError, match=r"gigasite\.build"):
        pe.SolverFactory(solver).solve(model)


@pytest.mark.parametrize("solver", ["highs", "appsi_highs"])
def test_no_pyomo_solver_takes_a_block_of_a_traced_model(solver: str) -> None:
    model, _ = declared(traced=True)
    with pytest.raises(TracedModelError, match=r"gas_turbine\."):
        pe.SolverFactory(solver).solve(model.gas_turbine)


@pytest.mark.parametrize("ending", ["lp", "nl", "mps"])
def test_no_pyomo_writer_takes_a_traced_model(ending: str, tmp_path: Any) -> None:
    model, _ = declared(traced=True)
    with pytest.raises(TracedModelError):
        model.write(str(tmp_path / f"model.{ending}"))


def test_pyomos_own_compiler_does_not_take_a_traced_model() -> None:
    model, _ = declared(traced=True)
    with pytest.raises(TracedModelError):
        LinearStandardFormCompiler().write(model)


def test_a_traced_component_gives_no_data() -> None:
    model, _ = declared(traced=True)
    variable, constraint = model.gas_turbine.capacity_mw, model.gas_turbine.output_limit
    for read in (
        lambda: variable["piketon", 2028],
        lambda: list(variable.values()),
        lambda: len(variable),
        lambda: constraint["piketon", 2028, 0],
        lambda: list(constraint.items()),
        lambda: len(model.some),
        lambda: list(model.component_data_objects(pe.Var)),
    ):
        with pytest.raises(TracedModelError):
            read()


def test_a_traced_parameter_answers_a_plain_label_with_its_number() -> None:
    model, _ = declared(traced=True)
    assert model.gas_turbine.availability["piketon", 3] == 0.5


def test_an_index_with_too_few_labels_is_told() -> None:
    model, _ = declared(traced=True)
    with pytest.raises(TracedModelError, match=r"indexed by \(site, hour\)"):
        _ = model.gas_turbine.availability["piketon"]


def test_maker_and_model_must_agree() -> None:
    with pytest.raises(TracedModelError):
        Maker(new_model(traced=True), traced=False)


def test_a_variable_without_hours_is_a_planning_variable() -> None:
    _, make = declared(traced=True)
    planning = {record.name: record.planning for record in make.variables}
    assert planning["gas_turbine.capacity_mw"]
    assert not planning["gas_turbine.output_mw"]


def test_a_set_keeps_its_order_and_names_nothing_twice() -> None:
    model = new_model(traced=False)
    make = Maker(model, traced=False)
    make.set(model, "year", [2035, 2028, 2030])
    assert list(model.year) == [2035, 2028, 2030]
    with pytest.raises(ValueError, match="twice"):
        make.set(model, "site", ["a", "a"])


def test_a_parameter_of_the_wrong_shape_is_refused() -> None:
    model = new_model(traced=True)
    make = Maker(model, traced=True)
    make.set(model, "year", [2028, 2030])
    with pytest.raises(ValueError, match="shape"):
        make.param(model, "price", [1.0, 2.0, 3.0], (model.year,))
    with pytest.raises(ValueError, match="not a number"):
        make.param(model, "cost", [1.0, np.nan], (model.year,))


def test_bounds_that_cross_are_refused() -> None:
    model = new_model(traced=True)
    make = Maker(model, traced=True)
    with pytest.raises(ValueError, match="above its upper bound"):
        make.var(model, "x", (), upper=1.0, lower=2.0)


def test_one_number_for_all_takes_no_memory_for_each_index() -> None:
    model = new_model(traced=True)
    make = Maker(model, traced=True)
    make.set(model, "hour", range(8760))
    make.var(model, "output_mw", (model.hour,), upper=5.0)
    assert make.variables[0].upper.strides == (0,)


def test_an_objective_needs_coefficients_over_the_sets_of_its_variable() -> None:
    model = new_model(traced=True)
    make = Maker(model, traced=True)
    make.set(model, "year", [2028, 2030])
    make.set(model, "vintage", [2028, 2030])
    make.var(model, "x", (model.year,), upper=1.0)
    make.param(model, "price", [1.0, 2.0], (model.vintage,))
    with pytest.raises(TracedModelError, match="not over the same sets"):
        make.objective(model, [(model.x, model.price)])
