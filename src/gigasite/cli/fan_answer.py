"""Futures side by side in the terminal: what each costs, and the one plan that becomes one for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from gigasite.cli.frames import ShownColumn, rich_table
from gigasite.cli.screen import answers, remark
from gigasite.report.labels import looks
from gigasite.report.numbers import NOTHING
from gigasite.results.run import FUTURES

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from gigasite.results.run import Run

USD_PER_BN = 1e9
SMALLEST_SHOWN_MW = 0.5
NOT_POWER = frozenset({"gas_trunk"})


def print_futures(run: Run) -> None:
    """Print the table of futures and capacity: common years once, then the last year of each future."""
    console = answers()
    console.print(Text("Futures: cost in present value, bn USD of 2024, and capacity stranded", style="bold"))
    console.print(futures_table(run.table(FUTURES), run.manifest.get("follow")))
    console.print(Text("Capacity and load, MW: one plan, then one for each future", style="bold"))
    console.print(capacity_by_future(run))
    names = ", ".join(f"{run.scenario}/{name}" for name in run.futures)
    remark(f"Each future is a run of its own, for `gigasite show`, `compare`, `replay` and `crosscheck`: {names}.")


def futures_table(table: pd.DataFrame, followed: str | None = None) -> Table:
    """Return one row per future and one for their mean, with the costs of following the plan of one where asked for."""

    def billions(name: str) -> tuple[str, ...]:
        return tuple("" if usd != usd else f"{usd / USD_PER_BN:,.2f}" for usd in table[name])  # noqa: PLR0124

    def megawatts(name: str) -> tuple[str, ...]:
        return tuple("" if mw != mw else f"{mw:,.0f}" if mw >= SMALLEST_SHOWN_MW else NOTHING for mw in table[name])  # noqa: PLR0124

    columns = [
        ShownColumn("future", "future", tuple(table["future"]), is_number=False),
        ShownColumn("probability", "probability", tuple(f"{p:.0%}" for p in table["probability"]), is_number=True),
        ShownColumn("objective_usd", "cost", billions("objective_usd"), is_number=True),
        ShownColumn("known_cost_usd", "known from\nthe start", billions("known_cost_usd"), is_number=True),
        ShownColumn("regret_usd", "regret", billions("regret_usd"), is_number=True),
        ShownColumn("stranded_mw", "stranded\nMW", megawatts("stranded_mw"), is_number=True),
        ShownColumn("surplus_mw", "surplus\nMW", megawatts("surplus_mw"), is_number=True),
        ShownColumn("stranded_cost_usd", "paid for\nstranded", billions("stranded_cost_usd"), is_number=True),
    ]
    if followed is not None:
        heading = f"ordering for\n{followed} alone"
        columns.insert(5, ShownColumn("followed", heading, billions("followed_cost_usd"), is_number=True))
    return rich_table(columns)


def capacity_by_future(run: Run) -> Table:
    """Return megawatts by technology in the common years, and in the last year of each future."""
    known_in = int(run.manifest["known_in"])
    common = [int(year) for year in sorted(run.load["year"].unique()) if year < known_in]
    last = int(run.load["year"].max())
    first = next(iter(run.futures.values()))
    views: list[tuple[str, Run, int]] = [(str(year), first, year) for year in common]
    views += [(f"{name}\n{last}", one, last) for name, one in run.futures.items()]
    rows: list[tuple[str, list[str]]] = []
    for column, label in (("wanted_mw", "Load wanted"), ("energised_mw", "Load energised")):
        spans = [_span([_of_year(one.load, column, year) for one in run.futures.values()]) for year in common]
        rows.append((label, [*spans, *(_told(_of_year(one.load, column, last)) for one in run.futures.values())]))
    names = [name for one in run.futures.values() for name in one.capacity["technology"] if name not in NOT_POWER]
    for look in looks(dict.fromkeys(names)):
        megawatts = [
            _of_year(one.capacity[one.capacity["technology"] == look.name], "total_mw", year) for _, one, year in views
        ]
        if max(megawatts) > SMALLEST_SHOWN_MW:
            rows.append((look.label, [_told(mw) for mw in megawatts]))
    columns = [ShownColumn("technology", "", tuple(label for label, _ in rows), is_number=False)]
    for position, (heading, _, _) in enumerate(views):
        cells = tuple(told[position] for _, told in rows)
        columns.append(ShownColumn(heading, heading, cells, is_number=True))
    return rich_table(columns)


def _told(megawatts: float) -> str:
    return f"{megawatts:,.0f}" if megawatts >= SMALLEST_SHOWN_MW else NOTHING


def _span(megawatts: list[float]) -> str:
    """Megawatts of a common year, which may differ from future to future where they are no capacity."""
    least, most = min(megawatts), max(megawatts)
    return _told(most) if most - least < SMALLEST_SHOWN_MW else f"{_told(least)}-{_told(most)}"


def _of_year(frame: pd.DataFrame, column: str, year: int) -> float:
    return float(frame.loc[frame["year"] == year, column].sum())
