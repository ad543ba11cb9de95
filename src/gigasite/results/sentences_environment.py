"""Permits that are used up and clean energy, in sentences; nothing where a scenario asks for neither."""

from __future__ import annotations

from collections.abc import Iterator

from gigasite.results.run import Run
from gigasite.results.words import listed

USED_UP = 1.0 - 1e-4
"""Share of a limit from which it is used up."""

NAMES = {
    "nox": "NOx",
    "co2": "carbon dioxide",
    "water": "water consumed",
    "water_withdrawal": "water withdrawn",
    "land": "land",
    "backup_run_hours": "backup run hours",
}


def environment(run: Run) -> Iterator[str]:
    """One sentence on permits where there are any, one on clean energy where a share is asked for."""
    if "environment" not in run.table_names:
        return  # a run of before these tables
    yield from _permits(run)
    asked = run.settings.get("requirements") or {}
    if asked.get("clean_share") is not None or asked.get("clean_share_hourly") is not None:
        yield from _clean(run)


def _permits(run: Run) -> Iterator[str]:
    if not any((site or {}).get("permits") for site in (run.settings.get("sites") or {}).values()):
        return
    table = run.table("environment").dropna(subset=["permit_limit"])
    full = table[table["amount"] >= USED_UP * table["permit_limit"]]  # a limit of nothing is used up by nothing
    if not len(full):
        yield "No permit is used up."
        return
    for site, rows in full.groupby("site", sort=False):
        told = [
            f"{NAMES[str(burden)]} in {listed([str(year) for year in part['year']])}"
            for burden, part in rows.groupby("burden", sort=False)
        ]
        yield f"Permits used up at {site}: {'; '.join(told)}."


def _clean(run: Run) -> Iterator[str]:
    table = run.table("clean_energy")
    if not len(table):
        return
    last = table[table["year"] == table["year"].max()]
    hourly = float((last["clean_share_hourly"] * last["load_mwh"]).sum() / last["load_mwh"].sum())
    yearly = float((last["clean_share_yearly"] * last["load_mwh"]).sum() / last["load_mwh"].sum())
    yield (
        f"Supply that emits nothing gives {100.0 * yearly:.1f} % of the energy used in {int(last['year'].iloc[0])}, "
        f"and {100.0 * hourly:.1f} % counted hour by hour (24/7)."
    )
