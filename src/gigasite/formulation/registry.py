"""Which features exist: every file in `technologies/` and `requirements/` that declares one.

A new technology or requirement is one new file there. It is found by its place, so nothing else has to be told. A
technology from elsewhere is declared in a file of its own and joins them by `added_technologies`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any, Protocol

from gigasite.formulation.added_technologies import added_technologies
from gigasite.inputs.scenario import RequirementSpec, TechnologySpec
from gigasite.system.context import Context
from gigasite.system.quantity import Array, FeatureData
from gigasite.system.rest_of_state import DEFAULT_TECHNOLOGIES as REST_OF_STATE_TECHNOLOGIES

if TYPE_CHECKING:
    from gigasite.formulation.builder import Builder

Prepare = Callable[[Context], FeatureData]
Build = Callable[["Builder", FeatureData], None]


class Refine(Protocol):
    """Takes plan-dependent arrays again at the capacity planned; see `run.agreement`."""

    def __call__(
        self, context: Context, data: FeatureData, capacity_mw: Mapping[str, Array], *, settle: bool
    ) -> FeatureData:
        """The arrays that change."""
        ...


@dataclass(frozen=True)
class Technology:
    """Something that supplies, stores, carries or sheds power at a site.

    Attributes:
        name: the key in the scenario, the Pyomo block and the result rows.
        label: what a planner reads in tables and charts.
        colour: hex colour, the same everywhere.
        order: place in tables and stacked charts, low first.
        spec: its options in a scenario; None for what no site lists (lines stand under `lines:`).
        prepare: figures to arrays; pure numpy.
        build: its variables and rows, and what it adds to the shared sums.
    """

    name: str
    label: str
    colour: str
    order: int
    spec: type[TechnologySpec] | None
    prepare: Prepare
    build: Build


@dataclass(frozen=True)
class Requirement:
    """Something a plan has to satisfy, written on the shared sums.

    Attributes:
        name: the Pyomo block and the result rows.
        label: what a planner reads.
        order: place in the build; a requirement that reads another's variables comes after it.
        spec: its options, flat under `requirements:`.
        prepare: figures to arrays; pure numpy.
        build: its variables and rows.
        refine: where its arrays depend on the plan: takes them again at the capacity planned, by technology and as
            (site, year) arrays.
    """

    name: str
    label: str
    order: int
    spec: type[RequirementSpec]
    prepare: Prepare
    build: Build
    refine: Refine | None = None


def _declared(package: str, attribute: str) -> dict[str, Any]:
    modules = (import_module(f"{package}.{found.name}") for found in iter_modules(import_module(package).__path__))
    features = sorted((getattr(module, attribute) for module in modules), key=lambda feature: feature.order)
    return {feature.name: feature for feature in features}


@cache
def house_technologies() -> Mapping[str, Technology]:
    """Every technology of the house, in the order of tables and charts."""
    return _declared("gigasite.formulation.technologies", "TECHNOLOGY")


def technologies() -> Mapping[str, Technology]:
    """Every technology of the house and every one that was added to it, in the order of tables and charts."""
    house = house_technologies()
    added = added_technologies(house)
    if not added:
        return house
    return {one.name: one for one in sorted([*house.values(), *added.values()], key=lambda one: one.order)}


@cache
def requirements() -> Mapping[str, Requirement]:
    """Every requirement of the house, in the order they are built."""
    return _declared("gigasite.formulation.requirements", "REQUIREMENT")


def preparers(scenario: Any) -> dict[str, Prepare]:
    """What makes the arrays of every requirement, and of the technologies that a scenario uses."""
    used = {name for site in scenario.sites.values() for name in site.technologies}
    if scenario.lines:
        used.add("line")
    if scenario.national is not None and scenario.national.include_rest_of_state:
        used.update(scenario.national.rest_of_state_technologies or REST_OF_STATE_TECHNOLOGIES)
    chosen = {name: feature.prepare for name, feature in technologies().items() if name in used}
    return {name: requirement.prepare for name, requirement in requirements().items()} | chosen


def technology_specs() -> dict[str, type[TechnologySpec]]:
    """The options of every technology, for the scenario schema."""
    return {name: technology.spec for name, technology in technologies().items() if technology.spec is not None}


def requirement_specs() -> dict[str, type[RequirementSpec]]:
    """The options of every requirement, for the scenario schema."""
    return {name: requirement.spec for name, requirement in requirements().items()}
