"""The promise of inputs/: no number without unit and source, nothing unverified, README and schema current."""

import csv
import json
from pathlib import Path

import pytest

from gigasite.inputs.folders import data_folder, scenarios_folder
from gigasite.inputs.provenance import inputs_readme

CONFIDENCES = {"published", "derived", "reported", "estimate"}
WITHOUT_FIGURES = {
    "technology_defaults.csv",
    "grid_zone_series.csv",
    "rest_of_state_sites.csv",
    "county_multipliers.csv",
    "county_points.csv",
    "state_zones.csv",
    "programme_names.csv",
    "programme_sites.csv",
}
"""Choices, names and places."""

TABLES = sorted(path for path in data_folder().glob("*.csv") if path.name not in WITHOUT_FIGURES)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.name)
def test_every_figure_has_a_finite_value_a_unit_a_source_and_a_confidence(path: Path) -> None:
    for number, row in enumerate(rows(path), start=2):
        place = f"{path.name}:{number}"
        assert float(row["value"]) == float(row["value"]), place
        assert row["unit"].strip(), place
        assert row["source"].strip(), place
        assert row["locator"].strip(), f"{place}: where in the source?"
        assert row["confidence"] in CONFIDENCES, place
        is_money = row["unit"].startswith(("USD", "JPY/k", "JPY/t", "M USD"))
        assert row["currency_year"] or not is_money, f"{place}: money without the year of its money"


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.name)
def test_derived_and_estimated_figures_say_how_or_why(path: Path) -> None:
    silent = [
        f"{path.name}:{number}"
        for number, row in enumerate(rows(path), start=2)
        if row["confidence"] in {"derived", "estimate"} and not row["note"].strip()
    ]
    assert silent == []


def test_nothing_unverified_ships() -> None:
    for path in [*data_folder().glob("*.csv"), data_folder() / "sites.geojson"]:
        assert '"unverified"' not in path.read_text(encoding="utf-8"), path.name
        assert ",unverified," not in path.read_text(encoding="utf-8"), path.name


def test_readme_of_inputs_is_the_generated_one() -> None:
    assert (data_folder() / "README.md").read_text(encoding="utf-8") == inputs_readme(data_folder()), (
        "run `make inputs-readme`"
    )


def test_schema_beside_the_scenarios_is_the_generated_one() -> None:
    from gigasite.formulation.registry import requirement_specs, technology_specs
    from gigasite.inputs.scenario import scenario_json_schema, scenario_type

    schema = scenario_json_schema(scenario_type(technology_specs(), requirement_specs()))
    shipped = json.loads((scenarios_folder() / "scenario.schema.json").read_text(encoding="utf-8"))
    assert shipped == schema, "run `make schema`"
