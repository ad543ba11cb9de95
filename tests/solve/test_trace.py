"""A traced model gives the same arrays as Pyomo's own expansion, entry by entry."""

from __future__ import annotations

import logging
from typing import Any

import highspy
import numpy as np
import pyomo.environ as pe
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from gigasite.formulation.modelling import Maker, new_model
from gigasite.foundation.errors import InfeasibleScenario
from gigasite.solve import filling, trace
from gigasite.solve.assembly import InvalidNumber
from gigasite.solve.compiled import CompiledLP, hand_over
from gigasite.solve.plain import TraceMismatch, check_traced_rows, compile_expanded, compile_model
from gigasite.solve.trace import compile_traced
from gigasite.solve.traced_rule import UntraceableRule


def dense(lp: CompiledLP) -> np.ndarray:
    return csr_array((lp.values, lp.column_indices, lp.row_starts), shape=lp.shape).toarray()


def oriented(lp: CompiledLP) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows and bounds with the first entry of each row positive.

    Pyomo turns single rows round where a coefficient happens to be 0 (`0 * x == y` becomes `y == 0`); a traced
    constraint has one direction.
    """
    matrix = dense(lp)
    first = matrix[np.arange(len(matrix)), np.argmax(matrix != 0, axis=1)] if matrix.size else np.ones(len(matrix))
    turned = first < 0
    low, high = np.where(turned, -lp.row_upper, lp.row_lower), np.where(turned, -lp.row_lower, lp.row_upper)
    return np.where(turned[:, None], -matrix, matrix), low, high


def assert_same(traced: CompiledLP, plain: CompiledLP) -> None:
    """Same rows, columns, entries, bounds, cost and names."""
    assert traced.shape == plain.shape
    assert traced.nonzeros == plain.nonzeros
    for mine, theirs in zip(oriented(traced), oriented(plain), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-12, atol=0)
    for name in ("column_cost", "column_lower", "column_upper", "row_starts", "integrality"):
        np.testing.assert_allclose(getattr(traced, name), getattr(plain, name), rtol=1e-12, atol=0, err_msg=name)
    assert traced.objective_constant == pytest.approx(plain.objective_constant, rel=1e-12)
    assert [traced.row_name(i) for i in range(traced.shape[0])] == [plain.row_name(i) for i in range(plain.shape[0])]
    assert [traced.column_name(i) for i in range(traced.shape[1])] == [
        plain.column_name(i) for i in range(plain.shape[1])
    ]


def both(declare: Any) -> CompiledLP:
    """Compile what `declare(model, make)` declares both ways, compare, and give the traced one."""
    traced, plain = new_model(traced=True), new_model(traced=False)
    traced_make, plain_make = Maker(traced, traced=True), Maker(plain, traced=False)
    declare(traced, traced_make)
    declare(plain, plain_make)
    lp = compile_traced(traced, traced_make)
    assert_same(lp, compile_expanded(plain, plain_make))
    return lp


def traced_only(declare: Any) -> tuple[Any, Maker]:
    model = new_model(traced=True)
    make = Maker(model, traced=True)
    declare(model, make)
    return model, make


def row_of(lp: CompiledLP, name: str) -> dict[str, float]:
    """The entries of a row by the names of their columns."""
    number = next(i for i in range(lp.shape[0]) if lp.row_name(i) == name)
    part = slice(lp.row_starts[number], lp.row_starts[number + 1])
    columns = [lp.column_name(int(column)) for column in lp.column_indices[part]]
    assert len(set(columns)) == len(columns)
    return dict(zip(columns, lp.values[part].tolist(), strict=True))


# -- any system --------------------------------------------------------------------------------------------------------

NUMBERS = st.sampled_from([0.0, 1.0, -1.0, 2.0, 0.5, -0.25, 3.0])
DIVISORS = st.sampled_from([1.0, 2.0, -4.0, 0.5])
SETS = {
    "site": [["piketon"], ["piketon", "abilene"], ["b", "a", "c"]],
    "year": [[2028], [2028, 2030], [2028, 2030, 2035]],
    "later": [[], [2030], [2028, 2030]],
    "hour": [[0], [0, 1, 2], [0, 1, 2, 3]],
    "long": [list(range(40))],
}
VARIABLES = {
    "output": ("site", "year", "hour"),
    "capacity": ("site", "year"),
    "built": ("site", "year", "year"),
    "stored": ("hour",),
    "flow": ("long",),
    "total": (),
}
PARAMETERS = {
    "availability": ("site", "hour"),
    "price": ("year",),
    "share": ("year", "site"),
    "weight": ("long",),
    "only": (),
}


def expressions() -> st.SearchStrategy[Any]:
    """Linear expressions as nested tuples; numbers choose among what is in reach where the tree is read."""
    picks = st.tuples(*[st.integers(0, 7)] * 3)
    leaf = st.one_of(
        st.tuples(st.just("variable"), st.sampled_from(sorted(VARIABLES)), picks),
        st.tuples(st.just("number"), NUMBERS),
        st.tuples(st.just("parameter"), st.sampled_from(sorted(PARAMETERS)), picks),
    )
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.tuples(st.just("add"), st.lists(inner, min_size=1, max_size=3)),
            st.tuples(st.just("list_sum"), st.lists(inner, min_size=1, max_size=3)),
            st.tuples(st.just("negate"), inner),
            st.tuples(st.just("times_number"), NUMBERS, inner),
            st.tuples(st.just("times"), st.sampled_from(sorted(PARAMETERS)), picks, inner),
            st.tuples(st.just("divide"), DIVISORS, inner),
            st.tuples(st.just("divide_by_parameter"), picks, inner),
            st.tuples(st.just("sum"), st.sampled_from(["site", "year", "later", "hour", "long"]), inner),
        ),
        max_leaves=6,
    )


class Reader:
    """Turns an expression tree into what a rule of a feature would return."""

    def __init__(self, model: Any) -> None:
        self.model = model

    def _label(self, name: str, pick: int, scope: list[tuple[str, Any]]) -> Any:
        """A label for one set: a placeholder of it or of another set with the same labels, a mapped one, a literal."""
        members = SETS_IN_USE[name]
        options = [label for one, label in scope if one == name]
        if name == "year":
            options += [label for one, label in scope if one == "later" and set(SETS_IN_USE["later"]) <= set(members)]
        if name == "hour":
            options += [self.model.previous[label] for one, label in scope if one == "hour"]
            options += [self.model.hour_of[label] for one, label in scope if one == "site"]
        options += list(members[:1]) + list(members[-1:])
        return options[pick % len(options)]

    def _index(self, dims: tuple[str, ...], picks: tuple[int, ...], scope: list[tuple[str, Any]]) -> tuple[Any, ...]:
        return tuple(self._label(name, pick, scope) for name, pick in zip(dims, picks, strict=False))

    def _parameter(self, name: str, picks: tuple[int, ...], scope: list[tuple[str, Any]]) -> Any:
        component = getattr(self.model, name)
        dims = PARAMETERS.get(name, ("year",))
        return component[self._index(dims, picks, scope)] if dims else component

    def read(self, tree: Any, scope: list[tuple[str, Any]]) -> Any:  # noqa: PLR0911
        match tree:
            case "variable", name, picks:
                component = getattr(self.model, name)
                dims = VARIABLES[name]
                return component[self._index(dims, picks, scope)] if dims else component
            case "number", number:
                return number
            case "parameter", name, picks:
                return self._parameter(name, picks, scope)
            case "add", children:
                total = self.read(children[0], scope)
                for child in children[1:]:
                    total = total + self.read(child, scope)
                return total
            case "list_sum", children:
                return sum(self.read(child, scope) for child in children)
            case "negate", child:
                return -self.read(child, scope)
            case "times_number", number, child:
                return number * self.read(child, scope)
            case "times", name, picks, child:
                return self.read(child, scope) * self._parameter(name, picks, scope)
            case "divide", number, child:
                return self.read(child, scope) / number
            case "divide_by_parameter", picks, child:
                return self.read(child, scope) / self._parameter("divisor", picks, scope)
            case "sum", name, child:
                return sum(self.read(child, [*scope, (name, label)]) for label in getattr(self.model, name))
        raise AssertionError(tree)


SETS_IN_USE: dict[str, list[Any]] = {}
DIMS = st.sampled_from(
    [
        (),
        ("site",),
        ("year", "site"),
        ("site", "year", "hour"),
        ("year", "year"),
        ("later",),
        ("long",),
        ("later", "hour"),
    ]
)
WITH_A_VARIABLE = st.tuples(
    st.just("add"),
    st.tuples(
        st.tuples(st.just("variable"), st.sampled_from(sorted(VARIABLES)), st.tuples(*[st.integers(0, 7)] * 3)),
        expressions(),
    ),
)
RELATIONS = st.tuples(
    DIMS, st.sampled_from(["==", "<=", ">=", "range", "number"]), WITH_A_VARIABLE, expressions(), NUMBERS
)


@st.composite
def systems(draw: Any) -> dict[str, Any]:
    sets = {name: draw(st.sampled_from(options)) for name, options in SETS.items()}
    size = {name: len(members) for name, members in sets.items()}
    chance = np.random.default_rng(draw(st.integers(0, 2**16)))
    lower = {name: chance.choice([0.0, 0.0, -1.0], [size[d] for d in dims]) for name, dims in VARIABLES.items()}
    upper = {name: chance.choice([0.0, 1.0, 5.0, np.inf], [size[d] for d in dims]) for name, dims in VARIABLES.items()}
    values = {name: chance.choice([0.0, 1.0, -0.5, 2.0], [size[d] for d in dims]) for name, dims in PARAMETERS.items()}
    return {
        "sets": sets,
        "lower": lower,
        "upper": upper,
        "values": values,
        "divisor": chance.choice([1.0, 2.0, -0.5], size["year"]),
        "hour_of": chance.choice(sets["hour"], size["site"]),
        "relations": draw(st.lists(RELATIONS, min_size=1, max_size=3)),
        "objective": draw(expressions()),
    }


def declare_system(system: dict[str, Any], model: Any, make: Maker) -> None:
    SETS_IN_USE.clear()
    SETS_IN_USE.update(system["sets"])
    for name, members in system["sets"].items():
        make.set(model, name, members)
    sets = {name: getattr(model, name) for name in system["sets"]}
    for name, dims in PARAMETERS.items():
        make.param(model, name, system["values"][name], [sets[d] for d in dims])
    make.param(model, "divisor", system["divisor"], [model.year])
    make.param(model, "previous", np.roll(system["sets"]["hour"], 1), [model.hour])
    make.param(model, "hour_of", system["hour_of"], [model.site])
    model.plant = pe.Block()
    reader = Reader(model)
    for name, dims in VARIABLES.items():
        make.var(model, name, [sets[d] for d in dims], system["upper"][name], system["lower"][name])
    for number, (dims, sense, left, right, bound) in enumerate(system["relations"]):

        def rule(
            _b: Any, *labels: Any, d: Any = dims, s: str = sense, x: Any = left, y: Any = right, n: float = bound
        ) -> Any:
            scope = list(zip(d, labels, strict=True))
            one = reader.read(x, scope)
            if s == "number":
                return one <= n
            if s == "range":
                return (n - 1.0, one + model.total, n)
            two = reader.read(y, scope)
            return one == two if s == "==" else one <= two if s == "<=" else one >= two

        make.constraint(model.plant, f"row_{number}", [sets[d] for d in dims], rule)
    make.objective_rule(model, lambda _m: reader.read(system["objective"], []))


def outcome(system: dict[str, Any], traced: bool) -> CompiledLP | str:
    """The arrays, or that the system cannot be satisfied."""
    model = new_model(traced=traced)
    make = Maker(model, traced=traced)
    try:
        declare_system(system, model, make)
        lp = compile_traced(model, make) if traced else compile_expanded(model, make)
    except InfeasibleScenario:
        return "infeasible"
    if traced:
        check_traced_rows(lp, make)
    return lp


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(systems())
def test_traced_arrays_equal_pyomos_for_any_small_system(system: dict[str, Any]) -> None:
    logging.disable(logging.ERROR)  # Pyomo logs what it then raises
    traced, plain = outcome(system, traced=True), outcome(system, traced=False)
    logging.disable(logging.NOTSET)
    if isinstance(traced, str) or isinstance(plain, str):
        assert traced == plain
    else:
        assert_same(traced, plain)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(systems())
def test_small_chunks_change_nothing(system: dict[str, Any]) -> None:
    before, whole = filling.CHUNK_ENTRIES, outcome(system, traced=True)
    filling.CHUNK_ENTRIES = 3
    try:
        parts = outcome(system, traced=True)
    finally:
        filling.CHUNK_ENTRIES = before
    if isinstance(whole, str) or isinstance(parts, str):
        assert whole == parts
    else:
        assert_same(parts, whole)


# -- the contract, point by point --------------------------------------------------------------------------------------


def years_and_hours(model: Any, make: Maker) -> None:
    make.set(model, "site", ["piketon", "abilene"])
    make.set(model, "year", [2028, 2030, 2035])
    make.set(model, "hour", range(4))
    make.param(model, "previous", [3, 0, 1, 2], (model.hour,))
    make.var(model, "capacity_mw", (model.site, model.year), upper=100.0)
    make.var(model, "output_mw", (model.site, model.year, model.hour), upper=100.0)


def test_columns_whose_bounds_are_zero_are_dropped() -> None:
    def declare(model: Any, make: Maker) -> None:
        years_and_hours(model, make)
        upper = np.array([[0.0, 5.0, 5.0], [5.0, 5.0, 0.0]])
        make.var(model, "built_mw", (model.site, model.year), upper=upper)
        make.constraint(
            model, "follows", (model.site, model.year), lambda b, s, y: b.capacity_mw[s, y] <= b.built_mw[s, y]
        )

    lp = both(declare)
    assert lp.column_numbering.full_count - lp.shape[1] == 2
    assert row_of(lp, "follows[piketon,2028]") == {"capacity_mw[piketon,2028]": 1.0}
    assert row_of(lp, "follows[piketon,2030]") == {"capacity_mw[piketon,2030]": 1.0, "built_mw[piketon,2030]": -1.0}
    x = np.arange(lp.shape[1], dtype=float) + 1
    built = lp.values_of("built_mw", x)
    assert built.shape == (2, 3)
    assert built[0, 0] == 0.0
    assert built[1, 2] == 0.0
    assert built[0, 1] == x[[lp.column_name(i) for i in range(lp.shape[1])].index("built_mw[piketon,2030]")]


def test_a_row_that_repeats_a_variable_sums_its_coefficients() -> None:
    def declare(model: Any, make: Maker) -> None:
        years_and_hours(model, make)
        make.constraint(
            model,
            "twice",
            (model.site, model.year),
            lambda b, s, y: (
                b.capacity_mw[s, y] + 2 * b.capacity_mw[s, y] + sum(b.capacity_mw[s, z] for z in b.year)
                <= b.capacity_mw[s, 2030]
            ),
        )

    lp = both(declare)
    assert row_of(lp, "twice[abilene,2028]") == {"capacity_mw[abilene,2028]": 4.0, "capacity_mw[abilene,2035]": 1.0}
    assert row_of(lp, "twice[abilene,2030]")["capacity_mw[abilene,2030]"] == 3.0


def test_the_objective_sums_repeated_variables_and_keeps_its_constant() -> None:
    def declare(model: Any, make: Maker) -> None:
        years_and_hours(model, make)
        make.param(model, "price", [1.0, 2.0, 3.0], (model.year,))
        make.objective_rule(
            model,
            lambda m: (
                sum(m.price[y] * m.capacity_mw[s, y] for s in m.site for y in m.year)
                + 5 * m.capacity_mw["piketon", 2030]
                + sum(m.price[y] for y in m.year)
                + 100
            ),
        )

    lp = both(declare)
    assert lp.values_of("capacity_mw", lp.column_cost).tolist() == [[1.0, 7.0, 3.0], [1.0, 2.0, 3.0]]
    assert lp.objective_constant == 106.0


def test_an_objective_of_terms_adds_arrays_parameters_and_numbers() -> None:
    def declare(model: Any, make: Maker) -> None:
        years_and_hours(model, make)
        make.param(model, "price", np.arange(6.0).reshape(2, 3), (model.site, model.year))
        terms = [(model.capacity_mw, model.price), (model.capacity_mw, np.ones((2, 3))), (model.output_mw, 0.5)]
        make.objective(model, terms, constant=7.0)

    lp = both(declare)
    assert lp.values_of("capacity_mw", lp.column_cost).tolist() == [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]
    assert set(lp.values_of("output_mw", lp.column_cost).ravel()) == {0.5}
    assert lp.objective_constant == 7.0


def test_modelled_years_may_have_gaps() -> None:
    def declare(model: Any, make: Maker) -> None:
        years_and_hours(model, make)
        make.set(model, "later", [2030, 2035])
        make.param(model, "year_before", [2028, 2030], (model.later,))
        make.constraint(
            model,
            "never_shrinks",
            (model.site, model.later),
            lambda b, s, y: b.capacity_mw[s, b.year_before[y]] <= b.capacity_mw[s, y],
        )

    lp = both(declare)
    assert row_of(lp, "never_shrinks[piketon,2035]") == {
        "capacity_mw[piketon,2030]": 1.0,
        "capacity_mw[piketon,2035]": -1.0,
    }


def test_sets_of_the_same_length_and_ends_are_told_apart() -> None:
    def declare(model: Any, make: Maker) -> None:
        years_and_hours(model, make)
        make.set(model, "turned", [2028, 2035, 2030])
        make.var(model, "other", (model.turned,), upper=1.0)
        make.constraint(model, "pairs", (model.site, model.year), lambda b, s, y: b.capacity_mw[s, y] == b.other[y])

    lp = both(declare)
    assert row_of(lp, "pairs[piketon,2030]") == {"capacity_mw[piketon,2030]": 1.0, "other[2030]": -1.0}


def test_a_set_may_index_a_variable_twice() -> None:
    def declare(model: Any, make: Maker) -> None:
        years_and_hours(model, make)
        make.var(model, "running_mw", (model.site, model.year, model.year), upper=9.0)
        make.constraint(
            model,
            "capacity_is_its_vintages",
            (model.site, model.year),
            lambda b, s, y: b.capacity_mw[s, y] == sum(b.running_mw[s, v, y] for v in b.year),
        )
        make.constraint(model, "diagonal", (model.year,), lambda b, y: sum(b.running_mw[s, y, y] for s in b.site) <= 1)

    lp = both(declare)
    assert row_of(lp, "diagonal[2030]") == {"running_mw[piketon,2030,2030]": 1.0, "running_mw[abilene,2030,2030]": 1.0}


def test_a_parameter_may_name_the_hour_before() -> None:
    def declare(model: Any, make: Maker) -> None:
        years_and_hours(model, make)
        make.constraint(
            model,
            "storage",
            (model.site, model.year, model.hour),
            lambda b, s, y, h: b.output_mw[s, y, h] == 0.9 * b.output_mw[s, y, b.previous[h]],
        )

    lp = both(declare)
    assert row_of(lp, "storage[piketon,2028,0]") == {
        "output_mw[piketon,2028,0]": 1.0,
        "output_mw[piketon,2028,3]": -0.9,
    }


def test_a_parameter_of_names_may_pick_a_member_of_another_set() -> None:
    def declare(model: Any, make: Maker) -> None:
        years_and_hours(model, make)
        make.set(model, "zone", ["pjm", "ercot"])
        make.param(model, "zone_of", np.array(["pjm", "ercot"]), (model.site,))
        make.var(model, "headroom_mw", (model.zone,), upper=5.0)
        make.constraint(
            model,
            "within",
            (model.site, model.year),
            lambda b, s, y: b.capacity_mw[s, y] <= b.headroom_mw[b.zone_of[s]],
        )

    lp = both(declare)
    assert row_of(lp, "within[abilene,2028]") == {"capacity_mw[abilene,2028]": 1.0, "headroom_mw[ercot]": -1.0}


def test_a_label_may_be_written_in_a_rule() -> None:
    def declare(model: Any, make: Maker) -> None:
        years_and_hours(model, make)
        make.constraint(
            model, "first", (model.year,), lambda b, y: b.capacity_mw["piketon", y] <= b.capacity_mw["abilene", 2035]
        )

    assert row_of(both(declare), "first[2028]") == {"capacity_mw[piketon,2028]": 1.0, "capacity_mw[abilene,2035]": -1.0}


def test_a_coefficient_of_zero_is_no_entry() -> None:
    def declare(model: Any, make: Maker) -> None:
        years_and_hours(model, make)
        make.param(model, "availability", [0.0, 0.5, 1.0, 0.0], (model.hour,))
        make.constraint(
            model,
            "limit",
            (model.site, model.year, model.hour),
            lambda b, s, y, h: b.output_mw[s, y, h] <= b.availability[h] * b.capacity_mw[s, y],
        )

    lp = both(declare)
    assert row_of(lp, "limit[piketon,2028,0]") == {"output_mw[piketon,2028,0]": 1.0}
    assert len(row_of(lp, "limit[piketon,2028,1]")) == 2


def test_ranges_and_greater_or_equal_become_row_bounds() -> None:
    def declare(model: Any, make: Maker) -> None:
        years_and_hours(model, make)
        make.var(model, "total_mw", (), upper=9.0)
        make.constraint(model, "range", (model.year,), lambda b, y: (1, b.capacity_mw["piketon", y] + 2, 8))
        make.constraint(model, "least", (), lambda b: b.total_mw + 1 >= 3)
        make.constraint(model, "open", (), lambda b: b.total_mw <= float("inf"))

    lp = both(declare)
    names = [lp.row_name(i) for i in range(lp.shape[0])]
    assert names == ["range[2028]", "range[2030]", "range[2035]", "least"]
    assert (lp.row_lower[0], lp.row_upper[0]) == (-1.0, 6.0)
    assert (lp.row_lower[3], lp.row_upper[3]) == (2.0, np.inf)


def test_a_sum_over_an_empty_set_is_nothing() -> None:
    def declare(model: Any, make: Maker) -> None:
        years_and_hours(model, make)
        make.set(model, "line", [])
        make.var(model, "flow_mw", (model.line, model.year), upper=9.0)
        make.constraint(
            model,
            "with_lines",
            (model.year,),
            lambda b, y: b.capacity_mw["piketon", y] + sum(b.flow_mw[k, y] for k in b.line) <= 4,
        )
        make.constraint(model, "per_line", (model.line, model.year), lambda b, k, y: b.flow_mw[k, y] <= 4)

    assert both(declare).shape == (3, 6 + 24)


def test_a_row_without_columns_is_dropped_where_it_holds() -> None:
    def declare(model: Any, make: Maker) -> None:
        years_and_hours(model, make)
        make.var(model, "absent_mw", (model.year,), upper=0.0)
        make.constraint(model, "cap", (model.year,), lambda b, y: b.absent_mw[y] <= 4)

    assert both(declare).shape[0] == 0


def test_a_row_without_columns_that_cannot_hold_is_named() -> None:
    def declare(model: Any, make: Maker) -> None:
        years_and_hours(model, make)
        make.param(model, "wanted", [0.0, 5.0, 0.0], (model.year,))
        make.var(model, "absent_mw", (model.year,), upper=0.0)
        make.constraint(model, "met", (model.year,), lambda b, y: b.absent_mw[y] >= b.wanted[y])

    with pytest.raises(InfeasibleScenario, match=r"met\[2030\]"):
        both(declare)


@pytest.mark.parametrize("bad", [np.inf, -np.inf])
def test_a_coefficient_that_is_not_finite_is_named(bad: float) -> None:
    def declare(model: Any, make: Maker) -> None:
        years_and_hours(model, make)
        make.param(model, "factor", [1.0, bad, 1.0], (model.year,))
        make.constraint(model, "row", (model.site, model.year), lambda b, s, y: b.factor[y] * b.capacity_mw[s, y] <= 4)

    with pytest.raises(InvalidNumber, match=r"capacity_mw.*row\[piketon,2030\]"):
        compile_traced(*traced_only(declare))


def test_division_by_a_parameter_of_zero_is_named() -> None:
    def declare(model: Any, make: Maker) -> None:
        years_and_hours(model, make)
        make.param(model, "divisor", [1.0, 1.0, 0.0], (model.year,))
        make.constraint(
            model, "row", (model.year,), lambda b, y: 0 * b.divisor[y] + 1 / b.divisor[y] <= b.capacity_mw["piketon", y]
        )

    with pytest.raises(InvalidNumber, match=r"row\[2035\]"):
        compile_traced(*traced_only(declare))


def test_a_variable_may_live_on_any_block() -> None:
    def declare(model: Any, make: Maker) -> None:
        years_and_hours(model, make)
        model.gas_turbine = pe.Block()
        make.var(model.gas_turbine, "output_mw", (model.site, model.year), upper=1.0)
        make.constraint(
            model.gas_turbine,
            "limit",
            (model.site, model.year),
            lambda b, s, y: b.output_mw[s, y] <= b.model().capacity_mw[s, y],
        )

    assert row_of(both(declare), "gas_turbine.limit[piketon,2028]") == {
        "gas_turbine.output_mw[piketon,2028]": 1.0,
        "capacity_mw[piketon,2028]": -1.0,
    }


# -- rules that cannot be traced ---------------------------------------------------------------------------------------


def branching(model: Any, make: Maker) -> None:
    years_and_hours(model, make)
    make.constraint(
        model,
        "branches",
        (model.site, model.year),
        lambda b, s, y: b.capacity_mw[s, y] <= (5 if s == "piketon" else 7) + 0 * b.capacity_mw[s, y],
    )
    make.constraint(model, "fine", (model.site,), lambda b, s: b.capacity_mw[s, 2028] <= 1)


def test_a_rule_that_branches_on_a_label_is_refused_with_its_name() -> None:
    with pytest.raises(UntraceableRule, match=r"'branches'.*parameter"):
        compile_traced(*traced_only(branching))


@pytest.mark.parametrize(
    "limit",
    [
        lambda b, s, y: 5 if s == "piketon" else 7,
        lambda b, s, y: 5 if s != "piketon" else 7,
        lambda b, s, y: 5 if s in ("piketon", "elsewhere") else 7,
        lambda b, s, y: 5 if s in {"piketon"} else 7,
        lambda b, s, y: {"piketon": 5}.get(s, 7),
        lambda b, s, y: 5 if f"{s}" == "piketon" else 7,
        lambda b, s, y: 5 if y == 2030 else 7,
        lambda b, s, y: 5 if y > 2028 else 7,
        lambda b, s, y: 5 if y else 7,
        lambda b, s, y: 5 if y - 2028 else 7,
        lambda b, s, y: max(y, 2030),
        lambda b, s, y: 5 if b.zone_of[s] == "pjm" else 7,
        lambda b, s, y: {"pjm": 5}.get(b.zone_of[s], 7),
        lambda b, s, y: 5 if b.first[y] else 7,
        lambda b, s, y: [5, 6, 7][b.first[y]],
        lambda b, s, y: np.array([5, 6, 7])[b.first[y]],
        lambda b, s, y: sum(b.first[z] for z in b.year if z != 2028),
        lambda b, s, y: sum(b.first[z] for z in b.year if z <= y),
    ],
)
def test_no_rule_that_reads_its_labels_is_traced_into_something_else(limit: Any) -> None:
    def declare(model: Any, make: Maker) -> None:
        years_and_hours(model, make)
        make.param(model, "zone_of", np.array(["pjm", "ercot"]), (model.site,))
        make.param(model, "first", [0, 1, 1], (model.year,))
        make.constraint(model, "reads", (model.site, model.year), lambda b, s, y: b.capacity_mw[s, y] <= limit(b, s, y))

    model, make = traced_only(declare)
    with pytest.raises(UntraceableRule):
        compile_traced(model, make)
    plain = new_model(traced=False)
    plain_make = Maker(plain, traced=False)
    declare(plain, plain_make)
    assert_same(compile_model(model, make), compile_model(plain, plain_make))


def test_a_rule_that_cannot_be_traced_is_written_out_row_by_row_with_a_warning(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.WARNING, logger="gigasite"):
        lp = compile_model(*traced_only(branching))
    assert "'branches' is written out row by row" in caplog.text
    plain = new_model(traced=False)
    make = Maker(plain, traced=False)
    branching(plain, make)
    assert_same(lp, compile_model(plain, make))
    assert lp.row_upper.tolist() == [5.0, 5.0, 5.0, 7.0, 7.0, 7.0, 1.0, 1.0]


def test_a_rule_that_fails_half_way_leaves_no_row_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    def declare(model: Any, make: Maker) -> None:
        years_and_hours(model, make)
        make.constraint(model, "row", (model.hour,), lambda b, h: b.output_mw["piketon", 2028, h] <= 1)

    whole = compile_model(*traced_only(declare))
    chunks: list[Any] = []

    def second_fails(*given: Any) -> None:
        chunks.append(given)
        if len(chunks) == 2:
            raise UntraceableRule("as a test")
        filling.add_chunk(*given)

    monkeypatch.setattr(filling, "CHUNK_ENTRIES", 1)
    monkeypatch.setattr(trace, "add_chunk", second_fails)
    assert_same(compile_model(*traced_only(declare)), whole)
    assert len(chunks) == 2


def test_an_objective_that_cannot_be_traced_is_written_out() -> None:
    def declare(model: Any, make: Maker) -> None:
        years_and_hours(model, make)
        make.objective_rule(
            model, lambda m: sum((2 if y == 2030 else 1) * m.capacity_mw["piketon", y] for y in m.year) + 3
        )

    lp = compile_model(*traced_only(declare))
    assert lp.values_of("capacity_mw", lp.column_cost).tolist() == [[1.0, 2.0, 1.0], [0.0, 0.0, 0.0]]
    assert lp.objective_constant == 3.0


def test_a_rule_that_skips_is_refused() -> None:
    def declare(model: Any, make: Maker) -> None:
        years_and_hours(model, make)
        make.constraint(model, "skips", (model.year,), lambda _b, _y: pe.Constraint.Skip)

    with pytest.raises(UntraceableRule, match="do not skip"):
        compile_traced(*traced_only(declare))


def test_a_product_of_variables_is_refused() -> None:
    def declare(model: Any, make: Maker) -> None:
        years_and_hours(model, make)
        make.constraint(
            model, "bent", (model.year,), lambda b, y: b.capacity_mw["piketon", y] * b.capacity_mw["abilene", y] <= 1
        )

    with pytest.raises(UntraceableRule, match="multiplies variables"):
        compile_traced(*traced_only(declare))


def test_rows_that_were_traced_into_something_else_are_found() -> None:
    limits = iter([9.0])

    def declare(model: Any, make: Maker) -> None:
        years_and_hours(model, make)
        make.constraint(model, "sly", (model.year,), lambda b, y: b.capacity_mw["piketon", y] <= next(limits, 5.0))

    model, make = traced_only(declare)
    lp = compile_traced(model, make)
    with pytest.raises(TraceMismatch, match="sly"):
        check_traced_rows(lp, make)


# -- solving -----------------------------------------------------------------------------------------------------------


def small_plan(model: Any, make: Maker) -> None:
    """Meet 90, 40, 70 and 100 MW in four hours with a plant of 60 USD per MW and 3 USD/MWh, or wait at 500 USD/MWh."""
    make.set(model, "hour", range(4))
    make.param(model, "load_mw", [90.0, 40.0, 70.0, 100.0], (model.hour,))
    make.param(model, "availability", [1.0, 1.0, 0.5, 0.8], (model.hour,))
    make.var(model, "capacity_mw", (), upper=1000.0)
    make.var(model, "units", (), upper=10.0, integer=True)
    make.var(model, "output_mw", (model.hour,), upper=1000.0)
    make.var(model, "unserved_mw", (model.hour,), upper=1000.0)
    make.constraint(model, "whole_units", (), lambda b: b.capacity_mw == 35 * b.units)
    make.constraint(model, "limit", (model.hour,), lambda b, h: b.output_mw[h] <= b.availability[h] * b.capacity_mw)
    make.constraint(model, "balance", (model.hour,), lambda b, h: b.output_mw[h] + b.unserved_mw[h] == b.load_mw[h])
    make.objective(
        model, [(model.capacity_mw, 60.0), (model.output_mw, 3.0), (model.unserved_mw, 500.0)], constant=1000.0
    )


def solved(lp: CompiledLP) -> tuple[float, np.ndarray, np.ndarray]:
    highs = highspy.Highs()
    highs.silent()
    assert hand_over(lp, highs) == highspy.HighsStatus.kOk
    highs.run()
    assert highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    solution = highs.getSolution()
    return highs.getObjectiveValue(), np.array(solution.col_value), np.array(solution.row_dual)


def test_highs_and_pyomos_highs_find_the_same_cost() -> None:
    lp = both(small_plan)
    cost, values, _ = solved(lp)
    plain = new_model(traced=False)
    small_plan(plain, Maker(plain, traced=False))
    assert pe.SolverFactory("appsi_highs").solve(plain).solver.termination_condition == "optimal"
    # 140 MW in four whole units carry 70 MW at half availability and 100 MW at 80 %: nothing waits.
    assert cost == pytest.approx(60 * 140 + 3 * 300 + 1000)
    assert pe.value(plain.objective) == pytest.approx(cost)
    assert lp.values_of("units", values) == pytest.approx(4)
    assert lp.values_of("output_mw", values) == pytest.approx(np.array([90.0, 40.0, 70.0, 100.0]))


def test_scaling_to_gigawatts_changes_no_answer() -> None:
    lp = both(small_plan)
    scaled = lp.scaled()
    cost, values, _ = solved(lp)
    scaled_cost, scaled_values, _ = solved(scaled.lp)
    assert scaled.objective(scaled_cost) == pytest.approx(cost)
    assert scaled.values(scaled_values) == pytest.approx(values)
    assert lp.values_of("units", scaled.values(scaled_values)) == pytest.approx(4)


def test_shadow_prices_come_back_in_dollars_per_megawatt() -> None:
    def declare(model: Any, make: Maker) -> None:
        make.set(model, "hour", range(2))
        make.var(model, "cheap_mw", (model.hour,), upper=50.0)
        make.var(model, "dear_mw", (model.hour,), upper=50.0)
        make.param(model, "load_mw", [30.0, 70.0], (model.hour,))
        make.constraint(model, "balance", (model.hour,), lambda b, h: b.cheap_mw[h] + b.dear_mw[h] == b.load_mw[h])
        make.objective(model, [(model.cheap_mw, 10.0), (model.dear_mw, 40.0)])

    lp = both(declare)
    scaled = lp.scaled()
    _, _, duals = solved(scaled.lp)
    assert lp.duals_of("balance", scaled.row_duals(duals)) == pytest.approx(np.array([10.0, 40.0]))
