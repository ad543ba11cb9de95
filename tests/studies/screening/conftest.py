"""A planner's desk with small layers over Ohio, and a study that uses them."""

from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely

from gigasite.foundation.errors import InputError, Problem
from gigasite.studies.screening.study_file import LoadedStudy, load_study
from gigasite.studies.screening.tables import ScreeningTables, screening_tables

CRS = "EPSG:4326"
WEST_TO_EAST = np.linspace(-85.0, -80.0, 101)
LAYERS = {
    "lines": (
        [shapely.LineString([(x, latitude) for x in WEST_TO_EAST]) for latitude in (39.5, 40.5)],
        {"voltage": [345.0, 138.0]},
    ),
    "pipelines": ([shapely.LineString([(-83, 38), (-83, 42)])], {}),
    "parks": ([shapely.box(-82.6, 38.3, -81.6, 39.4)], {"operator": ["state"]}),
    "towns": ([shapely.Point(-82.98, 39.34), shapely.Point(-82.99, 39.96)], {"people": [22_059, 905_748]}),
    "parcels": (
        [
            shapely.box(-83.2, 39.0, -83.1, 39.1),
            shapely.box(-83.0, 39.0, -82.99, 39.01),
            shapely.box(-82, 39, -81.9, 39.1),
        ],
        {"parcel": ["Big 1", "Small 2", "Park 3"], "slope": [2.0, 1.0, 12.0], "owner": ["A", "B", "C"]},
    ),
}
STUDY = """\
title: Ohio, a few layers
candidates: {counties_of: [OH]}
layers:
  lines: {path: lines.geojson, kind: lines, source: drawn, date: "2026"}
  pipelines: {path: pipelines.geojson, kind: lines, source: drawn, date: "2026"}
  parks: {path: parks.geojson, kind: areas, source: drawn, date: "2026"}
  towns: {path: towns.geojson, kind: points, source: drawn, date: "2026"}
rules:
  protected_land: {layer: parks, maximum_share: 0.2}
  people: {layer: towns, minimum_km: 20, minimum_population: 100000, population_column: people}
  transmission_line: {layer: lines, minimum_kv: 345, maximum_km: 30}
distances:
  town: {layer: towns}
connections:
  capacity_mw: 1000
  line: {layer: lines}
  pipeline: {layer: pipelines, heat_rate_mmbtu_per_mwh: 6.0}
best: 10
scenario:
  take: 2
  horizon: {years: [2030], resolution_h: 24, days: 2}
  each:
    load_ramp_mw: {2030: 300}
    technologies: [grid_connection, gas_turbine]
"""
PARCELS = """\
candidates: {layer: parcels, id_column: parcel, name_column: owner}
layers:
  parcels: {path: parcels.geojson, kind: areas, source: drawn, date: "2026"}
  parks: {path: parks.geojson, kind: areas, source: drawn, date: "2026"}
rules:
  slope: {column: slope, maximum_percent: 5}
  parcel: {minimum_ha: 500, without: [parks]}
"""


class StudyDesk:
    """A folder in which a planner writes studies."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, text: str, name: str = "mine") -> Path:
        path = self.folder / f"{name}.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    def load(self, text: str) -> LoadedStudy:
        return load_study(self.write(text))

    def screen(self, text: str) -> ScreeningTables:
        return screening_tables(self.load(text))

    def problems_of(self, text: str) -> list[Problem]:
        with pytest.raises(InputError) as error:
            self.screen(text)
        return list(error.value.problems)


@pytest.fixture(scope="session")
def layers_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("layers")
    for name, (shapes, columns) in LAYERS.items():
        frame = geopandas.GeoDataFrame(columns, geometry=shapes, crs=CRS)
        frame.to_file(folder / f"{name}.geojson", driver="GeoJSON", engine="pyogrio")
    return folder


@pytest.fixture(scope="session")
def ohio(layers_folder: Path) -> ScreeningTables:
    """The tables of the study, every candidate that stays."""
    return StudyDesk(layers_folder).screen(STUDY.replace("best: 10\n", ""))


@pytest.fixture
def desk(layers_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StudyDesk:
    for file in layers_folder.glob("*.geojson"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    monkeypatch.chdir(tmp_path)
    return StudyDesk(tmp_path)
