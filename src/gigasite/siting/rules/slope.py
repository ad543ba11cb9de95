"""Ground too steep to be levelled at a cost a campus bears.

    excluded[c] = mean slope[c] > maximum

| symbol     | name               | unit | dimensions |
|------------|--------------------|------|------------|
| mean slope | `mean_slope_percent` | %    | candidate  |
| maximum    | `maximum_percent`  | %    |            |

The mean slope is a column of the candidates, or of a layer of areas: the value at a point, or the mean over the part of
a candidate's area that the layer covers. A candidate whose slope is not known is excluded.
"""

from __future__ import annotations

from typing import Annotated

from gigasite.inputs.quantities import NonNegative
from gigasite.siting.ground import Ground
from gigasite.siting.rule import NamesColumn, NamesLayer, Rule, RuleSpec, Verdict, above


class Spec(RuleSpec):
    """Largest mean slope."""

    maximum_percent: NonNegative
    """Largest mean slope [%]: rise over run, 100 % is 45 degrees."""

    column: Annotated[str, NamesColumn("layer")] = "mean_slope_percent"
    """Column with the mean slope [%], of `layer` or of the candidates."""

    layer: Annotated[str | None, NamesLayer(("areas",))] = None
    """Layer of areas with a mean slope each; left out: a column of the candidates."""


def mask(ground: Ground, spec: Spec) -> Verdict:
    """Exclude candidates by their mean slope."""
    slope = ground.numbers(spec.column) if spec.layer is None else ground.mean_of(spec.layer, spec.column)
    excluded, reason = above(slope, spec.maximum_percent, "mean slope", "%")
    return Verdict(excluded, reason, {"mean_slope_percent": slope})


RULE = Rule("slope", "Slope", 20, Spec, mask)
