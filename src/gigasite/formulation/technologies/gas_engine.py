"""Reciprocating gas engine: small machines, soon delivered, little affected by heat."""

from __future__ import annotations

from gigasite.formulation.builder import Builder
from gigasite.formulation.generation import build_generation, prepare_generation
from gigasite.formulation.registry import Technology
from gigasite.inputs.scenario import TechnologySpec
from gigasite.system.context import Context
from gigasite.system.quantity import FeatureData

NAME = "gas_engine"


class Spec(TechnologySpec):
    """Options of the gas engine."""


def prepare(context: Context) -> FeatureData:
    """Costs, availability, heat rate and burdens, from `technologies.csv` and `fuels.csv`."""
    return prepare_generation(context, NAME, fuel="gas", multiplier="gas_turbine")


def build(builder: Builder, data: FeatureData) -> None:
    """Capacity by vintage and hourly output; see `vintages` and `generation` for the equations."""
    build_generation(builder, NAME, data, burns_gas=True)


TECHNOLOGY = Technology(NAME, "Gas engine", "#6b210f", 30, Spec, prepare, build)
