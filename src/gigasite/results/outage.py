"""Whether what stands on site carries a load through an outage that begins at any step: numpy alone, without a model.

Plants leave a deficit d[t]. Stores k can give P_k[t] at most, and E_k[h] in all from the end of step h on. They can
share the deficits of the L steps from h + 1 on if, and only if, for every group S of stores

    sum over these t of w * max(0, d[t] - sum over k not in S of P_k[t])  <=  sum over k in S of E_k[h]

and no d[t] is above all P_k[t] together: the cuts of a network with one source of energy a store and one sink an hour.

Source: the theorem of the largest flow and the smallest cut, Ford and Fulkerson, Flows in Networks, 1962, chapter 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from gigasite.results.check import Values


@dataclass(frozen=True)
class Store:
    """Power, MW in every step, and energy that can still be given after every step, MWh; shapes (..., step)."""

    power_mw: Values
    energy_mwh: Values


def following(values: Values, steps: int) -> Values:
    """Sum over the steps that follow each step, the year being a ring; shape kept.

    >>> following(np.array([1.0, 2.0, 4.0, 8.0]), 2)
    array([ 6., 12.,  9.,  3.])
    """
    count = values.shape[-1]
    rounds, rest = divmod(steps, count)
    total = np.cumsum(np.concatenate([np.zeros_like(values[..., :1]), values, values], axis=-1), axis=-1)
    first = np.arange(count) + 1
    found: Values = total[..., first + rest] - total[..., first] + rounds * total[..., count : count + 1]
    return found


def missing_energy_mwh(deficit_mw: Values, stores: Sequence[Store], steps: int, width_h: float) -> Values:
    """Energy that the stores lack for an outage after every step, below zero where some is left; shape (..., step).

    Args:
        deficit_mw: load less what plants give, shape (..., step).
        stores: what has to carry it.
        steps: length of the outage.
        width_h: hours of a step.
    """
    found = np.full(deficit_mw.shape, -np.inf)
    for size in range(1, len(stores) + 1):
        for group in combinations(range(len(stores)), size):
            others = sum((s.power_mw for n, s in enumerate(stores) if n not in group), start=np.zeros_like(deficit_mw))
            asked = following(width_h * np.maximum(0.0, deficit_mw - others), steps)
            found = np.maximum(found, asked - sum(stores[n].energy_mwh for n in group))
    return found


def missing_power_mw(deficit_mw: Values, stores: Sequence[Store]) -> Values:
    """Deficit above all stores together, below zero where some is left; shape (..., step)."""
    return deficit_mw - sum((store.power_mw for store in stores), start=np.zeros_like(deficit_mw))
