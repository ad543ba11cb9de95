"""The answer in sentences that a planner reads: what is built, first power, what waits, what it costs, what binds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from gigasite.formulation.registry import technologies
from gigasite.foundation.units import DAYS_PER_YEAR
from gigasite.results.run import NOT_POWER, Run
from gigasite.results.words import dollars, listed, megawatts

UNSERVED = "unserved_share_within_limit"
SMALL_MW = 0.5
MOST_PRICES = 3
MOST_REASONS = 3
NOT_A_LIMIT = ("energy", "load_ramp")
"""Rows of the table of prices that are no limits."""


def answer(run: Run) -> list[str]:
    """The answer of a run, most important first.

    A run that leaves more energy unserved than its limit says so before anything else, then which checks it failed.
    """
    return [
        *_warnings(run),
        *_built(run),
        *_waiting(run),
        *_cost(run),
        *_gas(run),
        *_nation(run),
        *_binding(run),
        *_trust(run),
    ]


def _warnings(run: Run) -> Iterator[str]:
    row, checks = run.summary.iloc[0], run.checks
    failed = checks[~checks["passed"].astype(bool)]
    if UNSERVED in set(failed["check"]):
        limit = float(failed.loc[failed["check"] == UNSERVED, "limit"].iloc[0])
        yield (
            f"This plan does not serve its load: {_share(row['unserved_share'])} of the energy of energised facilities "
            f"goes unserved, and the limit is {_share(limit)}."
        )
    if len(failed):
        told = " ".join(
            f"{name}: {sentence}" for name, sentence in zip(failed["check"], failed["sentence"], strict=True)
        )
        yield f"{len(failed)} of {len(checks)} checks failed, so do not use this answer. {told}"
    if run.manifest.get("status") == "limit":
        yield "The solve ended at its limit: this is a plan, but a cheaper one may exist."


def _share(share: Any) -> str:
    return f"{100.0 * float(share):.3g} %"


def _built(run: Run) -> Iterator[str]:
    """What stands in the last year, and the first power."""
    last = int(run.capacity["year"].max())
    rows = run.capacity[(run.capacity["year"] == last) & ~run.capacity["technology"].isin(NOT_POWER)]
    parts = [
        _said(str(technology), group)
        for technology, group in rows.groupby("technology", sort=False)
        if group["total_mw"].sum() > SMALL_MW
    ]
    yield (
        f"{run.title}: in {last} there stand {listed(parts)}." if parts else f"{run.title}: nothing is built by {last}."
    )
    summary, load = run.summary.iloc[0], run.load
    first = summary["first_power_year"]
    if pd.isna(first):
        yield "No facility is energised in any year."
        return
    year = int(first)
    at_first = load[load["year"] == year]
    yield (
        f"First power comes in {year}: {megawatts(at_first['energised_mw'].sum())} of the "
        f"{megawatts(at_first['wanted_mw'].sum())} wanted then."
    )


def _said(technology: str, rows: pd.DataFrame) -> str:
    known = technologies()
    label = known[technology].label if technology in known else technology
    words = label if label.isupper() else label[0].lower() + label[1:]
    machines = rows["units"].sum()
    count = (
        ""
        if not rows["units"].notna().any() or machines <= 0
        else f" ({machines:,.0f} machine{'s' if machines > 1 else ''})"
    )
    return f"{megawatts(rows['total_mw'].sum())} of {words}{count}"


def _waiting(run: Run) -> Iterator[str]:
    """What waits, for what, and what that costs."""
    load = run.load
    waiting = load.groupby("year", sort=True)["waiting_mw"].sum()
    held = waiting[waiting > SMALL_MW]
    wanted = load.groupby("year", sort=True)["wanted_mw"].sum()
    if not len(held):
        if wanted.max() > 0:
            yield "Nothing waits: every megawatt wanted is energised in its year."
        return
    year = int(held.index[int(held.to_numpy().argmax())])
    rows = load[(load["year"] == year) & (load["waiting_mw"] > SMALL_MW)]
    reasons = rows.groupby("waits_for")["waiting_mw"].sum().sort_values(ascending=False)
    told = "; ".join(_reason(str(why), float(mw), len(reasons)) for why, mw in reasons.head(MOST_REASONS).items())
    more = "" if len(reasons) <= MOST_REASONS else "; the rest for other supply"
    costs = run.costs[(run.costs["component"] == "idle_load") & (run.costs["year"] == year)]["cost_usd_per_year"].sum()
    price = f", which costs {dollars(float(costs))} in that year" if costs > 0 else ""
    years = listed([str(each) for each in held.index])
    yield (
        f"Load waits in {years}: most in {year}, {megawatts(float(held.max()))} of {megawatts(float(wanted[year]))}"
        f"{price}. It waits for {told}{more}."
    )


def _reason(why: str, mw: float, of_several: int) -> str:
    return why if of_several == 1 else f"{why} ({megawatts(mw)})"


def _cost(run: Run) -> Iterator[str]:
    row = run.summary.iloc[0]
    levelised = row["levelised_cost_usd_per_mwh"]
    each = "" if pd.isna(levelised) else f", {levelised:,.1f} USD per MWh served"
    yield f"Supply costs {dollars(row['present_value_usd'])} in present value{each} (2024 USD)."
    announced = row["announced_capex_usd"]
    told = (
        "" if pd.isna(announced) else f"; what was announced comes to {dollars(float(announced))} in money of its day"
    )
    yield f"Building it takes {dollars(row['overnight_capex_usd'])} of overnight capital{told}."


def _gas(run: Run) -> Iterator[str]:
    row = run.summary.iloc[0]
    if row["gas_full_output_bcf_per_day"] > 0:
        yield (
            f"Gas: {row['gas_bcf_per_day']:,.2f} Bcf a day over the year with the most, "
            f"{row['gas_full_output_bcf_per_day']:,.2f} at full output; "
            f"by its size it adds {row['gas_price_rise_usd_per_mmbtu']:,.2f} USD/MMBtu to the price."
        )


def _nation(run: Run) -> Iterator[str]:
    short = run.demand[run.demand["shortfall_twh"].astype(float) > 0] if len(run.demand) else run.demand
    if len(run.demand) and not len(short):
        yield "The national trajectory is met in every year."
    for row in short.to_dict("records"):
        yield (
            f"In {row['year']} the nation falls {row['shortfall_twh']:,.1f} TWh short of {row['trajectory_twh']:,.0f}; "
            f"what binds: {row['binding']}."
        )


def _binding(run: Run) -> Iterator[str]:
    """The limits with the highest prices: one sentence for each kind."""
    prices = run.prices[~run.prices["requirement"].isin(NOT_A_LIMIT) & (run.prices["shadow_price"] > 0)]
    if not len(prices):
        return
    dearest = prices.loc[prices.groupby("requirement", sort=False)["shadow_price"].idxmax()]
    shown = dearest.sort_values("shadow_price", ascending=False).head(MOST_PRICES)
    yield "What binds: " + " ".join(shown["sentence"])


def _trust(run: Run) -> Iterator[str]:
    """How far the answer can be trusted: confidence of the inputs, checks, resolution."""
    row = run.summary.iloc[0]
    shares = {name: row[f"cost_share_{name}"] for name in ("published", "derived", "reported", "estimate")}
    if not any(pd.isna(share) for share in shares.values()):
        told = listed([f"{share:.0%} {name}" for name, share in shares.items() if share > 0])
        yield f"Of its cost, by the weakest input behind each part: {told}."
    if run.checks["passed"].astype(bool).all():
        yield f"All {len(run.checks)} checks passed."
    hours, days = int(row["resolution_h"]), int(row["days"])
    if days < DAYS_PER_YEAR:
        yield f"Solved on {days} of {DAYS_PER_YEAR} days: for trying things out, never for an answer."
    elif hours > 1:
        yield f"Solved on means of {hours} hours: for looking, not certified; resolution_h: 1 is."
