"""What the figures of inputs/ rest on, as a generated page: files, keys, units, confidence and sources."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from gigasite.foundation.errors import InputError
from gigasite.inputs.figure_rows import COMMON_COLUMNS, CONFIDENCES, read_table_file
from gigasite.inputs.figure_table import Table
from gigasite.inputs.text_file import read_text

README = "README.md"

_HEAD = """# Inputs

Every figure the model uses, one row each, with unit, money, source and confidence. This page is generated from the
files beside it; do not edit it.

A row is found by its key columns; after them every file of figures has the same columns: {columns}.
A key that is left empty fits every value. `value` is a number in `unit`; money is in the currency of the unit and in
the year `currency_year`. `source` and `locator` say where the figure was read, `source_year` when that was published.

| confidence | meaning |
|---|---|
| published | read in the publisher's own data set or document |
| derived | computed from published rows; the formula is in `note` |
| reported | read in a secondary page |
| estimate | a planning value; the reason is in `note` |

A folder `inputs/` beside a scenario wins row by row over these files, and a scenario may override any figure with a
reason.
"""


def write_inputs_readme(folder: Path) -> str:
    """Write README.md of a folder of figures and return its text."""
    text = inputs_readme(folder)
    (folder / README).write_text(text, encoding="utf-8", newline="\n")
    return text


def inputs_readme(folder: Path) -> str:
    """Return the page that describes a folder of figures; the same files give the same text.

    Raises:
        InputError: a file with a bad row.
    """
    tables = []
    for path in sorted(folder.glob("*.csv")):
        file = read_table_file(path)
        if file.problems:
            raise InputError(file.problems)
        tables.append(file.table)
    figures = [table for table in tables if table.has_figures]
    parts = [_HEAD.format(columns=", ".join(f"`{name}`" for name in COMMON_COLUMNS))]
    parts.append(_figures_section(figures))
    parts.append(_other_section(folder, [table for table in tables if not table.has_figures]))
    parts.append(_sources_section(figures))
    return "\n".join(part for part in parts if part)


def _figures_section(tables: list[Table]) -> str:
    lines = ["## Figures", "", f"| file | rows | keys | units | {' | '.join(CONFIDENCES)} |", "|---" * 8 + "|"]
    totals: Counter[str] = Counter()
    for table in tables:
        confidences = Counter(_column(table, "confidence"))
        totals.update(confidences)
        units = ", ".join(sorted(set(_column(table, "unit"))))
        counts = " | ".join(_count(confidences[name]) for name in CONFIDENCES)
        lines.append(
            f"| {table.name}.csv | {_count(len(table.rows))} | {', '.join(table.keys)} | {_cell(units)} | {counts} |"
        )
    counts = " | ".join(_count(totals[name]) for name in CONFIDENCES)
    lines.append(f"| all | {_count(sum(totals.values()))} | | | {counts} |")
    return "\n".join(lines) + "\n"


def _other_section(folder: Path, tables: list[Table]) -> str:
    lines = ["## Names and places", "", "| file | rows | columns |", "|---|---|---|"]
    lines.extend(f"| {table.name}.csv | {_count(len(table.rows))} | {', '.join(table.columns)} |" for table in tables)
    for path in sorted(folder.glob("*.geojson")):
        features = json.loads(read_text(path)).get("features", [])
        columns = list(dict.fromkeys(name for feature in features for name in feature["properties"]))
        lines.append(f"| {path.name} | {_count(len(features))} | {', '.join(columns)} |")
    return "\n".join(lines) + "\n"


def _sources_section(tables: list[Table]) -> str:
    rows: Counter[str] = Counter()
    used_in: dict[str, list[str]] = {}
    for table in tables:
        for source, count in Counter(_column(table, "source")).items():
            rows[source] += count
            used_in.setdefault(source, []).append(table.name)
    lines = ["## Sources", "", "| source | rows | files |", "|---|---|---|"]
    lines.extend(
        f"| {_cell(source)} | {_count(rows[source])} | {', '.join(used_in[source])} |"
        for source in sorted(rows, key=lambda text: (text.casefold(), text))
    )
    return "\n".join(lines) + "\n"


def _column(table: Table, name: str) -> list[str]:
    position = table.position(name)
    return [row.cells[position] for row in table.rows]


def _count(number: int) -> str:
    return f"{number:,}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
