"""Tax credits in a sentence: beside the cost, never in it."""

from __future__ import annotations

from collections.abc import Iterator

from gigasite.results.run import Run
from gigasite.results.words import dollars, listed, technology_label

TABLE = "tax_credits"
NAMES = {"48e": "48E", "45y": "45Y", "45u": "45U", "45q": "45Q"}
SMALL_USD = 0.5


def tax_credits(run: Run) -> Iterator[str]:
    """What tax credits pay by technology, and what the levelised cost would be after them."""
    costs = run.costs[run.costs["component"] == "tax_credit"]
    paid = -costs.groupby("technology", sort=False)["cost_usd_present_value"].sum()
    paid = paid[paid > SMALL_USD]
    if not len(paid) or TABLE not in run.table_names:
        return
    table = run.table(TABLE)
    parts = []
    for name, usd in paid.items():
        kinds = [NAMES[key] for key in sorted(set(table.loc[table["technology"] == name, "credit"]))]
        parts.append(f"{dollars(float(usd))} for {technology_label(str(name))} ({listed(kinds)})")
    row, total = run.summary.iloc[0], float(paid.sum())
    cost, levelised = float(row["present_value_usd"]), float(row["levelised_cost_usd_per_mwh"])
    after = levelised * (1.0 - total / cost) if cost > 0 else levelised
    yield (
        f"Beside this cost, tax credits pay {listed(parts)} in present value; after them a MWh served would cost "
        f"{after:,.1f} USD."
    )
