"""Checks of a fan, from the tables of its futures alone: one plan until it is known, costs and regrets that add up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from gigasite.results.check import FLOOR_MW, FLOOR_USD, Check, Labels, largest
from gigasite.results.checks import COLUMNS
from gigasite.results.fan import EXPECTED, NOISE_SHARE, TOGETHER, FutureAnswer, committed_mw
from gigasite.system.quantity import Array

BEFORE = ("total_mw", "new_mw")
COST_RELATIVE = 1e-6
SUM_FLOOR_USD = 1e4
"""Share and dollars by which sums of cost tables may miss what was minimised."""

SAME_LINES = 5e-3
"""Share of the cost by which a plan may be cheaper because the rule for lost machines stood at other lines."""


def fan_checks(
    answers: Sequence[FutureAnswer], tables: Mapping[str, Any], known_in: int, objective_usd: float, gap: float
) -> pd.DataFrame:
    """Every check of every future, the worst of each first told, and those of the fan itself.

    Args:
        answers: the futures, each with the table of its own checks.
        tables: the tables of the fan.
        known_in: year from which it is known which future has come.
        objective_usd: what the solver says all futures cost together, by probability.
        gap: certified gap of it.
    """
    own = [
        _one_plan(answers, known_in),
        _decided_once(answers),
        _costs_add_up(answers, tables["futures"], objective_usd),
        _regret_follows(answers, tables["futures"]),
        _regret_is_never_negative(answers, tables["futures"]),
        _one_future_alone_is_no_cheaper(tables["futures"], gap),
        _stranded_follows(answers, tables["stranded"]),
    ]
    rows = [(c.name, c.passed, c.value, c.limit, c.unit, c.where, c.sentence) for c in own]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return pd.concat([table, pd.DataFrame(_worst_of_futures(answers), columns=list(COLUMNS))], ignore_index=True)


def _worst_of_futures(answers: Sequence[FutureAnswer]) -> Iterator[tuple[Any, ...]]:
    """Each check of the futures once: a failed one where there is any, else the one nearest to its limit."""
    names = dict.fromkeys(name for answer in answers for name in answer.tables["checks"]["check"])
    for name in names:
        found = [
            (answer.name, row)
            for answer in answers
            for row in answer.tables["checks"].itertuples(index=False)
            if row.check == name
        ]
        future, row = max(found, key=lambda one: (not one[1].passed, _share(one[1].value, one[1].limit)))
        where = ", ".join(part for part in (f"future {future}", row.where) if part) if row.value > 0 else ""
        told = row.sentence if row.passed else f"If {future} comes: {row.sentence}"
        yield name, bool(row.passed), row.value, row.limit, row.unit, where, told


def _share(value: float, limit: float) -> float:
    return value / limit if limit > 0 else float(value > 0)


def _by_site_technology_year(answer: FutureAnswer, column: str) -> pd.Series[float]:
    found: pd.Series[float] = answer.tables["capacity"].set_index(["site", "technology", "year"])[column].astype(float)
    return found.fillna(0.0)


def _one_plan(answers: Sequence[FutureAnswer], known_in: int) -> Check:
    """Capacity of years before `known_in` is the same in every future."""
    misses, names = [], []
    for column in BEFORE:
        wide = pd.concat([_by_site_technology_year(answer, column) for answer in answers], axis=1).fillna(0.0)
        wide = wide[wide.index.get_level_values("year") < known_in]
        misses.append((wide.max(axis=1) - wide.min(axis=1)).to_numpy())
        names += [f"{site}, {technology}, {year}" for site, technology, year in wide.index]
    off = np.concatenate(misses) if misses else np.empty(0)
    return largest(
        "one_plan_until_known",
        off,
        FLOOR_MW,
        Labels({"at": names}),
        unit="MW",
        holds=f"Capacity before {known_in} is the same in every future.",
        broken=f"Capacity before {known_in} differs between the futures",
    )


def _decided_once(answers: Sequence[FutureAnswer]) -> Check:
    """What is decided before it is known, also where it starts later, is the same in every future."""
    first = answers[0]
    misses: list[Array] = []
    names = list(first.decided)
    for name in names:
        all_of = np.stack([committed_mw(answer, name) for answer in answers])
        misses.append(all_of.max(axis=0) - all_of.min(axis=0))
    return largest(
        "committed_once",
        np.stack(misses) if misses else np.empty(0),
        FLOOR_MW,
        Labels({"technology": names, "site": first.system.sites, "year": first.system.years}),
        unit="MW",
        holds="What is decided before the future is known is the same in every future.",
        broken="What is decided before the future is known differs between the futures",
    )


def _costs_add_up(answers: Sequence[FutureAnswer], futures: pd.DataFrame, objective_usd: float) -> Check:
    """Cost tables of the futures by probability: the expected cost of the table, and what the solver minimised."""
    again = sum(a.probability * float(a.tables["costs"]["cost_usd_present_value"].sum()) for a in answers)
    told = float(futures.loc[futures["future"] == EXPECTED, "objective_usd"].iloc[0])
    return largest(
        "expected_cost_adds_up",
        np.array([abs(again - told), abs(told - objective_usd)]),
        COST_RELATIVE * abs(told) + SUM_FLOOR_USD,
        Labels({"against": ("the table of futures", "the solver")}),
        unit="USD",
        holds="The costs of the futures, by probability, add up to the expected cost that was minimised.",
        broken="The costs of the futures, by probability, miss the expected cost",
    )


def _regret_follows(answers: Sequence[FutureAnswer], futures: pd.DataFrame) -> Check:
    """Cost of knowing, regret and its share as the answers have them, and of the mean by probability.

        regret_f = cost_f - known_f,   share_f = regret_f / known_f,   of the mean: sum over f of p_f * x_f for x = known,
        regret, and their ratio
    """
    shares = np.array([answer.probability for answer in answers])
    known = np.array([answer.known_cost_usd for answer in answers])
    regret = np.array([float(answer.tables["costs"]["cost_usd_present_value"].sum()) for answer in answers]) - known
    table = futures.set_index("future")[["known_cost_usd", "regret_usd", "regret_share"]].astype(float)
    ours = pd.DataFrame({"known_cost_usd": known, "regret_usd": regret}, [answer.name for answer in answers])
    ours.loc[EXPECTED] = [float(shares @ known), float(shares @ regret)]
    ours["regret_share"] = ours["regret_usd"]  # a share is compared in the dollars it stands for
    told = table.assign(regret_share=table["regret_share"] * table["known_cost_usd"]).loc[ours.index]
    misses = np.abs(told.to_numpy() - ours.to_numpy())
    both_missing = told.isna().to_numpy() & ours.isna().to_numpy()
    allowed = COST_RELATIVE * np.abs(ours["known_cost_usd"].fillna(0.0).to_numpy()) + SUM_FLOOR_USD
    return largest(
        "regret_follows",
        np.where(both_missing, 0.0, np.where(np.isnan(misses), np.inf, misses)),
        np.broadcast_to(allowed[:, None], misses.shape),
        Labels({"future": tuple(ours.index), "figure": tuple(ours.columns)}),
        unit="USD",
        holds="Regret is what a future costs above knowing it, and its mean that of the futures by probability.",
        broken="Regret is not what a future costs above knowing it",
    )


def _regret_is_never_negative(answers: Sequence[FutureAnswer], futures: pd.DataFrame) -> Check:
    """No regret is negative, and no cost table adds up to less than the future is proven to cost, known from the start.

    What is known of a future is the best plan found for it, its part of the fan among them, so that its regret alone
    would prove little: its cost is held against the lower bound of the solve that knew.
    """
    rows = futures[futures["future"] != EXPECTED]
    below = -rows["regret_usd"].fillna(0.0).to_numpy(dtype=float)
    costs = np.array([float(answer.tables["costs"]["cost_usd_present_value"].sum()) for answer in answers])
    bounds = np.array([answer.known_bound_usd for answer in answers])
    return largest(
        "regret_not_negative",
        np.concatenate([below, np.where(np.isfinite(bounds), bounds - costs, 0.0)]),
        np.concatenate([np.full(len(below), FLOOR_USD), SAME_LINES * np.abs(costs) + FLOOR_USD]),
        Labels({"future": (*rows["future"], *(answer.name for answer in answers))}),
        unit="USD",
        holds="No future costs less than it is proven to cost, known from the start.",
        broken="A future costs less than it is proven to cost, known from the start,",
    )


def _one_future_alone_is_no_cheaper(futures: pd.DataFrame, gap: float) -> Check:
    """Planning for one future alone never costs less on average than planning for all."""
    mean = futures[futures["future"] == EXPECTED].iloc[0]
    over = float(mean["objective_usd"] - mean["followed_cost_usd"])
    return largest(
        "planning_for_all_is_cheapest",
        np.array([0.0 if np.isnan(over) else over]),
        (gap + SAME_LINES) * abs(float(mean["objective_usd"])) + FLOOR_USD,
        Labels({"the": ("mean",)}),
        unit="USD",
        holds="Planning for one future alone costs no less on average.",
        broken="Planning for one future alone costs less on average than planning for all",
    )


def _stranded_follows(answers: Sequence[FutureAnswer], stranded: pd.DataFrame) -> Check:
    """What was committed, from the futures' capacity tables, less what would stand; negative is nothing."""
    misses, names = [0.0], ["nothing"]
    for answer in answers:
        committed = {name: committed_mw(answer, name) for name in answer.decided}
        place = {
            (site, year): (s, y)
            for s, site in enumerate(answer.system.sites)
            for y, year in enumerate(answer.system.years)
        }
        for row in stranded[stranded["future"] == answer.name].to_dict(orient="records"):
            at = place[row["site"], row["year"]]
            mine = [*committed] if row["technology"] == TOGETHER else [str(row["technology"])]
            had = sum((float(committed[name][at]) for name in mine), 0.0)
            would = sum((float(answer.known_capacity_mw[name][at]) for name in mine), 0.0)
            misses.append(abs(max(0.0, had - would) - float(row["stranded_mw"])))
            names.append(f"{row['site']}, {row['technology']}, {row['year']} if {answer.name} comes")
    most = float(stranded["committed_mw"].max()) if len(stranded) else 0.0
    return largest(
        "stranded_follows",
        np.array(misses),
        NOISE_SHARE * most + FLOOR_MW,
        Labels({"at": names}),
        unit="MW",
        holds="Stranded is what was committed less what would have been bought, had the future been known.",
        broken="Stranded capacity differs from what was committed less what would have been bought",
    )
