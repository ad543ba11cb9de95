"""From a study file to a checked study with its layers: all faults at once, each with its place, or none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gigasite.foundation.errors import InputError, Problem, did_you_mean, nearest_spelling
from gigasite.inputs.load import input_folders
from gigasite.inputs.quantities import Frozen
from gigasite.inputs.scenario import Scenario, scenario_type
from gigasite.inputs.source_map import KeyPath, SourceMap, dotted
from gigasite.inputs.validated import in_order, validated
from gigasite.inputs.yaml_source import collect_scenario_yaml
from gigasite.siting.rule import NamesColumn, NamesLayer
from gigasite.siting.rule_registry import rule_specs
from gigasite.studies.screening.study import Study, study_type

if TYPE_CHECKING:
    from gigasite.siting.layers import Layer

_STAND_INS: Mapping[str | int, Any] = {"name": "unnamed", "candidates": {"counties_of": "all"}}
"""What stands for a required section with a fault, so that the rest can still be checked."""


@dataclass(frozen=True)
class LoadedStudy:
    """A study that passed every check, where its keys stand, and the layers it names.

    Attributes:
        study: the study.
        source: where its keys stand.
        layers: the layers that are used, by name.
        files: the files of those layers, by name.
    """

    study: Study
    source: SourceMap
    layers: Mapping[str, Layer]
    files: Mapping[str, Path]


@dataclass(frozen=True)
class _Named:
    """A layer or a column that a key of the study names."""

    path: KeyPath
    name: str
    kinds: tuple[str, ...] = ()
    layer: str | None = None


def load_study(path: Path | str) -> LoadedStudy:
    """Read and check a study file and read its layers.

    Raises:
        InputError: once, with every fault of the file and of the layers it names.
    """
    source = collect_scenario_yaml(path, "study")
    source.data.setdefault("name", Path(path).stem)
    model = study_type(rule_specs(), _scenario_model() if "scenario" in source.data else Scenario)
    study, faults = validated(model, source, _STAND_INS)
    problems = [*source.problems, *faults]
    if study is None:
        raise InputError(in_order(problems, source))
    layers_named, columns_named = _named(study)
    problems += _layer_problems(study, source, layers_named)
    problems += _unused(study, source, layers_named) if not faults else []  # what is faulty may name them
    problems += [*_state_problems(study, source), *_zone_problems(study, source)]
    needed = {named.layer: set[str]() for named in columns_named if named.layer is not None}
    for named in columns_named:
        if named.layer is not None:
            needed[named.layer].add(named.name)
    used = {named.name for named in layers_named}
    files = {name: _file(source, name, spec.path) for name, spec in study.layers.items()}
    layers: dict[str, Layer] = {}
    for name, spec in study.layers.items():
        origin = source.origin_of(("layers", name, "path"))
        columns = None if name == study.candidates.layer else sorted(needed.get(name, set()))
        try:
            layer = _read(files[name], name, spec, columns, origin)
        except InputError as error:
            for problem in error.problems:
                missing = list(_missing_columns(problem, source, name, columns_named))
                problems += missing or [_at_key(problem, source, ("layers", name))]
        else:
            layers |= {name: layer} if name in used else {}
    problems += _column_problems(study, source, columns_named, layers)
    if problems:
        raise InputError(in_order(problems, source))
    return LoadedStudy(study, source, layers, {name: files[name] for name in layers})


def _scenario_model() -> type[Scenario]:
    """Return the scenario with the keys of every technology, which takes a second to load."""
    from gigasite.formulation.registry import requirement_specs, technology_specs

    return scenario_type(technology_specs(), requirement_specs())


def _read(file: Path, name: str, spec: Any, columns: list[str] | None, origin: Any) -> Layer:
    from gigasite.siting.layers import read_layer

    return read_layer(
        file,
        kind=spec.kind,
        name=name,
        crs=spec.crs,
        source=spec.source,
        date=spec.date,
        columns=columns,
        origin=origin,
        layer=spec.layer,
        swap_coordinates=spec.swap_coordinates,
    )


def _file(source: SourceMap, name: str, written: str) -> Path:
    folder = source.folders.get(source.origin_of(("layers", name, "path")).file, Path())
    return folder / written


def _at_key(problem: Problem, source: SourceMap, path: KeyPath) -> Problem:
    """Return the problem of a layer with its key path, at the very key where it names one."""
    key = problem.key if problem.key in {"kind", "crs", "source", "date", "layer"} else "path"
    at = (*path, key)
    there = source.origins.get(at, problem.origin)
    same_file = problem.origin == source.origin_of((*path, "path"))
    return Problem(
        problem.message,
        there if same_file else problem.origin,
        dotted(at) if same_file else problem.key,
        problem.given,
        problem.allowed,
        problem.remedy,
    )


def _missing_columns(problem: Problem, source: SourceMap, layer: str, named: list[_Named]) -> Iterator[Problem]:
    """Yield the problem of a column that a layer does not have at each key that names it, written out or not."""
    for each in named:
        if each.layer == layer and each.name == problem.key == problem.given:
            remedy = problem.remedy
            if each.path not in source.origins:
                near = nearest_spelling(each.name, (problem.allowed or "").split(", "))
                remedy = f"say which column it is, as {each.path[-1]}: {near or 'NAME'}"
            at, message = source.origin_of(each.path), f"the layer {layer} has no such column"
            yield Problem(message, at, dotted(each.path), each.name, problem.allowed, remedy)


# -- names -------------------------------------------------------------------------------------------------------------


def _named(study: Study) -> tuple[list[_Named], list[_Named]]:
    """Return every layer and every column that the keys of a study name."""
    parts: dict[KeyPath, Frozen | None] = {("candidates",): study.candidates}
    parts |= {("rules", name): spec for name, spec in study.rules.items()}
    parts |= {("distances", name): spec for name, spec in study.distances.items()}
    if study.connections is not None:
        parts |= {("connections", key): getattr(study.connections, key) for key in ("line", "pipeline")}
    layers: list[_Named] = []
    columns: list[_Named] = []
    for path, spec in parts.items():
        if spec is not None:
            layers.extend(_layers_of(path, spec))
            columns.extend(_columns_of(path, spec))
    return layers, columns


def _layers_of(path: KeyPath, spec: Frozen) -> Iterator[_Named]:
    for key, field in type(spec).model_fields.items():
        value = getattr(spec, key)
        for mark in field.metadata:
            if isinstance(mark, NamesLayer) and isinstance(value, tuple):
                yield from (_Named((*path, key, index), name, mark.kinds) for index, name in enumerate(value))
            elif isinstance(mark, NamesLayer) and isinstance(value, str):
                yield _Named((*path, key), value, mark.kinds)


def _columns_of(path: KeyPath, spec: Frozen) -> Iterator[_Named]:
    for key, field in type(spec).model_fields.items():
        value = getattr(spec, key)
        for mark in field.metadata:
            if isinstance(mark, NamesColumn) and isinstance(value, str):
                layer = getattr(spec, mark.of) if mark.of is not None else None
                yield _Named((*path, key), value, layer=layer)


def _layer_problems(study: Study, source: SourceMap, named: list[_Named]) -> Iterator[Problem]:
    known = ", ".join(study.layers) or "(none)"
    for each in named:
        origin = source.origin_of(each.path)
        if each.name not in study.layers:
            if source.origins.get(("layers", each.name)) is None:
                near = did_you_mean(each.name, study.layers) or f"describe {each.name} below `layers:`"
                yield Problem("this layer is not known", origin, dotted(each.path), each.name, known, near)
        elif (kind := study.layers[each.name].kind) not in each.kinds:
            message = f"a layer of {kind} does not fit here"
            fitting = [name for name, spec in study.layers.items() if spec.kind in each.kinds]
            remedy = f"layers that fit: {', '.join(fitting)}" if fitting else None
            allowed = f"a layer of {' or '.join(each.kinds)}"
            yield Problem(message, origin, dotted(each.path), each.name, allowed, remedy)


def _unused(study: Study, source: SourceMap, named: list[_Named]) -> Iterator[Problem]:
    """Yield layers that nothing names."""
    used = {each.name for each in named}
    for name in study.layers:
        if name not in used:
            message, remedy = "no rule, distance or connection names this layer", "name it somewhere, or take it out"
            yield Problem(message, source.key_origin_of(("layers", name)), f"layers.{name}", remedy=remedy)


def _zone_problems(study: Study, source: SourceMap) -> Iterator[Problem]:
    """Yield grid zones in which no candidate can stand."""
    rule = study.rules.get("grid_zones")
    if rule is None:
        return
    from gigasite.siting.place_tables import known_site_frame, place_table

    folders = input_folders(source)
    zones = [*place_table("state_zones", folders)["grid_zone"], *known_site_frame(folders)["grid_zone"]]
    known = sorted({str(zone) for zone in zones})
    for key in ("allowed", "excluded"):
        for index, zone in enumerate(getattr(rule, key)):
            if zone not in known and study.candidates.layer is None:
                at: KeyPath = ("rules", "grid_zones", key, index)
                near = did_you_mean(zone, known)
                message = "no county lies in this grid zone"
                yield Problem(message, source.origin_of(at), dotted(at), zone, ", ".join(known), near)


def _state_problems(study: Study, source: SourceMap) -> Iterator[Problem]:
    """Yield states that are none."""
    lists: dict[KeyPath, tuple[str, ...]] = {}
    if isinstance(study.candidates.counties_of, tuple):
        lists["candidates", "counties_of"] = study.candidates.counties_of
    rule = study.rules.get("states")
    for key in ("allowed", "excluded") if rule is not None else ():
        lists["rules", "states", key] = getattr(rule, key)
    if not any(lists.values()):
        return
    from gigasite.siting.boundaries import states

    known = {str(code): str(name) for code, name in zip(states()["state"], states()["name"], strict=True)}
    for path, codes in lists.items():
        for index, said in enumerate(codes):
            if said not in known:
                at: KeyPath = (*path, index)
                meant = [code for code, name in known.items() if said.casefold() in (code.casefold(), name.casefold())]
                remedy = f"did you mean '{meant[0]}'?" if meant else "write the two letters of a state"
                allowed = ", ".join(sorted(known))
                yield Problem("this state is not known", source.origin_of(at), dotted(at), said, allowed, remedy)


def _column_problems(
    study: Study, source: SourceMap, named: list[_Named], layers: Mapping[str, Layer]
) -> Iterator[Problem]:
    """Yield columns that hold no numbers, those of candidates that are not there, and ids that are empty."""
    from pandas.api.types import is_numeric_dtype

    candidates = study.candidates.layer
    asked = [each if each.layer is not None else _Named(each.path, each.name, layer=candidates) for each in named]
    for key in ("id_column", "name_column"):
        value = getattr(study.candidates, key)
        if value is not None:
            asked.append(_Named(("candidates", key), value, layer=candidates))
    for each in asked:
        origin, key = source.origin_of(each.path), dotted(each.path)
        if each.layer is None:
            message, remedy = "counties have no such column", "name a layer with it"
            yield Problem(message, origin, key, each.name, remedy=remedy)
        elif each.layer in layers:
            frame = layers[each.layer].frame
            columns = [str(column) for column in frame.columns if column != frame.geometry.name]
            if each.name not in columns:
                message, near = f"the layer {each.layer} has no such column", did_you_mean(each.name, columns)
                yield Problem(message, origin, key, each.name, ", ".join(columns) or "(none)", near)
            elif each.path == ("candidates", "id_column") and frame[each.name].isna().any():
                empty = frame[each.name].isna().to_numpy()
                message = (
                    f"{int(empty.sum()):,} of {len(frame):,} candidates have no id, feature {empty.argmax() + 1} first"
                )
                yield Problem(message, origin, key, each.name, remedy="give every one an id, or leave id_column out")
            elif each.path[0] != "candidates" and not is_numeric_dtype(frame[each.name]):
                message = f"this column of the layer {each.layer} holds no numbers"
                given = ", ".join(str(value) for value in frame[each.name].head(3))
                yield Problem(message, origin, key, given, "a column of numbers", "convert it in the layer")
