"""From the text of one YAML file to a tree that knows line and column of every key and value (YAML 1.2).

Faults that stop the reading (not YAML, several documents, no mapping) raise an InputError; faults of single keys and
values (written twice, no text, NaN) are gathered, and reading goes on.
"""

from __future__ import annotations

import math
import re

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode
from ruamel.yaml.nodes import Node as YamlNode

from gigasite.foundation.errors import InputError, Origin, Problem
from gigasite.inputs.quantities import FIRST_YEAR, LAST_YEAR
from gigasite.inputs.source_map import Branch, Items, KeyPath, Leaf, Node, dotted

_TRUE = {"true", "True", "TRUE"}
_FALSE = {"false", "False", "FALSE"}
_TAG = "tag:yaml.org,2002:"

_DEEPEST = 20
_MOST_NODES = 200_000
_LARGEST = 1e15
_TOO_DEEP = "lists and tables are nested too deep"
_DEPTH_ALLOWED = f"{_DEEPEST} levels"
_FLATTER = "take levels out: no key of a scenario lies deeper than ten"
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_HALF_THOUSAND = re.compile(r"[0-9]{3}(\.[0-9]+)?")

_KEYS = {"scenario": "keys like name, horizon, sites", "study": "keys like name, candidates, rules"}
_BEGINNINGS = {
    "scenario": "write a scenario into it, or start from `gigasite new NAME`",
    "study": "write a study into it: `candidates:` and `rules:`",
}
_HUMAN_WORDS = (
    ("found character '\\t'", "a tab is used to indent", "indent with spaces; YAML does not take tabs"),
    ("but found another document", "a second document begins here (---)", "keep one document per file"),
    ("mapping values are not allowed", "a colon stands where no key can be",
     "check the indent of this line, or put a text that holds ': ' into quotes"),
    ("could not find expected ':'", "the line before has no colon after its key", "write `key: value`"),
    ("expected ',' or '}'", "a { is not closed, or a comma is missing", "close it with } on the same line"),
    ("expected ',' or ']'", "a [ is not closed, or a comma is missing", "close it with ] on the same line"),
    ("unexpected end of stream", "a quote is opened and never closed", "close the quote"),
    ("undefined alias", "an alias (*) names no anchor (&)", "put a text that begins with * into quotes"),
    ("that cannot start any token", "a value begins with a character that YAML keeps for itself",
     "put the value into quotes"),
    ("expected <block end>", "the indent does not fit the lines above", "give keys of one level the same indent"),
)  # fmt: skip


def parse_yaml(text: str, file: str, what: str = "scenario") -> tuple[Branch, list[Problem]]:
    """Return the tree of the text and the faults of single keys and values; `what` is what messages call it."""
    try:
        root = YAML(typ="rt", pure=True).compose(text)
    except RecursionError:
        raise InputError(Problem(_TOO_DEEP, Origin(file), allowed=_DEPTH_ALLOWED, remedy=_FLATTER)) from None
    except (OverflowError, ValueError):
        message = "a \\U or \\x in quotes names no character"
        raise InputError(Problem(message, Origin(file), remedy="write the character itself")) from None
    except MarkedYAMLError as error:
        raise InputError(_syntax_problem(error, file)) from None
    except YAMLError as error:
        raise InputError(_character_problem(error, text, file)) from None
    if root is None:
        remedy = _BEGINNINGS[what]
        raise InputError(Problem("the file is empty", Origin(file), remedy=remedy))
    if not isinstance(root, MappingNode):
        raise InputError(
            Problem(
                f"a {what} is a table of `key: value` lines, this file is not",
                _origin(root, file),
                given="a list" if isinstance(root, SequenceNode) else "a single text",
                allowed=_KEYS[what],
            )
        )
    reader = _Reader(file)
    tree = reader.branch(root, ())
    return tree, reader.problems


class _Reader:
    """Turns YAML nodes into a tree and gathers faults on the way."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self._open: set[int] = set()
        self._count = 0

    def branch(self, node: MappingNode, path: KeyPath) -> Branch:
        children: dict[str | int, tuple[Origin, Node]] = {}
        first: dict[str, Origin] = {}
        for key_node, value_node in node.value:
            origin = _origin(key_node, self.file)
            key = self._key(key_node, path)
            if key is None:
                continue
            if str(key) in first:
                message = f"the key `{key}` is written twice, first in line {first[str(key)].line}"
                self._fault(message, origin, (*path, key), remedy="keep one of them")
                continue
            first[str(key)] = origin
            children[key] = (origin, self.node(value_node, (*path, key)))
        return Branch(children, _origin(node, self.file))

    def node(self, node: YamlNode, path: KeyPath) -> Node:
        origin = _origin(node, self.file)
        self._count += 1
        if self._count > _MOST_NODES:
            message = "the file says too much: aliases (*) that hold aliases grow without end"
            raise InputError(Problem(message, origin, dotted(path[:4]), allowed=f"{_MOST_NODES:,} keys and values"))
        if isinstance(node, ScalarNode):
            return Leaf(self._scalar(node, path), origin)
        if len(path) > _DEEPEST:
            self._fault(_TOO_DEEP, origin, path[:4], allowed=_DEPTH_ALLOWED, remedy=_FLATTER)
            return Leaf(None, origin)
        if id(node) in self._open:
            self._fault("an alias (*) stands inside its own anchor (&)", origin, path, remedy="write it out")
            return Leaf(None, origin)
        self._open.add(id(node))
        try:
            if isinstance(node, MappingNode):
                return self.branch(node, path)
            return Items(tuple(self.node(item, (*path, i)) for i, item in enumerate(node.value)), origin)
        finally:
            self._open.remove(id(node))

    def _key(self, node: YamlNode, path: KeyPath) -> str | int | None:
        origin = _origin(node, self.file)
        if not isinstance(node, ScalarNode):
            self._fault("a key is a list or a table", origin, path, allowed="a text or a year")
            return None
        if _kind(node) == "merge":
            self._fault("merge keys (<<) are not read", origin, path, remedy="use `extends:` or write it out")
            return None
        if _kind(node) == "str":
            text = str(node.value)
            if _NO_TEXT.search(text):
                self._fault("a control character stands in this key", origin, path, given=text, remedy="remove it")
                return None
            return int(text) if re.fullmatch(r"[12][0-9]{3}", text) else text
        if _kind(node) == "int":
            year = _integer(str(node.value))
            if isinstance(year, int) and FIRST_YEAR <= year <= LAST_YEAR:
                return year
        allowed = f"a text, or a year between {FIRST_YEAR} and {LAST_YEAR}"
        given = str(node.value) or "null"
        remedy = "write thousands without a comma: 1000" if _HALF_THOUSAND.fullmatch(given) else None
        self._fault("a key must be a text or a year", origin, path, given, allowed, remedy)
        return None

    def _scalar(self, node: ScalarNode, path: KeyPath) -> str | int | float | bool | None:
        text, kind = str(node.value), _kind(node)
        if kind == "null":
            return None
        if kind == "bool" and text in _TRUE | _FALSE:
            return text in _TRUE
        if kind == "int":
            return self._whole(text, node, path)
        if kind == "float":
            number = _number(text)
            if not math.isfinite(number):
                origin = _origin(node, self.file)
                remedy = "write the number, or leave the key out"
                self._fault("not a number", origin, path, given=text, allowed="a finite number", remedy=remedy)
            return number
        if kind == "" or kind in {"str", "timestamp", "bool"}:
            return self._text(text, node, path)
        self._fault(f"the tag {node.tag} is not read", _origin(node, self.file), path, remedy="leave the tag out")
        return text

    def _whole(self, text: str, node: ScalarNode, path: KeyPath) -> int | float | str:
        whole = _integer(text)
        if isinstance(whole, str) or abs(whole) <= _LARGEST:
            return whole
        allowed = f"up to {_LARGEST:g}"
        self._fault("this number is far too large", _origin(node, self.file), path, given=text, allowed=allowed)
        return _LARGEST if whole > 0 else -_LARGEST

    def _text(self, text: str, node: ScalarNode, path: KeyPath) -> str:
        if _NO_TEXT.search(text):
            message = "a control character stands in this text"
            self._fault(message, _origin(node, self.file), path, given=text, remedy="remove it")
        return _NO_TEXT.sub("", text)

    def _fault(
        self,
        message: str,
        origin: Origin,
        path: KeyPath,
        given: str | None = None,
        allowed: str | None = None,
        remedy: str | None = None,
    ) -> None:
        self.problems.append(Problem(message, origin, dotted(path) or None, given, allowed, remedy))


def _kind(node: YamlNode) -> str:
    tag = str(node.tag or "")
    return tag.removeprefix(_TAG) if tag.startswith(_TAG) or not tag else tag


def _integer(text: str) -> int | str:
    """Return a whole number; the text itself where only underscores or far too many digits make it look like one."""
    plain = text.replace("_", "")
    prefixed = plain.lstrip("+-")[:2].lower() in {"0x", "0o", "0b"}
    try:
        return int(plain, 0) if prefixed else int(plain)
    except ValueError:
        return text


def _number(text: str) -> float:
    plain = text.replace("_", "").lower()
    return float(plain.replace(".nan", "nan").replace(".inf", "inf"))


def _origin(node: YamlNode, file: str) -> Origin:
    return Origin(file, node.start_mark.line + 1, node.start_mark.column + 1)


def _syntax_problem(error: MarkedYAMLError, file: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    origin = Origin(file, mark.line + 1, mark.column + 1) if mark else Origin(file)
    said = " ".join(str(part) for part in (error.context, error.problem) if part)
    for pattern, words, remedy in _HUMAN_WORDS:
        if pattern in said:
            return Problem(f"this is not YAML: {words}", origin, remedy=remedy)
    return Problem(f"this is not YAML: {said}", origin, remedy="check indent, colons, quotes and brackets here")


def _character_problem(error: YAMLError, text: str, file: str) -> Problem:
    position = getattr(error, "position", None)
    if not isinstance(position, int):
        return Problem(f"this is not YAML: {error}", Origin(file))
    before = text[:position]
    origin = Origin(file, before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1)
    given = f"U+{ord(text[position]):04X}" if position < len(text) else None
    return Problem("a control character stands in the file", origin, given=given, remedy="remove it")
