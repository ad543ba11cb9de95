"""Discs on a map: how large, where, and what is cut from them. Pure numbers; a length is km on the map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan2, cos, hypot, pi, sin

import numpy as np

from gigasite.system.quantity import Array

SMALLEST_SHARE = 0.22
"""Radius of the smallest disc over that of the largest: it still has to be seen, and is then larger than its power."""
GAP_SHARE = 0.06
TURNS = 400
MOST_PUSHES = 30_000
"""Turns times discs: beyond it a crowd is left as it stands, rather than let a planner wait."""
FULL_STEP, PULL = 0.5, 0.01
SAME_PLACE_KM = 1e-6
GOLDEN_ANGLE = pi * (3.0 - 5.0**0.5)
POINTS_PER_TURN = 96
"""Points of a circle as large as a coin; smaller ones need fewer."""


@dataclass
class Disc:
    """One site on the map.

    Attributes:
        site: its id.
        home_x, home_y: where the site lies.
        radius: of the whole disc, whose area is the load wanted.
        x, y: where the disc is drawn, moved off its neighbours.
    """

    site: str
    home_x: float
    home_y: float
    radius: float
    x: float = 0.0
    y: float = 0.0

    @property
    def is_moved(self) -> bool:
        """Whether the disc no longer covers its home, so that a line has to lead there."""
        return hypot(self.x - self.home_x, self.y - self.home_y) > self.radius


def radii(powers_mw: Sequence[float], largest: float) -> list[float]:
    """Radius of each disc, with areas in proportion to power.

        r = largest * max(sqrt(P / max P), 0.22)

    >>> radii([400.0, 100.0, 0.0], 100.0)
    [100.0, 50.0, 22.0]
    """
    most = max(powers_mw, default=0.0)
    return [largest * max((mw / most) ** 0.5 if most > 0 else 0.0, SMALLEST_SHARE) for mw in powers_mw]


def spread(discs: Sequence[Disc]) -> None:
    """Move discs off each other, as little as it takes; the same discs always move the same way.

    Two that overlap push each other apart, the smaller one further; all are drawn home a little in every turn.
    """
    for disc in discs:
        disc.x, disc.y = disc.home_x, disc.home_y
    gap = GAP_SHARE * max((disc.radius for disc in discs), default=0.0)
    turns = min(TURNS, MOST_PUSHES // max(len(discs), 1))
    for turn in range(turns):
        moved = False
        for i, one in enumerate(discs):
            for j in range(i + 1, len(discs)):
                moved = _pushed(one, discs[j], gap, i * len(discs) + j) or moved
        if not moved:
            return
        if turn < turns // 2:
            for disc in discs:
                disc.x += PULL * (disc.home_x - disc.x)
                disc.y += PULL * (disc.home_y - disc.y)


def wedge(x: float, y: float, radius: float, start: float, end: float, points: int = POINTS_PER_TURN) -> Array:
    """Return the outline of a slice of a disc, shape (points, 2), from one share of the turn to another.

    Shares count clockwise from the top. A whole turn is a circle without a cut.
    """
    whole = end - start >= 1.0
    count = max(2, round(points * (end - start)) + 1)
    angles = 2.0 * pi * np.linspace(start, end, count)
    arc = np.column_stack([x + radius * np.sin(angles), y + radius * np.cos(angles)])
    if whole:
        return arc
    centre = np.array([[x, y]])
    return np.concatenate([centre, arc, centre])


def ring(x: float, y: float, inner: float, outer: float, points: int = POINTS_PER_TURN) -> Array:
    """Return the outline of a ring, shape (points, 2): out along one circle, back along the other."""
    if inner <= 0.0:
        return wedge(x, y, outer, 0.0, 1.0, points)
    out, back = wedge(x, y, outer, 0.0, 1.0, points), wedge(x, y, inner, 0.0, 1.0, points)[::-1]
    return np.concatenate([out, back, out[:1]])


def _pushed(one: Disc, other: Disc, gap: float, number: int) -> bool:
    """Push two discs apart by half of what they overlap; returns whether they did."""
    away_x, away_y = other.x - one.x, other.y - one.y
    distance = hypot(away_x, away_y)
    overlap = one.radius + other.radius + gap - distance
    if overlap <= gap / 10:
        return False
    angle = atan2(away_y, away_x) if distance > SAME_PLACE_KM else number * GOLDEN_ANGLE
    share = other.radius / (one.radius + other.radius)
    step = FULL_STEP * overlap
    one.x -= 2.0 * step * share * cos(angle)
    one.y -= 2.0 * step * share * sin(angle)
    other.x += 2.0 * step * (1.0 - share) * cos(angle)
    other.y += 2.0 * step * (1.0 - share) * sin(angle)
    return True
