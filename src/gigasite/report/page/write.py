"""Write the page of a run, or of several side by side: one file, whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from gigasite.foundation.errors import InputError, Problem
from gigasite.report.page.comparison import comparison_section
from gigasite.report.page.content import Content, content_of
from gigasite.report.page.hours import MOST_BYTES
from gigasite.report.page.packing import packed, script_json
from gigasite.report.page.section import Section, section_or_gap
from gigasite.results.run import Run

HERE = Path(__file__).parent
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline' blob:; img-src data: blob:; "
    "form-action 'none'; base-uri 'none'"
)
"""What a browser is told: nothing from outside the file."""

MOST_RUNS = 8
"""More cannot be read side by side."""


def write_page(runs: Sequence[Run], path: Path) -> Path:
    """Write one page for one run or several.

    Args:
        runs: the runs, the first being the one that others are compared with.
        path: the file, which ends in `.html`; one that is there is replaced.

    Raises:
        InputError: no run or too many, another ending, or the file cannot be written.
    """
    if not 1 <= len(runs) <= MOST_RUNS:
        raise InputError(Problem("a report is of one run or a few", given=f"{len(runs)}", allowed=f"1 to {MOST_RUNS}"))
    if path.suffix.lower() not in {".html", ".htm"}:
        remedy = f"{path.with_suffix('.html')}"
        raise InputError(Problem("a report is a file that ends in .html", given=str(path), remedy=remedy))
    text = page(runs)
    partial = path.with_name(f".{path.name}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(text, encoding="utf-8", newline="\n")
        partial.replace(path)
    except OSError as error:
        if partial.is_file():
            partial.unlink()
        raise InputError(Problem(f"{path} cannot be written: {error.strerror}", given=str(path))) from None
    return path


def page(runs: Sequence[Run]) -> str:
    """The text of the page."""
    from gigasite.report.dark import DARK

    keys = [""] if len(runs) == 1 else [f"run{number}-" for number in range(1, len(runs) + 1)]
    room = MOST_BYTES // len(runs)
    contents: list[Content] = [content_of(run, key, room) for run, key in zip(runs, keys, strict=True)]
    compared = _compared(runs) if len(runs) > 1 else None
    title = runs[0].title if len(runs) == 1 else " and ".join(run.title for run in runs)
    rendered: str = _template().render(
        title=title,
        contents=contents,
        comparison=compared,
        runs=[str(run.path) for run in runs],
        version=version("gigasite"),
        style=(HERE / "report.css").read_text(encoding="utf-8"),
        script=(HERE / "report.js").read_text(encoding="utf-8"),
        dark=script_json({light.lower(): dark for light, dark in DARK.items()}),
        plotly=_plotly(),
        policy=POLICY,
    )
    return rendered


def _compared(runs: Sequence[Run]) -> Section:
    name, title = "side-by-side", "Side by side"
    found = section_or_gap(name, title, lambda: comparison_section(runs))
    return Section(name, title) if found is None else found


def _template() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("report.html.j2")


@cache
def _plotly() -> str:
    """Plotly as it comes with its Python package, packed."""
    from plotly.offline import get_plotlyjs

    return packed(get_plotlyjs().encode("utf-8"))
