"""`gigasite map` writes a map that opens anywhere."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

import gigasite
from gigasite.cli.app import app

SMALL = """\
extends: base.yaml
name: small
title: A small campus
horizon: {years: [2030], resolution_h: 24, days: 4}
sites:
  piketon: {load_ramp_mw: {2030: 100}, technologies: {gas_engine: {}}}
"""


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("map")
    (folder / "small.yaml").write_text(SMALL, encoding="utf-8")
    gigasite.solve(folder / "small.yaml", results=folder / "results")
    return folder / "results"


def test_a_map_is_written_beside_the_planner(results: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ended = CliRunner().invoke(app, ["map", "small", "--results", str(results)])
    assert ended.exit_code == 0, ended.output
    page = (tmp_path / "small-map.html").read_text(encoding="utf-8")
    assert "Supply of Piketon in 2030" in page
    assert "<script src" not in page


def test_a_file_can_be_named_and_the_map_be_dark(results: Path, tmp_path: Path) -> None:
    file = tmp_path / "night.html"
    ended = CliRunner().invoke(app, ["map", "small", "--results", str(results), "--dark", "-o", str(file)])
    assert ended.exit_code == 0, ended.output
    assert "#151a20" in file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["-o", "map.gif"], ".html, .png, .svg, .pdf"),
        (["--year", "2031"], "no such year"),
        (["-o", "no/m.html"], "no/"),
    ],
)
def test_what_cannot_be_written_ends_with_2_and_leaves_nothing(
    results: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = CliRunner().invoke(app, ["map", "small", "--results", str(results), *more])
    assert ended.exit_code == 2
    assert said in ended.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_figure_of_the_python_verb_is_the_one_that_is_written(results: Path, tmp_path: Path) -> None:
    figure = gigasite.draw_map("small", tmp_path / "map.html", results=results)
    assert figure.to_json() == gigasite.load("small", results=results).plot.map().to_json()
    assert (tmp_path / "map.html").is_file()
