"""Photovoltaic plant on single-axis trackers.

    output[s, y, h] <= capacity factor[s, h] * capacity[s, y]

It carries no firm peak: its firm credit is zero.
"""

from __future__ import annotations

from gigasite.formulation.builder import Builder
from gigasite.formulation.registry import Technology
from gigasite.formulation.weather_plant import build_weather_plant, prepare_weather_plant
from gigasite.inputs.scenario import TechnologySpec
from gigasite.system.context import Context
from gigasite.system.quantity import FeatureData

NAME = "solar"


class Spec(TechnologySpec):
    """Options of the solar plant."""


def prepare(context: Context) -> FeatureData:
    """Costs from `technologies.csv`, hourly capacity factors from the site's solar series."""
    return prepare_weather_plant(context, NAME)


def build(builder: Builder, data: FeatureData) -> None:
    """Capacity by vintage and hourly output; see `vintages` and `weather_plant` for the equations."""
    build_weather_plant(builder, NAME, data)


TECHNOLOGY = Technology(NAME, "Solar", "#f7b91c", 80, Spec, prepare, build)
