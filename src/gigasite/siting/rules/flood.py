"""Land under water in a flood: a candidate of which too much lies in such areas.

    excluded[c] = area of (candidate c and the union of the layer) / area of candidate c > maximum share

| symbol        | name              | unit | dimensions |
|---------------|-------------------|------|------------|
| the ratio     | `flood_share` | -    | candidate  |
| maximum share | `maximum_share`   | -    |            |

Areas that overlap count once. A candidate that is a point lies within them, 1, or not, 0.
"""

from __future__ import annotations

from gigasite.inputs.quantities import Fraction
from gigasite.siting.ground import Ground
from gigasite.siting.rule import AreaLayer, Rule, RuleSpec, Verdict, above


class Spec(RuleSpec):
    """Largest share of a candidate in flood zone."""

    layer: AreaLayer
    """Layer of areas that a flood reaches (the 1 % flood of a year, for example)."""

    maximum_share: Fraction = 0.0
    """Largest share of the candidate's area within the layer [-]; 0 where left out."""


def mask(ground: Ground, spec: Spec) -> Verdict:
    """Exclude candidates by their share in flood zone."""
    share = ground.share_covered(spec.layer)
    excluded, reason = above(100.0 * share, 100.0 * spec.maximum_share, "in a flood zone", "%")
    return Verdict(excluded, reason, {"flood_share": share})


RULE = Rule("flood", "Flood", 30, Spec, mask)
