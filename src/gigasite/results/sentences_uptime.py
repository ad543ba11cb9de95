"""What the replay of outages found, and what the uptime that was asked for costs."""

from __future__ import annotations

from collections.abc import Iterator

from gigasite.results.run import Run
from gigasite.results.words import dollars

TURNS = "uptime_turns"
PERCENT = 100.0
SMALL_NINES = 0.05
SMALL_USD = 5e5


def uptime(run: Run) -> Iterator[str]:
    """The uptime found where it is worst, the solves it took and their cost; nothing where none is asked for."""
    if TURNS not in run.table_names:
        return
    turns, asked = run.table(TURNS), float(run.settings["requirements"]["uptime"])
    first, last = turns.iloc[0], turns.iloc[-1]
    yield (
        f"Uptime: {_percent(asked)} of the hours is asked for. In {int(last['outage_years']):,} replayed outage years "
        f"the worst, {last['site']} in {int(last['year'])}, is up {_percent(last['availability'])} of them, "
        f"{_percent(last['availability_low'])} at least with 95 % confidence."
    )
    if len(turns) == 1:
        yield "The first plan keeps it, so it costs nothing more."
        return
    more = float(last["objective_usd"] - first["objective_usd"])
    gained = float(last["nines_low"] - first["nines_low"])
    each = f", {dollars(more / gained)} for a nine" if gained > SMALL_NINES and more > SMALL_USD else ""
    kept = "It took" if last["availability_low"] >= asked else "It is not kept after"
    yield (
        f"{kept} {len(turns)} solves and {dollars(more)} of present value more than the plan without it, whose worst "
        f"is up {_percent(first['availability_low'])} at least{each}."
    )


def is_tightened(run: Run) -> bool:
    """Whether rows were added to a plan until it kept its uptime."""
    return TURNS in run.table_names and len(run.table(TURNS)) > 1


def _percent(share: float) -> str:
    """A share near 1 without rounding it up to all.

    >>> _percent(0.9999), _percent(0.99995234)
    ('99.99 %', '99.9952 %')
    """
    return f"{PERCENT * share:.4f}".rstrip("0").rstrip(".") + " %"
