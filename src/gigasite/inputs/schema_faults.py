"""The faults that pydantic finds, told in a planner's words with the place in the file."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, get_args

from gigasite.foundation.errors import Problem, did_you_mean
from gigasite.inputs.sections import SolveMethod
from gigasite.inputs.source_map import KeyPath, SourceMap, dotted
from gigasite.inputs.written_numbers import plain_number, remedy_for_text, shown, unit_of_path

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError
    from pydantic_core import ErrorDetails

_NUMBER_TYPES = {
    "float_type",
    "float_parsing",
    "int_type",
    "int_parsing",
    "int_from_float",
    "year_series_type",
    "ramp_type",
}
_TABLE_TYPES = {"dict_type", "model_type", "model_attributes_type", "dataclass_type"}
_BOUNDS = {
    "greater_than_equal": ("ge", "{} or more"),
    "greater_than": ("gt", "more than {}"),
    "less_than_equal": ("le", "{} or less"),
    "less_than": ("lt", "less than {}"),
}
_MESSAGES = {
    **dict.fromkeys(_BOUNDS, "this number is outside what is allowed"),
    "finite_number": "not a number",
    "empty_series": "no year is given",
    "literal_error": "this value is not known",
    "invalid_key": "this key is not known here",
    "too_short": "this is empty",
    "string_too_short": "this is empty",
}
_PATTERNS = {
    r"\S": "a text that is not empty",
    r"^[a-z][a-z0-9_]*$": "small letters, digits and _, beginning with a letter",
    r"^[a-z0-9]+([-_][a-z0-9]+)*$": "small letters, digits, - and _",
    r"^\d{4}-(0[1-9]|1[0-2])$": "a month like 2026-07",
    r"^\d{4}-\d{2}-\d{2}$": 'a day like "2026-03-19"',
}


def problems_of(error: ValidationError, source: SourceMap, model: type[BaseModel]) -> list[tuple[KeyPath, Problem]]:
    """Return one problem for each faulty key, with its path; members of a union are told together."""
    schema = model.model_json_schema()
    together: dict[KeyPath, list[ErrorDetails]] = {}
    for fault in error.errors(include_url=False):
        if fault["type"] == "too_short" and fault["input"]:
            continue  # only because its entries are faulty
        together.setdefault(_path(fault, source), []).append(fault)
    return [(path, _problem(path, faults, source, schema)) for path, faults in together.items()]


def _path(fault: ErrorDetails, source: SourceMap) -> KeyPath:
    """Return the key path as the file has it: without the names of types that pydantic puts in."""
    loc = tuple(step for step in fault["loc"] if step != "[key]")
    if fault["type"] == "missing":
        return (*_written(loc[:-1], source), loc[-1])
    return _written(loc, source)


def _written(loc: KeyPath, source: SourceMap) -> KeyPath:
    while loc and loc not in source.origins:
        loc = loc[:-1]
    return loc


def _problem(path: KeyPath, faults: list[ErrorDetails], source: SourceMap, schema: Mapping[str, Any]) -> Problem:
    fault = next((each for each in faults if each["type"] == "literal_error"), faults[0])
    kind = fault["type"]
    origin = source.origin_of(path)
    key = dotted(path) or None
    if kind == "extra_forbidden":
        keys = allowed_keys(schema, path[:-1])
        message = "this key is not known here"
        name = str(path[-1])
        return Problem(message, source.key_origin_of(path), key, name, ", ".join(keys), did_you_mean(name, keys))
    if kind == "missing":
        return Problem("this key is missing", origin, key, allowed=_described(schema, path), remedy="write it")
    if "[key]" in fault["loc"]:
        origin = source.key_origin_of(path)
        if kind in _BOUNDS or kind.startswith("int"):
            return Problem("this key must be a year", origin, key, str(path[-1]), "a calendar year like 2030")
        return Problem("this name cannot be used", origin, key, str(path[-1]), _bound(fault))
    value = fault["input"]
    told = dict.fromkeys(_allowed(each, path) for each in faults)
    allowed = " or ".join(told)
    return Problem(_message(fault), origin, key, shown(value), allowed or None, _remedy(fault, path, faults))


def _message(fault: ErrorDetails) -> str:
    kind, value, context = fault["type"], fault["input"], fault.get("ctx", {})
    if kind == "value_error":
        return str(context.get("error", fault["msg"]))
    if kind in _NUMBER_TYPES:
        return _message_on_number(kind, value)
    if kind == "greater_than_equal" and context.get("ge") == 0:
        return "this cannot be negative"
    if kind in _TABLE_TYPES and value is None:
        return "nothing is written below this key"
    return _MESSAGES.get(kind, "this value does not fit here")


def _message_on_number(kind: str, value: Any) -> str:
    if isinstance(value, bool):
        return "true and false are not numbers"
    if isinstance(value, str):
        return "this is a text, not a number"
    if kind == "ramp_type" and isinstance(value, int | float):
        return "this is given by year"
    return "this must be a whole number" if isinstance(value, float) else "this is not a number"


def _allowed(fault: ErrorDetails, path: KeyPath) -> str:
    unit = unit_of_path(path)
    kind = fault["type"]
    fixed: dict[str, Callable[[], str]] = {
        "year_series_type": lambda: f"{plain_number(unit)}, or {{year: {unit or 'number'}}}",
        "ramp_type": lambda: f"{{year: {unit or 'number'}}}, for example {{2028: 800}}",
        "empty_series": lambda: f"{{year: {unit or 'number'}}}, for example {{2028: 800}}",
        "bool_type": lambda: "true or false",
        "string_type": lambda: "a text",
        "tuple_type": lambda: "a list",
        "finite_number": lambda: plain_number(unit),
        "literal_error": lambda: str(fault.get("ctx", {}).get("expected", "")),
        "too_short": lambda: "at least one entry",
    }
    if kind in fixed:
        return fixed[kind]()
    if kind in _TABLE_TYPES:
        return _table_allowed(path)
    if kind.startswith("int_"):
        return "a whole number"
    return plain_number(unit) if kind in _NUMBER_TYPES else _bound(fault)


def _table_allowed(path: KeyPath) -> str:
    """What may stand where a table does, with its short forms."""
    if path[-1:] == ("technologies",):
        return "a list of names, or {name: options}"
    table = "a table of `key: value` lines"
    if path == ("solve",):
        return f"{', '.join(get_args(SolveMethod))}, or {table}"
    return table


def _bound(fault: ErrorDetails) -> str:
    context = fault.get("ctx", {})
    if fault["type"] in _BOUNDS:
        name, words = _BOUNDS[fault["type"]]
        return words.format(f"{context[name]:g}")
    if fault["type"] == "string_pattern_mismatch":
        return _PATTERNS.get(str(context.get("pattern")), f"a text like {context.get('pattern')}")
    return ""


def _remedy(fault: ErrorDetails, path: KeyPath, faults: list[ErrorDetails]) -> str | None:
    kind, value = fault["type"], fault["input"]
    if isinstance(value, str):
        choices = [word for each in faults for word in re.findall(r"'([^']+)'", _allowed(each, path))]
        if choices:
            return did_you_mean(value, choices)
        if kind in _NUMBER_TYPES:
            return remedy_for_text(value, unit_of_path(path))
    if kind == "finite_number":
        return "write the number, or leave the key out"
    if kind == "empty_series":
        return "write at least one year, or leave the key out"
    if kind in _TABLE_TYPES and value is None:
        return "write {} for no options, or take the key out"
    return None


def allowed_keys(schema: Mapping[str, Any], path: KeyPath) -> list[str]:
    """Return the keys that the schema knows at a path."""
    node = _node(schema, path)
    return sorted(node.get("properties", {})) if node else []


def _described(schema: Mapping[str, Any], path: KeyPath) -> str | None:
    node = _node(schema, path[:-1]) or {}
    described: Mapping[str, Any] = node.get("properties", {}).get(path[-1], {})
    return described.get("description")


def _node(schema: Mapping[str, Any], path: KeyPath) -> Mapping[str, Any] | None:
    """Return the part of a JSON Schema that holds at a path."""
    node: Mapping[str, Any] | None = schema
    for step in path:
        node = _one_step(schema, _table(schema, node), step) if node is not None else None
    return _table(schema, node) if node is not None else None


def _one_step(schema: Mapping[str, Any], node: Mapping[str, Any], step: str | int) -> Mapping[str, Any] | None:
    if isinstance(step, int) and isinstance(node.get("items"), dict):
        items: Mapping[str, Any] = node["items"]
        return items
    named = node.get("properties", {}).get(str(step))
    others = [node.get("additionalProperties"), *node.get("patternProperties", {}).values()]
    found = named if named is not None else next((each for each in others if isinstance(each, dict)), None)
    return _table(schema, found) if found is not None else None


def _table(schema: Mapping[str, Any], node: Mapping[str, Any]) -> Mapping[str, Any]:
    """Follow references, and of alternatives take the one that has keys or items."""
    while "$ref" in node:
        node = schema["$defs"][str(node["$ref"]).rsplit("/", 1)[-1]]
    for alternative in node.get("anyOf", ()):
        inner = _table(schema, alternative)
        if any(part in inner for part in ("properties", "items", "patternProperties", "additionalProperties")):
            return inner
    return node
