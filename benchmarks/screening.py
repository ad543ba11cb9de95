"""Screening of all counties with layers of a realistic size: seconds from the study file to the written tables and map.

    python benchmarks/screening.py

The layers are drawn at random over the contiguous states, with a seed: lines in pieces, pipelines, protected areas,
flood zones, towns and rivers. Every rule is asked about every county. Counts do not change from run to run.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
from harness import Row, show, write_csv

RESULT = Path(__file__).with_suffix(".csv")
TARGET_S = 10.0
SEED = 1
WEST, SOUTH, EAST, NORTH = -124.0, 25.5, -67.5, 49.0
LINES, PIPELINES, PROTECTED, FLOOD, TOWNS, RIVERS = 50_000, 20_000, 5_000, 5_000, 20_000, 10_000

STUDY = """\
name: all-counties
title: All counties, layers drawn at random
candidates: {counties_of: all}
layers:
  lines: {path: lines.gpkg, kind: lines, source: drawn at random, date: "2026"}
  pipelines: {path: pipelines.gpkg, kind: lines, source: drawn at random, date: "2026"}
  protected: {path: protected.gpkg, kind: areas, source: drawn at random, date: "2026"}
  flood: {path: flood.gpkg, kind: areas, source: drawn at random, date: "2026"}
  towns: {path: towns.gpkg, kind: points, source: drawn at random, date: "2026"}
  rivers: {path: rivers.gpkg, kind: lines, source: drawn at random, date: "2026"}
rules:
  states: {excluded: [AK, HI, DC]}
  flood: {layer: flood, maximum_share: 0.1}
  protected_land: {layer: protected, maximum_share: 0.2}
  people: {layer: towns, minimum_km: 5, minimum_population: 20000, population_column: population}
  parcel: {minimum_ha: 100000, without: [flood, protected]}
  transmission_line: {layer: lines, minimum_kv: 345, maximum_km: 30}
  pipeline: {layer: pipelines, maximum_km: 20}
  water: {layer: rivers, maximum_km: 25}
distances:
  line_500: {layer: lines, column: voltage, at_least: 500}
connections:
  capacity_mw: 1000
  line: {layer: lines, minimum_kv: 345}
  pipeline: {layer: pipelines}
"""

HEADINGS = {
    "case": "study",
    "candidates": "candidates",
    "features": "features",
    "read_s": "read s",
    "rules_s": "rules s",
    "map_s": "map s",
    "seconds": "s in all",
    "cpu_seconds": "s of one core",
    "target_s": "target s",
    "met": "met",
    "kept": "kept",
}


def draw_layers(folder: Path, *, lines: int, pipelines: int, areas: int, towns: int, rivers: int) -> int:
    """Write layers drawn at random and return how many features they hold together."""
    import geopandas
    import shapely

    random = np.random.default_rng(SEED)

    def places(number: int) -> np.ndarray:
        return np.column_stack([random.uniform(WEST, EAST, number), random.uniform(SOUTH, NORTH, number)])

    def pieces(number: int, degrees: float) -> np.ndarray:
        steps = random.normal(0.0, degrees / 4, (number, 4, 2)).cumsum(axis=1)
        return shapely.linestrings(places(number)[:, None] + steps)

    def blobs(number: int) -> np.ndarray:
        radius = random.gamma(2.0, 0.04, number)
        bearings = np.linspace(0.0, 2.0 * np.pi, 24, endpoint=False)
        reach = radius[:, None] * random.uniform(0.6, 1.4, (number, 24))
        rings = places(number)[:, None] + np.stack([reach * np.cos(bearings), reach * np.sin(bearings)], axis=2)
        return shapely.polygons(rings)

    shapes = {
        "lines": (pieces(lines, 0.2), {"voltage": random.choice([115.0, 230.0, 345.0, 500.0], lines)}),
        "pipelines": (pieces(pipelines, 0.3), {}),
        "protected": (blobs(areas), {}),
        "flood": (blobs(areas), {}),
        "towns": (shapely.points(places(towns)), {"population": random.lognormal(8.0, 1.5, towns).round()}),
        "rivers": (pieces(rivers, 0.5), {}),
    }
    for name, (geometry, columns) in shapes.items():
        frame = geopandas.GeoDataFrame(columns, geometry=geometry, crs="EPSG:4326")
        frame.to_file(folder / f"{name}.gpkg", driver="GPKG", engine="pyogrio")
    return sum(len(geometry) for geometry, _ in shapes.values())


def measured(folder: Path) -> Row:
    import gigasite

    features = draw_layers(folder, lines=LINES, pipelines=PIPELINES, areas=PROTECTED, towns=TOWNS, rivers=RIVERS)
    (folder / "all-counties.yaml").write_text(STUDY, encoding="utf-8")
    spent: dict[str, float] = {}

    def note(stage: str, seconds: float | None) -> None:
        if seconds is not None:
            spent[stage.partition(" ")[0]] = seconds

    begun, used = time.perf_counter(), time.process_time()
    found = gigasite.screen(folder / "all-counties.yaml", results=folder / "results", progress=note)
    seconds, cpu = time.perf_counter() - begun, time.process_time() - used
    return {
        "case": "all counties, every rule",
        "candidates": found.tables.screened,
        "features": features,
        "read_s": round(spent["read"], 2),
        "rules_s": round(spent["ask"], 2),
        "map_s": round(spent["draw"], 2),
        "seconds": round(seconds, 2),
        "cpu_seconds": round(cpu, 2),
        "target_s": TARGET_S,
        "met": "yes" if seconds <= TARGET_S else "no",
        "kept": found.tables.kept,
    }


def main() -> None:
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = [measured(Path(folder))]
    show("Screening of all counties of the United States", rows, HEADINGS)
    write_csv(RESULT, rows)


if __name__ == "__main__":
    main()
