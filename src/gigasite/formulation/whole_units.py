"""Whole machines: capacity of a technology that a scenario asks for in whole units.

    built[s, v]    = size[s] * built units[s, v]          integer
    capacity[s, y] = size[s] * units[s, y]                integer

| symbol      | name              | unit     | dimensions    |
|-------------|-------------------|----------|---------------|
| size        | `whole_unit_mw`   | MW       | site          |
| built units | `built_units`     | machines | site, vintage |
| units       | `units`           | machines | site, year    |

Only sites whose options say `units: whole` have them: elsewhere the bounds are zero and the rows are empty. A vintage
may keep part of a machine after another has retired; what stands in a year is whole. Capacities that bound the fleet
are taken to the whole numbers of machines between them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from gigasite.formulation.builder import Builder
from gigasite.inputs.whole_unit_checks import whole_bounds_mw, whole_number
from gigasite.system.context import Context
from gigasite.system.quantity import Array, Quantity


def unit_size_mw(context: Context, site: str, technology: str) -> float:
    """Size of one machine: the scenario's own, or that of the machine class."""
    options = context.options(site, technology)
    if options is not None and options.unit_size_mw is not None:
        return float(options.unit_size_mw)
    return context.figure(site, technology, "unit_size_mw").value


def is_whole(context: Context, site: str, technology: str) -> bool:
    """Whether a site builds a technology in whole machines."""
    options = context.options(site, technology)
    return options is not None and options.units == "whole"


def whole_unit_mw(context: Context, technology: str) -> Array:
    """Size of a machine where a site builds whole ones, else 0; shape (site,)."""
    sizes = [
        unit_size_mw(context, place.name, technology) if is_whole(context, place.name, technology) else 0.0
        for place in context.places
    ]
    return np.array(sizes)


def in_whole_units(low_mw: Array, high_mw: Array, unit_mw: float) -> tuple[Array, Array]:
    """Bounds of a capacity in each year, taken to whole machines; unchanged where the unit is 0.

    A capacity that is given is met by the number of machines it stands for, however it was rounded.
    """
    if unit_mw <= 0:
        return low_mw, high_mw
    pairs = [_whole_pair(float(low), float(high), unit_mw) for low, high in zip(low_mw, high_mw, strict=True)]
    low, high = np.array(pairs).T
    return low, high


def _whole_pair(low_mw: float, high_mw: float, unit_mw: float) -> tuple[float, float]:
    number = whole_number(low_mw, unit_mw) if low_mw == high_mw else None
    return whole_bounds_mw(low_mw, high_mw, unit_mw) if number is None else (number * unit_mw, number * unit_mw)


def prepare_whole_units(size_mw: Array, built_max_mw: Array, capacity_max_mw: Array) -> dict[str, Quantity]:
    """Arrays of whole machines; none where no site asks for them.

    Args:
        size_mw: see `whole_unit_mw`.
        built_max_mw: largest vintage, shape (site, vintage).
        capacity_max_mw: largest capacity, shape (site, year).
    """
    if not size_mw.any():
        return {}

    def most(limit_mw: Array) -> Array:
        sizes = np.where(size_mw > 0, size_mw, 1.0)[:, None]
        return np.where(size_mw[:, None] > 0, np.round(limit_mw / sizes), 0.0)

    return {
        "whole_unit_mw": Quantity(size_mw, ("site",), "MW"),
        "whole_units": Quantity((size_mw > 0).astype(float), ("site",), "1"),
        "built_units_max": Quantity(most(built_max_mw), ("site", "vintage"), "machines"),
        "units_max": Quantity(most(capacity_max_mw), ("site", "year"), "machines"),
    }


def build_whole_units(builder: Builder, block: Any, data: Mapping[str, Quantity], built: Any, capacity: Any) -> None:
    """Whole numbers of machines built and standing; nothing where no site asks for them."""
    if "whole_unit_mw" not in data:
        return
    built_units = builder.variable(
        block,
        "built_units",
        ("site", "vintage"),
        upper=data["built_units_max"].values,
        unit="machines",
        integer=True,
    )
    units = builder.variable(
        block, "units", ("site", "year"), upper=data["units_max"].values, unit="machines", integer=True
    )

    def built_in_whole_units(b: Any, site: Any, of: Any) -> Any:
        return b.whole_units[site] * built[site, of] - b.whole_unit_mw[site] * built_units[site, of] == 0

    def capacity_in_whole_units(b: Any, site: Any, year: Any) -> Any:
        return b.whole_units[site] * capacity[site, year] - b.whole_unit_mw[site] * units[site, year] == 0

    builder.constraint(block, "built_in_whole_units", ("site", "vintage"), built_in_whole_units)
    builder.constraint(block, "capacity_in_whole_units", ("site", "year"), capacity_in_whole_units)
    builder.add(builder.hubs.units, units)
