"""The scenario: one YAML file as a frozen, checked object.

Technologies and requirements bring their own keys: their models are handed in from the right by :func:`scenario_type`,
so this layer knows none of them by name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from threading import Lock
from typing import Annotated, Any

from pydantic import Field, create_model, with_config
from typing_extensions import TypedDict

from gigasite.inputs.candidates import CandidatesSpec
from gigasite.inputs.finance_spec import FinanceSpec
from gigasite.inputs.futures_spec import FuturesSpec
from gigasite.inputs.grid_spec import GridSpec
from gigasite.inputs.national_spec import NationalSpec
from gigasite.inputs.partnership_spec import PartnershipSpec
from gigasite.inputs.quantities import STRICT, Frozen, YearSeries
from gigasite.inputs.sections import (
    FuelSpec,
    Horizon,
    LineSpec,
    Money,
    Override,
    Published,
    SolveSpec,
)
from gigasite.inputs.site import (
    CapacityFloor,
    GasSpec,
    HourlyFiles,
    LoadSpec,
    PlaceSpec,
    SiteId,
    SiteSpec,
)
from gigasite.inputs.specs import RequirementSpec, TechnologySpec

__all__ = [
    "CandidatesSpec",
    "CapacityFloor",
    "FinanceSpec",
    "FuelSpec",
    "GasSpec",
    "GridSpec",
    "Horizon",
    "HourlyFiles",
    "LineSpec",
    "LoadSpec",
    "Money",
    "NationalSpec",
    "Override",
    "PlaceSpec",
    "Published",
    "RequirementSpec",
    "Scenario",
    "SiteSpec",
    "SolveSpec",
    "TechnologySpec",
    "YearSeries",
    "resolved",
    "scenario_json_schema",
    "scenario_type",
    "technology_options",
]

ONE_AT_A_TIME = Lock()
"""Held while a type is put together: pydantic reads its descriptions from source text, and two threads that parse at
once can make Python 3.11 refuse a sound text."""

ScenarioName = Annotated[str, Field(pattern=r"^[a-z0-9]+([-_][a-z0-9]+)*$", max_length=80)]


class Scenario(Frozen):
    """Everything needed for one answer."""

    name: ScenarioName
    """Short name for folders and tables: small letters, digits, - and _ ; left out: the file's name."""

    title: str = ""
    """Title for tables and reports."""

    question: str = ""
    """What this scenario asks, in a sentence or two."""

    template: bool = False
    """true: only for `extends:`, not to be solved."""

    horizon: Horizon
    """Years and time steps."""

    money: Money = Money()
    """Discounting."""

    finance: FinanceSpec | None = None
    """Who pays, at what cost of capital, and the price of power; left out: figures of inputs/ size the plan."""

    fuel: FuelSpec = FuelSpec()
    """Fuel price case."""

    load: LoadSpec = LoadSpec()
    """How campuses use power, for all sites."""

    sites: dict[SiteId, SiteSpec] = Field(default_factory=dict)
    """The sites: {site: what is said of it}."""

    candidates: CandidatesSpec | None = None
    """More sites, from the rows of a candidates file; left out: none."""

    lines: dict[SiteId, LineSpec] = Field(default_factory=dict)
    """Lines between sites: {name: line}."""

    technologies: dict[str, TechnologySpec] = Field(default_factory=dict)
    """Options of technologies for all sites; what a site says itself wins."""

    requirements: RequirementSpec = RequirementSpec()
    """What a plan must fulfil."""

    national: NationalSpec | None = None
    """National account; left out: none."""

    published: Published | None = None
    """A price published for this project, to be shown beside the one found; never used in the solve."""

    partnership: PartnershipSpec | None = None
    """Terms on which two countries share the project's cash, for `gigasite partnership`; never used in the solve."""

    overrides: tuple[Override, ...] = ()
    """Input figures replaced for this scenario."""

    futures: FuturesSpec | None = None
    """Several futures with probabilities, planned for together; left out: one future, as the scenario says it."""

    solve: SolveSpec = SolveSpec()
    """How to solve."""


def scenario_type(
    technology_specs: Mapping[str, type[TechnologySpec]],
    requirement_specs: Mapping[str, type[RequirementSpec]],
) -> type[Scenario]:
    """Return the scenario model in which every technology and requirement has its own keys.

    `technologies:` (for all sites and at a site) gets one optional key per technology; `requirements:` is one flat
    table with the keys of all requirements. The same keys give the same type. Raises ValueError if two requirements
    claim the same key.
    """
    with ONE_AT_A_TIME:
        return _scenario_type(tuple(technology_specs.items()), tuple(requirement_specs.items()))


@lru_cache(maxsize=8)
def _scenario_type(
    technology_specs: tuple[tuple[str, type[TechnologySpec]], ...],
    requirement_specs: tuple[tuple[str, type[RequirementSpec]], ...],
) -> type[Scenario]:
    options = _options_by_technology(dict(technology_specs))
    requirements = _flat_requirements(dict(requirement_specs))
    site = create_model(
        "Site",
        __base__=SiteSpec,
        __doc__=SiteSpec.__doc__,
        technologies=(options, _field_like(SiteSpec, "technologies")),
    )
    candidates = create_model(
        "Candidates",
        __base__=CandidatesSpec,
        __doc__=CandidatesSpec.__doc__,
        each=(site, _field_like(CandidatesSpec, "each", site)),
    )
    return create_model(
        "Scenario",
        __base__=Scenario,
        __doc__=Scenario.__doc__,
        sites=(dict[SiteId, site], _field_like(Scenario, "sites")),
        candidates=(candidates | None, _field_like(Scenario, "candidates", lambda: None)),
        technologies=(options, _field_like(Scenario, "technologies")),
        requirements=(requirements, _field_like(Scenario, "requirements", requirements)),
    )


def _options_by_technology(technology_specs: Mapping[str, type[TechnologySpec]]) -> Any:
    """Return the type of {technology: options}; a plain dict once it is read."""
    keys = dict(technology_specs)
    options = TypedDict("Technologies", keys, total=False)  # type: ignore[misc]
    return with_config(STRICT)(options)


def _flat_requirements(requirement_specs: Mapping[str, type[RequirementSpec]]) -> type[RequirementSpec]:
    owner: dict[str, str] = {}
    for requirement, spec in requirement_specs.items():
        for key in spec.model_fields:
            if key in owner:
                raise ValueError(f"requirements {owner[key]!r} and {requirement!r} both define the key {key!r}")
            owner[key] = requirement
    bases = tuple(spec for spec in requirement_specs.values() if spec.model_fields) or (RequirementSpec,)
    return create_model("Requirements", __base__=bases, __doc__="The keys of all requirements, in one flat table.")


def _field_like(model: type[Frozen], field: str, default: Callable[[], Any] = dict) -> Any:
    return Field(default_factory=default, description=model.model_fields[field].description)


def technology_options(scenario: Scenario, site: str, technology: str) -> TechnologySpec:
    """Return the options of a technology at a site: the scenario's, with every key replaced that the site sets."""
    at_site = scenario.sites[site].technologies[technology]
    everywhere = scenario.technologies.get(technology)
    if everywhere is None:
        return at_site
    return everywhere.model_copy(update={key: getattr(at_site, key) for key in at_site.model_fields_set})


def resolved(scenario: Scenario) -> dict[str, Any]:
    """Return the scenario with all its defaults as plain data, ready to be written as YAML and to be read again.

    Sites taken from a candidates file stand among the sites, so the file is not named again.
    """
    plain: dict[str, Any] = _plain(scenario.model_dump(mode="python", exclude_none=True, exclude={"candidates"}))
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value


def scenario_json_schema(model: type[Scenario]) -> dict[str, Any]:
    """Return the JSON Schema for editors.

    It asks for no key, because a file that extends another one writes only what differs; it takes null for every key,
    because null removes what the extended file says; it lets a site's technologies be a list of names, and `solve` a
    method alone. Titles are left out: they repeat the keys, and pydantic words them anew from version to version.
    """
    schema = model.model_json_schema(mode="validation")
    site = schema.get("$defs", {}).get("Site", {}).get("properties", {})
    options = schema.get("$defs", {}).get("Technologies", {}).get("properties", {})
    if "technologies" in site:
        names = {"type": "array", "items": {"enum": sorted(options)}, "uniqueItems": True}
        site["technologies"] = {
            "description": site["technologies"].get("description", ""),
            "anyOf": [names, {"$ref": "#/$defs/Technologies"}],
        }
    solve = schema["properties"]["solve"]
    alone = {"enum": schema["$defs"]["SolveSpec"]["properties"]["method"]["enum"]}
    schema["properties"]["solve"] = {
        "description": solve.get("description", ""),
        "anyOf": [alone, {"$ref": "#/$defs/SolveSpec"}],
    }
    schema["properties"]["extends"] = {
        "type": "string",
        "description": "File that this one extends, relative to it; only what differs is written. null removes a key.",
    }
    editor: dict[str, Any] = _for_editors(schema)
    for definition in (editor, *editor.get("$defs", {}).values()):
        definition.pop("required", None)
        for part in ("properties", "patternProperties"):
            below = definition.get(part, {})
            below.update({key: _or_null(value) for key, value in below.items() if key != "extends"})
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "gigasite scenario", **editor}


def _for_editors(node: Any) -> Any:
    """Return a part of a schema without titles, and with null where the values of a table may be removed."""
    if isinstance(node, list):
        return [_for_editors(item) for item in node]
    if not isinstance(node, dict):
        return node
    plain: dict[str, Any] = {}
    for key, value in node.items():
        if key in {"properties", "$defs", "patternProperties"}:
            plain[key] = {name: _for_editors(below) for name, below in value.items()}
        elif key == "title" or (key == "enum" and "const" in node):  # an older pydantic writes enum beside const
            continue
        elif key in {"default", "enum", "const"}:
            plain[key] = value
        else:
            plain[key] = _for_editors(value)
    by_name = plain.get("additionalProperties")
    if isinstance(by_name, dict):
        plain["additionalProperties"] = _or_null(by_name)
    if "patternProperties" in plain:
        plain["patternProperties"] = {name: _or_null(below) for name, below in plain["patternProperties"].items()}
    return plain


def _or_null(node: dict[str, Any]) -> dict[str, Any]:
    """Return the schema that takes null beside what it takes."""
    null = {"type": "null"}
    if node.get("type") == "null" or null in node.get("anyOf", ()):
        return node
    beside: dict[str, Any] = {key: node[key] for key in ("description", "default") if key in node}
    inner = {key: value for key, value in node.items() if key not in beside}
    choices = inner["anyOf"] if set(inner) == {"anyOf"} else [inner]
    return {"anyOf": [*choices, null], **beside}
