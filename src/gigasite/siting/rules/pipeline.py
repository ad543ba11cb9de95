"""Places too far from a gas pipeline.

    excluded[c] = min over f of distance[c, f] > maximum

| symbol   | name          | unit | dimensions         |
|----------|---------------|------|--------------------|
| distance | `pipeline_km` | km   | candidate, feature |
| maximum  | `maximum_km`  | km   |                    |

Distances are geodesic, from the candidate's point to the nearest point of the feature.
"""

from __future__ import annotations

from gigasite.inputs.quantities import Positive
from gigasite.siting.ground import Ground
from gigasite.siting.rule import AnyLayer, Rule, RuleSpec, Verdict, above


class Spec(RuleSpec):
    """Largest distance to a pipeline."""

    layer: AnyLayer
    """Layer of gas pipelines."""

    maximum_km: Positive
    """Largest distance to the nearest of them [km]."""


def mask(ground: Ground, spec: Spec) -> Verdict:
    """Exclude candidates by their distance."""
    distance = ground.distance_km(spec.layer)
    excluded, reason = above(distance, spec.maximum_km, "distance to a pipeline", "km")
    return Verdict(excluded, reason, {"pipeline_km": distance})


RULE = Rule("pipeline", "Distance to a pipeline", 80, Spec, mask)
