"""A run's money in the terminal, as CSV or as JSON: the price it needs, its years, the way from one run to another."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gigasite import api
from gigasite.cli.frames import ShownColumn, fitting, rich_table
from gigasite.cli.screen import answers, print_json, remark, write_file, written_file
from gigasite.foundation.errors import InputError, Problem

if TYPE_CHECKING:
    import pandas as pd

    from gigasite.studies.finance_bridge import FinanceBridge
    from gigasite.studies.finance_what_if import WhatIf
    from gigasite.studies.financing import FinanceStudy

USD_PER_BN = 1e9
NOTHING = "\N{EN DASH}"
SHOWN_YEARS = {
    "owners": "equity_usd_nominal",
    "owners\nin all": "equity_sum_usd_nominal",
    "revenue": "revenue_usd_nominal",
    "operation": "operation_usd_nominal",
    "tax": "tax_usd_nominal",
    "building": "construction_usd_nominal",
    "loans\ndrawn": "drawn_usd_nominal",
    "debt\nservice": "debt_service_usd_nominal",
    "interest\nbefore": "building_interest_usd_nominal",
    "reserve": "reserve_usd_nominal",
    "credits\nand aid": "tax_credit_usd_nominal",
}
"""Columns of the yearly table, the first that fit the screen."""


def finance_and_tell(
    runs: Sequence[str],
    results: Path,
    *,
    price: float | None,
    returns: str,
    dscr: float | None,
    what_if: WhatIf,
    csv: Path | None,
    chart: Path | None,
    as_json: bool,
) -> None:
    """Finance one run, or set two side by side, and print what was found."""
    from gigasite.studies.finance_what_if import AS_IT_IS

    asked = returns_of(returns)
    if chart is not None:
        from gigasite.report.images import SUFFIXES, refuse_suffix

        refuse_suffix(chart, SUFFIXES)
    if len(runs) == 1:
        found = api.finance(
            runs[0],
            price=price,
            returns=asked,
            dscr=dscr,
            block=what_if.block,
            overrun_factor=what_if.overrun_factor,
            delay_months=what_if.delay_months,
            results=results,
        )
        _tell(found, csv, chart, as_json=as_json)
        return
    of_one_run = (price, dscr, chart)
    if any(given is not None for given in of_one_run) or replace(what_if, block=None) != AS_IT_IS:
        message = "price, cover, chart, overrun and delay are of one run; two runs are set side by side as they are"
        allowed, remedy = "--returns, --block, --csv, --json", "name one run, or leave them out"
        raise InputError(Problem(message, given=" ".join(runs), allowed=allowed, remedy=remedy))
    bridge = api.finance_bridge(runs, returns=asked, block=what_if.block, results=results)
    if csv is not None:
        write_file(csv, bridge.table.to_csv(index=False, lineterminator="\n"))
    if as_json:
        print_json(_bridge_json(bridge))
    else:
        _print_bridge(bridge)


def returns_of(text: str) -> tuple[float, ...] | None:
    """Returns as a planner lists them; None for those of the scenario.

    >>> returns_of("0.08, 0.10"), returns_of("")
    ((0.08, 0.1), None)
    """
    try:
        found = tuple(float(part) for part in text.split(",") if part.strip())
    except ValueError:
        found = (math.nan,)
    if any(not -1 < rate < 1 for rate in found):
        message, remedy = "returns are shares with commas between them", "write 0.08 for 8 %"
        raise InputError(Problem(message, None, "--returns", text, "0.08,0.10", remedy))
    return found or None


def _tell(found: FinanceStudy, csv: Path | None, chart: Path | None, *, as_json: bool) -> None:
    if csv is not None:
        write_file(csv, found.tables["years"].to_csv(index=False, lineterminator="\n"))
    if chart is not None:
        from gigasite.report.finance_chart import finance_chart
        from gigasite.report.images import save

        written_file(save(finance_chart(found), chart))
    if as_json:
        from gigasite.results.run import plain_json

        tables = {name: table.to_dict(orient="records") for name, table in found.tables.items()}
        print_json(plain_json({"run": str(found.run.path), **tables}))
    else:
        _print(found)


def _head(title: str, told: Sequence[str]) -> None:
    from rich.padding import Padding
    from rich.text import Text

    console = answers()
    console.print()
    console.print(Text(title, style="bold"))
    console.print()
    for sentence in told:
        if console.is_terminal:
            console.print(Padding(Text(sentence), (0, 0, 0, 2)))
        else:
            console.print(Text(f"  {sentence}"), soft_wrap=True)
    console.print()


def _print(found: FinanceStudy) -> None:
    from rich.text import Text

    from gigasite.studies.finance_sentences import lcoe_sentence, sentences

    _head(f"{found.run.scenario}: what its power must fetch", sentences(found))
    console, price = answers(), found.price_usd_per_mwh
    console.print(Text("What the price is made of, USD/MWh", style="bold"))
    console.print(rich_table(_part_columns(found)))
    console.print(Text(f"Year by year at {price:,.2f} USD/MWh, bn USD of the day (nominal)", style="bold"))
    columns = _year_columns(found.tables["years"])
    shown = fitting(columns, console.width)
    console.print(rich_table(shown))
    if len(shown) < len(columns):
        hidden = len(columns) - len(shown)
        told = "1 column does" if hidden == 1 else f"{hidden} columns do"
        remark(f"{told} not fit; finance/years.csv in the run has them all.")
    figures = found.metrics
    remark(lcoe_sentence(found))
    remark(
        f"Project without loans: IRR {_percent(figures['project_irr_nominal'])}, NPV "
        f"{figures['project_npv_usd_nominal'] / USD_PER_BN:,.2f} bn USD of {figures['npv_year']}. DSCR: cash over debt "
        "service."
    )
    asked = found.project.asked
    if asked.overrun_factor != 1.0 or asked.delay_months:
        remark(
            f"Asked: building costs {asked.overrun_factor:g} times, plants start {asked.delay_months:g} months late."
        )
    if found.project.all_in:
        remark(f"The all-in cost of {', '.join(found.project.all_in)} is taken apart: interest and fees lie inside it.")
    if found.project.finance.spec.currency != "USD":
        spec = found.project.finance.spec
        remark(f"{found.project.finance.exchange_rate:,.2f} {spec.currency} to the dollar, of {spec.exchange_date}.")
    console.print(f"Tables written to {found.run.path / 'finance'}", soft_wrap=True, markup=False)


def _part_columns(found: FinanceStudy) -> list[ShownColumn]:
    from gigasite.studies.finance_sentences import term_words

    table = found.tables["price_parts"]
    wide = table.pivot_table(index="part", columns="target_equity_return", values="usd_per_mwh", sort=False)
    wide = wide[wide.abs().max(axis=1) >= 0.005]  # noqa: PLR2004 - what two decimals show as nothing
    names = ShownColumn("part", "", (*(term_words(str(name)) for name in wide.index), "price"), is_number=False)
    columns = [names]
    for target, price in found.price_of_return.items():
        cells = (*(_two(usd) for usd in wide[target]), _two(price))
        heading = f"for {100 * target:g} %"
        columns.append(ShownColumn(heading, heading, cells, is_number=True))
    return columns


def _year_columns(table: pd.DataFrame) -> list[ShownColumn]:
    prices = ["" if math.isnan(price) else f"{price:,.1f}" for price in table["price_usd_per_mwh_nominal"]]
    covers = ["" if math.isnan(cover) else f"{cover:.2f}" for cover in table["dscr"]]
    columns = [
        ShownColumn("year", "year", tuple(str(year) for year in table["year"]), is_number=True),
        ShownColumn("price", "price\nUSD/MWh", tuple(prices), is_number=True),
    ]
    columns.append(ShownColumn("dscr", "DSCR", tuple(covers), is_number=True))
    for heading, name in SHOWN_YEARS.items():
        if table[name].abs().max() >= 1.0:
            columns.append(ShownColumn(name, heading, tuple(_billions(table[name])), is_number=True))
    return columns


def _print_bridge(bridge: FinanceBridge) -> None:
    from rich.text import Text

    from gigasite.studies.finance_bridge import PRICE
    from gigasite.studies.finance_sentences import bridge_sentences, term_words

    first, second = (study.run.scenario for study in bridge.studies)
    _head(f"{first} to {second}: where the price comes from", bridge_sentences(bridge))
    table = bridge.table
    money = table["price_money"].iloc[0]
    answers().print(Text(f"Price for {100 * bridge.target:g} % to the owners, USD/MWh ({money})", style="bold"))
    names = [term_words(str(name)) for name in table["term"]]
    columns = [ShownColumn("term", "", tuple(names), is_number=False)]
    for heading, name in (
        (first, "first_usd_per_mwh"),
        (second, "second_usd_per_mwh"),
        ("change", "change_usd_per_mwh"),
    ):
        cells = tuple("" if math.isnan(usd) else _two(usd) for usd in table[name])
        columns.append(ShownColumn(name, heading, cells, is_number=True))
    answers().print(rich_table(columns))
    at = list(table["term"]).index(PRICE)
    remark(f"The first {at} rows add up to the price; price and what stands below it add up to what was published.")


def _bridge_json(bridge: FinanceBridge) -> Any:
    from gigasite.results.run import plain_json

    head = {
        "runs": [str(study.run.path) for study in bridge.studies],
        "target_equity_return": bridge.target,
        "cost_ratio": bridge.cost_ratio,
        "price_ratio": bridge.price_ratio,
        "published_ratio": bridge.published_ratio,
    }
    return plain_json({**head, "terms": bridge.table.to_dict(orient="records")})


def _billions(usd: pd.Series) -> list[str]:
    return [_two(value / USD_PER_BN) if abs(value) >= 1.0 else NOTHING for value in usd]


def _two(value: float) -> str:
    """Two decimals, and no sign before nothing.

    >>> _two(-0.001), _two(1234.5)
    ('0.00', '1,234.50')
    """
    return f"{round(value, 2) + 0.0:,.2f}"


def _percent(share: float) -> str:
    return NOTHING if math.isnan(share) else f"{100 * share:.2f} %"
