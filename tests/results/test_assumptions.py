"""Every figure that a run rests on is told with the row it stands in."""

from pathlib import Path

import pytest

import gigasite
from gigasite.inputs.folders import data_folder
from gigasite.report.run_with_charts import RunWithCharts

CAMPUS = """\
extends: base.yaml
name: cited
horizon: {years: [2030, 2033], resolution_h: 24, days: 2}
sites:
  piketon:
    load_ramp_mw: {2030: 400, 2033: 1000}
    technologies: [combined_cycle, grid_connection]
overrides:
  - {table: technologies, where: {technology: combined_cycle, parameter: forced_outage_rate}, value: 0.07,
     reason: a test}
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> RunWithCharts:
    folder = tmp_path_factory.mktemp("cited")
    (folder / "cited.yaml").write_text(CAMPUS, encoding="utf-8")
    return gigasite.solve(folder / "cited.yaml", results=folder / "results")


def test_every_figure_has_unit_source_confidence_and_place(run: RunWithCharts) -> None:
    told = run.table("assumptions")
    assert len(told) > 100
    for column in ("figure", "source", "confidence", "input_file"):
        assert (told[column] != "").all(), column
    assert set(told["confidence"]) <= {"published", "derived", "reported", "estimate"}
    assert told["input_line"].notna().all()


def test_the_place_of_a_figure_is_the_line_it_stands_in(run: RunWithCharts) -> None:
    told = run.table("assumptions")
    row = told[(told["table"] == "fuels") & (told["confidence"] == "published")].iloc[0]
    line = (data_folder() / "fuels.csv").read_text(encoding="utf-8").splitlines()[int(row["input_line"]) - 1]
    assert row["source"][:20] in line
    assert Path(row["input_file"]).name == "fuels.csv"


def test_an_override_is_told_as_what_it_is(run: RunWithCharts) -> None:
    told = run.table("assumptions")
    rows = told[told["figure"].str.contains("combined_cycle") & told["figure"].str.contains("forced_outage_rate")]
    assert set(rows["value"]) == {0.07}
    assert rows["source"].str.contains("a test").any() or rows["note"].str.contains("a test").any()


def test_a_figure_between_two_years_is_called_derived(run: RunWithCharts) -> None:
    told = run.table("assumptions")
    between = told[told["note"].str.startswith("linear between")]
    assert set(between["confidence"]) <= {"derived", "reported", "estimate"}
