"""Large light-water reactor of about a gigawatt."""

from __future__ import annotations

from gigasite.formulation.builder import Builder
from gigasite.formulation.cooling import CooledSpec
from gigasite.formulation.generation import build_generation, prepare_generation
from gigasite.formulation.registry import Technology
from gigasite.system.context import Context
from gigasite.system.quantity import FeatureData

NAME = "large_reactor"


class Spec(CooledSpec):
    """Options of the large reactor."""


def prepare(context: Context) -> FeatureData:
    """Costs, availability, heat rate and burdens, from `technologies.csv` and `fuels.csv`."""
    return prepare_generation(context, NAME, fuel="uranium", multiplier="nuclear")


def build(builder: Builder, data: FeatureData) -> None:
    """Capacity by vintage and hourly output; see `vintages` and `generation` for the equations."""
    build_generation(builder, NAME, data, burns_gas=False)


TECHNOLOGY = Technology(NAME, "Large reactor", "#a8ebb6", 60, Spec, prepare, build)
