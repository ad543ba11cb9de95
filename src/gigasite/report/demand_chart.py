"""Demand of a nation's data centres against what is served: the fleet that stands, campuses, the rest of each state."""

from __future__ import annotations

from typing import Any

from gigasite.foundation.errors import InputError, Problem
from gigasite.report.energised_chart import HATCH
from gigasite.report.theme import (
    ENERGISED,
    LOAD,
    PAPER,
    QUIETER_INK,
    WAITING,
    add_numbers,
    new_figure,
)
from gigasite.results.run import Run

SMALL_TWH = 0.05
OF_STATES = "#86b8c8"
"""Paler than the campuses: many ordinary data centres beside a few large ones."""

SERVED = (
    ("existing_twh", "Existing fleet", QUIETER_INK),
    ("campuses_twh", "Named campuses", ENERGISED),
    ("rest_of_state_twh", "Rest of states", OF_STATES),
)


def demand_chart(run: Run) -> Any:
    """Return the national account by year; the hatched part falls short of the trajectory.

    Args:
        run: a solved scenario with a national account.

    Raises:
        InputError: the scenario keeps no national account.
    """
    demand = run.demand.sort_values("year")
    if not len(demand):
        remedy = "solve a scenario with `national:`, such as national-580"
        raise InputError(Problem(f"{run.scenario} keeps no national account", remedy=remedy))
    labels = [str(year) for year in demand["year"]]
    figure = new_figure(
        "Demand of data centres, and what is served", f"{run.title} · all states", y="Energy, TWh a year"
    )
    for column, name, colour in SERVED:
        if demand[column].max() > SMALL_TWH:
            hover = f"{name}: %{{y:,.0f}} TWh<extra></extra>"
            figure.add_bar(x=labels, y=demand[column], name=name, marker={"color": colour}, hovertemplate=hover)
    if demand["shortfall_twh"].max() > SMALL_TWH:
        figure.add_bar(
            x=labels,
            y=demand["shortfall_twh"],
            name="Shortfall",
            marker={"color": WAITING, "pattern": HATCH},
            customdata=list(demand["binding"]),
            hovertemplate="Shortfall: %{y:,.0f} TWh<br>%{customdata}<extra></extra>",
        )
    figure.add_scatter(
        x=labels,
        y=demand["trajectory_twh"],
        name="Trajectory",
        mode="lines+markers",
        line={"color": LOAD, "width": 2, "dash": "dot"},
        marker={"color": PAPER, "size": 8, "line": {"color": LOAD, "width": 2}},
        hovertemplate="Trajectory: %{y:,.0f} TWh<extra></extra>",
    )
    short = [f"{missing:,.0f} short" if missing > SMALL_TWH else "" for missing in demand["shortfall_twh"]]
    add_numbers(figure, x=labels, y=list(demand["trajectory_twh"]), texts=short, position="top left")
    figure.update_layout(barmode="stack", hovermode="x unified")
    figure.update_xaxes(type="category")
    figure.update_yaxes(rangemode="tozero", tickformat=",")
    return figure
