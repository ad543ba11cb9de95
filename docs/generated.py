"""Pages that are made from the code, the inputs and the measurements, each time the documentation is built.

MkDocs calls `on_files`; nothing that is generated is kept in the repository, so nothing of it can grow old.
"""

from __future__ import annotations

import csv
import inspect
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[1]
SOURCE = "https://example.org/gigasite/"
EQUATION = re.compile(r"(?m)^( {4,}\S.*)$")


def on_files(files: Files, config: Any) -> Files:
    """Add every generated page."""
    for path, text in pages():
        files.append(File.generated(config, path, content=text))
    return files


def pages() -> Iterator[tuple[str, str]]:
    """Path and text of every generated page."""
    yield "formulation/technologies.md", _features("Technologies", "technologies")
    yield "formulation/requirements.md", _features("Requirements", "requirements")
    yield "formulation/shared.md", _modules(
        "Shared parts",
        "What plants of a kind have in common, and the sums that everything adds itself to.",
        ("vintages", "generation", "weather_plant", "whole_units", "hubs"),
        "gigasite.formulation",
    )
    yield "formulation/solving.md", _modules(
        "How it is solved",
        "The method of the decomposed solve, and the checks on its answer.",
        ("decomposed", "decomposed.method", "decomposed.cut", "decomposed.answer", "whole"),
        "gigasite.solve",
    )
    yield "reference/columns.md", _columns()
    yield "reference/tables.md", _tables()
    yield "reference/scenario.md", _scenario_keys()
    yield "reference/commands.md", _commands()
    yield "reference/inputs.md", (ROOT / "inputs" / "README.md").read_text(encoding="utf-8")
    yield "reference/changes.md", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    yield "reference/house.md", (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").replace("](docs/", "](../")
    yield "measured.md", _measured()


def _features(title: str, folder: str) -> str:
    from gigasite.formulation.registry import requirements, technologies

    found: Mapping[str, Any] = technologies() if folder == "technologies" else requirements()
    parts = [f"# {title}", "Each is one file, and what follows is the text that stands at its head.", ""]
    for feature in sorted(found.values(), key=lambda one: (one.order, one.name)):
        module = import_module(feature.build.__module__)
        if Path(str(module.__file__)).parent.name != folder:
            module = import_module(f"gigasite.formulation.{folder}.{feature.name}")
        file = Path(str(module.__file__)).relative_to(Path(str(import_module("gigasite").__file__)).parent)
        parts += [f"## {feature.label}", f"`src/gigasite/{file.as_posix()}`", "", _body(module), *_options(feature.spec)]
    return "\n".join(parts) + "\n"


def _modules(title: str, about: str, names: Sequence[str], package: str) -> str:
    parts = [f"# {title}", "", about, ""]
    for name in names:
        module = import_module(f"{package}.{name}")
        words = name.rpartition(".")[2].replace("_", " ").capitalize()
        path = f"src/{package.replace('.', '/')}/{name.replace('.', '/')}"
        parts += [f"## {words}", f"`{path}`", "", _body(module)]
    return "\n".join(parts) + "\n"


def _body(module: Any) -> str:
    """The docstring of a module as Markdown: what is indented is an equation."""
    return inspect.cleandoc(module.__doc__ or "") + "\n"


def _options(spec: Any) -> Iterator[str]:
    """Options of a feature in a scenario, from its own class."""
    if spec is None or not spec.model_fields:
        return
    own = [name for name in spec.model_fields if name in spec.__annotations__]
    if not own:
        return
    yield "| option | meaning |"
    yield "|---|---|"
    for name in own:
        yield f"| `{name}` | {_cell(spec.model_fields[name].description or '')} |"
    yield ""


def _columns() -> str:
    from gigasite.foundation.names import COLUMNS

    parts = [
        "# Nomenclature", "", "Every column of every table: one name from the scenario to the result.", "",
        "| column | unit | varies over | meaning |", "|---|---|---|---|",
    ]  # fmt: skip
    for column in sorted(COLUMNS.values(), key=lambda one: one.name):
        over = ", ".join(column.dims)
        parts.append(f"| `{column.name}` | {column.unit} | {over} | {_cell(column.meaning)} |")
    return "\n".join(parts) + "\n"


def _tables() -> str:
    from gigasite.foundation.table_names import TABLES

    parts = ["# Tables of a run", "", "| table | holds |", "|---|---|"]
    parts += [f"| `{name}` | {meaning} |" for name, meaning in TABLES.items()]
    parts += ["", "Hours are in the folder `hourly/` of the run, one file for each site and year."]
    return "\n".join(parts) + "\n"


def _scenario_keys() -> str:
    from gigasite import api

    schema = api.schema()
    parts = [
        "# Keys of a scenario", "",
        "Everything a scenario file may say. What is left out comes from `base.yaml` and from the cited figures of",
        "inputs/. An editor shows the same while you type: `gigasite schema --output scenario.schema.json`.", "",
        "| key | meaning |", "|---|---|",
        *_rows_of(schema["properties"]), "",
    ]  # fmt: skip
    for name, definition in sorted(schema["$defs"].items()):
        rows = list(_rows_of(definition.get("properties", {})))
        if rows:
            words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name.removesuffix("Spec")).capitalize()
            about = " ".join(str(definition.get("description", "")).split())
            parts += [f"## {words}", "", about, "", "| key | meaning |", "|---|---|", *rows, ""]
    return "\n".join(parts) + "\n"


def _rows_of(properties: Mapping[str, Any]) -> Iterator[str]:
    for name, entry in properties.items():
        yield f"| `{name}` | {_cell(str(entry.get('description', '')))} |"


def _commands() -> str:
    import click
    from typer.main import get_command

    from gigasite.cli.app import app

    group = get_command(app)
    context = click.Context(group, info_name="gigasite")
    parts = ["# Commands", "", _plain(group.help or ""), ""]
    for name in group.list_commands(context):  # type: ignore[attr-defined]
        command = group.get_command(context, name)  # type: ignore[attr-defined]
        usage = " ".join(command.collect_usage_pieces(click.Context(command, info_name=name, parent=context)))
        parts += [f"## gigasite {name}", "", f"`gigasite {name} {usage}`", "", _plain(command.help or ""), ""]
        options = [one for one in command.params if getattr(one, "help", None) and one.param_type_name == "option"]
        if options:
            parts += ["| option | meaning |", "|---|---|"]
            parts += [f"| `{', '.join(one.opts)}` | {_cell(one.help)} |" for one in options]
            parts.append("")
    return "\n".join(parts) + "\n"


def _plain(text: str) -> str:
    return inspect.cleandoc(text.replace("\b", ""))


MEASURED = {
    "start_up": ("Starting", ("command", "median_s", "over_empty_python")),
    "build_and_hand_over": (
        "Building a problem and handing it to the solver",
        ("sites", "route", "seconds", "times_gigasite", "peak_mb"),
    ),
    "whole_lp": ("The whole problem at once", ("sites", "solver", "seconds", "status", "peak_mb")),
    "decomposed": ("Decomposed, over every hour", ("measure", "target", "value", "met", "note")),
    "candidates": ("Many candidates", ("site_years", "seconds", "gap", "peak_gib", "target", "met")),
    "screening": ("Screening", ("case", "seconds", "target_s", "met")),
    "replay": ("Replaying outages", ("case", "outage_years", "seconds", "target_s", "met")),
}


def _measured() -> str:
    parts = [
        "# Measured", "",
        "Written by `make bench` into `benchmarks/*.csv`, each figure with date, machine and versions; this page shows",
        "those files as they are. A target that was missed stands here as missed.", "",
    ]  # fmt: skip
    for name, (title, wanted) in MEASURED.items():
        file = ROOT / "benchmarks" / f"{name}.csv"
        if file.is_file():
            with file.open(encoding="utf-8", newline="") as stream:
                rows = list(csv.DictReader(stream))
            shown = [column for column in wanted if rows and column in rows[0]]
            parts += [f"## {title}", "", *_table(shown, ([row[c] for c in shown] for row in rows)), ""]
            if rows and "date" in rows[0]:
                parts += [f"Measured {rows[0]['date']} on {rows[0].get('cores', '?')} cores.", ""]
    return "\n".join(parts) + "\n"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield "| " + " | ".join(name.replace("_", " ") for name in head) + " |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield "| " + " | ".join(_cell(cell) for cell in row) + " |"


def _cell(text: str) -> str:
    """A text inside a table: one line, no bar, and no angle bracket that a browser would take for an element."""
    return " ".join(str(text).split()).replace("|", "\\|").replace("<", "&lt;")
