"""`gigasite screen` as a planner calls it."""

import json

import pytest
from tests.cli.conftest import Desk

STUDY = """\
title: Counties of Ohio with much land
candidates: {{counties_of: [OH]}}
rules:
  grid_zones: {{allowed: [pjm_aep]}}
  parcel: {{minimum_ha: 150000}}
rank_by: capex_multiplier_combined_cycle
"""


@pytest.fixture
def screener(desk: Desk) -> Desk:
    desk.write("land", STUDY)
    return desk


def test_rules_and_the_first_candidates_are_told(screener: Desk) -> None:
    ended = screener.run_here("screen", "land", "--rows", "3")
    assert ended.code == 0, ended.stderr
    assert "of 88 candidates stay" in ended.stdout
    assert "Least parcel" in ended.stdout
    assert "more candidates (--rows 0 shows all)" in ended.stdout
    assert "Ranked by capex_multiplier_combined_cycle, the least first; no weights." in ended.stdout
    assert "ask the rules" in ended.stderr
    (folder,) = (screener.results / "land").iterdir()
    assert (folder / "map.html").is_file()


def test_json_is_all_that_stands_on_stdout(screener: Desk) -> None:
    ended = screener.run("screen", "land", "--json", "--quiet")
    assert ended.code == 0, ended.stderr
    assert ended.stderr == ""
    found = json.loads(ended.stdout)
    assert found["screened"] == 88
    assert found["kept"] == len(found["candidates"])
    assert [row["rule"] for row in found["rules"]] == ["grid_zones", "parcel"]
    assert found["candidates"][0]["rank"] == 1


def test_every_fault_is_told_and_nothing_is_written(screener: Desk) -> None:
    screener.write("bad", STUDY.replace("minimum_ha", "minimum_hectares").replace("rank_by", "ranked_by"))
    ended = screener.run_here("screen", "bad")
    assert ended.code == 2
    assert "bad.yaml:5:12: rules.parcel.minimum_hectares" in ended.stderr
    assert "did you mean 'rank_by'?" in ended.stderr
    assert not screener.results.exists()


def test_shipped_studies_are_listed(screener: Desk) -> None:
    ended = screener.run_here("list")
    assert "Studies for `gigasite screen` that come with gigasite" in ended.stdout
    assert "pjm-miso-ercot" in ended.stdout


def test_a_name_that_is_none_is_told_with_the_nearest(screener: Desk) -> None:
    ended = screener.run_here("screen", "lands")
    assert ended.code == 2
    assert "did you mean 'land'?" in ended.stderr


def test_a_study_in_which_nothing_stays_says_so(screener: Desk) -> None:
    screener.write("none", STUDY.replace("150000", "1e9"))
    ended = screener.run_here("screen", "none")
    assert ended.code == 0, ended.stderr
    assert "0 of 88 candidates stay" in ended.stdout
    assert "no candidate stays" in ended.stderr
