"""Load energised against the ramp a campus wants, and what waits."""

from __future__ import annotations

from typing import Any

from gigasite.report.theme import ENERGISED, LOAD, PAPER, WAITING, add_numbers, new_figure, number_format, power_scale
from gigasite.results.run import Run

SMALLEST_SHOWN_MW = 0.5
HATCH = {"shape": "/", "bgcolor": WAITING, "fgcolor": PAPER, "size": 8, "solidity": 0.25}
ALL = 0.995
"""From this share on everything wanted is energised, and no number is needed."""


def energised_chart(run: Run, *, site: str | None = None) -> Any:
    """Return the chart of one site, or of all sites together; the hatched part waits, and its hover says for what.

    Args:
        run: a solved scenario.
        site: only this site.
    """
    load = run.load if site is None else run.load[run.load["site"] == site]
    years = sorted(load["year"].unique())
    labels = [str(year) for year in years]
    sums = load.groupby("year")[["wanted_mw", "energised_mw", "waiting_mw"]].sum().reindex(years)
    scale, unit = power_scale(sums["wanted_mw"])
    form = number_format(sums["wanted_mw"].max() / scale)
    where = site or ("all sites" if load["site"].nunique() > 1 else str(load["site"].iloc[0]))
    figure = new_figure("Load energised against the ramp wanted", f"{run.title} · {where}", y=f"Facility load, {unit}")
    figure.add_bar(
        x=labels,
        y=sums["energised_mw"] / scale,
        name="Energised",
        marker={"color": ENERGISED},
        hovertemplate=f"Energised: %{{y:{form}}} {unit}<extra></extra>",
    )
    if sums["waiting_mw"].max() > SMALLEST_SHOWN_MW:
        figure.add_bar(
            x=labels,
            y=sums["waiting_mw"] / scale,
            name="Waiting",
            marker={"color": WAITING, "pattern": HATCH},
            customdata=[_reasons(load, int(year)) for year in years],
            hovertemplate=f"Waiting: %{{y:{form}}} {unit}%{{customdata}}<extra></extra>",
        )
    figure.add_scatter(
        x=labels,
        y=sums["wanted_mw"] / scale,
        name="Wanted",
        mode="lines+markers",
        line={"color": LOAD, "width": 2, "dash": "dot"},
        marker={"color": PAPER, "size": 8, "line": {"color": LOAD, "width": 2}},
        hovertemplate=f"Wanted: %{{y:{form}}} {unit}<extra></extra>",
    )
    shares = (sums["energised_mw"] / sums["wanted_mw"].where(sums["wanted_mw"] > 0)).fillna(0.0)
    short = [f"{share:.0%}" if 0 < share < ALL else "" for share in shares]
    add_numbers(
        figure, x=labels, y=list(sums["energised_mw"] / scale), texts=short, position="bottom center", colour=PAPER
    )
    figure.update_layout(barmode="stack", hovermode="x unified")
    figure.update_xaxes(type="category")
    figure.update_yaxes(rangemode="tozero", tickformat=",")
    return figure


def _reasons(load: Any, year: int) -> str:
    waiting = load[(load["year"] == year) & (load["waiting_mw"] > SMALLEST_SHOWN_MW)]
    reasons = dict.fromkeys(str(reason) for reason in waiting["waits_for"] if reason)
    return f"<br>for {'; '.join(list(reasons)[:3])}" if reasons else ""
