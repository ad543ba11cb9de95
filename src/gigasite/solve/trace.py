"""From rules to arrays: each rule is traced once, and all its indices are worked out together with numpy.

Pyomo calls a rule with placeholders for its labels (`templatize_rule`) and gives back one expression for all indices.
Walking through it, every placeholder becomes an axis: the axes of the constraint's sets first, then one for each set
summed over. A label becomes its position along that axis, a parameter its numpy array laid along the same axes, a
variable the numbers of its columns. No object is made for an index.

What holds for a rule stands at the head of `formulation.modelling`. `solve.plain` is the route that needs no private
name of Pyomo.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from pyomo.core.expr import numeric_expr
from pyomo.core.expr.numvalue import native_types, value
from pyomo.core.expr.template_expr import GetItemExpression, IndexTemplate, TemplateSumExpression

from gigasite.formulation.modelling import ConstraintRecord, Maker
from gigasite.formulation.traced_components import TracedParam, TracedVar
from gigasite.solve.assembly import Columns, Row, Rows
from gigasite.solve.compiled import Array, CompiledLP
from gigasite.solve.filling import Chunk, Term, add_chunk, chunks_of, summed, times
from gigasite.solve.traced_rule import (
    TracedRelation,
    UntraceableRule,
    depth_of_sums,
    holds_no_variable,
    plain_sets,
    relation_of,
    set_of,
    trace_rule,
)
from gigasite.solve.year_part import DIM, OUTSIDE, YearPart

OneByOne = Callable[["ConstraintRecord", "UntraceableRule"], Sequence[Row]]


@dataclass(frozen=True)
class _Place:
    """A placeholder: the axis it runs along and the part of its set that is being worked out."""

    source: Any
    axis: int
    part: slice


@dataclass(frozen=True)
class _Scope:
    """The placeholders in reach, the axes there are, and the sums around the expression (axis, members)."""

    places: dict[int, _Place]
    axes: int
    sums: tuple[tuple[int, int], ...] = ()

    def along(self, axis: int, vector: Array) -> Array:
        """A vector laid along one axis."""
        laid: Array = vector.reshape([-1 if one == axis else 1 for one in range(self.axes)])
        return laid


@dataclass
class _Affine:
    """A linear expression over all indices of a chunk."""

    terms: list[Term]
    constant: Any = 0.0


def compile_traced(
    model: Any, maker: Maker, *, one_by_one: OneByOne | None = None, part: YearPart | None = None
) -> CompiledLP:
    """The arrays of a traced model.

    Args:
        model: made by `new_model(traced=True)`.
        maker: the Maker that declared everything on it.
        one_by_one: gives the rows of a constraint whose rule cannot be traced; without it such a rule raises.
        part: the part to compile; the whole where it is None.

    Raises:
        UntraceableRule: a rule cannot be worked out for all indices together.
        InvalidNumber: a coefficient, cost or constant is not a finite number; the message names row and column.
        InfeasibleScenario: a row that cannot hold has no column left.
        NotInParts: a row holds operation of several parts.
    """
    columns = Columns(maker, part)
    rows = Rows(maker, columns)
    traced: dict[str, TracedRelation | UntraceableRule] = {}
    for record in rows.records:
        try:
            traced[record.name] = relation_of(
                record.name, *trace_rule(record.name, record.block, record.rule, record.sets)
            )
        except UntraceableRule as fault:
            if one_by_one is None:
                raise
            traced[record.name] = fault
    sizes = (
        g.size * t.width for g, t in zip(rows.groups, traced.values(), strict=True) if isinstance(t, TracedRelation)
    )
    rows.reserve(sum(sizes))
    evaluator = _Evaluator(maker, columns)
    with np.errstate(all="ignore"):  # what is not finite is found and named
        for record, found in zip(rows.records, traced.values(), strict=True):
            first = rows.count
            try:
                if isinstance(found, UntraceableRule):
                    raise found
                evaluator.name = record.name
                _add_rows(rows, evaluator, found, record.sets)
            except UntraceableRule as fault:
                if one_by_one is None:
                    raise
                rows.rewind(first)
                rows.append_each(one_by_one(record, fault))
        cost, constant = _objective(evaluator, model, one_by_one)
    return rows.finish(cost, constant)


# -- working out -------------------------------------------------------------------------------------------------------


class _Evaluator:
    """Works expressions out for all indices of a chunk."""

    def __init__(self, maker: Maker, columns: Columns) -> None:
        self.maker = maker
        self.columns = columns
        self.name = "objective"
        self._known: dict[tuple[int, int], Array] = {}

    def fail(self, reason: str) -> UntraceableRule:
        """The error to raise."""
        return UntraceableRule(f"The rule of '{self.name}' cannot be worked out for all its indices together: {reason}")

    def affine(self, expression: Any, scope: _Scope, factor: Any, into: _Affine) -> None:
        """Add factor times a linear expression to `into`."""
        if holds_no_variable(expression):
            into.constant = into.constant + summed(times(factor, self.number(expression, scope)), scope.sums)
        elif isinstance(expression, TemplateSumExpression):
            self.affine(expression.template_args()[0], self._inside(expression, scope), factor, into)
        elif isinstance(expression, GetItemExpression):
            into.terms.append(self._term(expression.arg(0), expression.args[1:], scope, factor))
        elif not expression.is_expression_type():
            into.terms.append(self._term(expression, (), scope, factor))
        elif isinstance(expression, numeric_expr.SumExpressionBase):
            for argument in expression.args:
                self.affine(argument, scope, factor, into)
        elif isinstance(expression, numeric_expr.NegationExpression):
            self.affine(expression.arg(0), scope, times(-1.0, factor), into)
        elif isinstance(expression, numeric_expr.ProductExpression | numeric_expr.DivisionExpression):
            self._affine_product(expression, scope, factor, into)
        elif expression.is_named_expression_type():
            self.affine(expression.arg(0), scope, factor, into)
        else:
            raise self.fail(f"it is not linear in {expression}.")

    def _affine_product(self, expression: Any, scope: _Scope, factor: Any, into: _Affine) -> None:
        first, second = expression.args
        if isinstance(expression, numeric_expr.DivisionExpression):
            if not holds_no_variable(second):
                raise self.fail(f"it divides by a variable in {expression}.")
            self.affine(first, scope, factor / self.number(second, scope), into)
        elif holds_no_variable(first):
            self.affine(second, scope, times(factor, self.number(first, scope)), into)
        elif holds_no_variable(second):
            self.affine(first, scope, times(factor, self.number(second, scope)), into)
        else:
            raise self.fail(f"it multiplies variables in {expression}.")

    def number(self, expression: Any, scope: _Scope) -> Any:
        """An expression without variables: a number, or an array along the axes."""
        if expression.__class__ in native_types:
            return expression
        if isinstance(expression, IndexTemplate):
            place = self._place(expression, scope)
            labels = np.asarray(self.maker.set_record(place.source).labels)
            if labels.dtype.kind not in "iu":
                raise self.fail("it counts with a label that is not a whole number.")
            return scope.along(place.axis, labels[place.part].astype(float))
        if isinstance(expression, GetItemExpression):
            return self._data(expression, scope)
        if isinstance(expression, TemplateSumExpression):
            inside = self._inside(expression, scope)
            return summed(self.number(expression.template_args()[0], inside), inside.sums[len(scope.sums) :])
        if not expression.is_expression_type():
            return value(expression)
        return self._operation(expression, [self.number(argument, scope) for argument in expression.args])

    def _operation(self, expression: Any, numbers: list[Any]) -> Any:
        if isinstance(expression, numeric_expr.SumExpressionBase):
            return sum(numbers)
        if isinstance(expression, numeric_expr.NegationExpression):
            return -numbers[0]
        if isinstance(expression, numeric_expr.ProductExpression):
            return times(numbers[0], numbers[1])
        if isinstance(expression, numeric_expr.DivisionExpression):
            return np.divide(numbers[0], numbers[1])
        if isinstance(expression, numeric_expr.PowExpression):
            return np.power(np.asarray(numbers[0], dtype=float), numbers[1])
        if isinstance(expression, numeric_expr.AbsExpression):
            return np.abs(numbers[0])
        raise self.fail(f"it uses {type(expression).__name__}.")

    def _inside(self, expression: Any, scope: _Scope) -> _Scope:
        """The scope within a sum: one axis more for each of its sets."""
        places, sums = dict(scope.places), list(scope.sums)
        axis = max((place.axis for place in places.values()), default=-1) + 1
        for group in expression.template_iters():
            sets = plain_sets(set_of(group))
            if len(sets) != len(group):
                raise self.fail(f"it sums over '{set_of(group)}', whose members are not single labels.")
            for placeholder, one in zip(group, sets, strict=True):
                members = len(self.maker.set_record(one).labels)
                places[id(placeholder)] = _Place(one, axis, slice(0, members))
                sums.append((axis, members))
                axis += 1
        return _Scope(places, scope.axes, tuple(sums))

    def _place(self, placeholder: Any, scope: _Scope) -> _Place:
        try:
            return scope.places[id(placeholder)]
        except KeyError:
            raise self.fail("it loops over a set and a Python list in the same sum.") from None

    def _term(self, variable: Any, labels: Sequence[Any], scope: _Scope, factor: Any) -> Term:
        """The columns of one appearance of a variable, in kept numbering, -1 for a dropped one."""
        record = self.maker.variable_record(variable)
        group = self.columns.group_of(record.component)
        first = self.columns.first_kept(group)
        where = self.columns.place_in(record)
        number: Any = 0 if first is None else first
        outside: Any = False
        direct = set()
        sets = variable.sets if isinstance(variable, TracedVar) else ()
        for level, (label, one) in enumerate(zip(labels, sets, strict=True), start=1):
            axis, position = self._position(label, one, scope)
            direct.add(axis)
            if where is not None and level - 1 == where[0]:
                outside, position = position != where[1], position * 0
            number = number + position * prod(group.shape[level:])
        numbers = np.asarray(number, dtype=self.columns.index_type).reshape(np.shape(number) or (1,) * scope.axes)
        if first is None and self.columns.kept_number is not None:
            numbers = self.columns.kept_number[group.full][numbers]
        elsewhere = bool(np.any(outside))
        if elsewhere:
            numbers = np.where(outside, self.columns.index_type(OUTSIDE), numbers)
        spread = tuple((axis, members) for axis, members in scope.sums if numbers.shape[axis] != 1)
        gone = tuple(pair for pair in scope.sums if pair not in spread)
        distinct = all(axis in direct for axis, _ in spread)
        return Term(group, numbers, summed(factor, gone), spread, distinct, first is not None and not elsewhere)

    def _position(self, label: Any, one: Any, scope: _Scope) -> tuple[int | None, Any]:
        """Where a label stands in a set, and the axis along which no two positions are the same (if there is one)."""
        if isinstance(label, IndexTemplate):
            place = self._place(label, scope)
            return place.axis, scope.along(place.axis, self._positions_between(place.source, one)[place.part])
        if label.__class__ in native_types:
            return None, self._checked([label], one)[0]
        if isinstance(label, GetItemExpression) and isinstance(label.arg(0), TracedParam):
            param = label.arg(0)
            key = (id(param), id(one))
            if key not in self._known:
                self._known[key] = self._checked(param.array, one)
            return None, self._gather(self._known[key], param, label.args[1:], scope)
        return None, self._checked(self.number(label, scope), one)

    def _positions_between(self, source: Any, target: Any) -> Array:
        """Position in `target` of every member of `source`: the same only if they are the same set object."""
        key = (id(source), id(target))
        if key not in self._known:
            labels = self.maker.set_record(source).labels
            own = np.arange(len(labels), dtype=self.columns.index_type)
            self._known[key] = own if source is target else self._checked(labels, target)
        return self._known[key]

    def _checked(self, labels: Any, one: Any) -> Array:
        """Positions of labels by membership."""
        known = self.maker.set_record(one).positions
        plain = list(labels) if isinstance(labels, tuple | list) else np.unique(labels).tolist()
        for label in plain:
            if label not in known:
                raise self.fail(f"set '{self.maker.set_record(one).name}' has no member {label!r}.")
        positions = np.array([known[label] for label in plain], dtype=self.columns.index_type)
        if isinstance(labels, tuple | list):
            return positions
        spread: Array = positions[np.searchsorted(plain, labels)]
        return spread

    def _data(self, expression: Any, scope: _Scope) -> Any:
        param = expression.arg(0)
        if not isinstance(param, TracedParam):
            raise self.fail(f"'{param}' was not declared with make.param.")
        if param.array.dtype.kind not in "iuf":
            raise self.fail(f"'{param.name}' holds names and is used as a number.")
        return self._gather(param.array, param, expression.args[1:], scope)

    def _gather(self, array: Array, param: Any, labels: Sequence[Any], scope: _Scope) -> Any:
        """An array over a parameter's sets, laid along the axes; without a copy where each label is a placeholder."""
        places = [self._place(label, scope) if isinstance(label, IndexTemplate) else None for label in labels]
        axes = [place.axis for place in places if place is not None]
        own = all(place is not None and place.source is one for place, one in zip(places, param.sets, strict=True))
        if not own or len(set(axes)) != len(axes):
            where = [self._position(label, one, scope)[1] for label, one in zip(labels, param.sets, strict=True)]
            return array[tuple(where)]
        view = array[tuple(place.part for place in places if place is not None)].transpose(np.argsort(axes))
        return view[tuple(slice(None) if axis in axes else None for axis in range(scope.axes))]


# -- rows and cost -----------------------------------------------------------------------------------------------------


def _add_rows(rows: Rows, evaluator: _Evaluator, traced: TracedRelation, sets: Sequence[Any]) -> None:
    """Work a constraint out, chunk by chunk."""
    expressions = [*(part for part, _ in traced.parts), traced.lower, traced.upper]
    axes = len(sets) + max(depth_of_sums(expression) for expression in expressions)
    for parts in _chunks_in(rows.columns.part, evaluator.maker, sets, traced.width):
        places = zip(traced.placeholders, sets, parts, strict=True)
        scope = _Scope({id(p): _Place(one, axis, part) for axis, (p, one, part) in enumerate(places)}, axes)
        affine = _Affine([])
        for part, sign in traced.parts:
            evaluator.affine(part, scope, sign, affine)
        lower = _bound(evaluator, traced.lower, scope, affine.constant)
        upper = lower if traced.upper is traced.lower else _bound(evaluator, traced.upper, scope, affine.constant)
        chunk = Chunk(tuple(part.stop - part.start for part in parts), axes)
        add_chunk(rows, affine.terms, chunk, chunk.flat(lower), chunk.flat(upper))


def _chunks_in(part: YearPart | None, maker: Maker, sets: Sequence[Any], width: int) -> Iterator[tuple[slice, ...]]:
    """Chunks of the rows of a constraint that a part holds, as they stand in the sets of the whole."""
    records = [maker.set_record(one) for one in sets]
    shape = tuple(1 if part and one.name == DIM else len(one.labels) for one in records)
    firsts = [one.positions[part.label] if part and one.name == DIM else 0 for one in records]
    for chunk in chunks_of(shape, width):
        yield tuple(slice(by + of.start, by + of.stop) for by, of in zip(firsts, chunk, strict=True))


def _bound(evaluator: _Evaluator, bound: Any, scope: _Scope, constant: Any) -> Any:
    """What is left of a bound when the constant part of the row has gone over to its side."""
    number = evaluator.number(bound, scope)
    return number if number.__class__ is float and np.isinf(number) else number - constant


def _objective(evaluator: _Evaluator, model: Any, one_by_one: OneByOne | None) -> tuple[Array, float]:
    """Cost of the kept columns, and the constant."""
    columns, record = evaluator.columns, evaluator.maker.objective_record
    cost = np.zeros(columns.numbering.full_count)
    if record is None:
        return columns.numbering.take(cost), 0.0
    for variable, coefficients in record.terms:
        group = columns.group_of(variable.component)
        cost[group.full].reshape(group.shape)[...] += columns.of_part(variable, coefficients)
    rule = record.rule
    if rule is None:
        return columns.numbering.take(cost), record.constant
    evaluator.name = "objective"
    try:
        expression, _ = trace_rule("objective", model, rule, ())
        affine = _Affine([])
        evaluator.affine(expression, _Scope({}, depth_of_sums(expression)), 1.0, affine)
    except UntraceableRule as fault:
        if one_by_one is None:
            raise
        (row,) = one_by_one(ConstraintRecord("objective", None, model, (), lambda m: rule(m) == 0, ""), fault)
        np.add.at(cost, np.asarray(row.columns, dtype=np.int64), np.asarray(row.values))
        return columns.numbering.take(cost), -row.lower
    cost = columns.numbering.take(cost)
    for term in affine.terms:
        there = term.columns >= 0
        numbers, coefficients, counts = np.broadcast_arrays(term.columns, term.coefficient, there)
        np.add.at(cost, numbers[counts], coefficients[counts])
    constant = np.asarray(affine.constant, dtype=float)
    return cost, float(constant.reshape(-1)[0])
