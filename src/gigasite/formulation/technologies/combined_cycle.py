"""Combined-cycle gas plant: gas and steam turbine together, the most power from a unit of gas."""

from __future__ import annotations

from gigasite.formulation.builder import Builder
from gigasite.formulation.cooling import CooledSpec
from gigasite.formulation.generation import build_generation, prepare_generation
from gigasite.formulation.registry import Technology
from gigasite.system.context import Context
from gigasite.system.quantity import FeatureData

NAME = "combined_cycle"


class Spec(CooledSpec):
    """Options of the combined cycle."""


def prepare(context: Context) -> FeatureData:
    """Costs, availability, heat rate and burdens, from `technologies.csv` and `fuels.csv`."""
    return prepare_generation(context, NAME, fuel="gas", multiplier="combined_cycle")


def build(builder: Builder, data: FeatureData) -> None:
    """Capacity by vintage and hourly output; see `vintages` and `generation` for the equations."""
    build_generation(builder, NAME, data, burns_gas=True)


TECHNOLOGY = Technology(NAME, "Combined cycle", "#3f6482", 10, Spec, prepare, build)
