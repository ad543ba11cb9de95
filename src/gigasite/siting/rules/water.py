"""Places too far from water to cool with.

    excluded[c] = min over f of distance[c, f] > maximum

| symbol   | name          | unit | dimensions         |
|----------|---------------|------|--------------------|
| distance | `water_km`    | km   | candidate, feature |
| maximum  | `maximum_km`  | km   |                    |

Distances are geodesic, from the candidate's point to the nearest point of the feature.
"""

from __future__ import annotations

from gigasite.inputs.quantities import Positive
from gigasite.siting.ground import Ground
from gigasite.siting.rule import AnyLayer, Rule, RuleSpec, Verdict, above


class Spec(RuleSpec):
    """Largest distance to water."""

    layer: AnyLayer
    """Layer of rivers and lakes."""

    maximum_km: Positive
    """Largest distance to the nearest of them [km]."""


def mask(ground: Ground, spec: Spec) -> Verdict:
    """Exclude candidates by their distance."""
    distance = ground.distance_km(spec.layer)
    excluded, reason = above(distance, spec.maximum_km, "distance to water", "km")
    return Verdict(excluded, reason, {"water_km": distance})


RULE = Rule("water", "Distance to water", 90, Spec, mask)
