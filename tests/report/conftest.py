"""Two campuses, solved once for every test of charts, maps and files."""

import pytest

import gigasite
from gigasite.report.run_with_charts import RunWithCharts

CAMPUSES = """\
extends: base.yaml
name: charts
title: Two campuses for a test
horizon: {years: [2030, 2035], resolution_h: 6, days: 14}
sites:
  piketon:
    load_ramp_mw: {2030: 400, 2035: 3000}
    technologies:
      combined_cycle: {capacity_max_mw: 1000}
      solar: {capacity_mw: {2035: 800}}
      battery: {capacity_mw: {2035: 400}}
  abilene:
    load_ramp_mw: {2030: 200, 2035: 500}
    technologies:
      gas_turbine: {capacity_min_mw: {2030: 100}}
      grid_connection: {}
"""


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> RunWithCharts:
    folder = tmp_path_factory.mktemp("charts")
    (folder / "charts.yaml").write_text(CAMPUSES, encoding="utf-8")
    return gigasite.solve(folder / "charts.yaml", results=folder / "results")
