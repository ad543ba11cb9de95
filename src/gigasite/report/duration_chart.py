"""Duration curves of a year: for how many hours the load, and each supply, is at least so large."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gigasite.report.dispatch_chart import site_and_year, supply_and_use
from gigasite.report.theme import LOAD, new_figure, number_format, power_scale
from gigasite.results.run import Run

if TYPE_CHECKING:
    import pandas as pd

    from gigasite.system.quantity import Array

POINTS = 400
"""Points of a curve: a year of hours would weigh twenty times as much and look the same."""
HOURS_PER_YEAR = 8760


def duration_chart(run: Run, *, site: str | None = None, year: int | None = None) -> Any:
    """Return the duration curves of a site and year; hours are sorted for each curve on its own.

    Args:
        run: a solved scenario.
        site: the site; the one with the largest load where not given.
        year: the modelled year; the last one where not given.
    """
    site, year = site_and_year(run, site, year)
    hours = run.hourly(site, year)
    scale, unit = power_scale(hours["load_mw"])
    form = number_format(float(hours["load_mw"].max()) / scale)
    figure = new_figure(
        f"Load and supply by duration in {year}",
        f"{run.title} · {site} · each curve sorted on its own",
        y=f"Power, {unit}",
        x="Hours of the year with at least this power",
    )
    for name, label, colour in supply_and_use(hours)[0]:
        _add(figure, hours[name] / scale, label, {"color": colour, "width": 2.5}, f"{form}}} {unit}")
    _add(figure, hours["load_mw"] / scale, "Load", {"color": LOAD, "width": 2.5, "dash": "dot"}, f"{form}}} {unit}")
    figure.update_layout(hovermode="x unified", legend_traceorder="normal")
    figure.update_xaxes(range=[0, HOURS_PER_YEAR], tickformat=",", hoverformat=",.0f")
    figure.update_yaxes(rangemode="tozero", tickformat=",")
    return figure


def duration(values: Array, points: int = POINTS) -> tuple[Array, Array]:
    """Return hours of the year, and the value reached in at least so many of them.

    Steps longer than an hour, and shortened years, count as the whole year.

    >>> x, y = duration(np.array([1.0, 3.0, 2.0, 4.0]), points=3)
    >>> x.tolist(), y.tolist()
    ([0.0, 4380.0, 8760.0], [4.0, 2.5, 1.0])
    """
    shares = np.linspace(0.0, 1.0, points)
    return shares * HOURS_PER_YEAR, np.quantile(values, 1.0 - shares)


def _add(figure: Any, values: pd.Series[float], label: str, line: dict[str, Any], end: str) -> None:
    x, y = duration(np.asarray(values, dtype=np.float64))
    y[np.argmax(y <= 0.0) + 1 :] = np.nan if (y <= 0.0).any() else y[-1]  # a supply at rest draws nothing
    figure.add_scatter(
        x=np.round(x, 1), y=y, name=label, mode="lines", line=line, hovertemplate=f"{label}: %{{y:{end}<extra></extra>"
    )
