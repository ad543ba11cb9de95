"""The features of a file of a map as they stand in it: its layer, columns, kind of geometry and coordinate system."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gigasite.foundation.errors import InputError, Origin, Problem, did_you_mean
from gigasite.inputs.folders import display_path
from gigasite.inputs.text_file import read_text
from gigasite.siting.coordinate_csv import read_coordinates

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

FORMATS = {
    ".gpkg": "GeoPackage",
    ".geojson": "GeoJSON",
    ".json": "GeoJSON",
    ".shp": "Shapefile",
    ".zip": "zipped Shapefile",
    ".csv": "CSV",
}
LARGEST_MB = 1000
"""A GeoJSON of 200 MB takes about 9 s and 0.7 GB of memory, a GeoPackage 2 s and 0.8 GB, a CSV 5 s and 2.4 GB (half a
gigabyte for a million points); five times that is too much."""

GEOMETRY = {
    "points": ("Point", "MultiPoint"),
    "lines": ("LineString", "MultiLineString", "LinearRing"),
    "areas": ("Polygon", "MultiPolygon"),
}
_MIXED = ("Unknown", "GeometryCollection")
_BYTES_PER_MB = 1_000_000
_SHOWN_COLUMNS = 30


def read_features(
    path: Path, *, kind: str, crs: str | None, columns: Sequence[str] | None, layer: str | None, where: Origin
) -> tuple[GeoDataFrame, list[str]]:
    """Return the features with their coordinate system, and the repairs made so far.

    Raises:
        InputError: the file is missing, too large, of no known format, unreadable, of several layers, empty, of another
            kind, without the columns or the coordinate system.
    """
    own = parsed_crs(crs, where)
    _refuse_file(path, where)
    if path.suffix.lower() == ".csv":
        return read_coordinates(path, kind=kind, crs=own, columns=columns, where=where)
    return _read_map(path, kind, own, columns, layer, where)


def parsed_crs(text: str | None, where: Origin) -> Any:
    """Return the coordinate system that a text names, or None; InputError if there is none of that name."""
    if text is None:
        return None
    import pyproj

    try:
        return pyproj.CRS.from_user_input(text)
    except pyproj.exceptions.CRSError:
        allowed = "EPSG:4326 (degrees, WGS84), EPSG:4269 (degrees, NAD83), EPSG:5070 (metres, Albers), ..."
        message = "this names no coordinate system"
        raise InputError(Problem(message, where, "crs", str(text), allowed)) from None


def _refuse_file(path: Path, where: Origin) -> None:
    shown = display_path(path)
    if not path.is_file():
        read_text(path, where, key="path")  # says what is missing and what comes near
    if path.suffix.lower() not in FORMATS:
        allowed = ", ".join(f"{name} ({suffix})" for suffix, name in FORMATS.items())
        raise InputError(Problem(f"{shown} is no layer of a map", where, "path", path.suffix or path.name, allowed))
    size_mb = path.stat().st_size / _BYTES_PER_MB
    if size_mb > LARGEST_MB:
        remedy = (
            "cut it to the region and the columns you need, as: ogr2ogr -spat -125 24 -66 50 -select voltage "
            f"{path.stem}_small.gpkg {path.name}"
        )
        message = f"the file {shown} is too large to be read at once"
        raise InputError(Problem(message, where, "path", f"{size_mb:,.0f} MB", f"{LARGEST_MB:,} MB or less", remedy))


def _read_map(
    path: Path, kind: str, crs: Any, columns: Sequence[str] | None, layer: str | None, where: Origin
) -> tuple[GeoDataFrame, list[str]]:
    import pyogrio  # type: ignore[import-untyped]

    shown = display_path(path)
    try:
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            chosen = _chosen_layer(path, layer, where)
            info = pyogrio.read_info(path, layer=chosen)
            _refuse_content(info, shown, kind, crs, columns, where)
            wanted = None if columns is None else list(columns)
            frame = pyogrio.read_dataframe(
                path, layer=chosen, columns=wanted, force_2d=True, use_arrow=True, on_invalid="ignore"
            )
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.FeatureError) as error:
        format_name = FORMATS[path.suffix.lower()]
        remedy = "open it in a GIS and export it again" + (
            "; a Shapefile needs its .shx, .dbf and .prj beside it" if format_name == "Shapefile" else ""
        )
        # Drivers and their prefixes are GDAL's business.
        reason = str(error).split("; It might")[0].rstrip(".")
        message = f"{shown} cannot be read as a {format_name}: {reason}"
        raise InputError(Problem(message, where, "path", remedy=remedy)) from None
    if crs is not None:
        frame = frame.set_crs(crs, allow_override=True)
    return frame, [f"while reading, GDAL said: {text}" for text in dict.fromkeys(str(entry.message) for entry in said)]


def _chosen_layer(path: Path, layer: str | None, where: Origin) -> str:
    import pyogrio

    layers = pyogrio.list_layers(path)
    # Beside their maps, files hold tables without geometry: styles of a GIS, for one.
    names = [str(title) for title, held in layers if held is not None] or [str(title) for title, _ in layers]
    shown = display_path(path)
    if not names:
        raise InputError(Problem(f"{shown} holds no layer", where, "path"))
    if layer is not None and layer not in names:
        remedy = did_you_mean(layer, names)
        raise InputError(Problem(f"{shown} has no layer of this name", where, "layer", layer, ", ".join(names), remedy))
    if layer is None and len(names) > 1:
        remedy = f"say which, as layer: {names[0]}"
        message = f"{shown} holds {len(names)} layers"
        raise InputError(Problem(message, where, "layer", "(none named)", ", ".join(names), remedy))
    return names[0] if layer is None else layer


def _refuse_content(
    info: dict[str, Any], shown: str, kind: str, crs: Any, columns: Sequence[str] | None, where: Origin
) -> None:
    """Raise InputError with everything that the head of the file already shows to be wrong."""
    problems = []
    if info["features"] == 0:
        problems.append(Problem(f"{shown} holds no features", where, "path", remedy="export the layer again"))
    held = "none" if info["geometry_type"] is None else str(info["geometry_type"]).removesuffix(" ZM").split(" ")[0]
    if held not in (*_MIXED, *GEOMETRY[kind]) and not held.startswith("2.5D"):
        problems.append(wrong_kind(shown, kind, held, where))
    if info["crs"] is None and crs is None:
        problems.append(no_crs(shown, where))
    if info["crs"] is not None and crs is not None and parsed_crs(info["crs"], where) != crs:
        remedy = "leave the key out; to change the coordinate system of a file, export it again"
        message = f"{shown} says another coordinate system itself"
        problems.append(Problem(message, where, "crs", crs.to_string(), str(info["crs"])[:60], remedy))
    problems.extend(missing_columns(shown, [str(field) for field in info["fields"]], columns, where))
    if problems:
        raise InputError(problems)


def wrong_kind(shown: str, kind: str, held: str, where: Origin) -> Problem:
    """Return the problem of a file that holds another kind of geometry than its layer should."""
    fitting = [name for name, types in GEOMETRY.items() if any(part in types for part in held.split(", "))]
    remedy = f"say kind: {fitting[0]}, or give another file" if len(fitting) == 1 else "give another file"
    return Problem(f"{shown} holds no {kind}", where, "kind", held, ", ".join(GEOMETRY[kind]), remedy)


def no_crs(shown: str, where: Origin) -> Problem:
    """Return the problem of a file that does not say its coordinate system."""
    remedy = "ask who made it and say it, as crs: EPSG:4326 for degrees or crs: EPSG:5070 for metres in US Albers"
    return Problem(f"{shown} does not say its coordinate system", where, "crs", "(none)", "EPSG:...", remedy)


def missing_columns(shown: str, there: Sequence[str], columns: Sequence[str] | None, where: Origin) -> list[Problem]:
    """Return one problem for each needed column that the file does not have."""
    allowed = ", ".join(there[:_SHOWN_COLUMNS]) or "(no columns)"
    return [
        Problem(f"{shown} has no such column", where, column, column, allowed, did_you_mean(column, there))
        for column in columns or ()
        if column not in there
    ]
