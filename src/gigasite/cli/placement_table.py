"""Where a nation's data centres use their energy, by state and year, for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gigasite.cli.frames import ShownColumn, rich_table
from gigasite.report.numbers import NOTHING

if TYPE_CHECKING:
    from rich.table import Table

    from gigasite.results.run import Run

MOST_STATES = 12
CODE_LENGTH = 2
SMALL_TWH = 0.05
EXISTING, CAMPUS, REST = "existing fleet", "campus", "rest of state"
ADDED = {CAMPUS: "named campuses", REST: "rest of states"}


def has_placement(run: Run) -> bool:
    """Whether a run keeps a national account by place; runs of older versions do not."""
    return "placement" in run.table_names and len(run.table("placement")) > 0


def by_state(run: Run) -> Table:
    """Return TWh by state and year: the states with the most in the last year, the others together, the shortfall."""
    placement, demand = run.table("placement"), run.demand.set_index("year")
    wide = placement.pivot_table(index="state", columns="year", values="twh", aggfunc="sum", fill_value=0.0)
    wide = wide.sort_values(wide.columns[-1], ascending=False)
    named = wide[wide.index.str.len() == CODE_LENGTH]  # the aggregate of all other states is none itself
    shown = named.head(MOST_STATES)
    left = wide.drop(index=shown.index)
    rows = [(str(state), _line(values)) for state, values in shown.iterrows()]
    if len(left):
        rows.append(("Others", _line(left.sum())))
    rows.append(("All that is served", _line(wide.sum())))
    kinds = placement.pivot_table(index="kind", columns="year", values="twh", aggfunc="sum", fill_value=0.0)
    rows += [(f"  of it {label}", _line(kinds.loc[kind])) for kind, label in ADDED.items() if kind in kinds.index]
    rows.append(("Shortfall", _line(demand["shortfall_twh"])))
    labels = ShownColumn("state", "", tuple(label for label, _ in rows), is_number=False)
    years = [
        ShownColumn(str(year), str(year), tuple(cells[position] for _, cells in rows), is_number=True)
        for position, year in enumerate(wide.columns)
    ]
    return rich_table([labels, *years])


def _line(values: Any) -> list[str]:
    return [f"{value:,.1f}" if abs(value) >= SMALL_TWH else NOTHING for value in values]
