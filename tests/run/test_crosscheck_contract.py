"""A run with every clause of a grid contract, rebuilt in PyPSA: the same dispatch and the same sizing."""

import pytest

from gigasite.inputs.folders import scenarios_folder
from gigasite.run.crosscheck import crosscheck_run
from gigasite.run.solve_run import solve_scenario

pytest.importorskip("pypsa")

TEXT = """
horizon: {years: [2032, 2035], resolution_h: 24}
requirements: {units_lost: 1, build_slots: false}
sites:
  piketon:
    load_ramp_mw: {2032: 1000, 2035: 1500}
    gas: {trunk: false}
    technologies: {gas_engine: {capacity_max_mw: 1500}, grid_connection: {capacity_max_mw: 700}}
    grid:
      contracts: [{from_year: 2032, to_year: 2033, firm_mw: 200, nonfirm_mw: 100, floor_mw: 200}]
      contract_ramp_mw_per_year: 250
      demand_floor_share: 0.3
      demand_ratchet_share: 0.9
      contribution_usd_per_kw: 30
  abilene:
    load_ramp_mw: {2032: 300}
    gas: {trunk: false}
    technologies: {gas_engine: {}, grid_connection: {}}
    grid: {transmission_charge: 12cp, minimum_billing_demand_share: 0.5}
"""


def test_a_contract_with_every_clause_agrees(tmp_path):
    path = tmp_path / "short.yaml"
    path.write_text(f"extends: {scenarios_folder() / 'base.yaml'}\nname: short\n{TEXT}", encoding="utf-8")
    run = solve_scenario(path, results=tmp_path / "results")
    assert run.manifest["checks_passed"]
    found = crosscheck_run(run)
    assert found.agrees
    assert {"ratchet of billed demand", "demand at the coincident peaks, and its minimum"} <= set(found.added_rows)
