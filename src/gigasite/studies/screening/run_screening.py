"""One study from its file to a written screen: read, ask the rules, draw, write."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

from gigasite.run.solve_run import Progress, Stages
from gigasite.studies.screening.output import Screening, write_screening
from gigasite.studies.screening.study_file import LoadedStudy, load_study
from gigasite.studies.screening.tables import ScreeningTables, screening_tables

Draw: TypeAlias = Callable[[LoadedStudy, ScreeningTables], Mapping[str, bytes]]
"""Draws the map of a screen: files by name."""


def run_screening(path: Path, *, results: Path, draw: Draw, progress: Progress | None = None) -> Screening:
    """Read a study, screen it and write what was found.

    Args:
        path: the study file.
        results: folder of results.
        draw: draws the map.
        progress: told each stage and its seconds.

    Raises:
        InputError: the study or a layer it names is faulty; nothing is written.
    """
    stages = Stages(progress)
    stages.begin("read the study and its layers")
    loaded = load_study(path)
    stages.begin("ask the rules")
    tables = screening_tables(loaded)
    stages.begin("draw the map")
    images = draw(loaded, tables)
    stages.begin("write")
    screening = write_screening(loaded, tables, results, images)
    stages.end()
    return screening
