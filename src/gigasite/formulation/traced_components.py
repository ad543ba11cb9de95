"""Pyomo components that hold a declaration and no data.

An ordinary Pyomo `Var`, `Param` or `Constraint` makes one Python object for every index. At 1.2 million non-zeros that
takes 25 seconds and a gigabyte. The classes here keep the declaration (name, sets, rule, numpy array) and nothing else;
`gigasite.solve` traces each rule once and works out all indices together.

A model made of them looks empty to a Pyomo solver, which would call it optimal with no rows. So every way to a
component's data raises `TracedModelError`, on the component and on the model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import numpy as np
from pyomo.core.base.constraint import IndexedConstraint
from pyomo.core.base.param import IndexedParam
from pyomo.core.base.PyomoModel import ConcreteModel
from pyomo.core.base.var import IndexedVar
from pyomo.core.expr.numeric_expr import NumericExpression
from pyomo.core.expr.numvalue import NumericValue
from pyomo.core.expr.template_expr import GetItemExpression, IndexTemplate

from gigasite.foundation.errors import GigasiteError

Label = str | int
Reader = Callable[["TracedVar", tuple[Any, ...]], Any]


class TracedModelError(GigasiteError):
    """A traced model was used as if it held data."""


def _refuse(name: str) -> NoReturn:
    message = (
        f"'{name}' belongs to a model built for gigasite's own compiler: it declares the problem and holds no data, "
        "so a Pyomo solver or writer would find nothing in it. "
        "Use gigasite.build(scenario) for a model that any Pyomo solver takes."
    )
    raise TracedModelError(message)


class _ClosedData(dict[Any, Any]):
    """Stands where Pyomo keeps a component's data; every look inside raises."""

    def __init__(self, component: Any) -> None:
        super().__init__()
        self._component = component

    def _closed(self, *_args: Any, **_options: Any) -> NoReturn:
        _refuse(self._component.name)

    __getitem__ = __setitem__ = __delitem__ = __contains__ = __iter__ = __len__ = _closed
    get = items = keys = values = pop = setdefault = update = _closed


# What an indexed traced variable answers with; None outside the compiler, so that nobody reads one by accident.
_reader: Reader | None = None


@contextmanager
def read_variables_with(reader: Reader) -> Iterator[None]:
    """Let the rules of a traced model read its variables: `reader(variable, labels)` gives what stands for one.

    One rule is read at a time: Pyomo's own tracing replaces the built-in `sum` while it runs.
    """
    global _reader  # noqa: PLW0603
    before, _reader = _reader, reader
    try:
        yield
    finally:
        _reader = before


@contextmanager
def placeholders_stay_unread() -> Iterator[None]:
    """Make a rule fail that looks at its placeholders as if they were labels.

    Pyomo answers `site == "piketon"` with False while a rule is traced, and `limits.get(year, 9)` with 9, for every
    site and year: a wrong model without a word.
    """

    def refuse(_self: Any, *_others: Any) -> NoReturn:
        message = "it compares, prints or looks up a label, which stands for every member of its set here"
        raise TypeError(message)

    def equal(self: Any, other: Any) -> Any:
        return refuse(self) if isinstance(other, str) else NumericValue.__eq__(self, other)

    def unequal(self: Any, other: Any) -> Any:
        return refuse(self) if isinstance(other, str) else NumericValue.__ne__(self, other)

    guards: list[tuple[Any, str, Any]] = [
        *((IndexTemplate, name, refuse) for name in ("__eq__", "__ne__", "__hash__", "__str__", "__bool__")),
        (GetItemExpression, "__eq__", equal),
        (GetItemExpression, "__ne__", unequal),
        (GetItemExpression, "__hash__", refuse),
        (NumericExpression, "__bool__", refuse),
    ]
    before = [(kind, name, vars(kind).get(name)) for kind, name, _ in guards]
    for kind, name, guard in guards:
        setattr(kind, name, guard)
    try:
        yield
    finally:
        for kind, name, own in before:
            if own is None:
                delattr(kind, name)
            else:
                setattr(kind, name, own)


def as_labels(component: Any, index: Any) -> tuple[Any, ...]:
    """The index of `component[index]` as a tuple with one label (or placeholder) for each set."""
    labels = index if isinstance(index, tuple) else (index,)
    if len(labels) != len(component.sets):
        names = ", ".join(one.local_name for one in component.sets)
        message = f"'{component.name}' is indexed by ({names}) but was given {len(labels)} label(s)."
        raise TracedModelError(message)
    return labels


def symbolic_item(component: Any, labels: tuple[Any, ...]) -> Any:
    """The expression `component[labels]` where a label may be a placeholder."""
    return GetItemExpression((component, *labels))


class TracedVar(IndexedVar):  # type: ignore[misc]
    """A variable over the full product of its sets, without one object for each index."""

    sets: tuple[Any, ...]

    def __init__(self, *sets: Any, **options: Any) -> None:
        self.sets = sets
        super().__init__(*sets, dense=False, **options)
        self._data = _ClosedData(self)

    def construct(self, data: Any = None) -> None:  # noqa: ARG002  Pyomo's signature
        """Construct the index sets and nothing else."""
        _construct_sets(self)

    def __getitem__(self, index: Any) -> Any:
        if _reader is None:
            _refuse(self.name)
        return _reader(self, as_labels(self, index))


class TracedParam(IndexedParam):  # type: ignore[misc]
    """Data in one numpy array, without one object for each index."""

    sets: tuple[Any, ...]
    array: np.ndarray[Any, Any]
    position_of: Callable[[Any, Label], int]

    def __init__(
        self, *sets: Any, array: np.ndarray[Any, Any], position_of: Callable[[Any, Label], int], **options: Any
    ) -> None:
        self.sets = sets
        self.array = array
        self.position_of = position_of
        super().__init__(*sets, **options)
        self._data = _ClosedData(self)

    def construct(self, data: Any = None) -> None:  # noqa: ARG002  Pyomo's signature
        """Construct the index sets and nothing else."""
        _construct_sets(self)

    def __getitem__(self, index: Any) -> Any:
        """A number for plain labels, an expression when a label is a placeholder."""
        labels = as_labels(self, index)
        if all(isinstance(label, str | int | float | np.generic) for label in labels):
            return self.array[
                tuple(self.position_of(one, label) for one, label in zip(self.sets, labels, strict=True))
            ].item()
        return symbolic_item(self, labels)


class TracedConstraint(IndexedConstraint):  # type: ignore[misc]
    """A rule over the full product of its sets, never expanded."""

    sets: tuple[Any, ...]

    def __init__(self, *sets: Any, **options: Any) -> None:
        self.sets = sets
        super().__init__(*sets, **options)
        self._data = _ClosedData(self)

    def construct(self, data: Any = None) -> None:  # noqa: ARG002  Pyomo's signature
        """Construct the index sets and nothing else."""
        _construct_sets(self)


class TracedModel(ConcreteModel):  # type: ignore[misc]
    """A model of traced components; refuses to hand out data."""

    def component_data_objects(self, *_args: Any, **_options: Any) -> NoReturn:
        """Refuse: solvers and writers read a model through here."""
        _refuse(self.name)

    def _refuse_data(self, *_args: Any, **_options: Any) -> NoReturn:
        _refuse(self.name)

    component_data_iterindex = component_data_iteritems = component_data_itervalues = _refuse_data
    write = clone = _refuse_data


def _construct_sets(component: Any) -> None:
    if component._constructed:  # noqa: SLF001
        return
    component._constructed = True  # noqa: SLF001
    for one in component._anonymous_sets or ():  # noqa: SLF001
        one.construct()
