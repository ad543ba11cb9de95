"""What flexible connections buy, in the terminal, as CSV or as JSON."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import TYPE_CHECKING

from gigasite import api
from gigasite.cli.frames import ShownColumn, rich_table
from gigasite.cli.outcomes import ExitCode
from gigasite.cli.progress import Interrupts, Stages
from gigasite.cli.screen import answers, messages, print_json, remark, write_file
from gigasite.foundation.errors import InputError, Problem
from gigasite.report.numbers import style_of

if TYPE_CHECKING:
    import pandas as pd

    from gigasite.studies.flexibility import FlexibilityStudy

ENERGISED = re.compile(r"energised_(\d{4})_mw")


def flexibility_and_tell(
    scenario: str, results: Path, *, shares: str, csv: Path | None, as_json: bool, quiet: bool
) -> ExitCode:
    """Solve a scenario at every share, print the table and return the exit code."""
    with Interrupts() as interrupts, Stages(interrupts, quiet=quiet) as stages:
        found = api.flexibility(scenario, shares=shares_of(shares), results=results, progress=stages)
    if csv is not None:
        write_file(csv, found.table.to_csv(index=False, lineterminator="\n"))
    if as_json:
        from gigasite.results.run import plain_json

        print_json(plain_json(found.table.to_dict(orient="records")))
    else:
        _print(found)
    return ExitCode.SOLVED if all(run.checks_passed for run in found.runs) else ExitCode.FAILED


def shares_of(text: str) -> tuple[float, ...]:
    """Shares as a planner lists them.

    >>> shares_of("0.0025, 0.01")
    (0.0025, 0.01)
    """
    try:
        return tuple(float(part) for part in text.split(",") if part.strip())
    except ValueError:
        problem = Problem(
            "shares are numbers with commas between them", key="--shares", given=text, allowed="0.0025,0.005,0.01"
        )
        raise InputError(problem) from None


def _print(found: FlexibilityStudy) -> None:
    answers().print(rich_table(_columns(found.table)))
    remark(
        f"Connections of {', '.join(found.sites)} against the same without a non-firm connection. Earlier: idle "
        "MW-years saved for each MW wanted. Worth: saved per MWh more that the grid may take than in the row before."
    )
    remark("Headroom at 0.25 and 1 % follows the sum of 22 balancing areas: an estimate for any one region.")
    for run in found.runs:
        if not run.checks_passed:
            messages().print(f"{run.scenario}: a check failed, see {run.path}", style="bold red", soft_wrap=True)


def _columns(table: pd.DataFrame) -> list[ShownColumn]:
    def of(name: str, heading: str, written_like: str = "") -> ShownColumn:
        values = [float(value) for value in table[name]]
        style = style_of(written_like or name, values)
        cells = tuple("" if math.isnan(value) else style.text(value) for value in values)
        return ShownColumn(name, f"{heading}\n{style.unit}".strip("\n"), cells, is_number=True)

    years = [(name, found.group(1)) for name in table.columns if (found := ENERGISED.fullmatch(str(name)))]
    shares = tuple("none" if share == 0 else f"{100 * share:g} %" for share in table["curtailed_share"])
    hours = tuple(f"{value:,.0f}" for value in table["curtailed_hours_per_year"])
    earlier = tuple("" if math.isnan(value) else f"{value:,.2f}" for value in table["years_earlier"])
    return [
        ShownColumn("curtailed_share", "curtailed\nshare", shares, is_number=True),
        ShownColumn("curtailed_hours_per_year", "hours\na year", hours, is_number=True),
        *(of(name, f"energised\n{year}") for name, year in years),
        of("nonfirm_contract_mw", "non-firm\ncontract"),
        of("idle_mw_years_saved", "idle\nsaved", "idle_mw_years"),
        ShownColumn("years_earlier", "earlier\nby\nyears", earlier, is_number=True),
        of("cost_difference_usd", "cost\ndifference"),
        of("worth_usd_per_mwh_curtailed", "worth of\ncurtailment", "worth_usd_per_mwh"),
    ]
