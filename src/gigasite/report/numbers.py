"""Numbers as a planner reads them: scaled units, thousands separators, no more digits than a column needs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from gigasite.foundation.names import column, unit_of_name

NOTHING = "\N{EN DASH}"
"""Stands for a zero in a table of megawatts or money, so that what is there can be seen."""

ONE_PER_MILLE = 1e-3
_SCALES: dict[str, tuple[tuple[float, str], ...]] = {
    "USD": ((1e9, "bn USD"), (1e6, "M USD")),
    "USD/year": ((1e9, "bn USD/year"), (1e6, "M USD/year")),
    "MWh": ((1e6, "TWh"), (1e3, "GWh")),
    "MMBtu": ((1e6, "M MMBtu"),),
    "t": ((1e6, "Mt"), (1e3, "kt")),
    "m3": ((1e6, "M m3"),),
    "m2": ((1e6, "km2"),),
    "MW-year": ((1e3, "GW-year"),),
}
_FRACTIONS = frozenset({"1"})
_LABELS = frozenset({"year"})


@dataclass(frozen=True)
class Style:
    """How the numbers of one column are written.

    Attributes:
        unit: the unit a reader sees.
        divisor: what a number is divided by to be in that unit.
        decimals: digits after the point.
        percent: whether a share is written in percent.
        plain: a label such as a year: no separators.
        mixed: numbers of several units, each with its own figures.
    """

    unit: str
    divisor: float = 1.0
    decimals: int = 0
    percent: bool = False
    plain: bool = False
    mixed: bool = False

    def text(self, value: float | None) -> str:
        """Write a number; nothing for one that is missing."""
        if value is None or math.isnan(value):
            return ""
        if math.isinf(value):
            return "∞" if value > 0 else "-∞"
        if self.plain:
            return f"{value:.0f}"
        if self.mixed:
            return f"{value:,.{digits(abs(value))}f}" if abs(value) >= ONE_PER_MILLE or value == 0 else f"{value:.1e}"
        written = f"{value / self.divisor:,.{self.decimals}f}"
        written = written.removeprefix("-") if float(written.replace(",", "")) == 0 else written
        return f"{written} %" if self.percent else written


def style_of(name: str, values: Sequence[float]) -> Style:
    """Return how to write a column of numbers, from its name and its largest value.

    >>> style_of("cost_usd", [1.2e9, 3.4e7]).text(1.2e9), style_of("cost_usd", [1.2e9]).unit
    ('1.20', 'bn USD')
    >>> style_of("capacity_mw", [9200.0]).text(9200.0)
    '9,200'
    >>> style_of("year", [2035]).text(2035)
    '2035'
    >>> style_of("capacity_factor", [0.8512]).text(0.8512)
    '85.1 %'
    """
    unit = unit_of(name)
    if unit in _LABELS:
        return Style("", plain=True)
    if unit.startswith("see "):
        return Style("", mixed=True)
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    if unit in _FRACTIONS:
        return Style("", 0.01, 4 if 0.0 < largest < ONE_PER_MILLE else 1, percent=True)
    for divisor, scaled in _SCALES.get(unit, ()):
        if largest >= divisor:
            return Style(scaled, divisor, digits(largest / divisor))
    counted = all(float(value).is_integer() for value in values if math.isfinite(value))
    return Style(unit, 1.0, 0 if counted else digits(largest))


def unit_of(name: str) -> str:
    """Return the unit of a column: from the dictionary of columns, else from the end of its name.

    >>> unit_of("levelised_cost_usd_per_mwh"), unit_of("combined_cycle_mw"), unit_of("note")
    ('USD/MWh', 'MW', '')
    """
    try:
        return column(name).unit
    except KeyError:
        return unit_of_name(name) or ""


def words_of(name: str) -> str:
    """Return the words of a column's name, without its unit.

    >>> words_of("levelised_cost_usd_per_mwh"), words_of("idle_mw_years"), words_of("units"), words_of("cost_usd")
    ('levelised cost', 'idle', 'units', 'cost')
    """
    words = name.split("_")
    unit = unit_of_name(name)
    if unit is not None and unit == unit_of_name(f"of_{name}") and words[0] == "usd":
        return ""
    if unit is not None:
        for length in range(1, len(words)):
            if unit_of_name("_".join(["of", *words[-length:]])) == unit:
                return " ".join(words[:-length])
    if unit_of(name) == "USD":
        return " ".join(word for word in words if word != "usd")
    return " ".join(words)


def digits(largest: float) -> int:
    """Return how many decimals three significant digits of the largest value take, at most three.

    >>> [digits(value) for value in (71_360, 245.2, 35.04, 1.94, 0.067)]
    [0, 0, 1, 2, 3]
    """
    if largest <= 0:
        return 0
    return min(max(2 - math.floor(math.log10(largest)), 0), 3)
