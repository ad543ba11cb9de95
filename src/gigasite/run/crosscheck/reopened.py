"""A run's inputs again, from the resolved scenario it holds and the figures it was made from.

The hourly tables of a run are rounded to float32 and prices, availabilities and annuities are in none, so the scenario
is read and assembled once more. Figures that have changed since would compare two different things: they are refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from gigasite.formulation.registry import requirement_specs, technology_specs
from gigasite.foundation.errors import InputError, Origin, Problem
from gigasite.inputs.load import load_scenario
from gigasite.inputs.sections import Override
from gigasite.inputs.tables import Tables, load_tables
from gigasite.results.run import Run
from gigasite.run.solve_run import assemble_loaded
from gigasite.system.system import System


def reopened_system(run: Run) -> System:
    """The arrays a run was made from.

    Raises:
        InputError: figures have changed since, or are gone; or the run holds the means of several futures.
    """
    _refuse_futures(run)
    return _assembled(run, run.settings)


def last_year_system(run: Run, resolution_h: int) -> System:
    """The same scenario with its last modelled year alone, at another resolution and without whole machines."""
    _refuse_futures(run)
    settings = deepcopy(dict(run.settings))
    for technologies in (settings["technologies"], *(site["technologies"] for site in settings["sites"].values())):
        for options in technologies.values():
            options.pop("units", None)
    for site in settings["sites"].values():
        site.pop("start_month", None)  # the last year stands for whole years
    settings["requirements"].pop("price_lead_times", None)
    horizon = dict(settings["horizon"])
    settings["horizon"] = horizon | {"years": [max(horizon["years"])], "resolution_h": resolution_h}
    return _assembled(run, settings)


def _assembled(run: Run, settings: Mapping[str, Any]) -> System:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{run.scenario}.yaml"
        _write_yaml(path, settings)

        def tables(folders: Sequence[Path], overrides: Sequence[Override], origins: Sequence[Origin]) -> Tables:
            return load_tables((*_own_folders(run, folders), *folders), overrides, origins)

        loaded = load_scenario(
            path,
            technology_specs=technology_specs(),
            requirement_specs=requirement_specs(),
            tables_loader=tables,
        )
        _refuse_changed(run, loaded.tables)
        return assemble_loaded(loaded)


def _write_yaml(path: Path, settings: Mapping[str, Any]) -> None:
    from ruamel.yaml import YAML

    with path.open("w", encoding="utf-8") as file:
        YAML().dump(dict(settings), file)


def _own_folders(run: Run, shipped: Sequence[Path]) -> list[Path]:
    """Folders of a planner's own figures, which stood beside the files of the scenario."""
    known = {folder.resolve() for folder in shipped}
    beside = dict.fromkeys(Path(file).parent / "inputs" for file in run.manifest["scenario_files"])
    return [folder for folder in beside if folder.is_dir() and folder.resolve() not in known]


def _refuse_futures(run: Run) -> None:
    if run.futures:
        folders = ", ".join(str(one.path) for one in run.futures.values())
        message = f"the run {run.path} holds the means of several futures, which is no plan to be rebuilt"
        raise InputError(Problem(message, allowed=folders, remedy="name the run of one future"))


def _refuse_changed(run: Run, tables: Tables) -> None:
    then = set(run.manifest["input_sha256"].values())
    changed = [path for path, digest in tables.sha256.items() if digest not in then]
    if changed:
        raise InputError(
            Problem(
                f"figures have changed since the run {run.path} was written, so it cannot be rebuilt",
                given=", ".join(changed),
                remedy="solve the scenario again",
            )
        )
