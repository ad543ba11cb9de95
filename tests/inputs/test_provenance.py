"""The page that describes the figures is generated from them and always the same."""

import pytest

from gigasite.foundation.errors import InputError
from gigasite.inputs.provenance import inputs_readme, write_inputs_readme

HEADER = "technology,parameter,value,low,high,unit,currency_year,source,locator,source_year,confidence,note"


@pytest.fixture
def folder(tmp_path):
    rows = (
        "wind,capex,1000,,,USD/kW,2022,NREL ATB 2024,x,2024,published,",
        "wind,life,30,,,years,,NREL ATB 2024,x,2024,published,",
        "solar,life,30,,,years,,a survey,p. 3,2026,estimate,two answers",
    )
    (tmp_path / "technologies.csv").write_text("\n".join((HEADER, *rows)) + "\n")
    (tmp_path / "technology_defaults.csv").write_text("technology,machine_class\nwind,onshore\n")
    (tmp_path / "sites.geojson").write_text('{"features": [{"properties": {"site_id": "piketon", "state": "OH"}}]}')
    return tmp_path


def test_readme_counts_rows_units_confidence_and_sources(folder):
    text = inputs_readme(folder)
    assert "| technologies.csv | 3 | technology, parameter | USD/kW, years | 2 | 0 | 0 | 1 |" in text
    assert "| all | 3 | | | 2 | 0 | 0 | 1 |" in text
    assert "| a survey | 1 | technologies |\n| NREL ATB 2024 | 2 | technologies |" in text


def test_readme_lists_names_and_places(folder):
    text = inputs_readme(folder)
    assert "| technology_defaults.csv | 1 | technology, machine_class |" in text
    assert "| sites.geojson | 1 | site_id, state |" in text


def test_readme_is_the_same_for_the_same_files(folder):
    assert write_inputs_readme(folder) == inputs_readme(folder) == (folder / "README.md").read_text(encoding="utf-8")


def test_bad_row_is_told_and_not_described(folder):
    (folder / "fuels.csv").write_text(f"{HEADER}\nwind,capex,,,,USD/kW,2022,NREL,x,2024,published,\n")
    with pytest.raises(InputError, match="the cell is empty"):
        inputs_readme(folder)
