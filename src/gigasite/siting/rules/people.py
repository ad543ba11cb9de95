"""Places too near to where people live.

    excluded[c] = min over f of distance[c, f] < minimum,    f with population[f] >= minimum population

| symbol             | name                 | unit   | dimensions          |
|--------------------|----------------------|--------|---------------------|
| distance           | `people_km`          | km     | candidate, feature  |
| minimum            | `minimum_km`         | km     |                     |
| population         | `population_column`  | people | feature             |
| minimum population | `minimum_population` | people |                     |

Distances are geodesic, from the candidate's point to the nearest point of the feature; 0 within an area.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import model_validator

from gigasite.inputs.quantities import NonNegative, Positive
from gigasite.siting.ground import Ground
from gigasite.siting.rule import NamesColumn, NamesLayer, Rule, RuleSpec, Verdict, below


class Spec(RuleSpec):
    """Least distance to people."""

    layer: Annotated[str, NamesLayer(("points", "areas"))]
    """Layer of towns or settled areas."""

    minimum_km: Positive
    """Least distance to the nearest of them [km]."""

    minimum_population: NonNegative = 0.0
    """Only places with so many people count [people]; 0 where left out: every feature of the layer."""

    population_column: Annotated[str | None, NamesColumn("layer")] = None
    """Column of the layer with the people, for `minimum_population`."""

    @model_validator(mode="after")
    def _column_for_people(self) -> Spec:
        if self.minimum_population > 0 and self.population_column is None:
            raise ValueError("`minimum_population` needs `population_column`: the column of the layer with the people")
        return self


def mask(ground: Ground, spec: Spec) -> Verdict:
    """Exclude candidates by their distance to people; where nobody lives near, nothing is excluded."""
    distance = ground.distance_km(spec.layer, column=spec.population_column, at_least=spec.minimum_population)
    excluded, reason = below(distance, spec.minimum_km, "distance to people", "km")
    return Verdict(excluded, reason, {"people_km": distance})


RULE = Rule("people", "Distance to people", 50, Spec, mask)
