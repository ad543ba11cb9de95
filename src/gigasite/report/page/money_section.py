"""The money of a run on its page, where `gigasite finance` has written it: the price it takes, parts, cash by year."""

from __future__ import annotations

import pandas as pd

from gigasite.report.numbers import style_of, unit_of, words_of
from gigasite.report.page.section import Section
from gigasite.report.page.shown_table import PLAIN, Heading, ShownTable, sentence_case, shown_table
from gigasite.results.finance_store import FOLDER, read_finance
from gigasite.results.run import Run

SHOWN = (
    ("prices", "Price that the power must fetch, by what owners and lenders ask"),
    ("tranches", "Who lends and who owns"),
)
LONG = (
    ("price_parts", "What the price is made of"),
    ("years", "Cash by year, USD of the day"),
    ("cash_flow", "Every payment"),
    ("cost_of_capital", "Cost of capital by site and technology"),
)
MOST_ROWS = 400
WORDS = {
    "lcoe_usd_per_mwh": "Levelised cost at the cost of capital",
    "lcoe_before_tax_usd_per_mwh": "The same, before tax",
    "wacc_after_tax_nominal": "Cost of capital after tax, nominal",
    "wacc_after_tax_real": "Cost of capital after tax, real",
    "wacc_before_tax_nominal": "Cost of capital before tax, nominal",
    "wacc_before_tax_real": "Cost of capital before tax, real",
    "project_irr_nominal": "Return of the project, nominal",
    "project_npv_usd_nominal": "Net present value of the project",
    "equity_irr_nominal": "Return of the owners, nominal",
    "target_equity_return": "Return asked",
    "target_dscr": "Cash over debt service asked",
    "irr_nominal": "Return, nominal",
    "dscr_min": "Cash over debt service, least",
    "dscr_mean": "Cash over debt service, mean",
}
RATE, SHARE = "1/year", "capacity_factor"
"""A rate a year is written in percent, as a share is."""


def money_section(run: Run, key: str) -> Section | None:
    """Price, tranches and cash; None where the run was not financed."""
    folder = run.path / FOLDER
    written = {path.stem for path in folder.glob("*.parquet")} if folder.is_dir() else set()
    if not written:
        return None
    section = Section(f"{key}money", "Who pays, and what price it takes", "Money")
    section.sentences.append(
        "As `gigasite finance` last wrote it into the run. Money is in dollars of the day unless a table says real."
    )
    if "metrics" in written:
        section.tables.append(_metrics(read_finance(run, "metrics")))
    section.tables += [_shown(read_finance(run, name), caption) for name, caption in SHOWN if name in written]
    for name, caption in LONG:
        if name in written:
            table = read_finance(run, name)
            more = f", the first {MOST_ROWS} of {len(table):,} rows" if len(table) > MOST_ROWS else ""
            section.long_tables.append(_shown(table.head(MOST_ROWS), f"{caption}{more}"))
    return section


def _shown(table: pd.DataFrame, caption: str) -> ShownTable:
    kept = table.loc[:, [not table[name].isna().all() for name in table.columns]]
    return shown_table(kept, caption, words=WORDS, like={str(name): _like(str(name)) for name in kept.columns})


def _like(name: str) -> str:
    """The name whose unit and scale a figure takes: rates in percent, cover of debt as a plain number."""
    if "dscr" in name:
        return PLAIN
    return SHARE if unit_of(name) == RATE else name


def _metrics(metrics: pd.DataFrame) -> ShownTable:
    """The key figures of the project, one below the other."""
    rows = []
    for name, value in metrics.iloc[0].items():
        words = WORDS.get(str(name), sentence_case(words_of(str(name))))
        if isinstance(value, int | float) and not pd.isna(value):
            style = style_of(_like(str(name)), [float(value)])
            rows.append((words, style.text(float(value)), style.unit))
        elif isinstance(value, str) and value and name != "scenario":
            rows.append((words, value, ""))
    headings = (Heading("Figure", "", False), Heading("Value", "", True), Heading("Unit", "", False))
    return ShownTable("The project in figures", headings, tuple(rows))
