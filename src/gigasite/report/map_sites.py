"""What a map says of each site in a year: load, supply mix, levelised cost, and the same in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from gigasite.formulation.hubs import SUPPLY_COMPONENTS
from gigasite.foundation.errors import InputError, Problem
from gigasite.foundation.units import MWH_PER_TWH
from gigasite.report.labels import look, looks
from gigasite.results.run import NOT_POWER, Run
from gigasite.results.words import listed, megawatts

if TYPE_CHECKING:
    import pandas as pd

SMALL_MW = 0.5
MOST_REASONS = 3
LETTERS_OF_A_STATE = 2
ABBREVIATION = 3
SMALL_WORDS = ("at", "by", "in", "of", "on", "the")
"""Ids of this many letters or fewer are abbreviations, and written in capitals."""


@dataclass(frozen=True)
class MappedSite:
    """A site in a year.

    Attributes:
        site: its id.
        label: what stands beside its disc.
        title: what a planner calls it.
        state: two letters, or the province abroad.
        latitude, longitude: degrees, WGS84.
        is_aggregate: it stands for the rest of a state.
        wanted_mw, energised_mw, waiting_mw: load.
        waits_for: what the waiting load waits for.
        mix_mw: capacity by technology.
        served_twh: energy of the load in the year.
        levelised_usd_per_mwh: cost of supply over all years, of the sites that lines join to it; None without load.
        with_sites: those it shares lines with.
    """

    site: str
    label: str
    title: str
    state: str
    latitude: float
    longitude: float
    is_aggregate: bool
    wanted_mw: float
    energised_mw: float
    waiting_mw: float
    waits_for: str
    mix_mw: Mapping[str, float]
    served_twh: float
    levelised_usd_per_mwh: float | None
    with_sites: tuple[str, ...]

    @property
    def has_load(self) -> bool:
        """Whether it wants load in the year; else its disc shows its capacity."""
        return self.wanted_mw > SMALL_MW

    @property
    def disc_mw(self) -> float:
        """Power the whole disc stands for."""
        return self.wanted_mw if self.has_load else sum(self.mix_mw.values())

    @property
    def in_words(self) -> str:
        """What the pointer shows."""
        lines = [f"<b>{escape(self.title)}</b>, {escape(self.state)}"]
        if self.has_load:
            of = f" of {megawatts(self.wanted_mw)} wanted" if self.waiting_mw > SMALL_MW else ""
            lines.append(f"{megawatts(self.energised_mw)} of load energised{of}")
        else:
            lines.append("no load of its own in this year")
        if self.waiting_mw > SMALL_MW:
            reasons = "<br>   ".join(escape(reason) for reason in self.waits_for.split("; ")[:MOST_REASONS] if reason)
            lines.append(f"{megawatts(self.waiting_mw)} wait" + (f" for<br>   {reasons}" if reasons else ""))
        lines += [f"{found.label}: {megawatts(self.mix_mw[found.name])}" for found in looks(self.mix_mw)]
        if self.served_twh > 0:
            lines.append(f"{self.served_twh:,.1f} TWh served in the year")
        if self.levelised_usd_per_mwh is not None:
            shared = f", together with {escape(listed(list(self.with_sites)))}" if self.with_sites else ""
            lines.append(f"Levelised cost {self.levelised_usd_per_mwh:,.1f} USD/MWh{shared}")
        return "<br>".join(lines)


def mapped_sites(run: Run, year: int) -> list[MappedSite]:
    """Return every site of a run that has load or capacity in a year.

    Raises:
        InputError: the run does not say where its sites lie, since it was written before maps.
    """
    if "places" not in run.table_names:
        raise InputError(
            Problem(f"the run {run.path} does not say where its sites lie", remedy="solve the scenario again")
        )
    joined = joined_sites(run)
    costs = levelised_costs(run, joined)
    loads = {str(row["site"]): row for row in _of_year(run.load, year)}
    mixes: dict[str, dict[str, float]] = {}
    for row in _of_year(run.capacity, year):
        if row["technology"] not in NOT_POWER and row["total_mw"] > SMALL_MW:
            mix = mixes.setdefault(str(row["site"]), {})
            mix[str(row["technology"])] = mix.get(str(row["technology"]), 0.0) + float(row["total_mw"])
    found = []
    for place in run.table("places").to_dict(orient="records"):
        site = str(place["site"])
        load, mix = loads.get(site, {}), mixes.get(site, {})
        wanted = float(load.get("wanted_mw", 0.0))
        if wanted <= SMALL_MW and not mix:
            continue
        found.append(
            MappedSite(
                site=site,
                label=site_label(site, str(place["state"]), is_aggregate=bool(place["is_aggregate"])),
                title=str(place["place_name"]),
                state=str(place["state"]),
                latitude=float(place["latitude"]),
                longitude=float(place["longitude"]),
                is_aggregate=bool(place["is_aggregate"]),
                wanted_mw=wanted,
                energised_mw=float(load.get("energised_mw", 0.0)),
                waiting_mw=float(load.get("waiting_mw", 0.0)),
                waits_for=str(load.get("waits_for") or ""),
                mix_mw={each.name: mix[each.name] for each in looks(mix)},
                served_twh=float(load.get("served_mwh", 0.0)) / MWH_PER_TWH,
                levelised_usd_per_mwh=costs.get(site) if wanted > SMALL_MW else None,
                with_sites=tuple(site_label(other) for other in joined[site] if other != site),
            )
        )
    return found


def levelised_costs(run: Run, joined: Mapping[str, tuple[str, ...]]) -> dict[str, float]:
    """Return the levelised cost of supply of every site [USD/MWh], over all years, for sites that lines join together.

        cost = sum(present value of supply) / sum(w[year] * served[year])      over the joined sites

    where w is the present value of a dollar a year spent in a modelled year, read from the table of costs.
    """
    supply = run.costs[run.costs["component"].isin(SUPPLY_COMPONENTS)]
    paid = run.costs[run.costs["cost_usd_per_year"].abs() > 0]
    weights = (paid["cost_usd_present_value"] / paid["cost_usd_per_year"]).groupby(paid["year"]).median()
    money = supply.groupby("site")["cost_usd_present_value"].sum()
    energy = (run.load["served_mwh"] * run.load["year"].map(weights).fillna(0.0)).groupby(run.load["site"]).sum()
    found = {}
    for site, others in joined.items():
        served = sum(float(energy.get(other, 0.0)) for other in others)
        if served > 0:
            found[site] = sum(float(money.get(other, 0.0)) for other in others) / served
    return found


def joined_sites(run: Run) -> dict[str, tuple[str, ...]]:
    """Return for every site those that lines join it to, itself among them."""
    groups: dict[str, set[str]] = {str(site): {str(site)} for site in run.load["site"].unique()}
    for line in (run.settings.get("lines") or {}).values():
        both = groups[str(line["from_site"])] | groups[str(line["to_site"])]
        for site in both:
            groups[site] = both
    return {site: tuple(sorted(group)) for site, group in groups.items()}


def site_label(site: str, state: str = "", *, is_aggregate: bool = False) -> str:
    """Return the short name of a site; counties of a screen, whose id ends in their state, as counties are written.

    >>> site_label("away_by_wire"), site_label("inl"), site_label("rest_of_va", "VA", is_aggregate=True)
    ('Away by Wire', 'INL', 'Rest of VA')
    >>> site_label("black_hawk_ia", "IA"), site_label("franklin_va_51067", "VA")
    ('Black Hawk, IA', 'Franklin, VA')
    """
    if is_aggregate:
        return f"Rest of {state}" if len(state) == LETTERS_OF_A_STATE else "Other states"
    if len(site) <= ABBREVIATION:
        return site.upper()
    county = re.fullmatch(rf"(.+)_{re.escape(state.lower())}(_\d{{5}})?", site) if state else None
    if county is not None:
        return f"{site_label(county[1])}, {state}"
    words = site.replace("-", "_").split("_")
    return " ".join(word if number and word in SMALL_WORDS else word.capitalize() for number, word in enumerate(words))


def technologies_of(sites: Iterable[MappedSite]) -> list[str]:
    """Return every technology that stands somewhere, in the order of stacks."""
    return [found.name for found in looks(name for site in sites for name in site.mix_mw)]


def label_of(technology: str) -> tuple[str, str]:
    """Return label and colour of a technology."""
    found = look(technology)
    return found.label, found.colour


def _of_year(table: pd.DataFrame, year: int) -> list[dict[Any, Any]]:
    rows: list[dict[Any, Any]] = table[table["year"] == year].to_dict(orient="records")
    return rows
