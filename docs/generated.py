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
CODE = re.compile(r"(`+[^`]*`+)")


def on_files(files: Files, config: Any) -> Files:
    """Add every generated page."""
    for path, text in pages():
        files.append(File.generated(config, path, content=text))
    return files


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Put what was missed where a page asks for it."""
    return markdown.replace("<!-- missed -->", "\n".join(_missed())) if "<!-- missed -->" in markdown else markdown


def pages() -> Iterator[tuple[str, str]]:
    """Path and text of every generated page."""
    yield "formulation/technologies.md", _features("Technologies", "technologies")
    yield "formulation/requirements.md", _features("Requirements", "requirements")
    yield (
        "formulation/shared.md",
        _modules(
            "Shared parts",
            "What plants of a kind have in common, and the sums that everything adds itself to.",
            ("vintages", "generation", "weather_plant", "whole_units", "hubs"),
            "gigasite.formulation",
        ),
    )
    yield (
        "formulation/solving.md",
        _modules(
            "How it is solved",
            "The method of the decomposed solve, and the checks on its answer.",
            ("decomposed", "decomposed.method", "decomposed.cut", "decomposed.answer", "whole"),
            "gigasite.solve",
        ),
    )
    yield "reference/columns.md", _columns()
    yield "reference/tables.md", _tables()
    yield "reference/scenario.md", _scenario_keys()
    yield "reference/commands.md", _commands()
    yield "reference/inputs.md", (ROOT / "inputs" / "README.md").read_text(encoding="utf-8")
    yield "reference/python.md", _python()
    yield "reference/changes.md", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    yield "reference/house.md", (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").replace("](docs/", "](../")
    yield "decisions/index.md", _decisions()
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
        parts += [
            f"## {feature.label}",
            f"`src/gigasite/{file.as_posix()}`",
            "",
            _body(module),
            *_options(feature.spec),
        ]
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
    """The docstring of a module as Markdown: what is indented is an equation, and `<` outside of code is a sign."""
    lines = inspect.cleandoc(module.__doc__ or "").splitlines()
    return "\n".join(line if line.startswith("    ") else _escaped(line) for line in lines) + "\n"


def _escaped(line: str) -> str:
    """A line of words with its angle brackets as text; what stands in backticks is code already."""
    parts = CODE.split(line)
    return "".join(part if part.startswith("`") else part.replace("<", "&lt;") for part in parts)


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


def _python() -> str:
    import gigasite

    parts = [
        "# Python", "", "What `import gigasite` offers. Tables are pandas DataFrames, charts are Plotly figures.", "",
    ]  # fmt: skip
    verbs = [name for name in gigasite.__all__ if name.islower() and not name.startswith("_")]
    faults = [name for name in gigasite.__all__ if name[0].isupper() and name != "Run"]
    parts += ["## Verbs", "", *(_reference(f"gigasite.api.{name}", f"gigasite.{name}") for name in verbs)]
    parts += [
        "## A run", "", "What `solve` and `load` return.", "",
        _reference("gigasite.report.run_with_charts.RunWithCharts", "gigasite.Run", inherited=True),
        _reference("gigasite.report.charts.Charts", "run.plot"),
        _reference("gigasite.report.comparison_with_charts.ComparisonCharts", "comparison.plot"),
        "## Errors", "", "What goes wrong is told in one of these: what, where, and what to do.", "",
    ]  # fmt: skip
    return "\n".join(
        [*parts, *(_reference(f"gigasite.foundation.errors.{name}", f"gigasite.{name}") for name in faults)]
    )


def _reference(path: str, heading: str, *, inherited: bool = False) -> str:
    options = [f"heading: {heading}", "heading_level: 3"] + (["inherited_members: true"] if inherited else [])
    return f"::: {path}\n    options:\n" + "".join(f"      {option}\n" for option in options)


def _decisions() -> str:
    about = "What someone may question later, one page each: context, choice, consequences, and what was measured."
    parts = ["# Decisions", "", about, ""]
    for number, file in enumerate(sorted((ROOT / "docs" / "decisions").glob("0*.md")), start=1):
        title = re.sub(r"^# *[0-9]+[.:] *", "", file.read_text(encoding="utf-8").partition("\n")[0])
        parts.append(f"{number}. [{title[:1].upper()}{title[1:]}]({file.name})")
    return "\n".join(parts) + "\n"


MEASURED = {
    "start_up": ("Starting", ("command", "median_s", "over_empty_python")),
    "build_and_hand_over": (
        "Building a problem and handing it to the solver",
        ("sites", "route", "seconds", "times_gigasite", "peak_mb"),
    ),
    "whole_lp": ("The whole problem at once", ("sites", "solver", "seconds", "status", "peak_mb")),
    "decomposed": ("Decomposed, over every hour", ("measure", "target", "value", "met", "note")),
    "clauses": (
        "Clauses of a campus, none used and all used",
        ("measure", "seconds", "reference_s", "value", "target", "met"),
    ),
    "candidates": ("Many candidates", ("site_years", "seconds", "gap", "peak_gib", "target", "met")),
    "screening": ("Screening", ("case", "seconds", "target_s", "met")),
    "replay": ("Replaying outages", ("case", "outage_years", "seconds", "target_s", "met")),
}


def _rows_measured(name: str) -> list[dict[str, str]]:
    file = ROOT / "benchmarks" / f"{name}.csv"
    if not file.is_file():
        return []
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _missed() -> Iterator[str]:
    """Table of the targets that the last benchmarks did not reach, or a sentence."""
    found = list(_missed_in_building())
    for name in MEASURED:
        for row in _rows_measured(name):
            if row.get("met", "yes") not in ("yes", "not asked"):
                what = row.get("measure") or f"{name}: {row.get('case', '')}".strip(": ")
                value = row.get("value") or row.get("seconds") or ""
                found.append([what, row.get("target") or f"at most {row.get('target_s', '')} s", value or "no answer"])
    if found:
        yield from _table(("measure", "asked", "measured"), found)
    else:
        yield "Nothing."


def _missed_in_building() -> Iterator[list[str]]:
    """What was asked of building four sites, where it was not reached: its file has ratios and no targets."""
    rows = {row["route"]: row for row in _rows_measured("build_and_hand_over") if row["sites"] == "4"}
    if not {"gigasite", "PyPSA"} <= rows.keys():
        return
    for what, asked, target, value in (
        ("against raw arrays", "at most", 2.0, float(rows["gigasite"]["times_raw"])),
        ("times faster than PyPSA", "at least", 10.0, float(rows["PyPSA"]["times_gigasite"])),
        ("memory as a share of PyPSA's", "at most", 0.5, 1.0 / float(rows["PyPSA"]["memory_times_gigasite"])),
    ):
        if (value > target) if asked == "at most" else (value < target):
            yield [f"building 4 sites: {what}", f"{asked} {target:g}", f"{value:.4g}"]


def _measured() -> str:
    parts = [
        "# Measured", "",
        "Written by `make bench` into `benchmarks/*.csv`, each figure with date, machine and versions; this page shows",
        "those files as they are. A target that was missed stands here as missed.", "",
    ]  # fmt: skip
    for name, (title, wanted) in MEASURED.items():
        rows = _rows_measured(name)
        if rows:
            shown = [column for column in wanted if column in rows[0]]
            parts += [f"## {title}", "", *_table(shown, ([row[c] for c in shown] for row in rows)), ""]
            if "date" in rows[0]:
                parts += [f"Measured {rows[0]['date']} on {rows[0].get('cores', '?')} cores.", ""]
    return "\n".join(parts) + "\n"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield "| " + " | ".join(name.replace("_", " ") for name in head) + " |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield "| " + " | ".join(_cell(cell) for cell in row) + " |"


def _cell(text: str) -> str:
    """A text inside a table: one line, no bar, and no angle bracket that a browser would take for an element."""
    return _escaped(" ".join(str(text).split()).replace("|", "\\|"))
