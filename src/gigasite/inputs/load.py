"""From a scenario file to a checked scenario with its figures: all faults at once, each with its place, or none."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from gigasite.foundation.errors import InputError, Origin, Problem
from gigasite.inputs.folders import data_folder
from gigasite.inputs.hourly_csv import HOURLY_COLUMNS, read_hourly_csv
from gigasite.inputs.scenario import RequirementSpec, Scenario, TechnologySpec, scenario_type
from gigasite.inputs.schema_faults import problems_of
from gigasite.inputs.sections import Override
from gigasite.inputs.source_map import KeyPath, SourceMap, dotted
from gigasite.inputs.tables import Tables, load_tables
from gigasite.inputs.validation import check_scenario, hourly_file, notes_on
from gigasite.inputs.yaml_source import collect_scenario_yaml

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

TablesLoader = Callable[[Sequence[Path], Sequence[Override], Sequence[Origin]], Tables]
_MOST_ROUNDS = 6
_STAND_INS: Mapping[str | int, Any] = {"name": "unnamed", "horizon": {"years": [2100]}}
"""What stands for a required section with a fault, so that the rest can still be checked."""


@dataclass(frozen=True)
class LoadedScenario:
    """A scenario that passed every check, where its keys stand, and the figures it uses.

    `notes` are hints that are no faults, such as a look at some days only.
    """

    scenario: Scenario
    source: SourceMap
    tables: Tables
    notes: tuple[Problem, ...] = ()

    def origin(self, *path: str | int) -> Origin:
        """Return the place of a key, or of the nearest one above it."""
        return self.source.origin_of(path)

    def hourly(self, site: str, kind: str) -> NDArray[np.float64] | None:
        """Return the planner's own series of a site (load, price, wind, solar, temperature), or None."""
        path = hourly_file(self.scenario, self.source, site, kind)
        if path is None:
            return None
        key: KeyPath = ("sites", site, "hourly", kind)
        column, least, most = HOURLY_COLUMNS[kind]
        place = self.source.origin_of(key)
        return read_hourly_csv(path, column, place, minimum=least, maximum=most, key=dotted(key))


def load_scenario(
    path: Path | str,
    *,
    technology_specs: Mapping[str, type[TechnologySpec]],
    requirement_specs: Mapping[str, type[RequirementSpec]],
    tables_loader: TablesLoader = load_tables,
    allow_template: bool = False,
) -> LoadedScenario:
    """Read, merge and check a scenario file and load its figures.

    Args:
        path: the YAML file.
        technology_specs: the options of every technology.
        requirement_specs: the keys of every requirement.
        tables_loader: how figures are loaded; from folders, overrides and where those are written.
        allow_template: whether a file marked `template: true` may be loaded.

    Raises:
        InputError: once, with every fault of the file, of the figures it overrides and of what it refers to.
    """
    model = scenario_type(technology_specs, requirement_specs)
    source = with_technology_options(collect_scenario_yaml(path))
    problems = list(source.problems)
    source.data.setdefault("name", Path(path).stem)
    scenario, faults = _validated(model, source)
    dropped = {problem.key for problem in problems}  # a table whose only keys are faulty is not empty
    problems.extend(fault for fault in faults if fault.message != "no year is given" or fault.key not in dropped)
    tables: Tables | None = None
    if scenario is not None:
        if scenario.template and not allow_template:
            raise InputError(_in_order([*problems, _template_problem(source)], source))
        tables, faults = _tables(scenario, source, tables_loader)
        problems.extend(faults)
        if not scenario.template:
            problems.extend(check_scenario(scenario, source, tables, tuple(technology_specs)))
    if problems or scenario is None or tables is None:
        raise InputError(_in_order(problems, source))
    notes = tuple(notes_on(scenario, source, tables))
    return LoadedScenario(_with_whole_paths(scenario, source), source, tables, notes)


def input_folders(source: SourceMap) -> tuple[Path, ...]:
    """Return the folders of figures, the strongest first: `inputs/` beside each file read, then the shipped ones."""
    beside = [file.parent / "inputs" for file in source.files]
    shipped = data_folder()
    own = [folder for folder in beside if folder.is_dir() and folder.resolve() != shipped.resolve()]
    return (*dict.fromkeys(own), shipped)


def with_technology_options(source: SourceMap) -> SourceMap:
    """Return the source with every site's list of technologies written as {name: {}}, the places kept."""
    data = copy.deepcopy(source.data)
    origins, key_origins = dict(source.origins), dict(source.key_origins)
    problems = list(source.problems)
    sites = data.get("sites")
    for site, content in sites.items() if isinstance(sites, dict) else ():
        names = content.get("technologies") if isinstance(content, dict) else None
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            continue
        path: KeyPath = ("sites", site, "technologies")
        for index, name in enumerate(names):
            origin = origins.pop((*path, index))
            if (*path, name) in origins:
                problems.append(Problem("this technology is listed twice", origin, dotted(path), name))
            origins[*path, name] = key_origins[*path, name] = origin
        content["technologies"] = {name: {} for name in names}
    return replace(source, data=data, origins=origins, key_origins=key_origins, problems=tuple(problems))


def _validated(model: type[Scenario], source: SourceMap) -> tuple[Scenario | None, list[Problem]]:
    """Return the scenario, without its faulty keys if need be so that the rest can still be checked, and the faults."""
    data = source.data
    problems: dict[KeyPath, Problem] = {}
    for _ in range(_MOST_ROUNDS):
        try:
            return model.model_validate(data), list(problems.values())
        except ValidationError as error:
            found = problems_of(error, source, model)
            if not problems:
                problems = dict(found)
            data = copy.deepcopy(data)
            if not all(_cut(data, path, problem) for path, problem in found):
                break
    return None, list(problems.values())


def _cut(data: dict[str, Any], path: KeyPath, problem: Problem) -> bool:
    """Take a faulty key out of the data (a whole list if the fault is in it); False if that cannot be done."""
    steps = list(path[:-1] if problem.message == "this key is missing" else path)
    for depth, step in enumerate(steps):
        if isinstance(step, int) and isinstance(_value_at(data, steps[:depth]), list):
            steps = steps[:depth]
            break
    if not steps:
        stand_in = _STAND_INS.get(path[-1]) if path else None
        if stand_in is not None:
            data[str(path[-1])] = copy.deepcopy(stand_in)
        return stand_in is not None
    above = _value_at(data, steps[:-1])
    if isinstance(above, dict):
        above.pop(steps[-1], None)
    return True


def _value_at(data: Any, steps: Sequence[str | int]) -> Any:
    for step in steps:
        if not isinstance(data, dict) or step not in data:
            return None
        data = data[step]
    return data


def _tables(scenario: Scenario, source: SourceMap, tables_loader: TablesLoader) -> tuple[Tables | None, list[Problem]]:
    """Return the figures and the faults in them; without the overrides if one of those is at fault."""
    folders = input_folders(source)
    origins = [source.origin_of(("overrides", index)) for index in range(len(scenario.overrides))]
    try:
        return tables_loader(folders, scenario.overrides, origins), []
    except InputError as error:
        problems = [_at_its_key(problem, source) for problem in error.problems]
    try:
        return tables_loader(folders, (), ()), problems
    except InputError:
        return None, problems


def _at_its_key(problem: Problem, source: SourceMap) -> Problem:
    """Return the problem of an override with the place of the very key or value that is at fault."""
    for path in source.origins:
        if path[:1] == ("overrides",) and dotted(path) == problem.key:
            wrong_key = problem.given == path[-1]
            return replace(problem, origin=source.key_origin_of(path) if wrong_key else source.origin_of(path))
    return problem


def _with_whole_paths(scenario: Scenario, source: SourceMap) -> Scenario:
    """Return the scenario with the planner's files named from the root: a file it extends may lie elsewhere."""
    sites = dict(scenario.sites)
    for site, spec in scenario.sites.items():
        files = {kind: hourly_file(scenario, source, site, kind) for kind in HOURLY_COLUMNS}
        whole = {kind: str(file.resolve()) for kind, file in files.items() if file is not None}
        if whole:
            sites[site] = spec.model_copy(update={"hourly": spec.hourly.model_copy(update=whole)})
    return scenario.model_copy(update={"sites": sites})


def _template_problem(source: SourceMap) -> Problem:
    return Problem(
        "this file is a template: it asks nothing by itself",
        source.origin_of(("template",)),
        "template",
        given="true",
        remedy=f"write a scenario with `extends: {source.files[0].name}` and what differs",
    )


def _in_order(problems: Sequence[Problem], source: SourceMap) -> list[Problem]:
    """Return the problems by file, line and column; of several at one key the first."""
    shown = {name: position for position, name in enumerate(source.folders)}

    def place(problem: Problem) -> tuple[int, str, int, int]:
        origin = problem.origin or Origin("")
        return shown.get(origin.file, len(shown)), origin.file, origin.line or 0, origin.column or 0

    once: dict[object, Problem] = {}
    for problem in problems:
        once.setdefault((problem.origin, problem.key or problem.message), problem)
    return sorted(once.values(), key=place)
