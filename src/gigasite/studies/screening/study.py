"""The study: one YAML file that says which places are looked at, what rules them out, and what is measured of the rest.

Rules bring their own keys: they are handed in from `siting/rules/` by :func:`study_type`, as technologies are to a
scenario.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, create_model, field_validator, model_validator, with_config
from typing_extensions import TypedDict

from gigasite.inputs.quantities import STRICT, Frozen, NonNegative, Positive
from gigasite.inputs.scenario import ONE_AT_A_TIME, Scenario, ScenarioName
from gigasite.inputs.sections import Horizon
from gigasite.inputs.site import SiteId, SiteSpec
from gigasite.siting.rule import AnyLayer, NamesColumn, NamesLayer, RuleSpec
from gigasite.siting.voltage_classes import VOLTAGE_COLUMN

Text = Annotated[str, Field(min_length=1, pattern=r"\S")]


class StudyLayer(Frozen):
    """A layer of the planner: a GeoPackage, GeoJSON, Shapefile, or a CSV with coordinates."""

    path: Text
    """File, relative to the study."""

    kind: Literal["points", "lines", "areas"]
    """What it holds: points, lines or areas."""

    source: Text
    """Who published it."""

    date: Text
    """Year, month or day of what it shows, as 2026, 2026-03 or 2026-03-20."""

    crs: str | None = None
    """Coordinate system, as EPSG:5070, where the file does not say it."""

    layer: str | None = None
    """Which layer of a file of several."""

    swap_coordinates: bool = False
    """true: latitude and longitude stand in each other's place in the file."""

    @field_validator("date", mode="before")
    @classmethod
    def _year_alone(cls, given: Any) -> Any:
        return str(given) if isinstance(given, int) and not isinstance(given, bool) else given


class StudyCandidates(Frozen):
    """The places to look at: counties at their centroids, or the features of a layer."""

    counties_of: tuple[Text, ...] | Literal["all"] | None = None
    """Counties of these states, by their two letters, or 'all'; left out: `layer`."""

    layer: Annotated[str | None, NamesLayer(("points", "areas"))] = None
    """Layer whose features are the candidates; left out: `counties_of`."""

    id_column: str | None = None
    """Column of that layer with an id for each; left out: they are numbered."""

    name_column: str | None = None
    """Column of that layer with a name for each; left out: the id."""

    @model_validator(mode="after")
    def _one_kind(self) -> StudyCandidates:
        if (self.counties_of is None) == (self.layer is None):
            raise ValueError("one kind of candidates is needed: `counties_of` or `layer`")
        if self.counties_of == ():
            raise ValueError("`counties_of` names no state")
        return self


class StudyDistance(Frozen):
    """A distance to be told beside the candidates; nothing is excluded by it."""

    layer: AnyLayer
    """Layer to whose nearest feature it is measured."""

    column: Annotated[str | None, NamesColumn("layer")] = None
    """Column of numbers of that layer, for `at_least`; left out: every feature counts."""

    at_least: NonNegative = 0.0
    """Only features count whose number in `column` is so much or more."""


class StudyLine(Frozen):
    """The line or substation that a campus is connected to."""

    layer: Annotated[str, NamesLayer(("lines", "points"))]
    """Layer of lines or substations."""

    minimum_kv: NonNegative = 0.0
    """Only voltage classes (138, 230, 345, 500, 765) from this one on count [kV]; of them the cheapest is taken."""

    voltage_column: Annotated[str, NamesColumn("layer")] = VOLTAGE_COLUMN
    """Column of the layer with the voltage [kV]."""


class StudyPipeline(Frozen):
    """The pipeline that a campus takes gas from."""

    layer: Annotated[str, NamesLayer(("lines", "points"))]
    """Layer of pipelines."""

    heat_rate_mmbtu_per_mwh: Positive | None = None
    """Gas that a megawatt-hour takes [MMBtu/MWh]; left out: that of the usual combined cycle of inputs/ in 2030."""


class StudyConnections(Frozen):
    """What a campus is connected to, for the cost of its line and its gas lateral."""

    capacity_mw: Positive
    """Campus that the line and the lateral are laid for [MW]."""

    route_factor: Annotated[float, Field(ge=1.0, le=5.0)] = 1.0
    """Length of a route over the straight distance [-]."""

    whole_units: bool = False
    """true: every circuit and pipe begun is paid whole; false: a share of it costs its share, as in the model."""

    line: StudyLine | None = None
    """Line or substation; left out: no line is costed."""

    pipeline: StudyPipeline | None = None
    """Pipeline; left out: no lateral is costed."""


class StudyScenario(Frozen):
    """The scenario that is written beside the candidates, with the best of them as its sites."""

    extends: Text = "base.yaml"
    """Scenario it starts from: a shipped one, or a file relative to the study."""

    take: Annotated[int, Field(ge=1, le=10_000)] = 10
    """So many candidates, the best first [sites]."""

    horizon: Horizon | None = None
    """Years and time steps; left out: those of the scenario it starts from."""

    each: SiteSpec = SiteSpec()
    """What is said of every site: its load ramp, its technologies, and all else a site may say."""


class Study(Frozen):
    """A question of where: candidates, rules, and what is measured of those that stay."""

    name: ScenarioName
    """Short name for folders: small letters, digits, - and _ ; left out: the file's name."""

    title: str = ""
    """Title for tables and maps."""

    question: str = ""
    """What this study asks, in a sentence or two."""

    candidates: StudyCandidates
    """The places to look at."""

    layers: dict[SiteId, StudyLayer] = Field(default_factory=dict)
    """Layers by name."""

    rules: dict[str, RuleSpec] = Field(default_factory=dict)
    """Exclusion rules: {rule: its keys}."""

    distances: dict[SiteId, StudyDistance] = Field(default_factory=dict)
    """Distances to be told, by name: `substation` becomes the column `substation_km`."""

    connections: StudyConnections | None = None
    """What a campus is connected to and what that costs; left out: no cost is told."""

    rank_by: str | None = None
    """Column of the candidates by which they are ranked, the least first; left out: the cost of line and lateral, else
    the first distance, else the id."""

    best: Annotated[int, Field(ge=1)] | None = None
    """Only the first so many of those that stay; left out: all."""

    best_within: Literal["state", "grid_zone", "census_division"] | None = None
    """`best` counts in each of these by itself; left out: in all of them together."""

    scenario: StudyScenario | None = None
    """A scenario to be written beside the candidates; left out: none."""


def study_type(rule_specs: Mapping[str, type[RuleSpec]], scenario: type[Scenario]) -> type[Study]:
    """Return the study model in which every rule has its own keys, and a site of the scenario its technologies.

    Args:
        rule_specs: the keys of every rule.
        scenario: the scenario model, with the keys of every technology.
    """
    with ONE_AT_A_TIME:
        return _study_type(rule_specs, scenario)


def _study_type(rule_specs: Mapping[str, type[RuleSpec]], scenario: type[Scenario]) -> type[Study]:
    keys = dict(rule_specs)
    options = TypedDict("Rules", keys, total=False)  # type: ignore[misc]
    rules: Any = with_config(STRICT)(options)
    site: Any = scenario.model_fields["sites"].annotation
    written = create_model(
        "StudyScenario",
        __base__=StudyScenario,
        __doc__=StudyScenario.__doc__,
        each=(site.__args__[1], Field(default_factory=site.__args__[1], description=_text(StudyScenario, "each"))),
    )
    return create_model(
        "Study",
        __base__=Study,
        __doc__=Study.__doc__,
        rules=(rules, _described(Study, "rules")),
        scenario=(written | None, Field(default=None, description=_text(Study, "scenario"))),
    )


def _described(model: type[Frozen], field: str) -> Any:
    return Field(default_factory=dict, description=_text(model, field))


def _text(model: type[Frozen], field: str) -> str | None:
    return model.model_fields[field].description
