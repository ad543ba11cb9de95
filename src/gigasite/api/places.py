"""Where scenarios, studies and runs are: names a planner gives, found as files."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from gigasite.foundation.errors import InputError, Problem, did_you_mean

RESULTS = Path("results")
"""Folder of runs, in the working folder."""

Progress = Callable[[str, "float | None"], None]
"""Told each stage as it begins, with None, and as it ends, with its seconds."""


class ShippedScenario(NamedTuple):
    """A scenario that comes with gigasite; its name serves wherever a scenario file is asked for."""

    name: str
    title: str
    path: Path


def scenarios() -> list[ShippedScenario]:
    """Every scenario that comes with gigasite, by name; templates are left out."""
    from gigasite.inputs.yaml_source import read_scenario_yaml

    found = []
    for path in _shipped_files():
        data = read_scenario_yaml(path).data
        if not data.get("template", False):
            found.append(ShippedScenario(path.stem, str(data.get("title", "")), path))
    return found


def scenario_file(scenario: str | Path) -> Path:
    """Return the file that is meant: a path, or the name of a scenario here, in `scenarios/` or among the shipped ones.

    Raises:
        InputError: it looks like a name, and no scenario is called so.
    """
    path = Path(scenario)
    if path.is_file() or path.suffix or path.name != str(scenario):
        return path
    from gigasite.inputs.folders import scenarios_folder

    name = path.name
    for folder in (Path(), Path("scenarios"), scenarios_folder()):
        if (folder / f"{name}.yaml").is_file():
            return folder / f"{name}.yaml"
    shipped = [file.stem for file in _shipped_files()]
    known = list(dict.fromkeys([*_here(), *shipped]))
    raise InputError(
        Problem(
            f"there is no file and no scenario called {name}",
            given=name,
            allowed=f"a path such as scenarios/{name}.yaml, or a name: {', '.join(known)}",
            remedy=did_you_mean(name, known),
        )
    )


def studies() -> list[ShippedScenario]:
    """Every study that comes with gigasite, by name."""
    from gigasite.inputs.yaml_source import read_scenario_yaml

    return [
        ShippedScenario(path.stem, str(read_scenario_yaml(path).data.get("title", "")), path)
        for path in _shipped_studies()
    ]


def study_file(study: str | Path) -> Path:
    """Return the file that is meant: a path, or the name of a study here, in `studies/` or among the shipped ones.

    Raises:
        InputError: it looks like a name, and no study is called so.
    """
    path = Path(study)
    if path.is_file() or path.suffix or path.name != str(study):
        return path
    shipped = _shipped_studies()
    for file in (Path(f"{path.name}.yaml"), Path("studies") / f"{path.name}.yaml", *shipped):
        if file.stem == path.name and file.is_file():
            return file
    known = list(dict.fromkeys([*_here(), *(f.stem for f in shipped)]))
    raise InputError(
        Problem(
            f"there is no file and no study called {path.name}",
            given=path.name,
            allowed=f"a path such as studies/{path.name}.yaml, or a name: {', '.join(known)}",
            remedy=did_you_mean(path.name, known),
        )
    )


def _shipped_studies() -> Sequence[Path]:
    from gigasite.inputs.folders import scenarios_folder

    return sorted((scenarios_folder() / "studies").glob("*.yaml"))


def _shipped_files() -> Sequence[Path]:
    from gigasite.inputs.folders import scenarios_folder

    return sorted(scenarios_folder().glob("*.yaml"))


def refuse_unwritable(results: Path) -> None:
    """Say before the solve, not after it, that a run could not be written; creates nothing."""
    nearest = next(folder for folder in (results, *results.absolute().parents) if folder.exists())
    if not nearest.is_dir():
        raise InputError(Problem(f"{nearest} is a file, so no run can be written to {results}", given=str(results)))
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise InputError(Problem(f"the folder {nearest} cannot be written", given=str(results)))


def _here() -> list[str]:
    """Names of the files of the working folder that may be meant; hidden ones belong to other programs."""
    return [file.stem for file in sorted(Path().glob("*.yaml")) if not file.name.startswith(".")]
