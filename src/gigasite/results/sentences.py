"""The answer in sentences that a planner reads: what is built, first power, what waits, what it costs, what binds."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np
import pandas as pd

from gigasite.foundation.units import DAYS_PER_YEAR
from gigasite.results.bounds import GIVEN
from gigasite.results.run import FUTURES, Run
from gigasite.results.sentences_bridge import bridge
from gigasite.results.sentences_built import built
from gigasite.results.sentences_credits import tax_credits
from gigasite.results.sentences_environment import environment
from gigasite.results.sentences_fan import fan
from gigasite.results.sentences_flexibility import flexible_load
from gigasite.results.sentences_gas import gas_supply
from gigasite.results.sentences_grid import grid_contract
from gigasite.results.sentences_load import first_power, nation, waiting
from gigasite.results.sentences_nation import last_twh, obstacles
from gigasite.results.sentences_reliability import reliability
from gigasite.results.sentences_uptime import is_tightened, uptime
from gigasite.results.words import dollars, listed, technology_label

UNSERVED = "unserved_share_within_limit"
GAP = "gap_within_limit"
STOPPED = {
    "limit": "The solve ended at its limit",
    "interrupted": "The solve was interrupted",
}
SMALL_MW = 0.5
SMALL_PERCENT = 0.1
SMALL_BCF_PER_DAY = 0.005
SMALL_PRICE_RISE = 0.005
SMALL_SHARE = 0.005
SMALL_TWH = 0.05
MOST_PRICES = 2
NOT_A_LIMIT = ("energy", "load_ramp", "national_demand")
"""Rows of the table of prices that are no limits."""


def answer(run: Run) -> list[str]:
    """The answer of a run, most important first.

    A run that leaves more energy unserved than its limit says so before anything else, then which checks it failed.
    """
    if run.manifest.get(FUTURES):
        return [*_warnings(run), *fan(run), *_trust(run)]
    return [
        *_warnings(run),
        *built(run),
        *bridge(run),
        *first_power(run),
        *waiting(run),
        *nation(run),
        *obstacles(run),
        *last_twh(run),
        *_cost(run),
        *tax_credits(run),
        *_published(run),
        *_gas(run),
        *gas_supply(run),
        *grid_contract(run),
        *flexible_load(run),
        *environment(run),
        *reliability(run),
        *uptime(run),
        *_binding(run),
        *_trust(run),
    ]


def headline(run: Run) -> list[str]:
    """The answer in three sentences: what is built, from when on it serves what, what it costs; warnings come first.

    Of a nation the second tells the year that is shortest; of a scenario with futures all tell the common plan.
    """
    if run.manifest.get(FUTURES):
        return [*_warnings(run), *islice(fan(run), 3)]
    when = _nation_in_short(run) or " ".join([*first_power(run), *waiting(run)][:2])
    told = [*_warnings(run), " ".join(built(run)), when, next(iter(_cost(run)), "")]
    return [sentence for sentence in told if sentence]


def _nation_in_short(run: Run) -> str:
    """The year of a nation that falls shortest of its trajectory, or the last one, and what holds it back."""
    if "demand" not in run.table_names or not len(run.demand):
        return ""
    by_year = dict(zip((int(year) for year in run.demand["year"]), nation(run), strict=True))
    short = dict(zip(by_year, run.demand["shortfall_twh"].astype(float), strict=True))
    year = max(short, key=short.__getitem__) if max(short.values()) > SMALL_TWH else max(by_year)
    return " ".join([by_year[year], *islice(obstacles(run), 1)])


def _warnings(run: Run) -> Iterator[str]:
    row, checks = run.summary.iloc[0], run.checks
    failed = checks[~checks["passed"].astype(bool)]
    if UNSERVED in set(failed["check"]):
        limit = float(failed.loc[failed["check"] == UNSERVED, "limit"].iloc[0])
        yield (
            f"This plan does not serve its load: {_share(row['unserved_share'])} of the energy of energised facilities "
            f"goes unserved, and the limit is {_share(limit)}."
        )
    if run.manifest.get("status") in STOPPED:
        yield f"{STOPPED[run.manifest['status']]}: this is a plan, but one up to {_gap_in_words(run)} cheaper may exist."
        failed = failed[failed["check"] != GAP]
    if len(failed):
        told = " ".join(
            f"{name}: {sentence}" for name, sentence in zip(failed["check"], failed["sentence"], strict=True)
        )
        yield f"{len(failed)} of {len(checks)} checks failed, so do not use this answer. {told}"


def _share(share: Any) -> str:
    return f"{100.0 * float(share):.3g} %"


def _cost(run: Run) -> Iterator[str]:
    row = run.summary.iloc[0]
    levelised = row["levelised_cost_usd_per_mwh"]
    each = "" if pd.isna(levelised) else f", {levelised:,.1f} USD per MWh served"
    yield f"Supply costs {dollars(row['present_value_usd'])} in present value{each} (2024 USD)."
    yield f"Building it takes {dollars(row['overnight_capex_usd'])} of overnight capital{_announced(run)}."


def _announced(run: Run) -> str:
    """What was announced: of all that is built, or of the part of it that has an announcement."""
    row, capacity = run.summary.iloc[0], run.capacity
    if pd.isna(row["announced_capex_usd"]):
        return ""
    new = capacity[capacity["new_mw"] > SMALL_MW]["technology"].unique()
    parts = {name: row.get(f"announced_capex_{name}_usd") for name in new}
    if not any(pd.isna(usd) for usd in parts.values()):
        return f"; what was announced comes to {dollars(float(row['announced_capex_usd']))} in money of its day"
    told = [f"{technology_label(str(name))}: {dollars(float(usd))}" for name, usd in parts.items() if not pd.isna(usd)]
    return f"; of this, {listed(told)} as announced"


def _published(run: Run) -> Iterator[str]:
    """The price published for the project beside the one found."""
    row = run.summary.iloc[0]
    price, cost = row.get("published_price_usd_per_mwh"), row["levelised_cost_usd_per_mwh"]
    if pd.isna(price) or pd.isna(cost):
        return
    source = str((run.settings.get("published") or {}).get("source", ""))
    yield (
        f"Published: {float(price):g} USD/MWh{f' ({source})' if source else ''}. "
        f"The cost found here is {cost:,.0f}, {cost / float(price):,.1f} times that."
    )


def _gas(run: Run) -> Iterator[str]:
    row = run.summary.iloc[0]
    rise = row["gas_price_rise_usd_per_mmbtu"]
    told = "" if rise < SMALL_PRICE_RISE else f"; by its size it adds {rise:,.2f} USD/MMBtu to the price"
    if row["gas_full_output_bcf_per_day"] > SMALL_BCF_PER_DAY:
        yield (
            f"Gas: {row['gas_bcf_per_day']:,.2f} Bcf a day over the year with the most, "
            f"{row['gas_full_output_bcf_per_day']:,.2f} at full output{told}."
        )


def _binding(run: Run) -> Iterator[str]:
    """The limits that are worth most in present value: one sentence for each kind."""
    prices = run.prices
    prices = prices[~prices["requirement"].isin(NOT_A_LIMIT) & (prices["shadow_price"] > 0) & (prices["worth_usd"] > 0)]
    prices = prices[~_nothing_there(run, prices)]
    if not len(prices):
        return
    kinds = prices["requirement"].str.replace(r"_\d+$", "", regex=True)
    dearest = prices.loc[prices.groupby(kinds, sort=False)["worth_usd"].idxmax()]
    shown = dearest.sort_values("worth_usd", ascending=False).head(MOST_PRICES)
    yield "What binds: " + " ".join(shown["sentence"])


def _nothing_there(run: Run, prices: pd.DataFrame) -> pd.Series[bool]:
    """Rows of a site and year in which nothing is energised and nothing stands."""
    energised = run.load.set_index(["site", "year"])["energised_mw"]
    standing = run.capacity.groupby(["site", "year"])["total_mw"].sum()
    there = energised.add(standing, fill_value=0.0).to_dict()
    at = zip(prices["site"], prices["year"], strict=True)
    return pd.Series([there.get(key, 1.0) <= SMALL_MW for key in at], index=prices.index, dtype=bool)


def _trust(run: Run) -> Iterator[str]:
    """How far the answer can be trusted: confidence of the inputs, checks, what is proven, resolution."""
    row = run.summary.iloc[0]
    shares = {name: row[f"cost_share_{name}"] for name in ("published", "derived", "reported", "estimate")}
    if not any(pd.isna(share) for share in shares.values()):
        told = listed([f"{share:.0%} {name}" for name, share in shares.items() if share >= SMALL_SHARE])
        yield f"Of its cost, by the weakest input behind each part: {told}."
    if run.checks["passed"].astype(bool).all():
        yield f"All {len(run.checks)} checks passed."
    if run.manifest.get("prices_conditional"):
        yield f"Prices hold for {_whole_things(run)}: with one more or less of them they would differ."
    yield from _proof(run)
    hours, days = int(row["resolution_h"]), int(row["days"])
    if days < DAYS_PER_YEAR:
        yield f"Solved on {days} of {DAYS_PER_YEAR} days: for trying things out, never for an answer."
    elif hours > 1:
        yield f"Solved on {hours}-hour means: good for comparing; for a decision set horizon.resolution_h: 1."


def _whole_things(run: Run) -> str:
    """What is whole in a plan: machines, campuses, or both."""
    sites = (run.settings.get("sites") or {}).values()
    campuses = any(site.get("minimum_campus_mw") or site.get("placement") == "whole" for site in sites)
    campuses = campuses or (run.settings.get("national") or {}).get("placement") == "whole"
    machines = any(_is_whole(run, *at) for at in zip(run.capacity["site"], run.capacity["technology"], strict=True))
    if campuses and machines:
        return "these whole machines and campuses"
    return "these whole campuses" if campuses else "these whole machines"


def _proof(run: Run) -> Iterator[str]:
    """What the certified gap proves."""
    failed = set(run.checks[~run.checks["passed"].astype(bool)]["check"])
    if run.manifest.get("status") in STOPPED or GAP in failed:
        return
    if is_tightened(run):
        yield "The plan keeps its uptime, but is not proven the cheapest of all plans that do."
    elif _fleets_are_chosen(run):
        yield "The plan obeys the exact rule for lost machines, but is not proven the cheapest of all plans that do."
    else:
        yield f"No plan is more than {_gap_in_words(run)} cheaper: that is certified by a lower bound."


def _gap_in_words(run: Run) -> str:
    """The certified gap, rounded up so that the sentence holds."""
    gap = run.manifest.get("gap")
    if gap is None or not np.isfinite(gap):
        return "any amount"
    percent = 100.0 * float(gap)
    digits = 4 if percent < SMALL_PERCENT else 2
    return f"{np.ceil(percent * 10**digits) / 10**digits:.{digits}f} %"


def _is_whole(run: Run, site: str, technology: str) -> bool:
    """Whether a site builds a technology in whole machines."""
    here = ((run.settings.get("sites") or {}).get(site) or {}).get("technologies") or {}
    everywhere = run.settings.get("technologies") or {}
    options = {**(everywhere.get(technology) or {}), **(here.get(technology) or {})}
    return bool(options.get("units") == "whole")


def _fleets_are_chosen(run: Run) -> bool:
    """Whether the rule for lost machines acts by tangents on fleets that the plan chose itself.

    The rule is not convex in the number of machines; the plan is the best one of the last linear programme, whose line
    touches the rule at the plan, and the gap is that of this programme. Whole machines are counted exactly: by their
    outage rate whatever stands beside them, and where a number of machines is lost, if all that a site may have are
    whole.
    """
    lost = (run.settings.get("requirements") or {}).get("units_lost", "binomial")
    if lost == 0:
        return False
    capacity = run.capacity
    idle_at_peak = (capacity["total_mw"] > 0) & (capacity["firm_mw"] == 0)
    machines = capacity[(capacity["unit_size_mw"] > 0) & ~idle_at_peak]
    whole = [_is_whole(run, *at) for at in zip(machines["site"], machines["technology"], strict=True)]
    machines = machines.assign(exact=np.array(whole, dtype=bool))
    if lost != "binomial":
        machines["exact"] = machines.groupby("site")["exact"].transform("all")
    chosen = machines[(machines["units"] > 0) & (machines["bound"] != GIVEN) & ~machines["exact"]]
    failed = run.checks[~run.checks["passed"].astype(bool)]["check"]
    return bool(len(chosen)) and "survivors_carry_the_peak" not in set(failed)
