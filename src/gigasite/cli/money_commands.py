"""The commands on who pays and who gets: `gigasite partnership` and `gigasite programmes`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gigasite import api

Results = Annotated[Path, typer.Option("--results", metavar="DIR", help="Folder of runs.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else on stdout.")]


def partnership(
    run: Annotated[str, typer.Argument(metavar="RUN", help="Folder of a run, or a scenario solved before.")],
    results: Results = api.RESULTS,
    prices: Annotated[
        str, typer.Option(metavar="LIST", help="Prices of power, USD of 2024 per MWh; left out: 60 to 150.")
    ] = "",
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="Write every payment by price, year and party.")
    ] = None,
    chart: Annotated[
        Path | None,
        typer.Option("--chart", metavar="FILE", help="Draw year of recovery against price (html, png, svg)."),
    ] = None,
    json: Json = False,
) -> None:
    """Share the cash of a run between Japan and the United States: who gets what and when, over power prices.

    The run's scenario needs a `partnership:`; portsmouth-gas-only has one. Cash after operation, fee and tax goes half
    to each side until Japan has its investment back, then nine tenths to the United States. Nothing is written to the
    run.

    Exit code: 0 told, 2 bad input.
    """
    from gigasite.cli.sharing import partnership_and_tell

    partnership_and_tell(run, results, prices=prices, csv=csv, chart=chart, as_json=json)


def programmes(
    runs: Annotated[
        list[str] | None, typer.Argument(metavar="[RUN...]", help="Runs, or scenarios solved before.")
    ] = None,
    results: Results = api.RESULTS,
    csv: Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Write the table to a CSV file.")] = None,
    json: Json = False,
) -> None:
    """Set the announced programmes side by side, and tell what of each the named runs explain.

    Amounts are as announced, in money of their day. A run explains power by what it builds at the sites of a programme,
    and a campus by the megawatts it energises there.

    Exit code: 0 told, 2 bad input.
    """
    from gigasite.cli.programmes_table import programmes_and_tell

    programmes_and_tell(runs or [], results, csv=csv, as_json=json)
