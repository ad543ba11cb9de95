"""The command `gigasite finance`: what power must fetch, and where the money goes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gigasite import api

RUN_HELP = "A run, or a scenario solved before; two of them are set side by side."


def finance(  # noqa: PLR0913, PLR0917 - one for each option
    runs: Annotated[list[str], typer.Argument(metavar="RUN [RUN]", help=RUN_HELP)],
    results: Annotated[Path, typer.Option("--results", metavar="DIR", help="Folder of runs.")] = api.RESULTS,
    price: Annotated[
        float | None, typer.Option(metavar="USD/MWH", help="Look at this price; left out: what the last return needs.")
    ] = None,
    returns: Annotated[
        str, typer.Option(metavar="LIST", help="Returns of the owners; left out: those of the scenario, 0.08,0.10.")
    ] = "",
    dscr: Annotated[
        float | None,
        typer.Option(metavar="TIMES", help="Seek the price at which cash covers debt service so many times over."),
    ] = None,
    block: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who pays, in place of what the scenario says, such as japan_us.")
    ] = None,
    overrun: Annotated[
        float, typer.Option(metavar="FACTOR", help="Building costs so many times what the run says; 1.755 as UAMPS.")
    ] = 1.0,
    delay_months: Annotated[
        float, typer.Option(metavar="MONTHS", help="Plants start so much later than their money is spent.")
    ] = 0.0,
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="Write the yearly table to a CSV file.")
    ] = None,
    chart: Annotated[
        Path | None, typer.Option("--chart", metavar="FILE", help="Draw the cash by year (html, png, svg, pdf).")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else on stdout.")] = False,
) -> None:
    """Tell what the power of a run must fetch, year by year who pays and who gets, and what the price is made of.

    Terms stand in the scenario under `finance:`; without them the figures of a utility hold. The tables are written
    into the folder `finance` of the run. With two runs the way from the first price to the second is told term by term,
    beside the prices that were published, and nothing is written.

    Exit code: 0 told, 2 bad input.
    """
    from gigasite.cli.financing import finance_and_tell
    from gigasite.studies.finance_what_if import WhatIf

    finance_and_tell(
        runs,
        results,
        price=price,
        returns=returns,
        dscr=dscr,
        what_if=WhatIf(block, overrun, delay_months),
        csv=csv,
        chart=chart,
        as_json=json,
    )
