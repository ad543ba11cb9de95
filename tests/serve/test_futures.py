"""The run of a scenario with futures: its mean in the list, the run of each future below it."""

from __future__ import annotations

import json
from pathlib import Path
from shutil import copytree

import pytest
from tests.serve.test_site import CAMPUS, client_of

import gigasite
from gigasite.serve.project import Project

FUTURES = """\
futures:
  known_in: 2034
  cases:
    low: {probability: 0.4, sites: {piketon: {load_ramp_mw: {2034: 300}}}}
    high: {probability: 0.6, sites: {piketon: {load_ramp_mw: {2034: 500}}}}
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("project")
    (folder / "scenarios").mkdir()
    text = CAMPUS.replace("years: [2034]", "years: [2032, 2034]") + FUTURES
    (folder / "scenarios" / "campus.yaml").write_text(text, encoding="utf-8")
    gigasite.solve(folder / "scenarios" / "campus.yaml", results=folder / "results")
    return Project(folder / "scenarios", folder / "results")


@pytest.fixture
def address(project: Project) -> str:
    (run,) = gigasite.runs(project.results)
    return f"/runs/campus/{run.run_id}"


def test_the_list_names_the_mean_and_every_future(project: Project, address: str) -> None:
    with client_of(project) as client:
        text = client.get("/").text
    assert "mean of its futures" in text
    for future in ("low", "high"):
        assert f'<a href="{address}/futures/{future}">{future}</a>' in text
        assert f'value="{address.removeprefix("/runs/")}/{future}"' in text
    assert text.count("if this future comes") == 2
    assert text.count("optimal, checked") == 3


def test_each_future_has_its_report_and_its_workbook(project: Project, address: str) -> None:
    with client_of(project) as client:
        low, high = (client.get(f"{address}/futures/{future}") for future in ("low", "high"))
        book = client.get(f"{address}/futures/low/workbook.xlsx")
    assert (low.status_code, high.status_code) == (200, 200)
    assert low.text != high.text
    assert book.content[:2] == b"PK"


def test_futures_are_set_side_by_side(project: Project, address: str) -> None:
    marks = [f"{address.removeprefix('/runs/')}/{future}" for future in ("low", "high")]
    with client_of(project) as client:
        assert "Side by side" in client.get("/compare", params={"run": marks}).text


@pytest.mark.parametrize("future", ["middle", "%2e%2e", "..%2f..%2fcampus", "low%00", "low/.."])
def test_nothing_but_a_future_is_opened(project: Project, address: str, future: str) -> None:
    with client_of(project) as client:
        assert client.get(f"{address}/futures/{future}").status_code == 404
        marks = [f"{address.removeprefix('/runs/')}/{future}"] * 2
        assert client.get("/compare", params={"run": marks}).status_code == 404


@pytest.mark.parametrize("said", ["{", "[]", "3", "null", '"x"', "{}"])
def test_a_future_that_is_damaged_is_told_and_the_others_stay(
    project: Project, address: str, tmp_path: Path, said: str
) -> None:
    copied = copy_of(project, tmp_path)
    (manifest,) = copied.results.glob("campus/*/futures/low/manifest.json")
    manifest.write_text(said, encoding="utf-8")
    with client_of(copied) as client:
        text = client.get("/").text
        assert client.get(f"{address}/futures/low").status_code == 400
        assert client.get(f"{address}/futures/high").status_code == 200
    assert text.count(">damaged<") == 1
    assert text.count("optimal, checked") == 2


@pytest.mark.parametrize("said", [3, True, [3], [[1]], ["low", "high"], {"../../../../elsewhere": 1}, {"": 1}])
def test_what_cannot_be_futures_is_told_as_damage(project: Project, address: str, tmp_path: Path, said: object) -> None:
    copied = copy_of(project, tmp_path)
    (manifest,) = copied.results.glob("campus/*/manifest.json")
    manifest.write_text(json.dumps(json.loads(manifest.read_text("utf-8")) | {"futures": said}), encoding="utf-8")
    with client_of(copied) as client:
        assert client.get("/").text.count(">damaged<") == 1
        assert client.get(f"{address}/futures/low").status_code == 400


@pytest.mark.parametrize("link", ["futures", "futures/low"])
def test_a_link_in_place_of_a_future_is_not_followed(project: Project, address: str, tmp_path: Path, link: str) -> None:
    copied = copy_of(project, tmp_path)
    (place,) = copied.results.glob(f"campus/*/{link}")
    place.rename(tmp_path / "elsewhere")
    place.symlink_to(tmp_path / "elsewhere")
    with client_of(copied) as client:
        assert client.get(f"{address}/futures/low").status_code == 400
        assert ">damaged<" in client.get("/").text


def copy_of(project: Project, folder: Path) -> Project:
    return Project(project.scenarios, Path(copytree(project.results, folder / "results")))
