"""Where the figures and scenarios lie that come with the package."""

from __future__ import annotations

from pathlib import Path


def data_folder() -> Path:
    """Return the folder of the shipped figures: `inputs/` of a source checkout, else the one inside the wheel."""
    return _shipped("inputs")


def scenarios_folder() -> Path:
    """Return the folder of the shipped scenarios: `scenarios/` of a source checkout, else the one inside the wheel."""
    return _shipped("scenarios")


def display_path(path: Path) -> str:
    """Return the path as a message shows it: relative if it lies under the working folder, else whole."""
    whole = path if path.is_absolute() else Path.cwd() / path
    here = Path.cwd()
    return str(whole.relative_to(here)) if whole.is_relative_to(here) else str(whole)


def _shipped(kind: str) -> Path:
    package = Path(__file__).resolve().parents[1]
    in_wheel = package / "_data" / kind
    if in_wheel.is_dir():
        return in_wheel
    return package.parents[1] / kind
