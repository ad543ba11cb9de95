"""The commands that look at a run or a scenario a second time: `crosscheck`, `replay` and `flexibility`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gigasite import api

Results = Annotated[Path, typer.Option("--results", metavar="DIR", help="Folder of runs.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else on stdout.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress on stderr.")]


def crosscheck(
    run: Annotated[str, typer.Argument(metavar="RUN", help="Folder of a run, or a scenario solved before.")],
    results: Results = api.RESULTS,
    resolution_h: Annotated[int, typer.Option(metavar="HOURS", help="Hours in a step of the sizing.")] = 24,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write the table to a CSV file.")] = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Rebuild a run in PyPSA and compare cost and capacities; needs `gigasite[crosscheck]`.

    The plan of the run is dispatched over all its steps, and its last year alone is sized by both sides. What PyPSA
    cannot express is listed by name. Nothing is written to the run.

    Exit code: 0 both agree, 1 they differ or a solve failed, 2 bad input or PyPSA is not installed.
    """
    from gigasite.cli.crosschecking import crosscheck_and_tell

    raise typer.Exit(crosscheck_and_tell(run, results, resolution_h=resolution_h, out=out, as_json=json, quiet=quiet))


def replay(
    run: Annotated[str, typer.Argument(metavar="RUN", help="Folder of a run, or a scenario solved before.")],
    results: Results = api.RESULTS,
    years: Annotated[int, typer.Option(metavar="NUMBER", help="Outage years for every site and year.")] = 1_000,
    seed: Annotated[int, typer.Option(metavar="NUMBER", help="Seed: the same finds the same.")] = 1,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Replay unit outages at random over all hours of a run: energy and hours unserved, availability in nines.

    Machines, the grid circuit and lines fail and are repaired at random; batteries, backup sets and load that may be
    shed take the deficit first. The table `replay` is written into the run, each figure with its 95 % interval.

    Exit code: 0 replayed, 2 bad input.
    """
    from gigasite.cli.replaying import replay_and_tell

    replay_and_tell(run, results, years=years, seed=seed, as_json=json, quiet=quiet)


def flexibility(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="Scenario file or name.")],
    results: Results = api.RESULTS,
    shares: Annotated[
        str, typer.Option(metavar="LIST", help="Shares of yearly energy that the grid may curtail.")
    ] = "0.0025,0.005,0.01",
    csv: Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Write the table to a CSV file.")] = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Solve a scenario with grid connections that may be curtailed, and tell what each share buys in earlier power.

    Each share is a scenario and a run of its own, beside one without a non-firm connection. Sites that write
    `flexible_connection:` keep what it says but the share; where none does, every site with load has one.

    Exit code: 0 solved and checked, 1 a check or the solver failed, 2 bad input, 3 infeasible.
    """
    from gigasite.cli.flexing import flexibility_and_tell

    raise typer.Exit(flexibility_and_tell(scenario, results, shares=shares, csv=csv, as_json=json, quiet=quiet))
