"""A study file is read whole or refused with every fault, each where it stands."""

import pytest
from tests.studies.screening.conftest import PARCELS, STUDY, StudyDesk

from gigasite.foundation.errors import Problem


def told(problems: list[Problem]) -> dict[str | None, Problem]:
    return {problem.key: problem for problem in problems}


def place(problem: Problem) -> str:
    return str(problem.origin)


def test_a_good_study_is_read_with_the_layers_it_uses(desk: StudyDesk) -> None:
    loaded = desk.load(STUDY)
    assert loaded.study.name == "mine"
    assert list(loaded.study.rules) == ["protected_land", "people", "transmission_line"]
    assert {name: len(layer.frame) for name, layer in loaded.layers.items()} == {
        "lines": 2,
        "pipelines": 1,
        "parks": 1,
        "towns": 2,
    }


def test_only_the_columns_that_are_named_are_read(desk: StudyDesk) -> None:
    frame = desk.load(STUDY).layers["parks"].frame
    assert [str(column) for column in frame.columns] == ["geometry"]


def test_every_fault_is_told_at_once_with_its_place(desk: StudyDesk) -> None:
    text = STUDY.replace("minimum_km: 20", "minimum_kms: 20").replace("maximum_share: 0.2", "maximum_share: 20")
    text = text.replace("candidates: {counties_of: [OH]}", "candidates: {counties_of: [OH, ZZ]}")
    text = text.replace("path: lines.geojson", "path: line.geojson").replace("take: 2", "take: two")
    found = told(desk.problems_of(text.replace("technologies: [grid_", "technologies: [gird_")))
    assert set(found) == {
        "candidates.counties_of.1",
        "layers.lines.path",
        "rules.protected_land.maximum_share",
        "rules.people.minimum_kms",
        "rules.people.minimum_km",
        "scenario.take",
        "scenario.each.technologies",
    }
    assert place(found["candidates.counties_of.1"]) == "mine.yaml:2:32"
    assert place(found["layers.lines.path"]) == "mine.yaml:4:17"
    assert "lines.geojson" in str(found["layers.lines.path"].remedy)
    assert found["rules.people.minimum_kms"].remedy == "did you mean 'minimum_km'?"
    assert found["rules.protected_land.maximum_share"].allowed == "1 or less"


@pytest.mark.parametrize(
    ("old", "new", "key", "said"),
    [
        ("layer: parks, m", "layer: park, m", "rules.protected_land.layer", "did you mean 'parks'?"),
        ("layer: parks, m", "layer: lines, m", "rules.protected_land.layer", "layers that fit: parks"),
        ("kind: points", "kind: areas", "layers.towns.kind", "areas"),
        ("column: people", "column: peple", "rules.people.population_column", "did you mean 'people'?"),
        ("  town: {layer: towns}", "  town: {layer: towns, column: peeple}", "distances.town.column", "peeple"),
        ("{counties_of: [OH]}", "{counties_of: [Ohio]}", "candidates.counties_of.0", "did you mean 'OH'?"),
        ("rules:\n", "rules:\n  states: {allowed: [oh]}\n", "rules.states.allowed.0", "did you mean 'OH'?"),
        ('source: drawn, date: "2026"}\n  pipe', 'source: drawn, date: "26"}\n  pipe', "layers.lines.date", "2026"),
        ("  protected_land", "  protected_lnd", "rules.protected_lnd", "did you mean 'protected_land'?"),
        ("best: 10", "best: 10\nrank_by: pipe_km", "rank_by", "town_km"),
        ("best: 10", "best: 0", "best", "1 or more"),
        ("{counties_of: [OH]}", "{counties_of: []}", "candidates", "names no state"),
        ("{counties_of: [OH]}", "{}", "candidates", "one kind of candidates"),
        ("capacity_mw: 1000", "route_factor: 1.2", "connections.capacity_mw", "missing"),
    ],
)
def test_a_slip_is_told_at_its_key(desk: StudyDesk, old: str, new: str, key: str, said: str) -> None:
    assert old in STUDY
    found = told(desk.problems_of(STUDY.replace(old, new)))
    assert key in found, found
    assert said in str(found[key])
    assert found[key].origin is not None
    assert found[key].origin.line is not None


def test_a_layer_that_nobody_names_is_told(desk: StudyDesk) -> None:
    text = STUDY.replace("  pipeline: {layer: pipelines, heat_rate_mmbtu_per_mwh: 6.0}\n", "")
    (problem,) = desk.problems_of(text)
    assert problem.key == "layers.pipelines"
    assert place(problem) == "mine.yaml:5:3"


def test_a_year_needs_no_quotes(desk: StudyDesk) -> None:
    assert desk.load(PARCELS.replace('"2026"', "2026")).layers["parks"].date == "2026"


@pytest.mark.parametrize("text", ["", "- OH\n", "Ohio\n"])
def test_a_file_that_is_no_study_is_told_as_one(desk: StudyDesk, text: str) -> None:
    (problem,) = desk.problems_of(text)
    assert "study" in str(problem)
    assert "scenario" not in str(problem)


def test_a_layer_is_not_called_unused_where_the_rule_that_names_it_is_faulty(desk: StudyDesk) -> None:
    problems = desk.problems_of(STUDY.replace("maximum_share: 0.2", "maximum_share: a lot"))
    assert [problem.key for problem in problems] == ["rules.protected_land.maximum_share"]


def test_a_column_of_texts_is_no_column_of_numbers(desk: StudyDesk) -> None:
    (problem,) = desk.problems_of(PARCELS.replace("column: slope", "column: owner"))
    assert problem.key == "rules.slope.column"
    assert "holds no numbers" in problem.message


def test_counties_have_no_column_of_slopes(desk: StudyDesk) -> None:
    (problem,) = desk.problems_of("candidates: {counties_of: [OH]}\nrules: {slope: {maximum_percent: 5}}\n")
    assert problem.key == "rules.slope.column"
    assert "counties have no such column" in problem.message


def test_ids_that_are_not_unique_are_told(desk: StudyDesk) -> None:
    frame = (desk.folder / "parcels.geojson").read_text(encoding="utf-8").replace("Small 2", "big-1")
    (desk.folder / "parcels.geojson").write_text(frame, encoding="utf-8")
    (problem,) = desk.problems_of(PARCELS)
    assert problem.key == "candidates.id_column"
    assert problem.given == "big_1"


def test_a_column_that_is_named_by_nobody_is_told_at_the_key_that_could_name_it(desk: StudyDesk) -> None:
    """Lines as some publishers give them: with VOLTAGE instead of voltage."""
    file = desk.folder / "lines.geojson"
    file.write_text(file.read_text(encoding="utf-8").replace('"voltage"', '"VOLTAGE"'), encoding="utf-8")
    found = told(desk.problems_of(STUDY))
    assert set(found) == {"rules.transmission_line.voltage_column", "connections.line.voltage_column"}
    assert {str(problem.remedy) for problem in found.values()} == {"say which column it is, as voltage_column: VOLTAGE"}
    assert place(found["connections.line.voltage_column"]) == "mine.yaml:16:3"


def test_an_empty_id_is_told_and_an_empty_name_is_the_id(desk: StudyDesk) -> None:
    file = desk.folder / "parcels.geojson"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('"Small 2"', "null"), encoding="utf-8")
    (problem,) = desk.problems_of(PARCELS)
    assert problem.key == "candidates.id_column"
    assert problem.message == "1 of 3 candidates have no id, feature 2 first"
    file.write_text(text.replace('"owner": "A"', '"owner": null'), encoding="utf-8")
    assert (
        dict(zip(*(desk.screen(PARCELS).candidates[name] for name in ("site", "name")), strict=True))["big_1"]
        == "big_1"
    )


def test_a_distance_may_not_stand_in_the_column_of_a_rule_with_other_numbers(desk: StudyDesk) -> None:
    """Only towns of 100,000 people count in the rule, every town in the distance."""
    (problem,) = desk.problems_of(STUDY.replace("  town: {layer: towns}", "  people: {layer: towns}"))
    assert problem.key == "distances.people"
    assert "people_km" in problem.message
    same = "{layer: towns, column: people, at_least: 100000}"
    assert desk.screen(STUDY.replace("  town: {layer: towns}", f"  people: {same}")).kept > 0


def test_a_zone_in_which_no_county_lies_is_told(desk: StudyDesk) -> None:
    text = "candidates: {counties_of: [OH]}\nrules: {grid_zones: {allowed: [pjm_aep, pjm_apes]}}\n"
    (problem,) = desk.problems_of(text)
    assert problem.key == "rules.grid_zones.allowed.1"
    assert problem.remedy == "did you mean 'pjm_aep'?"
