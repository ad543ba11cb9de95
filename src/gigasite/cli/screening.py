"""What a screen found, in the terminal or as JSON: a table of rules and the first candidates."""

from __future__ import annotations

import math
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gigasite import api
from gigasite.cli.frames import ShownColumn, fitting, rich_table
from gigasite.cli.progress import Interrupts, Stages
from gigasite.cli.screen import answers, messages, print_json, remark
from gigasite.report.numbers import style_of

if TYPE_CHECKING:
    import pandas as pd

    from gigasite.studies.screening.output import Screening
    from gigasite.studies.screening.tables import ScreeningTables

HEADING_WIDTH = 16
HEADINGS = {
    "grid_zone": "grid zone",
    "gas_hub": "gas hub",
    "connection_usd": "connection",
    "connection_kv": "line of",
    "connection_km": "to the\nline",
    "line_usd_per_kw": "line\nalone",
    "lateral_usd": "gas\nlateral",
    "trunk_distance_km": "gas\nlateral",
    "connection_and_lateral_usd": "connection\nand lateral",
    "mean_slope_percent": "mean\nslope",
    "flood_share": "flood",
    "protected_share": "protected",
    "land_ha": "land",
    "people_km": "people",
    "transmission_line_km": "line of\nthe rule",
    "pipeline_km": "pipeline",
    "water_km": "water",
}
"""Columns of the candidates and their headings, where they are not their words."""


def screen_and_tell(study: str, results: Path, *, rows: int, image: Path | None, as_json: bool, quiet: bool) -> None:
    """Screen a study and print what was found."""
    with Interrupts() as interrupts, Stages(interrupts, quiet=quiet) as stages:
        found = api.screen(study, results=results, image=image, progress=stages)
    if as_json:
        print_json(_json(found))
        return
    _print(found, rows)


def _json(found: Screening) -> dict[str, Any]:
    from gigasite.results.run import plain_json

    tables = found.tables
    return {
        "study": found.study,
        "path": str(found.path),
        "screened": tables.screened,
        "kept": tables.kept,
        "ranked_by": tables.ranked_by,
        "notes": list(found.notes),
        "rules": plain_json(tables.rules.to_dict(orient="records")),
        "candidates": plain_json(tables.candidates.to_dict(orient="records")),
    }


def _print(found: Screening, rows: int) -> None:
    from rich.text import Text

    console, tables = answers(), found.tables
    console.print()
    console.print(Text(f"{found.study}: {found.title}" if found.title else found.study, style="bold"))
    if found.question:
        console.print(Text(found.question, style="italic"), soft_wrap=not console.is_terminal)
    console.print()
    console.print(f"  {tables.kept:,} of {tables.screened:,} candidates stay.")
    console.print()
    if len(tables.rules):
        console.print(rich_table(_rule_columns(tables.rules)))
    if len(tables.candidates):
        shown = tables.candidates.head(rows) if rows else tables.candidates
        console.print(rich_table(fitting(_candidate_columns(tables, shown), console.width)))
        more = len(tables.candidates) - len(shown)
        remark(
            f"Ranked by {tables.ranked_by}, the least first; no weights. "
            + (f"{more:,} more candidates (--rows 0 shows all). " if more else "")
            + "Reasons and further columns stand in candidates.csv."
        )
    for note in found.notes:
        messages().print(f"[yellow]note[/] {note}", soft_wrap=True)
    console.print(f"Written to [bold]{found.path}[/]", soft_wrap=True)


def _rule_columns(rules: pd.DataFrame) -> list[ShownColumn]:
    def counts(name: str, heading: str) -> ShownColumn:
        return ShownColumn(name, heading, tuple(f"{value:,}" for value in rules[name]), is_number=True)

    return [
        ShownColumn("rule", "rule", tuple(str(label) for label in rules["label"]), is_number=False),
        counts("excluded", "excluded"),
        counts("only_this_rule", "only by\nthis rule"),
        counts("left_after", "left after it and\nthose above"),
    ]


def _candidate_columns(tables: ScreeningTables, table: pd.DataFrame) -> list[ShownColumn]:
    """Return rank and name, zone, what they are ranked by, then costs, distances and what else was measured."""
    from pandas.api.types import is_numeric_dtype

    ranks = tuple(str(rank) for rank in table["rank"])
    columns = [
        ShownColumn("rank", "", ranks, is_number=True),
        ShownColumn("name", "candidate", tuple(str(name) for name in table["name"]), is_number=False),
        ShownColumn("site", "site", tuple(str(site) for site in table["site"]), is_number=False),
    ]
    columns += [
        ShownColumn(name, HEADINGS[name], tuple(_text(value) for value in table[name]), is_number=False)
        for name in ("grid_zone",)
        if name in table
    ]
    ranked_by = [tables.ranked_by] if is_numeric_dtype(table[tables.ranked_by]) else []
    return columns + [_numbers(table, name) for name in dict.fromkeys([*ranked_by, *tables.measures])]


def _numbers(table: pd.DataFrame, name: str) -> ShownColumn:
    values = [float(value) for value in table[name]]
    known = [value for value in values if math.isfinite(value)]
    heading = HEADINGS.get(name, name.removesuffix("_km").replace("_", " "))
    if name.endswith("_share"):
        cells = tuple(_known(100 * value, ".0f", " %") for value in values)
        return ShownColumn(name, heading, cells, is_number=True)
    if name.endswith("_percent"):
        cells = tuple(_known(value, ".1f") for value in values)
        return ShownColumn(name, f"{heading}\n%", cells, is_number=True)
    if name.endswith("_ha"):
        return ShownColumn(name, f"{heading}\nha", tuple(_known(value, ",.0f") for value in values), is_number=True)
    if "multiplier" in name:
        heading = "\n".join(textwrap.wrap(heading, HEADING_WIDTH))
        return ShownColumn(name, heading, tuple(_known(value, ".3f") for value in values), is_number=True)
    if name.endswith("_km"):
        cells = tuple(_known(value, ",.1f") for value in values)
        return ShownColumn(name, f"{heading}\nkm", cells, is_number=True)
    style = style_of(name, known)
    cells = tuple("" if math.isnan(value) else style.text(value) for value in values)
    return ShownColumn(name, f"{heading}\n{style.unit}", cells, is_number=True)


def _known(value: float, form: str, unit: str = "") -> str:
    return "" if math.isnan(value) else f"{value:{form}}{unit}"


def _text(value: object) -> str:
    return "" if value is None or value != value else str(value)  # noqa: PLR0124 - NaN stands for a missing text too
