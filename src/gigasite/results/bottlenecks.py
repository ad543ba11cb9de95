"""Idle load by bottleneck: megawatt-years and dollars that wait for turbines, for the grid, for the trunk, for SMR.

Where several things hold the load of a site and year at once, its wait is split among them in proportion to the firm
megawatts that each brings in the first later year in which less waits; in equal parts where one of them brings none,
or the wait gets no shorter. So the parts of a site and year add up to what waits there.

    idle MW-years = span[y] * waiting[s, y] * part               span: calendar years that a modelled year stands for

In a year that does not begin in January the months before it wait for what the year before waited for.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from gigasite.results.outcome import Outcome
from gigasite.results.reasons import Reason, Reasons
from gigasite.results.waiting import reasons_to_wait
from gigasite.system.quantity import Array

COLUMNS = ("site", "year", "bottleneck", "waiting_mw", "idle_mw_years", "cost_usd_per_year", "cost_usd_present_value")


def idle_by_bottleneck_table(outcome: Outcome, capacity: pd.DataFrame) -> pd.DataFrame:
    """One row per site, year and bottleneck; `waiting_mw` is the mean over the months of the year."""
    reasons = reasons_to_wait(outcome, outcome.values("idle_load.waiting_mw"), capacity)
    rows: list[dict[str, Any]] = []
    for s, site in enumerate(outcome.sites):
        for y, year in enumerate(outcome.years):
            sums: dict[str, tuple[float, float]] = {}
            for bottleneck, mw, usd in _parts(outcome, reasons, s, y):
                before = sums.get(bottleneck, (0.0, 0.0))
                sums[bottleneck] = (before[0] + mw, before[1] + usd)
            span, weight = float(outcome.span_years[y]), float(outcome.year_weight[y])
            rows += [
                dict(zip(COLUMNS, (site, year, name, mw, mw * span, usd / weight, usd), strict=True))
                for name, (mw, usd) in sums.items()
            ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def shares(reasons: list[Reason]) -> list[float]:
    """Parts of a wait that belong to its reasons; together 1.

    >>> shares([Reason("turbines", "a", brings_mw=300.0), Reason("grid", "b", brings_mw=100.0)])
    [0.75, 0.25]
    >>> shares([Reason("money", "a"), Reason("grid", "b", brings_mw=100.0)])
    [0.5, 0.5]
    """
    brings = [reason.brings_mw for reason in reasons]
    if min(brings) > 0:
        return [mw / sum(brings) for mw in brings]
    return [1.0 / len(reasons)] * len(reasons)


def _parts(outcome: Outcome, reasons: Reasons, s: int, y: int) -> Iterator[tuple[str, float, float]]:
    """Bottleneck, megawatts and present value of every part of what waits at a site in a year."""
    for at, mean_mw, cost_usd in _waits(outcome, s, y):
        if at in reasons and mean_mw > 0:
            for reason, share in zip(reasons[at], shares(reasons[at]), strict=True):
                yield reason.bottleneck, share * mean_mw, share * cost_usd


def _waits(outcome: Outcome, s: int, y: int) -> Iterator[tuple[tuple[int, int], float, float]]:
    """What waits of a year's own, and in the months before its start: position of the year it waits with, MW, USD."""
    data = outcome.system.features["idle_load"]
    waiting = outcome.values("idle_load.waiting_mw")
    if "started_share" not in data:
        yield (s, y), float(waiting[s, y]), float(waiting[s, y] * data["idle_usd_per_mw"].values[s, y])
        return
    share, before = data["started_share"].values, outcome.values("idle_load.waiting_before_mw")

    def priced(mw: Array, name: str) -> float:
        return float(mw[s, y] * data[name].values[s, y])

    yield (s, y), float(share[s, y] * waiting[s, y]), priced(waiting, "idle_from_start_usd_per_mw")
    if y > 0:
        mean_mw = float((1.0 - share[s, y]) * before[s, y])
        yield (s, y - 1), mean_mw, priced(before, "idle_before_start_usd_per_mw")


def total_by_bottleneck(table: pd.DataFrame) -> pd.DataFrame:
    """All sites and years together, the most megawatt-years first."""
    sums = table.groupby("bottleneck")[["idle_mw_years", "cost_usd_present_value"]].sum()
    return sums.sort_values("idle_mw_years", ascending=False)
