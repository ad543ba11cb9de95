"""One look for every chart: fonts, ink, grid, legend, and how megawatts and dollars are scaled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

FONT = "Inter, 'Segoe UI', 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif"
INK = "#1f2933"
QUIET_INK = "#5f6c7b"
QUIETER_INK = "#9aa3ad"
GRID = "#e4e8ec"
PAPER = "#ffffff"
EDGE = "#fefefe"
"""Between marks that touch; paper to the eye, but a rim of light where the paper is dark."""

LOAD = "#111111"
ENERGISED = "#1f6f8b"
WAITING = "#f4a259"
UNSERVED = "#c1121f"
"""Colours of load; technologies bring their own."""
MORE = "#b3532f"
LESS = "#2c7fb8"
"""Of a difference: dearer or more, cheaper or less."""
LAND = "#edf0f3"
BORDER = "#c8d0d8"
CANDIDATE = "#0b5a7a"
CANDIDATE_SCALE = "Cividis"
EXCLUDED = ("#d9c9a8", "#b9d3dd", "#d8b8c8", "#bcd2b4", "#c9c1dd", "#e3c3ae", "#c3c8cd")
"""Of maps. Excluded land is pale, so that candidates stand out; each pale colour has its number in the legend."""

_UNUSED_BUTTONS = ["select2d", "lasso2d", "zoomIn2d", "zoomOut2d", "autoScale2d"]
WIDTH, HEIGHT = 860, 460
BAR_GAP = 0.35
ONE_GW_IN_MW = 1000.0
GW_FROM_MW = 2000.0
"""From this many megawatts on a chart speaks of gigawatts."""


def new_figure(title: str, subtitle: str, *, y: str, x: str = "") -> Any:
    """Return an empty figure in the theme; titles stand at the left, units on the axes."""
    import plotly.graph_objects as go

    figure = go.Figure()
    figure.update_layout(
        template="none",
        title={
            "text": f'<b>{title}</b><br><span style="font-size:13px;color:{QUIET_INK}">{subtitle}</span>',
            "x": 0,
            "xref": "container",
            "xanchor": "left",
            "pad": {"l": 16},
            "y": 0.93,
            "yanchor": "top",
            "font": {"size": 17, "color": INK},
        },
        font={"family": FONT, "size": 13, "color": INK},
        paper_bgcolor=PAPER,
        plot_bgcolor=PAPER,
        width=WIDTH,
        height=HEIGHT,
        margin={"l": 70, "r": 24, "t": 84, "b": 56},
        bargap=BAR_GAP,
        hoverlabel={"font": {"family": FONT, "size": 12}, "bgcolor": PAPER},
        modebar={"remove": _UNUSED_BUTTONS, "bgcolor": "rgba(0,0,0,0)", "color": GRID, "activecolor": QUIET_INK},
        legend={"x": 1.02, "xanchor": "left", "y": 1, "yanchor": "top", "traceorder": "reversed"},
    )
    small = {"size": 13, "color": QUIET_INK}
    figure.update_yaxes(title={"text": y, "standoff": 12, "font": small}, gridcolor=GRID, automargin=True)
    figure.update_yaxes(zeroline=True, zerolinecolor=INK, ticks="outside", tickcolor=PAPER, ticklen=6)
    figure.update_xaxes(title={"text": x, "standoff": 12, "font": small}, showgrid=False, automargin=True)
    figure.update_xaxes(linecolor=QUIET_INK, ticks="outside", tickcolor=QUIET_INK)
    return figure


def add_numbers(
    figure: Any,
    *,
    x: Sequence[Any],
    y: Sequence[Any],
    texts: Sequence[str],
    position: str = "top center",
    colour: str = INK,
) -> None:
    """Write numbers at points of a chart; a year on the axis is a name, which an annotation would take for a number."""
    figure.add_scatter(
        x=x,
        y=y,
        text=texts,
        mode="text",
        textposition=position,
        textfont={"color": colour, "size": 12},
        cliponaxis=False,
        hoverinfo="skip",
        showlegend=False,
    )


def power_scale(megawatts: Iterable[float]) -> tuple[float, str]:
    """Return what megawatts are divided by on a chart, and the unit.

    >>> power_scale([800.0, 9200.0]), power_scale([360.5])
    ((1000.0, 'GW'), (1.0, 'MW'))
    """
    largest = max((abs(value) for value in megawatts), default=0.0)
    return (ONE_GW_IN_MW, "GW") if largest >= GW_FROM_MW else (1.0, "MW")


def number_format(largest: float) -> str:
    """Return the d3 format that gives the largest value three figures.

    >>> number_format(10.2), number_format(1234.0)
    (',.1f', ',.0f')
    """
    for limit, decimals in ((100.0, 0), (10.0, 1)):
        if abs(largest) >= limit:
            return f",.{decimals}f"
    return ",.2f"
