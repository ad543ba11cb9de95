"""The map of a screen: a page that opens without a network beside its tables, and an image where one is asked for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gigasite.studies.screening.output import Screening
    from gigasite.studies.screening.study_file import LoadedStudy
    from gigasite.studies.screening.tables import ScreeningTables

PAGE = "map.html"


def map_page(loaded: LoadedStudy, tables: ScreeningTables) -> dict[str, bytes]:
    """Return the map of a screen as a page, by its file name; nothing where there is nothing to be drawn."""
    from gigasite.report.images import page_of

    if not tables.screened:
        return {}
    return {PAGE: page_of(_figure(tables, loaded.study.title or loaded.study.name)).encode()}


def save_map(screening: Screening, file: Path) -> Path:
    """Write the map of a screen to a file, by its suffix.

    Raises:
        InputError: another suffix, a folder that cannot be written, or what draws images is missing.
    """
    from gigasite.report.images import save

    return save(_figure(screening.tables, screening.title or screening.study), file)


def _figure(tables: ScreeningTables, title: str) -> Any:
    from gigasite.report.siting_map import siting_map

    excluded = tables.excluded if tables.of_counties else tables.excluded.drop(columns="county_fips")
    return siting_map(tables.candidates, excluded, tables.connections, title=title, stay=tables.kept)
