"""The ground of a map: which region and how much of it, outlines as filled paths, axes without ticks, an inset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from gigasite.report.map_labels import Box, Label, around, holds, overlap
from gigasite.report.outlines import (
    JAPAN,
    TITLES,
    UNITED_STATES,
    Frame,
    extent,
    extent_of_states,
    joined,
    outlines,
    project,
    region_of,
)
from gigasite.report.theme import BORDER, EDGE, INK, LAND, QUIET_INK, QUIETER_INK, new_figure

if TYPE_CHECKING:
    from gigasite.system.quantity import Array

WIDTH_PX = 960
MARGINS = {"l": 16, "r": 16, "t": 76, "b": 16}
LOWEST_ASPECT, HIGHEST_ASPECT = 0.55, 0.7
"""Height over width of what is seen."""
SMALLEST_WIDTH_KM = 900.0
PAD = 0.05
WHOLE_FROM_SHARE = 0.62
"""From this share of its width on, a region is shown whole."""
INSET_SHARE = 0.22
PIXELS_OF_SIMPLIFYING = 0.5
NAME_SIZE_PX = 10


@dataclass
class Canvas:
    """A map that is being drawn.

    Attributes:
        figure: Plotly's figure.
        region: what fills it.
        frame: what is seen [km].
        km_per_px: its scale.
        inset: how Japan is shrunk and moved into the frame: (scale, shift x, shift y, box); or None.
        taken: boxes that texts must not cover.
    """

    figure: Any
    region: str
    frame: Frame
    km_per_px: float
    inset: tuple[float, float, float, Box] | None = None
    taken: list[Box] = field(default_factory=list)

    def points(self, longitudes: Sequence[float], latitudes: Sequence[float]) -> tuple[Array, Array]:
        """Return x and y [km] of points in degrees on the map, those of the other region inside its inset."""
        regions = np.array([region_of(*point) for point in zip(longitudes, latitudes, strict=True)], dtype=object)
        x, y = np.zeros(len(regions)), np.zeros(len(regions))
        for region in dict.fromkeys(regions):
            own = regions == region
            found = project(region, np.asarray(longitudes)[own], np.asarray(latitudes)[own])
            x[own], y[own] = found if region == self.region else self._in_inset(*found)
        return x, y

    def add_names_of_states(self, names: Sequence[tuple[str, float, float]]) -> None:
        """Write the names of states quietly where nothing else stands."""
        half = NAME_SIZE_PX * self.km_per_px
        kept = []
        for text, x, y in names:
            box = around(x, y, 0.8 * half)
            if holds(self.frame, around(x, y, half)) and not any(overlap(box, other) for other in self.taken):
                self.taken.append(box)
                kept.append((text, x, y))
        self.figure.add_scatter(
            x=[x for _, x, _ in kept],
            y=[y for _, _, y in kept],
            text=[text for text, _, _ in kept],
            mode="text",
            textfont={"size": NAME_SIZE_PX, "color": QUIETER_INK},
            hoverinfo="skip",
            showlegend=False,
        )

    def add_labels(self, labels: Sequence[Label], *, size_px: float) -> None:
        """Write labels, with a line to those that stand off their disc."""
        leads = [label.lead for label in labels if label.lead is not None]
        if leads:
            x, y = joined(leads)
            line = {"color": QUIET_INK, "width": 0.8}
            self.figure.add_scatter(x=x, y=y, mode="lines", line=line, hoverinfo="skip", showlegend=False)
        self.figure.add_scatter(
            x=[label.x for label in labels],
            y=[label.y for label in labels],
            text=[label.markup for label in labels],
            mode="text",
            textposition=[label.position for label in labels],
            textfont={"size": size_px, "color": INK},
            hoverinfo="skip",
            showlegend=False,
        )

    def add_key(self, name: str, colour: str, *, group: str = "") -> None:
        """Name a colour in the legend."""
        self.figure.add_scatter(
            x=[None],
            y=[None],
            name=name,
            legendgroup=group or name,
            mode="markers",
            marker={"symbol": "square", "size": 12, "color": colour, "line": {"color": EDGE, "width": 1}},
        )

    def _in_inset(self, x: Any, y: Any) -> tuple[Any, Any]:
        if self.inset is None:
            raise ValueError("a point outside the region of a map without an inset")
        scale, shift_x, shift_y, _ = self.inset
        return x * scale + shift_x, y * scale + shift_y


def new_canvas(
    title: str, subtitle: str, *, states: Sequence[str], points: Sequence[tuple[float, float]], legend_rows: int = 1
) -> tuple[Canvas, tuple[tuple[str, float, float], ...]]:
    """Return a map with its outlines, and the names of its states.

    Args:
        title: what is seen.
        subtitle: how to read it.
        states: two-letter state of every point; empty where they are not known.
        points: longitude and latitude of every point.
        legend_rows: rows of legend below the map.
    """
    regions = [region_of(*point) for point in points]
    region = UNITED_STATES if UNITED_STATES in regions else JAPAN
    frame = _frame(region, regions, states, points)
    width_px = WIDTH_PX - MARGINS["l"] - MARGINS["r"]
    km_per_px = (frame[2] - frame[0]) / width_px
    figure = new_figure(title, subtitle, y="")
    _lay_out(figure, frame, km_per_px, legend_rows)
    canvas = Canvas(figure, region, frame, km_per_px)
    drawn = outlines(region, frame, PIXELS_OF_SIMPLIFYING * km_per_px)
    _add_ground(figure, (drawn.land_x, drawn.land_y), (drawn.border_x, drawn.border_y))
    if region == UNITED_STATES and JAPAN in regions:
        _add_inset(canvas)
    return canvas, drawn.names


def _lay_out(figure: Any, frame: Frame, km_per_px: float, legend_rows: int) -> None:
    """Make the figure as high as its frame asks, with the legend below, and axes that keep both directions alike."""
    height_px = (frame[3] - frame[1]) / km_per_px
    margin = {**MARGINS, "b": MARGINS["b"] + 26 * legend_rows + 14}
    total_px = round(height_px + margin["t"] + margin["b"])
    figure.update_layout(
        width=WIDTH_PX,
        height=total_px,
        margin=margin,
        hovermode="closest",
        dragmode="pan",
        title={"y": 1.0 - 20.0 / total_px},
        legend={
            "orientation": "h",
            "x": 0,
            "xanchor": "left",
            "y": -8.0 / height_px,
            "yanchor": "top",
            "traceorder": "normal",
            "itemsizing": "constant",
        },
    )
    figure.update_xaxes(visible=False, range=[frame[0], frame[2]], constrain="domain", automargin=False)
    figure.update_yaxes(
        visible=False, range=[frame[1], frame[3]], scaleanchor="x", scaleratio=1, constrain="domain", automargin=False
    )


def _frame(region: str, regions: Sequence[str], states: Sequence[str], points: Any) -> Frame:
    """Return what is seen: the states of the points, or the whole region where they are far apart."""
    own = [number for number, each in enumerate(regions) if each == region]
    whole = extent(region)
    x, y = project(region, [points[n][0] for n in own], [points[n][1] for n in own])
    around_points = (float(x.min()), float(y.min()), float(x.max()), float(y.max()))
    if region == JAPAN:
        seen = whole
    elif states:
        seen = extent_of_states([states[n] for n in own]) or whole
    else:
        seen = around_points
    seen = _union(seen, around_points)
    if seen[2] - seen[0] > WHOLE_FROM_SHARE * (whole[2] - whole[0]):
        seen = _union(seen, whole)
    return _shaped(seen)


def _shaped(seen: Frame) -> Frame:
    """Return a frame with room around it, and neither too flat nor too high for a page."""
    west, south, east, north = seen
    width, height = max(east - west, SMALLEST_WIDTH_KM), north - south
    width, height = width * (1.0 + 2.0 * PAD), height * (1.0 + 2.0 * PAD)
    width = max(width, height / HIGHEST_ASPECT)
    height = max(height, width * LOWEST_ASPECT)
    x, y = (west + east) / 2.0, (south + north) / 2.0
    return x - width / 2.0, y - height / 2.0, x + width / 2.0, y + height / 2.0


def _union(one: Frame, other: Frame) -> Frame:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def _add_ground(figure: Any, land: tuple[Any, Any], borders: tuple[Any, Any]) -> None:
    figure.add_scatter(
        x=land[0],
        y=land[1],
        mode="none",
        fill="toself",
        fillcolor=LAND,
        hoverinfo="skip",
        showlegend=False,
    )
    figure.add_scatter(
        x=borders[0],
        y=borders[1],
        mode="lines",
        line={"color": BORDER, "width": 0.8},
        hoverinfo="skip",
        showlegend=False,
    )


def _add_inset(canvas: Canvas) -> None:
    """Draw Japan, smaller, in the lower left corner, where the lower 48 states leave room."""
    west, south, east, north = extent(JAPAN)
    room = INSET_SHARE * (canvas.frame[2] - canvas.frame[0])
    scale = room / (north - south)
    pad = 0.06 * room
    left, bottom = canvas.frame[0] + 2.0 * pad, canvas.frame[1] + 2.0 * pad
    shift_x, shift_y = left - scale * west, bottom - scale * south
    box = (left - pad, bottom - pad, left + scale * (east - west) + pad, bottom + scale * (north - south) + pad)
    canvas.inset = (scale, shift_x, shift_y, box)
    drawn = outlines(JAPAN, (west, south, east, north), PIXELS_OF_SIMPLIFYING * canvas.km_per_px / scale)
    land = drawn.land_x * scale + shift_x, drawn.land_y * scale + shift_y
    _add_ground(canvas.figure, land, (drawn.border_x * scale + shift_x, drawn.border_y * scale + shift_y))
    canvas.figure.add_scatter(
        x=[box[0], box[2], box[2], box[0], box[0]],
        y=[box[1], box[1], box[3], box[3], box[1]],
        mode="lines",
        line={"color": BORDER, "width": 1},
        hoverinfo="skip",
        showlegend=False,
    )
    canvas.figure.add_scatter(
        x=[box[0] + pad / 2.0],
        y=[box[3] - pad / 2.0],
        text=[f"{TITLES[JAPAN]}, not to scale"],
        mode="text",
        textposition="bottom right",
        textfont={"size": NAME_SIZE_PX, "color": QUIET_INK},
        hoverinfo="skip",
        showlegend=False,
    )
