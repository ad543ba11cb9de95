"""Sites from a candidates file: rows give places, `each:` the rest, `sites:` wins, and every fault has its place."""

import pytest

from gigasite.inputs.scenario import resolved

ROWS = """\
site,name,state,latitude,longitude,grid_zone,census_division,temperature_site,trunk_distance_km,line_usd_per_kw,owner
pike_oh,"Pike, OH",OH,39.07,-83.08,pjm_aep,east,piketon,20.5,3.5,AEP
ross_oh,"Ross, OH",OH,39.3,-83.0,pjm_aep,east,piketon,,,
vinton_oh,"Vinton, OH",OH,39.25,-82.5,pjm_aep,east,piketon,7,1,
"""
GOOD = """name: good
horizon: {years: [2028, 2030]}
candidates:
  file: rows.csv
  take: 2
  each:
    load_ramp_mw: {2028: 300}
    technologies: [gas_turbine, battery]
"""


@pytest.fixture
def rows(desk):
    (desk.folder / "rows.csv").write_text(ROWS, encoding="utf-8")
    return desk


def test_rows_from_the_top_become_sites(rows):
    loaded = rows.load(GOOD)
    assert list(loaded.scenario.sites) == ["pike_oh", "ross_oh"]
    pike, ross = loaded.scenario.sites.values()
    assert (pike.place.lat, pike.place.lon, pike.place.grid_zone) == (39.07, -83.08, "pjm_aep")
    assert pike.place.name == "Pike, OH"
    assert pike.place.temperature_like_site == "piketon"
    assert (pike.gas.trunk_distance_km, pike.grid.contribution_usd_per_kw) == (20.5, 3.5)
    assert list(pike.technologies) == list(ross.technologies) == ["gas_turbine", "battery"]
    assert ross.load_ramp_mw.at(2030) == 300
    assert ross.gas.trunk_distance_km is None  # an empty cell is not said


def test_every_row_is_taken_where_nothing_is_said_and_only_those_named_otherwise(rows):
    every = rows.load(GOOD.replace("  take: 2\n", "")).scenario.sites
    named = rows.load(GOOD.replace("take: 2", "only: [vinton_oh, pike_oh]")).scenario.sites
    both = rows.load(GOOD.replace("take: 2", "take: 1\n  only: [vinton_oh, ross_oh]")).scenario.sites
    assert [list(sites) for sites in (every, named, both)] == [
        ["pike_oh", "ross_oh", "vinton_oh"],
        ["pike_oh", "vinton_oh"],
        ["ross_oh"],
    ]


def test_what_each_says_wins_over_the_row_and_what_sites_says_wins_over_both(rows):
    text = GOOD.replace("  each:\n", "  each:\n    gas: {trunk_distance_km: 3}\n")
    text += "sites:\n  abilene: {technologies: [solar]}\n"
    text += "  pike_oh: {load_ramp_mw: {2030: 900}, gas: {trunk_distance_km: 4}}\n"
    sites = rows.load(text).scenario.sites
    assert set(sites) == {"pike_oh", "abilene", "ross_oh"}
    assert sites["pike_oh"].gas.trunk_distance_km == 4
    assert sites["ross_oh"].gas.trunk_distance_km == 3
    assert [sites["pike_oh"].load_ramp_mw.at(year) for year in (2028, 2030)] == [300, 900]  # tables merge key by key


def test_the_resolved_scenario_holds_the_sites_and_needs_the_file_no_more(rows):
    plain = resolved(rows.load(GOOD).scenario)
    assert "candidates" not in plain
    assert set(plain["sites"]) == {"pike_oh", "ross_oh"}


def test_the_file_is_named_from_the_root_for_the_record(rows):
    assert rows.load(GOOD).scenario.candidates.file == str((rows.folder / "rows.csv").resolve())


def test_a_key_of_a_taken_site_stands_where_each_says_it_and_its_place_in_its_row(rows):
    loaded = rows.load(GOOD)
    assert str(loaded.origin("sites", "ross_oh", "load_ramp_mw", 2028)) == "a.yaml:7:26"
    assert str(loaded.origin("sites", "ross_oh", "place", "lat")) == "rows.csv:3"


def test_more_rows_than_there_are_is_a_hint(rows):
    (note,) = rows.load(GOOD.replace("take: 2", "take: 20")).notes
    assert note.key == "candidates.take"
    assert "there are 3" in note.message


def test_a_fault_of_each_is_told_once(rows):
    text = GOOD.replace("{2028: 300}", "{2035: 300}").replace("gas_turbine, b", "gas_turbin, b")
    problems = rows.problems_of(text.replace("    tech", "    grid: {zone: pjm_eap}\n    tech"))
    assert [(problem.key, str(problem.origin)) for problem in problems] == [
        ("candidates.each.load_ramp_mw.2035", "a.yaml:7:20"),
        ("candidates.each.grid.zone", "a.yaml:8:18"),
        ("candidates.each.technologies.gas_turbin", "a.yaml:9:20"),
    ]
    assert problems[2].remedy == "did you mean 'gas_turbine'?"


def test_what_is_missing_of_all_candidates_is_told_once(rows):
    (problem,) = rows.problems_of(GOOD.replace("    technologies: [gas_turbine, battery]\n", ""))
    assert (problem.key, str(problem.origin)) == ("candidates.each.technologies", "a.yaml:6:3")


def test_what_a_row_does_not_say_of_its_place_is_told_at_its_line(rows):
    (rows.folder / "rows.csv").write_text(ROWS.replace("39.3,-83.0,pjm_aep", "39.3,-83.0,"), encoding="utf-8")
    (problem,) = rows.problems_of(GOOD)
    assert (problem.key, str(problem.origin)) == ("sites.ross_oh.place.grid_zone", "rows.csv:3")


def test_a_fault_of_a_row_is_told_at_its_line(rows):
    (rows.folder / "rows.csv").write_text(ROWS.replace("39.3,", "north,").replace("20.5", "-1"), encoding="utf-8")
    problems = rows.problems_of(GOOD)
    assert [(str(problem.origin), problem.key) for problem in problems] == [
        ("rows.csv:2", "sites.pike_oh.gas.trunk_distance_km"),
        ("rows.csv:3", "sites.ross_oh.place.lat"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "place", "said"),
    [
        ("file: rows.csv", "file: row.csv", "a.yaml:4:9", "did you mean 'rows.csv'?"),
        ("take: 2", "take: 0", "a.yaml:5:9", "1 or more"),
        ("take: 2", "only: [pike]", "a.yaml:5:10", "did you mean 'pike_oh'?"),
        ("take: 2", "takes: 2", "a.yaml:5:3", "did you mean 'take'?"),
        ("  file: rows.csv\n", "", "a.yaml:3:1", "file"),
    ],
)
def test_a_slip_in_the_section_is_told_at_its_key(rows, old, new, place, said):
    problem = rows.problems_of(GOOD.replace(old, new))[0]
    assert str(problem.origin) == place
    assert said in str(problem)


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("", "rows.csv:1", "there is no column site"),
        ("site,latitude,longitude\n", "rows.csv", "holds no candidate"),
        (ROWS.replace("latitude", "lat_deg"), "rows.csv:1", "there is no column latitude"),
        (ROWS.replace("ross_oh", "pike_oh"), "rows.csv:3", "has a row already, line 2"),
        (ROWS.replace("ross_oh", ""), "rows.csv:3", "names no site"),
        (ROWS.replace("39.3,", "39,3,"), "rows.csv:3", "does not fit the columns"),
        (ROWS.replace("ross_oh", "Ross OH"), "rows.csv:3", "small letters"),
    ],
)
def test_a_file_that_is_no_candidates_file_is_refused(rows, text, place, said):
    (rows.folder / "rows.csv").write_text(text, encoding="utf-8")
    problem = rows.problems_of(GOOD)[0]
    assert str(problem.origin) == place
    assert said in str(problem)


def test_candidates_may_come_from_the_scenario_that_is_extended(rows):
    folder = rows.folder / "elsewhere"
    folder.mkdir()
    (folder / "rows.csv").write_text(ROWS.replace("pike_oh", "jackson_oh"), encoding="utf-8")
    (folder / "parent.yaml").write_text(GOOD, encoding="utf-8")
    sites = rows.load("extends: elsewhere/parent.yaml\ncandidates: {take: 1}\n").scenario.sites
    assert list(sites) == ["jackson_oh"]
