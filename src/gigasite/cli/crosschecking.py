"""A run beside PyPSA in the terminal, as CSV or as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gigasite import api
from gigasite.cli.frames import ShownColumn, rich_table
from gigasite.cli.outcomes import ExitCode
from gigasite.cli.progress import Interrupts, Stages
from gigasite.cli.screen import answers, messages, print_json, remark, write_file

if TYPE_CHECKING:
    from gigasite.run.crosscheck import CrossCheck
    from gigasite.run.crosscheck.answer import Compared

USD_PER_YEAR, MILLION = "USD/year", 1e6


def crosscheck_and_tell(
    run: str, results: Path, *, resolution_h: int, out: Path | None, as_json: bool, quiet: bool
) -> ExitCode:
    """Rebuild a run in PyPSA, print both sides and return the exit code."""
    with Interrupts() as interrupts, Stages(interrupts, quiet=quiet) as stages:
        found = api.crosscheck(run, results=results, resolution_h=resolution_h, progress=stages)
    if out is not None:
        write_file(out, found.frame.to_csv(index=False, lineterminator="\n"))
    if as_json:
        print_json(found.as_json())
    else:
        _print(found)
    return ExitCode.SOLVED if found.agrees else ExitCode.FAILED


def _print(found: CrossCheck) -> None:
    answers().print(rich_table(_columns(found.compared)))
    for line in found.remarks:
        answers().print(line, soft_wrap=True, markup=False)
    _print_list("Added to PyPSA's model as rows, since it has no attribute for them:", found.added_rows)
    _print_list("Left out of the comparison:", found.left_out)
    versions = ", ".join(f"{name} {version}" for name, version in found.versions.items())
    spent = sum(seconds for stage, seconds in found.seconds.items() if "PyPSA" in stage)
    remark(f"Sizing at {found.sizing_resolution_h}-hour means; {versions}; {spent:.1f} s in PyPSA.")
    if found.agrees:
        answers().print(f"Both agree within {found.tolerance:.0e} of the cost.", style="bold")
    for fault in found.faults:
        messages().print(f"differs: {fault}", style="bold red", soft_wrap=True, markup=False)


def _print_list(heading: str, lines: Sequence[str]) -> None:
    if lines:
        answers().print(heading, soft_wrap=True, markup=False)
        for line in lines:
            answers().print(f"  - {line}", soft_wrap=True, markup=False)


def _columns(compared: Sequence[Compared]) -> list[ShownColumn]:
    """Return the figures as columns of text: money in millions, and the difference as a share."""
    scales = [MILLION if one.unit == USD_PER_YEAR else 1.0 for one in compared]

    def texts(name: str, cells: Sequence[str]) -> ShownColumn:
        return ShownColumn(name, name, tuple(cells), is_number=False)

    def numbers(name: str, cells: Sequence[str]) -> ShownColumn:
        return ShownColumn(name, name, tuple(cells), is_number=True)

    pairs = list(zip(compared, scales, strict=True))
    return [
        texts("question", [one.question for one in compared]),
        texts("site", [one.site for one in compared]),
        numbers("year", [str(one.year) for one in compared]),
        texts("quantity", [one.quantity.replace("_", " ") for one in compared]),
        texts("unit", [f"million {one.unit}" if scale > 1 else one.unit for one, scale in pairs]),
        numbers("gigasite", [f"{one.gigasite / scale:,.3f}" for one, scale in pairs]),
        numbers("PyPSA", [f"{one.pypsa / scale:,.3f}" for one, scale in pairs]),
        numbers("difference", [f"{one.difference / scale:+,.3f}" for one, scale in pairs]),
        numbers("as a share", [f"{one.share:+.1e}" for one in compared]),
    ]
