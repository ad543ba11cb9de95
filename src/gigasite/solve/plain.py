"""The slow route to the same arrays, through Pyomo's own expansion; it needs no private name.

`compile_model` takes whatever `Maker` declared. A traced model is traced; a constraint whose rule cannot be traced is
written out row by row, and a warning says so. An expanded model goes through Pyomo's `LinearStandardFormCompiler`. Both
give the same `CompiledLP`, in the same order, so that one can check the other.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

import numpy as np
from pyomo.common.errors import InfeasibleConstraintException, PyomoException
from pyomo.core.base.constraint import ConstraintData
from pyomo.core.base.var import VarData
from pyomo.repn import generate_standard_repn
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler

from gigasite.formulation.modelling import ConstraintRecord, Maker
from gigasite.formulation.traced_components import TracedModelError, read_variables_with
from gigasite.foundation.errors import InfeasibleScenario
from gigasite.solve.assembly import Columns, Row, Rows
from gigasite.solve.compiled import CompiledLP
from gigasite.solve.trace import compile_traced
from gigasite.solve.traced_rule import UntraceableRule
from gigasite.solve.year_part import YearPart

logger = logging.getLogger(__name__)


class TraceMismatch(TracedModelError):
    """A traced row differs from the same row written out plainly."""


def compile_model(model: Any, maker: Maker, part: YearPart | None = None) -> CompiledLP:
    """The arrays of a model, traced or expanded; a rule that cannot be traced costs time, not the answer.

    Args:
        model: the model.
        maker: the Maker that declared it.
        part: the part to compile, of a traced model whose rules can all be traced; the whole where it is None.
    """
    if part is not None:
        return compile_traced(model, maker, part=part)
    if not maker.traced:
        return compile_expanded(model, maker)
    columns = Columns(maker)

    def row_by_row(record: ConstraintRecord, fault: UntraceableRule) -> Sequence[Row]:
        logger.warning("'%s' is written out row by row, which is slow. %s", record.name, fault)
        return list(_plain_rows(maker, columns, record, product(*_labels(maker, record.sets))))

    return compile_traced(model, maker, one_by_one=row_by_row)


def compile_expanded(model: Any, maker: Maker) -> CompiledLP:
    """The arrays of an expanded model, by Pyomo's own compiler."""
    columns = Columns(maker)
    rows = Rows(maker, columns)
    number_of = {id(data): number for number, data in enumerate(_data(maker, maker.variables))}
    try:
        standard = LinearStandardFormCompiler().write(model, mixed_form=True)
    except InfeasibleConstraintException as fault:
        raise InfeasibleScenario(str(fault)) from fault
    matrix = standard.A.tocsr()
    full = np.array([number_of[id(data)] for data in standard.columns], dtype=np.int64)
    row_of: dict[int, list[tuple[int, int]]] = {}
    for number, (data, sense) in enumerate(standard.rows):
        row_of.setdefault(id(data), []).append((number, sense))
    for record in maker.constraints:
        for data in _record_data(maker, record):
            rows.append_each([_standard_row(matrix, standard.rhs, full, row_of.get(id(data), []))])
    cost, constant = np.zeros(columns.numbering.full_count), 0.0
    if maker.objective_record is not None:
        cost[full] = standard.c.toarray()[0]
        constant = float(standard.c_offset[0])
    return rows.finish(columns.numbering.take(cost), constant)


def check_traced_rows(lp: CompiledLP, maker: Maker, rows_each: int = 3, seed: int = 0) -> int:
    """Write some rows of every constraint out plainly and compare; returns how many were compared.

    A rule that looks a placeholder up in a Python object (`prices.get(hour, 0)`) can be traced and mean something else.
    This finds it: the first, the last and some rows between, of every constraint.

    Raises:
        TraceMismatch: a row differs.
    """
    columns = Columns(maker)
    chance = np.random.default_rng(seed)
    compared = 0
    for record, group in zip(maker.constraints, lp.rows, strict=True):
        if not group.size:
            continue
        picked = {0, group.size - 1, *chance.integers(0, group.size, max(0, rows_each - 2)).tolist()}
        labels = _labels(maker, record.sets)
        for position in sorted(picked):
            where = np.unravel_index(position, group.shape) if group.shape else ()
            index = tuple(members[int(i)] for members, i in zip(labels, where, strict=True))
            (row,) = _plain_rows(maker, columns, record, [index])
            _compare(lp, columns, group.offset + position, row)
            compared += 1
    return compared


def _compare(lp: CompiledLP, columns: Columns, number: int, row: Row) -> None:
    kept = lp.row_numbering.kept
    place = number if kept is None else int(np.searchsorted(kept, number))
    there = kept is None or (place < len(kept) and kept[place] == number)
    plain: dict[int, float] = {}
    for column, value in zip(row.columns, row.values, strict=True):
        plain[column] = plain.get(column, 0.0) + value
    present = columns.lower.astype(bool) | columns.upper.astype(bool)
    plain = {column: value for column, value in plain.items() if value and present[column]}
    entries = slice(lp.row_starts[place], lp.row_starts[place + 1]) if there else slice(0, 0)
    traced = {
        lp.column_numbering.full_number(int(column)): float(value)
        for column, value in zip(lp.column_indices[entries], lp.values[entries], strict=True)
    }
    bounds = (float(lp.row_lower[place]), float(lp.row_upper[place])) if there else (row.lower, row.upper)
    if not _alike(traced, bounds, plain, (row.lower, row.upper)) and not _alike(
        traced, bounds, {column: -value for column, value in plain.items()}, (-row.upper, -row.lower)
    ):
        name = lp.row_name(place) if there else f"row {number}"
        message = f"{name} was traced as {traced} in {bounds}, but its rule gives {plain} in {(row.lower, row.upper)}."
        raise TraceMismatch(message)


def _alike(
    one: dict[int, float], bounds: tuple[float, float], two: dict[int, float], sides: tuple[float, float]
) -> bool:
    """Whether two rows have the same entries and bounds."""
    entries = all(np.isclose(one.get(c, 0.0), two.get(c, 0.0), rtol=1e-9, atol=1e-12) for c in one | two)
    return entries and bool(np.allclose(bounds, sides, rtol=1e-9, atol=1e-9))


# -- rows of a traced model, written out -------------------------------------------------------------------------------


def _plain_rows(maker: Maker, columns: Columns, record: ConstraintRecord, indices: Any) -> Iterator[Row]:
    """Call the rule with plain labels and let Pyomo sort each row into columns."""
    made: dict[tuple[int, tuple[Any, ...]], Any] = {}
    number_of = {id(one.component): columns.group_of(one.component).offset for one in maker.variables if not one.sets}

    def read(variable: Any, labels: tuple[Any, ...]) -> Any:
        key = (id(variable), labels)
        if key not in made:
            group = columns.group_of(variable)
            where = tuple(maker.position_of(one, label) for one, label in zip(variable.sets, labels, strict=True))
            made[key] = VarData(component=variable)
            number_of[id(made[key])] = group.offset + int(np.ravel_multi_index(where, group.shape))
        return made[key]

    for index in indices:
        with read_variables_with(read):
            relation = record.rule(record.block, *index)
        yield _plain_row(record.name, index, relation, number_of)


def _plain_row(name: str, index: tuple[Any, ...], relation: Any, number_of: dict[int, int]) -> Row:
    if isinstance(relation, bool | np.bool_):
        return Row((), (), -np.inf if relation else 1.0, np.inf)
    try:
        lower, body, upper = ConstraintData(expr=relation).to_bounded_expression(evaluate_bounds=True)
        linear = generate_standard_repn(body)
    except (PyomoException, ValueError, TypeError) as fault:
        message = f"The rule of '{name}' gives no linear relation for {index}: {fault}"
        raise TracedModelError(message) from fault
    if linear.nonlinear_expr is not None or linear.quadratic_vars:
        message = f"The rule of '{name}' is not linear for {index}."
        raise TracedModelError(message)
    numbers = [number_of[id(data)] for data in linear.linear_vars]
    low = -np.inf if lower is None else float(lower) - float(linear.constant)
    high = np.inf if upper is None else float(upper) - float(linear.constant)
    return Row(numbers, [float(value) for value in linear.linear_coefs], low, high)


# -- data of an expanded model -----------------------------------------------------------------------------------------


def _labels(maker: Maker, sets: Sequence[Any]) -> list[tuple[Any, ...]]:
    return [maker.set_record(one).labels for one in sets]


def _data(maker: Maker, records: Sequence[Any]) -> Iterator[Any]:
    """Component data in full numbering; None where Pyomo made none."""
    for record in records:
        yield from _record_data(maker, record)


def _record_data(maker: Maker, record: Any) -> Iterator[Any]:
    if not record.sets:
        yield record.component if len(record.component) else None
        return
    made = dict(record.component.items())
    for index in product(*_labels(maker, record.sets)):
        key = index[0] if len(index) == 1 else index
        yield made.get(key)


def _standard_row(matrix: Any, sides: Any, full: Any, found: list[tuple[int, int]]) -> Row:
    """One row of Pyomo's mixed form: sense 0 is ==, 1 is <=, -1 is >=; a range comes as two rows."""
    if not found:
        return Row((), (), -np.inf, np.inf)
    lower, upper = -np.inf, np.inf
    for number, sense in found:
        lower = float(sides[number]) if sense <= 0 else lower
        upper = float(sides[number]) if sense >= 0 else upper
    number = found[0][0]
    entries = slice(matrix.indptr[number], matrix.indptr[number + 1])
    return Row(full[matrix.indices[entries]].tolist(), matrix.data[entries].tolist(), lower, upper)
