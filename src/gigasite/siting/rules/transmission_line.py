"""Places too far from a line, or a substation, of a voltage that carries a campus.

    excluded[c] = min over f of distance[c, f] > maximum,    f with voltage[f] >= minimum voltage

| symbol          | name             | unit | dimensions         |
|-----------------|------------------|------|--------------------|
| distance        | `transmission_line_km` | km   | candidate, feature |
| maximum         | `maximum_km`     | km   |                    |
| voltage         | `voltage_column` | kV   | feature            |
| minimum voltage | `minimum_kv`     | kV   |                    |

Distances are geodesic, from the candidate's point to the nearest point of the feature.
"""

from __future__ import annotations

from typing import Annotated

from gigasite.inputs.quantities import Positive
from gigasite.siting.ground import Ground
from gigasite.siting.rule import NamesColumn, NamesLayer, Rule, RuleSpec, Verdict, above
from gigasite.siting.voltage_classes import VOLTAGE_COLUMN


class Spec(RuleSpec):
    """Largest distance to a line of a voltage or more."""

    layer: Annotated[str, NamesLayer(("lines", "points"))]
    """Layer of lines, or of substations."""

    maximum_km: Positive
    """Largest distance to the nearest of them [km]."""

    minimum_kv: Positive
    """Only lines of this voltage or more count [kV]."""

    voltage_column: Annotated[str, NamesColumn("layer")] = VOLTAGE_COLUMN
    """Column of the layer with the voltage [kV]."""


def mask(ground: Ground, spec: Spec) -> Verdict:
    """Exclude candidates by their distance to a line."""
    distance = ground.distance_km(spec.layer, column=spec.voltage_column, at_least=spec.minimum_kv)
    excluded, reason = above(distance, spec.maximum_km, f"distance to a line of {spec.minimum_kv:g} kV or more", "km")
    return Verdict(excluded, reason, {"transmission_line_km": distance})


RULE = Rule("transmission_line", "Distance to a line", 70, Spec, mask)
