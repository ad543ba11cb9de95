"""Where names stand on a map, so that none covers another name or a disc. Pure numbers; a length is km on the map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

Box = tuple[float, float, float, float]
"""West, south, east and north [km]."""

Lead = tuple[tuple[float, float], tuple[float, float]]
"""From the rim of a disc to its text."""

LOOKS = 10
POSITIONS = {
    "middle right": (1.0, 0.0),
    "middle left": (-1.0, 0.0),
    "top center": (0.0, 1.0),
    "bottom center": (0.0, -1.0),
    "top right": (0.72, 0.72),
    "bottom right": (0.72, -0.72),
    "top left": (-0.72, 0.72),
    "bottom left": (-0.72, -0.72),
}
"""Where a text may stand beside its disc, the best first, by the name of Plotly, and where on the rim it starts."""
LETTER_WIDTH, LINE_HEIGHT = 0.56, 1.32
"""Mean width of a letter and height of a line, over the size of the letters."""
PAD_PX = 4.0
STEPS_PX = (0.0, 18.0, 34.0, 52.0, 72.0)
"""How much further off a text may stand, with a line to its disc."""


@dataclass(frozen=True)
class Label:
    """A text and where it goes: `x` and `y` is what Plotly hangs it to, by `position`."""

    lines: tuple[str, ...]
    x: float
    y: float
    position: str
    box: Box
    lead: Lead | None = None
    """From the rim of the disc to the text, where it stands further off."""

    @property
    def markup(self) -> str:
        """The text as Plotly takes it, its first line bold."""
        first, *others = (escape(line) for line in self.lines)
        return "<br>".join([f"<b>{first}</b>", *others])


def place(
    wordings: Sequence[Sequence[str]],
    at: tuple[float, float, float],
    *,
    size_px: float,
    km_per_px: float,
    taken: Sequence[Box],
    within: Box,
    steps_px: Sequence[float] = STEPS_PX,
) -> Label | None:
    """Return the label of a disc at the first place that is free, or None where there is none.

    A shorter wording beside the disc goes before a longer one further off.

    Args:
        wordings: lines of the text, without markup; the fullest wording first.
        at: x, y and radius of the disc.
        size_px: size of the letters.
        km_per_px: scale of the map.
        taken: boxes that others hold.
        within: what may be written on.
        steps_px: how much further off a text may stand.
    """
    x, y, radius = at
    for step_px in steps_px:
        for lines in wordings:
            width = max(len(line) for line in lines) * LETTER_WIDTH * size_px * km_per_px
            height = len(lines) * LINE_HEIGHT * size_px * km_per_px
            for position, (right, up) in POSITIONS.items():
                reach = radius + (PAD_PX + step_px) * km_per_px
                anchor_x, anchor_y = x + right * reach, y + up * reach
                box = _box(position, anchor_x, anchor_y, width, height)
                lead = ((x + right * radius, y + up * radius), (anchor_x, anchor_y))
                if not holds(within, box) or any(overlap(box, other) for other in taken):
                    continue
                if step_px and _crosses(lead, [other for other in taken if other != around(*at)]):
                    continue
                return Label(tuple(lines), anchor_x, anchor_y, position, box, lead if step_px else None)
    return None


def _box(position: str, x: float, y: float, width: float, height: float) -> Box:
    vertical, horizontal = position.split()
    west = {"left": x - width, "center": x - width / 2.0, "right": x}[horizontal]
    south = {"bottom": y - height, "middle": y - height / 2.0, "top": y}[vertical]
    return west, south, west + width, south + height


def _crosses(lead: Lead, boxes: Sequence[Box]) -> bool:
    """Return whether a line to a text runs over something, looked at in ten points of it."""
    (x, y), (end_x, end_y) = lead
    for part in range(1, LOOKS + 1):
        at_x, at_y = x + (end_x - x) * part / LOOKS, y + (end_y - y) * part / LOOKS
        if any(box[0] < at_x < box[2] and box[1] < at_y < box[3] for box in boxes):
            return True
    return False


def around(x: float, y: float, radius: float) -> Box:
    """Return the box of a disc."""
    return x - radius, y - radius, x + radius, y + radius


def overlap(one: Box, other: Box) -> bool:
    """Return whether two boxes share more than an edge.

    >>> overlap((0, 0, 2, 2), (1, 1, 3, 3)), overlap((0, 0, 2, 2), (2, 0, 3, 2))
    (True, False)
    """
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def holds(outer: Box, inner: Box) -> bool:
    """Return whether a box lies inside another."""
    return outer[0] <= inner[0] and outer[1] <= inner[1] and inner[2] <= outer[2] and inner[3] <= outer[3]
