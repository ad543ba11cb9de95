"""Capacity in the last year of several runs, or futures, as bars beside each other."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from gigasite.report.labels import looks
from gigasite.report.page.drawn import Drawn, drawn
from gigasite.report.page.shown_table import PLAIN, shown_table
from gigasite.report.theme import EDGE, new_figure, power_scale
from gigasite.results.run import NOT_POWER, Run

SMALL_MW = 0.5


def bars_of_runs(runs: Mapping[str, Run], name: str, title: str) -> Drawn:
    """Stacked bars of capacity, one for each run by its label."""
    frame = _capacity(runs)
    labels, values = list(frame.columns[1:]), frame.drop(columns="supply")
    table = shown_table(
        frame, "Capacity in the last year, MW", words={"supply": "Supply"}, like=dict.fromkeys(labels, PLAIN)
    )
    figure = new_figure("", "", y="")
    scale, unit = power_scale(values.sum())
    for look, megawatts in zip(looks(frame.index), values.to_numpy(), strict=True):
        figure.add_bar(
            x=labels, y=megawatts / scale, name=look.label,
            marker={"color": look.colour, "line": {"color": EDGE, "width": 1}},
            hovertemplate=f"{look.label}: %{{y:,.2f}} {unit}<extra></extra>",
        )  # fmt: skip
    figure.update_layout(barmode="stack", hovermode="x unified")
    figure.update_yaxes(title={"text": f"Capacity, {unit}"}, tickformat=",")
    figure.update_xaxes(type="category")
    return drawn(name, title, figure, words="Stacked bars of capacity, one for each run", table=table)


def _capacity(runs: Mapping[str, Run]) -> pd.DataFrame:
    columns = {}
    for label, run in runs.items():
        last = run.capacity[run.capacity["year"] == run.capacity["year"].max()]
        power = last[~last["technology"].isin(NOT_POWER)]
        columns[label] = power.groupby("technology")["total_mw"].sum()
    frame = pd.DataFrame(columns).fillna(0.0)
    frame = frame[frame.max(axis=1) > SMALL_MW]
    frame = frame.reindex([look.name for look in looks(frame.index)])
    frame.insert(0, "supply", [look.label for look in looks(frame.index)])
    return frame
