"""Land on which nobody may build: a candidate of which too much lies in such areas.

    excluded[c] = area of (candidate c and the union of the layer) / area of candidate c > maximum share

| symbol        | name              | unit | dimensions |
|---------------|-------------------|------|------------|
| the ratio     | `protected_share` | -    | candidate  |
| maximum share | `maximum_share`   | -    |            |

Areas that overlap count once. A candidate that is a point lies within them, 1, or not, 0.
"""

from __future__ import annotations

from gigasite.inputs.quantities import Fraction
from gigasite.siting.ground import Ground
from gigasite.siting.rule import AreaLayer, Rule, RuleSpec, Verdict, above


class Spec(RuleSpec):
    """Largest share of a candidate in protected land."""

    layer: AreaLayer
    """Layer of protected areas."""

    maximum_share: Fraction = 0.0
    """Largest share of the candidate's area within the layer [-]; 0 where left out."""


def mask(ground: Ground, spec: Spec) -> Verdict:
    """Exclude candidates by their share in protected land."""
    share = ground.share_covered(spec.layer)
    excluded, reason = above(100.0 * share, 100.0 * spec.maximum_share, "protected", "%")
    return Verdict(excluded, reason, {"protected_share": share})


RULE = Rule("protected_land", "Protected land", 40, Spec, mask)
