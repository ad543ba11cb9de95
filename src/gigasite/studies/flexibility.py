"""What a connection that may be curtailed buys: a scenario with shares of curtailment beside the same one without.

    curtailed energy[k] = sum over s, y of nonfirm[s, y] * share[k] * 8,760 * calendar years of y
    years earlier[k]    = (idle MW-years without - idle MW-years[k]) / megawatts wanted in the last year
    worth[k]            = (cost[k before] - cost[k]) / (present value of curtailed energy[k] - that of k before)

Cost is all that the plan weighs: supply, load that waits, load that gives way. Worth is what the last megawatt-hours
that the grid may take were good for; none where a share buys no more energy than the one before. Curtailed energy is
what the grid may take, also where plants on site stand in. Without means without a non-firm connection.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from gigasite.foundation.errors import InputError, Problem
from gigasite.foundation.units import HOURS_PER_YEAR
from gigasite.results.run import Run
from gigasite.run.solve_run import Progress, check_scenario_file, solve_scenario
from gigasite.studies.variants import write_variant

if TYPE_CHECKING:
    from gigasite.inputs.load import LoadedScenario
    from gigasite.solve.decomposed.memory import Memory

SHARES = (0.0025, 0.005, 0.01)
"""Shares of yearly energy for which a headroom is published."""

LARGEST_SHARE = 0.01
GRID = "grid_connection"
SMALL_MWH = 1.0


@dataclass(frozen=True)
class FlexibilityStudy:
    """A scenario solved at several shares of curtailment.

    Attributes:
        table: one row per share, the one without first.
        runs: their runs, in the same order.
        sites: sites whose connection may be curtailed.
    """

    table: pd.DataFrame
    runs: tuple[Run, ...]
    sites: tuple[str, ...]


def flexibility(
    scenario: Path,
    *,
    shares: Sequence[float] = SHARES,
    results: Path,
    progress: Progress | None = None,
    memory: Memory | None = None,
) -> FlexibilityStudy:
    """Solve a scenario without and with a flexible connection.

    Args:
        scenario: the file. Sites that write `flexible_connection:` keep what it says but the share; where none does,
            every site with load and a grid connection has one.
        shares: shares of yearly energy that the grid may curtail.
        results: folder of runs; the changed scenarios are written below it too.
        progress: told each stage and its seconds.
        memory: what earlier solves left; every solve of the study adds to it.

    Raises:
        InputError: a share that is none, a scenario with a fault, or one without a grid connection.
    """
    from gigasite.solve.decomposed.memory import Memory

    asked = _checked(shares)
    loaded = check_scenario_file(scenario)
    sites = _sites(loaded)
    learnt = Memory() if memory is None else memory
    name, title = loaded.scenario.name, loaded.scenario.title
    runs = []
    for share in (0.0, *asked):
        told = f"curtailed {100 * share:g} %" if share else "no flexible connection"
        connection = {"grid": {"flexible_connection": {"curtailed_share": share}}}
        file = write_variant(
            results / f"{name}-flexibility",
            scenario,
            f"{name}-curtailed-{_in_name(share)}",
            f"{title or name}, {told}",
            {"sites": dict.fromkeys(sites, connection)},
        )
        begun = perf_counter()
        runs.append(solve_scenario(file, results=results, progress=progress, memory=learnt))
        if progress is not None:
            progress(f"{told}: solved", perf_counter() - begun)
    return FlexibilityStudy(flexibility_table(loaded, (0.0, *asked), runs), tuple(runs), sites)


def _in_name(share: float) -> str:
    """A share in the name of a scenario.

    >>> _in_name(0.0025), _in_name(0.01), _in_name(0.0)
    ('0-25', '1', '0')
    """
    return f"{100 * share:g}".replace(".", "-")


def _checked(shares: Sequence[float]) -> tuple[float, ...]:
    """The shares in order, each once."""
    wrong = [share for share in shares if not (math.isfinite(share) and 0.0 < share <= LARGEST_SHARE)]
    if wrong or not shares:
        raise InputError(
            Problem(
                "this is no share of yearly energy for which a headroom is known",
                given=", ".join(f"{share:g}" for share in wrong) or "none",
                allowed=f"above 0, up to {LARGEST_SHARE:g}",
                remedy="write 0.5 % as 0.005",
            )
        )
    return tuple(sorted(set(shares)))


def _sites(loaded: LoadedScenario) -> tuple[str, ...]:
    """Sites whose connection is to give way: those that say so, else all with load and a grid connection."""
    connected = {
        name: spec
        for name, spec in loaded.scenario.sites.items()
        if GRID in spec.technologies and spec.load_ramp_mw is not None
    }
    if not connected:
        raise InputError(
            Problem(
                "no site of this scenario has load and a grid connection",
                loaded.origin("sites"),
                "sites",
                remedy="list grid_connection below `technologies:` of a site",
            )
        )
    saying = tuple(name for name, spec in connected.items() if spec.grid.flexible_connection is not None)
    return saying or tuple(connected)


def flexibility_table(loaded: LoadedScenario, shares: Sequence[float], runs: Sequence[Run]) -> pd.DataFrame:
    """One row per share: hours, megawatts energised by year, what waits less, what it costs and is worth."""
    from gigasite.run.solve_run import assemble_loaded

    time = assemble_loaded(loaded).context.time
    weight = dict(zip(time.years, time.year_weight, strict=True))
    rows: list[dict[str, Any]] = []
    for share, run in zip(shares, runs, strict=True):
        energised = run.load.groupby("year")["energised_mw"].sum()
        contract = run.table("contract").groupby("year")["nonfirm_contract_mw"].sum()
        taken = contract * share * HOURS_PER_YEAR
        present = float(sum(taken[year] * weight[year] for year in taken.index))
        rows.append(
            {
                "curtailed_share": share,
                "curtailed_hours_per_year": share * HOURS_PER_YEAR,
                **{f"energised_{year}_mw": float(mw) for year, mw in energised.items()},
                "nonfirm_contract_mw": float(contract.max()) if len(contract) else 0.0,
                "idle_mw_years": float(run.table("idle_by_bottleneck")["idle_mw_years"].sum()),
                "curtailed_mwh_per_year": float(taken.max()) if len(taken) else 0.0,
                "shed_mwh_per_year": float(run.load.groupby("year")["shed_mwh"].sum().max()),
                "cost_usd": float(run.summary["objective_usd"].iloc[0]),
                "supply_cost_usd": float(run.summary["present_value_usd"].iloc[0]),
                "curtailed_mwh_present_value": present,
                "scenario": run.scenario,
                "run": run.run_id,
            }
        )
    frame = pd.DataFrame(rows)
    return _compared(frame, float(runs[0].load.groupby("year")["wanted_mw"].sum().iloc[-1]))


def _compared(frame: pd.DataFrame, wanted_mw: float) -> pd.DataFrame:
    """The table with its differences: to the row without, and to the row before."""
    saved = frame["idle_mw_years"].iloc[0] - frame["idle_mw_years"]
    energy, cost = frame["curtailed_mwh_present_value"].diff(), frame["cost_usd"].diff()
    worth = np.where(energy > SMALL_MWH, -cost / energy.where(energy > SMALL_MWH), np.nan)
    added = {
        "idle_mw_years_saved": saved,
        "years_earlier": saved / wanted_mw if wanted_mw > 0 else np.nan,
        "cost_difference_usd": frame["cost_usd"] - frame["cost_usd"].iloc[0],
        "supply_cost_difference_usd": frame["supply_cost_usd"] - frame["supply_cost_usd"].iloc[0],
        "worth_usd_per_mwh_curtailed": worth,
    }
    last = ["scenario", "run"]
    return frame.assign(**added)[[*(name for name in frame.columns if name not in last), *added, *last]]
