"""Futures side by side: what each costs with the common plan, what it would have been, what is stranded."""

from __future__ import annotations

from gigasite.report.page.bars import bars_of_runs
from gigasite.report.page.section import Section
from gigasite.report.page.shown_table import shown_table
from gigasite.results.run import FUTURES, Run

WORDS = {
    "objective_usd": "Cost, waiting included",
    "known_cost_usd": "Known from the start",
    "regret_usd": "Regret",
    "regret_share": "Regret, share",
    "present_value_usd": "Cost of supply",
    "levelised_cost_usd_per_mwh": "Levelised",
    "stranded_mw": "Stranded",
    "surplus_mw": "Surplus",
    "stranded_cost_usd": "Paid for stranded",
}


def future_section(run: Run, key: str) -> Section | None:
    """The futures of a run; None where its scenario has none."""
    if not run.manifest.get(FUTURES):
        return None
    section = Section(f"{key}futures", "The futures", "Futures")
    names = ", ".join(run.futures)
    section.sentences.append(
        f"One plan until {run.manifest.get('known_in', 'the future is known')}, then one for each of: {names}. Every "
        "part of this page that names none shows means over the futures, by their probabilities. Each is a run of its "
        f"own: `gigasite report {run.scenario}/{next(iter(run.futures))}` makes its page."
    )
    table = run.table(FUTURES)
    kept = [name for name in ("future", "probability", *WORDS) if name in table and not table[name].isna().all()]
    section.tables.append(shown_table(table[kept], "Futures with the common plan, present value", words=WORDS))
    chart = bars_of_runs(dict(run.futures), f"{key}futures-capacity", "Capacity in the last year of each future")
    section.charts.append(chart)
    for name, caption in (
        ("committed", "What is decided before the future is known"),
        ("stranded", "What of it a future would not have"),
    ):
        if name in run.table_names and len(run.table(name)):
            section.long_tables.append(shown_table(run.table(name), caption))
    return section
