"""Capacity by year: a stacked bar for every modelled year, with the load it is for."""

from __future__ import annotations

from typing import Any

from gigasite.report.labels import looks
from gigasite.report.theme import EDGE, LOAD, PAPER, add_numbers, new_figure, number_format, power_scale
from gigasite.results.run import NOT_POWER, Run

SMALLEST_SHOWN_MW = 0.5


def capacity_chart(run: Run, *, site: str | None = None) -> Any:
    """Return the chart of one site, or of all sites together.

    Args:
        run: a solved scenario.
        site: only this site.
    """
    capacity = run.capacity[~run.capacity["technology"].isin(NOT_POWER)]
    load = run.load
    if site is not None:
        capacity, load = capacity[capacity["site"] == site], load[load["site"] == site]
    years = sorted(load["year"].unique())
    labels = [str(year) for year in years]
    wanted = load.groupby("year")["wanted_mw"].sum().reindex(years, fill_value=0.0)
    wide = capacity.pivot_table(index="year", columns="technology", values="total_mw", aggfunc="sum", fill_value=0.0)
    wide = wide.reindex(years, fill_value=0.0)
    shown = [look for look in looks(wide.columns) if wide[look.name].max() > SMALLEST_SHOWN_MW]
    totals = wide[[look.name for look in shown]].sum(axis=1)
    scale, unit = power_scale([*totals, *wanted])
    form = number_format(max([*totals, *wanted], default=0.0) / scale)
    figure = new_figure("Capacity by year", _subtitle(run, site), y=f"Capacity, {unit}")
    for look in shown:
        figure.add_bar(
            x=labels,
            y=wide[look.name] / scale,
            name=look.label,
            marker={"color": look.colour, "line": {"color": EDGE, "width": 1}},
            hovertemplate=f"{look.label}: %{{y:{form}}} {unit}<extra></extra>",
        )
    figure.add_scatter(
        x=labels,
        y=wanted / scale,
        name="Load wanted",
        mode="lines+markers",
        line={"color": LOAD, "width": 2, "dash": "dot"},
        marker={"color": PAPER, "size": 8, "line": {"color": LOAD, "width": 2}},
        hovertemplate=f"Load wanted: %{{y:{form}}} {unit}<extra></extra>",
    )
    add_numbers(figure, x=labels, y=list(totals / scale), texts=[f"{total / scale:{form}}" for total in totals])
    figure.update_layout(barmode="stack", hovermode="x unified")
    figure.update_xaxes(type="category")
    figure.update_yaxes(rangemode="tozero", tickformat=",")
    return figure


def _subtitle(run: Run, site: str | None) -> str:
    sites = run.load["site"].nunique()
    where = site or ("all sites" if sites > 1 else str(run.load["site"].iloc[0]))
    return f"{run.title} · {where}"
