"""The most gas that the plants of a site could burn: bounds for whatever carries gas or stands in for it."""

from __future__ import annotations

import numpy as np

from gigasite.formulation.builder import Builder
from gigasite.formulation.hubs import Hub
from gigasite.system.quantity import Array

GAS_ONLY = ("fuel_cell", "bridge_power")
"""What burns gas and cannot burn distillate in its place."""


def most_gas_mmbtu_per_h(builder: Builder) -> Array:
    """Gas that all plants could burn in every hour, shape (site, year, hour)."""
    shape = (len(builder.sets["site"]), len(builder.sets["year"]), len(builder.sets["hour"]))
    return _most(builder, builder.hubs.gas, shape)


def most_firm_gas_mmbtu_per_h(builder: Builder) -> Array:
    """Gas that the firm capacity of all plants could call for, shape (site, year)."""
    shape = (len(builder.sets["site"]), len(builder.sets["year"]))
    return _most(builder, builder.hubs.firm_gas, shape)


def _most(builder: Builder, hub: Hub, shape: tuple[int, ...]) -> Array:
    """Upper limits of the terms that burn, each with its rate of gas by site and year."""
    most = np.zeros(shape)
    for term in hub:
        rate = np.maximum(0.0, term.coefficient_values).reshape(*shape[:2], *(1,) * (len(shape) - 2))
        most += rate * builder.maker.variable_record(term.variable).upper
    return most
