"""The announced programmes side by side, and what of each a few solved scenarios explain.

    power[site]  = what plants of the programme's kinds cost there: as announced, else overnight cost in the
                   programme's money
    campus[site] = MW energised in the last year * cost of a MW of campus without generators, in the programme's money
    explained    = sum over the programme's sites of power and campus, each where the programme pays for it

Amounts are as announced, nominal. A site that several of the runs hold counts once, from the first of them. Which
programme pays for what at which site stands in inputs/programme_sites.csv.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from gigasite.finance.deflator import Deflator
from gigasite.inputs.figure import Figure
from gigasite.inputs.finance_terms import exchange_rates
from gigasite.inputs.folders import data_folder
from gigasite.inputs.tables import Tables, load_tables
from gigasite.results.run import Run
from gigasite.results.words import dollars, listed
from gigasite.system.assemble import deflator_of

AMOUNTS, NAMES, SITES = "programmes", "programme_names", "programme_sites"
CAMPUS, POWER = "campus", "power"
OPTIONAL_AMOUNTS = ("first_tranche", "second_tranche", "committed", "not_power_or_campus")
SHARES = ("power_share", "servers_share")
NOTHING_THERE = "the runs build and energise nothing at its sites"


@dataclass(frozen=True)
class Programmes:
    """Every programme, and what runs explain of it.

    Attributes:
        table: one row per programme: amount, currency, money, years, tranches, shares, what is explained and what not.
        by_site: one row per programme, run and site that explains a part of it.
        runs: the runs looked at.
        left_out: `site of run` that an earlier run holds already.
        campus: what a MW of campus costs, servers and generators inside [USD/MW].
    """

    table: pd.DataFrame
    by_site: pd.DataFrame
    runs: tuple[Run, ...]
    left_out: tuple[str, ...]
    campus: Figure


def programmes(runs: Sequence[Run] = ()) -> Programmes:
    """Set the programmes side by side, and tell what of each the runs explain.

    Raises:
        InputError: a figure is missing, or a run was written before runs held their investment.
    """
    tables = load_tables((data_folder(),))
    deflator = deflator_of(tables)
    names = tables.frame(NAMES)
    amounts = {str(row["programme"]): _amounts(tables, row) for row in names.to_dict(orient="records")}
    by_site, left_out = _by_site(runs, tables, deflator, {name: row["money_year"] for name, row in amounts.items()})
    rows = [_row(tables, row, amounts[str(row["programme"])], by_site) for row in names.to_dict(orient="records")]
    campus = tables.figure(AMOUNTS, programme=CAMPUS, item="all_in_usd_per_mw")
    return Programmes(pd.DataFrame(rows), by_site, tuple(runs), left_out, campus)


def _amounts(tables: Tables, named: dict[Any, Any]) -> dict[str, Any]:
    """Amount of a programme in its own currency and in dollars of the day."""
    figure = tables.figure(AMOUNTS, programme=named["programme"], item="amount")
    rate = 1.0
    if figure.unit != "USD":
        rate = exchange_rates(tables, figure.unit).at(date.fromisoformat(named["rate_date"]))
    return {
        "amount": figure.value,
        "currency": figure.unit,
        "rate_date": named["rate_date"] or None,
        "currency_per_usd": rate,
        "amount_usd": figure.value / rate,
        "money_year": figure.currency_year,
        "real_or_nominal": "nominal",
        "source": figure.source,
        "locator": figure.locator,
        "confidence": figure.confidence,
    }


def _row(tables: Tables, named: dict[Any, Any], amount: dict[str, Any], by_site: pd.DataFrame) -> dict[str, Any]:
    name = str(named["programme"])
    row: dict[str, Any] = {"programme": name, "name": named["name"], "buys": named["buys"], **amount}
    for item in ("years", "renewal_every_years", *OPTIONAL_AMOUNTS):
        found = _figure(tables, name, item)
        key = f"{item}_usd" if item in OPTIONAL_AMOUNTS else item
        row[key] = math.nan if found is None else found.value
    for item in SHARES:
        found = _figure(tables, name, item)
        row[item] = math.nan if found is None else found.value
        row[f"{item}_low"] = math.nan if found is None or found.low is None else found.low
        row[f"{item}_high"] = math.nan if found is None or found.high is None else found.high
        row[f"{item}_confidence"] = "" if found is None else found.confidence
        row[f"{item.removesuffix('_share')}_usd"] = row[item] * row["amount_usd"]
    own = by_site[by_site["programme"] == name]
    explained = float(own["power_usd"].sum() + own["campus_usd"].sum())
    row["explained_power_usd"] = float(own["power_usd"].sum())
    row["explained_campus_usd"] = float(own["campus_usd"].sum())
    row["explained_campus_mw"] = float(own["campus_mw"].sum())
    row["explained_usd"] = explained
    row["explained_share"] = explained / row["amount_usd"]
    row["scenarios"] = named["scenarios"]
    row["explained_power_share"] = row["explained_power_usd"] / row["power_usd"] if row["power_usd"] > 0 else math.nan
    missing = [site for site in tables.values(SITES, "site", programme=name) if site not in set(own["site"])]
    why = str(named["not_explained"])
    row["not_explained"] = _words(row, NOTHING_THERE if len(own) and explained == 0 else why, missing)
    return row


def _words(row: dict[str, Any], why: str, missing: Sequence[str]) -> str:
    """What of a programme is not explained, in a sentence; `missing` are its sites that no run holds."""
    left = row["amount_usd"] - row["explained_usd"]
    if left < 0:
        return f"nothing is left, the runs cost {dollars(-left)} more than was announced"
    absent = f"no run named holds {listed(missing)}" if missing else ""
    if row["explained_usd"] == 0:
        return f"all of it: {absent or why}"
    return f"{dollars(left)}: {why}" + (f"; {absent}" if absent else "")


def _figure(tables: Tables, programme: str, item: str) -> Figure | None:
    """A figure of a programme, or None where its source says nothing of it."""
    if item not in tables.values(AMOUNTS, "item", programme=programme):
        return None
    return tables.figure(AMOUNTS, programme=programme, item=item)


def _by_site(
    runs: Sequence[Run], tables: Tables, deflator: Deflator, money_years: dict[str, int]
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """What each run explains at each site, and the sites that an earlier run holds already."""
    cost = tables.figure(AMOUNTS, programme=CAMPUS, item="all_in_usd_per_mw")
    without = 1.0 - tables.figure(AMOUNTS, programme=CAMPUS, item="generators_share").value
    mapped = tables.frame(SITES).to_dict(orient="records")
    held: dict[str, str] = {}
    rows, left_out = [], []
    for run in runs:
        here = {str(site) for site in run.load["site"].unique()}
        again = sorted(site for site in here if held.get(site, str(run.path)) != str(run.path))
        known = {str(each["site"]) for each in mapped}
        left_out += [f"{site} of {run.scenario}" for site in again if site in known]
        held |= {site: str(run.path) for site in here if site not in held}
        for each in mapped:
            site, name = str(each["site"]), str(each["programme"])
            if site not in here or site in again:
                continue
            year = money_years[name]
            per_mw = deflator.from_2024(deflator.to_2024(cost.value, int(cost.currency_year or year)), year) * without
            row: dict[str, Any] = {
                "programme": name,
                "run": run.scenario,
                "site": site,
                "power_usd": 0.0,
                "campus_mw": 0.0,
            }
            row["campus_usd"] = 0.0
            if POWER in str(each["explains"]).split():
                row["power_usd"] = _power_usd(run, site, str(each["technologies"]).split(), deflator, year)
            if CAMPUS in str(each["explains"]).split():
                row["campus_mw"] = _energised_mw(run, site)
                row["campus_usd"] = row["campus_mw"] * per_mw
            rows.append(row)
    columns = ["programme", "run", "site", "power_usd", "campus_mw", "campus_usd"]
    return pd.DataFrame(rows, columns=columns), tuple(left_out)


def _power_usd(run: Run, site: str, technologies: list[str], deflator: Deflator, year: int) -> float:
    """Cost of everything a site builds, of some technologies or all: as announced, else in the money of a year."""
    built = run.table("investment")
    built = built[built["site"] == site]
    if technologies:
        built = built[built["technology"].isin(technologies)]
    announced = built["announced_usd"].fillna(0.0)
    overnight = built["overnight_usd"].where(announced == 0, 0.0)
    return float(announced.sum()) + deflator.from_2024(float(overnight.sum()), year)


def _energised_mw(run: Run, site: str) -> float:
    load = run.load[run.load["site"] == site]
    return float(load.loc[load["year"] == load["year"].max(), "energised_mw"].sum())
