"""A cut from a multiplier path: a lower bound of a block's cost for every plan, whatever the path was made for.

For a block theta(x) = min { c'y + p's : row lower <= A y + P x + S s <= row upper, l + L x <= y <= u + U x, s >= 0 }
and any multipliers pi of the right sign, with r = c - A'pi,

    theta(x) >= sum_i pi_i+ row lower_i + pi_i- row upper_i - pi'P x
                + sum_j min(0, r_j) (u_j + U_j x) + max(0, r_j) (l_j + L_j x)

| symbol | name                   | unit               | dimensions    |
|--------|------------------------|--------------------|---------------|
| pi     | `multipliers`          | million USD per GW | block rows    |
| r      | reduced costs          | million USD per GW | block columns |
| theta  | operating cost         | million USD        |               |

It is weak duality and nothing more: it holds for every c, A, P, row side and bound, so a path found in another
scenario, year, month or resolution gives a valid cut here. Right sign: pi >= 0 where a row has no upper side, <= 0
where it has no lower side, and within the price of its slack; what a solver returns is clipped. Of several bounds of
a column any one may be used; the one tightest at the plan in hand is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gigasite.solve.compiled import Array
from gigasite.solve.decomposed.block import AffineBounds, Block

ROUNDING = 1e-14
"""A cut is lowered by this share of the sum of its parts, so that no rounding error lifts it above the truth."""

LARGEST_WORTH = 1e3
"""Multipliers from elsewhere are capped at so many times the dearest cost of a block."""

SMALLEST_COST = 1e-6


@dataclass(frozen=True)
class Cut:
    """theta >= constant + slope x, over the planning columns of a block."""

    constant: float
    slope: Array

    def at(self, x: Array) -> float:
        """Its value at a plan."""
        return self.constant + summed(self.slope, x)


def summed(one: Array, two: Array) -> float:
    """The scalar product without BLAS, whose threads would take the cores from the workers."""
    return float(np.einsum("i,i", one, two))


def clipped(block: Block, multipliers: Array) -> Array:
    """Multipliers with the signs their rows and slacks allow."""
    lowest = np.where(np.isinf(block.row_upper), 0.0, -np.inf)
    highest = np.where(np.isinf(block.row_lower), 0.0, np.inf)
    up, down = block.slack_signs > 0, block.slack_signs < 0
    highest[block.slack_rows[up]] = np.minimum(highest[block.slack_rows[up]], block.slack_cost[up])
    lowest[block.slack_rows[down]] = np.maximum(lowest[block.slack_rows[down]], -block.slack_cost[down])
    return np.clip(multipliers, lowest, highest)


def plausible(block: Block, multipliers: Array) -> Array:
    """Multipliers from elsewhere, brought to a size that a block's costs can explain."""
    most = LARGEST_WORTH * max(
        float(np.abs(block.cost).max(initial=0.0)), float(block.slack_cost.max(initial=0.0)), SMALLEST_COST
    )
    known = np.nan_to_num(np.asarray(multipliers, dtype=float), posinf=most, neginf=-most)
    capped: Array = np.clip(known, -most, most)
    return capped


def cut_of(block: Block, multipliers: Array, x: Array) -> Cut:
    """The cut of a multiplier path, tight where the path is optimal at the plan `x`."""
    pi = clipped(block, np.asarray(multipliers, dtype=float))
    reduced = block.cost - pi @ block.matrix
    sides = np.where(pi > 0, block.row_lower, np.where(pi < 0, block.row_upper, 0.0))
    constant = summed(pi, sides)
    size = summed(np.abs(pi), np.abs(sides))
    slope = -(pi @ block.row_planning)
    for bounds, fixed, part, sign in (
        (block.upper_bounds, block.upper, np.minimum(reduced, 0.0), 1.0),
        (block.lower_bounds, block.lower, np.maximum(reduced, 0.0), -1.0),
    ):
        free, chosen = held_bounds(bounds, fixed, x, sign)
        weight = part[bounds.column[chosen]]
        constant += summed(part[free], fixed[free]) + summed(weight, bounds.constant[chosen])
        size += summed(np.abs(part[free]), np.abs(fixed[free])) + summed(
            np.abs(weight), np.abs(bounds.constant[chosen])
        )
        spread = np.zeros(len(bounds.column))
        spread[chosen] = weight
        slope = slope + spread @ bounds.matrix
    return Cut(constant - ROUNDING * size, np.asarray(slope))


def held_bounds(bounds: AffineBounds, fixed: Array, x: Array, sign: float) -> tuple[Array, Array]:
    """Which columns are held by their fixed bound at a plan, and which affine bound holds each of the others."""
    free = np.ones(len(fixed), dtype=bool)
    if not len(bounds.column):
        return free, np.empty(0, dtype=np.int64)
    value = sign * bounds.at(x)
    firsts = bounds.firsts
    if len(firsts) == len(bounds.column):
        best = np.arange(len(bounds.column))
    else:
        order = np.lexsort((value, bounds.column))
        best = order[firsts]
    column = bounds.column[best]
    moves = value[best] <= sign * fixed[column]
    free[column[moves]] = False
    return free, best[moves]
