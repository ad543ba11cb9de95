"""Rows of permits: what plants of a site emit and use in a year, the land they cover, the hours of backup."""

from __future__ import annotations

from collections.abc import Iterator

from gigasite.foundation.units import KG_PER_TONNE, SQUARE_METRES_PER_HECTARE
from gigasite.run.crosscheck.draft import Draft, Key, Number, Row
from gigasite.run.crosscheck.supply import BACKUP, BATTERY, battery_keys, plant_key
from gigasite.run.crosscheck.year import Year

RATES = {
    "nox_limit_kg": ("nox_counted", "nox_t_per_mwh", KG_PER_TONNE),
    "co2_limit_t": ("co2_counted", "co2_t_per_mwh", 1.0),
    "water_limit_m3": ("water_counted", "water_m3_per_mwh", 1.0),
    "water_withdrawal_limit_m3": ("water_withdrawal_counted", "water_withdrawal_m3_per_mwh", 1.0),
}
"""Limits by name: the array of sites that have one, what an MWh brings, and units of the limit in a unit of that."""

WHAT = "permits of a site"


def add_permits(draft: Draft, year: Year) -> None:
    """A row for every permit of every site."""
    data = year.data("permits")
    for name, (counted, rate, units) in RATES.items():
        if name not in data:
            continue
        for s, site in year.sites:
            if data[counted].values[s] > 0:
                power: dict[Key, Number] = {
                    plant_key(site, plant): units * per_mwh * draft.step_hours
                    for plant, per_mwh in _rates(year, rate, s)
                }
                limit = float(data[name].values[s, year.y])
                draft.row(Row(f"{site} {name}", WHAT, "<=", limit, {}, power))
    _add_land(draft, year)
    _add_backup(draft, year)


def _rates(year: Year, rate: str, s: int) -> Iterator[tuple[str, float]]:
    """Plants of a site and what an MWh of theirs brings, where it brings anything."""
    for plant in year.plants():
        found = year.data(plant).get(rate)
        if found is None or not year.has(s, plant):
            continue
        value = float(found.values[s, year.y] if found.values.ndim > 1 else found.values[s])
        if value > 0:
            yield plant, value


def _add_land(draft: Draft, year: Year) -> None:
    """Land under plants and batteries."""
    data = year.data("permits")
    if "land_limit_ha" not in data:
        return
    for s, site in year.sites:
        if data["land_counted"].values[s] > 0:
            covered = {
                plant_key(site, plant): area / SQUARE_METRES_PER_HECTARE
                for plant, area in _rates(year, "land_m2_per_mw", s)
            }
            battery = year.data(BATTERY)
            if battery and year.has(s, BATTERY):
                charge = battery_keys(site)[0]
                covered[charge] = float(battery["land_m2_per_mw"].values[s]) / SQUARE_METRES_PER_HECTARE
            limit = float(data["land_limit_ha"].values[s, year.y])
            draft.row(Row(f"{site} land", WHAT, "<=", limit, covered))


def _add_backup(draft: Draft, year: Year) -> None:
    data = year.data("permits")
    if "backup_hours" not in data:
        return
    for s, site in year.sites:
        if data["backup_counted"].values[s] > 0:
            key, hours = plant_key(site, BACKUP), float(data["backup_hours"].values[s, year.y])
            draft.row(Row(f"{site} backup permit", WHAT, "<=", 0.0, {key: -hours}, {key: draft.step_hours}))
