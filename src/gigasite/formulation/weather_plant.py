"""Plants that the weather drives: the part that solar and wind share.

    output[s, y, h] <= capacity factor[s, h] * capacity[s, y]

Forced outage is in the cited capacity factors of existing plants already, so it is not counted again.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from gigasite.formulation.builder import Builder
from gigasite.formulation.generation import add_output
from gigasite.formulation.vintages import build_vintages, prepare_vintages
from gigasite.foundation.units import KW_PER_MW
from gigasite.system.context import Context
from gigasite.system.hourly import capacity_factor
from gigasite.system.quantity import FeatureData, Quantity

WEATHER_ROOM = 8.0
"""Where nobody sets a limit, solar and wind at a site stay below this many times its largest load: they run a quarter
of the time."""


def prepare_weather_plant(context: Context, technology: Literal["solar", "wind"] | str) -> FeatureData:
    """Costs and hourly capacity factors of a solar or wind plant."""
    hours = context.time.hours
    factors = [
        np.zeros(hours)
        if context.options(place.name, technology) is None
        else context.time.steps(capacity_factor(context.tables, place, technology, context.seed))
        for place in context.places
    ]
    data = prepare_vintages(context, technology, room=WEATHER_ROOM)
    data["availability"] = Quantity(np.array(factors), ("site", "hour"), "MW per MW", "derived")
    data["land_m2_per_mw"] = context.by_site(
        technology, lambda s: context.figure(s, technology, "land_m2_per_kw", default=0.0).value * KW_PER_MW, "m2/MW"
    )
    return data


def build_weather_plant(builder: Builder, name: str, data: FeatureData) -> None:
    """Block of a solar or wind plant."""
    block = builder.block(name, data)
    capacity = build_vintages(builder, block, dict(data))
    add_output(builder, block, data, capacity)
