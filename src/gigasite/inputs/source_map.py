"""What a YAML file says and where it says it, kept together through `extends:`.

While files are read and merged the content is a tree of :class:`Leaf`, :class:`Branch` and :class:`Items`, each with
its origin. :func:`flatten` turns the merged tree into plain data and a dictionary of origins.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gigasite.foundation.errors import Origin, Problem

KeyPath = tuple[str | int, ...]


@dataclass(frozen=True)
class Leaf:
    """A text, number, truth value or null."""

    value: str | int | float | bool | None
    origin: Origin


@dataclass(frozen=True)
class Branch:
    """A mapping; every key has its own origin."""

    children: dict[str | int, tuple[Origin, Node]]
    origin: Origin


@dataclass(frozen=True)
class Items:
    """A list."""

    children: tuple[Node, ...]
    origin: Origin


Node = Leaf | Branch | Items


@dataclass(frozen=True)
class SourceMap:
    """Merged plain data of a scenario file and of all files it extends, with the place of every key and value.

    `origins` holds the place of the value of every scalar and of the key of every mapping or list; `key_origins` the
    place of every key. `files` are the files read, the given one first; `folders` maps a shown file name to its
    folder. `problems` are faults that did not stop the reading.
    """

    data: dict[str, Any]
    origins: Mapping[KeyPath, Origin]
    key_origins: Mapping[KeyPath, Origin]
    files: tuple[Path, ...]
    folders: Mapping[str, Path] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def origin_of(self, path: KeyPath) -> Origin:
        """Return the place of a value, or of the nearest key above it if the value is not written."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.origins:
                return self.origins[path[:length]]
        return self.origins[()]

    def key_origin_of(self, path: KeyPath) -> Origin:
        """Return the place of a key, or of the nearest one above it."""
        return self.key_origins.get(path) or self.origin_of(path)

    def value_at(self, path: KeyPath) -> Any:
        """Return the value at a key path; KeyError if it is not written."""
        value: Any = self.data
        for step in path:
            try:
                value = value[step]
            except (KeyError, IndexError, TypeError):
                raise KeyError(path) from None
        return value


def merged(parent: Branch, child: Branch) -> Branch:
    """Return the parent with what the child says laid over it.

    Mappings merge key by key; texts, numbers and lists of the child replace the parent's; null takes the parent's
    value away. Every value keeps the origin of the file that wrote it.
    """
    children = dict(parent.children)
    for key, (key_origin, node) in child.children.items():
        below = children[key][1] if key in children else None
        if below is not None and isinstance(node, Leaf) and node.value is None:
            del children[key]
        elif isinstance(below, Branch) and isinstance(node, Branch):
            children[key] = (key_origin, merged(below, node))
        else:
            children[key] = (key_origin, node)
    return Branch(children, child.origin)


def flatten(root: Branch) -> tuple[dict[str, Any], dict[KeyPath, Origin], dict[KeyPath, Origin]]:
    """Return plain data, the origins of its values and the origins of its keys."""
    origins: dict[KeyPath, Origin] = {}
    key_origins: dict[KeyPath, Origin] = {}

    def walk(node: Node, path: KeyPath, key_origin: Origin) -> Any:
        origins[path] = node.origin if isinstance(node, Leaf) else key_origin
        if isinstance(node, Leaf):
            return node.value
        if isinstance(node, Items):
            return [walk(item, (*path, index), item.origin) for index, item in enumerate(node.children)]
        plain: dict[str | int, Any] = {}
        for key, (origin, below) in node.children.items():
            key_origins[*path, key] = origin
            plain[key] = walk(below, (*path, key), origin)
        return plain

    return walk(root, (), root.origin), origins, key_origins


def dotted(path: KeyPath) -> str:
    """Return a key path as a message shows it.

    >>> dotted(("sites", "piketon", "load_ramp_mw", 2028))
    'sites.piketon.load_ramp_mw.2028'
    """
    return ".".join(str(step) for step in path)
