"""How a feature declares sets, parameters, variables and constraints.

The same declarations make one of two models:

* *traced*, for solving: rules and numpy arrays only. `gigasite.solve` turns them into the arrays of a linear programme.
  It holds no data that a Pyomo solver could read, and says so when one tries (`TracedModelError`).
* *expanded*, for `gigasite.build(scenario)`: an ordinary `ConcreteModel` that any Pyomo solver takes.

What a rule may and may not do, so that it means the same in both:

* an index set is a full product; a thing that does not exist has its upper bound at zero, and the compiler drops it;
* no `Constraint.Skip`, and no `if` on an index: put the choice into a parameter;
* a label of another set, or the hour before, comes from a parameter: `b.stored[site, year, b.previous[hour]]`;
* `sum(b.output_mw[site, year, hour] for hour in m.hour)` over sets of the model, nested as deep as needed;
* two sets are the same only if they are the same object.

A row is kept as it is written, left minus right. `left >= right` with variables on both sides becomes
`right - left <= 0`, as in Pyomo, and its shadow price takes the sign of that row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np
from pyomo.environ import (
    Any as AnyValue,
)
from pyomo.environ import (
    ConcreteModel,
    Constraint,
    Integers,
    Objective,
    Param,
    RangeSet,
    Reals,
    Set,
    Var,
    minimize,
)

from gigasite.formulation.traced_components import (
    Label,
    TracedConstraint,
    TracedModel,
    TracedModelError,
    TracedParam,
    TracedVar,
)
from gigasite.foundation.errors import InfeasibleScenario

Array = np.ndarray[Any, Any]
Rule = Callable[..., Any]
_SHORT_SET = 32


@dataclass(frozen=True)
class SetRecord:
    """The labels of a set in order, and where each of them stands."""

    name: str
    labels: tuple[Label, ...]
    positions: dict[Label, int] = field(repr=False)


@dataclass(frozen=True)
class ParameterRecord:
    """A declared parameter."""

    name: str
    component: Any
    sets: tuple[Any, ...]
    array: Array
    unit: str


@dataclass(frozen=True)
class VariableRecord:
    """A declared variable, its bounds spread over its full shape (read-only, possibly without memory of their own)."""

    name: str
    component: Any
    sets: tuple[Any, ...]
    lower: Array
    upper: Array
    unit: str
    planning: bool
    integer: bool
    doc: str


@dataclass(frozen=True)
class ConstraintRecord:
    """A declared constraint."""

    name: str
    component: Any
    block: Any
    sets: tuple[Any, ...]
    rule: Rule
    doc: str


@dataclass
class ObjectiveRecord:
    """What is minimised: pairs of variable and coefficients, or a rule, plus a constant."""

    terms: list[tuple[VariableRecord, Array]]
    constant: float
    rule: Rule | None


def new_model(traced: bool) -> Any:
    """An empty model: `traced` for gigasite's compiler, else an ordinary `ConcreteModel`."""
    return TracedModel() if traced else ConcreteModel()


class Maker:
    """Declares components on one model and remembers them in order."""

    def __init__(self, model: Any, *, traced: bool) -> None:
        if traced != isinstance(model, TracedModel):
            message = "Maker and model differ: use the same `traced` for new_model and Maker."
            raise TracedModelError(message)
        self.model = model
        self.traced = traced
        self.parameters: list[ParameterRecord] = []
        self.variables: list[VariableRecord] = []
        self.constraints: list[ConstraintRecord] = []
        self.objective_record: ObjectiveRecord | None = None
        self._sets: dict[int, tuple[Any, SetRecord]] = {}
        self._variable_of: dict[int, VariableRecord] = {}

    def set(self, block: Any, name: str, members: Iterable[Label]) -> Any:
        """An ordered set of labels, `str` or `int`; whole numbers may have gaps (2028, 2030, 2035)."""
        labels = tuple(label if label.__class__ in (int, str) else _plain_label(label) for label in members)
        if len(set(labels)) != len(labels):
            message = f"Set '{name}' names a member twice."
            raise ValueError(message)
        made = _range_or_set(labels)
        setattr(block, name, made)
        self._sets[id(made)] = (made, _record_of(name, labels))
        return made

    def set_record(self, one: Any) -> SetRecord:
        """Labels and positions of a set; one made in Pyomo's own way is taken over as it stands."""
        known = self._sets.get(id(one))
        if known is None:
            known = self._sets[id(one)] = (one, _record_of(one.local_name, tuple(one)))
        return known[1]

    def position_of(self, one: Any, label: Any) -> int:
        """Where a label stands in a set."""
        record = self.set_record(one)
        try:
            return record.positions[label]
        except KeyError:
            message = f"Set '{record.name}' has no member {label!r}."
            raise KeyError(message) from None

    def shape_of(self, sets: Sequence[Any]) -> tuple[int, ...]:
        """How many members each set has."""
        return tuple(len(self.set_record(one).labels) for one in sets)

    def param(self, block: Any, name: str, array: Any, sets: Sequence[Any] = (), unit: str = "1", doc: str = "") -> Any:
        """Data over sets: an array whose shape is the lengths of the sets, or one number for all.

        Text or whole numbers that are labels of another set may serve as an index in a rule.
        """
        sets = tuple(sets)
        values = _spread(np.asarray(array), self.shape_of(sets), f"parameter '{name}'")
        if values.dtype.kind == "f" and bool(np.isnan(values).any()):
            message = f"Parameter '{name}' holds a value that is not a number."
            raise ValueError(message)
        options = {"doc": doc or f"[{unit}]", "within": AnyValue}
        component: Any
        if not sets:
            component = Param(initialize=values.item(), **options)
        elif self.traced:
            component = TracedParam(*sets, array=values, position_of=self.position_of, **options)
        else:
            data = dict(zip(self.indices(sets), values.ravel().tolist(), strict=True))
            component = Param(*sets, initialize=data, **options)
        setattr(block, name, component)
        self.parameters.append(ParameterRecord(component.name, component, sets, values, unit))
        return component

    def var(
        self,
        block: Any,
        name: str,
        sets: Sequence[Any] = (),
        upper: Any = np.inf,
        lower: Any = 0.0,
        unit: str = "1",
        planning: bool | None = None,
        integer: bool = False,
        doc: str = "",
    ) -> Any:
        """A variable over the full product of its sets; bounds are one number or an array of that shape.

        It is a planning variable unless one of its sets is named `hour` (or `planning` says otherwise).
        """
        sets = tuple(sets)
        shape = self.shape_of(sets)
        low = _spread(np.asarray(lower, dtype=float), shape, f"lower bound of '{name}'")
        high = _spread(np.asarray(upper, dtype=float), shape, f"upper bound of '{name}'")
        if not bool((low <= high).all()):
            message = f"Variable '{name}' has a lower bound above its upper bound, or one that is not a number."
            raise ValueError(message)
        if planning is None:
            planning = all(self.set_record(one).name != "hour" for one in sets)
        options: dict[str, Any] = {"domain": Integers if integer else Reals, "doc": doc or f"[{unit}]"}
        component = (
            TracedVar(*sets, **options)
            if self.traced and sets
            else Var(*sets, bounds=self._bounds(sets, low, high), **options)
        )
        setattr(block, name, component)
        record = VariableRecord(component.name, component, sets, low, high, unit, planning, integer, doc)
        self.variables.append(record)
        self._variable_of[id(component)] = record
        return component

    def variable_record(self, component: Any) -> VariableRecord:
        """What was declared about a variable."""
        try:
            return self._variable_of[id(component)]
        except KeyError:
            message = f"'{component.name}' was not declared with make.var, so its bounds are not known."
            raise TracedModelError(message) from None

    def constraint(self, block: Any, name: str, sets: Sequence[Any], rule: Rule, doc: str = "") -> Any:
        """Rows for every index: `rule(b, *labels)` gives a linear relation; `b` is the block, `b.model()` the model."""
        sets = tuple(sets)
        if self.traced:
            component = TracedConstraint(*sets, doc=doc)
        else:
            component = Constraint(*sets, rule=_checked_rule(name, rule, bool(sets)), doc=doc)
        setattr(block, name, component)
        self.constraints.append(ConstraintRecord(component.name, component, block, sets, rule, doc))
        return component

    def objective(self, model: Any, terms: Iterable[tuple[Any, Any]], constant: float = 0.0) -> None:
        """Minimise the sum of coefficient times variable over all terms, plus a constant.

        A coefficient is a parameter over the same sets as its variable, an array of that shape, or a number. A
        variable may come several times: its coefficients add up.
        """
        pairs = [
            (self.variable_record(variable), self._coefficients(variable, coefficient))
            for variable, coefficient in terms
        ]
        self._set_objective(ObjectiveRecord(pairs, float(constant), None))
        if not self.traced:
            model.objective = Objective(expr=_expanded_objective(self, pairs, constant), sense=minimize)

    def objective_rule(self, model: Any, rule: Rule) -> None:
        """Minimise the linear expression `rule(model)`."""
        self._set_objective(ObjectiveRecord([], 0.0, rule))
        if not self.traced:
            model.objective = Objective(rule=rule, sense=minimize)

    def _set_objective(self, record: ObjectiveRecord) -> None:
        if self.objective_record is not None:
            message = "The model has an objective already."
            raise TracedModelError(message)
        self.objective_record = record

    def _coefficients(self, variable: Any, coefficient: Any) -> Array:
        record = self.variable_record(variable)
        what = f"coefficient of '{record.name}' in the objective"
        declared = next((one for one in self.parameters if one.component is coefficient), None)
        if declared is None:
            return _spread(np.asarray(coefficient, dtype=float), self.shape_of(record.sets), what)
        if declared.sets and [id(one) for one in declared.sets] != [id(one) for one in record.sets]:
            message = f"The {what}, '{declared.name}', is not over the same sets."
            raise TracedModelError(message)
        return _spread(np.asarray(declared.array, dtype=float), self.shape_of(record.sets), what)

    def indices(self, sets: tuple[Any, ...]) -> Iterable[Any]:
        """Every index in the order of the arrays: a label for one set, a tuple for several."""
        labels = [self.set_record(one).labels for one in sets]
        return labels[0] if len(labels) == 1 else product(*labels)

    def _bounds(self, sets: tuple[Any, ...], low: Array, high: Array) -> Any:
        def pair(position: tuple[int, ...]) -> tuple[float | None, float | None]:
            least, most = float(low[position]), float(high[position])
            return (None if np.isinf(least) else least, None if np.isinf(most) else most)

        if not sets:
            return pair(())
        return lambda _block, *index: pair(
            tuple(self.position_of(one, label) for one, label in zip(sets, index, strict=True))
        )


def _plain_label(label: Any) -> Label:
    if isinstance(label, np.generic):
        label = label.item()
    if isinstance(label, bool) or not isinstance(label, str | int):
        message = f"A set holds names or whole numbers, not {label!r}."
        raise TypeError(message)
    return label


def _range_or_set(labels: tuple[Label, ...]) -> Any:
    """A long run of whole numbers needs no object for each of them."""
    first = labels[0] if labels else None
    if isinstance(first, int) and len(labels) > _SHORT_SET and labels == tuple(range(first, first + len(labels))):
        return RangeSet(first, first + len(labels) - 1)
    return Set(initialize=labels, ordered=True, dimen=1)


def _record_of(name: str, labels: tuple[Label, ...]) -> SetRecord:
    return SetRecord(name, labels, {label: position for position, label in enumerate(labels)})


def _spread(values: Array, shape: tuple[int, ...], what: str) -> Array:
    """The array over its full shape, read-only: a single number takes no memory for each index."""
    if values.ndim and values.shape != shape:
        message = f"The {what} has shape {values.shape}; its sets have lengths {shape}."
        raise ValueError(message)
    if values.dtype.kind == "b":
        values = values.astype(float)
    return np.broadcast_to(values, shape)


def _checked_rule(name: str, rule: Rule, indexed: bool) -> Rule:
    """The rule for an expanded model, held to the same promises as a traced one."""

    def checked(block: Any, *index: Any) -> Any:
        relation = rule(block, *index)
        if relation is Constraint.Skip or relation is None:
            message = (
                f"The rule of '{name}' gave no relation for {index}: index sets are full products, rules do not skip."
            )
            raise TracedModelError(message)
        if relation is True or relation is np.True_:
            return Constraint.Skip  # holds without any variable, so it is no row
        if relation is False or relation is np.False_:
            message = f"'{name}' cannot hold for {index}: nothing in the scenario counts towards it."
            raise InfeasibleScenario(message)
        return relation

    def checked_alone(block: Any) -> Any:
        return checked(block)

    return checked if indexed else checked_alone


def _expanded_objective(maker: Maker, pairs: list[tuple[VariableRecord, Array]], constant: float) -> Any:
    """The objective as Pyomo expressions."""
    total: Any = constant
    for record, coefficients in pairs:
        variables = (
            [record.component] if not record.sets else [record.component[index] for index in maker.indices(record.sets)]
        )
        total += sum(c * x for c, x in zip(coefficients.ravel().tolist(), variables, strict=True) if c)
    return total
