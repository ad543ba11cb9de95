"""Whether the parts of a scenario fit each other and the figures; all faults are told together."""

import pytest

from gigasite.foundation.errors import InputError


@pytest.mark.parametrize(
    ("ramp", "place", "key", "message"),
    [
        ("{}", "5:5", "load_ramp_mw", "no year is given"),
        ("800", "5:19", "load_ramp_mw", "this is given by year"),
        ("{2028: 800 MW}", "5:26", "load_ramp_mw.2028", "this is a text, not a number"),
        ("{2028: 5, 2028: 6}", "5:29", "load_ramp_mw.2028", "the key `2028` is written twice, first in line 5"),
        ("{2028: 5, 2035: 6}", "5:29", "load_ramp_mw.2035", "2035 comes after the last modelled year, 2032"),
        ("{soon: 5}", "5:20", "load_ramp_mw.soon", "this key must be a year"),
        ("{28: 5}", "5:20", "load_ramp_mw", "a key must be a text or a year"),
        ("null", "5:19", "load_ramp_mw", "no year is given"),
    ],
)
def test_faulty_ramp_is_told_at_its_year(desk, ramp, place, key, message):
    text = desk.good.replace("{2028: 800}", ramp)
    problem = desk.problems_of(text)[0]
    assert (str(problem.origin), problem.key) == (f"a.yaml:{place}", f"sites.piketon.{key}")
    assert message in problem.message


@pytest.mark.parametrize(
    ("technologies", "place", "key", "message"),
    [
        ("[gas_turbin]", "6:20", "technologies.gas_turbin", "this key is not known here"),
        ("[battery, battery]", "6:29", "technologies", "this technology is listed twice"),
        ("[5]", "6:5", "technologies", "this value does not fit here"),
        ("{battery: }", "6:28", "technologies.battery", "nothing is written below this key"),
        (
            "{battery: {capacity_min_mw: 600, capacity_max_mw: {2028: 700, 2030: 500}}}",
            "6:48",
            "technologies.battery.capacity_min_mw",
            "capacity_min_mw is above capacity_max_mw in 2030",
        ),
        (
            "{battery: {capacity_mw: 600, capacity_max_mw: 500}}",
            "6:44",
            "technologies.battery.capacity_mw",
            "capacity_mw is above capacity_max_mw in 2028",
        ),
        (
            "{combined_cycle: {capacity_mw: {2030: 500}}}",
            "6:36",
            "technologies.combined_cycle.capacity_mw",
            "asks for combined_cycle in 2030, but new combined_cycle runs from 2031",
        ),
    ],
)
def test_faulty_technology_of_a_site_is_told(desk, technologies, place, key, message):
    problem = desk.problems_of(desk.good.replace("[gas_turbine, battery]", technologies))[0]
    assert problem.key == f"sites.piketon.{key}"
    assert message in problem.message
    assert str(problem.origin).startswith("a.yaml:6:")
    if "capacity" not in key:
        assert str(problem.origin) == f"a.yaml:{place}"


def test_machines_ordered_already_may_come_before_the_usual_lead_time(desk):
    given = "{gas_turbine: {capacity_mw: {2028: 500}, earliest_year: 2028, machine_class: frame_f}}"
    assert desk.load(desk.good.replace("[gas_turbine, battery]", given))


def test_floor_above_what_its_technologies_may_reach_is_told(desk):
    text = desk.good.replace(
        "[gas_turbine, battery]", "{gas_turbine: {capacity_max_mw: 100}, battery: {capacity_max_mw: 50}}"
    )
    floor = "    capacity_floor_mw:\n      - technologies: [gas_turbine, battery]\n        mw: {2028: 100, 2030: 200}\n"
    (problem,) = desk.problems_of(text + floor)
    assert problem.message == "the floor is above what its technologies may reach together in 2030"
    assert (str(problem.origin), problem.given, problem.allowed) == ("a.yaml:9:31", "200 MW", "150 MW or less")


def test_floor_before_the_earliest_year_is_told(desk):
    text = desk.good.replace("gas_turbine, battery", "combined_cycle, battery")
    floor = "    capacity_floor_mw: [{technologies: [combined_cycle], mw: {2030: 100}}]\n"
    (problem,) = desk.problems_of(text + floor)
    assert "the floor asks for capacity in 2030, but the first of its technologies runs from 2031" in problem.message
    assert str(problem.origin) == "a.yaml:7:63"


def test_unknown_site_suggests_the_nearest_and_the_two_ways_out(desk):
    (problem,) = desk.problems_of(desk.good.replace("piketon:", "piketown:"))
    assert (str(problem.origin), problem.key) == ("a.yaml:4:3", "sites.piketown")
    assert problem.message == "this site is not in inputs/sites.geojson"
    assert problem.remedy.startswith("did you mean 'piketon'?")
    assert "`like:`" in problem.remedy
    assert "`place:`" in problem.remedy


def test_site_of_its_own_must_say_where_and_how_warm_it_is(desk):
    told = desk.problems_of(desk.good.replace("piketon:", "my_field:") + "    place: {lat: 31.5}\n")
    assert [problem.key for problem in told] == [
        f"sites.my_field.place.{key}" for key in ("lon", "grid_zone", "temperature_like_site", "census_division")
    ]


def test_site_of_its_own_with_a_place_is_good(desk):
    place = "{lat: 31.5, lon: -102, grid_zone: pjm_aep, census_division: east, temperature_like_site: abilene}"
    assert desk.load(desk.good.replace("piketon:", "my_field:") + f"    place: {place}\n")


def test_site_without_supply_is_told(desk):
    (problem,) = desk.problems_of(desk.good.replace("    technologies: [gas_turbine, battery]\n", ""))
    assert problem.message == "piketon wants power, but has no technology and no line"


def test_scenario_without_sites_is_told(desk):
    (problem,) = desk.problems_of("horizon: {years: [2030]}\n")
    assert (problem.key, problem.message) == ("sites", "there is nothing to plan: no site and no national account")


def test_missing_horizon_is_told_with_what_it_means(desk):
    problem = desk.problems_of(desk.good.replace("horizon: {years: [2028, 2030, 2032]}\n", ""))[0]
    assert (problem.key, problem.message) == ("horizon", "this key is missing")
    assert problem.allowed == "Years and time steps."


@pytest.mark.parametrize(
    ("horizon", "place", "key", "message"),
    [
        ("{years: [2030, 2028]}", "2:11", "horizon.years", "years must rise, but 2028 comes after 2030"),
        ("{years: []}", "2:11", "horizon.years", "this is empty"),
        ("{years: [2020]}", "2:19", "horizon.years.0", "this number is outside what is allowed"),
        ("{years: [2028, 2030.5]}", "2:25", "horizon.years.1", "this must be a whole number"),
        ("{years: 2028}", "2:18", "horizon.years", "this value does not fit here"),
        ("{years: [2028], resolution_h: 5}", "2:40", "horizon.resolution_h", "this value is not known"),
        ("{years: [2028], days: 366}", "2:32", "horizon.days", "this number is outside what is allowed"),
    ],
)
def test_faulty_horizon_is_told(desk, horizon, place, key, message):
    problem = desk.problems_of(desk.good.replace("{years: [2028, 2030, 2032]}", horizon))[0]
    assert (str(problem.origin), problem.key, problem.message) == (f"a.yaml:{place}", key, message)


def test_faults_beside_a_faulty_horizon_are_told_too(desk):
    told = desk.problems_of(desk.good.replace("2028, 2030, 2032", "").replace("piketon:", "piketown:"))
    assert [problem.key for problem in told] == ["horizon.years", "sites.piketown"]


def test_missing_hour_of_a_planners_file_is_told_in_that_file(desk):
    lines = [f"{hour},0.5" for hour in range(8760) if hour != 4000]
    (desk.folder / "load.csv").write_text("\n".join(("hour,load_per_unit", *lines)) + "\n")
    (problem,) = desk.problems_of(desk.good + "    hourly: {load: load.csv}\n")
    assert str(problem.origin) == "load.csv:4002"
    assert "the hour 4000 is missing" in problem.message


def test_fault_in_a_parent_is_told_in_the_parent(desk):
    (desk.folder / "base.yaml").write_text("solve:\n  threads: many\n")
    (problem,) = desk.problems_of("extends: base.yaml\n" + desk.good)
    assert (str(problem.origin), problem.key) == ("base.yaml:2:12", "solve.threads")


def test_bad_figure_of_the_planner_is_told_in_its_file(desk):
    (desk.folder / "inputs").mkdir()
    common = "value,low,high,unit,currency_year,source,locator,source_year,confidence,note"
    row = "lbnl_high,2030,,,,TWh,,l,,2024,published,"
    (desk.folder / "inputs" / "demand.csv").write_text(f"trajectory,year,{common}\n{row}\n")
    (problem,) = desk.problems_of(desk.good)
    assert (str(problem.origin), problem.key, problem.message) == ("inputs/demand.csv:2", "value", "the cell is empty")


def test_faults_of_form_schema_and_meaning_are_told_at_once_in_the_order_of_the_file(desk):
    text = """name: many
horizon: {years: [2028], resolution_h: 5}
sites:
  piketown:
    load_ramp_mw: {2028: 800 MW, 2028: 5, 2040: 6}
    technologies: [gas_turbin, battery]
    grid: {zone: pjm_apc, connection_max_mw: -1}
fuel: {case: aeo2026_base}
"""
    assert [(str(problem.origin), problem.key.rsplit(".", 1)[-1]) for problem in desk.problems_of(text)] == [
        ("a.yaml:2:40", "resolution_h"),
        ("a.yaml:4:3", "piketown"),
        ("a.yaml:5:26", "2028"),
        ("a.yaml:5:34", "2028"),
        ("a.yaml:5:43", "2040"),
        ("a.yaml:6:20", "gas_turbin"),
        ("a.yaml:7:18", "zone"),
        ("a.yaml:7:46", "connection_max_mw"),
        ("a.yaml:8:14", "case"),
    ]


def test_a_fault_in_one_entry_of_a_list_hides_nothing_of_the_others(desk):
    text = """name: lists
horizon: {years: [2028]}
sites:
  piketon:
    load_ramp_mw: {2028: 800}
    technologies: [gas_turbine]
    capacity_floor_mw:
      - {technologies: [gas_turbine], mw: {2028: 5, 2029: x}, least: 3}
      - {technologies: [gas_turbine], mw: {2040: 6}}
"""
    assert [(str(problem.origin), problem.key.split(".", 2)[-1]) for problem in desk.problems_of(text)] == [
        ("a.yaml:8:59", "capacity_floor_mw.0.mw.2029"),
        ("a.yaml:8:63", "capacity_floor_mw.0.least"),
        ("a.yaml:9:44", "capacity_floor_mw.1.mw.2040"),
    ]


def test_no_message_speaks_of_pydantic(desk):
    text = desk.good + "colour: [1]\nmoney: 5\nlines: [a]\nsolve: {gap: {}}\nload: {pue_peak: 0.5, pue_mean: [1]}\n"
    told = str(InputError(desk.problems_of(text)))
    assert "Input should" not in told
    assert "pydantic" not in told
