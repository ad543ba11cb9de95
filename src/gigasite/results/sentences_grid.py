"""What of the grid contract binds, in sentences: who sets the demand that is billed, and when the ramp holds."""

from __future__ import annotations

from collections.abc import Iterator

from gigasite.results.grid_terms import FLOOR, METERED, RAMP, RATCHET
from gigasite.results.run import Run
from gigasite.results.words import listed


def grid_contract(run: Run) -> Iterator[str]:
    """One sentence on billed demand where floor or ratchet set any of it, one on the ramp where it holds."""
    billed, contract = run.table("billed_demand"), run.table("contract")
    if "billed_for" not in billed or "contract_held_by" not in contract:
        return  # a run of before these columns
    months = billed["billed_for"].value_counts()
    total = int(sum(months.get(name, 0) for name in (METERED, FLOOR, RATCHET)))
    labels = {FLOOR: "the floor of the contract", RATCHET: "the ratchet"}
    told = [f"{label} sets {int(months[name]):,}" for name, label in labels.items() if months.get(name, 0)]
    if told:
        yield f"Of {total:,} months of demand billed by the grid, {listed(told)}."
    held = contract[contract["contract_held_by"] == RAMP]
    if len(held):
        years = listed([str(year) for year in sorted(held["year"].unique())])
        yield f"The grid contract rises as fast as its ramp allows in {years}."
