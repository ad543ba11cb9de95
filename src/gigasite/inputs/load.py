"""From a scenario file to a checked scenario with its figures: all faults at once, each with its place, or none."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gigasite.foundation.errors import InputError, Origin, Problem
from gigasite.inputs.candidates import SECTION, Taken, candidates_file, with_candidates
from gigasite.inputs.folders import data_folder
from gigasite.inputs.futures import as_of_future, names_of, unlike, with_future
from gigasite.inputs.hourly_csv import HOURLY_COLUMNS, read_hourly_csv
from gigasite.inputs.scenario import RequirementSpec, Scenario, TechnologySpec, scenario_type
from gigasite.inputs.sections import Override
from gigasite.inputs.source_map import KeyPath, SourceMap, dotted
from gigasite.inputs.tables import Tables, load_tables
from gigasite.inputs.validated import in_order, validated
from gigasite.inputs.validation import check_scenario, hourly_file, notes_on
from gigasite.inputs.yaml_source import collect_scenario_yaml

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

TablesLoader = Callable[[Sequence[Path], Sequence[Override], Sequence[Origin]], Tables]
_STAND_INS: Mapping[str | int, Any] = {"name": "unnamed", "horizon": {"years": [2100]}}
"""What stands for a required section with a fault, so that the rest can still be checked."""


@dataclass(frozen=True)
class LoadedScenario:
    """A scenario that passed every check, where its keys stand, and the figures it uses.

    `notes` are hints that are no faults, such as a look at some days only; `futures` are the scenario as each of its
    futures has it, empty where it has none.
    """

    scenario: Scenario
    source: SourceMap
    tables: Tables
    notes: tuple[Problem, ...] = ()
    futures: Mapping[str, LoadedScenario] = field(default_factory=dict)

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
    written = collect_scenario_yaml(path)
    written.data.setdefault("name", Path(path).stem)

    known: dict[str, Tables] = {}

    def tables(folders: Sequence[Path], overrides: Sequence[Override], origins: Sequence[Origin]) -> Tables:
        """Figures of futures that override none of them are read once."""
        key = repr((folders, overrides))
        if key not in known:
            known[key] = tables_loader(folders, overrides, origins)
        return known[key]

    def load(source: SourceMap) -> LoadedScenario:
        return _load(source, technology_specs, requirement_specs, tables, allow_template=allow_template)

    return _with_futures(written, load) if names_of(written) else load(written)


def _with_futures(written: SourceMap, load: Callable[[SourceMap], LoadedScenario]) -> LoadedScenario:
    """Return the scenario with its futures, or raise every fault of all of them once."""
    problems: list[Problem] = []
    loaded: LoadedScenario | None = None
    try:
        loaded = load(written)
    except InputError as error:
        problems.extend(error.problems)
    if loaded is not None and loaded.scenario.template:
        return loaded
    futures: dict[str, LoadedScenario] = {}
    options = with_technology_options(written)
    for name in names_of(written):
        try:
            futures[name] = load(with_future(options, name))
        except InputError as error:
            told = [as_of_future(problem, options, name) for problem in error.problems]
            problems.extend(new for new in told if not any(new.origin == old.origin for old in problems))
        else:
            if loaded is not None:
                problems.extend(unlike(loaded.scenario, futures[name].scenario, name, written))
    if problems or loaded is None:
        raise InputError(in_order(problems, written))
    return replace(loaded, futures=futures)


def _load(
    written: SourceMap,
    technology_specs: Mapping[str, type[TechnologySpec]],
    requirement_specs: Mapping[str, type[RequirementSpec]],
    tables_loader: TablesLoader,
    *,
    allow_template: bool,
) -> LoadedScenario:
    """Check one scenario and load its figures."""
    model = scenario_type(technology_specs, requirement_specs)
    taken = with_candidates(written)
    source = with_technology_options(taken.source)
    problems = [*source.problems, *taken.problems]
    scenario, faults = validated(model, source, _STAND_INS)
    dropped = {problem.key for problem in problems}  # a table whose only keys are faulty is not empty
    problems.extend(fault for fault in faults if fault.message != "no year is given" or fault.key not in dropped)
    tables: Tables | None = None
    if scenario is not None:
        if scenario.template and not allow_template:
            raise InputError(_told([*problems, _template_problem(source)], source, taken))
        tables, faults = _tables(scenario, source, tables_loader)
        problems.extend(faults)
        if not scenario.template and taken.readable:
            problems.extend(check_scenario(scenario, source, tables, tuple(technology_specs)))
    if problems or scenario is None or tables is None:
        raise InputError(_told(problems, source, taken))
    hints = [*taken.notes, *notes_on(scenario, source, tables)]
    notes = tuple(dict.fromkeys(taken.as_written(hint) for hint in hints))
    return LoadedScenario(_with_whole_paths(scenario, source), source, tables, notes)


def input_folders(source: SourceMap) -> tuple[Path, ...]:
    """Return the folders of figures, the strongest first: `inputs/` beside each file read, then the shipped ones."""
    beside = [file.parent / "inputs" for file in source.files]
    shipped = data_folder()
    own = [folder for folder in beside if folder.is_dir() and folder.resolve() != shipped.resolve()]
    return (*dict.fromkeys(own), shipped)


def with_technology_options(source: SourceMap) -> SourceMap:
    """Return the source with every list of technologies of a site, or of candidates, as {name: {}}, the places kept."""
    data = copy.deepcopy(source.data)
    origins, key_origins = dict(source.origins), dict(source.key_origins)
    problems = list(source.problems)
    for above, content in _sites(data):
        names = content.get("technologies") if isinstance(content, dict) else None
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            continue
        path: KeyPath = (*above, "technologies")
        for index, name in enumerate(names):
            origin = origins.pop((*path, index))
            if (*path, name) in origins:
                problems.append(Problem("this technology is listed twice", origin, dotted(path), name))
            origins[*path, name] = key_origins[*path, name] = origin
        content["technologies"] = {name: {} for name in names}
    return replace(source, data=data, origins=origins, key_origins=key_origins, problems=tuple(problems))


def _sites(data: dict[str, Any]) -> Iterator[tuple[KeyPath, Any]]:
    """Yield what is said of each site, and of each candidate, with its key path."""
    sites, candidates = data.get("sites"), data.get(SECTION)
    for site, content in sites.items() if isinstance(sites, dict) else ():
        yield ("sites", site), content
    if isinstance(candidates, dict):
        yield (SECTION, "each"), candidates.get("each")


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
    changed: dict[str, Any] = {"sites": sites}
    rows = candidates_file(source)
    if scenario.candidates is not None and rows is not None:
        changed["candidates"] = scenario.candidates.model_copy(update={"file": str(rows.resolve())})
    return scenario.model_copy(update=changed)


def _told(problems: Sequence[Problem], source: SourceMap, taken: Taken) -> list[Problem]:
    """Return the problems in the order of the file; what `each:` says of all candidates is told once."""
    return in_order([taken.as_written(problem) for problem in problems], source)


def _template_problem(source: SourceMap) -> Problem:
    return Problem(
        "this file is a template: it asks nothing by itself",
        source.origin_of(("template",)),
        "template",
        given="true",
        remedy=f"write a scenario with `extends: {source.files[0].name}` and what differs",
    )
