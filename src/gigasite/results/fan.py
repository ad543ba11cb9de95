"""What several futures cost together: expected cost, regret against knowing, and capacity that a future strands.

    regret[f]      = cost[f] - known[f]
    expected       = sum over f of p[f] * cost[f]
    worth of knowing = sum over f of p[f] * regret[f]            (the expected value of perfect information)
    worth of planning for all = sum over f of p[f] * followed[f] - expected   (the value of the stochastic solution)

| symbol | name | unit | dimensions |
|---|---|---|---|
| cost | `objective_usd`: all that the plan weighs, waiting and unserved load included, present value | USD | future |
| known | `known_cost_usd`: the same, had the future been known from the start | USD | future |
| followed | `followed_cost_usd`: the same, where one future alone decides what is ordered before | USD | future |
| p | `probability` | 1 | future |

Stranded is what was bound before the future was known, and what the same future, known from the start, would not have:

    stranded[f, s, k, y]  = max(0, committed[s, k, y] - would have[f, s, k, y])          from the year it is known on
    committed[s, k, y]    = sum over vintages v decided before of built[s, k, v], while v is in its life
    would have[f, s, k, y] = sum over vintages v up to y of built[f, s, k, v], known from the start, in its life

It is the wrong kind of capacity or too much of it. `together` adds the technologies of a site up first, so that what
is of the wrong kind only is left out: its stranded megawatts are the surplus. Its cost is the share of the annuities
that is paid for it. Both sides count what is retired early as bought: its annuity is paid all the same. What a contract
or a rental can give back strands nothing, and has no rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from gigasite.results.books import Books
from gigasite.system.quantity import Array
from gigasite.system.system import System

EXPECTED = "expected"
"""Row of the table of futures that holds their mean."""

TOGETHER = "together"
FUTURES_COLUMNS = (
    "future",
    "probability",
    "objective_usd",
    "known_cost_usd",
    "regret_usd",
    "regret_share",
    "followed_cost_usd",
    "present_value_usd",
    "levelised_cost_usd_per_mwh",
    "stranded_mw",
    "surplus_mw",
    "stranded_cost_usd",
    "run",
)
COMMITTED_COLUMNS = ("site", "year", "technology", "new_mw")
STRANDED_COLUMNS = (
    "future",
    "site",
    "year",
    "technology",
    "committed_mw",
    "known_capacity_mw",
    "stranded_mw",
    "stranded_cost_usd",
)
MEANS = (
    "objective_usd",
    "known_cost_usd",
    "regret_usd",
    "followed_cost_usd",
    "present_value_usd",
    "stranded_mw",
    "surplus_mw",
    "stranded_cost_usd",
)
SMALL_MW = 1e-3
NOISE_SHARE = 5e-4
"""Share of what was committed below which nothing counts as stranded: plans are found to a gap."""


@dataclass(frozen=True)
class FutureAnswer:
    """One future of a fan, solved.

    Attributes:
        name: the future.
        probability: how likely it is.
        system: its arrays, as the plan was made from them.
        tables: the tables of its run; without the hourly ones.
        objective_usd: what the plan costs if it comes.
        decided: by technology, which vintages were decided before it was known, shape (site, vintage).
        known_cost_usd: what it would cost, known from the start; not a number where that was not solved.
        known_bound_usd: what no plan for it undercuts, had it been known from the start, as far as that was proven.
        known_capacity_mw: what would then have been bought and be in its life, by technology, shape (site, year); empty
            where that was not solved.
        followed_cost_usd: what it costs where the plan of one future is followed until it is known; not a number where
            that was not asked for.
    """

    name: str
    probability: float
    system: System
    tables: Mapping[str, Any]
    objective_usd: float
    decided: Mapping[str, Array]
    known_cost_usd: float
    known_capacity_mw: Mapping[str, Array]
    followed_cost_usd: float = float("nan")
    known_bound_usd: float = float("-inf")


def committed_mw(answer: FutureAnswer, technology: str) -> Array:
    """Capacity decided before the future was known, while it is in its life, shape (site, year)."""
    return in_life_mw(answer.system, technology, _built(answer, technology))


def in_life_mw(system: System, technology: str, built_mw: Array) -> Array:
    """Capacity bought by each year and in its life, shape (site, year), from what is built by vintage."""
    alive = system.features[technology]["alive_mw"].values
    return np.asarray(np.einsum("sv,svy->sy", built_mw, alive))


def has_vintages(system: System, technology: str) -> bool:
    """Whether a technology is built once and paid by annuity, so that it can be stranded."""
    return "alive_mw" in system.features.get(technology, {})


def _built(answer: FutureAnswer, technology: str) -> Array:
    books = Books(answer.system, answer.tables)
    return books.capacity(technology, "new_mw") * answer.decided[technology]


def committed_table(answers: Sequence[FutureAnswer]) -> pd.DataFrame:
    """The one plan: new capacity that is decided before the future is known, by the year in which it starts."""
    first = answers[0]
    rows: list[dict[str, Any]] = []
    for technology in first.decided:
        built = _built(first, technology)
        rows += [
            {
                "site": first.system.sites[s],
                "year": first.system.years[v],
                "technology": technology,
                "new_mw": float(built[s, v]),
            }
            for s, v in np.argwhere(built > SMALL_MW)
        ]
    return pd.DataFrame(rows, columns=list(COMMITTED_COLUMNS)).sort_values(["site", "year"], kind="stable")


def stranded_table(answers: Sequence[FutureAnswer], known_in: int) -> pd.DataFrame:
    """One row per future, site, year from `known_in` on and technology that was committed, and one for all together."""
    frames = [_stranded_rows(answer, known_in) for answer in answers if answer.known_capacity_mw]
    filled = [frame for frame in frames if len(frame)]
    if not filled:
        return pd.DataFrame({name: pd.Series(dtype=float) for name in STRANDED_COLUMNS})
    return pd.concat(filled, ignore_index=True)


def _stranded_rows(answer: FutureAnswer, known_in: int) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    names = [name for name in answer.decided if name in answer.known_capacity_mw]
    committed = {name: committed_mw(answer, name) for name in names}
    paid = {name: _paid_usd(answer, name) for name in names}
    for s, site in enumerate(answer.system.sites):
        for y, year in enumerate(answer.system.years):
            mine = [name for name in names if committed[name][s, y] > SMALL_MW]
            if year < known_in or not mine:
                continue
            at = {"future": answer.name, "site": site, "year": year}
            for name in mine:
                had, would = float(committed[name][s, y]), float(answer.known_capacity_mw[name][s, y])
                rows.append({**at, "technology": name, **_row(had, would, float(paid[name][s, y]))})
            had = sum(float(committed[name][s, y]) for name in names)
            would = sum(float(answer.known_capacity_mw[name][s, y]) for name in names)
            cost = sum(float(paid[name][s, y]) for name in names)
            rows.append({**at, "technology": TOGETHER, **_row(had, would, cost)})
    return pd.DataFrame(rows, columns=list(STRANDED_COLUMNS))


def _row(committed: float, known: float, paid_usd: float) -> dict[str, float]:
    """Figures of one row; what is stranded costs its share of the annuities."""
    stranded = max(0.0, committed - known)
    stranded = stranded if stranded > max(SMALL_MW, NOISE_SHARE * committed) else 0.0
    return {
        "committed_mw": committed,
        "known_capacity_mw": known,
        "stranded_mw": stranded,
        "stranded_cost_usd": paid_usd * stranded / committed,
    }


def _paid_usd(answer: FutureAnswer, technology: str) -> Array:
    """Present value of the annuities of what was committed, by the year they are paid for, shape (site, year)."""
    annuity = answer.system.features[technology]["annuity_usd_per_mw"].values
    return np.asarray(np.einsum("sv,svy->sy", _built(answer, technology), annuity))


def futures_table(answers: Sequence[FutureAnswer], stranded: pd.DataFrame, runs: Mapping[str, str]) -> pd.DataFrame:
    """One row per future and one for their mean.

    Stranded megawatts and surplus, over all sites, are those of the year with the most; their cost is that of all
    years.

    Args:
        answers: the futures.
        stranded: what each strands.
        runs: folder of each future's run, within that of the fan.
    """
    rows = [_future_row(answer, stranded, runs[answer.name]) for answer in answers]
    table = pd.DataFrame(rows, columns=list(FUTURES_COLUMNS))
    shares = table["probability"].to_numpy(dtype=float)
    mean: dict[str, Any] = {"future": EXPECTED, "probability": float(shares.sum()), "run": ""}
    for name in MEANS:
        mean[name] = float(shares @ table[name].to_numpy(dtype=float))
    energy = table["present_value_usd"] / table["levelised_cost_usd_per_mwh"]
    mean["levelised_cost_usd_per_mwh"] = mean["present_value_usd"] / float(shares @ energy.to_numpy(dtype=float))
    mean["regret_share"] = mean["regret_usd"] / mean["known_cost_usd"] if mean["known_cost_usd"] else np.nan
    return pd.DataFrame([*rows, mean], columns=list(FUTURES_COLUMNS))


def _future_row(answer: FutureAnswer, stranded: pd.DataFrame, run: str) -> dict[str, Any]:
    summary = answer.tables["summary"].iloc[0]
    mine = stranded[stranded["future"] == answer.name]
    by_kind, together = mine[mine["technology"] != TOGETHER], mine[mine["technology"] == TOGETHER]
    known = bool(answer.known_capacity_mw)
    regret = answer.objective_usd - answer.known_cost_usd
    return {
        "future": answer.name,
        "probability": answer.probability,
        "objective_usd": answer.objective_usd,
        "known_cost_usd": answer.known_cost_usd,
        "regret_usd": regret,
        "regret_share": regret / answer.known_cost_usd if answer.known_cost_usd else np.nan,
        "followed_cost_usd": answer.followed_cost_usd,
        "present_value_usd": float(summary["present_value_usd"]),
        "levelised_cost_usd_per_mwh": float(summary["levelised_cost_usd_per_mwh"]),
        "stranded_mw": _most_in_a_year(by_kind) if known else np.nan,
        "surplus_mw": _most_in_a_year(together) if known else np.nan,
        "stranded_cost_usd": float(by_kind["stranded_cost_usd"].sum()) if known else np.nan,
        "run": run,
    }


def _most_in_a_year(rows: pd.DataFrame) -> float:
    return float(rows.groupby("year")["stranded_mw"].sum().max()) if len(rows) else 0.0
