"""Cost of supply: a bar for every kind of cost, stacked by what it is for."""

from __future__ import annotations

from typing import Any

from gigasite.formulation.hubs import SUPPLY_COMPONENTS
from gigasite.report.labels import component_label, looks
from gigasite.report.theme import EDGE, GRID, INK, add_numbers, new_figure, number_format
from gigasite.results.run import Run

USD_PER_BN = 1e9
SMALLEST_SHOWN_SHARE = 1e-3


def cost_chart(run: Run, *, site: str | None = None) -> Any:
    """Return the chart of one site, or of all sites together; the dearest kind of cost stands on top.

    Load that waits and energy not served are no cost of supply and are left out, as in the levelised cost.

    Args:
        run: a solved scenario.
        site: only this site.
    """
    costs = run.costs[run.costs["component"].isin(SUPPLY_COMPONENTS)]
    if site is not None:
        costs = costs[costs["site"] == site]
    wide = costs.pivot_table(
        index="component", columns="technology", values="cost_usd_present_value", aggfunc="sum", fill_value=0.0
    )
    wide = wide / USD_PER_BN
    totals = wide.sum(axis=1)
    smallest = SMALLEST_SHOWN_SHARE * totals.abs().sum()
    kept = totals[totals.abs() > smallest].sort_values().index
    wide, totals = wide.loc[kept], totals[kept]
    form = number_format(totals.abs().max() if len(totals) else 0.0)
    labels = [component_label(str(component)) for component in wide.index]
    levelised = float(run.summary["levelised_cost_usd_per_mwh"].iloc[0])
    total = f"{totals.sum():{form}} bn USD" + (f", {levelised:,.1f} USD/MWh" if site is None else "")
    figure = new_figure(
        "Cost of supply", f"{run.title} · present value {total}", y="", x="Present value, bn USD of 2024"
    )
    for look in looks(wide.columns):
        if wide[look.name].abs().max() <= smallest:
            continue
        figure.add_bar(
            x=wide[look.name],
            y=labels,
            orientation="h",
            name=look.label,
            marker={"color": look.colour, "line": {"color": EDGE, "width": 1}},
            hovertemplate=f"{look.label}, %{{y}}: %{{x:{form}}} bn USD<extra></extra>",
        )
    ends = list(wide.clip(lower=0.0).sum(axis=1))
    texts = [f"\u2002{total:{form}}" for total in totals]
    add_numbers(figure, x=ends, y=labels, texts=texts, position="middle right")
    figure.update_layout(barmode="relative", legend_traceorder="normal", margin={"r": 40})
    figure.update_xaxes(showgrid=True, gridcolor=GRID, tickformat=",", zeroline=True, zerolinecolor=INK)
    figure.update_yaxes(showgrid=False, type="category", zeroline=False)
    return figure
