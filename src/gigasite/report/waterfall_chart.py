"""From the cost of one run to that of another, step by step: what makes the difference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from gigasite.formulation.hubs import SUPPLY_COMPONENTS
from gigasite.foundation.errors import InputError, Problem
from gigasite.foundation.units import USD_PER_BILLION_USD
from gigasite.report.labels import OUTSIDE_COLOUR, component_label, look
from gigasite.report.theme import (
    BORDER,
    EDGE,
    GRID,
    INK,
    LESS,
    MORE,
    QUIET_INK,
    add_numbers,
    new_figure,
    number_format,
)
from gigasite.results.compare import run_labels
from gigasite.results.run import Run

if TYPE_CHECKING:
    import pandas as pd

By = Literal["technology", "component"]
BY: tuple[str, ...] = ("technology", "component")
MONEY, ENERGY = "bn USD", "USD/MWh"
SMALLEST_SHOWN_SHARE = 5e-3
"""Share of the larger total below which steps are drawn together."""
REST = "rest"
PX_PER_BAR = 34
LONGEST_LABEL = 34


def waterfall_chart(first: Run, second: Run, *, by: str = "technology") -> Any:
    """Return the steps from the cost of supply of a run to that of another.

        total(second) = total(first) + sum over steps of (cost(second) - cost(first))

    Present value in bn USD of 2024 where both runs look at the same years; else levelised cost in USD/MWh, since
    present values over other years cannot be compared. Steps below 0.5 % of the larger total are drawn as one.

    Args:
        first: what is left from.
        second: what is arrived at.
        by: `technology` or `component`.

    Raises:
        InputError: steps by something else.
    """
    if by not in BY:
        raise InputError(Problem("a waterfall has no such steps", given=str(by), allowed=", ".join(BY), key="by"))
    unit = MONEY if _years(first) == _years(second) else ENERGY
    costs = [_costs(run, by, unit) for run in (first, second)]
    totals = [float(each.sum()) for each in costs]
    steps = _steps(costs[0], costs[1], SMALLEST_SHOWN_SHARE * max(abs(total) for total in totals))
    names = [_short(label) for label in run_labels([first, second])]
    rows = [(names[0], 0.0, totals[0], QUIET_INK)]
    level = totals[0]
    for name, step in steps.items():
        rows.append((_label(str(name), by), level, float(step), _colour(str(name), by, float(step))))
        level += float(step)
    rows.append((names[1], 0.0, totals[1], QUIET_INK))
    return _drawn(first, second, rows, unit)


def _years(run: Run) -> tuple[int, ...]:
    return tuple(sorted(int(year) for year in run.load["year"].unique()))


def _costs(run: Run, by: str, unit: str) -> pd.Series[float]:
    """Return the cost of supply of each step: present value [bn USD], or share of the levelised cost [USD/MWh]."""
    supply = run.costs[run.costs["component"].isin(SUPPLY_COMPONENTS)]
    money = supply.groupby(by)["cost_usd_present_value"].sum() / USD_PER_BILLION_USD
    if unit == MONEY:
        return money
    whole = float(money.sum())
    levelised = float(run.summary["levelised_cost_usd_per_mwh"].iloc[0])
    return money * (levelised / whole if whole else 0.0)


def _steps(first: pd.Series[float], second: pd.Series[float], smallest: float) -> pd.Series[float]:
    """Return the differences, what becomes cheaper first, the largest first; small ones together at the end."""
    import pandas as pd

    names = first.index.union(second.index)
    change = second.reindex(names, fill_value=0.0) - first.reindex(names, fill_value=0.0)
    large = change[change.abs() >= smallest]
    less, more = large[large < 0].sort_values(), large[large >= 0].sort_values(ascending=False)
    small = change[change.abs() < smallest]
    rest = [pd.Series({REST: float(small.sum())})] if float(small.abs().sum()) > smallest / 100.0 else []
    return pd.concat([less, more, *rest])


def _label(name: str, by: str) -> str:
    if name == REST:
        return "All others"
    return component_label(name) if by == "component" else look(name).label


def _colour(name: str, by: str, step: float) -> str:
    """A technology has its own colour; kinds of cost have the colour of more or of less."""
    if name == REST:
        return OUTSIDE_COLOUR
    if by == "component":
        return MORE if step > 0 else LESS
    return look(name).colour


def _short(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1] + "…"


def _drawn(first: Run, second: Run, rows: list[tuple[str, float, float, str]], unit: str) -> Any:
    """Draw bars from the top down, each from where the one above ends."""
    form = number_format(max(abs(row[2]) for row in rows))
    places = list(range(len(rows)))
    change = rows[-1][2] - rows[0][2]
    share = f", {change / abs(rows[0][2]):+.1%}" if rows[0][2] else ""
    figure = new_figure(
        "Where the difference in cost comes from",
        f"{first.title} → {second.title}: {change:+{form}} {unit}{share}",
        y="",
        x="Present value, bn USD of 2024" if unit == MONEY else "Levelised cost, USD of 2024 per MWh",
    )
    for place, (_, start, length, _) in enumerate(rows[:-1]):
        ends, line = [start + length] * 2, {"color": BORDER, "width": 1}
        figure.add_scatter(x=ends, y=[place, place + 1], mode="lines", line=line, hoverinfo="skip", showlegend=False)
    figure.add_bar(
        x=[row[2] for row in rows],
        y=places,
        base=[row[1] for row in rows],
        orientation="h",
        marker={"color": [row[3] for row in rows], "line": {"color": EDGE, "width": 1}},
        text=[row[0] for row in rows],
        textposition="none",
        customdata=[row[2] for row in rows],
        hovertemplate=f"%{{text}}: %{{customdata:{form}}} {unit}<extra></extra>",
        showlegend=False,
    )
    signed = [f"{length:+{form}}".replace("-", "\u2212") for _, _, length, _ in rows[1:-1]]
    texts = [f"\u2002{text}" for text in (f"{rows[0][2]:{form}}", *signed, f"{rows[-1][2]:{form}}")]
    ends = [max(start, start + length) for _, start, length, _ in rows]
    add_numbers(figure, x=ends, y=places, texts=texts, position="middle right")
    figure.update_layout(height=150 + PX_PER_BAR * len(rows), bargap=0.3, margin={"r": 72})
    figure.update_xaxes(showgrid=True, gridcolor=GRID, tickformat=",", zeroline=True, zerolinecolor=INK)
    figure.update_yaxes(
        showgrid=False,
        zeroline=False,
        range=[len(rows) - 0.4, -0.6],
        tickvals=places,
        ticktext=[f"<b>{row[0]}</b>" if place in (places[0], places[-1]) else row[0] for place, row in enumerate(rows)],
    )
    return figure
