"""Find candidate sites."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from gigasite.api.places import RESULTS, Progress, refuse_unwritable, study_file

if TYPE_CHECKING:
    from gigasite.studies.screening.output import Screening


def screen(
    study: str | Path,
    *,
    results: str | Path | None = None,
    image: str | Path | None = None,
    progress: Progress | None = None,
) -> Screening:
    """Screen places for sites: what rules them out, and distances, costs and reasons of those that stay.

    Args:
        study: a study file, or the name of a shipped study.
        results: folder of results; `results` in the working folder where not given.
        image: writes the map to this file too: .png, .svg, .pdf (needs `gigasite[images]`) or .html.
        progress: told each stage as it begins (with None) and as it ends (with its seconds).

    Returns:
        The written screen: `candidates`, `excluded` and `rules` as DataFrames, and its folder as `path`.

    Raises:
        InputError: the study or a layer it names is faulty; nothing is written.
    """
    path = study_file(study)
    folder = RESULTS if results is None else Path(results)
    refuse_unwritable(folder)
    if image is not None:
        from gigasite.report.images import SUFFIXES, refuse_suffix

        refuse_suffix(Path(image), SUFFIXES)

    from gigasite.report.screening_map import map_page, save_map
    from gigasite.studies.screening.run_screening import run_screening

    found = run_screening(path, results=folder, draw=map_page, progress=progress)
    if image is not None:
        save_map(found, Path(image))
    return found
