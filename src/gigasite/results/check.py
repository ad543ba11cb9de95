"""What a check is: a largest violation, how much of one is allowed, where it is, and a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Values = np.ndarray[Any, Any]

RELATIVE = 1e-4
"""Share of the largest figure of its kind by which a table may miss: tables are float32, solvers stop at 1e-5 GW."""

FLOOR_MW = 0.02
"""Megawatts by which it may miss however small the figures are: twice what the solver lets pass."""

FLOOR_USD = 1.0
TINY = 1e-12
"""Keeps a limit of zero from being divided by."""


@dataclass(frozen=True)
class Check:
    """One thing that was recomputed without the model.

    Attributes:
        name: what was recomputed.
        value: largest violation.
        limit: largest violation allowed there.
        unit: unit of both.
        where: place of the largest violation.
        sentence: what was found.
    """

    name: str
    value: float
    limit: float
    unit: str
    where: str
    sentence: str

    @property
    def passed(self) -> bool:
        """Whether the violation is allowed; what is not a number never is."""
        return bool(self.value <= self.limit)


@dataclass(frozen=True)
class Labels:
    """Names of the places a violation may be at: one sequence per axis."""

    axes: Mapping[str, Sequence[object]]

    def at(self, index: tuple[int, ...]) -> str:
        """The place of one index: 'site piketon, year 2030, hour 17'."""
        return ", ".join(
            f"{name} {members[int(i)]}" for (name, members), i in zip(self.axes.items(), index, strict=True)
        )


def largest(
    name: str,
    violation: Values,
    allowed: Values | float,
    labels: Labels,
    *,
    unit: str,
    holds: str,
    broken: str,
) -> Check:
    """The worst of many violations, measured by how much of each is allowed.

    Args:
        name: name of the check.
        violation: how far each figure is off; what is zero or less is no violation.
        allowed: how far it may be off.
        labels: names of the axes of `violation`.
        unit: unit of both.
        holds: sentence where nothing is off.
        broken: beginning of the sentence where something is; value and place follow.
    """
    violation = np.asarray(violation, dtype=float)
    if violation.size == 0:
        return Check(name, 0.0, 0.0, unit, "", "Nothing of this kind in the plan.")
    limits = np.broadcast_to(np.asarray(allowed, dtype=float), violation.shape)
    share = np.where(np.isnan(violation), np.inf, violation / np.maximum(limits, TINY))
    index = np.unravel_index(int(np.argmax(share)), violation.shape)
    value, limit = float(max(0.0, np.nan_to_num(violation[index], nan=np.inf))), float(limits[index])
    where = labels.at(tuple(int(i) for i in index)) if value > 0 else ""
    sentence = holds if value <= limit else f"{broken} by {value:,.4g} {unit} at {where}."
    return Check(name, value, limit, unit, where, sentence)


def worst_of(name: str, checks: Sequence[Check], *, holds: str) -> Check:
    """Several parts of one check as one: the part that is furthest over, or the first."""
    if not checks:
        return Check(name, 0.0, 0.0, "MW", "", "Nothing of this kind in the plan.")
    broken = [check for check in checks if not check.passed]
    if not broken:
        return Check(name, checks[0].value, checks[0].limit, checks[0].unit, checks[0].where, holds)
    worst = max(broken, key=lambda check: check.value - check.limit)
    return Check(name, worst.value, worst.limit, worst.unit, worst.where, worst.sentence)
