"""A figure as a page draws it: Plotly's own JSON without a title, which the page writes as text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gigasite.report.page.packing import in_script
from gigasite.report.page.shown_table import ShownTable

CLEAR = "rgba(0,0,0,0)"
HEIGHT_PX = 420
TOP = 12
LOW_MARGINS = {"l": 8, "r": 8, "t": TOP, "b": 8}


@dataclass(frozen=True)
class Drawn:
    """A chart of a page.

    Attributes:
        name: of its element, once in a page.
        title: its heading.
        subtitle: what is shown.
        figure: Plotly's JSON, ready to stand inside a script element.
        words: what a reader hears who does not see it.
        table: its figures as a table, or None.
        height_px: how high it is drawn.
        fixed: whether it keeps its proportions, as a map does.
    """

    name: str
    title: str
    subtitle: str
    figure: str
    words: str
    table: ShownTable | None = None
    height_px: int = HEIGHT_PX
    fixed: bool = False


def drawn(
    name: str,
    title: str,
    figure: Any,
    *,
    subtitle: str = "",
    words: str = "",
    table: ShownTable | None = None,
    fixed: bool = False,
    own_height: bool = False,
) -> Drawn:
    """Prepare a figure of the theme for a page; the figure itself is changed.

    Args:
        name: of its element.
        title: its heading.
        figure: Plotly's.
        subtitle: what is shown.
        words: what a reader hears who does not see it.
        table: its figures.
        fixed: whether it keeps its proportions, as a map does.
        own_height: whether it keeps its height, as one with a row for each bar does.
    """
    height = int(figure.layout.height or HEIGHT_PX)
    figure.update_layout(title=None, width=None, height=None, autosize=True, paper_bgcolor=CLEAR, plot_bgcolor=CLEAR)
    if fixed:
        height -= int(figure.layout.margin.t or 0) - TOP
        figure.update_layout(margin={"t": TOP})
    else:
        figure.update_layout(
            margin=LOW_MARGINS,
            legend={
                "orientation": "h",
                "x": 0,
                "xanchor": "left",
                "y": -0.12,
                "yanchor": "top",
                "traceorder": "normal",
            },
        )
    text = in_script(figure.to_json())
    kept = height if fixed or own_height else HEIGHT_PX
    return Drawn(name, title, subtitle, text, words or title, table, kept, fixed)
