"""What flexible connections buy: a small campus behind a queue, solved without one and at two shares."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from gigasite.foundation.errors import InputError
from gigasite.inputs.folders import scenarios_folder
from gigasite.studies.flexibility import FlexibilityStudy, flexibility
from gigasite.studies.variants import write_variant

CAMPUS = """
extends: {base}
name: campus
title: Campus
horizon: {{years: [2028, 2029, 2032], days: 4, resolution_h: 6, final_span_years: 10}}
sites:
  piketon:
    load_ramp_mw: {{2028: 200, 2029: 400}}
    technologies: [grid_connection]
{grid}
"""
QUEUE = "    grid: {queue_year_nonfirm: 2029, queue_year_firm: 2032, flexible_connection: {curtailed_share: 0.001, headroom_share: 0.02}}"  # fmt: skip  # noqa: E501


def write(folder: Path, grid: str = QUEUE) -> Path:
    path = folder / "campus.yaml"
    path.write_text(CAMPUS.format(base=scenarios_folder() / "base.yaml", grid=grid), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> FlexibilityStudy:
    folder = tmp_path_factory.mktemp("study")
    return flexibility(write(folder), shares=(0.005, 0.0025), results=folder / "results")


def test_every_share_is_a_run_of_its_own_beside_one_without(study: FlexibilityStudy) -> None:
    assert study.sites == ("piketon",)
    assert study.table["curtailed_share"].tolist() == [0.0, 0.0025, 0.005]
    assert [run.scenario for run in study.runs] == [
        "campus-curtailed-0",
        "campus-curtailed-0-25",
        "campus-curtailed-0-5",
    ]
    assert all(run.checks_passed for run in study.runs)
    assert study.table["curtailed_hours_per_year"].tolist() == pytest.approx([0.0, 21.9, 43.8])


def test_the_headroom_of_each_share_is_energised_as_soon_as_the_queue_lets_it(study: FlexibilityStudy) -> None:
    # 2 % of 17,800 MW, by 0.7755 at 0.25 %
    assert study.table["energised_2028_mw"].tolist() == pytest.approx([0.0, 0.0, 0.0], abs=1e-3)
    assert study.table["energised_2029_mw"].tolist() == pytest.approx([0.0, 276.078, 356.0], rel=1e-4)
    assert study.table["energised_2032_mw"].tolist() == pytest.approx([400.0] * 3, rel=1e-4)


def test_what_waits_less_is_counted_in_years_and_dollars(study: FlexibilityStudy) -> None:
    table = study.table
    # 2029 stands for three calendar years
    assert table["idle_mw_years_saved"].tolist() == pytest.approx([0.0, 3 * 276.078, 3 * 356.0], rel=1e-4)
    assert table["years_earlier"].tolist() == pytest.approx([0.0, 3 * 276.078 / 400, 3 * 356 / 400], rel=1e-4)
    assert (table["cost_difference_usd"].iloc[1:] < 0).all()
    assert table["cost_difference_usd"].is_monotonic_decreasing


def test_worth_is_what_the_last_curtailed_energy_saved(study: FlexibilityStudy) -> None:
    table = study.table
    saved = table["cost_usd"].iloc[1] - table["cost_usd"].iloc[2]
    energy = table["curtailed_mwh_present_value"].iloc[2] - table["curtailed_mwh_present_value"].iloc[1]
    assert table["worth_usd_per_mwh_curtailed"].iloc[2] == pytest.approx(saved / energy, rel=1e-9)
    assert table["worth_usd_per_mwh_curtailed"].isna().tolist() == [True, False, False]


def test_what_the_scenario_says_of_the_connection_is_kept(study: FlexibilityStudy) -> None:
    connection = study.runs[1].settings["sites"]["piketon"]["grid"]["flexible_connection"]
    assert connection["curtailed_share"] == 0.0025
    assert connection["headroom_share"] == 0.02


@pytest.mark.parametrize("shares", [(), (0.0,), (0.02,), (float("nan"),)])
def test_a_share_without_a_headroom_is_refused(shares: tuple[float, ...], tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no share of yearly energy"):
        flexibility(write(tmp_path), shares=shares, results=tmp_path)
    assert list(tmp_path.iterdir()) == [tmp_path / "campus.yaml"]


def test_a_scenario_without_a_connection_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, grid="")
    path.write_text(path.read_text("utf-8").replace("[grid_connection]", "[gas_turbine]"), encoding="utf-8")
    with pytest.raises(InputError, match="no site of this scenario has load and a grid connection"):
        flexibility(path, results=tmp_path)


def test_a_variant_extends_its_scenario_from_any_folder(tmp_path: Path) -> None:
    file = write_variant(tmp_path / "below", write(tmp_path), "other", "Other: a title", {"sites": {"piketon": {}}})
    said = yaml.safe_load(file.read_text("utf-8"))
    assert said == {
        "extends": str(tmp_path / "campus.yaml"),
        "name": "other",
        "title": "Other: a title",
        "sites": {"piketon": {}},
    }
