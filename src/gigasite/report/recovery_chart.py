"""The year in which Japan has its investment back, against the price of power."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from gigasite.report.theme import ENERGISED, GRID, PAPER, QUIET_INK, WAITING, new_figure
from gigasite.results.run import Run

PRINCIPAL, WITH_INTEREST = ENERGISED, WAITING
STEPS = 60
LOWEST_SHARE, HIGHEST_SHARE = 0.55, 2.2
"""Prices drawn where none are named, as shares of what supply costs."""

YEARS_ABOVE = 3
SIDE = 0.012


def recovery_chart(run: Run, prices: Sequence[float] | None = None) -> Any:
    """Return the chart: one line for the principal, one with deemed interest, and where neither comes back in time.

    Args:
        run: a run whose scenario has a `partnership:`.
        prices: USD of 2024 per MWh; sixty around what supply costs where not given.

    Raises:
        InputError: the scenario has no partnership, or a price is none.
    """
    from gigasite.studies.partnership import recovery_years
    from gigasite.studies.partnership_terms import terms_of

    cost = float(run.summary["levelised_cost_usd_per_mwh"].iloc[0])
    asked = list(prices) if prices is not None else _around(cost)
    (table, last), terms = recovery_years(run, asked), terms_of(run)
    billions = f"{terms.investment_usd / 1e9:,.1f} bn USD"
    figure = new_figure(
        f"When Japan has its {billions} back",
        f"{run.title} · {100 * terms.sharing.investor_share_before:.0f} % of the cash to Japan until then",
        x="Price of power, USD of 2024 per MWh, rising with prices",
        y="Calendar year",
    )
    rate = f"{100 * terms.deemed_interest:.2f} %"
    lines = (
        ("principal", "Investment alone", PRINCIPAL),
        ("principal_and_interest", f"With {rate} interest", WITH_INTEREST),
    )
    earliest = float(last)
    for column, name, colour in lines:
        moments = [float(value) for value in table[column]]
        earliest = min([earliest, *(value for value in moments if not math.isnan(value))])
        figure.add_scatter(
            x=table["price_usd_per_mwh"],
            y=moments,
            name=name,
            mode="lines",
            line={"color": colour, "width": 3},
            customdata=["" if math.isnan(value) else math.floor(value) for value in moments],
            hovertemplate=f"{name}: %{{customdata}} at %{{x:.4g}} USD/MWh<extra></extra>",
        )
        _label(figure, table["price_usd_per_mwh"], moments, name, colour)
    _never(figure, last, (min(asked), max(asked)))
    _cost(figure, cost, (min(asked), max(asked)))
    figure.update_layout(showlegend=False, margin={"r": 150})
    figure.update_xaxes(range=[min(asked), max(asked)], tickformat=",.4~g")
    figure.update_yaxes(range=[math.floor(earliest) - 1, last + 1 + YEARS_ABOVE], tickformat="d", zeroline=False)
    return figure


def _around(cost: float) -> list[float]:
    low, high = math.floor(LOWEST_SHARE * cost), math.ceil(HIGHEST_SHARE * cost)
    return [low + (high - low) * step / STEPS for step in range(STEPS + 1)]


def _label(figure: Any, prices: Any, moments: Sequence[float], name: str, colour: str) -> None:
    """Write the name of a line at its right end; nothing where the line never comes."""
    ends = [(float(x), y) for x, y in zip(prices, moments, strict=True) if not math.isnan(y)]
    if ends:
        x, y = ends[-1]
        figure.add_annotation(
            x=x,
            y=y,
            text=f"<b>{name}</b>",
            font={"color": colour, "size": 13},
            xanchor="left",
            xshift=8,
            showarrow=False,
        )


def _never(figure: Any, last: int, sides: tuple[float, float]) -> None:
    """Mark the years beyond those of the run: what lies there is not known."""
    figure.add_shape(
        type="rect", x0=sides[0], x1=sides[1], y0=last + 1, y1=last + 1 + YEARS_ABOVE, fillcolor=GRID, line_width=0,
        layer="below",
    )  # fmt: skip
    figure.add_annotation(
        x=sides[1] - SIDE * (sides[1] - sides[0]),
        y=last + 1 + YEARS_ABOVE / 2,
        text=f"not back by {last}, where the plan ends",
        font={"color": QUIET_INK, "size": 12},
        xanchor="right",
        showarrow=False,
    )


def _cost(figure: Any, cost: float, sides: tuple[float, float]) -> None:
    """Mark what supply costs, if it lies among the prices."""
    if sides[0] < cost < sides[1]:
        figure.add_vline(x=cost, line={"color": QUIET_INK, "width": 1.5, "dash": "dot"})
        figure.add_annotation(
            x=cost,
            yref="paper",
            y=0.02,
            text=f"supply costs {cost:,.1f} USD/MWh",
            font={"color": QUIET_INK, "size": 12},
            xanchor="left",
            xshift=6,
            bgcolor=PAPER,
            showarrow=False,
        )
