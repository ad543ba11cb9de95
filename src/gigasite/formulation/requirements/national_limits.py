"""Limits of the national account by place: load energised in a state, a grid zone or a region, and how fast it grows.

    sum over s in p of energised[s, y]                          <= most[p, y]
    sum over s in p of energy per MW[s] * energised[s, y]       <= most energy[p, y]
    sum over s in p of energised[s, y] - energised[s, y before] <= growth[p, y]
    growth[p, y] = sum over calendar years t, year before < t <= y, of growth per year[p, t]

| symbol        | name                     | unit       | dimensions        |
|---------------|--------------------------|------------|-------------------|
| energised     | `energised_mw`           | MW         | site, year        |
| s in p        | `in_mw_limit` ...        | 1          | place, site       |
| most          | `most_mw`                | MW         | place, year       |
| energy per MW | `energy_gwh_per_mw`      | GWh per MW | site              |
| most energy   | `most_gwh`               | GWh/year   | place, year       |
| growth        | `growth_mw`              | MW         | place, year       |

Places are states, grid zones and regions; named campuses and the rest of a state count, the existing fleet does not.
Sites outside the account (`count_in_national: false`) do not count either. Edge rules: in the first modelled year
growth counts from the year of the existing fleet; before the first year of a limit its first value holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from gigasite.formulation.builder import Builder
from gigasite.formulation.registry import Requirement
from gigasite.foundation.units import MWH_PER_GWH, MWH_PER_TWH
from gigasite.inputs.scenario import RequirementSpec, YearSeries
from gigasite.system.context import Context
from gigasite.system.place import Place
from gigasite.system.quantity import Array, FeatureData, Quantity

NAME = "national_limits"
GWH_PER_TWH = MWH_PER_TWH / MWH_PER_GWH
SCOPES = {"state": "states", "zone": "zones", "region": "regions"}
"""Field of a place, and the section of a scenario that names places of the kind."""

KINDS = {"mw_limit": "limits_mw", "twh_limit": "limits_twh", "growth_limit": "growth_mw_per_year"}
"""Set of rows, and the section of a scenario behind it."""


class Spec(RequirementSpec):
    """Limits stand under `national:`; nothing to set here."""


@dataclass(frozen=True)
class Limit:
    """One limit: the field of a place it looks at, which place, and its figure by year."""

    scope: str
    place: str
    series: YearSeries

    @property
    def label(self) -> str:
        """The limit as a member of its set, such as `state_TX`."""
        return f"{self.scope}_{self.place}"

    def holds(self, place: Place) -> bool:
        """Whether a site lies in it, and counts."""
        return place.counts_in_national and getattr(place, self.scope) == self.place


def limits_of(context: Context, section: str) -> list[Limit]:
    """The limits that a section of `national:` gives, states first; growth also from `growth_limits.csv` if asked."""
    national = context.scenario.national
    if national is None:
        return []
    said = getattr(national, section)
    found = [
        Limit(scope, place, series) for scope, key in SCOPES.items() for place, series in getattr(said, key).items()
    ]
    if section == KINDS["growth_limit"] and national.growth_of_inputs:
        named = {limit.label for limit in found}
        found += [limit for limit in _of_inputs(context) if limit.label not in named]
    return found


def _of_inputs(context: Context) -> Iterator[Limit]:
    """Growth limits of `growth_limits.csv` for places in which a site lies."""
    rows = context.tables.frame("growth_limits")
    for scope, name in zip(rows["scope"].astype(str), rows["place"].astype(str), strict=True):
        if any(Limit(scope, name, YearSeries()).holds(place) for place in context.places):
            # Looked up, so that the run tells what it rests on.
            most = context.tables.figure("growth_limits", scope=scope, place=name).value
            yield Limit(scope, name, YearSeries(constant=most))


def fleet_year(context: Context) -> int:
    """Year of the existing fleet, from which growth counts."""
    return int(context.tables.frame("existing_fleet")["year"].max())


def prepare(context: Context) -> FeatureData:
    """Limits by place and year, and which sites lie in them."""
    data: dict[str, Quantity] = {}
    for kind, section in KINDS.items():
        limits = limits_of(context, section)
        if limits:
            inside = np.array([[float(limit.holds(place)) for place in context.places] for limit in limits])
            data[f"in_{kind}"] = Quantity(inside, (kind, "site"), "1")
            data |= _right_sides(context, kind, limits)
    if "most_gwh" in data:
        time = context.time
        load = np.array([time.steps(place.load_mw_per_mw).sum() for place in context.places])
        data["energy_gwh_per_mw"] = Quantity(load * time.step_hours / MWH_PER_GWH, ("site",), "GWh per MW")
    if "growth_mw" in data:
        data["is_later"] = Quantity((np.arange(len(context.years)) > 0).astype(float), ("year",), "1")
    return data


def _right_sides(context: Context, kind: str, limits: list[Limit]) -> dict[str, Quantity]:
    over = (kind, "year")
    if kind == "growth_limit":
        return {"growth_mw": Quantity(np.array([_growth_mw(context, limit.series) for limit in limits]), over, "MW")}
    each = np.array([[limit.series.at(year) for year in context.years] for limit in limits])
    if kind == "twh_limit":
        return {"most_gwh": Quantity(each * GWH_PER_TWH, over, "GWh/year")}
    return {"most_mw": Quantity(each, over, "MW")}


def _growth_mw(context: Context, series: YearSeries) -> Array:
    """Growth from one modelled year to the next, shape (year,)."""
    before = (min(fleet_year(context), context.years[0] - 1), *context.years[:-1])
    pairs = zip(before, context.years, strict=True)
    return np.array([sum(series.at(t) for t in range(earlier + 1, year + 1)) for earlier, year in pairs])


def labels_of(context: Context, kind: str) -> list[str]:
    """Members of a set of limits."""
    return [limit.label for limit in limits_of(context, KINDS[kind])]


def build(builder: Builder, data: FeatureData) -> None:
    """One row per limit and year over the energised load of the sites in it."""
    if not data:
        return
    for kind in KINDS:
        if f"in_{kind}" in data:
            builder.add_set(kind, labels_of(builder.system.context, kind))
    block = builder.block(NAME, data)
    sites, energised = builder.sets["site"], builder.energised_mw
    before = builder.model.calendar.previous_year

    def energised_within_limit(b: Any, of: Any, year: Any) -> Any:
        return sum(b.in_mw_limit[of, site] * energised[site, year] for site in sites) <= b.most_mw[of, year]

    def energy_within_limit(b: Any, of: Any, year: Any) -> Any:
        used = sum(b.in_twh_limit[of, site] * b.energy_gwh_per_mw[site] * energised[site, year] for site in sites)
        return used <= b.most_gwh[of, year]

    def growth_within_limit(b: Any, of: Any, year: Any) -> Any:
        now = sum(b.in_growth_limit[of, site] * energised[site, year] for site in sites)
        was = sum(b.is_later[year] * b.in_growth_limit[of, site] * energised[site, before[year]] for site in sites)
        return now - was <= b.growth_mw[of, year]

    rules = {"mw_limit": energised_within_limit, "twh_limit": energy_within_limit, "growth_limit": growth_within_limit}
    for kind, rule in rules.items():
        if f"in_{kind}" in data:
            builder.constraint(block, rule.__name__, (kind, "year"), rule)


REQUIREMENT = Requirement(NAME, "National limits", 172, Spec, prepare, build)
