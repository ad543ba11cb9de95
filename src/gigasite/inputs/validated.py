"""What a YAML file says, checked against a frozen model: every fault told with its place, in the order of the file."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from gigasite.foundation.errors import Origin, Problem
from gigasite.inputs.schema_faults import problems_of
from gigasite.inputs.source_map import KeyPath, SourceMap

Model = TypeVar("Model", bound=BaseModel)

_MOST_ROUNDS = 10


def in_order(problems: Sequence[Problem], source: SourceMap) -> list[Problem]:
    """Return the problems by file, line and column; of several at one key the first."""
    shown = {name: position for position, name in enumerate(source.folders)}

    def place(problem: Problem) -> tuple[int, str, int, int]:
        origin = problem.origin or Origin("")
        return shown.get(origin.file, len(shown)), origin.file, origin.line or 0, origin.column or 0

    once: dict[object, Problem] = {}
    for problem in problems:
        once.setdefault((problem.origin, problem.key or problem.message), problem)
    return sorted(once.values(), key=place)


def validated(
    model: type[Model], source: SourceMap, stand_ins: Mapping[str | int, Any]
) -> tuple[Model | None, list[Problem]]:
    """Return what a file says, without its faulty keys if need be so that the rest can be checked, and the faults.

    Args:
        model: what the file is checked against.
        source: what it says, and where.
        stand_ins: what stands for a required key with a fault.
    """
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
            if not all(_cut(data, path, problem, stand_ins) for path, problem in found):
                break
    return None, list(problems.values())


def _cut(data: dict[str, Any], path: KeyPath, problem: Problem, stand_ins: Mapping[str | int, Any]) -> bool:
    """Take a faulty key out of the data; False if that cannot be done.

    Entries of a list keep their number, for the places of what is said of them: a key of an entry goes alone, and where
    an entry cannot do without it, or is faulty itself, the whole list goes.
    """
    steps = list(path[:-1] if problem.message == "this key is missing" else path)
    while steps and isinstance(_value_at(data, steps[:-1]), list):
        steps.pop()
    if not steps:
        stand_in = stand_ins.get(path[-1]) if path else None
        if stand_in is not None:
            data[str(path[-1])] = copy.deepcopy(stand_in)
        return stand_in is not None
    above = _value_at(data, steps[:-1])
    if isinstance(above, dict):
        above.pop(steps[-1], None)
    return True


def _value_at(data: Any, steps: Sequence[str | int]) -> Any:
    for step in steps:
        in_list = isinstance(data, list) and isinstance(step, int) and step < len(data)
        if not in_list and not (isinstance(data, dict) and step in data):
            return None
        data = data[step]
    return data
