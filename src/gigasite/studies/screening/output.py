"""What a screen leaves behind: `results/<study>/<run>/`, there whole or not at all, the same byte for byte each time.

| file            | what                                                                          |
|-----------------|-------------------------------------------------------------------------------|
| candidates.csv  | those that stay, best first; a scenario takes its sites from it               |
| excluded.csv    | every candidate and rule that excludes it, with the reason                    |
| connections.csv | where the line and the gas lateral of each candidate would end                |
| rules.csv       | how many each rule excludes, and how many it alone                            |
| map.html        | both on outlines of counties and states; opens without a network              |
| scenario.yaml   | a scenario with the best candidates as its sites, where the study asks for it |
| study.yaml      | the study as it was read                                                      |
| screening.json  | files with their SHA-256, repairs of layers, counts and versions              |

No time stands in any of them; it stands in the name of the folder.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gigasite.inputs.folders import display_path
from gigasite.results.store import write_whole
from gigasite.run.solve_run import versions
from gigasite.siting.boundaries import OUTLINES_SOURCE
from gigasite.studies.screening.study_file import LoadedStudy
from gigasite.studies.screening.tables import ScreeningTables

if TYPE_CHECKING:
    import pandas as pd

CANDIDATES, EXCLUDED, RULES, CONNECTIONS = "candidates.csv", "excluded.csv", "rules.csv", "connections.csv"
MAP, SCENARIO, STUDY, MANIFEST = "map.html", "scenario.yaml", "study.yaml", "screening.json"


@dataclass(frozen=True)
class Screening:
    """A written screen.

    Attributes:
        study: name of the study.
        title: its title.
        question: what it asks.
        path: its folder.
        tables: what was found.
        notes: hints that are no faults: repairs of layers, among others.
    """

    study: str
    title: str
    question: str
    path: Path
    tables: ScreeningTables
    notes: tuple[str, ...] = ()

    @property
    def candidates(self) -> pd.DataFrame:
        """Those that stay, best first."""
        return self.tables.candidates

    @property
    def excluded(self) -> pd.DataFrame:
        """Every candidate and rule that excludes it."""
        return self.tables.excluded

    @property
    def rules(self) -> pd.DataFrame:
        """How many each rule excludes."""
        return self.tables.rules


def write_screening(
    loaded: LoadedStudy, tables: ScreeningTables, results: Path, images: Mapping[str, bytes]
) -> Screening:
    """Write a screen and return it.

    Args:
        loaded: the study.
        tables: what was found.
        results: folder of results.
        images: further files by name, such as the map.

    Raises:
        InputError: the folder cannot be written.
    """
    study = loaded.study
    texts = {
        CANDIDATES: _csv(tables.candidates),
        EXCLUDED: _csv(tables.excluded),
        RULES: _csv(tables.rules),
        **({CONNECTIONS: _csv(tables.connections)} if len(tables.connections) else {}),
        STUDY: _yaml(loaded.source.data),
        MANIFEST: json.dumps(_manifest(loaded, tables), indent=2, ensure_ascii=False) + "\n",
    }
    if study.scenario is not None and len(tables.candidates):
        texts[SCENARIO] = _scenario(loaded, len(tables.candidates))

    def fill(folder: Path) -> None:
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
        for name, content in images.items():
            (folder / name).write_bytes(content)

    path = write_whole(results / study.name, fill, named_by=(MANIFEST, CANDIDATES))
    return Screening(study.name, study.title, study.question, path, tables, _notes(loaded, tables))


def _csv(frame: pd.DataFrame) -> str:
    """Return a table as CSV; numbers to nine figures, so that the last bits of a machine do not show."""
    numbers = frame.select_dtypes("float").columns
    rounded = {name: [float(f"{value:.9g}") for value in frame[name]] for name in numbers}
    return frame.assign(**rounded).to_csv(index=False, lineterminator="\n")


def _yaml(data: Mapping[str, Any]) -> str:
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.width = 120
    stream = StringIO()
    yaml.dump(dict(data), stream)
    return stream.getvalue()


def _scenario(loaded: LoadedStudy, found: int) -> str:
    """Return the scenario whose sites are the best candidates."""
    said = loaded.source.data["scenario"]
    study = loaded.study
    assert study.scenario is not None  # asked for, or nobody calls this
    take = min(study.scenario.take, found)
    beside = loaded.source.files[0].parent / study.scenario.extends
    content = {
        "extends": str(beside.resolve()) if beside.is_file() else study.scenario.extends,
        "name": f"{study.name}-sites",
        "title": f"{study.title or study.name}: the best {take} of {found} candidates",
        **({"horizon": said["horizon"]} if "horizon" in said else {}),
        "candidates": {"file": CANDIDATES, "take": take, "each": said.get("each", {})},
    }
    return f"# Written by `gigasite screen` from the study {study.name}.\n{_yaml(content)}"


def _manifest(loaded: LoadedStudy, tables: ScreeningTables) -> dict[str, Any]:
    study = loaded.study
    layers = {
        name: {
            "file": display_path(loaded.files[name]),
            "sha256": _hash(loaded.files[name]),
            "kind": layer.kind,
            "features": len(layer.frame),
            "source": layer.source,
            "date": layer.date,
            "repairs": list(layer.repairs),
        }
        for name, layer in loaded.layers.items()
    }
    return {
        "study": study.name,
        "title": study.title,
        "question": study.question,
        "study_sha256": {display_path(file): _hash(file) for file in loaded.source.files},
        "layers": layers,
        "outlines": OUTLINES_SOURCE,
        "screened": tables.screened,
        "kept": tables.kept,
        "written": len(tables.candidates),
        "ranked_by": tables.ranked_by,
        "versions": _versions(),
    }


def _versions() -> dict[str, str]:
    from importlib.metadata import version

    return {**versions(), **{name: version(name) for name in ("bokeh_sampledata", "pyproj", "shapely")}}


def _hash(file: Path) -> str:
    return sha256(file.read_bytes()).hexdigest()


def _notes(loaded: LoadedStudy, tables: ScreeningTables) -> tuple[str, ...]:
    repairs = [f"layer {name}: {repair}" for name, layer in loaded.layers.items() for repair in layer.repairs]
    nowhere = int(tables.candidates["grid_zone"].isna().sum()) if "grid_zone" in tables.candidates else 0
    if nowhere:
        repairs.append(
            f"{nowhere:,} of the candidates lie in no state and near no known site, so their grid zone is not known: "
            "look at their coordinates, or say grid_zone in a column of the layer"
        )
    if not tables.kept:
        repairs.append("no candidate stays: rules.csv says which rule takes out most")
    written = loaded.study.scenario
    piped = "trunk_distance_km" in tables.measures
    if written is not None and not piped and written.each.gas.trunk_distance_km is None:
        repairs.append(
            "no pipeline is named below `connections:`, so gas reaches the sites of scenario.yaml without a trunk: say "
            "each.gas.trunk_distance_km"
        )
    return tuple(repairs)
