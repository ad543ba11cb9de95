"""Input figures replaced by a scenario, each with its reason; a replaced row is an estimate and says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gigasite.foundation.errors import Origin, Problem, did_you_mean
from gigasite.inputs.figure_limits import override_problem
from gigasite.inputs.figure_table import Row, Table

if TYPE_CHECKING:
    from gigasite.inputs.scenario import Override

OVERRIDDEN = "overridden"
"""Source of every row that a scenario replaced."""


@dataclass(frozen=True)
class AppliedOverride:
    """What an override did: the rows it met, the values they had, the value they have."""

    table: str
    where: Mapping[str, str]
    value: float
    reason: str
    replaced: tuple[float, ...]
    unit: str


def apply_overrides(
    tables: Mapping[str, Table],
    overrides: Sequence[Override],
    origins: Sequence[Origin | None],
    problems: list[Problem],
) -> tuple[dict[str, Table], list[AppliedOverride]]:
    """Return the tables with the overrides in place; an override that fits nothing is added to `problems`."""
    changed = dict(tables)
    applied: list[AppliedOverride] = []
    for index, (override, origin) in enumerate(zip(overrides, origins, strict=True)):
        where = {key: _text(value) for key, value in override.where.items()}
        problem = _fault(changed, override.table, where, origin, f"overrides.{index}")
        if problem is not None:
            problems.append(problem)
            continue
        table = changed[override.table]
        met = [row for row in table.rows if _fits(table, row, where)]
        problem = override_problem(table, met, where, override.value, origin, f"overrides.{index}")
        if problem is not None:
            problems.append(problem)
            continue
        place = str(origin) if origin else ""
        new = {id(row): _replaced(table, row, override.value, override.reason, place) for row in met}
        changed[override.table] = replace(table, rows=tuple(new.get(id(row), row) for row in table.rows))
        unit = met[0].cells[table.position("unit")]
        before = tuple(row.value for row in met)
        applied.append(AppliedOverride(override.table, where, override.value, override.reason, before, unit))
    return changed, applied


def _text(value: str | int | float) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _fits(table: Table, row: Row, where: Mapping[str, str]) -> bool:
    return all(row.cells[table.position(key)] == value for key, value in where.items())


def _replaced(table: Table, row: Row, value: float, reason: str, place: str) -> Row:
    old = dict(zip(table.columns, row.cells, strict=True))
    new = {
        **old,
        "value": repr(value),
        "low": "",
        "high": "",
        "source": OVERRIDDEN,
        "locator": place,
        "confidence": "estimate",
        "note": f"{reason} (was {old['value']} {old['unit']}: {old['source']})",
    }
    return Row(tuple(new[column] for column in table.columns), row.origin, value)


def _fault(
    tables: Mapping[str, Table], name: str, where: Mapping[str, str], origin: Origin | None, key: str
) -> Problem | None:
    """Return why an override fits nothing, or None."""
    figures = sorted(table for table, content in tables.items() if content.has_figures)
    if name not in figures:
        remedy = did_you_mean(name, figures)
        message = f"there is no table of figures named {name}"
        return Problem(message, origin, f"{key}.table", name, ", ".join(figures), remedy)
    table = tables[name]
    for column in where:
        if column not in table.keys:
            message = f"{name}.csv has no key column {column}"
            remedy = did_you_mean(column, table.keys)
            return Problem(message, origin, f"{key}.where.{column}", column, ", ".join(table.keys), remedy)
    rows: Sequence[Row] = table.rows
    for column, value in where.items():
        at = table.position(column)
        fitting = [row for row in rows if row.cells[at] == value]
        if not fitting:
            known = sorted({row.cells[at] or "(empty)" for row in rows})
            message = f"no row of {name}.csv fits this override"
            allowed = ", ".join(known[:20])
            return Problem(message, origin, f"{key}.where.{column}", value, allowed, did_you_mean(value, known))
        rows = fitting
    return None
