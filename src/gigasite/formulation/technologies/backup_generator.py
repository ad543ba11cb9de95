"""Diesel backup generator: stands by for outages; its permit limits how many hours a year it runs.

    sum over h of output[s, y, h] * step hours <= run hours * capacity[s, y]

It carries no peak: its firm credit is zero, since a permit for emergencies does not cover a planned peak.
"""

from __future__ import annotations

from typing import Any

from gigasite.formulation.builder import Builder
from gigasite.formulation.generation import build_generation, prepare_generation
from gigasite.formulation.registry import Technology
from gigasite.inputs.quantities import NonNegative
from gigasite.inputs.scenario import TechnologySpec
from gigasite.system.context import Context
from gigasite.system.quantity import FeatureData

NAME = "backup_generator"


class Spec(TechnologySpec):
    """Options of the backup generator."""

    run_hours_per_year_max: NonNegative | None = None
    """Hours a year it may run at full output; left out: the figure of inputs/ [h/year]."""


def prepare(context: Context) -> FeatureData:
    """Costs, availability and permitted hours, from `technologies.csv` and `fuels.csv`."""

    def run_hours(site: str) -> float:
        options = context.options(site, NAME)
        if isinstance(options, Spec) and options.run_hours_per_year_max is not None:
            return float(options.run_hours_per_year_max)
        return context.figure(site, NAME, "run_hours_per_year_max").value

    data = prepare_generation(context, NAME, fuel="diesel", multiplier="gas_turbine")
    data["run_hours_max"] = context.by_site(NAME, run_hours, "h/year")
    return data


def build(builder: Builder, data: FeatureData) -> None:
    """Capacity, output, and the row of permitted hours."""
    block = build_generation(builder, NAME, data)
    hours = builder.sets["hour"]
    step = builder.system.context.time.step_hours

    def runs_within_permit(b: Any, site: Any, year: Any) -> Any:
        return (
            sum(step * b.output_mw[site, year, hour] for hour in hours)
            - b.run_hours_max[site] * b.capacity_mw[site, year]
            <= 0
        )

    builder.constraint(block, "runs_within_permit", ("site", "year"), runs_within_permit)


TECHNOLOGY = Technology(NAME, "Backup generator", "#6a6156", 110, Spec, prepare, build)
