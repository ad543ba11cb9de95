"""The command that draws a run: `gigasite map`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gigasite import api


def map_command(
    run: Annotated[str, typer.Argument(metavar="RUN", help="Folder of a run, or a scenario solved before.")],
    results: Annotated[Path, typer.Option("--results", metavar="DIR", help="Folder of runs.")] = api.RESULTS,
    year: Annotated[int | None, typer.Option(help="Modelled year; left out: the last one.")] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="File: .html, .png, .svg or .pdf; left out: RUN-map.html."),
    ] = None,
    dark: Annotated[bool, typer.Option("--dark", help="Light on dark paper.")] = False,
) -> None:
    """Draw the sites of a run on outlines of states: supply mix, load, what waits and cost.

    HTML opens in any browser without a network. Images need `gigasite[images]` and a Chrome or Chromium.

    Exit code: 0 written, 2 bad input.
    """
    from gigasite.cli.screen import messages
    from gigasite.report.images import SUFFIXES, refuse_suffix

    if output is not None:
        refuse_suffix(output, SUFFIXES)
    loaded = api.load(run, results=results)
    file = Path(f"{loaded.scenario}-map.html") if output is None else output
    api.draw_map(loaded, file, year=year, dark=dark)
    messages().print(f"{file} is written", soft_wrap=True, markup=False)
