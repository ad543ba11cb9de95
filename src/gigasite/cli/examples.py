"""Examples of every command, below its help."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import typer

EXAMPLES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "gigasite": (
        ("gigasite solve portsmouth", "solves a shipped scenario, from any folder"),
        ("gigasite new my-campus", "writes a commented file to start from"),
        ("gigasite solve my-campus --results runs", "solves it into another folder of runs"),
        ("gigasite compare portsmouth portsmouth-smr", "sets two answers side by side"),
        ("gigasite report portsmouth", "writes the latest run as a page to send on"),
    ),
    "solve": (
        ("gigasite solve portsmouth", "solves a shipped scenario"),
        ("gigasite solve my-campus.yaml --excel", "solves a file, and writes a workbook into its run"),
        ("gigasite solve portsmouth portsmouth-smr --json -q > both.json", "hands two answers to a program"),
    ),
    "check": (("gigasite check my-campus", "tells every fault of my-campus.yaml at once"),),
    "compare": (
        ("gigasite compare portsmouth portsmouth-smr", "sets the latest runs of two scenarios side by side"),
        ("gigasite compare portsmouth portsmouth-smr --excel both.xlsx", "writes them as a workbook as well"),
    ),
    "report": (
        ("gigasite report portsmouth", "writes report.html into the latest run"),
        ("gigasite report portsmouth portsmouth-smr -o both.html", "sets two runs side by side in a file"),
    ),
    "crosscheck": (("gigasite crosscheck portsmouth", "solves the latest run again in PyPSA"),),
    "replay": (("gigasite replay abilene --years 5000", "replays 5,000 outage years of every site and year"),),
    "flexibility": (("gigasite flexibility portsmouth-flexible --shares 0.005,0.01", "tries two shares"),),
    "screen": (("gigasite screen pjm-miso-ercot --rows 30", "screens the counties of a shipped study"),),
    "finance": (("gigasite finance portsmouth-gas-only --returns 0.12", "tells the price that earns 12 %"),),
    "partnership": (("gigasite partnership portsmouth-gas-only", "shares the cash over power prices"),),
    "programmes": (("gigasite programmes portsmouth", "sets a run beside what was announced"),),
    "show": (
        ("gigasite show portsmouth", "lists the tables of the latest run"),
        ("gigasite show portsmouth capacity --year 2035", "shows one year of one of them"),
        ("gigasite show portsmouth --excel portsmouth.xlsx", "writes all of them to a workbook"),
    ),
    "map": (("gigasite map national-580 -o sites.png", "draws the sites of a run as an image"),),
    "list": (("gigasite list --results runs", "lists the runs of another folder"),),
    "schema": (("gigasite schema -o scenario.schema.json", "writes the schema for an editor"),),
    "serve": (("gigasite serve --scenarios my-scenarios --port 0", "takes a free port and prints its address"),),
    "doctor": (("gigasite doctor", "tells what this machine has and lacks"),),
    "new": (("gigasite new my-campus", "writes my-campus.yaml"),),
}


def examples_of(command: str) -> str | None:
    """The examples of a command in Markdown; None where it has none."""
    found = EXAMPLES.get(command, ())
    if not found:
        return None
    lines = (f"- {what[0].upper()}{what[1:]}: `{line}`" for line, what in found)
    return "\n\n".join([f"Example{'s' if len(found) > 1 else ''}:", *lines])


def add_examples(app: typer.Typer) -> None:
    """Put its examples below the help of every command that is registered by now."""
    for command in app.registered_commands:
        name = str(command.name or getattr(command.callback, "__name__", ""))
        command.epilog = command.epilog or examples_of(name)
