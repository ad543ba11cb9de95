"""What a planner reads of several futures: the common plan, its cost, what knowing would save, what it strands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from gigasite.results.fan import EXPECTED, TOGETHER
from gigasite.results.run import FUTURES, NOT_POWER, Run
from gigasite.results.words import dollars, listed, megawatts, technology_label

SMALL_MW = 0.5
SMALL_SHARE = 5e-5
MOST_TECHNOLOGIES = 3
BOTH = 2


def fan(run: Run) -> Iterator[str]:
    """The answer of a fan in a few sentences."""
    table = run.table(FUTURES)
    rows, mean = table[table["future"] != EXPECTED], table[table["future"] == EXPECTED].iloc[0]
    yield _common(run, len(rows))
    yield _cost(rows, mean)
    unknown = list(rows.loc[rows["regret_usd"].isna(), "future"])
    if unknown:
        yield _not_known(run, unknown)
        return
    yield _regret(rows, mean)
    yield from _followed(run, rows, mean)
    yield _stranded(run, rows)


def _common(run: Run, futures: int) -> str:
    """Until when there is one plan, and what it builds."""
    known_in = int(run.manifest["known_in"])
    before = run.capacity[(run.capacity["year"] < known_in) & ~run.capacity["technology"].isin(NOT_POWER)]
    last = before[before["year"] == before["year"].max()]
    standing = last.groupby("technology")["total_mw"].sum().sort_values(ascending=False)
    by = int(before["year"].max())
    told = [f"by {by} it has {_amounts(standing) or 'nothing'}"]
    table = run.table("committed")
    ordered = table[table["year"] >= known_in].groupby("technology")["new_mw"].sum().sort_values(ascending=False)
    if _amounts(ordered):
        told.append(f"{_amounts(ordered)} that starts later is ordered before")
    built = "; ".join(told)
    every = "both" if futures == BOTH else f"all {futures}"
    return f"One plan holds for {every} futures until {known_in}, when it is known which has come: {built}."


def _amounts(by_technology: pd.Series[float]) -> str:
    told = [f"{megawatts(mw)} of {technology_label(str(name))}" for name, mw in by_technology.items() if mw > SMALL_MW]
    return listed(told) if told else ""


def _cost(rows: pd.DataFrame, mean: pd.Series[Any]) -> str:
    order = rows.sort_values("objective_usd")
    least, most = order.iloc[0], order.iloc[-1]
    return (
        f"It is expected to cost {dollars(mean['objective_usd'])} in present value, load that waits included: "
        f"{dollars(least['objective_usd'])} if {least['future']} comes, "
        f"{dollars(most['objective_usd'])} if {most['future']} does."
    )


def _not_known(run: Run, futures: list[str]) -> str:
    """Why nothing is said of regret."""
    if run.manifest["status"] != "optimal":
        return "The solve was cut short, so no future was solved alone: regret and stranded capacity are not known."
    return (
        f"No plan was found for {listed(futures)} alone, known from the start: what knowing would save and what is "
        "stranded are not known; more time may tell (`solve: {time_limit_s: ...}`)."
    )


def _regret(rows: pd.DataFrame, mean: pd.Series[Any]) -> str:
    """What knowing would save, on average and with each future."""
    if mean["regret_usd"] <= SMALL_SHARE * abs(mean["objective_usd"]):
        return "Knowing the future now would save nothing: the common plan suits every one of them."
    order = rows.sort_values("regret_usd", ascending=False)
    told = [
        f"{dollars(row['regret_usd'])} with {row['future']}"
        if row["regret_usd"] > SMALL_SHARE * abs(row["objective_usd"])
        else f"nothing with {row['future']}"
        for _, row in order.iterrows()
    ]
    return (
        f"Knowing the future now would save {dollars(mean['regret_usd'])} on average, {mean['regret_share']:.2%}: "
        f"{listed(told)}."
    )


def _followed(run: Run, rows: pd.DataFrame, mean: pd.Series[Any]) -> Iterator[str]:
    """What planning for one future alone would cost on average."""
    name = run.manifest.get("follow")
    if name is None:
        return
    if rows["followed_cost_usd"].isna().any():
        yield f"The plan for {name} alone could not be followed to a plan for every other future."
        return
    more = float(mean["followed_cost_usd"] - mean["objective_usd"])
    ordering = f"Ordering for {name} alone until {run.manifest['known_in']}"
    small = SMALL_SHARE * abs(mean["objective_usd"])
    if more < -small:
        yield (
            f"{ordering} was found {dollars(-more)} cheaper on average: the rule for lost machines bends, "
            "and neither plan is proven the cheapest."
        )
    else:
        yield f"{ordering} would cost {dollars(more) if more > small else 'no'} more on average than this plan."


def _stranded(run: Run, rows: pd.DataFrame) -> str:
    """The future that strands most, and which technologies."""
    worst = rows.sort_values("stranded_cost_usd").iloc[-1]
    known_in = int(run.manifest["known_in"])
    if worst["stranded_mw"] <= SMALL_MW:
        return f"What is decided before {known_in} is built in every future, known or not: nothing is stranded."
    table = run.table("stranded")
    mine = table[(table["future"] == worst["future"]) & (table["technology"] != TOGETHER)]
    by_year = mine.groupby("year")["stranded_mw"].sum()
    at = mine[mine["year"] == by_year.idxmax()].groupby("technology")["stranded_mw"].sum().sort_values(ascending=False)
    parts = [f"{megawatts(mw)} of {technology_label(str(name))}" for name, mw in at.items() if mw > SMALL_MW]
    surplus = float(worst["surplus_mw"])
    too_much = (
        f"{megawatts(surplus)} more than it would have in all"
        if surplus > SMALL_MW
        else "of another kind than it would have, not more in all"
    )
    return (
        f"If {worst['future']} comes, it strands {listed(parts[:MOST_TECHNOLOGIES])} decided before {known_in}, "
        f"{too_much}; {dollars(worst['stranded_cost_usd'])} of annuities are paid for that."
    )
