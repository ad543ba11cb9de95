"""A small campus, solved once."""

from pathlib import Path

import pytest

import gigasite
from gigasite.report.run_with_charts import RunWithCharts

CAMPUS = """\
extends: base.yaml
name: {name}
title: A campus for a test
horizon: {{years: [2030, 2035], resolution_h: 24, days: 2}}
sites:
  piketon:
    load_ramp_mw: {{2030: 400, 2035: 1000}}
    technologies: [combined_cycle, gas_turbine, grid_connection, battery]
"""


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("api")
    (folder / "small.yaml").write_text(CAMPUS.format(name="small"), encoding="utf-8")
    dear = CAMPUS.format(name="dear") + "fuel: {price_multiplier: 3}\n"
    (folder / "dear.yaml").write_text(dear, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def small(folder: Path) -> RunWithCharts:
    return gigasite.solve(folder / "small.yaml", results=folder / "results")


@pytest.fixture(scope="session")
def dear(folder: Path) -> RunWithCharts:
    return gigasite.solve(folder / "dear.yaml", results=folder / "results")
