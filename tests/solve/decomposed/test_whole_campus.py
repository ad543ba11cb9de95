"""Whole campuses and limits by place, decomposed: the cost of the whole problem, within the gap."""

from __future__ import annotations

from pathlib import Path

import pytest

from gigasite.inputs.folders import scenarios_folder
from gigasite.results.sentences import answer
from gigasite.run.solve_run import solve_scenario

NATION = """extends: {base}
name: {method}
horizon: {{years: [2028, 2030], days: 6, resolution_h: 24, final_span_years: 10}}
load: {{idle_value_usd_per_mw_year: 0}}
requirements: {{units_lost: 0}}
solve: {{method: {method}, gap: 1.0e-4, threads: 1}}
national:
  trajectory_twh: {{2028: 215, 2030: 250}}
  include_rest_of_state: false
  placement: whole
  limits_mw: {{states: {{TX: 1500}}}}
  growth_mw_per_year: {{states: {{OH: 400}}}}
sites:
  piketon: {{load_ramp_mw: {{2028: 800, 2030: 3000}}, technologies: [gas_engine, gas_turbine, grid_connection]}}
  abilene: {{load_ramp_mw: {{2028: 1200}}, technologies: [gas_engine, grid_connection]}}
  shackelford:
    load_ramp_mw: {{2028: 900, 2030: 1400}}
    technologies: [gas_engine, grid_connection]
    minimum_campus_mw: 250
"""


def test_whole_campuses_decomposed_cost_what_they_cost_whole(tmp_path: Path) -> None:
    runs = {}
    for method in ("whole", "decomposed"):
        file = tmp_path / f"{method}.yaml"
        file.write_text(NATION.format(base=scenarios_folder() / "base.yaml", method=method), encoding="utf-8")
        runs[method] = solve_scenario(file, results=tmp_path / "results")
        assert runs[method].checks["passed"].all()
    whole, mine = (runs[method].manifest for method in ("whole", "decomposed"))
    assert mine["method"] == "decomposed"
    assert mine["objective_usd"] == pytest.approx(whole["objective_usd"], rel=2.1e-4)
    assert mine["bound_usd"] <= whole["objective_usd"] * (1 + 1e-8)
    energised = [run.load.set_index(["site", "year"])["energised_mw"] for run in runs.values()]
    for load in energised:
        assert load["abilene", 2030] in (pytest.approx(0.0, abs=0.02), pytest.approx(1200.0, rel=1e-4))
        assert load["piketon", 2030] in (pytest.approx(0.0, abs=0.02), pytest.approx(3000.0, rel=1e-4))
        assert load["abilene", 2030] + load["shackelford", 2030] <= 1500.02
    assert any(s.startswith("Prices hold for these whole campuses") for s in answer(runs["decomposed"]))
