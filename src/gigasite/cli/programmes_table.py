"""The announced programmes in the terminal, as CSV or as JSON."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gigasite import api
from gigasite.cli.frames import ShownColumn, fitting, rich_table
from gigasite.cli.screen import answers, print_json, remark, write_file
from gigasite.report.numbers import NOTHING

if TYPE_CHECKING:
    import pandas as pd

    from gigasite.inputs.figure import Figure
    from gigasite.studies.programmes import Programmes

USD_PER_BN = 1e9
TRILLION = 1e12


def programmes_and_tell(runs: Sequence[str], results: Path, *, csv: Path | None, as_json: bool) -> None:
    """Print the table of programmes, and below it what is not explained, in words."""
    found = api.programmes(runs, results=results)
    if csv is not None:
        write_file(csv, found.table.to_csv(index=False, lineterminator="\n"))
    if as_json:
        from gigasite.results.run import plain_json

        frames = {"programmes": found.table, "explained_by_site": found.by_site}
        print_json(plain_json({name: frame.to_dict(orient="records") for name, frame in frames.items()}))
    else:
        _print(found)


def _print(found: Programmes) -> None:
    from rich.text import Text

    console = answers()
    console.print(Text("Announced programmes, bn USD of the day (nominal)", style="bold"))
    columns = _columns(found.table, with_runs=bool(found.runs))
    shown = fitting(columns, console.width)
    console.print(rich_table(shown))
    if len(shown) < len(columns):
        hidden = ", ".join(column.heading.replace("\n", " ") for column in columns[len(shown) :])
        remark(f"Not shown for want of width: {hidden}.")
    if found.runs:
        console.print(Text("Explained by", style="bold"))
        console.print(rich_table(_site_columns(found)))
        _print_lines("Not explained", found.table, "not_explained")
        cost, low, high = (f"{(usd or math.nan) / 1e6:.0f}" for usd in _range_of(found.campus))
        remark(
            f"A MW of campus is taken at {cost} million USD of {found.campus.currency_year} ({low} to {high}), servers "
            "inside, less what generators cost: those are counted as power."
        )
        if found.left_out:
            remark(f"Counted once, from the run named first; left out: {', '.join(found.left_out)}.")
    else:
        _print_lines("What they buy", found.table, "buys")
        told = dict.fromkeys(name for text in found.table["scenarios"] for name in str(text).split())
        solves = "; ".join(f"gigasite solve {name}" for name in told)
        remark(f"No run is named, so nothing is explained. Make runs: {solves}.")
        remark(f"Then: gigasite programmes {' '.join(told)}")
    remark(
        "Power: plants and lines; servers: servers and chips; the rest is halls, cooling, distribution, network. A "
        "dash: the source does not say. Shares are often estimates: --json and --csv give their range and confidence."
    )
    _rate_remark(found.table)


def _range_of(figure: Figure) -> tuple[float, float | None, float | None]:
    return figure.value, figure.low, figure.high


def _print_lines(heading: str, table: pd.DataFrame, column: str) -> None:
    """Print one line for each programme."""
    from rich.padding import Padding
    from rich.text import Text

    console = answers()
    console.print(Text(heading, style="bold"))
    for name, words in zip(table["name"], table[column], strict=True):
        line = Text.assemble((f"{name}: ", "bold"), f"{words}.")
        if console.is_terminal:
            console.print(Padding(line, (0, 0, 0, 2)))
        else:
            console.print(Text(f"  {line.plain}"), soft_wrap=True)
    console.print()


def _rate_remark(table: pd.DataFrame) -> None:
    for row in table[table["currency"] != "USD"].to_dict(orient="records"):
        amount = f"{row['amount'] / TRILLION:,.3g} trillion {row['currency']}"
        remark(f"{row['name']}: {amount} at {row['currency_per_usd']:.1f} {row['currency']}/USD of {row['rate_date']}.")


def _columns(table: pd.DataFrame, *, with_runs: bool) -> list[ShownColumn]:
    def of(heading: str, cells: Sequence[str]) -> ShownColumn:
        return ShownColumn(heading, heading, tuple(cells), is_number=True)

    columns = [
        ShownColumn("programme", "programme", tuple(table["name"]), is_number=False),
        of("amount", _billions(table["amount_usd"])),
        of("money", [str(year) for year in table["money_year"]]),
    ]
    shares = [of("power", _percents(table["power_share"])), of("servers", _percents(table["servers_share"]))]
    if with_runs:
        explained = table["explained_share"].where(table["explained_usd"] > 0)
        return [
            *columns,
            of("explained\nin all", _percents(explained)),
            of("power\nexplained", _billions(table["explained_power_usd"], 1)),
            of("campus\nexplained", _billions(table["explained_campus_usd"], 1)),
            *shares,
        ]
    return [
        *columns,
        of("over\nyears", [_number(years) for years in table["years"]]),
        of("first\ntranche", _billions(table["first_tranche_usd"])),
        of("second\nup to", _billions(table["second_tranche_usd"])),
        of("committed", _billions(table["committed_usd"])),
        *shares,
    ]


def _site_columns(found: Programmes) -> list[ShownColumn]:
    names = dict(zip(found.table["programme"], found.table["name"], strict=True))
    rows = found.by_site.to_dict(orient="records")

    def of(heading: str, cells: list[str], *, is_number: bool = True) -> ShownColumn:
        return ShownColumn(heading, heading, tuple(cells), is_number=is_number)

    return [
        of("programme", [names[row["programme"]] for row in rows], is_number=False),
        of("run", [str(row["run"]) for row in rows], is_number=False),
        of("site", [str(row["site"]) for row in rows], is_number=False),
        of("power\nbn USD", [_billion(row["power_usd"]) for row in rows]),
        of("campus\nMW", [f"{row['campus_mw']:,.0f}" if row["campus_mw"] > 0 else NOTHING for row in rows]),
        of("campus\nbn USD", [_billion(row["campus_usd"]) for row in rows]),
    ]


def _billions(usd: Any, decimals: int = -1) -> list[str]:
    return [_billion(value, decimals) for value in usd]


def _billion(usd: float, decimals: int = 1) -> str:
    """Billions as a cell: whole ones without a point where no number of decimals is asked for.

    >>> _billion(5e11, -1), _billion(1.26e10, -1), _billion(float("nan")) == _billion(0.0) == NOTHING
    ('500', '12.6', True)
    """
    if math.isnan(usd) or usd == 0:
        return NOTHING
    billions = usd / USD_PER_BN
    shown = decimals if decimals >= 0 else 0 if billions.is_integer() else 1
    return f"{billions:,.{shown}f}"


def _percents(shares: Any) -> list[str]:
    return [NOTHING if math.isnan(share) else f"{100 * share:.0f} %" for share in shares]


def _number(value: float) -> str:
    return NOTHING if math.isnan(value) else f"{value:g}"
