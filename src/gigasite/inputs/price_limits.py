"""Prices and costs that no planner can mean: one limit for each unit, wherever a scenario writes one.

A price of 1e30 is a slip, and a solver that meets it loses every other figure in its rounding. The limits lie a hundred
times and more above the dearest figure that is shipped or asked for anywhere: they catch slips, not opinions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from gigasite.foundation.errors import Problem
from gigasite.inputs.source_map import KeyPath, SourceMap, dotted
from gigasite.inputs.written_numbers import unit_of_path

LARGEST_USD = {
    "usd_per_mwh": 1e7,
    "usd_per_mmbtu": 1e4,
    "usd_per_mmbtu_per_day": 1e4,
    "usd_per_mmbtu_per_quad": 1e4,
    "usd_per_t": 1e6,
    "usd_per_kwh": 1e6,
    "usd_per_kw": 1e6,
    "usd_per_kw_year": 1e6,
    "usd_per_mw": 1e9,
    "usd_per_mw_month": 1e9,
    "usd_per_mw_year": 1e9,
    "usd": 1e14,
}
"""Largest number by the unit that a key ends with; 1e14 USD is about what the world earns in a year."""


def price_problems(source: SourceMap) -> Iterator[Problem]:
    """Yield every price or cost beyond its limit."""
    for path, value, most in _prices(source.data, (), None):
        if abs(value) > most:
            unit = unit_of_path(path)
            allowed = f"{most:,.0f} {unit} or less" if unit else f"{most:,.0f} or less"
            message, remedy = "no price or cost is as large as this", "look at its digits and its unit"
            yield Problem(message, source.origin_of(path), dotted(path), f"{value:g}", allowed, remedy)


def _prices(node: Any, path: KeyPath, most: float | None) -> Iterator[tuple[KeyPath, float, float]]:
    """Numbers written below a key whose name ends with a unit of money, with the limit that holds there."""
    if isinstance(node, Mapping):
        for key, value in node.items():
            yield from _prices(value, (*path, key), _limit(key) or most)
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _prices(value, (*path, index), most)
    elif most is not None and isinstance(node, int | float) and not isinstance(node, bool):
        yield path, float(node), most


def _limit(key: str | int) -> float | None:
    if not isinstance(key, str):
        return None
    units = [unit for unit in LARGEST_USD if key == unit or key.endswith(f"_{unit}")]
    return LARGEST_USD[max(units, key=len)] if units else None
