"""Who gets what and when under the terms of a partnership: sentences, a table by price, the years of one price."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gigasite import api
from gigasite.cli.frames import ShownColumn, fitting, rich_table
from gigasite.cli.screen import answers, print_json, remark, write_file, written_file
from gigasite.foundation.errors import InputError, Problem
from gigasite.results.words import dollars, listed

if TYPE_CHECKING:
    import pandas as pd

    from gigasite.studies.partnership import PartnershipStudy

USD_PER_BN = 1e9
NEVER = "\N{EN DASH}"
CONFIDENCES = ("published", "derived", "reported", "estimate")


def partnership_and_tell(
    run: str, results: Path, *, prices: str, csv: Path | None, chart: Path | None, as_json: bool
) -> None:
    """Share the cash of a run at every price and print who gets what."""
    found = api.partnership(run, prices=prices_of(prices), results=results)
    if csv is not None:
        write_file(csv, found.parties.to_csv(index=False, lineterminator="\n"))
    if chart is not None:
        from gigasite.report.images import save
        from gigasite.report.recovery_chart import recovery_chart

        written_file(save(recovery_chart(found.run), chart))
    if as_json:
        print_json(_json(found))
    else:
        _print(found)


def prices_of(text: str) -> tuple[float, ...] | None:
    """Prices as a planner lists them; None for those of the study.

    >>> prices_of("60, 75"), prices_of("")
    ((60.0, 75.0), None)
    """
    try:
        return tuple(float(part) for part in text.split(",") if part.strip()) or None
    except ValueError:
        allowed = "60,75,90: USD of 2024 per MWh"
        problem = Problem("prices are numbers with commas between them", key="--prices", given=text, allowed=allowed)
        raise InputError(problem) from None


def _json(found: PartnershipStudy) -> Any:
    from gigasite.results.run import plain_json

    frames = {
        "recovery": found.recovery,
        "yearly": found.yearly,
        "lenders": found.lenders,
        "calls": found.calls,
        "terms": found.terms.table,
    }
    head = {
        "run": str(found.run.path),
        "money": "USD of the year (nominal); price in USD of 2024 per MWh, rising with prices",
        "discount_rate_nominal": found.discount_rate,
        "least_price_usd_per_mwh": found.least_price,
    }
    return plain_json({**head, **{name: frame.to_dict(orient="records") for name, frame in frames.items()}})


def _print(found: PartnershipStudy) -> None:
    from rich.padding import Padding
    from rich.text import Text

    console = answers()
    console.print()
    console.print(Text(f"{found.run.scenario}: {dollars(found.terms.investment_usd)} shared by two countries", "bold"))
    console.print()
    for sentence in sentences(found):
        if console.is_terminal:
            console.print(Padding(Text(sentence), (0, 0, 0, 2)))
        else:
            console.print(Text(f"  {sentence}"), soft_wrap=True)
    console.print()
    console.print(Text("Who gets what, bn USD of the day (nominal)", style="bold"))
    console.print(rich_table(fitting(_columns(found.recovery), console.width)))
    if len(found.recovery) == 1:
        console.print(Text("Year by year, bn USD of the day (nominal)", style="bold"))
        console.print(rich_table(fitting(_yearly_columns(found.yearly), console.width)))
    remark(
        f"Price in USD of 2024 per MWh, rising with prices; {found.years[0]} to {found.years[-1]}, after tax. Present "
        f"values (NPV) are of {found.years[0]} at {100 * found.discount_rate:.2f} % nominal. The United States puts no "
        "money in, so it has no rate of return."
    )
    if (found.recovery["shortfalls_usd"] > 0).any():
        remark("Where power earns less than fuel and operation cost the plants run on all the same, and Japan pays.")
    remark(_sources(found.terms.table))
    if len(found.recovery) > 1:
        remark("Name one price to see its years: --prices 90. --json holds every table and every term with its source.")


def sentences(found: PartnershipStudy) -> list[str]:
    """Who gets what and when, in words."""
    last = found.years[-1]
    rate = f" with {100 * found.terms.deemed_interest:.2f} % interest" if found.terms.with_interest else ""
    told = [_of_a_price(row, last, rate) for row in found.recovery.to_dict(orient="records")]
    cost = float(found.run.summary["levelised_cost_usd_per_mwh"].iloc[0])
    if math.isnan(found.least_price):
        told.append(f"At no price does Japan have its money back by {last}.")
    else:
        told.append(
            f"From {found.least_price:,.2f} USD/MWh on Japan has its money back by {last}; "
            f"supply itself costs {cost:,.1f} USD/MWh."
        )
    told.append(_of_lenders(found, last))
    calls = [f"{dollars(call.usd)} by {call.latest} (called {call.called})" for call in found.terms.calls]
    told.append(f"Funds are due: {listed(calls)}.")
    return told


def _of_a_price(row: dict[Any, Any], last: int, interest: str) -> str:
    """One price in a sentence; `interest` is what comes back beside the investment."""
    price = f"{row['price_usd_per_mwh']:g} USD/MWh"
    losses = f" and {dollars(row['shortfalls_usd'])} of losses" if row["shortfalls_usd"] > 0 else ""
    money = f"its {dollars(row['contributed_usd'])}{losses}{interest}"
    japan, host = _money(row["to_japan_usd"]), _money(row["to_united_states_usd"])
    if math.isnan(row["recovery_year"]):
        missing = dollars(row["still_to_recover_usd"])
        return (
            f"At {price} Japan does not have {money} back by {last}: {missing} are open then; "
            f"the United States has got {host}."
        )
    return (
        f"At {price} Japan has {money} back in {row['recovery_year']:.0f}; by {last} it has got {japan}, "
        f"the United States {host}."
    )


def _money(usd: float) -> str:
    """Money in words.

    >>> _money(0.0), _money(3.4e9)
    ('nothing', '3.40 bn USD')
    """
    return dollars(usd) if usd >= 1.0 else "nothing"


def _of_lenders(found: PartnershipStudy, last: int) -> str:
    """What the loans behind Japan's money come to, at the highest price looked at."""
    price = float(found.lenders["price_usd_per_mwh"].max())
    rows = found.lenders[found.lenders["price_usd_per_mwh"] == price]
    shares = [f"{100 * found.terms.loans[case].policy_bank_share:.0f}" for case in rows["split"]]
    owed = rows[["jbic_owed_usd", "banks_owed_usd", "nexi_owed_usd"]].sum(axis=1)
    paid = [f"{usd / USD_PER_BN:,.1f}" for usd in rows["nexi_paid_usd"]]
    split = f"with JBIC lending {_or(shares)} % (undecided)"
    if float(owed.max()) < 1.0:
        return f"At {price:g} USD/MWh the loans behind Japan's money are paid back with interest, {split}."
    return (
        f"At {price:g} USD/MWh the loans behind Japan's money are not paid back by {last}: {split}, "
        f"NEXI pays the banks {_or(paid)} bn USD, unpaid interest inside."
    )


def _or(texts: list[str]) -> str:
    """Several numbers of which one is true.

    >>> _or(["30", "50", "70"]), _or(["50"])
    ('30, 50 or 70', '50')
    """
    return " or ".join([", ".join(texts[:-1]), texts[-1]]) if len(texts) > 1 else texts[0]


def _sources(table: pd.DataFrame) -> str:
    counts = table["confidence"].value_counts()
    parts = [f"{counts[name]} {name}" for name in CONFIDENCES if name in counts]
    own = int((table["confidence"] == "").sum())
    return f"Terms: {listed([*parts, *([f'{own} of the scenario'] if own else [])])}."


def _columns(table: pd.DataFrame) -> list[ShownColumn]:
    def numbers(heading: str, cells: list[str]) -> ShownColumn:
        return ShownColumn(heading, heading, tuple(cells), is_number=True)

    return [
        numbers("price\nUSD/MWh", [f"{price:g}" for price in table["price_usd_per_mwh"]]),
        numbers("Japan\nback in", [_year(moment) for moment in table["recovery_moment"]]),
        numbers("with\ninterest", [_year(moment) for moment in table["recovery_moment_with_interest"]]),
        numbers("Japan\ngets", _billions(table["to_japan_usd"])),
        numbers("US\ngets", _billions(table["to_united_states_usd"])),
        numbers("developer\ngets", _billions(table["to_developer_usd"], 2)),
        numbers("tax", _billions(table["tax_usd"])),
        numbers("NPV\nJapan", _billions(table["japan_npv_usd"])),
        numbers("NPV\nUS", _billions(table["united_states_npv_usd"])),
        numbers("return\nJapan", [_percent(share) for share in table["japan_irr"]]),
        numbers("return\nproject", [_percent(share) for share in table["project_irr"]]),
    ]


def _yearly_columns(table: pd.DataFrame) -> list[ShownColumn]:
    shown = {
        "called": "called_usd",
        "cash to\nshare": "cash_available_usd",
        "to\nJapan": "to_japan_usd",
        "to\nUS": "to_united_states_usd",
        "developer": "to_developer_usd",
        "Japan\nin all": "japan_cumulative_usd",
        "US\nin all": "united_states_cumulative_usd",
        "still to\nrecover": "still_to_recover_usd",
    }
    years = ShownColumn("year", "year", tuple(str(year) for year in table["year"]), is_number=True)
    columns = [
        ShownColumn(heading, heading, tuple(_billions(table[name], 2)), is_number=True)
        for heading, name in shown.items()
    ]
    return [years, *columns]


def _year(moment: float) -> str:
    return NEVER if math.isnan(moment) else f"{math.floor(moment)}"


def _billions(usd: pd.Series, decimals: int = 1) -> list[str]:
    return [f"{value / USD_PER_BN:,.{decimals}f}" if abs(value) >= 1.0 else NEVER for value in usd]


def _percent(share: float) -> str:
    return NEVER if math.isnan(share) else f"{100 * share:.1f} %"
