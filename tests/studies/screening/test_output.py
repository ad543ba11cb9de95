"""The folder of a screen: whole or not there, the same byte for byte, and a scenario that can be solved at once."""

import json
from hashlib import sha256
from pathlib import Path

import pandas as pd
import pytest
from tests.studies.screening.conftest import PARCELS, STUDY, StudyDesk

import gigasite
from gigasite.api import studies
from gigasite.inputs.folders import scenarios_folder
from gigasite.studies.screening.output import Screening

FILES = {
    "candidates.csv",
    "connections.csv",
    "excluded.csv",
    "map.html",
    "rules.csv",
    "scenario.yaml",
    "screening.json",
    "study.yaml",
}


@pytest.fixture(scope="module")
def screened(layers_folder: Path) -> Screening:
    return gigasite.screen(StudyDesk(layers_folder).write(STUDY), results=layers_folder / "results")


def test_a_screen_repeated_is_the_same_byte_for_byte(screened: Screening, layers_folder: Path) -> None:
    one = screened.path
    other = gigasite.screen(layers_folder / "mine.yaml", results=layers_folder / "results").path
    assert one != other
    assert {file.name for file in one.iterdir()} == FILES
    assert [name for name in FILES if (one / name).read_bytes() != (other / name).read_bytes()] == []


def test_the_manifest_names_what_it_was_made_from(screened: Screening, layers_folder: Path) -> None:
    manifest = json.loads((screened.path / "screening.json").read_text(encoding="utf-8"))
    study = layers_folder / "mine.yaml"
    assert manifest["study_sha256"] == {str(study): sha256(study.read_bytes()).hexdigest()}
    lines = manifest["layers"]["lines"]
    assert lines["sha256"] == sha256((layers_folder / "lines.geojson").read_bytes()).hexdigest()
    assert (lines["source"], lines["date"], lines["features"]) == ("drawn", "2026", 2)
    assert manifest["screened"] == 88
    assert {"gigasite", "geopandas", "shapely", "pyproj", "bokeh_sampledata"} <= set(manifest["versions"])


def test_the_files_say_what_the_tables_say(screened: Screening) -> None:
    found = screened
    written = pd.read_csv(found.path / "candidates.csv", dtype={"county_fips": str})
    assert written["site"].tolist() == found.candidates["site"].tolist()
    assert written["county_fips"].str.fullmatch(r"39\d{3}").all()
    assert len(pd.read_csv(found.path / "excluded.csv")) == len(found.excluded)
    assert (found.path / "map.html").read_text(encoding="utf-8").count("http-equiv") == 0


def test_the_scenario_beside_the_candidates_solves(screened: Screening, tmp_path: Path) -> None:
    found = screened
    loaded = gigasite.check(found.path / "scenario.yaml")
    best = found.candidates["site"].tolist()[:2]
    assert list(loaded.scenario.sites) == best
    site, row = loaded.scenario.sites[best[0]], found.candidates.iloc[0]
    assert site.gas.trunk_distance_km == pytest.approx(row["trunk_distance_km"], abs=1e-6)
    assert site.grid.contribution_usd_per_kw == pytest.approx(row["line_usd_per_kw"], abs=1e-6)
    assert site.place is not None
    assert site.place.grid_zone == row["grid_zone"]
    assert site.place.capex_multiplier_nuclear == pytest.approx(row["capex_multiplier_nuclear"])
    run = gigasite.solve(found.path / "scenario.yaml", results=tmp_path)
    assert run.checks_passed
    assert set(run.load["site"]) == set(best)
    assert str((found.path / "candidates.csv").resolve()) in run.manifest["input_sha256"]


def test_a_faulty_study_writes_nothing(desk: StudyDesk) -> None:
    with pytest.raises(gigasite.InputError):
        gigasite.screen(desk.write(STUDY.replace("best: 10", "best: 10\nrank_by: cost")))
    assert not (desk.folder / "results").exists()


def test_a_map_is_not_begun_for_a_file_that_is_none(desk: StudyDesk) -> None:
    with pytest.raises(gigasite.InputError, match="kind of file"):
        gigasite.screen(desk.write(STUDY), image="map.jpeg")
    assert not (desk.folder / "results").exists()


def test_where_nothing_stays_no_scenario_is_written_and_it_is_said(desk: StudyDesk) -> None:
    found = gigasite.screen(desk.write(STUDY.replace("maximum_km: 30", "maximum_km: 0.0001")))
    assert found.candidates.empty
    assert not (found.path / "scenario.yaml").exists()
    assert any("no candidate stays" in note for note in found.notes)
    assert (found.path / "map.html").is_file()


def test_gas_that_comes_without_a_trunk_is_a_hint(desk: StudyDesk) -> None:
    text = (
        "candidates: {counties_of: [DE]}\nscenario: {each: {load_ramp_mw: {2030: 300}, technologies: [gas_turbine]}}\n"
    )
    found = gigasite.screen(desk.write(text))
    assert any("without a trunk" in note for note in found.notes)


def test_repairs_name_their_layer_and_candidates_in_no_state_are_a_hint(desk: StudyDesk) -> None:
    rows = "id,latitude,longitude\nhome,-83,39\nsea,-60,30\n"
    (desk.folder / "points.csv").write_text(rows, encoding="utf-8")
    found = gigasite.screen(
        desk.write(
            "candidates: {layer: points, id_column: id}\n"
            "layers: {points: {path: points.csv, kind: points, source: drawn, date: 2026, swap_coordinates: true}}\n"
        )
    )
    assert any(note.startswith("layer points: latitude and longitude swapped") for note in found.notes)
    assert any(note.startswith("1 of the candidates lie in no state") for note in found.notes)


def test_parcels_are_screened_and_drawn_too(desk: StudyDesk) -> None:
    found = gigasite.screen(desk.write(PARCELS, "parcels"))
    assert found.path.parent.name == "parcels"
    assert {file.name for file in found.path.iterdir()} == FILES - {"connections.csv", "scenario.yaml"}


def test_runs_are_listed_without_screens(desk: StudyDesk) -> None:
    gigasite.screen(desk.write(PARCELS, "parcels"))
    assert gigasite.runs("results") == []


# -- shipped -----------------------------------------------------------------------------------------------------------

SHIPPED = sorted((scenarios_folder() / "studies").glob("*.yaml"))


@pytest.mark.parametrize("study", SHIPPED, ids=lambda path: Path(path).stem)
def test_a_shipped_study_gives_the_candidates_that_ship_with_it(study: Path, tmp_path: Path) -> None:
    """Where this fails because a figure of inputs/ has changed: screen again and ship the candidates.csv that comes."""
    found = gigasite.screen(study.stem, results=tmp_path)
    fresh, shipped = (
        pd.read_csv(file) for file in (found.path / "candidates.csv", study.with_suffix(".candidates.csv"))
    )
    pd.testing.assert_frame_equal(fresh, shipped, rtol=1e-6)


def test_shipped_studies_have_titles() -> None:
    assert [study.name for study in studies() if not study.title] == []
    assert {study.path for study in studies()} == set(SHIPPED)
