"""What the value of a figure can be: no negative prices, no shares above one, the unit of the shipped rows.

The same limits hold for rows of every file and for the values that overrides put in their place.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from gigasite.foundation.errors import Origin, Problem
from gigasite.inputs.figure_table import Row, Table

_OF_ANY_SIGN = ("C", "K")
_STATISTICS = "hourly_variability"
_GAS_OF_ANY_SIGN = ("gas_basis", "natural_gas_hub")
_SHARE = re.compile(r"(fraction|share|per unit|0 or 1)\b(?!/)")
_YEARLY_SHARE = "fraction/year"
_MONEY = re.compile(r"(2004 )?(USD(?! per)|(M|bn) USD|JPY/(k|t)|oku JPY)")
_FIRST_MONEY_YEAR = 2004
_LAST_MONEY_YEAR = 2040
_ABOVE_ZERO = (
    "round_trip_efficiency", "efficiency", "unit_size_mw", "lifetime_years", "economic_life_years",
    "pipeline_capacity_mmbtu_per_h", "mean_time_to_repair_h", "permit_years",
)  # fmt: skip
_FUELLED = ("heat_rate_mmbtu_per_mwh",)
_TIMES = ("year", "month", "hour")


def value_problem(table: str, cells: Mapping[str, str], value: float, origin: Origin | None) -> Problem | None:
    """Return why a figure cannot have this value, or None.

    Shares lie between 0 and 1; nothing else is negative but temperatures, statistics, and gas at a hub.
    """
    unit, what = cells["unit"], cells.get("parameter") or cells.get("item") or ""
    if value < 0 and not _may_be_negative(table, cells):
        return Problem("this figure cannot be negative", origin, "value", f"{value:g} {unit}", f"0 {unit} or more")
    growth = "growth" in what
    if value > 1 and table != _STATISTICS and (_SHARE.match(unit) or (unit == _YEARLY_SHARE and not growth)):
        remedy = "write 15 % as 0.15"
        return Problem("a share is never above 1", origin, "value", f"{value:g} {unit}", "0 to 1", remedy)
    if value == 0 and what in _ABOVE_ZERO:
        return Problem(f"{what} must be above 0", origin, "value", f"{value:g} {unit}", "more than 0")
    return None


def _may_be_negative(table: str, cells: Mapping[str, str]) -> bool:
    if cells["unit"] in _OF_ANY_SIGN or table == _STATISTICS:
        return True
    return cells.get("fuel", "").startswith(_GAS_OF_ANY_SIGN)


def override_problem(
    table: Table, met: Sequence[Row], where: Mapping[str, str], value: float, origin: Origin | None, key: str
) -> Problem | None:
    """Return why the rows that an override meets cannot all have its value, or None."""
    named = [dict(zip(table.columns, row.cells, strict=True)) for row in met]
    for column, word in (("parameter", "parameter"), ("item", "item"), ("unit", "unit"), ("currency_year", "money")):
        met_values = list(dict.fromkeys(cells[column] for cells in named if column in cells))
        if len(met_values) > 1:
            shown = ", ".join(value or "(empty)" for value in met_values[:8])
            return Problem(
                f"this override meets rows of more than one {word}: {shown}",
                origin,
                f"{key}.where",
                ", ".join(f"{name}: {text}" for name, text in where.items()),
                f"rows of one {word}",
                "add a key that tells them apart: " + ", ".join(name for name in table.keys if name not in where),
            )
    for cells, row in zip(named, met, strict=True):
        problem = value_problem(table.name, cells, value, origin)
        if problem is None and value == 0 < row.value and cells.get("parameter") in _FUELLED:
            message = f"{cells['parameter']} of a plant that burns fuel must be above 0"
            problem = Problem(message, origin, None, f"{value:g} {cells['unit']}", "more than 0")
        if problem is not None:
            return Problem(problem.message, origin, f"{key}.value", problem.given, problem.allowed, problem.remedy)
    return None


def overlay_problems(below: Table, above: Table) -> list[Problem]:
    """Return the rows of a planner's file whose unit or money is not that of the shipped rows."""
    if not below.has_figures:
        return []
    units = _units(below)
    problems = []
    for row in above.rows:
        cells = dict(zip(above.columns, row.cells, strict=True))
        known = units.get(_same_kind(above, cells)) or units.get((cells.get("parameter", ""),)) or units.get(())
        if known and cells["unit"] not in known:
            allowed = " or ".join(sorted(known))
            message = "this unit is not the one of the shipped rows"
            remedy = "give the value in that unit"
            problems.append(Problem(message, row.origin, "unit", cells["unit"], allowed, remedy))
        elif _MONEY.match(cells["unit"]) and not _is_money_year(cells["currency_year"]):
            message = "money without a year that can be brought to 2024"
            allowed = f"a year from {_FIRST_MONEY_YEAR} to {_LAST_MONEY_YEAR}"
            remedy = "write the year of the money"
            given = cells["currency_year"] or "(empty)"
            problems.append(Problem(message, row.origin, "currency_year", given, allowed, remedy))
    return problems


def _is_money_year(text: str) -> bool:
    return text.isdigit() and _FIRST_MONEY_YEAR <= int(text) <= _LAST_MONEY_YEAR


def _same_kind(table: Table, cells: Mapping[str, str]) -> tuple[str, ...]:
    """Return what rows of one unit share: the parameter and, where it has several, the first key; else all keys."""
    keys = [key for key in table.keys if key not in _TIMES]
    if "parameter" in keys:
        return (cells["parameter"], cells[keys[0]])
    return tuple(cells[key] for key in keys)


def _units(table: Table) -> dict[tuple[str, ...], set[str]]:
    """Return the units by kind of row; () holds the one unit of a table that has only one."""
    units: dict[tuple[str, ...], set[str]] = {}
    every: set[str] = set()
    for row in table.rows:
        cells = dict(zip(table.columns, row.cells, strict=True))
        kinds = {_same_kind(table, cells), (cells.get("parameter", ""),)} if "parameter" in cells else set()
        for kind in kinds or {_same_kind(table, cells)}:
            units.setdefault(kind, set()).add(cells["unit"])
        every.add(cells["unit"])
    if len(every) == 1:
        units[()] = every
    return units
