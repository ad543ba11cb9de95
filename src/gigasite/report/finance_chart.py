"""The cash of a project by year: what comes in above the line, what goes out below it, what the owners have."""

from __future__ import annotations

from typing import Any

from gigasite.report.theme import EDGE, INK, LAND, new_figure, number_format
from gigasite.studies.financing import FinanceStudy

USD_PER_BN = 1e9
BARS = (
    ("Revenue", ("revenue",), "#1f6f8b"),
    ("Loans drawn", ("drawn",), "#8fb8c9"),
    ("Tax credits and aid", ("tax_credit",), "#7a9e5f"),
    ("Building", ("construction",), "#5f6c7b"),
    ("Operation", ("operation",), "#d08c60"),
    ("Interest, fees, debt service", ("building_interest", "debt_service"), "#f4a259"),
    ("Tax on income", ("tax",), "#9c6b9e"),
    ("Reserve", ("reserve",), "#c8d0d8"),
)
SMALLEST_USD = 1e6


def finance_chart(study: FinanceStudy) -> Any:
    """Return the chart at the price of the study; USD of the day, nominal."""
    table = study.tables["years"]
    years = [str(year) for year in table["year"]]
    money = "2024 money, rising with prices" if study.price_money.endswith("real") else "dollars of every year"
    figure = new_figure(
        "Cash by year",
        f"{study.run.title} · at {study.price_usd_per_mwh:,.1f} USD/MWh ({money})",
        y="bn USD of the day (nominal)",
    )
    for label, parts, colour in BARS:
        amounts = table[[f"{part}_usd_nominal" for part in parts]].sum(axis=1)
        largest = float(amounts.abs().max())
        if largest < SMALLEST_USD:
            continue
        form = number_format(largest / USD_PER_BN)
        figure.add_bar(
            x=years,
            y=amounts / USD_PER_BN,
            name=label,
            marker={"color": colour, "line": {"color": EDGE, "width": 0.5}},
            hovertemplate=f"{label}, %{{x}}: %{{y:{form}}} bn USD<extra></extra>",
        )
    figure.add_scatter(
        x=years,
        y=table["equity_usd_nominal"] / USD_PER_BN,
        name="Owners",
        mode="lines+markers",
        line={"color": INK, "width": 2},
        marker={"size": 6, "color": LAND, "line": {"color": INK, "width": 1.5}},
        hovertemplate="Owners, %{x}: %{y:,.2f} bn USD<extra></extra>",
    )
    figure.update_layout(barmode="relative", bargap=0.2, legend_traceorder="normal")
    figure.update_xaxes(type="category", nticks=12, tickangle=0)
    figure.update_yaxes(tickformat=",")
    return figure
