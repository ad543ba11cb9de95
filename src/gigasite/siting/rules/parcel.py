"""Too little land.

    land[c]     = area[c] * (1 - share of c covered by the layers left out)
    excluded[c] = land[c] < minimum

| symbol  | name                            | unit | dimensions |
|---------|---------------------------------|------|------------|
| land    | `land_ha`                       | ha   | candidate  |
| area    | `column`, or the candidate's own | ha   | candidate  |
| minimum | `minimum_ha`, `minimum_acres`   | ha   |            |

One acre is 0.40468564224 ha (international acre, NIST SP 811). A point without `column` has no land that is known, and
is excluded.
"""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import model_validator

from gigasite.foundation.units import SQUARE_METRES_PER_ACRE, SQUARE_METRES_PER_HECTARE
from gigasite.inputs.quantities import Positive
from gigasite.siting.ground import Ground
from gigasite.siting.rule import NamesColumn, NamesLayer, Rule, RuleSpec, Verdict, below


class Spec(RuleSpec):
    """Least land of a candidate."""

    minimum_ha: Positive | None = None
    """Least land [ha]; or say `minimum_acres`."""

    minimum_acres: Positive | None = None
    """Least land [acres]; or say `minimum_ha`."""

    column: Annotated[str | None, NamesColumn()] = None
    """Column of the candidates with their land [ha]; left out: the area of the candidate."""

    without: Annotated[tuple[str, ...], NamesLayer(("areas",))] = ()
    """Layers of areas that do not count as land: flood zones, protected land."""

    @model_validator(mode="after")
    def _one_unit(self) -> Spec:
        if (self.minimum_ha is None) == (self.minimum_acres is None):
            raise ValueError("one least size is needed: `minimum_ha` or `minimum_acres`")
        return self


def mask(ground: Ground, spec: Spec) -> Verdict:
    """Exclude candidates by the land that is left of them."""
    acres = (spec.minimum_acres or 0.0) * SQUARE_METRES_PER_ACRE / SQUARE_METRES_PER_HECTARE
    least = acres if spec.minimum_ha is None else spec.minimum_ha
    land = ground.area_ha() if spec.column is None else ground.numbers(spec.column)
    if spec.without:
        land = land * (1.0 - ground.share_covered(*spec.without))
    excluded, reason = below(land, least, "land", "ha")
    return Verdict(excluded, reason, {"land_ha": np.asarray(land, dtype=float)})


RULE = Rule("parcel", "Least parcel", 60, Spec, mask)
