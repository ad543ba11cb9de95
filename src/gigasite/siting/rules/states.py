"""States in which a campus may, or may not, stand.

    excluded[c] = state[c] not in allowed,   or   state[c] in excluded

A candidate whose state is not known is excluded. Raises nothing of its own.
"""

from __future__ import annotations

import numpy as np
from pydantic import model_validator

from gigasite.siting.ground import Ground
from gigasite.siting.rule import Rule, RuleSpec, Verdict, listed


class Spec(RuleSpec):
    """States allowed, or states excluded."""

    allowed: tuple[str, ...] = ()
    """Only these states, by their two letters."""

    excluded: tuple[str, ...] = ()
    """All states but these, by their two letters."""

    @model_validator(mode="after")
    def _one_list(self) -> Spec:
        if bool(self.allowed) == bool(self.excluded):
            raise ValueError("one list of states is needed: `allowed` or `excluded`")
        return self


def mask(ground: Ground, spec: Spec) -> Verdict:
    """Exclude candidates by their state."""
    states = ground.candidates.table["state"].fillna("").astype(str).to_numpy()
    excluded = ~np.isin(states, spec.allowed) if spec.allowed else np.isin(states, [*spec.excluded, ""])
    return Verdict(excluded, listed("state", states, excluded))


RULE = Rule("states", "States", 10, Spec, mask)
