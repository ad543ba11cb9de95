"""The commands of `gigasite`: each parses, calls one verb of the Python API and prints."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from gigasite import api
from gigasite.cli.examples import add_examples, examples_of
from gigasite.cli.finance_command import finance
from gigasite.cli.mapping import map_command
from gigasite.cli.money_commands import partnership, programmes
from gigasite.cli.outcomes import EXIT_CODES_HELP, ExitCode, code_of, problems_of, worst
from gigasite.cli.second_look_commands import crosscheck, flexibility, replay
from gigasite.foundation.errors import GigasiteError, InputError, Problem

ROWS = 40

_HELP = f"""
Power and siting for gigawatt data centres: how much gas, nuclear, grid, solar, wind and storage a campus takes, from
which year, at what cost, and what has to wait.

A SCENARIO is a YAML file or the name of a shipped one (`gigasite list`). A RUN is a folder below `results/` or the name
of a scenario, which means its latest run.

{EXIT_CODES_HELP}
"""

app = typer.Typer(
    name="gigasite",
    help=_HELP,
    epilog=examples_of("gigasite"),
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)

Scenarios = Annotated[list[str], typer.Argument(metavar="SCENARIO", help="Scenario files or names.")]
Results = Annotated[Path, typer.Option("--results", metavar="DIR", help="Folder of runs.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else on stdout.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress on stderr.")]
Excel = Annotated[Path | None, typer.Option("--excel", metavar="FILE", help="Write a workbook (.xlsx) as well.")]


def main() -> None:
    """Run the command line; an interrupt is told in a line, never in a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        app(prog_name="gigasite")
    except KeyboardInterrupt:
        sys.stderr.write("\ninterrupted\n")
        sys.exit(ExitCode.INTERRUPTED)


def told(command: Callable[..., Any]) -> Callable[..., Any]:
    """Tell every fault a planner can cause on stderr, and end with its exit code."""

    @functools.wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except GigasiteError as error:
            _tell(error)
            raise typer.Exit(code_of(error)) from None
        except KeyboardInterrupt:
            sys.stderr.write("\ninterrupted\n")
            raise typer.Exit(ExitCode.INTERRUPTED) from None

    return run


@app.callback(invoke_without_command=True)
def _options(
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.", is_eager=True)] = False,
) -> None:
    if version:
        from importlib.metadata import version as version_of

        typer.echo(f"gigasite {version_of('gigasite')}")
        raise typer.Exit


@app.command()
@told
def solve(
    scenarios: Scenarios,
    results: Results = api.RESULTS,
    cuts: Annotated[
        Path | None,
        typer.Option("--cuts", metavar="DIR", help="Keep what a solve learns here, and use what is there."),
    ] = None,
    excel: Annotated[
        bool, typer.Option("--excel", help="Write a workbook SCENARIO.xlsx into the folder of every run.")
    ] = False,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Solve scenarios and write their runs.

    Progress goes to stderr, the answer to stdout: sentences, capacity by year, cost. A scenario that fails is told on
    stderr with file, line and key, nothing is written for it, and the next one is tried.

    With `--json` stdout holds a list with one object per scenario, in the order given, and nothing else. Those that
    failed are in it too: their `status` is `bad_input`, `infeasible`, `failed`, `limit_without_plan`, `interrupted`
    or `not_tried`, their figures are null, and `problems` says what is wrong and where.

    Ctrl-C ends a decomposed solve after the round under way: its best plan so far is written with its gap, marked
    `interrupted`. A second Ctrl-C ends at once.

    Several scenarios in one call help each other, and with `--cuts` later calls too. What a solve learnt from another
    can make it faster or slower, never wrong.

    Exit code: 0 solved and checked, 1 a check or the solver failed, 2 bad input, 3 infeasible, 4 a limit was reached
    with a plan, 130 interrupted. Of several scenarios the worst counts.
    """
    from gigasite.cli.solving import solve_all

    raise typer.Exit(solve_all(scenarios, results, cuts=cuts, excel=excel, as_json=json, quiet=quiet))


@app.command()
@told
def check(scenarios: Scenarios) -> None:
    """Check scenarios without solving them; tells every fault with file, line and key."""
    from gigasite.cli.listing import describe
    from gigasite.cli.screen import answers

    codes = [ExitCode.SOLVED]
    for scenario in scenarios:
        try:
            loaded = api.check(scenario)
        except GigasiteError as error:
            _tell(error, scenario)
            codes.append(code_of(error))
        else:
            for line in describe(scenario, loaded):
                answers().print(line, soft_wrap=True)
    raise typer.Exit(worst(codes))


@app.command()
@told
def compare(
    runs: Annotated[list[str], typer.Argument(metavar="RUN", help="Two or more runs, or scenarios solved before.")],
    results: Results = api.RESULTS,
    csv: Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Write the table to a CSV file.")] = None,
    excel: Excel = None,
    json: Json = False,
) -> None:
    """Set runs side by side, each beside its difference to the first."""
    from gigasite.cli.comparing import print_comparison
    from gigasite.cli.screen import written_file
    from gigasite.results.compare import horizons, ratios

    if len(runs) < 2:  # noqa: PLR2004
        raise InputError(Problem("one run has nothing to be compared with", given=runs[0], allowed="two runs or more"))
    loaded = [api.load(run, results=results) for run in runs]
    print_comparison(api.compare(loaded), below=[*ratios(loaded), *horizons(loaded)], csv=csv, as_json=json)
    if excel is not None:
        written_file(api.workbook(loaded, excel))


@app.command()
@told
def report(
    runs: Annotated[list[str], typer.Argument(metavar="RUN", help="One run, or several to set side by side.")],
    results: Results = api.RESULTS,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="The page; report.html in the first run if left out."),
    ] = None,
) -> None:
    """Write a run as one page to send on: answer, costs, charts, a week to move through, prices, map, sources.

    The page is one file. It works from disk without a network, in light and dark, printed and on a phone.
    """
    from gigasite.cli.screen import written_file

    written_file(api.report([api.load(run, results=results) for run in runs], output))


app.command()(told(crosscheck))
app.command()(told(replay))
app.command()(told(flexibility))


@app.command()
@told
def screen(
    study: Annotated[str, typer.Argument(metavar="STUDY", help="Study file, or the name of a shipped study.")],
    results: Results = api.RESULTS,
    rows: Annotated[int, typer.Option(min=0, help="Most candidates to show; 0 shows all.")] = 15,
    image: Annotated[
        Path | None, typer.Option("--image", metavar="FILE", help="Write the map also as .png, .svg or .pdf.")
    ] = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Screen counties or parcels for sites: what rules them out, and the best of the rest with distances and costs.

    A STUDY is a YAML file with layers and exclusion rules. Candidates, what was excluded and why, and a map go to a
    folder below `results/`; scenarios take sites from there with `candidates: {file: ...}`. Exit code: 0, 2 bad input.
    """
    from gigasite.cli.screening import screen_and_tell

    screen_and_tell(study, results, rows=rows, image=image, as_json=json, quiet=quiet)


app.command()(told(finance))
app.command()(told(partnership))
app.command()(told(programmes))


@app.command()
@told
def show(
    run: Annotated[str, typer.Argument(metavar="RUN", help="Folder of a run, or a scenario solved before.")],
    table: Annotated[
        str | None, typer.Argument(metavar="[TABLE]", help="Table to show; left out: a list of them.")
    ] = None,
    results: Results = api.RESULTS,
    rows: Annotated[int, typer.Option(min=0, help="Most rows to show; 0 shows all.")] = ROWS,
    site: Annotated[str | None, typer.Option(help="Only this site.")] = None,
    year: Annotated[int | None, typer.Option(help="Only this year.")] = None,
    excel: Excel = None,
) -> None:
    """List the tables of a run, or show one; with `--excel FILE` all of them go to a workbook."""
    from gigasite.cli.listing import print_table, print_tables
    from gigasite.cli.screen import written_file

    loaded = api.load(run, results=results)
    if excel is not None:
        written_file(api.workbook(loaded, excel))
    elif table is None:
        print_tables(loaded)
    else:
        print_table(loaded, table, rows=rows, site=site, year=year)


app.command("map")(told(map_command))


@app.command("list")
@told
def list_(results: Results = api.RESULTS) -> None:
    """List the runs in a folder of runs, and the scenarios and studies that come with gigasite."""
    from gigasite.cli.listing import print_runs, print_scenarios

    print_runs(api.runs(results), results)
    print_scenarios(api.scenarios())
    print_scenarios(api.studies(), "Studies for `gigasite screen`")


@app.command()
@told
def schema(
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write it to a file.")] = None,
) -> None:
    """Print the JSON Schema of scenario files, for editors."""
    from gigasite.cli.screen import print_json, write_file

    if output is None:
        print_json(api.schema())
    else:
        write_file(output, api.schema())


@app.command()
@told
def serve(
    results: Results = api.RESULTS,
    scenarios: Annotated[
        Path | None, typer.Option("--scenarios", metavar="DIR", help="Folder of scenarios; scenarios/ or here.")
    ] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port on this machine; 0 takes a free one.")] = 8765,
) -> None:
    """Show scenarios and runs in the browser, on this machine only: edit, solve, compare; needs `gigasite[serve]`.

    Scenarios are checked while they are typed and written only when they are saved. Solves run one after another;
    Ctrl-C ends the page, and a solve under way writes its best plan.
    """
    from gigasite.serve.run_server import serve as run

    folder = scenarios if scenarios is not None else Path("scenarios") if Path("scenarios").is_dir() else Path()
    run(folder, results, port, lambda address: typer.echo(f"gigasite at {address} (Ctrl-C ends it)"))


@app.command()
@told
def doctor(json: Json = False) -> None:
    """Tell what is installed, what this machine offers, and what a command would lack.

    Exit code: 0 everything a solve needs is there, 1 it is not.
    """
    from gigasite.cli.diagnosis import diagnose_and_tell

    raise typer.Exit(diagnose_and_tell(as_json=json))


@app.command()
@told
def new(name: Annotated[str, typer.Argument(metavar="NAME", help="Name of the scenario, such as my-campus.")]) -> None:
    """Write a commented starter scenario NAME.yaml into this folder; a file that is there is never replaced."""
    from gigasite.cli.starter import write_starter

    path = write_starter(name, Path())
    typer.echo(f"{path} is written. Next: gigasite check {path.stem}, then gigasite solve {path.stem}")


add_examples(app)


def _tell(error: GigasiteError, scenario: str | None = None) -> None:
    from gigasite.cli.screen import print_problems

    title = {ExitCode.BAD_INPUT: "bad input", ExitCode.INFEASIBLE: "infeasible"}.get(code_of(error), "failed")
    print_problems(f"{scenario}: {title}" if scenario else title, problems_of(error))
