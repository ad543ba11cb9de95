"""What a megawatt-hour costs, step by step: each kind of cost on top of the one before."""

from __future__ import annotations

from gigasite.formulation.hubs import SUPPLY_COMPONENTS
from gigasite.report.labels import component_label
from gigasite.report.page.drawn import Drawn, drawn
from gigasite.report.page.shown_table import shown_table
from gigasite.report.theme import ENERGISED, LESS, MORE, QUIET_INK, new_figure
from gigasite.results.run import Run

SMALLEST_SHOWN_SHARE = 2e-3
OTHER = "Other"


def cost_waterfall(run: Run, name: str) -> Drawn:
    """The levelised cost of supply as a waterfall over kinds of cost, USD per MWh served."""
    import pandas as pd

    costs = run.costs[run.costs["component"].isin(SUPPLY_COMPONENTS)]
    sums = costs.groupby("component")["cost_usd_present_value"].sum()
    total = float(sums.sum())
    levelised = float(run.summary["levelised_cost_usd_per_mwh"].iloc[0])
    each = (sums * (levelised / total if total else 0.0)).sort_values(ascending=False)
    small = each.abs() < SMALLEST_SHOWN_SHARE * max(levelised, 1e-9)
    steps = {component_label(str(component)): float(value) for component, value in each[~small].items()}
    if small.any() and abs(float(each[small].sum())) > 0:
        steps[OTHER] = float(each[small].sum())
    labels = [*steps, "Levelised cost"]
    values = [*steps.values(), levelised]
    figure = new_figure("", "", y="USD per MWh served")
    figure.add_waterfall(
        x=labels,
        y=values,
        measure=[*("relative" for _ in steps), "total"],
        text=[f"{value:,.1f}" for value in values],
        textposition="outside",
        increasing={"marker": {"color": MORE}},
        decreasing={"marker": {"color": LESS}},
        totals={"marker": {"color": ENERGISED}},
        connector={"line": {"color": QUIET_INK, "width": 1}},
        hovertemplate="%{x}: %{y:,.2f} USD/MWh<extra></extra>",
        cliponaxis=False,
        showlegend=False,
    )
    figure.update_xaxes(type="category")
    frame = pd.DataFrame({"cost": labels, "usd_per_mwh": values})
    table = shown_table(frame, "Levelised cost by kind, USD per MWh served", words={"cost": "Kind of cost"})
    return drawn(
        name, "What a megawatt-hour costs", figure, subtitle="Kinds of cost, largest first; 2024 USD",
        words="Waterfall of the levelised cost by kind of cost", table=table,
    )  # fmt: skip
