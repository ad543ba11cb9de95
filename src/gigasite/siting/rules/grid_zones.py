"""Grid zones in which a campus may, or may not, stand.

    excluded[c] = zone[c] not in allowed,   or   zone[c] in excluded

The zone is that of the nearest of the state's points in `inputs/state_zones.csv`, or a column `grid_zone` of the
candidates. A candidate whose zone is not known is excluded.
"""

from __future__ import annotations

import numpy as np
from pydantic import model_validator

from gigasite.siting.ground import Ground
from gigasite.siting.rule import Rule, RuleSpec, Verdict, listed


class Spec(RuleSpec):
    """Grid zones allowed, or grid zones excluded."""

    allowed: tuple[str, ...] = ()
    """Only these zones of inputs/grid_zones.csv."""

    excluded: tuple[str, ...] = ()
    """All zones but these."""

    @model_validator(mode="after")
    def _one_list(self) -> Spec:
        if bool(self.allowed) == bool(self.excluded):
            raise ValueError("one list of zones is needed: `allowed` or `excluded`")
        return self


def mask(ground: Ground, spec: Spec) -> Verdict:
    """Exclude candidates by their grid zone."""
    zones = ground.candidates.table["grid_zone"].fillna("").astype(str).to_numpy()
    excluded = ~np.isin(zones, spec.allowed) if spec.allowed else np.isin(zones, [*spec.excluded, ""])
    return Verdict(excluded, listed("grid zone", zones, excluded))


RULE = Rule("grid_zones", "Grid zones", 15, Spec, mask)
