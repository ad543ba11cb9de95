"""Several runs side by side on a page: figures, differences to the first, and charts of what differs."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from gigasite.report.labels import looks
from gigasite.report.numbers import style_of
from gigasite.report.page.content import Section
from gigasite.report.page.drawn import drawn
from gigasite.report.page.shown_table import PLAIN, Heading, ShownTable, sentence_case, shown_table
from gigasite.report.theme import EDGE, new_figure, power_scale
from gigasite.results.compare import compare, horizons, ratios
from gigasite.results.run import NOT_POWER, Run

SMALL_MW = 0.5


def comparison_section(runs: Sequence[Run]) -> Section:
    """The section of a page that sets runs side by side."""
    section = Section("side-by-side", "Side by side", sentences=[*ratios(runs), *horizons(runs)])
    section.tables.append(_figures(runs))
    frame = _capacity(runs)
    table = shown_table(frame, "Capacity in the last year, MW", words={"supply": "Supply"},
                        like=dict.fromkeys(frame.columns[1:], PLAIN))  # fmt: skip
    figure = new_figure("", "", y="")
    scale, unit = power_scale(frame.drop(columns="supply").sum())
    for look, values in zip(looks(frame.index), frame.drop(columns="supply").to_numpy(), strict=True):
        figure.add_bar(
            x=list(frame.columns[1:]), y=values / scale, name=look.label,
            marker={"color": look.colour, "line": {"color": EDGE, "width": 1}},
            hovertemplate=f"{look.label}: %{{y:,.2f}} {unit}<extra></extra>",
        )  # fmt: skip
    figure.update_layout(barmode="stack", hovermode="x unified")
    figure.update_yaxes(title={"text": f"Capacity, {unit}"}, tickformat=",")
    figure.update_xaxes(type="category")
    section.charts.append(
        drawn(
            "side-by-side-capacity",
            "Capacity in the last year",
            figure,
            words="Stacked bars of capacity, one for each run",
            table=table,
        )
    )
    return section


def _figures(runs: Sequence[Run]) -> ShownTable:
    """The table of `gigasite compare`, each row in a unit that fits it."""
    frame = compare(list(runs))
    names = [name for name in frame.columns[2:] if not str(name).startswith("per cent ")]
    rows = []
    for record in frame.to_dict(orient="records"):
        values = [float(record[name]) for name in names]
        known = [value for value in values if math.isfinite(value)]
        if any(known):
            style = style_of(str(record["quantity"]), known)
            words = sentence_case(str(record["quantity"]).replace("_", " "))
            rows.append((words, style.unit, *("" if math.isnan(value) else style.text(value) for value in values)))
    headings = (Heading("", "", False), Heading("Unit", "", False), *(Heading(str(name), "", True) for name in names))
    return ShownTable("Figures, and differences to the first run", headings, tuple(rows))


def _capacity(runs: Sequence[Run]) -> pd.DataFrame:
    columns = {}
    for run in runs:
        last = run.capacity[run.capacity["year"] == run.capacity["year"].max()]
        power = last[~last["technology"].isin(NOT_POWER)]
        name = run.scenario if run.scenario not in columns else f"{run.scenario} {run.run_id}"
        columns[name] = power.groupby("technology")["total_mw"].sum()
    frame = pd.DataFrame(columns).fillna(0.0)
    frame = frame[frame.max(axis=1) > SMALL_MW]
    frame = frame.reindex([look.name for look in looks(frame.index)])
    frame.insert(0, "supply", [look.label for look in looks(frame.index)])
    return frame
