"""From a system to a model: reads as the table of contents.

minimise    present value of every cost
subject to  what the technologies and requirements write, each in its own file
"""

from __future__ import annotations

import numpy as np

from gigasite.formulation.builder import Builder
from gigasite.formulation.modelling import Maker, new_model
from gigasite.formulation.registry import requirements, technologies
from gigasite.system.quantity import Quantity
from gigasite.system.system import System

GRID_STEPS_SET = "step"


def build_model(system: System, *, traced: bool) -> Builder:
    """Build the whole problem of a scenario.

    Args:
        system: the scenario's arrays.
        traced: True for gigasite's compiler, which expands nothing; False for an ordinary Pyomo model.

    Returns:
        The builder, with the model, the shared sums and the costs.
    """
    builder = Builder(system, Maker(new_model(traced), traced=traced))
    _declare_sets(builder)
    _declare_calendar(builder)
    features = system.features
    first, *others = requirements().values()
    first.build(builder, features[first.name])
    for technology in technologies().values():
        if technology.name in features:
            technology.build(builder, features[technology.name])
    for requirement in others:
        requirement.build(builder, features[requirement.name])
    builder.objective()
    return builder


def _declare_sets(builder: Builder) -> None:
    context = builder.system.context
    builder.add_set("site", list(builder.system.sites))
    builder.add_set("year", list(context.years))
    builder.add_set("vintage", list(context.years))
    builder.add_set("month", list(range(1, 13)))
    builder.add_set("hour", list(range(context.time.hours)))
    builder.add_set("zone", list(context.zones))
    builder.add_set("region", list(context.regions))
    builder.add_set(GRID_STEPS_SET, list(range(1, context.grid_steps + 1)))
    builder.add_set("line", list(context.scenario.lines))


def _declare_calendar(builder: Builder) -> None:
    """Labels of neighbours: the hour before, the modelled year before, the month of an hour."""
    time = builder.system.context.time
    years = np.array(time.years)
    builder.block(
        "calendar",
        {
            "previous_hour": Quantity(time.previous.astype(float), ("hour",), "label"),
            "previous_year": Quantity(np.r_[years[:1], years[:-1]].astype(float), ("year",), "label"),
            "month_of_hour": Quantity(time.month.astype(float), ("hour",), "label"),
        },
    )
