"""What one more megawatt-hour costs: the marginal cost of every hour of a year, by month and hour of the day."""

from __future__ import annotations

from typing import Any

import numpy as np

from gigasite.foundation.errors import InputError, Problem
from gigasite.report.dispatch_chart import MARGINAL_COST, site_and_year
from gigasite.report.theme import CANDIDATE_SCALE, QUIET_INK, new_figure
from gigasite.results.run import Run

MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
HOURS_PER_DAY = 24
TOP_SHARE = 0.98
"""Share of the fields that the scale of colours spans; dearer ones have its last colour, and tell their number."""


def prices_chart(run: Run, *, site: str | None = None, year: int | None = None) -> Any:
    """Return the mean marginal cost of load by month and hour of the day.

    Args:
        run: a solved scenario.
        site: the site; the one with the largest load where not given.
        year: the modelled year; the last one where not given.

    Raises:
        InputError: steps of a day or more, which have no hours of the day.
    """
    site, year = site_and_year(run, site, year)
    hours = run.hourly(site, year)
    step_h = int(hours["hour"].diff().min()) if len(hours) > 1 else HOURS_PER_DAY
    if step_h >= HOURS_PER_DAY:
        given, remedy = f"steps of {step_h} h", "solve with horizon.resolution_h: 1"
        raise InputError(Problem("the run has no hours of the day to be told apart", given=given, remedy=remedy))
    month = np.repeat(np.arange(12), np.array(MONTH_DAYS) * HOURS_PER_DAY)[hours["hour"].to_numpy(dtype=int)]
    wide = hours.groupby([hours["hour"] % HOURS_PER_DAY, month])[MARGINAL_COST].mean().unstack()
    mean = float(hours[MARGINAL_COST].mean())
    figure = new_figure(
        f"Marginal cost of load in {year}",
        f"{run.title} · {site} · mean of all hours {mean:,.0f} USD/MWh",
        y="Hour of the day",
    )
    figure.add_heatmap(
        x=[MONTH_NAMES[int(number)] for number in wide.columns.to_numpy()],
        y=list(wide.index),
        z=np.round(wide.to_numpy(dtype=float), 2),
        zmin=float(np.nanmin(wide.to_numpy())),
        zmax=float(np.nanquantile(wide.to_numpy(), TOP_SHARE)),
        colorscale=CANDIDATE_SCALE,
        xgap=1,
        ygap=1,
        colorbar={
            "title": {"text": "USD/MWh", "font": {"size": 12, "color": QUIET_INK}},
            "thickness": 12,
            "outlinewidth": 0,
            "tickformat": ",",
        },
        hovertemplate="%{x}, %{y}:00: %{z:,.1f} USD/MWh<extra></extra>",
    )
    figure.update_xaxes(type="category", ticks="")
    figure.update_yaxes(showgrid=False, zeroline=False, dtick=max(3, step_h), autorange="reversed")
    return figure
