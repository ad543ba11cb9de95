"""A hundred candidate counties, five years, every hour: how long it takes and how much memory, at a gap of 1e-3.

    python benchmarks/candidates.py [--counties 20 50 100] [--days N] [--write FILE]

The counties are those nearest to the shipped sites of the United States, of the same state, one for each site in turn.
A county takes grid zone, fuel, weather and cost factors from that site; its place is a point within its outline. All
share one national account, LBNL's low trajectory, and may carry more than it asks for: the price of what falls short
decides how much is built where, and counties compete for the zones' grid and for the industry's build slots. The load
of all is the same however many there are, made up for measuring; nothing here says where to build.
"""

from __future__ import annotations

import argparse
import csv
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from harness import FOLDER, Row, fresh, show, write_csv

RESULT = Path(__file__).with_suffix(".csv")
BASE = FOLDER.parent / "scenarios" / "base.yaml"
SITES = FOLDER.parent / "inputs" / "sites.geojson"
COUNTIES = (20, 50, 100)
YEARS = (2028, 2029, 2030, 2032, 2035)
TECHNOLOGIES = ("combined_cycle", "gas_turbine", "solar", "wind", "battery", "grid_connection")
GAP = 1e-3
ALL_MW = 120_000
"""Full size of all campuses together, however many: more than the account asks for, so that counties compete."""

SIZES = (0.5, 1.0, 1.5)
"""Full sizes of campuses in turn, as multiples of the mean."""

RAMP = (0.3, 0.5, 0.7, 0.85, 1.0)
"""Share of the full size that is wanted in each year."""

LONGEST_S = 3 * 3600.0
MIB_PER_GIB = 1024
EARTH_KM = 6371.0


def counties(count: int) -> list[dict[str, Any]]:
    """The counties nearest to the sites, each with the site it is like: one for each site in turn."""
    queues = [_nearest_first(site) for site in _sites()]
    chosen: dict[str, dict[str, Any]] = {}
    while len(chosen) < count and queues:
        for queue in list(queues):
            county = next((one for one in queue if one["key"] not in chosen), None)
            if county is None:
                queues.remove(queue)
            elif len(chosen) < count:
                chosen[county["key"]] = county
    return list(chosen.values())


def _sites() -> list[dict[str, Any]]:
    """Shipped sites of the United States with their coordinates."""
    features = json.loads(SITES.read_text(encoding="utf-8"))["features"]
    return [
        {**one["properties"], "lon": one["geometry"]["coordinates"][0], "lat": one["geometry"]["coordinates"][1]}
        for one in features
        if one["properties"]["country"] == "US"
    ]


def _nearest_first(site: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Counties of a site's state, the nearest first."""
    import numpy as np
    from bokeh_sampledata.us_counties import records

    found = []
    for one in records(state=site["state"]):
        centre = one["geometry"].representative_point()
        a, b = np.radians([centre.y, site["lat"]])
        half = np.sin((a - b) / 2) ** 2 + np.cos(a) * np.cos(b) * np.sin(np.radians(centre.x - site["lon"]) / 2) ** 2
        found.append(
            {
                "key": f"{one['name'].lower().replace(' ', '_').replace('.', '')}_{site['state'].lower()}",
                "name": f"{one['name']}, {site['state']}",
                "like": site["site_id"],
                "state": site["state"],
                "lat": round(centre.y, 3),
                "lon": round(centre.x, 3),
                "km": float(2 * EARTH_KM * np.arcsin(np.sqrt(half))),
            }
        )
    return iter(sorted(found, key=lambda county: county["km"]))


def scenario(count: int, **changed: Any) -> str:
    """A scenario over the first counties, as text; top-level keys may be changed."""
    sites = {}
    for number, county in enumerate(counties(count)):
        full = SIZES[number % len(SIZES)] * ALL_MW / count
        sites[county["key"]] = {
            "like": county["like"],
            "place": {key: county[key] for key in ("name", "lat", "lon", "state")},
            "load_ramp_mw": {str(year): round(full * share) for year, share in zip(YEARS, RAMP, strict=True)},
            "technologies": list(TECHNOLOGIES),
        }
    said = {
        "extends": str(BASE),
        "name": f"candidates-{count}",
        "title": f"Benchmark, {count} candidate counties and {len(YEARS)} years",
        "horizon": {"years": list(YEARS), "resolution_h": 1},
        "national": {"trajectory": "lbnl_low", "include_rest_of_state": False},
        "load": {"idle_value_usd_per_mw_year": 0},
        "solve": {"gap": GAP},
        "sites": sites,
        **changed,
    }
    return "".join(f"{key}: {json.dumps(value)}\n" for key, value in said.items())


def measured(count: int, folder: Path, **changed: Any) -> Row:
    """Seconds, gap and memory of so many counties, in a process of its own."""
    file = folder / f"candidates-{count}.yaml"
    file.write_text(scenario(count, **changed), encoding="utf-8")
    found = fresh("solving:solve", longest_s=LONGEST_S, scenarios=[str(file)])
    row: Row = {"counties": count, "years": len(YEARS), "site_years": count * len(YEARS)}
    if "failed" in found:
        return {**row, "note": found["failed"]}
    answer = found["answers"][0]
    return {
        **row,
        "seconds": answer["seconds"],
        "peak_gib": found["peak_mb"] / MIB_PER_GIB,
        "gap": answer["gap"],
        "gap_asked": GAP,
        "method": answer["method"],
        "rows": answer["rows"],
        "columns": answer["columns"],
        "objective_usd": answer["objective_usd"],
        "checks_passed": answer["checks_passed"],
        "stage_seconds": json.dumps(answer["stage_seconds"]),
    }


def _written() -> list[Row]:
    """Sizes measured before: they stay until they are measured again."""
    if not RESULT.exists():
        return []
    with RESULT.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--counties", nargs="+", type=int, default=list(COUNTIES))
    arguments.add_argument("--days", type=int, help="so many days a year only, to see that it runs; nothing written")
    arguments.add_argument("--write", type=Path, help="write the scenario of the last size to a file, and end")
    given = arguments.parse_args()
    changed: dict[str, Any] = {}
    if given.days is not None:
        changed["horizon"] = {"years": list(YEARS), "resolution_h": 1, "days": given.days}
    if given.write is not None:
        given.write.write_text(scenario(given.counties[-1], **changed), encoding="utf-8")
        return
    with tempfile.TemporaryDirectory() as folder:
        rows = [measured(count, Path(folder), **changed) for count in given.counties]
    columns = {
        "counties": "counties",
        "site_years": "site-years",
        "rows": "rows",
        "seconds": "s",
        "peak_gib": "peak GiB",
        "gap": "gap",
        "checks_passed": "checks",
        "note": "note",
    }
    if not any(row.get("note") for row in rows):
        del columns["note"]
    show("candidate counties, YAML to written tables", rows, columns)
    if given.days is None and not any(row.get("note") for row in rows):  # what was ended says nothing
        others = [row for row in _written() if int(row["counties"]) not in given.counties]
        write_csv(RESULT, sorted([*others, *rows], key=lambda row: int(row["counties"])))


if __name__ == "__main__":
    main()
