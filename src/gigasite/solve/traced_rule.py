"""One rule, called once with placeholders for its labels, and the relation it gives for all indices.

Pyomo hands a rule an `IndexTemplate` for each label (`templatize_rule`), and a `sum` over one of its sets comes back as
one expression with a placeholder of its own. Private names of Pyomo are used here, in `solve.trace` and in
`formulation.traced_components`, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from pyomo.common.errors import PyomoException
from pyomo.core.base.global_set import UnindexedComponent_set
from pyomo.core.base.set import SetProduct
from pyomo.core.expr import relational_expr
from pyomo.core.expr.numvalue import native_types
from pyomo.core.expr.template_expr import GetItemExpression, IndexTemplate, TemplateSumExpression, templatize_rule

from gigasite.formulation.traced_components import (
    TracedVar,
    placeholders_stay_unread,
    read_variables_with,
    symbolic_item,
)
from gigasite.foundation.errors import GigasiteError

# What a rule may raise when it meets a placeholder where it needs a label.
_TRACING_FAULTS = (PyomoException, TypeError, ValueError, LookupError, AttributeError, RuntimeError, StopIteration)


class UntraceableRule(GigasiteError):
    """A rule cannot be worked out for all indices together."""


@dataclass(frozen=True)
class TracedRelation:
    """A traced relation as `lower <= sum of sign * part <= upper`, and the placeholders of its sets."""

    parts: tuple[tuple[Any, float], ...]
    lower: Any
    upper: Any
    placeholders: tuple[Any, ...]
    width: int


def trace_rule(name: str, block: Any, rule: Callable[..., Any], sets: Sequence[Any]) -> tuple[Any, tuple[Any, ...]]:
    """The expression of a rule with placeholders for its labels."""
    over = UnindexedComponent_set if not sets else sets[0] if len(sets) == 1 else SetProduct(*sets)
    if sets:
        over.construct()
    try:
        with read_variables_with(symbolic_item), placeholders_stay_unread():
            expression, placeholders = templatize_rule(block, lambda b, labels: rule(b, *labels), over)
    except _TRACING_FAULTS as fault:
        message = (
            f"The rule of '{name}' cannot be worked out for all its indices together "
            f"({type(fault).__name__}: {fault}). A rule may not branch on a label, loop over a set other than in "
            "sum(), or look a label up in a Python object: put the choice into a parameter."
        )
        raise UntraceableRule(message) from fault
    return expression, placeholders


def relation_of(name: str, relation: Any, placeholders: tuple[Any, ...]) -> TracedRelation:
    """A relation as bounds and parts, oriented as Pyomo does it."""
    infinite = float("inf")
    if isinstance(relation, bool | np.bool_):
        return TracedRelation((), -infinite if relation else 1.0, infinite, placeholders, 0)
    if isinstance(relation, tuple):
        relation = relational_expr.tuple_to_relational_expr(relation)
    kind = relation.__class__
    parts: tuple[tuple[Any, float], ...]
    if kind is relational_expr.RangedExpression:
        lower, body, upper = relation.args
        if not (holds_no_variable(lower) and holds_no_variable(upper)):
            message = f"The range of '{name}' has a variable in its bounds."
            raise UntraceableRule(message)
        parts = ((body, 1.0),)
    elif kind in (relational_expr.EqualityExpression, relational_expr.InequalityExpression):
        left, right = relation.args
        equal = kind is relational_expr.EqualityExpression
        if holds_no_variable(right):
            parts, lower, upper = ((left, 1.0),), right if equal else -infinite, right
        elif holds_no_variable(left):
            parts, lower, upper = ((right, 1.0),), left, left if equal else infinite
        else:
            parts, lower, upper = ((left, 1.0), (right, -1.0)), 0.0 if equal else -infinite, 0.0
    else:
        message = (
            f"The rule of '{name}' gave {relation!r}, not a relation: index sets are full products, rules do not skip."
        )
        raise UntraceableRule(message)
    if getattr(relation, "strict", False) not in (False, (False, False)):
        message = f"The rule of '{name}' uses < or >; a linear programme has <=, >= and == only."
        raise UntraceableRule(message)
    return TracedRelation(parts, lower, upper, placeholders, sum(_width(part, {}) for part, _ in parts))


def holds_no_variable(expression: Any) -> bool:
    """Whether no variable enters an expression, however it is written; Pyomo's own answer depends on the way."""
    if expression.__class__ in native_types or isinstance(expression, IndexTemplate):
        return True
    if isinstance(expression, GetItemExpression):
        return not isinstance(expression.arg(0), TracedVar)
    if isinstance(expression, TemplateSumExpression):
        return holds_no_variable(expression.template_args()[0])
    if not expression.is_expression_type():
        return not expression.is_potentially_variable()
    return all(holds_no_variable(argument) for argument in expression.args)


def _width(expression: Any, sums: dict[int, int]) -> int:
    """At most how many entries an expression adds to a row; `sums` are the summed placeholders and their members."""
    if holds_no_variable(expression):
        return 0
    if isinstance(expression, TemplateSumExpression):
        inner = dict(sums)
        for group in expression.template_iters():
            for placeholder, one in zip(group, plain_sets(set_of(group)), strict=True):
                inner[id(placeholder)] = len(one)
        return _width(expression.template_args()[0], inner)
    if isinstance(expression, GetItemExpression):
        return prod(sums[one] for one in {id(p) for p in _placeholders(expression)} if one in sums)
    if not expression.is_expression_type():
        return 1
    return sum(_width(argument, sums) for argument in expression.args)


def _placeholders(expression: Any) -> Iterator[Any]:
    if isinstance(expression, IndexTemplate):
        yield expression
    elif isinstance(expression, GetItemExpression):
        for argument in expression.args[1:]:
            yield from _placeholders(argument)
    elif expression.__class__ not in native_types and expression.is_expression_type():
        for argument in expression.args:
            yield from _placeholders(argument)


def set_of(group: Sequence[Any]) -> Any:
    """The set that the placeholders of one loop run over."""
    return group[0]._set  # noqa: SLF001


def plain_sets(one: Any) -> list[Any]:
    """The sets of a product, each with one label."""
    return list(one.subsets()) if isinstance(one, SetProduct) else [one]


def depth_of_sums(expression: Any) -> int:
    """How many sets are summed over at the deepest place of an expression."""
    if expression.__class__ in native_types or not expression.is_expression_type():
        return 0
    if isinstance(expression, TemplateSumExpression):
        here = sum(len(group) for group in expression.template_iters())
        return here + depth_of_sums(expression.template_args()[0])
    return max((depth_of_sums(argument) for argument in expression.args), default=0)
