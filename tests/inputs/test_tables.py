"""Cited figures are looked up by key and year, merged row by row, overridden with a reason, refused without source."""

import sys
from subprocess import run
from types import SimpleNamespace

import pytest

from gigasite.foundation.errors import InputError, Origin
from gigasite.inputs.folders import data_folder, display_path, scenarios_folder
from gigasite.inputs.tables import load_tables

HEADER = (
    "technology,cost_case,parameter,year,value,low,high,unit,currency_year,source,locator,source_year,confidence,note"
)
ROWS = (
    "wind,atb,capex,2030,1000,900,1200,USD/kW,2022,NREL ATB 2024,wind.csv,2024,published,",
    "wind,atb,capex,2040,800,700,1000,USD/kW,2022,NREL ATB 2024,wind.csv,2024,published,",
    "wind,market,capex,2030,1500,,,USD/kW,2024,survey,p. 3,2026,estimate,two quotes",
    "wind,,life,,30,,,years,,NREL ATB 2024,wind.csv,2024,published,",
)


def folder_with(path, *rows, header=HEADER, name="technologies.csv"):
    path.mkdir(exist_ok=True)
    (path / name).write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return folder_with(tmp_path / "inputs", *ROWS)


@pytest.fixture
def tables(folder):
    return load_tables([folder])


def capex(tables, year, case="atb"):
    return tables.figure("technologies", year=year, technology="wind", cost_case=case, parameter="capex")


def override(table="technologies", value=1.0, reason="a quote", **where):
    return SimpleNamespace(table=table, where=where, value=value, reason=reason)


def problems_of(*arguments, **keywords):
    with pytest.raises(InputError) as error:
        load_tables(*arguments, **keywords)
    return error.value.problems


# looking up


def test_row_of_the_year_is_taken_with_its_source(tables):
    figure = capex(tables, 2030)
    assert (figure.value, figure.unit, figure.currency_year, figure.confidence) == (1000.0, "USD/kW", 2022, "published")
    assert (figure.source, figure.locator, figure.low, figure.high) == ("NREL ATB 2024", "wind.csv", 900.0, 1200.0)


def test_year_between_two_rows_lies_on_the_line_and_is_derived(tables):
    figure = capex(tables, 2033)
    assert figure.value == pytest.approx(940.0)
    assert (figure.low, figure.high) == (pytest.approx(840.0), pytest.approx(1140.0))
    assert figure.confidence == "derived"


@pytest.mark.parametrize(("year", "value"), [(2020, 1000.0), (2060, 800.0)])
def test_year_outside_the_rows_takes_the_nearest_end(tables, year, value):
    assert capex(tables, year).value == value


def test_row_without_year_or_case_serves_every_year_and_case(tables):
    for year in (None, 2030, 2077):
        figure = tables.figure("technologies", year=year, technology="wind", cost_case="atb", parameter="life")
        assert figure.value == 30.0


def test_row_that_names_the_case_comes_before_one_that_does_not(folder):
    folder_with(folder, *ROWS, "wind,atb,life,,25,,,years,,NREL,x,2024,published,")
    tables = load_tables([folder])
    life = {"technology": "wind", "parameter": "life"}
    assert tables.figure("technologies", cost_case="atb", **life).value == 25.0
    assert tables.figure("technologies", cost_case="market", **life).value == 30.0


def test_key_that_is_not_asked_for_must_be_empty_in_the_row(tables):
    with pytest.raises(InputError):
        tables.figure("technologies", year=2030, technology="wind", parameter="capex")


def test_single_dated_row_needs_no_year_but_several_do(tables):
    assert capex(tables, None, "market").value == 1500.0
    with pytest.raises(InputError, match="name a year"):
        capex(tables, None, "atb")


def test_default_is_an_estimate_that_says_so(tables):
    figure = tables.figure("technologies", default=7.0, technology="wind", parameter="none")
    assert (figure.value, figure.confidence) == (7.0, "estimate")


def test_missing_row_names_the_key_and_the_nearest_spelling(tables):
    with pytest.raises(InputError) as error:
        tables.figure("technologies", year=2030, technology="wnd", cost_case="atb", parameter="capex")
    (problem,) = error.value.problems
    assert (
        "technologies.csv has no row for technology=wnd, cost_case=atb, parameter=capex, year=2030" in problem.message
    )
    assert (problem.key, problem.given, problem.remedy) == ("technology", "wnd", "did you mean 'wind'?")


def test_missing_table_suggests_the_nearest(tables):
    with pytest.raises(InputError, match="did you mean 'technologies'"):
        tables.figure("technologys", technology="wind")


def test_unknown_key_is_told_with_the_keys_there_are(tables):
    with pytest.raises(InputError, match="technology, cost_case, parameter, year"):
        tables.figure("technologies", tech="wind")


def test_two_years_in_different_money_are_not_mixed(folder):
    folder_with(folder, *ROWS, "wind,market,capex,2040,1400,,,USD/kW,2022,survey,p. 3,2026,estimate,two quotes")
    with pytest.raises(InputError, match="different units or money"):
        capex(load_tables([folder]), 2035, "market")


def test_frame_has_numbers_as_numbers_and_texts_as_text(tables):
    frame = tables.frame("technologies")
    assert frame["value"].tolist() == [1000.0, 800.0, 1500.0, 30.0]
    assert frame["year"].tolist()[:3] == [2030, 2040, 2030]
    assert frame["year"].isna().tolist() == [False, False, False, True]
    assert frame["cost_case"].tolist() == ["atb", "atb", "market", ""]


def test_changing_a_frame_does_not_change_the_tables(tables):
    frame = tables.frame("technologies")
    frame.loc[:, "value"] = 0.0
    assert tables.frame("technologies")["value"].tolist()[0] == 1000.0


def test_different_values_of_a_column_come_in_file_order(tables):
    assert tables.values("technologies", "cost_case") == ("atb", "market")
    assert tables.values("technologies", "parameter", cost_case="atb") == ("capex",)


def test_table_of_names_needs_no_sources(folder):
    folder_with(folder, "wind,onshore", header="technology,machine_class", name="technology_defaults.csv")
    assert load_tables([folder]).frame("technology_defaults").to_dict("records") == [
        {"technology": "wind", "machine_class": "onshore"}
    ]


def test_sites_come_from_the_layer(folder):
    point = '{"type": "Point", "coordinates": [-83.0, 39.0]}'
    (folder / "sites.geojson").write_text(
        f'{{"features": [{{"properties": {{"site_id": "piketon"}}, "geometry": {point}}}]}}'
    )
    tables = load_tables([folder])
    assert tables.site_ids() == ("piketon",)
    assert tables.site("piketon") == {"site_id": "piketon", "latitude": 39.0, "longitude": -83.0}
    assert tables.site("nowhere") == {}
    assert len(tables.sha256["inputs/sites.geojson"]) == 64


# folders


def test_row_of_an_earlier_folder_replaces_the_same_row_and_leaves_the_others(tmp_path, folder):
    own = folder_with(tmp_path / "own", "wind,atb,capex,2030,1111,,,USD/kW,2024,own quote,x,2026,reported,")
    tables = load_tables([own, folder])
    assert (capex(tables, 2030).value, capex(tables, 2040).value) == (1111.0, 800.0)


def test_row_with_new_keys_is_added(tmp_path, folder):
    own = folder_with(tmp_path / "own", "wind,own,capex,2030,1111,,,USD/kW,2024,own quote,x,2026,reported,")
    assert capex(load_tables([own, folder]), 2030, "own").value == 1111.0


def test_file_with_other_columns_than_the_shipped_is_refused(tmp_path, folder):
    header = HEADER.replace("cost_case,", "")
    own = folder_with(tmp_path / "own", "wind,capex,2030,1,,,USD/kW,2024,own quote,x,2026,reported,", header=header)
    (problem,) = problems_of([own, folder])
    assert problem.message == "the columns differ from those of the shipped file"


def test_every_file_has_a_fingerprint(tables):
    assert {name: len(value) for name, value in tables.sha256.items()} == {"inputs/technologies.csv": 64}


# faults


@pytest.mark.parametrize(
    ("row", "key", "words"),
    [
        ("wind,x,capex,2030,,,,USD/kW,2022,NREL,x,2024,published,", "value", "the cell is empty"),
        ("wind,x,capex,2030,nan,,,USD/kW,2022,NREL,x,2024,published,", "value", "not a number"),
        ("wind,x,capex,2030,a lot,,,USD/kW,2022,NREL,x,2024,published,", "value", "not a number"),
        ("wind,x,capex,2030,1,,,USD/kW,2022,,x,2024,published,", "source", "a figure without source"),
        ("wind,x,capex,2030,1,,,,2022,NREL,x,2024,published,", "unit", "a figure without unit"),
        ("wind,x,capex,2030,1,,,USD/kW,2022,NREL,x,2024,unverified,n", "confidence", "this confidence is not known"),
        ("wind,x,capex,2030,1,,,USD/kW,2022,NREL,x,2024,estimate,", "note", "without its reason"),
        ("wind,x,capex,soon,1,,,USD/kW,2022,NREL,x,2024,published,", "year", "not a year"),
        ("wind,x,capex,2030,1,3,2,USD/kW,2022,NREL,x,2024,published,", "low", "low is above high"),
        ("wind,x,capex,2030,1,USD/kW", None, "the row does not fit the columns"),
        ("wind,atb,capex,2030,1,,,USD/kW,2022,NREL,x,2024,published,", None, "stands twice, first in line 2"),
    ],
)
def test_bad_row_is_told_with_its_line(folder, row, key, words):
    folder_with(folder, *ROWS, row)
    (problem,) = problems_of([folder])
    assert problem.origin == Origin("inputs/technologies.csv", 6)
    assert problem.key == key
    assert words in problem.message


def test_all_bad_rows_are_told_at_once(folder):
    bad = "wind,{},capex,2030,,,,USD/kW,2022,NREL,x,2024,published,"
    folder_with(folder, *ROWS, bad.format("x"), bad.format("y"))
    assert [problem.origin.line for problem in problems_of([folder])] == [6, 7]


def test_line_of_a_row_is_right_after_a_note_of_two_lines(folder):
    two_lines = 'wind,y,capex,2030,1,,,USD/kW,2022,NREL,x,2024,published,"one\ntwo"'
    folder_with(folder, two_lines, "wind,x,capex,2030,,,,USD/kW,2022,NREL,x,2024,published,")
    assert [problem.origin.line for problem in problems_of([folder])] == [4]


def test_figures_without_the_common_columns_are_refused(folder):
    folder_with(folder, "wind,1", header="technology,value")
    (problem,) = problems_of([folder])
    assert problem.message.startswith("columns are missing: low, high, unit")


# overrides


def test_override_replaces_every_row_that_fits_and_says_so(folder):
    origins = [Origin("a.yaml", 3, 5)]
    tables = load_tables([folder], [override(technology="wind", cost_case="atb", value=950.0)], origins)
    figure = capex(tables, 2030)
    assert (figure.value, figure.confidence, figure.source) == (950.0, "estimate", "overridden")
    assert (figure.locator, figure.low) == ("a.yaml:3:5", None)
    assert figure.note == "a quote (was 1000 USD/kW: NREL ATB 2024)"
    (applied,) = tables.applied_overrides
    assert (applied.replaced, applied.value, applied.unit, applied.reason) == (
        (1000.0, 800.0),
        950.0,
        "USD/kW",
        "a quote",
    )


def test_override_of_one_year_leaves_the_others(folder):
    tables = load_tables([folder], [override(technology="wind", cost_case="atb", year=2030, value=950.0)])
    assert (capex(tables, 2030).value, capex(tables, 2040).value) == (950.0, 800.0)


@pytest.mark.parametrize(
    ("faulty", "key", "remedy"),
    [
        (override(technology="wnd"), "overrides.0.where.technology", "did you mean 'wind'?"),
        (override(tecnology="wind"), "overrides.0.where.tecnology", "did you mean 'technology'?"),
        (override(table="technologys", technology="wind"), "overrides.0.table", "did you mean 'technologies'?"),
    ],
)
def test_override_that_fits_nothing_is_told_with_the_nearest(folder, faulty, key, remedy):
    (problem,) = problems_of([folder], [faulty], [Origin("a.yaml", 3, 5)])
    assert (problem.origin, problem.key, problem.remedy) == (Origin("a.yaml", 3, 5), key, remedy)


# places and weight


def test_shipped_folders_lie_beside_the_package_or_inside_it():
    assert data_folder().name == "inputs"
    assert scenarios_folder().name == "scenarios"


def test_path_outside_the_working_folder_is_shown_whole(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert display_path(tmp_path / "a.yaml") == "a.yaml"
    assert display_path(tmp_path.parent / "b.yaml") == str(tmp_path.parent / "b.yaml")


def test_reading_inputs_does_not_load_pandas():
    code = "import sys, gigasite.inputs; sys.exit('pandas' in sys.modules or 'numpy' in sys.modules)"
    assert run([sys.executable, "-c", code], check=False).returncode == 0
