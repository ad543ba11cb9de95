"""The dark side of the theme: paper, ink and land change places with their dark counterparts.

Technologies keep their colours, but for the four darkest, which would vanish on dark paper: these keep their hue and
become lighter. All stay apart for colour-blind readers in both themes (tests/report/test_colours.py).
"""

from __future__ import annotations

import re
from typing import Any

from gigasite.report.theme import (
    BORDER,
    CANDIDATE,
    EDGE,
    ENERGISED,
    EXCLUDED,
    GRID,
    INK,
    LAND,
    LESS,
    LOAD,
    MORE,
    PAPER,
    QUIET_INK,
    QUIETER_INK,
)

DARK_PAPER = "#151a20"
DARK_TECHNOLOGIES = {
    "#262730": "#b1bab9",  # grid
    "#6b210f": "#bc3e2f",  # gas engine
    "#460b62": "#9640b7",  # bridge power
    "#34149a": "#574ff4",  # battery
}
"""What the colours of the darkest technologies become: found by search for the largest least distance between any two
technologies for four kinds of readers, at a contrast of 3 to the paper."""

DARK_EXCLUDED = ("#57492c", "#2b4a56", "#573346", "#31502d", "#433a69", "#5b3d2a", "#4b5158")

DARK = {
    PAPER: DARK_PAPER,
    EDGE: DARK_PAPER,
    INK: "#e7ebef",
    QUIET_INK: "#a7b2bd",
    QUIETER_INK: "#75808b",
    GRID: "#303943",
    LOAD: "#fcfcfc",
    ENERGISED: "#3f9dbd",
    LAND: "#2c353f",
    BORDER: "#4d5965",
    MORE: "#e08a6a",
    LESS: "#6fb3d2",
    CANDIDATE: "#59b4d9",
    **DARK_TECHNOLOGIES,
    **dict(zip(EXCLUDED, DARK_EXCLUDED, strict=True)),
}
"""What each colour of the light theme becomes."""

_COLOUR = re.compile("|".join(DARK), re.IGNORECASE)


def in_dark(figure: Any) -> Any:
    """Return a copy of a figure of this theme for dark pages; the figure itself is left as it is."""
    import plotly.graph_objects as go

    return go.Figure(_swapped(figure.to_plotly_json()))


def _swapped(value: Any) -> Any:
    """Exchange the colours of the theme in everything a figure holds, also inside texts."""
    if isinstance(value, dict):
        return {key: _swapped(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_swapped(item) for item in value]
    if isinstance(value, str) and "#" in value:
        return _COLOUR.sub(lambda found: DARK[found.group().lower()], value)
    return value
