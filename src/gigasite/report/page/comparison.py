"""Several runs side by side on a page: figures, differences to the first, and charts of what differs."""

from __future__ import annotations

import math
from collections.abc import Sequence

from gigasite.report.numbers import style_of, words_of
from gigasite.report.page.bars import bars_of_runs
from gigasite.report.page.drawn import Drawn, drawn
from gigasite.report.page.section import Section
from gigasite.report.page.shown_table import Heading, ShownTable, sentence_case
from gigasite.report.waterfall_chart import waterfall_chart
from gigasite.results.compare import compare, horizons, ratios, run_labels
from gigasite.results.run import Run

LABELS = {
    "levelised_cost_usd_per_mwh": "Levelised cost of energy",
    "levelised_cost_usd_per_kw_month": "Levelised cost of capacity",
    "published_price_usd_per_mwh": "Published price",
}
"""Figures that are told apart by their unit alone."""


def comparison_section(runs: Sequence[Run]) -> Section:
    """The section of a page that sets runs side by side."""
    section = Section("side-by-side", "Side by side", sentences=[*ratios(runs), *horizons(runs)])
    differ, same = _figures(runs)
    section.tables.append(differ)
    if same.rows:
        section.long_tables.append(same)
    named = dict(zip(run_labels(runs), runs, strict=True))
    section.charts += [_waterfall(name, run, runs[0], at) for at, (name, run) in enumerate(named.items()) if at]
    section.charts.append(bars_of_runs(named, "side-by-side-capacity", "Capacity in the last year"))
    return section


def _figures(runs: Sequence[Run]) -> tuple[ShownTable, ShownTable]:
    """The table of `gigasite compare`, each row in a unit that fits it: what differs, and what is the same in all."""
    frame = compare(list(runs))
    names = [name for name in frame.columns[2:] if not str(name).startswith("per cent ")]
    differ: list[tuple[str, ...]] = []
    same: list[tuple[str, ...]] = []
    for record in frame.to_dict(orient="records"):
        values = [float(record[name]) for name in names]
        known = [value for value in values if math.isfinite(value)]
        if any(known):
            style = style_of(str(record["quantity"]), known)
            cells = (
                *("" if math.isnan(value) else style.text(value) for value in values[: len(runs)]),
                *("" if math.isnan(value) else _difference(style.text(value)) for value in values[len(runs) :]),
            )
            row = (_words(str(record["quantity"])), style.unit, *cells)
            (same if len(set(cells[: len(runs)])) == 1 else differ).append(row)
    headings = (Heading("", "", False), Heading("Unit", "", False), *(Heading(str(name), "", True) for name in names))
    return (
        ShownTable("What differs, with differences to the first run", headings, tuple(differ)),
        ShownTable("What is the same in every run", headings, tuple(same)),
    )


def _difference(text: str) -> str:
    """A difference with its sign; one of shares in points.

    >>> _difference("1.2"), _difference("-1.2 %"), _difference("0.0")
    ('+1.2', '-1.2 points', '0.0')
    """
    rises = not text.startswith("-") and any(digit in text for digit in "123456789")
    return f"{'+' if rises else ''}{text.replace('%', 'points')}"


def _words(quantity: str) -> str:
    """A figure in words, its unit apart.

    >>> _words("levelised_cost_usd_per_mwh"), _words("wanted_2028_mw"), _words("co2_t")
    ('Levelised cost of energy', 'Wanted 2028', 'CO2')
    """
    return LABELS.get(quantity) or sentence_case(words_of(quantity).replace("co2", "CO2"))


def _waterfall(name: str, run: Run, first: Run, number: int) -> Drawn:
    """From the cost of the first run to that of another."""
    figure = waterfall_chart(first, run)
    unit = str(figure.layout.xaxis.title.text)
    words = f"Waterfall of the cost of supply by technology, from the first run to {name}"
    title = f"From {first.title} to {run.title}"
    return drawn(f"side-by-side-waterfall-{number}", title, figure, subtitle=unit, own_height=True, words=words)
