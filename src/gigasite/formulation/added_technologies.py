"""Technologies from outside the package: registered by a program, or brought by an installed package.

A package brings one by an entry point in its `pyproject.toml`, and the command finds it too:

    [project.entry-points."gigasite.technologies"]
    geothermal = "geothermal:TECHNOLOGY"

A scenario never names code, so that opening the scenario of somebody else runs nothing.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Collection, Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING

from gigasite.foundation.errors import InputError, Problem

if TYPE_CHECKING:
    from gigasite.formulation.registry import Technology

ENTRY_POINTS = "gigasite.technologies"

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_registered: dict[str, Technology] = {}


def register(technology: Technology) -> None:
    """Add a technology to those a scenario may list, for as long as this program runs.

    One registered before under the same name is replaced, so that a cell of a notebook can run again.

    Raises:
        InputError: it is no technology, or its name, colour or label cannot serve.
    """
    from gigasite.formulation.registry import house_technologies

    _refuse(technology, f"the technology given to register() is {technology!r}", house_technologies())
    _registered[technology.name] = technology


def added_technologies(house: Collection[str]) -> Mapping[str, Technology]:
    """Every technology from outside the package, by name; those registered by this program win over installed ones."""
    return _installed(frozenset(house)) | _registered


@cache
def _installed(house: frozenset[str]) -> dict[str, Technology]:
    """The technologies of installed packages; a program that installs one has to be started again."""
    found = {}
    for point in entry_points(group=ENTRY_POINTS):
        technology = _loaded(point)
        _refuse(technology, f"{point.value}, which {_package(point)} brings as a technology, is {technology!r}", house)
        found[technology.name] = technology
    return found


def _loaded(point: EntryPoint) -> Technology:
    try:
        technology: Technology = point.load()
    except (ImportError, AttributeError, SyntaxError) as error:
        message = f"the technology {point.name} of {_package(point)} cannot be loaded: {error}"
        remedy = f"correct {point.value}, or uninstall {_package(point)}"
        raise InputError(Problem(message, given=point.value, remedy=remedy)) from error
    return technology


def _package(point: EntryPoint) -> str:
    return point.dist.name if point.dist is not None else "an installed package"


def _refuse(technology: object, told: str, house: Collection[str]) -> None:
    """Refuse what is no technology, or one that would hide another or break tables and charts."""
    from gigasite.formulation.registry import Technology

    if not isinstance(technology, Technology):
        remedy = "declare TECHNOLOGY = Technology(name, label, colour, order, Spec, prepare, build)"
        raise InputError(Problem(f"{told}, which is no Technology", remedy=remedy))
    name, colour = technology.name, technology.colour
    if name in house:
        raise InputError(Problem("gigasite has a technology of this name itself", given=name, remedy="take another"))
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or keyword.iskeyword(name):
        allowed = "lower-case letters, digits and _, such as enhanced_geothermal"
        raise InputError(Problem("this cannot name a technology", given=name, allowed=allowed))
    if not _COLOUR.fullmatch(colour):
        raise InputError(Problem(f"the colour of {name} is none", given=colour, allowed="#rrggbb, such as #8c564b"))
    if not technology.label.strip():
        raise InputError(Problem(f"{name} has no label, so tables cannot name it", given=technology.label))


__all__ = ["ENTRY_POINTS", "added_technologies", "register"]
