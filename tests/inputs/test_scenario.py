"""The scenario as an object: frozen, strict about numbers, open to the keys of every technology and requirement."""

from typing import Literal

import pytest
from pydantic import ValidationError

from gigasite.foundation.errors import InputError
from gigasite.inputs.load import load_scenario
from gigasite.inputs.quantities import YearSeries
from gigasite.inputs.scenario import (
    RequirementSpec,
    Scenario,
    TechnologySpec,
    resolved,
    scenario_json_schema,
    scenario_type,
    technology_options,
)


class Turbine(TechnologySpec):
    """A technology with a key of its own."""

    dual_fuel: bool | None = None
    """Whether it burns diesel too."""


class Battery(TechnologySpec):
    """A technology with a key of its own."""

    duration_h: float | None = None
    """Hours of storage [h]."""


class ReserveSpec(RequirementSpec):
    """A requirement."""

    reserve_margin: float = 0.1
    """Share above the peak [-]."""


class UnitLossSpec(RequirementSpec):
    """Another requirement."""

    units_lost: int | Literal["binomial"] = "binomial"
    """Machines lost at once."""


TECHNOLOGIES = {"gas_turbine": Turbine, "battery": Battery, "solar": TechnologySpec}
REQUIREMENTS = {"firm_supply": ReserveSpec, "unit_loss": UnitLossSpec}
MODEL = scenario_type(TECHNOLOGIES, REQUIREMENTS)
SITES = (
    '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"site_id": "piketon"},'
    ' "geometry": {"type": "Point", "coordinates": [-83.0, 39.0]}}]}'
)
COMMON = "value,low,high,unit,currency_year,source,locator,source_year,confidence,note\n"


def scenario(**keys):
    return MODEL.model_validate({"name": "x", "horizon": {"years": [2028, 2030]}, **keys})


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with a small `inputs/` of its own in place of the shipped figures."""
    inputs = tmp_path / "figures"
    inputs.mkdir()
    (inputs / "sites.geojson").write_text(SITES)
    (inputs / "technologies.csv").write_text(
        "technology,machine_class,cost_case,parameter,year," + COMMON + "gas_turbine,frame_f,atb,earliest_year,,2030,,,"
        "year,,maker,,2026,reported,\ngas_turbine,small_frame,,earliest_year,,2027,,,year,,maker,,2026,reported,\n"
    )
    (inputs / "technology_defaults.csv").write_text(
        "technology,machine_class,cost_case,note\ngas_turbine,frame_f,atb,\n"
    )
    monkeypatch.setattr("gigasite.inputs.load.data_folder", lambda: inputs)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def load(folder, text, **options):
    (folder / "a.yaml").write_text(text)
    specs = {"technology_specs": TECHNOLOGIES, "requirement_specs": REQUIREMENTS}
    return load_scenario(folder / "a.yaml", **specs, **options)


# years


def test_value_of_a_year_holds_until_the_next_one():
    series = YearSeries(points=((2028, 800.0), (2030, 4000.0)), before_first="zero")
    assert [series.at(year) for year in (2027, 2028, 2029, 2030, 2050)] == [0.0, 800.0, 800.0, 4000.0, 4000.0]


def test_first_value_holds_before_the_first_year_where_the_field_says_so():
    assert YearSeries(points=((2028, 800.0),), before_first="first").at(2020) == 800.0


def test_single_number_holds_in_every_year():
    assert YearSeries(constant=5.0).at(1999) == YearSeries(constant=5.0).at(2099) == 5.0


def test_load_is_zero_before_its_ramp_and_a_limit_is_not():
    read = scenario(
        sites={"a": {"load_ramp_mw": {2030: 5}, "technologies": {"solar": {"capacity_max_mw": {2030: 7}}}}}
    ).sites["a"]
    assert read.load_ramp_mw.at(2028) == 0.0
    assert read.technologies["solar"].capacity_max_mw.at(2028) == 7.0


def test_years_may_be_written_in_any_order():
    assert scenario(sites={"a": {"load_ramp_mw": {2030: 2, 2028: 1}}}).sites["a"].load_ramp_mw.years == (2028, 2030)


# strictness


@pytest.mark.parametrize("value", ["800", "800 MW", True, float("nan"), float("inf"), -1.0, [800], None])
def test_only_a_plain_number_is_taken_for_megawatts(value):
    with pytest.raises(ValidationError):
        scenario(sites={"a": {"load_ramp_mw": {2028: value}}})


def test_nothing_can_be_changed_after_reading():
    with pytest.raises(ValidationError):
        scenario().name = "y"


@pytest.mark.parametrize("years", [[], [2030, 2028], [2028, 2028], [2023], [2101], [2028.5]])
def test_modelled_years_must_rise_within_the_century(years):
    with pytest.raises(ValidationError):
        scenario(horizon={"years": years})


# features


def test_list_of_technologies_means_default_options():
    read = scenario(sites={"a": {"technologies": ["battery", "solar"]}})
    assert read.sites["a"].technologies == {"battery": Battery(), "solar": TechnologySpec()}


def test_every_technology_brings_its_own_keys():
    read = scenario(sites={"a": {"technologies": {"battery": {"duration_h": 4}}}})
    assert read.sites["a"].technologies["battery"].duration_h == 4.0
    with pytest.raises(ValidationError):
        scenario(sites={"a": {"technologies": {"solar": {"duration_h": 4}}}})


def test_requirements_are_one_flat_table():
    read = scenario(requirements={"units_lost": 3})
    assert (read.requirements.reserve_margin, read.requirements.units_lost) == (0.1, 3)


def test_two_requirements_cannot_claim_one_key():
    with pytest.raises(ValueError, match="both define the key 'reserve_margin'"):
        scenario_type({}, {"one": ReserveSpec, "other": ReserveSpec})


def test_scenario_without_features_is_a_scenario():
    assert isinstance(scenario_type({}, {}).model_validate({"name": "x", "horizon": {"years": [2030]}}), Scenario)


def test_site_wins_over_the_options_for_all_sites_key_by_key():
    read = scenario(
        technologies={"battery": {"duration_h": 4, "cost_case": "atb"}},
        sites={"a": {"technologies": {"battery": {"duration_h": 8}}}, "b": {"technologies": ["battery"]}},
    )
    at_a, at_b = (technology_options(read, site, "battery") for site in "ab")
    assert (at_a.duration_h, at_a.cost_case, at_b.duration_h) == (8.0, "atb", 4.0)


# plain data and schema


def test_resolved_scenario_reads_back_as_the_same_scenario():
    read = scenario(
        sites={"a": {"load_ramp_mw": {2028: 5}, "technologies": ["battery"]}},
        technologies={"gas_turbine": {"capacity_max_mw": 100}},
        overrides=[{"table": "fuels", "where": {"fuel": "lng", "year": 2030}, "value": 9, "reason": "why"}],
    )
    assert MODEL.model_validate(resolved(read)) == read
    assert resolved(read)["sites"]["a"]["load_ramp_mw"] == {2028: 5.0}


def test_schema_for_editors_describes_every_key():
    schema = scenario_json_schema(MODEL)
    nameless = [
        f"{name}.{key}"
        for name, model in {"Scenario": schema, **schema["$defs"]}.items()
        for key, field in model.get("properties", {}).items()
        if "description" not in field and name != "Technologies"
    ]
    assert nameless == []


def test_schema_for_editors_asks_for_no_key_and_knows_extends():
    schema = scenario_json_schema(MODEL)
    assert "extends" in schema["properties"]
    assert "required" not in schema
    assert schema["$defs"]["Site"]["properties"]["technologies"]["anyOf"][0]["items"] == {
        "enum": ["battery", "gas_turbine", "solar"]
    }


# loading

GOOD = """name: good
horizon: {years: [2028, 2030]}
sites:
  piketon:
    load_ramp_mw: {2028: 800}
    technologies: [gas_turbine, battery]
"""


def test_good_scenario_loads_with_its_tables(folder):
    loaded = load(folder, GOOD)
    assert loaded.scenario.sites["piketon"].load_ramp_mw.at(2030) == 800
    assert loaded.tables.figure("technologies", technology="gas_turbine", machine_class="frame_f", cost_case="atb",
                                parameter="earliest_year").value == 2030  # fmt: skip
    assert loaded.origin("sites", "piketon", "technologies", "battery").line == 6
    assert loaded.notes == ()


def test_name_is_that_of_the_file_where_none_is_written(folder):
    assert load(folder, GOOD.replace("name: good\n", "")).scenario.name == "a"


def test_short_look_is_noted_and_no_fault(folder):
    (note,) = load(folder, GOOD.replace("2030]}", "2030], days: 7}")).notes
    assert note.key == "horizon.days"
    assert "short look" in note.message


def test_template_is_not_solved_but_may_be_loaded(folder):
    text = "template: true\n" + GOOD
    with pytest.raises(InputError, match="this file is a template"):
        load(folder, text)
    assert load(folder, text, allow_template=True).scenario.template


def test_inputs_beside_the_scenario_win_over_the_shipped(folder):
    (folder / "inputs").mkdir()
    (folder / "inputs" / "technologies.csv").write_text(
        "technology,machine_class,cost_case,parameter,year," + COMMON
        + "gas_turbine,frame_f,atb,earliest_year,,2028,,,year,,own order,,2026,reported,\n"
    )  # fmt: skip
    keys = {"technology": "gas_turbine", "cost_case": "atb", "parameter": "earliest_year"}
    tables = load(folder, GOOD).tables
    assert tables.figure("technologies", machine_class="frame_f", **keys).value == 2028
    assert tables.figure("technologies", machine_class="small_frame", **keys).value == 2027


def test_hourly_file_is_found_beside_the_file_that_names_it(folder):
    (folder / "shared").mkdir()
    (folder / "shared" / "load.csv").write_text("load_per_unit\n" + "0.5\n" * 8760)
    (folder / "shared" / "base.yaml").write_text("sites: {piketon: {hourly: {load: load.csv}}}\n")
    loaded = load(folder, "extends: shared/base.yaml\n" + GOOD)
    assert loaded.hourly("piketon", "load").sum() == 4380.0
    assert loaded.hourly("piketon", "wind") is None
    assert loaded.scenario.sites["piketon"].hourly.load == str(folder / "shared" / "load.csv")
